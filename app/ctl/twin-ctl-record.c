/* SPDX-License-Identifier: Apache-2.0 */
/* twinctl analyze orders, kurtogram, quality: what stands beside a verdict */
#include <math.h>
#include <stdio.h>

#include "twin-ctl-samples.h"
#include "twin-ctl-tacho.h"
#include "twin-ctl-verdict.h"
#include "twin-diagnosis.h"
#include "twin-peaks.h"
#include "twin-shaft.h"

#define PER_TURN 128
#define REACH 0.25 /* of the speed given, without tacho */

typedef struct
{
  TwinCtlSampleOptions input;
  char                *tacho, *other;
  double               rpm, pulses_per_turn, per_turn, bandwidth_hz, limit_g;
  TwinCtlRecording     recording;
  TwinTransform       *transform;
} Job;

static void
job_clear (Job *job)
{
  twin_ctl_sample_options_clear (&job->input);
  twin_ctl_recording_clear (&job->recording);
  twin_transform_free (job->transform);
  g_free (job->tacho);
  g_free (job->other);
}

/* Options and the one FILE. */
static int
job_begin (Job *job, int argc, char **argv)
{
  const GOptionEntry entries[] = {
    TWIN_CTL_SAMPLE_ENTRIES (&job->input),
    { "rpm", 0, 0, G_OPTION_ARG_DOUBLE, &job->rpm, NULL, NULL },
    { "tacho", 0, 0, G_OPTION_ARG_FILENAME, &job->tacho, NULL, NULL },
    { "pulses-per-turn", 0, 0, G_OPTION_ARG_DOUBLE, &job->pulses_per_turn, NULL,
      NULL },
    { "per-turn", 0, 0, G_OPTION_ARG_DOUBLE, &job->per_turn, NULL, NULL },
    { "bandwidth", 0, 0, G_OPTION_ARG_DOUBLE, &job->bandwidth_hz, NULL, NULL },
    { "limit", 0, 0, G_OPTION_ARG_DOUBLE, &job->limit_g, NULL, NULL },
    { "other", 0, 0, G_OPTION_ARG_FILENAME, &job->other, NULL, NULL },
    { NULL },
  };

  twin_ctl_sample_options_init (&job->input);
  job->pulses_per_turn = 1;
  job->per_turn = PER_TURN;
  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc != 2)
    return twin_ctl_usage ("One FILE is needed");

  job->transform = twin_transform_new ();
  return twin_ctl_samples_load (argv[1], &job->input, &job->recording);
}

static void
add_list (JsonBuilder *builder, const char *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
}

/* --- orders ----------------------------------------------------------------
 */

static int
find_track (Job *job, TwinTrack *track)
{
  g_autoptr (GError) error = NULL;

  if (job->tacho != NULL)
    {
      return twin_ctl_tacho_read (job->tacho, job->pulses_per_turn,
                                  job->input.start_s, track, &error)
                 ? TWIN_CTL_DONE
                 : twin_ctl_fail_error (TWIN_CTL_INPUT, error);
    }

  if (!(job->rpm > 0))
    return twin_ctl_usage ("--tacho FILE, or --rpm with about how fast the "
                           "shaft turns, is needed");

  if (!twin_track_from_lines (job->transform, job->recording.samples,
                              job->recording.n, job->recording.rate_hz,
                              job->rpm / 60, REACH, track))
    {
      return twin_ctl_fail (TWIN_CTL_INPUT,
                            "No shaft lines stand out within %.0f %% of %g "
                            "1/min, or the record is too short to follow them",
                            100 * REACH, job->rpm);
    }

  return TWIN_CTL_DONE;
}

