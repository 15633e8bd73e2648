/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-state-glyph.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "twin-chart-palette.h"

struct _TwinStateGlyph
{
  GtkWidget     parent_instance;
  int           size;
  TwinState     state;
  TwinGlyphForm form;
};

G_DEFINE_FINAL_TYPE (TwinStateGlyph, twin_state_glyph, GTK_TYPE_WIDGET)

const char *
twin_state_get_word (TwinState state)
{
  switch (state)
    {
    case TWIN_STATE_NORMAL:
      return _ ("normal");
    case TWIN_STATE_STOPPED:
      return _ ("stopped");
    case TWIN_STATE_LOW:
      return _ ("low");
    case TWIN_STATE_MEDIUM:
      return _ ("medium");
    case TWIN_STATE_HIGH:
      return _ ("high");
    case TWIN_STATE_CRITICAL:
      return _ ("critical");
    case TWIN_STATE_STALE:
      return _ ("stale");
    case TWIN_STATE_UNKNOWN:
      break;
    }

  return _ ("unknown");
}

TwinState
twin_state_from_priority (int priority)
{
  static const TwinState states[] = { TWIN_STATE_NORMAL, TWIN_STATE_CRITICAL,
                                      TWIN_STATE_HIGH, TWIN_STATE_MEDIUM,
                                      TWIN_STATE_LOW };

  return priority >= 0 && priority <= 4 ? states[priority] : TWIN_STATE_UNKNOWN;
}

static int
priority_of (TwinState state)
{
  switch (state)
    {
    case TWIN_STATE_CRITICAL:
      return 1;
    case TWIN_STATE_HIGH:
      return 2;
    case TWIN_STATE_MEDIUM:
      return 3;
    case TWIN_STATE_LOW:
      return 4;
    default:
      return 0;
    }
}

/* Outline of a priority's shape, @r from the centre of a square of 2. */
static void
trace_shape (cairo_t *cr, int priority, double r)
{
  switch (priority)
    {
    case 1:
      cairo_move_to (cr, 0, -r);
      cairo_line_to (cr, r, 0);
      cairo_line_to (cr, 0, r);
      cairo_line_to (cr, -r, 0);
      cairo_close_path (cr);
      break;
    case 2:
      cairo_move_to (cr, 0, -r * 0.95);
      cairo_line_to (cr, r, r * 0.8);
      cairo_line_to (cr, -r, r * 0.8);
      cairo_close_path (cr);
      break;
    case 3:
      cairo_rectangle (cr, -r * 0.82, -r * 0.82, r * 1.64, r * 1.64);
      break;
    default:
      cairo_arc (cr, 0, 0, r * 0.9, 0, 2 * G_PI);
    }
}

static void
draw_digit (TwinStateGlyph         *self,
            cairo_t                *cr,
            const TwinChartPalette *palette,
            int                     priority)
{
  const char           text[2] = { (char) ('0' + priority), 0 };
  cairo_text_extents_t extents;

  cairo_select_font_face (cr, "Cantarell", CAIRO_FONT_SLANT_NORMAL,
                          CAIRO_FONT_WEIGHT_BOLD);
  cairo_set_font_size (cr, self->size * 0.56);
  cairo_text_extents (cr, text, &extents);
  gdk_cairo_set_source_rgba (cr, &palette->priority_on[priority]);
  cairo_move_to (cr, -extents.x_bearing - extents.width / 2,
                 -extents.y_bearing - extents.height / 2 +
                     (priority == 2 ? self->size * 0.10 : 0));
  cairo_show_text (cr, text);
}

static void
draw_priority (TwinStateGlyph         *self,
               cairo_t                *cr,
               const TwinChartPalette *palette,
               int                     priority)
{
  const gboolean ring =
      self->form == TWIN_GLYPH_UNACKED || self->form == TWIN_GLYPH_RETURNED;
  const double r = self->size / 2.0 - (ring ? 3.0 : 0.5);

  gdk_cairo_set_source_rgba (cr, &palette->priority_fill[priority]);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);

  if (self->form == TWIN_GLYPH_RETURNED)
    {
      cairo_set_line_width (cr, 1.4);
      trace_shape (cr, priority, r - 0.7);
      cairo_stroke (cr);
    }
  else
    {
      trace_shape (cr, priority, r);
      cairo_fill (cr);
    }

  if (ring)
    {
      cairo_set_line_width (cr, 1.2);
      trace_shape (cr, priority, r + 2.6);
      cairo_stroke (cr);
    }

  if (self->size >= 13 && self->form != TWIN_GLYPH_RETURNED)
    draw_digit (self, cr, palette, priority);
}

static void
draw_hatched (TwinStateGlyph         *self,
              cairo_t                *cr,
              const TwinChartPalette *palette)
{
  const double half = self->size / 2.0 - 2;

  cairo_rectangle (cr, -half, -half, 2 * half, 2 * half);
  gdk_cairo_set_source_rgba (cr, &palette->hatch);
  cairo_fill_preserve (cr);
  cairo_save (cr);
  cairo_clip (cr);
  gdk_cairo_set_source_rgba (cr, &palette->dim);
  cairo_set_line_width (cr, 1);
  for (double x = -3 * half; x < 2 * half; x += 3)
    {
      cairo_move_to (cr, x, half);
      cairo_line_to (cr, x + 2 * half, -half);
    }
  cairo_stroke (cr);
  cairo_restore (cr);
  cairo_rectangle (cr, -half, -half, 2 * half, 2 * half);
  gdk_cairo_set_source_rgba (cr, &palette->dim);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}

