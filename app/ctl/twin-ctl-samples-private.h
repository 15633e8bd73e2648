/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-samples-private.h - between the readers of recordings */
#pragma once

#include "twin-ctl-samples.h"

G_BEGIN_DECLS

/* Where a reader puts what it finds. */
typedef struct
{
  const char                 *name; /* the file's */
  const TwinCtlSampleOptions *options;
  GArray                     *samples; /* of double, in the file's counts */
  double                      rate_hz; /* 0 until known */
  double                      scale;   /* g a count */
} TwinCtlTake;

/* One more sample. FALSE: no number, or too many; @error names @where. */
gboolean twin_ctl_take_add (TwinCtlTake *self,
                            double       value,
                            const char  *where,
                            guint64      number,
                            GError     **error);

/* Samples before --start, and how many of --seconds; G_MAXUINT64: all. */
void twin_ctl_take_part (const TwinCtlTake *self,
                         guint64           *skip,
                         guint64           *wanted);

gboolean twin_ctl_take_csv (TwinCtlTake  *self,
                            GInputStream *stream,
                            GError      **error);
gboolean twin_ctl_take_wav (TwinCtlTake  *self,
                            GInputStream *stream,
                            GError      **error);

#define TWIN_CTL_TAKE_ERROR(error, ...)                                        \
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, __VA_ARGS__)

G_END_DECLS
