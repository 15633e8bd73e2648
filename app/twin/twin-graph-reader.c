/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-graph-reader.h"

#include <string.h>

#include "twin-graph-outline.h"
#include "twin-json.h"
#include "twin-twin-private.h"

enum
{
  CHUNK_BYTES = 256 * 1024,
  SNIFF_BYTES = 4096, /* the first line of NDJSON is shorter */
};

#define MOST_JSON_BYTES ((gsize) 256 << 20)

typedef enum
{
  FORMAT_UNKNOWN,
  FORMAT_NDJSON,
  FORMAT_JSON,
} Format;

typedef enum
{
  SECTION_NONE,
  SECTION_HEADER,
  SECTION_MODELS,
  SECTION_TWINS,
  SECTION_RELATIONSHIPS,
  SECTION_OTHER, /* none that we know: what stands there is passed over */
} Section;

static const char *const section_names[] = { "", "Header", "Models", "Twins",
                                             "Relationships" };

static const char *const list_pointers[] = {
  "/digitalTwinsModels",
  "/digitalTwinsGraph/digitalTwins",
  "/digitalTwinsGraph/relationships",
};

struct _TwinGraphReader
{
  char         *name;
  TwinGraphRead read;
  void         *data;
  Format        format;

  char    *buffer; /* what is read and not yet used: [first, last) */
  gsize    first, last, size;
  gboolean ended;
  guint64  offset;

  Section section; /* NDJSON */
  guint64 line;

  TwinGraphOutline outline; /* JSON */
  TwinJsonCursor   cursor;
  int              list; /* the one at hand, -1 before */
  guint64          index;
  gint64           outer; /* index of the inner array we are in, or -1 */
  gboolean         done;

  char place[96];

  /* a source in memory */
  const char *text;
  gsize       text_left;
};

TwinGraphReader *
twin_graph_reader_new (const char *name, TwinGraphRead read, void *data)
{
  TwinGraphReader *self = g_new0 (TwinGraphReader, 1);

  self->name = g_strdup (name);
  self->read = read;
  self->data = data;
  self->list = -1;
  self->outer = -1;
  return self;
}

static gssize
read_text (void *data, char *buffer, gsize size, GError **error)
{
  TwinGraphReader *self = data;
  gsize            n = MIN (size, self->text_left);

  memcpy (buffer, self->text, n);
  self->text += n;
  self->text_left -= n;
  return (gssize) n;
}

TwinGraphReader *
twin_graph_reader_new_for_text (const char *name,
                                const char *text,
                                gsize       length)
{
  TwinGraphReader *self = twin_graph_reader_new (name, read_text, NULL);

  self->data = self;
  self->text = text;
  self->text_left = length;
  return self;
}

void
twin_graph_reader_free (TwinGraphReader *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->buffer);
  g_free (self);
}

void
twin_graph_element_clear (TwinGraphElement *element)
{
  g_clear_pointer (&element->id, g_free);
  g_clear_pointer (&element->model, json_node_unref);
  g_clear_pointer (&element->twin, twin_twin_free);
  g_clear_pointer (&element->relationship, twin_relationship_free);
}

guint64
twin_graph_reader_get_offset (const TwinGraphReader *self)
{
  return self->offset;
}

static TwinGraphResult
refuse (GError **error, const char *what)
{
  g_set_error_literal (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID, what);
  return TWIN_GRAPH_READ_REFUSED;
}

/* --- bytes
 * ---------------------------------------------------------------------- */

/* Reads some more behind what is there. */
static gboolean
fill (TwinGraphReader *self, GError **error)
{
  gssize n;

  if (self->first > 0 && self->size - self->last < CHUNK_BYTES)
    {
      memmove (self->buffer, self->buffer + self->first,
               self->last - self->first);
      self->last -= self->first;
      self->first = 0;
    }

  if (self->size - self->last < CHUNK_BYTES)
    {
      self->size = MAX (2 * self->size, 2 * CHUNK_BYTES);
      self->buffer = g_realloc (self->buffer, self->size);
    }

  n = self->read (self->data, self->buffer + self->last,
                  self->size - self->last, error);
  if (n < 0)
    return FALSE;

  self->last += (gsize) n;
  self->offset += (guint64) n;
  self->ended = n == 0;
  return TRUE;
}

/* A line, without its end, at *@line; FALSE without an error: there is none
 * any more. One that is too long is *@size > MAX_LINE, and passed over. */
