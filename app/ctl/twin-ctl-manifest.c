/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl-manifest.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "twin-ctl-samples.h"
#include "twin-ctl-verdict.h"

#define OTHERS_MAX 8

typedef struct
{
  char       *file, *sensor, *bearing_text;
  char       *machine; /* the file's name without the sensor's */
  double      rpm, rate_hz, scale;
  TwinBearing bearing;
} Row;

static void
row_free (void *data)
{
  Row *row = data;

  g_free (row->file);
  g_free (row->sensor);
  g_free (row->bearing_text);
  g_free (row->machine);
  g_free (row);
}

/* --- reading ----------------------------------------------------------------
 */

/* Fields of one line; quotes as in RFC 4180. @line moves to the next. */
static GPtrArray *
take_line (const char **line)
{
  GPtrArray *fields = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) field = g_string_new (NULL);
  gboolean    quoted = FALSE;
  const char *c = *line;

  for (; *c != '\0' && (quoted || *c != '\n'); c++)
    {
      if (*c == '"' && quoted && c[1] == '"')
        g_string_append_c (field, *++c);
      else if (*c == '"')
        quoted = !quoted;
      else if (*c == ',' && !quoted)
        {
          g_ptr_array_add (fields, g_strdup (g_strstrip (field->str)));
          g_string_truncate (field, 0);
        }
      else
        g_string_append_c (field, *c);
    }

  g_ptr_array_add (fields, g_strdup (g_strstrip (field->str)));
  *line = c + (*c == '\n');
  return fields;
}

enum
{
  COLUMN_FILE,
  COLUMN_RPM,
  COLUMN_RATE,
  COLUMN_SCALE,
  COLUMN_SENSOR,
  COLUMN_BEARING,
  COLUMNS,
};

static const char *const column_names[COLUMNS] = { "file",   "rpm",
                                                   "fs_hz",  "g_per_lsb",
                                                   "sensor", "bearing" };

static gboolean
find_columns (const GPtrArray *heading, int *places, GError **error)
{
  for (int column = 0; column < COLUMNS; column++)
    {
      places[column] = -1;
      for (guint i = 0; i < heading->len; i++)
        {
          if (g_ascii_strcasecmp (g_ptr_array_index (heading, i),
                                  column_names[column]) == 0)
            places[column] = (int) i;
        }

      if (places[column] < 0)
        {
          g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                       "line 1: the column “%s” is missing",
                       column_names[column]);
          return FALSE;
        }
    }

  return TRUE;
}

static const char *
cell (const GPtrArray *fields, const int *places, int column)
{
  return places[column] < (int) fields->len
             ? g_ptr_array_index (fields, places[column])
             : "";
}

static gboolean
read_number (const GPtrArray *fields,
             const int       *places,
             int              column,
             double          *value,
             GError         **error)
{
  const char *text = cell (fields, places, column);
  char       *end = NULL;

  *value = g_ascii_strtod (text, &end);
  if (end == text || *end != '\0' || !isfinite (*value) || *value <= 0)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                   "“%s” in column “%s” is no positive number", text,
                   column_names[column]);
      return FALSE;
    }

  return TRUE;
}

/* "105_DE.i16" and "105_FE.i16" are one machine by their sensors' names. */
static char *
machine_of (const char *file, const char *sensor)
{
  g_auto (GStrv) parts = NULL;

  if (sensor[0] == '\0')
    return g_strdup (file);

  parts = g_strsplit (file, sensor, -1);
  return g_strjoinv ("\n", parts);
}

static Row *
read_row (const GPtrArray            *fields,
          const int                  *places,
          const TwinBearingCatalogue *catalogue,
          GError                    **error)
{
  Row *row = g_new0 (Row, 1);

  row->file = g_strdup (cell (fields, places, COLUMN_FILE));
  row->sensor = g_strdup (cell (fields, places, COLUMN_SENSOR));
  row->bearing_text = g_strdup (cell (fields, places, COLUMN_BEARING));
  row->machine = machine_of (row->file, row->sensor);

  if (!read_number (fields, places, COLUMN_RPM, &row->rpm, error) ||
      !read_number (fields, places, COLUMN_RATE, &row->rate_hz, error) ||
      !read_number (fields, places, COLUMN_SCALE, &row->scale, error) ||
      !twin_bearing_resolve (catalogue, row->bearing_text, &row->bearing,
                             error))
    {
      row_free (row);
      return NULL;
    }

  return row;
}

/* --- judging ----------------------------------------------------------------
 */

/* Other bearings of the same machine, by the names of the files. */
static size_t
find_others (const GPtrArray *rows, const Row *row, TwinBearing *others)
{
  size_t n = 0;

  for (guint i = 0; i < rows->len && n < OTHERS_MAX; i++)
    {
      const Row *other = g_ptr_array_index (rows, i);

      if (other != row && strcmp (other->machine, row->machine) == 0 &&
          strcmp (other->bearing_text, row->bearing_text) != 0)
        {
          others[n] = other->bearing;
          g_strlcpy (others[n].designation, other->bearing_text,
                     sizeof others[n].designation);
          n++;
        }
    }

  return n;
}

static void
print_row (const Row *row, const TwinBearingVerdict *verdict)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "file");
  json_builder_add_string_value (builder, row->file);
  json_builder_set_member_name (builder, "sensor");
  json_builder_add_string_value (builder, row->sensor);
  json_builder_set_member_name (builder, "bearing");
  json_builder_add_string_value (builder, row->bearing_text);
  twin_ctl_verdict_build (builder, verdict);
  json_builder_end_object (builder);
  twin_ctl_print_builder (builder);
}

