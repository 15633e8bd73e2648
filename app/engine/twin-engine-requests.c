/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-requests.c - what the window asks, on its way to the pipeline */
#include "twin-engine-private.h"

void
twin_engine_ask_free (void *data)
{
  TwinEngineAsk *ask = data;

  if (ask == NULL)
    return;

  g_free (ask->who);
  g_free (ask->subject);
  g_free (ask->name);
  g_free (ask->text);
  g_free (ask->display_name);
  g_free (ask->model);
  g_free (ask->parent);
  g_free (ask->binding);
  g_free (ask->bearing);
  g_free (ask->token);
  g_free (ask->node);
  g_free (ask->detail);
  g_clear_pointer (&ask->link, twin_link_options_free);
  g_free (ask);
}

static TwinUpdate *
request_update (uint64_t         id,
                TwinRequestStage stage,
                const char      *text,
                const char      *detail)
{
  TwinRequestUpdate *request = g_new0 (TwinRequestUpdate, 1);

  request->id = id;
  request->stage = stage;
  request->time_us = twin_clock_utc_us ();
  request->text = g_strdup (text);
  request->detail = g_strdup (detail);
  return twin_update_new (TWIN_UPDATE_REQUEST, request);
}

void
twin_engine_ask_progress (TwinEngine          *self,
                          const TwinEngineAsk *ask,
                          TwinRequestStage     stage,
                          const char          *text,
                          const char          *detail)
{
  self->flush = TRUE;
  if (ask->outbox != 0)
    twin_engine_outbox_answer (self, ask, stage, text, detail);
  else
    g_ptr_array_add (self->out_updates,
                     request_update (ask->id, stage, text, detail));
}

static TwinEngineAsk *
ask_new (TwinEngineAskKind kind,
         const char       *subject,
         const char       *name,
         const char       *text,
         const char       *who)
{
  TwinEngineAsk *ask = g_new0 (TwinEngineAsk, 1);

  ask->kind = kind;
  ask->subject = g_strdup (subject);
  ask->name = g_strdup (name);
  ask->text = g_strdup (text);
  ask->who = g_strdup (who);
  return ask;
}

/* Hands @ask to the pipeline. */
static uint64_t
push (TwinEngine *self, TwinEngineAsk *ask)
{
  uint64_t id;

  twin_lock_acquire (&self->lock);
  id = ask->id = ++self->next_id;
  twin_lock_release (&self->lock);

  if (ask->who == NULL)
    ask->who = g_strdup (self->operator_name);

  if (twin_queue_push (self->asks, ask))
    {
      twin_queue_wake (self->records);
      return id;
    }

  twin_engine_ask_free (ask);
  if (self->sink != NULL)
    self->sink (request_update (id, TWIN_REQUEST_FAILED,
                                "The engine is stopping or has too much to "
                                "do; try again in a moment.",
                                NULL),
                self->sink_data);
  return id;
}

void
twin_engine_take_asks (TwinEngine *self)
{
  TwinEngineAsk *ask;

  while ((ask = twin_queue_pop (self->asks, 0)) != NULL)
    twin_engine_ask_do (self, ask);
}

uint64_t
twin_engine_connect (TwinEngine *self, const TwinEngineConfig *link_part)
{
  g_autoptr (GError) error = NULL;
  TwinEngineAsk *ask = ask_new (TWIN_ENGINE_ASK_CONNECT, NULL, NULL, NULL,
                                link_part->operator_name);

  if (link_part->broker != NULL)
    {
      ask->link = twin_engine_link_options (link_part, self->plant, &error);
      ask->name = g_strdup (link_part->broker);
      if (ask->link == NULL)
        ask->text = g_strdup (error->message);
    }

  return push (self, ask);
}

