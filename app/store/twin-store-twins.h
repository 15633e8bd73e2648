/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-twins.h - app/twin's values in and out of the store
 *
 * The rows of twin-store-graph.h with their JSON made and read. Thread: that
 * of the handle or reader.
 */
#pragma once

#include "twin-graph-file.h"
#include "twin-store-reader.h"
#include "twin-store.h"
#include "twin-twin.h"

G_BEGIN_DECLS

/* As twin_store_put_twin(); draws a new etag, which @twin has afterwards. */
gboolean twin_store_save_twin (TwinStore  *self,
                               TwinTwin   *twin,
                               const char *if_etag,
                               GError    **error);
gboolean twin_store_save_relationship (TwinStore        *self,
                                       TwinRelationship *relationship,
                                       const char       *if_etag,
                                       GError          **error);

/* Models, twins and relationships of @file, all or nothing; what is there of
 * the same id is replaced. What it says must have been checked before. */
gboolean twin_store_save_graph (TwinStore           *self,
                                const TwinGraphFile *file,
                                int64_t              now_us,
                                GError             **error);

/* The values of rows; caller frees. An error names the thing. */
TwinTwin *twin_store_twin_from_row (const TwinStoreTwin *row, GError **error);
TwinRelationship *twin_store_relationship_from_row (
    const TwinStoreRelationship *row,
    GError                     **error);
/* Arrays of rows, each as a list of the store gives it. */
TwinGraphFile *twin_store_graph_from_rows (const GPtrArray *models,
                                           const GPtrArray *twins,
                                           const GPtrArray *relationships,
                                           GError         **error);

/* Caller frees; NOT_FOUND. */
TwinTwin *twin_store_reader_load_twin (TwinStoreReader *self,
                                       const char      *id,
                                       GError         **error);

/* The whole graph as one consistent state; by id. */
TwinGraphFile *twin_store_reader_load_graph (TwinStoreReader *self,
                                             GError         **error);

G_END_DECLS
