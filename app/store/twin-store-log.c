/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-log.h"

#include <unistd.h>

#include "twin-store-private.h"
#include "twin-store-tables.h"

gboolean
twin_store_put_row (TwinStore            *self,
                    const TwinStoreTable *table,
                    const void           *row,
                    int64_t              *id,
                    GError              **error)
{
  gboolean own;

  if (!twin_store_enter (self, &own, error))
    return FALSE;
  return twin_store_leave (self, own,
                           twin_store_table_put (&self->sql, table, row, id,
                                                 error),
                           error);
}

static gboolean
check_found (TwinStore  *self,
             const char *what,
             const char *name,
             GError    **error)
{
  if (sqlite3_changes (self->sql.db) > 0)
    return TRUE;

  g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_NOT_FOUND,
               "There is no %s “%s” in the store", what, name);
  return FALSE;
}

gboolean
twin_store_put_node (TwinStore *self, const TwinStoreNode *row, GError **error)
{
  gboolean own, ok;

  g_return_val_if_fail (row->name != NULL, FALSE);

  if (!twin_store_enter (self, &own, error))
    return FALSE;
  ok = twin_store_table_put (&self->sql, &twin_store_table_node, row, NULL,
                             error);
  twin_store_mark_topic (self, TWIN_STORE_TOPIC_NODES);
  return twin_store_leave (self, own, ok, error);
}

gboolean
twin_store_touch_node (TwinStore  *self,
                       const char *name,
                       const char *status,
                       int64_t     last_seen_us,
                       GError    **error)
{
  gboolean own, ok;

  if (!twin_store_enter (self, &own, error))
    return FALSE;
  ok = twin_store_db_run (&self->sql, error,
                          "UPDATE node SET status = ?2, last_seen_us = ?3"
                          " WHERE name = ?1",
                          "sst", name, status, last_seen_us) &&
       check_found (self, "node", name, error);
  return twin_store_leave (self, own, ok, error);
}

int64_t
twin_store_next_counter (TwinStore  *self,
                         const char *node,
                         int64_t     now_us,
                         GError    **error)
{
  int64_t  counter = -1;
  gboolean own, ok;

  if (!twin_store_enter (self, &own, error))
    return -1;
  ok = twin_store_db_run (&self->sql, error,
                          "UPDATE node SET counter = max (ifnull (counter, 0) "
                          "+ 1,"
                          " ?2) WHERE name = ?1",
                          "si", node, now_us) &&
       check_found (self, "node", node, error) &&
       twin_store_db_get_int (&self->sql, error, &counter,
                              "SELECT counter FROM node WHERE name = ?", "s",
                              node);
  return twin_store_leave (self, own, ok, error) ? counter : -1;
}

gboolean
twin_store_delete_node (TwinStore *self, const char *name, GError **error)
{
  gboolean own, ok;

  if (!twin_store_enter (self, &own, error))
    return FALSE;
  ok = twin_store_db_run (&self->sql, error, "DELETE FROM node WHERE name = ?",
                          "s", name) &&
       check_found (self, "node", name, error);
  twin_store_mark_topic (self, TWIN_STORE_TOPIC_NODES);
  return twin_store_leave (self, own, ok, error);
}

/* --- analysis ------------------------------------------------------------ */

static gboolean
find_waveform (TwinStore               *self,
               const TwinStoreWaveform *row,
               int64_t                 *id,
               GError                 **error)
{
  return twin_store_db_get_int (
      &self->sql, error, id,
      "SELECT id FROM waveform WHERE node = ? AND sensor = ? AND axis = ?"
      " AND ring IS ? AND epoch = ? AND n0 = ? AND capture = ?",
      "ssssiii", row->node, row->sensor, row->axis, row->ring, row->epoch,
      row->n0, row->capture);
}

static gboolean
drop_old_live (TwinStore *self, const TwinStoreWaveform *row, GError **error)
{
  if (row->capture >= 0 || self->live_waveforms <= 0)
    return TRUE;

  return twin_store_db_run (
      &self->sql, error,
      "DELETE FROM waveform WHERE id IN (SELECT id FROM waveform"
      " WHERE node = ?1 AND sensor = ?2 AND axis = ?3 AND capture < 0"
      " ORDER BY id DESC LIMIT -1 OFFSET ?4)",
      "sssi", row->node, row->sensor, row->axis, self->live_waveforms);
}

gboolean
twin_store_add_waveform (TwinStore               *self,
                         const TwinStoreWaveform *row,
                         int64_t                 *id,
                         GError                 **error)
{
  int64_t  found = 0;
  gboolean own, ok;

  g_return_val_if_fail (row->node != NULL && row->sensor != NULL, FALSE);
  g_return_val_if_fail (row->axis != NULL, FALSE);

  if (!twin_store_enter (self, &own, error))
    return FALSE;
  ok = find_waveform (self, row, &found, error);
  if (ok && found == 0)
    ok = twin_store_table_put (&self->sql, &twin_store_table_waveform, row,
                               &found, error) &&
         drop_old_live (self, row, error);
  if (id != NULL)
    *id = found;
  return twin_store_leave (self, own, ok, error);
}

