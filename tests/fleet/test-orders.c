/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-orders.h"

#include "fleet-fixture.h"

typedef struct
{
  Fleet         fleet;
  TwinCommands *commands;
  TwinOrders   *orders;
  gboolean      disk_full;
  unsigned      n_kept;
  uint8_t       last[TWIN_ID_SIZE]; /* the newest command */
} Fixture;

static void
on_command (const TwinCommandState *state, void *data)
{
  Fixture *f = data;

  memcpy (f->last, state->id, TWIN_ID_SIZE);
  if (f->orders != NULL)
    twin_orders_command (f->orders, state);
}

static gboolean
on_keep (const TwinOrder *order, void *data, GError **error)
{
  Fixture *f = data;

  if (f->disk_full)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full");
      return FALSE;
    }
  f->n_kept++;
  return TRUE;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  const TwinCommandsHooks command_hooks = { NULL, on_command, f };
  const TwinOrdersHooks   hooks = { on_keep, NULL, f };

  fleet_set_up (&f->fleet);
  f->commands = twin_commands_new (&f->fleet.io, &command_hooks, 0);
  twin_commands_set_epoch (f->commands, NODE, 3);
  f->orders = twin_orders_new (f->commands, &f->fleet.clock, &hooks);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  twin_orders_free (f->orders);
  twin_commands_free (f->commands);
  fleet_tear_down (&f->fleet);
}

static const TwinOrder *
plan (Fixture *f, const char *date, const char *work, GError **error)
{
  char           *parts[] = { (char *) "6205-2RS", NULL };
  const TwinOrder wanted = { .twin = (char *) "compressor-7",
                             .node = (char *) NODE,
                             .date = (char *) date,
                             .work = (char *) work,
                             .note = (char *) "",
                             .parts = parts,
                             .who = (char *) "anna" };

  return twin_orders_plan (f->orders, &wanted, error);
}

static void
answer (Fixture *f, TwinResultStatus status, const char *reason)
{
  TwinResult result = { .id_size = TWIN_ID_SIZE,
                        .status = status,
                        .reason = (char *) reason };

  memcpy (result.id, f->last, TWIN_ID_SIZE);
  g_assert_true (twin_commands_result (f->commands, NODE, &result, TRUE, NULL));
}

static void
report (Fixture *f, const char *properties)
{
  g_autoptr (JsonNode) node = json (properties);
  const TwinReported reported = { .properties = node };

  twin_orders_reported (f->orders, NODE, &reported);
}

static const char shown[] =
    "{\"maintenance\":{\"date\":\"2026-12-03\",\"work\":\"Replace bearing\","
    "\"by\":\"anna\"}}";

static void
test_from_plan_to_done (Fixture *f, gconstpointer data)
{
  const TwinOrder *order = plan (f, "2026-12-03", "Replace bearing", NULL);
  g_autoptr (JsonNode) sent = NULL;
  g_autoptr (JsonNode) closed = NULL;
  g_autofree char *text = NULL;

  g_assert_nonnull (order);
  g_assert_cmpint (order->state, ==, TWIN_ORDER_PLANNED);
  g_assert_null (order->message);
  sent =
      fleet_read (fleet_take (&f->fleet, TWIN_CHANNEL_COMMAND), f->fleet.key);
  text = json_to_string (json_object_get_member (json_node_get_object (sent),
                                                 "arguments"),
                         FALSE);
  g_assert_cmpstr (text, ==,
                   "{\"date\":\"2026-12-03\",\"work\":\"Replace bearing\","
                   "\"parts\":[\"6205-2RS\"]}");

  answer (f, TWIN_RESULT_DONE, NULL);
  g_assert_cmpint (order->state, ==, TWIN_ORDER_PLANNED);
  report (f, "{}");
  g_assert_cmpint (order->state, ==, TWIN_ORDER_PLANNED);
  report (f, shown);
  g_assert_cmpint (order->state, ==, TWIN_ORDER_REPORTED);
  g_assert_true (twin_orders_find_open (f->orders, "compressor-7") == order);

  g_assert_true (
      twin_orders_close (f->orders, order->id, "bert", "was worn out", NULL));
  closed =
      fleet_read (fleet_take (&f->fleet, TWIN_CHANNEL_COMMAND), f->fleet.key);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (closed),
                                                  "command"),
                   ==, "confirmMaintenance");
  g_assert_cmpint (order->state, ==, TWIN_ORDER_REPORTED);
  answer (f, TWIN_RESULT_DONE, NULL);
  g_assert_cmpint (order->state, ==, TWIN_ORDER_DONE);
  g_assert_cmpstr (order->closing_note, ==, "was worn out");
  g_assert_null (twin_orders_find_open (f->orders, "compressor-7"));
  report (f, "{}");
  g_assert_cmpint (order->state, ==, TWIN_ORDER_DONE);
  g_assert_cmpuint (f->n_kept, >=, 4);
}

