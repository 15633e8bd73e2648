/* SPDX-License-Identifier: Apache-2.0
 *
 * node-sensors.c - the slow sensors second by second, and how all of them are
 */
#include "node-private.h"

#include <math.h>
#include <string.h>

enum
{
  KEEP_RUNNING_US = 600000000,
  TELL_US = 60000000, /* overruns and drifts are reported this often at most */
  CLIPPED_S = 10,
  REBASE_US = 1000000,        /* a beacon this far off begins anew */
  CLOCK_FIRST_US = 600000000, /* of beacons, before drift is told */
};

static const float turning_rpm = 30.0f; /* below it the machine stands */
static const float energised = 0.5f;    /* of the idle current: it is driven */
static const float tell_ppm = 5.0f;
static const float beacon_s = 0.02f; /* how evenly a beacon travels */

typedef struct
{
  uint8_t     bit;
  const char *name;
} fault_name;

static const fault_name fault_names[] = {
  { NODE_FAULT_ABSENT, "absent" },       { NODE_FAULT_OPEN, "open" },
  { NODE_FAULT_SHORT, "short" },         { NODE_FAULT_VOLTAGE, "over-voltage" },
  { NODE_FAULT_SELF_TEST, "self-test" }, { NODE_FAULT_CLIPPED, "clipped" },
  { NODE_FAULT_STUCK, "stuck" },         { NODE_FAULT_PULSES, "pulses" },
};

enum
{
  FAULT_NAMES = sizeof fault_names / sizeof fault_names[0],
};

/* Each fault is told when it comes, and when the last one is gone. */
static void
set_faults (node *n, uint8_t *kept, const char *sensor, uint8_t faults)
{
  uint8_t come = faults & (uint8_t) ~*kept;

  if (faults == *kept)
    return;
  for (unsigned i = 0; i < FAULT_NAMES; i++)
    if (come & fault_names[i].bit)
      {
        node_evidence what = { "event/fault", NULL, 0, fault_names[i].name };

        node_event_with (n, "sensor-fault", sensor, &what, 1);
      }
  if (faults == 0)
    node_event (n, "sensor-restored", sensor, -1);
  *kept = faults;
  n->report_due = true;
}

void
node_sensors_init (node *n)
{
  const node_config *c = &n->config;
  uint64_t           now = hal_time_us (n->board);

  n->current_signal = n->load_signal = n->speed_signal = n->hours_signal =
      NODE_SIGNALS_MAX;
  n->sensors.source = NODE_SPEED_UNKNOWN;

  if (c->speed_name != NULL)
    n->speed_signal = node_signal_add (n, "", c->speed_name, "1/min", 0, 6000);
  if (c->current.fitted)
    {
      n->current_signal = node_signal_add (n, "", c->current.name, "A", 0,
                                           c->current.rated_a * 2);
      n->load_signal = node_signal_add (n, "", c->current.load_name, "/", 0, 2);
      acs723_init (&n->current, n->board, HAL_ADC_CURRENT,
                   c->current.volt_per_a, c->current.supply_v,
                   c->current.ratio);
    }

  for (unsigned i = 0; i < c->n_rtds; i++)
    {
      n->rtd_signal[i] =
          node_signal_add (n, "", c->rtds[i].name, "Cel", -50, 200);
      max31865_start (&n->rtds[i], n->board, c->rtds[i].device);
    }

  if (c->hours_name != NULL)
    {
      n->hours_signal = node_signal_add (n, "", c->hours_name, "h", 0, 1e6);
      if (node_keep_get (&n->keep, KEEP_RUNNING, &n->running_s,
                         sizeof n->running_s) != sizeof n->running_s)
        n->running_s = c->hours * 3600.0;
      n->running_kept_us = now;
    }
  tacho_init (&n->tacho, n->board);
}

/* Shaft speed. */

static float
load_factor (const node *n)
{
  const node_signal *s = &n->signals[n->load_signal];

  return n->config.current.fitted && s->quality != NODE_QUALITY_BAD ? s->value
                                                                    : 0.7f;
}

/* False: the motor draws no current; true also when that is not known. */
static bool
driven (const node *n)
{
  const node_signal *s = &n->signals[n->current_signal];

  return !n->config.current.fitted || s->quality == NODE_QUALITY_BAD ||
         s->value > energised * (float) n->config.current.idle_a;
}

static float
expected_rpm (const node *n)
{
  const node_config *c = &n->config;
  float              load = load_factor (n);

  return (float) c->rated_rpm * (1.0f + (float) c->rated_slip * (1.0f - load));
}

static void
follow (node *n, bool wanted)
{
  node_sensors *s = &n->sensors;

  wanted = wanted && n->config.rated_rpm > 0 && n->config.n_accels > 0;
  if (wanted && !s->follows)
    node_speed_init (&s->line, (float) n->config.accels[0].rate_hz,
                     expected_rpm (n) / 60.0f);
  s->follows = wanted;
}

