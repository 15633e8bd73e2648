/* SPDX-License-Identifier: Apache-2.0
 *
 * TLS of the host port against a real mosquitto: the right broker is spoken
 * to, every other is refused with the reason.
 */
#include <arpa/inet.h>
#include <gio/gio.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <string.h>

#include "net-tls.h"
#include "tls-broker.h"

static TlsBroker world;

/* An address of loopback that pretends to be @name. */
static void
point_at (board_broker *broker, const char *name, uint16_t port)
{
  struct sockaddr_in *to = (void *) &broker->addresses[0].address;

  memset (broker, 0, sizeof *broker);
  to->sin_family = AF_INET;
  to->sin_port = htons (port);
  to->sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  broker->addresses[0].length = sizeof *to;
  broker->n_addresses = 1;
  broker->name = (char *) name;
}

/* Until @done says so, at most ten seconds. */
static void
await (hal *h, hal_net_state other_than)
{
  const gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  while (hal_net_poll (h) == other_than)
    {
      GPollFD p = { h->fd, G_IO_IN | (board_net_waits (h) ? G_IO_OUT : 0), 0 };

      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_poll (&p, 1, 100);
    }
}

/* What comes on an open stream; *@error when it ended. */
static size_t
receive (hal *h, uint8_t *out, size_t n, int32_t *error)
{
  const gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  size_t       got = 0;

  *error = 0;
  while (got < n)
    {
      GPollFD p = { h->fd, G_IO_IN, 0 };
      int32_t now = hal_net_recv (h, out + got, n - got);

      if (now < 0)
        {
          *error = now;
          break;
        }
      got += (size_t) now;
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      if (now == 0)
        g_poll (&p, 1, 100);
    }
  return got;
}

static const uint8_t connect_packet[] = { 0x10, 13, 0, 4,  'M', 'Q', 'T', 'T',
                                          4,    2,  0, 30, 0,   1,   'x' };

/* True when the broker is believed and answers CONNECT. */
static bool
greets (hal *h)
{
  uint8_t answer[4];
  int32_t error;

  await (h, HAL_NET_OPENING);
  if (h->net != HAL_NET_OPEN)
    return false;
  if (hal_net_send (h, connect_packet, sizeof connect_packet) < 0)
    return false;
  if (receive (h, answer, 4, &error) < 4)
    return false;
  g_assert_cmpmem (answer, 4, "\x20\x02\0\0", 4);
  return true;
}

