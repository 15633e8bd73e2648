/* SPDX-License-Identifier: Apache-2.0
 *
 * options.c - the command line of twin-node
 */
#include "options.h"

gboolean
options_parse (int *argc, char ***argv, options *o, GError **error)
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
      "The MQTT broker (mqtt://127.0.0.1:1883), or mqtts://…", "URL" },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &o->ca,
      "Authorities that may sign the broker's certificate (mqtts)", "FILE" },
    { "cert", 0, 0, G_OPTION_ARG_FILENAME, &o->cert,
      "The nodes' own certificate (mqtts)", "FILE" },
    { "key", 0, 0, G_OPTION_ARG_FILENAME, &o->key, "Its key (mqtts)", "FILE" },
    { "state", 0, 0, G_OPTION_ARG_FILENAME, &o->state,
      "Folder of the nodes' flash files", "DIR" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &o->seed,
      "Added to every machine's seed", "N" },
    { "age-scale", 0, 0, G_OPTION_ARG_DOUBLE, &o->age_scale,
      "Wear runs this much faster than time", "N" },
    { "time-scale", 0, 0, G_OPTION_ARG_DOUBLE, &o->time_scale,
      "Nodes live so many seconds a second (told in birth)", "N" },
    { "cut-power-after", 0, 0, G_OPTION_ARG_INT64, &o->cut_power_after,
      "Cut each node's power once, for a second, in its Nth flash step", "N" },
    { "factory", 0, 0, G_OPTION_ARG_FILENAME, &o->factory,
      "Only write the page that makes a board this --node", "FILE" },
    { "fault", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o->faults,
      "Begin a fault that many seconds after the start, of one node or of all; "
      "again for more",
      "[NODE/]NAME[:SEVERITY]@SECONDS" },
    { "list-faults", 0, 0, G_OPTION_ARG_NONE, &o->list_faults,
      "Print the faults there are", NULL },
    { "console", 0, 0, G_OPTION_ARG_NONE, &o->console,
      "Take commands from standard input; “help” lists them", NULL },
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

void
options_clear (options *o)
{
  g_free (o->fleet);
  g_free (o->node);
  g_free (o->broker);
  g_free (o->ca);
  g_free (o->cert);
  g_free (o->key);
  g_free (o->state);
  g_free (o->factory);
  g_free (o->replay);
  g_free (o->replay_data);
  g_strfreev (o->faults);
}
