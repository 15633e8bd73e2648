/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-link-line.h"

#include "twin-clock.h"
#include "twin-lock.h"
#include "twin-link-probe.h"
#include "twin-thread.h"
#include "twin-wire.h"

#include <errno.h>
#include <mosquitto.h>
#include <openssl/ssl.h>
#include <stdatomic.h>
#include <string.h>

enum
{
  KEEPALIVE_S = 30,
  LOOP_MS = 200, /* also how soon a stop is seen */
  SUBSCRIPTION_REFUSED = 0x80,
};

static const int64_t connect_timeout_us = 10 * TWIN_US_PER_S;
static const int64_t backoff_first_us = TWIN_US_PER_S / 2;
static const int64_t backoff_max_us = 30 * TWIN_US_PER_S;
static const int64_t echo_every_us = 10 * TWIN_US_PER_S;

struct _TwinLinkLine
{
  TwinLine               line;
  const TwinLinkOptions *options;
  char                 **topics;
  char                  *client_id;
  TwinQueue             *queue;
  TwinLineStateFunc      state_func;
  void                  *user_data;
  TwinThread            *thread;
  atomic_bool            stopping;

  /* Counted in callbacks of libmosquitto, which must not take our lock: a
   * publisher holds it while it takes libmosquitto's. */
  _Atomic int64_t  round_trip_us;
  _Atomic uint64_t received, received_bytes, dropped, published, connects,
      refused;

  /* The network thread's own: what callbacks of this session noted. */
  gboolean subscribed;
  int      echo_mid;
  int64_t  echo_us, next_echo_us; /* monotonic */
  char    *trouble;               /* a cause better than libmosquitto's code */

  TwinLock          lock;
  TwinCond          wake;
  struct mosquitto *session; /* guarded by lock, as everything below; made and
                              * destroyed by the network thread only */
  TwinLineState state;
  char         *cause;
  int64_t       next_try_us;
};

static void
init_library (void)
{
  mosquitto_lib_init ();
}

TwinLinkLine *
twin_link_line_new (TwinLine               line,
                    const TwinLinkOptions *options,
                    char                 **topics,
                    TwinQueue             *queue,
                    TwinLineStateFunc      state_func,
                    void                  *user_data)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  TwinLinkLine         *self = g_new0 (TwinLinkLine, 1);
  uint8_t               random[4];
  g_autofree char      *suffix = NULL;

  pthread_once (&once, init_library);
  twin_random_bytes (random, sizeof random);
  suffix = twin_hex_format (random, sizeof random);

  self->line = line;
  self->options = options;
  self->topics = topics;
  self->client_id = g_strdup_printf ("tc-%s-%s", options->install, suffix);
  self->queue = queue;
  self->state_func = state_func;
  self->user_data = user_data;
  self->next_try_us = TWIN_TIME_NONE;
  atomic_store (&self->round_trip_us, -1);
  twin_lock_init (&self->lock);
  twin_cond_init (&self->wake);
  return self;
}

void
twin_link_line_free (TwinLinkLine *self)
{
  if (self == NULL)
    return;

  g_assert (self->thread == NULL);
  twin_cond_clear (&self->wake);
  twin_lock_clear (&self->lock);
  g_strfreev (self->topics);
  g_free (self->client_id);
  g_free (self->cause);
  g_free (self->trouble);
  g_free (self);
}

/* --- callbacks of libmosquitto, on the network thread ----------------------
 */

static void
note_trouble (TwinLinkLine *self, const char *trouble)
{
  if (self->trouble == NULL)
    self->trouble = g_strdup (trouble);
}