static gboolean
read_recording (const char       *folder,
                const Row        *row,
                TwinCtlRecording *recording,
                GError          **error)
{
  g_autofree char     *path = g_build_filename (folder, row->file, NULL);
  TwinCtlSampleOptions input = { .format = (char *) "i16",
                                 .rate_hz = row->rate_hz,
                                 .scale = row->scale };

  return twin_ctl_samples_read_file (path, &input, recording, error);
}

/* Another channel of the machine holds the same signal. One that cannot be read
 * is reported in its own row. */
static gboolean
is_copied (TwinTransform          *transform,
           const char             *folder,
           const GPtrArray        *rows,
           const Row              *row,
           const TwinCtlRecording *recording)
{
  gboolean copied = FALSE;

  for (guint i = 0; i < rows->len && !copied; i++)
    {
      const Row       *other = g_ptr_array_index (rows, i);
      TwinCtlRecording second = { 0 };
      TwinQualityCopy  copy;

      if (other == row || strcmp (other->machine, row->machine) != 0 ||
          !read_recording (folder, other, &second, NULL))
        continue;

      twin_quality_compare (transform, recording->samples, second.samples,
                            MIN (recording->n, second.n), recording->rate_hz,
                            &copy);
      copied = copy.copy;
      twin_ctl_recording_clear (&second);
    }

  return copied;
}

static gboolean
judge_row (TwinTransform      *transform,
           const char         *folder,
           const GPtrArray    *rows,
           const Row          *row,
           TwinBearingVerdict *verdict,
           GError            **error)
{
  TwinCtlRecording     recording = { 0 };
  TwinShaftSpeed       shaft = { row->rpm / 60, TWIN_SPEED_NAMEPLATE };
  TwinBearing          others[OTHERS_MAX];
  TwinDiagnosisOptions options = { .others = others };

  if (!read_recording (folder, row, &recording, error))
    return FALSE;

  options.n_others = find_others (rows, row, others);
  if (is_copied (transform, folder, rows, row, &recording))
    options.known_flags = TWIN_SIGNAL_COPY;
  twin_bearing_diagnose (transform, recording.samples, recording.n,
                         recording.rate_hz, &shaft, &row->bearing, &options,
                         verdict);
  twin_ctl_recording_clear (&recording);
  return TRUE;
}

static int
judge_rows (const char *path, const GPtrArray *rows, gboolean json)
{
  g_autoptr (TwinTransform) transform = twin_transform_new ();
  g_autofree char  *folder = g_path_get_dirname (path);
  const char *const headings[] = { "file", "bearing", "verdict", "suspected",
                                   ">z",   ">margin", NULL };
  TwinCtlTable     *table = json ? NULL : twin_ctl_table_new (headings);
  int               status = TWIN_CTL_DONE;

  for (guint i = 0; i < rows->len; i++)
    {
      const Row         *row = g_ptr_array_index (rows, i);
      TwinBearingVerdict verdict;
      g_autoptr (GError) error = NULL;
      g_autofree char *z = NULL, *margin = NULL;

      if (!judge_row (transform, folder, rows, row, &verdict, &error))
        {
          status = twin_ctl_fail_error (TWIN_CTL_INPUT, error);
          continue;
        }

      if (json)
        {
          print_row (row, &verdict);
          continue;
        }

      z = g_strdup_printf ("%.1f", verdict.best_z);
      margin = g_strdup_printf ("%.1f", verdict.margin);
      twin_ctl_table_add (table, row->file, row->bearing_text,
                          twin_element_name (verdict.verdict),
                          twin_element_is_fault (verdict.suspected) &&
                                  verdict.suspected != verdict.verdict
                              ? twin_element_name (verdict.suspected)
                              : NULL,
                          z, margin);
    }

  if (table != NULL)
    twin_ctl_table_print (table);
  return status;
}

int
twin_ctl_manifest_run (const char                 *path,
                       const TwinBearingCatalogue *catalogue,
                       gboolean                    json)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (row_free);
  g_autoptr (GPtrArray) heading = NULL;
  g_autoptr (GError) error = NULL;
  gsize            length = 0;
  g_autofree char *text = twin_ctl_read (path, &length, &error);
  const char      *line = text;
  int              places[COLUMNS];
  int              number = 1, status = TWIN_CTL_DONE, judged;

  if (text == NULL)
    return twin_ctl_fail_error (TWIN_CTL_INPUT, error);

  if (g_str_has_prefix (line, "\xef\xbb\xbf"))
    line += 3;
  heading = take_line (&line);
  if (!find_columns (heading, places, &error))
    return twin_ctl_fail (TWIN_CTL_INPUT, "%s: %s", path, error->message);

  while (*line != '\0')
    {
      g_autoptr (GPtrArray) fields = take_line (&line);
      g_autoptr (GError) row_error = NULL;
      Row *row;

      number++;
      if (fields->len == 1 && *(char *) g_ptr_array_index (fields, 0) == '\0')
        continue;

      row = read_row (fields, places, catalogue, &row_error);
      if (row != NULL)
        g_ptr_array_add (rows, row);
      else
        status = twin_ctl_fail (TWIN_CTL_INPUT, "%s:%d: %s", path, number,
                                row_error->message);
    }

  judged = judge_rows (path, rows, json);
  return judged != TWIN_CTL_DONE ? judged : status;
}
