/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-signal.h"

#define FORBIDDING                                                             \
  (TWIN_SIGNAL_STUCK | TWIN_SIGNAL_NOT_FINITE | TWIN_SIGNAL_NO_SPEED |         \
   TWIN_SIGNAL_SLOW_RATE | TWIN_SIGNAL_RATE | TWIN_SIGNAL_COPY)
#define REDUCING                                                               \
  (TWIN_SIGNAL_CLIPPED | TWIN_SIGNAL_BURST | TWIN_SIGNAL_DROPOUT |             \
   TWIN_SIGNAL_MAINS | TWIN_SIGNAL_GEOMETRY)

static const struct
{
  TwinSignalFlag flag;
  const char    *name;
} names[TWIN_SIGNAL_FLAGS] = {
  { TWIN_SIGNAL_CLIPPED, "clipped" },
  { TWIN_SIGNAL_SPEED, "speed mismatch" },
  { TWIN_SIGNAL_STUCK, "stuck" },
  { TWIN_SIGNAL_SHORT, "short" },
  { TWIN_SIGNAL_BURST, "burst" },
  { TWIN_SIGNAL_NO_SPEED, "no speed" },
  { TWIN_SIGNAL_SLOW_RATE, "slow rate" },
  { TWIN_SIGNAL_NOT_FINITE, "not finite" },
  { TWIN_SIGNAL_DROPOUT, "dropouts" },
  { TWIN_SIGNAL_COPY, "copied channel" },
  { TWIN_SIGNAL_RATE, "rate mismatch" },
  { TWIN_SIGNAL_MAINS, "mains noise" },
  { TWIN_SIGNAL_BIAS, "bias" },
  { TWIN_SIGNAL_VARYING, "varying speed" },
  { TWIN_SIGNAL_GEOMETRY, "estimated geometry" },
};

const char *
twin_signal_flag_name (TwinSignalFlag flag)
{
  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (names[i].flag == flag)
        return names[i].name;
    }

  return "unknown";
}

char *
twin_signal_flags_describe (guint flags)
{
  GString *text = g_string_new (NULL);

  for (size_t i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (flags & names[i].flag)
        {
          g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "",
                                  names[i].name);
        }
    }

  return g_string_free (text, text->len == 0);
}

TwinTrust
twin_signal_trust (guint flags)
{
  if (flags & FORBIDDING)
    return TWIN_TRUST_NONE;

  return flags & REDUCING ? TWIN_TRUST_REDUCED : TWIN_TRUST_FULL;
}
