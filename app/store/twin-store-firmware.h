/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-firmware.h - firmware packages, vendors' keys, campaigns
 *
 * What a row says is app/fleet's and app/wire's business; nothing here is
 * checked against a signature. Conventions of rows: twin-store.h. Thread: that
 * of the handle.
 */
#pragma once

#include "twin-store-reader.h"

G_BEGIN_DECLS

typedef struct
{
  const char *kid;        /* 16 hexadecimal digits */
  const char *name;       /* of the vendor, for people */
  GBytes     *public_key; /* Ed25519, 32 bytes */
  const char *who;        /* trusted it */
  int64_t     added_us;
} TwinStoreVendorKey;

typedef struct
{
  const char *digest; /* SHA-256 of the image, 64 hexadecimal digits */
  const char *vendor, *class_name, *version;
  int64_t     sequence, counter, size;
  const char *kid;
  GBytes     *manifest; /* the signed envelope */
  GBytes     *image;    /* NULL in lists */
  const char *who;
  int64_t     added_us;
} TwinStoreFirmware;

typedef struct
{
  int64_t     id; /* 0 when new */
  const char *digest;
  const char *target; /* the query, or what was chosen, for people; or NULL */
  const char *limits; /* JSON */
  const char *hash;   /* of what was approved, hexadecimal */
  const char *state;  /* words of app/fleet */
  const char *why;    /* it is in that state, a sentence; or NULL */
  const char *who;
  int64_t     created_us, started_us, changed_us;
} TwinStoreCampaign;

typedef struct
{
  int64_t     campaign;
  const char *node, *twin;
  const char *before;  /* version it ran when it was planned, or NULL */
  const char *verdict; /* "in", "out", "incompatible" */
  int64_t     wave;    /* 0: canaries; -1: not in */
  const char *state;   /* word of app/fleet; NULL: not in */
  int64_t     offset;  /* bytes of the image that it has */
  int64_t     attempts;
  gboolean    accepted; /* it failed, and a person went on all the same */
  const char *why;      /* a sentence, or NULL */
  int64_t     changed_us;
} TwinStoreCampaignNode;

/* Inserts or replaces by kid. */
gboolean twin_store_put_vendor_key (TwinStore                *self,
                                    const TwinStoreVendorKey *row,
                                    GError                  **error);
/* A package that is there already stays as it is, but counts as new. */
gboolean twin_store_add_firmware (TwinStore               *self,
                                  const TwinStoreFirmware *row,
                                  GError                 **error);
/* Inserts when @row's id is 0, else replaces what may change: state, why,
 * times. */
gboolean twin_store_put_campaign (TwinStore               *self,
                                  const TwinStoreCampaign *row,
                                  int64_t                 *id,
                                  GError                 **error);
gboolean twin_store_put_campaign_node (TwinStore                   *self,
                                       const TwinStoreCampaignNode *row,
                                       GError                     **error);

/* By name. */
GPtrArray          *twin_store_reader_list_vendor_keys (TwinStoreReader *self,
                                                        GError         **error);
TwinStoreVendorKey *twin_store_reader_get_vendor_key (TwinStoreReader *self,
                                                      const char      *kid,
                                                      GError         **error);
/* Newest first, without images. */
GPtrArray         *twin_store_reader_list_firmware (TwinStoreReader *self,
                                                    GError         **error);
TwinStoreFirmware *twin_store_reader_get_firmware (TwinStoreReader *self,
                                                   const char      *digest,
                                                   GError         **error);
/* Newest first. */
GPtrArray         *twin_store_reader_list_campaigns (TwinStoreReader *self,
                                                     GError         **error);
TwinStoreCampaign *twin_store_reader_get_campaign (TwinStoreReader *self,
                                                   int64_t          id,
                                                   GError         **error);
/* By wave and node; those that are not in last. */
GPtrArray *twin_store_reader_list_campaign_nodes (TwinStoreReader *self,
                                                  int64_t          campaign,
                                                  GError         **error);

void twin_store_vendor_key_free (TwinStoreVendorKey *row);
void twin_store_firmware_free (TwinStoreFirmware *row);
void twin_store_campaign_free (TwinStoreCampaign *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinStoreVendorKey, twin_store_vendor_key_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinStoreFirmware, twin_store_firmware_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinStoreCampaign, twin_store_campaign_free)

G_END_DECLS
