/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-live-value.h"

#include <math.h>
#include <string.h>

#include "twin-uncertainty.h"

#define FIVE_TO_95 1.6449 /* deviations */

struct _TwinLiveValue
{
  GObject              parent_instance;
  TwinUpdate          *update; /* owns item */
  const TwinValueItem *item;
  guint                serial;
  size_t               n; /* points in memory, the newest last */
  int64_t              times_us[TWIN_LIVE_VALUE_MEMORY];
  double               values[TWIN_LIVE_VALUE_MEMORY];
};

enum
{
  PROP_SERIAL = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TwinLiveValue, twin_live_value, G_TYPE_OBJECT)

static void
twin_live_value_finalize (GObject *object)
{
  TwinLiveValue *self = TWIN_LIVE_VALUE (object);

  twin_update_unref (self->update);
  G_OBJECT_CLASS (twin_live_value_parent_class)->finalize (object);
}

static void
twin_live_value_get_property (GObject    *object,
                              guint       id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  if (id == PROP_SERIAL)
    g_value_set_uint (value, TWIN_LIVE_VALUE (object)->serial);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
twin_live_value_class_init (TwinLiveValueClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->finalize = twin_live_value_finalize;
  object_class->get_property = twin_live_value_get_property;
  properties[PROP_SERIAL] =
      g_param_spec_uint ("serial", NULL, NULL, 0, G_MAXUINT, 0,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
twin_live_value_init (TwinLiveValue *self)
{
}

static void
remember (TwinLiveValue *self)
{
  const int64_t time_us = self->item->source_us;

  if (time_us == TWIN_TIME_NONE || self->item->text != NULL)
    return;
  /* A replayed record is older: it belongs to history, not to the sparkline. */
  if (self->n > 0 && time_us <= self->times_us[self->n - 1])
    return;

  if (self->n == TWIN_LIVE_VALUE_MEMORY)
    {
      self->n--;
      memmove (self->times_us, self->times_us + 1,
               self->n * sizeof *self->times_us);
      memmove (self->values, self->values + 1, self->n * sizeof *self->values);
    }

  self->times_us[self->n] = time_us;
  self->values[self->n] = self->item->value;
  self->n++;
}

TwinLiveValue *
twin_live_value_new (TwinUpdate *update, const TwinValueItem *item)
{
  TwinLiveValue *self = g_object_new (TWIN_TYPE_LIVE_VALUE, NULL);

  self->update = twin_update_ref (update);
  self->item = item;
  remember (self);
  return self;
}

void
twin_live_value_take (TwinLiveValue       *self,
                      TwinUpdate          *update,
                      const TwinValueItem *item)
{
  TwinUpdate *old = self->update;

  self->update = twin_update_ref (update);
  self->item = item;
  twin_update_unref (old);
  remember (self);
  self->serial++;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SERIAL]);
}

const TwinValueItem *
twin_live_value_get_item (TwinLiveValue *self)
{
  return self->item;
}

gboolean
twin_live_value_is_stale (TwinLiveValue *self, int64_t now_us)
{
  return self->item->stale || now_us > self->item->stale_at_us;
}

gboolean
twin_live_value_expect (TwinLiveValue *self,
                        int64_t        now_us,
                        double        *expected,
                        double        *sd)
{
  const TwinValueItem  *item = self->item;
  const TwinUncertainty sure = { item->p0, item->a, item->q };
  double                age_s, variance;

  if (item->source_us == TWIN_TIME_NONE || item->text != NULL)
    return FALSE;

  age_s = twin_clock_seconds_from_us (MAX (now_us - item->source_us, 0));
  variance = twin_uncertainty_variance (&sure, age_s);
  if (!isfinite (variance) || !isfinite (item->value))
    return FALSE;

  *expected = item->mean + (item->value - item->mean) * exp (item->a * age_s);
  *sd = sqrt (variance);
  return TRUE;
}

char *
twin_live_value_dup_spread (TwinLiveValue *self, int64_t now_us)
{
  const char *unit = self->item->unit;
  double      expected, sd, spread;
  int         digits;

  if (!twin_live_value_expect (self, now_us, &expected, &sd))
    return g_strdup ("");

  /* About the number that stands there, which may not be what is expected. */
  spread = FIVE_TO_95 * hypot (sd, expected - self->item->value);
  spread = twin_live_display_value (unit, spread) -
           twin_live_display_value (unit, 0);
  if (!(spread >= 0.001))
    return g_strdup ("");

  digits = CLAMP (1 - (int) floor (log10 (spread)), 0, 3);
  return g_strdup_printf ("±%.*f", digits, spread);
}

size_t
twin_live_value_get_memory (TwinLiveValue  *self,
                            const int64_t **times_us,
                            const double  **values)
{
  *times_us = self->times_us;
  *values = self->values;
  return self->n;
}

/* SenML's units as plant people read them. */
static const struct
{
  const char *senml;
  const char *shown;
  double      factor;
} display_units[] = {
  { "Cel", "°C", 1 },    { "1/min", "rpm", 1 }, { "m/s", "mm/s", 1000 },
  { "m/s2", "m/s²", 1 }, { "/", "", 1 },        { "ratio", "", 1 },
};

static int
find_unit (const char *senml_unit)
{
  for (size_t i = 0; senml_unit != NULL && i < G_N_ELEMENTS (display_units);
       i++)
    if (strcmp (senml_unit, display_units[i].senml) == 0)
      return i;

  return -1;
}

const char *
twin_live_display_unit (const char *senml_unit)
{
  const int i = find_unit (senml_unit);

  if (i >= 0)
    return display_units[i].shown;

  return senml_unit != NULL ? senml_unit : "";
}

double
twin_live_display_value (const char *senml_unit, double value)
{
  const int i = find_unit (senml_unit);

  return i >= 0 ? value * display_units[i].factor : value;
}

char *
twin_live_value_dup_number (TwinLiveValue *self)
{
  const TwinValueItem *item = self->item;
  double               shown;

  if (item->text != NULL)
    return g_strdup (item->text);
  if (isnan (item->value) || item->quality == TWIN_QUALITY_BAD)
    return g_strdup ("–");

  shown = twin_live_display_value (item->unit, item->value);
  if (fabs (shown) >= 1000)
    return g_strdup_printf ("%'.0f", shown);
  if (fabs (shown) >= 10)
    return g_strdup_printf ("%.1f", shown);

  return g_strdup_printf ("%.2f", shown);
}

char *
twin_live_dup_age (int64_t time_us, int64_t now_us)
{
  double s;

  if (time_us == TWIN_TIME_NONE || time_us == 0)
    return g_strdup ("never");

  s = MAX (0, now_us - time_us) / (double) TWIN_US_PER_S;
  if (s < 10)
    return g_strdup_printf ("%.1f s", s);
  if (s < 120)
    return g_strdup_printf ("%.0f s", s);
  if (s < 7200)
    return g_strdup_printf ("%.0f min", floor (s / 60));
  if (s < 2 * 86400)
    return g_strdup_printf ("%.0f h", floor (s / 3600));

  return g_strdup_printf ("%.0f d", floor (s / 86400));
}

char *
twin_live_dup_life_span (const TwinStateItem *state)
{
  static const struct
  {
    double      seconds;
    const char *unit;
  } units[] = { { 2 * 86400.0, "days" }, { 2 * 3600.0, "h" }, { 0, "min" } };
  static const double lengths[] = { 86400, 3600, 60 };
  double              lo;

  if (state == NULL)
    return NULL;

  lo = isnan (state->rul_p05_s) ? state->rul_lower_s : state->rul_p05_s;
  if (isnan (lo))
    return NULL;

  for (size_t i = 0; i < G_N_ELEMENTS (units); i++)
    {
      const double hi = state->rul_p95_s;

      if ((isnan (hi) ? lo : hi) < units[i].seconds)
        continue;
      if (isnan (state->rul_p05_s) || isnan (hi))
        return g_strdup_printf ("≥ %.0f %s", floor (lo / lengths[i]),
                                units[i].unit);
      return g_strdup_printf ("%.0f–%.0f %s", floor (lo / lengths[i]),
                              ceil (hi / lengths[i]), units[i].unit);
    }

  g_return_val_if_reached (NULL);
}
