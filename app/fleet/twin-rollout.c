/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-rollout.h"

#include <string.h>

/* A node that took the offer begins within; else it is told again. */
#define BEGIN_US (120 * TWIN_US_PER_S)
/* One that cannot take it now is told again after. */
#define AGAIN_US (10 * TWIN_US_PER_S)
/* One that is online and fetches asks for something within. */
#define STALL_US (600 * TWIN_US_PER_S)

enum
{
  ATTEMPTS_MAX = 3,
};

struct _TwinRollout
{
  TwinRolloutView  view;
  const TwinClock *clock;
  TwinRolloutHooks hooks;
  GHashTable      *by_node; /* node → TwinInstall, borrowed */
};

/* --- words ---------------------------------------------------------------- */

static const char *const install_words[] = {
  [TWIN_INSTALL_WAITING] = "waiting",
  [TWIN_INSTALL_OFFLINE] = "offline",
  [TWIN_INSTALL_OFFERED] = "offered",
  [TWIN_INSTALL_DOWNLOADING] = "downloading",
  [TWIN_INSTALL_VERIFIED] = "verified",
  [TWIN_INSTALL_TRIAL] = "trial",
  [TWIN_INSTALL_CONFIRMED] = "confirmed",
  [TWIN_INSTALL_REVERTED] = "reverted",
  [TWIN_INSTALL_REFUSED] = "refused",
  [TWIN_INSTALL_FAILED] = "failed",
};

static const char *const rollout_words[] = {
  [TWIN_ROLLOUT_PLANNED] = "planned", [TWIN_ROLLOUT_RUNNING] = "running",
  [TWIN_ROLLOUT_PAUSED] = "paused",   [TWIN_ROLLOUT_STOPPED] = "stopped",
  [TWIN_ROLLOUT_ABORTED] = "aborted", [TWIN_ROLLOUT_DONE] = "done",
};

static int
find_word (const char *const *words, size_t n, const char *text)
{
  for (size_t i = 0; i < n; i++)
    if (g_strcmp0 (words[i], text) == 0)
      return (int) i;
  return -1;
}

const char *
twin_install_state_to_string (TwinInstallState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (install_words), NULL);
  return install_words[state];
}

gboolean
twin_install_state_from_string (const char *text, TwinInstallState *state)
{
  const int found =
      find_word (install_words, G_N_ELEMENTS (install_words), text);

  if (found >= 0)
    *state = (TwinInstallState) found;
  return found >= 0;
}

gboolean
twin_install_state_is_final (TwinInstallState state)
{
  return state >= TWIN_INSTALL_CONFIRMED;
}

static gboolean
has_failed (TwinInstallState state)
{
  return state > TWIN_INSTALL_CONFIRMED;
}

const char *
twin_rollout_state_to_string (TwinRolloutState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (rollout_words), NULL);
  return rollout_words[state];
}

gboolean
twin_rollout_state_from_string (const char *text, TwinRolloutState *state)
{
  const int found =
      find_word (rollout_words, G_N_ELEMENTS (rollout_words), text);

  if (found >= 0)
    *state = (TwinRolloutState) found;
  return found >= 0;
}

