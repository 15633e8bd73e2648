/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-job.h - what the pipeline gives the workers, and gets back
 *
 * A job belongs to one thread at a time: the pipeline fills it, a worker
 * computes, the pipeline reads the results and frees it. It knows nothing of
 * the wire.
 */
#pragma once

#include "twin-diagnosis.h"
#include "twin-engine-costs.h"
#include "twin-features.h"
#include "twin-machine-diagnosis.h"
#include "twin-queue.h"
#include "twin-rul.h"
#include "twin-severity.h"
#include "twin-update.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_JOB_BLOCK,    /* scalars, and a BLOCK update when watched */
  TWIN_JOB_DIAGNOSE, /* the verdict on a joined record */
  TWIN_JOB_MACHINE,  /* faults beyond bearings, of all axes together */
  TWIN_JOB_LIFE,     /* remaining life of a machine */
  TWIN_JOB_TIERS,    /* which twins their groups give a tier */
  TWIN_JOB_WHATIF,   /* how a machine would fare otherwise */
} TwinJobKind;

enum
{
  TWIN_JOB_OTHERS_MAX = 4,
};

typedef struct
{
  TwinJobKind kind;
  char       *machine, *twin, *node, *sensor;
  char        axis;
  double     *samples; /* g */
  size_t      n;
  double      rate_hz;
  int64_t     t0_us, end_us, arrival_us;
  int64_t     begun_us, done_us; /* by a worker, UTC */
  uint64_t    n0;
  uint32_t    quality;
  uint64_t    blocks, dropped; /* of this sensor */

  TwinShaftSpeed      shaft;
  gboolean            has_bearing;
  TwinBearing         bearing;
  TwinBearing         others[TWIN_JOB_OTHERS_MAX];
  size_t              n_others;
  TwinBand            band;
  double              baseline_level_g;          /* 0: none */
  double              experience[TWIN_ELEMENTS]; /* by outcomes; 0: none */
  double              full_scale_g;              /* 0: not known */
  TwinSeverityGroup   group;
  TwinSeveritySupport support;
  gboolean            watched;

  /* MACHINE, and what may stand behind the lines of a watched BLOCK */
  double          *axes[TWIN_MACHINE_AXES]; /* g, @n each; NULL: not there */
  TwinMachineFacts facts; /* without bearings, which are above */
  double           neighbours_hz[TWIN_JOB_OTHERS_MAX];
  size_t           n_neighbours;

  /* LIFE */
  int64_t        *times_us;
  double         *index;
  TwinRulPrior    prior;
  TwinEngineCosts costs;
  int64_t         now_us;

  /* TIERS */
  char *store; /* its path */

  /* WHATIF: both are the job's */
  struct _TwinWhatifQuestion *whatif;
  struct _TwinEngineAsk      *ask;

  /* results */
  GHashTable         *tiers;   /* id → TwinTier, the fullest; TIERS */
  char               *failure; /* a sentence, or NULL; TIERS */
  TwinBearingVerdict  verdict;
  double              features[TWIN_N_FEATURES]; /* DIAGNOSE */
  TwinMachineVerdict *faults; /* MACHINE */
  TwinRul             rul;
  TwinDate            date; /* the best for maintenance */
} TwinEngineJob;

void twin_engine_job_free (void *job);
/* A TwinEngineAsk, of twin-engine-requests.c. */
void twin_engine_ask_free (void *ask);

/* TIERS: reads the groups and asks their queries. */
void twin_engine_tiers_evaluate (TwinEngineJob *job);

/* What a worker needs of the engine; set before it starts. */
typedef struct
{
  TwinQueue *jobs, *results;
  TwinQueue *wake; /* the pipeline waits on it */
  gint      *busy; /* atomic: workers at work */
  void (*sink) (TwinUpdate *update, void *data);
  void *sink_data;
} TwinEngineWorker;

/* Runs until the queue of jobs is closed and empty. */
void twin_engine_worker_run (void *worker);

G_END_DECLS
