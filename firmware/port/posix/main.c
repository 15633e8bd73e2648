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
#include "net-tls.h"
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

/* How a board is to reach a broker by TLS; out->name stays NULL where the
 * address says nothing of it. Both are the caller's to free. */
static bool
read_tls (const options *o, plant_tls *out, GError **error)
{
  g_autoptr (GUri) uri = o->broker != NULL
                             ? g_uri_parse (o->broker, G_URI_FLAGS_NONE, error)
                             : NULL;
  g_autofree char *why = NULL;

  if (uri == NULL)
    return o->broker == NULL;
  if (strcmp (g_uri_get_scheme (uri), "mqtts") != 0)
    return true;

  if (o->cert != NULL || o->key != NULL)
    why = g_strdup ("A board has no certificate of its own: leave out --cert "
                    "and --key");
  else if (o->ca == NULL)
    why = g_strdup ("A board must be told who signs its broker’s certificate: "
                    "--ca FILE");
  else
    out->ca = net_tls_read_authority (o->ca, &out->ca_n, &why);
  if (why != NULL)
    {
      g_set_error (error, PLANT_ERROR, PLANT_ERROR_VALUE, "%s", why);
      return false;
    }
  out->name = g_strdup (g_uri_get_host (uri));
  out->port = g_uri_get_port (uri) > 0 ? (uint32_t) g_uri_get_port (uri) : 8883;
  return true;
}

static bool
write_page (const options    *o,
            const plant_node *node,
            const plant_tls  *tls,
            GError          **error)
{
  uint8_t  page[FACTORY_PAGE_SIZE];
  uint32_t n = plant_factory_page (node, tls->name != NULL ? tls : NULL, page);

  if (n > 0)
    return g_file_set_contents (o->factory, (const char *) page, n, error);
  g_set_error (error, PLANT_ERROR, PLANT_ERROR_VALUE,
               "Node “%s” does not fit the factory page of a board",
               node->config.node);
  return false;
}

/* The page by which a board becomes the node of that name. */
static bool
write_factory (const options *o, GError **error)
{
  plant_tls   tls = { 0 };
  plant_node *node = NULL;
  bool        written = false;
  g_autoptr (plant) p = load (o, error);

  for (guint i = 0; p != NULL && i < p->nodes->len && node == NULL; i++)
    if (o->node == NULL ||
        strcmp (o->node, ((plant_node *) p->nodes->pdata[i])->config.node) == 0)
      node = p->nodes->pdata[i];

  if (node != NULL && read_tls (o, &tls, error))
    written = write_page (o, node, &tls, error);
  else if (p != NULL && node == NULL)
    g_set_error (error, PLANT_ERROR, PLANT_ERROR_VALUE,
                 "The plant has no node “%s”", o->node != NULL ? o->node : "");
  g_free ((char *) tls.name);
  g_free ((uint8_t *) tls.ca);
  return written;
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
              fleet_size (f) == 1 ? "" : "s",
              fleet_broker_shown (wanted.broker));
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
  else if (o.factory != NULL ? !write_factory (&o, &error) : !run (&o, &error))
    rc = 1;

  if (error != NULL)
    g_printerr ("twin-node: %s\n", error->message);
  return rc;
}
