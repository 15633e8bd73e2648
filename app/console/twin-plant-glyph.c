/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-plant-glyph.h"

#include <math.h>

typedef struct
{
  double red, green, blue;
} Rgb;

#define RGB(hex)                                                               \
  {                                                                            \
    ((hex) >> 16) / 255.0, ((hex) >> 8 & 0xff) / 255.0, ((hex) &0xff) / 255.0  \
  }

static const Rgb fills[2][TWIN_SCENE_N_STATES] = {
  { [TWIN_SCENE_STATE_NORMAL] = RGB (0x8f8f94),
    [TWIN_SCENE_STATE_LOW] = RGB (0x1c71d8),
    [TWIN_SCENE_STATE_MEDIUM] = RGB (0xf6c915),
    [TWIN_SCENE_STATE_HIGH] = RGB (0xff7800),
    [TWIN_SCENE_STATE_CRITICAL] = RGB (0xe01b24),
    [TWIN_SCENE_STATE_STALE] = RGB (0x77767b),
    [TWIN_SCENE_STATE_UNKNOWN] = RGB (0x77767b),
    [TWIN_SCENE_STATE_STOPPED] = RGB (0x77767b) },
  { [TWIN_SCENE_STATE_NORMAL] = RGB (0x8a8a8f),
    [TWIN_SCENE_STATE_LOW] = RGB (0x3584e4),
    [TWIN_SCENE_STATE_MEDIUM] = RGB (0xf6d32d),
    [TWIN_SCENE_STATE_HIGH] = RGB (0xff7800),
    [TWIN_SCENE_STATE_CRITICAL] = RGB (0xed333b),
    [TWIN_SCENE_STATE_STALE] = RGB (0x9a9996),
    [TWIN_SCENE_STATE_UNKNOWN] = RGB (0x9a9996),
    [TWIN_SCENE_STATE_STOPPED] = RGB (0x9a9996) },
};

/* The outline of a priority, @r from its middle to its farthest point. */
static void
outline (cairo_t *cr, TwinSceneState state, double x, double y, double r)
{
  cairo_new_path (cr);
  switch (state)
    {
    case TWIN_SCENE_STATE_CRITICAL:
      cairo_move_to (cr, x, y - r);
      cairo_line_to (cr, x + r, y);
      cairo_line_to (cr, x, y + r);
      cairo_line_to (cr, x - r, y);
      break;
    case TWIN_SCENE_STATE_HIGH:
      cairo_move_to (cr, x, y - 0.92 * r);
      cairo_line_to (cr, x + r, y + 0.82 * r);
      cairo_line_to (cr, x - r, y + 0.82 * r);
      break;
    case TWIN_SCENE_STATE_MEDIUM:
    case TWIN_SCENE_STATE_STALE:
      cairo_rectangle (cr, x - 0.78 * r, y - 0.78 * r, 1.56 * r, 1.56 * r);
      break;
    default:
      cairo_arc (cr, x, y, 0.84 * r, 0, 2 * G_PI);
      break;
    }
  cairo_close_path (cr);
}

static void
digit (cairo_t *cr, TwinSceneState state, double x, double y, double size)
{
  static const char *const digits[TWIN_SCENE_N_STATES] = {
    [TWIN_SCENE_STATE_LOW] = "4",
    [TWIN_SCENE_STATE_MEDIUM] = "3",
    [TWIN_SCENE_STATE_HIGH] = "2",
    [TWIN_SCENE_STATE_CRITICAL] = "1"
  };
  gboolean on_dark =
      state == TWIN_SCENE_STATE_LOW || state == TWIN_SCENE_STATE_CRITICAL;
  cairo_text_extents_t box;

  if (digits[state] == NULL || size < 13)
    return;
  cairo_select_font_face (cr, "Cantarell", CAIRO_FONT_SLANT_NORMAL,
                          CAIRO_FONT_WEIGHT_BOLD);
  cairo_set_font_size (cr, size * 0.58);
  cairo_text_extents (cr, digits[state], &box);
  cairo_move_to (cr, x - box.width / 2 - box.x_bearing,
                 y - box.height / 2 - box.y_bearing +
                     (state == TWIN_SCENE_STATE_HIGH ? size * 0.08 : 0));
  cairo_set_source_rgb (cr, on_dark, on_dark, on_dark);
  cairo_show_text (cr, digits[state]);
}

static void
hatch (cairo_t *cr, double x, double y, double r)
{
  cairo_save (cr);
  outline (cr, TWIN_SCENE_STATE_STALE, x, y, r);
  cairo_clip (cr);
  cairo_set_line_width (cr, 1.2);
  for (double d = -2 * r; d <= 2 * r; d += 3.4)
    {
      cairo_move_to (cr, x + d - r, y + r);
      cairo_line_to (cr, x + d + r, y - r);
      cairo_stroke (cr);
    }
  cairo_restore (cr);
}

void
twin_plant_glyph_draw (cairo_t       *cr,
                       TwinSceneState state,
                       double         x,
                       double         y,
                       double         size,
                       gboolean       ring,
                       gboolean       dark)
{
  const double dashes[] = { 2.2, 1.8 };
  const Rgb   *fill = &fills[dark ? 1 : 0][state];
  double       r = size / 2;

  cairo_set_source_rgb (cr, fill->red, fill->green, fill->blue);
  outline (cr, state, x, y, state == TWIN_SCENE_STATE_NORMAL ? r / 2 : r);
  switch (state)
    {
    case TWIN_SCENE_STATE_STALE:
      cairo_set_line_width (cr, 1.2);
      cairo_stroke (cr);
      hatch (cr, x, y, r);
      return;
    case TWIN_SCENE_STATE_UNKNOWN:
      cairo_set_dash (cr, dashes, G_N_ELEMENTS (dashes), 0);
      cairo_set_line_width (cr, 1.3);
      cairo_stroke (cr);
      cairo_set_dash (cr, NULL, 0, 0);
      return;
    case TWIN_SCENE_STATE_STOPPED:
      cairo_set_line_width (cr, 1.5);
      cairo_stroke (cr);
      return;
    default:
      cairo_fill (cr);
      break;
    }
  if (ring && state != TWIN_SCENE_STATE_NORMAL)
    {
      cairo_set_line_width (cr, 1.2);
      outline (cr, state, x, y, r + 3.2);
      cairo_stroke (cr);
    }
  digit (cr, state, x, y, size);
}
