/* SPDX-License-Identifier: Apache-2.0
 *
 * sim-private.h - between the parts of the simulated board
 */
#ifndef SIM_PRIVATE_H
#define SIM_PRIVATE_H

#include "sim.h"

hal_status sim_adxl355_transfer (sim           *s,
                                 uint64_t       now_us,
                                 const uint8_t *tx,
                                 uint8_t       *rx,
                                 size_t         n);
hal_status sim_daq16_transfer (sim           *s,
                               uint64_t       now_us,
                               const uint8_t *tx,
                               uint8_t       *rx,
                               size_t         n);

#endif
