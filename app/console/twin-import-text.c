/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-import-text.h"

#include <string.h>

typedef struct
{
  char *name;
  char *text;
} File;

struct _TwinImportText
{
  GPtrArray *files; /* File */
  GString   *whole; /* NULL: to be made */
};

static void
file_free (gpointer data)
{
  File *file = data;

  g_free (file->name);
  g_free (file->text);
  g_free (file);
}

TwinImportText *
twin_import_text_new (void)
{
  TwinImportText *self = g_new0 (TwinImportText, 1);

  self->files = g_ptr_array_new_with_free_func (file_free);
  return self;
}

static void
forget_whole (TwinImportText *self)
{
  if (self->whole != NULL)
    g_string_free (self->whole, TRUE);
  self->whole = NULL;
}

void
twin_import_text_free (TwinImportText *self)
{
  forget_whole (self);
  g_ptr_array_unref (self->files);
  g_free (self);
}

void
twin_import_text_add (TwinImportText *self, const char *name, const char *text)
{
  File *file = g_new0 (File, 1);

  /* A byte order mark inside a text is no JSON. */
  if (g_str_has_prefix (text, "\xef\xbb\xbf"))
    text += 3;
  file->name = g_strdup (name);
  file->text = g_strdup (text);
  g_ptr_array_add (self->files, file);
  forget_whole (self);
}

guint
twin_import_text_count (TwinImportText *self)
{
  return self->files->len;
}

/* An array inside the array of all gives its elements: its brackets become
 * blanks, so that no column moves. FALSE: it is empty. */
static gboolean
append_file (GString *whole, const char *text)
{
  const gsize begin = whole->len;
  gsize       first, last;

  g_string_append (whole, text);
  first = begin;
  while (first < whole->len && g_ascii_isspace (whole->str[first]))
    first++;
  if (first == whole->len)
    return FALSE;

  last = whole->len - 1;
  while (last > first && g_ascii_isspace (whole->str[last]))
    last--;
  if (whole->str[first] != '[' || whole->str[last] != ']')
    return TRUE;

  whole->str[first] = whole->str[last] = ' ';
  for (gsize i = first; i < last; i++)
    if (!g_ascii_isspace (whole->str[i]))
      return TRUE;

  return FALSE;
}

const char *
twin_import_text_get (TwinImportText *self)
{
  gboolean comma = FALSE;

  if (self->files->len == 0)
    return "";
  if (self->files->len == 1)
    return ((File *) self->files->pdata[0])->text;
  if (self->whole != NULL)
    return self->whole->str;

  /* The first file's first line is line 2 of the whole. */
  self->whole = g_string_new ("[");
  for (guint i = 0; i < self->files->len; i++)
    {
      const File *file = self->files->pdata[i];
      const gsize end = self->whole->len;

      g_string_append_c (self->whole, '\n');
      if (!append_file (self->whole, file->text))
        continue;
      /* Before the line's end it moves nothing. */
      if (comma)
        g_string_insert_c (self->whole, (gssize) end, ',');
      comma = TRUE;
    }
  g_string_append (self->whole, "\n]");
  return self->whole->str;
}

/* --- places --------------------------------------------------------------- */

static guint
count_lines (const char *text, const char *end)
{
  guint n = 0;

  for (; *text != '\0' && (end == NULL || text < end); text++)
    n += *text == '\n';

  return n;
}

static char *
dup_line_place (TwinImportText *self, guint64 line, const char *rest)
{
  guint64 first = self->files->len > 1 ? 2 : 1;

  for (guint i = 0; i < self->files->len; i++)
    {
      const File   *file = self->files->pdata[i];
      const guint64 n = count_lines (file->text, NULL) + 1;

      if (line >= first && line < first + n)
        return g_strdup_printf ("%s, line %" G_GUINT64_FORMAT "%s", file->name,
                                line - first + 1, rest);
      first += n;
    }

  return NULL;
}

/* Where "@id": "…" stands. */
static char *
dup_dtmi_place (TwinImportText *self, const char *dtmi)
{
  g_autofree char *quoted = g_strdup_printf ("\"%s\"", dtmi);

  for (guint i = 0; i < self->files->len; i++)
    {
      const File *file = self->files->pdata[i];
      const char *at = file->text;

      while ((at = strstr (at, quoted)) != NULL)
        {
          const char *key = at;

          while (key > file->text &&
                 (g_ascii_isspace (key[-1]) || key[-1] == ':'))
            key--;
          if (key - file->text >= 5 && strncmp (key - 5, "\"@id\"", 5) == 0)
            return g_strdup_printf ("%s, line %u · %s", file->name,
                                    count_lines (file->text, at) + 1, dtmi);
          at++;
        }
    }

  return NULL;
}

char *
twin_import_text_dup_place (TwinImportText *self, const char *where)
{
  const char *dtmi = strstr (where, "dtmi:");
  char       *place = NULL;

  if (g_str_has_prefix (where, "line "))
    {
      char         *rest = NULL;
      const guint64 line = g_ascii_strtoull (where + 5, &rest, 10);

      place = dup_line_place (self, line, rest);
    }
  else if (dtmi != NULL)
    {
      place = dup_dtmi_place (self, dtmi);
    }

  return place != NULL ? place : g_strdup (where);
}
