/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-private.h - what the files of the engine share
 *
 * Everything in TwinEngine below "pipeline" belongs to the pipeline thread;
 * what is above it is set before start and only read afterwards, or is a queue
 * or guarded by a lock. A struct owns its strings unless said otherwise.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "twin-alarm-table.h"
#include "twin-baseline-states.h"
#include "twin-beacon.h"
#include "twin-birth.h"
#include "twin-commands.h"
#include "twin-completeness.h"
#include "twin-desired.h"
#include "twin-drift.h"
#include "twin-engine-job.h"
#include "twin-engine-join.h"
#include "twin-engine.h"
#include "twin-enrolment.h"
#include "twin-graph.h"
#include "twin-json.h"
#include "twin-link.h"
#include "twin-lock.h"
#include "twin-lubrication.h"
#include "twin-orders.h"
#include "twin-rated-life.h"
#include "twin-record.h"
#include "twin-signal-value.h"
#include "twin-store-batch.h"
#include "twin-store-graph.h"
#include "twin-store-history.h"
#include "twin-store-log.h"
#include "twin-store-reader.h"
#include "twin-store.h"
#include "twin-thermal-cause.h"
#include "twin-thread.h"
#include "twin-uncertainty.h"
#include "twin-whatif.h"

G_BEGIN_DECLS

typedef struct _TwinEnginePlace   TwinEnginePlace;
typedef struct _TwinEngineNode    TwinEngineNode;
typedef struct _TwinEngineSignal  TwinEngineSignal;
typedef struct _TwinEngineWave    TwinEngineWave;
typedef struct _TwinEngineMachine TwinEngineMachine;

#define TWIN_ENGINE_CONDITION_STALE "stale"
#define TWIN_ENGINE_CONDITION_UNUSUAL "node.unusual"
#define TWIN_ENGINE_CONDITION_TRIP "node.trip"
#define TWIN_ENGINE_CONDITION_BASELINE "baseline.unusual"

/* Signals of one node of which is remembered whether they are unusual. */
#define TWIN_ENGINE_SAID_MAX 128

/* How much is done for a machine, by its groups. */
typedef enum
{
  TWIN_TIER_FULL,       /* per-second summaries, full analysis */
  TWIN_TIER_THRESHOLDS, /* per-minute summaries and thresholds only */
} TwinTier;

enum
{
  TWIN_ENGINE_BATCH_US = 100000,  /* a batch is committed after so long… */
  TWIN_ENGINE_BATCH_ROWS = 10000, /* …or with so many rows */
};

/* --- a twin of the plant, as the pipeline needs it ----------------------- */
struct _TwinEnginePlace
{
  char              *id, *name, *model;
  TwinLifecycle      lifecycle;
  TwinKind           kind;
  TwinShape          shape;
  double             x, y, rotation;
  gboolean           placed;
  TwinEnginePlace   *parent;
  GPtrArray         *children; /* TwinEnginePlace, borrowed */
  TwinEngineMachine *machine;  /* it is, or belongs to; NULL above machines */
  char              *node;     /* that serves it, or NULL */
  char              *ghost;    /* of a machine: that nobody speaks for it */
  gboolean           attached; /* its parent, or the roots, list it */
  gboolean           hidden;   /* of a ghost: kept, shown nowhere */
  GHashTable        *signals;  /* path → TwinEngineSignal, owned here */
  TwinStateItem     *shown;    /* as published last, or NULL */
  const char        *stored;   /* its word in twin_state, NULL: unsure */
  gboolean           dirty;    /* its state is to be worked out again */
};

/* One bearing of a machine, as its binding says. */
typedef struct
{
  TwinEnginePlace  *place;
  char             *position; /* "drive end" */
  char             *designation;
  gboolean          known; /* its geometry is */
  TwinBearing       bearing;
  TwinEngineSignal *temperature, *velocity;    /* borrowed, may be NULL */
  double            temperature_limit;         /* Cel */
  TwinEngineWave   *alarm_wave[TWIN_ELEMENTS]; /* who raised the alarm */
} TwinEngineBearing;

struct _TwinEngineMachine
{
  TwinEnginePlace    *place;
  TwinBinding        *binding;
  TwinEngineSignal   *roles[TWIN_N_ROLES]; /* scalars; borrowed, may be NULL */
  GPtrArray          *bearings;            /* TwinEngineBearing */
  double              rated_rpm, rated_current; /* NaN: not given */
  double              zone_c, zone_d; /* m/s r.m.s.: lower bounds; NaN */
  double              estimated_hz;   /* from the signal; NaN */
  int64_t             estimated_us;
  char               *maintenance; /* as the node reports it */
  int64_t             maintenance_us;
  TwinSeverityGroup   group;
  TwinSeveritySupport support;
  TwinTier            tier;   /* by its groups */
  gboolean            spoken; /* something came of it, ever */
  GPtrArray          *waves;  /* TwinEngineWave with a bearing, as first seen */
  TwinEngineWave     *finding_wave; /* whose finding is shown, or NULL */
  char               *finding, *sureness, *advice, *reason;
  const char         *believed;    /* fault that the finding is of, static */
  char               *reliability; /* of such findings; NULL without one */
  void               *life;    /* of twin-engine-life.c */
  void               *said;    /* of twin-engine-said.c */
  void               *thermal; /* of twin-engine-thermal.c */
  void               *damage;  /* of twin-engine-damage.c */
  void               *latency; /* of twin-engine-latency.c */
  void               *faults;  /* of twin-engine-faults.c */
};

