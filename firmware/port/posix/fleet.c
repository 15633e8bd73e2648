/* SPDX-License-Identifier: Apache-2.0
 *
 * fleet.c - many nodes in one process, one thread, one poll loop
 */
#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fleet-private.h"
#include "injection.h"
#include "net-tls.h"
#include "sensors.h"

uint64_t
fleet_host_us (void)
{
  struct timespec t;

  clock_gettime (CLOCK_BOOTTIME, &t); /* goes on while the host sleeps */
  return (uint64_t) t.tv_sec * 1000000 + (uint64_t) t.tv_nsec / 1000;
}

/* What --ca, --cert and --key say; needless without TLS, so not overlooked. */
static bool
set_tls (fleet *f, bool wanted, const fleet_options *o, GError **error)
{
  g_autofree char *why = NULL;

  if (wanted)
    f->broker.tls = net_tls_new (o->ca, o->cert, o->key, &why);
  else if (o->ca != NULL || o->cert != NULL || o->key != NULL)
    why = g_strdup ("--ca, --cert and --key are for a broker that is reached "
                    "by TLS; write mqtts://host:port");
  if (why != NULL)
    g_set_error (error, PLANT_ERROR, PLANT_ERROR_VALUE, "%s", why);
  return why == NULL;
}

const char *
fleet_broker_shown (const char *url)
{
  const char *at = strrchr (url, '@');

  return at != NULL ? at + 1 : url;
}

static bool
find_broker (fleet *f, const fleet_options *o, GError **error)
{
  const char *url = o->broker;
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_HAS_PASSWORD, NULL);
  const char      *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;
  bool             tls = g_strcmp0 (scheme, "mqtts") == 0;
  struct addrinfo  hints = { .ai_socktype = SOCK_STREAM };
  struct addrinfo *list = NULL;
  char             port[8];
  int              rc;

  if (uri == NULL || (!tls && g_strcmp0 (scheme, "mqtt") != 0) ||
      g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == 0)
    {
      g_set_error (error, PLANT_ERROR, PLANT_ERROR_VALUE,
                   "“%s” is not a broker address; write mqtt://host:port or "
                   "mqtts://host:port",
                   fleet_broker_shown (url));
      return false;
    }
  if (!set_tls (f, tls, o, error))
    return false;

  g_snprintf (port, sizeof port, "%d",
              g_uri_get_port (uri) > 0 ? g_uri_get_port (uri)
              : tls                    ? 8883
                                       : 1883);
  rc = getaddrinfo (g_uri_get_host (uri), port, &hints, &list);
  if (rc != 0)
    {
      g_set_error (error, PLANT_ERROR, PLANT_ERROR_VALUE,
                   "Could not find the broker “%s”: %s", g_uri_get_host (uri),
                   gai_strerror (rc));
      return false;
    }

  for (struct addrinfo *a = list; a != NULL; a = a->ai_next)
    if (f->broker.n_addresses < BOARD_ADDRESSES_MAX)
      {
        board_address *to = &f->broker.addresses[f->broker.n_addresses++];

        memcpy (&to->address, a->ai_addr, a->ai_addrlen);
        to->length = a->ai_addrlen;
      }
  freeaddrinfo (list);
  f->broker.name = g_strdup (g_uri_get_host (uri));
  f->user = g_strdup (g_uri_get_user (uri));
  f->password = g_strdup (g_uri_get_password (uri));
  return true;
}

/* Wear done in earlier runs, seconds of machine age. */
static double
read_age (const char *path)
{
  g_autofree char *text = NULL;
  double           age;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  age = g_ascii_strtod (text, NULL);
  return isfinite (age) && age > 0 ? age : 0;
}

void
fleet_save_age (fleet_member *m)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autoptr (GError) error = NULL;

  g_ascii_dtostr (number, sizeof number, machine_age_s (&m->sim.machine));

  /* Old or new after a kill at any point; not worth the disk's own time. */
  g_autofree char *fresh = g_strconcat (m->age_path, ".new", NULL);
  bool             saved =
      g_file_set_contents_full (fresh, number, -1, G_FILE_SET_CONTENTS_NONE,
                                0600, &error) &&
      g_rename (fresh, m->age_path) == 0;

  if (!saved && !m->age_unsaved)
    g_printerr ("%s: the machine's age is not saved: %s\n", m->plan->name,
                error != NULL ? error->message : g_strerror (errno));
  m->age_unsaved = !saved;
}

