/* SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "thermal-plant.h"
#include "twin-drift.h"
#include "twin-thermal-cause.h"
#include "twin-thermal-learn.h"

#define MINUTE (60 * TWIN_US_PER_S)
#define SEEDS 20

static TwinThermalInput
input (double ambient, double load, double speed, double measured)
{
  return (TwinThermalInput){ ambient, load, speed, NAN, measured };
}

/* One time constant after a cold start 63 % of the rise is there, and a gap in
 * the inputs is bridged exactly. */
static void
test_step_response (void)
{
  TwinThermalModel       model;
  TwinThermal            twin;
  const TwinThermalInput cold = input (20, 1, 1, 20);
  const TwinThermalInput none = input (NAN, NAN, NAN, NAN);

  twin_thermal_model_default (&model);
  twin_thermal_init (&twin, &model);
  twin_thermal_step (&twin, 0, &cold);
  g_assert_false (twin_thermal_is_settled (&twin));

  for (int i = 1; i <= 10; i++)
    twin_thermal_step (&twin, i * MINUTE, &none);
  g_assert_cmpfloat (fabs (twin.predicted - (20 + 46.7 * (1 - exp (-1)))), <,
                     1e-9);
  g_assert_true (isnan (twin.residual));

  twin_thermal_step (&twin, 100000 * MINUTE, &none);
  g_assert_cmpfloat (fabs (twin.predicted - 66.7), <, 1e-9);
}

/* Two days of changing load: every parameter within 5 %. */
static void
identify (gboolean drawn, double noise_k, double *worst)
{
  for (uint64_t seed = 0; seed < SEEDS; seed++)
    {
      Plant              plant;
      TwinThermalModel   model;
      TwinThermalLearner learner;
      TwinThermalInput   in;
      double             errors[3];

      plant_init (&plant, seed);
      if (drawn)
        plant_draw (&plant);
      plant.noise_k = noise_k;
      twin_thermal_model_default (&model);
      twin_thermal_learner_init (&learner, &model);
      for (int i = 0; i < 2 * PLANT_DAY; i++)
        {
          plant_step (&plant, &in);
          twin_thermal_learner_step (&learner, plant.seconds * TWIN_US_PER_S,
                                     &in, TRUE);
        }

      g_assert_true (learner.learnt);
      model = learner.model;
      errors[0] = model.tau_s / plant.truth.tau_s - 1;
      errors[1] = model.k_load / plant.truth.k_load - 1;
      errors[2] = model.k_speed / plant.truth.k_speed - 1;
      for (int k = 0; k < 3; k++)
        {
          worst[k] = fmax (worst[k], fabs (errors[k]));
          if (fabs (errors[k]) > 0.05)
            g_error ("seed %d: tau %.0f for %.0f, K %.1f for %.1f and %.2f for "
                     "%.2f",
                     (int) seed, model.tau_s, plant.truth.tau_s, model.k_load,
                     plant.truth.k_load, model.k_speed, plant.truth.k_speed);
        }
    }
}

static void
test_identification (void)
{
  static const double noises[] = { 0.05, 0.2 };

  for (int drawn = 0; drawn < 2; drawn++)
    for (size_t i = 0; i < G_N_ELEMENTS (noises); i++)
      {
        double worst[3] = { 0 };

        identify (drawn, noises[i], worst);
        g_test_message ("%s, noise %.2f K, %d seeds: tau within %.1f %%, K_load "
                        "%.1f %%, K_speed %.1f %%",
                        drawn ? "any machine" : "the default one", noises[i],
                        SEEDS, 100 * worst[0], 100 * worst[1], 100 * worst[2]);
      }
}

/* A load that never changes, a fault, a bearing that is not worn in, and
 * nothing measured: it learns nothing and says what it was told. */
