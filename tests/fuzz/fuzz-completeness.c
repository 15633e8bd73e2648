/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes are what happens to the bookkeeping: records, reports, losses,
 * time. At any moment received + missing + lost is what is known to exist,
 * and what is told can be loaded. */
#include "fuzz.h"

#include "twin-completeness.h"

#include <string.h>

typedef struct
{
  const uint8_t    *data;
  size_t            size;
  int64_t           now_us;
  TwinClock         clock;
  TwinCompleteness *book;
  TwinCompleteness *again;
} Run;

static int64_t
get_now (void *data)
{
  return ((Run *) data)->now_us;
}

static uint8_t
take (Run *run)
{
  if (run->size == 0)
    return 0;
  run->size--;
  return *run->data++;
}

/* Small numbers mostly, sometimes very large ones. */
static uint64_t
take_seq (Run *run)
{
  const uint8_t a = take (run);

  if (a == 255)
    return TWIN_COMPLETENESS_SEQ_MAX + 3 - take (run);
  if (a == 254)
    return UINT64_MAX - take (run);
  return a & 1 ? (uint64_t) a << 8 | take (run) : a;
}

static const char *
take_node (Run *run)
{
  return take (run) & 1 ? "n-1" : "n-2";
}

static TwinIdentity
take_identity (Run *run)
{
  TwinIdentity identity = { .ring = { take (run) & 1 },
                            .epoch = take (run) & 3 };

  identity.seq = take_seq (run);
  return identity;
}

static TwinSpan
take_span (Run *run)
{
  TwinSpan       span = { take (run) & 3, take_seq (run), 0 };
  const uint64_t length = take_seq (run) % 1000;

  /* The parser lets no other span through. */
  span.first = MIN (span.first, TWIN_SEQ_MAX);
  span.last = MIN (span.first + length, TWIN_SEQ_MAX);
  return span;
}

static void
report (Run *run)
{
  TwinSpan       held[8];
  TwinLoss       lost[8];
  TwinRingReport message = { .ring = { take (run) & 1 },
                             .n_held = take (run) & 7,
                             .held = held,
                             .n_lost = take (run) & 7,
                             .lost = lost };

  for (size_t i = 0; i < message.n_held; i++)
    held[i] = take_span (run);
  for (size_t i = 0; i < message.n_lost; i++)
    lost[i] = (TwinLoss){ take_span (run), take (run) % 3 };
  twin_completeness_report (run->book, take_node (run), &message);
}

static void
ask (Run *run)
{
  g_autoptr (GPtrArray) asks = NULL;

  run->now_us += take (run) * INT64_C (300000);
  asks = twin_completeness_take_asks (run->book);
  for (guint i = 0; asks != NULL && i < asks->len; i++)
    {
      const TwinAsk *one = g_ptr_array_index (asks, i);

      g_assert_cmpuint (one->n_spans, <=, 32);
      for (size_t k = 0; k < one->n_spans; k++)
        g_assert_cmpuint (one->spans[k].first, <=, one->spans[k].last);
    }
}

static void
happen (Run *run)
{
  TwinIdentity identity;

  switch (take (run) % 8)
    {
    case 0:
      report (run);
      break;
    case 1:
      ask (run);
      break;
    case 2:
      identity = take_identity (run);
      twin_completeness_unsee (run->book, take_node (run), &identity);
      break;
    case 3:
      if (take (run) & 1)
        twin_completeness_connected (run->book);
      else
        twin_completeness_removed (run->book, take_node (run));
      break;
    default:
      identity = take_identity (run);
      twin_completeness_record (run->book, take_node (run), &identity);
    }
}

static void
load_again (const TwinStream *stream, void *data)
{
  g_assert_true (twin_completeness_load (data, stream));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Run                   run = { .data = data, .size = size };
  TwinCompletenessStats before, after;

  run.clock = (TwinClock){ get_now, get_now, &run };
  run.book = twin_completeness_new (&run.clock);
  run.again = twin_completeness_new (&run.clock);
  while (run.size > 0)
    happen (&run);

  twin_completeness_foreach (run.book, load_again, run.again);
  twin_completeness_get_stats (run.book, NULL, &before);
  twin_completeness_get_stats (run.again, NULL, &after);
  g_assert_cmpuint (before.received, ==, after.received);
  g_assert_cmpuint (before.lost[0], ==, after.lost[0]);
  g_assert_cmpuint (before.lost[1], ==, after.lost[1]);
  g_assert_cmpuint (before.lost[2], ==, after.lost[2]);
  g_assert_cmpuint (after.open, <=, before.open);
  twin_completeness_free (run.book);
  twin_completeness_free (run.again);
  return 0;
}
