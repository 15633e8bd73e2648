/* SPDX-License-Identifier: Apache-2.0
 *
 * net-tls.c - hal.h's byte stream, encrypted, by mbedTLS
 *
 * The broker must prove that it is the one the factory page names: signed by
 * the page's authority, for that name, within its dates. A node that does not
 * know the time believes no certificate that ended before this image was
 * built, cannot say of one that it has not begun, and looks at the dates of
 * the broker it speaks to as soon as a beacon tells the time.
 */
#include <string.h>
#include <time.h>

#include <mbedtls/ecp.h>
#include <mbedtls/memory_buffer_alloc.h>
#include <mbedtls/platform_util.h>
#include <mbedtls/ssl.h>

#include "board.h"
#include "clock.h"
#include "stream.h"

#ifndef BOARD_BUILT
#error "BOARD_BUILT: seconds since 1970 before which this image was not made"
#endif

enum
{
  MEMORY = 22 * 1024,  /* the test sees to a quarter of it being spare */
  ECC_OPERATIONS = 60, /* of a step: its longest takes 13 ms at 80 MHz */
  UNUSED = 0xa5,
  FIRST_HEAD = 64, /* more than the allocator's own at the bottom */
  CHAIN_MAX = MBEDTLS_X509_MAX_INTERMEDIATE_CA + 2,
};

typedef struct
{
  mbedtls_x509_time from, to;
} dates;

static struct
{
  mbedtls_ssl_context ssl;
  mbedtls_ssl_config  config;
  mbedtls_x509_crt    authority;
  const char         *reason;
  bool                configured;
  bool                begun;   /* the handshake */
  bool                done;    /* the broker is who it should be */
  bool                undated; /* ... but for the dates */
  bool                self;    /* its certificate is signed by itself */
  dates               chain[CHAIN_MAX];
  unsigned            n_chain;
  size_t              pending; /* encrypted, not all of it sent */
  uint64_t            ticks;   /* of the handshake */
  uint64_t            longest; /* of its steps */
} tls;

static uint8_t memory[MEMORY] __attribute__ ((aligned (8)));

static hal *clock_of; /* whose time mbedTLS asks for: it has no argument */

/* Time. */

static bool
knows_time (const hal *h)
{
  return h->has_rtc || h->told_utc;
}

int64_t
tls_time (int64_t *out)
{
  int64_t now = BOARD_BUILT;

  if (knows_time (clock_of))
    now = (clock_of->utc_at_0 + (int64_t) hal_time_us (clock_of)) / 1000000;
  if (out != NULL)
    *out = now;
  return now;
}

struct tm *
mbedtls_platform_gmtime_r (const mbedtls_time_t *t, struct tm *out)
{
  time_t seconds = (time_t) *t;

  return gmtime_r (&seconds, out);
}

static const char *
outdated (void)
{
  for (unsigned i = 0; i < tls.n_chain; i++)
    {
      if (mbedtls_x509_time_is_past (&tls.chain[i].to))
        return "its certificate has expired";
      if (mbedtls_x509_time_is_future (&tls.chain[i].from))
        return "its certificate is not valid yet";
    }
  return NULL;
}

/* The broker's certificate. */

static int
look_at (void *data, mbedtls_x509_crt *crt, int depth, uint32_t *flags)
{
  hal *h = data;

  if (tls.n_chain < CHAIN_MAX)
    tls.chain[tls.n_chain++] = (dates){ crt->valid_from, crt->valid_to };
  if (depth == 0)
    tls.self = crt->issuer_raw.len == crt->subject_raw.len &&
               memcmp (crt->issuer_raw.p, crt->subject_raw.p,
                       crt->subject_raw.len) == 0;
  if (!knows_time (h))
    *flags &= ~(uint32_t) MBEDTLS_X509_BADCERT_FUTURE;
  return 0;
}