void
node_sensors_samples (node *n, node_accel *a, const accel_batch *batch)
{
  for (uint32_t i = 0; i < batch->frames; i++)
    {
      int16_t x = batch->samples[i * a->axes];

      a->same = x == a->newest ? a->same + 1 : 0;
      a->newest = x;
    }
  if (n->sensors.follows && a == &n->accels[0])
    node_speed_add (&n->sensors.line, batch->samples, batch->frames, a->axes);
}

void
node_sensors_gap (node *n, const node_accel *a)
{
  if (n->sensors.follows && a == &n->accels[0])
    node_speed_gap (&n->sensors.line);
}

/* What the machine itself tells, without a key-phasor: its own line 1X, else
 * the slip that the load makes, half of which is taken as uncertain. */
static node_speed_source
estimate (node *n, float *rpm, float *uncertainty)
{
  const node_config *c = &n->config;
  float              hz, by;

  if (!driven (n))
    {
      *rpm = *uncertainty = 0;
      return NODE_SPEED_ESTIMATED;
    }
  if (node_speed_estimate (&n->sensors.line, &hz, &by))
    {
      *rpm = hz * 60.0f;
      *uncertainty = by * 60.0f;
      return NODE_SPEED_ESTIMATED;
    }
  *rpm = expected_rpm (n);
  *uncertainty = (float) (c->rated_rpm * c->rated_slip);
  if (!c->current.fitted || !(c->rated_slip > 0))
    {
      *rpm = (float) c->rated_rpm;
      *uncertainty = (float) c->rated_rpm * 0.03f;
      return NODE_SPEED_NAMEPLATE;
    }
  *uncertainty *= 0.5f;
  return NODE_SPEED_ESTIMATED;
}

static void
set_speed (node *n, float rpm, node_speed_source source, float uncertainty)
{
  node_sensors *s = &n->sensors;

  if (s->source != source && s->source != NODE_SPEED_UNKNOWN)
    {
      node_evidence what = { "event/source", NULL, 0,
                             node_speed_source_name (source) };

      node_event_with (n, "speed-source", n->config.speed_name, &what, 1);
    }
  n->report_due = n->report_due || s->source != source;
  s->source = source;
  s->uncertainty = uncertainty;
  n->last_speed = rpm;
  node_signal_set (n, n->speed_signal, rpm,
                   source == NODE_SPEED_UNKNOWN ? NODE_QUALITY_BAD
                   : source == NODE_SPEED_TACHO ? NODE_QUALITY_GOOD
                                                : NODE_QUALITY_UNCERTAIN);
}

static void
read_speed (node *n)
{
  node_sensors     *s = &n->sensors;
  float             rpm = n->last_speed, uncertainty = 0;
  tacho_state       state;
  node_speed_source source = NODE_SPEED_TACHO;
  bool              dead;

  if (n->speed_signal == NODE_SIGNALS_MAX)
    return;
  state = tacho_read (&n->tacho, &rpm);
  /* No pulses from a motor that draws current, while the shaft's line is
   * there: the key-phasor is dead, not the machine. */
  dead = state == TACHO_STANDS && n->config.current.fitted && driven (n);
  follow (n, state == TACHO_NONE || dead);
  if (state == TACHO_NONE || (dead && s->line.pairs > 0))
    {
      float hz, by;

      if (n->config.rated_rpm <= 0)
        source = NODE_SPEED_UNKNOWN;
      else if (state == TACHO_NONE || node_speed_estimate (&s->line, &hz, &by))
        source = estimate (n, &rpm, &uncertainty);
    }
  else if (state == TACHO_UNSURE)
    return;

  set_faults (n, &s->speed, n->config.speed_name,
              (state == TACHO_TURNS && n->tacho.doubtful) ||
                      (dead && source == NODE_SPEED_ESTIMATED)
                  ? NODE_FAULT_PULSES
                  : 0);
  set_speed (n, rpm, source, uncertainty);
}

/* Current, temperatures, hours. */

static void
read_current (node *n)
{
  const node_current_config *c = &n->config.current;
  float                      ampere, load;
  hal_status                 status;

  if (!c->fitted)
    return;
  status = acs723_read_rms (&n->current, &ampere);
  set_faults (n, &n->sensors.current, c->name,
              status == HAL_OK             ? 0
              : status == HAL_ERR_ARGUMENT ? NODE_FAULT_ABSENT
                                           : NODE_FAULT_VOLTAGE);
  if (status != HAL_OK)
    {
      node_signal_set (n, n->current_signal, 0, NODE_QUALITY_BAD);
      node_signal_set (n, n->load_signal, 0, NODE_QUALITY_BAD);
      return;
    }

  ampere = node_calibrated (n, NODE_CHANNEL_CURRENT, ampere);
  load = (ampere - (float) c->idle_a) / (float) (c->rated_a - c->idle_a);
  node_signal_set (n, n->current_signal, ampere, NODE_QUALITY_GOOD);
  node_signal_set (n, n->load_signal, load > 0 ? load : 0, NODE_QUALITY_GOOD);
}

