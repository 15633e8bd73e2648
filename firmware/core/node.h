/* SPDX-License-Identifier: Apache-2.0
 *
 * node.h - one node: everything it knows, in one struct
 *
 * A superloop without threads: node_step() does what is due and says when to
 * call again. No allocation after node_init(), no globals. The modules
 * node-*.c are its parts; node-private.h is between them.
 */
#ifndef NODE_H
#define NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "acs723.h"
#include "accel.h"
#include "hal.h"
#include "max31865.h"
#include "node-calibrate.h"
#include "node-cbor.h"
#include "node-config.h"
#include "node-cose.h"
#include "node-detect.h"
#include "node-edge.h"
#include "node-keep.h"
#include "node-mqtt.h"
#include "node-ring.h"
#include "node-samples.h"
#include "node-sensors.h"
#include "node-update.h"
#include "node-trip.h"
#include "node-wave.h"
#include "tacho.h"

/* RAM. All of it is this struct: at most 64 KB (tests/firmware/test-size.c
 * prints the parts), on a 32-bit board some 2 KB less. A module's state is a
 * struct of its own header in here, without buffers: a message that came in
 * lies in the parser until its handler returns; node_scratch_memory() is room
 * to write or verify one; flash is read in pieces of some 256 bytes on the
 * stack; samples are in the history. */
enum
{
  NODE_SIGNALS_MAX = 32,
  NODE_NAMES_SIZE = 640, /* of all signals, with their terminators */
  NODE_NAME_SIZE = 65,   /* text64 and its terminator */
  NODE_TOPIC_SIZE = 160,
  NODE_SENSORS_MAX = NODE_ACCELS_MAX + NODE_RTDS_MAX + 2,
  NODE_KEYS_MAX = 8,
  NODE_SPENT_MAX = 8,
  NODE_RESULTS_MAX = 16,
  NODE_RESULT_SIZE = 384,  /* bytes of a stored result */
  NODE_RECORD_SIZE = 1792, /* bytes of a record of telemetry */
  NODE_SPANS_MAX = 32,
  NODE_EPOCHS_MAX = 128, /* finished ones whose end is known */
  NODE_REFUSALS_MAX = 7,
  NODE_MAX_SILENCE_S = 60, /* where nothing else is said */
  NODE_DESIRED_MAX = 4096,
};

typedef enum
{
  NODE_QUALITY_GOOD = 0,
  NODE_QUALITY_UNCERTAIN = 1,
  NODE_QUALITY_BAD = 2, /* no value */
} node_quality;

/* One scalar the node reports. */
typedef struct
{
  const char *name; /* in node.names */
  const char *unit;
  double      limit;     /* edge limit: above it for limit_delay_s */
  float       low, high; /* what the sensor can tell */
  float       value;     /* of the newest second */
  float       mean;      /* of the n good values of this period */
  float       sent;      /* last value published */
  uint32_t    over_s;    /* seconds above its limit, in a row */
  uint32_t    sent_s;    /* second of node.seconds it was, 0: never */
  float       deadband;
  float       limit_delay_s;
  uint16_t    n;
  uint8_t     moved;   /* seconds beyond its deadband */
  uint8_t     quality; /* node_quality */
  uint8_t     sent_quality;
  bool        limited;
  bool        tripped; /* the edge was reported */
  bool        hidden;  /* not measured as things are: not told of */
} node_signal;

typedef struct
{
  accel_device      driver;
  node_accel_config config;
  char              sensor[NODE_NAME_SIZE]; /* "de/acceleration" */
  unsigned          axes;
  bool              running;
  bool              failed;
  uint64_t          base_count; /* where the rate is measured from */
  uint64_t          base_us;
  uint64_t          read_us; /* newest sample's time */
  double            rate_hz; /* measured */
  uint32_t          overruns;
  node_edge_accel   edge;

  /* Samples are numbered by samples.count; axes in turn, 16 bit. Since the
   * last gap they are cut into blocks of block_n. */
  node_samples samples;
  uint32_t     block_n;
  uint64_t     block_n0;   /* of the block that is filling */
  uint32_t     clips, clips_seen; /* clipped samples; a second ago */
  uint8_t      clipped_s;         /* still told for so long */
  int16_t      newest;            /* sample of axis x, and how often in a row */
  uint32_t     same;
  bool         has_drift;
  float        drift_ppm; /* of its sample clock, by the node's */
  bool         tested;     /* false: it is under test, or will be at start */
  bool         unfit;      /* its self-test failed */
  uint8_t      quality;    /* block's bits so far */
  node_block   offer;      /* the newest whole block, while it waits to leave */
  uint8_t      offer_axes; /* bit i: axis i still waits */
  uint32_t     capture;    /* running schedule capture, 0: none */
  uint32_t     capture_left; /* blocks */
} node_accel;

typedef enum
{
  NODE_ROLE_NONE,
  NODE_ROLE_OPERATOR,
  NODE_ROLE_MAINTAINER,
  NODE_ROLE_ENGINEER,
} node_role;

typedef struct
{
  uint8_t key[32];
  uint8_t kid[NODE_KID_SIZE];
  uint8_t role; /* NODE_ROLE_NONE: free */
} node_key;

/* A finished epoch, kept in flash. */
typedef struct
{
  uint32_t epoch;
  uint32_t last; /* newest seq */
} node_epoch;

typedef struct
{
  uint32_t epoch;
  uint32_t from, to;
  bool     telemetry; /* second pass: telemetry */
} node_span;

