/* SPDX-License-Identifier: Apache-2.0 */
/* twin-update.h - what the engine tells whoever watches it
 *
 * An update is finished and immutable when it is posted; strings and arrays
 * belong to it. The engine posts from its pipeline thread and its workers;
 * a receiver may keep a reference and read from any thread.
 *
 * Times are microseconds since 1970 UTC, TWIN_TIME_NONE where unknown.
 * Priorities are 0 (none) or 1 (critical) to 4 (low). NULL strings mean "not
 * known". Twin ids are $dtIds; a signal is named by twin and DTDL path.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "twin-clock.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_UPDATE_PLANT,    /* the whole structure, anew */
  TWIN_UPDATE_TWINS,    /* twins that an edit made, changed or removed */
  TWIN_UPDATE_VALUES,   /* latest values of some signals */
  TWIN_UPDATE_STATES,   /* worst state of some machines and parts */
  TWIN_UPDATE_BLOCK,    /* a waveform block and its spectra (watched sensors) */
  TWIN_UPDATE_FINDING,  /* a diagnosis of joined seconds */
  TWIN_UPDATE_FAULTS,   /* faults of a machine beyond its bearings */
  TWIN_UPDATE_LIFE,     /* health index and remaining life of a machine */
  TWIN_UPDATE_ALARMS,   /* alarms that changed */
  TWIN_UPDATE_NODES,    /* nodes that changed, ghosts included */
  TWIN_UPDATE_REQUEST,  /* progress of something asked of the engine */
  TWIN_UPDATE_LOG,      /* new lines of the log */
  TWIN_UPDATE_STATUS,   /* rates, lag, gaps: once a second */
  TWIN_UPDATE_CAMPAIGN, /* a firmware campaign, whole */
  TWIN_UPDATE_ORDERS,   /* maintenance orders that changed */
} TwinUpdateKind;

/* Health of a machine or part, worst first wins in a roll-up. A stale one is
 * never shown by its priority. */
typedef enum
{
  TWIN_STATE_UNKNOWN, /* nothing ever arrived */
  TWIN_STATE_NORMAL,
  TWIN_STATE_STOPPED, /* fresh data say the shaft stands still */
  TWIN_STATE_LOW,     /* alarms, by worst active priority */
  TWIN_STATE_MEDIUM,
  TWIN_STATE_HIGH,
  TWIN_STATE_CRITICAL,
  TWIN_STATE_STALE, /* @was holds what it was before the data aged */
} TwinState;

typedef enum
{
  TWIN_SHAPE_NONE, /* not drawn: plant, line, part */
  TWIN_SHAPE_COMPRESSOR,
  TWIN_SHAPE_PUMP,
  TWIN_SHAPE_MOTOR,
} TwinShape;

typedef enum
{
  TWIN_KIND_PLANT,
  TWIN_KIND_AREA, /* building, line: whatever contains machines */
  TWIN_KIND_MACHINE,
  TWIN_KIND_PART,
  TWIN_KIND_SENSOR,
} TwinKind;

typedef struct
{
  char     *id;
  char     *name;   /* display name */
  char     *parent; /* id; NULL at the top */
  char     *model;  /* DTMI */
  TwinKind  kind;
  TwinShape shape;
  double    x, y, rotation; /* metres, metres, radians on the plant floor */
  gboolean  placed;         /* FALSE: x, y, rotation were not given */
  char     *node;           /* node that serves it, NULL: none */
  char     *lifecycle;      /* "in service", … */
  char     *etag;           /* for edits; NULL: none */
  GStrv     tags;           /* sorted; NULL: none */
  char     *tier;           /* machines: "full", "thresholds"; else NULL */
  char     *ghost; /* "No node has ever spoken for it.": it should have one;
                      NULL: nothing wrong */
  gboolean gone;   /* TWINS: it is no longer there, or no longer shown */
} TwinStructureItem;

typedef enum
{
  TWIN_QUALITY_GOOD = 0,
  TWIN_QUALITY_UNCERTAIN = 1,
  TWIN_QUALITY_BAD = 2, /* no value */
} TwinQuality;

typedef struct
{
  char       *twin;
  char       *path;
  char       *label; /* displayName of the telemetry, else path */
  char       *unit;  /* SenML unit */
  double      value; /* NaN: none, or text */
  char       *text;  /* a string or boolean value, else NULL */
  TwinQuality quality;
  gboolean    stale;       /* as of the moment of posting */
  gboolean    undeclared;  /* the model does not know it */
  int64_t     source_us;   /* when it was measured */
  int64_t     arrival_us;  /* when it reached us */
  int64_t     stale_at_us; /* when it goes stale if nothing comes */
  double      limit_high;  /* NaN: no limit */
  double      limit_low;
  double      mean; /* that it returns to: usual, or as its model predicts */
  double      p0, a, q; /* TwinUncertainty; NaN: not known yet */
} TwinValueItem;

