/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-plant-page.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "twin-hover-card.h"
#include "twin-plant-view.h"
#include "twin-risk-column.h"
#include "twin-state-glyph.h"

struct _TwinPlantPage
{
  GtkWidget      parent_instance;
  TwinLivePlant *plant;
  GtkWidget     *box;
  GtkWidget     *view;
  GtkWidget     *hover;
  GtkWidget     *risks;
  TwinMeter     *main_thread; /* borrowed */
  TwinMeter     *gl;          /* borrowed */
};

G_DEFINE_FINAL_TYPE (TwinPlantPage, twin_plant_page, GTK_TYPE_WIDGET)

static TwinSceneState
scene_state (TwinState state)
{
  switch (state)
    {
    case TWIN_STATE_NORMAL:
      return TWIN_SCENE_STATE_NORMAL;
    case TWIN_STATE_STOPPED:
      return TWIN_SCENE_STATE_STOPPED;
    case TWIN_STATE_LOW:
      return TWIN_SCENE_STATE_LOW;
    case TWIN_STATE_MEDIUM:
      return TWIN_SCENE_STATE_MEDIUM;
    case TWIN_STATE_HIGH:
      return TWIN_SCENE_STATE_HIGH;
    case TWIN_STATE_CRITICAL:
      return TWIN_SCENE_STATE_CRITICAL;
    case TWIN_STATE_STALE:
      return TWIN_SCENE_STATE_STALE;
    case TWIN_STATE_UNKNOWN:
      break;
    }

  return TWIN_SCENE_STATE_UNKNOWN;
}

static TwinSceneShape
scene_shape (TwinShape shape)
{
  switch (shape)
    {
    case TWIN_SHAPE_COMPRESSOR:
      return TWIN_SCENE_SHAPE_COMPRESSOR;
    case TWIN_SHAPE_PUMP:
      return TWIN_SCENE_SHAPE_PUMP;
    case TWIN_SHAPE_MOTOR:
      return TWIN_SCENE_SHAPE_MOTOR;
    case TWIN_SHAPE_NONE:
      break;
    }

  return TWIN_SCENE_SHAPE_GENERIC;
}

/* A flag only where a person should look: what, or how old. */
static char *
dup_flag (TwinLiveItem *machine, TwinState state, gboolean live, int64_t now_us)
{
  const TwinStateItem *item = twin_live_item_get_state_item (machine);

  if (state == TWIN_STATE_STALE && item != NULL &&
      item->was >= TWIN_STATE_LOW && item->was <= TWIN_STATE_CRITICAL)
    return g_strdup_printf (_ ("was %s"), twin_state_get_word (item->was));
  /* Without a link all are old, which the banner says once for all. */
  if (state == TWIN_STATE_STALE && !live)
    return NULL;
  if (state == TWIN_STATE_STALE)
    {
      g_autofree char *age =
          twin_live_dup_age (twin_live_item_get_newest_us (machine), now_us);

      return g_strdup_printf (_ ("%s old"), age);
    }
  if (state >= TWIN_STATE_LOW && state <= TWIN_STATE_CRITICAL)
    {
      char *span = twin_live_dup_life_span (item);

      if (span != NULL)
        return span;
      return g_strdup (item != NULL && item->finding != NULL ? item->finding
                                                             : "");
    }

  return NULL;
}

static void
fill_item (TwinPlantItem *out,
           TwinLiveItem  *machine,
           gboolean       live,
           char         **flag)
{
  const TwinStructureItem *place = twin_live_item_get_plant_item (machine);
  const TwinStateItem     *item = twin_live_item_get_state_item (machine);
  TwinLiveItem            *line = twin_live_item_get_parent (machine);
  TwinState                state = twin_live_item_get_state (machine);

  /* Without a link nothing may look live, whatever was heard last. */
  if (!live && state != TWIN_STATE_UNKNOWN)
    state = TWIN_STATE_STALE;

  *flag = dup_flag (machine, state, live, twin_clock_utc_us ());
  memset (out, 0, sizeof *out);
  out->id = place->id;
  out->name = twin_live_item_get_name (machine);
  out->line = line != NULL ? twin_live_item_get_name (line) : NULL;
  out->shape = scene_shape (place->shape);
  out->state = scene_state (state);
  out->rotor_speed = state != TWIN_STATE_STALE && item != NULL
                         ? item->shaft_hz * 2 * G_PI
                         : NAN;
  out->level = NAN;
  out->flag = *flag;
  out->placed = place->placed;
  out->x = place->x;
  out->y = place->y;
  out->yaw = place->rotation;
}