static gboolean
next_line (TwinGraphReader *self,
           const char     **line,
           gsize           *size,
           GError         **error)
{
  gsize scanned = 0;
  gsize dropped = 0;

  for (;;)
    {
      const char *begin = self->buffer + self->first;
      gsize       length = self->last - self->first;
      const char *stop = NULL;

      if (length > scanned)
        stop = memchr (begin + scanned, '\n', length - scanned);
      if (stop == NULL && !self->ended)
        {
          scanned = length;
          if (length > TWIN_GRAPH_READER_MAX_ELEMENT)
            {
              dropped += length;
              self->first = self->last = scanned = 0;
            }
          if (!fill (self, error))
            return FALSE;
          continue;
        }

      if (stop != NULL)
        length = (gsize) (stop - begin);
      else if (length + dropped == 0)
        return FALSE;

      self->first += length + (stop != NULL ? 1 : 0);
      self->line++;
      *line = begin;
      *size = length + dropped;
      return TRUE;
    }
}

/* NDJSON begins with a whole object on its first line that names a section. */
static gboolean
is_ndjson (const char *text, gsize length)
{
  const char *stop = memchr (text, '\n', length);
  gsize       size = stop != NULL ? (gsize) (stop - text) : length;
  g_autoptr (JsonNode) node = NULL;

  if (size > SNIFF_BYTES)
    return FALSE;

  node = twin_json_parse_part (text, size, NULL, NULL);
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) &&
         twin_json_get_string (json_node_get_object (node), "Section") != NULL;
}

static gboolean
find_format (TwinGraphReader *self, GError **error)
{
  while (!self->ended && self->last <= SNIFF_BYTES)
    {
      if (!fill (self, error))
        return FALSE;
    }

  if (self->last >= 3 && memcmp (self->buffer, "\xEF\xBB\xBF", 3) == 0)
    self->first = 3;

  self->format =
      is_ndjson (self->buffer + self->first, self->last - self->first)
          ? FORMAT_NDJSON
          : FORMAT_JSON;
  return TRUE;
}

/* --- one element
 * ------------------------------------------------------------------ */

static char *
name_element (TwinGraphKind kind, JsonNode *node)
{
  JsonObject *object;
  const char *source;
  const char *id;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    return NULL;

  object = json_node_get_object (node);
  if (kind == TWIN_GRAPH_MODEL)
    return g_strdup (twin_json_get_string (object, "@id"));

  source = twin_json_get_string (object, "$dtId");
  if (kind == TWIN_GRAPH_TWIN)
    return g_strdup (source);

  if (source == NULL)
    source = twin_json_get_string (object, "$sourceId");
  id = twin_json_get_string (object, "$relationshipId");
  return source != NULL && id != NULL ? g_strconcat (source, "/", id, NULL)
                                      : g_strdup (id);
}

static TwinGraphResult
take_element (TwinGraphElement *element, JsonNode *node, GError **error)
{
  GError  *failure = NULL;
  gboolean good = TRUE;

  switch (element->kind)
    {
    case TWIN_GRAPH_TWIN:
      element->twin = twin_twin_from_json (node, "", &failure);
      good = element->twin != NULL;
      break;
    case TWIN_GRAPH_RELATIONSHIP:
      element->relationship = twin_relationship_from_json (node, "", &failure);
      good = element->relationship != NULL;
      break;
    case TWIN_GRAPH_MODEL:
    default:
      good = JSON_NODE_HOLDS_OBJECT (node);
      if (good)
        element->model = json_node_ref (node);
      else
        twin_twin_fail (&failure, "", "an Interface is expected");
      break;
    }

  element->id = name_element (element->kind, node);
  if (good)
    return TWIN_GRAPH_READ_ELEMENT;

  g_propagate_error (error, failure);
  return TWIN_GRAPH_READ_REFUSED;
}

/* --- NDJSON
 * ----------------------------------------------------------------------- */

static TwinGraphResult
enter_section (TwinGraphReader *self, const char *wanted, GError **error)
{
  Section old = self->section;

  for (int i = SECTION_HEADER; i < SECTION_OTHER; i++)
    {
      if (strcmp (section_names[i], wanted) != 0)
        continue;

      self->section = (Section) i;
      if ((int) old < i || old == SECTION_OTHER)
        return TWIN_GRAPH_READ_ELEMENT;

      g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID,
                   "the section “%s” cannot follow “%s”", wanted,
                   section_names[old]);
      return TWIN_GRAPH_READ_REFUSED;
    }

  self->section = SECTION_OTHER;
  g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID,
               "there is no section “%s”", wanted);
  return TWIN_GRAPH_READ_REFUSED;
}

