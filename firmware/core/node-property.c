/* SPDX-License-Identifier: Apache-2.0
 *
 * node-property.c - what `reported` tells and what `desired` may set
 *
 * One line a property. A module that has one gives its functions here and
 * keeps the value itself.
 */
#include "node-private.h"

#include <math.h>
#include <string.h>

static const char *const axis_names[3] = { "x", "y", "z" };

bool
node_property_real (const node_cbor_reader *map,
                    const char             *name,
                    double                 *value)
{
  node_cbor_reader at;

  return node_cbor_find (map, name, &at) && node_cbor_get_f64 (&at, value);
}

const char *
node_property_whole (const node_cbor_reader *value,
                     uint32_t                most,
                     uint32_t               *out)
{
  node_cbor_reader r = *value;
  double           number;

  if (!node_cbor_get_f64 (&r, &number) || number != floor (number))
    return "malformed";
  if (!(number >= 1) || !(number <= most))
    return "out of range";
  *out = (uint32_t) number;
  return NULL;
}

/* mode and limits: told here, set by command. */

static void
write_mode (const node *n, node_cbor_writer *w)
{
  static const char *const names[] = { "running", "standby", "service" };

  node_cbor_put_text (w, names[n->mode]);
}

bool
node_name_before (const char *a, const char *b)
{
  size_t an = strlen (a), bn = strlen (b);

  return an != bn ? an < bn : memcmp (a, b, an) < 0;
}

/* The signals for which @number tells a value, as a map in key order. */
static void
write_by_signal (const node       *n,
                 node_cbor_writer *w,
                 bool (*number) (const node_signal *s, double *value))
{
  const node_signal *last = NULL;
  unsigned           count = 0;
  double             value;

  for (unsigned i = 0; i < n->n_signals; i++)
    count += number (&n->signals[i], &value);

  node_cbor_put_map (w, count);
  for (; count > 0; count--)
    {
      const node_signal *next = NULL;

      for (unsigned i = 0; i < n->n_signals; i++)
        {
          const node_signal *s = &n->signals[i];

          if (number (s, &value) &&
              (last == NULL || node_name_before (last->name, s->name)) &&
              (next == NULL || node_name_before (s->name, next->name)))
            next = s;
        }
      number (next, &value);
      node_cbor_put_text (w, next->name);
      node_cbor_put_f64 (w, value);
      last = next;
    }
}

static bool
limit_of (const node_signal *s, double *value)
{
  *value = s->limit;
  return s->limited;
}

void
node_write_limits (const node *n, node_cbor_writer *w)
{
  write_by_signal (n, w, limit_of);
}

/* acquisition */

static void
reset_acquisition (node *n)
{
  n->properties.duty = n->config.duty_block_s > 0;
  n->properties.duty_block_s = 1;
  n->properties.duty_every_s = 10;
  if (n->properties.duty)
    {
      n->properties.duty_block_s = n->config.duty_block_s;
      n->properties.duty_every_s = n->config.duty_every_s;
    }
}

static const char *
read_acquisition (node *n, const node_cbor_reader *value)
{
  node_properties *p = &n->properties;
  node_cbor_reader at;
  double           block = p->duty_block_s, every = p->duty_every_s;

  if (!node_cbor_find (value, "mode", &at))
    return "malformed";
  if (node_cbor_is_text (&at, "continuous"))
    {
      p->duty = false;
      return NULL;
    }
  if (!node_cbor_is_text (&at, "duty"))
    return "unknown mode";

  node_property_real (value, "blockS", &block);
  node_property_real (value, "everyS", &every);
  if (!(block >= 1) || !(every >= block) || !(every <= 3600))
    return "out of range";
  p->duty = true;
  p->duty_block_s = block;
  p->duty_every_s = every;
  return NULL;
}

static void
write_acquisition (const node *n, node_cbor_writer *w)
{
  const node_properties *p = &n->properties;

  node_cbor_put_map (w, p->duty ? 3 : 1);
  node_cbor_put_text (w, "mode");
  node_cbor_put_text (w, p->duty ? "duty" : "continuous");
  if (p->duty)
    {
      node_cbor_put_text (w, "blockS");
      node_cbor_put_f64 (w, p->duty_block_s);
      node_cbor_put_text (w, "everyS");
      node_cbor_put_f64 (w, p->duty_every_s);
    }
}

/* schedule */

static void
reset_schedule (node *n)
{
  n->properties.capture_s = n->config.capture_s;
  n->properties.every_s = n->config.every_s;
}

