/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl-samples.h"

#include <math.h>
#include <string.h>

static const char *const format_names[] = { "i16", "f32", "csv" };

gboolean
twin_ctl_format_parse (const char *name, TwinCtlFormat *format)
{
  for (size_t i = 0; i < G_N_ELEMENTS (format_names); i++)
    {
      if (g_strcmp0 (name, format_names[i]) == 0)
        {
          *format = (TwinCtlFormat) i;
          return TRUE;
        }
    }

  return FALSE;
}

static double *
read_raw (const char   *bytes,
          gsize         length,
          TwinCtlFormat format,
          double        scale,
          size_t       *n,
          GError      **error)
{
  size_t  width = format == TWIN_CTL_FORMAT_I16 ? 2 : 4;
  double *samples;

  if (length % width != 0)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                   "its %zu bytes are no whole number of %zu-byte samples; "
                   "check --format",
                   (size_t) length, width);
      return NULL;
    }

  *n = length / width;
  samples = g_new (double, MAX (*n, 1));
  for (size_t i = 0; i < *n; i++)
    {
      guint16 word;
      union
      {
        guint32 bits;
        float   value;
      } wide;

      if (width == 2)
        {
          memcpy (&word, bytes + 2 * i, 2);
          samples[i] = scale * (gint16) GUINT16_FROM_LE (word);
        }
      else
        {
          memcpy (&wide.bits, bytes + 4 * i, 4);
          wide.bits = GUINT32_FROM_LE (wide.bits);
          samples[i] = scale * (double) wide.value;
        }
    }

  return samples;
}

/* The start of column @column (from 1) of a line; NULL: not so many. */
static const char *
find_column (const char *line, const char *end, int column)
{
  for (int i = 1; i < column; i++)
    {
      while (line < end && *line != ',' && *line != ';' && *line != '\t')
        line++;
      if (line == end)
        return NULL;
      line++;
    }

  return line;
}

static double *
read_csv (const char *text, double scale, int column, size_t *n, GError **error)
{
  GArray *samples = g_array_new (FALSE, FALSE, sizeof (double));
  int     number = 0;

  for (const char *line = text; *line != '\0';)
    {
      const char *end = line + strcspn (line, "\r\n");
      const char *start = find_column (line, end, column);
      char       *stop = NULL;
      double      value = 0;

      number++;
      if (start != NULL)
        value = scale * g_ascii_strtod (start, &stop);

      if (end > line && (start == NULL || stop == start || stop > end))
        {
          /* The first line may be a heading. */
          if (number > 1)
            {
              g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                           "line %d has no number in column %d", number,
                           column);
              g_array_unref (samples);
              return NULL;
            }
        }
      else if (end > line)
        g_array_append_val (samples, value);

      line = end + (*end == '\r');
      line += *line == '\n';
    }

  *n = samples->len;
  return (double *) (void *) g_array_free (samples, FALSE);
}

double *
twin_ctl_samples_read (const char   *path,
                       TwinCtlFormat format,
                       double        scale,
                       int           column,
                       size_t       *n,
                       GError      **error)
{
  gsize              length = 0;
  g_autofree char   *bytes = twin_ctl_read (path, &length, error);
  g_autofree double *samples = NULL;

  if (bytes == NULL)
    return NULL;

  if (format == TWIN_CTL_FORMAT_CSV)
    samples = read_csv (bytes, scale, column, n, error);
  else
    samples = read_raw (bytes, length, format, scale, n, error);

  if (samples == NULL)
    {
      g_prefix_error (error, "Could not read samples of %s: ", path);
      return NULL;
    }

  if (*n == 0)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                   "Could not read samples of %s: it holds none", path);
      return NULL;
    }

  for (size_t i = 0; i < *n; i++)
    {
      if (!isfinite (samples[i]))
        {
          g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                       "Could not read samples of %s: sample %zu is no finite "
                       "number; check --format",
                       path, i);
          return NULL;
        }
    }

  return g_steal_pointer (&samples);
}