static void
test_certificates (void)
{
  static const struct
  {
    TlsCase     server;
    const char *ca, *name, *cert;
    const char *reason; /* NULL: accepted */
  } rows[] = {
    { TLS_RIGHT, "ca.pem", "localhost", NULL, NULL },
    { TLS_RIGHT, "ca.pem", "127.0.0.1", NULL, NULL },
    { TLS_RIGHT, "other-ca.pem", "localhost", NULL,
      "its certificate is not signed by an authority that is trusted here" },
    { TLS_RIGHT, NULL, "localhost", NULL, /* the system's authorities */
      "its certificate is not signed by an authority that is trusted here" },
    { TLS_WRONG_CA, "ca.pem", "localhost", NULL,
      "its certificate is not signed by an authority that is trusted here" },
    { TLS_WRONG_NAME, "ca.pem", "localhost", NULL,
      "its certificate is for another host" },
    { TLS_WRONG_NAME, "ca.pem", "127.0.0.1", NULL,
      "its certificate is for another host" },
    { TLS_RIGHT, "ca.pem", "elsewhere.invalid", NULL,
      "its certificate is for another host" },
    { TLS_EXPIRED, "ca.pem", "localhost", NULL, "its certificate has expired" },
    { TLS_EARLY, "ca.pem", "localhost", NULL,
      "its certificate is not valid yet" },
    { TLS_SELF, "ca.pem", "localhost", NULL,
      "its certificate is signed by itself only" },
    { TLS_MUTUAL, "ca.pem", "localhost", "client", NULL },
    { TLS_MUTUAL, "ca.pem", "localhost", NULL,
      "does not accept our certificate" },
    { TLS_MUTUAL, "ca.pem", "localhost", "self",
      "does not accept our certificate" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *ca = tls_broker_file (&world, rows[i].ca), *why = NULL,
                      *cert = NULL, *key = NULL;
      board_broker broker;
      hal          h = { .fd = -1, .broker = &broker };

      if (rows[i].cert != NULL)
        {
          cert = g_strdup_printf ("%s/%s.pem", world.folder, rows[i].cert);
          key = g_strdup_printf ("%s/%s.key", world.folder, rows[i].cert);
        }
      g_test_message ("broker %d, %s, %s: %s", rows[i].server, rows[i].ca,
                      rows[i].name,
                      rows[i].reason != NULL ? rows[i].reason : "right");
      point_at (&broker, rows[i].name, world.port[rows[i].server]);
      broker.tls = net_tls_new (ca, cert, key, &why);
      g_assert_cmpstr (why, ==, NULL);
      g_assert_cmpint (hal_net_open (&h), ==, HAL_OK);
      g_assert_cmpint (greets (&h), ==, rows[i].reason == NULL);
      g_assert_cmpstr (hal_net_reason (&h), ==, rows[i].reason);
      hal_net_close (&h);
      net_tls_free (broker.tls);
    }
}

/* Something on the other side that speaks no TLS, or nothing at all. */
static void
test_no_tls (void)
{
  g_autofree char *ca = tls_broker_file (&world, "ca.pem"), *why = NULL;
  board_broker     broker;
  hal              h = { .fd = -1, .broker = &broker };
  SSL_CTX         *tls = net_tls_new (ca, NULL, NULL, &why);

  point_at (&broker, "localhost", world.broker.port);
  broker.tls = tls;
  hal_net_open (&h);
  await (&h, HAL_NET_OPENING);
  g_assert_cmpint (h.net, ==, HAL_NET_CLOSED);
  g_assert_cmpstr (hal_net_reason (&h), ==, "closed the connection");

  point_at (&broker, "localhost", broker_free_port ());
  broker.tls = tls;
  if (hal_net_open (&h) == HAL_OK)
    await (&h, HAL_NET_OPENING);
  g_assert_cmpint (h.net, ==, HAL_NET_CLOSED);
  g_assert_cmpstr (hal_net_reason (&h), ==, "Connection refused");
  hal_net_close (&h);
  net_tls_free (tls);
}

/* The address that does not answer is passed over in the same attempt. */
static void
test_next_address (void)
{
  g_autofree char *ca = tls_broker_file (&world, "ca.pem"), *why = NULL;
  board_broker     dead, broker;
  hal              h = { .fd = -1, .broker = &broker };

  point_at (&dead, "localhost", broker_free_port ());
  point_at (&broker, "localhost", world.port[TLS_RIGHT]);
  broker.addresses[1] = broker.addresses[0];
  broker.addresses[0] = dead.addresses[0];
  broker.n_addresses = 2;
  broker.tls = net_tls_new (ca, NULL, NULL, &why);
  hal_net_open (&h);
  g_assert_true (greets (&h));
  g_assert_cmpuint (h.address, ==, 1); /* first next time */
  hal_net_close (&h);
  net_tls_free (broker.tls);
}

/* 1 MB each way through TLS in the port's pieces arrives whole. */
static void
test_bulk (void)
{
  enum
  {
    TOTAL = 1000000
  };
  static const uint8_t subscribe[] = { 0x82, 6, 0, 1, 0, 1, 't', 0 };
  static const uint8_t head[] = { 0x30, 0xc3, 0x84, 0x3d, 0, 1, 't' };
  g_autofree char     *ca = tls_broker_file (&world, "ca.pem"), *why = NULL;
  g_autoptr (GByteArray) packet = g_byte_array_new ();
  g_autofree uint8_t *back = g_malloc (TOTAL + sizeof head);
  board_broker        broker;
  hal                 h = { .fd = -1, .broker = &broker };
  int32_t             error;
  gint64              start = g_get_monotonic_time ();

  point_at (&broker, "localhost", world.port[TLS_RIGHT]);
  broker.tls = net_tls_new (ca, NULL, NULL, &why);
  hal_net_open (&h);
  g_assert_true (greets (&h));
  hal_net_send (&h, subscribe, sizeof subscribe);
  g_assert_cmpuint (receive (&h, back, 5, &error), ==, 5);

  g_byte_array_append (packet, head, sizeof head);
  g_byte_array_set_size (packet, TOTAL + sizeof head);
  for (guint i = 0; i < TOTAL; i++)
    packet->data[sizeof head + i] = (uint8_t) (i * 7 + (i >> 8));
  for (guint at = 0; at < packet->len;)
    {
      /* Fewer bytes than last time are no trouble either. */
      size_t  n = MIN (packet->len - at, 1 + (at * 7919) % 30000);
      int32_t sent = hal_net_send (&h, packet->data + at, n);
      GPollFD p = { h.fd, G_IO_OUT, 0 };

      g_assert_cmpint (sent, >=, 0);
      at += (guint) sent;
      if (sent == 0)
        g_poll (&p, 1, 100);
    }
  while (board_net_waits (&h))
    g_assert_cmpint (hal_net_send (&h, packet->data, 0), >=, 0);

  g_assert_cmpuint (receive (&h, back, packet->len, &error), ==, packet->len);
  g_assert_cmpmem (back, packet->len, packet->data, packet->len);
  g_test_message ("1 MB there and back in %.1f ms",
                  (double) (g_get_monotonic_time () - start) / 1e3);
  hal_net_close (&h);
  net_tls_free (broker.tls);
}

static void
test_settings (void)
{
  g_autofree char *ca = tls_broker_file (&world, "ca.pem");
  g_autofree char *key = tls_broker_file (&world, "client.key");
  g_autofree char *cert = tls_broker_file (&world, "client.pem");
  g_autofree char *other = tls_broker_file (&world, "right.key");
  const struct
  {
    const char *ca, *cert, *key, *says;
  } rows[] = {
    { "/nonexistent.pem", NULL, NULL, "“/nonexistent.pem”: No such file" },
    { key, NULL, NULL, "Could not use the authorities’ file" },
    { ca, cert, NULL, "--cert FILE --key FILE" },
    { ca, ca, other, "Could not use the key" },
    { ca, key, key, "Could not use the certificate" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *why = NULL;

      g_assert_null (net_tls_new (rows[i].ca, rows[i].cert, rows[i].key, &why));
      g_test_message ("%s", why);
      g_assert_nonnull (strstr (why, rows[i].says));
    }
}

/* The first line that says @wanted; free with g_free. */
static char *
line_with (GInputStream *stream, const char *wanted)
{
  g_autoptr (GDataInputStream) said = g_data_input_stream_new (stream);
  char *line;

  while ((line = g_data_input_stream_read_line (said, NULL, NULL, NULL)) !=
             NULL &&
         strstr (line, wanted) == NULL)
    {
      g_test_message ("%s", line);
      g_free (line);
    }
  return line;
}

/* The program itself: the line of its log that says @wanted; *@status: what
 * its console answers. */
static char *
run_node (const char *ca, uint16_t port, const char *wanted, char **status)
{
  g_autofree char *program =
      g_build_filename (g_getenv ("TWIN_BUILD_ROOT"), "firmware", "port",
                        "posix", "twin-node", NULL);
  g_autofree char *fleet = tls_broker_file (&world, "fleet.json");
  g_autofree char *state = g_dir_make_tmp ("twin-state-XXXXXX", NULL);
  g_autofree char *url = g_strdup_printf ("mqtts://localhost:%u", port);
  g_autofree char *remove = g_strdup_printf ("rm -r %s", state);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) node = NULL;
  char *line;

  g_file_set_contents (fleet, "{\"plant\":\"p\",\"nodes\":[{\"node\":\"n\"}]}",
                       -1, &error);
  g_assert_no_error (error);
  node = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_PIPE |
                               G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                               G_SUBPROCESS_FLAGS_STDIN_PIPE,
                           &error, program, "--console", "--verbose", "--fleet",
                           fleet, "--state", state, "--broker", url, "--ca", ca,
                           NULL);
  g_assert_no_error (error);
  line = line_with (g_subprocess_get_stderr_pipe (node), wanted);
  g_output_stream_write_all (g_subprocess_get_stdin_pipe (node), "status\n", 7,
                             NULL, NULL, &error);
  g_assert_no_error (error);
  *status = line_with (g_subprocess_get_stdout_pipe (node), "n: ");
  g_subprocess_send_signal (node, SIGTERM);
  g_subprocess_wait (node, NULL, NULL);
  g_spawn_command_line_sync (remove, NULL, NULL, NULL, NULL);
  return line;
}