struct _TwinEngineSignal
{
  TwinSignal       v;       /* value and age */
  TwinEnginePlace *place;   /* borrowed */
  TwinEngineNode  *node;    /* borrowed; NULL: computed here, or node unknown */
  char            *label;   /* for people */
  uint32_t         row;     /* signal id in the store; 0: none yet */
  gboolean         derived; /* computed here */
  gboolean         hidden;  /* a statistic, or of a ghost: stored, not shown */
  gboolean         stale;   /* as published last */
  gboolean         changed; /* to be published with this batch */
  double           limit_high, limit_low;
  int              role;   /* TwinRole, or -1 */
  const char      *source; /* of a shaft speed, static; NULL: not told */
  GPtrArray       *alarms; /* conditions fed by it: char *, or NULL */
  TwinWander       wander; /* of it, or of what its model leaves over */
  gboolean         explained; /* a model predicts it */
  double           predicted; /* by that; its wander is about it */
};

struct _TwinEngineNode
{
  char            *name;
  TwinBirth       *birth; /* NULL: none seen by this process */
  char            *birth_json, *reported_json;
  gboolean         said_online; /* by its status topic */
  gboolean         online;      /* and something arrived lately */
  uint64_t         shown_open;  /* gaps, as last announced */
  gboolean         has_key, enrolled, enrolling;
  guint8           key[TWIN_PUBLIC_KEY_SIZE];
  char            *trust;           /* "none", "enrolled", "plant-file" */
  int64_t          last_arrival_us; /* TWIN_TIME_NONE: never */
  int64_t          last_touch_us;   /* the same as the store has it */
  uint32_t         longest_silence_s;
  guint8           ring[TWIN_RING_SIZE];
  int64_t          epoch;  /* -1: unknown */
  uint64_t         held;   /* records its ring held when it said so last */
  TwinIdentity     newest; /* record seen */
  TwinIdentity     anchor; /* epoch that anchor_us is of */
  gboolean         has_anchor;
  int64_t          anchor_us; /* UTC at up = 0 */
  uint64_t         reported_version;
  TwinChannel      channel; /* of the message at hand */
  TwinEnginePlace *machine; /* that it serves at prefix "", or NULL: a ghost */
  TwinEnginePlace *claimed; /* that it claims and another node serves */
  char            *leaving; /* why it is not decommissioned yet, or NULL */
  char            *leaving_who;
  int64_t          leaving_until_us; /* monotonic: told again then */
  gboolean         slowed;           /* by us, for its machine's tier */
  uint32_t         silence_s;        /* as it reports; 0: it has not */
  gboolean         left;             /* decommissioned, and silent since */
  char            *claim_text;       /* somebody else speaks as it, or for it */
  char            *claim_told;       /* machine whose alarm says so */
  GArray          *serves;           /* of twin-engine-serves.c */
  GHashTable      *signals; /* wire name → TwinEngineSignal, borrowed */
  GHashTable      *sources; /* wire name → source of that speed; or NULL */
  GHashTable      *seen;    /* wire names, of ghosts too */
  GHashTable      *waves;   /* "de/acceleration/x" → TwinEngineWave */
  GHashTable      *said;    /* of twin-engine-events.c, or NULL */
  char            *tripped; /* why it switched its machine off, or NULL */
  int64_t          tripped_us; /* time of the newest word on that */
  gboolean         changed; /* to be published */
  gboolean         dirty_row;
};

/* One sensor axis that sends waveforms. */
struct _TwinEngineWave
{
  TwinEngineNode    *node;    /* borrowed, as the next two */
  TwinEnginePlace   *place;   /* the part, or a hidden place of a ghost */
  TwinEngineBearing *bearing; /* there; NULL: none known */
  char              *sensor;
  char               axis;
  char              *unit;          /* as sent */
  double             scale, offset; /* of 16-bit samples; scale 0: others */
  const char        *why;           /* static: "live", "schedule", … */
  TwinJoin          *join;
  TwinLiveRule       rule;
  TwinBand           band;    /* of the last diagnosis */
  TwinBaseline       healthy; /* carrier levels while nothing was found */
  TwinBaseline       first;   /* the first levels, whatever was found */
  GString           *levels;  /* the same as text, for the store */
  unsigned           n_levels;
  TwinStates        *states; /* what is usual, state by state */
  TwinStatesScore    usual_score;
  TwinOperatingPoint usual_point; /* that the score is of */
  gboolean states_known; /* the two are of a record */
  double   usual;  /* level that the index is counted from; 0: not yet */
  double   excess; /* ln (level / baseline) now; NaN */
  unsigned since_kept;
  uint64_t blocks, dropped;
  uint64_t last_n0;
  uint32_t last_epoch;
  guint8   last_ring[TWIN_RING_SIZE];
  gboolean watched, live;
  int64_t  live_until_us;
};

/* What somebody wants to see, also of a node that is not there yet. */
typedef struct
{
  char    *machine, *sensor;
  char     axis;
  gboolean live;
} TwinEngineWatch;

/* A record of the batch at hand. */
typedef struct
{
  TwinEngineNode *node;
  TwinIdentity    identity;
} TwinEngineSeen;

/* --- what is asked of the engine ------------------------------------------ */
typedef enum
{
  TWIN_ENGINE_ASK_CONNECT,
  TWIN_ENGINE_ASK_WATCH,
  TWIN_ENGINE_ASK_COMMAND,
  TWIN_ENGINE_ASK_DESIRED,
  TWIN_ENGINE_ASK_ACKNOWLEDGE,
  TWIN_ENGINE_ASK_SHELVE,
  TWIN_ENGINE_ASK_MAINTENANCE,
  TWIN_ENGINE_ASK_COMMISSION,
  TWIN_ENGINE_ASK_IMPORT,
  TWIN_ENGINE_ASK_DECOMMISSION,
  TWIN_ENGINE_ASK_FIRMWARE,
  TWIN_ENGINE_ASK_OUTCOME,
  TWIN_ENGINE_ASK_WHATIF,
  TWIN_ENGINE_N_ASKS,
} TwinEngineAskKind;

