/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-orders.h"

#include <stdio.h>
#include <string.h>

static const char *const states[] = {
  [TWIN_ORDER_PLANNED] = "planned",
  [TWIN_ORDER_REPORTED] = "reported",
  [TWIN_ORDER_DONE] = "done",
  [TWIN_ORDER_REFUSED] = "refused",
};

/* An order and the command under way for it. */
typedef struct
{
  TwinOrder order;
  gboolean  has_command;
  uint8_t   command[TWIN_ID_SIZE];
  gboolean  closing; /* the command is the confirmation */
} Entry;

struct _TwinOrders
{
  TwinCommands    *commands;
  const TwinClock *clock;
  TwinOrdersHooks  hooks;
  GPtrArray       *entries; /* Entry, oldest first */
};

const char *
twin_order_state_to_string (TwinOrderState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (states), NULL);
  return states[state];
}

static void
entry_free (void *data)
{
  Entry *entry = data;

  g_free (entry->order.id);
  g_free (entry->order.twin);
  g_free (entry->order.node);
  g_free (entry->order.date);
  g_free (entry->order.work);
  g_free (entry->order.note);
  g_strfreev (entry->order.parts);
  g_free (entry->order.who);
  g_free (entry->order.message);
  g_free (entry->order.closing_note);
  g_free (entry);
}

static Entry *
entry_new (const TwinOrder *order)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->order = *order;
  entry->order.id = g_strdup (order->id);
  entry->order.twin = g_strdup (order->twin);
  entry->order.node = g_strdup (order->node);
  entry->order.date = g_strdup (order->date);
  entry->order.work = g_strdup (order->work);
  entry->order.note = g_strdup (order->note);
  entry->order.parts = g_strdupv (order->parts);
  entry->order.who = g_strdup (order->who);
  entry->order.message = g_strdup (order->message);
  entry->order.closing_note = g_strdup (order->closing_note);
  return entry;
}

TwinOrders *
twin_orders_new (TwinCommands          *commands,
                 const TwinClock       *clock,
                 const TwinOrdersHooks *hooks)
{
  TwinOrders *self = g_new0 (TwinOrders, 1);

  self->commands = commands;
  self->clock = clock;
  self->hooks = *hooks;
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  return self;
}

void
twin_orders_free (TwinOrders *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->entries);
  g_free (self);
}

void
twin_orders_load (TwinOrders *self, const TwinOrder *order)
{
  g_ptr_array_add (self->entries, entry_new (order));
}

/* --- keeping and telling --- */

static gboolean
is_open (const Entry *entry)
{
  return entry->order.state == TWIN_ORDER_PLANNED ||
         entry->order.state == TWIN_ORDER_REPORTED;
}

static gboolean
keep (TwinOrders *self, Entry *entry, GError **error)
{
  entry->order.changed_us = twin_clock_now_utc (self->clock);
  return self->hooks.keep == NULL ||
         self->hooks.keep (&entry->order, self->hooks.user_data, error);
}

/* After the fact: what happened is shown even when it could not be kept. */
static void
change (TwinOrders    *self,
        Entry         *entry,
        TwinOrderState state,
        const char    *message)
{
  g_autoptr (GError) error = NULL;
  char *owned = g_strdup (message);

  entry->order.state = state;
  g_free (entry->order.message);
  entry->order.message = owned;
  if (!keep (self, entry, &error))
    g_warning ("The maintenance order of %s could not be kept: %s",
               entry->order.twin, error->message);
  if (self->hooks.changed != NULL)
    self->hooks.changed (&entry->order, self->hooks.user_data);
}

static Entry *
find (TwinOrders *self, const char *id)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      Entry *entry = g_ptr_array_index (self->entries, i);

      if (g_str_equal (entry->order.id, id))
        return entry;
    }
  return NULL;
}

static Entry *
find_open (TwinOrders *self, const char *twin, const char *node)
{
  for (guint i = self->entries->len; i > 0; i--)
    {
      Entry *entry = g_ptr_array_index (self->entries, i - 1);

      if (is_open (entry) &&
          (twin == NULL || g_str_equal (entry->order.twin, twin)) &&
          (node == NULL || g_strcmp0 (entry->order.node, node) == 0))
        return entry;
    }
  return NULL;
}

/* --- planning and closing --- */

