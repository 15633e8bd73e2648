/* SPDX-License-Identifier: Apache-2.0
 *
 * node-private.h - between the parts of one node
 */
#ifndef NODE_PRIVATE_H
#define NODE_PRIVATE_H

#include "flash-map.h"
#include "node-cbor.h"
#include "node.h"

/* Keys of values kept in flash. Numbers are never given again. */
enum
{
  KEEP_RING = 2,     /* ring id */
  KEEP_EPOCH = 3,    /* of the last boot */
  KEEP_EPOCHS = 4,   /* finished epochs */
  KEEP_COUNTERS = 6, /* newest counter of each */
  KEEP_DESIRED = 8,  /* the desired payload applied */
  KEEP_MODE = 9,
  KEEP_LIMITS = 10,
  KEEP_RUNNING = 11, /* running time of the machine */
  KEEP_MAINTENANCE = 12,
  KEEP_NEXT_RESULT = 13,
  KEEP_CAPTURE = 14,  /* the kept capture */
  KEEP_FIRMWARE = 15, /* the installation under way */
  KEEP_TRIP_LIMITS = 16,
  KEEP_TRIPPED = 17, /* why the relay is open */
  KEEP_CALIBRATION = 18,
  KEEP_TIME = 19,     /* the newest beacon believed, now and then */
  KEEP_BASELINE = 20, /* what is usual of each signal */
  KEEP_RESULT_0 = 32, /* to 47 */
};

/* Keys of node.secrets, pages of their own. */
enum
{
  SECRET_SEED = 1,     /* own private key */
  SECRET_KEYS = 2,     /* enrolled keys */
  SECRET_ENROLLED = 3, /* the token is burnt, and by what */
  SECRET_SPENT = 4,    /* enrolments of former lives */
};

/* Bits of a block's quality. */
enum
{
  BLOCK_CLIPPED = 1,
  BLOCK_OVERRUN = 2,
  BLOCK_SELF_TEST = 4,
  BLOCK_RECORDING = 8,
};

/* node.c */
void node_topic (const node *n, const char *channel, char out[NODE_TOPIC_SIZE]);
void node_time_topic (const node *n, char out[NODE_TOPIC_SIZE]);
void node_log (node *n, hal_log_level level, const char *text);
/* Log, at most once a second, what was not believed and why. */
void node_refused (node *n, const char *what, const char *reason);
bool node_send (node       *n,
                const char *channel,
                const void *data,
                size_t      length,
                uint8_t     qos,
                bool        retain);
/* Memory to write a message or to verify one in: beside the queue, so what
 * was queued never changes. While a message that came in is handled there are
 * at least NODE_MQTT_RX_SIZE + 512 bytes, else maybe none. Valid until
 * anything is sent. */
uint8_t *node_scratch_memory (node *n, size_t *size);
/* A writer there, with room for a signature around what it writes. */
void node_scratch (node *n, node_cbor_writer *w);
/* Sign the @length bytes that node_scratch's writer holds and send them.
 * False: offline, or the queue is full just now. */
bool node_send_signed (node       *n,
                       const char *channel,
                       size_t      length,
                       bool        retain);
/* A message did not fit: true when it never will, the queue being empty. */
bool   node_too_big (node *n, const char *what);
size_t node_copy (char *out, size_t size, const char *text);
void   node_join (char *out, size_t size, const char *a, const char *b);

/* node-time.c */
void   node_time_init (node *n);
bool   node_utc_us (node *n, int64_t *utc_us);
bool   node_utc_s (node *n, double *utc_s);
double node_up_s (const node *n);
void   node_time_beacon (node *n, const uint8_t *data, size_t length);

/* node-signal.c */
unsigned node_signal_add (node       *n,
                          const char *prefix,
                          const char *name,
                          const char *unit,
                          double      low,
                          double      high);
void     node_signal_set (node        *n,
                          unsigned     index,
                          float        value,
                          node_quality quality);
/* A signal that is not measured as things are set is hidden: in neither birth
 * nor records. */
void node_signal_show (node *n, unsigned index, bool shown);
int  node_signal_find (const node *n, const char *name, size_t length);
void node_signal_edges (node *n);

/* node-summary.c: telemetry period and longest silence in force, by mode and
 * properties. */
