/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-ota.c - firmware packages: made by a vendor, looked at, kept */
#include "twin-ctl.h"

#include <inttypes.h>
#include <string.h>

#include "twin-shelf.h"

/* --- keygen ----------------------------------------------------------------
 */

/* "vendor.pem" → "vendor.pub"; caller frees. */
static char *
public_path (const char *path)
{
  if (!g_str_has_suffix (path, ".pem"))
    return g_strconcat (path, ".pub", NULL);
  return g_strdup_printf ("%.*s.pub", (int) strlen (path) - 4, path);
}

static int
keygen (TwinCtl *ctl, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinKey) key = NULL;
  g_autofree char *path = NULL;
  g_autofree char *kid = NULL;
  g_autoptr (JsonBuilder) json = json_builder_new ();

  if (!twin_ctl_parse (&argc, &argv, NULL))
    return TWIN_CTL_USAGE;
  if (argc != 2)
    return twin_ctl_usage ("ota keygen needs one VENDOR.pem");

  key = twin_key_generate ();
  path = public_path (argv[1]);
  if (!twin_key_store (key, argv[1], &error) ||
      !twin_public_key_store (twin_key_get_public (key), path, &error))
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);

  kid = twin_hex_format (twin_key_get_kid (key), TWIN_KID_SIZE);
  if (!ctl->json)
    {
      g_print ("Key %s: keep %s to yourself, hand out %s\n", kid, argv[1],
               path);
      return TWIN_CTL_DONE;
    }

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "kid");
  json_builder_add_string_value (json, kid);
  json_builder_set_member_name (json, "key");
  json_builder_add_string_value (json, argv[1]);
  json_builder_set_member_name (json, "public");
  json_builder_add_string_value (json, path);
  json_builder_end_object (json);
  twin_ctl_print_builder (json);
  return TWIN_CTL_DONE;
}

/* --- show ------------------------------------------------------------------
 */

/* @signer: whose key signed it; NULL: nobody's that is trusted, @doubt says
 * why. */
static void
print_package (TwinCtl           *ctl,
               const TwinPackage *package,
               const char        *signer,
               const char        *doubt)
{
  const TwinManifest *m = &package->manifest;
  g_autofree char    *digest = twin_hex_format (m->digest, TWIN_DIGEST_SIZE);
  g_autofree char    *kid = twin_hex_format (package->kid, TWIN_KID_SIZE);
  g_autofree char    *signature = signer != NULL
                                      ? g_strdup_printf ("good, of %s", signer)
                                      : g_strdup_printf ("not checked: %s", doubt);
  const struct
  {
    const char *name, *text;
    uint64_t    number;
  } members[] = {
    { "vendor", m->vendor, 0 },      { "class", m->device_class, 0 },
    { "version", m->version, 0 },    { "sequence", NULL, m->sequence },
    { "counter", NULL, m->counter }, { "size", NULL, m->size },
    { "digest", digest, 0 },         { "kid", kid, 0 },
    { "signature", signature, 0 },
  };
  const char *const headings[] = { "what", "value", NULL };
  TwinCtlTable     *table = twin_ctl_table_new (headings);
  g_autoptr (JsonBuilder) json = json_builder_new ();

  json_builder_begin_object (json);
  for (size_t i = 0; i < G_N_ELEMENTS (members); i++)
    {
      g_autofree char *number = g_strdup_printf ("%" PRIu64, members[i].number);

      json_builder_set_member_name (json, members[i].name);
      if (members[i].text != NULL)
        json_builder_add_string_value (json, members[i].text);
      else
        json_builder_add_int_value (json, (gint64) members[i].number);
      twin_ctl_table_add (table, members[i].name,
                          members[i].text != NULL ? members[i].text : number);
    }
  json_builder_set_member_name (json, "trusted");
  json_builder_add_boolean_value (json, signer != NULL);
  json_builder_end_object (json);

  if (ctl->json)
    {
      twin_ctl_print_builder (json);
      twin_ctl_table_free (table);
    }
  else
    twin_ctl_table_print (table);
}

/* Whose key it is, by the store; NULL with @doubt, to be freed. */
static char *
find_signer (TwinCtl *ctl, const TwinPackage *package, GError **doubt)
{
  g_autoptr (TwinStoreReader) reader =
      twin_store_reader_open (ctl->store, doubt);
  g_autoptr (TwinStoreVendorKey) key =
      reader != NULL ? twin_shelf_find_signer (reader, package, doubt) : NULL;

  return key != NULL ? g_strdup (key->name) : NULL;
}

