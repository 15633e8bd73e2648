/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl-sheet.h"

#include <math.h>
#include <string.h>

#include "twin-clock.h"

#define CELLS_MAX 20000000
#define COLUMNS_MAX 4096

#define REFUSE(error, ...)                                                     \
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, __VA_ARGS__)

void
twin_ctl_sheet_free (TwinCtlSheet *self)
{
  if (self == NULL)
    return;

  g_free (self->path);
  g_strfreev (self->names);
  g_free (self->text);
  g_free (self->cells);
  g_free (self->line);
  g_free (self);
}

/* --- cells -------------------------------------------------------------------
 */

static char
find_delimiter (const char *line)
{
  static const char known[] = { '\t', ';', ',' };
  size_t            length = strcspn (line, "\r\n");

  for (size_t i = 0; i < sizeof known; i++)
    if (memchr (line, known[i], length) != NULL)
      return known[i];

  return ' ';
}

/* Cuts the next cell out of @rest, which moves on; NULL: the line is used up.
 */
static char *
next_cell (char **rest, char delimiter)
{
  char *cell = *rest, *end;

  if (cell == NULL)
    return NULL;

  while (*cell == ' ' || (*cell == '\t' && delimiter != '\t'))
    cell++;
  if (delimiter == ' ' && *cell == '\0')
    return NULL;

  if (*cell == '"' && (end = strchr (cell + 1, '"')) != NULL)
    {
      cell++;
      *end++ = '\0';
      if (delimiter != ' ')
        end += strspn (end, delimiter == '\t' ? " " : " \t");
    }
  else
    {
      end = delimiter == ' ' ? cell + strcspn (cell, " \t")
                             : strchr (cell, delimiter);
      if (end == NULL)
        end = cell + strlen (cell);
    }

  *rest = *end != '\0' ? end + 1 : NULL;
  *end = '\0';
  return g_strchomp (cell);
}

static GPtrArray *
split_line (char *line, char delimiter)
{
  GPtrArray *cells = g_ptr_array_new ();
  char      *rest = line, *cell;

  while (cells->len <= COLUMNS_MAX &&
         (cell = next_cell (&rest, delimiter)) != NULL)
    g_ptr_array_add (cells, cell);

  return cells;
}

static gboolean
take_names (TwinCtlSheet *self, GPtrArray *cells, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  self->n_columns = cells->len;
  self->names = g_new0 (char *, cells->len + 1);
  for (guint i = 0; i < cells->len; i++)
    {
      self->names[i] = g_strdup (g_ptr_array_index (cells, i));
      if (!g_hash_table_add (seen, self->names[i]))
        {
          REFUSE (error, "%s: two columns are named “%s”", self->path,
                  self->names[i]);
          return FALSE;
        }
    }

  if (cells->len == 0 || cells->len > COLUMNS_MAX)
    {
      REFUSE (error, "%s: %s", self->path,
              cells->len == 0 ? "there is no column" : "too many columns");
      return FALSE;
    }

  return TRUE;
}

static gboolean
take_row (TwinCtlSheet *self,
          GPtrArray    *all,
          GArray       *lines,
          GPtrArray    *cells,
          guint         line,
          GError      **error)
{
  if (cells->len != self->n_columns)
    {
      REFUSE (error, "%s:%u: %u cells in a table of %zu columns", self->path,
              line, cells->len, self->n_columns);
      return FALSE;
    }
  if (all->len + cells->len > CELLS_MAX)
    {
      REFUSE (error, "%s:%u: more than %d cells; give a part of it", self->path,
              line, CELLS_MAX);
      return FALSE;
    }

  for (guint i = 0; i < cells->len; i++)
    g_ptr_array_add (all, g_ptr_array_index (cells, i));
  g_array_append_val (lines, line);
  return TRUE;
}

static gboolean
take_lines (TwinCtlSheet *self, char delimiter, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (guint));
  char *next = self->text;

  for (guint number = 1; next != NULL; number++)
    {
      g_autoptr (GPtrArray) cells = NULL;
      char *line = next, *end = strchr (line, '\n');

      next = end != NULL ? end + 1 : NULL;
      if (end != NULL)
        *end = '\0';
      if (*g_strchomp (line) == '\0')
        continue;

      if (delimiter == 0)
        delimiter = find_delimiter (line);
      cells = split_line (line, delimiter);
      if (self->names == NULL
              ? !take_names (self, cells, error)
              : !take_row (self, all, lines, cells, number, error))
        return FALSE;
    }

  if (lines->len == 0)
    {
      REFUSE (error, "%s: there is no row", self->path);
      return FALSE;
    }

  self->n_rows = lines->len;
  self->cells = (char **) g_ptr_array_steal (all, NULL);
  self->line = (guint *) (void *) g_array_steal (lines, NULL);
  return TRUE;
}

