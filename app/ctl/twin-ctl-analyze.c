/* SPDX-License-Identifier: Apache-2.0 */
/* twinctl analyze spectrum, envelope, features, bearing */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "twin-block-features.h"
#include "twin-ctl-manifest.h"
#include "twin-ctl-samples.h"
#include "twin-ctl-tacho.h"
#include "twin-ctl-verdict.h"
#include "twin-ctl.h"
#include "twin-diagnosis.h"
#include "twin-peaks.h"

/* What the four verbs take; each lists the options it knows. */
typedef struct
{
  TwinCtlSampleOptions input;
  char                *window, *scale_name, *band, *bearing, *manifest;
  char                *tacho, *speed_source;
  double               rpm, mains_hz, max_hz, pulses_per_turn;
} Options;

typedef struct
{
  Options               options;
  TwinCtlRecording      recording;
  TwinBearingCatalogue *catalogue;
  TwinTransform        *transform;
} Job;

static void
job_clear (Job *job)
{
  twin_ctl_sample_options_clear (&job->options.input);
  g_free (job->options.window);
  g_free (job->options.scale_name);
  g_free (job->options.band);
  g_free (job->options.bearing);
  g_free (job->options.manifest);
  g_free (job->options.tacho);
  g_free (job->options.speed_source);
  twin_ctl_recording_clear (&job->recording);
  twin_bearing_catalogue_free (job->catalogue);
  twin_transform_free (job->transform);
}

static gboolean
parse_options (Job *job, int *argc, char ***argv)
{
  Options           *o = &job->options;
  const GOptionEntry entries[] = {
    TWIN_CTL_SAMPLE_ENTRIES (&o->input),
    { "window", 0, 0, G_OPTION_ARG_STRING, &o->window, NULL, NULL },
    { "amplitude", 0, 0, G_OPTION_ARG_STRING, &o->scale_name, NULL, NULL },
    { "band", 0, 0, G_OPTION_ARG_STRING, &o->band, NULL, NULL },
    { "max", 0, 0, G_OPTION_ARG_DOUBLE, &o->max_hz, NULL, NULL },
    { "rpm", 0, 0, G_OPTION_ARG_DOUBLE, &o->rpm, NULL, NULL },
    { "speed-source", 0, 0, G_OPTION_ARG_STRING, &o->speed_source, NULL, NULL },
    { "tacho", 0, 0, G_OPTION_ARG_FILENAME, &o->tacho, NULL, NULL },
    { "pulses-per-turn", 0, 0, G_OPTION_ARG_DOUBLE, &o->pulses_per_turn, NULL,
      NULL },
    { "bearing", 0, 0, G_OPTION_ARG_STRING, &o->bearing, NULL, NULL },
    { "mains", 0, 0, G_OPTION_ARG_DOUBLE, &o->mains_hz, NULL, NULL },
    { "manifest", 0, 0, G_OPTION_ARG_FILENAME, &o->manifest, NULL, NULL },
    { NULL },
  };

  twin_ctl_sample_options_init (&o->input);
  o->pulses_per_turn = 1;
  return twin_ctl_parse (argc, argv, entries);
}

/* The catalogue, where a bearing is named and not given by its geometry. */
static gboolean
load_catalogue (Job *job, const TwinCtl *ctl, GError **error)
{
  g_autofree char *path =
      g_build_filename (ctl->data_dir, "bearings.csv", NULL);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;

  job->catalogue = twin_bearing_catalogue_parse (text, path, error);
  return job->catalogue != NULL;
}

static int
load_samples (Job *job, int argc, char **argv)
{
  if (argc != 2)
    return twin_ctl_usage ("One FILE is needed");

  job->transform = twin_transform_new ();
  return twin_ctl_samples_load (argv[1], &job->options.input, &job->recording);
}

/* --- spectrum and envelope ---------------------------------------------------
 */

static int
parse_spectrum_options (const Job  *job,
                        TwinWindow *window,
                        TwinScale  *scale,
                        TwinBand   *band)
{
  const Options *o = &job->options;
  char           rest;

  *window = TWIN_WINDOW_HANN;
  *scale = TWIN_SCALE_RMS;
  *band = (TwinBand){ 0, 0 };

  if (o->window != NULL && !twin_window_parse (o->window, window))
    return twin_ctl_usage ("--window must be hann, flat-top or rectangular");

  if (g_strcmp0 (o->scale_name, "peak") == 0)
    *scale = TWIN_SCALE_PEAK;
  else if (g_strcmp0 (o->scale_name, "peak-peak") == 0)
    *scale = TWIN_SCALE_PEAK_PEAK;
  else if (o->scale_name != NULL && strcmp (o->scale_name, "rms") != 0)
    return twin_ctl_usage ("--amplitude must be rms, peak or peak-peak");

  if (o->band != NULL &&
      (sscanf (o->band, "%lf,%lf%c", &band->lo_hz, &band->hi_hz, &rest) != 2 ||
       !(band->lo_hz >= 0 && band->hi_hz > band->lo_hz &&
         band->hi_hz <= job->recording.rate_hz / 2)))
    {
      return twin_ctl_usage (
          "--band must be LO,HI in Hz, within half the rate");
    }

  return TWIN_CTL_DONE;
}

