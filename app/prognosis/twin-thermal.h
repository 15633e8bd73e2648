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

/* Set by twin_thermal_init(). */
typedef struct
{
  TwinThermalModel model;
  gboolean         started;
  int64_t          start_us, last_us;
  double           predicted; /* °C; NaN before any input */
  double           residual;  /* measured - predicted; NaN: none */
  int64_t          outside_since_us, inside_since_us;
  gboolean         alert; /* |residual| > 5 K for 10 minutes */
  /* Regression of the residual on the predicted rise, with forgetting. */
  double  sum_w, sum_x, sum_y, sum_xx, sum_xy;
  int64_t changed_us;
  /* Time constant of the measured temperature, identified beside. */
  double   rls_p[9], rls_theta[3];
  unsigned rls_n;
  double   rls_measured, rls_ambient, rls_load, rls_speed;
  int64_t  rls_us;
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
