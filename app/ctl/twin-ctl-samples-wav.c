/* SPDX-License-Identifier: Apache-2.0 */
#include <sndfile.h>
#include <string.h>

#include "twin-ctl-samples-private.h"

#define PIECE_VALUES 8192

/* What libsndfile reads through. */
typedef struct
{
  GInputStream *stream;
  gint64        length;
} Source;

static sf_count_t
source_length (void *data)
{
  return ((Source *) data)->length;
}

static sf_count_t
source_tell (void *data)
{
  return g_seekable_tell (G_SEEKABLE (((Source *) data)->stream));
}

static sf_count_t
source_seek (sf_count_t offset, int whence, void *data)
{
  Source   *source = data;
  GSeekType type = whence == SEEK_SET   ? G_SEEK_SET
                   : whence == SEEK_CUR ? G_SEEK_CUR
                                        : G_SEEK_END;

  g_seekable_seek (G_SEEKABLE (source->stream), offset, type, NULL, NULL);
  return source_tell (source);
}

static sf_count_t
source_read (void *bytes, sf_count_t count, void *data)
{
  Source *source = data;
  gsize   read = 0;

  g_input_stream_read_all (source->stream, bytes, (gsize) MAX (count, 0), &read,
                           NULL, NULL);
  return (sf_count_t) read;
}

static sf_count_t
source_write (const void *bytes, sf_count_t count, void *data)
{
  return 0;
}

/* The header is a WAV's and promises no more than is there: the library takes
 * what it finds of a file cut off, and guesses other formats. */
static gboolean
check_header (TwinCtlTake *self, Source *source, GError **error)
{
  guint8  head[12] = { 0 };
  guint32 size;
  gint64  promised;

  if (!G_IS_SEEKABLE (source->stream) ||
      !g_seekable_can_seek (G_SEEKABLE (source->stream)))
    {
      TWIN_CTL_TAKE_ERROR (error, "%s: a WAV must be a file that can be sought",
                           self->name);
      return FALSE;
    }

  source_seek (0, SEEK_END, source);
  source->length = source_tell (source);
  source_seek (0, SEEK_SET, source);
  source_read (head, sizeof head, source);
  source_seek (0, SEEK_SET, source);
  if ((memcmp (head, "RIFF", 4) != 0 && memcmp (head, "RF64", 4) != 0) ||
      memcmp (head + 8, "WAVE", 4) != 0)
    {
      TWIN_CTL_TAKE_ERROR (error, "%s: it is no WAV file; check --format",
                           self->name);
      return FALSE;
    }

  /* 0 and all ones stand where a recorder could not go back, or for RF64. */
  memcpy (&size, head + 4, 4);
  promised = (gint64) GUINT32_FROM_LE (size) + 8;
  if (size != 0 && size != G_MAXUINT32 && promised > source->length)
    {
      TWIN_CTL_TAKE_ERROR (error,
                           "%s: it was cut off: the header promises "
                           "%" G_GINT64_FORMAT
                           " bytes, there are %" G_GINT64_FORMAT,
                           self->name, promised, source->length);
      return FALSE;
    }

  return TRUE;
}

/* Counts at full scale; 0: compressed, which takes lines away and adds some. */
static double
full_scale (int format)
{
  switch (format & SF_FORMAT_SUBMASK)
    {
    case SF_FORMAT_PCM_S8:
    case SF_FORMAT_PCM_U8:
      return 128;
    case SF_FORMAT_PCM_16:
      return 32768;
    case SF_FORMAT_PCM_24:
      return 8388608;
    case SF_FORMAT_PCM_32:
      return 2147483648.0;
    case SF_FORMAT_FLOAT:
    case SF_FORMAT_DOUBLE:
      return 1;
    default:
      return 0;
    }
}

static gboolean
check_info (TwinCtlTake *self, const SF_INFO *info, GError **error)
{
  const TwinCtlSampleOptions *o = self->options;
  double                      full = full_scale (info->format);

  if (full == 0)
    {
      TWIN_CTL_TAKE_ERROR (error,
                           "%s: its samples are compressed, which changes the "
                           "spectrum; PCM or float is needed",
                           self->name);
      return FALSE;
    }

  if (o->channel > info->channels)
    {
      TWIN_CTL_TAKE_ERROR (error,
                           "%s: it has %d channels, --channel asks for %d",
                           self->name, info->channels, o->channel);
      return FALSE;
    }

  if (o->rate_hz == 0)
    self->rate_hz = info->samplerate;
  else if (o->rate_hz != info->samplerate)
    g_message ("%s: its header says %d Hz, --rate says %g Hz, which counts",
               self->name, info->samplerate, o->rate_hz);

  if (o->scale == 0)
    self->scale *= (o->full_scale > 0 ? o->full_scale : 1) / full;
  if (o->channel == 0 && info->channels > 1)
    g_message ("%s: the first of its %d channels is taken; --channel chooses",
               self->name, info->channels);
  return TRUE;
}

static gboolean
take_frames (TwinCtlTake   *self,
             SNDFILE       *file,
             const SF_INFO *info,
             GError       **error)
{
  sf_count_t         piece = MAX (PIECE_VALUES / info->channels, 1), read;
  g_autofree double *values = g_new (double, piece * info->channels);
  int                channel = MAX (self->options->channel, 1) - 1;
  guint64            skip, wanted, number = 0;

  twin_ctl_take_part (self, &skip, &wanted);
  if (skip >= (guint64) MAX (info->frames, 0))
    return TRUE; /* no samples: said by the caller */
  if (skip > 0 && sf_seek (file, (sf_count_t) skip, SEEK_SET) < 0)
    {
      TWIN_CTL_TAKE_ERROR (error, "%s: sample %" G_GUINT64_FORMAT ": %s",
                           self->name, skip, sf_strerror (file));
      return FALSE;
    }

  while ((read = sf_readf_double (file, values, piece)) > 0)
    {
      for (sf_count_t i = 0; i < read; i++, number++)
        {
          if (number >= wanted)
            return TRUE;
          if (!twin_ctl_take_add (self, values[i * info->channels + channel],
                                  "sample", skip + number, error))
            return FALSE;
        }
    }

  if (sf_error (file) == SF_ERR_NO_ERROR)
    return TRUE;

  TWIN_CTL_TAKE_ERROR (error, "%s: sample %" G_GUINT64_FORMAT ": %s",
                       self->name, skip + number, sf_strerror (file));
  return FALSE;
}

gboolean
twin_ctl_take_wav (TwinCtlTake *self, GInputStream *stream, GError **error)
{
  SF_VIRTUAL_IO io = { source_length, source_seek, source_read, source_write,
                       source_tell };
  SF_INFO       info = { 0 };
  Source        source = { stream, 0 };
  SNDFILE      *file;
  gboolean      done;

  if (!check_header (self, &source, error))
    return FALSE;

  file = sf_open_virtual (&io, SFM_READ, &info, &source);
  if (file == NULL)
    {
      TWIN_CTL_TAKE_ERROR (error, "%s: its header cannot be read: %s",
                           self->name, sf_strerror (NULL));
      return FALSE;
    }

  /* Integers as they stand in the file. */
  sf_command (file, SFC_SET_NORM_DOUBLE, NULL, SF_FALSE);
  done =
      check_info (self, &info, error) && take_frames (self, file, &info, error);
  sf_close (file);
  return done;
}
