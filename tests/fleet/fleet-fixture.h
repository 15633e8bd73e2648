/* SPDX-License-Identifier: Apache-2.0 */
/* fleet-fixture.h - a console and a node that never leave the test
 *
 * A clock that only the test moves, a wire that keeps what is published, and
 * the node's side of the signatures.
 */
#pragma once

#include "twin-cbor-json.h"
#include "twin-cose.h"
#include "twin-fleet.h"

#include <gio/gio.h>
#include <string.h>

#define NODE "n-0107"

typedef struct
{
  char    *topic;
  GBytes  *payload;
  int      qos;
  gboolean retain;
} Published;

typedef struct
{
  int64_t     utc_us;
  int64_t     monotonic_us;
  TwinClock   clock;
  TwinKey    *key; /* the console's */
  TwinKey    *node_key;
  TwinFleetIo io;
  gboolean    offline;
  GPtrArray  *published; /* Published */
} Fleet;

static inline int64_t
fleet_utc (void *data)
{
  return ((Fleet *) data)->utc_us;
}

static inline int64_t
fleet_monotonic (void *data)
{
  return ((Fleet *) data)->monotonic_us;
}

static inline void
published_free (void *data)
{
  Published *published = data;

  g_free (published->topic);
  g_bytes_unref (published->payload);
  g_free (published);
}

static inline gboolean
fleet_publish (const char *topic,
               GBytes     *payload,
               int         qos,
               gboolean    retain,
               void       *user_data,
               GError    **error)
{
  Fleet     *fleet = user_data;
  Published *published;

  if (fleet->offline)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED,
                           "not connected");
      return FALSE;
    }

  published = g_new (Published, 1);
  *published =
      (Published){ g_strdup (topic), g_bytes_ref (payload), qos, retain };
  g_ptr_array_add (fleet->published, published);
  return TRUE;
}

static inline void
fleet_set_up (Fleet *fleet)
{
  static const uint8_t console_seed[32] = { 1 };
  static const uint8_t node_seed[32] = { 2 };

  fleet->utc_us = INT64_C (1795516938) * TWIN_US_PER_S;
  fleet->monotonic_us = 500 * TWIN_US_PER_S;
  fleet->clock = (TwinClock){ fleet_utc, fleet_monotonic, fleet };
  fleet->key = twin_key_new_from_seed (console_seed);
  fleet->node_key = twin_key_new_from_seed (node_seed);
  fleet->published = g_ptr_array_new_with_free_func (published_free);
  fleet->io = (TwinFleetIo){ .plant = "northfield",
                             .key = fleet->key,
                             .clock = &fleet->clock,
                             .publish = fleet_publish,
                             .user_data = fleet };
}

static inline void
fleet_tear_down (Fleet *fleet)
{
  twin_key_unref (fleet->key);
  twin_key_unref (fleet->node_key);
  g_ptr_array_unref (fleet->published);
}

static inline void
fleet_pass (Fleet *fleet, double seconds)
{
  fleet->utc_us += seconds * TWIN_US_PER_S;
  fleet->monotonic_us += seconds * TWIN_US_PER_S;
}

/* The only message published since the last call, which is on @channel;
 * borrowed until the next publish. */
static inline const Published *
fleet_take (Fleet *fleet, TwinChannel channel)
{
  static Published kept;
  g_autofree char *topic = twin_topic_format ("northfield", NODE, channel);
  const Published *published;

  g_assert_cmpuint (fleet->published->len, ==, 1);
  published = g_ptr_array_index (fleet->published, 0);
  g_assert_cmpstr (published->topic, ==, topic);

  g_free (kept.topic);
  g_clear_pointer (&kept.payload, g_bytes_unref);
  kept = *published;
  kept.topic = g_strdup (published->topic);
  kept.payload = g_bytes_ref (published->payload);
  g_ptr_array_set_size (fleet->published, 0);
  return &kept;
}

static inline void
fleet_assert_silent (Fleet *fleet)
{
  g_assert_cmpuint (fleet->published->len, ==, 0);
}

/* What a signed message says, after its signature was verified. */
static inline JsonNode *
fleet_read (const Published *published, const TwinKey *key)
{
  TwinSigned     opened;
  TwinCborReader reader;
  g_autoptr (GError) error = NULL;
  JsonNode *node;

  twin_signed_open (g_bytes_get_data (published->payload, NULL),
                    g_bytes_get_size (published->payload), &opened, &error);
  g_assert_no_error (error);
  twin_signed_verify (&opened, published->topic, twin_key_get_public (key),
                      &error);
  g_assert_no_error (error);
  twin_cbor_reader_init (&reader, opened.payload, opened.payload_size);
  node = twin_cbor_reader_json (&reader, &error);
  g_assert_no_error (error);
  return node;
}

static inline JsonNode *
json (const char *text)
{
  JsonNode *node = json_from_string (text, NULL);

  g_assert_nonnull (node);
  return node;
}