static void
test_learns_nothing (void)
{
  for (int why = 0; why < 4; why++)
    {
      Plant              plant;
      TwinThermalModel   model;
      TwinThermalLearner learner;
      TwinThermalInput   in;

      plant_init (&plant, 7);
      twin_thermal_model_default (&model);
      twin_thermal_learner_init (&learner, &model);
      for (int i = 0; i < 3 * PLANT_DAY; i++)
        {
          plant_step (&plant, &in);
          if (why == 0)
            in.load = 0.6, in.speed = 1;
          if (why == 2)
            in.run_in_h = plant.seconds / 3600.0 / 2;
          if (why == 3)
            in.measured_c = NAN;
          twin_thermal_learner_step (&learner, plant.seconds * TWIN_US_PER_S,
                                     &in, why != 1);
        }

      g_assert_false (learner.learnt);
      g_assert_cmpfloat (learner.learnt_s, ==, 0);
      g_assert_cmpfloat (learner.model.tau_s, ==, 600);
    }
}

/* Days of a healthy machine as the engine looks after it: it is learnt, then
 * watched. Returns alerts; NaN @settled_k until it is learnt. */
static int
watch (Plant  *plant,
       int     days,
       double  hours_old,
       double *largest_k,
       double *learnt_day)
{
  TwinThermalModel   model;
  TwinThermalLearner learner;
  TwinThermal        twin;
  TwinThermalInput   in;
  TwinDrift          drift = { 0 };
  int                alerts = 0, drifts = 0;

  twin_thermal_model_default (&model);
  twin_thermal_init (&twin, &model);
  twin_thermal_learner_init (&learner, &model);
  *largest_k = 0;
  *learnt_day = NAN;
  for (int i = 0; i < days * PLANT_DAY; i++)
    {
      int64_t  now = (int64_t) (i + 1) * PLANT_STEP_S * TWIN_US_PER_S;
      gboolean alert = twin.alert, drifting = drift.direction != 0;

      plant_step (plant, &in);
      in.run_in_h = hours_old + i * PLANT_STEP_S / 3600.0;
      twin_thermal_learner_step (&learner, now, &in, !twin.alert);
      if (learner.learnt && isnan (*learnt_day))
        {
          *learnt_day = (double) i / PLANT_DAY;
          twin_thermal_set_model (&twin, &learner.model);
        }

      twin_thermal_step (&twin, now, &in);
      alerts += twin.alert && !alert;
      /* A day after, so that nothing of the old model is in it. */
      if (learner.learnt && i > (*learnt_day + 1) * PLANT_DAY)
        {
          *largest_k = fmax (*largest_k, fabs (twin.residual));
          twin_drift_add (&drift, now, twin.residual);
          drifts += drift.direction != 0 && !drifting;
        }
    }

  return alerts + drifts;
}

/* Stops and starts, ambient by day and night, another machine than the default
 * each, new or greased with heat of its own that fades. */
static void
test_healthy (void)
{
  double largest = 0, latest = 0;

  for (uint64_t seed = 0; seed < 4; seed++)
    {
      Plant  plant;
      double residual, learnt;

      plant_init (&plant, 40 + seed);
      if (seed > 0)
        plant_draw (&plant);
      plant.run_in_k = seed % 2 ? 4 : 0;
      g_assert_cmpint (watch (&plant, 30, seed % 2 ? 0 : NAN, &residual,
                              &learnt),
                       ==, 0);
      g_assert_false (isnan (learnt));
      largest = fmax (largest, residual);
      latest = fmax (latest, learnt);
    }

  g_test_message ("4 machines, 30 days each: no alert, no drift; learnt within "
                  "%.1f days, residual within %.2f K from then on",
                  latest, largest);
  g_assert_cmpfloat (largest, <, 2.5);
}

