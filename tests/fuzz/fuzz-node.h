/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz-node.h - one node that takes many messages, as in life; afresh now and
 * then, and whenever a message has ended its life */
#pragma once

#include <string.h>

#include "console.h"
#include "node-private.h"
#include "twin-cose.h"

static hal     *fuzz_board;
static node    *fuzz_node;
static TwinKey *fuzz_engineer, *fuzz_second;

static void
fuzz_node_ready (void)
{
  static unsigned age;

  if (fuzz_node != NULL && age++ % 400 != 0 && !fuzz_node->removed)
    {
      fake_board_forget (fuzz_board);
      g_string_truncate (fuzz_board->log, 0);
      return;
    }

  g_clear_pointer (&fuzz_node, g_free);
  g_clear_pointer (&fuzz_board, fake_board_free);
  if (fuzz_engineer == NULL)
    {
      fuzz_engineer = console_key (3);
      fuzz_second = console_key (9);
    }
  fuzz_board = fake_board_new (1);
  fuzz_node = fake_board_start (fuzz_board);
  console_trust (fuzz_node, fuzz_engineer, NODE_ROLE_ENGINEER);
  console_trust (fuzz_node, fuzz_second, NODE_ROLE_ENGINEER);
  fake_board_run (fuzz_board, fuzz_node, 0.1);
  fake_board_forget (fuzz_board);
}

static void
fuzz_node_deliver (const char *topic, const uint8_t *data, size_t size)
{
  fake_board_deliver (fuzz_board, fuzz_node, topic, data, size);
}

static inline void
fuzz_node_deliver_bytes (const char *topic, GBytes *message)
{
  gsize          size;
  const uint8_t *data = g_bytes_get_data (message, &size);

  fuzz_node_deliver (topic, data, size);
}
