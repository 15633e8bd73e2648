/* SPDX-License-Identifier: Apache-2.0
 *
 * faults.c - what can be wrong with a machine and with what measures it
 */
#include "faults.h"

#include <string.h>

static const sim_fault_info table[FAULTS] = {
  [FAULT_UNBALANCE] = { "unbalance", 0.5, "8 mm/s × severity at 1X, radial" },
  [FAULT_MISALIGNMENT] = { "misalignment", 0.5,
                           "5 mm/s × severity at 2X, half of it at 1X, most "
                           "of it axial" },
  [FAULT_LOOSENESS] = { "looseness", 0.5,
                        "1.5 mm/s × severity at 0.5X to 3X, less up to 10X" },
  [FAULT_OUTER_RACE] = { "outerRace", 0.8,
                         "impacts of burstG × 10^(2 (severity - 1)) at the "
                         "outer race's tone" },
  [FAULT_INNER_RACE] = { "innerRace", 0.8,
                         "the same at the inner race's, stronger in the load "
                         "zone" },
  [FAULT_BALL] = { "ball", 0.8, "the same at twice the ball's" },
  [FAULT_COOLING] = { "cooling", 0.6,
                      "heat transfer left = 1 - severity / 2; with a cooler" },
  [FAULT_OVERLOAD] = { "overload", 0.6, "load factor + 0.8 × severity" },
  [FAULT_SENSOR_DRIFT] = { "sensorDrift", 0.5,
                           "drive-end temperature reads 20 K × severity too "
                           "high" },
  [FAULT_BIAS] = { "bias", 0.5, "acceleration reads 1 g × severity too high" },
  [FAULT_STUCK] = { "stuck", 1, "acceleration repeats its last value" },
  [FAULT_DROPOUT] = { "dropout", 1, "the accelerometers do not answer" },
  [FAULT_CLIPPING] = { "clipping", 0.5,
                       "acceleration is amplified by 1 + 200 × severity" },
  [FAULT_WRONG_RPM] = { "wrongRpm", 0.5,
                        "the key-phasor tells 5 % × severity too much" },
  [FAULT_TACHO_MISSING] = { "tachoMissing", 0.5,
                            "20 % × severity of its pulses are missing" },
  [FAULT_TACHO_DOUBLE] = { "tachoDouble", 0.5,
                           "20 % × severity of its pulses come twice" },
  [FAULT_TACHO_DEAD] = { "tachoDead", 1, "it gives no pulses any more" },
  [FAULT_TIME_JITTER] = { "timeJitter", 0.5,
                          "the sample clock wanders by 2 % × severity" },
  [FAULT_PACKET_LOSS] = { "packetLoss", 0.3,
                          "the link is cut for that share of every 20 s" },
  [FAULT_RTD_OPEN] = { "rtdOpen", 1, "the drive end's Pt100 is open" },
  [FAULT_RTD_SHORT] = { "rtdShort", 1, "the drive end's Pt100 is shorted" },
  [FAULT_RTD_VOLTAGE] = { "rtdVoltage", 1,
                          "the drive end's Pt100 is at a foreign voltage" },
};

const sim_fault_info *
sim_fault_describe (sim_fault fault)
{
  return &table[fault];
}

bool
sim_fault_find (const char *name, sim_fault *fault)
{
  for (unsigned i = 0; i < FAULTS; i++)
    if (strcmp (table[i].name, name) == 0)
      {
        *fault = (sim_fault) i;
        return true;
      }
  return false;
}
