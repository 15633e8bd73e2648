/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-firmware.h"

#include "twin-store-columns.h"
#include "twin-store-private.h"
#include "twin-store-tables.h"
#include "twin-store-reader-private.h"

/* --- rows ----------------------------------------------------------------- */

static const TwinStoreColumn vendor_key_columns[] = {
  COLUMN (TEXT, "kid", TwinStoreVendorKey, kid),
  COLUMN (TEXT, "name", TwinStoreVendorKey, name),
  COLUMN (BLOB, "public", TwinStoreVendorKey, public_key),
  COLUMN (TEXT, "who", TwinStoreVendorKey, who),
  COLUMN (TIME, "added_us", TwinStoreVendorKey, added_us),
  END,
};

static void
free_vendor_key (void *row)
{
  twin_store_vendor_key_free (row);
}

static const TwinStoreTable vendor_key_table = {
  .name = "vendor_key",
  .what = "vendor key",
  .key = "kid",
  .size = sizeof (TwinStoreVendorKey),
  .columns = vendor_key_columns,
  .free_row = free_vendor_key,
};

void
twin_store_vendor_key_free (TwinStoreVendorKey *row)
{
  twin_store_table_free_row (&vendor_key_table, row);
}

#define FIRMWARE_COLUMNS                                                       \
  KEPT (TEXT, "digest", TwinStoreFirmware, digest),                            \
      KEPT (TEXT, "vendor", TwinStoreFirmware, vendor),                        \
      KEPT (TEXT, "class", TwinStoreFirmware, class_name),                     \
      KEPT (TEXT, "version", TwinStoreFirmware, version),                      \
      KEPT (INT, "sequence", TwinStoreFirmware, sequence),                     \
      KEPT (INT, "counter", TwinStoreFirmware, counter),                       \
      KEPT (INT, "size", TwinStoreFirmware, size),                             \
      KEPT (TEXT, "kid", TwinStoreFirmware, kid),                              \
      KEPT (BLOB, "manifest", TwinStoreFirmware, manifest),                    \
      KEPT (TEXT, "who", TwinStoreFirmware, who),                              \
      COLUMN (TIME, "added_us", TwinStoreFirmware, added_us)

static const TwinStoreColumn firmware_columns[] = {
  FIRMWARE_COLUMNS,
  KEPT (BLOB, "image", TwinStoreFirmware, image),
  END,
};

static const TwinStoreColumn firmware_list_columns[] = { FIRMWARE_COLUMNS,
                                                         END };

static void
free_firmware (void *row)
{
  twin_store_firmware_free (row);
}

static const TwinStoreTable firmware_table = {
  .name = "firmware",
  .what = "firmware package",
  .key = "digest",
  .size = sizeof (TwinStoreFirmware),
  .columns = firmware_columns,
  .free_row = free_firmware,
};

static const TwinStoreTable firmware_list_table = {
  .name = "firmware",
  .what = "firmware package",
  .size = sizeof (TwinStoreFirmware),
  .columns = firmware_list_columns,
  .free_row = free_firmware,
};

void
twin_store_firmware_free (TwinStoreFirmware *row)
{
  twin_store_table_free_row (&firmware_table, row);
}

static const TwinStoreColumn campaign_columns[] = {
  COLUMN (ROWID, "id", TwinStoreCampaign, id),
  KEPT (TEXT, "digest", TwinStoreCampaign, digest),
  KEPT (TEXT, "target", TwinStoreCampaign, target),
  KEPT (TEXT, "limits", TwinStoreCampaign, limits),
  KEPT (TEXT, "hash", TwinStoreCampaign, hash),
  COLUMN (TEXT, "state", TwinStoreCampaign, state),
  COLUMN (TEXT, "why", TwinStoreCampaign, why),
  KEPT (TEXT, "who", TwinStoreCampaign, who),
  KEPT (TIME, "created_us", TwinStoreCampaign, created_us),
  COLUMN (TIME, "started_us", TwinStoreCampaign, started_us),
  COLUMN (TIME, "changed_us", TwinStoreCampaign, changed_us),
  END,
};

static void
free_campaign (void *row)
{
  twin_store_campaign_free (row);
}

static const TwinStoreTable campaign_table = {
  .name = "campaign",
  .what = "firmware campaign",
  .key = "id",
  .size = sizeof (TwinStoreCampaign),
  .columns = campaign_columns,
  .free_row = free_campaign,
};

void
twin_store_campaign_free (TwinStoreCampaign *row)
{
  twin_store_table_free_row (&campaign_table, row);
}

