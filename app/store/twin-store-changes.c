/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-changes.h"

#include "twin-store-private.h"
#include "twin-store-tables.h"

void
twin_store_change_clear (TwinStore *self)
{
  TwinStoreOpenChange *change = &self->change;

  g_clear_pointer (&change->who, g_free);
  g_clear_pointer (&change->kind, g_free);
  g_clear_pointer (&change->text, g_free);
  *change = (TwinStoreOpenChange){ 0 };
}

/* The number and the time of the next change, later than all that is there; of
 * before changes were kept, meta knows it. The transaction has the only write
 * lock, so nobody else draws the same. */
static gboolean
draw (TwinStore *self, int64_t now_us, GError **error)
{
  int64_t last = 0;
  int64_t time_us = 0;

  if (!twin_store_db_get_int (&self->sql, error, &last,
                              "SELECT seq FROM sqlite_sequence WHERE name = "
                              "'change'",
                              "") ||
      !twin_store_db_get_int (&self->sql, error, &time_us,
                              "SELECT max (coalesce ((SELECT max (time_us)"
                              " FROM change), 0), coalesce ((SELECT value"
                              " FROM meta WHERE key = 'changes_after_us'), 0))",
                              ""))
    return FALSE;

  self->change.id = last + 1;
  self->change.time_us = MAX (now_us, time_us + 1);
  return TRUE;
}

static gboolean
begin (TwinStore  *self,
       const char *who,
       const char *kind,
       const char *text,
       int64_t     now_us,
       GError    **error)
{
  twin_store_change_clear (self);
  if (!draw (self, now_us, error))
    return FALSE;

  self->change.who = g_strdup (who);
  self->change.kind = g_strdup (kind);
  self->change.text = g_strdup (text);
  return TRUE;
}

gboolean
twin_store_begin_change (TwinStore  *self,
                         const char *who,
                         const char *kind,
                         const char *text,
                         int64_t     now_us,
                         GError    **error)
{
  g_return_val_if_fail (self->in_transaction, FALSE);
  g_return_val_if_fail (kind != NULL, FALSE);

  /* The change before, if any, is over: a batch may hold several edits. */
  return twin_store_write_change (self, error) &&
         begin (self, who, kind, text, now_us, error);
}

gboolean
twin_store_need_change (TwinStore *self, GError **error)
{
  return self->change.id != 0 ||
         begin (self, NULL, "edit", NULL, twin_clock_utc_us (), error);
}

void
twin_store_note_changed (TwinStore *self)
{
  self->change.used = TRUE;
  twin_store_mark_topic (self, TWIN_STORE_TOPIC_GRAPH);
}

gboolean
twin_store_write_change (TwinStore *self, GError **error)
{
  const TwinStoreChange row = {
    .id = self->change.id,
    .time_us = self->change.time_us,
    .who = self->change.who,
    .kind = self->change.kind,
    .text = self->change.text,
    .undoes = self->change.undoes,
  };

  return !self->change.used ||
         twin_store_table_put (&self->sql, &twin_store_table_change, &row, NULL,
                               error);
}

int64_t
twin_store_get_change (TwinStore *self)
{
  if (self->in_transaction)
    return self->change.used ? self->change.id : 0;
  return self->last_change;
}
