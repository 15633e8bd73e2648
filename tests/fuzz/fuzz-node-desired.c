/* SPDX-License-Identifier: Apache-2.0 */
/* A desired document: unsigned bytes change nothing; under a good signature
 * any payload leaves settings within their bounds, and what the node then
 * reports can be read by a console. */
#include "fuzz.h"

#include "fuzz-node.h"

#define TOPIC CONSOLE_TOPIC ("desired")

static void
check (void)
{
  const node            *n = fuzz_node;
  const node_properties *p = &n->properties;

  g_assert_cmpuint (p->summary_period_s, >=, 1);
  g_assert_cmpuint (p->summary_period_s, <=, 3600);
  g_assert_cmpuint (p->max_silence_s, >=, p->summary_period_s);
  g_assert_cmpuint (p->max_silence_s, <=, 7200);
  g_assert_true (p->every_s == 0 || p->every_s >= p->capture_s);
  g_assert_true (!p->duty || p->duty_every_s >= p->duty_block_s);
  g_assert_cmpuint (n->n_refused, <=, NODE_REFUSALS_MAX);
  for (unsigned i = 0; i < n->n_signals; i++)
    g_assert_true (n->signals[i].deadband >= 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) message = NULL;
  g_autoptr (TwinReported) reported = NULL;
  uint64_t version;

  if (size < 1 || size > 5000)
    return 0;

  fuzz_node_ready ();
  version = fuzz_node->desired_version;
  fuzz_node_deliver (TOPIC, data, size);
  g_assert_cmpuint (fuzz_node->desired_version, ==, version);

  fuzz_node->has_desired = false; /* any version is newer */
  fuzz_node->desired_version = 0;
  fuzz_node->ignored_us = 0;
  message = twin_signed_build (fuzz_engineer, TOPIC, data, size);
  fuzz_node_deliver_bytes (TOPIC, message);
  check ();

  fake_board_run (fuzz_board, fuzz_node, 0.01);
  reported = console_reported (fuzz_board, fuzz_node);
  if (reported != NULL && fuzz_node->has_desired)
    g_assert_cmpuint (reported->version, ==, fuzz_node->desired_version);
  g_assert_null (strstr (fuzz_board->log->str, "does not fit"));
  return 0;
}
