/* SPDX-License-Identifier: Apache-2.0 */
#include "tls-broker.h"

#include <glib/gstdio.h>
#include <string.h>

static const char *const certificates[] = { "right",   "wrong-ca", "wrong-name",
                                            "expired", "early",    "self",
                                            "right" };

static gboolean
make_certificates (const char *folder)
{
  g_autofree char *openssl = g_find_program_in_path ("openssl");
  g_autofree char *script =
      g_build_filename (g_getenv ("TWIN_SOURCE_ROOT"), "tests", "link",
                        "certificates.sh", NULL);
  char            *argv[] = { (char *) "sh", script, (char *) folder, NULL };
  g_autofree char *said = NULL;
  int              status = -1;
  g_autoptr (GError) error = NULL;

  if (openssl == NULL)
    return FALSE;
  g_spawn_sync (NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, &said,
                &status, &error);
  g_assert_no_error (error);
  if (status != 0)
    g_error ("certificates.sh: %s", said);
  return TRUE;
}

char *
tls_broker_file (const TlsBroker *self, const char *name)
{
  return name == NULL ? NULL : g_build_filename (self->folder, name, NULL);
}

gboolean
tls_broker_start (TlsBroker *self)
{
  g_autoptr (GString) more = g_string_new ("allow_anonymous true\n");

  memset (self, 0, sizeof *self);
  self->folder = g_dir_make_tmp ("twin-tls-XXXXXX", NULL);
  if (!make_certificates (self->folder))
    return FALSE;

  for (int i = 0; i < TLS_COUNT; i++)
    {
      self->port[i] = broker_free_port ();
      g_string_append_printf (more,
                              "listener %u 127.0.0.1\ncertfile "
                              "%s/%s.pem\nkeyfile %s/%s.key\n",
                              self->port[i], self->folder, certificates[i],
                              self->folder, certificates[i]);
    }
  g_string_append_printf (more, "cafile %s/ca.pem\nrequire_certificate true\n",
                          self->folder);
  if (!broker_new (&self->broker, more->str))
    return FALSE;
  broker_start (&self->broker);
  broker_await (self->port[TLS_COUNT - 1]); /* opened last */
  return TRUE;
}

void
tls_broker_clear (TlsBroker *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  broker_clear (&self->broker);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = tls_broker_file (self, name);

      g_unlink (path);
    }
  g_rmdir (self->folder);
  g_free (self->folder);
}