static void
judge_machine (Plant              *plant,
               int                 hours,
               double              other_load,
               TwinThermalVerdict *verdict)
{
  g_autofree TwinThermalPoint *points =
      g_new (TwinThermalPoint, (gsize) hours * 60);
  TwinThermalModel usual = plant->truth;
  TwinRandom       random = plant->random;
  TwinThermalInput in;

  /* As well as it is learnt. */
  usual.tau_s *= 1 + 0.02 * twin_random_normal (&random);
  usual.k_load *= 1 + 0.01 * twin_random_normal (&random);
  usual.k_speed *= 1 + 0.02 * twin_random_normal (&random);
  for (int i = 0; i < hours * 60; i++)
    {
      double sums[4] = { 0 };

      for (int k = 0; k < 6; k++)
        {
          plant_step (plant, &in);
          sums[0] += in.ambient_c / 6;
          sums[1] += in.load * in.speed / 6;
          sums[2] += in.speed / 6;
          sums[3] += in.measured_c / 6;
        }

      points[i] = (TwinThermalPoint){
        .time_us = plant->seconds * TWIN_US_PER_S,
        .ambient_c = (float) sums[0],
        .load = (float) (sums[2] > 0 ? sums[1] / sums[2] : 0),
        .speed = (float) sums[2],
        .measured_c = (float) sums[3],
        .other_load = NAN,
      };
      if (isfinite (other_load))
        points[i].other_load = points[i].load * (float) other_load;
    }

  twin_thermal_judge (&usual, points, (size_t) hours * 60, verdict);
}

static const struct
{
  const char      *name;
  double           cooling, friction, offset_k, drift_k, load_error, other;
  TwinThermalCause cause;
  double           size; /* about */
} faults[] = {
  { "none", 1, 1, 0, 0, 1, NAN, TWIN_THERMAL_NORMAL, NAN },
  { "cooling -35 %", 0.65, 1, 0, 0, 1, NAN, TWIN_THERMAL_COOLING, 0.65 },
  { "friction +50 %", 1, 1.5, 0, 0, 1, NAN, TWIN_THERMAL_FRICTION, 1.5 },
  { "sensor +7 K", 1, 1, 7, 0, 1, NAN, TWIN_THERMAL_SENSOR, 7 },
  { "sensor -6 K", 1, 1, -6, 0, 1, NAN, TWIN_THERMAL_SENSOR, -6 },
  { "sensor +7 K a day", 1, 1, 0, 7, 1, NAN, TWIN_THERMAL_SENSOR, 7 },
  { "load reads 29 % low", 1, 1, 0, 0, 1.4, NAN, TWIN_THERMAL_LOAD_SENSOR,
    1.4 },
  { "load reads 43 % high", 1, 1, 0, 0, 0.7, NAN, TWIN_THERMAL_LOAD_SENSOR,
    0.7 },
  { "the same, seen by current", 1, 1, 0, 0, 0.7, 0.7, TWIN_THERMAL_LOAD_SENSOR,
    0.7 },
};

static void
set_fault (Plant *plant, size_t fault)
{
  plant->cooling = faults[fault].cooling;
  plant->friction = faults[fault].friction;
  plant->offset_k = faults[fault].offset_k;
  plant->drift_k = faults[fault].drift_k;
  plant->load_error = faults[fault].load_error;
}

/* A day of the usual machine: each cause in 20 of 20. */
static void
test_causes (void)
{
  for (size_t i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      TwinThermalVerdict verdict;
      double             worst = 0;

      for (uint64_t seed = 0; seed < SEEDS; seed++)
        {
          Plant plant;

          plant_init (&plant, 200 + seed);
          set_fault (&plant, i);
          judge_machine (&plant, 24, faults[i].other, &verdict);
          if (verdict.cause != faults[i].cause)
            g_error ("%s, seed %d: %s", faults[i].name, (int) seed,
                     verdict.why);
          worst = fmax (worst, fabs (verdict.size / faults[i].size - 1));
        }

      g_test_message ("%s: %d of %d, size within %.0f %%. %s", faults[i].name,
                      SEEDS, SEEDS, 100 * worst, verdict.why);
      g_assert_cmpfloat (worst, <, 0.2);
    }
}

/* Half a day of any machine, stopped now and then or never: more often
 * undetermined, and never another name. */