gboolean
twin_store_add_diagnosis (TwinStore                *self,
                          const TwinStoreDiagnosis *row,
                          GError                  **error)
{
  return twin_store_put_row (self, &twin_store_table_diagnosis, row, NULL,
                             error);
}

gboolean
twin_store_add_health (TwinStore             *self,
                       const TwinStoreHealth *row,
                       GError               **error)
{
  return twin_store_put_row (self, &twin_store_table_health, row, NULL, error);
}

gboolean
twin_store_add_prediction (TwinStore                 *self,
                           const TwinStorePrediction *row,
                           GError                   **error)
{
  return twin_store_put_row (self, &twin_store_table_prediction, row, NULL,
                             error);
}

/* --- what happened -------------------------------------------------------- */

gboolean
twin_store_add_event (TwinStore            *self,
                      const TwinStoreEvent *row,
                      GError              **error)
{
  return twin_store_put_row (self, &twin_store_table_event, row, NULL, error);
}

gboolean
twin_store_add_transition (TwinStore                      *self,
                           const TwinStoreAlarmTransition *row,
                           GError                        **error)
{
  return twin_store_put_row (self, &twin_store_table_transition, row, NULL,
                             error);
}

gboolean
twin_store_put_alarm (TwinStore            *self,
                      const TwinStoreAlarm *row,
                      GError              **error)
{
  g_return_val_if_fail (row->source != NULL && row->condition != NULL, FALSE);
  g_return_val_if_fail (row->state != NULL, FALSE);

  return twin_store_put_row (self, &twin_store_table_alarm, row, NULL, error);
}

gboolean
twin_store_delete_alarm (TwinStore  *self,
                         const char *source,
                         const char *condition,
                         GError    **error)
{
  gboolean own, ok;

  if (!twin_store_enter (self, &own, error))
    return FALSE;
  ok =
      twin_store_db_run (&self->sql, error,
                         "DELETE FROM alarm WHERE source = ? AND condition = ?",
                         "ss", source, condition);
  return twin_store_leave (self, own, ok, error);
}

gboolean
twin_store_add_journal (TwinStore              *self,
                        const TwinStoreJournal *row,
                        GError                **error)
{
  return twin_store_put_row (self, &twin_store_table_journal, row, NULL, error);
}

/* --- acting on the machine ------------------------------------------------ */

gboolean
twin_store_put_command (TwinStore              *self,
                        const TwinStoreCommand *row,
                        GError                **error)
{
  g_return_val_if_fail (row->id != NULL, FALSE);

  return twin_store_put_row (self, &twin_store_table_command, row, NULL, error);
}

static gboolean
check_desired (TwinStore *self, const TwinStoreDesired *row, GError **error)
{
  int64_t newest = 0;

  if (!twin_store_db_get_int (&self->sql, error, &newest,
                              "SELECT max (version) FROM desired WHERE node = "
                              "?",
                              "s", row->node))
    return FALSE;

  if (row->version == newest || (row->version > newest && row->base == newest))
    return TRUE;

  g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_CHANGED,
               "The desired state of node “%s” is at version %" G_GINT64_FORMAT
               ", this change was made for %" G_GINT64_FORMAT
               "; look at it again",
               row->node, newest, row->base);
  return FALSE;
}

gboolean
twin_store_put_desired (TwinStore              *self,
                        const TwinStoreDesired *row,
                        GError                **error)
{
  gboolean own, ok;

  g_return_val_if_fail (row->node != NULL && row->properties != NULL, FALSE);
  g_return_val_if_fail (row->version > 0, FALSE);

  if (!twin_store_enter (self, &own, error))
    return FALSE;
  ok = check_desired (self, row, error) &&
       twin_store_table_put (&self->sql, &twin_store_table_desired, row, NULL,
                             error);
  twin_store_mark_topic (self, TWIN_STORE_TOPIC_DESIRED);
  return twin_store_leave (self, own, ok, error);
}

gboolean
twin_store_put_order (TwinStore            *self,
                      const TwinStoreOrder *row,
                      int64_t              *id,
                      GError              **error)
{
  gboolean done =
      twin_store_put_row (self, &twin_store_table_order, row, id, error);

  if (done && id != NULL && row->id != 0)
    *id = row->id;
  return done;
}

gboolean
twin_store_add_outcome (TwinStore              *self,
                        const TwinStoreOutcome *row,
                        int64_t                *id,
                        GError                **error)
{
  TwinStoreOutcome added = *row;

  added.id = 0;
  return twin_store_put_row (self, &twin_store_table_outcome, &added, id,
                             error);
}

/* --- the outbox ------------------------------------------------------------
 */

gboolean
twin_store_post_request (TwinStore              *self,
                         const TwinStoreRequest *row,
                         int64_t                *id,
                         GError                **error)
{
  TwinStoreRequest request = *row;
  gboolean         own, ok;

  request.id = 0;
  request.state = "new";
  request.answer = NULL;
  request.answered_us = TWIN_TIME_NONE;
  if (!twin_store_enter (self, &own, error))
    return FALSE;
  ok = twin_store_table_put (&self->sql, &twin_store_table_request, &request,
                             id, error);
  twin_store_mark_topic (self, TWIN_STORE_TOPIC_REQUESTS);
  return twin_store_leave (self, own, ok, error);
}