typedef struct
{
  char     *twin;
  TwinState state;        /* of itself and everything below it */
  TwinState was;          /* when stale: the state before */
  int64_t   newest_us;    /* newest source time below it */
  double    shaft_hz;     /* machines: NaN when not known or stale */
  char     *speed_source; /* "tacho", "estimated", "nameplate" */
  char     *mode;         /* "running", "stopped", … */
  char     *finding;      /* "Outer race, drive end"; NULL: none */
  char     *sureness;     /* "sure · z 8.4", "not decided" */
  char     *advice;       /* "Order bearing 6205 now."; NULL: nothing to do */
  char     *reason;       /* evidence in one line */
  char     *reliability;  /* "right in 9 of 10 cases here, 78–98 %": of the
                             finding; NULL without one */
  double rul_p05_s, rul_p50_s, rul_p95_s; /* NaN: not estimable */
  double rul_lower_s;                     /* ≥ this with 95 %; NaN: none */
  char  *rul_why;
  double usual_score;    /* 0 to 100 against what is usual at this operating
                            state, 50 at the limit; NaN: not learnt yet */
  char   *usual_why;     /* what drives it, or why not yet; NULL: no records */
  int64_t suggested_us;  /* best time for maintenance; NONE: no date */
  char   *suggested_why; /* sentences: why then, or why no date */
  char   *maintenance;   /* scheduled work "2026-12-03 Replace bearing" */
  int64_t maintenance_us;
} TwinStateItem;

typedef struct
{
  char  *name; /* "BPFO", "BPFI", "2×BSF", "FTF", "Shaft" */
  double hz;
  double order; /* of shaft speed */
} TwinTone;

typedef struct
{
  double hz;
  double order;     /* NaN without shaft speed */
  double amplitude; /* g r.m.s. */
  char  *name;      /* "2× BPFO", "1× shaft", NULL: not named */
  char  *family;    /* TwinTone name it belongs to, or NULL */
} TwinPeakItem;

/* Orders of a bearing of the machine: what lines it may make. */
typedef struct
{
  char  *designation; /* or NULL */
  double ftf, bpfo, bpfi, bsf;
} TwinBearingItem;

/* What is known of a machine, as far as lines come of it; 0: not known. */
typedef struct
{
  double  line_hz; /* of the mains its motor is fed from */
  int     pole_pairs, blades, teeth, other_teeth;
  double  pulley_mm, belt_mm; /* only their ratio counts */
  GArray *bearings;           /* TwinBearingItem */
  GArray *neighbours_hz;      /* double: shafts of machines near by */
} TwinLineFacts;

/* One block of a watched sensor. Spectrum: amplitude, g r.m.s. a line, first
 * line 0 Hz, step @df_hz; envelope likewise in g. */
typedef struct
{
  char         *twin;   /* the part: "compressor-7-de" */
  char         *sensor; /* wire name "de/acceleration" */
  char          axis;   /* 'x', 'y', 'z' */
  int64_t       t0_us;  /* first sample */
  int64_t       end_us; /* last sample */
  int64_t       arrival_us;
  double        rate_hz;
  size_t        n;
  double       *samples; /* g */
  size_t        n_lines;
  double        df_hz;
  double       *spectrum;
  size_t        n_envelope;
  double        envelope_df_hz;
  double       *envelope;
  double        band_lo_hz, band_hi_hz; /* of the envelope, by kurtogram */
  double        rms_g, peak_g, crest, kurtosis, velocity_rms_mm_s;
  char         *zone; /* "Zone C · ISO 20816-3 group 2, rigid" or why not */
  double        shaft_hz; /* NaN: unknown */
  char         *speed_source;
  GArray       *tones; /* TwinTone */
  GArray       *peaks; /* TwinPeakItem, largest first */
  TwinLineFacts facts;
  uint64_t      clipped_samples;
  uint64_t      dropped_blocks, blocks; /* of this sensor since start */
  uint32_t      quality;                /* bits of PROTOCOL.md */
} TwinBlockUpdate;

/* One band of the kurtogram: of 2^level as wide ones. */
typedef struct
{
  double level; /* 0, 1, 1.58, 2, 2.58 … */
  double lo_hz, hi_hz;
  double kurtosis; /* of the complex envelope, 0 for noise; NaN: too narrow */
} TwinBandItem;

