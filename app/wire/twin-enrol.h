/* SPDX-License-Identifier: Apache-2.0 */
/* twin-enrol.h - introducing a console's key to a node, and the time beacon
 *
 * Pure; any thread.
 */
#pragma once

#include "twin-key.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_KEY_ROLE_OPERATOR,
  TWIN_KEY_ROLE_MAINTAINER,
  TWIN_KEY_ROLE_ENGINEER,
} TwinKeyRole;

/* "operator", "maintainer", "engineer". A role includes those before it. */
const char *twin_key_role_to_string (TwinKeyRole role);
gboolean    twin_key_role_from_string (const char *text, TwinKeyRole *role);

typedef struct
{
  uint8_t     key[TWIN_PUBLIC_KEY_SIZE];
  TwinKeyRole role;
  const char *name; /* of the person or post, 1…64 bytes */
  uint8_t     nonce[TWIN_NONCE_SIZE];
} TwinEnrol;

/* The MACed message for @topic (the node's enrol topic). */
GBytes *twin_enrol_build (const TwinEnrol *enrol,
                          const uint8_t    token[TWIN_TOKEN_SIZE],
                          const char      *topic);

typedef struct
{
  uint8_t key[TWIN_PUBLIC_KEY_SIZE]; /* the node's */
  uint8_t nonce[TWIN_NONCE_SIZE];
  uint8_t kid[TWIN_KID_SIZE]; /* of the key just enrolled */
} TwinEnrolled;

/* Verifies with @token and reads in one step; SIGNATURE when it does not
 * fit. The caller compares nonce and kid with what it sent. */
gboolean twin_enrolled_open (const uint8_t *data,
                             size_t         size,
                             const char    *topic,
                             const uint8_t  token[TWIN_TOKEN_SIZE],
                             TwinEnrolled  *enrolled,
                             GError       **error);

/* The signed @time message for @topic. */
GBytes *twin_time_build (int64_t utc_us, const TwinKey *key, const char *topic);

G_END_DECLS
