/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-document.h"

#include "twin-cbor-json.h"
#include "twin-clock.h"
#include "twin-fields.h"

#include <string.h>

/* Reads an object into the JsonNode * at @node. */
static gboolean
read_object (TwinCborReader *reader, JsonNode **node, GError **error)
{
  *node = twin_cbor_reader_json (reader, error);
  if (*node == NULL)
    return FALSE;
  return JSON_NODE_HOLDS_OBJECT (*node) ||
         twin_fields_refuse (error, "“properties” is not a map");
}

/* --- desired -----------------------------------------------------------------
 */

static gboolean
read_desired_properties (TwinCborReader *reader, void *target, GError **error)
{
  TwinDesiredDocument *document = target;

  return read_object (reader, &document->properties, error);
}

static const TwinField desired_fields[] = {
  { .key = "version",
    .kind = TWIN_FIELD_U64,
    .offset = offsetof (TwinDesiredDocument, version) },
  { .key = "base",
    .kind = TWIN_FIELD_U64,
    .offset = offsetof (TwinDesiredDocument, base) },
  { .key = "properties",
    .kind = TWIN_FIELD_OTHER,
    .read = read_desired_properties },
};

static gboolean
check_size (size_t size, GError **error)
{
  if (size <= TWIN_DOCUMENT_MAX)
    return TRUE;
  g_set_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_SIZE,
               "A desired document of more than 32 KiB");
  return FALSE;
}

TwinDesiredDocument *
twin_desired_document_parse (const uint8_t *data, size_t size, GError **error)
{
  g_autoptr (TwinDesiredDocument) document = g_new0 (TwinDesiredDocument, 1);

  if (!check_size (size, error) ||
      !twin_fields_read_payload (data, size, "desired document", desired_fields,
                                 G_N_ELEMENTS (desired_fields), document,
                                 error))
    return NULL;
  if (document->version == 0 || document->base >= document->version)
    {
      twin_fields_refuse (error, "“version” is not above “base”");
      return NULL;
    }
  return g_steal_pointer (&document);
}

void
twin_desired_document_free (TwinDesiredDocument *document)
{
  if (document == NULL)
    return;

  g_clear_pointer (&document->properties, json_node_unref);
  g_free (document);
}

GBytes *
twin_desired_document_build (const TwinDesiredDocument *document,
                             GError                   **error)
{
  g_autoptr (TwinCborWriter) writer = twin_cbor_writer_new ();
  g_autoptr (GBytes) payload = NULL;

  twin_cbor_writer_begin_map (writer);
  twin_cbor_writer_put_uint (writer, "version", document->version);
  twin_cbor_writer_put_uint (writer, "base", document->base);
  twin_cbor_writer_text (writer, "properties");
  if (!twin_cbor_writer_json (writer, document->properties,
                              TWIN_CBOR_DEPTH_MAX - 1, error))
    return NULL;
  twin_cbor_writer_end_map (writer);

  payload = twin_cbor_writer_finish (g_steal_pointer (&writer));
  return check_size (g_bytes_get_size (payload), error)
             ? g_steal_pointer (&payload)
             : NULL;
}

/* --- reported --- */

static gboolean
read_digest (TwinCborReader *reader, void *target, GError **error)
{
  TwinReported *reported = target;
  TwinCborItem  item;

  if (!twin_cbor_reader_peek (reader, &item, error))
    return FALSE;
  if (item.type == TWIN_CBOR_NULL)
    return twin_cbor_reader_skip (reader, error);
  reported->has_digest = TRUE;
  return twin_cbor_reader_bytes (reader, "digest", reported->digest,
                                 TWIN_DIGEST_SIZE, error);
}

static gboolean
read_reported_properties (TwinCborReader *reader, void *target, GError **error)
{
  TwinReported *reported = target;

  return read_object (reader, &reported->properties, error);
}

static const TwinField refusal_fields[] = {
  { .key = "path",
    .kind = TWIN_FIELD_TEXT,
    .offset = offsetof (TwinRefusal, path),
    .max = 256 },
  { .key = "reason",
    .kind = TWIN_FIELD_TEXT,
    .offset = offsetof (TwinRefusal, reason),
    .max = 256 },
};

static gboolean
read_refused (TwinCborReader *reader, void *target, GError **error)
{
  TwinReported *reported = target;

  return twin_fields_read_array (reader, "refused", refusal_fields,
                                 G_N_ELEMENTS (refusal_fields),
                                 sizeof *reported->refused,
                                 (void **) &reported->refused,
                                 &reported->n_refused, error);
}

static const TwinField reported_fields[] = {
  { .key = "version",
    .kind = TWIN_FIELD_U64,
    .offset = offsetof (TwinReported, version) },
  { .key = "digest", .kind = TWIN_FIELD_OTHER, .read = read_digest },
  { .key = "epoch",
    .kind = TWIN_FIELD_U32,
    .offset = offsetof (TwinReported, epoch) },
  { .key = "up",
    .kind = TWIN_FIELD_NUMBER,
    .offset = offsetof (TwinReported, up) },
  { .key = "bt",
    .kind = TWIN_FIELD_TIME,
    .offset = offsetof (TwinReported, time_us),
    .optional = TRUE },
  { .key = "properties",
    .kind = TWIN_FIELD_OTHER,
    .read = read_reported_properties },
  { .key = "refused", .kind = TWIN_FIELD_OTHER, .read = read_refused },
};

TwinReported *
twin_reported_parse (const uint8_t *data, size_t size, GError **error)
{
  g_autoptr (TwinReported) reported = g_new0 (TwinReported, 1);

  reported->time_us = TWIN_TIME_NONE;
  if (!twin_fields_read_payload (data, size, "reported document",
                                 reported_fields,
                                 G_N_ELEMENTS (reported_fields), reported,
                                 error))
    return NULL;
  if (reported->has_digest != (reported->version > 0))
    {
      twin_fields_refuse (error, "“digest” and “version” contradict");
      return NULL;
    }
  return g_steal_pointer (&reported);
}

void
twin_reported_free (TwinReported *reported)
{
  if (reported == NULL)
    return;

  for (size_t i = 0; i < reported->n_refused; i++)
    {
      g_free (reported->refused[i].path);
      g_free (reported->refused[i].reason);
    }
  g_free (reported->refused);
  g_clear_pointer (&reported->properties, json_node_unref);
  g_free (reported);
}
