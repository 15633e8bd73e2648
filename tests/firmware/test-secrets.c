/* SPDX-License-Identifier: Apache-2.0
 *
 * Secrets lie in one page, leave flash when they are wiped, at whatever step
 * the power fails, and are in no line the node logs.
 */

#include <string.h>

#include "console.h"
#include "node-private.h"

/* How often @n bytes lie in flash, within or without the page of secrets. */
static unsigned
found (hal *h, const void *bytes, size_t n, gboolean within)
{
  uint32_t            size = hal_flash_size (h);
  g_autofree uint8_t *all = g_malloc (size);
  unsigned            count = 0;

  g_assert_cmpint (hal_flash_read (h, 0, all, size), ==, HAL_OK);
  for (uint8_t *at = all;
       (at = memmem (at, size - (size_t) (at - all), bytes, n)) != NULL; at++)
    {
      gboolean inside = at >= all + FLASH_SECRETS &&
                        at < all + FLASH_SECRETS + FLASH_SECRETS_SIZE;

      count += inside == within;
    }
  return count;
}

static GBytes *
enrolment (TwinKey *key, const node_config *config, uint8_t nonce)
{
  TwinEnrol e = { .role = TWIN_KEY_ROLE_ENGINEER, .name = "Quill" };

  memcpy (e.key, twin_key_get_public (key), 32);
  memset (e.nonce, nonce, sizeof e.nonce);
  return twin_enrol_build (&e, config->token, CONSOLE_TOPIC ("enrol"));
}

/* A node with a past: enrolled, commanded, configured. */
static node *
live (hal *h, TwinKey *key)
{
  node_config config = fake_board_config ();
  node       *n = fake_board_start (h);
  g_autoptr (GBytes) enrol = enrolment (key, &config, 7);
  ConsoleCommand limit = { "setLimit",
                           "{\"name\":\"motor/current\",\"high\":99}", key,
                           .lifetime_s = 60 };
  g_autoptr (GBytes) message = NULL;

  fake_board_run (h, n, 1);
  console_send (h, n, "enrol", enrol);
  g_assert_true (n->token_burnt);
  message = console_command (h, n, &limit, NULL);
  console_send (h, n, "command", message);
  g_assert_cmpint (node_key_find (n, twin_key_get_kid (key)), >=, 0);
  fake_board_run (h, n, 1);
  return n;
}

static void
test_own_page (void)
{
  hal     *h = fake_board_new (5);
  TwinKey *key = console_key (3);
  node    *n = live (h, key);

  g_assert_cmpuint (found (h, n->seed, 32, TRUE), >=, 1);
  g_assert_cmpuint (found (h, n->seed, 32, FALSE), ==, 0);
  g_assert_cmpuint (found (h, twin_key_get_public (key), 32, TRUE), >=, 1);
  g_assert_cmpuint (found (h, twin_key_get_public (key), 32, FALSE), ==, 0);
  g_assert_cmpuint (found (h, n->config.token, NODE_TOKEN_SIZE, TRUE), ==, 0);
  g_assert_cmpuint (found (h, n->config.token, NODE_TOKEN_SIZE, FALSE), ==, 0);
  g_free (n);
  twin_key_unref (key);
  fake_board_free (h);
}

/* The power fails at every step of a decommission: after the next start the
 * node is still enrolled, or nothing of its secrets is anywhere in flash, and
 * the recorded enrolment is good for nothing. */