static int
show (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *vendor = NULL;
  const GOptionEntry entries[] = {
    { "vendor-key", 0, 0, G_OPTION_ARG_FILENAME, &vendor, NULL, "FILE" },
    { NULL },
  };
  uint8_t public_key[TWIN_PUBLIC_KEY_SIZE];
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinPackage) package = NULL;
  g_autofree char *signer = NULL;

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc != 2)
    return twin_ctl_usage ("ota show needs one PACKAGE");

  package = twin_package_read (argv[1], &error);
  if (package == NULL)
    return twin_ctl_fail_error (TWIN_CTL_INPUT, error);

  if (vendor != NULL)
    {
      if (!twin_public_key_load (vendor, public_key, &error) ||
          !twin_manifest_verify (package->envelope, public_key, &error))
        return twin_ctl_fail_error (TWIN_CTL_INPUT, error);
      signer = g_path_get_basename (vendor);
    }
  else
    {
      signer = find_signer (ctl, package, &error);
      /* A key that is known and did not sign it: nobody is to use this. */
      if (g_error_matches (error, TWIN_WIRE_ERROR, TWIN_WIRE_ERROR_SIGNATURE))
        return twin_ctl_fail_error (TWIN_CTL_INPUT, error);
    }

  print_package (ctl, package, signer, error != NULL ? error->message : NULL);
  return TWIN_CTL_DONE;
}

/* --- sign ------------------------------------------------------------------
 */

static int
write_package (const char    *path,
               TwinManifest  *manifest,
               const TwinKey *key,
               GBytes        *image)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) envelope = twin_manifest_build (manifest, key, &error);
  g_autoptr (TwinPackage) package =
      envelope != NULL ? twin_package_new (envelope, image, &error) : NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (package == NULL)
    return twin_ctl_fail_error (TWIN_CTL_INPUT, error);

  bytes = twin_package_build (package);
  if (!g_file_set_contents (path, g_bytes_get_data (bytes, NULL),
                            (gssize) g_bytes_get_size (bytes), &error))
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);
  return TWIN_CTL_DONE;
}

static int
sign (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *vendor = NULL, *class_name = NULL, *version = NULL;
  g_autofree char   *output = NULL;
  gint64             sequence = 0, counter = 0;
  const GOptionEntry entries[] = {
    { "vendor", 0, 0, G_OPTION_ARG_STRING, &vendor, NULL, "NAME" },
    { "class", 0, 0, G_OPTION_ARG_STRING, &class_name, NULL, "CLASS" },
    { "version", 0, 0, G_OPTION_ARG_STRING, &version, NULL, "X.Y.Z" },
    { "sequence", 0, 0, G_OPTION_ARG_INT64, &sequence, NULL, "N" },
    { "counter", 0, 0, G_OPTION_ARG_INT64, &counter, NULL, "N" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, NULL, "FILE" },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinKey) key = NULL;
  g_autofree char *data = NULL;
  gsize            size;
  g_autoptr (GBytes) image = NULL;
  TwinManifest manifest = { 0 };

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc != 2 || ctl->key == NULL || vendor == NULL || class_name == NULL ||
      version == NULL || sequence < 1 || counter < 0 || output == NULL)
    return twin_ctl_usage ("ota sign needs --key, --vendor, --class, "
                           "--version, --sequence from 1, IMAGE and -o");

  key = twin_key_load (ctl->key, &error);
  if (key == NULL)
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);
  data = twin_ctl_read (argv[1], &size, &error);
  if (data == NULL)
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);
  if (size > TWIN_IMAGE_MAX)
    return twin_ctl_fail (TWIN_CTL_INPUT,
                          "%s has %" G_GSIZE_FORMAT " bytes; a slot takes %d",
                          argv[1], size, TWIN_IMAGE_MAX);

  image = g_bytes_new (data, size);
  manifest = (TwinManifest){ .vendor = vendor,
                             .device_class = class_name,
                             .version = version,
                             .sequence = (uint64_t) sequence,
                             .counter = (uint64_t) counter,
                             .size = (uint32_t) size };
  twin_digest ((const uint8_t *) data, size, manifest.digest);
  return write_package (output, &manifest, key, image);
}

