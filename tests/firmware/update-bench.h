/* SPDX-License-Identifier: Apache-2.0
 *
 * update-bench.h - a node under update: its vendor, its console, its resets
 *
 * The board boots as the host port's do, by image_boot(); a reset, a watchdog
 * and a power loss come back the same way. The console of the bench offers,
 * authorises and serves one image, and does so again where the node forgot.
 */
#pragma once

#include "console.h"

#define BENCH_OLD "1.0.0"
#define BENCH_NEW "1.1.0"

typedef struct
{
  boot_manifest  manifest;
  const TwinKey *key; /* who signs */
  uint8_t       *bytes;
  uint8_t        envelope[BOOT_MANIFEST_MAX];
  size_t         envelope_n;
} BenchImage;

typedef struct
{
  hal        *h;
  node       *n; /* NULL: the power failed while it started */
  node_config config;
  TwinKey    *engineer, *vendor, *stranger;
  BenchImage  image;     /* that is offered */
  bool        console;   /* offers and authorises by itself */
  uint32_t    piece;     /* bytes a chunk/data carries */
  uint32_t    tamper_at; /* byte of the image that is altered on its way;
                            UINT32_MAX: none */
  uint32_t drop_at;      /* once served so far, the link breaks for 2 s */
  uint32_t starve_at;    /* nothing from here is served */
  uint32_t served;       /* bytes so far */
  uint64_t mend_us;      /* when the link comes back */
  uint64_t asked_us;     /* when the console last offered */
  unsigned boots, bad_boots, dead_boots;
  char     bad_version[BOOT_NAME_SIZE]; /* must never be confirmed */
} Bench;

/* A board with BENCH_OLD (sequence 10, counter 5) in slot 0, confirmed, and a
 * node on it whose engineer is known. @sensors: with an accelerometer, whose
 * clock takes 20 s to judge; otherwise two thermometers. */
void bench_init (Bench *b, uint32_t seed, bool sensors);
void bench_clear (Bench *b);

/* Make b->image: BENCH_NEW, sequence 11, counter 6, @size bytes that begin
 * with the text of @lines. Change .manifest, then bench_sign. */
void bench_image (Bench *b, const char *lines, uint32_t size);
void bench_sign (Bench *b);

/* Put b->image into @slot, past the agent. */
void bench_fill (Bench *b, unsigned slot);

void bench_offer (Bench *b);
/* The command's id is all @id; 0: a fresh one. */
void bench_install (Bench *b, uint8_t id);

/* Power or watchdog: the node starts anew. */
void bench_restart (Bench *b);

typedef bool (*BenchUntil) (const Bench *b);

bool bench_settled (const Bench *b); /* confirmed, reverted or refused, told */
bool bench_power_failed (const Bench *b);

/* Let time pass until @until, or the power fails, or @seconds are over. */
bool bench_run (Bench *b, BenchUntil until, double seconds);

/* The slots' state is sound, the node is online with @version, by the
 * bootloader's word and by its birth. */
bool bench_alive (Bench *b, const char *version);
