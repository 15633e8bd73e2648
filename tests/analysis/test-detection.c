/* SPDX-License-Identifier: Apache-2.0 */
/* The loop closed: faults of the firmware's simulated machine, felt through its
 * simulated sensors, are diagnosed; sound machines are not accused.
 *
 * TWIN_DETECTION_TRIALS: records a cell of the table (long.sh), otherwise the
 * cells that decide, a few records each. TWIN_DETECTION_REPORT: where to write
 * the table.
 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "closed-loop.h"
#include "vibration.h"

#define SLOWEST_HZ 18.0
#define FASTEST_HZ 60.0
#define LARGEST_SLIP 0.02
#define NOISE_G 0.01
#define SHORT_TRIALS 4
#define SHORT_SOUND 24
#define SOUND 300
#define SURE_DB 0
#define APART_HZ 0.5

static TwinTransform *transform;
static GString       *report;
static int            trials; /* a cell; 0: the short version */

/* Also of a test that is about to fail. */
static void
keep_report (void)
{
  const char *path = g_getenv ("TWIN_DETECTION_REPORT");
  g_autoptr (GError) error = NULL;

  if (path != NULL)
    g_file_set_contents (path, report->str, (gssize) report->len, &error);
  g_assert_no_error (error);
}

static const TwinBearing bearings[] = {
  { "6205", 9, 7.94, 39.04, 0 },    { "6203", 8, 6.746, 28.5, 0 },
  { "6308", 8, 15.081, 65, 0 },     { "NU 210", 16, 11, 70.5, 0 },
  { "7208 B", 13, 11.906, 60, 40 },
};

static void say (const char *format, ...) G_GNUC_PRINTF (1, 2);

static void
say (const char *format, ...)
{
  g_autofree char *line = NULL;
  va_list          args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);
  g_test_message ("%s", line);
  g_string_append_printf (report, "%s\n", line);
}

/* A machine of its own for each @seed. */
static ClosedLoopCase
draw_case (ClosedLoopSensor sensor, guint64 seed)
{
  SignalRng rng;

  signal_seed (&rng, seed);
  return (ClosedLoopCase){
    .sensor = sensor,
    .seed = seed,
    .bearing = &bearings[seed % G_N_ELEMENTS (bearings)],
    .shaft_hz = SLOWEST_HZ + (FASTEST_HZ - SLOWEST_HZ) * signal_uniform (&rng),
    .slip = LARGEST_SLIP * signal_uniform (&rng),
    .noise_g = NOISE_G,
    .unbalance_mm_s = 0.5 + signal_uniform (&rng),
    .misalignment_mm_s = 0.5 * signal_uniform (&rng),
    .looseness_mm_s = 0.1 * signal_uniform (&rng),
    .resonance_hz = 780 + 40 * signal_uniform (&rng),
    .damping = 0.05,
  };
}

static void
diagnose (const ClosedLoopRecord *record,
          const TwinBearing      *bearing,
          TwinBearingVerdict     *verdict)
{
  TwinShaftSpeed shaft = { record->shaft_hz, TWIN_SPEED_TACHO };

  twin_bearing_diagnose (transform, record->samples, record->n, record->rate_hz,
                         &shaft, bearing, NULL, verdict);
}

/* The fault's tone, slipped, lies on a whole multiple of the shaft's speed or
 * of twice the mains' frequency: no record of this one speed can tell it from
 * them, and to name it would be to guess. */
static gboolean
is_hidden (const ClosedLoopCase *given, double shaft_hz)
{
  static const double steps[] = { 100, 120 };
  TwinBearingOrders   orders;
  double              tone;
  gboolean            hidden;

  twin_bearing_orders (given->bearing, &orders, NULL);
  tone = (given->fault == TWIN_ELEMENT_OUTER   ? orders.bpfo
          : given->fault == TWIN_ELEMENT_INNER ? orders.bpfi
                                               : 2 * orders.bsf) *
         shaft_hz * (1 - given->slip);

  hidden = fabs (tone - round (tone / shaft_hz) * shaft_hz) < APART_HZ;
  for (size_t i = 0; i < G_N_ELEMENTS (steps); i++)
    hidden |= fabs (tone - round (tone / steps[i]) * steps[i]) < APART_HZ;

  return hidden;
}