static gboolean
is_date (const char *text)
{
  unsigned year, month, day;
  char     rest;

  return strlen (text) == 10 &&
         sscanf (text, "%4u-%2u-%2u%c", &year, &month, &day, &rest) == 3 &&
         text[4] == '-' && text[7] == '-' &&
         g_date_valid_dmy (day, month, year);
}

static gboolean
check_plan (TwinOrders *self, const TwinOrder *plan, GError **error)
{
  if (plan->date == NULL || !is_date (plan->date))
    {
      g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_ARGUMENT,
                   "“%s” is not a date: write it as 2026-12-03",
                   plan->date != NULL ? plan->date : "");
      return FALSE;
    }
  if (plan->work == NULL || plan->work[0] == '\0')
    {
      g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_ARGUMENT,
                   "Say what is to be done on %s", plan->twin);
      return FALSE;
    }
  if (plan->node == NULL)
    {
      g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_UNKNOWN_NODE,
                   "No node serves %s: commission it first", plan->twin);
      return FALSE;
    }
  if (find_open (self, plan->twin, NULL) != NULL)
    {
      g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_STATE,
                   "%s already has an open maintenance order: close it first",
                   plan->twin);
      return FALSE;
    }
  return TRUE;
}

static JsonNode *
make_arguments (const TwinOrder *order, gboolean closing)
{
  JsonObject *object = json_object_new ();
  JsonNode   *node = json_node_init_object (json_node_alloc (), object);
  const char *note = closing ? order->closing_note : order->note;

  json_object_unref (object);
  json_object_set_string_member (object, "work", order->work);
  if (note != NULL && note[0] != '\0')
    json_object_set_string_member (object, "note", note);
  if (closing)
    return node;

  json_object_set_string_member (object, "date", order->date);
  if (order->parts != NULL && order->parts[0] != NULL)
    {
      JsonArray *parts = json_array_new ();

      for (char **part = order->parts; *part != NULL; part++)
        json_array_add_string_element (parts, *part);
      json_object_set_array_member (object, "parts", parts);
    }
  return node;
}

static gboolean
send (TwinOrders *self,
      Entry      *entry,
      gboolean    closing,
      const char *who,
      GError    **error)
{
  g_autoptr (JsonNode) arguments = make_arguments (&entry->order, closing);
  const TwinCommandRequest request = {
    .node = entry->order.node,
    .command = closing ? "confirmMaintenance" : "scheduleMaintenance",
    .arguments = arguments,
    .who = who,
  };
  uint8_t id[TWIN_ID_SIZE];

  /* The command's first change is told before this returns; it finds the
   * order by what is noted here, or is of no interest. */
  entry->has_command = FALSE;
  if (!twin_commands_send (self->commands, &request, id, error))
    return FALSE;
  memcpy (entry->command, id, sizeof id);
  entry->has_command = TRUE;
  entry->closing = closing;
  return TRUE;
}

const TwinOrder *
twin_orders_plan (TwinOrders *self, const TwinOrder *plan, GError **error)
{
  g_autoptr (GError) send_error = NULL;
  uint8_t random[8];
  Entry  *entry;

  if (!check_plan (self, plan, error))
    return NULL;

  entry = entry_new (plan);
  twin_random_bytes (random, sizeof random);
  g_free (entry->order.id);
  entry->order.id = twin_hex_format (random, sizeof random);
  g_clear_pointer (&entry->order.message, g_free);
  g_clear_pointer (&entry->order.closing_note, g_free);
  entry->order.state = TWIN_ORDER_PLANNED;
  entry->order.created_us = twin_clock_now_utc (self->clock);

  if (!keep (self, entry, error))
    {
      g_prefix_error (error,
                      "The maintenance order of %s was not sent: ", plan->twin);
      entry_free (entry);
      return NULL;
    }

  g_ptr_array_add (self->entries, entry);
  send (self, entry, FALSE, plan->who, &send_error);
  change (self, entry, TWIN_ORDER_PLANNED,
          send_error != NULL ? send_error->message : NULL);
  return &entry->order;
}

static Entry *
find_in (TwinOrders *self,
         const char *id,
         gboolean    reported_too,
         GError    **error)
{
  Entry *entry = find (self, id);

  if (entry != NULL &&
      (entry->order.state == TWIN_ORDER_PLANNED ||
       (reported_too && entry->order.state == TWIN_ORDER_REPORTED)))
    return entry;

  g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_STATE,
               "The maintenance order %s is %s", id,
               entry == NULL ? "not known"
                             : twin_order_state_to_string (entry->order.state));
  return NULL;
}

