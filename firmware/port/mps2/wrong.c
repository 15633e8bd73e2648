/* SPDX-License-Identifier: Apache-2.0
 *
 * wrong.c - what is wrong with the images that an update must not keep
 *
 * The linker puts one of these in the place of what the node calls: hang.elf
 * stops in a step, deaf.elf reaches no broker, clock.elf believes a clock that
 * is 0.3 % slow. The rest of each is the node as it is shipped.
 */
#include "node.h"

enum
{
  HANGS_AT_US = 4000000,
};

uint64_t   __wrap_node_step (node *n);
uint64_t   __real_node_step (node *n);
hal_status __wrap_hal_net_open (hal *h);
uint64_t   __wrap_hal_time_us (hal *h);
uint64_t   __real_hal_time_us (hal *h);

uint64_t
__wrap_node_step (node *n)
{
  while (hal_time_us (n->board) >= HANGS_AT_US)
    ;
  return __real_node_step (n);
}

hal_status
__wrap_hal_net_open (hal *h)
{
  return HAL_ERR_CLOSED;
}

uint64_t
__wrap_hal_time_us (hal *h)
{
  uint64_t us = __real_hal_time_us (h);

  return us - us * 3 / 1000;
}