static uint8_t
rtd_faults (const max31865 *m, hal_status status)
{
  const char *name = max31865_fault (m);

  if (status == HAL_OK)
    return 0;
  for (unsigned i = 0; name != NULL && i < FAULT_NAMES; i++)
    if (strcmp (fault_names[i].name, name) == 0)
      return fault_names[i].bit;
  return NODE_FAULT_ABSENT;
}

static void
read_temperatures (node *n)
{
  for (unsigned i = 0; i < n->config.n_rtds; i++)
    {
      float      celsius = 0;
      hal_status status = max31865_read (&n->rtds[i], &celsius);

      set_faults (n, &n->sensors.rtd[i], n->config.rtds[i].name,
                  rtd_faults (&n->rtds[i], status));
      if (status == HAL_OK)
        celsius = node_calibrated (n, i, celsius);
      else if (n->sensors.rtd[i] == NODE_FAULT_ABSENT)
        max31865_start (&n->rtds[i], n->board, n->config.rtds[i].device);
      node_signal_set (n, n->rtd_signal[i], celsius,
                       status == HAL_OK ? NODE_QUALITY_GOOD : NODE_QUALITY_BAD);
    }
}

static void
read_hours (node *n)
{
  uint64_t now = hal_time_us (n->board);

  if (n->hours_signal == NODE_SIGNALS_MAX)
    return;

  if (n->last_speed > turning_rpm)
    n->running_s += 1.0;
  if (now - n->running_kept_us >= KEEP_RUNNING_US)
    {
      node_keep_put (&n->keep, KEEP_RUNNING, &n->running_s,
                     sizeof n->running_s);
      n->running_kept_us = now;
    }
  node_signal_set (n, n->hours_signal, (float) (n->running_s / 3600.0),
                   NODE_QUALITY_GOOD);
}

node_quality
node_sensors_quality (const node *n, const node_accel *a)
{
  uint8_t faults = n->sensors.accel[a - n->accels];

  if (faults & NODE_FAULT_STUCK)
    return NODE_QUALITY_BAD; /* a calm that is none */
  return a->failed || faults != 0 ? NODE_QUALITY_UNCERTAIN : NODE_QUALITY_GOOD;
}

/* The accelerometers, as far as their samples have not told it. */
static void
check_accels (node *n)
{
  uint64_t now = hal_time_us (n->board);
  uint32_t overruns = 0;
  bool     tell = false;

  for (unsigned i = 0; i < n->config.n_accels; i++)
    {
      node_accel *a = &n->accels[i];
      uint8_t     faults = a->tested && a->unfit ? NODE_FAULT_SELF_TEST : 0;

      if (a->failed)
        faults |= NODE_FAULT_ABSENT;
      if (a->running && a->same > (uint32_t) a->config.rate_hz)
        faults |= NODE_FAULT_STUCK;
      if (a->clips != a->clips_seen)
        a->clipped_s = CLIPPED_S;
      else if (a->clipped_s > 0)
        a->clipped_s--;
      a->clips_seen = a->clips;
      if (a->clipped_s > 0)
        faults |= NODE_FAULT_CLIPPED;
      set_faults (n, &n->sensors.accel[i], a->sensor, faults);
      overruns += a->overruns;
      if (a->has_drift &&
          fabsf (a->drift_ppm - n->sensors.told_ppm[i]) > tell_ppm)
        tell = true;
    }

  tell = tell || overruns != n->sensors.told_overruns;
  if (tell && (n->sensors.told_us == 0 || now - n->sensors.told_us > TELL_US))
    {
      n->sensors.told_us = now;
      n->sensors.told_overruns = overruns;
      for (unsigned i = 0; i < n->config.n_accels; i++)
        n->sensors.told_ppm[i] = n->accels[i].drift_ppm;
      n->report_due = true;
    }
}

void
node_sensors_second (node *n)
{
  read_current (n);
  read_speed (n);
  read_temperatures (n);
  check_accels (n);
  read_hours (n);
}

