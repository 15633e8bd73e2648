/* SPDX-License-Identifier: Apache-2.0 */
#include "broker.h"

#include "twin-clock.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sockaddr_in
loopback (uint16_t port)
{
  return (struct sockaddr_in){ .sin_family = AF_INET,
                               .sin_port = htons (port),
                               .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
}

uint16_t
broker_free_port (void)
{
  struct sockaddr_in address = loopback (0);
  socklen_t          size = sizeof address;
  int                fd = socket (AF_INET, SOCK_STREAM, 0);

  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, size), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &address, &size), ==,
                   0);
  close (fd);
  return ntohs (address.sin_port);
}

static char *
find_mosquitto (void)
{
  char *path = g_find_program_in_path ("mosquitto");

  return path != NULL ? path : g_find_program_in_path ("/usr/sbin/mosquitto");
}

gboolean
broker_new (Broker *broker, const char *more)
{
  g_autofree char *program = find_mosquitto ();
  g_autofree char *config = NULL;

  memset (broker, 0, sizeof *broker);
  if (program == NULL)
    return FALSE;

  broker->folder = g_dir_make_tmp ("twin-broker-XXXXXX", NULL);
  broker->config = g_build_filename (broker->folder, "mosquitto.conf", NULL);
  broker->port = broker_free_port ();
  config = g_strdup_printf ("listener %u 127.0.0.1\n"
                            "log_dest none\n"
                            "persistence false\n"
                            "%s%s\n",
                            broker->port, getuid () == 0 ? "user root\n" : "",
                            more != NULL ? more : "allow_anonymous true");
  g_assert_true (g_file_set_contents (broker->config, config, -1, NULL));
  return TRUE;
}

static gboolean
accepts (uint16_t port)
{
  struct sockaddr_in address = loopback (port);
  int                fd = socket (AF_INET, SOCK_STREAM, 0);
  gboolean           yes;

  yes = connect (fd, (struct sockaddr *) &address, sizeof address) == 0;
  close (fd);
  return yes;
}

void
broker_die_with_us (void *data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

void
broker_await (uint16_t port)
{
  const int64_t deadline = twin_clock_monotonic_us () + 10 * TWIN_US_PER_S;

  while (!accepts (port))
    {
      g_assert_cmpint (twin_clock_monotonic_us (), <, deadline);
      g_usleep (2000); /* another process: there is nothing to wait on */
    }
}

void
broker_start (Broker *broker)
{
  g_autofree char *program = find_mosquitto ();
  char            *argv[] = { program, (char *) "-c", broker->config, NULL };
  g_autoptr (GError) error = NULL;

  g_spawn_async (NULL, argv, NULL,
                 G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL |
                     G_SPAWN_STDERR_TO_DEV_NULL,
                 broker_die_with_us, NULL, &broker->pid, &error);
  g_assert_no_error (error);
  broker_await (broker->port);
}

void
broker_kill (Broker *broker)
{
  if (broker->pid == 0)
    return;

  kill (broker->pid, SIGKILL);
  waitpid (broker->pid, NULL, 0);
  g_spawn_close_pid (broker->pid);
  broker->pid = 0;
}

void
broker_clear (Broker *broker)
{
  broker_kill (broker);
  if (broker->config != NULL)
    g_unlink (broker->config);
  if (broker->folder != NULL)
    g_rmdir (broker->folder);
  g_free (broker->config);
  g_free (broker->folder);
}
