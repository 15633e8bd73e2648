/* SPDX-License-Identifier: Apache-2.0 */
/* Recordings: the first byte says as what the rest is read. What is taken is
 * finite, has a rate, and is no more than the bytes can hold. */
#include "fuzz.h"

#include <math.h>

#include "twin-ctl-samples.h"

static void
be_quiet (const char    *domain,
          GLogLevelFlags level,
          const char    *text,
          void          *data)
{
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const char *const formats[] = { "csv", "wav", "i16", "f32" };
  TwinCtlSampleOptions     options;
  TwinCtlRecording         recording;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  guint8 how = size > 0 ? data[0] : 0;

  if (size == 0)
    return 0;

  g_log_set_default_handler (be_quiet, NULL);
  stream =
      g_memory_input_stream_new_from_data (data + 1, (gssize) size - 1, NULL);
  twin_ctl_sample_options_init (&options);
  options.format = g_strdup (formats[how % 4]);
  options.rate_hz = how & 4 || how % 4 > 1 ? 100 : 0;
  options.channels = how % 4 > 1 && how & 8 ? 3 : 0;
  options.start_s = how & 16 ? 0.02 : 0;
  options.seconds = how & 32 ? 0.03 : 0;
  options.time = how % 4 == 0 && how & 64 ? g_strdup ("2") : NULL;

  if (twin_ctl_samples_read (stream, "fuzz", &options, &recording, &error))
    {
      g_assert_cmpuint (recording.n, >, 0);
      g_assert_cmpuint (recording.n, <, size);
      g_assert_true (recording.rate_hz > 0);
      for (size_t i = 0; i < recording.n; i++)
        g_assert_true (isfinite (recording.samples[i]));
      g_assert_null (error);
    }
  else
    {
      g_assert_nonnull (error);
      g_assert_cmpuint (recording.n, ==, 0);
    }

  twin_ctl_recording_clear (&recording);
  twin_ctl_sample_options_clear (&options);
  return 0;
}
