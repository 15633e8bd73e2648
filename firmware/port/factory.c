/* SPDX-License-Identifier: Apache-2.0
 *
 * factory.c - the page of flash that makes a board a certain node
 */
#include "factory.h"

#include <string.h>

#include "node-cbor.h"
#include "node-keep.h"

enum
{
  LAYOUT = 1,
  HEAD = 16,
};

static const uint8_t magic[4] = { 'T', 'W', 'F', 'P' };

/* Kinds of a struct's members; bytes and texts are told apart by them. */
typedef enum
{
  TEXT,   /* const char *, may be NULL */
  NUMBER, /* double */
  COUNT,  /* uint32_t, unsigned or an enumeration */
  FLAG,   /* bool */
  OCTETS, /* uint8_t[4] */
  TOKEN,  /* uint8_t[NODE_TOKEN_SIZE] */
  KEY,    /* uint8_t[32] */
} kind;

typedef struct
{
  uint8_t  kind;
  uint16_t at;
} field;

typedef struct
{
  const field *fields;
  size_t       n;
  size_t       size; /* of the struct */
} shape;

#define SHAPE(fields, type)                                                    \
  {                                                                            \
    fields, sizeof fields / sizeof *fields, sizeof (type)                      \
  }

static const field net_fields[] = {
  { OCTETS, offsetof (factory_net, address) },
  { OCTETS, offsetof (factory_net, mask) },
  { OCTETS, offsetof (factory_net, gateway) },
  { OCTETS, offsetof (factory_net, broker) },
  { COUNT, offsetof (factory_net, port) },
  { TEXT, offsetof (factory_net, tls_name) },
};

static const field node_fields[] = {
  { TEXT, offsetof (node_config, plant) },
  { TEXT, offsetof (node_config, node) },
  { TEXT, offsetof (node_config, serial) },
  { TEXT, offsetof (node_config, node_class) },
  { TEXT, offsetof (node_config, user) },
  { TEXT, offsetof (node_config, password) },
  { FLAG, offsetof (node_config, has_token) },
  { TOKEN, offsetof (node_config, token) },
  { TEXT, offsetof (node_config, speed_name) },
  { TEXT, offsetof (node_config, hours_name) },
  { NUMBER, offsetof (node_config, rated_rpm) },
  { NUMBER, offsetof (node_config, rated_slip) },
  { NUMBER, offsetof (node_config, hours) },
  { NUMBER, offsetof (node_config, capture_s) },
  { NUMBER, offsetof (node_config, every_s) },
  { NUMBER, offsetof (node_config, phase_s) },
  { FLAG, offsetof (node_config, simulated) },
  { TEXT, offsetof (node_config, vendor) },
  { KEY, offsetof (node_config, vendor_key) },
};

static const field current_fields[] = {
  { FLAG, offsetof (node_current_config, fitted) },
  { TEXT, offsetof (node_current_config, name) },
  { TEXT, offsetof (node_current_config, load_name) },
  { NUMBER, offsetof (node_current_config, ratio) },
  { NUMBER, offsetof (node_current_config, volt_per_a) },
  { NUMBER, offsetof (node_current_config, supply_v) },
  { NUMBER, offsetof (node_current_config, idle_a) },
  { NUMBER, offsetof (node_current_config, rated_a) },
};

static const field serve_fields[] = {
  { TEXT, offsetof (node_serve, prefix) },
  { TEXT, offsetof (node_serve, twin) },
  { TEXT, offsetof (node_serve, model) },
};

static const field accel_fields[] = {
  { COUNT, offsetof (node_accel_config, kind) },
  { COUNT, offsetof (node_accel_config, device) },
  { TEXT, offsetof (node_accel_config, prefix) },
  { NUMBER, offsetof (node_accel_config, rate_hz) },
  { NUMBER, offsetof (node_accel_config, range_g) },
  { NUMBER, offsetof (node_accel_config, g_per_lsb) },
  { FLAG, offsetof (node_accel_config, recording) },
  { TEXT, offsetof (node_accel_config, name) },
  { COUNT, offsetof (node_accel_config, axes) },
};

static const field rtd_fields[] = {
  { COUNT, offsetof (node_rtd_config, device) },
  { TEXT, offsetof (node_rtd_config, name) },
};

static const field limit_fields[] = {
  { TEXT, offsetof (node_limit_config, name) },
  { NUMBER, offsetof (node_limit_config, high) },
  { NUMBER, offsetof (node_limit_config, delay_s) },
};

