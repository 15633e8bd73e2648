/* SPDX-License-Identifier: Apache-2.0 */
/* twin-block.h - one waveform block, at most 1 s and 64 KiB of samples
 *
 * Pure; any thread; a parsed block is never changed again. Blocks of one
 * sensor and axis join where n0 + n is the next n0 in one (ring, epoch).
 */
#pragma once

#include "twin-wire.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_SAMPLES_I16, /* tag 77 */
  TWIN_SAMPLES_I32, /* tag 78 */
  TWIN_SAMPLES_F32, /* tag 85 */
} TwinSampleType;

/* 2 or 4. */
size_t twin_sample_type_size (TwinSampleType type);

typedef enum
{
  TWIN_WHY_SCHEDULE,
  TWIN_WHY_LIVE,
  TWIN_WHY_TRIGGER,
  TWIN_WHY_COMMAND,
} TwinBlockWhy;

/* "schedule", "live", "trigger", "command". */
const char *twin_block_why_to_string (TwinBlockWhy why);

/* Bits of `quality`. */
enum
{
  TWIN_BLOCK_CLIPPED = 1,
  TWIN_BLOCK_OVERRUN = 2, /* samples were lost before the first one */
  TWIN_BLOCK_SELF_TEST_FAILED = 4,
  TWIN_BLOCK_REPLAYED = 8, /* of a recording, not of a machine */
};

typedef struct
{
  char          *sensor;      /* name, prefix included: "de/acceleration" */
  char           axis;        /* 'x', 'y' or 'z' */
  gboolean       has_capture; /* FALSE: live */
  uint64_t       capture;
  gboolean       last;    /* of its capture */
  uint64_t       n0;      /* running number of the first sample */
  uint32_t       n;       /* samples, ≥ 1 */
  int64_t        t0_us;   /* UTC of the first sample, or TWIN_TIME_NONE */
  double         up;      /* seconds since boot at the first sample */
  double         rate_hz; /* measured, > 0 */
  double         scale;   /* value = data × scale + offset, in unit */
  double         offset;
  char          *unit;
  TwinBlockWhy   why;
  uint8_t        ring[TWIN_RING_SIZE];
  uint32_t       epoch;
  uint32_t       quality; /* TWIN_BLOCK_… bits */
  TwinSampleType type;
  const uint8_t
         *data; /* n samples, little-endian, inside @payload; unaligned */
  size_t  data_size;
  GBytes *payload;
} TwinBlock;

/* Keeps a reference to @payload: the samples are not copied. Returns NULL and
 * sets @error (SIZE, SYNTAX, FORM, CONTENT; float samples that are not finite
 * are CONTENT). */
TwinBlock *twin_block_parse (GBytes *payload, GError **error);
void       twin_block_free (TwinBlock *block);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinBlock, twin_block_free)

/* @out: room for n values, in the block's unit. */
void twin_block_get_floats (const TwinBlock *block, float *out);
void twin_block_get_doubles (const TwinBlock *block, double *out);

/* The same for samples kept elsewhere (a store's blob of @n samples). */
void twin_samples_to_floats (TwinSampleType type,
                             const uint8_t *data,
                             size_t         n,
                             double         scale,
                             double         offset,
                             float         *out);

/* The payload a node would send; @payload is not looked at. */
GBytes *twin_block_build (const TwinBlock *block);

G_END_DECLS
