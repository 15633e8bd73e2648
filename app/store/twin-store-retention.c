/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-private.h"

#include <stddef.h>

enum
{
  SIGNALS_A_CALL = 256,
};

#define DAY_US (INT64_C (86400) * TWIN_US_PER_S)
#define MINUTE_US (60 * TWIN_US_PER_S)
#define HOUR_US (3600 * TWIN_US_PER_S)

static const struct
{
  const char *key;
  size_t      offset;
  int64_t     normal;
} limits[] = {
  { "samples_days", offsetof (TwinStoreRetention, samples_days), 30 },
  { "minutes_days", offsetof (TwinStoreRetention, minutes_days), 730 },
  { "hours_days", offsetof (TwinStoreRetention, hours_days), 0 },
  { "live_waveforms", offsetof (TwinStoreRetention, live_waveforms), 8 },
  { "digests", offsetof (TwinStoreRetention, digests), 1000000 },
};

gboolean
twin_store_get_retention (TwinStore          *self,
                          TwinStoreRetention *retention,
                          GError            **error)
{
  for (size_t i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      int64_t *value = (int64_t *) ((char *) retention + limits[i].offset);

      *value = limits[i].normal;
      if (!twin_store_db_get_int (&self->sql, error, value,
                                  "SELECT value FROM meta WHERE key = ?", "s",
                                  limits[i].key))
        return FALSE;
    }
  return TRUE;
}

gboolean
twin_store_set_retention (TwinStore                *self,
                          const TwinStoreRetention *retention,
                          GError                  **error)
{
  gboolean own, ok = TRUE;

  if (!twin_store_enter (self, &own, error))
    return FALSE;

  for (size_t i = 0; ok && i < G_N_ELEMENTS (limits); i++)
    {
      const int64_t value =
          *(const int64_t *) ((const char *) retention + limits[i].offset);

      ok = twin_store_write_meta (&self->sql, limits[i].key, MAX (value, 0),
                                  error);
    }

  if (!twin_store_leave (self, own, ok, error))
    return FALSE;
  self->live_waveforms = MAX (retention->live_waveforms, 0);
  return TRUE;
}

/* Before a tier loses anything, readers learn from when on it is whole. */
static gboolean
announce (TwinStore  *self,
          const char *key,
          int64_t     days,
          int64_t     now_us,
          int64_t     unit_us,
          GError    **error)
{
  const int64_t cut = (now_us - days * DAY_US) / unit_us * unit_us;

  if (days <= 0 || cut <= twin_store_read_meta (&self->sql, key, 0))
    return TRUE;
  return twin_store_write_meta (&self->sql, key, cut, error);
}

static gboolean
expire_signal (TwinStore *self, int64_t signal, GError **error)
{
  static const struct
  {
    const char *key, *sql;
  } tiers[] = {
    { "samples_since_us",
      "DELETE FROM sample_chunk WHERE signal = ?1 AND t0 < ?2 AND t1 < ?2" },
    { "samples_since_us",
      "DELETE FROM text_sample WHERE signal = ?1 AND time_us < ?2" },
    { "minutes_since_us",
      "DELETE FROM rollup_minute WHERE signal = ?1 AND t < ?2" },
    { "hours_since_us",
      "DELETE FROM rollup_hour WHERE signal = ?1 AND t < ?2" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (tiers); i++)
    {
      const int64_t cut =
          twin_store_read_meta (&self->sql, tiers[i].key, TWIN_TIME_NONE);

      if (cut != TWIN_TIME_NONE &&
          !twin_store_db_run (&self->sql, error, tiers[i].sql, "ii", signal,
                              cut))
        return FALSE;
    }
  return TRUE;
}

/* The ranges stay for ever: what is old is still known as received, only its
 * bytes are no longer compared. */
static gboolean
expire_digests (TwinStore *self, int64_t keep, GError **error)
{
  return keep <= 0 ||
         twin_store_db_run (
             &self->sql, error,
             "DELETE FROM record WHERE (stream, seq) IN (SELECT r.stream,"
             " r.seq FROM (SELECT stream, max (last) AS newest"
             " FROM received_range GROUP BY stream) s JOIN record r"
             " ON r.stream = s.stream AND r.seq <= s.newest - ?1 LIMIT 20000)",
             "i", keep);
}

static gboolean
expire_piece (TwinStore *self, GError **error)
{
  sqlite3_stmt *next;
  int64_t       signals[SIGNALS_A_CALL];
  size_t        n = 0;
  GError       *failure = NULL;

  next = twin_store_db_prepare (&self->sql,
                                "SELECT id FROM signal WHERE id > ?"
                                " ORDER BY id LIMIT ?",
                                error);
  if (next == NULL)
    return FALSE;
  twin_store_db_bind (next, "ii", self->expire_signal,
                      (int64_t) SIGNALS_A_CALL);
  while (twin_store_db_step (&self->sql, next, &failure))
    signals[n++] = sqlite3_column_int64 (next, 0);
  if (failure != NULL)
    {
      g_propagate_error (error, failure);
      return FALSE;
    }

  for (size_t i = 0; i < n; i++)
    if (!expire_signal (self, signals[i], error))
      return FALSE;
  self->expire_signal = n < SIGNALS_A_CALL ? 0 : signals[n - 1];
  return TRUE;
}

gboolean
twin_store_expire (TwinStore *self,
                   int64_t    now_us,
                   gboolean  *more,
                   GError   **error)
{
  const int64_t      signal = self->expire_signal;
  TwinStoreRetention keep;
  gboolean           own, ok = TRUE;

  *more = FALSE;
  if (!twin_store_get_retention (self, &keep, error) ||
      !twin_store_enter (self, &own, error))
    return FALSE;

  if (signal == 0)
    ok = announce (self, "samples_since_us", keep.samples_days, now_us, HOUR_US,
                   error) &&
         announce (self, "minutes_since_us", keep.minutes_days, now_us, HOUR_US,
                   error) &&
         announce (self, "hours_since_us", keep.hours_days, now_us, HOUR_US,
                   error) &&
         expire_digests (self, keep.digests, error);

  ok = ok && expire_piece (self, error);
  if (!twin_store_leave (self, own, ok, error))
    {
      self->expire_signal = signal;
      return FALSE;
    }

  *more = self->expire_signal != 0;
  return TRUE;
}
