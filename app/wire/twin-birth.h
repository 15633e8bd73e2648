/* SPDX-License-Identifier: Apache-2.0 */
/* twin-birth.h - what a node says of itself when it connects
 *
 * Pure; any thread; a parsed birth is never changed again.
 */
#pragma once

#include "twin-wire.h"

G_BEGIN_DECLS

typedef struct
{
  char    *name; /* as in SenML or a block's sensor, prefix included */
  char     axis; /* 'x', 'y', 'z', or 0 for a scalar */
  char    *unit; /* SenML */
  double   rate_hz;
  double   low; /* range, in unit */
  double   high;
  uint32_t max_silence_s;
} TwinBirthSensor;

typedef struct
{
  char *prefix; /* "" or e.g. "de/" */
  char *twin;
  char *model; /* DTMI */
} TwinBirthServes;

typedef struct
{
  char  *name;
  double value;
} TwinBirthLimit;

typedef struct
{
  char    *serial;
  char    *device_class;
  char    *firmware;
  uint8_t  build[32];
  size_t   build_size;
  char   **features; /* NULL-terminated */
  char    *boot;     /* why it booted */
  uint8_t  ring[TWIN_RING_SIZE];
  uint32_t epoch;
  double   up;      /* seconds since boot */
  int64_t  time_us; /* UTC when it was made, or TWIN_TIME_NONE */
  uint8_t  key[TWIN_PUBLIC_KEY_SIZE]; /* a claim: trust only what
                                       * `enrolled` brought */
  gboolean         enrolled;
  size_t           n_sensors;
  TwinBirthSensor *sensors;
  size_t           n_limits;
  TwinBirthLimit  *limits;
  size_t           n_serves;
  TwinBirthServes *serves;
  double           virtual_rate; /* node seconds a real second; 0: real time */
} TwinBirth;

/* @data: the payload of a TwinSigned. An empty retained message means the
 * node was removed; that is the caller's to see, here it is a SYNTAX error. */
TwinBirth *twin_birth_parse (const uint8_t *data, size_t size, GError **error);
void       twin_birth_free (TwinBirth *birth);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinBirth, twin_birth_free)

/* The entry of `serves` with the longest prefix of @name, or NULL; @path
 * (borrowed from @name) becomes what follows the prefix. */
const TwinBirthServes *twin_birth_find_twin (const TwinBirth *birth,
                                             const char      *name,
                                             const char     **path);

/* The sensor of that name and axis (0: any), or NULL. */
const TwinBirthSensor *twin_birth_find_sensor (const TwinBirth *birth,
                                               const char      *name,
                                               char             axis);

G_END_DECLS
