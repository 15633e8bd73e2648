/* SPDX-License-Identifier: Apache-2.0 */
/* twin-desired.h - the desired document of every node, and who wrote it
 *
 * A write names the version its writer saw; when somebody wrote in between,
 * nothing is sent and the three documents are shown. The retained copy at the
 * broker is watched: missing or older, it is published again. One thread; see
 * twin-fleet.h for the callbacks.
 */
#pragma once

#include "twin-document.h"
#include "twin-fleet.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_DESIRED_NONE,    /* no document */
  TWIN_DESIRED_PENDING, /* the node has not reported this version */
  TWIN_DESIRED_APPLIED, /* it has, by digest */
  TWIN_DESIRED_REFUSED, /* it has, and refused some of it */
} TwinDesiredSync;

/* "none", "pending", "applied", "refused". */
const char *twin_desired_sync_to_string (TwinDesiredSync sync);

/* Borrowed; valid until the next call. */
typedef struct
{
  const char        *node;
  uint64_t           version; /* 0: none */
  uint64_t           base;
  JsonNode          *properties; /* an object; NULL when version is 0 */
  uint8_t            digest[TWIN_DIGEST_SIZE]; /* of the payload */
  GBytes            *message;                  /* signed, as published */
  uint8_t            kid[TWIN_KID_SIZE];       /* who signed it */
  int64_t            changed_us; /* UTC; when we wrote or learnt it */
  TwinDesiredSync    sync;
  size_t             n_refused;
  const TwinRefusal *refused;
} TwinDesiredState;

/* mine: what the writer wanted; theirs: what stands; base: what the writer
 * saw, NULL when it is no longer known. Objects; borrowed. */
typedef struct
{
  const char *node;
  uint64_t    theirs_version;
  uint64_t    base_version;
  JsonNode   *mine;
  JsonNode   *theirs;
  JsonNode   *base;
} TwinDesiredConflict;

typedef struct
{
  /* Keeps a document before it is published; FALSE: it is not. */
  gboolean (*keep) (const TwinDesiredState *state,
                    void                   *user_data,
                    GError                **error);
  /* After every change of document or sync. */
  void (*changed) (const TwinDesiredState *state, void *user_data);
  /* Two writers; also when it comes out only afterwards. */
  void (*conflict) (const TwinDesiredConflict *conflict, void *user_data);
  /* The public key of an enrolled console key of @node, FALSE when @kid is
   * none of them. Our own key is not asked for. */
  gboolean (*find_key) (const char   *node,
                        const uint8_t kid[TWIN_KID_SIZE],
                        uint8_t       key[TWIN_PUBLIC_KEY_SIZE],
                        void         *user_data);
  void *user_data;
} TwinDesiredHooks;

typedef struct _TwinDesired TwinDesired;

TwinDesired *twin_desired_new (const TwinFleetIo      *io,
                               const TwinDesiredHooks *hooks);
void         twin_desired_free (TwinDesired *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinDesired, twin_desired_free)

/* At start, for each node: the signed message as kept. It is not verified
 * again. Older versions first when several are kept (they serve as base). */
gboolean twin_desired_load (TwinDesired *self,
                            const char  *node,
                            GBytes      *message,
                            int64_t      changed_us,
                            GError     **error);

/* Replaces the whole document. @seen_version: what the writer saw (0: none).
 * CONFLICT also calls the conflict hook. When the publish fails the document
 * is kept all the same and published at the next connect. */
gboolean twin_desired_write (TwinDesired *self,
                             const char  *node,
                             JsonNode    *properties,
                             uint64_t     seen_version,
                             GError     **error);

/* Sets (or, with @value NULL, removes) one property of it, as
 * twin_desired_write(). @pointer: RFC 6901, "/schedule/everyS". */
gboolean twin_desired_set (TwinDesired *self,
                           const char  *node,
                           const char  *pointer,
                           JsonNode    *value,
                           uint64_t     seen_version,
                           GError     **error);

/* Nothing is desired of @node any more: it was decommissioned. Nothing is
 * published; the caller clears what the broker keeps. The next write begins
 * with an empty document and a higher version. */
void twin_desired_forget (TwinDesired *self, const char *node);

/* A message on the node's `desired` topic, our own included; @retained as
 * delivered. One we cannot verify is DENIED and ignored. */
gboolean twin_desired_message (TwinDesired *self,
                               const char  *node,
                               GBytes      *message,
                               GError     **error);

/* A verified `reported` of @node. */
void twin_desired_reported (TwinDesired        *self,
                            const char         *node,
                            const TwinReported *reported);

/* The records line is up: what is not seen retained within 5 s is published
 * again. */
void twin_desired_connected (TwinDesired *self);
/* About once a second. */
void twin_desired_tick (TwinDesired *self);

/* Never NULL; version 0 when there is no document. */
const TwinDesiredState *twin_desired_lookup (TwinDesired *self,
                                             const char  *node);

G_END_DECLS
