/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-link.c - the engine's line to the broker, and its state */
#include "twin-engine-private.h"

#include <string.h>

TwinLinkOptions *
twin_engine_link_options (const TwinEngineConfig *config,
                          const char             *plant,
                          GError                **error)
{
  g_autoptr (TwinLinkOptions) options =
      twin_link_options_parse (config->broker, plant, error);

  if (options == NULL)
    return NULL;

  options->ca_file = g_strdup (config->ca);
  options->cert_file = g_strdup (config->cert);
  options->key_file = g_strdup (config->key);
  if (config->password != NULL)
    {
      g_free (options->password);
      options->password = g_strdup (config->password);
    }

  return g_steal_pointer (&options);
}

/* On a network thread: keeps the state, wakes the pipeline. */
static void
line_changed (TwinLine      line,
              TwinLineState state,
              const char   *cause,
              void         *user_data)
{
  TwinEngine *self = user_data;

  twin_lock_acquire (&self->lock);
  /* Since when it is up or down: a retry in between is no news. */
  if (line == TWIN_LINE_RECORDS &&
      (self->line.state[line] == TWIN_LINE_CONNECTED) !=
          (state == TWIN_LINE_CONNECTED))
    self->line.since_us = twin_clock_utc_us ();
  self->line.state[line] = state;
  if (state == TWIN_LINE_CONNECTED && line == TWIN_LINE_RECORDS)
    {
      self->line.cause[0] = '\0';
      self->line.connects++;
    }
  else if (cause != NULL)
    g_strlcpy (self->line.cause, cause, sizeof self->line.cause);
  self->line.changed = TRUE;
  twin_lock_release (&self->lock);
  twin_queue_wake (self->records);
}

void
twin_engine_link_stop (TwinEngine *self)
{
  if (self->link == NULL)
    return;

  twin_link_stop (self->link);
  g_clear_pointer (&self->link, twin_link_free);
}

/* Of this key and process: two programs of one person may be connected. */
static char *
install_name (TwinEngine *self)
{
  uint8_t          bytes[4];
  g_autofree char *kid =
      twin_hex_format (twin_key_get_kid (self->key), TWIN_KID_SIZE);
  g_autofree char *word = NULL;

  twin_random_bytes (bytes, sizeof bytes);
  word = twin_hex_format (bytes, sizeof bytes);
  return g_strconcat (kid, word, NULL);
}

gboolean
twin_engine_link_start (TwinEngine            *self,
                        const TwinLinkOptions *options,
                        const char            *shown,
                        GError               **error)
{
  g_autoptr (TwinLinkOptions) mine = NULL;

  twin_engine_link_stop (self);
  twin_engine_link_tick (self);

  twin_lock_acquire (&self->lock);
  memset (&self->line, 0, sizeof self->line);
  self->line.since_us = twin_clock_utc_us ();
  g_free (self->broker);
  self->broker = g_strdup (shown);
  twin_lock_release (&self->lock);

  if (options == NULL)
    return TRUE;

  mine = twin_link_options_copy (options);
  g_free (mine->install);
  mine->install = install_name (self);
  self->link = twin_link_new (mine, self->records, self->bulk, line_changed,
                              self, error);
  if (self->link == NULL)
    return FALSE;

  twin_link_start (self->link);
  return TRUE;
}

gboolean
twin_engine_link_publish (const char *topic,
                          GBytes     *payload,
                          int         qos,
                          gboolean    retain,
                          void       *user_data,
                          GError    **error)
{
  TwinEngine *self = user_data;

  if (self->link == NULL)
    {
      g_set_error_literal (error, TWIN_LINK_ERROR, TWIN_LINK_ERROR_OFFLINE,
                           "There is no broker to send it through; connect "
                           "to one first.");
      return FALSE;
    }

  return twin_link_publish (self->link, topic, payload, qos, retain, error);
}

gboolean
twin_engine_link_publish_bulk (TwinEngine *self,
                               const char *topic,
                               GBytes     *payload,
                               GError    **error)
{
  if (self->link != NULL)
    return twin_link_publish_bulk (self->link, topic, payload, 1, error);

  g_set_error_literal (error, TWIN_LINK_ERROR, TWIN_LINK_ERROR_OFFLINE,
                       "There is no broker to send it through.");
  return FALSE;
}

static void
link_came (TwinEngine *self)
{
  self->link_up = TRUE;
  self->line_up_us = twin_clock_utc_us ();
  twin_completeness_connected (self->completeness);
  twin_beacon_connected (self->beacon);
  twin_desired_connected (self->desired);
  twin_engine_log (self, "link", NULL, NULL, "Connected to %s.", self->broker);
  twin_engine_ask_replays (self);
}

static void
link_went (TwinEngine *self, const char *cause)
{
  self->link_up = FALSE;
  twin_completeness_disconnected (self->completeness);
  twin_engine_log (self, "link", NULL, NULL, "%s",
                   cause[0] != '\0' ? cause : "Disconnected from the broker.");
}

/* Acts on what the network threads said since the last call. */
void
twin_engine_link_tick (TwinEngine *self)
{
  TwinEngineLine line;
  gboolean       up;

  twin_lock_acquire (&self->lock);
  line = self->line;
  self->line.changed = FALSE;
  twin_lock_release (&self->lock);

  if (!line.changed)
    return;

  up = line.state[TWIN_LINE_RECORDS] == TWIN_LINE_CONNECTED;

  /* Down and up again between two looks is a reconnect all the same. */
  if (self->link_up && (!up || line.connects != self->connects))
    link_went (self, line.cause);
  if (up && !self->link_up)
    link_came (self);
  else if (!up && line.cause[0] != '\0' && !self->line_cause_told)
    twin_engine_log (self, "link", NULL, NULL, "%s", line.cause);

  self->line_cause_told = !up;
  self->connects = line.connects;
}
