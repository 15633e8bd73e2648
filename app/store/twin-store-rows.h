/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-rows.h - what the store keeps, as plain structs
 *
 * Writers fill a struct on the stack with borrowed strings. Readers return
 * GPtrArrays that own their rows: free the array, never a row's members.
 * Conventions (time, NaN, NULL, JSON): twin-store.h.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

G_BEGIN_DECLS

/* --- the graph ---------------------------------------------------------- */

typedef struct
{
  const char *dtmi;
  const char *json; /* the interface as it was imported */
  int64_t     created_us;
  int64_t     updated_us; /* the store's: time of the change */
  int64_t     change;     /* the store's: what made this version; 0: before
                           * changes were kept */
} TwinStoreModel;

typedef struct
{
  const char *id;           /* $dtId */
  const char *model;        /* DTMI */
  const char *display_name; /* or NULL */
  const char *lifecycle;    /* word of app/twin; never NULL */
  const char *props;        /* JSON object: properties, components, $metadata */
  const char *etag;         /* NULL when writing: the store makes a new one */
  int64_t     created_us;   /* kept from the first write; NONE: now */
  int64_t     updated_us;   /* the store's: time of the change */
  int64_t     change;       /* the store's, as of models */
  const char *tags;         /* JSON array of strings, or NULL */
} TwinStoreTwin;

typedef struct
{
  const char *source;
  const char *id; /* unique within its source */
  const char *name;
  const char *target;
  const char *props;      /* JSON object or NULL */
  const char *etag;       /* as of twins */
  int64_t     updated_us; /* the store's */
  int64_t     change;     /* the store's */
} TwinStoreRelationship;

/* An edit of the graph. Its time is the store's own: strictly later than that
 * of the change before, even where the clock went back. */
typedef struct
{
  int64_t     id;
  int64_t     time_us;
  const char *who; /* operator; NULL: the engine */
  const char
      *kind; /* "edit", "create", "delete", "import", "migrate", "undo" */
  const char *text;   /* a sentence for people, or NULL */
  int64_t     undoes; /* the change it takes back; 0: none */
} TwinStoreChange;

/* What a change did to one thing; documents are JSON as in graph files. */
typedef struct
{
  const char *what;   /* "twin", "relationship", "model" */
  const char *id;     /* $dtId, $relationshipId, DTMI */
  const char *source; /* of a relationship, else NULL */
  const char *before; /* NULL: it made it */
  const char *after;  /* NULL: it deleted it */
} TwinStoreChanged;

/* Exactly one of @query and @members is there. */
typedef struct
{
  const char *name;    /* 1..64 characters, no control characters */
  const char *query;   /* its members are what it selects now */
  const char *members; /* JSON array of twin ids */
  const char *tier;    /* "full", "thresholds" or NULL: says nothing of it */
  const char *note;
  int64_t     updated_us; /* the store's */
} TwinStoreGroup;

typedef struct
{
  const char *name; /* as of groups */
  const char *query;
  const char *note, *who;
  int64_t     updated_us; /* the store's */
} TwinStoreSavedQuery;

/* --- nodes and records -------------------------------------------------- */

typedef struct
{
  const char *name;
  const char *serial, *class_name, *firmware;
  const char *trust;    /* "none", "enrolled", "plant-file" */
  GBytes     *key;      /* Ed25519 public key, 32 bytes, or NULL */
  gboolean    enrolled; /* our operator key is enrolled on it */
  GBytes     *ring;     /* 8 bytes, or NULL */
  int64_t     epoch;    /* -1: unknown */
  const char *machine;  /* twin it serves at prefix "", or NULL */
  const char *birth;    /* JSON */
  const char *reported; /* JSON */
  const char *status;   /* "online", "offline" or NULL */
  int64_t     last_seen_us;
  int64_t     counter; /* highest command counter used towards it */
} TwinStoreNode;

/* A run of received, or lost, sequence numbers of one (node, ring, epoch). */
typedef struct
{
  const char *node;
  uint8_t     ring[8];
  int64_t     epoch;
  int64_t     first, last;       /* inclusive */
  int64_t     first_us, last_us; /* source time of its border records */
  const char *cause;             /* losses only: "overwritten", … */
} TwinStoreRange;

