/* SPDX-License-Identifier: Apache-2.0 */
#include <gio/gunixinputstream.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "twin-ctl-samples-private.h"
#include "twin-spectrum.h"

#define PIECE 65536
/* A window's FFT of more than this would say nothing: no sensor is faster. */
#define RATE_MAX_HZ 1e9

typedef enum
{
  FORMAT_I16,
  FORMAT_F32,
  FORMAT_CSV,
  FORMAT_WAV,
} Format;

static const char *const format_names[] = { "i16", "f32", "csv", "wav" };

static const struct
{
  const char *name;
  double      g;
} units[] = {
  { "g", 1 },
  { "mg", 1e-3 },
  { "m/s2", 1 / TWIN_STANDARD_GRAVITY },
  { "m/s²", 1 / TWIN_STANDARD_GRAVITY },
  { "m/s^2", 1 / TWIN_STANDARD_GRAVITY },
};

/* --- options ----------------------------------------------------------------
 */

void
twin_ctl_sample_options_init (TwinCtlSampleOptions *self)
{
  *self = (TwinCtlSampleOptions){ 0 };
}

void
twin_ctl_sample_options_clear (TwinCtlSampleOptions *self)
{
  g_free (self->format);
  g_free (self->unit);
  g_free (self->column);
  g_free (self->time);
  g_free (self->time_unit);
  g_free (self->delimiter);
  twin_ctl_sample_options_init (self);
}

void
twin_ctl_recording_clear (TwinCtlRecording *self)
{
  g_clear_pointer (&self->samples, g_free);
  self->n = 0;
}

