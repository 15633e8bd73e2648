/* SPDX-License-Identifier: Apache-2.0 */
/* What queries ask of a signal's past: signal_history. */
#include <math.h>
#include <string.h>

#include "twin-store-functions-private.h"
#include "twin-store-samples.h"

#define EXACT_US (10 * TWIN_SAMPLES_MINUTE_US)

typedef struct
{
  double  min, max, sum;
  int64_t n;
} Sum;

static void
add_sample (Sum                   *sum,
            const TwinStoreSample *sample,
            int64_t                from_us,
            int64_t                to_us)
{
  if (sample->time_us < from_us || sample->time_us > to_us ||
      isnan (sample->value))
    return;

  sum->min = sum->n == 0 ? sample->value : MIN (sum->min, sample->value);
  sum->max = sum->n == 0 ? sample->value : MAX (sum->max, sample->value);
  sum->sum += sample->value;
  sum->n++;
}

static gboolean
add_tail (TwinStoreFunctions *self,
          int64_t             signal,
          int64_t             from_us,
          int64_t             to_us,
          Sum                *sum)
{
  const TwinStoreSample *samples;
  guint                  n;

  if (!twin_store_functions_find_tail (self, signal, &samples, &n))
    return FALSE;
  for (guint i = 0; i < n; i++)
    add_sample (sum, &samples[i], from_us, to_us);
  return TRUE;
}

static gboolean
add_chunks (TwinStoreFunctions *self,
            int64_t             signal,
            int64_t             from_us,
            int64_t             to_us,
            Sum                *sum)
{
  sqlite3_stmt *select;
  g_autoptr (GArray) samples = NULL;
  gboolean ok = TRUE;
  int      rc;

  if (from_us > to_us)
    return TRUE;

  select = twin_store_db_prepare (self->sql,
                                  "SELECT data FROM sample_chunk WHERE signal"
                                  " = ? AND t0 >= ? AND t0 <= ? AND t1 >= ?",
                                  NULL);
  if (select == NULL)
    return FALSE;

  samples = g_array_new (FALSE, FALSE, sizeof (TwinStoreSample));
  sqlite3_bind_int64 (select, 1, signal);
  sqlite3_bind_int64 (select, 2, from_us - TWIN_SAMPLES_CHUNK_SPAN_US);
  sqlite3_bind_int64 (select, 3, to_us);
  sqlite3_bind_int64 (select, 4, from_us);
  while ((rc = sqlite3_step (select)) == SQLITE_ROW && ok)
    {
      g_array_set_size (samples, 0);
      ok = twin_store_chunk_decode (sqlite3_column_blob (select, 0),
                                    sqlite3_column_bytes (select, 0),
                                    (uint32_t) signal, samples);
      for (guint i = 0; i < samples->len; i++)
        add_sample (sum, &g_array_index (samples, TwinStoreSample, i), from_us,
                    to_us);
    }
  sqlite3_reset (select);
  return ok && rc == SQLITE_DONE;
}

/* Steps that begin in [@from_us, @to_us). */
static gboolean
add_rollup (TwinStoreFunctions *self,
            int64_t             signal,
            gboolean            hours,
            int64_t             from_us,
            int64_t             to_us,
            Sum                *sum)
{
  sqlite3_stmt *select;
  int           rc;

  if (from_us >= to_us)
    return TRUE;

  select = twin_store_db_prepare (
      self->sql,
      hours ? "SELECT min (min), max (max), sum (sum), sum (n) FROM"
              " rollup_hour WHERE signal = ? AND t >= ? AND t < ?"
            : "SELECT min (min), max (max), sum (sum), sum (n) FROM"
              " rollup_minute WHERE signal = ? AND t >= ? AND t < ?",
      NULL);
  if (select == NULL)
    return FALSE;

  sqlite3_bind_int64 (select, 1, signal);
  sqlite3_bind_int64 (select, 2, from_us);
  sqlite3_bind_int64 (select, 3, to_us);
  rc = sqlite3_step (select);
  if (rc == SQLITE_ROW && sqlite3_column_int64 (select, 3) > 0)
    {
      const double min = sqlite3_column_double (select, 0);
      const double max = sqlite3_column_double (select, 1);

      sum->min = sum->n == 0 ? min : MIN (sum->min, min);
      sum->max = sum->n == 0 ? max : MAX (sum->max, max);
      sum->sum += sqlite3_column_double (select, 2);
      sum->n += sqlite3_column_int64 (select, 3);
    }
  sqlite3_reset (select);
  return rc == SQLITE_ROW;
}

