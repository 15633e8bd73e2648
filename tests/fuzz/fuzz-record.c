/* SPDX-License-Identifier: Apache-2.0 */
/* Records: whatever is read can be built and read again as the same. */
#include "fuzz.h"

#include "twin-clock.h"
#include "twin-record.h"

#include <math.h>
#include <string.h>

static void
check_entry (const TwinRecordEntry *entry)
{
  const size_t size = strlen (entry->name);

  g_assert_cmpuint (size, >=, 1);
  g_assert_cmpuint (size, <=, 128);
  g_assert_true (isfinite (entry->number));
  g_assert_true ((entry->string != NULL) == (entry->kind == TWIN_VALUE_STRING));
  g_assert_true (entry->time_us == TWIN_TIME_NONE || entry->time_us >= 0);
  g_assert_cmpuint (entry->q, <=, TWIN_RECORD_BAD);
  if (entry->string != NULL)
    g_assert_true (g_utf8_validate (entry->string, -1, NULL));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (TwinRecord) record = twin_record_parse (data, size, NULL);
  g_autoptr (TwinRecord) again = NULL;
  g_autoptr (GBytes) bytes = NULL;
  TwinIdentity identity;

  if (record == NULL)
    {
      twin_record_read_identity (data, size, &identity);
      return 0;
    }

  g_assert_true (twin_record_read_identity (data, size, &identity));
  g_assert_cmpmem (&identity.ring, TWIN_RING_SIZE, record->identity.ring,
                   TWIN_RING_SIZE);
  g_assert_cmpuint (identity.seq, ==, record->identity.seq);
  for (size_t i = 0; i < record->n_entries; i++)
    check_entry (&record->entries[i]);

  bytes = twin_record_build (record);
  if (g_bytes_get_size (bytes) > TWIN_MESSAGE_MAX)
    return 0;
  again = twin_record_parse (g_bytes_get_data (bytes, NULL),
                             g_bytes_get_size (bytes), NULL);
  g_assert_nonnull (again);
  g_assert_cmpuint (again->n_entries, ==, record->n_entries);
  for (size_t i = 0; i < record->n_entries; i++)
    {
      g_assert_cmpstr (again->entries[i].name, ==, record->entries[i].name);
      g_assert_cmpint (again->entries[i].kind, ==, record->entries[i].kind);
      g_assert_cmpint (again->entries[i].time_us, ==,
                       record->entries[i].time_us);
    }
  return 0;
}