static gboolean
find_format (const TwinCtlSampleOptions *options,
             const char                 *path,
             Format                     *format)
{
  const char      *dot = strrchr (path, '.');
  g_autofree char *name = options->format != NULL
                              ? g_strdup (options->format)
                              : g_ascii_strdown (dot ? dot + 1 : "", -1);

  for (size_t i = 0; i < G_N_ELEMENTS (format_names); i++)
    {
      if (strcmp (name, format_names[i]) == 0)
        {
          *format = (Format) i;
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
find_unit (const TwinCtlSampleOptions *options, double *g)
{
  for (size_t i = 0; i < G_N_ELEMENTS (units); i++)
    {
      if (strcmp (options->unit != NULL ? options->unit : "g", units[i].name) ==
          0)
        {
          *g = units[i].g;
          return TRUE;
        }
    }

  return FALSE;
}

static char *
check_numbers (const TwinCtlSampleOptions *o, Format format)
{
  gboolean raw = format == FORMAT_I16 || format == FORMAT_F32;

  if (raw && o->rate_hz == 0)
    return g_strdup ("--rate must say how many samples a second");
  if (!(o->rate_hz >= 0) || o->rate_hz > RATE_MAX_HZ)
    return g_strdup ("--rate must be above 0 and at most 1e9 Hz");
  if (!isfinite (o->scale))
    return g_strdup ("--scale must be a number other than 0");
  if (!(o->full_scale >= 0) || !isfinite (o->full_scale))
    return g_strdup ("--full-scale must be above 0");
  if (o->full_scale > 0 && (o->scale != 0 || format != FORMAT_WAV))
    return g_strdup ("--full-scale goes with WAV, instead of --scale");
  if (!(o->start_s >= 0 && o->seconds >= 0) || !isfinite (o->start_s) ||
      !isfinite (o->seconds))
    return g_strdup ("--start and --seconds must not be negative");
  if (o->channels < 0 || o->channels > 1024)
    return g_strdup ("--channels must be from 1 to 1024");
  if (o->channels > 0 && !raw)
    return g_strdup ("--channels goes with i16 and f32");
  if (o->channel < 0 || (raw && o->channel > MAX (o->channels, 1)))
    return g_strdup ("--channel counts from 1 to the number of --channels");
  if (o->channel > 0 && format == FORMAT_CSV)
    return g_strdup ("--channel is for i16, f32 and wav; CSV has --column");

  return NULL;
}

char *
twin_ctl_sample_options_check (const TwinCtlSampleOptions *options,
                               const char                 *path)
{
  Format format = FORMAT_I16;
  double g;

  if (!find_format (options, path, &format))
    return g_strdup ("--format must be i16, f32, csv or wav");
  if (!find_unit (options, &g))
    return g_strdup ("--unit must be g, mg or m/s2");
  if (options->delimiter != NULL && strcmp (options->delimiter, "tab") != 0 &&
      (strlen (options->delimiter) != 1 || options->delimiter[0] == '\n'))
    return g_strdup ("--delimiter must be one character, or “tab”");
  if (options->time_unit != NULL && strcmp (options->time_unit, "s") != 0 &&
      strcmp (options->time_unit, "ms") != 0 &&
      strcmp (options->time_unit, "us") != 0)
    return g_strdup ("--time-unit must be s, ms or us");
  if (format != FORMAT_CSV &&
      (options->column != NULL || options->time != NULL))
    return g_strdup ("--column and --time go with CSV");

  return check_numbers (options, format);
}

/* --- taking -----------------------------------------------------------------
 */

gboolean
twin_ctl_take_add (TwinCtlTake *self,
                   double       value,
                   const char  *where,
                   guint64      number,
                   GError     **error)
{
  if (!isfinite (value))
    {
      TWIN_CTL_TAKE_ERROR (error,
                           "%s: %s %" G_GUINT64_FORMAT
                           " is no finite number; check --format",
                           self->name, where, number);
      return FALSE;
    }

  if (self->samples->len == TWIN_CTL_SAMPLES_MAX)
    {
      TWIN_CTL_TAKE_ERROR (error,
                           "%s: it has more than %u samples, the most that "
                           "are taken; choose a part by --start and --seconds",
                           self->name, TWIN_CTL_SAMPLES_MAX);
      return FALSE;
    }

  g_array_append_val (self->samples, value);
  return TRUE;
}

void
twin_ctl_take_part (const TwinCtlTake *self, guint64 *skip, guint64 *wanted)
{
  double first = round (self->options->start_s * self->rate_hz);
  double count = round (self->options->seconds * self->rate_hz);

  *skip = first < 1e18 ? (guint64) first : G_MAXUINT64;
  *wanted = count > 0 && count < 1e18 ? (guint64) count : G_MAXUINT64;
}

static double
raw_value (const guint8 *bytes, gsize width)
{
  guint16 word;
  union
  {
    guint32 bits;
    float   value;
  } wide;

  if (width == 2)
    {
      memcpy (&word, bytes, 2);
      return (gint16) GUINT16_FROM_LE (word);
    }

  memcpy (&wide.bits, bytes, 4);
  wide.bits = GUINT32_FROM_LE (wide.bits);
  return (double) wide.value;
}

static gboolean
take_raw (TwinCtlTake *self, GInputStream *stream, gsize width, GError **error)
{
  g_autofree guint8 *piece = g_malloc (PIECE);
  gsize              channels = (gsize) MAX (self->options->channels, 1);
  gsize   offset = (gsize) (MAX (self->options->channel, 1) - 1) * width;
  gsize   frame = width * channels, held = 0, read;
  guint64 total = 0, number = 0, skip, wanted;

  twin_ctl_take_part (self, &skip, &wanted);
  do
    {
      gsize used = 0;

      if (!g_input_stream_read_all (stream, piece + held, PIECE - held, &read,
                                    NULL, error))
        {
          g_prefix_error (error, "%s: ", self->name);
          return FALSE;
        }

      total += read;
      held += read;
      for (; held - used >= frame; used += frame, number++)
        {
          if (number < skip)
            continue;
          if (number - skip >= wanted)
            return TRUE;
          if (!twin_ctl_take_add (self,
                                  raw_value (piece + used + offset, width),
                                  "sample", number, error))
            return FALSE;
        }

      held -= used;
      memmove (piece, piece + used, held);
    }
  while (read > 0);

  if (held == 0)
    return TRUE;

  TWIN_CTL_TAKE_ERROR (error,
                       "%s: its %" G_GUINT64_FORMAT
                       " bytes are no whole number of %zu-byte samples; "
                       "check --format%s",
                       self->name, total, (size_t) frame,
                       channels > 1 ? " and --channels" : "");
  return FALSE;
}

static gboolean
take (TwinCtlTake *self, GInputStream *stream, Format format, GError **error)
{
  switch (format)
    {
    case FORMAT_I16:
      return take_raw (self, stream, 2, error);
    case FORMAT_F32:
      return take_raw (self, stream, 4, error);
    case FORMAT_CSV:
      return twin_ctl_take_csv (self, stream, error);
    case FORMAT_WAV:
      return twin_ctl_take_wav (self, stream, error);
    }

  g_assert_not_reached ();
}

static gboolean
finish (TwinCtlTake *self, TwinCtlRecording *recording, GError **error)
{
  double *samples = (double *) (void *) self->samples->data;

  if (self->samples->len == 0)
    {
      TWIN_CTL_TAKE_ERROR (error, "%s: it holds no samples%s", self->name,
                           self->options->start_s > 0 ? " from --start on"
                                                      : "");
      return FALSE;
    }

  if (!(self->rate_hz > 0) || self->rate_hz > RATE_MAX_HZ)
    {
      TWIN_CTL_TAKE_ERROR (error,
                           "%s: a rate of %g Hz is impossible; --rate must say "
                           "how many samples a second",
                           self->name, self->rate_hz);
      return FALSE;
    }

  for (guint i = 0; i < self->samples->len; i++)
    {
      samples[i] *= self->scale;
      if (!isfinite (samples[i]))
        {
          TWIN_CTL_TAKE_ERROR (error,
                               "%s: sample %u times --scale is no finite "
                               "number",
                               self->name, i);
          return FALSE;
        }
    }

  recording->n = self->samples->len;
  recording->rate_hz = self->rate_hz;
  recording->samples =
      (double *) (void *) g_array_free (g_steal_pointer (&self->samples),
                                        FALSE);
  return TRUE;
}

gboolean
twin_ctl_samples_read (GInputStream               *stream,
                       const char                 *name,
                       const TwinCtlSampleOptions *options,
                       TwinCtlRecording           *recording,
                       GError                    **error)
{
  TwinCtlTake      self = { .name = name, .options = options };
  g_autofree char *wrong = twin_ctl_sample_options_check (options, name);
  Format           format = FORMAT_I16;
  double           unit = 1;
  gboolean         done;

  *recording = (TwinCtlRecording){ 0 };
  if (wrong != NULL)
    {
      TWIN_CTL_TAKE_ERROR (error, "%s: %s", name, wrong);
      return FALSE;
    }

  find_format (options, name, &format);
  find_unit (options, &unit);
  self.rate_hz = options->rate_hz;
  self.scale = unit * (options->scale != 0 ? options->scale : 1);
  self.samples = g_array_new (FALSE, FALSE, sizeof (double));
  done =
      take (&self, stream, format, error) && finish (&self, recording, error);
  g_clear_pointer (&self.samples, g_array_unref);
  return done;
}

/* A pipe does not seek, and a WAV's reader must: it is taken whole. */
static GInputStream *
open_input (const char *path, gboolean seek, GError **error)
{
  g_autoptr (GFile) file = NULL;
  gsize length = 0;
  char *bytes;

  if (strcmp (path, "-") != 0)
    {
      file = g_file_new_for_path (path);
      return G_INPUT_STREAM (g_file_read (file, NULL, error));
    }

  if (!seek)
    return g_unix_input_stream_new (STDIN_FILENO, FALSE);

  bytes = twin_ctl_read (path, &length, error);
  return bytes != NULL
             ? g_memory_input_stream_new_from_data (bytes, (gssize) length,
                                                    g_free)
             : NULL;
}

gboolean
twin_ctl_samples_read_file (const char                 *path,
                            const TwinCtlSampleOptions *options,
                            TwinCtlRecording           *recording,
                            GError                    **error)
{
  g_autoptr (GInputStream) stream = NULL;
  Format format = FORMAT_I16;

  *recording = (TwinCtlRecording){ 0 };
  find_format (options, path, &format);
  stream = open_input (path, format == FORMAT_WAV, error);
  if (stream != NULL &&
      twin_ctl_samples_read (stream, path, options, recording, error))
    return TRUE;

  g_prefix_error (error, "Could not read samples of ");
  return FALSE;
}

int
twin_ctl_samples_load (const char                 *path,
                       const TwinCtlSampleOptions *options,
                       TwinCtlRecording           *recording)
{
  g_autofree char *wrong = twin_ctl_sample_options_check (options, path);
  g_autoptr (GError) error = NULL;

  if (wrong != NULL)
    {
      *recording = (TwinCtlRecording){ 0 };
      return twin_ctl_usage ("%s", wrong);
    }

  return twin_ctl_samples_read_file (path, options, recording, &error)
             ? TWIN_CTL_DONE
             : twin_ctl_fail_error (TWIN_CTL_INPUT, error);
}