static const shape net_shape = SHAPE (net_fields, factory_net);
static const shape node_shape = SHAPE (node_fields, node_config);
static const shape current_shape = SHAPE (current_fields, node_current_config);
static const shape serve_shape = SHAPE (serve_fields, node_serve);
static const shape accel_shape = SHAPE (accel_fields, node_accel_config);
static const shape rtd_shape = SHAPE (rtd_fields, node_rtd_config);
static const shape limit_shape = SHAPE (limit_fields, node_limit_config);

_Static_assert(sizeof (node_accel_kind) == sizeof (uint32_t),
               "an enumeration is read and written as 32 bits");

/* Writing. */

static void
put_field (node_cbor_writer *w, const field *f, const uint8_t *base)
{
  const void *at = base + f->at;
  const char *text;
  double      number;
  uint32_t    count;

  switch ((kind) f->kind)
    {
    case TEXT:
      memcpy (&text, at, sizeof text);
      if (text != NULL)
        node_cbor_put_text (w, text);
      else
        node_cbor_put_null (w);
      break;
    case NUMBER:
      memcpy (&number, at, sizeof number);
      node_cbor_put_f64 (w, number);
      break;
    case COUNT:
      memcpy (&count, at, sizeof count);
      node_cbor_put_uint (w, count);
      break;
    case FLAG:
      node_cbor_put_bool (w, *(const bool *) at);
      break;
    case OCTETS:
      node_cbor_put_bytes (w, at, 4);
      break;
    case TOKEN:
      node_cbor_put_bytes (w, at, NODE_TOKEN_SIZE);
      break;
    case KEY:
      node_cbor_put_bytes (w, at, 32);
      break;
    }
}

static void
put_one (node_cbor_writer *w, const shape *s, const void *base)
{
  node_cbor_put_array (w, s->n);
  for (size_t i = 0; i < s->n; i++)
    put_field (w, &s->fields[i], base);
}

static void
put_list (node_cbor_writer *w, const shape *s, const void *base, size_t n)
{
  node_cbor_put_array (w, n);
  for (size_t i = 0; i < n; i++)
    put_one (w, s, (const uint8_t *) base + i * s->size);
}

static void
put_bytes (node_cbor_writer *w, const void *data, size_t n)
{
  if (data != NULL)
    node_cbor_put_bytes (w, data, n);
  else
    node_cbor_put_null (w);
}

static void
put_u32 (uint8_t *to, uint32_t value)
{
  for (unsigned i = 0; i < 4; i++)
    to[i] = (uint8_t) (value >> (8 * i));
}

size_t
factory_write (const factory *f, uint8_t page[FACTORY_PAGE_SIZE])
{
  const node_config *c = &f->node;
  node_cbor_writer   w;

  node_cbor_begin (&w, page + HEAD, FACTORY_PAGE_SIZE - HEAD);
  node_cbor_put_array (&w, 10);
  put_one (&w, &net_shape, &f->net);
  put_one (&w, &node_shape, c);
  put_one (&w, &current_shape, &c->current);
  put_list (&w, &serve_shape, c->serves, c->n_serves);
  put_list (&w, &accel_shape, c->accels, c->n_accels);
  put_list (&w, &rtd_shape, c->rtds, c->n_rtds);
  put_list (&w, &limit_shape, c->limits, c->n_limits);
  node_cbor_put_uint (&w, f->flash_size);
  put_bytes (&w, f->machine, f->machine_n);
  put_bytes (&w, f->ca, f->ca_n);
  if (w.overflow)
    return 0;

  memcpy (page, magic, sizeof magic);
  put_u32 (page + 4, LAYOUT);
  put_u32 (page + 8, (uint32_t) w.length);
  put_u32 (page + 12, node_crc32 (0, page + HEAD, w.length));
  return HEAD + w.length;
}

/* Reading. */

typedef struct
{
  node_cbor_reader cbor;
  char            *text; /* free memory for strings */
  size_t           room;
} reader;

static bool
get_text (reader *r, void *at)
{
  const char *text = NULL, *from;
  size_t      n;

  if (!node_cbor_get_null (&r->cbor))
    {
      if (!node_cbor_get_text (&r->cbor, &from, &n) || n >= r->room)
        return false;
      text = r->text;
      memcpy (r->text, from, n);
      r->text[n] = '\0';
      r->text += n + 1;
      r->room -= n + 1;
    }
  memcpy (at, &text, sizeof text);
  return true;
}

static bool
get_bytes (reader *r, void *at, size_t wanted)
{
  const uint8_t *bytes;
  size_t         n;

  if (!node_cbor_get_bytes (&r->cbor, &bytes, &n) || n != wanted)
    return false;
  memcpy (at, bytes, n);
  return true;
}

