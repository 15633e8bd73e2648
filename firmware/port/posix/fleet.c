/* SPDX-License-Identifier: Apache-2.0
 *
 * fleet.c - many nodes in one process, one thread, one poll loop
 */
#include "fleet.h"

#include <errno.h>
#include <gio/gio.h>
#include <math.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "console.h"
#include "injection.h"
#include "net-tls.h"
#include "node.h"
#include "sensors.h"

enum
{
  TICK_US = 20000,    /* nodes catch up this often */
  LEAP_US = 10000000, /* the host slept: what lies between is not made up */
  HOUSEKEEPING_US = 10000000,
  LOSS_CYCLE_S = 20, /* of a link that loses packets */
};

typedef struct
{
  const plant_node *plan;
  node_config       config;
  hal               board;
  sim               sim;
  sim_iis3dwb      *wide;
  sim_daq16        *converter;
  node              node;
  GMappedFile      *recording;
  char             *age_path;
  bool              age_unsaved; /* and said so */
  uint64_t          started_us;  /* host's time at this boot */
  uint64_t          due_us;      /* of the board, next step */
  uint64_t          keep_due_us; /* of the host */
  guint             next_fault;  /* of the fleet's */
} member;

struct fleet
{
  GPtrArray   *members; /* owned */
  board_broker broker;
  char        *user, *password; /* at the broker, or NULL */
  uint8_t      build[32];
  GPtrArray   *faults; /* of injection, by time */
  GIOChannel  *input;  /* of the console, or NULL */
};

static uint64_t
host_us (void)
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
                   url);
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

static void
save_age (member *m)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_autoptr (GError) error = NULL;

  g_ascii_dtostr (number, sizeof number, machine_age_s (&m->sim.machine));
  bool saved = g_file_set_contents (m->age_path, number, -1, &error);

  if (!saved && !m->age_unsaved)
    g_printerr ("%s: the machine's age is not saved: %s\n", m->plan->name,
                error->message);
  m->age_unsaved = !saved;
}

