/* SPDX-License-Identifier: Apache-2.0
 *
 * node-maintenance.c - work planned and work done
 */
#include "node-private.h"

#include <string.h>

enum
{
  TEXT_MAX = 257,
};

/* Copy an optional text of the arguments under its own name. */
static bool
copy_optional (node_cbor_writer   *w,
               const node_command *c,
               const char         *name,
               bool                put)
{
  node_cbor_reader at, start;

  if (!node_cbor_find (&c->arguments, name, &at))
    return false;
  start = at;
  if (!node_cbor_skip (&at))
    return false;
  if (put)
    {
      node_cbor_put_text (w, name);
      node_cbor_put_raw (w, start.data + start.at, at.at - start.at);
    }
  return true;
}

/* A date is a text or seconds UTC; note a text, parts whatever the console
 * sent. Kept as { by, date, note?, work, parts? } in key order. */
const char *
node_maintenance_schedule (node *n, const node_command *c)
{
  char             work[TEXT_MAX], other[TEXT_MAX];
  uint8_t          buffer[1024];
  node_cbor_reader at;
  node_cbor_writer w;
  double           date;
  bool             note, parts;

  if (!node_argument_text (c, "work", work, sizeof work) ||
      !node_cbor_find (&c->arguments, "date", &at) ||
      (!node_cbor_get_f64 (&at, &date) &&
       !node_cbor_copy_text (&at, other, sizeof other)))
    return "argument";
  if (node_cbor_find (&c->arguments, "note", &at) &&
      !node_cbor_copy_text (&at, other, sizeof other))
    return "argument";

  node_cbor_begin (&w, buffer, sizeof buffer);
  note = copy_optional (&w, c, "note", false);
  parts = copy_optional (&w, c, "parts", false);
  node_cbor_put_map (&w, 3 + note + parts);
  node_cbor_put_text (&w, "by");
  node_key_name (n, c->key, work);
  node_cbor_put_text (&w, work);
  copy_optional (&w, c, "date", true);
  copy_optional (&w, c, "note", true);
  copy_optional (&w, c, "work", true);
  copy_optional (&w, c, "parts", true);
  if (w.overflow)
    return "argument";
  if (node_keep_put (&n->keep, KEEP_MAINTENANCE, w.data, w.length) != HAL_OK)
    return "failed";

  n->report_due = true;
  node_act_done (n, c);
  return NULL;
}

bool
node_maintenance_due (const node *n)
{
  uint8_t buffer[1024];

  return node_keep_get (&n->keep, KEEP_MAINTENANCE, buffer, sizeof buffer) > 1;
}

void
node_put_maintenance (const node *n, node_cbor_writer *w)
{
  uint8_t buffer[1024];
  int32_t size =
      node_keep_get (&n->keep, KEEP_MAINTENANCE, buffer, sizeof buffer);

  if (size > 0)
    node_cbor_put_raw (w, buffer, (size_t) size);
  else
    node_cbor_put_null (w);
}

const char *
node_maintenance_confirm (node *n, const node_command *c)
{
  static const uint8_t none = 0xf6; /* null */
  char                 work[TEXT_MAX];

  if (!node_argument_text (c, "work", work, sizeof work))
    return "argument";
  if (node_keep_put (&n->keep, KEEP_MAINTENANCE, &none, 1) != HAL_OK)
    return "failed";

  n->running_s = 0;
  node_detect_reset (n);
  node_keep_put (&n->keep, KEEP_RUNNING, &n->running_s, sizeof n->running_s);
  node_event (n, "maintenance", work, -1);
  n->report_due = true;
  node_act_done (n, c);
  return NULL;
}
