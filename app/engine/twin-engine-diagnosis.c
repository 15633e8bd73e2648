/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-diagnosis.c - what the workers found, and when it is believed */
#include "twin-engine-private.h"

#include <math.h>
#include <string.h>

#include "../wire/twin-block.h"

/* A quiet record is kept as evidence this seldom. */
#define KEEP_EVERY 30

static const struct
{
  const char *condition, *text;
} elements[TWIN_ELEMENTS] = {
  [TWIN_ELEMENT_OUTER] = { "bearing.outer", "Outer race" },
  [TWIN_ELEMENT_INNER] = { "bearing.inner", "Inner race" },
  [TWIN_ELEMENT_BALL] = { "bearing.ball", "Rolling element" },
  [TWIN_ELEMENT_CAGE] = { "bearing.cage", "Cage" },
};

/* --- baselines, kept over a restart
 * ----------------------------------------------- */

static char *
levels_key (const TwinEngineWave *wave)
{
  return g_strdup_printf ("levels/%s/%s/%c", wave->place->id, wave->sensor,
                          wave->axis);
}

/* Levels as learnt; a negative one was learnt while something was found, and
 * serves the trend but not the gate. */
static void
learn (TwinEngineWave *wave, double level)
{
  twin_baseline_learn (&wave->first, fabs (level));
  if (level > 0)
    twin_baseline_learn (&wave->healthy, level);
}

/* The verdicts of before a restart go on counting. */
static void
load_rule (TwinEngine *self, TwinEngineWave *wave)
{
  const TwinStoreSpan span = { .subject = wave->place->id, .limit = 60 };
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_diagnoses (self->reader, &span, NULL);
  TwinElement believed = TWIN_ELEMENT_NONE;

  for (guint i = rows != NULL ? rows->len : 0; i > 0; i--)
    {
      const TwinStoreDiagnosis *row = g_ptr_array_index (rows, i - 1);
      TwinElement               element;

      if (g_strcmp0 (row->sensor, wave->sensor) == 0 && row->axis != NULL &&
          row->axis[0] == wave->axis &&
          twin_element_parse (row->verdict, &element))
        believed = twin_live_rule_push (&wave->rule, element, NULL, NULL);
    }

  if (wave->bearing != NULL && twin_element_is_fault (believed))
    wave->bearing->alarm_wave[believed] = wave;
}

void
twin_engine_wave_load (TwinEngine *self, TwinEngineWave *wave)
{
  g_autofree char *key = levels_key (wave);
  g_autofree char *text =
      twin_store_reader_get_setting (self->reader, key, NULL);
  g_auto (GStrv) words = text != NULL ? g_strsplit (text, " ", -1) : NULL;

  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    {
      double level = g_ascii_strtod (words[i], NULL);

      if (level != 0 && isfinite (level))
        learn (wave, level);
      wave->n_levels++;
    }

  wave->levels = g_string_new (text);
  load_rule (self, wave);
  twin_engine_life_load_usual (self, wave);
  twin_engine_baseline_load (self, wave);
}

void
twin_engine_levels_reset (TwinEngine *self, TwinEngineWave *wave)
{
  g_autofree char *key = levels_key (wave);

  twin_baseline_init (&wave->healthy, TRUE);
  twin_baseline_init (&wave->first, TRUE);
  wave->n_levels = 0;
  g_string_truncate (wave->levels, 0);
  if (twin_engine_batch_open (self))
    twin_store_set_setting (self->store, key, "", NULL);
}

static void
store_level (TwinEngine *self, TwinEngineWave *wave, double level)
{
  g_autofree char *key = NULL;
  char             number[G_ASCII_DTOSTR_BUF_SIZE];

  if (wave->n_levels >= TWIN_BASELINE_MAX || !isfinite (level) || level == 0)
    return;

  learn (wave, level);
  wave->n_levels++;
  g_ascii_formatd (number, sizeof number, "%.6g", level);
  g_string_append_printf (wave->levels, "%s%s",
                          wave->levels->len > 0 ? " " : "", number);
  key = levels_key (wave);
  if (twin_engine_batch_open (self))
    twin_store_set_setting (self->store, key, wave->levels->str, NULL);
}

/* --- evidence
 * ------------------------------------------------------------------------ */

/* The record as it was sent: 16-bit samples by the block's own scale, so that
 * they compute to the same spectrum elsewhere. */
static GBytes *
pack_i16 (const TwinEngineWave *wave, const TwinEngineJob *job)
{
  gint16 *data = g_new (gint16, job->n);
  double  unit = strcmp (wave->unit, "m/s2") == 0 ? TWIN_STANDARD_GRAVITY : 1.0;

  for (size_t i = 0; i < job->n; i++)
    data[i] = GINT16_TO_LE (
        (gint16) CLAMP (lround ((job->samples[i] * unit - wave->offset) /
                                wave->scale),
                        G_MININT16, G_MAXINT16));

  return g_bytes_new_take (data, job->n * sizeof *data);
}

