/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-whatif.h - what the engine's files of what-if share
 *
 * The pipeline reads a question off its JSON and the machine's present state,
 * a worker computes the answer, the pipeline passes it on. The question's JSON:
 *
 *   { "set": { NAME: number or text, … },    names of twin_whatif_inputs
 *     "horizon": seconds, "accuracy": 0.1, "budget": ms,
 *     "signal": true,  the signal level too
 *     "refine": true,  a first answer at once, and then a better one
 *     "keep": true }   prices, lead time and days become the plant's
 */
#pragma once

#include <json-glib/json-glib.h>

#include "twin-engine-costs.h"

G_BEGIN_DECLS

/* What was said before, when a better answer replaces it. */
typedef struct
{
  gboolean        known;
  TwinWhatifLevel level;
  double          rul_p50_s, lower_s, temperature_p50_c, fatigue_p50_h;
} TwinWhatifReplaced;

typedef struct _TwinWhatifQuestion
{
  TwinWhatifState    state;
  TwinWhatifScenario scenario;
  TwinWhatifWish     wish;
  TwinEngineCosts    costs;
  gboolean           refine, keep;
  gboolean           has_rul;
  TwinRul            rul; /* as things are */
  TwinRulPrior       prior;
  int64_t            now_us;
  char               assumed[256]; /* of the state: what is not measured */
  /* Set by the pipeline for each try. */
  TwinWhatifChoice   choice;
  TwinWhatifReplaced replaced;
  /* Results. */
  double           actual_ms;
  TwinWhatifAnswer answer;
  char            *detail; /* JSON; NULL: refused */
  char            *text;   /* a sentence: the answer's gist, or why not */
} TwinWhatifQuestion;

/* Unknown but for the customary; caller frees. */
TwinWhatifQuestion *twin_whatif_question_new (void);
void                twin_whatif_question_free (TwinWhatifQuestion *self);

/* Takes @text's members over. FALSE: an input is unknown or malformed. What
 * the asker says of the present (“load-now”) replaces what the twin knows. */
gboolean twin_whatif_question_parse (TwinWhatifQuestion *self,
                                     const char         *text,
                                     GError            **error);
/* The same of one "prices" setting as kept. */
gboolean twin_whatif_question_parse_set (TwinWhatifQuestion *self,
                                         JsonObject         *set,
                                         GError            **error);
/* The members that "keep" keeps, as JSON of the same form. Caller frees. */
char *twin_whatif_question_dup_kept (const TwinWhatifQuestion *self);

/* Any thread: computes at choice.level; sets the results. */
void twin_whatif_question_answer (TwinWhatifQuestion *self);

G_END_DECLS