static const TwinStoreColumn campaign_node_columns[] = {
  COLUMN (INT, "campaign", TwinStoreCampaignNode, campaign),
  COLUMN (TEXT, "node", TwinStoreCampaignNode, node),
  KEPT (TEXT, "twin", TwinStoreCampaignNode, twin),
  KEPT (TEXT, "before", TwinStoreCampaignNode, before),
  KEPT (TEXT, "verdict", TwinStoreCampaignNode, verdict),
  KEPT (INT, "wave", TwinStoreCampaignNode, wave),
  COLUMN (TEXT, "state", TwinStoreCampaignNode, state),
  COLUMN (INT, "offset", TwinStoreCampaignNode, offset),
  COLUMN (INT, "attempts", TwinStoreCampaignNode, attempts),
  COLUMN (BOOL, "accepted", TwinStoreCampaignNode, accepted),
  COLUMN (TEXT, "why", TwinStoreCampaignNode, why),
  COLUMN (TIME, "changed_us", TwinStoreCampaignNode, changed_us),
  END,
};

static const TwinStoreTable campaign_node_table;

static void
free_campaign_node (void *row)
{
  twin_store_table_free_row (&campaign_node_table, row);
}

static const TwinStoreTable campaign_node_table = {
  .name = "campaign_node",
  .what = "node of a firmware campaign",
  .key = "campaign, node",
  .size = sizeof (TwinStoreCampaignNode),
  .columns = campaign_node_columns,
  .free_row = free_campaign_node,
};

/* --- writing -------------------------------------------------------------- */

gboolean
twin_store_put_vendor_key (TwinStore                *self,
                           const TwinStoreVendorKey *row,
                           GError                  **error)
{
  return twin_store_put_row (self, &vendor_key_table, row, NULL, error);
}

gboolean
twin_store_add_firmware (TwinStore               *self,
                         const TwinStoreFirmware *row,
                         GError                 **error)
{
  return twin_store_put_row (self, &firmware_table, row, NULL, error);
}

gboolean
twin_store_put_campaign (TwinStore               *self,
                         const TwinStoreCampaign *row,
                         int64_t                 *id,
                         GError                 **error)
{
  const gboolean done =
      twin_store_put_row (self, &campaign_table, row, id, error);

  if (done && id != NULL && row->id != 0)
    *id = row->id;
  return done;
}

gboolean
twin_store_put_campaign_node (TwinStore                   *self,
                              const TwinStoreCampaignNode *row,
                              GError                     **error)
{
  return twin_store_put_row (self, &campaign_node_table, row, NULL, error);
}

/* --- reading -------------------------------------------------------------- */

GPtrArray *
twin_store_reader_list_vendor_keys (TwinStoreReader *self, GError **error)
{
  return twin_store_table_list (&self->sql, &vendor_key_table, error,
                                "ORDER BY name, kid", "");
}

TwinStoreVendorKey *
twin_store_reader_get_vendor_key (TwinStoreReader *self,
                                  const char      *kid,
                                  GError         **error)
{
  return twin_store_table_one (&vendor_key_table,
                               twin_store_table_list (&self->sql,
                                                      &vendor_key_table, error,
                                                      "WHERE kid = ?", "s",
                                                      kid),
                               kid, error);
}

GPtrArray *
twin_store_reader_list_firmware (TwinStoreReader *self, GError **error)
{
  return twin_store_table_list (&self->sql, &firmware_list_table, error,
                                "ORDER BY added_us DESC, digest", "");
}

TwinStoreFirmware *
twin_store_reader_get_firmware (TwinStoreReader *self,
                                const char      *digest,
                                GError         **error)
{
  return twin_store_table_one (&firmware_table,
                               twin_store_table_list (&self->sql,
                                                      &firmware_table, error,
                                                      "WHERE digest = ?", "s",
                                                      digest),
                               digest, error);
}

GPtrArray *
twin_store_reader_list_campaigns (TwinStoreReader *self, GError **error)
{
  return twin_store_table_list (&self->sql, &campaign_table, error,
                                "ORDER BY id DESC", "");
}

TwinStoreCampaign *
twin_store_reader_get_campaign (TwinStoreReader *self,
                                int64_t          id,
                                GError         **error)
{
  g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT, id);

  return twin_store_table_one (&campaign_table,
                               twin_store_table_list (&self->sql,
                                                      &campaign_table, error,
                                                      "WHERE id = ?", "i", id),
                               name, error);
}

GPtrArray *
twin_store_reader_list_campaign_nodes (TwinStoreReader *self,
                                       int64_t          campaign,
                                       GError         **error)
{
  return twin_store_table_list (&self->sql, &campaign_node_table, error,
                                "WHERE campaign = ? ORDER BY wave < 0, wave,"
                                " node",
                                "i", campaign);
}