void
node_sensors_beacon (node *n, int64_t utc_us)
{
  node_clock *c = &n->sensors.clock;
  uint64_t    up = hal_time_us (n->board);
  int64_t     mine = (int64_t) (up - c->up_us), true_us = utc_us - c->utc_us;
  int64_t     off = mine - true_us;
  bool        was = c->known;

  if (c->utc_us == 0 || off > REBASE_US || off < -REBASE_US)
    {
      *c = (node_clock){ .utc_us = utc_us, .up_us = up };
      return;
    }
  if (true_us < CLOCK_FIRST_US)
    return;
  c->known = true;
  c->ppm = (float) off * 1e6f / (float) true_us;
  c->uncertainty = beacon_s * 1e12f / (float) true_us;
  if (!was)
    n->report_due = true;
}

/* A self-test of every sensor; over within node_sensors_test_s. */
void
node_sensors_test (node *n)
{
  for (unsigned i = 0; i < n->config.n_accels; i++)
    node_acquire_test (n, i);
  for (unsigned i = 0; i < n->config.n_rtds; i++)
    max31865_detect (&n->rtds[i]);
}

/* What is reported. */

typedef struct
{
  const char       *name;
  uint8_t           faults;
  const node_accel *accel; /* or NULL */
  bool              speed;
} one_sensor;

static unsigned
list_sensors (const node *n, one_sensor list[NODE_SENSORS_MAX])
{
  const node_config *c = &n->config;
  unsigned           count = 0;

  for (unsigned i = 0; i < c->n_accels; i++)
    list[count++] = (one_sensor){ n->accels[i].sensor, n->sensors.accel[i],
                                  &n->accels[i], false };
  for (unsigned i = 0; i < c->n_rtds; i++)
    list[count++] =
        (one_sensor){ c->rtds[i].name, n->sensors.rtd[i], NULL, false };
  if (c->current.fitted)
    list[count++] =
        (one_sensor){ c->current.name, n->sensors.current, NULL, false };
  if (c->speed_name != NULL)
    list[count++] = (one_sensor){ c->speed_name, n->sensors.speed, NULL, true };

  for (unsigned i = 1; i < count; i++)
    for (unsigned k = i;
         k > 0 && node_name_before (list[k].name, list[k - 1].name); k--)
      {
        one_sensor moved = list[k];

        list[k] = list[k - 1];
        list[k - 1] = moved;
      }
  return count;
}

static void
put_faults (node_cbor_writer *w, uint8_t faults)
{
  node_cbor_put_array (w, (size_t) __builtin_popcount (faults));
  for (unsigned i = 0; i < FAULT_NAMES; i++)
    if (faults & fault_names[i].bit)
      node_cbor_put_text (w, fault_names[i].name);
}

static void
put_sensor (const node *n, node_cbor_writer *w, const one_sensor *s)
{
  bool drift = s->accel != NULL && s->accel->has_drift;

  node_cbor_put_text (w, s->name);
  node_cbor_put_map (w, 1u + drift + (s->accel != NULL) + 2u * s->speed);
  if (drift)
    {
      node_cbor_put_text (w, "ppm");
      node_cbor_put_f64 (w, s->accel->drift_ppm);
    }
  node_cbor_put_text (w, "faults");
  put_faults (w, s->faults);
  if (s->speed)
    {
      node_cbor_put_text (w, "source");
      node_cbor_put_text (w, node_speed_source_name (n->sensors.source));
    }
  if (s->accel != NULL)
    {
      node_cbor_put_text (w, "overruns");
      node_cbor_put_uint (w, s->accel->overruns);
    }
  if (s->speed)
    {
      node_cbor_put_text (w, "uncertainty");
      node_cbor_put_f64 (w, n->sensors.uncertainty);
    }
}

void
node_sensors_write (const node *n, node_cbor_writer *w)
{
  one_sensor list[NODE_SENSORS_MAX];
  unsigned   count = list_sensors (n, list);

  node_cbor_put_map (w, count);
  for (unsigned i = 0; i < count; i++)
    put_sensor (n, w, &list[i]);
}

const char *
node_sensors_result (node *n, node_cbor_writer *detail)
{
  one_sensor list[NODE_SENSORS_MAX];
  unsigned   count = list_sensors (n, list);

  node_cbor_put_map (detail, count);
  for (unsigned i = 0; i < count; i++)
    {
      node_cbor_put_text (detail, list[i].name);
      node_cbor_put_bool (detail,
                          list[i].faults == 0 &&
                              (list[i].accel == NULL || list[i].accel->tested));
    }
  return NULL;
}

bool
node_sensors_has_clock (const node *n)
{
  return n->sensors.clock.known;
}

void
node_sensors_write_clock (const node *n, node_cbor_writer *w)
{
  node_cbor_put_map (w, 2);
  node_cbor_put_text (w, "ppm");
  node_cbor_put_f64 (w, n->sensors.clock.ppm);
  node_cbor_put_text (w, "uncertainty");
  node_cbor_put_f64 (w, n->sensors.clock.uncertainty);
}
