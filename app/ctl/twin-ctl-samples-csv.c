/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "twin-ctl-samples-private.h"

#define PIECE 65536
/* Lines of headings before the first numbers: names, then units. */
#define HEADINGS 2
/* Steps of time kept until their mean says how long a step is. */
#define EARLY 16
/* A step this far from the mean one is a gap or a jump: the sample would land
 * nearer to its neighbour's place than to its own. */
#define STEP_TOLERANCE 0.5
/* How far a rate given may be from that of the time column. */
#define RATE_TOLERANCE 0.01

typedef struct
{
  TwinCtlTake *take;
  guint64      line;
  char         delimiter; /* 0: not known; '\n': one column */
  int          headings;
  int          column, time; /* from 0; -1: not known, or none */
  double       time_scale;   /* s */
  gboolean     placed;       /* the columns are known */
  guint64      skip, wanted, number;
  double       first_s, last_s; /* of the samples taken */
  double       origin_s;        /* of the file's first row */
  double       early_s[EARLY];
  guint64      early_line[EARLY];
} Csv;

#define CSV_ERROR(self, error, ...)                                            \
  csv_error (self, error, g_strdup_printf (__VA_ARGS__))

/* Takes @cause. */
static gboolean
csv_error (const Csv *self, GError **error, char *cause)
{
  TWIN_CTL_TAKE_ERROR (error, "%s:%" G_GUINT64_FORMAT ": %s", self->take->name,
                       self->line, cause);
  g_free (cause);
  return FALSE;
}

/* --- fields -----------------------------------------------------------------
 */

static char
find_delimiter (const Csv *self, const char *line)
{
  const char *given = self->take->options->delimiter;

  if (given != NULL)
    return strcmp (given, "tab") == 0 ? '\t' : given[0];

  for (const char *c = "\t;, "; *c != '\0'; c++)
    {
      if (strchr (line, *c) != NULL)
        return *c;
    }

  return '\n';
}

/* Field @index of @line, trimmed and out of its quotes; NULL: not so many. */
static char *
take_field (const Csv *self, const char *line, int index)
{
  const char *start = line, *c;
  gboolean    quoted = FALSE;
  char       *field;
  size_t      length;

  for (c = line;; c++)
    {
      if (*c == '"')
        quoted = !quoted;
      if (*c != '\0' && (quoted || *c != self->delimiter))
        continue;
      if (index == 0)
        break;
      if (*c == '\0')
        return NULL;
      while (self->delimiter == ' ' && c[1] == ' ')
        c++;
      index--;
      start = c + 1;
    }

  field = g_strstrip (g_strndup (start, (gsize) (c - start)));
  length = strlen (field);
  if (length >= 2 && field[0] == '"' && field[length - 1] == '"')
    {
      memmove (field, field + 1, length - 2);
      field[length - 2] = '\0';
    }

  return field;
}

static int
count_fields (const Csv *self, const char *line)
{
  for (int n = 0;; n++)
    {
      g_autofree char *field = take_field (self, line, n);

      if (field == NULL)
        return n;
    }
}

/* The whole of @field as a number; a comma may be the decimal point where it
 * is not the delimiter. */
static gboolean
read_number (const Csv *self, char *field, double *value)
{
  char *comma = self->delimiter != ',' ? strchr (field, ',') : NULL;
  char *end;

  if (comma != NULL && strchr (field, '.') == NULL)
    *comma = '.';

  *value = g_ascii_strtod (field, &end);
  return end != field && *end == '\0';
}

static gboolean
field_is_number (const Csv *self, const char *line, int index)
{
  g_autofree char *field = take_field (self, line, index);
  double           value;

  return field != NULL && read_number (self, field, &value);
}

static gboolean
read_field (const Csv  *self,
            const char *line,
            int         index,
            double     *value,
            GError    **error)
{
  g_autofree char *field = take_field (self, line, index);

  if (field == NULL)
    return CSV_ERROR (self, error, "there is no column %d", index + 1);
  if (field[0] == '\0')
    return CSV_ERROR (self, error, "column %d is empty", index + 1);

  if (!read_number (self, field, value))
    {
      g_autofree char *shown = g_utf8_make_valid (field, -1);

      return CSV_ERROR (self, error, "“%.40s” in column %d is no number", shown,
                        index + 1);
    }
  if (!isfinite (*value))
    return CSV_ERROR (self, error, "column %d is no finite number", index + 1);

  return TRUE;
}

/* --- which columns ----------------------------------------------------------
 */

