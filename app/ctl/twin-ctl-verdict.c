/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl-verdict.h"
#include "twin-json-members.h"

#include <math.h>
#include <stdio.h>

/* Six figures say all there is, and read better. */
static double
rounded (double value)
{
  char text[32];

  g_snprintf (text, sizeof text, "%.6g", value);
  return g_ascii_strtod (text, NULL);
}

static void
add_value (JsonBuilder *builder, double value)
{
  if (isfinite (value))
    json_builder_add_double_value (builder, rounded (value));
  else
    json_builder_add_null_value (builder);
}

void
twin_ctl_add_number (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  add_value (builder, value);
}

void
twin_ctl_features_build (JsonBuilder       *builder,
                         const TwinScalars *scalars,
                         double             velocity_mm_s)
{
  json_builder_begin_object (builder);
  twin_ctl_add_number (builder, "rms_g", scalars->rms);
  twin_ctl_add_number (builder, "peak_g", scalars->extreme);
  twin_ctl_add_number (builder, "kurtosis", scalars->kurtosis);
  twin_ctl_add_number (builder, "crest", scalars->crest);
  twin_ctl_add_number (builder, "velocity_rms_mm_s", velocity_mm_s);
  json_builder_end_object (builder);
}

static void
build_tones (JsonBuilder         *builder,
             const char          *name,
             const TwinFaultTone *tones,
             size_t               n)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);

  for (size_t i = 0; i < n; i++)
    {
      const TwinFaultTone *tone = &tones[i];

      json_builder_begin_object (builder);
      if (tone->bearing[0] != '\0')
        twin_json_add_text (builder, "bearing", tone->bearing);
      twin_json_add_text (builder, "element",
                          twin_element_name (tone->element));
      twin_ctl_add_number (builder, "frequency_hz", tone->frequency_hz);
      twin_ctl_add_number (builder, "order", tone->order);
      twin_ctl_add_number (builder, "evidence", tone->evidence);
      json_builder_set_member_name (builder, "harmonics");
      json_builder_begin_array (builder);
      for (size_t k = 0; k < tone->n_harmonics; k++)
        add_value (builder, tone->harmonics_hz[k]);
      json_builder_end_array (builder);
      json_builder_set_member_name (builder, "sidebands");
      json_builder_add_int_value (builder, tone->sidebands);
      json_builder_end_object (builder);
    }

  json_builder_end_array (builder);
}

void
twin_ctl_quality_build (JsonBuilder *builder, guint quality)
{
  json_builder_set_member_name (builder, "quality");
  json_builder_begin_array (builder);
  for (int bit = 0; bit < TWIN_SIGNAL_FLAGS; bit++)
    {
      guint flag = 1u << bit;

      if (quality & flag)
        {
          json_builder_add_string_value (builder, twin_signal_flag_name (
                                                      (TwinSignalFlag) flag));
        }
    }
  json_builder_end_array (builder);
}

void
twin_ctl_verdict_build (JsonBuilder *builder, const TwinBearingVerdict *verdict)
{
  twin_json_add_text (builder, "verdict", twin_element_name (verdict->verdict));
  twin_json_add_text (builder, "suspected",
                      twin_element_is_fault (verdict->suspected) &&
                              verdict->suspected != verdict->verdict
                          ? twin_element_name (verdict->suspected)
                          : NULL);
  twin_ctl_add_number (builder, "z", verdict->best_z);
  twin_ctl_add_number (builder, "margin", verdict->margin);
  twin_ctl_add_number (builder, "threshold", verdict->threshold);
  twin_ctl_add_number (builder, "shaft_hz", verdict->shaft_hz);
  twin_json_add_text (builder, "shaft_source",
                      verdict->speed_corrected
                          ? twin_speed_source_name (TWIN_SPEED_ESTIMATED)
                          : twin_speed_source_name (verdict->speed_source));
  build_tones (builder, "faults", verdict->faults, verdict->n_faults);
  json_builder_set_member_name (builder, "features");
  twin_ctl_features_build (builder, &verdict->scalars,
                           verdict->velocity_rms_mm_s);
  twin_ctl_quality_build (builder, verdict->quality);
  build_tones (builder, "others", verdict->others, verdict->n_others);
  twin_json_add_text (builder, "why", verdict->why);
}

void
twin_ctl_verdict_print (const TwinBearingVerdict *verdict)
{
  g_autofree char *quality = twin_signal_flags_describe (verdict->quality);

  printf ("Verdict    %s\n", twin_element_name (verdict->verdict));
  if (twin_element_is_fault (verdict->suspected) &&
      verdict->suspected != verdict->verdict)
    printf ("Suspected  %s\n", twin_element_name (verdict->suspected));
  printf ("Why        %s\n", verdict->why);
  if (isfinite (verdict->shaft_hz))
    {
      printf ("Shaft      %.3f Hz (%s%s)\n", verdict->shaft_hz,
              twin_speed_source_name (verdict->speed_source),
              verdict->speed_corrected ? ", contradicted by the signal" : "");
    }
  for (size_t i = 0; i < verdict->n_faults; i++)
    {
      const TwinFaultTone *tone = &verdict->faults[i];

      printf ("Lines of   %-6s %8.2f Hz  order %.3f  z %.1f\n",
              twin_element_name (tone->element), tone->frequency_hz,
              tone->order, tone->evidence);
    }
  for (size_t i = 0; i < verdict->n_others; i++)
    {
      const TwinFaultTone *tone = &verdict->others[i];

      printf ("Other      %s %s %.2f Hz  z %.1f\n", tone->bearing,
              twin_element_name (tone->element), tone->frequency_hz,
              tone->evidence);
    }
  printf ("Features   r.m.s. %.4g g  peak %.4g g  crest %.2f  kurtosis %.2f  "
          "velocity %.3g mm/s\n",
          verdict->scalars.rms, verdict->scalars.extreme,
          verdict->scalars.crest, verdict->scalars.kurtosis,
          verdict->velocity_rms_mm_s);
  printf ("Quality    %s\n", quality != NULL ? quality : "nothing wrong");
}