static GBytes *
pack_f32 (const TwinEngineJob *job)
{
  float *data = g_new (float, job->n);

  for (size_t i = 0; i < job->n; i++)
    data[i] = (float) job->samples[i];
  return g_bytes_new_take (data, job->n * sizeof *data);
}

static int64_t
keep_waveform (TwinEngine *self, TwinEngineWave *wave, const TwinEngineJob *job)
{
  g_autoptr (GError) error = NULL;
  gboolean whole = wave->scale > 0;
  g_autoptr (GBytes) data = whole ? pack_i16 (wave, job) : pack_f32 (job);
  const char       axis[2] = { wave->axis, '\0' };
  g_autofree char *ring =
      twin_hex_format (wave->last_ring, sizeof wave->last_ring);
  int64_t                 id = 0;
  const TwinStoreWaveform row = {
    .machine = job->machine,
    .twin = job->twin,
    .node = job->node,
    .sensor = job->sensor,
    .axis = axis,
    .ring = ring,
    .epoch = wave->last_epoch,
    .capture = -1,
    .n0 = (int64_t) job->n0,
    .n = (int64_t) job->n,
    .t0_us = job->t0_us,
    .rate_hz = job->rate_hz,
    .scale = whole ? wave->scale : 1,
    .offset = whole ? wave->offset : 0,
    .unit = whole ? wave->unit : "g",
    .format = whole ? "i16" : "f32",
    .why = wave->why,
    .quality = job->quality,
    .data = data,
  };

  if (!twin_engine_batch_open (self))
    return 0;

  if (!twin_store_add_waveform (self->store, &row, &id, &error))
    {
      twin_engine_store_failed (self, g_steal_pointer (&error));
      return 0;
    }

  return id;
}

/* --- the verdict
 * ---------------------------------------------------------------------- */

static char *
detail_json (const TwinBearingVerdict *verdict, const char *quality)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "why");
  json_builder_add_string_value (json, verdict->why);
  json_builder_set_member_name (json, "quality");
  json_builder_add_string_value (json, quality != NULL ? quality : "");
  json_builder_set_member_name (json, "threshold");
  json_builder_add_double_value (json, verdict->threshold);
  if (isfinite (verdict->shaft_hz))
    {
      json_builder_set_member_name (json, "shaftHz");
      json_builder_add_double_value (json, verdict->shaft_hz);
      json_builder_set_member_name (json, "speedSource");
      json_builder_add_string_value (json, twin_speed_source_name (
                                               verdict->speed_source));
    }

  json_builder_set_member_name (json, "faults");
  json_builder_begin_array (json);
  for (size_t i = 0; i < verdict->n_faults; i++)
    {
      json_builder_begin_object (json);
      json_builder_set_member_name (json, "element");
      json_builder_add_string_value (json, twin_element_name (
                                               verdict->faults[i].element));
      json_builder_set_member_name (json, "frequencyHz");
      json_builder_add_double_value (json, verdict->faults[i].frequency_hz);
      json_builder_set_member_name (json, "evidence");
      json_builder_add_double_value (json, verdict->faults[i].evidence);
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
  json_builder_end_object (json);
  root = json_builder_get_root (json);
  return json_to_string (root, FALSE);
}

static void
store_verdict (TwinEngine              *self,
               const TwinEngineJob     *job,
               const TwinFindingUpdate *finding,
               int64_t                  waveform)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *detail = detail_json (&job->verdict, finding->quality);
  const char       axis[2] = { job->axis, '\0' };
  const TwinStoreDiagnosis row = {
    .machine = job->machine,
    .twin = job->twin,
    .sensor = job->sensor,
    .axis = axis,
    .time_us = finding->time_us,
    .seconds = finding->seconds,
    .verdict = finding->verdict,
    .suspected = finding->suspected,
    .z = finding->z,
    .margin = finding->margin,
    .level = job->verdict.carrier_rms_g,
    .confirmed = finding->confirmed,
    .waveform = waveform,
    .detail = detail,
  };

  if (twin_engine_batch_open (self) &&
      !twin_store_add_diagnosis (self->store, &row, &error))
    twin_engine_store_failed (self, g_steal_pointer (&error));
}

