/* SPDX-License-Identifier: Apache-2.0 */
/* twin-desired-private.h - documents and entries of TwinDesired
 *
 * Inside this folder only: shared by what we write and what others say.
 */
#pragma once

#include "twin-cose.h"
#include "twin-desired.h"

G_BEGIN_DECLS

/* One document as it was signed. */
typedef struct
{
  TwinDesiredDocument *parsed;
  GBytes              *message;
  uint8_t              kid[TWIN_KID_SIZE];
  uint8_t              digest[TWIN_DIGEST_SIZE];
  int64_t              changed_us;
} TwinDesiredCopy;

typedef struct
{
  char      *node;
  GPtrArray *history; /* TwinDesiredCopy, oldest first; the last one stands */
  TwinDesiredCopy *rival; /* same version by another writer, undecided */
  uint64_t         reported_version;
  gboolean         reported_has_digest;
  uint8_t          reported_digest[TWIN_DIGEST_SIZE];
  size_t           n_refused;
  TwinRefusal     *refused;
  gboolean gone;     /* forgotten: nothing is desired until the next write */
  gboolean seen;     /* the broker has it, as of this connect */
  int64_t  check_us; /* monotonic: publish again unless seen by then */
  TwinDesiredState state;
} TwinDesiredEntry;

struct _TwinDesired
{
  TwinFleetIo      io;
  TwinDesiredHooks hooks;
  GHashTable      *entries; /* node → TwinDesiredEntry */
};

void twin_desired_copy_free (void *copy);
/* Reads a signed message; the signature is not looked at. */
TwinDesiredCopy *twin_desired_copy_open (GBytes     *message,
                                         int64_t     changed_us,
                                         TwinSigned *opened,
                                         GError    **error);

TwinDesiredEntry *twin_desired_get_entry (TwinDesired *self, const char *node);
void              twin_desired_clear_refusals (TwinDesiredEntry *entry);
/* What stands, or NULL. */
TwinDesiredCopy *twin_desired_current (const TwinDesiredEntry *entry);
uint64_t         twin_desired_current_version (const TwinDesiredEntry *entry);
TwinDesiredSync  twin_desired_sync_of (const TwinDesiredEntry *entry);

/* Takes @copy as what stands. */
void     twin_desired_adopt (TwinDesiredEntry *entry, TwinDesiredCopy *copy);
gboolean twin_desired_keep (TwinDesired            *self,
                            const TwinDesiredEntry *entry,
                            const TwinDesiredCopy  *copy,
                            GError                **error);
/* Not connected is no error: it is published at the next connect. */
void twin_desired_publish (TwinDesired *self, TwinDesiredEntry *entry);
void twin_desired_tell (TwinDesired *self, TwinDesiredEntry *entry);
void twin_desired_tell_conflict (TwinDesired            *self,
                                 const TwinDesiredEntry *entry,
                                 JsonNode               *mine,
                                 uint64_t                base_version);

G_END_DECLS
