/* SPDX-License-Identifier: Apache-2.0
 *
 * main.c - twin-node, the host port of the node firmware
 */
#include <glib.h>
#include <locale.h>
#include <signal.h>
#include <string.h>

#include "factory.h"
#include "fleet.h"
#include "injection.h"
#include "options.h"

static volatile sig_atomic_t stop;

static void
on_signal (int number)
{
  stop = 1;
}

static plant *
load (const options *o, GError **error)
{
  if (o->replay != NULL)
    {
      g_autofree char *path = g_canonicalize_filename (o->replay, NULL);

      if (o->rate <= 0 || o->rpm <= 0 || o->scale <= 0)
        {
          g_set_error (error, PLANT_ERROR, PLANT_ERROR_VALUE,
                       "--replay needs --rate, --rpm and --scale");
          return NULL;
        }
      return plant_of_recording (path, o->rate, o->rpm, o->scale);
    }

  if (o->fleet == NULL)
    {
      g_set_error (error, PLANT_ERROR, PLANT_ERROR_VALUE,
                   "Nothing to run: give --fleet FILE or --replay FILE");
      return NULL;
    }
  return plant_load (o->fleet, o->age_scale, (uint64_t) o->seed, error);
}

/* The page by which a board becomes the node of that name. */
static bool
write_factory (const options *o, GError **error)
{
  uint8_t  page[FACTORY_PAGE_SIZE];
  uint32_t n;
  g_autoptr (plant) p = load (o, error);

  for (guint i = 0; p != NULL && i < p->nodes->len; i++)
    {
      const plant_node *node = p->nodes->pdata[i];

      if (o->node != NULL && strcmp (o->node, node->config.node) != 0)
        continue;
      n = plant_factory_page (node, page);
      if (n > 0)
        return g_file_set_contents (o->factory, (const char *) page, n, error);
      g_set_error (error, PLANT_ERROR, PLANT_ERROR_VALUE,
                   "Node “%s” does not fit the factory page of a board",
                   node->config.node);
      return false;
    }

  if (p != NULL)
    g_set_error (error, PLANT_ERROR, PLANT_ERROR_VALUE,
                 "The plant has no node “%s”", o->node != NULL ? o->node : "");
  return false;
}

static bool
run (const options *o, GError **error)
{
  struct sigaction action = { .sa_handler = on_signal };
  fleet_options    wanted = {
       .broker = o->broker != NULL ? o->broker : "mqtt://127.0.0.1:1883",
       .ca = o->ca,
       .cert = o->cert,
       .key = o->key,
       .state = o->state,
       .replay_data = o->replay_data,
       .only = o->node,
       .faults = o->faults,
       .console = o->console,
       .time_scale = o->time_scale,
       .cut_power_after = (guint64) MAX (o->cut_power_after, 0),
       .no_rtc = o->no_rtc,
       .verbose = o->verbose,
  };
  g_autoptr (plant) p = NULL;
  g_autoptr (fleet) f = NULL;

  if (o->state == NULL)
    {
      g_set_error (error, PLANT_ERROR, PLANT_ERROR_VALUE,
                   "Say where the flash files live: --state DIR");
      return false;
    }

  if (o->time_scale != 0 && !(o->time_scale >= 1 && o->time_scale <= 1000))
    {
      g_set_error (error, PLANT_ERROR, PLANT_ERROR_VALUE,
                   "--time-scale is a number from 1 to 1000");
      return false;
    }

  p = load (o, error);
  if (p == NULL)
    return false;

  sigaction (SIGTERM, &action, NULL);
  sigaction (SIGINT, &action, NULL);
  f = fleet_new (p, &wanted, error);
  if (f == NULL)
    return false;

  g_printerr ("twin-node: %u node%s, broker %s\n", fleet_size (f),
              fleet_size (f) == 1 ? "" : "s", wanted.broker);
  fleet_run (f, &stop);
  return true;
}

int
main (int argc, char **argv)
{
  g_auto (options) o = { 0 };
  g_autoptr (GError) error = NULL;
  int rc = 0;

  setlocale (LC_ALL, "");
  if (!options_parse (&argc, &argv, &o, &error))
    rc = 2;
  else if (o.version)
    g_print ("twin-node %s\n", NODE_FIRMWARE_VERSION);
  else if (o.list_faults)
    injections_list ();
  else if (o.factory != NULL ? !write_factory (&o, &error)
                             : !run (&o, &error))
    rc = 1;

  if (error != NULL)
    g_printerr ("twin-node: %s\n", error->message);
  return rc;
}