typedef struct
{
  uint64_t records;   /* received, by the ranges */
  uint64_t open_gaps; /* missing numbers between ranges, not known as lost */
  uint64_t known_losses;
  uint64_t conflicts; /* same identity, other bytes */
} TwinStoreCounts;

enum
{
  TWIN_STORE_SIGNAL_UNDECLARED = 1, /* the model does not know it */
  TWIN_STORE_SIGNAL_DERIVED = 2,    /* computed here: a feature */
};

typedef struct
{
  uint32_t    id; /* assigned by the store */
  const char *twin;
  const char
      *path; /* DTDL path: "motor/shaftSpeed", a statistic's suffix kept */
  const char *unit; /* SenML unit */
  const char *node; /* whose gaps are its gaps; NULL when derived */
  uint32_t    flags;
  double      max_silence_s; /* longest pause its node promises; 0: unknown */
} TwinStoreSignal;

/* --- analysis ------------------------------------------------------------ */

typedef struct
{
  int64_t     id;
  const char *machine, *twin, *node;
  const char *sensor; /* wire name "de/acceleration" */
  const char *axis;   /* "x", "y", "z" */
  const char *ring;   /* hex */
  int64_t     epoch;
  int64_t     capture; /* -1: live */
  int64_t     n0, n;   /* samples */
  int64_t     t0_us;
  double      rate_hz;
  double      scale, offset; /* value = data × scale + offset, in @unit */
  const char *unit;
  const char *format; /* "i16", "i32", "f32", little-endian */
  const char *why;    /* "live", "schedule", "trigger", "command" */
  int64_t     quality;
  GBytes     *data; /* NULL in lists; twin_store_reader_get_waveform has it */
} TwinStoreWaveform;

typedef struct
{
  int64_t     id;
  const char *machine, *twin, *sensor, *axis;
  int64_t     time_us; /* end of the joined record */
  double      seconds; /* its length */
  const char *verdict, *suspected;
  double      z, margin, level;
  gboolean    confirmed; /* the live rule holds */
  int64_t     waveform;  /* row of the evidence, 0: not kept */
  const char *detail;    /* JSON: faults, quality, why */
} TwinStoreDiagnosis;

typedef struct
{
  const char *machine;
  int64_t     time_us;
  double      index;  /* NaN: a gap */
  const char *driver; /* feature that made it, or NULL */
} TwinStoreHealth;

typedef struct
{
  const char *machine;
  int64_t     time_us;                           /* when it was made */
  double      p05_s, p25_s, p50_s, p75_s, p95_s; /* NaN: not estimable */
  double      lower_s;                           /* ≥ this with 95 % */
  double      threshold, threshold_sd;
  int64_t     onset_us;
  const char *why;
} TwinStorePrediction;

/* --- what happened ------------------------------------------------------- */

typedef struct
{
  int64_t     id;
  const char *node, *twin;
  const char *kind; /* "limit", "boot", … */
  int64_t     time_us, arrival_us;
  const char *text;
  const char *detail; /* JSON */
} TwinStoreEvent;

/* Present state of one alarm; state words and meanings are app/alarm's. */
typedef struct
{
  const char *source, *condition;
  const char *state;
  gboolean    active; /* the condition holds */
  gboolean    acknowledged;
  int64_t     priority;
  double      value, limit;
  const char *unit;
  int64_t     since_us, changed_us, shelved_until_us;
  const char *note, *note_by;
  const char *detail; /* JSON: texts, delays under way */
} TwinStoreAlarm;

typedef struct
{
  int64_t     id;
  int64_t     time_us;
  const char *source, *condition;
  const char *from_state, *to_state;
  const char *event; /* "raise", "return", "acknowledge", … */
  int64_t     priority;
  double      value, limit;
  const char *unit;
  const char *who, *note;
  const char *detail; /* JSON: texts as they were shown */
} TwinStoreAlarmTransition;

/* Audit: for ever, never changed or deleted. */
typedef struct
{
  int64_t     id;
  int64_t     time_us;
  const char *who;
  const char *kind;    /* "command", "edit", "desired", "alarm", "link", … */
  const char *subject; /* twin or node, or NULL: plant-wide */
  const char *machine; /* or NULL */
  const char *text;    /* a sentence */
  const char *before, *after; /* JSON or NULL */
} TwinStoreJournal;

