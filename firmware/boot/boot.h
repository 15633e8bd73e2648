/* SPDX-License-Identifier: Apache-2.0
 *
 * boot.h - which program a board starts: manifests, slots, metadata, decision
 *
 * Shared by the bootloader, which decides, and the node's update agent, which
 * fills a slot and asks for a trial. Of the board it uses hal_code_* and
 * cryptography. Two pages of metadata take turns, so that a cut at any step
 * leaves the old or the new word, never neither; slots are never written by
 * the bootloader.
 */
#ifndef BOOT_H
#define BOOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flash-map.h"

enum
{
  BOOT_SLOT_NONE = 0xff, /* no slot: the program the board was made with */
  BOOT_NAME_SIZE = 65,   /* text64 and its terminator */
  BOOT_MANIFEST_MAX = 512,
  BOOT_TRIES = 3, /* starts of an image on trial */
};

/* Why an image was not taken or not kept; texts as in PROTOCOL.md. */
typedef enum
{
  BOOT_GOOD,
  BOOT_MALFORMED,
  BOOT_UNKNOWN_KEY,
  BOOT_SIGNATURE,
  BOOT_VENDOR,
  BOOT_CLASS,
  BOOT_TOO_LARGE, /* "size" */
  BOOT_SEQUENCE,
  BOOT_COUNTER,
  BOOT_DIGEST,
  BOOT_FLASH,
  BOOT_TIMEOUT,
  BOOT_UNCONFIRMED,
  BOOT_BROKER,
  BOOT_SENSOR,
  BOOT_CLOCK,
  BOOT_REASONS,
} boot_reason;

/* Static; "" for BOOT_GOOD. */
const char *boot_reason_text (boot_reason reason);

/* Whose images this board takes. Strings are the caller's. */
typedef struct
{
  const char    *vendor; /* NULL: takes none */
  const char    *node_class;
  const uint8_t *key; /* 32 bytes, Ed25519, the vendor's */
} boot_identity;

typedef struct
{
  char     vendor[BOOT_NAME_SIZE];
  char     node_class[BOOT_NAME_SIZE];
  char     version[BOOT_NAME_SIZE];
  uint64_t sequence;
  uint64_t counter; /* security counter */
  uint32_t size;    /* of the image, bytes */
  uint8_t  digest[32];
} boot_manifest;

/* Take @envelope apart. Nothing is authenticated. */
bool boot_manifest_read (const uint8_t *envelope, size_t n, boot_manifest *m);

/* The same, and whether it is genuine and for this board: malformed,
 * unknown-key, signature, vendor, class, size. @m is whole unless malformed. */
boot_reason boot_manifest_check (const uint8_t       *envelope,
                                 size_t               n,
                                 const boot_identity *id,
                                 boot_manifest       *m);

/* Where in code flash a slot and its image begin. */
uint32_t boot_slot_at (unsigned slot);
uint32_t boot_image_at (unsigned slot);

/* The envelope in @slot's header: bytes copied to @envelope, 0 if none. */
size_t boot_slot_envelope (hal     *h,
                           unsigned slot,
                           uint8_t  envelope[BOOT_MANIFEST_MAX]);

/* Program @envelope into @slot's erased header. */
hal_status boot_slot_put_envelope (hal           *h,
                                   unsigned       slot,
                                   const uint8_t *envelope,
                                   size_t         n);

/* What the header says, not authenticated; false: nothing readable. */
bool boot_slot_manifest (hal *h, unsigned slot, boot_manifest *m);

/* Everything a vendor signed about @slot holds, image included. */
boot_reason boot_slot_check (hal                 *h,
                             unsigned             slot,
                             const boot_identity *id,
                             boot_manifest       *m);

typedef enum
{
  BOOT_IDLE,      /* nothing since the running image was put there */
  BOOT_PENDING,   /* .trial is to be tried */
  BOOT_TRIAL,     /* .trial was started .tries times, not yet confirmed */
  BOOT_CONFIRMED, /* .trial is .active now */
  BOOT_REVERTED,  /* .trial was tried, and failed for .reason */
  BOOT_REFUSED,   /* .trial never ran, for .reason */
  BOOT_STATES,
} boot_state;

/* What the pages of metadata say. */
typedef struct
{
  uint8_t  active; /* slot known good, or BOOT_SLOT_NONE */
  uint8_t  trial;  /* slot .state is about, or BOOT_SLOT_NONE */
  uint8_t  state;  /* boot_state */
  uint8_t  tries;
  uint8_t  reason;  /* boot_reason */
  uint64_t counter; /* security counter: nothing below it runs */
} boot_meta;

/* The newest whole page. False: there is none, and @m is that of a board as it
 * was made: no slot, idle, counter 0. */
bool boot_meta_load (hal *h, boot_meta *m);

/* HAL_OK: @m holds from now on. Otherwise what was holds still. */
hal_status boot_meta_store (hal *h, const boot_meta *m);

/* The slot that runs if @m is what the bootloader left. */
unsigned boot_meta_running (const boot_meta *m);

/* What the bootloader found. */
typedef struct
{
  unsigned      slot; /* to start, or BOOT_SLOT_NONE: no slot is good */
  bool          trial;
  boot_manifest manifest; /* of that slot */
} boot_choice;

/* Decide, once a start, before anything else runs; updates the metadata. The
 * image at boot_image_at (slot) is then whole, genuine, for this board and not
 * below the security counter. */
boot_choice boot_decide (hal *h, const boot_identity *id);

#endif
