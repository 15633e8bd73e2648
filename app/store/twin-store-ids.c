/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-ids.h"

#include <string.h>

enum
{
  FIRST_SLOTS = 1024, /* a power of two, as all later sizes */
};

typedef struct
{
  guint64 a, b; /* both 0: empty */
} Print;

struct _TwinStoreIds
{
  guint64  key[2];
  size_t   n_slots, n_used;
  Print   *prints;
  guint32 *numbers;
};

TwinStoreIds *
twin_store_ids_new (void)
{
  TwinStoreIds *self = g_new0 (TwinStoreIds, 1);

  for (int i = 0; i < 2; i++)
    self->key[i] = ((guint64) g_random_int () << 32) | g_random_int ();
  self->n_slots = FIRST_SLOTS;
  self->prints = g_new0 (Print, self->n_slots);
  self->numbers = g_new0 (guint32, self->n_slots);
  return self;
}

void
twin_store_ids_free (TwinStoreIds *self)
{
  if (self == NULL)
    return;

  g_free (self->prints);
  g_free (self->numbers);
  g_free (self);
}

/* --- SipHash-2-4 with 128 bits out (Aumasson and Bernstein, 2012)
 * ------------------ */

typedef struct
{
  guint64 v[4];
  guint64 word; /* bytes not yet taken in */
  guint64 length;
} Sip;

static inline guint64
rotate (guint64 x, int n)
{
  return (x << n) | (x >> (64 - n));
}

static inline void
sip_round (guint64 *v)
{
  v[0] += v[1];
  v[1] = rotate (v[1], 13) ^ v[0];
  v[0] = rotate (v[0], 32);
  v[2] += v[3];
  v[3] = rotate (v[3], 16) ^ v[2];
  v[0] += v[3];
  v[3] = rotate (v[3], 21) ^ v[0];
  v[2] += v[1];
  v[1] = rotate (v[1], 17) ^ v[2];
  v[2] = rotate (v[2], 32);
}

static inline void
sip_word (Sip *sip, guint64 word)
{
  sip->v[3] ^= word;
  sip_round (sip->v);
  sip_round (sip->v);
  sip->v[0] ^= word;
}

/* The text and the NUL behind it, so that two texts are not one. */
static void
sip_text (Sip *sip, const char *text)
{
  size_t n = strlen (text) + 1;

  for (size_t i = 0; i < n; i++)
    {
      sip->word |= (guint64) (guchar) text[i] << (8 * (sip->length % 8));
      if (++sip->length % 8 == 0)
        {
          sip_word (sip, sip->word);
          sip->word = 0;
        }
    }
}

static guint64
sip_end (Sip *sip, guint64 mark)
{
  sip->v[mark == 0xee ? 2 : 1] ^= mark;
  for (int i = 0; i < 4; i++)
    sip_round (sip->v);
  return sip->v[0] ^ sip->v[1] ^ sip->v[2] ^ sip->v[3];
}

static Print
make_print (const TwinStoreIds *self, const char *id, const char *more)
{
  Sip   sip = { { G_GUINT64_CONSTANT (0x736f6d6570736575) ^ self->key[0],
                  G_GUINT64_CONSTANT (0x646f72616e646f6d) ^ self->key[1] ^ 0xee,
                  G_GUINT64_CONSTANT (0x6c7967656e657261) ^ self->key[0],
                  G_GUINT64_CONSTANT (0x7465646279746573) ^ self->key[1] },
                0,
                0 };
  Print print;

  sip_text (&sip, id);
  sip_text (&sip, more);
  sip_word (&sip, sip.word | (sip.length << 56));
  print.a = sip_end (&sip, 0xee);
  print.b = sip_end (&sip, 0xdd);
  if (print.a == 0 && print.b == 0)
    print.b = 1;
  return print;
}

/* --- the table: open addressing, at most 3/4 full
 * ----------------------------------- */

static size_t
find_slot (const TwinStoreIds *self, Print print)
{
  size_t mask = self->n_slots - 1;
  size_t i = (size_t) print.a & mask;

  while ((self->prints[i].a != 0 || self->prints[i].b != 0) &&
         (self->prints[i].a != print.a || self->prints[i].b != print.b))
    i = (i + 1) & mask;
  return i;
}

static gboolean
is_used (const TwinStoreIds *self, size_t slot)
{
  return self->prints[slot].a != 0 || self->prints[slot].b != 0;
}

static void
grow (TwinStoreIds *self)
{
  TwinStoreIds old = *self;

  self->n_slots *= 2;
  self->prints = g_new0 (Print, self->n_slots);
  self->numbers = g_new0 (guint32, self->n_slots);
  for (size_t i = 0; i < old.n_slots; i++)
    {
      if (is_used (&old, i))
        {
          size_t slot = find_slot (self, old.prints[i]);

          self->prints[slot] = old.prints[i];
          self->numbers[slot] = old.numbers[i];
        }
    }

  g_free (old.prints);
  g_free (old.numbers);
}

gboolean
twin_store_ids_add (TwinStoreIds *self,
                    const char   *id,
                    const char   *more,
                    guint32       number)
{
  Print  print = make_print (self, id, more);
  size_t slot = find_slot (self, print);

  if (is_used (self, slot))
    return FALSE;

  self->prints[slot] = print;
  self->numbers[slot] = number;
  if (++self->n_used > self->n_slots / 4 * 3)
    grow (self);
  return TRUE;
}

gboolean
twin_store_ids_find (TwinStoreIds *self,
                     const char   *id,
                     const char   *more,
                     guint32      *number)
{
  size_t slot = find_slot (self, make_print (self, id, more));

  if (!is_used (self, slot))
    return FALSE;

  *number = self->numbers[slot];
  return TRUE;
}

size_t
twin_store_ids_count (const TwinStoreIds *self)
{
  return self->n_used;
}