static void
test_cannot_be_planned (Fixture *f, gconstpointer data)
{
  static const char *const dates[] = { "",           "tomorrow", "2026-13-01",
                                       "2026-02-30", "2026-1-1", "20261203",
                                       "2026-12-03x" };

  for (size_t i = 0; i < G_N_ELEMENTS (dates); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (plan (f, dates[i], "Replace bearing", &error));
      g_assert_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_ARGUMENT);
    }
  {
    g_autoptr (GError) error = NULL;

    g_assert_null (plan (f, "2026-12-03", "", &error));
    g_assert_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_ARGUMENT);
  }
  {
    g_autoptr (GError) error = NULL;

    f->disk_full = TRUE;
    g_assert_null (plan (f, "2026-12-03", "Replace bearing", &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
    f->disk_full = FALSE;
  }
  fleet_assert_silent (&f->fleet);
  {
    g_autoptr (GError) error = NULL;

    g_assert_nonnull (plan (f, "2026-12-03", "Replace bearing", NULL));
    g_assert_null (plan (f, "2026-12-04", "Replace seal", &error));
    g_assert_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_STATE);
  }
}

static void
test_refused_by_the_node (Fixture *f, gconstpointer data)
{
  const TwinOrder *order = plan (f, "2026-12-03", "Replace bearing", NULL);

  answer (f, TWIN_RESULT_REJECTED, "role");
  g_assert_cmpint (order->state, ==, TWIN_ORDER_REFUSED);
  g_assert_nonnull (strstr (order->message, "role"));
  g_assert_nonnull (plan (f, "2026-12-04", "Replace bearing", NULL));
}

static void
test_waits_for_the_node (Fixture *f, gconstpointer data)
{
  const TwinOrder *order;

  f->fleet.offline = TRUE;
  order = plan (f, "2026-12-03", "Replace bearing", NULL);
  g_assert_cmpint (order->state, ==, TWIN_ORDER_PLANNED);
  g_assert_nonnull (order->message);
  g_assert_false (twin_orders_retry (f->orders, order->id, NULL));

  f->fleet.offline = FALSE;
  g_assert_true (twin_orders_retry (f->orders, order->id, NULL));
  g_assert_null (order->message);
  fleet_take (&f->fleet, TWIN_CHANNEL_COMMAND);

  /* No answer: still planned, and says so. */
  fleet_pass (&f->fleet, 60);
  twin_commands_tick (f->commands);
  g_assert_cmpint (order->state, ==, TWIN_ORDER_PLANNED);
  g_assert_nonnull (order->message);
}

static void
test_confirmed_from_elsewhere (Fixture *f, gconstpointer data)
{
  const TwinOrder *order = plan (f, "2026-12-03", "Replace bearing", NULL);
  g_autoptr (GError) error = NULL;

  report (f, shown);
  report (f, "{\"maintenance\":null}");
  g_assert_cmpint (order->state, ==, TWIN_ORDER_DONE);
  g_assert_nonnull (order->message);
  g_assert_false (twin_orders_close (f->orders, order->id, "b", NULL, &error));
  g_assert_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_STATE);
  g_clear_error (&error);
  g_assert_false (twin_orders_retry (f->orders, "no such", &error));
  g_assert_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_STATE);
}

static void
test_goes_on_after_a_restart (Fixture *f, gconstpointer data)
{
  const TwinOrder      *order = plan (f, "2026-12-03", "Replace bearing", NULL);
  const TwinOrdersHooks hooks = { on_keep, NULL, f };
  TwinOrders *again = twin_orders_new (f->commands, &f->fleet.clock, &hooks);

  twin_orders_load (again, order);
  twin_orders_free (f->orders);
  f->orders = again;
  order = twin_orders_find_open (again, "compressor-7");
  g_assert_cmpstr (order->parts[0], ==, "6205-2RS");
  report (f, shown);
  g_assert_cmpint (order->state, ==, TWIN_ORDER_REPORTED);
}

#define ADD(path, function)                                                    \
  g_test_add ("/fleet/orders/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("from-plan-to-done", test_from_plan_to_done);
  ADD ("cannot-be-planned", test_cannot_be_planned);
  ADD ("refused-by-the-node", test_refused_by_the_node);
  ADD ("waits-for-the-node", test_waits_for_the_node);
  ADD ("confirmed-from-elsewhere", test_confirmed_from_elsewhere);
  ADD ("goes-on-after-a-restart", test_goes_on_after_a_restart);
  return g_test_run ();
}
