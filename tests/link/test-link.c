/* SPDX-License-Identifier: Apache-2.0 */
/* The link against a real mosquitto. Waits on queues with a deadline, never
 * for a time. */
#include "twin-link.h"

#include "tls-broker.h"
#include "twin-clock.h"
#include "twin-wire.h"

#include <glib/gstdio.h>
#include <string.h>

static const int64_t patience_us = 20 * TWIN_US_PER_S;

typedef struct
{
  TwinLine      line;
  TwinLineState state;
  char         *cause;
} Change;

static void
change_free (void *data)
{
  Change *change = data;

  g_free (change->cause);
  g_free (change);
}

typedef struct
{
  TwinQueue *records;
  TwinQueue *waveforms;
  TwinQueue *changes;
  TwinLink  *link;
} Console;

static void
on_state (TwinLine line, TwinLineState state, const char *cause, void *data)
{
  Console *console = data;
  Change  *change = g_new (Change, 1);

  *change = (Change){ line, state, g_strdup (cause) };
  g_assert_true (twin_queue_push (console->changes, change));
}

static void
console_start (Console               *console,
               const TwinLinkOptions *options,
               size_t                 capacity)
{
  g_autoptr (GError) error = NULL;

  console->records = twin_queue_new (capacity, twin_message_free);
  console->waveforms = twin_queue_new (capacity, twin_message_free);
  console->changes = twin_queue_new (1000, change_free);
  console->link = twin_link_new (options, console->records, console->waveforms,
                                 on_state, console, &error);
  g_assert_no_error (error);
  twin_link_start (console->link);
}

static void
console_stop (Console *console)
{
  twin_link_free (console->link);
  twin_queue_free (console->records);
  twin_queue_free (console->waveforms);
  twin_queue_free (console->changes);
}

/* The cause, when @line comes to @state; caller frees. */
static char *
await_state (Console *console, TwinLine line, TwinLineState state)
{
  const int64_t deadline = twin_clock_monotonic_us () + patience_us;

  while (TRUE)
    {
      Change *change = twin_queue_pop (console->changes, deadline);
      char   *cause;

      g_assert_nonnull (change);
      if (change->line == line && change->state == state)
        {
          cause = g_steal_pointer (&change->cause);
          change_free (change);
          return cause;
        }
      change_free (change);
    }
}

static void
await_connected (Console *console)
{
  gboolean      records = FALSE, waveforms = FALSE;
  const int64_t deadline = twin_clock_monotonic_us () + patience_us;

  while (!records || !waveforms)
    {
      Change *change = twin_queue_pop (console->changes, deadline);

      g_assert_nonnull (change);
      if (change->state == TWIN_LINE_CONNECTED)
        {
          records |= change->line == TWIN_LINE_RECORDS;
          waveforms |= change->line == TWIN_LINE_WAVEFORMS;
        }
      change_free (change);
    }
}

static TwinMessage *
await_message (TwinQueue *queue)
{
  TwinMessage *message =
      twin_queue_pop (queue, twin_clock_monotonic_us () + patience_us);

  g_assert_nonnull (message);
  return message;
}

static void
set_text (char **text, const char *value)
{
  g_free (*text);
  *text = g_strdup (value);
}

static TwinLinkOptions *
options_for (const char *host, uint16_t port)
{
  g_autofree char *url = g_strdup_printf ("mqtt://%s:%u", host, port);
  g_autoptr (GError) error = NULL;
  TwinLinkOptions *options =
      twin_link_options_parse (url, "northfield", &error);

  g_assert_no_error (error);
  options->install = g_strdup ("test");
  return options;
}

static void
publish (Console *console, const char *topic, const char *text, gboolean retain)
{
  g_autoptr (GBytes) payload = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;

  twin_link_publish (console->link, topic, payload, 1, retain, &error);
  g_assert_no_error (error);
}

static void
assert_message (TwinMessage *message, const char *topic, const char *text)
{
  g_autoptr (TwinMessage) taken = message;

  g_assert_cmpstr (taken->topic, ==, topic);
  g_assert_cmpmem (g_bytes_get_data (taken->payload, NULL),
                   g_bytes_get_size (taken->payload), text, strlen (text));
  g_assert_cmpint (taken->arrival_utc_us, >, 0);
  g_assert_cmpint (taken->arrival_monotonic_us, >, 0);
}