GPtrArray *
twin_store_take_requests (TwinStore *self, gboolean again, GError **error)
{
  g_autoptr (GPtrArray) rows = NULL;
  gboolean own, ok;

  rows =
      twin_store_table_list (&self->sql, &twin_store_table_request, error,
                             again
                                 ? "WHERE state IN ('new', 'taken', 'running')"
                                   " ORDER BY id"
                                 : "WHERE state = 'new' ORDER BY id",
                             "");
  if (rows == NULL || rows->len == 0)
    return g_steal_pointer (&rows);

  if (!twin_store_enter (self, &own, error))
    return NULL;
  ok = TRUE;
  for (guint i = 0; ok && i < rows->len; i++)
    {
      const TwinStoreRequest *row = g_ptr_array_index (rows, i);

      ok = twin_store_db_run (&self->sql, error,
                              "UPDATE request SET state = 'taken' WHERE id = ?",
                              "i", row->id);
    }
  if (!twin_store_leave (self, own, ok, error))
    return NULL;
  return g_steal_pointer (&rows);
}

gboolean
twin_store_answer_request (TwinStore  *self,
                           int64_t     id,
                           const char *state,
                           const char *answer,
                           int64_t     now_us,
                           GError    **error)
{
  g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT, id);
  gboolean         own, ok;

  if (!twin_store_enter (self, &own, error))
    return FALSE;
  ok = twin_store_db_run (&self->sql, error,
                          "UPDATE request SET state = ?2, answer = ?3,"
                          " answered_us = ?4 WHERE id = ?1",
                          "isst", id, state, answer, now_us) &&
       check_found (self, "request", name, error);
  return twin_store_leave (self, own, ok, error);
}

gboolean
twin_store_put_status (TwinStore  *self,
                       const char *json,
                       int64_t     now_us,
                       GError    **error)
{
  gboolean own, ok;

  if (!twin_store_enter (self, &own, error))
    return FALSE;
  ok = twin_store_db_run (&self->sql, error,
                          "INSERT INTO engine_status (id, pid, time_us, json)"
                          " VALUES (1, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                          " pid = excluded.pid, time_us = excluded.time_us,"
                          " json = excluded.json",
                          "its", (int64_t) getpid (), now_us, json);
  return twin_store_leave (self, own, ok, error);
}

gboolean
twin_store_put_twin_state (TwinStore  *self,
                           const char *twin,
                           const char *state,
                           int64_t     since_us,
                           GError    **error)
{
  gboolean own, ok;

  if (!twin_store_enter (self, &own, error))
    return FALSE;
  ok = twin_store_db_run (&self->sql, error,
                          "INSERT INTO twin_state (twin, state, since_us)"
                          " VALUES (?, ?, ?) ON CONFLICT (twin) DO UPDATE SET"
                          " state = excluded.state, since_us ="
                          " excluded.since_us WHERE state <> excluded.state",
                          "sst", twin, state, since_us);
  return twin_store_leave (self, own, ok, error);
}

gboolean
twin_store_set_setting (TwinStore  *self,
                        const char *key,
                        const char *value,
                        GError    **error)
{
  gboolean own, ok;

  if (!twin_store_enter (self, &own, error))
    return FALSE;
  if (value == NULL)
    ok = twin_store_db_run (&self->sql, error,
                            "DELETE FROM setting WHERE key = ?", "s", key);
  else
    ok = twin_store_db_run (&self->sql, error,
                            "INSERT INTO setting (key, value) VALUES (?, ?)"
                            " ON CONFLICT (key) DO UPDATE SET value"
                            " = excluded.value",
                            "ss", key, value);
  twin_store_mark_topic (self, TWIN_STORE_TOPIC_SETTINGS);
  return twin_store_leave (self, own, ok, error);
}

gboolean
twin_store_set_plant (TwinStore *self, const char *plant, GError **error)
{
  sqlite3_stmt    *select;
  g_autofree char *known = NULL;
  gboolean         own, ok;

  if (!twin_store_enter (self, &own, error))
    return FALSE;
  ok = twin_store_db_run (&self->sql, error,
                          "INSERT INTO meta (key, value) VALUES ('plant', ?)"
                          " ON CONFLICT (key) DO NOTHING",
                          "s", plant);
  select =
      ok ? twin_store_db_prepare (&self->sql,
                                  "SELECT value FROM meta WHERE key = 'plant'",
                                  error)
         : NULL;
  ok = select != NULL && twin_store_db_step (&self->sql, select, error);
  if (ok)
    {
      known = g_strdup ((const char *) sqlite3_column_text (select, 0));
      sqlite3_reset (select);
      ok = g_strcmp0 (known, plant) == 0;
      if (!ok)
        g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_CHANGED,
                     "The store %s belongs to plant “%s”, not “%s”; choose "
                     "another store",
                     self->sql.path, known, plant);
    }
  return twin_store_leave (self, own, ok, error);
}
