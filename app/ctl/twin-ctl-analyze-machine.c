/* SPDX-License-Identifier: Apache-2.0 */
/* twinctl analyze machine, peak */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "twin-cause.h"
#include "twin-ctl-facts.h"
#include "twin-ctl-samples.h"
#include "twin-ctl-verdict.h"
#include "twin-ctl.h"
#include "twin-scalars.h"
#include "twin-json-members.h"

/* Channels of a record by what they are: x, y, axial, far axial. */
enum
{
  CHANNELS = 4,
  FAR = 3,
};

typedef struct
{
  TwinCtlSampleOptions input;
  TwinCtlFacts         facts;
  TwinCtlRecording     recordings[CHANNELS];
  char                *others[CHANNELS]; /* --y, --axial, --far-axial */
  char                *window;
  char               **neighbours;
  double               at_hz;
} Job;

static void
job_clear (Job *job)
{
  twin_ctl_sample_options_clear (&job->input);
  twin_ctl_facts_clear (&job->facts);
  for (int i = 0; i < CHANNELS; i++)
    {
      twin_ctl_recording_clear (&job->recordings[i]);
      g_free (job->others[i]);
    }
  g_free (job->window);
  g_strfreev (job->neighbours);
}

static void
add_flag (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static double
decibels (double snr)
{
  return snr > 0 ? 10 * log10 (snr) : NAN;
}

/* --- machine -----------------------------------------------------------------
 */

/* @where: a file, or ":2" or ":name", a channel or column of @file itself. */
static int
load_channel (Job *job, const char *file, const char *where, int channel)
{
  TwinCtlSampleOptions options = job->input;
  g_autofree char     *column = NULL;

  if (where[0] == ':')
    {
      char *end;
      long  number = strtol (where + 1, &end, 10);

      /* A column of CSV, else a channel. */
      if (job->input.column != NULL || g_str_has_suffix (file, ".csv") ||
          g_strcmp0 (job->input.format, "csv") == 0)
        {
          column = g_strdup (where + 1);
          options.column = column;
        }
      else if (*end == '\0' && number > 0 && number < 1000)
        options.channel = (int) number;
      else
        return twin_ctl_usage ("A channel is a number from 1, such as :2");
      return twin_ctl_samples_load (file, &options, &job->recordings[channel]);
    }

  return twin_ctl_samples_load (where, &options, &job->recordings[channel]);
}

static int
load_channels (Job *job, const char *file, TwinMachineRecord *record)
{
  int status = twin_ctl_samples_load (file, &job->input, &job->recordings[0]);

  for (int i = 1; i < CHANNELS && status == TWIN_CTL_DONE; i++)
    {
      if (job->others[i] != NULL)
        status = load_channel (job, file, job->others[i], i);
    }
  if (status != TWIN_CTL_DONE)
    return status;

  record->n = job->recordings[0].n;
  record->rate_hz = job->recordings[0].rate_hz;
  for (int i = 0; i < CHANNELS; i++)
    {
      const TwinCtlRecording *recording = &job->recordings[i];

      if (recording->n == 0)
        continue;
      if (fabs (recording->rate_hz - record->rate_hz) > 1e-6 * record->rate_hz)
        return twin_ctl_usage ("All axes must have the same rate");
      record->n = MIN (record->n, recording->n);
      if (i == FAR)
        record->far_axial = recording->samples;
      else
        record->axes[i] = recording->samples;
    }
  return TWIN_CTL_DONE;
}

static void
build_finding (JsonBuilder *builder, const TwinMachineFinding *finding)
{
  json_builder_begin_object (builder);
  twin_json_add_text (builder, "fault",
                      twin_machine_fault_name (finding->fault));
  twin_json_add_text (builder, "answer", twin_answer_name (finding->answer));
  twin_json_add_text (builder, "why", finding->why);
  twin_json_add_text (builder, "needs", finding->needs);
  twin_ctl_add_number (builder, "level_mm_s", finding->level_mm_s);
  twin_ctl_add_number (builder, "limit_mm_s", finding->limit_mm_s);
  json_builder_set_member_name (builder, "lines");
  json_builder_begin_array (builder);
  for (size_t i = 0; i < finding->n_lines; i++)
    {
      const TwinMachineLine *line = &finding->lines[i];
      const char             axis[2] = { line->axis, '\0' };

      json_builder_begin_object (builder);
      twin_json_add_text (builder, "label", line->label);
      twin_json_add_text (builder, "axis", axis);
      twin_ctl_add_number (builder, "hz", line->hz);
      twin_ctl_add_number (builder, "order", line->order);
      twin_ctl_add_number (builder, "rms_g", line->rms_g);
      twin_ctl_add_number (builder, "velocity_mm_s", line->velocity_mm_s);
      twin_ctl_add_number (builder, "snr_db", decibels (line->snr));
      add_flag (builder, "present", line->present);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "checks");
  json_builder_begin_array (builder);
  for (size_t i = 0; i < finding->n_checks; i++)
    {
      json_builder_begin_object (builder);
      twin_json_add_text (builder, "text", finding->checks[i].text);
      twin_json_add_text (builder, "outcome",
                          twin_check_outcome_name (finding->checks[i].outcome));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
print_machine_json (const TwinMachineVerdict *verdict)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "findings");
  json_builder_begin_array (builder);
  for (int i = 0; i < TWIN_MACHINE_FAULTS; i++)
    build_finding (builder, &verdict->findings[i]);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "levels");
  twin_ctl_levels_build (builder, &verdict->levels);
  twin_ctl_add_number (builder, "shaft_hz", verdict->shaft_hz);
  add_flag (builder, "speed_corrected", verdict->speed_corrected);
  twin_ctl_add_number (builder, "seconds", verdict->seconds);
  twin_ctl_add_number (builder, "df_hz", verdict->df_hz);
  twin_json_add_text (builder, "limit", verdict->limit);
  json_builder_set_member_name (builder, "quality");
  json_builder_begin_array (builder);
  for (int bit = 0; bit < TWIN_SIGNAL_FLAGS; bit++)
    {
      TwinSignalFlag flag = (TwinSignalFlag) (1u << bit);

      if (verdict->quality & flag)
        json_builder_add_string_value (builder, twin_signal_flag_name (flag));
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  twin_ctl_print_builder (builder);
}

static void
print_machine (const TwinMachineVerdict *verdict)
{
  g_autofree char *quality = twin_signal_flags_describe (verdict->quality);

  for (int i = 0; i < TWIN_MACHINE_FAULTS; i++)
    {
      const TwinMachineFinding *finding = &verdict->findings[i];

      printf ("%-13s %-15s %s\n", twin_machine_fault_name (finding->fault),
              twin_answer_name (finding->answer), finding->why);
      for (size_t k = 0;
           finding->answer >= TWIN_ANSWER_SUSPECTED && k < finding->n_lines;
           k++)
        {
          const TwinMachineLine *line = &finding->lines[k];

          if (line->present)
            printf ("    %-16s %c %9.2f Hz %8.3f mm/s %6.1f dB\n", line->label,
                    line->axis, line->hz, line->velocity_mm_s,
                    decibels (line->snr));
        }
      for (size_t k = 0; k < finding->n_checks; k++)
        printf ("    %-8s %s\n",
                twin_check_outcome_name (finding->checks[k].outcome),
                finding->checks[k].text);
      if (finding->needs[0] != '\0')
        printf ("    To be sure: %s\n", finding->needs);
    }

  if (isfinite (verdict->shaft_hz))
    printf ("Shaft         %.3f Hz%s\n", verdict->shaft_hz,
            verdict->speed_corrected ? " (contradicts what was given)" : "");
  printf ("Held against  %s\n", verdict->limit);
  printf ("Quality       %s\n", quality != NULL ? quality : "nothing wrong");
}

static int
run_machine (Job *job, const TwinCtl *ctl, int argc, char **argv)
{
  g_autoptr (TwinTransform) transform = NULL;
  g_autofree TwinMachineVerdict *verdict = g_new0 (TwinMachineVerdict, 1);
  TwinMachineRecord              record = { 0 };
  int                            status;

  if (argc != 2)
    return twin_ctl_usage ("One FILE is needed; other axes go with --y and "
                           "--axial");
  status = twin_ctl_facts_resolve (&job->facts, ctl);
  if (status == TWIN_CTL_DONE)
    status = load_channels (job, argv[1], &record);
  if (status != TWIN_CTL_DONE)
    return status;

  transform = twin_transform_new ();
  twin_machine_diagnose (transform, &record, &job->facts.shaft,
                         &job->facts.facts, verdict);
  if (ctl->json)
    print_machine_json (verdict);
  else
    print_machine (verdict);
  return TWIN_CTL_DONE;
}

static int
analyze_machine (TwinCtl *ctl, int argc, char **argv)
{
  Job                job = { 0 };
  int                status = TWIN_CTL_USAGE;
  const GOptionEntry entries[] = {
    TWIN_CTL_SAMPLE_ENTRIES (&job.input),
    TWIN_CTL_FACTS_ENTRIES (&job.facts),
    { "y", 0, 0, G_OPTION_ARG_FILENAME, &job.others[1], NULL, NULL },
    { "axial", 0, 0, G_OPTION_ARG_FILENAME, &job.others[2], NULL, NULL },
    { "far-axial", 0, 0, G_OPTION_ARG_FILENAME, &job.others[FAR], NULL, NULL },
    { NULL },
  };

  twin_ctl_sample_options_init (&job.input);
  if (twin_ctl_parse (&argc, &argv, entries))
    status = run_machine (&job, ctl, argc, argv);
  job_clear (&job);
  return status;
}

/* --- peak --------------------------------------------------------------------
 */

static void
build_cause (JsonBuilder *builder, const TwinCause *cause)
{
  json_builder_begin_object (builder);
  twin_json_add_text (builder, "kind", twin_cause_kind_name (cause->kind));
  twin_json_add_text (builder, "title", cause->title);
  add_flag (builder, "artefact", twin_cause_is_artefact (cause->kind));
  add_flag (builder, "ruled_out", cause->ruled_out);
  twin_ctl_add_number (builder, "score", cause->score);
  twin_ctl_add_number (builder, "weight", cause->weight);
  twin_ctl_add_number (builder, "expected_hz", cause->expected_hz);
  twin_ctl_add_number (builder, "residual_hz", cause->residual_hz);
  twin_ctl_add_number (builder, "residual_lines", cause->residual_lines);
  twin_ctl_add_number (builder, "residual_percent", cause->residual_percent);
  json_builder_set_member_name (builder, "lines");
  json_builder_begin_array (builder);
  for (size_t i = 0; i < cause->n_lines; i++)
    {
      json_builder_begin_object (builder);
      twin_json_add_text (builder, "label", cause->lines[i].label);
      twin_ctl_add_number (builder, "hz", cause->lines[i].hz);
      twin_ctl_add_number (builder, "snr_db", decibels (cause->lines[i].snr));
      add_flag (builder, "present", cause->lines[i].present);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  twin_json_add_text (builder, "why", cause->why);
  json_builder_end_object (builder);
}

static void
print_peak_json (const TwinCause        *causes,
                 size_t                  n,
                 const TwinCauseReading *reading)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  twin_ctl_add_number (builder, "hz", reading->hz);
  twin_ctl_add_number (builder, "amplitude_g", reading->amplitude);
  twin_ctl_add_number (builder, "corrected_g", reading->corrected);
  twin_ctl_add_number (builder, "picket_fence_db", reading->loss_db);
  twin_ctl_add_number (builder, "width_lines", reading->width_lines);
  twin_ctl_add_number (builder, "snr_db", decibels (reading->snr));
  add_flag (builder, "present", reading->present);
  twin_ctl_add_number (builder, "nearest_line_hz", reading->nearest_hz);
  twin_json_add_text (builder, "reading", reading->why);
  json_builder_set_member_name (builder, "causes");
  json_builder_begin_array (builder);
  for (size_t i = 0; i < n; i++)
    build_cause (builder, &causes[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  twin_ctl_print_builder (builder);
}

static void
print_peak (const TwinCause *causes, size_t n, const TwinCauseReading *reading)
{
  printf ("%.3f Hz  %.4g g  %.1f dB over the floor%s\n%s\n", reading->hz,
          reading->corrected, decibels (reading->snr),
          reading->present ? "" : " (no line stands out)", reading->why);
  if (isfinite (reading->nearest_hz))
    printf ("The nearest line that stands out is at %.3f Hz.\n",
            reading->nearest_hz);
  for (size_t i = 0; i < n; i++)
    printf ("%5.1f %%  %s%s\n         %s\n", 100 * causes[i].score,
            causes[i].title, causes[i].ruled_out ? " (ruled out)" : "",
            causes[i].why);
}

#define NEIGHBOURS_MAX 32

static int
run_peak (Job *job, const TwinCtl *ctl, int argc, char **argv)
{
  g_autoptr (TwinTransform) transform = NULL;
  g_autofree TwinCause *causes = g_new (TwinCause, TWIN_CAUSES_MAX);
  TwinCauseReading      reading;
  TwinCauseQuery        query = { 0 };
  TwinSpectrum          spectrum = { 0 };
  TwinScalars           scalars;
  TwinWindow            window = TWIN_WINDOW_HANN;
  double                neighbours[NEIGHBOURS_MAX];
  TwinCtlRecording     *recording = &job->recordings[0];
  int                   status;
  size_t                n;

  if (argc != 2)
    return twin_ctl_usage ("One FILE is needed");
  if (!(job->at_hz > 0))
    return twin_ctl_usage ("--at must say which frequency, in Hz");
  if (job->window != NULL && !twin_window_parse (job->window, &window))
    return twin_ctl_usage ("--window must be hann, flat-top or rectangular");
  for (;
       job->neighbours != NULL && job->neighbours[query.n_neighbours] != NULL &&
       query.n_neighbours < NEIGHBOURS_MAX;
       query.n_neighbours++)
    neighbours[query.n_neighbours] =
        g_ascii_strtod (job->neighbours[query.n_neighbours], NULL) / 60;

  status = twin_ctl_facts_resolve (&job->facts, ctl);
  if (status == TWIN_CTL_DONE)
    status = twin_ctl_samples_load (argv[1], &job->input, recording);
  if (status != TWIN_CTL_DONE)
    return status;

  transform = twin_transform_new ();
  twin_spectrum_amplitude (transform, recording->samples, recording->n,
                           recording->rate_hz, window, TWIN_SCALE_RMS,
                           &spectrum);
  twin_scalars_compute (recording->samples, recording->n, 0, &scalars);
  query.spectrum = &spectrum;
  query.rate_hz = recording->rate_hz;
  query.shaft = job->facts.shaft;
  query.facts = &job->facts.facts;
  query.neighbours_hz = neighbours;
  query.clipped = scalars.clipped;
  n = twin_causes_find (&query, job->at_hz, causes, &reading);
  twin_spectrum_clear (&spectrum);
  if (n == 0)
    return twin_ctl_fail (TWIN_CTL_INPUT,
                          "--at %g Hz lies outside the spectrum, which ends "
                          "at %g Hz",
                          job->at_hz, recording->rate_hz / 2);

  if (ctl->json)
    print_peak_json (causes, n, &reading);
  else
    print_peak (causes, n, &reading);
  return TWIN_CTL_DONE;
}

static int
analyze_peak (TwinCtl *ctl, int argc, char **argv)
{
  Job                job = { 0 };
  int                status = TWIN_CTL_USAGE;
  const GOptionEntry entries[] = {
    TWIN_CTL_SAMPLE_ENTRIES (&job.input),
    TWIN_CTL_FACTS_ENTRIES (&job.facts),
    { "at", 0, 0, G_OPTION_ARG_DOUBLE, &job.at_hz, NULL, NULL },
    { "window", 0, 0, G_OPTION_ARG_STRING, &job.window, NULL, NULL },
    { "neighbour", 0, 0, G_OPTION_ARG_STRING_ARRAY, &job.neighbours, NULL,
      NULL },
    { NULL },
  };

  twin_ctl_sample_options_init (&job.input);
  if (twin_ctl_parse (&argc, &argv, entries))
    status = run_peak (&job, ctl, argc, argv);
  job_clear (&job);
  return status;
}

const TwinCtlVerb twin_ctl_analyze_machine_verbs[] = {
  { "analyze", "machine", analyze_machine,
    "FILE [--y FILE|:CHANNEL] [--axial FILE|:CHANNEL] [--far-axial "
    "FILE|:CHANNEL] " TWIN_CTL_SAMPLE_HELP " " TWIN_CTL_FACTS_HELP
    " [--usual FILE.json] [--other-speed FILE.json]",
    "Unbalance, misalignment, looseness and more, each with evidence" },
  { "analyze", "peak", analyze_peak,
    "FILE --at HZ " TWIN_CTL_SAMPLE_HELP " " TWIN_CTL_FACTS_HELP
    " [--window NAME] [--neighbour RPM]…",
    "What may stand behind one line, ranked" },
  { NULL },
};