static void
show_items (TwinPlantPage *self)
{
  GListModel    *machines = twin_live_plant_get_machines (self->plant);
  const guint    n = g_list_model_get_n_items (machines);
  const gboolean live =
      twin_live_plant_is_live (self->plant, twin_clock_utc_us ());
  g_autofree TwinPlantItem *items = g_new0 (TwinPlantItem, n);
  g_autoptr (GPtrArray) flags = g_ptr_array_new_with_free_func (g_free);
  const int64_t begin_us = twin_clock_monotonic_us ();
  guint         shown = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TwinLiveItem) machine = g_list_model_get_item (machines, i);
      char *flag;

      /* What is retired stands there no more. */
      if (g_strcmp0 (twin_live_item_get_plant_item (machine)->lifecycle,
                     "retired") == 0)
        continue;
      fill_item (&items[shown++], machine, live, &flag);
      g_ptr_array_add (flags, flag);
    }

  twin_plant_view_set_items (TWIN_PLANT_VIEW (self->view), items, shown);
  if (self->main_thread != NULL)
    twin_meter_note (self->main_thread, "plant page",
                     twin_clock_monotonic_us () - begin_us);
}

static void
on_changed (TwinLivePlant *plant, gpointer data)
{
  if (gtk_widget_get_mapped (data))
    show_items (data);
}

static void
on_map (GtkWidget *widget, gpointer data)
{
  TwinPlantPage *self = data;

  if (self->plant != NULL)
    show_items (self);
}

static void
on_selected (GtkWidget *view, const char *id, gpointer data)
{
  TwinPlantPage *self = data;

  if (*id != '\0')
    gtk_widget_activate_action (GTK_WIDGET (self), "win.select-item", "s", id);
}

static void
on_activated (GtkWidget *view, const char *id, gpointer data)
{
  if (*id != '\0')
    gtk_widget_activate_action (data, "win.show-item", "s", id);
}

/* The card follows the pointer; without one it shows the selected machine. */
static void
on_hovered (GtkWidget *view, const char *id, gpointer data)
{
  TwinPlantPage *self = data;
  TwinLiveItem  *item;

  if (*id == '\0')
    id = twin_plant_view_get_selected (TWIN_PLANT_VIEW (self->view));

  item = self->plant != NULL && id != NULL
             ? twin_live_plant_find (self->plant, id)
             : NULL;
  twin_hover_card_set (TWIN_HOVER_CARD (self->hover), self->plant, item);
}

void
twin_plant_page_select (TwinPlantPage *self, const char *id)
{
  TwinLiveItem *item =
      self->plant != NULL ? twin_live_plant_find (self->plant, id) : NULL;
  TwinLiveItem *machine =
      item != NULL ? twin_live_item_get_machine (item) : NULL;

  twin_plant_view_select (TWIN_PLANT_VIEW (self->view),
                          machine != NULL ? twin_live_item_get_id (machine)
                                          : NULL,
                          TRUE);
  twin_hover_card_set (TWIN_HOVER_CARD (self->hover), self->plant, machine);
}

void
twin_plant_page_set_plant (TwinPlantPage *self, TwinLivePlant *plant)
{
  if (self->plant != NULL)
    g_signal_handlers_disconnect_by_data (self->plant, self);
  g_set_object (&self->plant, plant);
  twin_risk_column_set_plant (TWIN_RISK_COLUMN (self->risks), plant);
  twin_hover_card_set (TWIN_HOVER_CARD (self->hover), plant, NULL);
  if (plant == NULL)
    return;

  g_signal_connect (plant, "structure", G_CALLBACK (on_changed), self);
  g_signal_connect (plant, "states", G_CALLBACK (on_changed), self);
  g_signal_connect (plant, "tick", G_CALLBACK (on_changed), self);
  show_items (self);
}

