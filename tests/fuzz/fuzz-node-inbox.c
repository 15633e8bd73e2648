/* SPDX-License-Identifier: Apache-2.0 */
/* What else arrives at a node: requests to replay, beacons and enrolments bare
 * and well sealed, manifests and chunks. The last byte chooses. */
#include "fuzz.h"

#include "fuzz-node.h"

#define TIME_TOPIC "twin/1/northfield/@time"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const char *const bare[] = {
    CONSOLE_TOPIC ("replay"), CONSOLE_TOPIC ("enrol"),
    CONSOLE_TOPIC ("manifest"), CONSOLE_TOPIC ("chunk/data"), TIME_TOPIC
  };
  g_autoptr (GBytes) message = NULL;
  int64_t  before = 0, after = 0;
  unsigned way;

  if (size < 2 || size > 5000)
    return 0;

  fuzz_node_ready ();
  node_utc_us (fuzz_node, &before);
  way = data[size - 1] % (G_N_ELEMENTS (bare) + 2);
  if (way < G_N_ELEMENTS (bare))
    {
      fuzz_node_deliver (bare[way], data, size - 1);
      fuzz_node_deliver (bare[way], data, size);
    }
  else if (way == G_N_ELEMENTS (bare))
    {
      message = twin_signed_build (fuzz_engineer, TIME_TOPIC, data, size - 1);
      fuzz_node_deliver_bytes (TIME_TOPIC, message);
    }
  else
    {
      fuzz_node->token_burnt = false;
      message = twin_maced_build (fuzz_node->config.token,
                                  CONSOLE_TOPIC ("enrol"), data, size - 1);
      fuzz_node_deliver_bytes (CONSOLE_TOPIC ("enrol"), message);
    }

  node_utc_us (fuzz_node, &after);
  g_assert_cmpint (after, >=, before); /* a clock never goes back */
  fake_board_run (fuzz_board, fuzz_node, 0.01);
  return 0;
}
