/* SPDX-License-Identifier: Apache-2.0 */
/* twin-rollout-node.c - what a node says of its update */
#include "twin-rollout-private.h"

/* The reason as a sentence. */
static void
fail (TwinRollout     *self,
      TwinInstall     *install,
      TwinInstallState state,
      const char      *reason)
{
  char *why = g_strdup (twin_firmware_reason_describe (reason));

  why[0] = g_ascii_toupper (why[0]);
  twin_rollout_move (self, install, state, 0, why);
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
      twin_rollout_move (self, install, TWIN_INSTALL_CONFIRMED, 0, NULL);
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
      twin_rollout_move (self, install, TWIN_INSTALL_DOWNLOADING, STALL_US,
                         NULL);
    }
  else if ((g_strcmp0 (state, "verified") == 0 ||
            g_strcmp0 (state, "pending") == 0) &&
           install->state < TWIN_INSTALL_VERIFIED)
    {
      install->offset = self->view.size;
      twin_rollout_move (self, install, TWIN_INSTALL_VERIFIED, confirm_us,
                         NULL);
    }
  else if (g_strcmp0 (state, "trial") == 0 &&
           (install->state < TWIN_INSTALL_TRIAL ||
            install->state == TWIN_INSTALL_FAILED))
    {
      install->offset = self->view.size;
      twin_rollout_move (self, install, TWIN_INSTALL_TRIAL, confirm_us, NULL);
    }
}

void
twin_rollout_reported (TwinRollout *self,
                       const char  *node,
                       JsonObject  *firmware,
                       int64_t      made_us)
{
  TwinInstall *install = twin_rollout_lookup (self, node);
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
      twin_rollout_move (self, install, TWIN_INSTALL_CONFIRMED, 0, NULL);
    }
  else if (detail != NULL &&
           g_strcmp0 (get_text (detail, "state"), "reverted") == 0)
    fail (self, install, TWIN_INSTALL_REVERTED, get_text (detail, "reason"));
  else if (detail != NULL)
    fail (self, install, TWIN_INSTALL_REFUSED, get_text (detail, "reason"));
  else
    twin_rollout_move (self, install, TWIN_INSTALL_REFUSED, 0,
                       g_strdup (state->message));
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
  TwinInstall *install = twin_rollout_lookup (self, state->node);

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
        twin_rollout_turn_again (self, install, g_strdup (state->message));
      else if (install->state >= TWIN_INSTALL_OFFERED)
        take_end (self, install, state);
      break;
    case TWIN_COMMAND_EXPIRED:
    case TWIN_COMMAND_TIMEOUT:
      if (install->state == TWIN_INSTALL_OFFERED && !install->answered)
        twin_rollout_turn_again (self, install, g_strdup (state->message));
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
  TwinInstall *install = twin_rollout_lookup (self, node);

  if (install == NULL || self->view.state != TWIN_ROLLOUT_RUNNING ||
      memcmp (digest, self->view.digest, TWIN_DIGEST_SIZE) != 0 ||
      offset >= self->view.size || install->attempts == 0 ||
      install->state > TWIN_INSTALL_DOWNLOADING)
    return FALSE;

  install->offset = offset;
  install->answered = TRUE;
  twin_rollout_move (self, install, TWIN_INSTALL_DOWNLOADING, STALL_US, NULL);
  return TRUE;
}
