/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-worker.c - from samples to spectra, verdicts and lives */
#include "twin-engine-job.h"

#include <math.h>
#include <string.h>

#include "twin-block-features.h"
#include "twin-engine-whatif.h"
#include "twin-peaks.h"

typedef struct
{
  TwinEngineWorker *to;
  TwinTransform    *transform;
  TwinBlockFeatures block;
} Worker;

void
twin_engine_job_free (void *data)
{
  TwinEngineJob *job = data;

  if (job == NULL)
    return;

  g_free (job->machine);
  g_free (job->twin);
  g_free (job->node);
  g_free (job->sensor);
  g_free (job->samples);
  for (int axis = 0; axis < TWIN_MACHINE_AXES; axis++)
    g_free (job->axes[axis]);
  g_free (job->faults);
  g_free (job->times_us);
  g_free (job->index);
  g_free (job->store);
  g_clear_pointer (&job->tiers, g_hash_table_unref);
  g_free (job->failure);
  twin_whatif_question_free (job->whatif);
  twin_engine_ask_free (job->ask);
  g_free (job);
}

static double
shaft_hz (const TwinEngineJob *job)
{
  return job->shaft.hz > 0 ? job->shaft.hz : NAN;
}

static void
add_tones (TwinBlockUpdate  *update,
           const TwinFamily *families,
           size_t            n,
           double            shaft)
{
  for (size_t i = 0; i < n; i++)
    {
      const TwinTone tone = { g_strdup (families[i].name), families[i].hz,
                              families[i].hz / shaft };

      g_array_append_val (update->tones, tone);
    }
}

static void
add_peaks (Worker *self, const TwinEngineJob *job, TwinBlockUpdate *update)
{
  TwinFamily        families[TWIN_FAMILIES_MAX];
  TwinPeak          peaks[TWIN_PEAKS_MAX];
  TwinBearingOrders orders;
  gboolean          known =
      job->has_bearing && twin_bearing_orders (&job->bearing, &orders, NULL);
  double shaft = shaft_hz (job);
  size_t n_families =
      twin_peaks_families (shaft, known ? &orders : NULL,
                           job->facts.line_hz > 0 ? job->facts.line_hz : 50,
                           families);
  size_t n_peaks = twin_peaks_find (self->transform, &self->block.spectrum,
                                    shaft, families, n_families, peaks);

  add_tones (update, families, n_families, shaft);
  for (size_t i = 0; i < n_peaks; i++)
    {
      const TwinPeakItem item = {
        .hz = peaks[i].hz,
        .order = peaks[i].order,
        .amplitude = peaks[i].amplitude,
        .name = peaks[i].name[0] != '\0' ? g_strdup (peaks[i].name) : NULL,
        .family =
            peaks[i].family[0] != '\0' ? g_strdup (peaks[i].family) : NULL,
      };

      g_array_append_val (update->peaks, item);
    }
}

static void
add_bearing (TwinBlockUpdate *update, const TwinBearing *bearing)
{
  TwinBearingOrders orders;
  TwinBearingItem   item = { 0 };

  if (!twin_bearing_orders (bearing, &orders, NULL))
    return;

  item = (TwinBearingItem){ .ftf = orders.ftf,
                            .bpfo = orders.bpfo,
                            .bpfi = orders.bpfi,
                            .bsf = orders.bsf };
  if (bearing->designation[0] != '\0')
    item.designation = g_strdup (bearing->designation);
  g_array_append_val (update->facts.bearings, item);
}

/* What "Why this peak?" asks for. */
static void
add_facts (const TwinEngineJob *job, TwinBlockUpdate *update)
{
  TwinLineFacts *facts = &update->facts;

  facts->line_hz = job->facts.line_hz;
  facts->pole_pairs = job->facts.pole_pairs;
  facts->blades = job->facts.blades;
  facts->teeth = job->facts.teeth;
  facts->other_teeth = job->facts.other_teeth;
  facts->pulley_mm = job->facts.pulley_mm;
  facts->belt_mm = job->facts.belt_mm;
  if (job->has_bearing)
    add_bearing (update, &job->bearing);
  for (size_t i = 0; i < job->n_others; i++)
    add_bearing (update, &job->others[i]);
  g_array_append_vals (facts->neighbours_hz, job->neighbours_hz,
                       (guint) job->n_neighbours);
}

static double *
copy_lines (const TwinSpectrum *spectrum)
{
  return g_memdup2 (spectrum->lines, spectrum->n_lines * sizeof (double));
}

