/* SPDX-License-Identifier: Apache-2.0 */
/* twinctl bench analysis: the chain beside the bare transforms it needs, and
 * beside numpy's and scipy's. CPU time, so that a busy machine tells the same.
 */
#include <glib/gstdio.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "twin-block-features.h"
#include "twin-ctl.h"
#include "twin-diagnosis.h"
#include "twin-json-members.h"

#define ROUNDS 30
#define BLOCKS 10
#define SECONDS 8
#define STREAM_AXES 3

typedef struct
{
  TwinTransform    *transform;
  double            rate_hz;
  double           *samples; /* SECONDS of them */
  size_t            n, block;
  TwinBand          band;
  TwinBlockFeatures result;
  float            *work;
  TwinComplex      *lines, *other;
} Bench;

/* Noise, a shaft line and blows at the outer race's rate: what a worker sees.
 */
static void
fill (Bench *bench)
{
  uint64_t state = UINT64_C (0x9e3779b97f4a7c15);
  double   omega = 2 * G_PI * 0.2, ring = 0, ring_before = 0;

  for (size_t i = 0; i < bench->n; i++)
    {
      double t = (double) i / bench->rate_hz;
      double blow = fmod (t, 1 / 88.0) * bench->rate_hz < 1 ? 0.1 : 0;
      double next = blow + 1.9 * cos (omega) * ring - 0.9025 * ring_before;

      ring_before = ring;
      ring = next;
      state = state * UINT64_C (6364136223846793005) + 1442695040888963407;
      bench->samples[i] = 0.05 * ((double) (state >> 33) * 0x1p-31 - 0.5) +
                          0.05 * cos (2 * G_PI * 24.6 * t) + ring;
    }
}

static void
bench_init (Bench *bench, double rate_hz)
{
  bench->transform = twin_transform_new ();
  bench->rate_hz = rate_hz;
  bench->n = (size_t) (SECONDS * rate_hz);
  bench->block = twin_transform_trim ((size_t) rate_hz);
  bench->samples = g_new (double, bench->n);
  bench->band = (TwinBand){ 0.15 * rate_hz, 0.25 * rate_hz };
  bench->result = (TwinBlockFeatures){ 0 };
  bench->work = g_new0 (float, bench->n);
  bench->lines = g_new0 (TwinComplex, bench->n);
  bench->other = g_new0 (TwinComplex, bench->n);
  fill (bench);
}

static void
bench_clear (Bench *bench)
{
  twin_block_features_clear (&bench->result);
  twin_transform_free (bench->transform);
  g_free (bench->samples);
  g_free (bench->work);
  g_free (bench->lines);
  g_free (bench->other);
}

static void
run_block (Bench *bench)
{
  TwinBlockFeaturesOptions options = { .band = bench->band };

  twin_block_features_compute (bench->transform, bench->samples, bench->block,
                               bench->rate_hz, &options, &bench->result);
}

/* The transforms of run_block(): spectrum; envelope there, back and its own. */
static void
run_bare (Bench *bench)
{
  size_t band = twin_transform_trim ((size_t) (0.1 * bench->rate_hz));

  twin_transform_forward (bench->transform, bench->work, bench->block,
                          bench->lines);
  twin_transform_forward (bench->transform, bench->work, bench->block,
                          bench->lines);
  twin_transform_complex (bench->transform, bench->lines, band, TRUE,
                          bench->other);
  twin_transform_forward (bench->transform, bench->work, band, bench->lines);
}

static void
run_diagnosis (Bench *bench)
{
  TwinShaftSpeed     shaft = { 24.6, TWIN_SPEED_TACHO };
  TwinBearing        bearing = { .elements = 9,
                                 .element_mm = 7.94,
                                 .pitch_mm = 39.04 };
  TwinBearingVerdict verdict;

  twin_bearing_diagnose (bench->transform, bench->samples, bench->n,
                         bench->rate_hz, &shaft, &bearing, NULL, &verdict);
}

static double
cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e3 * (double) now.tv_sec + 1e-6 * (double) now.tv_nsec;
}

/* Least time of one call over some rounds, ms: what the machine can do when
 * left alone. */
static double
measure (Bench *bench, void (*run) (Bench *), int calls)
{
  double best = INFINITY;

  run (bench);
  for (int round = 0; round < ROUNDS; round++)
    {
      double start = cpu_ms ();

      for (int i = 0; i < calls; i++)
        run (bench);
      best = fmin (best, (cpu_ms () - start) / calls);
    }

  return best;
}

typedef struct
{
  double block, bare, diagnosis;       /* ms */
  double scipy_block, scipy_diagnosis; /* ms; NaN: not measured */
} Figures;

/* Runs the same chain in Debian's Python; FALSE, with the reason in @error,
 * where there is none or no scipy. */