static bool
load_recording (member *m, const char *folder, GError **error)
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
boot (member *m, const char *reason)
{
  uint64_t        now = host_us ();
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

static bool
start_node (member *m, const char *reason, GError **error)
{
  boot_identity id = node_config_identity (&m->config);

  boot (m, reason);
  image_boot (&m->board, &id, &m->board.image);
  if (node_init (&m->node, &m->board, &m->config) == HAL_OK)
    return true;
  g_set_error (error, PLANT_ERROR, PLANT_ERROR_VALUE,
               "Node “%s” does not start: its flash file cannot be used; "
               "remove it to begin anew",
               m->plan->config.node);
  return false;
}

static void
member_free (member *m)
{
  if (m->age_path != NULL && m->sim.machine.second > 0)
    save_age (m);
  board_close (&m->board);
  g_clear_pointer (&m->recording, g_mapped_file_unref);
  g_free (m->age_path);
  g_free (m->wide);
  g_free (m->converter);
  g_free (m);
}

static member *
member_new (fleet               *f,
            const plant_node    *plan,
            const fleet_options *o,
            GError             **error)
{
  member          *m = g_new0 (member, 1);
  g_autofree char *flash = NULL, *file = NULL, *age = NULL;
  machine_params   params = plan->machine;

  m->plan = plan;
  m->config = plan->config;
  m->config.user = f->user;
  m->config.password = f->password;
  m->board.fd = -1;
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
  if (start_node (m, "power", error))
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
      member           *m;

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
  member *m = f->members->pdata[index];

  return (fleet_seat){ m->plan->config.node, &m->node, &m->board, &m->sim };
}

/* The link of a node whose plan or whose fault says so breaks, and mends, by
 * itself. */
static void
plan_link (member *m)
{
  const plant_node *p = m->plan;
  double            t = (double) board_machine_us (&m->board) / 1e6;
  double            loss = m->sim.machine.level[FAULT_PACKET_LOSS];
  bool              away = p->offline_after_s > 0 && t >= p->offline_after_s &&
              t < p->offline_after_s + p->offline_for_s;

  board_cut_link (&m->board,
                  away || fmod (t, LOSS_CYCLE_S) / LOSS_CYCLE_S < loss);
}

/* Faults whose time has come. */
static void
begin_faults (fleet *f, member *m)
{
  uint64_t now = board_machine_us (&m->board);

  for (; m->next_fault < f->faults->len; m->next_fault++)
    {
      const injection *i = f->faults->pdata[m->next_fault];

      if ((double) now < i->at_s * 1e6)
        return;
      if (i->node == NULL || strcmp (i->node, m->plan->config.node) == 0)
        sim_fault_set (&m->sim, now, i->fault, i->severity);
    }
}

/* A hung program runs no further; the watchdog starts the board anew. */
static bool
hung (member *m, uint64_t target)
{
  const image_traits *image = &m->board.image;
  g_autoptr (GError) error = NULL;

  if (!image->hangs || m->board.time_us < image->hangs_us)
    return false;
  hal_net_close (&m->board);
  m->board.time_us = target;
  if (target >= image->hangs_us + IMAGE_WATCHDOG_US &&
      !start_node (m, "watchdog", &error))
    g_printerr ("%s\n", error->message);
  return true;
}

/* Bring one node's clock to the host's, deadline by deadline. */
static void
catch_up (fleet *f, member *m, bool urgent)
{
  uint64_t now = host_us (), target;

  if (now - m->started_us > m->board.time_us + LEAP_US)
    m->board.time_us = now - m->started_us - TICK_US;

  target = now - m->started_us;
  begin_faults (f, m);
  plan_link (m);
  if (hung (m, target))
    return;
  while (m->due_us <= target)
    {
      if (m->due_us > m->board.time_us)
        m->board.time_us = m->due_us;
      m->due_us = node_step (&m->node);
      urgent = false;
    }
  if (target > m->board.time_us)
    m->board.time_us = target;
  if (urgent)
    m->due_us = node_step (&m->node);

  if (m->board.reset)
    {
      g_autoptr (GError) error = NULL;

      if (!start_node (m, "command", &error))
        g_printerr ("%s\n", error->message);
    }

  if (now >= m->keep_due_us)
    {
      if (m->keep_due_us > 0)
        save_age (m);
      m->keep_due_us = now + HOUSEKEEPING_US;
    }
}

static unsigned
gather (fleet *f, struct pollfd *polls)
{
  unsigned n = 0;

  for (guint i = 0; i < f->members->len; i++)
    {
      const member *m = f->members->pdata[i];

      polls[i].fd = m->board.fd;
      polls[i].events =
          (short) (POLLIN | (board_net_waits (&m->board) ? POLLOUT : 0));
      polls[i].revents = 0;
      n++;
    }
  polls[n] = (struct pollfd){ f->input != NULL ? STDIN_FILENO : -1, POLLIN, 0 };
  return n + 1;
}

/* What was typed, line by line, until there is no more just now. */
static void
take_input (fleet *f)
{
  g_autoptr (GString) out = g_string_new (NULL);
  GIOStatus status;

  do
    {
      g_autofree char *line = NULL;

      status = g_io_channel_read_line (f->input, &line, NULL, NULL, NULL);
      if (status == G_IO_STATUS_NORMAL)
        console_line (f, line, out);
    }
  while (status == G_IO_STATUS_NORMAL);
  fputs (out->str, stdout);
  fflush (stdout);
  if (status != G_IO_STATUS_AGAIN)
    g_clear_pointer (&f->input, g_io_channel_unref);
}

void
fleet_run (fleet *f, const volatile int *stop)
{
  g_autofree struct pollfd *polls = g_new0 (struct pollfd, f->members->len + 1);
  uint64_t                  next = host_us ();

  while (!*stop)
    {
      uint64_t now = host_us ();
      int      wait = now < next ? (int) ((next - now + 999) / 1000) : 0;
      int      ready = poll (polls, gather (f, polls), wait);
      bool     tick;

      if (ready > 0 && polls[f->members->len].revents != 0)
        take_input (f);
      now = host_us ();
      tick = now >= next;
      for (guint i = 0; i < f->members->len; i++)
        {
          bool urgent = ready > 0 && polls[i].revents != 0;

          if (tick || urgent)
            catch_up (f, f->members->pdata[i], urgent);
        }
      if (tick)
        next = now + TICK_US;
    }

  for (guint i = 0; i < f->members->len; i++)
    {
      member *m = f->members->pdata[i];

      node_stop (&m->node);
    }
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
