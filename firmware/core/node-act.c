/* SPDX-License-Identifier: Apache-2.0
 *
 * node-act.c - what each command does
 */
#include "node-private.h"

#include <math.h>
#include <string.h>

enum
{
  IDENTIFY_MAX_S = 3600,
  RESET_AFTER_US = 300000, /* time for the answer to get out */
  TEXT_MAX = 257,
};

/* A value read from a command's arguments, encoded for one kept in flash. */
typedef struct
{
  char   name[NODE_NAME_SIZE];
  bool   used;
  double high, delay_s;
} kept_limit;

static void
done (node *n, const node_command *c)
{
  node_result (n, c->id, 8, "done", NULL, NULL, 0, true);
}

static bool
number (const node_command *c, const char *name, double *value)
{
  node_cbor_reader at;

  return node_cbor_find (&c->arguments, name, &at) &&
         node_cbor_get_f64 (&at, value);
}

static bool
text (const node_command *c, const char *name, char *out, size_t size)
{
  node_cbor_reader at;

  return node_cbor_find (&c->arguments, name, &at) &&
         node_cbor_copy_text (&at, out, size);
}

static const char *
identify (node *n, const node_command *c)
{
  double seconds;

  if (!number (c, "seconds", &seconds) || !(seconds > 0) ||
      !(seconds <= IDENTIFY_MAX_S))
    return "argument";
  hal_led_set (n->board, true);
  n->led_until_us = hal_time_us (n->board) + (uint64_t) (seconds * 1e6);
  done (n, c);
  return NULL;
}

/* Detail: sensor name → passed. Keys ascend by length, then by bytes. */
static const char *
self_test (node *n, const node_command *c)
{
  uint8_t          buffer[256];
  node_cbor_writer w;
  const char      *names[NODE_ACCELS_MAX + NODE_RTDS_MAX];
  bool             passed[NODE_ACCELS_MAX + NODE_RTDS_MAX];
  unsigned         count = 0;

  for (unsigned i = 0; i < n->config.n_accels; i++)
    {
      names[count] = n->accels[i].sensor;
      passed[count] = accel_self_test (&n->accels[i].driver) == HAL_OK;
      n->accels[i].unfit = !passed[count++];
    }
  for (unsigned i = 0; i < n->config.n_rtds; i++)
    {
      float celsius;

      names[count] = n->config.rtds[i].name;
      passed[count++] = max31865_read (&n->rtds[i], &celsius) == HAL_OK;
    }

  for (unsigned i = 1; i < count; i++)
    for (unsigned k = i; k > 0; k--)
      {
        size_t      a = strlen (names[k - 1]), b = strlen (names[k]);
        const char *name = names[k];
        bool        ok = passed[k];

        if (a < b || (a == b && strcmp (names[k - 1], names[k]) < 0))
          break;
        names[k] = names[k - 1];
        passed[k] = passed[k - 1];
        names[k - 1] = name;
        passed[k - 1] = ok;
      }

  node_cbor_begin (&w, buffer, sizeof buffer);
  node_cbor_put_map (&w, count);
  for (unsigned i = 0; i < count; i++)
    {
      node_cbor_put_text (&w, names[i]);
      node_cbor_put_bool (&w, passed[i]);
    }
  if (w.overflow)
    return "failed";
  node_result (n, c->id, 8, "done", NULL, w.data, w.length, true);
  return NULL;
}

static int
axis_of (const char *name)
{
  if (name[0] >= 'x' && name[0] <= 'z' && name[1] == '\0')
    return name[0] - 'x';
  return -1;
}

static void
put_capture (node_cbor_writer *w, uint8_t *buffer, size_t size, uint32_t value)
{
  node_cbor_begin (w, buffer, size);
  node_cbor_put_map (w, 1);
  node_cbor_put_text (w, "capture");
  node_cbor_put_uint (w, value);
}

static const char *
capture_waveform (node *n, const node_command *c)
{
  char              sensor[NODE_NAME_SIZE], axis_name[4];
  uint8_t           buffer[24];
  node_cbor_writer  w;
  double            seconds, frames;
  const node_accel *a;
  int               accel, axis;

  if (!text (c, "sensor", sensor, sizeof sensor) ||
      !text (c, "axis", axis_name, sizeof axis_name) ||
      !number (c, "seconds", &seconds) || !(seconds > 0) || !(seconds <= 60))
    return "argument";

  accel = node_wave_sensor (n, sensor, strlen (sensor));
  axis = axis_of (axis_name);
  if (accel < 0 || axis < 0 || axis >= (int) n->accels[accel].axes)
    return "argument";
  a = &n->accels[accel];
  frames = ceil (seconds * a->config.rate_hz - 1e-6);
  if (frames > (double) a->block_n * CAPTURE_SLOTS)
    return "argument"; /* longer than what can be kept */
  if (node_capture_start (n, (unsigned) accel, 1u << axis, a->samples.count,
                          (uint32_t) frames, NODE_WHY_COMMAND) == 0)
    return "busy";

  n->capture.answer = true;
  memcpy (n->capture.id, c->id, sizeof n->capture.id);
  put_capture (&w, buffer, sizeof buffer, n->capture.block.capture);
  node_result (n, c->id, 8, "running", NULL, w.data, w.length, true);
  return NULL;
}

