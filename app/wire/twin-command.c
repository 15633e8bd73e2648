/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-command.h"

#include "twin-cbor-json.h"
#include "twin-clock.h"
#include "twin-cose.h"
#include "twin-fields.h"

#include <string.h>

enum
{
  COMMAND_MAX = 4096, /* a node may refuse more */
};

static const char *const statuses[] = {
  [TWIN_RESULT_ACCEPTED] = "accepted", [TWIN_RESULT_RUNNING] = "running",
  [TWIN_RESULT_DONE] = "done",         [TWIN_RESULT_REJECTED] = "rejected",
  [TWIN_RESULT_EXPIRED] = "expired",
};

const char *
twin_result_status_to_string (TwinResultStatus status)
{
  g_return_val_if_fail (status < G_N_ELEMENTS (statuses), NULL);
  return statuses[status];
}

/* --- sending -----------------------------------------------------------------
 */

static gboolean
check_sent (GBytes *message, GError **error)
{
  if (g_bytes_get_size (message) <= COMMAND_MAX)
    return TRUE;
  g_set_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_SIZE,
               "The command has %zu bytes; a node takes 4096: shorten its "
               "arguments",
               g_bytes_get_size (message));
  return FALSE;
}

/* Takes @writer. */
static GBytes *
sign_written (TwinCborWriter *writer,
              const TwinKey  *key,
              const char     *topic,
              GError        **error)
{
  g_autoptr (GBytes) payload = twin_cbor_writer_finish (writer);
  g_autoptr (GBytes) message =
      twin_signed_build (key, topic, g_bytes_get_data (payload, NULL),
                         g_bytes_get_size (payload));

  return check_sent (message, error) ? g_steal_pointer (&message) : NULL;
}

static gboolean
check_text (const char *what, const char *text, GError **error)
{
  const size_t size = strlen (text);

  return (size >= 1 && size <= TWIN_TEXT_MAX &&
          g_utf8_validate (text, size, NULL)) ||
         twin_fields_refuse (error, "The %s is not 1 to 64 bytes of text",
                             what);
}

GBytes *
twin_command_build (const TwinCommand *command,
                    const TwinKey     *key,
                    const char        *topic,
                    GError           **error)
{
  g_autoptr (TwinCborWriter) writer = NULL;

  if (!check_text ("command’s name", command->command, error))
    return NULL;
  if (command->arguments != NULL &&
      !JSON_NODE_HOLDS_OBJECT (command->arguments))
    {
      twin_fields_refuse (error, "The arguments of “%s” are not an object",
                          command->command);
      return NULL;
    }

  writer = twin_cbor_writer_new ();
  twin_cbor_writer_begin_map (writer);
  twin_cbor_writer_put_text (writer, "command", command->command);
  twin_cbor_writer_text (writer, "arguments");
  if (command->arguments == NULL)
    {
      twin_cbor_writer_begin_map (writer);
      twin_cbor_writer_end_map (writer);
    }
  else if (!twin_cbor_writer_json (writer, command->arguments,
                                   TWIN_CBOR_DEPTH_MAX - 1, error))
    {
      return NULL;
    }
  twin_cbor_writer_put_bytes (writer, "id", command->id, TWIN_ID_SIZE);
  twin_cbor_writer_put_uint (writer, "counter", command->counter);
  twin_cbor_writer_put_uint (writer, "epoch", command->epoch);
  twin_cbor_writer_put_float64 (writer, "notAfter",
                                twin_clock_seconds_from_us (
                                    command->not_after_us));
  twin_cbor_writer_end_map (writer);
  return sign_written (g_steal_pointer (&writer), key, topic, error);
}

GBytes *
twin_command_countersign (GBytes        *first,
                          const char    *approver,
                          const TwinKey *key,
                          const char    *topic,
                          GError       **error)
{
  TwinCborWriter *writer;
  TwinSigned      opened;
  size_t          size;
  const uint8_t  *data = g_bytes_get_data (first, &size);

  if (!check_text ("approver’s name", approver, error) ||
      !twin_signed_open (data, size, &opened, error))
    return NULL;
  if (memcmp (opened.kid, twin_key_get_kid (key), TWIN_KID_SIZE) == 0)
    {
      twin_fields_refuse (error, "A command of two persons needs two keys: the "
                                 "approver’s key already signed it");
      return NULL;
    }

  writer = twin_cbor_writer_new ();
  twin_cbor_writer_begin_map (writer);
  twin_cbor_writer_put_bytes (writer, "first", data, size);
  twin_cbor_writer_put_text (writer, "approver", approver);
  twin_cbor_writer_end_map (writer);
  return sign_written (writer, key, topic, error);
}

