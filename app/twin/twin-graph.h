/* SPDX-License-Identifier: Apache-2.0 */
/* twin-graph.h - the twins of a plant in memory
 *
 * Owned by one thread (the pipeline). What it returns is borrowed: a twin
 * until it is put again or removed, a property as long as its twin is there
 * (putting a twin again keeps its properties), arrays until the next change.
 */
#pragma once

#include "twin-binding.h"
#include "twin-property.h"
#include "twin-twin.h"

G_BEGIN_DECLS

typedef struct _TwinGraph TwinGraph;

TwinGraph    *twin_graph_new (TwinModelSet *models);
void          twin_graph_free (TwinGraph *self);
TwinModelSet *twin_graph_get_models (TwinGraph *self);
void          twin_graph_set_models (TwinGraph *self, TwinModelSet *models);

/* --- twins --------------------------------------------------------------- */

/* Adds, or replaces the one of the same id. Takes @twin. */
const TwinTwin *twin_graph_put (TwinGraph *self, TwinTwin *twin);
/* IN_USE while relationships begin or end at it; NOT_FOUND. */
gboolean twin_graph_remove (TwinGraph *self, const char *id, GError **error);
const TwinTwin *twin_graph_lookup (TwinGraph *self, const char *id);
size_t          twin_graph_count (TwinGraph *self);
/* Order of ids for people, numbers in theirs: "pump-2" before "pump-10". */
int twin_graph_compare_ids (const char *a, const char *b);
/* const TwinTwin, in that order. Caller unrefs. */
GPtrArray *twin_graph_list (TwinGraph *self);

/* --- relationships ------------------------------------------------------- */

/* Adds or replaces (source, id). Takes @relationship. NOT_FOUND when an end
 * is not there (it is freed then, too). */
gboolean twin_graph_relate (TwinGraph        *self,
                            TwinRelationship *relationship,
                            GError          **error);
gboolean twin_graph_unrelate (TwinGraph  *self,
                              const char *source,
                              const char *id,
                              GError    **error);
size_t   twin_graph_count_relationships (TwinGraph *self);
/* const TwinRelationship in the order they were put; never NULL. */
GPtrArray *twin_graph_outgoing (TwinGraph *self, const char *source);
GPtrArray *twin_graph_incoming (TwinGraph *self, const char *target);

/* --- the plant's tree, by the part relationships of @roles ---------------- */

/* The whole that @id is a part of, or NULL. */
const char *twin_graph_get_parent (TwinGraph       *self,
                                   const TwinRoles *roles,
                                   const char      *id);
/* const TwinTwin: direct children in the order they were related. Caller
 * unrefs. */
GPtrArray *twin_graph_list_children (TwinGraph       *self,
                                     const TwinRoles *roles,
                                     const char      *id);
/* @id and all parts and sensors below it, depth first. Caller unrefs. */
GPtrArray *twin_graph_list_train (TwinGraph       *self,
                                  const TwinRoles *roles,
                                  const char      *id);
/* The machine that @id is, or is a part of; NULL: none. */
const char *twin_graph_find_machine (TwinGraph       *self,
                                     const TwinRoles *roles,
                                     const char      *id);
/* Roles over the machine and its train, by find. Caller unrefs. NULL when
 * there is no such twin. */
TwinBinding *twin_graph_bind (TwinGraph       *self,
                              const TwinRoles *roles,
                              const char      *machine);

/* --- desired and reported ---------------------------------------------------
 *
 * As whole documents, since that is how they come. Members of a component's
 * object are properties of their own, "motor/mode"; a member that the document
 * no longer has is no longer desired or reported. FALSE: no such twin. */

/* What a trusted node says (CONFIDENCE_SIGNED), fits the model and is not
 * writable becomes the twin's own property of that name, too: the machine says
 * it of itself. The rest is kept as reported only; a writable one is a setting,
 * and desired and reported together say how it stands.
 * @confidence: TWIN_CONFIDENCE_…  @changed (may be NULL): whether that made the
 * twin's document another one. */
gboolean twin_graph_take_reported (TwinGraph  *self,
                                   const char *twin,
                                   JsonNode   *document,
                                   uint64_t    version,
                                   int64_t     source_us,
                                   int64_t     arrival_us,
                                   double      confidence,
                                   gboolean   *changed);

/* @document NULL: nothing is desired. Refusals of an older version go. */
gboolean twin_graph_take_desired (TwinGraph  *self,
                                  const char *twin,
                                  JsonNode   *document,
                                  uint64_t    version);

/* The node refused what @path wants: FALSE where nothing is desired. */
gboolean twin_graph_set_refused (TwinGraph  *self,
                                 const char *twin,
                                 const char *path,
                                 const char *reason);

/* NULL: never seen. */
TwinProperty *twin_graph_find_property (TwinGraph  *self,
                                        const char *twin,
                                        const char *path);
/* TwinProperty by path; never NULL. */
GPtrArray *twin_graph_list_properties (TwinGraph *self, const char *twin);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinGraph, twin_graph_free)

G_END_DECLS