gboolean
twin_orders_retry (TwinOrders *self, const char *id, GError **error)
{
  Entry *entry = find_in (self, id, FALSE, error);

  if (entry == NULL || !send (self, entry, FALSE, entry->order.who, error))
    return FALSE;
  change (self, entry, TWIN_ORDER_PLANNED, NULL);
  return TRUE;
}

gboolean
twin_orders_close (TwinOrders *self,
                   const char *id,
                   const char *who,
                   const char *closing_note,
                   GError    **error)
{
  Entry *entry = find_in (self, id, TRUE, error);

  if (entry == NULL)
    return FALSE;

  g_free (entry->order.closing_note);
  entry->order.closing_note = g_strdup (closing_note);
  if (!keep (self, entry, error) || !send (self, entry, TRUE, who, error))
    return FALSE;
  change (self, entry, entry->order.state, NULL);
  return TRUE;
}

/* --- what comes back --- */

static Entry *
find_by_command (TwinOrders *self, const uint8_t id[TWIN_ID_SIZE])
{
  for (guint i = self->entries->len; i > 0; i--)
    {
      Entry *entry = g_ptr_array_index (self->entries, i - 1);

      if (entry->has_command && memcmp (entry->command, id, TWIN_ID_SIZE) == 0)
        return entry;
    }
  return NULL;
}

void
twin_orders_command (TwinOrders *self, const TwinCommandState *state)
{
  Entry *entry = find_by_command (self, state->id);

  if (entry == NULL || !is_open (entry) ||
      !twin_command_status_is_final (state->status))
    return;

  if (state->status == TWIN_COMMAND_DONE)
    {
      if (entry->closing)
        change (self, entry, TWIN_ORDER_DONE, NULL);
      return;
    }

  if (state->status == TWIN_COMMAND_REJECTED && !entry->closing &&
      entry->order.state == TWIN_ORDER_PLANNED)
    change (self, entry, TWIN_ORDER_REFUSED, state->message);
  else
    change (self, entry, entry->order.state, state->message);
}

/* The text member of @object, or NULL. */
static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *member = json_object_get_member (object, name);

  return member != NULL && JSON_NODE_HOLDS_VALUE (member) &&
                 json_node_get_value_type (member) == G_TYPE_STRING
             ? json_node_get_string (member)
             : NULL;
}

static gboolean
says_the_same (JsonNode *maintenance, const TwinOrder *order)
{
  JsonObject *object;

  if (maintenance == NULL || !JSON_NODE_HOLDS_OBJECT (maintenance))
    return FALSE;
  object = json_node_get_object (maintenance);
  return g_strcmp0 (get_text (object, "date"), order->date) == 0 &&
         g_strcmp0 (get_text (object, "work"), order->work) == 0;
}

void
twin_orders_reported (TwinOrders         *self,
                      const char         *node,
                      const TwinReported *reported)
{
  Entry    *entry = find_open (self, NULL, node);
  JsonNode *maintenance =
      json_object_get_member (json_node_get_object (reported->properties),
                              "maintenance");
  gboolean same;

  if (entry == NULL)
    return;

  same = says_the_same (maintenance, &entry->order);
  if (same && entry->order.state == TWIN_ORDER_PLANNED)
    change (self, entry, TWIN_ORDER_REPORTED, NULL);
  else if (!same && entry->order.state == TWIN_ORDER_REPORTED)
    change (self, entry, TWIN_ORDER_DONE,
            entry->closing ? NULL
                           : "The node no longer shows it: it was "
                             "confirmed or replaced from elsewhere");
}

const TwinOrder *
twin_orders_lookup (TwinOrders *self, const char *id)
{
  const Entry *entry = find (self, id);

  return entry == NULL ? NULL : &entry->order;
}

GPtrArray *
twin_orders_list (TwinOrders *self, const char *twin)
{
  GPtrArray *orders = g_ptr_array_new ();

  for (guint i = self->entries->len; i > 0; i--)
    {
      Entry *entry = g_ptr_array_index (self->entries, i - 1);

      if (twin == NULL || g_str_equal (entry->order.twin, twin))
        g_ptr_array_add (orders, &entry->order);
    }

  return orders;
}

const TwinOrder *
twin_orders_find_open (TwinOrders *self, const char *twin)
{
  const Entry *entry = find_open (self, twin, NULL);

  return entry == NULL ? NULL : &entry->order;
}
