/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl-tacho.h"

#include <math.h>
#include <string.h>

#define PULSES_MAX 4000000u

static gboolean
read_times (const char *text, double start_s, GArray *times, GError **error)
{
  int number = 0;

  for (const char *line = text; *line != '\0';)
    {
      size_t length = strcspn (line, "\r\n");
      char  *end = NULL;
      double time = g_ascii_strtod (line, &end) - start_s;

      number++;
      if (length > 0 && (end == line || !isfinite (time)))
        {
          if (number > 1)
            {
              g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                           "line %d does not begin with the time of a pulse",
                           number);
              return FALSE;
            }
        }
      else if (length > 0)
        g_array_append_val (times, time);

      if (times->len > PULSES_MAX)
        {
          g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                       "more than %u pulses", PULSES_MAX);
          return FALSE;
        }

      line += length;
      line += *line == '\r';
      line += *line == '\n';
    }

  return TRUE;
}

gboolean
twin_ctl_tacho_read (const char *path,
                     double      pulses_per_turn,
                     double      start_s,
                     TwinTrack  *track,
                     GError    **error)
{
  gsize            length = 0;
  g_autofree char *text = twin_ctl_read (path, &length, error);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));

  if (text == NULL)
    return FALSE;

  if (!read_times (text, start_s, times, error) ||
      !twin_track_from_pulses ((const double *) (void *) times->data,
                               times->len, pulses_per_turn, track, error))
    {
      g_prefix_error (error, "Could not use the pulses of %s: ", path);
      return FALSE;
    }

  return TRUE;
}
