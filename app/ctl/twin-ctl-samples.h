/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-samples.h - a recording from a file, as analyze takes it
 *
 * Raw numbers, CSV or WAV, read piece by piece: memory holds the samples that
 * are wanted and 64 KiB besides, however long the file. A verb puts
 * TWIN_CTL_SAMPLE_ENTRIES among its options and calls twin_ctl_samples_load.
 */
#pragma once

#include "twin-ctl.h"

G_BEGIN_DECLS

/* More is refused: 23 minutes at 12 kHz; --start and --seconds take a part. */
#define TWIN_CTL_SAMPLES_MAX (16u << 20)

/* What of a file is read and what its numbers mean; strings are owned. Begin
 * with twin_ctl_sample_options_init. */
typedef struct
{
  char  *format;     /* i16, f32 (little-endian), csv, wav; NULL: the ending */
  char  *unit;       /* of the numbers: g (NULL too), mg, m/s2 */
  double rate_hz;    /* 0: what a WAV's header or a time column says */
  double scale;      /* unit a count: LSB of integers, 1 of others; 0: none */
  double full_scale; /* unit at a WAV's full scale, instead; 0: none */
  double start_s, seconds; /* a part; seconds 0: to the end */
  int    channel;          /* from 1; 0: the first */
  int    channels;         /* interleaved in i16 and f32; 0: one */
  char  *column;   /* of CSV: heading or number from 1; NULL: the first that
                      is no time */
  char *time;      /* of CSV: the column of time; NULL: a first column whose
                      heading begins with "time", or is "t" */
  char *time_unit; /* s, ms, us; NULL: as the heading ends, else s */
  char *delimiter; /* of CSV, one character or "tab"; NULL: as found */
} TwinCtlSampleOptions;

/* clang-format off */
#define TWIN_CTL_SAMPLE_ENTRIES(o)                                             \
  { "format", 0, 0, G_OPTION_ARG_STRING, &(o)->format, NULL, NULL },           \
  { "unit", 0, 0, G_OPTION_ARG_STRING, &(o)->unit, NULL, NULL },               \
  { "rate", 0, 0, G_OPTION_ARG_DOUBLE, &(o)->rate_hz, NULL, NULL },            \
  { "scale", 0, 0, G_OPTION_ARG_DOUBLE, &(o)->scale, NULL, NULL },             \
  { "full-scale", 0, 0, G_OPTION_ARG_DOUBLE, &(o)->full_scale, NULL, NULL },   \
  { "start", 0, 0, G_OPTION_ARG_DOUBLE, &(o)->start_s, NULL, NULL },           \
  { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &(o)->seconds, NULL, NULL },         \
  { "channel", 0, 0, G_OPTION_ARG_INT, &(o)->channel, NULL, NULL },            \
  { "channels", 0, 0, G_OPTION_ARG_INT, &(o)->channels, NULL, NULL },          \
  { "column", 0, 0, G_OPTION_ARG_STRING, &(o)->column, NULL, NULL },           \
  { "time", 0, 0, G_OPTION_ARG_STRING, &(o)->time, NULL, NULL },               \
  { "time-unit", 0, 0, G_OPTION_ARG_STRING, &(o)->time_unit, NULL, NULL },     \
  { "delimiter", 0, 0, G_OPTION_ARG_STRING, &(o)->delimiter, NULL, NULL }
/* clang-format on */

/* For --help of a verb that takes them. */
#define TWIN_CTL_SAMPLE_HELP                                                   \
  "[--format=i16|f32|csv|wav] --rate HZ [--scale G] [--unit g|mg|m/s2]"

typedef struct
{
  double *samples; /* g */
  size_t  n;       /* at least 1; every one finite */
  double  rate_hz; /* above 0 */
} TwinCtlRecording;

void twin_ctl_sample_options_init (TwinCtlSampleOptions *self);
void twin_ctl_sample_options_clear (TwinCtlSampleOptions *self);

/* Reads @path ("-": standard input). On anything else than TWIN_CTL_DONE a
 * sentence was printed and @recording is empty. Clear it. */
int twin_ctl_samples_load (const char                 *path,
                           const TwinCtlSampleOptions *options,
                           TwinCtlRecording           *recording);

/* The same with an error instead of the sentence. */
gboolean twin_ctl_samples_read_file (const char                 *path,
                                     const TwinCtlSampleOptions *options,
                                     TwinCtlRecording           *recording,
                                     GError                    **error);

/* The same from any stream; WAV needs one that seeks. @name stands in errors,
 * with the line where there are lines. Any thread. */
gboolean twin_ctl_samples_read (GInputStream               *stream,
                                const char                 *name,
                                const TwinCtlSampleOptions *options,
                                TwinCtlRecording           *recording,
                                GError                    **error);

/* What is wrong with @options themselves, or NULL. Caller frees. */
char *twin_ctl_sample_options_check (const TwinCtlSampleOptions *options,
                                     const char                 *path);

void twin_ctl_recording_clear (TwinCtlRecording *self);

G_END_DECLS
