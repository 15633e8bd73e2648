/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-samples.h - a recording from a file */
#pragma once

#include "twin-ctl.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_CTL_FORMAT_I16, /* raw little-endian, no header */
  TWIN_CTL_FORMAT_F32, /* the same */
  TWIN_CTL_FORMAT_CSV, /* one sample a line, a column of several */
} TwinCtlFormat;

/* "i16", "f32", "csv"; FALSE when @name is none of them. */
gboolean twin_ctl_format_parse (const char *name, TwinCtlFormat *format);

/* Samples of @path ("-": standard input) times @scale. @column: of a CSV file,
 * from 1. Refuses what is empty, cut off within a sample, or holds a value
 * that is no finite number. Caller frees. */
double *twin_ctl_samples_read (const char   *path,
                               TwinCtlFormat format,
                               double        scale,
                               int           column,
                               size_t       *n,
                               GError      **error);

G_END_DECLS