static void
on_connect (struct mosquitto *session, void *data, int code)
{
  static const char *const refusals[] = {
    [1] = "it does not speak MQTT 3.1.1",
    [2] = "it refuses this console’s client id",
    [3] = "it is not ready for clients now",
    [4] = "user name or password are wrong",
    [5] = "this user may not connect",
  };
  TwinLinkLine *self = data;

  if (code != 0)
    {
      note_trouble (self, code > 0 && code < (int) G_N_ELEMENTS (refusals)
                              ? refusals[code]
                              : "it refuses the connection");
      return;
    }

  mosquitto_subscribe_multiple (session, NULL, g_strv_length (self->topics),
                                self->topics, 1, 0, NULL);
}

static void
on_subscribe (struct mosquitto *session,
              void             *data,
              int               id,
              int               n,
              const int        *granted)
{
  TwinLinkLine *self = data;

  for (int i = 0; i < n; i++)
    if (granted[i] >= SUBSCRIPTION_REFUSED)
      {
        note_trouble (self, "this user may not read the plant’s topics");
        mosquitto_disconnect (session);
        return;
      }
  self->subscribed = TRUE;
}

static void
on_message (struct mosquitto               *session,
            void                           *data,
            const struct mosquitto_message *arrived)
{
  TwinLinkLine *self = data;
  TwinMessage  *message;

  atomic_fetch_add (&self->received, 1);
  atomic_fetch_add (&self->received_bytes, arrived->payloadlen);
  if (arrived->payloadlen < 0 || arrived->payloadlen > TWIN_MESSAGE_MAX)
    {
      atomic_fetch_add (&self->refused, 1);
      return;
    }

  message = g_new (TwinMessage, 1);
  message->topic = g_strdup (arrived->topic);
  message->payload = g_bytes_new (arrived->payload, arrived->payloadlen);
  message->retained = arrived->retain;
  message->line = self->line;
  message->arrival_utc_us = twin_clock_utc_us ();
  message->arrival_monotonic_us = twin_clock_monotonic_us ();

  if (!twin_queue_push (self->queue, message))
    {
      atomic_fetch_add (&self->dropped, 1);
      twin_message_free (message);
    }
}

/* libmosquitto says no more than that a certificate is wrong; OpenSSL, below
 * it, knows why. */
static const char *
certificate_trouble (struct mosquitto *session)
{
  SSL *ssl = mosquitto_ssl_get (session);

  switch (ssl != NULL ? SSL_get_verify_result (ssl) : X509_V_OK)
    {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "its certificate has expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "its certificate is not valid yet";
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "its certificate is signed by itself only";
    default:
      return "its certificate is not signed by an authority that is trusted "
             "here";
    }
}

/* The only place where libmosquitto says what is wrong with TLS. */
static void
on_log (struct mosquitto *session, void *data, int level, const char *text)
{
  static const struct
  {
    const char *said, *trouble;
  } known[] = {
    { "host name verification failed", "its certificate is for another host" },
    { "wrong version number", "it speaks no TLS on this port" },
    { "unsupported protocol", "it speaks no TLS as new as 1.2" },
    { "alert protocol version", "it speaks no TLS as new as 1.2" },
    { "alert handshake failure", "it does not accept our certificate" },
    { "alert certificate", "it does not accept our certificate" },
    { "alert bad certificate", "it does not accept our certificate" },
    { "alert unknown ca", "it does not accept our certificate" },
  };
  TwinLinkLine *self = data;

  if (level != MOSQ_LOG_ERR)
    return;
  if (strstr (text, "certificate verify failed") != NULL)
    {
      note_trouble (self, certificate_trouble (session));
      return;
    }
  for (size_t i = 0; i < G_N_ELEMENTS (known); i++)
    if (strstr (text, known[i].said) != NULL)
      {
        note_trouble (self, known[i].trouble);
        return;
      }
  if (strstr (text, "OpenSSL Error") == NULL)
    note_trouble (self, text);
}

/* --- states --- */

