/* SPDX-License-Identifier: Apache-2.0 */
/* twin-topic.h - twin/1/<plant>/<node>/<channel>
 *
 * Pure; any thread; parsing allocates nothing but the error.
 */
#pragma once

#include "twin-wire.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_CHANNEL_BIRTH,
  TWIN_CHANNEL_STATUS,
  TWIN_CHANNEL_TELEMETRY,
  TWIN_CHANNEL_EVENT,
  TWIN_CHANNEL_RING,
  TWIN_CHANNEL_REPLAY,
  TWIN_CHANNEL_WAVEFORM,
  TWIN_CHANNEL_REPORTED,
  TWIN_CHANNEL_DESIRED,
  TWIN_CHANNEL_COMMAND,
  TWIN_CHANNEL_RESULT,
  TWIN_CHANNEL_MANIFEST,
  TWIN_CHANNEL_CHUNK_GET,
  TWIN_CHANNEL_CHUNK_DATA,
  TWIN_CHANNEL_ENROL,
  TWIN_CHANNEL_ENROLLED,
  TWIN_CHANNEL_TIME, /* plant-wide: twin/1/<plant>/@time */
} TwinChannel;

/* As in the topic: "birth", "chunk/get", "@time". */
const char *twin_channel_to_string (TwinChannel channel);
gboolean    twin_channel_from_string (const char *text, TwinChannel *channel);

typedef struct
{
  char        plant[65];
  char        node[65]; /* empty for TWIN_CHANNEL_TIME */
  TwinChannel channel;
} TwinTopic;

gboolean twin_topic_parse (const char *text, TwinTopic *topic, GError **error);

/* @node is ignored for TWIN_CHANNEL_TIME; caller frees. @plant and @node must
 * be names, or "+" for a subscription. */
char *twin_topic_format (const char *plant,
                         const char *node,
                         TwinChannel channel);

/* [A-Za-z0-9][A-Za-z0-9_.-]{0,63} */
gboolean twin_topic_is_name (const char *text);

G_END_DECLS