static const char *
reason_of (int error)
{
  uint32_t flags = mbedtls_ssl_get_verify_result (&tls.ssl);

  switch (error)
    {
    case MBEDTLS_ERR_X509_CERT_VERIFY_FAILED:
      if (flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED)
        return tls.self ? "its certificate is signed by itself only"
                        : "its certificate is not signed by an authority that "
                          "is trusted here";
      if (flags & MBEDTLS_X509_BADCERT_CN_MISMATCH)
        return "its certificate is for another host";
      if (flags & MBEDTLS_X509_BADCERT_EXPIRED)
        return "its certificate has expired";
      if (flags & MBEDTLS_X509_BADCERT_FUTURE)
        return "its certificate is not valid yet";
      return "its certificate is not one for a server, or too weak";
    case MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE:
      return "refuses the handshake: it has no TLS 1.2 with ECDHE and "
             "AES-128-GCM, or wants a certificate of ours";
    case MBEDTLS_ERR_SSL_INVALID_RECORD:
    case MBEDTLS_ERR_SSL_UNEXPECTED_RECORD:
      return "speaks no TLS on this port, or in larger pieces than was asked";
    case MBEDTLS_ERR_SSL_ALLOC_FAILED:
    case MBEDTLS_ERR_X509_ALLOC_FAILED:
    case MBEDTLS_ERR_MPI_ALLOC_FAILED:
      return "shows more certificates than the board has memory for";
    case MBEDTLS_ERR_SSL_CONN_EOF:
    case MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY:
      return NULL;
    default:
      return "does what TLS does not allow";
    }
}

/* To mbedTLS. */

static int
random_bytes (void *data, unsigned char *out, size_t n)
{
  return hal_random (data, out, n) == HAL_OK ? 0
                                             : MBEDTLS_ERR_SSL_INTERNAL_ERROR;
}

static int
put_bytes (void *data, const unsigned char *bytes, size_t n)
{
  int32_t sent = stream_send (bytes, n);

  return sent > 0    ? sent
         : sent == 0 ? MBEDTLS_ERR_SSL_WANT_WRITE
                     : MBEDTLS_ERR_SSL_CONN_EOF;
}

static int
get_bytes (void *data, unsigned char *out, size_t n)
{
  int32_t got = stream_recv (out, n);

  return got > 0    ? got
         : got == 0 ? MBEDTLS_ERR_SSL_WANT_READ
                    : MBEDTLS_ERR_SSL_CONN_EOF;
}

static bool
configure (hal *h)
{
  clock_of = h;
  mbedtls_memory_buffer_alloc_init (memory, sizeof memory);
  memset (memory + FIRST_HEAD, UNUSED, sizeof memory - FIRST_HEAD);
  mbedtls_ecp_set_max_ops (ECC_OPERATIONS);
  mbedtls_ssl_config_init (&tls.config);
  mbedtls_ssl_init (&tls.ssl);
  mbedtls_x509_crt_init (&tls.authority);
  tls.configured = true;
  if (mbedtls_x509_crt_parse_der_nocopy (&tls.authority, h->tls_ca,
                                         h->tls_ca_n) != 0 ||
      mbedtls_ssl_config_defaults (&tls.config, MBEDTLS_SSL_IS_CLIENT,
                                   MBEDTLS_SSL_TRANSPORT_STREAM,
                                   MBEDTLS_SSL_PRESET_DEFAULT) != 0)
    return false;

  mbedtls_ssl_conf_authmode (&tls.config, MBEDTLS_SSL_VERIFY_REQUIRED);
  mbedtls_ssl_conf_ca_chain (&tls.config, &tls.authority, NULL);
  mbedtls_ssl_conf_verify (&tls.config, look_at, h);
  mbedtls_ssl_conf_rng (&tls.config, random_bytes, h);
  return mbedtls_ssl_conf_max_frag_len (&tls.config,
                                        MBEDTLS_SSL_MAX_FRAG_LEN_4096) == 0;
}

static bool
begin (hal *h)
{
  tls.begun = true;
  tls.n_chain = 0;
  tls.self = false;
  tls.pending = 0;
  tls.ticks = tls.longest = 0;
  if (!tls.configured && !configure (h))
    {
      tls.reason = "has no authority: the factory page's certificate is none";
      return false;
    }
  if (mbedtls_ssl_setup (&tls.ssl, &tls.config) != 0 ||
      mbedtls_ssl_set_hostname (&tls.ssl, h->tls_name) != 0)
    {
      tls.reason = reason_of (MBEDTLS_ERR_SSL_ALLOC_FAILED);
      return false;
    }
  mbedtls_ssl_set_bio (&tls.ssl, NULL, put_bytes, get_bytes, NULL);
  return true;
}

static void
end (void)
{
  if (tls.begun && tls.configured)
    mbedtls_ssl_free (&tls.ssl);
  tls.begun = tls.done = false;
  stream_close ();
}

/* hal.h. */

