/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-key.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("twin-key-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "operator.pem", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_rmdir (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->folder);
}

/* RFC 8032, 7.1, test 2. */
static void
test_known_answer (void)
{
  uint8_t seed[32], expected_public[32], expected[64], signature[64];
  g_autoptr (TwinKey) key = NULL;

  g_assert_true (twin_hex_parse ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba"
                                 "624da8cf6ed4fb8a6fb",
                                 seed, 32));
  g_assert_true (twin_hex_parse ("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec49"
                                 "68cc0cd55f12af4660c",
                                 expected_public, 32));
  g_assert_true (twin_hex_parse (
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
      expected, 64));

  key = twin_key_new_from_seed (seed);
  g_assert_cmpmem (twin_key_get_public (key), 32, expected_public, 32);
  twin_key_sign (key, (const uint8_t *) "\x72", 1, signature);
  g_assert_cmpmem (signature, 64, expected, 64);
  g_assert_true (
      twin_key_verify (expected_public, (const uint8_t *) "\x72", 1, expected));
  g_assert_false (
      twin_key_verify (expected_public, (const uint8_t *) "\x73", 1, expected));
}

/* A public key goes to a file and comes back; a private key is none. */
static void
test_public (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_strconcat (fixture->path, ".pub", NULL);
  g_autoptr (TwinKey) key = twin_key_generate ();
  g_autoptr (GError) error = NULL;
  uint8_t read[TWIN_PUBLIC_KEY_SIZE];

  g_assert_true (
      twin_public_key_store (twin_key_get_public (key), path, &error));
  g_assert_true (twin_public_key_load (path, read, &error));
  g_assert_cmpmem (read, sizeof read, twin_key_get_public (key), sizeof read);
  g_assert_false (
      twin_public_key_store (twin_key_get_public (key), path, NULL));

  g_assert_true (twin_key_store (key, fixture->path, &error));
  g_assert_false (twin_public_key_load (fixture->path, read, &error));
  g_assert_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_KEY);
  g_clear_error (&error);
  g_assert_false (twin_public_key_load (fixture->folder, read, &error));
  g_assert_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_KEY);
  g_unlink (path);
}

static void
test_file_is_mine_alone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinKey) made = twin_key_load_or_generate (fixture->path, &error);
  g_autoptr (TwinKey) loaded = NULL;
  struct stat status;

  g_assert_no_error (error);
  g_assert_cmpint (g_stat (fixture->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);

  loaded = twin_key_load_or_generate (fixture->path, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (twin_key_get_public (made), 32, twin_key_get_public (loaded),
                   32);

  g_chmod (fixture->path, 0640);
  g_assert_null (twin_key_load_or_generate (fixture->path, &error));
  g_assert_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_KEY);
  g_assert_nonnull (strstr (error->message, fixture->path));
}

static void
test_never_overwritten (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinKey) first = twin_key_generate ();
  g_autoptr (TwinKey) second = twin_key_generate ();
  g_autoptr (TwinKey) loaded = NULL;

  g_assert_true (twin_key_store (first, fixture->path, &error));
  g_assert_false (twin_key_store (second, fixture->path, &error));
  g_assert_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_KEY);
  loaded = twin_key_load (fixture->path, NULL);
  g_assert_cmpmem (twin_key_get_public (first), 32,
                   twin_key_get_public (loaded), 32);
}

static void
test_not_a_key (Fixture *fixture, gconstpointer data)
{
  static const char *const contents[] = {
    "",
    "not a key",
    "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    /* X25519: a good key of another kind. */
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VuBCIEIGBPAd9/CQ1lFlJUZcZpXBpCcFvZBmTzj6gCkj7ehmRV\n"
    "-----END PRIVATE KEY-----\n",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents_full (fixture->path, contents[i], -1,
                                               G_FILE_SET_CONTENTS_NONE, 0600,
                                               NULL));
      g_chmod (fixture->path, 0600);
      g_assert_null (twin_key_load (fixture->path, &error));
      g_assert_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_KEY);
    }
}

static void
test_no_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (twin_key_load (fixture->path, &error));
  g_assert_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_KEY);
  g_clear_error (&error);
  g_assert_null (twin_key_load (fixture->folder, &error));
  g_assert_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_KEY);
}

#define ADD(path, function)                                                    \
  g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/key/known-answer", test_known_answer);
  ADD ("/wire/key/file-is-mine-alone", test_file_is_mine_alone);
  ADD ("/wire/key/never-overwritten", test_never_overwritten);
  ADD ("/wire/key/not-a-key", test_not_a_key);
  ADD ("/wire/key/no-file", test_no_file);
  ADD ("/wire/key/public", test_public);
  return g_test_run ();
}
