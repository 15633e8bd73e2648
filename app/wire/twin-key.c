/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-key.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct _TwinKey
{
  gatomicrefcount refs;
  EVP_PKEY       *pair;
  uint8_t         public_key[TWIN_PUBLIC_KEY_SIZE];
  uint8_t         kid[TWIN_KID_SIZE];
};

/* Takes @pair; NULL when it is no Ed25519 key pair. */
static TwinKey *
key_take (EVP_PKEY *pair)
{
  TwinKey *self;
  uint8_t  seed[32];
  size_t   size = TWIN_PUBLIC_KEY_SIZE, seed_size = sizeof seed;

  if (pair == NULL)
    return NULL;

  self = g_new0 (TwinKey, 1);
  g_atomic_ref_count_init (&self->refs);
  self->pair = pair;

  if (EVP_PKEY_get_id (pair) != EVP_PKEY_ED25519 ||
      EVP_PKEY_get_raw_public_key (pair, self->public_key, &size) != 1 ||
      EVP_PKEY_get_raw_private_key (pair, seed, &seed_size) != 1)
    g_clear_pointer (&self, twin_key_unref);
  else
    twin_kid_of (self->public_key, self->kid);

  OPENSSL_cleanse (seed, sizeof seed);
  return self;
}

TwinKey *
twin_key_generate (void)
{
  uint8_t  seed[32];
  TwinKey *self;

  twin_random_bytes (seed, sizeof seed);
  self = twin_key_new_from_seed (seed);
  OPENSSL_cleanse (seed, sizeof seed);
  return self;
}

TwinKey *
twin_key_new_from_seed (const uint8_t seed[32])
{
  TwinKey *self = key_take (
      EVP_PKEY_new_raw_private_key (EVP_PKEY_ED25519, NULL, seed, 32));

  if (self == NULL)
    g_error ("This OpenSSL has no Ed25519: nothing can be signed");
  return self;
}

TwinKey *
twin_key_ref (TwinKey *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
twin_key_unref (TwinKey *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->refs))
    return;

  EVP_PKEY_free (self->pair);
  g_free (self);
}

static gboolean
fail_file (GError    **error,
           const char *what,
           const char *path,
           const char *cause)
{
  g_set_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_KEY,
               "Could not %s the key “%s”: %s", what, path, cause);
  return FALSE;
}

/* No file holds a key that somebody else may read. */
static gboolean
check_mode (int fd, const char *path, GError **error)
{
  struct stat status;

  if (fstat (fd, &status) != 0)
    return fail_file (error, "read", path, g_strerror (errno));
  if (!S_ISREG (status.st_mode))
    return fail_file (error, "read", path, "it is not a file");
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return fail_file (error, "use", path,
                      "others may read it; make it yours alone (chmod 600) "
                      "or, if it may have been copied, make a new one");
  return TRUE;
}

/* A key that wants a pass phrase is refused, not asked about. */
static int
no_pass_phrase (char *buffer, int size, int writing, void *data)
{
  return -1;
}

TwinKey *
twin_key_load (const char *path, GError **error)
{
  TwinKey *self = NULL;
  int      fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  FILE    *file;

  if (fd < 0)
    {
      fail_file (error, "read", path, g_strerror (errno));
      return NULL;
    }
  if (!check_mode (fd, path, error))
    {
      close (fd);
      return NULL;
    }

  file = fdopen (fd, "r");
  self = key_take (PEM_read_PrivateKey (file, NULL, no_pass_phrase, NULL));
  fclose (file);

  if (self == NULL)
    fail_file (error, "read", path, "it holds no Ed25519 private key");
  return self;
}

gboolean
twin_key_store (TwinKey *self, const char *path, GError **error)
{
  int      fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  FILE    *file;
  gboolean written;

  if (fd < 0)
    return fail_file (error, "store", path, g_strerror (errno));

  file = fdopen (fd, "w");
  written = PEM_write_PKCS8PrivateKey (file, self->pair, NULL, NULL, 0, NULL,
                                       NULL) == 1 &&
            fflush (file) == 0 && fsync (fd) == 0;
  if (fclose (file) != 0)
    written = FALSE;
  if (written)
    return TRUE;

  fail_file (error, "store", path, g_strerror (errno));
  unlink (path);
  return FALSE;
}

