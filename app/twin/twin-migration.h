/* SPDX-License-Identifier: Apache-2.0 */
/* twin-migration.h - twins to another model, seen before it is done
 *
 * Pure; what is given must live as long as the migration. One thread at a
 * time.
 */
#pragma once

#include "twin-model-set.h"
#include "twin-twin.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_MIGRATION_GAIN,    /* a property it may have now (no value yet), a
                           * component (which becomes {}) */
  TWIN_MIGRATION_LOSE,    /* a value the new model has no place for */
  TWIN_MIGRATION_VIOLATE, /* a value that does not fit, a relationship that
                           * is not allowed or too many of them */
} TwinMigrationKind;

typedef struct
{
  TwinMigrationKind kind;
  char             *what; /* "/ratedSpeed"; a relationship: "source/id" */
  char             *text; /* one sentence */
} TwinMigrationItem;

typedef struct
{
  const TwinTwin *before;
  TwinTwin       *after; /* model changed, lost values gone, components {}; no
                          * etag */
  GPtrArray *items;      /* TwinMigrationItem: gains, losses, violations */
  guint      n_gains, n_losses, n_violations;
} TwinMigrationTwin;

typedef struct
{
  /* The twin at the other end of a relationship, not itself migrated. */
  const TwinTwin *(*find_twin) (const char *id, void *data);
  /* TwinRelationship that begin (end) at @id; caller unrefs. */
  GPtrArray *(*list_outgoing) (const char *id, void *data);
  GPtrArray *(*list_incoming) (const char *id, void *data);
  void *data;
} TwinMigrationGraph;

typedef struct _TwinMigration TwinMigration;

/**
 * twin_migration_new:
 * @to: DTMI
 * @twins: const TwinTwin; one that is of that very model already is left out
 * @now_us: what the twins' updated_us becomes
 *
 * NULL when the model is not known, or a twin is there twice.
 */
TwinMigration *twin_migration_new (TwinModelSet             *models,
                                   const char               *to,
                                   GPtrArray                *twins,
                                   const TwinMigrationGraph *graph,
                                   int64_t                   now_us,
                                   GError                  **error);
void           twin_migration_free (TwinMigration *self);

/* TwinMigrationTwin in the order given, borrowed. */
GPtrArray *twin_migration_list (TwinMigration *self);
/* Over all twins. */
guint twin_migration_count (TwinMigration *self, TwinMigrationKind kind);

/* 16 hex digits over everything that the preview says and the etags it was
 * made from: the same preview later has the same hash. Borrowed. */
const char *twin_migration_get_hash (TwinMigration *self);

/* Whether it may be done: nothing is violated, and nothing lost unless
 * @drop_lost. The error names the first twin and item, and how many more. */
gboolean twin_migration_check (TwinMigration *self,
                               gboolean       drop_lost,
                               GError       **error);

const char *twin_migration_kind_to_string (TwinMigrationKind kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinMigration, twin_migration_free)

G_END_DECLS