static bool
load_recording (fleet_member *m, const char *folder, GError **error)
{
  g_autofree char *path =
      g_path_is_absolute (m->plan->replay_file) || folder == NULL
          ? g_strdup (m->plan->replay_file)
          : g_build_filename (folder, m->plan->replay_file, NULL);

  m->recording = g_mapped_file_new (path, FALSE, error);
  if (m->recording == NULL)
    return false;
  if (g_mapped_file_get_length (m->recording) < sizeof (int16_t))
    {
      g_set_error (error, PLANT_ERROR, PLANT_ERROR_VALUE,
                   "Recording “%s” holds no samples", path);
      return false;
    }

  m->converter = g_new0 (sim_daq16, 1);
  sim_fit_recording (&m->sim, m->converter,
                     (const int16_t *) (const void *)
                         g_mapped_file_get_contents (m->recording),
                     g_mapped_file_get_length (m->recording) / sizeof (int16_t),
                     m->plan->replay_rate_hz);
  return true;
}

static void
boot (fleet_member *m, const char *reason)
{
  uint64_t        now = fleet_host_us ();
  struct timespec utc;

  /* The machine's clock runs through; the board's begins anew. */
  m->board.sim_at_0 = board_machine_us (&m->board);
  m->board.time_us = 0;
  m->board.boot_reason = reason;
  m->board.reset = false;
  m->started_us = now;
  m->due_us = 0;
  clock_gettime (CLOCK_REALTIME, &utc);
  m->board.utc_at_0 = (int64_t) utc.tv_sec * 1000000 + utc.tv_nsec / 1000;
}

bool
fleet_start_node (fleet_member *m, const char *reason, GError **error)
{
  boot_identity id = node_config_identity (&m->config);

  boot (m, reason);
  image_boot (&m->board, &id, &m->board.image);
  if (node_init (&m->node, &m->board, &m->config) == HAL_OK ||
      m->board.flash.dead || m->board.code.dead)
    return true; /* or its power was cut meanwhile */
  g_set_error (error, PLANT_ERROR, PLANT_ERROR_VALUE,
               "Node “%s” does not start: its flash file cannot be used; "
               "remove it to begin anew",
               m->plan->config.node);
  return false;
}

static void
member_free (fleet_member *m)
{
  if (m->age_path != NULL && m->sim.machine.second > 0)
    fleet_save_age (m);
  board_close (&m->board);
  g_clear_pointer (&m->recording, g_mapped_file_unref);
  g_free (m->age_path);
  g_free (m->wide);
  g_free (m->converter);
  g_free (m);
}

static fleet_member *
member_new (fleet               *f,
            const plant_node    *plan,
            const fleet_options *o,
            GError             **error)
{
  fleet_member    *m = g_new0 (fleet_member, 1);
  g_autofree char *flash = NULL, *file = NULL, *age = NULL;
  machine_params   params = plan->machine;

  m->plan = plan;
  m->config = plan->config;
  m->config.user = f->user;
  m->config.password = f->password;
  m->config.time_scale = f->time_scale;
  m->board.fd = -1;
  m->board.polled = true;
  m->board.image.clock = 1;
  m->board.sim = &m->sim;
  m->board.broker = &f->broker;
  m->board.build = f->build;
  m->board.has_rtc = !o->no_rtc;
  m->board.verbose = o->verbose;
  g_strlcpy (m->board.name, plan->config.node, sizeof m->board.name);

  file = g_strconcat (plan->config.node, ".flash", NULL);
  flash = g_build_filename (o->state, file, NULL);
  age = g_strconcat (plan->config.node, ".age", NULL);
  m->age_path = g_build_filename (o->state, age, NULL);

  params.age_s = read_age (m->age_path);
  sim_init (&m->sim, &params);
  if (plan->replay_file != NULL && !load_recording (m, o->replay_data, error))
    goto fail;
  for (size_t i = 0; i < m->config.n_accels && m->wide == NULL; i++)
    if (m->config.accels[i].kind == NODE_ACCEL_IIS3DWB)
      m->wide = g_new0 (sim_iis3dwb, 1);
  sensors_fit (&m->sim, m->wide, &m->config);

  if (board_open_flash (&m->board, flash, plan->flash_size) != 0)
    {
      g_set_error (error, PLANT_ERROR, PLANT_ERROR_READ,
                   "Could not use the flash file “%s”: %s", flash,
                   errno == EAGAIN || errno == EACCES
                       ? "another twin-node has it"
                       : g_strerror (errno));
      goto fail;
    }
  m->board.flash.cut_at = m->board.code.cut_at = o->cut_power_after;
  if (fleet_start_node (m, "power", error))
    return m;

fail:
  member_free (m);
  return NULL;
}

