/* SPDX-License-Identifier: Apache-2.0 */
/* twinctl bench analysis: the chain beside the bare transforms it needs */
#include <math.h>
#include <stdio.h>

#include "twin-block-features.h"
#include "twin-clock.h"
#include "twin-ctl.h"
#include "twin-diagnosis.h"

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

/* Least time of one call over some rounds, ms: what the machine can do when
 * left alone. */
static double
measure (Bench *bench, void (*run) (Bench *), int calls)
{
  double best = INFINITY;

  run (bench);
  for (int round = 0; round < ROUNDS; round++)
    {
      int64_t start = twin_clock_monotonic_us ();

      for (int i = 0; i < calls; i++)
        run (bench);
      best = fmin (best, (double) (twin_clock_monotonic_us () - start) / 1000 /
                             calls);
    }

  return best;
}

static void
print_json (double rate_hz, double block, double bare, double diagnosis)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "rate_hz");
  json_builder_add_double_value (builder, rate_hz);
  json_builder_set_member_name (builder, "block_ms");
  json_builder_add_double_value (builder, block);
  json_builder_set_member_name (builder, "bare_transforms_ms");
  json_builder_add_double_value (builder, bare);
  json_builder_set_member_name (builder, "ratio");
  json_builder_add_double_value (builder, block / bare);
  json_builder_set_member_name (builder, "diagnosis_8s_ms");
  json_builder_add_double_value (builder, diagnosis);
  json_builder_set_member_name (builder, "streams_a_core");
  json_builder_add_double_value (builder,
                                 1000 / (STREAM_AXES *
                                         (block + diagnosis / SECONDS)));
  json_builder_end_object (builder);
  twin_ctl_print_builder (builder);
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
      Bench  bench;
      double block, bare, diagnosis;

      bench_init (&bench, rates[i]);
      block = measure (&bench, run_block, BLOCKS);
      bare = measure (&bench, run_bare, BLOCKS);
      diagnosis = measure (&bench, run_diagnosis, 1);
      bench_clear (&bench);

      if (ctl->json)
        {
          print_json (rates[i], block, bare, diagnosis);
          continue;
        }

      printf ("%5.0f Hz: block of 1 s %.3f ms, its bare transforms %.3f ms, "
              "%.2f ×; diagnosis of %d s %.2f ms; %.0f streams of %d axes a "
              "core\n",
              rates[i], block, bare, block / bare, SECONDS, diagnosis,
              1000 / (STREAM_AXES * (block + diagnosis / SECONDS)),
              STREAM_AXES);
    }

  return TWIN_CTL_DONE;
}

const TwinCtlVerb twin_ctl_bench_analysis_verbs[] = {
  { "bench", "analysis", bench_analysis, "",
    "Cost of a block and a diagnosis beside the bare transforms" },
  { NULL },
};
