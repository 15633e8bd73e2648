/* SPDX-License-Identifier: Apache-2.0 */
/* twin-rollout-turns.c - whose turn it is: waves, pauses between, limits */
#include "twin-rollout-private.h"

typedef struct
{
  unsigned n, confirmed, failed, away, open; /* open: neither end nor away */
  int64_t  last_us;                          /* the last end */
} Wave;

static Wave
count_wave (const TwinRollout *self, int number)
{
  Wave wave = { 0 };

  for (guint i = 0; i < self->view.installs->len; i++)
    {
      const TwinInstall *install = g_ptr_array_index (self->view.installs, i);

      if (install->wave != number || install->accepted)
        continue;
      wave.n++;
      wave.confirmed += install->state == TWIN_INSTALL_CONFIRMED;
      wave.failed += twin_install_state_has_failed (install->state);
      wave.away += install->state == TWIN_INSTALL_OFFLINE;
      wave.open += !twin_install_state_is_final (install->state) &&
                   install->state != TWIN_INSTALL_OFFLINE;
      if (twin_install_state_is_final (install->state))
        wave.last_us = MAX (wave.last_us, install->changed_us);
    }
  return wave;
}

static char *
name_wave (int wave)
{
  return wave == 0 ? g_strdup ("the canaries")
                   : g_strdup_printf ("group %d", wave);
}

static char *
describe_ends (const TwinRollout *self)
{
  unsigned confirmed = 0, failed = 0;

  for (guint i = 0; i < self->view.installs->len; i++)
    {
      const TwinInstall *install = g_ptr_array_index (self->view.installs, i);

      confirmed += install->state == TWIN_INSTALL_CONFIRMED;
      failed += twin_install_state_has_failed (install->state);
    }
  return failed > 0
             ? g_strdup_printf ("%u confirmed, %u failed", confirmed, failed)
             : g_strdup_printf ("%u confirmed", confirmed);
}

/* TRUE when it stops here. */
static gboolean
check_wave (TwinRollout *self, int number, const Wave *wave)
{
  g_autofree char *name = name_wave (number);
  const unsigned   ends = wave->confirmed + wave->failed;

  if (wave->failed > 0 && wave->failed > self->view.limits.stop * wave->n)
    {
      twin_rollout_enter (self, TWIN_ROLLOUT_STOPPED,
                          g_strdup_printf ("%u of %u of %s failed, more than "
                                           "%g %%",
                                           wave->failed, wave->n, name,
                                           100 * self->view.limits.stop));
      return TRUE;
    }

  if (wave->open == 0 && ends > 0 &&
      wave->confirmed < self->view.limits.go_on * ends)
    {
      twin_rollout_enter (self, TWIN_ROLLOUT_STOPPED,
                          g_strdup_printf ("%u of %u of %s succeeded, less "
                                           "than %g %%",
                                           wave->confirmed, ends, name,
                                           100 * self->view.limits.go_on));
      return TRUE;
    }
  return FALSE;
}

static char *
describe_wave (int number, const Wave *wave)
{
  g_autofree char *name = name_wave (number);
  char            *text;

  text = g_strdup_printf (wave->away > 0 && wave->open == 0
                              ? "Waiting for %s: %u of %u confirmed, %u offline"
                              : "At %s: %u of %u confirmed",
                          name, wave->confirmed, wave->n, wave->away);
  return text;
}

static char *
describe_soak (int64_t until_us)
{
  g_autofree char *time = twin_clock_format_utc (until_us);

  return g_strdup_printf ("The canaries are confirmed; group 1 begins at %s",
                          time);
}

/* The wave to be at; -1: none, it has stopped or is done. */
static int
find_wave (TwinRollout *self)
{
  const int last = (int) self->view.limits.groups;
  unsigned  away = 0;

  for (int number = 0; number <= last; number++)
    {
      const Wave wave = count_wave (self, number);

      if (wave.n == 0)
        continue;
      if (check_wave (self, number, &wave))
        return -1;

      /* Canaries are waited for; of a group those that are away follow. */
      if (wave.open > 0 || (number == 0 && wave.away > 0))
        {
          twin_rollout_enter (self, TWIN_ROLLOUT_RUNNING,
                              describe_wave (number, &wave));
          return number;
        }
      away += wave.away;

      if (number == 0 && self->view.limits.soak_s > 0)
        {
          const int64_t until_us =
              wave.last_us + (int64_t) self->view.limits.soak_s * TWIN_US_PER_S;

          if (twin_clock_now_utc (self->clock) < until_us)
            {
              twin_rollout_enter (self, TWIN_ROLLOUT_RUNNING,
                                  describe_soak (until_us));
              return 0;
            }
        }
    }

  if (away > 0)
    {
      twin_rollout_enter (
          self, TWIN_ROLLOUT_RUNNING,
          g_strdup_printf ("Waiting for %u nodes that are offline", away));
      return last;
    }

  twin_rollout_enter (self, TWIN_ROLLOUT_DONE, describe_ends (self));
  return -1;
}

