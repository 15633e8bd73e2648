/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl-bench-run.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "twin-clock.h"

const char *
twin_ctl_bench_self (void)
{
  return "/proc/self/exe";
}

/* What the child says on stderr, at most so much of it. */
static void
read_words (int fd, char *words, gsize size)
{
  gsize  n = 0;
  char   rest[4096];
  gssize k;

  while ((k = read (fd, n + 1 < size ? words + n : rest,
                    n + 1 < size ? size - n - 1 : sizeof rest)) != 0)
    {
      if (k < 0 && errno != EINTR)
        break;
      if (k > 0 && n + 1 < size)
        n += (gsize) k;
    }

  words[n] = '\0';
  words[strcspn (words, "\n")] = '\0';
}

static double
seconds (struct timeval time)
{
  return (double) time.tv_sec + (double) time.tv_usec / 1e6;
}

gboolean
twin_ctl_bench_spawn (const char *const *argv,
                      TwinCtlBenchRun   *run,
                      GError           **error)
{
  int64_t       start = twin_clock_monotonic_us ();
  struct rusage usage;
  char          words[512];
  GPid          pid;
  int           errors, status;

  if (!g_spawn_async_with_pipes (NULL, (char **) argv, NULL,
                                 G_SPAWN_DO_NOT_REAP_CHILD |
                                     G_SPAWN_STDOUT_TO_DEV_NULL |
                                     G_SPAWN_CHILD_INHERITS_STDIN,
                                 NULL, NULL, &pid, NULL, NULL, &errors, error))
    return FALSE;

  read_words (errors, words, sizeof words);
  close (errors);
  while (wait4 (pid, &status, 0, &usage) < 0 && errno == EINTR)
    ;
  run->wall_s = (double) (twin_clock_monotonic_us () - start) / TWIN_US_PER_S;
  run->processor_s = seconds (usage.ru_utime) + seconds (usage.ru_stime);
  run->peak_bytes = (double) usage.ru_maxrss * 1024;
  g_spawn_close_pid (pid);

  if (WIFEXITED (status) && WEXITSTATUS (status) == 0)
    return TRUE;

  g_set_error (error, G_SPAWN_ERROR, G_SPAWN_ERROR_FAILED,
               "%s did not end well: %s", argv[0], words);
  return FALSE;
}