static void
print_orders (const TwinCtl      *ctl,
              const TwinTrack    *track,
              const TwinSpectrum *spectrum,
              const TwinPeak     *peaks,
              size_t              n_peaks)
{
  const char *const headings[] = { ">order", ">g", NULL };
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  TwinCtlTable *table;

  if (!ctl->json)
    {
      printf ("%.2f to %.2f Hz, mean %.3f Hz; lines of %.4g orders\n",
              track->least_hz, track->largest_hz, track->mean_hz,
              spectrum->df_hz);
      table = twin_ctl_table_new (headings);
      for (size_t i = 0; i < n_peaks; i++)
        {
          g_autofree char *order = g_strdup_printf ("%.3f", peaks[i].hz);
          g_autofree char *g = g_strdup_printf ("%.4g", peaks[i].amplitude);

          twin_ctl_table_add (table, order, g);
        }
      twin_ctl_table_print (table);
      return;
    }

  json_builder_begin_object (builder);
  twin_ctl_add_number (builder, "mean_hz", track->mean_hz);
  twin_ctl_add_number (builder, "least_hz", track->least_hz);
  twin_ctl_add_number (builder, "largest_hz", track->largest_hz);
  twin_ctl_add_number (builder, "clarity", track->clarity);
  twin_ctl_add_number (builder, "order_step", spectrum->df_hz);
  add_list (builder, "peaks");
  for (size_t i = 0; i < n_peaks; i++)
    {
      json_builder_begin_object (builder);
      twin_ctl_add_number (builder, "order", peaks[i].hz);
      twin_ctl_add_number (builder, "amplitude", peaks[i].amplitude);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  add_list (builder, "lines");
  for (size_t k = 0; k < spectrum->n_lines; k++)
    json_builder_add_double_value (builder, spectrum->lines[k]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  twin_ctl_print_builder (builder);
}

static int
run_orders (Job *job, const TwinCtl *ctl)
{
  TwinTrack          track = { 0 };
  TwinSpectrum       spectrum = { 0 };
  TwinPeak           peaks[TWIN_PEAKS_MAX];
  g_autofree double *even = NULL;
  size_t             n_even = 0, n_peaks;
  int                status;

  if (!(job->per_turn >= 8 && job->per_turn <= 4096))
    return twin_ctl_usage ("--per-turn must be 8 to 4096 samples a turn");

  status = find_track (job, &track);
  if (status == TWIN_CTL_DONE)
    {
      even = twin_order_resample (job->recording.samples, job->recording.n,
                                  job->recording.rate_hz, &track, job->per_turn,
                                  &n_even);
      if (even == NULL)
        status = twin_ctl_fail (TWIN_CTL_INPUT,
                                "The pulses cover too few turns of the record");
    }

  if (status == TWIN_CTL_DONE)
    {
      twin_spectrum_amplitude (job->transform, even, n_even, job->per_turn,
                               TWIN_WINDOW_HANN, TWIN_SCALE_RMS, &spectrum);
      n_peaks = twin_peaks_find (job->transform, &spectrum, 1, NULL, 0, peaks);
      print_orders (ctl, &track, &spectrum, peaks, n_peaks);
    }

  twin_spectrum_clear (&spectrum);
  twin_track_clear (&track);
  return status;
}

static int
analyze_orders (TwinCtl *ctl, int argc, char **argv)
{
  Job job = { 0 };
  int status = job_begin (&job, argc, argv);

  if (status == TWIN_CTL_DONE)
    status = run_orders (&job, ctl);

  job_clear (&job);
  return status;
}

/* --- kurtogram -------------------------------------------------------------
 */

static void
print_kurtogram (const TwinCtl *ctl, const TwinKurtogram *kurtogram)
{
  const char *const headings[] = { ">bands",    ">from Hz", ">to Hz",
                                   ">kurtosis", "",         NULL };
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  TwinCtlTable *table = ctl->json ? NULL : twin_ctl_table_new (headings);

  json_builder_begin_object (builder);
  add_list (builder, "cells");
  for (size_t i = 0; i < kurtogram->n_cells; i++)
    {
      const TwinKurtogramCell *cell = &kurtogram->cells[i];

      json_builder_begin_object (builder);
      twin_ctl_add_number (builder, "level", cell->level);
      twin_ctl_add_number (builder, "lo_hz", cell->band.lo_hz);
      twin_ctl_add_number (builder, "hi_hz", cell->band.hi_hz);
      twin_ctl_add_number (builder, "kurtosis", cell->kurtosis);
      json_builder_end_object (builder);

      if (table != NULL && isfinite (cell->kurtosis))
        {
          g_autofree char *bands = g_strdup_printf ("%.0f", exp2 (cell->level));
          g_autofree char *lo = g_strdup_printf ("%.0f", cell->band.lo_hz);
          g_autofree char *hi = g_strdup_printf ("%.0f", cell->band.hi_hz);
          g_autofree char *k = g_strdup_printf ("%.2f", cell->kurtosis);

          twin_ctl_table_add (table, bands, lo, hi, k,
                              (int) i == kurtogram->best ? "largest" : "");
        }
    }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "best");
  if (kurtogram->best >= 0)
    json_builder_add_int_value (builder, kurtogram->best);
  else
    json_builder_add_null_value (builder);
  json_builder_end_object (builder);

  if (table != NULL)
    twin_ctl_table_print (table);
  else
    twin_ctl_print_builder (builder);
}

static int
analyze_kurtogram (TwinCtl *ctl, int argc, char **argv)
{
  Job           job = { 0 };
  int           status = job_begin (&job, argc, argv);
  TwinKurtogram kurtogram;

  if (status == TWIN_CTL_DONE)
    {
      twin_kurtogram_compute (job.transform, job.recording.samples,
                              job.recording.n, job.recording.rate_hz,
                              job.bandwidth_hz > 0 ? job.bandwidth_hz
                                                   : job.recording.rate_hz / 64,
                              &kurtogram);
      print_kurtogram (ctl, &kurtogram);
    }

  job_clear (&job);
  return status;
}

/* --- quality ---------------------------------------------------------------
 */

/* What the shaft's lines say about the speed given. */
static guint
check_speed (Job *job, double mean)
{
  size_t            n = twin_transform_trim (job->recording.n);
  g_autofree float *work = g_new (float, MAX (n, 1));
  TwinShaftCheck    check;

  if (!(job->rpm > 0) || n == 0)
    return 0;

  for (size_t i = 0; i < n; i++)
    work[i] = (float) (job->recording.samples[i] - mean);
  twin_shaft_check (job->transform, work, n, job->recording.rate_hz,
                    job->rpm / 60, FALSE, &check);
  return check.corrected || check.refuted ? TWIN_SIGNAL_SPEED : 0;
}

static int
compare_other (Job *job, TwinQualityCopy *copy)
{
  TwinCtlRecording other = { 0 };
  int status = twin_ctl_samples_load (job->other, &job->input, &other);

  if (status == TWIN_CTL_DONE)
    twin_quality_compare (job->transform, job->recording.samples, other.samples,
                          MIN (job->recording.n, other.n),
                          job->recording.rate_hz, copy);

  twin_ctl_recording_clear (&other);
  return status;
}

static void
print_quality (const Job               *job,
               const TwinCtl           *ctl,
               const TwinRecordQuality *quality,
               guint                    flags,
               const TwinQualityCopy   *copy)
{
  static const char *const trusts[] = { "full", "reduced", "none" };
  g_autofree char         *sentence = twin_quality_sentence (quality, flags);
  g_autofree char         *names = twin_signal_flags_describe (flags);
  const char              *trust = trusts[twin_signal_trust (flags)];
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (!ctl->json)
    {
      printf ("Quality  %s\nTrust    %s\n",
              names != NULL ? names : "nothing wrong", trust);
      if (sentence != NULL)
        printf ("Because  %s\n", sentence);
      if (job->other != NULL)
        printf ("Other    coherent in %.0f %% of the band, one gain and delay "
                "explain %.2f of it\n",
                100 * copy->breadth, copy->agreement);
      return;
    }

  json_builder_begin_object (builder);
  twin_ctl_quality_build (builder, flags);
  json_builder_set_member_name (builder, "trust");
  json_builder_add_string_value (builder, trust);
  json_builder_set_member_name (builder, "why");
  json_builder_add_string_value (builder, sentence != NULL ? sentence : "");
  if (flags & TWIN_SIGNAL_RATE)
    twin_ctl_add_number (builder, "true_rate_hz", quality->true_rate_hz);
  if (flags & TWIN_SIGNAL_COPY)
    {
      twin_ctl_add_number (builder, "copy_gain", copy->gain);
      twin_ctl_add_number (builder, "copy_delay_s", copy->delay_s);
    }
  json_builder_end_object (builder);
  twin_ctl_print_builder (builder);
}

static int
analyze_quality (TwinCtl *ctl, int argc, char **argv)
{
  Job                job = { 0 };
  int                status = job_begin (&job, argc, argv);
  TwinQualityContext context = { .in_g = TRUE };
  TwinRecordQuality  quality;
  TwinQualityCopy    copy = { 0 };
  guint              flags;

  if (status == TWIN_CTL_DONE && job.other != NULL)
    status = compare_other (&job, &copy);

  if (status == TWIN_CTL_DONE)
    {
      context.full_scale = job.limit_g;
      context.shaft_hz = job.rpm / 60;
      twin_quality_check (job.transform, job.recording.samples, job.recording.n,
                          job.recording.rate_hz, &context, &quality);
      flags = quality.flags | (copy.copy ? TWIN_SIGNAL_COPY : 0);
      if (!(flags & (TWIN_SIGNAL_RATE | TWIN_SIGNAL_STUCK)))
        flags |= check_speed (&job, quality.mean);
      print_quality (&job, ctl, &quality, flags, &copy);
    }

  job_clear (&job);
  return status;
}

const TwinCtlVerb twin_ctl_record_verbs[] = {
  { "analyze", "orders", analyze_orders,
    "FILE " TWIN_CTL_SAMPLE_HELP " --tacho FILE [--pulses-per-turn N] | "
    "--rpm N [--per-turn N]",
    "Amplitude spectrum over orders of a shaft that changes its speed" },
  { "analyze", "kurtogram", analyze_kurtogram,
    "FILE " TWIN_CTL_SAMPLE_HELP " [--bandwidth HZ]",
    "How strongly each band is struck, for a picture" },
  { "analyze", "quality", analyze_quality,
    "FILE " TWIN_CTL_SAMPLE_HELP " [--rpm N] [--limit G] [--other FILE]",
    "What is wrong with a recording, or that two are one signal" },
  { NULL },
};
