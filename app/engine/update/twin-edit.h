/* SPDX-License-Identifier: Apache-2.0 */
/* twin-edit.h - an edit of the plant's graph, and what came of it, as data
 *
 * The same words for the console and twinctl. A TwinEdit is filled on the
 * stack with borrowed strings; results own theirs. JSON is UTF-8 text. Times
 * are microseconds since 1970 UTC, TWIN_TIME_NONE where unknown. Pure data,
 * any thread.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

typedef enum
{
  /* Of a twin; @id names it. @if_etag is honoured by all but CREATE. */
  TWIN_EDIT_CREATE_TWIN,   /* @model; @json: its properties, or NULL; @parent:
                              related as a part of that twin, or NULL; @add:
                              tags; @lifecycle: NULL: in service */
  TWIN_EDIT_PATCH_TWIN,    /* @json: a JSON Patch (array of operations) */
  TWIN_EDIT_SET_PROPERTY,  /* @name: JSON pointer; @json: value, NULL removes */
  TWIN_EDIT_SET_LIFECYCLE, /* @name: "planned" … "archived" */
  TWIN_EDIT_TAG_TWIN,      /* @add, @remove */
  TWIN_EDIT_DELETE_TWIN,   /* with @cascade its relationships go, too; else
                              refused while it has any */

  /* Of a relationship; @id: its source, @relationship: its id. */
  TWIN_EDIT_CREATE_RELATIONSHIP, /* @name, @target; @json: properties or NULL */
  TWIN_EDIT_PATCH_RELATIONSHIP,  /* @json: a JSON Patch */
  TWIN_EDIT_DELETE_RELATIONSHIP,

  TWIN_EDIT_PUT_GROUP,    /* @id: name; @query or @members; @tier, @note;
                             @if_etag "": only a new one. @add, @remove
                             instead: members of one that is there */
  TWIN_EDIT_DELETE_GROUP, /* @id */
  TWIN_EDIT_PUT_QUERY,    /* saved: @id: name; @query; @note */
  TWIN_EDIT_DELETE_QUERY, /* @id */

  TWIN_EDIT_IMPORT,       /* @json: models or a graph file; @name: origin */
  TWIN_EDIT_DELETE_MODEL, /* @id: DTMI; refused while twins use it */
  TWIN_EDIT_MIGRATE,      /* @members or @query: twins; @model: new version;
                             @if_etag: hash of the preview;
                             @drop_lost: values it has no place for may go */
  TWIN_EDIT_UNDO,         /* @change; undo of an undo is redo */
  TWIN_EDIT_N_KINDS,
} TwinEditKind;

typedef struct
{
  TwinEditKind       kind;
  const char        *id;
  const char        *if_etag; /* the etag the writer saw; NULL: whatever is */
  const char        *model, *parent, *name, *target, *relationship, *json;
  const char        *query, *tier, *note, *lifecycle;
  const char *const *members; /* NULL-terminated, or NULL; so are these */
  const char *const *add;
  const char *const *remove;
  gboolean           cascade, drop_lost;
  int64_t            change;
} TwinEdit;

/* An edit that was made. */
typedef struct
{
  int64_t change; /* its entry in the change journal; 0: nothing differed */
  char   *etag;   /* of the twin or relationship now; NULL: none, or many */
  char   *text;   /* a sentence for people */
} TwinEdited;

void twin_edited_free (TwinEdited *self);

/* Somebody else was there first. Documents as JSON text. */
typedef struct
{
  char   *base;   /* as the writer saw it; NULL: no longer known */
  char   *mine;   /* as the writer would have it; NULL: it would be deleted */
  char   *theirs; /* as it is now; NULL: it was deleted */
  char   *who;    /* who changed it; NULL: the engine, or not known */
  int64_t time_us;
  char   *etag; /* to give as @if_etag when the writer insists; or NULL */
} TwinConflict;

void twin_conflict_free (TwinConflict *self);

/* One place of a file that was refused. */
typedef struct
{
  char *where; /* "line 12", JSON pointer, or DTMI */
  char *text;  /* what is wrong and what to write instead */
} TwinRefusalItem;

/* --- what a window lists -------------------------------------------------- */

typedef struct
{
  int64_t id;
  int64_t time_us;
  char   *who;  /* NULL: the engine */
  char   *kind; /* "create", "set", "import", "undo", … */
  char   *text;
  int64_t undoes; /* change that this one took back; 0: none */
} TwinChangeItem;

typedef struct
{
  char   *name;
  char   *query;   /* or NULL */
  GStrv   members; /* or NULL: as the query says */
  char   *tier;    /* "full", "thresholds", NULL: none given */
  char   *note;
  int64_t updated_us;
} TwinGroupItem;

typedef struct
{
  char   *name, *query, *note, *who;
  int64_t updated_us;
} TwinSavedQueryItem;

typedef struct
{
  char   *dtmi;
  char   *name;    /* displayName, else the DTMI's last word */
  char   *json;    /* the interface as imported */
  guint   version; /* of DTDL: 2, 3, 4 */
  guint   twins;   /* that use it directly */
  int64_t created_us;
} TwinModelItem;

/* What a migration would do to one twin. */
typedef struct
{
  char *twin;
  GStrv gains;    /* names the new model adds */
  GStrv loses;    /* values that would go, with their names */
  GStrv violates; /* sentences: why it cannot be; empty: it can */
} TwinMigrationPreview;

typedef struct
{
  char *source, *id, *name, *target, *etag;
  char *json; /* its properties */
} TwinRelationshipItem;

/* A twin with its neighbours, now or at a time. */
typedef struct
{
  char      *id, *model, *lifecycle, *etag, *display_name;
  GStrv      tags; /* never NULL */
  char      *json; /* the whole document */
  int64_t    created_us, updated_us;
  GPtrArray *outgoing, *incoming; /* TwinRelationshipItem; never NULL */
} TwinTwinItem;

void twin_twin_item_free (TwinTwinItem *self);

/* Empty arrays that free their items. */
GPtrArray *twin_change_items_new (void);
GPtrArray *twin_group_items_new (void);
GPtrArray *twin_saved_query_items_new (void);
GPtrArray *twin_model_items_new (void);
GPtrArray *twin_migration_previews_new (void);
GPtrArray *twin_refusal_items_new (void);
GPtrArray *twin_relationship_items_new (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinEdited, twin_edited_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinConflict, twin_conflict_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinTwinItem, twin_twin_item_free)

G_END_DECLS