uint32_t node_period_s (const node *n);
uint32_t node_silence_s (const node *n);
/* What is due, every second. */
void node_summary_second (node *n);
/* Something has changed: records come faster for a while, if they may. */
void node_summary_hurry (node *n);

/* node-record.c: an event is a kind, of what, and its evidence. */
typedef struct
{
  const char *name; /* "event/value" */
  const char *unit; /* SenML's */
  float       value;
  const char *text; /* instead of unit and value, or NULL */
} node_evidence;

/* Evidence is @signal's value and limit, none with -1. */
void node_event (node *n, const char *kind, const char *detail, int signal);
/* True when the event is in the ring. */
bool node_event_with (node                *n,
                      const char          *kind,
                      const char          *detail,
                      const node_evidence *evidence,
                      unsigned             count);
bool node_record_publish (node            *n,
                          node_record_kind kind,
                          const uint8_t   *data,
                          size_t           length);

/* What a pack's first entry has besides name and value: its pairs, and them. */
unsigned node_record_identity_size (const node *n, node_quality quality);
void     node_record_put_identity (node             *n,
                                   node_cbor_writer *w,
                                   node_quality      quality);

/* node-acquire.c */
void node_acquire_init (node *n);
void node_acquire_drain (node *n);
void node_acquire_second (node *n);
void node_acquire_duty (node *n);
/* Begin the self-test of an accelerometer; over after 0.4 s of samples, when
 * it is tested again. */
void node_acquire_test (node *n, unsigned index);

/* node-sensors.c: the slow sensors, and how all of them are. */
void node_sensors_init (node *n);
void node_sensors_second (node *n);
void node_sensors_samples (node *n, node_accel *a, const accel_batch *batch);
void node_sensors_gap (node *n, const node_accel *a);
/* What values from @a are worth, by what is wrong with it. */
node_quality node_sensors_quality (const node *n, const node_accel *a);
/* A beacon that was believed. */
void node_sensors_beacon (node *n, int64_t utc_us);
/* Test every sensor; two and a half seconds later the result: name → passed. */
void        node_sensors_test (node *n);
const char *node_sensors_result (node *n, node_cbor_writer *detail);
void        node_sensors_write (const node *n, node_cbor_writer *w);
bool        node_sensors_has_clock (const node *n);
void        node_sensors_write_clock (const node *n, node_cbor_writer *w);

/* node-edge.c: samples to scalars, bands and envelope levels. */
void node_edge_init (node *n, unsigned accel);
/* All accelerometers are known. */
void node_edge_ready (node *n);
/* Take over bands and tones if they changed. */
void node_edge_settle (node *n);
void node_edge_gap (node *n, node_accel *a);
/* @frames as the driver gave them, once they are in the history. */
void node_edge_samples (node          *n,
                        node_accel    *a,
                        const int16_t *frames,
                        uint32_t       count);
/* Set the signals of @a; false: nothing came in the last second. */
bool node_edge_second (node *n, node_accel *a);
/* The accelerometer that the signal comes from, -1: none. */
int node_edge_accel_of (const node *n, unsigned signal);
/* Up to where the sensor can be believed. */
float node_edge_top_hz (const node_accel *a);
bool  node_edge_band_fits (const node *n, const node_band_edges *edges);

/* node-detect.c */
void node_detect_init (node *n);
/* What was usual before the restart; bands and tones are in force. */
void node_detect_recall (node *n);
void node_detect_second (node *n);
/* Forget what was usual of @signal, which means something else now. */
void node_detect_forget (node *n, unsigned signal);
/* Of all: after maintenance. */
void node_detect_reset (node *n);
/* A raw capture for news of @signal: its number, or 0 if there is none (no
 * accelerometer there, the last one too recent, flash busy). */
uint32_t node_detect_trigger (node *n, unsigned signal);

/* node-wave.c: blocks that are cut from the history and leave. */
void node_wave_init (node *n);
void node_wave_schedule (node *n);
/* @frames as the driver gave them, into the history. */
void node_wave_samples (node          *n,
                        node_accel    *a,
                        const int16_t *frames,
                        uint32_t       count);
/* @missing samples were not taken: the block begins anew. */
void node_wave_gap (node_accel *a, uint64_t missing);
bool node_wave_wanted (node *n, const node_accel *a);
int  node_wave_sensor (const node *n, const char *sensor, size_t length);
/* Let the next one begin to leave; true: there is more to do at once. */
bool node_wave_step (node *n);