/* What was found of the other bearings, for people; NULL: nothing. */
static char *
describe_others (const TwinBearingVerdict *verdict)
{
  GString *out = NULL;

  for (size_t i = 0; i < verdict->n_others; i++)
    {
      const TwinFaultTone *tone = &verdict->others[i];

      if (!twin_element_is_fault (tone->element))
        continue;
      if (out == NULL)
        out = g_string_new (NULL);
      else
        g_string_append (out, "; ");
      g_string_append_printf (out, "%s of %s, z %.1f",
                              elements[tone->element].text, tone->bearing,
                              tone->evidence);
    }

  return out != NULL ? g_string_free (out, FALSE) : NULL;
}

static GArray *
list_bands (const TwinKurtogram *kurtogram)
{
  GArray *bands;

  if (kurtogram->n_cells == 0)
    return NULL;

  bands = g_array_sized_new (FALSE, FALSE, sizeof (TwinBandItem),
                             (guint) kurtogram->n_cells);
  for (size_t i = 0; i < kurtogram->n_cells; i++)
    {
      const TwinKurtogramCell *cell = &kurtogram->cells[i];
      const TwinBandItem       item = { cell->level, cell->band.lo_hz,
                                        cell->band.hi_hz, cell->kurtosis };

      g_array_append_val (bands, item);
    }
  return bands;
}

static TwinFindingUpdate *
make_finding (const TwinEngineJob *job,
              int                  agree,
              int                  windows,
              gboolean             confirmed)
{
  TwinFindingUpdate *finding = twin_finding_update_new ();

  finding->machine = g_strdup (job->machine);
  finding->twin = g_strdup (job->twin);
  finding->sensor = g_strdup (job->sensor);
  finding->axis = job->axis;
  finding->time_us =
      job->end_us != TWIN_TIME_NONE ? job->end_us : twin_clock_utc_us ();
  finding->seconds = (double) job->n / job->rate_hz;
  finding->verdict = g_strdup (twin_element_name (job->verdict.verdict));
  if (twin_element_is_fault (job->verdict.suspected))
    finding->suspected = g_strdup (twin_element_name (job->verdict.suspected));
  finding->z = job->verdict.best_z;
  finding->margin = job->verdict.margin;
  finding->threshold = job->verdict.threshold;
  finding->neighbours = describe_others (&job->verdict);
  finding->why = g_strdup (job->verdict.why);
  finding->agree = agree;
  finding->windows = windows;
  finding->confirmed = confirmed;
  finding->quality = twin_signal_flags_describe (job->verdict.quality);
  finding->bands = list_bands (&job->verdict.kurtogram);
  finding->best_band = job->verdict.kurtogram.best;
  return finding;
}

static void
set_text (char **field, char *text)
{
  g_free (*field);
  *field = text;
}

static char *
advice_for (const TwinEngineBearing *bearing)
{
  if (bearing->designation == NULL)
    return g_strdup_printf ("Plan to replace the %s bearing.",
                            bearing->position);
  return g_strdup_printf ("Order bearing %s now; plan to replace it.",
                          bearing->designation);
}

/* The machine's line on top of every page. */
static void
describe (TwinEngine          *self,
          TwinEngineWave      *wave,
          const TwinEngineJob *job,
          TwinElement          believed)
{
  TwinEngineMachine        *machine = wave->place->machine;
  const TwinBearingVerdict *verdict = &job->verdict;

  /* One bearing's silence does not take back what another one says. */
  if (!twin_element_is_fault (believed))
    {
      if (machine->finding_wave != wave && machine->finding != NULL)
        return;

      set_text (&machine->finding, NULL);
      set_text (&machine->reliability, NULL);
      set_text (&machine->advice, NULL);
      set_text (&machine->reason, g_strdup (verdict->why));
      set_text (&machine->sureness, NULL);
      if (twin_element_is_fault (verdict->suspected) ||
          verdict->verdict == TWIN_ELEMENT_INCONCLUSIVE)
        machine->sureness = g_strdup ("not decided");
      machine->finding_wave = NULL;
      return;
    }

  machine->finding_wave = wave;
  set_text (&machine->finding,
            g_strdup_printf ("%s, %s", elements[believed].text,
                             wave->bearing->position));
  machine->believed = twin_element_name (believed);
  set_text (&machine->reliability,
            twin_engine_outcomes_describe (self, machine, machine->believed));
  set_text (&machine->advice, advice_for (wave->bearing));
  if (verdict->verdict == believed)
    {
      set_text (&machine->sureness,
                g_strdup_printf ("sure · z %.1f", verdict->best_z));
      set_text (&machine->reason, g_strdup (verdict->why));
    }
}

