/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-rollout-private.h"

enum
{
  ATTEMPTS_MAX = 3,
};

void
twin_rollout_tell (TwinRollout *self, const TwinInstall *install)
{
  self->view.changed_us = twin_clock_now_utc (self->clock);
  self->hooks.changed (self, install, self->hooks.user_data);
}

static void
set_why (char **at, char *why)
{
  g_free (*at);
  *at = why;
}

void
twin_rollout_enter (TwinRollout *self, TwinRolloutState state, char *why)
{
  if (self->view.state == state && g_strcmp0 (self->view.why, why) == 0)
    {
      g_free (why);
      return;
    }

  self->view.state = state;
  set_why (&self->view.why, why);
  twin_rollout_tell (self, NULL);
}

void
twin_rollout_move (TwinRollout     *self,
                   TwinInstall     *install,
                   TwinInstallState state,
                   int64_t          wait_us,
                   char            *why)
{
  const gboolean same =
      install->state == state && g_strcmp0 (install->why, why) == 0;

  install->deadline_us =
      wait_us > 0 ? twin_clock_now_monotonic (self->clock) + wait_us : 0;
  install->state = state;
  set_why (&install->why, why);
  if (same && state != TWIN_INSTALL_DOWNLOADING)
    return;

  install->changed_us = twin_clock_now_utc (self->clock);
  twin_rollout_tell (self, install);
}

TwinInstall *
twin_rollout_lookup (TwinRollout *self, const char *node)
{
  return g_hash_table_lookup (self->by_node, node);
}

void
twin_rollout_turn_again (TwinRollout *self, TwinInstall *install, char *why)
{
  if (install->attempts >= ATTEMPTS_MAX)
    {
      twin_rollout_move (self, install, TWIN_INSTALL_FAILED, 0, why);
      return;
    }

  install->answered = FALSE;
  twin_rollout_move (self, install, TWIN_INSTALL_WAITING, AGAIN_US, why);
}

/* --- what a person does --------------------------------------------------- */

static gboolean
refuse (TwinRollout *self, const char *what, GError **error)
{
  g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_STATE,
               "Campaign %" G_GINT64_FORMAT " is %s: it cannot be %s",
               self->view.id, twin_rollout_state_to_string (self->view.state),
               what);
  return FALSE;
}

static void
run (TwinRollout *self)
{
  for (guint i = 0; i < self->view.installs->len; i++)
    {
      TwinInstall *install = g_ptr_array_index (self->view.installs, i);

      if (install->state <= TWIN_INSTALL_OFFLINE)
        install->deadline_us = 0;
    }
  twin_rollout_enter (self, TWIN_ROLLOUT_RUNNING, g_strdup ("It begins"));
  twin_rollout_tick (self);
}

gboolean
twin_rollout_start (TwinRollout *self, GError **error)
{
  if (self->view.state != TWIN_ROLLOUT_PLANNED)
    return refuse (self, "started", error);
  if (self->view.installs->len == 0)
    {
      g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_STATE,
                   "Campaign %" G_GINT64_FORMAT " has no node to install on",
                   self->view.id);
      return FALSE;
    }

  self->view.started_us = twin_clock_now_utc (self->clock);
  run (self);
  return TRUE;
}

gboolean
twin_rollout_pause (TwinRollout *self, GError **error)
{
  if (self->view.state != TWIN_ROLLOUT_RUNNING)
    return refuse (self, "paused", error);

  twin_rollout_enter (self, TWIN_ROLLOUT_PAUSED,
                      g_strdup ("Paused: no further node is told, none gets "
                                "more of the "
                                "image"));
  return TRUE;
}

/* A person has seen them: they count no more. */
static void
accept_failures (TwinRollout *self)
{
  for (guint i = 0; i < self->view.installs->len; i++)
    {
      TwinInstall *install = g_ptr_array_index (self->view.installs, i);

      if (!twin_install_state_has_failed (install->state) || install->accepted)
        continue;
      install->accepted = TRUE;
      twin_rollout_tell (self, install);
    }
}

gboolean
twin_rollout_resume (TwinRollout *self, GError **error)
{
  if (self->view.state != TWIN_ROLLOUT_PAUSED &&
      self->view.state != TWIN_ROLLOUT_STOPPED)
    return refuse (self, "resumed", error);

  accept_failures (self);
  run (self);
  return TRUE;
}

