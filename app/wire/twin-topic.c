/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-topic.h"

#include <string.h>

static const char prefix[] = "twin/1/";

static const char *const channels[] = {
  [TWIN_CHANNEL_BIRTH] = "birth",
  [TWIN_CHANNEL_STATUS] = "status",
  [TWIN_CHANNEL_TELEMETRY] = "telemetry",
  [TWIN_CHANNEL_EVENT] = "event",
  [TWIN_CHANNEL_RING] = "ring",
  [TWIN_CHANNEL_REPLAY] = "replay",
  [TWIN_CHANNEL_WAVEFORM] = "waveform",
  [TWIN_CHANNEL_REPORTED] = "reported",
  [TWIN_CHANNEL_DESIRED] = "desired",
  [TWIN_CHANNEL_COMMAND] = "command",
  [TWIN_CHANNEL_RESULT] = "result",
  [TWIN_CHANNEL_MANIFEST] = "manifest",
  [TWIN_CHANNEL_CHUNK_GET] = "chunk/get",
  [TWIN_CHANNEL_CHUNK_DATA] = "chunk/data",
  [TWIN_CHANNEL_ENROL] = "enrol",
  [TWIN_CHANNEL_ENROLLED] = "enrolled",
  [TWIN_CHANNEL_TIME] = "@time",
};

const char *
twin_channel_to_string (TwinChannel channel)
{
  g_return_val_if_fail (channel < G_N_ELEMENTS (channels), NULL);
  return channels[channel];
}

gboolean
twin_channel_from_string (const char *text, TwinChannel *channel)
{
  for (size_t i = 0; i < G_N_ELEMENTS (channels); i++)
    if (g_str_equal (text, channels[i]))
      {
        *channel = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
is_name (const char *text, size_t length)
{
  if (length < 1 || length > 64 || !g_ascii_isalnum (text[0]))
    return FALSE;

  for (size_t i = 1; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && strchr ("_.-", text[i]) == NULL)
      return FALSE;
  return TRUE;
}

gboolean
twin_topic_is_name (const char *text)
{
  return is_name (text, strlen (text));
}

/* Copies the name at @text up to the next slash or the end; returns what
 * follows it, NULL when it is no name. */
static const char *
take_name (const char *text, char name[65])
{
  size_t length = strcspn (text, "/");

  if (!is_name (text, length))
    return NULL;

  memcpy (name, text, length);
  name[length] = '\0';
  return text[length] == '/' ? text + length + 1 : text + length;
}

static gboolean
parse (const char *text, TwinTopic *topic)
{
  const char *rest;

  memset (topic, 0, sizeof *topic);
  if (!g_str_has_prefix (text, prefix))
    return FALSE;

  rest = take_name (text + strlen (prefix), topic->plant);
  if (rest == NULL)
    return FALSE;

  if (rest[0] == '@')
    return twin_channel_from_string (rest, &topic->channel);

  rest = take_name (rest, topic->node);
  return rest != NULL && twin_channel_from_string (rest, &topic->channel) &&
         topic->channel != TWIN_CHANNEL_TIME;
}

gboolean
twin_topic_parse (const char *text, TwinTopic *topic, GError **error)
{
  if (parse (text, topic))
    return TRUE;

  g_set_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_TOPIC,
               "“%.200s” is not a topic twin/1/<plant>/<node>/<channel>", text);
  return FALSE;
}

char *
twin_topic_format (const char *plant, const char *node, TwinChannel channel)
{
  g_return_val_if_fail (channel < G_N_ELEMENTS (channels), NULL);

  if (channel == TWIN_CHANNEL_TIME)
    return g_strconcat (prefix, plant, "/", channels[channel], NULL);
  return g_strconcat (prefix, plant, "/", node, "/", channels[channel], NULL);
}