static void
test_no_wrong_cause (void)
{
  int right = 0, undetermined = 0;

  for (size_t i = 0; i < G_N_ELEMENTS (faults); i++)
    for (uint64_t seed = 0; seed < SEEDS; seed++)
      {
        Plant              plant;
        TwinThermalVerdict verdict;

        plant_init (&plant, 300 + seed);
        plant_draw (&plant);
        plant.stops = seed % 2 == 0;
        set_fault (&plant, i);
        judge_machine (&plant, 12, faults[i].other, &verdict);
        right += verdict.cause == faults[i].cause;
        undetermined += verdict.cause == TWIN_THERMAL_UNKNOWN;
        if (verdict.cause != faults[i].cause &&
            verdict.cause != TWIN_THERMAL_UNKNOWN &&
            verdict.cause != TWIN_THERMAL_NORMAL)
          g_error ("%s, seed %d: %s", faults[i].name, (int) seed, verdict.why);
      }

  g_test_message ("12 h of any machine: %d right, %d undetermined, none wrong",
                  right, undetermined);
  g_assert_cmpint (right, >, 120);
}

/* A load that stands still tells cooling from friction as little as from a
 * sensor; with too few hours nothing is judged. */
static void
test_undetermined (void)
{
  const TwinThermalModel usual = { .tau_s = 600, .k_load = 40, .k_speed = 6.7 };
  TwinThermalPoint       points[24 * 60];
  TwinThermalVerdict     verdict;

  for (int i = 0; i < 24 * 60; i++)
    points[i] = (TwinThermalPoint){ .time_us = i * MINUTE,
                                    .ambient_c = 20,
                                    .load = 0.6f,
                                    .speed = 1,
                                    .measured_c = 60,
                                    .other_load = NAN };

  twin_thermal_judge (&usual, points, G_N_ELEMENTS (points), &verdict);
  g_assert_cmpint (verdict.cause, ==, TWIN_THERMAL_UNKNOWN);
  g_assert_nonnull (strstr (verdict.why, "did not change enough"));
  twin_thermal_judge (&usual, points, 40, &verdict);
  g_assert_cmpint (verdict.cause, ==, TWIN_THERMAL_UNKNOWN);
  g_assert_nonnull (strstr (verdict.why, "are needed"));
  twin_thermal_judge (&usual, points, 0, &verdict);
  g_assert_cmpint (verdict.cause, ==, TWIN_THERMAL_UNKNOWN);
}

/* Standing still it is as warm as the room; what it reads else is the
 * sensor's. */
static void
test_standstill (void)
{
  const TwinThermalModel usual = { .tau_s = 600, .k_load = 40, .k_speed = 6.7 };

  for (int wrong = 0; wrong < 2; wrong++)
    {
      TwinThermalVerdict verdict;
      TwinThermalPoint   points[8 * 60];
      double             temperature = 20 + 0.6 * 40 + 6.7;

      for (int i = 0; i < 8 * 60; i++)
        {
          double speed = i < 240 ? 1 : 0, rise = speed * (0.6 * 40 + 6.7);

          temperature += (20 + rise - temperature) * -expm1 (-60 / 600.0);
          points[i] = (TwinThermalPoint){ .time_us = i * MINUTE,
                                          .ambient_c = 20,
                                          .load = speed > 0 ? 0.6f : 0,
                                          .speed = (float) speed,
                                          .measured_c =
                                              (float) (temperature + 6 * wrong),
                                          .other_load = NAN };
        }

      twin_thermal_judge (&usual, points, G_N_ELEMENTS (points), &verdict);
      g_assert_cmpfloat (fabs (verdict.standstill_k - 6 * wrong), <, 0.5);
      g_assert_cmpint (verdict.cause, ==,
                       wrong ? TWIN_THERMAL_SENSOR : TWIN_THERMAL_NORMAL);
    }
}