typedef struct
{
  int named, suspected, abstained, wrong, records, hidden;
} Cell;

static void
try_case (const ClosedLoopCase *given, Cell *cell)
{
  ClosedLoopRecord   record;
  TwinBearingVerdict verdict;

  closed_loop_make (given, &record);
  diagnose (&record, given->bearing, &verdict);
  g_free (record.samples);

  if (twin_element_is_fault (verdict.verdict) &&
      verdict.verdict != given->fault)
    cell->wrong++;
  if (is_hidden (given, record.shaft_hz))
    {
      cell->hidden++;
      return;
    }

  cell->records++;
  if (verdict.verdict == given->fault)
    cell->named++;
  else if (twin_element_is_fault (verdict.verdict))
    ;
  else if (verdict.suspected == given->fault)
    cell->suspected++;
  else
    cell->abstained++;

  if (twin_element_is_fault (verdict.verdict) ? verdict.verdict != given->fault
                                              : given->snr_db >= SURE_DB)
    say ("  seed %" G_GUINT64_FORMAT ", %s, %s of %s, %+.0f dB, %.2f Hz, slip "
         "%.2f %%: z %.1f, ahead %.1f: %s",
         given->seed, closed_loop_sensor_name (given->sensor),
         twin_element_name (given->fault), given->bearing->designation,
         given->snr_db, record.shaft_hz, 100 * given->slip, verdict.best_z,
         verdict.margin, verdict.why);
}

static const TwinElement faults[] = { TWIN_ELEMENT_OUTER, TWIN_ELEMENT_INNER,
                                      TWIN_ELEMENT_BALL };

/* A row of the table; TRUE when nothing in it is wrong. */
static void
try_row (ClosedLoopSensor sensor,
         TwinElement      fault,
         double           snr_db,
         int              n,
         Cell            *cell)
{
  *cell = (Cell){ 0 };
  for (int trial = 0; trial < n; trial++)
    {
      ClosedLoopCase given = draw_case (sensor, 100 + (guint64) trial);

      given.fault = fault;
      given.snr_db = snr_db;
      try_case (&given, cell);
    }

  say ("%-17s %-6s %+4.0f dB  named %5.1f %%  suspected %5.1f %%  "
       "not decided %5.1f %%  wrong %5.1f %%  of %d, and %d hidden",
       closed_loop_sensor_name (sensor), twin_element_name (fault), snr_db,
       100.0 / MAX (cell->records, 1) * cell->named,
       100.0 / MAX (cell->records, 1) * cell->suspected,
       100.0 / MAX (cell->records, 1) * cell->abstained,
       100.0 / MAX (cell->records, 1) * cell->wrong, cell->records,
       cell->hidden);
}

static void
test_faults (void)
{
  static const double all_db[] = { -15, -12, -9, -6, -3, 0, 3, 6 };
  static const double short_db[] = { -6, SURE_DB };
  const double       *levels = trials > 0 ? all_db : short_db;
  size_t              n_levels =
      trials > 0 ? G_N_ELEMENTS (all_db) : G_N_ELEMENTS (short_db);
  int wrong = 0, missed = 0;

  say ("Named right, suspected, not decided and wrong; %g to %g Hz, slip 0 to "
       "%g %%, %zu bearings, %d s:",
       SLOWEST_HZ, FASTEST_HZ, 100 * LARGEST_SLIP, G_N_ELEMENTS (bearings),
       CLOSED_LOOP_SECONDS);

  for (ClosedLoopSensor sensor = 0; sensor < CLOSED_LOOP_SENSORS; sensor++)
    {
      for (size_t f = 0; f < G_N_ELEMENTS (faults); f++)
        {
          for (size_t l = 0; l < n_levels; l++)
            {
              Cell cell;

              try_row (sensor, faults[f], levels[l],
                       trials > 0 ? trials : SHORT_TRIALS, &cell);
              wrong += cell.wrong;
              if (levels[l] >= SURE_DB)
                missed += cell.records - cell.named;
            }
        }
    }

  say ("%d wrong names; %d not named at %d dB and more", wrong, missed,
       SURE_DB);
  keep_report ();
  g_assert_cmpint (wrong, ==, 0);
  g_assert_cmpint (missed, ==, 0);
}