hal_status
hal_net_open (hal *h)
{
  end ();
  tls.reason = NULL;
  if (!h->has_net)
    return HAL_ERR_CLOSED;
  return stream_open (h->broker, h->broker_port);
}

static hal_net_state
fail (int error)
{
  tls.reason = reason_of (error);
  end ();
  return HAL_NET_CLOSED;
}

static int
shake_hands (void)
{
  uint64_t began = clock_ticks (), took;
  int      rc = mbedtls_ssl_handshake (&tls.ssl);

  took = clock_ticks () - began;
  tls.ticks += took;
  if (took > tls.longest)
    tls.longest = took;
  return rc;
}

/* The allocator fills its memory from the bottom. */
static void
tell_cost (void)
{
  size_t used = sizeof memory;

  while (used > 0 && memory[used - 1] == UNUSED)
    used--;
  board_report ("handshake ticks", tls.ticks);
  board_report ("handshake ticks longest step", tls.longest);
  board_report ("tls memory", used);
  board_report ("tls memory size", sizeof memory);
}

hal_net_state
hal_net_poll (hal *h)
{
  int rc;

  if (stream_state () != HAL_NET_OPEN || tls.done || h->tls_name == NULL)
    return stream_state ();
  if (!tls.begun && !begin (h))
    {
      end ();
      return HAL_NET_CLOSED;
    }

  rc = shake_hands ();
  if (rc == MBEDTLS_ERR_SSL_WANT_READ || rc == MBEDTLS_ERR_SSL_WANT_WRITE ||
      rc == MBEDTLS_ERR_SSL_CRYPTO_IN_PROGRESS)
    return HAL_NET_OPENING;
  if (rc != 0)
    return fail (rc);

  tell_cost ();
  tls.done = true;
  tls.undated = !knows_time (h);
  if (tls.undated)
    hal_log (h, HAL_LOG_WARNING,
             "the broker's certificate is believed without a look at its "
             "dates until the time is known");
  return HAL_NET_OPEN;
}

/* What was encrypted goes out whole before anything else is: false while it
 * does not. */
static bool
flushed (int *error)
{
  static const uint8_t any[1];

  *error = 0;
  if (tls.pending == 0)
    return true;
  *error = mbedtls_ssl_write (&tls.ssl, any, tls.pending);
  if (*error == MBEDTLS_ERR_SSL_WANT_WRITE)
    *error = 0;
  else if (*error > 0)
    {
      *error = 0;
      tls.pending = 0;
    }
  return tls.pending == 0;
}

static bool
in_date (const hal *h)
{
  if (!tls.undated || !knows_time (h))
    return true;
  tls.undated = false;
  tls.reason = outdated ();
  return tls.reason == NULL;
}

int32_t
hal_net_send (hal *h, const uint8_t *data, size_t n)
{
  int rc;

  if (h->tls_name == NULL)
    return stream_send (data, n);
  if (!tls.done || !in_date (h))
    return HAL_ERR_CLOSED;
  if (!flushed (&rc))
    return rc < 0 ? HAL_ERR_CLOSED : 0;

  if (n > MBEDTLS_SSL_OUT_CONTENT_LEN)
    n = MBEDTLS_SSL_OUT_CONTENT_LEN;
  rc = mbedtls_ssl_write (&tls.ssl, data, n);
  if (rc == MBEDTLS_ERR_SSL_WANT_WRITE)
    {
      tls.pending = n; /* taken: it is encrypted already */
      return (int32_t) n;
    }
  return rc >= 0 ? rc : HAL_ERR_CLOSED;
}

int32_t
hal_net_recv (hal *h, uint8_t *out, size_t n)
{
  int rc;

  if (h->tls_name == NULL)
    return stream_recv (out, n);
  if (!tls.done || !in_date (h) || (!flushed (&rc) && rc < 0))
    return HAL_ERR_CLOSED;

  rc = mbedtls_ssl_read (&tls.ssl, out, n);
  if (rc == MBEDTLS_ERR_SSL_WANT_READ || rc == MBEDTLS_ERR_SSL_WANT_WRITE)
    return 0;
  if (rc > 0)
    return rc;
  tls.reason = rc < 0 ? reason_of (rc) : NULL;
  return HAL_ERR_CLOSED;
}

void
hal_net_close (hal *h)
{
  end ();
}

const char *
hal_net_reason (hal *h)
{
  if (!h->has_net)
    return "the board has no network";
  return tls.reason != NULL ? tls.reason : stream_reason ();
}