const char *
twin_firmware_reason_describe (const char *reason)
{
  static const struct
  {
    const char *word, *meaning;
  } meanings[] = {
    { "malformed", "it cannot read the manifest" },
    { "unknown-key", "it does not know the vendor’s key" },
    { "signature", "the manifest’s signature does not hold" },
    { "vendor", "the image is of another vendor" },
    { "class", "the image is for another class of node" },
    { "size", "the image does not fit its flash" },
    { "sequence", "the image is not newer than what it runs" },
    { "counter", "the image is older than its security counter allows" },
    { "digest", "what it got is not the image that was signed" },
    { "flash", "its flash could not be written" },
    { "timeout", "it got no byte of the image for a day" },
    { "unconfirmed", "the image hung, or restarted again and again" },
    { "broker", "the image did not reach the broker" },
    { "sensor", "a sensor that was alive is dead under the image" },
    { "clock", "the image samples at a wrong rate" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (g_strcmp0 (meanings[i].word, reason) == 0)
      return meanings[i].meaning;
  return reason != NULL ? "its reason is not known here" : "it gave no reason";
}

/* --- changing ------------------------------------------------------------- */

static void
tell (TwinRollout *self, const TwinInstall *install)
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

/* Takes @why. */
static void
enter (TwinRollout *self, TwinRolloutState state, char *why)
{
  if (self->view.state == state && g_strcmp0 (self->view.why, why) == 0)
    {
      g_free (why);
      return;
    }

  self->view.state = state;
  set_why (&self->view.why, why);
  tell (self, NULL);
}

/* Takes @why; @wait_us: how long it may stay so, 0: for ever. */
static void
move (TwinRollout     *self,
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
  tell (self, install);
}

static TwinInstall *
find (TwinRollout *self, const char *node)
{
  return g_hash_table_lookup (self->by_node, node);
}

/* --- what a node says ----------------------------------------------------- */

/* The reason as a sentence. */
static void
fail (TwinRollout     *self,
      TwinInstall     *install,
      TwinInstallState state,
      const char      *reason)
{
  char *why = g_strdup (twin_firmware_reason_describe (reason));

  why[0] = g_ascii_toupper (why[0]);
  move (self, install, state, 0, why);
}

/* It did not take it this time. */
static void
turn_again (TwinRollout *self, TwinInstall *install, char *why)
{
  if (install->attempts >= ATTEMPTS_MAX)
    {
      move (self, install, TWIN_INSTALL_FAILED, 0, why);
      return;
    }

  install->answered = FALSE;
  move (self, install, TWIN_INSTALL_WAITING, AGAIN_US, why);
}

static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *member = json_object_get_member (object, name);

  return member != NULL && JSON_NODE_HOLDS_VALUE (member) &&
                 json_node_get_value_type (member) == G_TYPE_STRING
             ? json_node_get_string (member)
             : NULL;
}

static int64_t
get_number (JsonObject *object, const char *name)
{
  JsonNode *member = json_object_get_member (object, name);

  return member != NULL && JSON_NODE_HOLDS_VALUE (member) &&
                 json_node_get_value_type (member) == G_TYPE_INT64
             ? json_node_get_int (member)
             : -1;
}

/* Whether it says so of our image. A manifest that it cannot believe it refuses
 * without naming one: meant is what it was just offered. Bytes of the wire are
 * { "$hex": "…" } here. */
static gboolean
is_ours (TwinRollout *self, const TwinInstall *install, JsonObject *object)
{
  JsonNode   *member = json_object_get_member (object, "digest");
  const char *hex = member != NULL && JSON_NODE_HOLDS_OBJECT (member)
                        ? get_text (json_node_get_object (member), "$hex")
                        : NULL;
  uint8_t     digest[TWIN_DIGEST_SIZE];

  if (member == NULL)
    return g_strcmp0 (get_text (object, "state"), "refused") == 0 &&
           install->attempts > 0 &&
           (install->state <= TWIN_INSTALL_OFFERED ||
            install->state == TWIN_INSTALL_REFUSED);

  return hex != NULL && twin_hex_parse (hex, digest, sizeof digest) &&
         memcmp (digest, self->view.digest, sizeof digest) == 0;
}

static void
take_state (TwinRollout *self,
            TwinInstall *install,
            JsonObject  *firmware,
            gboolean     fails)
{
  const char   *state = get_text (firmware, "state");
  const char   *reason = get_text (firmware, "reason");
  const int64_t confirm_us =
      (int64_t) self->view.limits.confirm_s * TWIN_US_PER_S;
  const int64_t offset = get_number (firmware, "offset");

  if (g_strcmp0 (state, "confirmed") == 0)
    {
      install->offset = self->view.size;
      move (self, install, TWIN_INSTALL_CONFIRMED, 0, NULL);
    }
  else if (g_strcmp0 (state, "refused") == 0 && fails)
    fail (self, install, TWIN_INSTALL_REFUSED, reason);
  else if (g_strcmp0 (state, "reverted") == 0 && fails)
    fail (self, install, TWIN_INSTALL_REVERTED, reason);
  else if (install->attempts == 0)
    return; /* not by this campaign */
  else if (g_strcmp0 (state, "downloading") == 0 &&
           install->state <= TWIN_INSTALL_DOWNLOADING)
    {
      if (offset >= 0 && offset <= self->view.size)
        install->offset = MAX (install->offset, (uint32_t) offset);
      install->answered = TRUE;
      move (self, install, TWIN_INSTALL_DOWNLOADING, STALL_US, NULL);
    }
  else if ((g_strcmp0 (state, "verified") == 0 ||
            g_strcmp0 (state, "pending") == 0) &&
           install->state < TWIN_INSTALL_VERIFIED)
    {
      install->offset = self->view.size;
      move (self, install, TWIN_INSTALL_VERIFIED, confirm_us, NULL);
    }
  else if (g_strcmp0 (state, "trial") == 0 &&
           (install->state < TWIN_INSTALL_TRIAL ||
            install->state == TWIN_INSTALL_FAILED))
    {
      install->offset = self->view.size;
      move (self, install, TWIN_INSTALL_TRIAL, confirm_us, NULL);
    }
}

void
twin_rollout_reported (TwinRollout *self,
                       const char  *node,
                       JsonObject  *firmware,
                       int64_t      made_us)
{
  TwinInstall *install = find (self, node);
  gboolean     fails;

  if (install == NULL || self->view.state == TWIN_ROLLOUT_PLANNED ||
      install->state == TWIN_INSTALL_CONFIRMED ||
      !is_ours (self, install, firmware))
    return;

  /* What it said of an earlier attempt stays in its report until it takes
   * this one up. */
  fails = install->state > TWIN_INSTALL_OFFERED ||
          (install->attempts > 0 && made_us >= install->changed_us);
  take_state (self, install, firmware, fails);
  twin_rollout_tick (self);
}

/* Its answer at the end: { state, version, ? reason }. */
static void
take_end (TwinRollout            *self,
          TwinInstall            *install,
          const TwinCommandState *state)
{
  JsonObject *detail =
      state->detail != NULL && JSON_NODE_HOLDS_OBJECT (state->detail)
          ? json_node_get_object (state->detail)
          : NULL;

  if (state->status == TWIN_COMMAND_DONE)
    {
      install->offset = self->view.size;
      move (self, install, TWIN_INSTALL_CONFIRMED, 0, NULL);
    }
  else if (detail != NULL &&
           g_strcmp0 (get_text (detail, "state"), "reverted") == 0)
    fail (self, install, TWIN_INSTALL_REVERTED, get_text (detail, "reason"));
  else if (detail != NULL)
    fail (self, install, TWIN_INSTALL_REFUSED, get_text (detail, "reason"));
  else
    move (self, install, TWIN_INSTALL_REFUSED, 0, g_strdup (state->message));
}

/* Reasons that pass by themselves. */
static gboolean
may_pass (const char *reason)
{
  /* "state": it had no offer, or is at this very image already; its report
   * tells which. */
  static const char *const passing[] = { "busy",    "epoch",   "counter",
                                         "no-time", "expired", "state",
                                         NULL };

  return reason != NULL && g_strv_contains (passing, reason);
}

void
twin_rollout_command (TwinRollout *self, const TwinCommandState *state)
{
  TwinInstall *install = find (self, state->node);

  if (install == NULL || twin_install_state_is_final (install->state))
    return;

  switch (state->status)
    {
    case TWIN_COMMAND_REQUESTED:
      return;
    case TWIN_COMMAND_ACCEPTED:
    case TWIN_COMMAND_RUNNING:
      install->answered = TRUE;
      if (install->state == TWIN_INSTALL_OFFERED)
        install->deadline_us =
            twin_clock_now_monotonic (self->clock) + BEGIN_US;
      return;
    case TWIN_COMMAND_DONE:
      take_end (self, install, state);
      break;
    case TWIN_COMMAND_REJECTED:
      if (install->state == TWIN_INSTALL_OFFERED && may_pass (state->reason))
        turn_again (self, install, g_strdup (state->message));
      else if (install->state >= TWIN_INSTALL_OFFERED)
        take_end (self, install, state);
      break;
    case TWIN_COMMAND_EXPIRED:
    case TWIN_COMMAND_TIMEOUT:
      if (install->state == TWIN_INSTALL_OFFERED && !install->answered)
        turn_again (self, install, g_strdup (state->message));
      break;
    }
  twin_rollout_tick (self);
}

gboolean
twin_rollout_chunk (TwinRollout  *self,
                    const char   *node,
                    const uint8_t digest[TWIN_DIGEST_SIZE],
                    uint32_t      offset)
{
  TwinInstall *install = find (self, node);

  if (install == NULL || self->view.state != TWIN_ROLLOUT_RUNNING ||
      memcmp (digest, self->view.digest, TWIN_DIGEST_SIZE) != 0 ||
      offset >= self->view.size || install->attempts == 0 ||
      install->state > TWIN_INSTALL_DOWNLOADING)
    return FALSE;

  install->offset = offset;
  install->answered = TRUE;
  move (self, install, TWIN_INSTALL_DOWNLOADING, STALL_US, NULL);
  return TRUE;
}

/* --- whose turn it is ----------------------------------------------------- */

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
      wave.failed += has_failed (install->state);
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
      failed += has_failed (install->state);
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
      enter (self, TWIN_ROLLOUT_STOPPED,
             g_strdup_printf ("%u of %u of %s failed, more than %g %%",
                              wave->failed, wave->n, name,
                              100 * self->view.limits.stop));
      return TRUE;
    }

  if (wave->open == 0 && ends > 0 &&
      wave->confirmed < self->view.limits.go_on * ends)
    {
      enter (self, TWIN_ROLLOUT_STOPPED,
             g_strdup_printf ("%u of %u of %s succeeded, less than %g %%",
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
          enter (self, TWIN_ROLLOUT_RUNNING, describe_wave (number, &wave));
          return number;
        }
      away += wave.away;

      if (number == 0 && self->view.limits.soak_s > 0)
        {
          const int64_t until_us =
              wave.last_us + (int64_t) self->view.limits.soak_s * TWIN_US_PER_S;

          if (twin_clock_now_utc (self->clock) < until_us)
            {
              enter (self, TWIN_ROLLOUT_RUNNING, describe_soak (until_us));
              return 0;
            }
        }
    }

  if (away > 0)
    {
      enter (self, TWIN_ROLLOUT_RUNNING,
             g_strdup_printf ("Waiting for %u nodes that are offline", away));
      return last;
    }

  enter (self, TWIN_ROLLOUT_DONE, describe_ends (self));
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
  move (self, install, TWIN_INSTALL_OFFERED, BEGIN_US, NULL);
  if (self->hooks.offer (self, install, self->hooks.user_data, &error))
    return;

  install->attempts--;
  move (self, install, TWIN_INSTALL_WAITING, AGAIN_US,
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
        move (self, install, TWIN_INSTALL_OFFLINE, 0,
              g_strdup ("Its turn comes when it is online again"));
      else if (under_way < self->view.limits.parallel)
        {
          offer (self, install);
          under_way++;
        }
      else if (install->state == TWIN_INSTALL_OFFLINE)
        move (self, install, TWIN_INSTALL_WAITING, 0, NULL);
    }
}

