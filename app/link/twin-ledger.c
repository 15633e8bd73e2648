/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ledger.h"

void
twin_ledger_init (TwinLedger *self)
{
  *self = (TwinLedger){
    .gaps = g_array_new (FALSE, FALSE, sizeof (TwinGap)),
    .lost = g_array_new (FALSE, FALSE, sizeof (TwinLedgerLoss)),
  };
}

void
twin_ledger_clear (TwinLedger *self)
{
  g_clear_pointer (&self->gaps, g_array_unref);
  g_clear_pointer (&self->lost, g_array_unref);
}

uint64_t
twin_ledger_get_received (const TwinLedger *self)
{
  return self->end - self->open - self->n_lost[0] - self->n_lost[1] -
         self->n_lost[2];
}

static TwinGap *
gap_at (const TwinLedger *self, guint i)
{
  return &g_array_index (self->gaps, TwinGap, i);
}

static TwinLedgerLoss *
loss_at (const TwinLedger *self, guint i)
{
  return &g_array_index (self->lost, TwinLedgerLoss, i);
}

guint
twin_ledger_find_gap (const TwinLedger *self, uint64_t seq)
{
  guint low = 0, high = self->gaps->len;

  while (low < high)
    {
      const guint middle = low + (high - low) / 2;

      if (gap_at (self, middle)->last < seq)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static guint
find_loss (const TwinLedger *self, uint64_t seq)
{
  guint low = 0, high = self->lost->len;

  while (low < high)
    {
      const guint middle = low + (high - low) / 2;

      if (loss_at (self, middle)->last < seq)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static gboolean
is_full (const TwinLedger *self)
{
  return self->gaps->len >= TWIN_COMPLETENESS_GAPS_MAX;
}

gboolean
twin_ledger_extend (TwinLedger *self, uint64_t last, int64_t ask_at_us)
{
  TwinGap gap = { self->end, last, ask_at_us, 0 };

  if (last < self->end)
    return TRUE;

  if (self->gaps->len > 0 &&
      gap_at (self, self->gaps->len - 1)->last + 1 == self->end)
    gap_at (self, self->gaps->len - 1)->last = last;
  else if (is_full (self))
    return FALSE;
  else
    g_array_append_val (self->gaps, gap);

  self->open += last + 1 - self->end;
  self->end = last + 1;
  return TRUE;
}

/* Takes @first … @last, which lie in gap @i, out of it. FALSE when that would
 * make one gap too many. */
static gboolean
cut_gap (TwinLedger *self, guint i, uint64_t first, uint64_t last)
{
  TwinGap *gap = gap_at (self, i);
  TwinGap  rest = *gap;

  if (gap->first < first && last < gap->last)
    {
      if (is_full (self))
        return FALSE;
      rest.first = last + 1;
      gap->last = first - 1;
      g_array_insert_val (self->gaps, i + 1, rest);
    }
  else if (gap->first < first)
    gap->last = first - 1;
  else if (last < gap->last)
    gap->first = last + 1;
  else
    g_array_remove_index (self->gaps, i);

  self->open -= last - first + 1;
  return TRUE;
}

/* A number that had been given up came after all. */
static gboolean
recover (TwinLedger *self, guint i, uint64_t seq)
{
  TwinLedgerLoss *loss = loss_at (self, i);
  TwinLedgerLoss  rest = *loss;

  if (loss->first < seq && seq < loss->last)
    {
      if (self->lost->len >= TWIN_LEDGER_LOSSES_MAX)
        return FALSE;
      rest.first = seq + 1;
      loss->last = seq - 1;
      g_array_insert_val (self->lost, i + 1, rest);
    }
  else if (loss->first < seq)
    loss->last = seq - 1;
  else if (seq < loss->last)
    loss->first = seq + 1;
  else
    g_array_remove_index (self->lost, i);

  self->n_lost[rest.cause]--;
  return TRUE;
}

static TwinSeen
see_below_end (TwinLedger *self,
               uint64_t    seq,
               int64_t     again_at_us,
               gboolean   *progress)
{
  const guint i = twin_ledger_find_gap (self, seq);
  guint       k;

  if (i < self->gaps->len && gap_at (self, i)->first <= seq)
    {
      TwinGap *gap = gap_at (self, i);

      if (gap->asked > 0)
        {
          *progress = TRUE;
          gap->asked = 1;
          gap->ask_at_us = again_at_us;
        }
      return cut_gap (self, i, seq, seq) ? TWIN_SEEN_NEW : TWIN_SEEN_REFUSED;
    }

  k = find_loss (self, seq);
  if (k < self->lost->len && loss_at (self, k)->first <= seq)
    return recover (self, k, seq) ? TWIN_SEEN_RECOVERED : TWIN_SEEN_REFUSED;
  return TWIN_SEEN_DUPLICATE;
}

TwinSeen
twin_ledger_see (TwinLedger *self,
                 uint64_t    seq,
                 int64_t     ask_at_us,
                 int64_t     again_at_us,
                 gboolean   *progress)
{
  *progress = FALSE;
  if (seq < self->end)
    return see_below_end (self, seq, again_at_us, progress);
  if (seq > self->end && !twin_ledger_extend (self, seq - 1, ask_at_us))
    return TWIN_SEEN_REFUSED;

  self->end = seq + 1;
  return TWIN_SEEN_NEW;
}

void
twin_ledger_unsee (TwinLedger *self, uint64_t seq, int64_t ask_at_us)
{
  const guint i = twin_ledger_find_gap (self, seq);
  const guint k = find_loss (self, seq);
  TwinGap     gap = { seq, seq, ask_at_us, 0 };
  TwinGap    *before = i > 0 ? gap_at (self, i - 1) : NULL;
  TwinGap    *after = i < self->gaps->len ? gap_at (self, i) : NULL;

  if (seq >= self->end || (after != NULL && after->first <= seq) ||
      (k < self->lost->len && loss_at (self, k)->first <= seq))
    return;

  self->open++;
  if (before != NULL && before->last + 1 == seq)
    {
      before->last = seq;
      if (after != NULL && after->first == seq + 1)
        {
          before->last = after->last;
          g_array_remove_index (self->gaps, i);
        }
    }
  else if (after != NULL && after->first == seq + 1)
    after->first = seq;
  else
    g_array_insert_val (self->gaps, i, gap);
}

/* Adds a loss where nothing is lost yet; joins neighbours of one cause. */
static void
add_loss (TwinLedger *self, uint64_t first, uint64_t last, TwinLossCause cause)
{
  const guint     i = find_loss (self, first);
  TwinLedgerLoss  loss = { first, last, cause };
  TwinLedgerLoss *before = i > 0 ? loss_at (self, i - 1) : NULL;
  TwinLedgerLoss *after = i < self->lost->len ? loss_at (self, i) : NULL;

  if (before != NULL && before->last + 1 == first && before->cause == cause)
    {
      before->last = last;
      if (after != NULL && after->first == last + 1 && after->cause == cause)
        {
          before->last = after->last;
          g_array_remove_index (self->lost, i);
        }
    }
  else if (after != NULL && after->first == last + 1 && after->cause == cause)
    after->first = first;
  else
    g_array_insert_val (self->lost, i, loss);

  self->n_lost[cause] += last - first + 1;
}

uint64_t
twin_ledger_lose (TwinLedger     *self,
                  const TwinSpan *span,
                  TwinLossCause   cause,
                  int64_t         ask_at_us)
{
  uint64_t n = 0;
  guint    i;

  /* Numbers before a loss beyond our end exist too, and are only missing. */
  if ((span->first > self->end &&
       !twin_ledger_extend (self, span->first - 1, ask_at_us)) ||
      !twin_ledger_extend (self, span->last, ask_at_us))
    return 0;

  i = twin_ledger_find_gap (self, span->first);
  while (i < self->gaps->len && gap_at (self, i)->first <= span->last &&
         self->lost->len < TWIN_LEDGER_LOSSES_MAX)
    {
      const uint64_t first = MAX (span->first, gap_at (self, i)->first);
      const uint64_t last = MIN (span->last, gap_at (self, i)->last);

      if (!cut_gap (self, i, first, last))
        break;
      add_loss (self, first, last, cause);
      n += last - first + 1;
      i = twin_ledger_find_gap (self, last);
    }

  return n;
}

static void
append_span (GArray *spans, uint32_t epoch, uint64_t first, uint64_t end)
{
  const TwinSpan span = { epoch, first, end - 1 };

  if (first < end)
    g_array_append_val (spans, span);
}

GArray *
twin_ledger_list_received (const TwinLedger *self, uint32_t epoch)
{
  GArray  *spans = g_array_new (FALSE, FALSE, sizeof (TwinSpan));
  uint64_t from = 0;
  guint    i = 0, k = 0;

  /* Gaps and losses in one ascending walk; received is what lies between. */
  while (i < self->gaps->len || k < self->lost->len)
    {
      const gboolean is_gap =
          k == self->lost->len ||
          (i < self->gaps->len &&
           gap_at (self, i)->first < loss_at (self, k)->first);
      const uint64_t first =
          is_gap ? gap_at (self, i)->first : loss_at (self, k)->first;
      const uint64_t last =
          is_gap ? gap_at (self, i)->last : loss_at (self, k)->last;

      append_span (spans, epoch, from, first);
      from = last + 1;
      i += is_gap;
      k += !is_gap;
    }

  append_span (spans, epoch, from, self->end);
  return spans;
}