static int
find_peaks (Job *job, const TwinSpectrum *spectrum, TwinPeak *peaks, size_t *n)
{
  const Options    *o = &job->options;
  TwinFamily        families[TWIN_FAMILIES_MAX];
  TwinBearing       bearing;
  TwinBearingOrders orders;
  double            shaft_hz = o->rpm > 0 ? o->rpm / 60 : NAN;
  size_t            n_families;
  g_autoptr (GError) error = NULL;

  if (o->bearing != NULL &&
      (!twin_bearing_resolve (job->catalogue, o->bearing, &bearing, &error) ||
       !twin_bearing_orders (&bearing, &orders, &error)))
    return twin_ctl_fail_error (TWIN_CTL_INPUT, error);

  n_families =
      twin_peaks_families (shaft_hz, o->bearing != NULL ? &orders : NULL,
                           o->mains_hz, families);
  *n = twin_peaks_find (job->transform, spectrum, shaft_hz, families,
                        n_families, peaks);
  return TWIN_CTL_DONE;
}

static const char *
scale_name (TwinScale scale)
{
  switch (scale)
    {
    case TWIN_SCALE_PEAK:
      return "peak";
    case TWIN_SCALE_PEAK_PEAK:
      return "peak-peak";
    default:
      return "rms";
    }
}