static TwinBlockUpdate *
make_update (Worker *self, const TwinEngineJob *job)
{
  const TwinBlockFeatures *block = &self->block;
  TwinBlockUpdate         *update = twin_block_update_new ();
  gboolean                 covers =
      twin_severity_covers_band (job->rate_hz, (double) job->n / job->rate_hz,
                                 twin_severity_low_hz (job->shaft.hz));

  update->twin = g_strdup (job->twin);
  update->sensor = g_strdup (job->sensor);
  update->axis = job->axis;
  update->t0_us = job->t0_us;
  update->end_us = job->end_us;
  update->arrival_us = job->arrival_us;
  update->rate_hz = job->rate_hz;
  update->n = job->n;
  update->samples = g_memdup2 (job->samples, job->n * sizeof (double));
  update->n_lines = block->spectrum.n_lines;
  update->df_hz = block->spectrum.df_hz;
  update->spectrum = copy_lines (&block->spectrum);
  update->n_envelope = block->envelope.n_lines;
  update->envelope_df_hz = block->envelope.df_hz;
  update->envelope = copy_lines (&block->envelope);
  update->band_lo_hz = block->band.lo_hz;
  update->band_hi_hz = block->band.hi_hz;
  update->rms_g = block->scalars.rms;
  update->peak_g = block->scalars.peak;
  update->crest = block->scalars.crest;
  update->kurtosis = block->scalars.kurtosis;
  update->velocity_rms_mm_s = block->velocity_rms_mm_s;
  update->zone = twin_severity_describe (job->group, job->support,
                                         block->velocity_rms_mm_s, covers);
  update->shaft_hz = shaft_hz (job);
  if (job->shaft.hz > 0)
    update->speed_source =
        g_strdup (twin_speed_source_name (job->shaft.source));
  update->clipped_samples = block->scalars.clipped;
  update->blocks = job->blocks;
  update->dropped_blocks = job->dropped;
  update->quality = job->quality;
  add_peaks (self, job, update);
  add_facts (job, update);
  return update;
}

/* A block is not history: its spectrum goes out at once, not after a commit. */
static void
do_block (Worker *self, TwinEngineJob *job)
{
  TwinBlockFeaturesOptions options = {
    .window = TWIN_WINDOW_HANN,
    .full_scale_g = job->full_scale_g,
    .band = job->band,
    .velocity_lo_hz = twin_severity_low_hz (job->shaft.hz),
  };

  twin_block_features_compute (self->transform, job->samples, job->n,
                               job->rate_hz, &options, &self->block);
  job->band = self->block.band;
  if (job->watched && self->to->sink != NULL)
    self->to->sink (twin_update_new (TWIN_UPDATE_BLOCK,
                                     make_update (self, job)),
                    self->to->sink_data);
}

static void
do_diagnosis (Worker *self, TwinEngineJob *job)
{
  TwinBearingOrders    orders;
  TwinDiagnosisOptions options = {
    .full_scale_g = job->full_scale_g,
    .baseline_level_g = job->baseline_level_g,
    .others = job->others,
    .n_others = job->n_others,
  };

  memcpy (options.experience, job->experience, sizeof options.experience);
  twin_bearing_diagnose (self->transform, job->samples, job->n, job->rate_hz,
                         &job->shaft, &job->bearing, &options, &job->verdict);
  twin_features_compute (self->transform, job->samples, job->n, job->rate_hz,
                         isfinite (job->verdict.shaft_hz)
                             ? job->verdict.shaft_hz
                             : 0,
                         twin_bearing_orders (&job->bearing, &orders, NULL)
                             ? &orders
                             : NULL,
                         job->features);
}

static void
do_machine (Worker *self, TwinEngineJob *job)
{
  TwinBearing             bearings[1 + TWIN_JOB_OTHERS_MAX];
  TwinMachineFacts        facts = job->facts;
  const TwinMachineRecord record = {
    .axes = { job->axes[0], job->axes[1], job->axes[2] },
    .n = job->n,
    .rate_hz = job->rate_hz,
    .full_scale_g = job->full_scale_g,
  };

  facts.bearings = bearings;
  facts.n_bearings = 0;
  if (job->has_bearing)
    bearings[facts.n_bearings++] = job->bearing;
  for (size_t i = 0; i < job->n_others; i++)
    bearings[facts.n_bearings++] = job->others[i];

  job->faults = g_new0 (TwinMachineVerdict, 1);
  twin_machine_diagnose (self->transform, &record, &job->shaft, &facts,
                         job->faults);
}

static void
do_job (Worker *self, TwinEngineJob *job)
{
  switch (job->kind)
    {
    case TWIN_JOB_BLOCK:
      do_block (self, job);
      break;
    case TWIN_JOB_DIAGNOSE:
      do_diagnosis (self, job);
      break;
    case TWIN_JOB_MACHINE:
      do_machine (self, job);
      break;
    case TWIN_JOB_LIFE:
      twin_rul_estimate (job->times_us, job->index, job->n, job->now_us,
                         &job->prior, &job->rul);
      twin_engine_costs_date (&job->costs, &job->rul, &job->prior, 1,
                              job->now_us, &job->date);
      break;
    case TWIN_JOB_TIERS:
      twin_engine_tiers_evaluate (job);
      break;
    case TWIN_JOB_WHATIF:
      twin_whatif_question_answer (job->whatif);
      break;
    }
}

void
twin_engine_worker_run (void *data)
{
  Worker         self = { .to = data };
  TwinEngineJob *job;

  self.transform = twin_transform_new ();
  /* Nobody wakes this queue: nothing comes only when it is closed. */
  while ((job = twin_queue_pop (self.to->jobs, INT64_MAX)) != NULL)
    {
      g_atomic_int_inc (self.to->busy);
      job->begun_us = twin_clock_utc_us ();
      do_job (&self, job);
      job->done_us = twin_clock_utc_us ();
      g_atomic_int_add (self.to->busy, -1);
      if (!twin_queue_push (self.to->results, job))
        twin_engine_job_free (job);
      twin_queue_wake (self.to->wake);
    }

  twin_block_features_clear (&self.block);
  twin_transform_free (self.transform);
}