static const char *
read_schedule (node *n, const node_cbor_reader *value)
{
  double capture, every;

  if (!node_property_real (value, "captureS", &capture) ||
      !node_property_real (value, "everyS", &every))
    return "malformed";
  if (every == 0 || capture == 0)
    capture = every = 0;
  else if (!(capture > 0) || !(capture <= 60) || !(every >= capture) ||
           !(every <= 86400))
    return "out of range";
  n->properties.capture_s = capture;
  n->properties.every_s = every;
  return NULL;
}

static void
write_schedule (const node *n, node_cbor_writer *w)
{
  node_cbor_put_map (w, 2);
  node_cbor_put_text (w, "everyS");
  node_cbor_put_f64 (w, n->properties.every_s);
  node_cbor_put_text (w, "captureS");
  node_cbor_put_f64 (w, n->properties.capture_s);
}

/* adaptive */

static void
reset_adaptive (node *n)
{
  n->properties.fast_s = n->properties.calm_s = 0;
}

static const char *
read_adaptive (node *n, const node_cbor_reader *value)
{
  node_cbor_reader at;
  uint32_t         fast, calm;
  const char      *reason;

  if (!node_cbor_find (value, "fastS", &at))
    return "malformed";
  reason = node_property_whole (&at, 60, &fast);
  if (reason != NULL)
    return reason;
  if (!node_cbor_find (value, "calmS", &at))
    return "malformed";
  reason = node_property_whole (&at, 3600, &calm);
  if (reason != NULL)
    return reason;
  if (calm < fast)
    return "out of range";
  n->properties.fast_s = fast;
  n->properties.calm_s = calm;
  return NULL;
}

static bool
has_adaptive (const node *n)
{
  return n->properties.fast_s > 0;
}

static void
write_adaptive (const node *n, node_cbor_writer *w)
{
  node_cbor_put_map (w, 2);
  node_cbor_put_text (w, "calmS");
  node_cbor_put_uint (w, n->properties.calm_s);
  node_cbor_put_text (w, "fastS");
  node_cbor_put_uint (w, n->properties.fast_s);
}

/* summaryPeriodS, maxSilenceS */

static void
reset_summary_period (node *n)
{
  n->properties.summary_period_s =
      n->config.summary_period_s > 0 ? n->config.summary_period_s : 1;
}

static const char *
read_summary_period (node *n, const node_cbor_reader *value)
{
  return node_property_whole (value, 3600, &n->properties.summary_period_s);
}

static void
write_summary_period (const node *n, node_cbor_writer *w)
{
  node_cbor_put_uint (w, n->properties.summary_period_s);
}

static void
reset_max_silence (node *n)
{
  n->properties.max_silence_s = 0; /* not said */
}

static const char *
read_max_silence (node *n, const node_cbor_reader *value)
{
  return node_property_whole (value, 7200, &n->properties.max_silence_s);
}

static void
write_max_silence (const node *n, node_cbor_writer *w)
{
  node_cbor_put_uint (w, n->properties.max_silence_s);
}

/* Silence cannot be shorter than the period. */
void
node_property_settle (node *n)
{
  node_properties *p = &n->properties;
  uint32_t         usual = p->summary_period_s > NODE_MAX_SILENCE_S
                               ? p->summary_period_s
                               : NODE_MAX_SILENCE_S;

  if (p->max_silence_s == 0)
    p->max_silence_s = usual;
  else if (p->max_silence_s < p->summary_period_s)
    {
      node_desired_refuse (n, "maxSilenceS", "shorter than summaryPeriodS");
      p->max_silence_s = usual;
    }
}

/* deadbands */

static void
reset_deadbands (node *n)
{
  for (unsigned i = 0; i < n->n_signals; i++)
    n->signals[i].deadband = 0;
}

static const char *
read_deadbands (node *n, const node_cbor_reader *value)
{
  node_cbor_reader at = *value;
  uint64_t         pairs;

  if (!node_cbor_get_map (&at, &pairs))
    return "malformed";

  for (; pairs > 0; pairs--)
    {
      char   name[NODE_NAME_SIZE];
      double band;
      int    signal;

      if (!node_cbor_copy_text (&at, name, sizeof name))
        return "malformed";
      signal = node_signal_find (n, name, strlen (name));
      if (!node_cbor_get_f64 (&at, &band))
        {
          node_desired_refuse (n, name, "malformed");
          node_cbor_skip (&at);
        }
      else if (signal < 0)
        node_desired_refuse (n, name, "unknown signal");
      else if (!(band >= 0) || !(band < 1e9))
        node_desired_refuse (n, name, "out of range");
      else
        n->signals[signal].deadband = (float) band;
    }
  return NULL;
}