uint64_t
twin_engine_watch (TwinEngine *self,
                   const char *machine,
                   const char *sensor,
                   char        axis,
                   gboolean    on,
                   gboolean    live)
{
  TwinEngineAsk *ask =
      ask_new (TWIN_ENGINE_ASK_WATCH, machine, sensor, NULL, NULL);

  ask->axis = axis;
  ask->on = on;
  ask->live = live;
  return push (self, ask);
}

uint64_t
twin_engine_command (TwinEngine *self,
                     const char *twin,
                     const char *command,
                     const char *arguments,
                     const char *who)
{
  return push (self, ask_new (TWIN_ENGINE_ASK_COMMAND, twin, command, arguments,
                              who));
}

uint64_t
twin_engine_set_desired (TwinEngine *self,
                         const char *twin,
                         const char *property,
                         const char *json_value,
                         int64_t     if_version,
                         const char *who)
{
  TwinEngineAsk *ask =
      ask_new (TWIN_ENGINE_ASK_DESIRED, twin, property, json_value, who);

  ask->number = if_version;
  return push (self, ask);
}

uint64_t
twin_engine_acknowledge (TwinEngine *self,
                         const char *alarm_id,
                         const char *note,
                         const char *who)
{
  return push (self, ask_new (TWIN_ENGINE_ASK_ACKNOWLEDGE, alarm_id, NULL, note,
                              who));
}

uint64_t
twin_engine_shelve (TwinEngine *self,
                    const char *alarm_id,
                    int64_t     until_us,
                    const char *note,
                    const char *who)
{
  TwinEngineAsk *ask =
      ask_new (TWIN_ENGINE_ASK_SHELVE, alarm_id, NULL, note, who);

  ask->number = until_us;
  return push (self, ask);
}

uint64_t
twin_engine_schedule_maintenance (TwinEngine *self,
                                  const char *machine,
                                  const char *arguments,
                                  const char *who)
{
  return push (self, ask_new (TWIN_ENGINE_ASK_MAINTENANCE, machine, NULL,
                              arguments, who));
}

uint64_t
twin_engine_outcome (TwinEngine *self,
                     const char *what,
                     const char *subject,
                     const char *arguments,
                     const char *who)
{
  return push (self, ask_new (TWIN_ENGINE_ASK_OUTCOME, subject, what, arguments,
                              who));
}

uint64_t
twin_engine_commission (TwinEngine           *self,
                        const TwinCommission *what,
                        const char           *who)
{
  TwinEngineAsk *ask =
      ask_new (TWIN_ENGINE_ASK_COMMISSION, what->node, what->twin, NULL, who);

  ask->display_name = g_strdup (what->display_name);
  ask->model = g_strdup (what->model);
  ask->parent = g_strdup (what->parent);
  ask->binding = g_strdup (what->binding);
  ask->bearing = g_strdup (what->bearing);
  ask->token = g_strdup (what->token);
  return push (self, ask);
}

uint64_t
twin_engine_firmware (TwinEngine *self,
                      const char *what,
                      int64_t     campaign,
                      const char *arguments,
                      const char *who)
{
  g_autofree char *subject = g_strdup_printf ("%" G_GINT64_FORMAT, campaign);

  return push (self, ask_new (TWIN_ENGINE_ASK_FIRMWARE, subject, what,
                              arguments, who));
}

uint64_t
twin_engine_whatif (TwinEngine *self,
                    const char *machine,
                    const char *question,
                    const char *who)
{
  return push (self, ask_new (TWIN_ENGINE_ASK_WHATIF, machine, NULL, question,
                              who));
}

uint64_t
twin_engine_import (TwinEngine *self,
                    const char *json,
                    const char *origin,
                    const char *who)
{
  return push (self, ask_new (TWIN_ENGINE_ASK_IMPORT, origin, NULL, json, who));
}

uint64_t
twin_engine_decommission (TwinEngine *self, const char *node, const char *who)
{
  return push (self,
               ask_new (TWIN_ENGINE_ASK_DECOMMISSION, node, NULL, NULL, who));
}