/* --- addresses --- */

static void
test_addresses (void)
{
  static const struct
  {
    const char *url, *host;
    uint16_t    port;
    gboolean    tls;
    const char *user, *password;
  } cases[] = {
    { "plant-a", "plant-a", 1883, FALSE, NULL, NULL },
    { "plant-a:1884", "plant-a", 1884, FALSE, NULL, NULL },
    { "mqtt://plant-a", "plant-a", 1883, FALSE, NULL, NULL },
    { "mqtts://plant-a/", "plant-a", 8883, TRUE, NULL, NULL },
    { "mqtts://u@plant-a:99", "plant-a", 99, TRUE, "u", NULL },
    { "mqtt://u:p%40%3a@h:1", "h", 1, FALSE, "u", "p@:" },
    { "mqtt://[::1]:1885", "::1", 1885, FALSE, NULL, NULL },
    { "[fe80::1]", "fe80::1", 1883, FALSE, NULL, NULL },
  };
  static const char *const bad[] = {
    "",        "mqtt://",       "http://plant-a",  "plant-a:", "plant-a:0",
    "h:65536", "h:port",        "mqtt://u@",       "[::1",     "[::1]x",
    "a b",     "mqtt://u%zz@h", "mqtt://h:1/topic"
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TwinLinkOptions) options =
          twin_link_options_parse (cases[i].url, "p", NULL);

      g_assert_nonnull (options);
      g_assert_cmpstr (options->host, ==, cases[i].host);
      g_assert_cmpuint (options->port, ==, cases[i].port);
      g_assert_true (options->tls == cases[i].tls);
      g_assert_cmpstr (options->username, ==, cases[i].user);
      g_assert_cmpstr (options->password, ==, cases[i].password);
    }

  for (size_t i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (twin_link_options_parse (bad[i], "p", &error));
      g_assert_error (error, TWIN_LINK_ERROR, TWIN_LINK_ERROR_OPTION);
    }
}

static void
test_password_is_not_told (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (
      twin_link_options_parse ("mqtt://mia:s3:c@ret@h:port", "p", &error));
  g_assert_nonnull (strstr (error->message, "“mqtt://mia:…@h:port”"));
  g_assert_null (strstr (error->message, "s3"));
}

static void
test_options_that_cannot_be (void)
{
  for (int i = 0; i < 5; i++)
    {
      g_autoptr (TwinLinkOptions) options = options_for ("127.0.0.1", 1883);
      TwinQueue *queue;
      g_autoptr (GError) error = NULL;

      if (i == 0)
        set_text (&options->plant, "north field");
      else if (i == 1)
        set_text (&options->install, "a/b");
      else if (i == 2)
        set_text (&options->ca_file, "/nonexistent/ca.pem");
      else if (i == 3)
        set_text (&options->key_file, "/etc/hostname");
      else
        g_clear_pointer (&options->install, g_free);

      queue = twin_queue_new (1, NULL);
      g_assert_null (twin_link_new (options, queue, queue, NULL, NULL, &error));
      g_assert_error (error, TWIN_LINK_ERROR, TWIN_LINK_ERROR_OPTION);
      twin_queue_free (queue);
    }
}

/* --- with a broker --- */

#define NEED_BROKER(broker, more)                                              \
  if (!broker_new (&broker, more))                                             \
    {                                                                          \
      g_test_skip ("mosquitto is not installed");                              \
      return;                                                                  \
    }                                                                          \
  broker_start (&broker)

