/* SPDX-License-Identifier: Apache-2.0 */
/* twin-graph-reader.h - a graph file read element by element
 *
 * Which format it is, is seen by its content:
 *   NDJSON  {"Section":"Header"|"Models"|"Twins"|"Relationships"} lines, in
 *           this order, each followed by its elements, one a line
 *   JSON    {"digitalTwinsFileInfo":{},"digitalTwinsGraph":{"digitalTwins":[],
 *           "relationships":[]},"digitalTwinsModels":[]}; or DTDL alone, an
 *           interface or an array of them (or of such arrays)
 * Models come first, then twins, then relationships, wherever they stand in a
 * JSON file.
 *
 * Memory: of NDJSON one line, of JSON the text (at most 256 MiB); never more
 * than one element as a tree. A byte order mark and CRLF are fine. One thread.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "twin-twin.h"

G_BEGIN_DECLS

/* The longest element, and so the longest line of NDJSON, bytes: an interface
 * may have 1 MiB, a twin a quarter of that. It bounds the largest tree. */
#define TWIN_GRAPH_READER_MAX_ELEMENT ((gsize) 2 << 20)

typedef struct _TwinGraphReader TwinGraphReader;

/* Up to @size bytes into @buffer; 0: the end; -1 with an error. */
typedef gssize (*TwinGraphRead) (void    *data,
                                 char    *buffer,
                                 gsize    size,
                                 GError **error);

typedef enum
{
  TWIN_GRAPH_MODEL,
  TWIN_GRAPH_TWIN,
  TWIN_GRAPH_RELATIONSHIP,
} TwinGraphKind;

/* Of the three values only the one of its kind is there. */
typedef struct
{
  TwinGraphKind kind;
  const char   *place;     /* "line 17", "/digitalTwinsGraph/digitalTwins/3";
                            * borrowed until the next one is read */
  char *id;                /* what it says it is, or NULL: "@id", "$dtId",
                            * "<source>/<relationship>" */
  JsonNode         *model; /* an object */
  TwinTwin         *twin;
  TwinRelationship *relationship;
} TwinGraphElement;

/* Frees what it has; all of it may have been stolen. */
void twin_graph_element_clear (TwinGraphElement *element);

typedef enum
{
  TWIN_GRAPH_READ_ELEMENT,
  TWIN_GRAPH_READ_REFUSED, /* a line or element is none; read on */
  TWIN_GRAPH_READ_END,
  TWIN_GRAPH_READ_FAILED, /* nothing more can be read */
} TwinGraphResult;

/* @name: the file, for messages. */
TwinGraphReader *twin_graph_reader_new (const char   *name,
                                        TwinGraphRead read,
                                        void         *data);
/* Over bytes in memory, which must stay. */
TwinGraphReader *twin_graph_reader_new_for_text (const char *name,
                                                 const char *text,
                                                 gsize       length);
void             twin_graph_reader_free (TwinGraphReader *self);

/**
 * twin_graph_reader_next:
 * @element: filled on ELEMENT; on REFUSED its place and, when known, id;
 *           otherwise empty; the caller clears it
 * @error: why, on REFUSED and FAILED; without the place on REFUSED
 *
 * An element is well-formed in itself: what its model says of it is checked
 * by twin-rules.h.
 */
TwinGraphResult twin_graph_reader_next (TwinGraphReader  *self,
                                        TwinGraphElement *element,
                                        GError          **error);

/* Bytes read so far, for progress. */
guint64 twin_graph_reader_get_offset (const TwinGraphReader *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwinGraphElement, twin_graph_element_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinGraphReader, twin_graph_reader_free)

G_END_DECLS
