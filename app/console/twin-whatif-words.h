/* SPDX-License-Identifier: Apache-2.0 */
/* twin-whatif-words.h - the engine's answer to “what if”, in words and numbers
 *
 * Reads the JSON of twin_engine_whatif(). Pure but for the translation and the
 * local calendar; main thread.
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

enum
{
  TWIN_WHATIF_ROWS = 8,
};

typedef struct
{
  const char *label;               /* translated, static */
  char       *now, *then, *change; /* "40 d", "+12 K"; "–" where not known */
  double      now_range[3], then_range[3]; /* NaN: none */
  gboolean    free_scale;                  /* 0 means nothing: a temperature */
} TwinWhatifRow;

typedef struct
{
  TwinWhatifRow rows[TWIN_WHATIF_ROWS];
  char         *level; /* "ODE, good to ±10 %, in 17 ms." and the reason */
  char *change; /* what a better level replaced: "41 d → 43 d"; NULL: nothing */
  char *heard; /* what a sensor would hear; NULL: not asked */
  char *date;  /* "Thu 3 Dec", or "No date" */
  char *why;   /* of the date */
  char *notes;
  /* The course: seconds from now, °C at 5, 50, 95 %, chance in per cent. */
  size_t  n;
  double *at_s, *failed_now, *failed_then;
  double *now_c, *then_c, *low_c, *high_c;
} TwinWhatifWords;

/* NULL: no answer that can be read. */
TwinWhatifWords *twin_whatif_words_new (const char *detail, gint64 now_us);
void             twin_whatif_words_free (TwinWhatifWords *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinWhatifWords, twin_whatif_words_free)

G_END_DECLS