static bool
deadband_of (const node_signal *s, double *value)
{
  *value = (double) s->deadband;
  return s->deadband > 0;
}

static void
write_deadbands (const node *n, node_cbor_writer *w)
{
  write_by_signal (n, w, deadband_of);
}

/* liveStream */

static void
reset_live (node *n)
{
  n->properties.live = false;
}

static const char *
read_live (node *n, const node_cbor_reader *value)
{
  node_properties *p = &n->properties;
  node_cbor_reader at;
  char             sensor[NODE_NAME_SIZE], axis[4];
  double           until;
  int              accel;

  if (!node_cbor_find (value, "sensor", &at) ||
      !node_cbor_copy_text (&at, sensor, sizeof sensor) ||
      !node_cbor_find (value, "axis", &at) ||
      !node_cbor_copy_text (&at, axis, sizeof axis) ||
      !node_property_real (value, "untilS", &until))
    return "malformed";

  accel = node_wave_sensor (n, sensor, strlen (sensor));
  if (accel < 0)
    return "unknown sensor";
  if (axis[0] < 'x' || axis[1] != '\0' ||
      (unsigned) (axis[0] - 'x') >= n->accels[accel].axes)
    return "unknown axis";

  p->live = true;
  node_copy (p->live_sensor, sizeof p->live_sensor, sensor);
  p->live_axis = (unsigned) (axis[0] - 'x');
  p->live_until_s = until;
  return NULL;
}

static bool
has_live (const node *n)
{
  return n->properties.live;
}

static void
write_live (const node *n, node_cbor_writer *w)
{
  const node_properties *p = &n->properties;

  node_cbor_put_map (w, 3);
  node_cbor_put_text (w, "axis");
  node_cbor_put_text (w, axis_names[p->live_axis]);
  node_cbor_put_text (w, "sensor");
  node_cbor_put_text (w, p->live_sensor);
  node_cbor_put_text (w, "untilS");
  node_cbor_put_f64 (w, p->live_until_s);
}

/* In bytewise order of the encoded names: by length, then by bytes. */
static const node_property properties[] = {
  { "mode", NULL, NULL, NULL, write_mode },
  { "trip", NULL, NULL, node_has_trip, node_write_trip },
  { "bands", node_bands_reset, node_bands_read, NULL, node_bands_write },
  { "clock", NULL, NULL, node_sensors_has_clock, node_sensors_write_clock },
  { "tones", node_tones_reset, node_tones_read, node_tones_has,
    node_tones_write },
  { "limits", NULL, NULL, NULL, node_write_limits },
  { "sensors", NULL, NULL, NULL, node_sensors_write },
  { "adaptive", reset_adaptive, read_adaptive, has_adaptive, write_adaptive },
  { "firmware", NULL, NULL, NULL, node_update_put },
  { "schedule", reset_schedule, read_schedule, NULL, write_schedule },
  { "deadbands", reset_deadbands, read_deadbands, NULL, write_deadbands },
  { "liveStream", reset_live, read_live, has_live, write_live },
  { "acquisition", reset_acquisition, read_acquisition, NULL,
    write_acquisition },
  { "calibration", NULL, NULL, node_has_calibration, node_write_calibration },
  { "maintenance", NULL, NULL, node_maintenance_due, node_put_maintenance },
  { "maxSilenceS", reset_max_silence, read_max_silence, NULL,
    write_max_silence },
  { "summaryPeriodS", reset_summary_period, read_summary_period, NULL,
    write_summary_period },
};

const node_property *
node_property_at (unsigned index)
{
  return index < sizeof properties / sizeof properties[0] ? &properties[index]
                                                          : NULL;
}

const node_property *
node_property_find (const char *name)
{
  const node_property *p;

  for (unsigned i = 0; (p = node_property_at (i)) != NULL; i++)
    if (strcmp (p->name, name) == 0)
      return p;
  return NULL;
}

void
node_properties_reset (node *n)
{
  const node_property *p;

  for (unsigned i = 0; (p = node_property_at (i)) != NULL; i++)
    if (p->reset != NULL)
      p->reset (n);
}

void
node_properties_write (const node *n, node_cbor_writer *w)
{
  const node_property *p;
  unsigned             count = 0;

  for (unsigned i = 0; (p = node_property_at (i)) != NULL; i++)
    count += p->has == NULL || p->has (n);

  node_cbor_put_map (w, count);
  for (unsigned i = 0; (p = node_property_at (i)) != NULL; i++)
    if (p->has == NULL || p->has (n))
      {
        node_cbor_put_text (w, p->name);
        p->write (n, w);
      }
}