/* Takes @cause. */
static void
set_state (TwinLinkLine *self, TwinLineState state, char *cause)
{
  twin_lock_acquire (&self->lock);
  self->state = state;
  if (cause != NULL)
    {
      g_free (self->cause);
      self->cause = g_strdup (cause);
    }
  if (state != TWIN_LINE_LOST)
    self->next_try_us = TWIN_TIME_NONE;
  twin_lock_release (&self->lock);

  if (self->state_func != NULL)
    self->state_func (self->line, state, cause, self->user_data);
  g_free (cause);
}

static gboolean
go_on (void *data)
{
  TwinLinkLine *self = data;

  return !atomic_load (&self->stopping);
}

static char *
sentence (TwinLinkLine *self, gboolean was_connected, const char *cause)
{
  return g_strdup_printf (was_connected
                              ? "Lost the broker at %s:%u: %s"
                              : "Could not reach the broker at %s:%u: %s",
                          self->options->host, self->options->port, cause);
}

static char *
describe_code (int code, int saved_errno)
{
  char *text;

  if (code == MOSQ_ERR_CONN_LOST || code == MOSQ_ERR_NO_CONN)
    return g_strdup ("it closed the connection");
  if (code == MOSQ_ERR_KEEPALIVE)
    return g_strdup ("it no longer answers");
  if (code == MOSQ_ERR_TLS)
    return g_strdup ("the TLS handshake failed");

  text = g_strdup (code == MOSQ_ERR_ERRNO ? g_strerror (saved_errno)
                                          : mosquitto_strerror (code));
  if (g_ascii_isupper (text[0]) && !g_ascii_isupper (text[1]))
    text[0] = g_ascii_tolower (text[0]);
  if (g_str_has_suffix (text, "."))
    text[strlen (text) - 1] = '\0';
  return text;
}

/* --- one session --- */

/* A key file with a pass phrase is refused, not asked about. */
static int
no_pass_phrase (char *buffer, int size, int writing, void *data)
{
  return 0;
}

static int
set_tls (struct mosquitto *session, const TwinLinkOptions *options)
{
  int rc = MOSQ_ERR_SUCCESS;

  if (options->ca_file == NULL)
    rc = mosquitto_int_option (session, MOSQ_OPT_TLS_USE_OS_CERTS, 1);
  if (rc == MOSQ_ERR_SUCCESS && options->ca_file != NULL)
    rc = mosquitto_tls_set (session, options->ca_file, NULL, options->cert_file,
                            options->key_file, no_pass_phrase);
  if (rc == MOSQ_ERR_SUCCESS && options->ca_file == NULL)
    rc = mosquitto_tls_set (session, NULL, "/etc/ssl/certs", options->cert_file,
                            options->key_file, no_pass_phrase);
  if (rc == MOSQ_ERR_SUCCESS)
    rc = mosquitto_tls_opts_set (session, 1, NULL, NULL);
  return rc;
}

static void
on_unsubscribe (struct mosquitto *session, void *data, int mid)
{
  TwinLinkLine *self = data;

  if (mid == self->echo_mid)
    atomic_store (&self->round_trip_us,
                  twin_clock_monotonic_us () - self->echo_us);
}

static struct mosquitto *
session_new (TwinLinkLine *self, char **cause)
{
  struct mosquitto *session = mosquitto_new (self->client_id, true, self);
  int               rc;

  if (session == NULL)
    {
      *cause = g_strdup (g_strerror (errno));
      return NULL;
    }

  mosquitto_threaded_set (session, true);
  mosquitto_connect_callback_set (session, on_connect);
  mosquitto_subscribe_callback_set (session, on_subscribe);
  mosquitto_unsubscribe_callback_set (session, on_unsubscribe);
  mosquitto_message_callback_set (session, on_message);
  mosquitto_log_callback_set (session, on_log);

  rc = mosquitto_username_pw_set (session, self->options->username,
                                  self->options->password);
  if (rc == MOSQ_ERR_SUCCESS && self->options->tls)
    rc = set_tls (session, self->options);
  if (rc == MOSQ_ERR_SUCCESS)
    return session;

  *cause = describe_code (rc, errno);
  mosquitto_destroy (session);
  return NULL;
}