typedef struct _TwinEngineAsk
{
  uint64_t          id;     /* of REQUEST updates */
  int64_t           outbox; /* row that asked; 0: this process */
  TwinEngineAskKind kind;
  char             *who;
  char             *subject; /* twin, machine, alarm, node */
  char             *name;    /* command, property, sensor */
  char             *text;    /* JSON, note, token … */
  int64_t           number;  /* if_version, until_us */
  char              axis;
  gboolean          on, live;
  char             *display_name, *model, *parent, *binding, *bearing, *token;
  char             *detail; /* OUTCOME: the answer, for when the node is done */
  TwinLinkOptions  *link;     /* CONNECT; NULL: none */
  char             *node;     /* DESIRED: whose report is waited for */
  int64_t           until_us; /* monotonic: how long */
} TwinEngineAsk;

/* --- the engine ------------------------------------------------------------
 */
typedef struct
{
  TwinLineState state[2];
  char          cause[256];
  int64_t       since_us;
  unsigned      connects;
  gboolean      changed; /* since the pipeline looked */
} TwinEngineLine;

typedef struct _TwinEngineStats
{
  int64_t  second_us; /* begin of the second counted */
  uint64_t messages, messages_before;
  GArray  *lags; /* int64_t µs, arrival to committed, this second */
  double   messages_per_s, lag_s;
  uint64_t records, duplicates, conflicts, bad;
  uint64_t dropped_blocks;
  GArray  *analysis; /* int64_t µs, last block ends to spectra, this second */
  double   analysis_s;
  double   reload_s; /* the last edit took; NaN: none yet */
} TwinEngineStats;

struct _TwinEngine
{
  char                 *plant, *store_path, *key_dir, *data_dir, *operator_name;
  TwinUpdateSink        sink;
  void                 *sink_data;
  TwinKey              *key;
  TwinRoles            *roles;
  TwinBearingCatalogue *catalogue;
  TwinLinkOptions      *first_link; /* to connect to at start, or NULL */
  char                 *first_broker;
  TwinEngineWorker      worker;
  int                   n_workers;
  TwinThread           *pipeline;
  TwinThread          **workers;
  TwinQueue            *records;  /* TwinMessage, from the network */
  TwinQueue            *bulk;     /* TwinMessage: waveforms */
  TwinQueue            *asks;     /* TwinEngineAsk */
  TwinQueue            *jobs;     /* TwinEngineJob, to the workers */
  TwinQueue            *results;  /* the same, done */
  gint                  stopping; /* atomic */
  gint                  started;
  gint                  busy;    /* atomic: workers at work */
  uint64_t              next_id; /* guarded by lock, as the next two */
  TwinEngineLine        line;
  TwinModelSet         *models;
  TwinLock              lock;
  char                 *broker; /* as shown; guarded by lock */

  /* pipeline */
  TwinStore        *store;
  TwinStoreReader  *reader;
  TwinStoreBatch   *batch;
  gboolean          batch_open, flush;
  int64_t           batch_since_us; /* monotonic */
  GArray           *batch_arrivals; /* int64_t monotonic, of its messages */
  GPtrArray        *batch_records;  /* what to unsee when it fails */
  gboolean          store_failing;
  TwinLink         *link;
  gboolean          link_up, line_cause_told;
  int64_t           line_up_us; /* when it came up last */
  unsigned          connects;
  TwinGraph        *graph;
  int64_t           change; /* of the journal: the newest in it */
  TwinCompleteness *completeness;
  TwinFleetIo       io;
  TwinCommands     *commands;
  TwinDesired      *desired;
  TwinEnrolment    *enrolment;
  TwinOrders       *orders;
  TwinBeacon       *beacon;
  void             *firmware; /* of twin-engine-firmware.c */
  void             *outcomes; /* of twin-engine-outcomes.c */
  TwinAlarmTable   *alarms;
  TwinWhatifTimes   whatif_times;
  TwinEngineCosts   costs; /* of maintenance, as kept */
  GHashTable       *watched;      /* "source/condition": while defining */
  GPtrArray        *transitions;  /* TwinAlarmTransition not stored yet */
  GHashTable       *places;       /* id → TwinEnginePlace */
  GPtrArray        *roots;        /* TwinEnginePlace, borrowed */
  GPtrArray        *machines;     /* TwinEngineMachine */
  GHashTable       *nodes;        /* name → TwinEngineNode */
  GHashTable       *tokens;       /* node → one-time token, from enrol_file */
  GHashTable       *ghosts;       /* id → TwinEnginePlace, hidden */
  GHashTable       *command_asks; /* id hex → TwinEngineAsk */
  GHashTable       *watches;     /* "machine/sensor/axis" → TwinEngineWatch */
  GHashTable       *order_rows;  /* order id → row of the store */
  TwinEngineAsk    *sending;     /* a command on its way out */
  const char       *writer;      /* of the desired document at hand */
  GPtrArray        *waiting;     /* TwinEngineAsk: for a report, a proof */
  gboolean          tiers_asked; /* a worker is at it */
  int64_t           tiers_due_us;  /* monotonic */
  char             *tiers_failure; /* as told last, or NULL */
  int64_t           topics[TWIN_STORE_N_TOPICS];
  int64_t           data_version;
  int64_t           next_second_us; /* monotonic */
  int64_t           next_outbox_us;
  int64_t           next_expire_us; /* UTC */
  TwinEngineStats   stats;

  /* what this batch will publish */
  GPtrArray  *out_values;           /* TwinEngineSignal, borrowed */
  GPtrArray  *out_alarms, *out_log; /* items */
  GPtrArray  *out_updates;          /* TwinUpdate: findings, lives, requests */
  GHashTable *out_twins;            /* char *: ids of twins that changed */
  gboolean    out_plant, out_nodes;
};

/* --- twin-engine-pipeline.c ------------------------------------------------
 */
