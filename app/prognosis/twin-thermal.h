/* SPDX-License-Identifier: Apache-2.0 */
/* twin-thermal.h - first-order thermal twin of a bearing or cooler
 *
 *   C dT/dt = Q - hA (T - Ta)
 *
 * in steps: T⁺ - T = (1 - e^{-dt/τ}) (Ta + K_load l s + K_speed s - T), with
 * load factor l = P / P_rated and s = n / n_rated. It runs open loop: the
 * measured temperature is never fed back, or a slow fault would be tracked
 * away. Plain data; pure functions, any thread.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef struct
{
  double tau_s;   /* time constant, > 0 */
  double k_load;  /* kelvin at rated load and speed */
  double k_speed; /* kelvin at rated speed */
} TwinThermalModel;

/* A small electric motor's bearing: 600 s, 40 K, 6.7 K. */
void twin_thermal_model_default (TwinThermalModel *model);

typedef enum
{
  TWIN_THERMAL_UNKNOWN, /* warming up, inputs missing, or no excitation */
  TWIN_THERMAL_NORMAL,
  TWIN_THERMAL_SENSOR,   /* an offset that does not follow the load */
  TWIN_THERMAL_COOLING,  /* a rise that follows the load, slower than usual */
  TWIN_THERMAL_FRICTION, /* a rise that follows the load, as fast as usual */
} TwinThermalCause;

/* "unknown", "normal", "sensor offset", "degraded cooling", "more friction". */
const char *twin_thermal_cause_name (TwinThermalCause cause);

/* Set by twin_thermal_init(); the first three may be changed after it. */
typedef struct
{
  double           alert_k, clear_k; /* 5 and 4 K */
  int64_t          hold_us;          /* 10 minutes, either way */
  TwinThermalModel model;
  gboolean         started;
  int64_t          start_us, last_us;
  double           predicted;            /* °C; NaN before any input */
  double           residual;             /* measured - predicted; NaN: none */
  double           ambient, load, speed; /* last known inputs */
  int64_t          over_since_us, under_since_us;
  gboolean         alert; /* |residual| over alert_k for hold_us */
  /*< private >*/
  double   weight, sum_x, sum_y, sum_xx, sum_xy; /* residual on rise */
  double   p[9], theta[3]; /* recursive least squares of the measured course */
  double   step_measured;
  int64_t  step_us;
  unsigned steps;
} TwinThermal;

void twin_thermal_init (TwinThermal *self, const TwinThermalModel *model);

/**
 * twin_thermal_step:
 * @time_us: later than the last call's
 * @ambient_c: °C
 * @load: load factor, 0..2
 * @speed: shaft speed over rated speed, 0..2
 * @measured_c: °C; NaN when there is none
 *
 * The first call sets the prediction to @measured_c (or ambient without one)
 * and inhibits the alert for 5 time constants. A NaN input holds the last one.
 */
void twin_thermal_step (TwinThermal *self,
                        int64_t      time_us,
                        double       ambient_c,
                        double       load,
                        double       speed,
                        double       measured_c);

/* Warm-up is over and a measurement is there. */
gboolean twin_thermal_is_settled (const TwinThermal *self);

/* What the residual looks like; @why (may be NULL) gets a sentence. */
TwinThermalCause twin_thermal_cause (const TwinThermal *self,
                                     char              *why,
                                     size_t             why_size);

G_END_DECLS