static void
print_spectrum_json (const TwinSpectrum *spectrum,
                     const TwinBand     *band,
                     const TwinPeak     *peaks,
                     size_t              n_peaks)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "unit");
  json_builder_add_string_value (builder, "g");
  json_builder_set_member_name (builder, "scale");
  json_builder_add_string_value (builder, scale_name (spectrum->scale));
  json_builder_set_member_name (builder, "window");
  json_builder_add_string_value (builder, twin_window_name (spectrum->window));
  twin_ctl_add_number (builder, "df_hz", spectrum->df_hz);
  if (band != NULL)
    {
      json_builder_set_member_name (builder, "band_hz");
      json_builder_begin_array (builder);
      json_builder_add_double_value (builder, band->lo_hz);
      json_builder_add_double_value (builder, band->hi_hz);
      json_builder_end_array (builder);
    }

  json_builder_set_member_name (builder, "peaks");
  json_builder_begin_array (builder);
  for (size_t i = 0; i < n_peaks; i++)
    {
      json_builder_begin_object (builder);
      twin_ctl_add_number (builder, "frequency_hz", peaks[i].hz);
      twin_ctl_add_number (builder, "amplitude", peaks[i].amplitude);
      twin_ctl_add_number (builder, "order", peaks[i].order);
      json_builder_set_member_name (builder, "name");
      if (peaks[i].name[0] != '\0')
        json_builder_add_string_value (builder, peaks[i].name);
      else
        json_builder_add_null_value (builder);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  json_builder_set_member_name (builder, "lines");
  json_builder_begin_array (builder);
  for (size_t k = 0; k < spectrum->n_lines; k++)
    json_builder_add_double_value (builder, spectrum->lines[k]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  twin_ctl_print_builder (builder);
}

static void
print_spectrum_text (const TwinSpectrum *spectrum,
                     const TwinBand     *band,
                     const TwinPeak     *peaks,
                     size_t              n_peaks)
{
  const char *const headings[] = { ">Hz", ">g", ">order", "name", NULL };
  TwinCtlTable     *table = twin_ctl_table_new (headings);

  printf ("%zu lines of %.4g Hz, %s, %s\n", spectrum->n_lines, spectrum->df_hz,
          scale_name (spectrum->scale), twin_window_name (spectrum->window));
  if (band != NULL)
    printf ("Envelope of %.0f to %.0f Hz\n", band->lo_hz, band->hi_hz);

  for (size_t i = 0; i < n_peaks; i++)
    {
      g_autofree char *hz = g_strdup_printf ("%.2f", peaks[i].hz);
      g_autofree char *g = g_strdup_printf ("%.4g", peaks[i].amplitude);
      g_autofree char *order = isfinite (peaks[i].order)
                                   ? g_strdup_printf ("%.3f", peaks[i].order)
                                   : NULL;

      twin_ctl_table_add (table, hz, g, order,
                          peaks[i].name[0] != '\0' ? peaks[i].name : NULL);
    }
  twin_ctl_table_print (table);
}

static TwinBand
choose_band (Job *job, TwinBand wanted)
{
  TwinKurtogram kurtogram;

  if (wanted.hi_hz > 0)
    return wanted;

  twin_kurtogram_compute (job->transform, job->recording.samples,
                          job->recording.n, job->recording.rate_hz,
                          job->recording.rate_hz / 24, &kurtogram);
  return twin_kurtogram_band (&kurtogram, job->recording.rate_hz);
}

static int
run_spectrum (Job *job, TwinCtl *ctl, gboolean envelope)
{
  TwinSpectrum spectrum = { 0 };
  TwinPeak     peaks[TWIN_PEAKS_MAX];
  TwinWindow   window;
  TwinScale    scale;
  TwinBand     band;
  size_t       n_peaks = 0;
  int          status = parse_spectrum_options (job, &window, &scale, &band);

  if (status != TWIN_CTL_DONE)
    return status;

  if (envelope)
    {
      band = choose_band (job, band);
      twin_envelope_spectrum (job->transform, job->recording.samples,
                              job->recording.n, job->recording.rate_hz, band,
                              job->options.max_hz, &spectrum);
    }
  else
    {
      twin_spectrum_amplitude (job->transform, job->recording.samples,
                               job->recording.n, job->recording.rate_hz, window,
                               scale, &spectrum);
    }

  if (spectrum.n_lines == 0)
    status =
        twin_ctl_fail (TWIN_CTL_INPUT, "%zu samples are too few for a spectrum",
                       job->recording.n);
  else
    status = find_peaks (job, &spectrum, peaks, &n_peaks);

  if (status == TWIN_CTL_DONE && ctl->json)
    print_spectrum_json (&spectrum, envelope ? &band : NULL, peaks, n_peaks);
  else if (status == TWIN_CTL_DONE)
    print_spectrum_text (&spectrum, envelope ? &band : NULL, peaks, n_peaks);

  twin_spectrum_clear (&spectrum);
  return status;
}

/* --- features
 * ------------------------------------------------------------------ */

static int
run_features (Job *job, TwinCtl *ctl)
{
  TwinSpectrum density = { 0 };
  TwinScalars  scalars;
  double       velocity;

  twin_scalars_compute (job->recording.samples, job->recording.n, 0, &scalars);
  twin_spectrum_welch (job->transform, job->recording.samples, job->recording.n,
                       job->recording.rate_hz,
                       MAX (16, (size_t) job->recording.rate_hz),
                       TWIN_WINDOW_HANN, TWIN_SCALE_DENSITY, &density);
  velocity = twin_spectrum_velocity_rms (&density, 10, 1000);
  twin_spectrum_clear (&density);

  if (ctl->json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      twin_ctl_features_build (builder, &scalars, velocity);
      twin_ctl_print_builder (builder);
      return TWIN_CTL_DONE;
    }

  printf ("r.m.s.    %.5g g\npeak      %.5g g\ncrest     %.3f\n"
          "kurtosis  %.3f (Gaussian 3)\nskewness  %.3f\n"
          "velocity  %.4g mm/s r.m.s., 10 to 1000 Hz%s\n",
          scalars.rms, scalars.extreme, scalars.crest, scalars.kurtosis,
          scalars.skewness, velocity,
          job->recording.rate_hz < 2560 ? " (partial band)" : "");
  return TWIN_CTL_DONE;
}

/* --- bearing
 * -------------------------------------------------------------------- */

/* The speed: as given, or the mean of the pulses, which @track then follows. */
static int
find_speed (const Options *o, TwinShaftSpeed *shaft, TwinTrack *track)
{
  g_autoptr (GError) error = NULL;

  *shaft = (TwinShaftSpeed){ o->rpm / 60, TWIN_SPEED_NAMEPLATE };
  if (g_strcmp0 (o->speed_source, "tacho") == 0)
    shaft->source = TWIN_SPEED_TACHO;
  else if (o->speed_source != NULL &&
           strcmp (o->speed_source, "nameplate") != 0)
    return twin_ctl_usage ("--speed-source must be nameplate or tacho");

  if (o->tacho == NULL)
    {
      return o->rpm > 0 ? TWIN_CTL_DONE
                        : twin_ctl_usage ("--rpm must say how fast the shaft "
                                          "turns, or --tacho FILE when");
    }

  if (!twin_ctl_tacho_read (o->tacho, o->pulses_per_turn, o->input.start_s,
                            track, &error))
    return twin_ctl_fail_error (TWIN_CTL_INPUT, error);

  if (!(o->rpm > 0))
    *shaft = (TwinShaftSpeed){ track->mean_hz, TWIN_SPEED_TACHO };
  return TWIN_CTL_DONE;
}

static int
run_bearing (Job *job, TwinCtl *ctl)
{
  const Options       *o = &job->options;
  TwinTrack            track = { 0 };
  TwinDiagnosisOptions options = { 0 };
  TwinShaftSpeed       shaft;
  TwinBearing          bearing;
  TwinBearingVerdict   verdict;
  g_autoptr (GError) error = NULL;
  int status;

  if (o->bearing == NULL)
    return twin_ctl_usage ("--bearing must name one, or give its geometry as "
                           "elements,diameter,pitch,angle");
  if (!twin_bearing_resolve (job->catalogue, o->bearing, &bearing, &error))
    return twin_ctl_fail_error (TWIN_CTL_INPUT, error);

  status = find_speed (o, &shaft, &track);
  if (status != TWIN_CTL_DONE)
    return status;

  options.track = o->tacho != NULL ? &track : NULL;
  twin_bearing_diagnose (job->transform, job->recording.samples,
                         job->recording.n, job->recording.rate_hz, &shaft,
                         &bearing, &options, &verdict);
  twin_track_clear (&track);
  if (ctl->json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      twin_ctl_verdict_build (builder, &verdict);
      json_builder_end_object (builder);
      twin_ctl_print_builder (builder);
    }
  else
    twin_ctl_verdict_print (&verdict);

  return TWIN_CTL_DONE;
}

/* --- verbs
 * ----------------------------------------------------------------------- */

typedef enum
{
  VERB_SPECTRUM,
  VERB_ENVELOPE,
  VERB_FEATURES,
  VERB_BEARING,
} Verb;

static int
run_job (Job *job, TwinCtl *ctl, Verb verb, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  gboolean named = job->options.manifest != NULL ||
                   (job->options.bearing != NULL &&
                    strchr (job->options.bearing, ',') == NULL);
  int status;

  if (named && !load_catalogue (job, ctl, &error))
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);

  if (job->options.manifest != NULL)
    {
      if (verb != VERB_BEARING || argc != 1)
        return twin_ctl_usage ("--manifest goes with analyze bearing, alone");
      return twin_ctl_manifest_run (job->options.manifest, job->catalogue,
                                    ctl->json);
    }

  status = load_samples (job, argc, argv);
  if (status != TWIN_CTL_DONE)
    return status;

  switch (verb)
    {
    case VERB_SPECTRUM:
      return run_spectrum (job, ctl, FALSE);
    case VERB_ENVELOPE:
      return run_spectrum (job, ctl, TRUE);
    case VERB_FEATURES:
      return run_features (job, ctl);
    case VERB_BEARING:
      return run_bearing (job, ctl);
    }

  g_assert_not_reached ();
}