/* node-block.c: the message of a block. */
uint32_t node_block_length (const node *n, const node_block *b);
/* @count bytes of the message from @at on; false: its samples are gone. */
bool node_block_read (const node       *n,
                      const node_block *b,
                      uint32_t          at,
                      uint8_t          *out,
                      uint32_t          count);
/* Fill in time, rate and quality of the block at b->n0. */
void node_block_stamp (node *n, node_block *b);

/* node-capture.c: captures kept in flash. */
void node_capture_init (node *n);
/* Take @frames of each axis of @axes (bit i: axis i) from sample number @n0 on,
 * which may be as old as the history; 0: busy, or more than can be kept.
 * Otherwise the capture's number. */
uint32_t node_capture_start (node    *n,
                             unsigned accel,
                             unsigned axes,
                             uint64_t n0,
                             uint32_t frames,
                             node_why why);
/* A triggered capture of all axes: all of the history that there is before
 * now (1 s of an ADXL355, 0.25 s of an IIS3DWB), and after it what fits. */
uint32_t node_capture_trigger (node *n, unsigned accel);
/* Write and erase a little; true: there is more to do at once. */
bool node_capture_step (node *n);
/* Let the next block leave; true: one does. */
bool node_capture_send (node *n);
/* Send blocks of the kept capture again; bit i of @blocks: block i. */
void node_capture_replay (node *n, uint64_t capture, uint32_t blocks);

/* node-report.c: birth, status, reported and ring, in this order, as far as
 * they are due and the queue has room. */
void node_announce (node *n);
/* Tell what the ring holds; @id of the replay answered, or NULL. */
void node_ring_report (node *n, const uint8_t *id);

/* node-replay.c */
void node_epochs_init (node *n);
/* The finished ones from flash, oldest first; returns how many. */
uint32_t node_epochs_get (const node *n, node_epoch epochs[NODE_EPOCHS_MAX]);
void     node_replay_request (node *n, const uint8_t *data, size_t length);
void     node_replay_step (node *n);

/* node-keys.c */
void      node_keys_init (node *n);
int       node_key_find (const node *n, const uint8_t kid[NODE_KID_SIZE]);
bool      node_key_add (node *n, const node_key *key, const char *name);
void      node_key_name (const node *n, int key, char out[NODE_NAME_SIZE]);
bool      node_key_remove (node *n, const uint8_t kid[NODE_KID_SIZE]);
node_role node_role_of (const char *text, size_t length);
/* Put a secret, and leave its former value nowhere. */
bool node_secret_put (node *n, unsigned secret, const void *data, size_t size);
/* Wipe keys and settings; identity is drawn anew at the next start. */
bool node_forget (node *n);
void node_enrol (node *n, const uint8_t *data, size_t length);

/* node-command.c, node-act.c */
typedef struct
{
  char             name[32];
  node_cbor_reader arguments; /* stands before the map */
  uint8_t          id[8];
  uint64_t         counter;
  uint32_t         epoch;
  double           not_after;
  int              key; /* whose */
} node_command;

void node_results_init (node *n);
void node_command_take (node *n, const uint8_t *data, size_t length);
/* @detail is encoded CBOR, or NULL. */
void      node_result (node          *n,
                       const uint8_t *id,
                       size_t         id_n,
                       const char    *status,
                       const char    *reason,
                       const uint8_t *detail,
                       size_t         detail_n,
                       bool           keep);
node_role node_act_role (const char *command);
bool      node_act_timeless (const char *command);
/* NULL: done, or running and answered later; otherwise the reason why not. */
const char *node_act (node *n, const node_command *c);
void        node_act_init (node *n);
void        node_act_done (node *n, const node_command *c);
/* Arguments of a command; false: absent or of another kind. */
bool node_argument_number (const node_command *c,
                           const char         *name,
                           double             *value);
bool node_argument_text (const node_command *c,
                         const char         *name,
                         char               *out,
                         size_t              size);
/* A command that takes its time: answered "running" now, and in @after_s what
 * @finish says: NULL and @detail (written if wanted), or why not. False:
 * another one has not finished. */
bool node_job_begin (node               *n,
                     const node_command *c,
                     double              after_s,
                     node_job_finish    *finish);
void node_job_step (node *n);
/* The capture that a command asked for has ended. */
void node_act_capture_done (node *n, bool ok);

