/* SPDX-License-Identifier: Apache-2.0
 *
 * attacks.h - messages that are not what they should be, and their past
 */
#pragma once

#include "console.h"
#include "node-cbor.h"
#include "node-private.h"

#define TIME_TOPIC "twin/1/northfield/@time"

/* Keys by the byte their seed is filled with. */
enum
{
  OPERATOR = 1,
  MAINTAINER = 2,
  ENGINEER = 3,
  STRANGER = 4,
  SECOND = 9,
};

typedef struct
{
  hal    *h;
  node   *n;
  GBytes *kept; /* a message of before */
} Bench;

/* How a message differs from a genuine one. */
typedef enum
{
  AS_IT_SHOULD,
  ALG_ES256,
  ALG_UNPROTECTED,
  ALG_NONE,
  TAGGED_MAC0,
  UNTAGGED,
  KID_OF_9,
  FLIPPED_SIGNATURE,
  FLIPPED_PAYLOAD,
  SHORT_SIGNATURE,
  TRAILING_ENVELOPE,
  CUT_ENVELOPE,
  TRAILING_PAYLOAD, /* from here on under a good signature */
  KEYS_SWAPPED,
  KEY_TWICE,
  LONG_FORM,
  INDEFINITE,
  TOO_DEEP,
  OVERSIZE,
  ID_OF_7,
  EPOCH_OF_64_BITS,
  NOT_AFTER_NAN,
  ARGUMENTS_ARRAY,
  NO_COUNTER,
} Twist;

typedef struct
{
  const char *command; /* NULL: reboot */
  uint8_t     by;      /* who signs */
  uint8_t     claims;  /* whose kid it bears; 0: its own */
  const char *topic;   /* it is signed for; NULL: the node's command */
  Twist       twist;
  int         lifetime_s; /* 0: 30 */
  int         epoch;      /* added to the node's */
  uint64_t    counter;    /* 0: the next */
} Craft;

GBytes *craft_grab (const node_cbor_writer *w);

/* The envelope of @payload for @topic, signed and twisted. */
GBytes *craft_envelope (const Craft *c, const char *topic, GBytes *payload);
GBytes *craft_command (Bench *b, const Craft *c);

/* @first countersigned. */
GBytes *craft_pair (GBytes *first, const Craft *second);

typedef struct _Attack Attack;

struct _Attack
{
  const char *what;
  const char *reason; /* "log:…" where nothing is said on the wire */
  const char *topic;  /* it arrives on; NULL: the node's command */
  GBytes *(*make) (Bench *b, const Attack *a);
  Craft  craft;
  Craft  second; /* the approver's, or of a second message */
  double value;  /* of a beacon: seconds ahead */
  GBytes *(*before) (Bench *b, const Attack *a); /* a genuine past, delivered */
};

/* Deliver @message and let the node act on it for a while. */
void attack_deliver (Bench *b, const char *topic, GBytes *message);

/* attack-moves.c: what is tried, and what has to be so before. */
GBytes *make_command (Bench *b, const Attack *a);
GBytes *make_kept (Bench *b, const Attack *a);
GBytes *make_pair (Bench *b, const Attack *a);
GBytes *make_nested (Bench *b, const Attack *a);
GBytes *before_newer (Bench *b, const Attack *a);
GBytes *before_done (Bench *b, const Attack *a);
GBytes *before_revoked (Bench *b, const Attack *a);
GBytes *before_demoted (Bench *b, const Attack *a);
GBytes *before_no_time (Bench *b, const Attack *a);
GBytes *before_desired (Bench *b, const Attack *a);
GBytes *make_desired_equal (Bench *b, const Attack *a);
GBytes *make_desired (Bench *b, const Attack *a);
GBytes *make_beacon (Bench *b, const Attack *a);
GBytes *before_beacon (Bench *b, const Attack *a);
GBytes *before_step (Bench *b, const Attack *a);
GBytes *make_enrol (Bench *b, const Attack *a);
GBytes *before_enrolled (Bench *b, const Attack *a);
GBytes *before_former_life (Bench *b, const Attack *a);
GBytes *make_enrol_role (Bench *b, const Attack *a);
