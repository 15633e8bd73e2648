/* SPDX-License-Identifier: Apache-2.0 */
/* twin-graph-file.h - a small graph as a whole
 *
 * What twin-graph-reader.h reads and twin-graph-writer.h writes, in memory at
 * once; for large files see those. Pure, any thread.
 */
#pragma once

#include "twin-graph-writer.h"
#include "twin-model-set.h"
#include "twin-twin.h"

G_BEGIN_DECLS

typedef struct
{
  GPtrArray *models;        /* JsonNode: interfaces */
  GPtrArray *twins;         /* TwinTwin */
  GPtrArray *relationships; /* TwinRelationship */
} TwinGraphFile;

TwinGraphFile *twin_graph_file_new (void);
void           twin_graph_file_free (TwinGraphFile *self);

/**
 * twin_graph_file_parse:
 * @name: the file, for messages
 *
 * Which of the two it is, is seen by its content. Every error names file and
 * JSON pointer, or line.
 */
TwinGraphFile *twin_graph_file_parse (const char *name,
                                      const char *text,
                                      gssize      length,
                                      GError    **error);

/* The models as sources of a TwinModelSet, together with @more (may be NULL:
 * what the store already has); an interface of the file wins over the same
 * DTMI there. Unresolved references are an error. */
TwinModelSet *twin_graph_file_build_models (const TwinGraphFile *self,
                                            const char          *name,
                                            TwinModelSet        *more,
                                            GError             **error);

/* Twins and relationships against @models; ends that are neither in the file
 * nor, by @exists, elsewhere are errors; no id twice. */
gboolean twin_graph_file_check (const TwinGraphFile *self,
                                const char          *name,
                                TwinModelSet        *models,
                                const TwinTwin *(*exists) (const char *id,
                                                           void       *data),
                                void    *data,
                                GError **error);

/* Caller frees. */
char *twin_graph_file_print (const TwinGraphFile *self, TwinGraphFormat format);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinGraphFile, twin_graph_file_free)

G_END_DECLS