static void
test_alert (void)
{
  TwinThermalModel model;
  TwinThermal      twin;
  TwinThermalInput warm = input (20, 0, 0, 26), cold = input (20, 0, 0, 20);
  TwinThermalInput between = input (20, 0, 0, 24.5);
  int              minute;

  twin_thermal_model_default (&model);
  memset (model.sd, 0, sizeof model.sd);
  twin_thermal_init (&twin, &model);
  for (minute = 0; minute <= 60; minute++)
    twin_thermal_step (&twin, minute * MINUTE, &cold);
  g_assert_true (twin_thermal_is_settled (&twin));
  g_assert_cmpfloat (twin_thermal_limit (&twin), ==, 5);

  for (; minute <= 70; minute++)
    twin_thermal_step (&twin, minute * MINUTE, &warm);
  g_assert_false (twin.alert);
  for (; minute <= 72; minute++)
    twin_thermal_step (&twin, minute * MINUTE, &warm);
  g_assert_true (twin.alert);

  /* Between the limits it stays; under the lower one it clears in time. */
  for (; minute <= 90; minute++)
    twin_thermal_step (&twin, minute * MINUTE, &between);
  g_assert_true (twin.alert);
  for (; minute <= 102; minute++)
    twin_thermal_step (&twin, minute * MINUTE, &cold);
  g_assert_false (twin.alert);
}

/* A cold sensor at start is no fault, nor is what a model that nobody has
 * checked does not know; as soon as it is known it is one. */
static void
test_inhibited (void)
{
  TwinThermalModel       model;
  TwinThermal            twin;
  const TwinThermalInput cold = input (20, 0, 0, 35),
                         off = input (20, 1, 1, 80);
  const TwinThermalInput unknown = input (NAN, 0.5, 1, 40);

  twin_thermal_model_default (&model);
  twin_thermal_init (&twin, &model);
  for (int minute = 0; minute < 50; minute++)
    {
      TwinThermalInput in = cold;

      in.measured_c = 20 + (minute > 5 ? 15 : 0);
      twin_thermal_step (&twin, minute * MINUTE, &in);
      g_assert_false (twin.alert);
    }

  /* 13 K warmer than a default that is unsure by 20 K at full load. */
  twin_thermal_init (&twin, &model);
  for (int minute = 0; minute < 120; minute++)
    twin_thermal_step (&twin, minute * MINUTE, &off);
  g_assert_cmpfloat (twin.residual, >, 10);
  g_assert_false (twin.alert);
  /* Declared within 10 % it is alerted by, over 3 of its deviations. */
  twin_thermal_model_declared (&model, 600, 25, 6.7);
  twin_thermal_set_model (&twin, &model);
  for (int minute = 120; minute < 300; minute++)
    {
      if (minute == 121)
        twin_thermal_settle (&twin);
      twin_thermal_step (&twin, minute * MINUTE, &off);
    }
  g_assert_cmpfloat (twin_thermal_limit (&twin), >, 7);
  g_assert_cmpfloat (twin_thermal_limit (&twin), <, 10);
  g_assert_true (twin.alert);

  twin_thermal_init (&twin, &model);
  twin_thermal_step (&twin, 0, &unknown);
  g_assert_true (isnan (twin.predicted));
  g_assert_false (twin_thermal_is_settled (&twin));
}

static void
test_declared (void)
{
  TwinThermalModel model;

  g_assert_true (twin_thermal_model_declared (&model, 900, 30, 5));
  g_assert_cmpfloat (model.sd[TWIN_THERMAL_LOAD], ==, 3);
  twin_thermal_model_loosen (&model);
  g_assert_cmpfloat (model.sd[TWIN_THERMAL_LOAD], ==, 7.5);
  g_assert_false (twin_thermal_model_declared (&model, 5, 30, 5));
  g_assert_false (twin_thermal_model_declared (&model, NAN, 30, 5));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/thermal/step-response", test_step_response);
  g_test_add_func ("/thermal/identification", test_identification);
  g_test_add_func ("/thermal/learns-nothing", test_learns_nothing);
  g_test_add_func ("/thermal/healthy-for-30-days", test_healthy);
  g_test_add_func ("/thermal/causes", test_causes);
  g_test_add_func ("/thermal/no-wrong-cause", test_no_wrong_cause);
  g_test_add_func ("/thermal/undetermined", test_undetermined);
  g_test_add_func ("/thermal/standstill", test_standstill);
  g_test_add_func ("/thermal/alert-waits-and-goes", test_alert);
  g_test_add_func ("/thermal/warm-up-is-no-fault", test_inhibited);
  g_test_add_func ("/thermal/declared", test_declared);
  return g_test_run ();
}
