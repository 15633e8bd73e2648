/* SPDX-License-Identifier: Apache-2.0 */
/* Packages, vendors' keys and campaigns, and a plant of before there were
 * any. */
#include <string.h>

#include "fixture.h"
#include "twin-store-firmware.h"
#include "twin-store-schema.h"

#define DIGEST                                                                 \
  "0000000000000000000000000000000000000000000000000000000000000001"

static void
add_firmware (Fixture *f, const char *digest, int64_t time_us)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) manifest = g_bytes_new_static ("m", 1);
  g_autoptr (GBytes) image = g_bytes_new_static ("image", 5);
  const TwinStoreFirmware row = { .digest = digest,
                                  .vendor = "acme",
                                  .class_name = "pump-node",
                                  .version = "1.2.0",
                                  .sequence = INT64_MAX,
                                  .counter = 2,
                                  .size = 5,
                                  .kid = "0011223344556677",
                                  .manifest = manifest,
                                  .image = image,
                                  .who = "anna",
                                  .added_us = time_us };

  twin_store_add_firmware (f->store, &row, &error);
  g_assert_no_error (error);
}

static void
test_packages (Fixture *f, const void *data)
{
  static const char second[] =
      "0000000000000000000000000000000000000000000000000000000000000002";
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (TwinStoreFirmware) row = NULL;

  add_firmware (f, DIGEST, T0);
  add_firmware (f, second, T0 + SECOND);
  add_firmware (f, DIGEST, T0 + 2 * SECOND);
  rows = twin_store_reader_list_firmware (f->reader, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpstr (((TwinStoreFirmware *) rows->pdata[0])->digest, ==, DIGEST);
  g_assert_null (((TwinStoreFirmware *) rows->pdata[0])->image);

  row = twin_store_reader_get_firmware (f->reader, second, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (row->image, NULL), 5, "image", 5);
  g_assert_cmpint (row->sequence, ==, INT64_MAX);
  g_assert_null (twin_store_reader_get_firmware (f->reader, "00", &error));
  g_assert_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_NOT_FOUND);
}

static void
test_vendor_keys (Fixture *f, const void *data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) key = g_bytes_new_static ("k", 1);
  TwinStoreVendorKey row = {
    .kid = "0011223344556677", .name = "acme", .public_key = key, .added_us = T0
  };
  g_autoptr (TwinStoreVendorKey) found = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  g_assert_true (twin_store_put_vendor_key (f->store, &row, &error));
  row.name = "Acme Ltd";
  g_assert_true (twin_store_put_vendor_key (f->store, &row, &error));
  found = twin_store_reader_get_vendor_key (f->reader, row.kid, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found->name, ==, "Acme Ltd");
  rows = twin_store_reader_list_vendor_keys (f->reader, &error);
  g_assert_cmpuint (rows->len, ==, 1);
}

/* What was planned stays; how far it is moves. */
static void
test_campaigns (Fixture *f, const void *data)
{
  g_autoptr (GError) error = NULL;
  TwinStoreCampaign     row = { .digest = DIGEST,
                                .target = "all pumps",
                                .limits = "{}",
                                .hash = "ab",
                                .state = "planned",
                                .who = "anna",
                                .created_us = T0,
                                .started_us = TWIN_TIME_NONE,
                                .changed_us = T0 };
  TwinStoreCampaignNode node = { .node = "n-2",
                                 .twin = "pump-2",
                                 .verdict = "in",
                                 .wave = 1,
                                 .state = "waiting",
                                 .changed_us = T0 };
  g_autoptr (TwinStoreCampaign) found = NULL;
  g_autoptr (GPtrArray) nodes = NULL;
  g_autoptr (GPtrArray) all = NULL;
  const TwinStoreCampaignNode *first, *last;

  g_assert_true (twin_store_put_campaign (f->store, &row, &row.id, &error));
  g_assert_cmpint (row.id, ==, 1);
  node.campaign = row.id;
  g_assert_true (twin_store_put_campaign_node (f->store, &node, &error));
  node.node = "n-1";
  node.verdict = "out";
  node.wave = -1;
  node.state = NULL;
  g_assert_true (twin_store_put_campaign_node (f->store, &node, &error));
  node.node = "n-2";
  node.wave = 7; /* planned: stays as it was */
  node.state = "downloading";
  node.offset = 4096;
  node.accepted = TRUE;
  g_assert_true (twin_store_put_campaign_node (f->store, &node, &error));
  row.state = "running";
  row.why = "It begins";
  row.target = "nobody";
  row.started_us = T0 + SECOND;
  g_assert_true (twin_store_put_campaign (f->store, &row, &row.id, &error));

  fixture_reopen (f);
  found = twin_store_reader_get_campaign (f->reader, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (found->state, ==, "running");
  g_assert_cmpstr (found->target, ==, "all pumps");
  g_assert_cmpint (found->started_us, ==, T0 + SECOND);
  nodes = twin_store_reader_list_campaign_nodes (f->reader, 1, &error);
  g_assert_cmpuint (nodes->len, ==, 2);
  first = nodes->pdata[0];
  last = nodes->pdata[1];
  g_assert_cmpstr (first->node, ==, "n-2");
  g_assert_cmpint (first->wave, ==, 1);
  g_assert_cmpstr (first->verdict, ==, "in");
  g_assert_cmpint (first->offset, ==, 4096);
  g_assert_true (first->accepted);
  g_assert_cmpint (last->wave, ==, -1);
  g_assert_null (last->state);
  all = twin_store_reader_list_campaigns (f->reader, &error);
  g_assert_cmpuint (all->len, ==, 1);
}

/* A plant of schema 2 gets the tables and keeps what it has. */
static void
test_older (Fixture *f, const void *data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *setting = NULL;
  TwinStoreDb      sql = { 0 };
  g_autofree char *path = g_build_filename (f->folder, "old.db", NULL);

  twin_store_db_open (&sql, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                      &error);
  g_assert_no_error (error);
  twin_store_schema_migrate (&sql, 2, &error);
  g_assert_no_error (error);
  twin_store_db_exec (&sql, "PRAGMA journal_mode = WAL", &error);
  twin_store_db_exec (&sql,
                      "INSERT INTO setting (key, value) VALUES ('a', 'b')",
                      &error);
  g_assert_no_error (error);
  twin_store_db_close (&sql);

  g_free (f->path);
  f->path = g_strdup (path);
  fixture_reopen (f);
  add_firmware (f, DIGEST, T0);
  setting = twin_store_reader_get_setting (f->reader, "a", &error);
  g_assert_cmpstr (setting, ==, "b");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/firmware/packages", test_packages);
  ADD ("/store/firmware/vendor-keys", test_vendor_keys);
  ADD ("/store/firmware/campaigns", test_campaigns);
  ADD ("/store/firmware/older-plant", test_older);
  return g_test_run ();
}