TwinCtlSheet *
twin_ctl_sheet_read (const char *path,
                     const char *columns,
                     char        delimiter,
                     GError    **error)
{
  g_autoptr (TwinCtlSheet) self = g_new0 (TwinCtlSheet, 1);
  gsize length;

  self->path = g_strdup (strcmp (path, "-") == 0 ? "standard input" : path);
  self->text = twin_ctl_read (path, &length, error);
  if (self->text == NULL)
    return NULL;

  if (!g_utf8_validate_len (self->text, length, NULL))
    {
      REFUSE (error, "%s: this is no table of text (UTF-8)", self->path);
      return NULL;
    }

  /* The mark that some programs begin UTF-8 with is no part of a name. */
  if (g_str_has_prefix (self->text, "\xef\xbb\xbf"))
    memset (self->text, ' ', 3);

  if (columns != NULL)
    {
      g_autofree char *copy = g_strdup (columns);
      g_autoptr (GPtrArray) cells = split_line (copy, ',');

      if (!take_names (self, cells, error))
        return NULL;
    }

  return take_lines (self, delimiter, error) ? g_steal_pointer (&self) : NULL;
}

/* --- reading
 * ------------------------------------------------------------------
 */

int
twin_ctl_sheet_find (const TwinCtlSheet *self, const char *name, GError **error)
{
  g_autofree char *known = NULL;

  for (size_t i = 0; i < self->n_columns; i++)
    if (strcmp (self->names[i], name) == 0)
      return (int) i;

  known = g_strjoinv (", ", self->names);
  REFUSE (error, "%s: there is no column “%s”, only %.300s", self->path, name,
          known);
  return -1;
}

const char *
twin_ctl_sheet_cell (const TwinCtlSheet *self, size_t row, size_t column)
{
  return self->cells[row * self->n_columns + column];
}

static gboolean
is_gap (const char *cell)
{
  return *cell == '\0' || g_ascii_strcasecmp (cell, "nan") == 0 ||
         g_ascii_strcasecmp (cell, "na") == 0 ||
         g_ascii_strcasecmp (cell, "null") == 0;
}

static gboolean
is_number (const char *cell, double *value)
{
  char *end;

  *value = g_ascii_strtod (cell, &end);
  return end != cell && *end == '\0' && isfinite (*value);
}

static void
refuse_cell (const TwinCtlSheet *self,
             size_t              row,
             size_t              column,
             const char         *what,
             GError            **error)
{
  REFUSE (error, "%s:%u: “%.40s” in column “%s” is no %s", self->path,
          self->line[row], twin_ctl_sheet_cell (self, row, column),
          self->names[column], what);
}

gboolean
twin_ctl_sheet_number (const TwinCtlSheet *self,
                       size_t              row,
                       size_t              column,
                       double             *value,
                       GError            **error)
{
  const char *cell = twin_ctl_sheet_cell (self, row, column);

  if (is_gap (cell))
    {
      *value = NAN;
      return TRUE;
    }
  if (is_number (cell, value))
    return TRUE;

  refuse_cell (self, row, column, "number", error);
  return FALSE;
}

gboolean
twin_ctl_sheet_time (const TwinCtlSheet *self,
                     size_t              row,
                     size_t              column,
                     double             *value,
                     GError            **error)
{
  const char      *cell = twin_ctl_sheet_cell (self, row, column);
  g_autofree char *zoned = NULL;
  int64_t          us;

  if (is_number (cell, value))
    return TRUE;

  zoned = g_strconcat (cell, "Z", NULL);
  if (strlen (zoned) > 10 && zoned[10] == ' ')
    zoned[10] = 'T';
  if (twin_clock_parse_utc (cell, &us) || twin_clock_parse_utc (zoned, &us))
    {
      *value = twin_clock_seconds_from_us (us);
      return TRUE;
    }

  refuse_cell (self, row, column, "number and no time (2026-11-24T10:00:00Z)",
               error);
  return FALSE;
}