static void
test_wipe (void)
{
  TwinKey *key = console_key (3);

  for (uint64_t cut = 1;; cut++)
    {
      hal           *h = fake_board_new (5);
      node          *n = live (h, key);
      node_config    config = fake_board_config ();
      uint8_t        seed[32];
      uint32_t       epoch = n->epoch;
      ConsoleCommand c = { "decommission", NULL, key, .lifetime_s = 60 };
      g_autoptr (GBytes) message = console_command (h, n, &c, NULL);
      gboolean failed;

      memcpy (seed, n->seed, sizeof seed);
      h->flash.cut_at = h->flash.steps + cut;
      console_send (h, n, "command", message);
      failed = h->flash.dead;

      fake_board_power_cycle (h);
      g_free (n);
      n = fake_board_start (h);
      fake_board_run (h, n, 1);
      g_assert_cmpuint (n->epoch, >, epoch);
      if (n->token_burnt)
        g_assert_cmpmem (n->seed, 32, seed, 32);
      else
        {
          g_autoptr (GBytes) recorded = enrolment (key, &config, 7);
          g_autoptr (GBytes) fresh = enrolment (key, &config, 8);

          g_assert_cmpint (node_key_find (n, twin_key_get_kid (key)), ==, -1);
          g_assert_cmpuint (found (h, seed, 32, TRUE), ==, 0);
          g_assert_cmpuint (found (h, seed, 32, FALSE), ==, 0);
          g_assert_cmpuint (found (h, twin_key_get_public (key), 32, TRUE), ==,
                            0);
          console_send (h, n, "enrol", recorded);
          g_assert_false (n->token_burnt);
          console_send (h, n, "enrol", fresh);
          g_assert_true (n->token_burnt);
        }
      g_free (n);
      fake_board_free (h);
      if (!failed)
        {
          g_test_message ("%u cuts", (unsigned) cut);
          break;
        }
    }
  twin_key_unref (key);
}

static void
assert_not_logged (hal *h, const void *secret, size_t n)
{
  GString         *lower = g_string_new (NULL), *upper = g_string_new (NULL);
  g_autofree char *base64 = g_base64_encode (secret, n);

  for (size_t i = 0; i < n; i++)
    {
      g_string_append_printf (lower, "%02x", ((const uint8_t *) secret)[i]);
      g_string_append_printf (upper, "%02X", ((const uint8_t *) secret)[i]);
    }
  g_assert_null (strstr (h->log->str, lower->str));
  g_assert_null (strstr (h->log->str, upper->str));
  g_assert_null (strstr (h->log->str, base64));
  g_assert_null (memmem (h->log->str, h->log->len, secret, n));
  g_string_free (lower, TRUE);
  g_string_free (upper, TRUE);
}

/* Everything that is logged in a life with errors: no seed, token, password,
 * key or signature, whole or in digits. */
static void
test_log (void)
{
  hal           *h = fake_board_new (5);
  TwinKey       *key = console_key (3);
  node          *n = live (h, key);
  node_config    config = fake_board_config ();
  uint8_t        seed[32], junk[80] = { 0xd2 };
  ConsoleCommand c = { "decommission", NULL, key, .lifetime_s = 600 };
  g_autoptr (GBytes) again = enrolment (key, &config, 9);

  memcpy (seed, n->seed, sizeof seed);
  n->mqtt.options.user = "northfield";
  n->mqtt.options.password = "hunter2-hunter2";
  console_send (h, n, "enrol", again);
  for (unsigned i = 0; i < 3; i++)
    {
      static const char *const channels[] = { "command", "desired", "enrol" };
      g_autofree char         *topic =
          g_strconcat (CONSOLE_TOPIC (""), channels[i], NULL);

      fake_board_run (h, n, 1.1);
      fake_board_deliver (h, n, topic, junk, sizeof junk);
    }
  h->reachable = false;
  fake_board_run (h, n, 70);
  h->reachable = true;
  fake_board_run (h, n, 70);
  {
    g_autoptr (GBytes) message = console_command (h, n, &c, NULL);

    console_send (h, n, "command", message);
  }
  fake_board_run (h, n, 1);
  g_assert_true (n->removed);
  g_assert_cmpuint (h->log->len, >, 100);
  g_assert_nonnull (strstr (h->log->str, "enrolment refused: used"));
  assert_not_logged (h, seed, 8);
  assert_not_logged (h, config.token, 8);
  assert_not_logged (h, twin_key_get_public (key), 8);
  g_assert_null (strstr (h->log->str, "hunter2"));
  g_free (n);
  twin_key_unref (key);
  fake_board_free (h);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/secrets/own-page", test_own_page);
  g_test_add_func ("/firmware/secrets/wipe", test_wipe);
  g_test_add_func ("/firmware/secrets/log", test_log);
  return g_test_run ();
}
