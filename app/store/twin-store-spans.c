/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-spans.h"

#include "twin-clock.h"

static TwinStoreRun *
span_at (const GArray *spans, guint i)
{
  return &g_array_index (spans, TwinStoreRun, i);
}

/* Index of the first span that ends at or after @number. */
static guint
find (const GArray *spans, int64_t number)
{
  guint lo = 0, hi = spans->len;

  /* Nearly always the newest. */
  if (hi > 0 && span_at (spans, hi - 1)->last < number)
    return hi;

  while (lo < hi)
    {
      const guint middle = lo + (hi - lo) / 2;

      if (span_at (spans, middle)->last < number)
        lo = middle + 1;
      else
        hi = middle;
    }
  return lo;
}

gboolean
twin_store_spans_contain (const GArray *spans, int64_t number)
{
  const guint i = find (spans, number);

  return i < spans->len && span_at (spans, i)->first <= number;
}

gboolean
twin_store_spans_add (GArray *spans, int64_t number, int64_t time_us)
{
  const TwinStoreRun alone = { number, number, time_us, time_us };
  const guint        i = find (spans, number);
  TwinStoreRun      *left, *right;

  if (i < spans->len && span_at (spans, i)->first <= number)
    return FALSE;

  left = i > 0 && span_at (spans, i - 1)->last == number - 1
             ? span_at (spans, i - 1)
             : NULL;
  right = i < spans->len && span_at (spans, i)->first == number + 1
              ? span_at (spans, i)
              : NULL;

  if (left != NULL && right != NULL)
    {
      left->last = right->last;
      left->last_us = right->last_us;
      g_array_remove_index (spans, i);
    }
  else if (left != NULL)
    {
      left->last = number;
      left->last_us = time_us;
    }
  else if (right != NULL)
    {
      right->first = number;
      right->first_us = time_us;
    }
  else
    g_array_insert_val (spans, i, alone);
  return TRUE;
}

void
twin_store_spans_missing (const GArray *spans,
                          int64_t       first,
                          int64_t       last,
                          GArray       *rest)
{
  TwinStoreRun hole = { first, last, TWIN_TIME_NONE, TWIN_TIME_NONE };

  for (guint i = find (spans, first); i < spans->len; i++)
    {
      const TwinStoreRun *span = span_at (spans, i);

      if (span->first > last)
        break;
      hole.last = span->first - 1;
      if (hole.first <= hole.last)
        g_array_append_val (rest, hole);
      if (span->last >= last)
        return;
      hole.first = span->last + 1;
    }

  hole.last = last;
  if (hole.first <= hole.last)
    g_array_append_val (rest, hole);
}
