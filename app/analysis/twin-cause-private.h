/* SPDX-License-Identifier: Apache-2.0 */
/* twin-cause-private.h - candidates and how they are weighed */
#pragma once

#include "twin-cause.h"
#include "twin-line-view.h"

G_BEGIN_DECLS

#define CANDIDATES_MAX 64

typedef struct
{
  const TwinCauseQuery *query;
  TwinLineView          view;
  guint32              *lines_before; /* lines present below line k */
  gboolean              present;      /* the peak itself */
  double                hz, amplitude, df_hz, top_hz;
  double                shaft_hz; /* as the lines say; NaN */
  TwinCause             found[CANDIDATES_MAX];
  size_t                n;
} TwinCauseSearch;

/* A cause that is tried: fill kind, title, family and expected_hz of @cause. */
typedef struct
{
  TwinCause cause;
  double    sigma_hz; /* of where it should lie; 0: half a line */
  double    prior;
  double    reach_hz; /* of the lines that come with it; 0: 1.5 lines */
  double    chances[TWIN_CAUSE_LINES_MAX]; /* p of cause.lines */
  gboolean  simple;                        /* worth a mention when ruled out */
  double    extra;                         /* further ln weight */
} TwinCauseCandidate;

/* As p: a line that is there for reasons of its own. It must be there, and
 * that it is says nothing. */
#define TWIN_CAUSE_NEEDED 1.0

/* Adds a line that should come with it, unless it is the peak itself. */
void twin_cause_expect (const TwinCauseSearch *search,
                        TwinCauseCandidate    *candidate,
                        double                 hz,
                        double                 p,
                        const char            *format,
                        ...) G_GNUC_PRINTF (5, 6);

/* Weighs it; of a kind and family the heaviest is kept. */
void twin_cause_consider (TwinCauseSearch    *search,
                          TwinCauseCandidate *candidate);

double twin_cause_order_prior (int k, int sides);

/* Everything that a machine makes; artefacts. */
void twin_cause_try_shaft (TwinCauseSearch *search);
void twin_cause_try_bearings (TwinCauseSearch *search);
void twin_cause_try_electric (TwinCauseSearch *search);
void twin_cause_try_drives (TwinCauseSearch *search);
void twin_cause_try_others (TwinCauseSearch *search);
void twin_cause_try_artefacts (TwinCauseSearch *search);

G_END_DECLS