/* --- acting on the machine ---------------------------------------------- */

typedef struct
{
  const char *id; /* hex of the wire's id */
  const char *node, *twin, *name;
  const char *arguments; /* JSON */
  const char *who, *kid; /* kid: hex */
  int64_t     counter;
  int64_t     issued_us, not_after_us;
  const char *status; /* "requested", "sent", then the node's word, "timeout" */
  const char *reason;
  const char *detail; /* JSON of the result */
  int64_t     changed_us;
} TwinStoreCommand;

typedef struct
{
  const char *node;
  int64_t     version, base;
  const char *properties;   /* JSON: the whole document */
  GBytes     *signed_bytes; /* as published */
  GBytes     *digest;       /* SHA-256 of the signed payload */
  const char *who;
  int64_t     time_us;
  int64_t     reported_us; /* when the node said it applied it */
  const char *refused;     /* JSON array of refusals, or NULL */
} TwinStoreDesired;

typedef struct
{
  int64_t     id; /* 0 when new */
  const char *machine, *node;
  const char *date; /* "2026-12-03" */
  const char *work, *note;
  const char *parts;   /* JSON */
  const char *state;   /* "requested", "scheduled", "done", "cancelled" */
  const char *command; /* id of the command that carried it */
  const char *who;
  int64_t     created_us, closed_us;
} TwinStoreOrder;

/* What came out of a diagnosis, or (undoes not 0) that such a row is taken
 * back; then only who and when count besides. */
typedef struct
{
  int64_t     id;
  int64_t     time_us;
  const char *who;
  const char *machine;
  const char *class_name; /* of the machine: its model, without version */
  const char *element;    /* diagnosed: "inner", "outer", "ball", "cage" */
  const char *verdict;    /* "confirmed", "false", "unknown" */
  const char *found;      /* what was damaged, or NULL */
  const char *note;       /* or NULL */
  const char *order;      /* id of the maintenance order, or NULL */
  int64_t     undoes;     /* 0: none */
} TwinStoreOutcome;

/* --- beside the engine --------------------------------------------------- */

typedef struct
{
  int64_t     id;
  const char *kind; /* "command", "acknowledge", … : app/engine's words */
  const char *arguments; /* JSON */
  const char *who;
  int64_t     time_us;
  const char *state;  /* "new", "taken", "running", "done", "failed" */
  const char *answer; /* JSON */
  int64_t     answered_us;
} TwinStoreRequest;

typedef struct
{
  int64_t     pid;
  int64_t     time_us; /* when it was written: old means no engine */
  const char *json;
} TwinStoreStatus;

/* What readers of single rows hand out. NULL is allowed. */
void twin_store_model_free (TwinStoreModel *row);
void twin_store_twin_free (TwinStoreTwin *row);
void twin_store_relationship_free (TwinStoreRelationship *row);
void twin_store_change_free (TwinStoreChange *row);
void twin_store_group_free (TwinStoreGroup *row);
void twin_store_saved_query_free (TwinStoreSavedQuery *row);
void twin_store_node_free (TwinStoreNode *row);
void twin_store_waveform_free (TwinStoreWaveform *row);
void twin_store_prediction_free (TwinStorePrediction *row);
void twin_store_command_free (TwinStoreCommand *row);
void twin_store_desired_free (TwinStoreDesired *row);
void twin_store_request_free (TwinStoreRequest *row);
void twin_store_status_free (TwinStoreStatus *row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinStoreModel, twin_store_model_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinStoreTwin, twin_store_twin_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinStoreRelationship,
                               twin_store_relationship_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinStoreChange, twin_store_change_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinStoreGroup, twin_store_group_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinStoreSavedQuery, twin_store_saved_query_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinStoreNode, twin_store_node_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinStoreWaveform, twin_store_waveform_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinStorePrediction, twin_store_prediction_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinStoreCommand, twin_store_command_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinStoreDesired, twin_store_desired_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinStoreRequest, twin_store_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinStoreStatus, twin_store_status_free)

G_END_DECLS
