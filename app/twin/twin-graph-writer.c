/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-graph-writer.h"

#include "twin-graph-reader.h"
#include "twin-json.h"
#include "twin-twin-private.h"

enum
{
  FLUSH_BYTES = 64 * 1024,
  N_KINDS = TWIN_GRAPH_RELATIONSHIP + 1,
};

struct _TwinGraphWriter
{
  TwinGraphFormat format;
  TwinGraphWrite  write;
  void           *data;
  GString        *out;
  int             kind; /* of the list that is open; -1: before the first */
  gboolean        any;  /* the list has an element */
};

/* What opens each list of a JSON file; the one before it is closed by then. */
static const char *const list_openings[N_KINDS] = {
  "\"digitalTwinsModels\":[",
  "\"digitalTwinsGraph\":{\"digitalTwins\":[",
  "\"relationships\":[",
};

static const char *const sections[N_KINDS] = { "Models", "Twins",
                                               "Relationships" };

TwinGraphWriter *
twin_graph_writer_new (TwinGraphFormat format, TwinGraphWrite write, void *data)
{
  TwinGraphWriter *self = g_new0 (TwinGraphWriter, 1);

  self->format = format;
  self->write = write;
  self->data = data;
  self->kind = -1;
  self->out = g_string_new (
      format == TWIN_GRAPH_JSON
          ? "{\"digitalTwinsFileInfo\":{\"fileVersion\":\"1.0.0\"}"
          : "{\"Section\":\"Header\"}\n{\"fileVersion\":\"1.0.0\"}\n");
  return self;
}

void
twin_graph_writer_free (TwinGraphWriter *self)
{
  if (self == NULL)
    return;

  g_string_free (self->out, TRUE);
  g_free (self);
}

static gboolean
flush (TwinGraphWriter *self, gsize above, GError **error)
{
  gboolean good;

  if (self->out->len <= above)
    return TRUE;

  good = self->write (self->data, self->out->str, self->out->len, error);
  g_string_truncate (self->out, 0);
  return good;
}

/* Closes what is open and opens all lists up to that of @kind. */
static void
enter_json (TwinGraphWriter *self, int kind)
{
  while (self->kind < kind)
    {
      if (self->kind >= 0)
        g_string_append (self->out, self->any ? "\n]" : "]");
      g_string_append (self->out, ",\n");
      g_string_append (self->out, list_openings[++self->kind]);
      self->any = FALSE;
    }
}

static void
begin_element (TwinGraphWriter *self, TwinGraphKind kind)
{
  g_return_if_fail ((int) kind >= self->kind);

  if (self->format == TWIN_GRAPH_JSON)
    {
      enter_json (self, (int) kind);
      g_string_append (self->out, self->any ? ",\n" : "\n");
      self->any = TRUE;
    }
  else if ((int) kind > self->kind)
    {
      g_string_append_printf (self->out, "{\"Section\":\"%s\"}\n",
                              sections[kind]);
      self->kind = (int) kind;
    }
}

static gboolean
end_element (TwinGraphWriter *self, JsonNode *node, GError **error)
{
  twin_json_append (self->out, node);
  if (self->format == TWIN_GRAPH_NDJSON)
    g_string_append_c (self->out, '\n');
  return flush (self, FLUSH_BYTES, error);
}

gboolean
twin_graph_writer_model (TwinGraphWriter *self, JsonNode *model, GError **error)
{
  begin_element (self, TWIN_GRAPH_MODEL);
  return end_element (self, model, error);
}

gboolean
twin_graph_writer_twin (TwinGraphWriter *self,
                        const TwinTwin  *twin,
                        GError         **error)
{
  g_autoptr (JsonNode) node = twin_twin_to_json (twin);

  begin_element (self, TWIN_GRAPH_TWIN);
  return end_element (self, node, error);
}

/* A relationship's source is “$dtId” in a line, “$sourceId” in JSON. */
static JsonNode *
relationship_to_line (const TwinRelationship *one)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "$dtId", one->source);
  json_object_set_string_member (object, "$relationshipId", one->id);
  json_object_set_string_member (object, "$targetId", one->target);
  json_object_set_string_member (object, "$relationshipName", one->name);
  twin_json_add_members (object, one->properties);
  return twin_json_take_object (object);
}

gboolean
twin_graph_writer_relationship (TwinGraphWriter        *self,
                                const TwinRelationship *relationship,
                                GError                **error)
{
  g_autoptr (JsonNode) node = self->format == TWIN_GRAPH_JSON
                                  ? twin_relationship_to_json (relationship)
                                  : relationship_to_line (relationship);

  begin_element (self, TWIN_GRAPH_RELATIONSHIP);
  return end_element (self, node, error);
}

gboolean
twin_graph_writer_end (TwinGraphWriter *self, GError **error)
{
  if (self->format == TWIN_GRAPH_JSON)
    {
      enter_json (self, TWIN_GRAPH_RELATIONSHIP);
      g_string_append (self->out, self->any ? "\n]}}\n" : "]}}\n");
    }
  return flush (self, 0, error);
}