static gboolean
measure_scipy (const TwinCtl *ctl,
               const Bench   *bench,
               Figures       *figures,
               GError       **error)
{
  g_autofree char *script =
      g_build_filename (ctl->data_dir, "bench-analysis.py", NULL);
  g_autofree char *folder = g_dir_make_tmp ("twin-bench-XXXXXX", error);
  g_autofree char *file = NULL, *rate = NULL, *said = NULL, *wrong = NULL;
  char            *argv[] = {
               (char *) "/usr/bin/python3", script, NULL, NULL, (char *) "5", NULL
  };
  char    *environment[] = { (char *) "OMP_NUM_THREADS=1", NULL };
  int      status;
  gboolean good;

  if (folder == NULL)
    return FALSE;

  argv[2] = file = g_build_filename (folder, "samples", NULL);
  argv[3] = rate = g_strdup_printf ("%.0f", bench->rate_hz);
  good = g_file_set_contents (file, (const char *) bench->samples,
                              (gssize) (bench->n * sizeof (double)), error) &&
         g_spawn_sync (NULL, argv, environment, 0, NULL, NULL, &said, &wrong,
                       &status, error);
  g_unlink (file);
  g_rmdir (folder);
  if (!good)
    return FALSE;

  if (!g_spawn_check_wait_status (status, NULL) ||
      sscanf (said, "%lf %lf", &figures->scipy_block,
              &figures->scipy_diagnosis) != 2)
    {
      char *last = strrchr (g_strchomp (wrong), '\n');

      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s",
                   last != NULL ? last + 1 : wrong);
      return FALSE;
    }

  return TRUE;
}

static double
streams (const Figures *figures)
{
  return 1000 / (STREAM_AXES * (figures->block + figures->diagnosis / SECONDS));
}

static void
print_json (double rate_hz, const Figures *figures)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  twin_json_add_number (builder, "rate_hz", rate_hz);
  twin_json_add_number (builder, "block_ms", figures->block);
  twin_json_add_number (builder, "bare_transforms_ms", figures->bare);
  twin_json_add_number (builder, "ratio", figures->block / figures->bare);
  twin_json_add_number (builder, "diagnosis_8s_ms", figures->diagnosis);
  twin_json_add_number (builder, "streams_a_core", streams (figures));
  twin_json_add_number (builder, "scipy_block_ms", figures->scipy_block);
  twin_json_add_number (builder, "scipy_diagnosis_8s_ms",
                        figures->scipy_diagnosis);
  json_builder_end_object (builder);
  twin_ctl_print_builder (builder);
}

static void
print_text (double rate_hz, const Figures *figures, const GError *error)
{
  printf ("%5.0f Hz: block of 1 s %.3f ms, its bare transforms %.3f ms, "
          "%.2f ×; diagnosis of %d s %.2f ms; %.0f streams of %d axes a "
          "core\n",
          rate_hz, figures->block, figures->bare,
          figures->block / figures->bare, SECONDS, figures->diagnosis,
          streams (figures), STREAM_AXES);
  if (error != NULL)
    printf ("          scipy: skipped, %s\n", error->message);
  else
    printf ("          scipy: block %.3f ms, %.1f ×; evidence of %d s "
            "%.1f ms, %.1f × the diagnosis\n",
            figures->scipy_block, figures->scipy_block / figures->block,
            SECONDS, figures->scipy_diagnosis,
            figures->scipy_diagnosis / figures->diagnosis);
}

static int
bench_analysis (TwinCtl *ctl, int argc, char **argv)
{
  static const double rates[] = { 4000, 12000, 25600 };

  if (!twin_ctl_parse (&argc, &argv, NULL))
    return TWIN_CTL_USAGE;
  if (argc > 1)
    return twin_ctl_usage ("“%s” is not needed", argv[1]);

  for (size_t i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      Bench   bench;
      Figures figures = { .scipy_block = NAN, .scipy_diagnosis = NAN };
      g_autoptr (GError) error = NULL;

      bench_init (&bench, rates[i]);
      figures.block = measure (&bench, run_block, BLOCKS);
      figures.bare = measure (&bench, run_bare, BLOCKS);
      figures.diagnosis = measure (&bench, run_diagnosis, 1);
      measure_scipy (ctl, &bench, &figures, &error);
      bench_clear (&bench);

      if (ctl->json)
        print_json (rates[i], &figures);
      else
        print_text (rates[i], &figures, error);
    }

  return TWIN_CTL_DONE;
}

const TwinCtlVerb twin_ctl_bench_analysis_verbs[] = {
  { "bench", "analysis", bench_analysis, "",
    "Cost of a block and a diagnosis beside transforms and scipy" },
  { NULL },
};
