/* SPDX-License-Identifier: Apache-2.0
 *
 * faults.h - what can be wrong with a machine and with what measures it
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <stdbool.h>

typedef enum
{
  /* Of the machine. */
  FAULT_UNBALANCE,
  FAULT_MISALIGNMENT,
  FAULT_LOOSENESS,
  FAULT_OUTER_RACE, /* fixed in the load zone */
  FAULT_INNER_RACE, /* passes the load zone once a turn */
  FAULT_BALL,       /* strikes both races */
  FAULT_COOLING,
  FAULT_OVERLOAD,
  /* Of its sensors and of the link. */
  FAULT_SENSOR_DRIFT,
  FAULT_BIAS,
  FAULT_STUCK,
  FAULT_DROPOUT,
  FAULT_CLIPPING,
  FAULT_WRONG_RPM,
  FAULT_TACHO_MISSING,
  FAULT_TACHO_DOUBLE,
  FAULT_TACHO_DEAD,
  FAULT_TIME_JITTER,
  FAULT_PACKET_LOSS,
  FAULT_RTD_OPEN,
  FAULT_RTD_SHORT,
  FAULT_RTD_VOLTAGE,
  FAULTS,
} sim_fault;

typedef struct
{
  const char *name;     /* in fleet files and on the command line */
  double      severity; /* if none is given, 0 to 1 */
  const char *effect;   /* one line, for people */
} sim_fault_info;

const sim_fault_info *sim_fault_describe (sim_fault fault);

/* False: there is no fault @name. */
bool sim_fault_find (const char *name, sim_fault *fault);

#endif
