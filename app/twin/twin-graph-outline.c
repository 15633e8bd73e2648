/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-graph-outline.h"

#include <string.h>

#include "twin-json.h"

enum
{
  MOST_DEPTH = 64, /* as twin_json_parse() */
};

/* --- walking
 * -------------------------------------------------------------------- */

static gboolean
fail (GError **error, const char *what)
{
  g_set_error_literal (error, TWIN_JSON_ERROR, TWIN_JSON_ERROR_SYNTAX, what);
  return FALSE;
}

static gboolean
fail_end (TwinJsonCursor *cursor, GError **error, const char *what)
{
  return fail (error,
               cursor->at >= cursor->length ? "the text ends too early" : what);
}

char
twin_json_cursor_peek (const TwinJsonCursor *cursor)
{
  return cursor->at < cursor->length ? cursor->text[cursor->at] : '\0';
}

void
twin_json_cursor_blank (TwinJsonCursor *cursor)
{
  while (cursor->at < cursor->length &&
         strchr (" \n\r\t", cursor->text[cursor->at]) != NULL &&
         cursor->text[cursor->at] != '\0')
    cursor->at++;
}

static gboolean
skip_string (TwinJsonCursor *cursor, GError **error)
{
  gsize at = cursor->at + 1;

  while (at < cursor->length && cursor->text[at] != '"')
    at += cursor->text[at] == '\\' ? 2 : 1;

  cursor->at = MIN (at, cursor->length);
  if (at >= cursor->length)
    return fail_end (cursor, error, "");
  cursor->at++;
  return TRUE;
}

static gboolean
skip_word (TwinJsonCursor *cursor, GError **error)
{
  gsize first = cursor->at;

  while (cursor->at < cursor->length &&
         (g_ascii_isalnum (cursor->text[cursor->at]) ||
          (cursor->text[cursor->at] != '\0' &&
           strchr ("+-.", cursor->text[cursor->at]) != NULL)))
    cursor->at++;

  return cursor->at > first ||
         fail_end (cursor, error, "a value is expected here");
}

gboolean
twin_json_cursor_skip (TwinJsonCursor *cursor, GError **error)
{
  char closes[MOST_DEPTH];
  int  depth = 0;

  do
    {
      char c;

      twin_json_cursor_blank (cursor);
      c = twin_json_cursor_peek (cursor);
      if (c == '{' || c == '[')
        {
          if (depth == MOST_DEPTH)
            return fail (error, "nested deeper than 64 levels");
          closes[depth++] = c == '{' ? '}' : ']';
          cursor->at++;
        }
      else if (depth > 0 && c == closes[depth - 1])
        {
          depth--;
          cursor->at++;
        }
      else if (depth > 0 && (c == ',' || c == ':'))
        cursor->at++;
      else if (c == '"')
        {
          if (!skip_string (cursor, error))
            return FALSE;
        }
      else if (!skip_word (cursor, error))
        return FALSE;
    }
  while (depth > 0);

  return TRUE;
}

gboolean
twin_json_cursor_comma (TwinJsonCursor *cursor,
                        char            close,
                        gboolean       *last,
                        GError        **error)
{
  char c;

  twin_json_cursor_blank (cursor);
  c = twin_json_cursor_peek (cursor);
  if (c != ',' && c != close)
    return fail_end (cursor, error,
                     close == ']' ? "a comma or ] is expected here"
                                  : "a comma or } is expected here");

  cursor->at++;
  *last = c == close;
  return TRUE;
}

/* --- the outer objects
 * ---------------------------------------------------------- */

/* Over "key" and the colon. Caller frees the key. */
static char *
read_key (TwinJsonCursor *cursor, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  gsize first;

  twin_json_cursor_blank (cursor);
  first = cursor->at;
  if (twin_json_cursor_peek (cursor) != '"')
    {
      fail_end (cursor, error, "a key in double quotes is expected here");
      return NULL;
    }

  if (!skip_string (cursor, error))
    return NULL;
  node = twin_json_parse_part (cursor->text + first, cursor->at - first, NULL,
                               error);
  if (node == NULL)
    {
      cursor->at = first;
      return NULL;
    }

  twin_json_cursor_blank (cursor);
  if (twin_json_cursor_peek (cursor) != ':')
    {
      fail_end (cursor, error, "a colon is expected after the key");
      return NULL;
    }

  cursor->at++;
  twin_json_cursor_blank (cursor);
  return json_node_dup_string (node);
}

typedef gboolean (*MemberFunc) (TwinGraphOutline *self,
                                TwinJsonCursor   *cursor,
                                const char       *key,
                                GError          **error);

/* Each member of the object at the cursor to @member, which goes over its
 * value. */
static gboolean
walk_object (TwinGraphOutline *self,
             TwinJsonCursor   *cursor,
             MemberFunc        member,
             GError          **error)
{
  gboolean last = FALSE;

  cursor->at++;
  twin_json_cursor_blank (cursor);
  if (twin_json_cursor_peek (cursor) == '}')
    {
      cursor->at++;
      return TRUE;
    }

  while (!last)
    {
      g_autofree char *key = NULL;

      twin_json_cursor_blank (cursor);
      self->key_at = cursor->at;
      key = read_key (cursor, error);
      if (key == NULL || !member (self, cursor, key, error))
        return FALSE;
      if (!twin_json_cursor_comma (cursor, '}', &last, error))
        return FALSE;
    }

  return TRUE;
}