static void
test_program (void)
{
  g_autofree char *ca = tls_broker_file (&world, "ca.pem");
  g_autofree char *other = tls_broker_file (&world, "other-ca.pem");
  g_autofree char *up = NULL, *down = NULL;
  g_autofree char *good = run_node (ca, world.port[TLS_RIGHT], "online", &up);
  g_autofree char *bad =
      run_node (other, world.port[TLS_RIGHT], "broker: ", &down);
  static const char reason[] = "broker: its certificate is not signed by an "
                               "authority that is trusted here";

  g_assert_cmpstr (good, ==, "n: info: online");
  g_assert_true (g_str_has_prefix (up, "n: online, up "));
  g_assert_true (g_str_has_prefix (bad, "n: warning: broker: "));
  g_assert_nonnull (strstr (bad, reason));
  g_assert_true (g_str_has_prefix (down, "n: offline, broker: "));
  g_assert_nonnull (strstr (down, reason));
}

static void
skipped (void)
{
  g_test_skip ("openssl or mosquitto is not installed");
}

int
main (int argc, char **argv)
{
  int rc;

  g_test_init (&argc, &argv, NULL);
  if (!tls_broker_start (&world))
    {
      g_test_add_func ("/firmware/tls", skipped);
      return g_test_run ();
    }
  g_test_add_func ("/firmware/tls/certificates", test_certificates);
  g_test_add_func ("/firmware/tls/no-tls", test_no_tls);
  g_test_add_func ("/firmware/tls/next-address", test_next_address);
  g_test_add_func ("/firmware/tls/bulk", test_bulk);
  g_test_add_func ("/firmware/tls/settings", test_settings);
  g_test_add_func ("/firmware/tls/program", test_program);
  rc = g_test_run ();
  tls_broker_clear (&world);
  return rc;
}