typedef struct
{
  char   *machine, *twin, *sensor;
  char    axis;
  int64_t time_us; /* end of the joined record */
  double  seconds; /* its length */
  char  *verdict; /* "none", "inner", "outer", "ball", "cage", "inconclusive" */
  char  *suspected; /* or NULL */
  double z, margin;
  double threshold;        /* that z is held against; 0: not judged */
  char  *why;              /* one sentence */
  char  *neighbours;       /* "inner race of 6203, z 7.9": what was found of the
                              machine's other bearings; NULL: nothing */
  int      agree, windows; /* live rule: agree of the last windows */
  gboolean confirmed;      /* the live rule holds */
  char    *quality;        /* "clipped, speed mismatch"; NULL: nothing wrong */
  char    *reliability;    /* as of states; NULL: no part is named */
  GArray  *bands;          /* TwinBandItem, by level; NULL: not looked at */
  int      best_band;      /* the envelope's; -1: none stands out of noise */
} TwinFindingUpdate;

/* One fault beyond bearings that was looked for. */
typedef struct
{
  char    *fault;  /* "unbalance" … */
  char    *answer; /* "named", "suspected", "none", "not assignable" */
  char    *why;    /* a sentence with the figures */
  char    *needs;  /* what would make it sure, or NULL */
  GStrv    checks; /* "passed: Not a bent shaft? …" */
  int      agree;  /* live rule: of the last five, so many name it */
  gboolean confirmed;
} TwinFaultItem;

/* Faults of the whole machine, as one accelerometer's axes show them. */
typedef struct
{
  char   *machine, *sensor, *axes; /* "xyz" */
  int64_t time_us;
  double  seconds;
  char   *limit;   /* what velocities are held against */
  char   *quality; /* NULL: nothing wrong */
  GArray *items;   /* TwinFaultItem, named first */
} TwinFaultsUpdate;

typedef struct
{
  char   *machine;
  GArray *times_us; /* int64_t: health index history, oldest first */
  GArray *index;    /* double: ln (level ÷ baseline); NaN: a gap */
  double  threshold, threshold_sd;
  double  p05_s, p25_s, p50_s, p75_s, p95_s; /* from now; NaN: not estimable */
  double  lower_s;
  int64_t now_us, onset_us;
  int64_t suggested_us; /* best time for maintenance; NONE: no date */
  char   *why;
  GArray *past;        /* TwinPastPrediction, oldest first */
  char   *calibration; /* how the intervals of all machines held; NULL: none was
                          stated */
  char *damage;        /* rated life used, a line a bearing, or empty;
                          NULL: not counted yet */
} TwinLifeUpdate;

typedef struct
{
  int64_t made_us;
  double  p05_s, p50_s, p95_s, lower_s; /* from made_us */
  char   *verdict; /* "open", "held", "early", "late", "cut", "none" */
} TwinPastPrediction;

typedef struct
{
  char *id;       /* stable: twin + condition */
  char *twin;     /* where it is */
  char *machine;  /* machine it belongs to */
  char *source;   /* display name of the machine */
  char *name;     /* "Outer-race wear, drive end" */
  int   priority; /* 1..4 */
  char *state;    /* "unacknowledged", "acknowledged", "returned", "latched",
                     "shelved", "suppressed", "out of service", "normal" (gone) */
  gboolean active;
  gboolean stale_kind; /* it is a stale-data alarm */
  double   value;
  char    *value_text, *limit_text; /* "94.2 °C", "> 90" */
  int64_t  since_us, changed_us;
  char    *why, *advice;
  char    *note, *note_by;
} TwinAlarmItem;

typedef struct
{
  char    *name;
  char    *serial, *class_name, *firmware, *boot;
  char    *twin; /* machine it serves, NULL: ghost */
  gboolean online;
  gboolean trusted;  /* its key is known from enrolment or the plant file */
  gboolean enrolled; /* the console's key is enrolled on it */
  int64_t  last_us;  /* newest arrival */
  GStrv    signals;  /* names seen or promised by its birth */
  uint64_t held_records, open_gaps, known_losses;
  char    *reported; /* JSON of reported properties */
  char    *desired;  /* JSON of ours, NULL: none */
  uint64_t desired_version, reported_version;
  char    *birth;   /* JSON for people */
  GStrv    facts;   /* of its machine's data: names and values in turn */
  char    *leaving; /* being decommissioned: what that waits for; else NULL */
  gboolean gone;    /* forgotten: it is no longer listed */
} TwinNodeItem;

typedef enum
{
  TWIN_REQUEST_QUEUED,   /* taken by the engine */
  TWIN_REQUEST_SENT,     /* signed and published */
  TWIN_REQUEST_ACCEPTED, /* by the node */
  TWIN_REQUEST_RUNNING,
  TWIN_REQUEST_DONE,
  TWIN_REQUEST_VERIFIED, /* seen in reported state or telemetry */
  TWIN_REQUEST_FAILED,   /* rejected, expired, timed out, refused here */
} TwinRequestStage;

typedef struct
{
  uint64_t         id;
  TwinRequestStage stage;
  int64_t          time_us;
  char            *text;   /* a sentence: reason, result */
  char            *detail; /* JSON of the node's detail, or NULL */
} TwinRequestUpdate;