TwinKey *
twin_key_load_or_generate (const char *path, GError **error)
{
  g_autoptr (TwinKey) self = NULL;

  if (access (path, F_OK) == 0 || errno != ENOENT)
    return twin_key_load (path, error);

  self = twin_key_generate ();
  return twin_key_store (self, path, error) ? g_steal_pointer (&self) : NULL;
}

const uint8_t *
twin_key_get_public (const TwinKey *self)
{
  return self->public_key;
}

const uint8_t *
twin_key_get_kid (const TwinKey *self)
{
  return self->kid;
}

void
twin_key_sign (const TwinKey *self,
               const uint8_t *data,
               size_t         size,
               uint8_t        signature[TWIN_SIGNATURE_SIZE])
{
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  size_t      signature_size = TWIN_SIGNATURE_SIZE;

  if (EVP_DigestSignInit (context, NULL, NULL, NULL, self->pair) != 1 ||
      EVP_DigestSign (context, signature, &signature_size, data, size) != 1)
    g_error ("OpenSSL could not sign with a good key");
  EVP_MD_CTX_free (context);
}

gboolean
twin_key_verify (const uint8_t  public_key[TWIN_PUBLIC_KEY_SIZE],
                 const uint8_t *data,
                 size_t         size,
                 const uint8_t  signature[TWIN_SIGNATURE_SIZE])
{
  EVP_PKEY *key =
      EVP_PKEY_new_raw_public_key (EVP_PKEY_ED25519, NULL, public_key,
                                   TWIN_PUBLIC_KEY_SIZE);
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  gboolean    good;

  good = key != NULL &&
         EVP_DigestVerifyInit (context, NULL, NULL, NULL, key) == 1 &&
         EVP_DigestVerify (context, signature, TWIN_SIGNATURE_SIZE, data,
                           size) == 1;
  EVP_MD_CTX_free (context);
  EVP_PKEY_free (key);
  return good;
}

gboolean
twin_public_key_load (const char *path,
                      uint8_t     public_key[TWIN_PUBLIC_KEY_SIZE],
                      GError    **error)
{
  struct stat status;
  size_t      size = TWIN_PUBLIC_KEY_SIZE;
  int         fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  FILE       *file;
  EVP_PKEY   *key;
  gboolean    good;

  if (fd < 0 || fstat (fd, &status) != 0 || !S_ISREG (status.st_mode))
    {
      const int cause = errno;

      if (fd >= 0)
        close (fd);
      return fail_file (error, "read", path,
                        fd < 0 ? g_strerror (cause) : "it is not a file");
    }

  file = fdopen (fd, "r");
  key = PEM_read_PUBKEY (file, NULL, no_pass_phrase, NULL);
  fclose (file);
  good = key != NULL && EVP_PKEY_get_id (key) == EVP_PKEY_ED25519 &&
         EVP_PKEY_get_raw_public_key (key, public_key, &size) == 1;
  EVP_PKEY_free (key);
  return good ||
         fail_file (error, "read", path, "it holds no Ed25519 public key");
}

gboolean
twin_public_key_store (const uint8_t public_key[TWIN_PUBLIC_KEY_SIZE],
                       const char   *path,
                       GError      **error)
{
  EVP_PKEY *key =
      EVP_PKEY_new_raw_public_key (EVP_PKEY_ED25519, NULL, public_key,
                                   TWIN_PUBLIC_KEY_SIZE);
  int      fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  FILE    *file;
  gboolean written;

  if (fd < 0)
    {
      EVP_PKEY_free (key);
      return fail_file (error, "store", path, g_strerror (errno));
    }

  file = fdopen (fd, "w");
  written = PEM_write_PUBKEY (file, key) == 1 && fflush (file) == 0;
  EVP_PKEY_free (key);
  if (fclose (file) != 0)
    written = FALSE;
  if (written)
    return TRUE;

  fail_file (error, "store", path, g_strerror (errno));
  unlink (path);
  return FALSE;
}

void
twin_digest (const uint8_t *data, size_t size, uint8_t digest[TWIN_DIGEST_SIZE])
{
  if (EVP_Digest (data, size, digest, NULL, EVP_sha256 (), NULL) != 1)
    g_error ("This OpenSSL has no SHA-256");
}

void
twin_kid_of (const uint8_t public_key[TWIN_PUBLIC_KEY_SIZE],
             uint8_t       kid[TWIN_KID_SIZE])
{
  uint8_t digest[TWIN_DIGEST_SIZE];

  twin_digest (public_key, TWIN_PUBLIC_KEY_SIZE, digest);
  memcpy (kid, digest, TWIN_KID_SIZE);
}
