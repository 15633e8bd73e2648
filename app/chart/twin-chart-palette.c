/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-chart-palette.h"

static GdkRGBA
rgb (guint32 hex)
{
  return (GdkRGBA){ (float) (hex >> 16 & 0xff) / 255.0f,
                    (float) (hex >> 8 & 0xff) / 255.0f,
                    (float) (hex & 0xff) / 255.0f, 1.0f };
}

static GdkRGBA
grey (gboolean dark, float alpha)
{
  float level = dark ? 1.0f : 0.0f;

  return (GdkRGBA){ level, level, level, alpha };
}

static void
init_priorities (TwinChartPalette *p, gboolean dark)
{
  static const guint32 fill[2][TWIN_CHART_N_PRIORITIES] = {
    { 0x77767b, 0xe01b24, 0xff7800, 0xf6c915, 0x1c71d8 },
    { 0x9a9996, 0xed333b, 0xff7800, 0xf6d32d, 0x3584e4 },
  };
  static const guint32 on[TWIN_CHART_N_PRIORITIES] = {
    0xffffff, 0xffffff, 0x2b1400, 0x2b2300, 0xffffff,
  };
  static const guint32 text[2][TWIN_CHART_N_PRIORITIES] = {
    { 0x5e5c64, 0xb3151d, 0xa84300, 0x7a5b00, 0x1a5fb4 },
    { 0x9a9996, 0xff8f8a, 0xffb070, 0xf9e27a, 0x99c1f1 },
  };

  for (gsize i = 0; i < TWIN_CHART_N_PRIORITIES; i++)
    {
      p->priority_fill[i] = rgb (fill[dark ? 1 : 0][i]);
      p->priority_on[i] = rgb (on[i]);
      p->priority_text[i] = rgb (text[dark ? 1 : 0][i]);
    }
}

void
twin_chart_palette_init (TwinChartPalette *palette, gboolean dark)
{
  palette->dark = dark;
  palette->view = rgb (dark ? 0x1e1e1e : 0xffffff);
  palette->card = rgb (dark ? 0x383838 : 0xffffff);
  palette->card_line = grey (FALSE, dark ? 0.5f : 0.12f);
  palette->text = grey (dark, dark ? 0.92f : 0.82f);
  palette->dim = grey (dark, dark ? 0.62f : 0.56f);
  palette->grid = grey (dark, 0.07f);
  palette->axis = grey (dark, dark ? 0.36f : 0.34f);
  palette->ink = rgb (dark ? 0xffffff : 0x1e1e22);
  palette->hatch = grey (dark, dark ? 0.15f : 0.13f);
  palette->stale = rgb (dark ? 0x8a8a8f : 0x8f8f94);
  palette->measured = rgb (dark ? 0x62c6cf : 0x0f6e78);
  palette->predicted = rgb (dark ? 0xc99bf0 : 0x813d9c);
  palette->baseline = rgb (dark ? 0x8a8a8f : 0x8f8f94);
  palette->second = rgb (dark ? 0xd0a984 : 0x865e3c);
  palette->accent = rgb (0x3584e4);
  palette->band = dark ? 0.22f : 0.16f;
  palette->band_wide = dark ? 0.11f : 0.09f;
  init_priorities (palette, dark);
}

static gboolean
look_up (GtkStyleContext *context, const char *name, GdkRGBA *color)
{
  GdkRGBA found;

  if (!gtk_style_context_lookup_color (context, name, &found))
    return FALSE;

  *color = found;
  return TRUE;
}

void
twin_chart_palette_init_for_widget (TwinChartPalette *palette,
                                    GtkWidget        *widget)
{
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  GdkRGBA          window = { 1, 1, 1, 1 };

  if (!look_up (context, "window_bg_color", &window))
    look_up (context, "theme_bg_color", &window);

  twin_chart_palette_init (palette, 0.299f * window.red +
                                            0.587f * window.green +
                                            0.114f * window.blue <
                                        0.5f);

  if (!look_up (context, "view_bg_color", &palette->view))
    look_up (context, "theme_base_color", &palette->view);
  look_up (context, "popover_bg_color", &palette->card);
  look_up (context, "accent_bg_color", &palette->accent);
}

GdkRGBA
twin_chart_palette_line (const TwinChartPalette *palette,
                         TwinChartStyle          style,
                         TwinChartPriority       priority)
{
  switch (style)
    {
    case TWIN_CHART_STYLE_PREDICTED:
    case TWIN_CHART_STYLE_OVERLAY:
      return palette->predicted;
    case TWIN_CHART_STYLE_BASELINE:
    case TWIN_CHART_STYLE_PAST:
      return palette->baseline;
    case TWIN_CHART_STYLE_SECOND:
      return palette->second;
    case TWIN_CHART_STYLE_LIMIT:
      return palette->priority_text[priority];
    case TWIN_CHART_STYLE_MEASURED:
    default:
      return palette->measured;
    }
}

GdkRGBA
twin_chart_color_fade (const GdkRGBA *color, double opacity)
{
  return (GdkRGBA){ color->red, color->green, color->blue,
                    color->alpha * (float) opacity };
}
