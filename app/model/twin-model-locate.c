/* SPDX-License-Identifier: Apache-2.0 */
/* Lines and columns of issues, whose JSON pointers are known: every text that
 * has some is walked once. */
#include <string.h>

#include "twin-model-builder.h"

typedef struct
{
  const char *at, *end;
  const char *counted; /* up to here lines are counted */
  guint       line, column;
  GString    *pointer;
  GHashTable *wanted; /* pointer → GPtrArray of TwinModelIssue */
  guint       left;
} Walk;

static void walk_value (Walk *self);

static void
skip_blank (Walk *self)
{
  while (self->at < self->end && (*self->at == ' ' || *self->at == '\n' ||
                                  *self->at == '\r' || *self->at == '\t'))
    self->at++;
}

static void
count_lines (Walk *self)
{
  for (; self->counted < self->at; self->counted++)
    {
      if (*self->counted == '\n')
        {
          self->line++;
          self->column = 1;
        }
      else if (((guchar) *self->counted & 0xC0) != 0x80)
        self->column++;
    }
}

/* Whether the value at hand is one of those that are asked for. */
static void
note (Walk *self)
{
  GPtrArray *issues = g_hash_table_lookup (self->wanted, self->pointer->str);

  if (issues == NULL)
    return;

  count_lines (self);
  for (guint i = 0; i < issues->len; i++)
    {
      TwinModelIssue *issue = g_ptr_array_index (issues, i);

      issue->line = self->line;
      issue->column = self->column;
    }
  self->left--;
  g_hash_table_remove (self->wanted, self->pointer->str);
}

/* The text is known to be JSON: what is in quotes ends. */
static void
skip_string (Walk *self)
{
  for (self->at++; self->at < self->end && *self->at != '"'; self->at++)
    {
      if (*self->at == '\\')
        self->at++;
    }
  self->at = MIN (self->at + 1, self->end);
}

/* Appends the key at hand to the pointer. */
static void
push_key (Walk *self)
{
  const char *first = self->at;

  skip_string (self);
  g_string_append_c (self->pointer, '/');
  if (memchr (first, '\\', (size_t) (self->at - first)) != NULL)
    {
      g_autoptr (JsonNode) key =
          twin_json_parse_part (first, (gsize) (self->at - first), NULL, NULL);
      const char      *text = twin_model_string (key);
      g_autofree char *step =
          twin_json_pointer_join ("", text != NULL ? text : "");

      g_string_append (self->pointer, step + 1);
      return;
    }

  for (const char *p = first + 1; p < self->at - 1; p++)
    {
      if (*p == '~' || *p == '/')
        g_string_append (self->pointer, *p == '~' ? "~0" : "~1");
      else
        g_string_append_c (self->pointer, *p);
    }
}

static void
walk_inside (Walk *self, char close)
{
  gsize length = self->pointer->len;
  guint index = 0;

  self->at++;
  for (;;)
    {
      skip_blank (self);
      if (self->at >= self->end || self->left == 0)
        return;
      if (*self->at == close)
        break;
      if (*self->at == ',')
        {
          self->at++;
          continue;
        }

      if (close == '}')
        {
          push_key (self);
          skip_blank (self);
          self->at++; /* the colon */
        }
      else
        g_string_append_printf (self->pointer, "/%u", index++);
      walk_value (self);
      g_string_truncate (self->pointer, length);
    }

  self->at++;
}

/* Recursion is bounded: the reader took no text deeper than 64. */
static void
walk_value (Walk *self)
{
  skip_blank (self);
  if (self->at >= self->end || self->left == 0)
    return;

  note (self);
  if (*self->at == '{' || *self->at == '[')
    walk_inside (self, *self->at == '{' ? '}' : ']');
  else if (*self->at == '"')
    skip_string (self);
  else
    while (self->at < self->end && strchr (",]} \n\r\t", *self->at) == NULL)
      self->at++;
}

static void
locate_in (const TwinModelSource *source, GHashTable *wanted)
{
  gsize length =
      source->length < 0 ? strlen (source->text) : (gsize) source->length;
  Walk walk = { .at = source->text,
                .end = source->text + length,
                .line = 1,
                .column = 1,
                .wanted = wanted,
                .left = g_hash_table_size (wanted) };

  if (length >= 3 && memcmp (source->text, "\xEF\xBB\xBF", 3) == 0)
    walk.at += 3;
  walk.counted = walk.at;
  walk.pointer = g_string_new (NULL);
  walk_value (&walk);
  g_string_free (walk.pointer, TRUE);
}

/* @file's issues that have no line yet, by pointer. */
static GHashTable *
list_wanted (const TwinModelReport *report, const char *file)
{
  GHashTable *wanted =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                             (GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; i < report->issues->len; i++)
    {
      TwinModelIssue *issue = g_ptr_array_index (report->issues, i);
      GPtrArray      *same;

      if (issue->pointer == NULL || issue->line > 0 ||
          g_strcmp0 (issue->file, file) != 0)
        continue;

      same = g_hash_table_lookup (wanted, issue->pointer);
      if (same == NULL)
        {
          same = g_ptr_array_new ();
          g_hash_table_insert (wanted, issue->pointer, same);
        }
      g_ptr_array_add (same, issue);
    }

  return wanted;
}

void
twin_model_report_locate (TwinModelReport       *report,
                          const TwinModelSource *sources,
                          size_t                 n_sources)
{
  g_autoptr (GHashTable) files = NULL;

  if (report->issues->len == 0)
    return;

  files = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < report->issues->len; i++)
    {
      TwinModelIssue *issue = g_ptr_array_index (report->issues, i);

      if (issue->file != NULL && issue->pointer != NULL)
        g_hash_table_add (files, issue->file);
    }

  for (size_t i = 0; i < n_sources; i++)
    {
      g_autoptr (GHashTable) wanted = NULL;

      if (!g_hash_table_contains (files, sources[i].name))
        continue;
      wanted = list_wanted (report, sources[i].name);
      if (g_hash_table_size (wanted) > 0)
        locate_in (&sources[i], wanted);
    }
}
