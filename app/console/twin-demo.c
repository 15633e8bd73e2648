/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-demo.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "twin-clock.h"

struct _TwinDemo
{
  char        *folder;
  gboolean     temporary;
  char        *broker;
  char        *store;
  guint16      port;
  GSubprocess *mosquitto;
  GSubprocess *nodes;
};

/* A port that nobody listens on now. */
static guint16
find_port (GError **error)
{
  g_autoptr (GSocket) socket =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                    G_SOCKET_PROTOCOL_TCP, error);
  g_autoptr (GSocketAddress) any =
      g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;

  if (socket == NULL || !g_socket_bind (socket, any, TRUE, error))
    return 0;

  bound = g_socket_get_local_address (socket, error);
  return bound != NULL
             ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound))
             : 0;
}

static char *
find_program (const char *name)
{
  char *path = g_find_program_in_path (name);

  /* Debian keeps daemons where only root's PATH looks. */
  if (path == NULL)
    {
      g_autofree char *sbin = g_build_filename ("/usr/sbin", name, NULL);

      if (g_file_test (sbin, G_FILE_TEST_IS_EXECUTABLE))
        path = g_steal_pointer (&sbin);
    }

  return path;
}

/* Between fork and exec, so nothing but system calls. A console that is killed
 * outright takes its broker and its nodes along: the signal comes when the
 * thread that spawned ends, which is the main thread. */
static void
end_with_parent (void *parent)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
  if (getppid () != *(const pid_t *) parent)
    _exit (EXIT_FAILURE); /* it ended before the line above */
}

static GSubprocess *
spawn (const char *const *argv, const char *log, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  pid_t parent = getpid ();

  g_subprocess_launcher_set_child_setup (launcher, end_with_parent, &parent,
                                         NULL);

  g_subprocess_launcher_set_stdout_file_path (launcher, log);
  g_subprocess_launcher_set_flags (launcher, G_SUBPROCESS_FLAGS_STDERR_MERGE);
  return g_subprocess_launcher_spawnv (launcher, argv, error);
}

static gboolean
start_broker (TwinDemo *self, GError **error)
{
  g_autofree char *program = find_program ("mosquitto");
  g_autofree char *config =
      g_build_filename (self->folder, "mosquitto.conf", NULL);
  g_autofree char *log = g_build_filename (self->folder, "mosquitto.log", NULL);
  g_autofree char *text = NULL;
  const char      *argv[] = { program, "-c", config, NULL };

  if (program == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   _ ("The demo needs the broker mosquitto, which is not "
                      "installed."));
      return FALSE;
    }

  self->port = find_port (error);
  if (self->port == 0)
    return FALSE;

  /* Started as root mosquitto would drop to a user that cannot write here, and
   * that a sandbox need not have. */
  text = g_strdup_printf ("listener %u 127.0.0.1\n"
                          "%s"
                          "allow_anonymous true\n"
                          "max_queued_messages 0\n"
                          "set_tcp_nodelay true\n"
                          "log_dest stdout\n"
                          "log_type error\n"
                          "log_type warning\n",
                          self->port, geteuid () == 0 ? "user root\n" : "");
  if (!g_file_set_contents (config, text, -1, error))
    return FALSE;

  self->broker = g_strdup_printf ("mqtt://127.0.0.1:%u", self->port);
  self->mosquitto = spawn (argv, log, error);
  return self->mosquitto != NULL;
}

/* The broker has no way to say that it listens but to answer. */
static gboolean
wait_for_broker (TwinDemo *self, GError **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  const int64_t deadline = twin_clock_monotonic_us () + 5 * TWIN_US_PER_S;

  while (twin_clock_monotonic_us () < deadline)
    {
      g_autoptr (GSocketConnection) connection =
          g_socket_client_connect_to_host (client, "127.0.0.1", self->port,
                                           NULL, NULL);

      if (connection != NULL)
        return TRUE;
      g_usleep (20000);
    }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
               _ ("The demo's broker does not answer on port %u; "
                  "%s/mosquitto.log says why."),
               self->port, self->folder);
  return FALSE;
}

static gboolean
start_nodes (TwinDemo *self, const TwinDemoOptions *options, GError **error)
{
  g_autofree char *fleet =
      g_build_filename (options->data_dir, "demo", "plant.json", NULL);
  g_autofree char *state = g_build_filename (self->folder, "flash", NULL);
  g_autofree char *log = g_build_filename (self->folder, "nodes.log", NULL);
  g_autofree char *seed = g_strdup_printf ("%u", options->seed);
  char             scale[G_ASCII_DTOSTR_BUF_SIZE];
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();

  if (!g_file_test (fleet, G_FILE_TEST_IS_REGULAR))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                   _ ("The demo's plant file %s is missing."), fleet);
      return FALSE;
    }

  g_mkdir_with_parents (state, 0700);
  g_ptr_array_add (argv, (char *) options->node_program);
  g_ptr_array_add (argv, "--fleet");
  g_ptr_array_add (argv, fleet);
  g_ptr_array_add (argv, "--broker");
  g_ptr_array_add (argv, self->broker);
  g_ptr_array_add (argv, "--state");
  g_ptr_array_add (argv, state);
  if (options->seed != 0)
    {
      g_ptr_array_add (argv, "--seed");
      g_ptr_array_add (argv, seed);
    }
  if (options->age_scale > 0)
    {
      g_ptr_array_add (argv, "--age-scale");
      g_ptr_array_add (argv, g_ascii_dtostr (scale, sizeof scale,
                                             options->age_scale));
    }
  if (options->recordings != NULL)
    {
      g_ptr_array_add (argv, "--replay-data");
      g_ptr_array_add (argv, (char *) options->recordings);
    }
  g_ptr_array_add (argv, NULL);

  self->nodes = spawn ((const char *const *) argv->pdata, log, error);
  return self->nodes != NULL;
}

TwinDemo *
twin_demo_start (const TwinDemoOptions *options, GError **error)
{
  TwinDemo *self = g_new0 (TwinDemo, 1);

  self->temporary = options->folder == NULL;
  self->folder = self->temporary
                     ? g_dir_make_tmp ("twin-console-demo-XXXXXX", error)
                     : g_strdup (options->folder);
  if (self->folder == NULL)
    {
      g_free (self);
      return NULL;
    }

  g_mkdir_with_parents (self->folder, 0700);
  self->store = g_build_filename (self->folder, "plant.db", NULL);
  if (start_broker (self, error) && wait_for_broker (self, error) &&
      start_nodes (self, options, error))
    return self;

  twin_demo_stop (self);
  return NULL;
}

const char *
twin_demo_get_broker (TwinDemo *self)
{
  return self->broker;
}

const char *
twin_demo_get_store (TwinDemo *self)
{
  return self->store;
}

const char *
twin_demo_get_folder (TwinDemo *self)
{
  return self->folder;
}

static void
end_process (GSubprocess *process)
{
  if (process == NULL)
    return;

  g_subprocess_send_signal (process, SIGTERM);
  g_subprocess_wait (process, NULL, NULL);
  g_object_unref (process);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) &&
          !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_folder (child);
      else
        g_unlink (child);
    }

  g_rmdir (path);
}

void
twin_demo_stop (TwinDemo *self)
{
  if (self == NULL)
    return;

  end_process (g_steal_pointer (&self->nodes));
  end_process (g_steal_pointer (&self->mosquitto));
  if (self->temporary)
    remove_folder (self->folder);

  g_free (self->broker);
  g_free (self->store);
  g_free (self->folder);
  g_free (self);
}