/* A maintenance order and what came out of the diagnosis it was given for. */
typedef struct
{
  char   *id, *machine;
  char   *date, *work, *note, *state, *message, *who; /* of app/fleet */
  int64_t created_us, closed_us;
  char   *element;    /* diagnosed before it was closed, "outer"; or NULL */
  int64_t outcome;    /* id of the outcome that counts; 0: not answered */
  char   *verdict;    /* of the outcome: "confirmed", "false", "unknown" */
  char   *found;      /* what was found, or NULL */
  char   *found_note; /* or NULL */
  char   *found_who;
} TwinOrderItem;

typedef struct
{
  int64_t time_us;
  char   *machine; /* or NULL: plant-wide */
  char   *kind; /* "alarm", "command", "event", "maintenance", "link", "edit" */
  char   *who, *text;
} TwinLogItem;

typedef enum
{
  TWIN_LINK_NONE, /* no broker configured */
  TWIN_LINK_CONNECTING,
  TWIN_LINK_UP,
  TWIN_LINK_LOST,
} TwinLinkState;

typedef struct
{
  TwinLinkState link;
  char         *broker, *link_text; /* cause of a loss, as a sentence */
  int64_t       link_since_us;
  int64_t       next_try_us;
  double messages_per_s, lag_s; /* lag: arrival to committed, p50 last second */
  double broker_ms;             /* round trip; NaN: unknown */
  uint64_t records_stored, duplicates, identity_conflicts;
  uint64_t open_gaps, known_losses, replaying_nodes;
  uint64_t dropped_messages, dropped_blocks, bad_messages;
  int64_t  oldest_value_us;
  char    *oldest_value_twin;
  int      workers, workers_busy;
  double   analysis_s; /* p50 of block end to spectrum ready */
  uint64_t store_bytes;
  unsigned ghosts;       /* nodes that talk without a twin */
  unsigned silent_twins; /* twins no node has ever spoken for */
  double   reload_s;     /* the last edit: seen to applied; NaN: none yet */
  char    *plant;
} TwinStatusUpdate;

/* One node of a firmware campaign. */
typedef struct
{
  char   *node;    /* or NULL: none serves @twin */
  char   *twin;    /* or NULL */
  char   *before;  /* version it ran when it was planned, or NULL */
  char   *verdict; /* "in", "out", "incompatible" */
  int     wave;    /* 0: canary, 1…: group; -1: not in */
  char   *state;   /* "waiting" … "failed", of app/fleet; NULL: not in */
  double  share;   /* of the image that it has, 0…1 */
  char   *why;     /* a sentence, or NULL */
  int64_t changed_us;
} TwinCampaignNodeItem;

typedef struct
{
  int64_t id;
  char   *digest; /* of the image, hexadecimal */
  char   *vendor, *class_name, *version;
  char   *target; /* what was chosen, for people; or NULL */
  char   *limits; /* JSON */
  char   *hash;   /* of what was approved, hexadecimal */
  char   *state;  /* "planned", "running", "paused", "stopped", "aborted",
                   * "done" */
  char      *why; /* where it stands, a sentence */
  char      *who;
  int64_t    created_us, started_us, changed_us;
  GPtrArray *nodes; /* TwinCampaignNodeItem, as planned */
} TwinCampaignUpdate;

typedef struct _TwinUpdate TwinUpdate;

struct _TwinUpdate
{
  /*< private >*/
  int refs;
  /*< public >*/
  TwinUpdateKind kind;
  int64_t        posted_us;
  union
  {
    GPtrArray *items; /* PLANT, TWINS, VALUES, STATES, ALARMS, NODES, LOG,
                         ORDERS */
    TwinBlockUpdate    *block;
    TwinFindingUpdate  *finding;
    TwinFaultsUpdate   *faults;
    TwinLifeUpdate     *life;
    TwinRequestUpdate  *request;
    TwinStatusUpdate   *status;
    TwinCampaignUpdate *campaign;
  };
};

/* @payload: a GPtrArray or struct as above, now owned by the update. */
TwinUpdate *twin_update_new (TwinUpdateKind kind, void *payload);
TwinUpdate *twin_update_ref (TwinUpdate *self);
void        twin_update_unref (TwinUpdate *self);

/* Empty payloads; the arrays free their items. */
GPtrArray          *twin_update_items_new (TwinUpdateKind kind);
TwinBlockUpdate    *twin_block_update_new (void);
TwinFindingUpdate  *twin_finding_update_new (void);
TwinFaultsUpdate   *twin_faults_update_new (void);
TwinLifeUpdate     *twin_life_update_new (void);
TwinCampaignUpdate *twin_campaign_update_new (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinUpdate, twin_update_unref)

G_END_DECLS
