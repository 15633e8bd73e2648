/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-history.h"

#include <math.h>

#include "twin-store-samples.h"
#include "twin-store-gaps.h"
#include "twin-store-private.h"
#include "twin-store-reader-private.h"

enum
{
  DEFAULT_LIMIT = 5000000,
};

/* A point in the making; n = 0 with bad > 0: nothing but bad samples. */
typedef struct
{
  int64_t  t;
  double   min, max, sum;
  uint32_t n, bad, flags;
} TwinBin;

typedef enum
{
  TIER_SAMPLES,
  TIER_MINUTES,
  TIER_HOURS,
} TwinTier;

static const int64_t tier_width_us[] = { 0, TWIN_SAMPLES_MINUTE_US,
                                         TWIN_SAMPLES_HOUR_US };

typedef struct
{
  TwinStoreReader *reader;
  int64_t          signal;
  char            *unit, *node;
  int64_t          from_us, to_us, step_us;
  size_t           limit;
  int64_t          samples_since_us, minutes_since_us;
  GArray          *bins; /* TwinBin */
  gboolean         unsorted, truncated;
} TwinHistoryRead;

static gboolean
damaged (TwinHistoryRead *self, GError **error)
{
  g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_CORRUPT,
               "Could not read history in %s: it is damaged; restore the file "
               "from a backup",
               self->reader->sql.path);
  return FALSE;
}

static void
merge_bin (TwinBin *into, const TwinBin *bin)
{
  if (into->n == 0)
    {
      into->min = bin->min;
      into->max = bin->max;
    }
  else if (bin->n > 0)
    {
      into->min = MIN (into->min, bin->min);
      into->max = MAX (into->max, bin->max);
    }
  into->sum += bin->sum;
  into->n += bin->n;
  into->bad += bin->bad;
  into->flags |= bin->flags;
}

static void
add_bin (TwinHistoryRead *self, const TwinBin *bin)
{
  TwinBin *last = self->bins->len > 0 ? &g_array_index (self->bins, TwinBin,
                                                        self->bins->len - 1)
                                      : NULL;

  if (last != NULL && self->step_us > 0 && last->t == bin->t)
    {
      merge_bin (last, bin);
      return;
    }
  if (last != NULL && bin->t < last->t)
    self->unsorted = TRUE;
  if (self->bins->len >= self->limit)
    self->truncated = TRUE;
  else
    g_array_append_val (self->bins, *bin);
}

static void
add_sample (TwinHistoryRead       *self,
            const TwinStoreSample *sample,
            int64_t                width_us)
{
  const gboolean bad = isnan (sample->value);
  const int64_t  width = MAX (self->step_us, width_us);
  const TwinBin  bin = {
     width > 0 ? twin_store_samples_floor (sample->time_us, width)
               : sample->time_us,
    sample->value,
    sample->value,
    bad ? 0 : sample->value,
    !bad,
    bad,
    sample->flags,
  };

  add_bin (self, &bin);
}

static void
add_samples (TwinHistoryRead *self,
             const GArray    *samples,
             int64_t          from_us,
             int64_t          to_us,
             int64_t          width_us)
{
  for (guint i = 0; i < samples->len; i++)
    {
      const TwinStoreSample *sample =
          &g_array_index (samples, TwinStoreSample, i);

      if (sample->time_us >= from_us && sample->time_us < to_us)
        add_sample (self, sample, width_us);
    }
}

/* What is not sealed yet, whatever the tier. */
static gboolean
read_tail (TwinHistoryRead *self,
           int64_t          from_us,
           int64_t          to_us,
           int64_t          width_us,
           GError         **error)
{
  TwinStoreDb *sql = &self->reader->sql;
  GError      *failure = NULL;
  gboolean     ok = TRUE;
  g_autoptr (GArray) samples =
      g_array_new (FALSE, FALSE, sizeof (TwinStoreSample));
  sqlite3_stmt *select = twin_store_db_prepare (
      sql, "SELECT data FROM sample_tail WHERE shard = ? ORDER BY id", error);

  if (select == NULL)
    return FALSE;

  twin_store_db_bind (select, "i", self->signal >> TWIN_SAMPLES_SHARD_BITS);
  while (ok && twin_store_db_step (sql, select, &failure))
    ok = twin_store_chunk_parse_raw (sqlite3_column_blob (select, 0),
                                     sqlite3_column_bytes (select, 0),
                                     self->signal, samples);
  sqlite3_reset (select);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  if (!ok)
    return damaged (self, error);

  add_samples (self, samples, from_us, to_us, width_us);
  return TRUE;
}

