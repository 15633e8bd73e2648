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
#include "node-config.h"
#include "node-cose.h"
#include "node-keep.h"
#include "node-mqtt.h"
#include "node-ring.h"
#include "node-update.h"
#include "node-vibration.h"

enum
{
  NODE_SIGNALS_MAX = 24,
  NODE_NAME_SIZE = 65, /* text64 and its terminator */
  NODE_TOPIC_SIZE = 160,
  NODE_KEYS_MAX = 8,
  NODE_RESULTS_MAX = 16,
  NODE_RESULT_SIZE = 384, /* bytes of a stored result */
  NODE_SPANS_MAX = 32,
  NODE_EPOCHS_MAX = 256,
  NODE_REFUSALS_MAX = 12,
  NODE_MAX_SILENCE_S = 60, /* where nothing else is said */
  NODE_DESIRED_MAX = 4096,
  NODE_BLOCK_SAMPLES = 12000, /* of all axes of one block time */
  NODE_SCRATCH_SIZE = 16384,
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
  char         name[NODE_NAME_SIZE];
  const char  *unit;
  double       low, high; /* what the sensor can tell */
  float        value;     /* of the newest second */
  node_quality quality;
  double       sum;  /* over the summary period */
  uint32_t     n;    /* good values in sum */
  float        sent; /* last value published, and when */
  node_quality sent_quality;
  uint64_t     sent_us;
  float        deadband;
  bool         limited; /* an edge limit: high for delay_s */
  double       limit, limit_delay_s;
  uint64_t     over_us; /* since when above, 0: not */
  bool         tripped; /* the edge was reported */
} node_signal;

typedef struct
{
  accel_device      driver;
  node_accel_config config;
  char              sensor[NODE_NAME_SIZE]; /* "de/acceleration" */
  unsigned          axes;
  bool              running;
  bool              failed;
  uint64_t          count;      /* samples of this epoch, gaps counted in */
  uint64_t          base_count; /* where the rate is measured from */
  uint64_t          base_us;
  uint64_t          read_us; /* newest sample's time */
  double            rate_hz; /* measured */
  uint32_t          overruns;
  node_vibration    vibration;    /* of axis x */
  unsigned          first_signal; /* velocity, r.m.s., peak, crest, kurtosis */
  /* The block being filled. */
  int16_t  samples[NODE_BLOCK_SAMPLES];
  uint32_t block_n; /* samples an axis in a block */
  uint32_t fill;    /* of block_n */
  uint64_t n0;      /* of samples[0] */
  bool     unfit;   /* its self-test failed */
  uint8_t  quality; /* block's bits so far */
  bool     discard; /* nobody wants this block */
  /* Captures. */
  uint32_t capture;      /* running schedule capture, 0: none */
  uint32_t capture_left; /* blocks */
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
  char    name[NODE_NAME_SIZE];
} node_key;

typedef struct
{
  uint32_t epoch;
  uint32_t reserved;
  uint64_t last; /* newest seq; UINT64_MAX: none was written */
} node_epoch;

typedef struct
{
  uint32_t epoch;
  uint64_t from, to;
  uint64_t events_from; /* the pass over events is this far */
  bool     telemetry;   /* second pass: telemetry */
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

typedef struct
{
  hal              *board;
  node_config       config;
  node_keep         keep;
  node_ring         ring;
  node_mqtt         mqtt;
  node_mqtt_options mqtt_options;
  char              prefix[NODE_TOPIC_SIZE]; /* twin/1/plant/node/ */
  char              client_id[NODE_TOPIC_SIZE];
  char              will_topic[NODE_TOPIC_SIZE];
  char              time_topic[NODE_TOPIC_SIZE];

  uint8_t  seed[32]; /* own private key */
  uint8_t  key[32];
  uint8_t  kid[NODE_KID_SIZE];
  uint32_t epoch;
  bool     removed;      /* decommissioned: leaves no farewell */
  bool     ring_refuses; /* the last record could not be kept */

  node_signal signals[NODE_SIGNALS_MAX];
  unsigned    n_signals;
  node_accel  accels[NODE_ACCELS_MAX];
  max31865    rtds[NODE_RTDS_MAX];
  unsigned    rtd_signal[NODE_RTDS_MAX];
  acs723      current;
  unsigned    current_signal, load_signal, speed_signal, hours_signal;
  hal_tacho   tacho;     /* at the last second */
  double      running_s; /* machine's, kept now and then */
  uint64_t    running_kept_us;
  float       last_speed;

  uint64_t next_second_us;
  uint64_t next_drain_us;
  uint64_t next_summary_us;
  uint64_t next_schedule_us;
  uint64_t next_duty_us;
  uint64_t duty_until_us;
  uint32_t last_capture; /* number given to the newest capture */

  node_time time;

  node_key keys[NODE_KEYS_MAX];
  uint64_t counters[NODE_KEYS_MAX];
  bool     token_burnt;
  uint8_t  enrol_digest[32]; /* of the enrolment that burnt it */
  uint8_t  enrol_nonce[16];
  uint8_t  enrol_kid[NODE_KID_SIZE];
  uint8_t  result_ids[NODE_RESULTS_MAX][8];
  uint32_t next_result;
  uint32_t refusals; /* in the running second */
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
  bool            report_due;
  bool            birth_due;

  /* A capture asked for by command. */
  bool     take_active;
  unsigned take_accel, take_axis;
  uint32_t take_number, take_left, take_index;
  uint8_t  take_id[8];

  node_update update;

  uint64_t led_until_us;
  uint64_t reset_at_us; /* 0: none due */

  node_epoch       epochs[NODE_EPOCHS_MAX]; /* finished ones, oldest first */
  uint32_t         n_epochs;
  node_span        spans[NODE_SPANS_MAX];
  uint32_t         n_spans;
  node_ring_cursor replay_cursor;
  bool             replay_placed;
  uint32_t         replay_rate; /* records a second */
  uint64_t         replay_next_us;
  uint32_t         replay_blocks; /* bit i: block i of the kept capture */

  uint32_t dropped_blocks;
  uint32_t malformed; /* messages dropped whole */

  uint8_t scratch[NODE_SCRATCH_SIZE];     /* one message being built */
  uint8_t check[NODE_MQTT_RX_SIZE + 512]; /* one message being verified */
} node;

/* Read flash, choose identity and epoch, start the sensors. Only a board that
 * cannot keep anything makes it fail. @config is copied. */
hal_status node_init (node *n, hal *board, const node_config *config);

/* Do what is due; returns the hal_time_us at which to call again, sooner when
 * the network has something. */
uint64_t node_step (node *n);

/* Say farewell before a wanted stop: status offline, disconnected. */
void node_stop (node *n);

#endif
