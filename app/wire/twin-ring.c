/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ring.h"

#include "twin-cbor-writer.h"
#include "twin-fields.h"

#include <string.h>

static gboolean
read_span (TwinCborReader *reader,
           size_t          elements,
           const char     *what,
           TwinSpan       *span,
           GError        **error)
{
  uint64_t epoch = 0;
  size_t   n;

  if (!twin_cbor_reader_array (reader, what, &n, error))
    return FALSE;
  if (n != elements)
    return twin_fields_refuse (error, "A span of “%s” has %zu parts", what, n);
  if (!twin_cbor_reader_uint (reader, what, UINT32_MAX, &epoch, error) ||
      !twin_cbor_reader_uint (reader, what, TWIN_SEQ_MAX, &span->first,
                              error) ||
      !twin_cbor_reader_uint (reader, what, TWIN_SEQ_MAX, &span->last, error))
    return FALSE;

  span->epoch = epoch;
  return span->first <= span->last ||
         twin_fields_refuse (error, "A span of “%s” ends before it begins",
                             what);
}

static gboolean
read_held (TwinCborReader *reader, void *target, GError **error)
{
  TwinRingReport *report = target;
  size_t          n;

  if (!twin_cbor_reader_array (reader, "held", &n, error))
    return FALSE;

  report->held = g_new0 (TwinSpan, n);
  report->n_held = n;
  for (size_t i = 0; i < n; i++)
    if (!read_span (reader, 3, "held", &report->held[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
read_cause (TwinCborReader *reader, TwinLossCause *cause, GError **error)
{
  g_autofree char *word =
      twin_cbor_reader_dup_text (reader, "cause", 1, TWIN_TEXT_MAX, error);

  if (word == NULL)
    return FALSE;
  return twin_loss_cause_from_string (word, cause) ||
         twin_fields_refuse (error, "“%s” is no cause of a loss", word);
}

static gboolean
read_lost (TwinCborReader *reader, void *target, GError **error)
{
  TwinRingReport *report = target;
  size_t          n;

  if (!twin_cbor_reader_array (reader, "lost", &n, error))
    return FALSE;

  report->lost = g_new0 (TwinLoss, n);
  report->n_lost = n;
  for (size_t i = 0; i < n; i++)
    if (!read_span (reader, 4, "lost", &report->lost[i].span, error) ||
        !read_cause (reader, &report->lost[i].cause, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_id (TwinCborReader *reader, void *target, GError **error)
{
  TwinRingReport *report = target;
  TwinCborItem    item;

  if (!twin_cbor_reader_peek (reader, &item, error))
    return FALSE;
  if (item.type == TWIN_CBOR_NULL)
    return twin_cbor_reader_skip (reader, error);
  report->has_id = TRUE;
  return twin_cbor_reader_bytes (reader, "id", report->id, TWIN_ID_SIZE, error);
}

static const TwinField fields[] = {
  { .key = "ring",
    .kind = TWIN_FIELD_BYTES,
    .offset = offsetof (TwinRingReport, ring),
    .max = TWIN_RING_SIZE },
  { .key = "id", .kind = TWIN_FIELD_OTHER, .read = read_id },
  { .key = "held", .kind = TWIN_FIELD_OTHER, .read = read_held },
  { .key = "lost", .kind = TWIN_FIELD_OTHER, .read = read_lost },
};

TwinRingReport *
twin_ring_report_parse (const uint8_t *data, size_t size, GError **error)
{
  g_autoptr (TwinRingReport) report = g_new0 (TwinRingReport, 1);

  if (size > TWIN_DOCUMENT_MAX)
    {
      g_set_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_SIZE,
                   "A ring report of more than 32 KiB");
      return NULL;
    }
  if (!twin_fields_read_payload (data, size, "ring report", fields,
                                 G_N_ELEMENTS (fields), report, error))
    return NULL;
  return g_steal_pointer (&report);
}

void
twin_ring_report_free (TwinRingReport *report)
{
  if (report == NULL)
    return;

  g_free (report->held);
  g_free (report->lost);
  g_free (report);
}

/* --- asking ------------------------------------------------------------------
 */

GBytes *
twin_replay_build (const uint8_t   id[TWIN_ID_SIZE],
                   const TwinSpan *spans,
                   size_t          n,
                   uint32_t        rate)
{
  TwinCborWriter *writer = twin_cbor_writer_new ();

  twin_cbor_writer_begin_map (writer);
  twin_cbor_writer_put_bytes (writer, "id", id, TWIN_ID_SIZE);
  twin_cbor_writer_text (writer, "spans");
  twin_cbor_writer_array (writer, n);
  for (size_t i = 0; i < n; i++)
    {
      twin_cbor_writer_array (writer, 3);
      twin_cbor_writer_uint (writer, spans[i].epoch);
      twin_cbor_writer_uint (writer, spans[i].first);
      if (spans[i].last == TWIN_SEQ_NEWEST)
        twin_cbor_writer_null (writer);
      else
        twin_cbor_writer_uint (writer, spans[i].last);
    }
  if (rate > 0)
    twin_cbor_writer_put_uint (writer, "rate", rate);
  twin_cbor_writer_end_map (writer);
  return twin_cbor_writer_finish (writer);
}

GBytes *
twin_replay_build_blocks (const uint8_t   id[TWIN_ID_SIZE],
                          uint64_t        capture,
                          const uint64_t *blocks,
                          size_t          n)
{
  TwinCborWriter *writer = twin_cbor_writer_new ();

  twin_cbor_writer_begin_map (writer);
  twin_cbor_writer_put_bytes (writer, "id", id, TWIN_ID_SIZE);
  twin_cbor_writer_put_uint (writer, "capture", capture);
  twin_cbor_writer_text (writer, "blocks");
  twin_cbor_writer_array (writer, n);
  for (size_t i = 0; i < n; i++)
    twin_cbor_writer_uint (writer, blocks[i]);
  twin_cbor_writer_end_map (writer);
  return twin_cbor_writer_finish (writer);
}
