/* SPDX-License-Identifier: Apache-2.0 */
/* twin-thermal-learn.h - the parameters of a thermal twin, from its measured
 * course
 *
 * For a time constant that is given, the temperature of an open-loop model is
 * linear in K_load and K_speed. So one recursive least squares runs for each of
 * a row of time constants, with forgetting; the best of the row, between its
 * neighbours by a parabola, is the time constant. Since the measured
 * temperature is only compared and never an input, its noise and quantisation
 * do not bias anything, and there is no start from which it goes astray.
 *
 * It learns only while the caller says the machine is healthy, its load varies
 * (variance of l·s over 6 hours above 0.01) and it is worn in; else it stands.
 * Once it is sure it stands for good: a twin that went on learning would learn
 * a fault that comes slowly. Plain data; pure functions, any thread.
 */
#pragma once

#include "twin-thermal.h"

G_BEGIN_DECLS

enum
{
  TWIN_THERMAL_ROW = 24, /* time constants, 120 to 7200 s */
};

/* One time constant's model: what has come through its lag, and the sums of
 * measured - ambient rise over load and speed that came through. */
typedef struct
{
  double ambient, load, speed;
  double ll, ls, ss, ly, sy, yy;
} TwinThermalRow;

typedef struct
{
  double           learnt_s; /* that counted: healthy, excited, worn in */
  gboolean         learnt;   /* τ and K_load within some 2 %, after 24 h */
  TwinThermalModel model;    /* what was learnt; the prior until then */
  /*< private >*/
  TwinThermalInput input;
  gboolean         started;
  int64_t          last_us;
  double           weight, mean, variance; /* of l·s over 6 hours, those two */
  TwinThermalRow   row[TWIN_THERMAL_ROW];
} TwinThermalLearner;

void twin_thermal_learner_init (TwinThermalLearner     *self,
                                const TwinThermalModel *prior);

/* @time_us: later than the last call's; ten seconds to a few minutes, and no
 * more than half the bearing's time constant. @healthy: nothing speaks against
 * the machine or its sensors. */
void twin_thermal_learner_step (TwinThermalLearner     *self,
                                int64_t                 time_us,
                                const TwinThermalInput *input,
                                gboolean                healthy);

gboolean twin_thermal_learner_is_excited (const TwinThermalLearner *self);

G_END_DECLS