/* The grey signs: nothing here asks for action. */
static void
draw_grey (TwinStateGlyph *self, cairo_t *cr, const TwinChartPalette *palette)
{
  const double r = self->size / 2.0 - 2;
  const double dashes[] = { 2.2, 1.8 };

  gdk_cairo_set_source_rgba (cr, &palette->dim);
  cairo_set_line_width (cr, 1.4);

  if (self->form == TWIN_GLYPH_SHELVED)
    {
      cairo_arc (cr, 0, 0, r, 0, 2 * G_PI);
      cairo_stroke (cr);
      cairo_move_to (cr, 0, -r * 0.6);
      cairo_line_to (cr, 0, 0);
      cairo_line_to (cr, r * 0.5, 0);
      cairo_stroke (cr);
    }
  else if (self->form == TWIN_GLYPH_SUPPRESSED)
    {
      cairo_rectangle (cr, -r, -r, 2 * r, 2 * r);
      cairo_move_to (cr, -r, r);
      cairo_line_to (cr, r, -r);
      cairo_stroke (cr);
    }
  else if (self->form == TWIN_GLYPH_OUT_OF_SERVICE)
    {
      cairo_arc (cr, 0, 0, r, 0, 2 * G_PI);
      cairo_stroke (cr);
      cairo_move_to (cr, -r * 0.5, -r * 0.5);
      cairo_line_to (cr, r * 0.5, r * 0.5);
      cairo_move_to (cr, r * 0.5, -r * 0.5);
      cairo_line_to (cr, -r * 0.5, r * 0.5);
      cairo_stroke (cr);
    }
  else if (self->state == TWIN_STATE_NORMAL)
    {
      cairo_arc (cr, 0, 0, MIN (3, r), 0, 2 * G_PI);
      cairo_fill (cr);
    }
  else
    {
      if (self->state == TWIN_STATE_UNKNOWN)
        cairo_set_dash (cr, dashes, 2, 0);
      cairo_arc (cr, 0, 0, r, 0, 2 * G_PI);
      cairo_stroke (cr);
    }
}

static void
twin_state_glyph_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TwinStateGlyph  *self = TWIN_STATE_GLYPH (widget);
  const int        priority = priority_of (self->state);
  const gboolean   grey = self->form >= TWIN_GLYPH_SHELVED;
  const double     w = gtk_widget_get_width (widget);
  const double     h = gtk_widget_get_height (widget);
  TwinChartPalette palette;
  cairo_t         *cr;

  twin_chart_palette_init_for_widget (&palette, widget);
  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, w, h));
  cairo_translate (cr, w / 2, h / 2);

  if (!grey && priority > 0)
    draw_priority (self, cr, &palette, priority);
  else if (!grey && self->state == TWIN_STATE_STALE)
    draw_hatched (self, cr, &palette);
  else
    draw_grey (self, cr, &palette);

  cairo_destroy (cr);
}

static void
twin_state_glyph_measure (GtkWidget     *widget,
                          GtkOrientation orientation,
                          int            for_size,
                          int           *minimum,
                          int           *natural,
                          int           *minimum_baseline,
                          int           *natural_baseline)
{
  *minimum = *natural = TWIN_STATE_GLYPH (widget)->size;
}

static void
twin_state_glyph_class_init (TwinStateGlyphClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  widget_class->snapshot = twin_state_glyph_snapshot;
  widget_class->measure = twin_state_glyph_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
twin_state_glyph_init (TwinStateGlyph *self)
{
  self->size = 16;
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

GtkWidget *
twin_state_glyph_new (int size)
{
  TwinStateGlyph *self = g_object_new (TWIN_TYPE_STATE_GLYPH, NULL);

  self->size = size;
  return GTK_WIDGET (self);
}

void
twin_state_glyph_set_form (TwinStateGlyph *self,
                           TwinState       state,
                           TwinGlyphForm   form)
{
  if (self->state == state && self->form == form)
    return;

  self->state = state;
  self->form = form;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  twin_state_get_word (state), -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
twin_state_glyph_set_state (TwinStateGlyph *self, TwinState state)
{
  twin_state_glyph_set_form (self, state, TWIN_GLYPH_STATE);
}

void
twin_state_glyph_set_alarm (TwinStateGlyph *self, const TwinAlarmItem *alarm)
{
  static const struct
  {
    const char   *state;
    TwinGlyphForm form;
  } forms[] = {
    { "unacknowledged", TWIN_GLYPH_UNACKED },
    { "latched", TWIN_GLYPH_UNACKED },
    { "acknowledged", TWIN_GLYPH_ACKED },
    { "returned", TWIN_GLYPH_RETURNED },
    { "shelved", TWIN_GLYPH_SHELVED },
    { "suppressed", TWIN_GLYPH_SUPPRESSED },
    { "out of service", TWIN_GLYPH_OUT_OF_SERVICE },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (forms); i++)
    if (strcmp (alarm->state, forms[i].state) == 0)
      twin_state_glyph_set_form (self,
                                 alarm->stale_kind ? TWIN_STATE_STALE
                                                   : twin_state_from_priority (
                                                         alarm->priority),
                                 forms[i].form);
}