static gboolean
read_chunks (TwinHistoryRead *self,
             int64_t          from_us,
             int64_t          to_us,
             GError         **error)
{
  TwinStoreDb *sql = &self->reader->sql;
  GError      *failure = NULL;
  gboolean     ok = TRUE;
  g_autoptr (GArray) samples =
      g_array_new (FALSE, FALSE, sizeof (TwinStoreSample));
  sqlite3_stmt *select =
      twin_store_db_prepare (sql,
                             "SELECT data FROM sample_chunk WHERE signal = ? "
                             "AND t0 "
                             ">= ? AND t0 < ?"
                             " AND t1 >= ? ORDER BY t0, id",
                             error);

  if (select == NULL)
    return FALSE;

  twin_store_db_bind (select, "iiii", self->signal,
                      MAX (from_us, G_MININT64 + TWIN_SAMPLES_CHUNK_SPAN_US) -
                          TWIN_SAMPLES_CHUNK_SPAN_US,
                      to_us, from_us);
  while (ok && !self->truncated && twin_store_db_step (sql, select, &failure))
    {
      g_array_set_size (samples, 0);
      ok = twin_store_chunk_decode (sqlite3_column_blob (select, 0),
                                    sqlite3_column_bytes (select, 0),
                                    self->signal, samples);
      add_samples (self, samples, from_us, to_us, 0);
    }
  sqlite3_reset (select);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }
  return ok || damaged (self, error);
}

static gboolean
read_rollup (TwinHistoryRead *self,
             TwinTier         tier,
             int64_t          from_us,
             int64_t          to_us,
             GError         **error)
{
  TwinStoreDb  *sql = &self->reader->sql;
  GError       *failure = NULL;
  const int64_t width = MAX (self->step_us, tier_width_us[tier]);
  sqlite3_stmt *select = twin_store_db_prepare (
      sql,
      tier == TIER_MINUTES ? "SELECT t, min, max, sum, n FROM rollup_minute"
                             " WHERE signal = ? AND t >= ? AND t < ?"
                             " ORDER BY t"
                           : "SELECT t, min, max, sum, n FROM rollup_hour"
                             " WHERE signal = ? AND t >= ? AND t < ?"
                             " ORDER BY t",
      error);

  if (select == NULL)
    return FALSE;

  twin_store_db_bind (select, "iii", self->signal, from_us, to_us);
  while (!self->truncated && twin_store_db_step (sql, select, &failure))
    {
      TwinBin bin = { 0 };

      bin.t =
          twin_store_samples_floor (sqlite3_column_int64 (select, 0), width);
      bin.min = sqlite3_column_double (select, 1);
      bin.max = sqlite3_column_double (select, 2);
      bin.sum = sqlite3_column_double (select, 3);
      bin.n = sqlite3_column_int64 (select, 4);
      add_bin (self, &bin);
    }
  sqlite3_reset (select);
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* The part that a tier has lost by retention comes from the next coarser. */
static gboolean
read_tier (TwinHistoryRead *self,
           TwinTier         tier,
           int64_t          from_us,
           int64_t          to_us,
           GError         **error)
{
  const int64_t since = tier == TIER_SAMPLES   ? self->samples_since_us
                        : tier == TIER_MINUTES ? self->minutes_since_us
                                               : G_MININT64;

  if (from_us < since)
    {
      if (!read_tier (self, tier + 1, from_us, MIN (to_us, since), error))
        return FALSE;
      from_us = since;
    }
  if (from_us >= to_us)
    return TRUE;

  return (tier == TIER_SAMPLES
              ? read_chunks (self, from_us, to_us, error)
              : read_rollup (self, tier, from_us, to_us, error)) &&
         read_tail (self, from_us, to_us, tier_width_us[tier], error);
}

static int
compare_bins (const void *a, const void *b, void *data)
{
  const TwinBin *x = a;
  const TwinBin *y = b;

  return x->t < y->t ? -1 : x->t > y->t;
}

static void
sort_bins (TwinHistoryRead *self)
{
  guint kept = 0;

  if (!self->unsorted)
    return;

  g_qsort_with_data (self->bins->data, self->bins->len, sizeof (TwinBin),
                     compare_bins, NULL);
  for (guint i = 1; i < self->bins->len && self->step_us > 0; i++)
    {
      TwinBin *into = &g_array_index (self->bins, TwinBin, kept);
      TwinBin *bin = &g_array_index (self->bins, TwinBin, i);

      if (into->t == bin->t)
        merge_bin (into, bin);
      else
        g_array_index (self->bins, TwinBin, ++kept) = *bin;
    }
  if (self->step_us > 0 && self->bins->len > 0)
    g_array_set_size (self->bins, kept + 1);
}

/* Bins to points; runs without one good sample become gaps. */
static void
emit (TwinHistoryRead *self, TwinStoreHistory *history)
{
  int64_t  good_until = self->from_us;
  gboolean bad = FALSE;

  for (guint i = 0; i <= self->bins->len; i++)
    {
      const TwinBin *bin =
          i < self->bins->len ? &g_array_index (self->bins, TwinBin, i) : NULL;
      TwinStoreGap   gap = { good_until, 0, TWIN_STORE_GAP_BAD, NULL };
      TwinStorePoint point;

      if (bin != NULL && bin->n == 0)
        {
          bad = TRUE;
          continue;
        }
      if (bad)
        {
          gap.to_us = bin != NULL ? bin->t : self->to_us;
          g_array_append_val (history->gaps, gap);
          bad = FALSE;
        }
      if (bin == NULL)
        break;

      point = (TwinStorePoint){ bin->t,   bin->min, bin->sum / bin->n,
                                bin->max, bin->n,   bin->flags };
      g_array_append_val (history->points, point);
      good_until = bin->t + self->step_us;
    }
}

static gboolean
find_signal (TwinHistoryRead             *self,
             const TwinStoreHistoryQuery *query,
             GError                     **error)
{
  TwinStoreDb  *sql = &self->reader->sql;
  GError       *failure = NULL;
  sqlite3_stmt *select =
      twin_store_db_prepare (sql,
                             "SELECT id, unit, node FROM signal "
                             "WHERE twin = ? AND path = ?",
                             error);

  if (select == NULL)
    return FALSE;

  twin_store_db_bind (select, "ss", query->twin, query->path);
  if (twin_store_db_step (sql, select, &failure))
    {
      self->signal = sqlite3_column_int64 (select, 0);
      self->unit = g_strdup ((const char *) sqlite3_column_text (select, 1));
      self->node = g_strdup ((const char *) sqlite3_column_text (select, 2));
      sqlite3_reset (select);
      return TRUE;
    }

  if (failure != NULL)
    g_propagate_error (error, failure);
  else
    g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_NOT_FOUND,
                 "Twin “%s” has no signal “%s” in the store", query->twin,
                 query->path);
  return FALSE;
}