static void
test_nobody_there (void)
{
  const uint16_t   port = broker_free_port ();
  g_autofree char *expected = g_strdup_printf (
      "Could not reach the broker at 127.0.0.1:%u: connection refused", port);
  g_autoptr (TwinLinkOptions) options = options_for ("127.0.0.1", port);
  g_autoptr (GBytes) payload = g_bytes_new_static ("x", 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *cause = NULL;
  TwinLineStats    stats;
  Console          console;

  console_start (&console, options, 10);
  cause = await_state (&console, TWIN_LINE_RECORDS, TWIN_LINE_LOST);
  g_assert_cmpstr (cause, ==, expected);
  g_assert_false (twin_link_publish (console.link,
                                     "twin/1/northfield/n-0101/command",
                                     payload, 1, FALSE, &error));
  g_assert_error (error, TWIN_LINK_ERROR, TWIN_LINK_ERROR_OFFLINE);
  twin_link_get_stats (console.link, TWIN_LINE_RECORDS, &stats);
  g_assert_cmpstr (stats.cause, ==, expected);
  g_assert_cmpint (stats.round_trip_us, ==, -1);
  console_stop (&console);
}

static void
test_no_such_name (void)
{
  g_autoptr (TwinLinkOptions) options = options_for ("nosuch.invalid", 1883);
  g_autofree char *cause = NULL;
  Console          console;

  console_start (&console, options, 10);
  cause = await_state (&console, TWIN_LINE_RECORDS, TWIN_LINE_LOST);
  g_assert_true (
      g_str_has_prefix (cause,
                        "Could not reach the broker at nosuch.invalid:1883: "));
  console_stop (&console);
}

/* What a node publishes arrives on its line; what consoles and other plants
 * publish does not. */
static void
test_each_on_its_line (void)
{
  static const char *const heard[] = { "birth",  "status",   "telemetry",
                                       "event",  "ring",     "reported",
                                       "result", "enrolled", "desired" };
  static const char *const unheard[] = { "twin/1/northfield/n-0101/command",
                                         "twin/1/northfield/n-0101/replay",
                                         "twin/1/northfield/@time",
                                         "twin/1/northfield/n-0101/chunk/data",
                                         "twin/1/southfield/n-0101/telemetry",
                                         "twin/2/northfield/n-0101/telemetry",
                                         "other" };
  g_autoptr (TwinLinkOptions) options = NULL;
  int64_t       deadline_us;
  TwinLineStats stats;
  Console       console;
  Broker        broker;

  NEED_BROKER (broker, NULL);
  options = options_for ("127.0.0.1", broker.port);
  console_start (&console, options, 100);
  await_connected (&console);

  for (size_t i = 0; i < G_N_ELEMENTS (unheard); i++)
    publish (&console, unheard[i], "no", FALSE);
  publish (&console, "twin/1/northfield/n-0101/waveform", "wave", FALSE);
  publish (&console, "twin/1/northfield/n-0101/chunk/get", "get", FALSE);
  for (size_t i = 0; i < G_N_ELEMENTS (heard); i++)
    {
      g_autofree char *topic =
          g_strconcat ("twin/1/northfield/n-0101/", heard[i], NULL);

      publish (&console, topic, heard[i], FALSE);
    }

  for (size_t i = 0; i < G_N_ELEMENTS (heard); i++)
    {
      g_autofree char *topic =
          g_strconcat ("twin/1/northfield/n-0101/", heard[i], NULL);
      TwinMessage *message = await_message (console.records);

      g_assert_cmpint (message->line, ==, TWIN_LINE_RECORDS);
      g_assert_false (message->retained);
      assert_message (message, topic, heard[i]);
    }
  assert_message (await_message (console.waveforms),
                  "twin/1/northfield/n-0101/waveform", "wave");
  assert_message (await_message (console.waveforms),
                  "twin/1/northfield/n-0101/chunk/get", "get");
  g_assert_cmpuint (twin_queue_length (console.records), ==, 0);

  twin_link_get_stats (console.link, TWIN_LINE_RECORDS, &stats);
  g_assert_cmpint (stats.state, ==, TWIN_LINE_CONNECTED);
  g_assert_cmpuint (stats.received, ==, G_N_ELEMENTS (heard));
  /* The way to the broker and back is looked at from the first moment. */
  deadline_us = twin_clock_monotonic_us () + 10 * TWIN_US_PER_S;
  while (stats.round_trip_us < 0 && twin_clock_monotonic_us () < deadline_us)
    {
      g_thread_yield ();
      twin_link_get_stats (console.link, TWIN_LINE_RECORDS, &stats);
    }
  g_assert_cmpint (stats.round_trip_us, >=, 0);
  g_assert_cmpint (stats.round_trip_us, <, TWIN_US_PER_S);
  g_assert_cmpuint (stats.published, ==,
                    G_N_ELEMENTS (heard) + G_N_ELEMENTS (unheard) + 2);
  console_stop (&console);
  broker_clear (&broker);
}

static void
test_retained_is_told (void)
{
  g_autoptr (TwinLinkOptions) options = NULL;
  Console      first, second;
  TwinMessage *message;
  Broker       broker;

  NEED_BROKER (broker, NULL);
  options = options_for ("localhost", broker.port);
  console_start (&first, options, 100);
  await_connected (&first);
  publish (&first, "twin/1/northfield/n-0101/birth", "hello", TRUE);
  assert_message (await_message (first.records),
                  "twin/1/northfield/n-0101/birth", "hello");

  console_start (&second, options, 100);
  message = await_message (second.records);
  g_assert_true (message->retained);
  assert_message (message, "twin/1/northfield/n-0101/birth", "hello");
  console_stop (&second);
  console_stop (&first);
  broker_clear (&broker);
}

static void
test_comes_back_after_the_broker (void)
{
  g_autoptr (TwinLinkOptions) options = NULL;
  g_autofree char *cause = NULL;
  TwinLineStats    stats;
  Console          console;
  Broker           broker;

  NEED_BROKER (broker, NULL);
  options = options_for ("127.0.0.1", broker.port);
  console_start (&console, options, 100);
  await_connected (&console);

  broker_kill (&broker);
  cause = await_state (&console, TWIN_LINE_RECORDS, TWIN_LINE_LOST);
  g_assert_true (g_str_has_prefix (cause, "Lost the broker at 127.0.0.1:"));

  broker_start (&broker);
  g_free (await_state (&console, TWIN_LINE_RECORDS, TWIN_LINE_CONNECTED));
  publish (&console, "twin/1/northfield/n-0101/desired", "again", FALSE);
  assert_message (await_message (console.records),
                  "twin/1/northfield/n-0101/desired", "again");
  twin_link_get_stats (console.link, TWIN_LINE_RECORDS, &stats);
  g_assert_cmpuint (stats.connects, ==, 2);
  console_stop (&console);
  broker_clear (&broker);
}

/* A consumer that does not take anything: the queue stays bounded, the rest
 * is counted, the session stays. */
static void
test_what_does_not_fit_is_counted (void)
{
  const unsigned n = 50;
  g_autoptr (TwinLinkOptions) options = NULL;
  TwinLineStats stats = { 0 };
  Console       slow, other;
  Broker        broker;

  NEED_BROKER (broker, NULL);
  options = options_for ("127.0.0.1", broker.port);
  console_start (&slow, options, 5);
  console_start (&other, options, 100);
  await_connected (&slow);
  await_connected (&other);

  for (unsigned i = 0; i < n; i++)
    publish (&other, "twin/1/northfield/n-0101/telemetry", "x", FALSE);
  while (stats.dropped < n - 5)
    {
      twin_link_get_stats (slow.link, TWIN_LINE_RECORDS, &stats);
      g_thread_yield ();
    }
  g_assert_cmpuint (stats.dropped, ==, n - 5);
  g_assert_cmpuint (stats.received, ==, n);
  g_assert_cmpuint (twin_queue_length (slow.records), ==, 5);
  g_assert_cmpint (stats.state, ==, TWIN_LINE_CONNECTED);
  console_stop (&slow);
  console_stop (&other);
  broker_clear (&broker);
}

static void
test_too_large_is_refused (void)
{
  g_autofree char *large = g_strnfill (TWIN_MESSAGE_MAX + 1, 'x');
  g_autoptr (TwinLinkOptions) options = NULL;
  TwinLineStats stats;
  Console       console;
  Broker        broker;

  NEED_BROKER (broker, NULL);
  options = options_for ("127.0.0.1", broker.port);
  console_start (&console, options, 100);
  await_connected (&console);
  publish (&console, "twin/1/northfield/n-0101/telemetry", large, FALSE);
  publish (&console, "twin/1/northfield/n-0101/telemetry", "after", FALSE);
  assert_message (await_message (console.records),
                  "twin/1/northfield/n-0101/telemetry", "after");
  twin_link_get_stats (console.link, TWIN_LINE_RECORDS, &stats);
  g_assert_cmpuint (stats.refused, ==, 1);
  console_stop (&console);
  broker_clear (&broker);
}

static void
test_wrong_user (void)
{
  g_autoptr (TwinLinkOptions) options = NULL;
  g_autofree char *cause = NULL;
  Console          console;
  Broker           broker;

  NEED_BROKER (broker, "allow_anonymous false");
  options = options_for ("127.0.0.1", broker.port);
  console_start (&console, options, 100);
  cause = await_state (&console, TWIN_LINE_RECORDS, TWIN_LINE_LOST);
  g_assert_nonnull (strstr (cause, "this user may not connect"));
  console_stop (&console);
  broker_clear (&broker);
}

/* --- TLS
 * ---------------------------------------------------------------------------
 */

/* The right broker is spoken to; each other is refused with the reason. */
static void
test_tls (void)
{
  static const struct
  {
    TlsCase     server;
    const char *host, *ca, *own, *trouble; /* NULL: connects */
  } cases[] = {
    { TLS_RIGHT, "localhost", "ca.pem", NULL, NULL },
    { TLS_RIGHT, "127.0.0.1", "ca.pem", NULL, NULL },
    { TLS_RIGHT, "localhost", "other-ca.pem", NULL,
      "its certificate is not signed by an authority that is trusted here" },
    { TLS_RIGHT, "localhost", NULL, NULL, /* the system's authorities */
      "its certificate is not signed by an authority that is trusted here" },
    { TLS_WRONG_CA, "localhost", "ca.pem", NULL,
      "its certificate is not signed by an authority that is trusted here" },
    { TLS_WRONG_NAME, "localhost", "ca.pem", NULL,
      "its certificate is for another host" },
    { TLS_EXPIRED, "localhost", "ca.pem", NULL, "its certificate has expired" },
    { TLS_EARLY, "localhost", "ca.pem", NULL,
      "its certificate is not valid yet" },
    { TLS_SELF, "localhost", "ca.pem", NULL,
      "its certificate is signed by itself only" },
    { TLS_MUTUAL, "localhost", "ca.pem", "client", NULL },
    { TLS_MUTUAL, "localhost", "ca.pem", NULL,
      "it does not accept our certificate" },
    { TLS_MUTUAL, "localhost", "ca.pem", "self",
      "it does not accept our certificate" },
  };
  TlsBroker world;

  if (!tls_broker_start (&world))
    {
      g_test_skip ("openssl or mosquitto is not installed");
      return;
    }

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TwinLinkOptions) options =
          options_for (cases[i].host, world.port[cases[i].server]);
      Console console;

      options->tls = TRUE;
      options->ca_file = tls_broker_file (&world, cases[i].ca);
      if (cases[i].own != NULL)
        {
          options->cert_file =
              g_strdup_printf ("%s/%s.pem", world.folder, cases[i].own);
          options->key_file =
              g_strdup_printf ("%s/%s.key", world.folder, cases[i].own);
        }
      console_start (&console, options, 10);
      if (cases[i].trouble == NULL)
        {
          await_connected (&console);
        }
      else
        {
          g_autofree char *cause =
              await_state (&console, TWIN_LINE_RECORDS, TWIN_LINE_LOST);

          g_test_message ("%s", cause);
          g_assert_nonnull (strstr (cause, cases[i].trouble));
        }
      console_stop (&console);
    }
  tls_broker_clear (&world);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/link/addresses", test_addresses);
  g_test_add_func ("/link/password-is-not-told", test_password_is_not_told);
  g_test_add_func ("/link/options-that-cannot-be", test_options_that_cannot_be);
  g_test_add_func ("/link/nobody-there", test_nobody_there);
  g_test_add_func ("/link/no-such-name", test_no_such_name);
  g_test_add_func ("/link/each-on-its-line", test_each_on_its_line);
  g_test_add_func ("/link/retained-is-told", test_retained_is_told);
  g_test_add_func ("/link/comes-back-after-the-broker",
                   test_comes_back_after_the_broker);
  g_test_add_func ("/link/what-does-not-fit-is-counted",
                   test_what_does_not_fit_is_counted);
  g_test_add_func ("/link/too-large-is-refused", test_too_large_is_refused);
  g_test_add_func ("/link/wrong-user", test_wrong_user);
  g_test_add_func ("/link/tls", test_tls);
  return g_test_run ();
}