static gboolean
find_column (const Csv  *self,
             const char *line,
             const char *wanted,
             int        *column,
             GError    **error)
{
  guint64 number;

  for (int i = 0;; i++)
    {
      g_autofree char *field = take_field (self, line, i);

      if (field == NULL)
        break;
      if (g_ascii_strcasecmp (field, wanted) == 0)
        {
          *column = i;
          return TRUE;
        }
    }

  if (g_ascii_string_to_unsigned (wanted, 10, 1, 4096, &number, NULL))
    {
      *column = (int) number - 1;
      return TRUE;
    }

  return CSV_ERROR (self, error, "no column is called “%s”", wanted);
}

/* "time", "Time [ms]", "time_us", "t". */
static gboolean
heading_is_time (const char *heading)
{
  g_autofree char *low = g_ascii_strdown (heading, -1);

  return g_str_has_prefix (low, "time") || strcmp (low, "t") == 0 ||
         g_str_has_prefix (low, "t [") || g_str_has_prefix (low, "t (") ||
         g_str_has_prefix (low, "t_") || g_str_has_prefix (low, "t/");
}

static double
time_scale (const char *given, const char *heading)
{
  g_autofree char *low = g_ascii_strdown (heading != NULL ? heading : "", -1);
  size_t           length = strlen (low);

  while (length > 0 && strchr (" ])", low[length - 1]) != NULL)
    low[--length] = '\0';

  if (given != NULL)
    return strcmp (given, "ms") == 0   ? 1e-3
           : strcmp (given, "us") == 0 ? 1e-6
                                       : 1;
  if (length > 2 && !g_ascii_isalnum (low[length - 3]))
    {
      if (g_str_has_suffix (low, "ms"))
        return 1e-3;
      if (g_str_has_suffix (low, "us"))
        return 1e-6;
    }

  return g_str_has_suffix (low, "µs") ? 1e-6 : 1;
}

/* By the first line that is no remark, headings or not. */
static gboolean
place (Csv *self, const char *line, GError **error)
{
  const TwinCtlSampleOptions *o = self->take->options;
  g_autofree char            *first = NULL, *heading = NULL;

  self->delimiter = find_delimiter (self, line);
  first = take_field (self, line, 0);
  if (o->time != NULL)
    {
      if (!find_column (self, line, o->time, &self->time, error))
        return FALSE;
    }
  else if (heading_is_time (first) && count_fields (self, line) > 1)
    self->time = 0;

  if (o->column == NULL)
    self->column = self->time == 0 ? 1 : 0;
  else if (!find_column (self, line, o->column, &self->column, error))
    return FALSE;

  if (self->column == self->time)
    return CSV_ERROR (self, error, "--column and --time name the same column");
  if (self->time >= 0)
    heading = take_field (self, line, self->time);
  else if (o->rate_hz == 0)
    return CSV_ERROR (self, error,
                      "no column of time is seen; --rate must say how many "
                      "samples a second, or --time which column it is");

  self->time_scale = time_scale (o->time_unit, heading);
  twin_ctl_take_part (self->take, &self->skip, &self->wanted);
  self->placed = TRUE;
  return TRUE;
}

/* --- time -------------------------------------------------------------------
 */

static gboolean
check_step (Csv *self, double step_s, double mean_s, GError **error)
{
  if (step_s <= 0)
    return CSV_ERROR (self, error,
                      "time does not advance; if the column is too coarse, "
                      "give "
                      "--rate");
  if (fabs (step_s - mean_s) > STEP_TOLERANCE * mean_s)
    return CSV_ERROR (self, error,
                      "%.6g s after the sample before, where a step is %.6g s: "
                      "samples are missing or the clock jumps",
                      step_s, mean_s);

  return TRUE;
}

static gboolean
check_early (Csv *self, guint n, double mean_s, GError **error)
{
  guint64 line = self->line;

  for (guint i = 0; i < n; i++)
    {
      self->line = self->early_line[i];
      if (!check_step (self, self->early_s[i], mean_s, error))
        return FALSE;
    }

  self->line = line;
  return TRUE;
}

/* The sample just taken was at @now_s. A rate that was given is believed
 * where single steps are too coarse to tell. */
static gboolean
follow_time (Csv *self, double now_s, GError **error)
{
  guint  steps = self->take->samples->len - 1;
  double step_s = now_s - self->last_s;
  double mean_s = (now_s - self->first_s) / MAX (steps, 1);

  self->last_s = now_s;
  if (steps == 0)
    {
      self->first_s = now_s;
      return TRUE;
    }

  if (self->take->options->rate_hz > 0)
    return TRUE;
  if (steps > EARLY)
    return check_step (self, step_s, mean_s, error);

  self->early_s[steps - 1] = step_s;
  self->early_line[steps - 1] = self->line;
  return steps < EARLY || check_early (self, EARLY, mean_s, error);
}