static bool
get_field (reader *r, const field *f, uint8_t *base)
{
  void          *at = base + f->at;
  node_cbor_item item;
  double         number;
  uint64_t       count;

  switch ((kind) f->kind)
    {
    case TEXT:
      return get_text (r, at);
    case NUMBER:
      if (!node_cbor_get_f64 (&r->cbor, &number))
        return false;
      memcpy (at, &number, sizeof number);
      return true;
    case COUNT:
      if (!node_cbor_get_uint (&r->cbor, &count) || count > UINT32_MAX)
        return false;
      memcpy (at, &(uint32_t){ (uint32_t) count }, sizeof (uint32_t));
      return true;
    case FLAG:
      if (!node_cbor_next (&r->cbor, &item) || item.kind != NODE_CBOR_SIMPLE)
        return false;
      *(bool *) at = item.number == 21;
      return true;
    case OCTETS:
      return get_bytes (r, at, 4);
    case TOKEN:
      return get_bytes (r, at, NODE_TOKEN_SIZE);
    case KEY:
      return get_bytes (r, at, 32);
    }
  return false;
}

/* A page of an older layout ends early: the rest stays 0. */
static bool
get_one (reader *r, const shape *s, void *base)
{
  uint64_t n;

  if (!node_cbor_get_array (&r->cbor, &n) || n > s->n)
    return false;
  for (size_t i = 0; i < n; i++)
    if (!get_field (r, &s->fields[i], base))
      return false;
  return true;
}

static bool
get_list (reader *r, const shape *s, void *base, size_t *n, size_t most)
{
  uint64_t count;

  if (!node_cbor_get_array (&r->cbor, &count) || count > most)
    return false;
  for (*n = 0; *n < count; (*n)++)
    if (!get_one (r, s, (uint8_t *) base + *n * s->size))
      return false;
  return true;
}

static bool
get_part (reader *r, const void **data, size_t *n)
{
  const uint8_t *bytes = NULL;

  if (!node_cbor_get_null (&r->cbor) &&
      !node_cbor_get_bytes (&r->cbor, &bytes, n))
    return false;
  *data = bytes;
  return true;
}

static bool
get_all (reader *r, factory *f)
{
  node_config *c = &f->node;
  uint64_t     n, flash_size;

  if (!node_cbor_get_array (&r->cbor, &n) || n < 9 || n > 10 ||
      !get_one (r, &net_shape, &f->net) || !get_one (r, &node_shape, c) ||
      !get_one (r, &current_shape, &c->current) ||
      !get_list (r, &serve_shape, c->serves, &c->n_serves, NODE_SERVES_MAX) ||
      !get_list (r, &accel_shape, c->accels, &c->n_accels, NODE_ACCELS_MAX) ||
      !get_list (r, &rtd_shape, c->rtds, &c->n_rtds, NODE_RTDS_MAX) ||
      !get_list (r, &limit_shape, c->limits, &c->n_limits, NODE_LIMITS_MAX) ||
      !node_cbor_get_uint (&r->cbor, &flash_size) || flash_size > UINT32_MAX)
    return false;

  f->flash_size = (uint32_t) flash_size;
  return get_part (r, &f->machine, &f->machine_n) &&
         (n == 9 || get_part (r, &f->ca, &f->ca_n));
}

static uint32_t
get_u32 (const uint8_t *from)
{
  return from[0] | (uint32_t) from[1] << 8 | (uint32_t) from[2] << 16 |
         (uint32_t) from[3] << 24;
}

const char *
factory_read (factory      *f,
              const uint8_t page[FACTORY_PAGE_SIZE],
              char          text[FACTORY_TEXT_SIZE])
{
  reader   r = { .text = text, .room = FACTORY_TEXT_SIZE };
  uint32_t length = get_u32 (page + 8);

  memset (f, 0, sizeof *f);
  if (memcmp (page, magic, sizeof magic) != 0)
    return "there is none: write one with twin-node --factory";
  if (get_u32 (page + 4) != LAYOUT)
    return "it is of another layout: write it anew with twin-node --factory";
  if (length > FACTORY_PAGE_SIZE - HEAD ||
      node_crc32 (0, page + HEAD, length) != get_u32 (page + 12) ||
      !node_cbor_valid (page + HEAD, length))
    return "it is damaged: write it anew with twin-node --factory";

  node_cbor_open (&r.cbor, page + HEAD, length);
  if (!get_all (&r, f))
    return "it does not fit this firmware: write it anew with twin-node "
           "--factory";
  return NULL;
}