static void
publish_session (TwinLinkLine *self, struct mosquitto *session)
{
  twin_lock_acquire (&self->lock);
  self->session = session;
  twin_lock_release (&self->lock);
}

/* libmosquitto sets up TLS at the first connect of a process, without a lock;
 * two lines begin at once. */
static int
connect_session (TwinLinkLine *self, struct mosquitto *session)
{
  static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
  int                    rc, saved_errno;

  pthread_mutex_lock (&one_at_a_time);
  rc = mosquitto_connect (session, self->options->host, self->options->port,
                          KEEPALIVE_S);
  saved_errno = errno;
  pthread_mutex_unlock (&one_at_a_time);
  errno = saved_errno;
  return rc;
}

/* How far the broker is: taking back a subscription that was never made is
 * answered at once, and nobody else hears of it. */
static void
ask_echo (TwinLinkLine *self, struct mosquitto *session)
{
  const int64_t    now_us = twin_clock_monotonic_us ();
  g_autofree char *topic = NULL;

  if (now_us < self->next_echo_us)
    return;

  topic = g_strdup_printf ("twin/1/%s/@echo", self->options->plant);
  self->next_echo_us = now_us + echo_every_us;
  self->echo_us = now_us;
  if (mosquitto_unsubscribe (session, &self->echo_mid, topic) !=
      MOSQ_ERR_SUCCESS)
    self->echo_mid = -1;
}

/* Reads until the session ends. Returns whether it ever was connected, and
 * why it ended. */
static gboolean
run_session (TwinLinkLine *self, struct mosquitto *session, char **cause)
{
  const int64_t deadline_us = twin_clock_monotonic_us () + connect_timeout_us;
  gboolean      connected = FALSE;
  int           rc, saved_errno;

  rc = connect_session (self, session);
  saved_errno = errno;

  while (rc == MOSQ_ERR_SUCCESS && go_on (self))
    {
      rc = mosquitto_loop (session, LOOP_MS, 1);
      saved_errno = errno;

      if (!connected && self->subscribed && rc == MOSQ_ERR_SUCCESS)
        {
          connected = TRUE;
          atomic_fetch_add (&self->connects, 1);
          publish_session (self, session);
          set_state (self, TWIN_LINE_CONNECTED, NULL);
        }
      if (connected && rc == MOSQ_ERR_SUCCESS)
        ask_echo (self, session);
      if (!connected && twin_clock_monotonic_us () > deadline_us)
        {
          note_trouble (self, "it did not answer within 10 seconds");
          break;
        }
    }

  publish_session (self, NULL);
  atomic_store (&self->round_trip_us, -1);
  if (!go_on (self) && mosquitto_disconnect (session) == MOSQ_ERR_SUCCESS)
    mosquitto_loop (session, 0, 1); /* writes what is still queued */
  *cause = self->trouble != NULL ? g_strdup (self->trouble)
                                 : describe_code (rc, saved_errno);
  return connected;
}

/* From nothing to the end of a session. TRUE when it was connected between. */
static gboolean
try_once (TwinLinkLine *self, char **cause)
{
  struct mosquitto *session;
  gboolean          connected;

  self->subscribed = FALSE;
  self->echo_mid = -1;
  self->next_echo_us = 0;
  g_clear_pointer (&self->trouble, g_free);

  if (!twin_link_probe (self->options->host, self->options->port,
                        connect_timeout_us, go_on, self, cause))
    return FALSE;
  session = session_new (self, cause);
  if (session == NULL)
    return FALSE;

  connected = run_session (self, session, cause);
  mosquitto_destroy (session);
  return connected;
}

/* Waits @us, a fifth more or less, so that many consoles do not return at
 * once to a broker that restarted. */