void twin_engine_pipeline_run (void *engine);
/* Opens the batch if none is open. FALSE while the store cannot be written. */
gboolean twin_engine_batch_open (TwinEngine *self);
/* Commits what is open and publishes what changed. */
gboolean twin_engine_batch_commit (TwinEngine *self);
/* Tells a store error once a change of state; frees @error. */
void twin_engine_store_failed (TwinEngine *self, GError *error);

/* --- twin-engine-link.c ------------------------------------------------------
 */
TwinLinkOptions *twin_engine_link_options (const TwinEngineConfig *config,
                                           const char             *plant,
                                           GError                **error);
/* @options NULL: leaves the broker. */
gboolean twin_engine_link_start (TwinEngine            *self,
                                 const TwinLinkOptions *options,
                                 const char            *shown,
                                 GError               **error);
void     twin_engine_link_stop (TwinEngine *self);
void     twin_engine_link_tick (TwinEngine *self);
/* Firmware, on the other line. */
gboolean twin_engine_link_publish_bulk (TwinEngine *self,
                                        const char *topic,
                                        GBytes     *payload,
                                        GError    **error);
/* TwinFleetIo's publish. */
gboolean twin_engine_link_publish (const char *topic,
                                   GBytes     *payload,
                                   int         qos,
                                   gboolean    retain,
                                   void       *user_data,
                                   GError    **error);

/* --- twin-engine-ingest.c --------------------------------------------------
 */
void twin_engine_take_message (TwinEngine *self, TwinMessage *message);
void twin_engine_take_record (TwinEngine        *self,
                              TwinEngineNode    *node,
                              const TwinMessage *message);
/* An event that is new: kept, told in the log, judged as evidence. */
void twin_engine_take_event (TwinEngine        *self,
                             TwinEngineNode    *node,
                             const TwinRecord  *record,
                             const TwinMessage *message,
                             int64_t            time_us);
/* The node has switched its machine off, or was reset: by an event, by what
 * it reports. Older words than the newest change nothing. */
void twin_engine_trip_event (TwinEngine       *self,
                             TwinEngineNode   *node,
                             const TwinRecord *record,
                             const char       *kind,
                             const char       *signal,
                             int64_t           time_us);
void twin_engine_trip_reported (TwinEngine     *self,
                                TwinEngineNode *node,
                                JsonObject     *properties,
                                int64_t         time_us);
/* Whether an entry of this name is part of an event, no signal. */
gboolean     twin_engine_event_owns (const char *name);
TwinLogItem *twin_engine_event_log_item (const TwinStoreEvent *row);

/* Makes @signal's newest value this; computes what hangs on it. */
void twin_engine_signal_apply (TwinEngine            *self,
                               TwinEngineSignal      *signal,
                               const TwinRecordEntry *entry,
                               int64_t                source_us,
                               int64_t                arrival_us,
                               gboolean               anchored);

/* --- twin-engine-nodes.c ---------------------------------------------------
 */
TwinEngineNode *twin_engine_node_get (TwinEngine *self, const char *name);
void            twin_engine_nodes_load (TwinEngine *self);
void            twin_engine_node_free (void *node);
void twin_engine_node_changed (TwinEngine *self, TwinEngineNode *node);
/* Something came from it just now. */
void          twin_engine_node_heard (TwinEngine     *self,
                                      TwinEngineNode *node,
                                      int64_t         arrival_us);
void          twin_engine_node_check_online (TwinEngine     *self,
                                             TwinEngineNode *node,
                                             int64_t         now_us);
void          twin_engine_take_birth (TwinEngine        *self,
                                      TwinEngineNode    *node,
                                      const TwinMessage *message);
void          twin_engine_take_status (TwinEngine        *self,
                                       TwinEngineNode    *node,
                                       const TwinMessage *message);
void          twin_engine_take_reported (TwinEngine        *self,
                                         TwinEngineNode    *node,
                                         const TwinMessage *message);
void          twin_engine_take_ring (TwinEngine        *self,
                                     TwinEngineNode    *node,
                                     const TwinMessage *message);
void          twin_engine_take_result (TwinEngine        *self,
                                       TwinEngineNode    *node,
                                       const TwinMessage *message);
void          twin_engine_nodes_tick (TwinEngine *self, int64_t now_us);
void          twin_engine_nodes_store (TwinEngine *self);
void          twin_engine_ask_replays (TwinEngine *self);
TwinNodeItem *twin_engine_node_item (TwinEngine *self, TwinEngineNode *node);
/* As JSON for people; caller frees. */
char *twin_engine_birth_to_json (const TwinBirth *birth);
void  twin_engine_node_store (TwinEngine *self, TwinEngineNode *node);
/* TwinStreamFunc: what is lost for good. */
void twin_engine_store_losses (const TwinStream *stream, void *engine);

/* --- twin-engine-serves.c ----------------------------------------------------
 */
void twin_engine_node_bind (TwinEngine *self, TwinEngineNode *node);
/* How often it speaks, as it reports: values go stale by that. */
void twin_engine_node_settings (TwinEngine     *self,
                                TwinEngineNode *node,
                                JsonObject     *reported);
/* It talked and serves no twin that is there. */
gboolean twin_engine_node_is_ghost (const TwinEngineNode *node);
void     twin_engine_nodes_rebind (TwinEngine *self);
/* Those that serve one of @twins or @machines (ids), and all ghosts. */
void              twin_engine_nodes_rebind_some (TwinEngine *self,
                                                 GHashTable *twins,
                                                 GHashTable *machines);
TwinEnginePlace  *twin_engine_node_place (TwinEngine     *self,
                                          TwinEngineNode *node,
                                          const char     *name,
                                          const char    **path);
TwinEngineSignal *twin_engine_node_signal (TwinEngine     *self,
                                           TwinEngineNode *node,
                                           const char     *name,
                                           const char     *unit);
GStrv             twin_engine_node_signal_names (TwinEngineNode *node);
gboolean          twin_engine_node_is_newest (TwinEngineNode     *node,
                                              const TwinIdentity *identity);

/* --- twin-engine-graph.c ---------------------------------------------------
 */