/* ELEMENT with *@taken FALSE: the line is fine, but no element. */
static TwinGraphResult
read_line (TwinGraphReader  *self,
           const char       *line,
           gsize             size,
           TwinGraphElement *element,
           gboolean         *taken,
           GError          **error)
{
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) failure = NULL;
  const char *wanted = NULL;
  gsize       where = 0;

  *taken = FALSE;
  node = twin_json_parse_part (line, size, &where, &failure);
  if (node == NULL)
    {
      g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID,
                   "column %" G_GSIZE_FORMAT ": %s", where + 1,
                   failure->message);
      return TWIN_GRAPH_READ_REFUSED;
    }

  if (JSON_NODE_HOLDS_OBJECT (node))
    wanted = twin_json_get_string (json_node_get_object (node), "Section");
  if (wanted != NULL)
    return enter_section (self, wanted, error);

  if (self->section == SECTION_NONE)
    {
      self->section = SECTION_OTHER;
      return refuse (error, "a section is expected first: "
                            "{\"Section\": \"Header\"}");
    }
  if (self->section == SECTION_HEADER || self->section == SECTION_OTHER)
    return TWIN_GRAPH_READ_ELEMENT;

  *taken = TRUE;
  element->kind = self->section == SECTION_MODELS  ? TWIN_GRAPH_MODEL
                  : self->section == SECTION_TWINS ? TWIN_GRAPH_TWIN
                                                   : TWIN_GRAPH_RELATIONSHIP;
  return take_element (element, node, error);
}

static TwinGraphResult
next_of_lines (TwinGraphReader *self, TwinGraphElement *element, GError **error)
{
  const char *line;
  gsize       size;
  GError     *failure = NULL;

  while (next_line (self, &line, &size, &failure))
    {
      TwinGraphResult result;
      gboolean        taken;

      g_snprintf (self->place, sizeof self->place, "line %" G_GUINT64_FORMAT,
                  self->line);
      if (size > TWIN_GRAPH_READER_MAX_ELEMENT)
        return refuse (error, "the line is longer than 2 MiB; an element is "
                              "one line");

      while (size > 0 && g_ascii_isspace (line[size - 1]))
        size--;
      if (size == 0)
        continue;

      result = read_line (self, line, size, element, &taken, error);
      if (result != TWIN_GRAPH_READ_ELEMENT || taken)
        return result;
    }

  if (failure == NULL)
    return TWIN_GRAPH_READ_END;
  g_propagate_error (error, failure);
  return TWIN_GRAPH_READ_FAILED;
}

/* --- JSON
 * ------------------------------------------------------------------------- */

/* @what is wrong at @where of the text, for people. */
static TwinGraphResult
fail_at (TwinGraphReader *self, gsize where, const char *what, GError **error)
{
  const char *text = self->cursor.text;
  guint64     line = 1, column = 1;

  for (gsize i = 0; i < where && i < self->cursor.length; i++)
    {
      if (text[i] == '\n')
        {
          line++;
          column = 1;
        }
      else if (((guchar) text[i] & 0xC0) != 0x80)
        column++;
    }

  self->done = TRUE;
  g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID,
               "%s:%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT ": %s", self->name,
               line, column, what);
  return TWIN_GRAPH_READ_FAILED;
}

static gboolean
load_all (TwinGraphReader *self, GError **error)
{
  while (!self->ended)
    {
      if (self->last > MOST_JSON_BYTES)
        {
          g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID,
                       "%s: larger than 256 MiB; give so much as NDJSON, which "
                       "is read line by line",
                       self->name);
          return FALSE;
        }
      if (!fill (self, error))
        return FALSE;
    }

  self->cursor.text = self->buffer + self->first;
  self->cursor.length = self->last - self->first;
  return TRUE;
}

static TwinGraphResult
begin_json (TwinGraphReader *self, GError **error)
{
  g_autoptr (GError) failure = NULL;
  gsize where;

  if (!load_all (self, error))
    return TWIN_GRAPH_READ_FAILED;
  if (!twin_graph_outline_find (&self->outline, self->cursor.text,
                                self->cursor.length, &where, &failure))
    return fail_at (self, where, failure->message, error);

  if (!self->outline.interface && self->outline.lists[0] == 0 &&
      self->outline.lists[1] == 0 && self->outline.lists[2] == 0)
    {
      g_set_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID,
                   "%s: no graph file: “digitalTwinsGraph” or "
                   "“digitalTwinsModels” is expected",
                   self->name);
      return TWIN_GRAPH_READ_FAILED;
    }

  return TWIN_GRAPH_READ_ELEMENT;
}

static void
place_json (TwinGraphReader *self)
{
  if (self->outline.interface)
    self->place[0] = '\0';
  else if (self->outer >= 0)
    g_snprintf (self->place, sizeof self->place,
                "/%" G_GINT64_FORMAT "/%" G_GUINT64_FORMAT, self->outer,
                self->index);
  else
    g_snprintf (self->place, sizeof self->place, "%s/%" G_GUINT64_FORMAT,
                self->outline.bare ? "" : list_pointers[self->list],
                self->index);
}