gboolean
twin_rollout_abort (TwinRollout *self, GError **error)
{
  if (!twin_rollout_is_open (self))
    return refuse (self, "aborted", error);

  twin_rollout_enter (self, TWIN_ROLLOUT_ABORTED,
                      g_strdup ("Aborted: no further node gets the image"));
  for (guint i = 0; i < self->view.installs->len; i++)
    {
      TwinInstall *install = g_ptr_array_index (self->view.installs, i);

      if (install->state == TWIN_INSTALL_OFFERED ||
          install->state == TWIN_INSTALL_DOWNLOADING)
        twin_rollout_move (self, install, TWIN_INSTALL_FAILED, 0,
                           g_strdup ("Aborted before it had the image"));
    }
  return TRUE;
}

gboolean
twin_rollout_retry (TwinRollout *self, GError **error)
{
  unsigned n = 0;

  if (self->view.state == TWIN_ROLLOUT_PLANNED)
    return refuse (self, "tried again", error);

  for (guint i = 0; i < self->view.installs->len; i++)
    {
      TwinInstall *install = g_ptr_array_index (self->view.installs, i);

      if (!twin_install_state_has_failed (install->state))
        continue;
      install->attempts = 0;
      install->answered = install->accepted = FALSE;
      install->offset = 0;
      twin_rollout_move (self, install, TWIN_INSTALL_WAITING, 0, NULL);
      n++;
    }
  if (n == 0)
    {
      g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_STATE,
                   "No node of campaign %" G_GINT64_FORMAT " has failed",
                   self->view.id);
      return FALSE;
    }

  run (self);
  return TRUE;
}

/* --- life ----------------------------------------------------------------- */

static void
install_free (void *data)
{
  TwinInstall *install = data;

  g_free (install->node);
  g_free (install->twin);
  g_free (install->before);
  g_free (install->why);
  g_free (install);
}

TwinRollout *
twin_rollout_new (const TwinRolloutView  *kept,
                  const TwinClock        *clock,
                  const TwinRolloutHooks *hooks)
{
  TwinRollout *self = g_new0 (TwinRollout, 1);

  self->view = *kept;
  self->view.why = g_strdup (kept->why);
  self->view.installs = g_ptr_array_new_with_free_func (install_free);
  self->clock = clock;
  self->hooks = *hooks;
  self->by_node = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < kept->installs->len; i++)
    {
      const TwinInstall *from = g_ptr_array_index (kept->installs, i);
      TwinInstall       *install = g_memdup2 (from, sizeof *from);

      install->node = g_strdup (from->node);
      install->twin = g_strdup (from->twin);
      install->before = g_strdup (from->before);
      install->why = g_strdup (from->why);
      install->answered = FALSE;
      install->deadline_us = 0;
      /* Nobody knows whether it heard it. */
      if (install->state == TWIN_INSTALL_OFFERED)
        install->state = TWIN_INSTALL_WAITING;
      else if (install->state == TWIN_INSTALL_DOWNLOADING)
        install->deadline_us = twin_clock_now_monotonic (clock) + STALL_US;
      else if (install->state == TWIN_INSTALL_VERIFIED ||
               install->state == TWIN_INSTALL_TRIAL)
        install->deadline_us = twin_clock_now_monotonic (clock) +
                               (int64_t) kept->limits.confirm_s * TWIN_US_PER_S;
      g_ptr_array_add (self->view.installs, install);
      g_hash_table_insert (self->by_node, install->node, install);
    }
  return self;
}

void
twin_rollout_free (TwinRollout *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->by_node);
  g_ptr_array_unref (self->view.installs);
  g_free (self->view.why);
  g_free (self);
}

const TwinRolloutView *
twin_rollout_get (const TwinRollout *self)
{
  return &self->view;
}

const TwinInstall *
twin_rollout_find (const TwinRollout *self, const char *node)
{
  return g_hash_table_lookup (self->by_node, node);
}

gboolean
twin_rollout_is_open (const TwinRollout *self)
{
  return self->view.state != TWIN_ROLLOUT_ABORTED &&
         self->view.state != TWIN_ROLLOUT_DONE;
}