gboolean   twin_engine_graph_load_values (TwinEngine *self, GError **error);
void       twin_engine_graph_clear (TwinEngine *self);
GPtrArray *twin_engine_graph_items (TwinEngine *self);
GPtrArray *twin_engine_graph_changed_items (TwinEngine *self);
TwinEnginePlace *twin_engine_place_new (const char *id);
void             twin_engine_place_free (void *place);
/* The life cycle that counts for it: its own, or its machine's. */
TwinLifecycle twin_engine_place_lifecycle (const TwinEnginePlace *place);
/* In the figures of the fleet, in alarms and commands: neither planned nor
 * retired. */
gboolean         twin_engine_place_counts (const TwinEnginePlace *place);
TwinEnginePlace *twin_engine_place_find (TwinEngine *self, const char *id);
void             twin_engine_place_take (TwinEngine      *self,
                                         TwinEnginePlace *place,
                                         const TwinTwin  *twin);
/* Its signals as the model has them. */
void twin_engine_place_declare (TwinEngine *self, TwinEnginePlace *place);
TwinStructureItem *twin_engine_place_item (TwinEngine            *self,
                                           const TwinEnginePlace *place);
/* The signal at @path of @place, made when it is not there yet. */
TwinEngineSignal *twin_engine_place_signal (TwinEngine      *self,
                                            TwinEnginePlace *place,
                                            const char      *path,
                                            const char      *unit);
void twin_engine_signal_declare (TwinEngine *self, TwinEngineSignal *signal);

/* --- twin-engine-refresh.c -------------------------------------------------
 */
/* The whole graph, at start. */
gboolean twin_engine_graph_load (TwinEngine *self, GError **error);
/* What changed in the store since. */
void twin_engine_graph_refresh (TwinEngine *self);

/* --- twin-engine-tiers.c ---------------------------------------------------
 */
const char *twin_engine_tier_word (TwinTier tier);
/* Something may have changed the groups' members. */
void twin_engine_tiers_ask (TwinEngine *self);
void twin_engine_tiers_tick (TwinEngine *self, int64_t monotonic_us);
void twin_engine_tiers_take (TwinEngine *self, const TwinEngineJob *job);
void twin_engine_tiers_load (TwinEngine *self, TwinEngineNode *node);

/* --- twin-engine-tones.c ---------------------------------------------------
 */
/* Tells the machine's node which tones its bearing has, if it is to know. */
void twin_engine_tones_settle (TwinEngine *self, TwinEngineMachine *machine);

/* --- twin-engine-silent.c --------------------------------------------------
 */
void     twin_engine_silent_tick (TwinEngine *self);
unsigned twin_engine_silent_count (TwinEngine *self);

/* --- twin-engine-machine.c ---------------------------------------------------
 */
gboolean           twin_engine_binding_open (TwinEngine *self, GError **error);
void               twin_engine_binding_close (TwinEngine *self);
TwinEngineMachine *twin_engine_machine_new (void);
void               twin_engine_machine_free (void *machine);
void twin_engine_machine_bind (TwinEngine *self, TwinEngineMachine *machine);
TwinEngineBearing *twin_engine_machine_bearing (TwinEngineMachine *machine,
                                                TwinEnginePlace   *place);
/* "drive end" */
const char *twin_engine_position_text (const char *position);
void twin_engine_machine_order (TwinEngine *self, const TwinOrder *order);
void twin_engine_machine_reported (TwinEngine        *self,
                                   TwinEngineMachine *machine,
                                   JsonNode          *properties);
void twin_engine_machine_describe (TwinEngine        *self,
                                   TwinEngineMachine *machine,
                                   TwinStateItem     *item);

/* --- twin-engine-properties.c ------------------------------------------------
 */
/* Whether @value (NULL: nothing) may be desired at @pointer of @node. */
gboolean twin_engine_properties_check (TwinEngine     *self,
                                       TwinEngineNode *node,
                                       const char     *pointer,
                                       JsonNode       *value,
                                       GError        **error);
/* What the engine itself desires of @node; @json NULL: no longer. FALSE: it is
 * not desired, and logged why. */
gboolean twin_engine_properties_want (TwinEngine     *self,
                                      TwinEngineNode *node,
                                      const char     *pointer,
                                      const char     *json);
void     twin_engine_properties_desired (TwinEngine             *self,
                                         TwinEngineNode         *node,
                                         const TwinDesiredState *state);
/* The node has applied, or refused, what stands: kept with the document. */
void twin_engine_properties_answered (TwinEngine             *self,
                                      const TwinDesiredState *state);
void twin_engine_properties_reported (TwinEngine     *self,
                                      TwinEngineNode *node,
                                      JsonNode       *document,
                                      int64_t         source_us,
                                      int64_t         arrival_us);
/* What is known of @node becomes that of the machine it has now. */
void twin_engine_properties_bind (TwinEngine *self, TwinEngineNode *node);
/* A text that the machine at @place reports; NULL: none, or it is stale. */
const char *twin_engine_properties_text (TwinEngine            *self,
                                         const TwinEnginePlace *place,
                                         const char            *path);

/* --- twin-engine-fleet.c ---------------------------------------------------
 */
gboolean twin_engine_fleet_open (TwinEngine *self, GError **error);
void     twin_engine_fleet_close (TwinEngine *self);
void     twin_engine_fleet_tick (TwinEngine *self);
/* With the token of the plant file, if it has one. */
void twin_engine_node_enrol (TwinEngine *self, TwinEngineNode *node);

/* --- twin-engine-requests.c and -acts.c
 * --------------------------------------- */
void twin_engine_take_asks (TwinEngine *self);
/* Carries one out. Takes ownership of @ask. */
void twin_engine_ask_do (TwinEngine *self, TwinEngineAsk *ask);
/* Tells whoever asked how it goes; after DONE and FAILED nothing more. */
void twin_engine_ask_progress (TwinEngine          *self,
                               const TwinEngineAsk *ask,
                               TwinRequestStage     stage,
                               const char          *text,
                               const char          *detail);
