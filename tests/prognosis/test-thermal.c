/* SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "twin-clock.h"
#include "twin-thermal.h"

#define MINUTE (60 * TWIN_US_PER_S)
#define DAY (24 * 60)

/* A machine by the same physics, with something wrong or not. */
typedef struct
{
  double cooling;  /* heat transfer over the usual */
  double friction; /* heat over the usual */
  double offset;   /* of the sensor, K */
} Machine;

static double
load_at (int minute)
{
  return 0.55 + 0.35 * sin (2 * G_PI * minute / 400.0) +
         (minute / 90 % 2 ? 0.1 : 0);
}

/* Runs @minutes; the largest |residual| after warm-up is returned. */
static double
run (TwinThermal *twin, const Machine *machine, int minutes, gboolean *alerted)
{
  TwinThermalModel model = twin->model;
  double           tau = model.tau_s / machine->cooling;
  double           t = 20, largest = 0;

  for (int minute = 0; minute < minutes; minute++)
    {
      double ambient = 20 + 5 * sin (2 * G_PI * minute / (double) DAY);
      double load = load_at (minute);
      double rise = (model.k_load * load + model.k_speed) * machine->friction /
                    machine->cooling;
      /* Quantised as the converter does. */
      double seen = floor ((t + machine->offset) * 32) / 32;

      twin_thermal_step (twin, (int64_t) minute * MINUTE, ambient, load, 1,
                         seen);
      if (twin_thermal_is_settled (twin))
        largest = fmax (largest, fabs (twin->residual));
      *alerted |= twin->alert;
      t += -expm1 (-60 / tau) * (ambient + rise - t);
    }

  return largest;
}

static void
test_step_response (void)
{
  TwinThermalModel model;
  TwinThermal      twin;

  twin_thermal_model_default (&model);
  twin_thermal_init (&twin, &model);
  twin_thermal_step (&twin, 0, 20, 1, 1, 20);
  g_assert_cmpfloat (twin.predicted, ==, 20);

  /* After one time constant 63.2 % of the steady rise, however fine the
   * steps. */
  for (int i = 1; i <= 10; i++)
    twin_thermal_step (&twin, i * MINUTE, 20, 1, 1, NAN);
  g_assert_cmpfloat_with_epsilon (twin.predicted, 20 + 46.7 * (1 - exp (-1)),
                                  1e-9);
  g_assert_true (isnan (twin.residual));

  twin_thermal_step (&twin, 100000 * MINUTE, 20, 1, 1, 66.7);
  g_assert_cmpfloat_with_epsilon (twin.predicted, 66.7, 1e-6);
  g_assert_cmpfloat_with_epsilon (twin.residual, 0, 1e-6);
}

static void
test_healthy (void)
{
  Machine          machine = { 1, 1, 0 };
  TwinThermalModel model;
  TwinThermal      twin;
  gboolean         alerted = FALSE;

  twin_thermal_model_default (&model);
  twin_thermal_init (&twin, &model);
  g_assert_cmpfloat (run (&twin, &machine, 6 * DAY, &alerted), <, 1);
  g_assert_false (alerted);
  g_assert_cmpint (twin_thermal_cause (&twin, NULL, 0), ==,
                   TWIN_THERMAL_NORMAL);
}

static void
test_causes (void)
{
  static const struct
  {
    Machine          machine;
    TwinThermalCause cause;
  } cases[] = {
    { { 0.65, 1, 0 }, TWIN_THERMAL_COOLING },
    { { 1, 1.5, 0 }, TWIN_THERMAL_FRICTION },
    { { 1, 1, 7 }, TWIN_THERMAL_SENSOR },
    { { 1, 1, -6 }, TWIN_THERMAL_SENSOR },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TwinThermalModel model;
      TwinThermal      twin;
      gboolean         alerted = FALSE;
      char             why[192];

      twin_thermal_model_default (&model);
      twin_thermal_init (&twin, &model);
      run (&twin, &cases[i].machine, DAY, &alerted);
      g_assert_true (alerted);
      g_assert_cmpint (twin_thermal_cause (&twin, why, sizeof why), ==,
                       cases[i].cause);
      g_test_message ("%s", why);
      g_assert_nonnull (strstr (why, twin_thermal_cause_name (cases[i].cause)));
    }
}

/* The alert waits, and goes again by itself. */
static void
test_alert (void)
{
  TwinThermalModel model;
  TwinThermal      twin;
  int              minute = 0;

  twin_thermal_model_default (&model);
  twin_thermal_init (&twin, &model);

  for (; minute < 60; minute++)
    twin_thermal_step (&twin, minute * MINUTE, 20, 0, 0, 20);
  g_assert_true (twin_thermal_is_settled (&twin));

  for (; minute < 69; minute++)
    twin_thermal_step (&twin, minute * MINUTE, 20, 0, 0, 26);
  g_assert_false (twin.alert);
  for (; minute < 75; minute++)
    twin_thermal_step (&twin, minute * MINUTE, 20, 0, 0, 26);
  g_assert_true (twin.alert);

  /* 4.5 K is neither over nor under: it stays. */
  for (; minute < 100; minute++)
    twin_thermal_step (&twin, minute * MINUTE, 20, 0, 0, 24.5);
  g_assert_true (twin.alert);
  for (; minute < 115; minute++)
    twin_thermal_step (&twin, minute * MINUTE, 20, 0, 0, 20);
  g_assert_false (twin.alert);
}

/* In the first five time constants a cold or hot start is no fault. */
static void
test_inhibited (void)
{
  TwinThermalModel model;
  TwinThermal      twin;

  twin_thermal_model_default (&model);
  twin_thermal_init (&twin, &model);
  for (int minute = 0; minute < 49; minute++)
    {
      twin_thermal_step (&twin, minute * MINUTE, 20, 0, 0,
                         minute == 0 ? NAN : 60);
      g_assert_false (twin.alert);
    }
  g_assert_cmpint (twin_thermal_cause (&twin, NULL, 0), ==,
                   TWIN_THERMAL_UNKNOWN);

  /* Missing inputs: nothing is claimed. */
  twin_thermal_init (&twin, &model);
  twin_thermal_step (&twin, 0, NAN, 0.5, 1, 40);
  g_assert_true (isnan (twin.predicted));
  g_assert_false (twin_thermal_is_settled (&twin));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/prognosis/thermal/step-response", test_step_response);
  g_test_add_func ("/prognosis/thermal/healthy-for-six-days", test_healthy);
  g_test_add_func ("/prognosis/thermal/causes", test_causes);
  g_test_add_func ("/prognosis/thermal/alert-waits-and-goes", test_alert);
  g_test_add_func ("/prognosis/thermal/warm-up-is-no-fault", test_inhibited);
  return g_test_run ();
}
