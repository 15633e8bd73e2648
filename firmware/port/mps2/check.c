/* SPDX-License-Identifier: Apache-2.0
 *
 * check.c - an image that tries the board out: one word says what
 *
 * null-write, null-read, code-write, overflow: provoke a fault; the emulator
 * ends with BOARD_EXIT_FAULT. again: the same, but the next start tells. hang:
 * be ended by the watchdog. fft, sign: tell what they cost, in ticks of the
 * clock. sign-many: a digest of many signatures.
 */
#include <math.h>
#include <string.h>

#include "board.h"
#include "clock.h"
#include "mps2.h"
#include "node-band.h"
#include "node-envelope.h"
#include "node-fft.h"
#include "node-vibration.h"
#include "semihost.h"

static const char *word;

static bool restarts; /* after a fault */

static void
tell (const start_record *record)
{
  board_print ("fault at ");
  board_print_hex (record->fault_pc);
  board_print (", address ");
  board_print_hex (record->fault_address);
  board_print (", status ");
  board_print_hex (record->fault_status);
  board_print ("\n");
}

void
start_fault_hook (const start_record *record)
{
  if (restarts)
    return;
  tell (record);
  semihost_exit (BOARD_EXIT_FAULT);
}

/* Where to: volatile, or the compiler says what it thinks of it. */
static volatile uintptr_t target;

static void
write_at (uintptr_t address)
{
  target = address;
  *(volatile uint32_t *) target = 0x12345678;
}

static uint32_t
read_at (uintptr_t address)
{
  target = address;
  return *(const volatile uint32_t *) target;
}

static uint32_t
dig (volatile uint32_t *above)
{
  volatile uint32_t here[64];

  here[0] = *above;
  return target == 0 ? dig (here) + here[0] : here[0];
}

static bool
again (void)
{
  start_record before = start_take_record ();

  restarts = true;
  if (before.reason != START_FAULT)
    write_at (0);
  tell (&before);
  return before.reason == START_FAULT;
}

static _Noreturn void
hang (void)
{
  if (start_take_record ().reason == START_WATCHDOG)
    {
      board_print ("ended by the watchdog\n");
      semihost_exit (0);
    }
  hal_watchdog_kick (NULL);
  for (;;)
    ;
}

/* RFC 8032, 7.1, test 3. */
static bool
sign (void)
{
  static const uint8_t seed[32] = {
    0xc5, 0xaa, 0x8d, 0xf4, 0x3f, 0x9f, 0x83, 0x7b, 0xed, 0xb7, 0x44,
    0x2f, 0x31, 0xdc, 0xb7, 0xb1, 0x66, 0xd3, 0x85, 0x35, 0x07, 0x6f,
    0x09, 0x4b, 0x85, 0xce, 0x3a, 0x2e, 0x0b, 0x44, 0x58, 0xf7,
  };
  static const uint8_t expected[64] = {
    0x62, 0x91, 0xd6, 0x57, 0xde, 0xec, 0x24, 0x02, 0x48, 0x27, 0xe6,
    0x9c, 0x3a, 0xbe, 0x01, 0xa3, 0x0c, 0xe5, 0x48, 0xa2, 0x84, 0x74,
    0x3a, 0x44, 0x5e, 0x36, 0x80, 0xd7, 0xdb, 0x5a, 0xc3, 0xac, 0x18,
    0xff, 0x9b, 0x53, 0x8d, 0x16, 0xf2, 0x90, 0xae, 0x67, 0xf7, 0x60,
    0x98, 0x4d, 0xc6, 0x59, 0x4a, 0x7c, 0x15, 0xe9, 0x71, 0x6e, 0xd2,
    0x8d, 0xc0, 0x27, 0xbe, 0xce, 0xea, 0x1e, 0xc4, 0x0a,
  };
  static const uint8_t message[2] = { 0xaf, 0x82 };
  uint8_t              key[32], signature[64];
  uint64_t             began = clock_ticks ();
  bool                 ok;

  hal_ed25519_sign (seed, message, sizeof message, signature);
  board_report ("sign ticks", clock_ticks () - began);
  ok = memcmp (signature, expected, sizeof expected) == 0;

  hal_ed25519_public (seed, key);
  began = clock_ticks ();
  ok = ok && hal_ed25519_verify (key, message, 2, signature) == HAL_OK;
  board_report ("verify ticks", clock_ticks () - began);
  signature[40] ^= 1;
  return ok && hal_ed25519_verify (key, message, 2, signature) != HAL_OK;
}

