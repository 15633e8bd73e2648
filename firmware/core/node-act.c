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
  RESULT_HEAD = 64,        /* of a result, besides its detail */
};

static const double self_test_s = 2.5; /* two reads of the Pt100s */

/* A value read from a command's arguments, encoded for one kept in flash. */
typedef struct
{
  char   name[NODE_NAME_SIZE];
  bool   used;
  double high, delay_s;
} kept_limit;

void
node_act_done (node *n, const node_command *c)
{
  node_result (n, c->id, 8, "done", NULL, NULL, 0, true);
}

bool
node_argument_number (const node_command *c, const char *name, double *value)
{
  node_cbor_reader at;

  return node_cbor_find (&c->arguments, name, &at) &&
         node_cbor_get_f64 (&at, value);
}

bool
node_argument_text (const node_command *c,
                    const char         *name,
                    char               *out,
                    size_t              size)
{
  node_cbor_reader at;

  return node_cbor_find (&c->arguments, name, &at) &&
         node_cbor_copy_text (&at, out, size);
}

static const char *
identify (node *n, const node_command *c)
{
  double seconds;

  if (!node_argument_number (c, "seconds", &seconds) || !(seconds > 0) ||
      !(seconds <= IDENTIFY_MAX_S))
    return "argument";
  hal_led_set (n->board, true);
  n->led_until_us = hal_time_us (n->board) + (uint64_t) (seconds * 1e6);
  node_act_done (n, c);
  return NULL;
}

bool
node_job_begin (node               *n,
                const node_command *c,
                double              after_s,
                node_job_finish    *finish)
{
  if (n->job.finish != NULL)
    return false;
  n->job.finish = finish;
  n->job.due_us = hal_time_us (n->board) + (uint64_t) (after_s * 1e6);
  memcpy (n->job.id, c->id, sizeof n->job.id);
  node_result (n, c->id, 8, "running", NULL, NULL, 0, true);
  return true;
}

void
node_job_step (node *n)
{
  uint8_t          buffer[NODE_RESULT_SIZE - RESULT_HEAD];
  node_cbor_writer w;
  node_job_finish *finish = n->job.finish;
  const char      *reason;

  if (finish == NULL || hal_time_us (n->board) < n->job.due_us)
    return;

  n->job.finish = NULL;
  node_cbor_begin (&w, buffer, sizeof buffer);
  reason = finish (n, &w);
  if (w.overflow)
    reason = "failed";
  node_result (n, n->job.id, 8, reason == NULL ? "done" : "rejected", reason,
               reason == NULL && w.length > 0 ? buffer : NULL, w.length, true);
}

