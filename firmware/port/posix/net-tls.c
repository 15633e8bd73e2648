/* SPDX-License-Identifier: Apache-2.0
 *
 * net-tls.c - TLS between a node and its broker, by OpenSSL
 *
 * What OpenSSL writes goes to memory first and from there to the socket: so a
 * write is never half done, and need not be repeated with the same bytes.
 */
#include "net-tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>

enum
{
  PIECE = 4096,
};

/* A key that needs a pass phrase is refused, not asked about. */
static int
no_pass_phrase (char *buffer, int size, int writing, void *data)
{
  return 0;
}

static char *
cannot_use (const char *what, const char *path)
{
  unsigned long code = ERR_peek_error (); /* the first is the cause */
  const char *why = ERR_SYSTEM_ERROR (code) ? g_strerror (ERR_GET_REASON (code))
                                            : ERR_reason_error_string (code);

  return g_strdup_printf ("Could not use the %s “%s”: %s", what, path,
                          why != NULL ? why : "it is not in PEM format");
}

SSL_CTX *
net_tls_new (const char *ca, const char *cert, const char *key, char **why)
{
  SSL_CTX *c = SSL_CTX_new (TLS_client_method ());

  *why = NULL;
  ERR_clear_error ();
  SSL_CTX_set_min_proto_version (c, TLS1_2_VERSION);
  SSL_CTX_set_verify (c, SSL_VERIFY_PEER, NULL);
  SSL_CTX_set_mode (c,
                    SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_default_passwd_cb (c, no_pass_phrase);

  if (ca != NULL && SSL_CTX_load_verify_file (c, ca) != 1)
    *why = cannot_use ("authorities’ file", ca);
  else if (ca == NULL && SSL_CTX_set_default_verify_paths (c) != 1)
    *why = g_strdup ("Could not read the system’s authorities");
  else if ((cert == NULL) != (key == NULL))
    *why = g_strdup ("A certificate of our own needs both its file and its "
                     "key’s: --cert FILE --key FILE");
  else if (cert != NULL && SSL_CTX_use_certificate_chain_file (c, cert) != 1)
    *why = cannot_use ("certificate", cert);
  else if (key != NULL &&
           (SSL_CTX_use_PrivateKey_file (c, key, SSL_FILETYPE_PEM) != 1 ||
            SSL_CTX_check_private_key (c) != 1))
    *why = cannot_use ("key", key);

  if (*why == NULL)
    return c;
  SSL_CTX_free (c);
  return NULL;
}

void
net_tls_free (SSL_CTX *settings)
{
  SSL_CTX_free (settings);
}

uint8_t *
net_tls_read_authority (const char *path, size_t *n, char **why)
{
  BIO     *file = BIO_new_file (path, "r");
  X509    *first = NULL, *second = NULL;
  uint8_t *der = NULL, *end;
  int      length = 0;

  if (file != NULL)
    first = PEM_read_bio_X509 (file, NULL, no_pass_phrase, NULL);
  if (first == NULL)
    *why = cannot_use ("authority’s file", path);
  else
    second = PEM_read_bio_X509 (file, NULL, no_pass_phrase, NULL);

  if (second != NULL)
    *why = g_strdup_printf ("“%s” holds several certificates; a board takes "
                            "one",
                            path);
  else if (first != NULL && (length = i2d_X509 (first, NULL)) > 0)
    {
      der = end = g_malloc ((gsize) length);
      i2d_X509 (first, &end);
    }
  *n = (size_t) length;
  ERR_clear_error ();
  X509_free (first);
  X509_free (second);
  BIO_free (file);
  return der;
}

/* The certificate must be for the very name or address we were given. */
static bool
expect_name (SSL *ssl, const char *name)
{
  uint8_t address[16];

  if (inet_pton (AF_INET, name, address) == 1 ||
      inet_pton (AF_INET6, name, address) == 1)
    return X509_VERIFY_PARAM_set1_ip_asc (SSL_get0_param (ssl), name) == 1;
  return SSL_set1_host (ssl, name) == 1 &&
         SSL_set_tlsext_host_name (ssl, name) == 1;
}

bool
net_tls_begin (hal *h)
{
  BIO *in = BIO_new_socket (h->fd, BIO_NOCLOSE);
  BIO *out = BIO_new (BIO_s_mem ());

  h->ssl = SSL_new (h->broker->tls);
  if (h->ssl == NULL || in == NULL || out == NULL)
    {
      BIO_free (in);
      BIO_free (out);
      return false;
    }

  SSL_set_bio (h->ssl, in, out);
  SSL_set_connect_state (h->ssl);
  return expect_name (h->ssl, h->broker->name);
}

static const char *
certificate_reason (long code)
{
  switch (code)
    {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "its certificate has expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "its certificate is not valid yet";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "its certificate is for another host";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "its certificate is signed by itself only";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return "its certificate is not signed by an authority that is trusted "
             "here";
    default:
      return X509_verify_cert_error_string (code);
    }
}

static const char *
reason (const SSL *ssl)
{
  unsigned long code = ERR_peek_last_error ();
  long          verdict = SSL_get_verify_result (ssl);
  const char   *text;

  if (verdict != X509_V_OK)
    return certificate_reason (verdict);

  switch (ERR_GET_LIB (code) == ERR_LIB_SSL ? ERR_GET_REASON (code) : 0)
    {
    case SSL_R_WRONG_VERSION_NUMBER:
      return "speaks no TLS on this port";
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return "speaks no TLS as new as 1.2";
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
      return "does not accept our certificate";
    default:
      text = code != 0 ? ERR_reason_error_string (code) : NULL;
      return text != NULL ? text : "closed the connection";
    }
}

/* Move what waits in memory to the socket; false when that broke. */
static bool
drain (hal *h)
{
  BIO *out = SSL_get_wbio (h->ssl);

  for (;;)
    {
      char   *data;
      char    done[PIECE];
      long    n = BIO_get_mem_data (out, &data);
      ssize_t sent;

      if (n <= 0)
        return true;
      sent = send (h->fd, data, (size_t) MIN (n, PIECE),
                   MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
      BIO_read (out, done, (int) sent);
    }
}

/* An operation of OpenSSL ended with @rc: 0 when it waits for the socket. */
static int32_t
judge (hal *h, int rc)
{
  int error = SSL_get_error (h->ssl, rc);

  if (!drain (h))
    return HAL_ERR_CLOSED;
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
    return 0;
  h->reason = reason (h->ssl);
  return HAL_ERR_CLOSED;
}

/* The stream broke under a write: what the broker said before it left, an
 * alert, may be why. */
static int32_t
broken (hal *h)
{
  uint8_t byte;
  int     rc;

  ERR_clear_error ();
  rc = SSL_read (h->ssl, &byte, 1);
  if (rc <= 0 && SSL_get_error (h->ssl, rc) == SSL_ERROR_SSL)
    h->reason = reason (h->ssl);
  return HAL_ERR_CLOSED;
}

hal_net_state
net_tls_handshake (hal *h)
{
  int rc;

  ERR_clear_error ();
  rc = SSL_do_handshake (h->ssl);
  if (rc == 1)
    return drain (h) ? HAL_NET_OPEN : HAL_NET_CLOSED;
  return judge (h, rc) == 0 ? HAL_NET_OPENING : HAL_NET_CLOSED;
}

int32_t
net_tls_send (hal *h, const uint8_t *data, size_t n)
{
  int rc;

  if (!drain (h))
    return broken (h);
  if (net_tls_waits (h))
    return 0;

  ERR_clear_error ();
  rc = SSL_write (h->ssl, data, (int) MIN (n, SSL3_RT_MAX_PLAIN_LENGTH));
  if (rc <= 0)
    return judge (h, rc);
  return drain (h) ? rc : broken (h);
}

int32_t
net_tls_recv (hal *h, uint8_t *out, size_t n)
{
  int rc;

  ERR_clear_error ();
  rc = SSL_read (h->ssl, out, (int) MIN (n, INT32_MAX));
  return rc > 0 ? rc : judge (h, rc);
}

bool
net_tls_waits (const hal *h)
{
  return h->ssl != NULL && BIO_pending (SSL_get_wbio (h->ssl)) > 0;
}

void
net_tls_end (hal *h)
{
  SSL_free (h->ssl);
  h->ssl = NULL;
}
