/* SPDX-License-Identifier: Apache-2.0 */
/* vectors.h - firmware/vectors for tests, and what was read as JSON */
#pragma once

#include "twin-birth.h"
#include "twin-block.h"
#include "twin-command.h"
#include "twin-cose.h"
#include "twin-document.h"
#include "twin-enrol.h"
#include "twin-firmware.h"
#include "twin-record.h"
#include "twin-ring.h"

/* The file's rows; caller unrefs. */
JsonParser *vectors_load (const char *name);
/* A member's bytes; caller unrefs. */
GBytes *vectors_hex (JsonObject *row, const char *member);
/* From keys.json. */
void     vectors_key_bytes (const char *name,
                            const char *member,
                            uint8_t    *bytes,
                            size_t      size);
TwinKey *vectors_key_pair (const char *name);
void     vectors_free_keys (void);

/* As `meaning` says it. */
JsonNode *dump_record (const TwinRecord *record);
JsonNode *dump_block (const TwinBlock *block);
JsonNode *dump_birth (const TwinBirth *birth);
JsonNode *dump_ring (const TwinRingReport *report);
JsonNode *dump_reported (const TwinReported *reported);
JsonNode *dump_result (const TwinResult *result);
JsonNode *dump_desired (const TwinDesiredDocument *document,
                        const TwinSigned          *opened);
JsonNode *dump_enrolled (const TwinEnrolled *enrolled);
JsonNode *dump_manifest (const TwinManifest *manifest, GBytes *image);
JsonNode *dump_chunk_get (const TwinChunkGet *get);
JsonNode *take_object (JsonObject *object);