/* --- trust, add, list
 * -----------------------------------------------------------
 */

static int
trust (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *name = NULL;
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, NULL, "NAME" },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc != 2)
    return twin_ctl_usage ("ota trust needs one VENDOR.pub");

  if (name == NULL)
    name = g_path_get_basename (argv[1]);
  if (!twin_shelf_trust (ctl->store, argv[1], name, ctl->operator_name, &error))
    return twin_ctl_fail_error (error->domain == TWIN_WIRE_ERROR
                                    ? TWIN_CTL_INPUT
                                    : TWIN_CTL_ENVIRONMENT,
                                error);
  return TWIN_CTL_DONE;
}

static int
add (TwinCtl *ctl, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinPackage) package = NULL;

  if (!twin_ctl_parse (&argc, &argv, NULL))
    return TWIN_CTL_USAGE;
  if (argc != 2)
    return twin_ctl_usage ("ota add needs one PACKAGE");

  package = twin_package_read (argv[1], &error);
  if (package == NULL ||
      !twin_shelf_add (ctl->store, package, ctl->operator_name, &error))
    return twin_ctl_fail_error (error->domain == TWIN_WIRE_ERROR
                                    ? TWIN_CTL_INPUT
                                    : TWIN_CTL_ENVIRONMENT,
                                error);
  return TWIN_CTL_DONE;
}

static int
list (TwinCtl *ctl, int argc, char **argv)
{
  static const char *const headings[] = { "version",   "class",  "vendor",
                                          ">sequence", ">bytes", "digest",
                                          NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  TwinCtlTable *table;

  if (!twin_ctl_parse (&argc, &argv, NULL))
    return TWIN_CTL_USAGE;
  if (argc > 1)
    return twin_ctl_usage ("ota list takes no arguments, not “%s”", argv[1]);

  reader = twin_store_reader_open (ctl->store, &error);
  rows =
      reader != NULL ? twin_store_reader_list_firmware (reader, &error) : NULL;
  if (rows == NULL)
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);

  table = twin_ctl_table_new (headings);
  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStoreFirmware *row = g_ptr_array_index (rows, i);
      g_autofree char *sequence = g_strdup_printf ("%" PRId64, row->sequence);
      g_autofree char *size = g_strdup_printf ("%" PRId64, row->size);
      g_autoptr (JsonBuilder) json = json_builder_new ();

      twin_ctl_table_add (table, row->version, row->class_name, row->vendor,
                          sequence, size, row->digest);
      if (!ctl->json)
        continue;
      json_builder_begin_object (json);
      json_builder_set_member_name (json, "digest");
      json_builder_add_string_value (json, row->digest);
      json_builder_set_member_name (json, "version");
      json_builder_add_string_value (json, row->version);
      json_builder_set_member_name (json, "class");
      json_builder_add_string_value (json, row->class_name);
      json_builder_set_member_name (json, "vendor");
      json_builder_add_string_value (json, row->vendor);
      json_builder_set_member_name (json, "sequence");
      json_builder_add_int_value (json, row->sequence);
      json_builder_set_member_name (json, "size");
      json_builder_add_int_value (json, row->size);
      json_builder_end_object (json);
      twin_ctl_print_builder (json);
    }

  if (ctl->json)
    twin_ctl_table_free (table);
  else
    twin_ctl_table_print (table);
  return TWIN_CTL_DONE;
}

const TwinCtlVerb twin_ctl_ota_verbs[] = {
  { "ota", "keygen", keygen, "VENDOR.pem",
    "A vendor's key pair: VENDOR.pem to sign with, VENDOR.pub to hand out" },
  { "ota", "sign", sign,
    "--key VENDOR.pem --vendor V --class C --version X --sequence N "
    "[--counter N] IMAGE -o PACKAGE",
    "Makes a firmware package of IMAGE; needs no store and no network" },
  { "ota", "show", show, "PACKAGE [--vendor-key VENDOR.pub]",
    "What a package says, and whether it is whole and who signed it" },
  { "ota", "trust", trust, "VENDOR.pub [--name NAME]",
    "Packages signed with that key may be used" },
  { "ota", "add", add, "PACKAGE",
    "Keeps a package in the store; ota plan does that, too" },
  { "ota", "list", list, "", "Packages that the store has" },
  { NULL },
};