static bool
recording_missing (const plant_node *plan, const fleet_options *o)
{
  g_autofree char *path = NULL;

  if (plan->replay_file == NULL)
    return false;
  if (g_path_is_absolute (plan->replay_file))
    return false; /* asked for by name: a failure is told */
  if (o->replay_data != NULL)
    path = g_build_filename (o->replay_data, plan->replay_file, NULL);
  if (path != NULL && g_file_test (path, G_FILE_TEST_EXISTS))
    return false;

  g_printerr ("Node “%s” is left out: its recording “%s” is not here\n",
              plan->config.node, plan->replay_file);
  return true;
}

fleet *
fleet_new (const plant *p, const fleet_options *options, GError **error)
{
  g_autoptr (fleet) f = g_new0 (fleet, 1);

  f->time_scale = options->time_scale > 0 ? options->time_scale : 1;
  f->members = g_ptr_array_new_with_free_func ((GDestroyNotify) member_free);
  f->faults = injections_parse (options->faults, error);
  if (f->faults == NULL)
    return NULL;
  if (options->console)
    {
      f->input = g_io_channel_unix_new (STDIN_FILENO);
      g_io_channel_set_flags (f->input, G_IO_FLAG_NONBLOCK, NULL);
    }
  board_hash_program (f->build);
  if (!find_broker (f, options, error))
    return NULL;
  if (g_mkdir_with_parents (options->state, 0700) != 0)
    {
      g_set_error (error, PLANT_ERROR, PLANT_ERROR_READ,
                   "Could not make the state folder “%s”: %s", options->state,
                   g_strerror (errno));
      return NULL;
    }

  for (guint i = 0; i < p->nodes->len; i++)
    {
      const plant_node *plan = p->nodes->pdata[i];
      fleet_member     *m;

      if (options->only != NULL &&
          strcmp (options->only, plan->config.node) != 0)
        continue;
      if (recording_missing (plan, options))
        continue;
      m = member_new (f, plan, options, error);
      if (m == NULL)
        return NULL;
      g_ptr_array_add (f->members, m);
    }

  if (f->members->len == 0)
    {
      g_set_error (error, PLANT_ERROR, PLANT_ERROR_VALUE,
                   "There is no node to run%s%s",
                   options->only != NULL ? " by the name of " : "",
                   options->only != NULL ? options->only : "");
      return NULL;
    }
  return g_steal_pointer (&f);
}

unsigned
fleet_size (const fleet *f)
{
  return f->members->len;
}

fleet_seat
fleet_seat_at (const fleet *f, unsigned index)
{
  fleet_member *m = f->members->pdata[index];

  return (fleet_seat){ m->plan->config.node, &m->node, &m->board, &m->sim };
}

void
fleet_free (fleet *f)
{
  g_ptr_array_unref (f->members);
  g_clear_pointer (&f->faults, g_ptr_array_unref);
  g_clear_pointer (&f->input, g_io_channel_unref);
  net_tls_free (f->broker.tls);
  g_free (f->broker.name);
  g_free (f->user);
  g_free (f->password);
  g_free (f);
}