static const char *
self_test (node *n, const node_command *c)
{
  if (!node_job_begin (n, c, self_test_s, node_sensors_result))
    return "busy";
  node_sensors_test (n);
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

  if (!node_argument_text (c, "sensor", sensor, sizeof sensor) ||
      !node_argument_text (c, "axis", axis_name, sizeof axis_name) ||
      !node_argument_number (c, "seconds", &seconds) || !(seconds > 0) ||
      !(seconds <= 60))
    return "argument";

  accel = node_wave_sensor (n, sensor, strlen (sensor));
  axis = axis_of (axis_name);
  if (accel < 0 || axis < 0 || axis >= (int) n->accels[accel].axes)
    return "argument";
  if (n->mode == NODE_MODE_STANDBY)
    return "state"; /* the accelerometers are off */
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

static const char *
reboot (node *n, const node_command *c)
{
  node_act_done (n, c);
  n->reset_at_us = hal_time_us (n->board) + RESET_AFTER_US;
  return NULL;
}

static const char *
set_mode (node *n, const node_command *c)
{
  static const char *const names[] = { "running", "standby", "service" };
  char                     mode[16];
  uint8_t                  kept;

  if (!node_argument_text (c, "mode", mode, sizeof mode))
    return "argument";
  for (kept = 0; kept < 3; kept++)
    if (strcmp (mode, names[kept]) == 0)
      break;
  if (kept == 3)
    return "argument";
  if (kept == NODE_MODE_STANDBY && n->capture.active)
    return "busy"; /* its capture needs the accelerometer */
  if (node_keep_put (&n->keep, KEEP_MODE, &kept, 1) != HAL_OK)
    return "failed";

  n->mode = (node_mode) kept;
  node_event (n, "mode", mode, -1);
  if (kept == NODE_MODE_STANDBY)
    for (unsigned i = 0; i < n->config.n_accels; i++)
      n->accels[i].capture_left = 0;
  n->summary_at_s = n->calm_at_s = 0;  /* at the next second */
  n->report_due = n->birth_due = true; /* periods are told there */
  node_act_done (n, c);
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

  if (!node_argument_text (c, "name", name, sizeof name) ||
      !node_argument_number (c, "high", &high))
    return "argument";
  node_argument_number (c, "delayS", &delay);
  at = node_signal_find (n, name, strlen (name));
  if (at < 0 || !(delay >= 0) || !(delay <= 86400))
    return "argument";

  s = &n->signals[at];
  old = *s;
  s->limited = true;
  s->limit = high;
  s->limit_delay_s = (float) delay;
  s->over_s = 0;
  s->tripped = false;
  if (!save_limits (n))
    {
      *s = old;
      return "failed";
    }
  n->report_due = n->birth_due = true;
  node_act_done (n, c);
  return NULL;
}

static int
digit_of (char c)
{
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                : -1;
}

/* Bytes, or as a person types them: hexadecimal digits. */
static bool
argument_bytes (const node_command *c, const char *name, uint8_t *out, size_t n)
{
  node_cbor_reader at;
  const uint8_t   *bytes;
  const char      *text;
  size_t           size;

  if (!node_cbor_find (&c->arguments, name, &at))
    return false;
  if (node_cbor_get_bytes (&at, &bytes, &size))
    {
      if (size == n)
        memcpy (out, bytes, n);
      return size == n;
    }
  if (!node_cbor_get_text (&at, &text, &size) || size != 2 * n)
    return false;
  for (size_t i = 0; i < n; i++)
    {
      int high = digit_of (text[2 * i]), low = digit_of (text[2 * i + 1]);

      if (high < 0 || low < 0)
        return false;
      out[i] = (uint8_t) (high << 4 | low);
    }
  return true;
}

/* Nobody could undo it if @kid were not an engineer any more. */
static bool
last_engineer (const node *n, const uint8_t kid[NODE_KID_SIZE])
{
  int      key = node_key_find (n, kid);
  unsigned engineers = 0;

  for (unsigned i = 0; i < NODE_KEYS_MAX; i++)
    engineers += n->keys[i].role == NODE_ROLE_ENGINEER;
  return key >= 0 && n->keys[key].role == NODE_ROLE_ENGINEER && engineers == 1;
}

static const char *
enrol_key (node *n, const node_command *c)
{
  char     role[16], name[NODE_NAME_SIZE];
  node_key key;

  memset (&key, 0, sizeof key);
  if (!argument_bytes (c, "key", key.key, sizeof key.key) ||
      !node_argument_text (c, "role", role, sizeof role) ||
      !node_argument_text (c, "name", name, sizeof name))
    return "argument";
  key.role = (uint8_t) node_role_of (role, strlen (role));
  if (key.role == NODE_ROLE_NONE)
    return "argument";

  node_cose_kid (key.key, key.kid);
  if (key.role != NODE_ROLE_ENGINEER && last_engineer (n, key.kid))
    return "state";
  if (!node_key_add (n, &key, name))
    return "state"; /* all places taken */
  node_act_done (n, c);
  return NULL;
}

static const char *
revoke_key (node *n, const node_command *c)
{
  uint8_t kid[NODE_KID_SIZE];

  if (!argument_bytes (c, "kid", kid, sizeof kid))
    return "argument";
  if (node_key_find (n, kid) < 0)
    return "argument";
  if (last_engineer (n, kid))
    return "state";
  if (!node_key_remove (n, kid))
    return "failed";
  node_act_done (n, c);
  return NULL;
}

static const char *
decommission (node *n, const node_command *c)
{
  node_act_done (n, c);
  node_send (n, "birth", NULL, 0, 1, true);
  node_send (n, "reported", NULL, 0, 1, true);
  node_send (n, "status", NULL, 0, 1, true);
  n->removed = true;
  n->birth_due = n->report_due = false;
  n->reset_at_us = hal_time_us (n->board) + RESET_AFTER_US;
  return node_forget (n) ? NULL : "failed";
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
  { "scheduleMaintenance", NODE_ROLE_MAINTAINER, false,
    node_maintenance_schedule },
  { "confirmMaintenance", NODE_ROLE_MAINTAINER, false,
    node_maintenance_confirm },
  { "reboot", NODE_ROLE_MAINTAINER, false, reboot },
  { "setMode", NODE_ROLE_ENGINEER, false, set_mode },
  { "setLimit", NODE_ROLE_ENGINEER, false, set_limit },
  { "setTrip", NODE_ROLE_ENGINEER, false, node_trip_set_act },
  { "resetTrip", NODE_ROLE_ENGINEER, false, node_trip_reset_act },
  { "calibrate", NODE_ROLE_ENGINEER, false, node_calibrate_act },
  { "calibrateTo", NODE_ROLE_ENGINEER, false, node_calibrate_to_act },
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
  const action *a = find (c->name);

  return a != NULL ? a->act (n, c) : "unknown-command";
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