/* Messages of every length about SHA-512's blocks; the host makes the same. */
static bool
sign_many (void)
{
  uint8_t seed[32] = { 1 }, key[32], message[160] = { 0 }, signature[64];
  uint8_t digest[32] = { 0 };

  hal_ed25519_public (seed, key);
  for (unsigned n = 0; n < sizeof message; n++)
    {
      message[n] = (uint8_t) (7 * n);
      hal_ed25519_sign (seed, message, n, signature);
      if (hal_ed25519_verify (key, message, n, signature) != HAL_OK)
        return false;
      hal_hmac_sha256 (digest, sizeof digest, signature, sizeof signature,
                       digest);
      seed[n % 32] ^= digest[0];
      hal_ed25519_public (seed, key);
    }
  for (unsigned i = 0; i < sizeof digest; i += 4)
    board_print_hex ((uint32_t) digest[i] << 24 | digest[i + 1] << 16 |
                     digest[i + 2] << 8 | digest[i + 3]);
  board_print ("\n");
  return true;
}

/* A sine in the middle of bin 100. */
static bool
fft (void)
{
  static node_fft f;
  static float    work[NODE_FFT_WORK];
  uint64_t        began;
  unsigned        most = 0;

  if (!node_fft_init (&f))
    return false;
  for (unsigned i = 0; i < NODE_FFT_SIZE; i++)
    work[i] = sinf (6.2831853f * 100.0f * (float) i / NODE_FFT_SIZE);

  began = clock_ticks ();
  node_fft_power (&f, work);
  board_report ("fft ticks", clock_ticks () - began);
  for (unsigned i = 1; i < NODE_FFT_BINS; i++)
    if (work[i] > work[most])
      most = i;
  return most == 100;
}

/* One second of an accelerometer's axis through all of the edge analysis, as
 * FIFOs give it: @batch samples at a time. */
static bool
block (float rate, float top_hz, unsigned batch)
{
  static node_vibration  vibration;
  static node_envelope   envelope;
  static node_band       band;
  static node_fft        f;
  static float           work[NODE_FFT_WORK], x[NODE_FFT_SIZE];
  node_tones             tones = { { 3.58f, 5.42f, 2.36f, 0.4f }, 0, 0 };
  node_band_edges        edges[NODE_BANDS_MAX];
  node_vibration_scalars scalars;
  float                  level[NODE_TONES];
  uint64_t               began;
  unsigned               n = (unsigned) rate, next = NODE_FFT_HOP;

  node_fft_init (&f);
  node_vibration_init (&vibration, rate);
  node_envelope_default_band (&tones, top_hz);
  node_envelope_init (&envelope, &tones, rate, 40.0f);
  node_envelope_shaft (&envelope, 49.0f, 0);
  node_band_init (&band, rate, edges, node_band_defaults (rate, top_hz, edges));
  for (unsigned i = 0; i < NODE_FFT_SIZE; i++)
    x[i] = sinf (0.8f * (float) i) * (1.0f + 0.5f * sinf (0.05f * (float) i));

  began = clock_ticks ();
  for (unsigned at = 0; at < n; at += batch)
    {
      const float *from = x + at % (NODE_FFT_SIZE - batch);

      node_vibration_add (&vibration, from, batch);
      node_envelope_add (&envelope, &f, from, batch);
      if (at >= next)
        {
          memcpy (work, x, sizeof x);
          node_fft_power (&f, work);
          node_band_add (&band, work);
          next += NODE_FFT_HOP;
        }
    }
  board_report ("block ticks", clock_ticks () - began);
  return node_vibration_take (&vibration, &scalars) &&
         node_band_take (&band, level) && node_envelope_take (&envelope, level);
}

int
main (void)
{
  static char line[128];
  uint32_t    zero = 0;
  bool        ok = false;

  clock_start ();
  semihost_command_line (line, sizeof line);
  word = strchr (line, ' ');
  word = word != NULL ? word + 1 : "";

  if (strcmp (word, "hello") == 0)
    {
      board_print ("hello\n");
      ok = true;
    }
  else if (strcmp (word, "null-write") == 0)
    write_at (0);
  else if (strcmp (word, "null-read") == 0)
    read_at (16);
  else if (strcmp (word, "code-write") == 0)
    write_at ((uintptr_t) main & ~3u);
  else if (strcmp (word, "overflow") == 0)
    dig (&zero);
  else if (strcmp (word, "again") == 0)
    ok = again ();
  else if (strcmp (word, "hang") == 0)
    hang ();
  else if (strcmp (word, "fft") == 0)
    ok = fft ();
  else if (strcmp (word, "sign-many") == 0)
    ok = sign_many ();
  else if (strcmp (word, "block-4k") == 0)
    ok = block (4000, 1000, 32);
  else if (strcmp (word, "block-26k") == 0)
    ok = block (26667, 6300, 128);
  else if (strcmp (word, "sign") == 0)
    ok = sign ();
  semihost_exit (ok ? 0 : 1);
}
