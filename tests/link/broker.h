/* SPDX-License-Identifier: Apache-2.0 */
/* broker.h - a real mosquitto of the test's own, on a free loopback port */
#pragma once

#include <glib.h>
#include <stdint.h>

typedef struct
{
  char    *folder;
  char    *config;
  uint16_t port;
  GPid     pid; /* 0: not running */
} Broker;

/* FALSE when no mosquitto is installed: the test is to be skipped. @more:
 * further lines of its configuration, or NULL; without a password_file in it
 * anybody may connect. */
gboolean broker_new (Broker *broker, const char *more);
/* Starts it, on the same port each time, and waits until it accepts. */
void broker_start (Broker *broker);
/* Waits until somebody accepts there. */
void broker_await (uint16_t port);
/* kill -9. */
void broker_kill (Broker *broker);
void broker_clear (Broker *broker);

/* For g_spawn_async(): the child ends with the test, however that ends. */
void broker_die_with_us (void *data);

/* A loopback port nobody listens on. */
uint16_t broker_free_port (void);
