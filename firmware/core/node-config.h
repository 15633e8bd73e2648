/* SPDX-License-Identifier: Apache-2.0
 *
 * node-config.h - what one node is told at start: its name and its sensors
 *
 * Filled by the port (from the plant file, or factory flash), constant after.
 * All strings outlive the node.
 */
#ifndef NODE_CONFIG_H
#define NODE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum
{
  NODE_TOKEN_SIZE = 16,
  NODE_SERVES_MAX = 8,
  NODE_ACCELS_MAX = 2,
  NODE_RTDS_MAX = 4,
  NODE_LIMITS_MAX = 8,
};

typedef struct
{
  const char *prefix; /* of the signal names, "" or "de/" */
  const char *twin;
  const char *model; /* DTMI */
} node_serve;

typedef enum
{
  NODE_ACCEL_ADXL355, /* three axes, 20 bit, 4 kHz */
  NODE_ACCEL_DAQ16,   /* one axis, 16 bit, any rate: plays recordings */
  NODE_ACCEL_IIS3DWB, /* one axis or three, 16 bit, 26.667 kHz */
} node_accel_kind;

typedef struct
{
  node_accel_kind kind;
  unsigned        device;  /* HAL_SPI_… */
  const char     *prefix;  /* "de/": sensor de/acceleration, de/kurtosis … */
  const char     *name;    /* instead of "acceleration": a second one there */
  double          rate_hz; /* nominal */
  double          range_g; /* ADXL355: 2, 4 or 8; IIS3DWB also 16 */
  unsigned        axes;    /* IIS3DWB: 1 (x) or 3 */
  double          g_per_lsb; /* DAQ16 */
  bool            recording; /* its samples are a recording played back */
} node_accel_config;

typedef struct
{
  unsigned    device; /* HAL_SPI_… */
  const char *name;   /* signal, Cel */
} node_rtd_config;

typedef struct
{
  bool        fitted;
  const char *name;       /* signal, A r.m.s. of the motor's phase */
  const char *load_name;  /* signal, load factor / */
  double      ratio;      /* of the current transformer before the sensor */
  double      volt_per_a; /* of the sensor */
  double      supply_v;
  double      idle_a; /* motor current without load */
  double      rated_a;
} node_current_config;

typedef struct
{
  const char *name; /* signal */
  double      high;
  double      delay_s; /* above it for this long */
} node_limit_config;

typedef struct
{
  const char         *plant;
  const char         *node;
  const char         *serial;
  const char         *node_class;
  const char         *firmware; /* version of what the board was made with */
  const char         *vendor;   /* of its firmware; NULL: is never updated */
  uint8_t             vendor_key[32]; /* Ed25519, public */
  const char         *user;           /* at the broker, or NULL */
  const char         *password;
  bool                has_token;
  uint8_t             token[NODE_TOKEN_SIZE];
  node_serve          serves[NODE_SERVES_MAX];
  size_t              n_serves;
  node_accel_config   accels[NODE_ACCELS_MAX];
  size_t              n_accels;
  node_rtd_config     rtds[NODE_RTDS_MAX];
  size_t              n_rtds;
  node_current_config current;
  const char         *speed_name; /* shaft speed's signal, NULL: not told */
  double              rated_rpm;  /* at rated load; 0: not known */
  double              rated_slip; /* of it, there; 0: not known */
  const char         *hours_name; /* running hours, NULL: not counted */
  double              hours;      /* counted before the node was fitted */
  node_limit_config   limits[NODE_LIMITS_MAX];
  size_t              n_limits;
  /* Until a desired document says: */
  double   capture_s; /* schedule */
  double   every_s;
  uint32_t summary_period_s; /* 0: 1 */
  double   duty_block_s;     /* 0: continuous */
  double   duty_every_s;
  double   time_scale; /* node seconds a real second; 0 or 1: real time */
  double   phase_s;    /* of schedule and telemetry, spreads a fleet */
  bool     simulated;  /* the machine is: told in birth's features */
} node_config;

#endif
