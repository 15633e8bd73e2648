/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MOST_BYTES ((gsize) 256 << 20)

struct _TwinCtlTable
{
  GPtrArray *cells; /* row after row, headings first */
  guint      columns;
  gboolean  *right;
};

int
twin_ctl_fail (int exit, const char *format, ...)
{
  va_list          args;
  g_autofree char *text = NULL;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  fprintf (stderr, "twinctl: %s\n", text);
  return exit;
}

int
twin_ctl_fail_error (int exit, const GError *error)
{
  return twin_ctl_fail (exit, "%s", error->message);
}

int
twin_ctl_usage (const char *format, ...)
{
  va_list          args;
  g_autofree char *text = NULL;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  fprintf (stderr, "twinctl: %s; see twinctl --help\n", text);
  return TWIN_CTL_USAGE;
}

static char *
read_stream (int fd, const char *name, gsize *length, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8  piece[65536];
  ssize_t got;

  while ((got = read (fd, piece, sizeof piece)) != 0)
    {
      if (got < 0 && errno == EINTR)
        continue;

      if (got < 0)
        {
          g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
                       "Could not read %s: %s", name, g_strerror (errno));
          return NULL;
        }

      if (bytes->len + (gsize) got > MOST_BYTES)
        {
          g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                       "%s is larger than 256 MiB; split it", name);
          return NULL;
        }

      g_byte_array_append (bytes, piece, (guint) got);
    }

  *length = bytes->len;
  g_byte_array_append (bytes, (const guint8 *) "", 1);
  return (char *) g_byte_array_free (g_steal_pointer (&bytes), FALSE);
}

char *
twin_ctl_read (const char *path, gsize *length, GError **error)
{
  FILE *file;
  char *text;

  if (strcmp (path, "-") == 0)
    return read_stream (STDIN_FILENO, "standard input", length, error);

  file = fopen (path, "re");
  if (file == NULL)
    {
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
                   "Could not open %s: %s", path, g_strerror (errno));
      return NULL;
    }

  text = read_stream (fileno (file), path, length, error);
  fclose (file);
  return text;
}

void
twin_ctl_print_json (JsonNode *node, gboolean pretty)
{
  g_autofree char *text = json_to_string (node, pretty);

  puts (text);
}

void
twin_ctl_print_builder (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);

  twin_ctl_print_json (root, FALSE);
  json_builder_reset (builder);
}

TwinCtlTable *
twin_ctl_table_new (const char *const *headings)
{
  TwinCtlTable *self = g_new0 (TwinCtlTable, 1);

  self->columns = g_strv_length ((char **) headings);
  self->right = g_new0 (gboolean, self->columns);
  self->cells = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < self->columns; i++)
    {
      self->right[i] = headings[i][0] == '>';
      g_ptr_array_add (self->cells, g_strdup (headings[i] + self->right[i]));
    }

  return self;
}

void
twin_ctl_table_add (TwinCtlTable *self, ...)
{
  va_list args;

  va_start (args, self);
  for (guint i = 0; i < self->columns; i++)
    {
      const char *cell = va_arg (args, const char *);

      g_ptr_array_add (self->cells, g_strdup (cell != NULL ? cell : "–"));
    }
  va_end (args);
}

void
twin_ctl_table_add_cells (TwinCtlTable *self, const char *const *cells)
{
  for (guint i = 0; i < self->columns; i++)
    g_ptr_array_add (self->cells, g_strdup (cells[i] != NULL ? cells[i] : "–"));
}

void
twin_ctl_table_free (TwinCtlTable *self)
{
  g_ptr_array_unref (self->cells);
  g_free (self->right);
  g_free (self);
}

static void
print_row (TwinCtlTable *self, guint first, const glong *widths)
{
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint i = 0; i < self->columns; i++)
    {
      const char *cell = g_ptr_array_index (self->cells, first + i);
      int         pad = (int) (widths[i] - g_utf8_strlen (cell, -1));

      if (i > 0)
        g_string_append (line, "  ");

      if (self->right[i])
        g_string_append_printf (line, "%*s%s", pad, "", cell);
      else if (i + 1 < self->columns)
        g_string_append_printf (line, "%s%*s", cell, pad, "");
      else
        g_string_append (line, cell);
    }

  puts (line->str);
}

void
twin_ctl_table_print (TwinCtlTable *self)
{
  g_autofree glong *widths = g_new0 (glong, self->columns);

  for (guint i = 0; i < self->cells->len; i++)
    {
      glong length = g_utf8_strlen (g_ptr_array_index (self->cells, i), -1);

      widths[i % self->columns] = MAX (widths[i % self->columns], length);
    }

  for (guint i = 0; i < self->cells->len; i += self->columns)
    print_row (self, i, widths);

  twin_ctl_table_free (self);
}