void
node_act_capture_done (node *n, bool ok)
{
  uint8_t          buffer[24];
  node_cbor_writer w;

  put_capture (&w, buffer, sizeof buffer, n->capture.block.capture);
  node_result (n, n->capture.id, 8, ok ? "done" : "rejected",
               ok ? NULL : "failed", w.data, w.length, true);
}

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
static const char *
schedule_maintenance (node *n, const node_command *c)
{
  char             work[TEXT_MAX], other[TEXT_MAX];
  uint8_t          buffer[1024];
  node_cbor_reader at;
  node_cbor_writer w;
  double           date;
  bool             note, parts;

  if (!text (c, "work", work, sizeof work) ||
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
  node_cbor_put_text (&w, n->keys[c->key].name);
  copy_optional (&w, c, "date", true);
  copy_optional (&w, c, "note", true);
  copy_optional (&w, c, "work", true);
  copy_optional (&w, c, "parts", true);
  if (w.overflow)
    return "argument";
  if (node_keep_put (&n->keep, KEEP_MAINTENANCE, w.data, w.length) != HAL_OK)
    return "failed";

  n->report_due = true;
  done (n, c);
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

static const char *
confirm_maintenance (node *n, const node_command *c)
{
  static const uint8_t none = 0xf6; /* null */
  char                 work[TEXT_MAX];

  if (!text (c, "work", work, sizeof work))
    return "argument";
  if (node_keep_put (&n->keep, KEEP_MAINTENANCE, &none, 1) != HAL_OK)
    return "failed";

  n->running_s = 0;
  node_keep_put (&n->keep, KEEP_RUNNING, &n->running_s, sizeof n->running_s);
  node_event (n, "maintenance", work, -1);
  n->report_due = true;
  done (n, c);
  return NULL;
}

static const char *
reboot (node *n, const node_command *c)
{
  done (n, c);
  n->reset_at_us = hal_time_us (n->board) + RESET_AFTER_US;
  return NULL;
}

static const char *
set_mode (node *n, const node_command *c)
{
  static const char *const names[] = { "running", "standby", "service" };
  char                     mode[16];
  uint8_t                  kept;

  if (!text (c, "mode", mode, sizeof mode))
    return "argument";
  for (kept = 0; kept < 3; kept++)
    if (strcmp (mode, names[kept]) == 0)
      break;
  if (kept == 3)
    return "argument";
  if (node_keep_put (&n->keep, KEEP_MODE, &kept, 1) != HAL_OK)
    return "failed";

  n->mode = (node_mode) kept;
  node_event (n, "mode", mode, -1);
  n->report_due = true;
  done (n, c);
  return NULL;
}

static bool
save_limits (node *n)
{
  kept_limit kept[NODE_LIMITS_MAX];
  unsigned   count = 0;

  memset (kept, 0, sizeof kept);
  for (unsigned i = 0; i < n->n_signals; i++)
    {
      const node_signal *s = &n->signals[i];

      if (!s->limited)
        continue;
      if (count == NODE_LIMITS_MAX)
        return false;
      node_copy (kept[count].name, sizeof kept[count].name, s->name);
      kept[count].used = true;
      kept[count].high = s->limit;
      kept[count++].delay_s = s->limit_delay_s;
    }
  return node_keep_put (&n->keep, KEEP_LIMITS, kept, sizeof kept) == HAL_OK;
}

static const char *
set_limit (node *n, const node_command *c)
{
  char         name[NODE_NAME_SIZE];
  double       high, delay = 0;
  int          at;
  node_signal  old;
  node_signal *s;

  if (!text (c, "name", name, sizeof name) || !number (c, "high", &high))
    return "argument";
  number (c, "delayS", &delay);
  at = node_signal_find (n, name, strlen (name));
  if (at < 0 || !(delay >= 0) || !(delay <= 86400))
    return "argument";

  s = &n->signals[at];
  old = *s;
  s->limited = true;
  s->limit = high;
  s->limit_delay_s = (float) delay;
  s->over_us = 0;
  s->tripped = false;
  if (!save_limits (n))
    {
      *s = old;
      return "failed";
    }
  n->report_due = n->birth_due = true;
  done (n, c);
  return NULL;
}

static const char *
enrol_key (node *n, const node_command *c)
{
  node_cbor_reader at;
  const uint8_t   *bytes;
  size_t           size;
  char             role[16];
  node_key         key;

  memset (&key, 0, sizeof key);
  if (!node_cbor_find (&c->arguments, "key", &at) ||
      !node_cbor_get_bytes (&at, &bytes, &size) || size != 32 ||
      !text (c, "role", role, sizeof role) ||
      !text (c, "name", key.name, sizeof key.name))
    return "argument";
  key.role = (uint8_t) node_role_of (role, strlen (role));
  if (key.role == NODE_ROLE_NONE)
    return "argument";

  memcpy (key.key, bytes, 32);
  node_cose_kid (key.key, key.kid);
  if (!node_key_add (n, &key))
    return "state"; /* all places taken */
  done (n, c);
  return NULL;
}

static const char *
revoke_key (node *n, const node_command *c)
{
  node_cbor_reader at;
  const uint8_t   *kid;
  size_t           size;
  unsigned         engineers = 0;
  int              key;

  if (!node_cbor_find (&c->arguments, "kid", &at) ||
      !node_cbor_get_bytes (&at, &kid, &size) || size != NODE_KID_SIZE)
    return "argument";
  key = node_key_find (n, kid);
  if (key < 0)
    return "argument";

  for (unsigned i = 0; i < NODE_KEYS_MAX; i++)
    engineers += n->keys[i].role == NODE_ROLE_ENGINEER;
  if (n->keys[key].role == NODE_ROLE_ENGINEER && engineers == 1)
    return "state"; /* the last one would lock everybody out */
  if (!node_key_remove (n, kid))
    return "failed";
  done (n, c);
  return NULL;
}

static const char *
decommission (node *n, const node_command *c)
{
  done (n, c);
  node_send (n, "birth", NULL, 0, 1, true);
  node_send (n, "reported", NULL, 0, 1, true);
  node_send (n, "status", NULL, 0, 1, true);
  n->removed = true;
  n->birth_due = n->report_due = false;
  if (node_keep_wipe (&n->keep) != HAL_OK)
    return "failed";
  memset (n->keys, 0, sizeof n->keys);
  memset (n->counters, 0, sizeof n->counters);
  n->reset_at_us = hal_time_us (n->board) + RESET_AFTER_US;
  return NULL;
}

typedef struct
{
  const char *name;
  node_role   role;
  bool        timeless;
  const char *(*act) (node *n, const node_command *c);
} action;

static const action actions[] = {
  { "identify", NODE_ROLE_OPERATOR, true, identify },
  { "selfTest", NODE_ROLE_OPERATOR, true, self_test },
  { "captureWaveform", NODE_ROLE_OPERATOR, false, capture_waveform },
  { "scheduleMaintenance", NODE_ROLE_MAINTAINER, false, schedule_maintenance },
  { "confirmMaintenance", NODE_ROLE_MAINTAINER, false, confirm_maintenance },
  { "reboot", NODE_ROLE_MAINTAINER, false, reboot },
  { "setMode", NODE_ROLE_ENGINEER, false, set_mode },
  { "setLimit", NODE_ROLE_ENGINEER, false, set_limit },
  { "enrolKey", NODE_ROLE_ENGINEER, false, enrol_key },
  { "revokeKey", NODE_ROLE_ENGINEER, false, revoke_key },
  { "installFirmware", NODE_ROLE_ENGINEER, false, node_update_command },
  { "decommission", NODE_ROLE_ENGINEER, false, decommission },
};

static const action *
find (const char *command)
{
  for (unsigned i = 0; i < sizeof actions / sizeof actions[0]; i++)
    if (strcmp (actions[i].name, command) == 0)
      return &actions[i];
  return NULL;
}

node_role
node_act_role (const char *command)
{
  const action *a = find (command);

  return a != NULL ? a->role : NODE_ROLE_NONE;
}

bool
node_act_timeless (const char *command)
{
  const action *a = find (command);

  return a != NULL && a->timeless;
}

const char *
node_act (node *n, const node_command *c)
{
  return find (c->name)->act (n, c);
}

/* What earlier commands left: mode and limits. */
void
node_act_init (node *n)
{
  kept_limit kept[NODE_LIMITS_MAX];
  uint8_t    mode;

  if (node_keep_get (&n->keep, KEEP_MODE, &mode, 1) == 1 && mode < 3)
    n->mode = (node_mode) mode;

  if (node_keep_get (&n->keep, KEEP_LIMITS, kept, sizeof kept) != sizeof kept)
    {
      memset (kept, 0, sizeof kept);
      for (unsigned i = 0; i < n->config.n_limits; i++)
        {
          node_copy (kept[i].name, sizeof kept[i].name,
                     n->config.limits[i].name);
          kept[i].used = true;
          kept[i].high = n->config.limits[i].high;
          kept[i].delay_s = n->config.limits[i].delay_s;
        }
    }

  for (unsigned i = 0; i < NODE_LIMITS_MAX; i++)
    {
      int at = kept[i].used
                   ? node_signal_find (n, kept[i].name, strlen (kept[i].name))
                   : -1;

      if (at < 0)
        continue;
      n->signals[at].limited = true;
      n->signals[at].limit = kept[i].high;
      n->signals[at].limit_delay_s = (float) kept[i].delay_s;
    }
}