static TwinTier
choose_tier (int64_t step_us)
{
  if (step_us > 0 && step_us % TWIN_SAMPLES_HOUR_US == 0)
    return TIER_HOURS;
  if (step_us > 0 && step_us % TWIN_SAMPLES_MINUTE_US == 0)
    return TIER_MINUTES;
  return TIER_SAMPLES;
}

static gboolean
read_all (TwinHistoryRead             *self,
          const TwinStoreHistoryQuery *query,
          TwinStoreHistory            *history,
          GError                     **error)
{
  if (!find_signal (self, query, error))
    return FALSE;

  self->samples_since_us =
      twin_store_read_meta (&self->reader->sql, "samples_since_us", G_MININT64);
  self->minutes_since_us =
      twin_store_read_meta (&self->reader->sql, "minutes_since_us", G_MININT64);
  if (!read_tier (self, choose_tier (self->step_us), self->from_us, self->to_us,
                  error))
    return FALSE;

  sort_bins (self);
  emit (self, history);
  twin_store_gaps_of_silence (query, history->points, self->step_us,
                              history->gaps);
  if (!twin_store_gaps_of_node (self->reader, self->node, query->from_us,
                                query->to_us, history->gaps, error))
    return FALSE;
  twin_store_gaps_tidy (history->gaps);
  history->unit = g_steal_pointer (&self->unit);
  history->truncated = self->truncated;
  return TRUE;
}

TwinStoreHistory *
twin_store_reader_get_history (TwinStoreReader             *self,
                               const TwinStoreHistoryQuery *query,
                               GError                     **error)
{
  TwinHistoryRead read = {
    .reader = self,
    .from_us = query->from_us,
    .to_us = query->to_us,
    .step_us = query->step_us,
    .limit = query->limit > 0 ? query->limit : DEFAULT_LIMIT,
  };
  const gboolean    own = sqlite3_get_autocommit (self->sql.db) != 0;
  TwinStoreHistory *history;

  g_return_val_if_fail (query->twin != NULL && query->path != NULL, NULL);
  g_return_val_if_fail (query->step_us >= 0, NULL);

  if (read.step_us > 0)
    {
      read.from_us = twin_store_samples_floor (query->from_us, read.step_us);
      read.to_us = twin_store_samples_floor (query->to_us - 1, read.step_us) +
                   read.step_us;
    }
  /* Tail and chunks must be of one state: sealing moves samples over. */
  if (own && !twin_store_reader_begin (self, error))
    return NULL;

  history = g_new0 (TwinStoreHistory, 1);
  history->points = g_array_new (FALSE, FALSE, sizeof (TwinStorePoint));
  history->gaps = g_array_new (FALSE, FALSE, sizeof (TwinStoreGap));
  read.bins = g_array_new (FALSE, FALSE, sizeof (TwinBin));
  if (!read_all (&read, query, history, error))
    g_clear_pointer (&history, twin_store_history_free);

  g_array_unref (read.bins);
  g_free (read.unit);
  g_free (read.node);
  if (own)
    twin_store_reader_end (self);
  return history;
}

void
twin_store_history_free (TwinStoreHistory *history)
{
  if (history == NULL)
    return;
  g_free (history->unit);
  g_array_unref (history->points);
  g_array_unref (history->gaps);
  g_free (history);
}