static int64_t
ceiling (int64_t time_us, int64_t unit_us)
{
  return twin_store_samples_floor (time_us + unit_us - 1, unit_us);
}

/* Sealed samples of [@from_us, @to_us], whole minutes and hours from their
 * tiers. @from_us is a whole minute, or minutes are kept no longer. */
static gboolean
add_tiers (TwinStoreFunctions *self,
           int64_t             signal,
           int64_t             from_us,
           int64_t             to_us,
           Sum                *sum)
{
  const gboolean as_of = twin_store_functions_as_of (self);
  /* Nothing is newer than now: the steps under way are whole, too. */
  const int64_t minutes_to =
      as_of ? twin_store_samples_floor (to_us, TWIN_SAMPLES_MINUTE_US)
            : to_us + 1;
  const int64_t hours_to =
      as_of ? twin_store_samples_floor (to_us, TWIN_SAMPLES_HOUR_US)
            : to_us + 1;
  const int64_t hours_from =
      from_us < self->minutes_since_us
          ? twin_store_samples_floor (from_us, TWIN_SAMPLES_HOUR_US)
          : ceiling (from_us, TWIN_SAMPLES_HOUR_US);

  if (hours_from >= hours_to)
    return add_rollup (self, signal, FALSE, from_us, minutes_to, sum) &&
           add_chunks (self, signal, minutes_to, to_us, sum);

  return (from_us >= hours_from ||
          add_rollup (self, signal, FALSE, from_us, hours_from, sum)) &&
         add_rollup (self, signal, TRUE, hours_from, hours_to, sum) &&
         add_rollup (self, signal, FALSE, hours_to, minutes_to, sum) &&
         add_chunks (self, signal, minutes_to, to_us, sum);
}

static void
read_retention (TwinStoreFunctions *self)
{
  if (self->samples_since_us != TWIN_TIME_NONE)
    return;

  self->samples_since_us =
      twin_store_read_meta (self->sql, "samples_since_us", G_MININT64 + 1);
  self->minutes_since_us =
      twin_store_read_meta (self->sql, "minutes_since_us", G_MININT64 + 1);
}

static gboolean
read_history (TwinStoreFunctions *self,
              int64_t             signal,
              int64_t             length_us,
              Sum                *sum)
{
  const int64_t to_us = self->moment.now_us;
  int64_t       from_us = to_us - length_us;

  read_retention (self);
  if (length_us <= EXACT_US && from_us >= self->samples_since_us)
    return add_chunks (self, signal, from_us, to_us, sum) &&
           add_tail (self, signal, from_us, to_us, sum);

  from_us = twin_store_samples_floor (from_us, TWIN_SAMPLES_MINUTE_US);
  return add_tiers (self, signal, from_us, to_us, sum) &&
         add_tail (self, signal, from_us, to_us, sum);
}

static void
signal_history (sqlite3_context *context, int n, sqlite3_value **values)
{
  TwinStoreFunctions  *self = sqlite3_user_data (context);
  const char          *word = (const char *) sqlite3_value_text (values[2]);
  TwinStoreFoundSignal signal;
  Sum                  sum = { 0 };

  if (word == NULL ||
      !twin_store_functions_find_signal (context, values, &signal))
    return;

  twin_store_functions_leave_signal (self);
  if (!read_history (self, signal.id, sqlite3_value_int64 (values[3]), &sum))
    twin_store_functions_fail (context, self);
  else if (strcmp (word, "COUNT") == 0)
    sqlite3_result_int64 (context, sum.n);
  else if (sum.n > 0)
    sqlite3_result_double (context, strcmp (word, "AVG") == 0 ? sum.sum / sum.n
                                    : strcmp (word, "MIN") == 0 ? sum.min
                                    : strcmp (word, "MAX") == 0 ? sum.max
                                                                : sum.sum);
}

gboolean
twin_store_history_functions_add (TwinStoreFunctions *self)
{
  return sqlite3_create_function_v2 (self->sql->db, "signal_history", 4,
                                     SQLITE_UTF8, self, signal_history, NULL,
                                     NULL, NULL) == SQLITE_OK;
}