static void
on_report (const char *what, gint64 duration_us, gpointer data)
{
  TwinPlantPage *self = data;

  if (strcmp (what, "plant-gl") == 0)
    {
      if (self->gl != NULL)
        twin_meter_note (self->gl, what, duration_us);
    }
  else if (self->main_thread != NULL)
    {
      twin_meter_note (self->main_thread, what, duration_us);
    }
}

void
twin_plant_page_set_meters (TwinPlantPage *self,
                            TwinMeter     *main_thread,
                            TwinMeter     *gl)
{
  self->main_thread = main_thread;
  self->gl = gl;
  twin_plant_view_set_report (TWIN_PLANT_VIEW (self->view), on_report, self,
                              NULL);
}

static GtkWidget *
build_legend (void)
{
  static const TwinState   states[] = { TWIN_STATE_CRITICAL, TWIN_STATE_HIGH,
                                        TWIN_STATE_MEDIUM,   TWIN_STATE_LOW,
                                        TWIN_STATE_STALE,    TWIN_STATE_UNKNOWN };
  static const char *const words[] = { N_ ("Critical"), N_ ("High"),
                                       N_ ("Medium"),   N_ ("Low"),
                                       N_ ("Stale"),    N_ ("Unknown") };
  GtkWidget               *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_widget_add_css_class (box, "twin-overlay");
  for (size_t i = 0; i < G_N_ELEMENTS (states); i++)
    {
      GtkWidget *glyph = twin_state_glyph_new (12);
      GtkWidget *label = gtk_label_new (_ (words[i]));

      twin_state_glyph_set_state (TWIN_STATE_GLYPH (glyph), states[i]);
      gtk_widget_add_css_class (label, "twin-small");
      if (i + 1 < G_N_ELEMENTS (states))
        gtk_widget_set_margin_end (label, 6);
      gtk_box_append (GTK_BOX (box), glyph);
      gtk_box_append (GTK_BOX (box), label);
    }

  g_object_set (box, "halign", GTK_ALIGN_START, "valign", GTK_ALIGN_END,
                "margin-start", 12, "margin-bottom", 12, "can-target", FALSE,
                NULL);
  return box;
}

static void
twin_plant_page_dispose (GObject *object)
{
  TwinPlantPage *self = TWIN_PLANT_PAGE (object);

  if (self->plant != NULL)
    g_signal_handlers_disconnect_by_data (self->plant, self);
  g_clear_object (&self->plant);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (twin_plant_page_parent_class)->dispose (object);
}

static void
twin_plant_page_class_init (TwinPlantPageClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_plant_page_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
}

static void
twin_plant_page_init (TwinPlantPage *self)
{
  GtkWidget *overlay = gtk_overlay_new ();

  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));

  self->view = twin_plant_view_new ();
  gtk_widget_set_hexpand (overlay, TRUE);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), self->view);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), build_legend ());
  self->hover = twin_hover_card_new ();
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->hover);
  gtk_box_append (GTK_BOX (self->box), overlay);

  self->risks = twin_risk_column_new ();
  gtk_widget_set_size_request (self->risks, 312, -1);
  gtk_box_append (GTK_BOX (self->box), self->risks);

  g_signal_connect (self->view, "selected", G_CALLBACK (on_selected), self);
  g_signal_connect (self->view, "activated", G_CALLBACK (on_activated), self);
  g_signal_connect (self->view, "hovered", G_CALLBACK (on_hovered), self);
  g_signal_connect (self, "map", G_CALLBACK (on_map), self);
}

GtkWidget *
twin_plant_page_new (void)
{
  return g_object_new (TWIN_TYPE_PLANT_PAGE, NULL);
}
