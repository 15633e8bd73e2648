/* SPDX-License-Identifier: Apache-2.0
 *
 * stream.h - one TCP connection, inside the port
 *
 * hal_net_… is made of it in net.c; what protects the bytes goes between. The
 * calls are those of hal.h and mean the same; memory of the stack is static.
 */
#ifndef STREAM_H
#define STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "factory.h"
#include "hal.h"

/* Bring the network up. False: no Ethernet controller. @random seeds local
 * port numbers. */
bool stream_start (const factory_net *net, uint32_t random);

/* Let the stack take what arrived and do what is due. */
void stream_poll (void);

/* Microseconds until stream_poll has something to do by itself. */
uint64_t stream_idle_us (void);

hal_status    stream_open (const uint8_t address[4], uint16_t port);
hal_net_state stream_state (void);
int32_t       stream_send (const uint8_t *data, size_t n);
int32_t       stream_recv (uint8_t *out, size_t n);

/* Why it is closed, static text; NULL: it was never opened. */
const char *stream_reason (void);

/* What was sent still goes out. */
void stream_close (void);

/* Nothing sent waits for the other end's word. */
bool stream_drained (void);

#endif