/* --- results -----------------------------------------------------------------
 */

static gboolean
read_id (TwinCborReader *reader, void *target, GError **error)
{
  TwinResult  *result = target;
  TwinCborItem item;

  if (!twin_cbor_reader_next (reader, &item, error))
    return FALSE;
  if (item.type != TWIN_CBOR_BYTES ||
      (item.size != 0 && item.size != TWIN_ID_SIZE))
    return twin_fields_refuse (error, "“id” is neither empty nor 8 bytes");
  if (item.size > 0)
    memcpy (result->id, item.bytes, item.size);
  result->id_size = item.size;
  return TRUE;
}

static gboolean
read_status (TwinCborReader *reader, void *target, GError **error)
{
  TwinResult *result = target;
  unsigned    status = 0;

  if (!twin_fields_read_word (reader, "status", statuses,
                              G_N_ELEMENTS (statuses), &status, error))
    return FALSE;
  result->status = status;
  return TRUE;
}

static gboolean
read_detail (TwinCborReader *reader, void *target, GError **error)
{
  TwinResult *result = target;

  result->detail = twin_cbor_reader_json (reader, error);
  return result->detail != NULL;
}

static const TwinField fields[] = {
  { .key = "id", .kind = TWIN_FIELD_OTHER, .read = read_id },
  { .key = "status", .kind = TWIN_FIELD_OTHER, .read = read_status },
  { .key = "reason",
    .kind = TWIN_FIELD_TEXT,
    .offset = offsetof (TwinResult, reason),
    .min = 1,
    .max = TWIN_TEXT_MAX,
    .optional = TRUE },
  { .key = "detail",
    .kind = TWIN_FIELD_OTHER,
    .read = read_detail,
    .optional = TRUE },
  { .key = "up",
    .kind = TWIN_FIELD_NUMBER,
    .offset = offsetof (TwinResult, up) },
  { .key = "bt",
    .kind = TWIN_FIELD_TIME,
    .offset = offsetof (TwinResult, time_us),
    .optional = TRUE },
};

TwinResult *
twin_result_parse (const uint8_t *data, size_t size, GError **error)
{
  g_autoptr (TwinResult) result = g_new0 (TwinResult, 1);

  result->time_us = TWIN_TIME_NONE;
  if (!twin_fields_read_payload (data, size, "result", fields,
                                 G_N_ELEMENTS (fields), result, error))
    return NULL;
  return g_steal_pointer (&result);
}

void
twin_result_free (TwinResult *result)
{
  if (result == NULL)
    return;

  g_free (result->reason);
  g_clear_pointer (&result->detail, json_node_unref);
  g_free (result);
}

const char *
twin_result_reason_describe (const char *reason)
{
  static const struct
  {
    const char *word;
    const char *sentence;
  } reasons[] = {
    { "malformed", "the node could not read it" },
    { "signature", "the signature does not fit this node" },
    { "unknown-key", "the node does not know this console’s key; enrol it" },
    { "role", "this key’s role does not allow it" },
    { "counter", "it is older than the last command of this key" },
    { "epoch", "the node has restarted since; send it again" },
    { "expired", "it reached the node too late" },
    { "no-time", "the node has no trusted time yet; try again in a minute" },
    { "unknown-command", "the node does not have this command" },
    { "argument", "an argument is missing or out of range" },
    { "busy", "the node is busy with another command" },
    { "state", "the node’s present mode does not allow it" },
    { "failed", "the node tried and failed" },
    { "needs-approver", "a second person has to approve it" },
  };

  if (reason == NULL)
    return "the node gave no reason";
  for (size_t i = 0; i < G_N_ELEMENTS (reasons); i++)
    if (g_str_equal (reason, reasons[i].word))
      return reasons[i].sentence;
  return "the node gave a reason that this version does not know";
}
