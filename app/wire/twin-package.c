/* SPDX-License-Identifier: Apache-2.0 */
/* twin-package.c - a package file: [ manifest envelope, image ] */
#include "twin-firmware.h"

#include "twin-cbor-writer.h"
#include "twin-fields.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum
{
  HEADS_MAX = 1 + 3 + 5, /* of the array and of its two byte strings */
  PACKAGE_MAX = HEADS_MAX + TWIN_MANIFEST_MAX + TWIN_IMAGE_MAX,
};

static gboolean
fail (GError **error, TwinWireError code, const char *message)
{
  g_set_error_literal (error, TWIN_WIRE_ERROR, code, message);
  return FALSE;
}

/* The head of a byte string: its length, moved past. By hand: a message's
 * reader refuses what is as large as an image. */
static gboolean
take_length (const uint8_t **at,
             const uint8_t  *end,
             uint64_t       *length,
             GError        **error)
{
  static const uint64_t least[] = {
    [1] = 24, [2] = 1 << 8, [4] = 1 << 16, [8] = UINT64_C (1) << 32
  };
  const size_t   left = (size_t) (end - *at);
  const unsigned info = left > 0 ? **at & 0x1f : 0;
  const unsigned width = info >= 24 && info <= 27 ? 1U << (info - 24) : 0;

  if (left < 1 + (size_t) width)
    return fail (error, TWIN_WIRE_ERROR_SYNTAX, "The package is cut off");
  if (**at >> 5 != 2 || info > 27)
    return fail (error, TWIN_WIRE_ERROR_CONTENT,
                 "A part of the package is not a byte string");

  *length = width == 0 ? info : 0;
  for (unsigned i = 0; i < width; i++)
    *length = *length << 8 | (*at)[1 + i];
  *at += 1 + width;
  return *length >= least[width] ||
         fail (error, TWIN_WIRE_ERROR_FORM, "A length is not in shortest form");
}

static GBytes *
take_bytes (const uint8_t **at, const uint8_t *end, size_t max, GError **error)
{
  uint64_t length;
  GBytes  *taken;

  if (!take_length (at, end, &length, error))
    return NULL;

  if (length == 0 || length > max)
    {
      fail (error, TWIN_WIRE_ERROR_CONTENT,
            "A part of the package is empty or too large");
      return NULL;
    }
  if (length > (uint64_t) (end - *at))
    {
      fail (error, TWIN_WIRE_ERROR_SYNTAX, "The package is cut off");
      return NULL;
    }
  taken = g_bytes_new (*at, length);
  *at += length;
  return taken;
}

TwinPackage *
twin_package_new (GBytes *envelope, GBytes *image, GError **error)
{
  g_autoptr (TwinPackage) package = g_new0 (TwinPackage, 1);
  uint8_t        digest[TWIN_DIGEST_SIZE];
  size_t         size;
  const uint8_t *data = g_bytes_get_data (image, &size);

  if (!twin_manifest_open (envelope, &package->manifest, package->kid, error))
    return NULL;

  twin_digest (data, size, digest);
  if (size != package->manifest.size ||
      memcmp (digest, package->manifest.digest, sizeof digest) != 0)
    {
      fail (error, TWIN_WIRE_ERROR_CONTENT,
            "The image is not the one that its manifest names: size or digest "
            "differ");
      return NULL;
    }

  package->envelope = g_bytes_ref (envelope);
  package->image = g_bytes_ref (image);
  return g_steal_pointer (&package);
}

TwinPackage *
twin_package_parse (GBytes *bytes, GError **error)
{
  size_t         size;
  const uint8_t *at = g_bytes_get_data (bytes, &size);
  const uint8_t *end = at + size;
  g_autoptr (GBytes) envelope = NULL;
  g_autoptr (GBytes) image = NULL;

  if (size > PACKAGE_MAX)
    {
      fail (error, TWIN_WIRE_ERROR_SIZE,
            "A firmware package is never as large as this");
      return NULL;
    }

  if (size < 1 || *at++ != 0x82)
    {
      fail (error, TWIN_WIRE_ERROR_CONTENT,
            "It is no firmware package: a manifest and an image, as twinctl "
            "ota sign writes them");
      return NULL;
    }

  envelope = take_bytes (&at, end, TWIN_MANIFEST_MAX, error);
  image =
      envelope != NULL ? take_bytes (&at, end, TWIN_IMAGE_MAX, error) : NULL;
  if (image == NULL)
    return NULL;
  if (at != end)
    {
      fail (error, TWIN_WIRE_ERROR_SYNTAX, "Bytes follow the package");
      return NULL;
    }

  return twin_package_new (envelope, image, error);
}

/* NULL with errno. */
static GBytes *
read_all (int fd, size_t max)
{
  g_autofree uint8_t *data = g_malloc (max);
  size_t              size = 0;

  while (size < max)
    {
      ssize_t got = read (fd, data + size, max - size);

      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        return NULL;
      if (got == 0)
        break;
      size += (size_t) got;
    }

  return g_bytes_new (data, size);
}

TwinPackage *
twin_package_read (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (TwinPackage) package = NULL;
  struct stat status;
  int         fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

  if (fd >= 0 && fstat (fd, &status) == 0)
    {
      errno = S_ISREG (status.st_mode) ? 0 : EINVAL;
      /* One byte more tells a file that is too large. */
      bytes = errno == 0 ? read_all (fd, PACKAGE_MAX + 1) : NULL;
    }

  if (bytes == NULL)
    g_set_error (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_SIZE,
                 "Could not read the package “%s”: %s", path,
                 errno == EINVAL ? "it is not a file" : g_strerror (errno));
  if (fd >= 0)
    close (fd);
  if (bytes == NULL)
    return NULL;

  package = twin_package_parse (bytes, error);
  if (package == NULL)
    g_prefix_error (error, "Could not use the package “%s”: ", path);
  return g_steal_pointer (&package);
}

GBytes *
twin_package_build (const TwinPackage *package)
{
  TwinCborWriter *writer = twin_cbor_writer_new ();
  size_t          size;
  const uint8_t  *data;

  twin_cbor_writer_array (writer, 2);
  data = g_bytes_get_data (package->envelope, &size);
  twin_cbor_writer_bytes (writer, data, size);
  data = g_bytes_get_data (package->image, &size);
  twin_cbor_writer_bytes (writer, data, size);
  return twin_cbor_writer_finish (writer);
}

void
twin_package_free (TwinPackage *package)
{
  if (package == NULL)
    return;

  twin_manifest_clear (&package->manifest);
  g_clear_pointer (&package->envelope, g_bytes_unref);
  g_clear_pointer (&package->image, g_bytes_unref);
  g_free (package);
}