static void
input_alarms (TwinEngine          *self,
              TwinEngineWave      *wave,
              const TwinEngineJob *job,
              TwinElement          believed)
{
  for (int element = 0; element < TWIN_ELEMENTS; element++)
    {
      g_autofree char *advice = NULL;
      gboolean         active = (int) believed == element;
      TwinEngineWave  *holder;

      if (elements[element].condition == NULL)
        continue;

      /* Axes of one bearing speak for the same alarm: who raised it ends it.
       * One that nobody here raised is of before a restart. */
      holder = wave->bearing->alarm_wave[element];
      if (!active && (holder != NULL ? holder != wave
                                     : wave->rule.pushed < TWIN_LIVE_WINDOWS))
        continue;

      wave->bearing->alarm_wave[element] = active ? wave : NULL;
      if (active)
        advice = advice_for (wave->bearing);
      twin_engine_alarms_finding (self, wave->place->id,
                                  elements[element].condition, active,
                                  job->verdict.z[element], job->verdict.why,
                                  advice);
    }
}

static void
take_verdict (TwinEngine *self, TwinEngineWave *wave, const TwinEngineJob *job)
{
  const TwinBearingVerdict *verdict = &job->verdict;
  TwinEngineMachine        *machine = wave->place->machine;
  int                       agree, windows;
  int64_t                   waveform = 0;
  TwinFindingUpdate        *finding;
  TwinElement               believed;
  gboolean                  fault = twin_element_is_fault (verdict->verdict);

  believed =
      twin_live_rule_push (&wave->rule, verdict->verdict, &agree, &windows);
  wave->band = verdict->band;
  if (verdict->speed_corrected && isfinite (verdict->shaft_hz))
    {
      machine->estimated_hz = verdict->shaft_hz;
      machine->estimated_us = twin_clock_utc_us ();
    }

  store_level (self, wave,
               fault || verdict->suspected != TWIN_ELEMENT_NONE
                   ? -verdict->carrier_rms_g
                   : verdict->carrier_rms_g);
  if (fault || wave->since_kept++ >= KEEP_EVERY ||
      g_strcmp0 (wave->why, "trigger") == 0 ||
      g_strcmp0 (wave->why, "command") == 0)
    {
      waveform = keep_waveform (self, wave, job);
      wave->since_kept = 0;
    }

  finding =
      make_finding (job, agree, windows, twin_element_is_fault (believed));
  store_verdict (self, job, finding, waveform);
  finding->reliability =
      twin_engine_outcomes_describe (self, machine,
                                     twin_element_name (verdict->verdict));
  describe (self, wave, job, believed);
  input_alarms (self, wave, job, believed);
  twin_engine_life_level (self, wave, finding->time_us, verdict->carrier_rms_g);
  twin_engine_baseline_take (self, wave, job);
  twin_engine_place_touch (wave->place);
  g_ptr_array_add (self->out_updates,
                   twin_update_new (TWIN_UPDATE_FINDING, finding));
  self->flush = TRUE;
}

static void
note_latency (TwinEngine *self, const TwinEngineJob *job)
{
  int64_t now = twin_clock_utc_us ();
  int64_t latency = now - job->end_us;

  if (job->end_us == TWIN_TIME_NONE || latency < 0 ||
      latency > 60 * TWIN_US_PER_S || self->stats.analysis->len > 10000)
    return;

  g_array_append_val (self->stats.analysis, latency);
}

static TwinEngineWave *
wave_of (TwinEngine *self, const TwinEngineJob *job)
{
  TwinEngineNode *node = g_hash_table_lookup (self->nodes, job->node);
  TwinEngineWave *wave;

  if (node == NULL)
    return NULL;

  /* The plant may have been edited while the worker was at it. */
  wave = twin_engine_wave_get (self, node, job->sensor, job->axis);
  if (wave->bearing == NULL || wave->place->machine == NULL ||
      g_strcmp0 (wave->place->id, job->twin) != 0)
    return NULL;
  return wave;
}

static void
take_result (TwinEngine *self, TwinEngineJob *job)
{
  TwinEngineWave *wave;

  switch (job->kind)
    {
    case TWIN_JOB_BLOCK:
      note_latency (self, job);
      twin_engine_latency_note (self, job);
      break;
    case TWIN_JOB_DIAGNOSE:
      wave = wave_of (self, job);
      if (wave != NULL)
        take_verdict (self, wave, job);
      break;
    case TWIN_JOB_LIFE:
      twin_engine_life_result (self, job);
      break;
    case TWIN_JOB_MACHINE:
      twin_engine_faults_result (self, job);
      break;
    case TWIN_JOB_TIERS:
      twin_engine_tiers_take (self, job);
      break;
    case TWIN_JOB_WHATIF:
      twin_engine_whatif_result (self, job);
      break;
    }
}

void
twin_engine_take_results (TwinEngine *self)
{
  TwinEngineJob *job;

  while ((job = twin_queue_pop (self->results, 0)) != NULL)
    {
      take_result (self, job);
      twin_engine_job_free (job);
    }
}
