/* SPDX-License-Identifier: Apache-2.0 */
/* twin-rules.h - twins, relationships and desired values held against models
 *
 * Pure functions, any thread. Errors are TWIN_TWIN_ERROR_MODEL and begin with
 * the place: @pointer, the JSON pointer of the twin or relationship in its
 * file ("" for itself), and what leads on from there; without either, with the
 * sentence.
 *
 * What "writable" means here. DTDL: whether something outside the twin may set
 * the property. A console acts on a machine by desired state, so that is where
 * the word is enforced: what is not writable can never be desired. The twin's
 * own document is a record of the machine, not an act on it: rated values,
 * serial numbers and what a node reported are declared without writable, and
 * people and imports must be able to enter them. So the document may hold
 * every declared property (as in Azure Digital Twins, which enforces writable
 * nowhere). What a node reports again replaces what was typed.
 */
#pragma once

#include "twin-model-set.h"
#include "twin-twin.h"

G_BEGIN_DECLS

/* Whether @self is what its model says: model known, values of the declared
 * schemas, nothing undeclared, every component there (it may be {}) and right
 * in itself. */
gboolean twin_twin_check (const TwinTwin *self,
                          TwinModelSet   *models,
                          const char     *pointer,
                          GError        **error);

/* FALSE: as JSON text it is longer than TWIN_DOCUMENT_MAX_BYTES. What an edit
 * makes is held against it; an import may bring longer ones. */
gboolean twin_twin_check_size (const TwinTwin *self, GError **error);

/* Puts {} where a component of the model is missing, components of components
 * included: what a twin made from nothing needs. FALSE: the model is unknown
 * (@self is unchanged). */
gboolean twin_twin_add_components (TwinTwin *self, TwinModelSet *models);

/**
 * twin_relationship_check:
 * @source, @target: the twins at its ends
 *
 * Whether the source's model declares (or inherits) a relationship of that
 * name, the target is of the model that it asks for, and its properties are
 * declared and fit. A relationship of a twin to itself is refused, as in Azure
 * Digital Twins: nothing is a part of, or feeds, itself, and each walk through
 * the graph would have to expect it.
 */
gboolean twin_relationship_check (const TwinRelationship *self,
                                  const TwinTwin         *source,
                                  const TwinTwin         *target,
                                  TwinModelSet           *models,
                                  const char             *pointer,
                                  GError                **error);

/**
 * twin_multiplicity_check:
 * @source: the id of a twin, @model its model
 * @name: of a relationship
 * @count: how many of that name begin at @source, the one in question counted
 *
 * Refuses more than the declared maxMultiplicity (which Azure Digital Twins
 * leaves open). minMultiplicity can only be 0 in DTDL 2 to 4, so there is
 * nothing to enforce. A name that is not declared passes: refusing that is
 * twin_relationship_check()'s.
 */
gboolean twin_multiplicity_check (const char   *source,
                                  const char   *model,
                                  const char   *name,
                                  gint64        count,
                                  TwinModelSet *models,
                                  const char   *pointer,
                                  GError      **error);

/**
 * twin_desired_check:
 * @model: of the twin the document speaks for
 * @document: the whole desired document as it would be, an object
 * @pointer: what is changed in it, "/schedule/everyS"
 *
 * Whether the property that @pointer lies in may be desired: declared (else
 * NOT_FOUND, so that a caller may let settings of the wire's own pass),
 * writable, and of a value that fits (MODEL). A property that @document no
 * longer has may always go.
 */
gboolean twin_desired_check (TwinModelSet *models,
                             const char   *model,
                             JsonNode     *document,
                             const char   *pointer,
                             GError      **error);

G_END_DECLS
