/* SPDX-License-Identifier: Apache-2.0 */
/* A command: unsigned bytes change nothing; under one or two good signatures
 * any payload leaves a node that an engineer can still command, in a mode
 * there is, its machine running unless it says why not. */
#include "fuzz.h"

#include "fuzz-node.h"

#define TOPIC CONSOLE_TOPIC ("command")

/* The fuzzer need not guess epoch and time. */
static void
suit (const uint8_t *data, size_t size)
{
  node_cbor_reader r, value;
  uint64_t         epoch;
  double           not_after;

  if (!node_cbor_valid (data, size))
    return;
  node_cbor_open (&r, data, size);
  if (node_cbor_find (&r, "epoch", &value) &&
      node_cbor_get_uint (&value, &epoch) && epoch <= UINT32_MAX)
    fuzz_node->epoch = (uint32_t) epoch;
  if (node_cbor_find (&r, "notAfter", &value) &&
      node_cbor_get_f64 (&value, &not_after) && not_after > 100 &&
      not_after < 1e10)
    fuzz_node->time.offset_us =
        (int64_t) ((not_after - 10) * 1e6) - (int64_t) fuzz_board->time_us;
  memset (fuzz_node->counters, 0, sizeof fuzz_node->counters);
  memset (fuzz_node->result_ids, 0xee, sizeof fuzz_node->result_ids);
}

static void
check (void)
{
  const node *n = fuzz_node;
  unsigned    engineers = 0;

  if (n->removed)
    return;
  for (unsigned i = 0; i < NODE_KEYS_MAX; i++)
    {
      engineers += n->keys[i].role == NODE_ROLE_ENGINEER;
      g_assert_cmpuint (n->keys[i].role, <=, NODE_ROLE_ENGINEER);
    }
  g_assert_cmpuint (engineers, >, 0);
  g_assert_cmpuint (n->mode, <=, NODE_MODE_SERVICE);
  for (unsigned i = 0; i < NODE_TRIPS_MAX; i++)
    g_assert_cmpuint (n->trip.limits[i].signal, <=, NODE_SIGNALS_MAX);
  g_assert_true (!fuzz_board->sim.machine.stopped || n->trip.tripped);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) one = NULL;
  g_autoptr (GBytes) two = NULL;
  node_key before[NODE_KEYS_MAX];

  if (size < 1 || size > 5000)
    return 0;

  fuzz_node_ready ();
  memcpy (before, fuzz_node->keys, sizeof before);
  fuzz_node_deliver (TOPIC, data, size);
  g_assert_cmpmem (before, sizeof before, fuzz_node->keys, sizeof before);

  suit (data, size);
  one = twin_signed_build (data[size - 1] % 2 ? fuzz_engineer : fuzz_second,
                           TOPIC, data, size);
  if (data[size / 2] % 4 == 0)
    two = twin_command_countersign (one, "Second",
                                    data[size - 1] % 2 ? fuzz_second
                                                       : fuzz_engineer,
                                    TOPIC, NULL);
  fuzz_node_deliver_bytes (TOPIC, two != NULL ? two : one);
  check ();

  /* What it set off goes on for a while; a restart it asked for is passed. */
  fake_board_run (fuzz_board, fuzz_node, 0.01);
  fuzz_node->reset_at_us = 0;
  fuzz_board->reset = false;
  check ();
  return 0;
}