/* Tells whoever asked that it cannot be done, and why. Frees @ask. */
void twin_engine_ask_refuse (TwinEngine    *self,
                             TwinEngineAsk *ask,
                             const char    *format,
                             ...) G_GNUC_PRINTF (3, 4);
/* The node that answers for @place: its own, else its machine's; or NULL. */
TwinEngineNode *twin_engine_place_get_node (TwinEngine      *self,
                                            TwinEnginePlace *place);
void twin_engine_commission_do (TwinEngine *self, TwinEngineAsk *ask);
void twin_engine_import_do (TwinEngine *self, TwinEngineAsk *ask);

/* --- twin-engine-decommission.c ----------------------------------------------
 */
void twin_engine_decommission_do (TwinEngine *self, TwinEngineAsk *ask);
/* At start: what was asked before. */
void twin_engine_decommission_load (TwinEngine *self, TwinEngineNode *node);
void twin_engine_decommission_tick (TwinEngine *self, TwinEngineNode *node);
/* A command of @node changed. */
void twin_engine_decommission_command (TwinEngine             *self,
                                       TwinEngineNode         *node,
                                       const TwinCommandState *state);

/* --- twin-engine-firmware.c and -campaign.c
 * ------------------------------------ */
gboolean twin_engine_firmware_open (TwinEngine *self, GError **error);
void     twin_engine_firmware_close (TwinEngine *self);
/* preview, plan, start, pause, resume, abort, retry. */
void twin_engine_firmware_do (TwinEngine *self, TwinEngineAsk *ask);
/* A command changed. */
void twin_engine_firmware_command (TwinEngine             *self,
                                   const TwinCommandState *state);
/* Verified; @made_us: INT64_MAX: just now. */
void twin_engine_firmware_reported (TwinEngine     *self,
                                    TwinEngineNode *node,
                                    JsonNode       *properties,
                                    int64_t         made_us);
void twin_engine_take_chunk_get (TwinEngine        *self,
                                 TwinEngineNode    *node,
                                 const TwinMessage *message);
/* Whose turn it is: once a second. */
void twin_engine_firmware_tick (TwinEngine *self);
/* Sends chunks as the rate allows, keeps and tells what changed. */
void twin_engine_firmware_turn (TwinEngine *self, int64_t monotonic_us);
void twin_engine_firmware_publish_all (TwinEngine *self);

/* --- twin-engine-publish.c --------------------------------------------------
 */
void     twin_engine_publish_start (TwinEngine *self);
void     twin_engine_publish (TwinEngine *self);
void     twin_engine_publish_drop (TwinEngine *self);
gboolean twin_engine_publish_pending (TwinEngine *self);
void twin_engine_signal_changed (TwinEngine *self, TwinEngineSignal *signal);
void twin_engine_twin_changed (TwinEngine *self, const char *id);
void twin_engine_place_changed (TwinEngine *self, const TwinEnginePlace *place);
void twin_engine_post (TwinEngine *self, TwinUpdateKind kind, void *payload);
/* Publishes what the journal of the graph has since the change @since. */
void twin_engine_log_changes (TwinEngine *self, int64_t since);

/* A line of the log: stored in the journal, published after the commit. */
void twin_engine_log (TwinEngine *self,
                      const char *kind,
                      const char *machine,
                      const char *who,
                      const char *format,
                      ...) G_GNUC_PRINTF (5, 6);

/* --- twin-engine-status.c ---------------------------------------------------
 */
void twin_engine_status_second (TwinEngine *self, int64_t monotonic_us);
void twin_engine_status_post (TwinEngine *self);

/* --- twin-engine-outbox.c ----------------------------------------------------
 */
/* @again: at start, what a crash left taken. */
void twin_engine_outbox_poll (TwinEngine *self, gboolean again);
void twin_engine_outbox_answer (TwinEngine          *self,
                                const TwinEngineAsk *ask,
                                TwinRequestStage     stage,
                                const char          *text,
                                const char          *detail);

/* --- twin-engine-states.c ----------------------------------------------------
 */
void twin_engine_states_tick (TwinEngine *self, int64_t now_us);
/* What is shown into the open batch, for queries: where it changed. */
void twin_engine_states_store (TwinEngine *self, int64_t now_us);
/* The batch did not commit. */
void twin_engine_states_unsure (TwinEngine *self);
/* Works out what is dirty; an update, or NULL when nothing changed. */
TwinUpdate    *twin_engine_states_update (TwinEngine *self);
TwinStateItem *twin_engine_state_item_copy (const TwinStateItem *item);
void           twin_engine_place_free_shown (TwinEnginePlace *place);
void           twin_engine_place_touch (TwinEnginePlace *place);
/* When the value goes stale if nothing comes. */
int64_t  twin_engine_signal_stale_at (const TwinEngineSignal *signal);
gboolean twin_engine_signal_is_stale (TwinEngine             *self,
                                      const TwinEngineSignal *signal,
                                      int64_t                 now_us);
/* Shaft speed of @machine now, Hz, and where it comes from (static text). */
double twin_engine_machine_shaft (const TwinEngineMachine *machine,
                                  const char             **source);

/* --- twin-engine-sources.c ---------------------------------------------------
 */
/* Keeps what reported.sensors says of the sources of speeds. */
void twin_engine_sources_reported (TwinEngineNode *node,
                                   JsonObject     *properties);
/* Static text, or NULL: not told. */
const char *twin_engine_source_of (TwinEngineNode *node, const char *name);

/* --- twin-engine-alarms.c ----------------------------------------------------
 */
void twin_engine_alarms_load (TwinEngine *self);
void twin_engine_alarms_define (TwinEngine *self);
/* Of one machine and its parts: what is no longer watched is closed. */
void twin_engine_alarms_define_machine (TwinEngine        *self,
                                        TwinEngineMachine *machine);
