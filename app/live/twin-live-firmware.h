/* SPDX-License-Identifier: Apache-2.0 */
/* twin-live-firmware.h - firmware packages and campaigns for a window
 *
 * Main thread only. What runs is in the plant (twin_live_plant_list_campaigns);
 * here is what is asked and done. Everything _async works in a worker; each
 * _finish returns a new object that the caller frees, or NULL with an error
 * that is a sentence for people.
 */
#pragma once

#include "twin-live-session.h"

G_BEGIN_DECLS

typedef struct
{
  char   *digest; /* of the image, hexadecimal */
  char   *vendor, *class_name, *version;
  char   *kid;    /* of the key that signed it */
  char   *signer; /* who that key was trusted as; NULL: it no longer is */
  int64_t sequence, counter, size;
  int64_t added_us;
} TwinLivePackage;

/* Newest first: GPtrArray of TwinLivePackage. */
void twin_live_session_list_packages_async (TwinLiveSession    *self,
                                            GCancellable       *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer            user_data);
/* Keeps the package in the file @path. */
void twin_live_session_add_package_async (TwinLiveSession    *self,
                                          const char         *path,
                                          GCancellable       *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer            user_data);
/* Trusts the vendor's public key in the file @path; it is named after the
 * file. */
void twin_live_session_trust_vendor_async (TwinLiveSession    *self,
                                           const char         *path,
                                           GCancellable       *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer            user_data);
/* Of all three: the packages as they are now. */
GPtrArray *twin_live_session_packages_finish (TwinLiveSession *self,
                                              GAsyncResult    *result,
                                              GError         **error);

/* The ids of the twins that @question selects. */
void  twin_live_session_choose_async (TwinLiveSession    *self,
                                      const char         *question,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
GStrv twin_live_session_choose_finish (TwinLiveSession *self,
                                       GAsyncResult    *result,
                                       GError         **error);

/* @what: "preview", "plan", "start", "pause", "resume", "abort", "retry";
 * @arguments and the request's detail are JSON as twin-engine.h says at
 * twin_engine_firmware(). @campaign: 0 for preview and plan. */
TwinLiveRequest *twin_live_session_firmware (TwinLiveSession *self,
                                             const char      *what,
                                             int64_t          campaign,
                                             const char      *arguments);

G_END_DECLS
