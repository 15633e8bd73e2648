/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that arrives in an envelope, and the envelopes: birth, ring,
 * reported, result, desired, enrolled. No bytes we did not sign verify. */
#include "fuzz.h"

#include "twin-birth.h"
#include "twin-command.h"
#include "twin-cose.h"
#include "twin-document.h"
#include "twin-enrol.h"
#include "twin-ring.h"

static const char topic[] = "twin/1/fuzz/n-1/result";

static void
parse_each (const uint8_t *data, size_t size)
{
  g_autoptr (TwinBirth) birth = twin_birth_parse (data, size, NULL);
  g_autoptr (TwinRingReport) ring = twin_ring_report_parse (data, size, NULL);
  g_autoptr (TwinReported) reported = twin_reported_parse (data, size, NULL);
  g_autoptr (TwinResult) result = twin_result_parse (data, size, NULL);
  g_autoptr (TwinDesiredDocument) desired =
      twin_desired_document_parse (data, size, NULL);
  const char *path;

  if (birth != NULL)
    {
      twin_birth_find_twin (birth, "de/temperature", &path);
      twin_birth_find_sensor (birth, "de/acceleration", 'x');
    }
  if (ring != NULL)
    for (size_t i = 0; i < ring->n_held; i++)
      g_assert_cmpuint (ring->held[i].first, <=, ring->held[i].last);
  if (result != NULL)
    twin_result_reason_describe (result->reason);
  if (desired != NULL)
    {
      g_autoptr (GBytes) again = twin_desired_document_build (desired, NULL);

      g_assert_true (again == NULL ||
                     g_bytes_get_size (again) <= TWIN_DOCUMENT_MAX);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const uint8_t key[TWIN_PUBLIC_KEY_SIZE] = { 1 };
  static const uint8_t token[TWIN_TOKEN_SIZE] = { 1 };
  TwinSigned           opened;
  TwinEnrolled         enrolled;

  parse_each (data, size);
  if (twin_signed_open (data, size, &opened, NULL))
    {
      parse_each (opened.payload, opened.payload_size);
      g_assert_false (twin_signed_verify (&opened, topic, key, NULL));
    }
  g_assert_false (
      twin_enrolled_open (data, size, topic, token, &enrolled, NULL));
  return 0;
}