static int
run (TwinCtl *ctl, Verb verb, int argc, char **argv)
{
  Job job = { 0 };
  int status = TWIN_CTL_USAGE;

  if (parse_options (&job, &argc, &argv))
    status = run_job (&job, ctl, verb, argc, argv);

  job_clear (&job);
  return status;
}

static int
analyze_spectrum (TwinCtl *ctl, int argc, char **argv)
{
  return run (ctl, VERB_SPECTRUM, argc, argv);
}

static int
analyze_envelope (TwinCtl *ctl, int argc, char **argv)
{
  return run (ctl, VERB_ENVELOPE, argc, argv);
}

static int
analyze_features (TwinCtl *ctl, int argc, char **argv)
{
  return run (ctl, VERB_FEATURES, argc, argv);
}

static int
analyze_bearing (TwinCtl *ctl, int argc, char **argv)
{
  return run (ctl, VERB_BEARING, argc, argv);
}

const TwinCtlVerb twin_ctl_analyze_verbs[] = {
  { "analyze", "spectrum", analyze_spectrum,
    "FILE " TWIN_CTL_SAMPLE_HELP
    " [--window NAME] [--amplitude rms|peak|peak-peak] "
    "[--rpm N] [--bearing NAME|n,d,D,angle] [--mains HZ]",
    "Amplitude spectrum of a recording, its peaks named" },
  { "analyze", "envelope", analyze_envelope,
    "FILE " TWIN_CTL_SAMPLE_HELP " [--band LO,HI] [--max HZ] [--rpm N] "
    "[--bearing NAME|n,d,D,angle]",
    "Envelope spectrum, its band by kurtogram unless given" },
  { "analyze", "features", analyze_features, "FILE " TWIN_CTL_SAMPLE_HELP,
    "R.m.s., peak, crest, kurtosis, velocity" },
  { "analyze", "bearing", analyze_bearing,
    "FILE " TWIN_CTL_SAMPLE_HELP
    " --rpm N [--speed-source nameplate|tacho] | --tacho FILE "
    "[--pulses-per-turn N], --bearing NAME|n,d,D,angle, or "
    "--manifest FILE.csv",
    "Which part of the bearing is damaged, or that it is not seen" },
  { NULL },
};