static void
offer (TwinRollout *self, TwinInstall *install)
{
  g_autoptr (GError) error = NULL;

  /* Before it is told: the answer may come within the call. */
  install->attempts++;
  install->answered = FALSE;
  install->offset = 0;
  twin_rollout_move (self, install, TWIN_INSTALL_OFFERED, BEGIN_US, NULL);
  if (self->hooks.offer (self, install, self->hooks.user_data, &error))
    return;

  install->attempts--;
  twin_rollout_move (self, install, TWIN_INSTALL_WAITING, AGAIN_US,
                     g_strdup (error->message));
}

static unsigned
count_under_way (const TwinRollout *self)
{
  unsigned n = 0;

  for (guint i = 0; i < self->view.installs->len; i++)
    {
      const TwinInstall *install = g_ptr_array_index (self->view.installs, i);

      n += install->state >= TWIN_INSTALL_OFFERED &&
           !twin_install_state_is_final (install->state);
    }
  return n;
}

static void
give_turns (TwinRollout *self, int wave)
{
  const int64_t now_us = twin_clock_now_monotonic (self->clock);
  unsigned      under_way = count_under_way (self);

  for (guint i = 0;
       i < self->view.installs->len && self->view.state == TWIN_ROLLOUT_RUNNING;
       i++)
    {
      TwinInstall *install = g_ptr_array_index (self->view.installs, i);

      if (install->wave > wave || install->state > TWIN_INSTALL_OFFLINE ||
          install->deadline_us > now_us)
        continue;

      if (!self->hooks.online (install->node, self->hooks.user_data))
        twin_rollout_move (self, install, TWIN_INSTALL_OFFLINE, 0,
                           g_strdup ("Its turn comes when it is online again"));
      else if (under_way < self->view.limits.parallel)
        {
          offer (self, install);
          under_way++;
        }
      else if (install->state == TWIN_INSTALL_OFFLINE)
        twin_rollout_move (self, install, TWIN_INSTALL_WAITING, 0, NULL);
    }
}

/* --- time passes ---------------------------------------------------------- */

static void
overdue (TwinRollout *self, TwinInstall *install)
{
  switch (install->state)
    {
    case TWIN_INSTALL_OFFERED:
      twin_rollout_turn_again (self, install,
                               g_strdup ("It took the command but asked for "
                                         "nothing of the "
                                         "image"));
      break;
    case TWIN_INSTALL_DOWNLOADING:
      /* It goes on where it stopped when it, or the campaign, is back. */
      if (self->view.state != TWIN_ROLLOUT_RUNNING ||
          !self->hooks.online (install->node, self->hooks.user_data))
        twin_rollout_move (self, install, TWIN_INSTALL_DOWNLOADING, STALL_US,
                           g_strdup (
                               "It goes on where it stopped when it is back"));
      else
        twin_rollout_move (
            self, install, TWIN_INSTALL_FAILED, 0,
            g_strdup_printf ("It stopped asking for the image at %u %%",
                             (unsigned) (UINT64_C (100) * install->offset /
                                         self->view.size)));
      break;
    case TWIN_INSTALL_VERIFIED:
    case TWIN_INSTALL_TRIAL:
      twin_rollout_move (self, install, TWIN_INSTALL_FAILED, 0,
                         g_strdup_printf ("It has the image but has not "
                                          "confirmed it "
                                          "within %u s",
                                          self->view.limits.confirm_s));
      break;
    default:
      break;
    }
}

void
twin_rollout_tick (TwinRollout *self)
{
  const int64_t now_us = twin_clock_now_monotonic (self->clock);
  int           wave;

  if (self->view.state == TWIN_ROLLOUT_PLANNED)
    return;

  for (guint i = 0; i < self->view.installs->len; i++)
    {
      TwinInstall *install = g_ptr_array_index (self->view.installs, i);

      if (install->state >= TWIN_INSTALL_OFFERED && install->deadline_us != 0 &&
          install->deadline_us <= now_us)
        overdue (self, install);
    }

  /* Twice: a turn may show that somebody is away, and who is next then. */
  for (int i = 0; i < 2 && self->view.state == TWIN_ROLLOUT_RUNNING; i++)
    {
      wave = find_wave (self);
      if (wave >= 0)
        give_turns (self, wave);
    }
}