/* The member's key, not its value, is at fault. */
static gboolean
fail_key (TwinGraphOutline *self,
          TwinJsonCursor   *cursor,
          GError          **error,
          const char       *format,
          const char       *key)
{
  cursor->at = self->key_at;
  g_set_error (error, TWIN_JSON_ERROR, TWIN_JSON_ERROR_SYNTAX, format, key);
  return FALSE;
}

static gboolean
note_list (TwinGraphOutline *self,
           TwinGraphKind     kind,
           TwinJsonCursor   *cursor,
           const char       *key,
           GError          **error)
{
  if (self->lists[kind] != 0)
    return fail_key (self, cursor, error, "the key “%s” comes twice", key);
  if (twin_json_cursor_peek (cursor) != '[')
    {
      g_set_error (error, TWIN_JSON_ERROR, TWIN_JSON_ERROR_SYNTAX,
                   "“%s”: an array is expected", key);
      return FALSE;
    }

  self->lists[kind] = cursor->at + 1;
  return twin_json_cursor_skip (cursor, error);
}

static gboolean
graph_member (TwinGraphOutline *self,
              TwinJsonCursor   *cursor,
              const char       *key,
              GError          **error)
{
  if (strcmp (key, "digitalTwins") == 0)
    return note_list (self, TWIN_GRAPH_TWIN, cursor, key, error);
  if (strcmp (key, "relationships") == 0)
    return note_list (self, TWIN_GRAPH_RELATIONSHIP, cursor, key, error);

  return fail_key (self, cursor, error,
                   "“%s” is no part of a graph: “digitalTwins” and "
                   "“relationships” are",
                   key);
}

/* Checked, then left: versions and authors say nothing that we keep. */
static gboolean
skip_checked (TwinJsonCursor *cursor, GError **error)
{
  gsize first = cursor->at, where = 0;
  g_autoptr (JsonNode) node = NULL;

  if (!twin_json_cursor_skip (cursor, error))
    return FALSE;
  if (cursor->at - first > TWIN_GRAPH_READER_MAX_ELEMENT)
    {
      cursor->at = first;
      return fail (error, "“digitalTwinsFileInfo”: longer than 2 MiB");
    }
  node = twin_json_parse_part (cursor->text + first, cursor->at - first, &where,
                               error);
  if (node == NULL)
    cursor->at = first + where;
  return node != NULL;
}

static gboolean
root_member (TwinGraphOutline *self,
             TwinJsonCursor   *cursor,
             const char       *key,
             GError          **error)
{
  if (strcmp (key, "digitalTwinsModels") == 0)
    return note_list (self, TWIN_GRAPH_MODEL, cursor, key, error);
  if (strcmp (key, "digitalTwinsFileInfo") == 0)
    return skip_checked (cursor, error);
  if (strcmp (key, "digitalTwinsGraph") != 0)
    return fail_key (self, cursor, error,
                     "“%s” is no part of a graph file: “digitalTwinsFileInfo”, "
                     "“digitalTwinsGraph” and “digitalTwinsModels” are",
                     key);
  if (twin_json_cursor_peek (cursor) != '{')
    return fail (error, "“digitalTwinsGraph”: an object is expected");

  return walk_object (self, cursor, graph_member, error);
}

/* One interface is an object with an “@type”. */
static gboolean
find_type (TwinGraphOutline *self,
           TwinJsonCursor   *cursor,
           const char       *key,
           GError          **error)
{
  if (strcmp (key, "@type") == 0)
    self->interface = TRUE;
  return twin_json_cursor_skip (cursor, error);
}

static gboolean
walk_root (TwinGraphOutline *self, TwinJsonCursor *cursor, GError **error)
{
  TwinJsonCursor first = *cursor;

  switch (twin_json_cursor_peek (cursor))
    {
    case '[':
      self->bare = TRUE;
      self->lists[TWIN_GRAPH_MODEL] = cursor->at + 1;
      return twin_json_cursor_skip (cursor, error);
    case '{':
      if (!walk_object (self, cursor, find_type, error))
        return FALSE;
      if (self->interface)
        return TRUE;
      *cursor = first;
      return walk_object (self, cursor, root_member, error);
    default:
      return fail_end (cursor, error,
                       "neither a graph nor models: an object or an array of "
                       "interfaces is expected");
    }
}

gboolean
twin_graph_outline_find (TwinGraphOutline *self,
                         const char       *text,
                         gsize             length,
                         gsize            *where,
                         GError          **error)
{
  TwinJsonCursor cursor = { text, length, 0 };
  GError        *failure = NULL;

  memset (self, 0, sizeof *self);
  twin_json_cursor_blank (&cursor);
  if (walk_root (self, &cursor, &failure))
    {
      twin_json_cursor_blank (&cursor);
      if (cursor.at < length)
        fail (&failure, "nothing may follow the value");
    }

  *where = cursor.at;
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}
