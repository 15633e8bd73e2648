/* SPDX-License-Identifier: Apache-2.0 */
/* twin-graph-writer.h - a graph file written element by element
 *
 * What twin-graph-reader.h reads: models first, then twins, then
 * relationships, each element on a line of its own in both formats. Memory: a
 * buffer. One thread.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "twin-twin.h"

G_BEGIN_DECLS

typedef struct _TwinGraphWriter TwinGraphWriter;

typedef enum
{
  TWIN_GRAPH_JSON,
  TWIN_GRAPH_NDJSON,
} TwinGraphFormat;

typedef gboolean (*TwinGraphWrite) (void       *data,
                                    const char *text,
                                    gsize       length,
                                    GError    **error);

TwinGraphWriter *twin_graph_writer_new (TwinGraphFormat format,
                                        TwinGraphWrite  write,
                                        void           *data);
void             twin_graph_writer_free (TwinGraphWriter *self);

/* In the order of the format; going back to an earlier kind is a mistake of
 * the caller. Errors are those of the write function. */
gboolean twin_graph_writer_model (TwinGraphWriter *self,
                                  JsonNode        *model,
                                  GError         **error);
gboolean twin_graph_writer_twin (TwinGraphWriter *self,
                                 const TwinTwin  *twin,
                                 GError         **error);
gboolean twin_graph_writer_relationship (TwinGraphWriter        *self,
                                         const TwinRelationship *relationship,
                                         GError                **error);

/* What closes the file, and the rest of the buffer. */
gboolean twin_graph_writer_end (TwinGraphWriter *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinGraphWriter, twin_graph_writer_free)

G_END_DECLS