static gboolean
finish_time (Csv *self, GError **error)
{
  guint  steps = self->take->samples->len - 1;
  double span_s = self->last_s - self->first_s;
  double given_hz = self->take->options->rate_hz;

  if (self->take->samples->len < 2)
    return CSV_ERROR (self, error, "one sample has no rate");
  if (given_hz == 0)
    {
      self->take->rate_hz = steps / span_s;
      return steps >= EARLY || check_early (self, steps, span_s / steps, error);
    }

  if (fabs (steps / given_hz - span_s) >
      MAX (RATE_TOLERANCE * span_s, 2 / given_hz))
    return CSV_ERROR (self, error,
                      "%u steps took %.6g s by the column of time, %.6g Hz; "
                      "--rate says %g Hz",
                      steps, span_s, steps / span_s, given_hz);

  return TRUE;
}

/* --- lines ------------------------------------------------------------------
 */

/* FALSE without @error: enough is taken. */
static gboolean
take_row (Csv *self, const char *line, GError **error)
{
  double value, now_s = 0;

  if (!read_field (self, line, self->column, &value, error))
    return FALSE;

  if (self->time >= 0)
    {
      const TwinCtlSampleOptions *o = self->take->options;

      if (!read_field (self, line, self->time, &now_s, error))
        return FALSE;
      now_s *= self->time_scale;
      if (self->number++ == 0)
        self->origin_s = now_s;
      if (now_s - self->origin_s < o->start_s)
        return TRUE;
      if (o->seconds > 0 && now_s - self->origin_s >= o->start_s + o->seconds)
        return FALSE;
      return twin_ctl_take_add (self->take, value, "line", self->line, error) &&
             follow_time (self, now_s, error);
    }

  if (self->number++ < self->skip)
    return TRUE;
  if (self->number - self->skip > self->wanted)
    return FALSE;
  return twin_ctl_take_add (self->take, value, "line", self->line, error);
}

static gboolean
take_line (Csv *self, char *line, GError **error)
{
  gboolean numbers;

  self->line++;
  if (self->line == 1 && g_str_has_prefix (line, "\xef\xbb\xbf"))
    line += 3;

  g_strstrip (line);
  if (line[0] == '\0' || line[0] == '#' || line[0] == '%')
    return TRUE;

  if (!self->placed && !place (self, line, error))
    return FALSE;

  numbers = field_is_number (self, line, self->column);
  if (!numbers && self->number == 0 && self->headings < HEADINGS &&
      !field_is_number (self, line, 0))
    {
      self->headings++;
      return TRUE;
    }

  return take_row (self, line, error);
}

/* Lines of @piece; what begins a line is left at its front. */
static gboolean
take_lines (Csv *self, char *piece, gsize *held, gboolean last, GError **error)
{
  gsize used = 0;

  while (used < *held)
    {
      char *line = piece + used;
      char *end = memchr (line, '\n', *held - used);

      if (end == NULL && !last)
        break;
      if (end == NULL)
        end = piece + *held;
      *end = '\0';
      if (strlen (line) != (size_t) (end - line))
        {
          self->line++;
          return CSV_ERROR (self, error,
                            "it holds a zero byte; check --format");
        }
      if (!take_line (self, line, error))
        return FALSE;
      used = MIN ((gsize) (end - piece) + 1, *held);
    }

  *held -= used;
  memmove (piece, piece + used, *held);
  return TRUE;
}

gboolean
twin_ctl_take_csv (TwinCtlTake *take, GInputStream *stream, GError **error)
{
  g_autofree char *piece = g_malloc (PIECE + 1);
  Csv              self = { .take = take, .column = -1, .time = -1 };
  gsize            held = 0, read = 0;
  GError          *stop = NULL;

  do
    {
      if (held == PIECE)
        {
          self.line++;
          return CSV_ERROR (&self, error,
                            "it is longer than %d bytes; check "
                            "--format",
                            PIECE);
        }
      if (!g_input_stream_read_all (stream, piece + held, PIECE - held, &read,
                                    NULL, error))
        {
          g_prefix_error (error, "%s: ", take->name);
          return FALSE;
        }

      held += read;
      if (!take_lines (&self, piece, &held, read == 0, &stop))
        break;
    }
  while (read > 0);

  if (stop != NULL)
    {
      g_propagate_error (error, stop);
      return FALSE;
    }

  return take->samples->len == 0 || self.time < 0 || finish_time (&self, error);
}
