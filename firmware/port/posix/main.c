/* SPDX-License-Identifier: Apache-2.0
 *
 * main.c - twin-node, the host port of the node firmware
 */
#include <glib.h>
#include <locale.h>
#include <signal.h>
#include <string.h>

#include "fleet.h"

static volatile sig_atomic_t stop;

static void
on_signal (int number)
{
  stop = 1;
}

typedef struct
{
  char    *fleet, *node, *broker, *state, *replay, *replay_data;
  double   rate, rpm, scale, age_scale;
  gint64   seed;
  gboolean no_rtc, verbose, version;
} options;

static bool
parse (int *argc, char ***argv, options *o, GError **error)
{
  const GOptionEntry entries[] = {
    { "fleet", 0, 0, G_OPTION_ARG_FILENAME, &o->fleet,
      "Host the nodes of this plant file", "FILE" },
    { "node", 0, 0, G_OPTION_ARG_STRING, &o->node, "Only this one of them",
      "NAME" },
    { "replay", 0, 0, G_OPTION_ARG_FILENAME, &o->replay,
      "One node that plays a recording (int16, little-endian)", "FILE" },
    { "rate", 0, 0, G_OPTION_ARG_DOUBLE, &o->rate, "Its sample rate", "HZ" },
    { "rpm", 0, 0, G_OPTION_ARG_DOUBLE, &o->rpm, "Its shaft speed", "1/min" },
    { "scale", 0, 0, G_OPTION_ARG_DOUBLE, &o->scale, "Its scale", "G_PER_LSB" },
    { "replay-data", 0, 0, G_OPTION_ARG_FILENAME, &o->replay_data,
      "Folder of the recordings a plant file names", "DIR" },
    { "broker", 0, 0, G_OPTION_ARG_STRING, &o->broker,
      "The MQTT broker (mqtt://127.0.0.1:1883)", "URL" },
    { "state", 0, 0, G_OPTION_ARG_FILENAME, &o->state,
      "Folder of the nodes' flash files", "DIR" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &o->seed,
      "Added to every machine's seed", "N" },
    { "age-scale", 0, 0, G_OPTION_ARG_DOUBLE, &o->age_scale,
      "Wear runs this much faster than time", "N" },
    { "no-rtc", 0, 0, G_OPTION_ARG_NONE, &o->no_rtc,
      "Nodes do not know the time until @time tells", NULL },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &o->verbose,
      "Tell what the nodes do", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &o->version,
      "Print the firmware's version", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context, "Sensor nodes of Twin Console, real "
                                         "firmware on a simulated "
                                         "or recorded machine.");
  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, argc, argv, error);
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

static bool
run (const options *o, GError **error)
{
  struct sigaction action = { .sa_handler = on_signal };
  fleet_options    wanted = {
       .broker = o->broker != NULL ? o->broker : "mqtt://127.0.0.1:1883",
       .state = o->state,
       .replay_data = o->replay_data,
       .only = o->node,
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
  options o = { 0 };
  g_autoptr (GError) error = NULL;
  int rc = 0;

  setlocale (LC_ALL, "");
  if (!parse (&argc, &argv, &o, &error))
    rc = 2;
  else if (o.version)
    g_print ("twin-node %s\n", NODE_FIRMWARE_VERSION);
  else if (!run (&o, &error))
    rc = 1;

  if (error != NULL)
    g_printerr ("twin-node: %s\n", error->message);
  g_free (o.fleet);
  g_free (o.node);
  g_free (o.broker);
  g_free (o.state);
  g_free (o.replay);
  g_free (o.replay_data);
  return rc;
}