/* What stands beside machines and is no bearing: mains, knocks once a turn, a
 * mesh whose wheel turns at an odd fraction of the shaft's speed. */
static void
add_surroundings (const ClosedLoopCase *given, ClosedLoopRecord *record)
{
  double      level = NOISE_G;
  double     *x = record->samples;
  size_t      n = record->n;
  double      rate_hz = record->rate_hz, shaft_hz = record->shaft_hz;
  SignalRng   rng;
  SignalFault knock = { .shaft_hz = shaft_hz, .damping = given->damping };

  signal_seed (&rng, given->seed ^ 0x5a5a);
  knock.carrier_hz = rate_hz >= 12000 ? 3000 : given->resonance_hz;
  knock.rms = 2 * level * signal_uniform (&rng);

  for (int k = 1; k <= 6; k++)
    signal_add_tone (x, n, rate_hz, 50.0 * k, level * signal_uniform (&rng) / k,
                     2 * G_PI * signal_uniform (&rng));

  if (given->seed % 3 == 0)
    signal_add_knocks (x, n, rate_hz, &knock, 1 + (int) (given->seed % 2),
                       &rng);

  if (given->seed % 4 == 0)
    {
      double teeth = 17 + floor (20 * signal_uniform (&rng));
      double wheel = teeth / (29 + floor (40 * signal_uniform (&rng)));

      for (int k = 1; k * teeth * shaft_hz < 0.4 * rate_hz && k <= 3; k++)
        {
          for (int side = -3; side <= 3; side++)
            signal_add_tone (x, n, rate_hz,
                             (k * teeth + side * wheel) * shaft_hz,
                             level * signal_uniform (&rng) / k /
                                 (1 + abs (side)),
                             2 * G_PI * signal_uniform (&rng));
        }
    }
}

static void
test_sound (void)
{
  int    n = trials > 0 ? SOUND : SHORT_SOUND;
  int    accused = 0, suspected = 0;
  double largest = -INFINITY;

  for (int i = 0; i < n; i++)
    {
      ClosedLoopCase given =
          draw_case ((ClosedLoopSensor) (i % CLOSED_LOOP_SENSORS),
                     9000 + (guint64) i);
      ClosedLoopRecord   record;
      TwinBearingVerdict verdict;

      closed_loop_make (&given, &record);
      add_surroundings (&given, &record);
      diagnose (&record, given.bearing, &verdict);
      g_free (record.samples);

      largest = fmax (largest, verdict.best_z);
      suspected += verdict.suspected != TWIN_ELEMENT_NONE;
      accused += twin_element_is_fault (verdict.verdict);
      if (verdict.suspected != TWIN_ELEMENT_NONE)
        say ("  seed %" G_GUINT64_FORMAT ", %s, %s at %.2f Hz: %s", given.seed,
             closed_loop_sensor_name (given.sensor), given.bearing->designation,
             record.shaft_hz, verdict.why);
    }

  say ("%d sound machines: %d accused, %d suspected, largest z %.1f", n,
       accused, suspected, largest);
  keep_report ();
  g_assert_cmpint (accused, ==, 0);
}

int
main (int argc, char **argv)
{
  const char *wanted = g_getenv ("TWIN_DETECTION_TRIALS");
  int         status;

  g_test_init (&argc, &argv, NULL);
  trials = wanted != NULL ? atoi (wanted) : 0;
  report = g_string_new (NULL);
  transform = twin_transform_new ();
  g_test_add_func ("/analysis/detection/faults-of-the-simulated-machine",
                   test_faults);
  g_test_add_func ("/analysis/detection/sound-machines", test_sound);
  status = g_test_run ();

  g_string_free (report, TRUE);
  twin_transform_free (transform);
  return status;
}