/* Why an alarm that is no longer watched is closed; static. */
const char *twin_engine_alarms_why_closed (const TwinEnginePlace *place);
/* Defines one, as watched. */
void twin_engine_alarms_watch (TwinEngine                *self,
                               const TwinAlarmDefinition *definition);
/* Closes every alarm of the twin; @why: a sentence for the log. */
void twin_engine_alarms_forget (TwinEngine *self,
                                const char *source,
                                const char *why);
void twin_engine_alarms_value (TwinEngine *self, TwinEngineSignal *signal);
void twin_engine_alarms_stale (TwinEngine       *self,
                               TwinEngineSignal *signal,
                               int64_t           now_us);
void twin_engine_alarms_finding (TwinEngine *self,
                                 const char *source,
                                 const char *condition,
                                 gboolean    active,
                                 double      value,
                                 const char *why,
                                 const char *advice);
void twin_engine_alarms_conflict (TwinEngine         *self,
                                  TwinEngineNode     *node,
                                  const TwinIdentity *identity);
void twin_engine_alarms_tick (TwinEngine *self, int64_t now_us);
/* Moves the table's transitions into this batch, and stores them. */
void         twin_engine_alarms_take (TwinEngine *self);
void         twin_engine_alarms_store (TwinEngine *self);
void         twin_engine_alarms_publish_all (TwinEngine *self);
TwinLogItem *twin_engine_alarms_log_item (TwinEngine                     *self,
                                          const TwinStoreAlarmTransition *row);

/* --- twin-engine-blocks.c and -diagnosis.c
 * -------------------------------------- */
void            twin_engine_take_block (TwinEngine        *self,
                                        TwinEngineNode    *node,
                                        const TwinMessage *message);
TwinEngineWave *twin_engine_wave_get (TwinEngine     *self,
                                      TwinEngineNode *node,
                                      const char     *sensor,
                                      char            axis);
void            twin_engine_wave_free (void *wave);
void twin_engine_waves_rebind (TwinEngine *self, TwinEngineNode *node);
/* @watch->machine's sensor from now on, or no longer. */
void twin_engine_watch_set (TwinEngine            *self,
                            const TwinEngineWatch *watch,
                            gboolean               on);
void twin_engine_watch_free (void *watch);
void twin_engine_waves_tick (TwinEngine *self, int64_t now_us);
void twin_engine_wave_load (TwinEngine *self, TwinEngineWave *wave);
void twin_engine_take_results (TwinEngine *self);

/* --- twin-engine-outcomes.c
 * -------------------------------------------------------- */
gboolean twin_engine_outcomes_open (TwinEngine *self, GError **error);
void     twin_engine_outcomes_close (TwinEngine *self);
/* add, close, undo. */
void twin_engine_outcomes_do (TwinEngine *self, TwinEngineAsk *ask);
/* An order changed. */
void twin_engine_outcomes_order (TwinEngine *self, const TwinOrder *order);
/* The orders of @machine, and all, with this batch. */
void twin_engine_outcomes_publish (TwinEngine *self, const char *machine);
void twin_engine_outcomes_publish_all (TwinEngine *self);
/* What outcomes add to each element's z when elements are ranked. */
void twin_engine_outcomes_experience (TwinEngine              *self,
                                      const TwinEngineMachine *machine,
                                      double                  *experience);
/* How often such a verdict was right; NULL when @fault ("outer", "unbalance")
 * is none. Caller frees. */
char *twin_engine_outcomes_describe (TwinEngine              *self,
                                     const TwinEngineMachine *machine,
                                     const char              *fault);

/* --- twin-engine-faults.c
 * --------------------------------------------------- */
/* A job that knows machine, speed and bearings of @wave. */
TwinEngineJob *twin_engine_job_new (TwinEngineWave *wave, TwinJobKind kind);
void twin_engine_job_push (TwinEngine     *self,
                           TwinEngineWave *wave,
                           TwinEngineJob  *job);
void twin_engine_faults_bind (TwinEngine *self, TwinEngineMachine *machine);
void twin_engine_faults_define (TwinEngine *self, TwinEngineMachine *machine);
void twin_engine_faults_free (TwinEngineMachine *machine);
/* What is declared of the machine, and its neighbours' speeds. */
void twin_engine_faults_describe (TwinEngineMachine *machine,
                                  TwinEngineJob     *job);
/* One axis of a record; when all are there, they are judged together. */
void twin_engine_faults_add (TwinEngine       *self,
                             TwinEngineWave   *wave,
                             const TwinJoined *joined);
void twin_engine_faults_result (TwinEngine *self, const TwinEngineJob *job);

/* Forgets the levels learnt of @wave, here and in the store. */
void twin_engine_levels_reset (TwinEngine *self, TwinEngineWave *wave);

/* --- twin-engine-baseline.c ------------------------------------------------
 */
void twin_engine_baseline_load (TwinEngine *self, TwinEngineWave *wave);
void twin_engine_baseline_take (TwinEngine          *self,
                                TwinEngineWave      *wave,
                                const TwinEngineJob *job);
void twin_engine_baseline_describe (const TwinEngineMachine *machine,
                                    TwinStateItem           *item);
/* Forgets what was usual for @machine; @why: "maintenance was done". */
void twin_engine_baseline_relearn (TwinEngine        *self,
                                   TwinEngineMachine *machine,
                                   const char        *who,
                                   const char        *why);

/* --- twin-engine-life.c and -thermal.c
 * ------------------------------------------- */
void twin_engine_life_load (TwinEngine *self);
void twin_engine_life_load_machine (TwinEngine        *self,
                                    TwinEngineMachine *machine);
