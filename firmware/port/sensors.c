/* SPDX-License-Identifier: Apache-2.0
 *
 * sensors.c - the simulated sensors that a node's configuration names
 */
#include "sensors.h"

void
sensors_fit (sim *s, sim_iis3dwb *wide, const node_config *c)
{
  for (size_t i = 0; i < c->n_accels; i++)
    if (c->accels[i].kind == NODE_ACCEL_ADXL355)
      sim_fit_adxl355 (s);
    else if (c->accels[i].kind == NODE_ACCEL_IIS3DWB)
      sim_fit_iis3dwb (s, wide);
  for (size_t i = 0; i < c->n_rtds; i++)
    sim_fit_rtd (s, c->rtds[i].device - HAL_SPI_RTD_0);
  if (c->current.fitted)
    sim_fit_current (s, c->current.volt_per_a, c->current.supply_v,
                     c->current.ratio);
}
