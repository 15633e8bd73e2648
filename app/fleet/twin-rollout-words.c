/* SPDX-License-Identifier: Apache-2.0 */
/* twin-rollout-words.c - what states and reasons are called */
#include "twin-rollout-private.h"

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

gboolean
twin_install_state_has_failed (TwinInstallState state)
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