typedef enum
{
  NODE_MODE_RUNNING,
  NODE_MODE_STANDBY,
  NODE_MODE_SERVICE,
} node_mode;

/* What a desired document may set; defaults until then. */
typedef struct
{
  bool     duty;
  double   duty_block_s, duty_every_s;
  double   capture_s, every_s;
  uint32_t summary_period_s;
  uint32_t max_silence_s;
  uint32_t fast_s, calm_s; /* adaptive; 0: not */
  bool     live;
  char     live_sensor[NODE_NAME_SIZE];
  unsigned live_axis;
  double   live_until_s; /* UTC */
} node_properties;

/* A property that was not taken over, and why. */
typedef struct
{
  char        path[NODE_NAME_SIZE];
  const char *reason;
} node_refusal;

typedef struct
{
  bool     known;     /* absolute time can be told */
  int64_t  offset_us; /* UTC = hal time + offset */
  int64_t  owed_us;   /* still to be taken back by slewing; >= 0 */
  uint64_t slewed_us; /* hal time of the last slew */
  int64_t  step_us;   /* a large step that waits for a second beacon, 0: none */
  uint64_t step_at_us; /* hal time when that was asked for */
} node_time;

typedef struct node node;

typedef const char *node_job_finish (node *n, node_cbor_writer *detail);

/* The one long command that is running. */
typedef struct
{
  node_job_finish *finish; /* NULL: none */
  uint8_t          id[8];
  uint64_t         due_us;
} node_job;

struct node
{
  hal        *board;
  node_config config;
  node_keep   secrets;
  node_keep   keep;
  node_ring   ring;
  node_mqtt   mqtt;
  char        prefix[NODE_TOPIC_SIZE]; /* twin/1/plant/node/ */

  uint8_t  seed[32]; /* own private key */
  uint8_t  key[32];
  uint8_t  kid[NODE_KID_SIZE];
  uint32_t epoch;
  bool     removed;      /* decommissioned: leaves no farewell */
  bool     ring_refuses; /* the last record could not be kept */

  uint32_t    seconds; /* measured since boot */
  node_signal signals[NODE_SIGNALS_MAX];
  unsigned    n_signals;
  char        names[NODE_NAMES_SIZE];
  uint32_t    names_n;
  node_accel  accels[NODE_ACCELS_MAX];
  int16_t     pool[NODE_SAMPLES_POOL]; /* their histories */
  max31865    rtds[NODE_RTDS_MAX];
  unsigned    rtd_signal[NODE_RTDS_MAX];
  acs723      current;
  unsigned    current_signal, load_signal, speed_signal, hours_signal;
  tacho       tacho;
  node_sensors sensors;
  double      running_s; /* machine's, kept now and then */
  uint64_t    running_kept_us;
  float       last_speed;
  node_edge   edge;
  node_detect detect;

  uint64_t next_second_us;
  uint64_t next_drain_us;
  uint32_t summary_at_s; /* second of the next record */
  uint32_t calm_at_s;    /* until then records come fast */
  uint64_t next_schedule_us;
  uint64_t next_duty_us;
  uint64_t duty_until_us;
  uint32_t last_capture; /* number given to the newest capture */

  node_time time;
  int64_t   beacons_us[NODE_KEYS_MAX]; /* newest of each key */
  uint64_t  beacons_kept_us;

  node_key keys[NODE_KEYS_MAX];
  uint64_t counters[NODE_KEYS_MAX];
  bool     token_burnt;
  uint8_t  enrol_digest[32]; /* of the enrolment that burnt it */
  uint8_t  enrol_nonce[16];
  uint8_t  enrol_kid[NODE_KID_SIZE];
  uint8_t  result_ids[NODE_RESULTS_MAX][8];
  uint32_t next_result;
  uint64_t refused_log_us; /* the last refusal was logged */
  uint32_t refusals;       /* in the running second */
  uint64_t refusals_us;

  node_properties properties;
  node_mode       mode;
  uint64_t        desired_version;
  uint8_t         desired_digest[32];
  bool            has_desired;
  const char     *desired_ignored; /* why the newest one was, or NULL */
  node_refusal    refused[NODE_REFUSALS_MAX]; /* of the one in force */
  unsigned        n_refused;
  uint64_t        ignored_us; /* last time an ignored one was reported */
  bool            birth_due;
  bool            status_due;
  bool            report_due;
  bool            ring_due;
  bool            ring_answers; /* a replay: ring_id is its id */
  uint8_t         ring_id[8];

  node_block   stream_block; /* leaving from a history */
  node_capture capture;

  node_update    update;
  node_job       job;
  node_trip      trip;
  node_calibrate calibrate;

  uint64_t led_until_us;
  uint64_t reset_at_us; /* 0: none due */

  node_span        spans[NODE_SPANS_MAX];
  uint32_t         n_spans;
  node_ring_cursor replay_cursor;
  bool             replay_placed;
  uint32_t         replay_rate; /* records a second */
  uint64_t         replay_next_us;

  uint32_t dropped_blocks;
  uint32_t malformed; /* messages dropped whole */
};

/* Read flash, choose identity and epoch, start the sensors. Only a board that
 * cannot keep anything makes it fail. @config is copied. */
hal_status node_init (node *n, hal *board, const node_config *config);

/* Do what is due; returns the hal_time_us at which to call again, sooner when
 * the network has something. */
uint64_t node_step (node *n);

/* Say farewell before a wanted stop: status offline, disconnected. */
void node_stop (node *n);

#endif
