/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-graph.h - what the verbs on models, graphs and twins share */
#pragma once

#include "twin-ctl.h"
#include "twin-model-set.h"
#include "twin-store-graph.h"
#include "twin-store-reader.h"
#include "twin-twin.h"

G_BEGIN_DECLS

/* Prints the error; returns INPUT when the question was at fault, else
 * ENVIRONMENT. */
int twin_ctl_fail_store (const GError *error);

/* Creates the store's folder when the default store is meant. */
TwinStore *twin_ctl_open_store (TwinCtl *ctl, GError **error);

/* The store's models, unresolved references allowed. */
TwinModelSet *twin_ctl_models_load (TwinStoreReader *reader, GError **error);

/* The models of @sources (TwinModelSource) together with those of @old that
 * they do not replace; every reference must resolve. */
TwinModelSet *twin_ctl_models_join (TwinModelSet *old,
                                    GArray       *sources,
                                    GError      **error);

gboolean twin_ctl_put_model (TwinStore           *store,
                             const TwinInterface *interface,
                             GError             **error);
gboolean twin_ctl_put_twin (TwinStore      *store,
                            const TwinTwin *twin,
                            const char     *if_etag,
                            GError        **error);
gboolean twin_ctl_put_relationship (TwinStore              *store,
                                    const TwinRelationship *relationship,
                                    GError                **error);

/* The twin as the store has it. */
TwinTwin *twin_ctl_load_twin (TwinStoreReader *reader,
                              const char      *id,
                              GError         **error);

/* "twin show ID --at TIME": the twin as it was; the exit status. */
int twin_ctl_show_twin_at (TwinCtl *ctl, const char *id, const char *at);

/* An audit entry of an edit; @before, @after: JSON or NULL. */
gboolean twin_ctl_note_edit (TwinCtl    *ctl,
                             TwinStore  *store,
                             const char *subject,
                             const char *text,
                             const char *before,
                             const char *after,
                             GError    **error);

G_END_DECLS