static void
wait_before_next (TwinLinkLine *self, int64_t us)
{
  const int64_t wait_us = us * (0.8 + 0.4 * g_random_double ());
  const int64_t until_us = twin_clock_monotonic_us () + wait_us;

  twin_lock_acquire (&self->lock);
  self->next_try_us = twin_clock_utc_us () + wait_us;
  while (go_on (self) && twin_clock_monotonic_us () < until_us)
    twin_cond_wait_until (&self->wake, &self->lock, until_us);
  twin_lock_release (&self->lock);
}

static void
run (void *data)
{
  TwinLinkLine *self = data;
  int64_t       backoff_us = backoff_first_us;

  while (go_on (self))
    {
      g_autofree char *cause = NULL;
      gboolean         was_connected;

      set_state (self, TWIN_LINE_CONNECTING, NULL);
      was_connected = try_once (self, &cause);
      if (!go_on (self))
        break;

      if (was_connected)
        backoff_us = backoff_first_us;
      set_state (self, TWIN_LINE_LOST, sentence (self, was_connected, cause));
      wait_before_next (self, backoff_us);
      backoff_us = MIN (2 * backoff_us, backoff_max_us);
    }

  set_state (self, TWIN_LINE_STOPPED, NULL);
}

/* --- from other threads --- */

void
twin_link_line_start (TwinLinkLine *self)
{
  g_return_if_fail (self->thread == NULL);

  atomic_store (&self->stopping, false);
  self->thread =
      twin_thread_new (self->line == TWIN_LINE_RECORDS ? "mqtt records"
                                                       : "mqtt waveforms",
                       run, self);
}

void
twin_link_line_stop (TwinLinkLine *self)
{
  atomic_store (&self->stopping, true);
  twin_lock_acquire (&self->lock);
  twin_cond_broadcast (&self->wake);
  twin_lock_release (&self->lock);
}

void
twin_link_line_join (TwinLinkLine *self)
{
  if (self->thread != NULL)
    twin_thread_join (g_steal_pointer (&self->thread));
}

gboolean
twin_link_line_publish (TwinLinkLine *self,
                        const char   *topic,
                        GBytes       *payload,
                        int           qos,
                        gboolean      retain,
                        GError      **error)
{
  const size_t size = g_bytes_get_size (payload);
  int          rc = MOSQ_ERR_NO_CONN;

  twin_lock_acquire (&self->lock);
  if (self->session != NULL)
    rc = mosquitto_publish (self->session, NULL, topic, size,
                            g_bytes_get_data (payload, NULL), qos, retain);
  twin_lock_release (&self->lock);

  if (rc == MOSQ_ERR_SUCCESS)
    {
      atomic_fetch_add (&self->published, 1);
      return TRUE;
    }
  if (rc == MOSQ_ERR_NO_CONN)
    g_set_error (error, TWIN_LINK_ERROR, TWIN_LINK_ERROR_OFFLINE,
                 "Nothing was sent on “%s”: the broker at %s:%u is not "
                 "connected",
                 topic, self->options->host, self->options->port);
  else
    g_set_error (error, TWIN_LINK_ERROR, TWIN_LINK_ERROR_PUBLISH,
                 "Could not send %zu bytes on “%s”: %s", size, topic,
                 mosquitto_strerror (rc));
  return FALSE;
}

void
twin_link_line_get_stats (TwinLinkLine *self, TwinLineStats *out)
{
  memset (out, 0, sizeof *out);
  out->received = atomic_load (&self->received);
  out->received_bytes = atomic_load (&self->received_bytes);
  out->dropped = atomic_load (&self->dropped);
  out->published = atomic_load (&self->published);
  out->connects = atomic_load (&self->connects);
  out->refused = atomic_load (&self->refused);
  out->round_trip_us = atomic_load (&self->round_trip_us);

  twin_lock_acquire (&self->lock);
  out->state = self->state;
  out->next_try_us = self->next_try_us;
  if (self->cause != NULL)
    g_strlcpy (out->cause, self->cause, sizeof out->cause);
  twin_lock_release (&self->lock);
}