/* node-maintenance.c */
bool        node_maintenance_due (const node *n);
void        node_put_maintenance (const node *n, node_cbor_writer *w);
const char *node_maintenance_schedule (node *n, const node_command *c);
const char *node_maintenance_confirm (node *n, const node_command *c);

/* node-update.c */
void        node_update_init (node *n);
void        node_update_step (node *n);
void        node_update_manifest (node *n, const uint8_t *data, size_t length);
void        node_update_chunk (node *n, const uint8_t *data, size_t length);
const char *node_update_command (node *n, const node_command *c);
/* Of the running image. */
const char *node_update_version (const node *n);
void        node_update_put (const node *n, node_cbor_writer *w);

/* node-calibrate.c */
void node_calibrate_init (node *n);
/* What @channel measured, as it is reported. */
float       node_calibrated (node *n, unsigned channel, float measured);
const char *node_calibrate_act (node *n, const node_command *c);
const char *node_calibrate_to_act (node *n, const node_command *c);
bool        node_has_calibration (const node *n);
void        node_write_calibration (const node *n, node_cbor_writer *w);

/* node-trip.c */
void node_trip_init (node *n);
void node_trip_step (node *n);
/* When node_trip_step must run again; 0: nothing is pending. */
uint64_t node_trip_deadline_us (const node *n);
bool     node_trip_armed (const node *n);
/* Whether this accelerometer must stay awake for a trip limit. */
bool node_trip_needs (const node *n, unsigned accel);
/* A fresh value of @signal, or (@good false) that there is none. */
void node_trip_value (node *n, unsigned signal, float value, bool good);
/* Velocity of axis x of an accelerometer since the call before: the sum of
 * its squares over @samples. */
void        node_trip_velocity (node    *n,
                                unsigned accel,
                                float    squares,
                                uint32_t samples);
void        node_trip_gap (node *n, unsigned accel);
const char *node_trip_set_act (node *n, const node_command *c);
const char *node_trip_reset_act (node *n, const node_command *c);
bool        node_has_trip (const node *n);
void        node_write_trip (const node *n, node_cbor_writer *w);

/* node-desired.c */
void node_desired_init (node *n);
void node_desired_take (node *n, const uint8_t *data, size_t length);
/* A setting that is not taken over: @path names it, @reason is a literal. */
void node_desired_refuse (node *n, const char *path, const char *reason);
/* The refusals of the document in force, as an array. */
void node_desired_put_refused (node *n, node_cbor_writer *w);

/* node-edge-property.c: bands and tones */
void        node_bands_reset (node *n);
const char *node_bands_read (node *n, const node_cbor_reader *value);
void        node_bands_write (const node *n, node_cbor_writer *w);
void        node_tones_reset (node *n);
const char *node_tones_read (node *n, const node_cbor_reader *value);
bool        node_tones_has (const node *n);
void        node_tones_write (const node *n, node_cbor_writer *w);

/* node-property.c: what `reported` tells, and what `desired` may set. Every
 * document resets all, then reads those it names. */
typedef struct
{
  const char *name;
  void (*reset) (node *n); /* to its default; NULL: keeps nothing of its own */
  /* Take @value (stands before one item of checked CBOR) over; NULL, or a
   * literal why not: then the default holds. No reader: only by command. */
  const char *(*read) (node *n, const node_cbor_reader *value);
  bool (*has) (const node *n); /* anything to report? NULL: always */
  void (*write) (const node       *n,
                 node_cbor_writer *w); /* one item, as in force */
} node_property;

/* In the order they are reported; NULL behind the last. */
const node_property *node_property_at (unsigned index);
const node_property *node_property_find (const char *name);
void                 node_properties_reset (node *n);
void                 node_properties_write (const node *n, node_cbor_writer *w);
/* After reading: what only shows when all are known. */
void node_property_settle (node *n);
void node_write_limits (const node *n, node_cbor_writer *w);
/* Order of keys in a map: by length, then by bytes. */
bool node_name_before (const char *a, const char *b);
/* For readers: a number of the map at @map; a whole number, 1 to @most. */
bool        node_property_real (const node_cbor_reader *map,
                                const char             *name,
                                double                 *value);
const char *node_property_whole (const node_cbor_reader *value,
                                 uint32_t                most,
                                 uint32_t               *out);

#endif