void twin_engine_life_free (TwinEngineMachine *machine);
void twin_engine_life_load_usual (TwinEngine *self, TwinEngineWave *wave);
void twin_engine_life_reset_usual (TwinEngine *self, TwinEngineWave *wave);
void twin_engine_life_level (TwinEngine     *self,
                             TwinEngineWave *wave,
                             int64_t         time_us,
                             double          level);
void twin_engine_life_result (TwinEngine *self, const TwinEngineJob *job);
void twin_engine_life_publish_all (TwinEngine *self);
/* What is known of it, with this batch. */
void twin_engine_life_post (TwinEngine *self, TwinEngineMachine *machine);
void twin_engine_life_describe (TwinEngineMachine *machine,
                                TwinStateItem     *item);
/* The newest estimate, borrowed; NULL: none yet. @prior: what is believed of
 * the machine, its age included. */
const TwinRul *twin_engine_life_get (TwinEngineMachine *machine,
                                     TwinRulPrior      *prior);
void twin_engine_thermal_bind (TwinEngine *self, TwinEngineMachine *machine);
void twin_engine_thermal_define (TwinEngine *self, TwinEngineMachine *machine);
void twin_engine_thermal_tick (TwinEngine *self, int64_t now_us);
/* Model and temperature of @bearing, as far as they are known. */
void twin_engine_thermal_get (TwinEngineMachine       *machine,
                              const TwinEngineBearing *bearing,
                              TwinWhatifState         *state);
void twin_engine_thermal_free (TwinEngineMachine *machine);
/* After maintenance: what it was is a first guess of what it will be. */
void twin_engine_thermal_relearn (TwinEngine *self, TwinEngineMachine *machine);

/* A bearing's thermal twin as it is now. */
typedef struct
{
  const TwinEnginePlace *bearing;
  const char            *position;
  TwinThermalModel       model;
  const char            *source;   /* "default", "machines alike", "declared",
                                      "learnt" */
  gboolean                  known; /* within 30 %: may be relied on */
  gboolean                  settled;
  double                    predicted_c, predicted_sd, residual_k; /* NaN */
  const TwinDrift          *drift;
  const TwinThermalVerdict *verdict; /* NULL: nothing is wrong */
} TwinEngineThermalState;

/* Of @bearing, or NULL: of the one predicted to be warmest. FALSE: no measured
 * bearing temperature. */
gboolean twin_engine_thermal_state (const TwinEngineMachine *machine,
                                    const TwinEnginePlace   *bearing,
                                    TwinEngineThermalState  *out);

/* --- twin-engine-said.c ------------------------------------------------------
 */
void twin_engine_said_free (TwinEngineMachine *machine);
/* What the store has; when the newest was made, or TWIN_TIME_NONE. */
int64_t twin_engine_said_load (TwinEngine *engine, TwinEngineMachine *machine);
void    twin_engine_said_add (TwinEngineMachine *machine,
                              int64_t            made_us,
                              const TwinRul     *rul);
/* Whether the index has passed the threshold, so that a life has ended. */
void twin_engine_said_look (TwinEngineMachine *machine,
                            const int64_t     *times_us,
                            const double      *index,
                            size_t             n,
                            double             threshold);
/* Work that was done cuts a life short. */
void twin_engine_said_order (TwinEngine *self, const TwinOrder *order);
/* Some of what was said, by age, with its verdict: appends to @past
 * (TwinPastPrediction). */
void twin_engine_said_tell (TwinEngineMachine *machine,
                            int64_t            now_us,
                            GArray            *past);
/* How the intervals of all machines held, a sentence; NULL: none was stated.
 * Caller frees. */
char *twin_engine_said_calibration (TwinEngine *engine, int64_t now_us);

/* --- twin-engine-whatif.c ------------------------------------------------------
 */
/* At start: the costs of maintenance, as kept. */
void twin_engine_whatif_load (TwinEngine *self);
void twin_engine_whatif_do (TwinEngine *self, TwinEngineAsk *ask);
void twin_engine_whatif_result (TwinEngine *self, TwinEngineJob *job);

/* --- twin-engine-damage.c ----------------------------------------------------
 */
/* What a bearing has used of its rated life. */
typedef struct
{
  TwinDamage    damage;
  double        rated_load_kn; /* declared, at rated power; NaN */
  TwinRatedLife life;          /* as at the last minute */
  TwinOil       oil;           /* NaN: not declared */
  double        life_h, aiso;  /* modified rated life as things are now */
  const char   *why_not;       /* static; NULL: it is counted */
} TwinEngineDamageState;

void twin_engine_damage_free (TwinEngineMachine *machine);
void twin_engine_damage_tick (TwinEngine *self, int64_t now_us);
/* Before the store closes. */
void twin_engine_damage_keep_all (TwinEngine *self);
/* FALSE: it is not counted, @out->why_not tells why where @out was set. */
gboolean twin_engine_damage_state (const TwinEngineMachine *machine,
                                   const TwinEnginePlace   *bearing,
                                   TwinEngineDamageState   *out);
/* A line a bearing, NULL before the first count; caller frees. */
char *twin_engine_damage_describe (const TwinEngineMachine *machine);
/* Work that was done: a new bearing begins anew. */
void twin_engine_damage_order (TwinEngine *self, const TwinOrder *order);

/* --- twin-engine-latency.c ---------------------------------------------------
 */
void twin_engine_latency_free (TwinEngineMachine *machine);
/* A block is done. */
void twin_engine_latency_note (TwinEngine *self, const TwinEngineJob *job);
/* Names and values in turn, for people. */
void twin_engine_latency_describe (const TwinEngineMachine *machine,
                                   GPtrArray               *facts);
/* "latency": the slowest machines, quantiles 50, 95, 99 % in seconds. */
void twin_engine_latency_add (TwinEngine *self, JsonBuilder *json);
/* Drift verdicts of its temperatures, names and values in turn. */
void twin_engine_thermal_describe (const TwinEngineMachine *machine,
                                   GPtrArray               *facts);

G_END_DECLS
