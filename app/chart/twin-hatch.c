/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-hatch.h"

#include <math.h>

#define PERIOD 6.0f
#define LINE 1.5f

/* A hard stop would show stairs at 45°; half a pixel of ramp hides them. */
#define SOFT 0.35f

void
twin_hatch_snapshot (GtkSnapshot           *snapshot,
                     const graphene_rect_t *area,
                     const GdkRGBA         *color)
{
  /* One period across the lines, from the origin towards lower right. */
  const float      along = PERIOD * (float) M_SQRT1_2;
  GdkRGBA          none = *color;
  graphene_point_t start, end;
  GskColorStop     stops[5];

  none.alpha = 0;
  graphene_point_init (&start, 0, 0);
  graphene_point_init (&end, along, along);

  stops[0] = (GskColorStop){ 0, none };
  stops[1] = (GskColorStop){ SOFT / PERIOD, *color };
  stops[2] = (GskColorStop){ LINE / PERIOD, *color };
  stops[3] = (GskColorStop){ (LINE + SOFT) / PERIOD, none };
  stops[4] = (GskColorStop){ 1, none };

  gtk_snapshot_append_repeating_linear_gradient (snapshot, area, &start, &end,
                                                 stops, G_N_ELEMENTS (stops));
}

void
twin_hatch_snapshot_widget (GtkSnapshot           *snapshot,
                            const graphene_rect_t *area,
                            GtkWidget             *widget)
{
  TwinChartPalette palette;

  twin_chart_palette_init_for_widget (&palette, widget);
  twin_hatch_snapshot (snapshot, area, &palette.hatch);
}
