/* SPDX-License-Identifier: Apache-2.0 */
/* twin-thermal.h - first-order thermal twin of a bearing
 *
 *   τ dT/dt = Ta + K_load l s + K_speed s + K_run_in s e^{-h/20} - T
 *
 * with load factor l = P / P_rated, s = n / n_rated and h hours of running
 * since new or greased. It runs open loop: the measured temperature is never
 * fed back, or a slow fault would be tracked away. Its parameters come from
 * twin-thermal-learn.h, what a lasting residual means from
 * twin-thermal-cause.h. Plain data; pure functions, any thread.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

enum
{
  TWIN_THERMAL_TAU,
  TWIN_THERMAL_LOAD,
  TWIN_THERMAL_SPEED,
  TWIN_THERMAL_RUN_IN,
  TWIN_THERMAL_PARAMETERS,
};

typedef struct
{
  double tau_s;    /* time constant, 120 to 7200 */
  double k_load;   /* kelvin at rated load and speed */
  double k_speed;  /* kelvin at rated speed */
  double k_run_in; /* further ones at rated speed when new or just greased */
  double sd[TWIN_THERMAL_PARAMETERS]; /* how unsure each is; 0: exact */
} TwinThermalModel;

/* Of a bearing nobody knows: 600 ± 600 s, 40 ± 20 K, 6.7 ± 10 K. */
void twin_thermal_model_default (TwinThermalModel *model);

/* What a maker or an engineer declared: each ± 10 %. FALSE: cannot be. */
gboolean twin_thermal_model_declared (TwinThermalModel *model,
                                      double            tau_s,
                                      double            k_load,
                                      double            k_speed);

/* τ and K_load within 30 %. A model that is no surer predicts, but nothing is
 * alerted by it. */
gboolean twin_thermal_model_is_known (const TwinThermalModel *model);

/* Each ± 25 %, as far as it is surer now: after maintenance, or of a machine
 * alike. */
void twin_thermal_model_loosen (TwinThermalModel *model);

typedef struct
{
  double ambient_c;  /* NaN in any but the last: as in the step before */
  double load;       /* load factor, 0..2 */
  double speed;      /* over rated speed, 0..2 */
  double run_in_h;   /* running hours since new or greased; NaN: not known,
                        taken as long ago */
  double measured_c; /* NaN: none */
} TwinThermalInput;

/* Steady state that @input leads to, °C. */
double twin_thermal_steady (const TwinThermalModel *model,
                            const TwinThermalInput *input);

/* Set by twin_thermal_init(); the first three may be changed after it. */
typedef struct
{
  double           alert_k, clear_k; /* 5 and 4 K */
  int64_t          hold_us;          /* 10 minutes, either way */
  TwinThermalModel model;
  TwinThermalInput input; /* as known last */
  gboolean         started;
  int64_t          start_us, last_us;
  double           predicted;    /* °C; NaN before any input */
  double           predicted_sd; /* K, from the parameters' */
  double           residual;     /* measured - predicted; NaN: none */
  int64_t          over_since_us, under_since_us;
  gboolean         alert; /* |residual| over the limit for hold_us */
  /*< private >*/
  double part[TWIN_THERMAL_PARAMETERS]; /* d predicted / d parameter */
} TwinThermal;

void twin_thermal_init (TwinThermal *self, const TwinThermalModel *model);

/* Other parameters: the prediction begins anew, and its warm-up with it. */
void twin_thermal_set_model (TwinThermal *self, const TwinThermalModel *model);

/**
 * twin_thermal_step:
 * @time_us: later than the last call's
 *
 * The first call sets the prediction to the measured temperature (or ambient
 * without one) and inhibits the alert for 5 time constants (as long as they may
 * be: two standard deviations more).
 */
void twin_thermal_step (TwinThermal            *self,
                        int64_t                 time_us,
                        const TwinThermalInput *input);

/* The prediction is at its steady state: for a start in the middle of a run,
 * when the caller has seen that the temperature does not move. */
void twin_thermal_settle (TwinThermal *self);

/* Warm-up is over and a measurement is there. */
gboolean twin_thermal_is_settled (const TwinThermal *self);

/* What the residual has to pass: alert_k, or 3 standard deviations of the
 * prediction while the model is that unsure. */
double twin_thermal_limit (const TwinThermal *self);

G_END_DECLS
