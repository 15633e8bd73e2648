/* SPDX-License-Identifier: Apache-2.0 */
/* twin-chart-palette.h - the colours that every plot draws with
 *
 * Surfaces and ink come from the theme's named colours where they exist;
 * data colours are the fixed ones of the visual target, one set for light and
 * one for dark. Main thread, plain values, no allocation.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Alarm priorities, 1 highest, as ISA-18.2 counts them. */
typedef enum
{
  TWIN_CHART_PRIORITY_NONE = 0,
  TWIN_CHART_PRIORITY_CRITICAL = 1, /* diamond */
  TWIN_CHART_PRIORITY_HIGH = 2,     /* triangle */
  TWIN_CHART_PRIORITY_MEDIUM = 3,   /* square */
  TWIN_CHART_PRIORITY_LOW = 4,      /* circle */
} TwinChartPriority;

#define TWIN_CHART_N_PRIORITIES 5

/* What a line stands for; decides colour, width and dash. */
typedef enum
{
  TWIN_CHART_STYLE_MEASURED,  /* 1.5 px, 10 % fill */
  TWIN_CHART_STYLE_PREDICTED, /* 2 px */
  TWIN_CHART_STYLE_BASELINE,  /* 1 px, dash 5-3 */
  TWIN_CHART_STYLE_PAST,      /* 1.3 px dots: what was predicted earlier */
  TWIN_CHART_STYLE_SECOND,    /* 1.5 px, second family (shaft, mains, other) */
  TWIN_CHART_STYLE_LIMIT,     /* 1.4 px, dash 6-4 */
  TWIN_CHART_STYLE_OVERLAY,   /* 1 px, dash 2-3: tones */
} TwinChartStyle;

typedef struct
{
  gboolean dark;
  GdkRGBA  view; /* surface below the plot */
  GdkRGBA  card; /* surface of a read-out */
  GdkRGBA  card_line;
  GdkRGBA  text;
  GdkRGBA  dim;
  GdkRGBA  grid;
  GdkRGBA  axis;
  GdkRGBA  ink; /* cursor, "now" */
  GdkRGBA  hatch;
  GdkRGBA  stale; /* lines of a stale chart */
  GdkRGBA  measured;
  GdkRGBA  predicted;
  GdkRGBA  baseline;
  GdkRGBA  second;
  GdkRGBA  accent; /* focus only, never a state */
  GdkRGBA  priority_fill[TWIN_CHART_N_PRIORITIES];
  GdkRGBA  priority_on[TWIN_CHART_N_PRIORITIES]; /* digit on the fill */
  GdkRGBA  priority_text[TWIN_CHART_N_PRIORITIES];
  float    band;      /* opacity of a 25-75 % fill */
  float    band_wide; /* opacity of a 5-95 % fill */
} TwinChartPalette;

void twin_chart_palette_init (TwinChartPalette *palette, gboolean dark);

/**
 * twin_chart_palette_init_for_widget:
 *
 * Light or dark is decided by the luminance of the theme's window background
 * as @widget sees it, so a caller needs no style manager; call it at every
 * snapshot.
 */
void twin_chart_palette_init_for_widget (TwinChartPalette *palette,
                                         GtkWidget        *widget);

/* Colour of a line of @style; @priority only matters for limits. */
GdkRGBA twin_chart_palette_line (const TwinChartPalette *palette,
                                 TwinChartStyle          style,
                                 TwinChartPriority       priority);

/* @color with its alpha multiplied by @opacity, 0 to 1. */
GdkRGBA twin_chart_color_fade (const GdkRGBA *color, double opacity);

G_END_DECLS