/* The value at the cursor. */
static TwinGraphResult
read_slice (TwinGraphReader *self, TwinGraphElement *element, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) failure = NULL;
  gsize first, where = 0;

  twin_json_cursor_blank (&self->cursor);
  first = self->cursor.at;
  if (!twin_json_cursor_skip (&self->cursor, &failure))
    return fail_at (self, self->cursor.at, failure->message, error);

  place_json (self);
  element->kind =
      self->list < 0 ? TWIN_GRAPH_MODEL : (TwinGraphKind) self->list;
  if (self->cursor.at - first > TWIN_GRAPH_READER_MAX_ELEMENT)
    return refuse (error, "it is longer than 2 MiB");

  node = twin_json_parse_part (self->cursor.text + first,
                               self->cursor.at - first, &where, &failure);
  if (node == NULL)
    return fail_at (self, first + where, failure->message, error);

  if (self->outline.bare &&
      (!JSON_NODE_HOLDS_OBJECT (node) ||
       !json_object_has_member (json_node_get_object (node), "@type")))
    {
      element->id = name_element (element->kind, node);
      return refuse (error, "an interface with an “@type” is expected");
    }

  return take_element (element, node, error);
}

/* To the next list that has elements; FALSE: there is none. */
static gboolean
next_list (TwinGraphReader *self)
{
  while (++self->list < 3)
    {
      if (self->outline.lists[self->list] == 0)
        continue;

      self->cursor.at = self->outline.lists[self->list];
      self->index = 0;
      twin_json_cursor_blank (&self->cursor);
      if (twin_json_cursor_peek (&self->cursor) != ']')
        return TRUE;
    }

  return FALSE;
}

static void
leave_inner (TwinGraphReader *self)
{
  self->index = (guint64) self->outer;
  self->outer = -1;
}

/* Behind an element: over the comma, or out of its list. */
static TwinGraphResult
step (TwinGraphReader *self, GError **error)
{
  g_autoptr (GError) failure = NULL;
  gboolean last;

  if (!twin_json_cursor_comma (&self->cursor, ']', &last, &failure))
    return fail_at (self, self->cursor.at, failure->message, error);

  self->index++;
  if (last && self->outer >= 0)
    {
      leave_inner (self);
      return step (self, error);
    }

  if (last && !next_list (self))
    self->done = TRUE;
  return TWIN_GRAPH_READ_ELEMENT;
}

/* Into an array among bare models. FALSE: what is there is an element. */
static gboolean
enter_inner (TwinGraphReader *self)
{
  if (!self->outline.bare || self->outer >= 0 ||
      twin_json_cursor_peek (&self->cursor) != '[')
    return FALSE;

  self->outer = (gint64) self->index;
  self->index = 0;
  self->cursor.at++;
  twin_json_cursor_blank (&self->cursor);
  return TRUE;
}

static TwinGraphResult
next_of_json (TwinGraphReader *self, TwinGraphElement *element, GError **error)
{
  if (self->outline.interface)
    {
      self->done = TRUE;
      return read_slice (self, element, error);
    }

  if (self->list < 0)
    self->done = !next_list (self);
  else if (step (self, error) == TWIN_GRAPH_READ_FAILED)
    return TWIN_GRAPH_READ_FAILED;

  while (!self->done)
    {
      twin_json_cursor_blank (&self->cursor);
      if (!enter_inner (self) || twin_json_cursor_peek (&self->cursor) != ']')
        return read_slice (self, element, error);

      self->cursor.at++;
      leave_inner (self);
      if (step (self, error) == TWIN_GRAPH_READ_FAILED)
        return TWIN_GRAPH_READ_FAILED;
    }

  return TWIN_GRAPH_READ_END;
}

/* --- both
 * ------------------------------------------------------------------------- */

TwinGraphResult
twin_graph_reader_next (TwinGraphReader  *self,
                        TwinGraphElement *element,
                        GError          **error)
{
  TwinGraphResult result;

  *element = (TwinGraphElement){ .place = self->place };
  if (self->format == FORMAT_UNKNOWN)
    {
      if (!find_format (self, error))
        return TWIN_GRAPH_READ_FAILED;
      if (self->format == FORMAT_JSON)
        {
          result = begin_json (self, error);
          if (result != TWIN_GRAPH_READ_ELEMENT)
            return result;
        }
    }

  if (self->done)
    return TWIN_GRAPH_READ_END;

  return self->format == FORMAT_NDJSON ? next_of_lines (self, element, error)
                                       : next_of_json (self, element, error);
}