/* --- time passes ---------------------------------------------------------- */

static void
overdue (TwinRollout *self, TwinInstall *install)
{
  switch (install->state)
    {
    case TWIN_INSTALL_OFFERED:
      turn_again (self, install,
                  g_strdup ("It took the command but asked for nothing of the "
                            "image"));
      break;
    case TWIN_INSTALL_DOWNLOADING:
      /* It goes on where it stopped when it, or the campaign, is back. */
      if (self->view.state != TWIN_ROLLOUT_RUNNING ||
          !self->hooks.online (install->node, self->hooks.user_data))
        move (self, install, TWIN_INSTALL_DOWNLOADING, STALL_US,
              g_strdup ("It goes on where it stopped when it is back"));
      else
        move (self, install, TWIN_INSTALL_FAILED, 0,
              g_strdup_printf ("It stopped asking for the image at %u %%",
                               (unsigned) (UINT64_C (100) * install->offset /
                                           self->view.size)));
      break;
    case TWIN_INSTALL_VERIFIED:
    case TWIN_INSTALL_TRIAL:
      move (self, install, TWIN_INSTALL_FAILED, 0,
            g_strdup_printf ("It has the image but has not confirmed it "
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

/* --- what a person does --------------------------------------------------- */

static gboolean
refuse (TwinRollout *self, const char *what, GError **error)
{
  g_set_error (error, TWIN_FLEET_ERROR, TWIN_FLEET_ERROR_STATE,
               "Campaign %" G_GINT64_FORMAT " is %s: it cannot be %s",
               self->view.id, rollout_words[self->view.state], what);
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
  enter (self, TWIN_ROLLOUT_RUNNING, g_strdup ("It begins"));
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

  enter (self, TWIN_ROLLOUT_PAUSED,
         g_strdup ("Paused: no further node is told, none gets more of the "
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

      if (!has_failed (install->state) || install->accepted)
        continue;
      install->accepted = TRUE;
      tell (self, install);
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

  enter (self, TWIN_ROLLOUT_ABORTED,
         g_strdup ("Aborted: no further node gets the image"));
  for (guint i = 0; i < self->view.installs->len; i++)
    {
      TwinInstall *install = g_ptr_array_index (self->view.installs, i);

      if (install->state == TWIN_INSTALL_OFFERED ||
          install->state == TWIN_INSTALL_DOWNLOADING)
        move (self, install, TWIN_INSTALL_FAILED, 0,
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

      if (!has_failed (install->state))
        continue;
      install->attempts = 0;
      install->answered = install->accepted = FALSE;
      install->offset = 0;
      move (self, install, TWIN_INSTALL_WAITING, 0, NULL);
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
