/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-status-strip.h"

#include <glib/gi18n.h>
#include <math.h>

typedef enum
{
  FIELD_MESSAGES,
  FIELD_LAG,
  FIELD_GAPS,
  FIELD_DROPPED,
  FIELD_OLDEST,
  FIELD_ANALYSIS,
  FIELD_STORE,
  FIELD_OPERATOR,
  N_FIELDS,
} Field;

struct _TwinStatusStrip
{
  GtkWidget      parent_instance;
  TwinLivePlant *plant;
  GtkWidget     *box;
  GtkWidget     *values[N_FIELDS];
};

G_DEFINE_FINAL_TYPE (TwinStatusStrip, twin_status_strip, GTK_TYPE_WIDGET)

static void G_GNUC_PRINTF (3, 4)
    set_field (TwinStatusStrip *self, Field field, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list          args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  gtk_label_set_text (GTK_LABEL (self->values[field]), text);
}

static void
show_oldest (TwinStatusStrip *self, const TwinStatusUpdate *status)
{
  TwinLiveItem *item =
      twin_live_plant_find (self->plant, status->oldest_value_twin);
  TwinLiveItem *machine =
      item != NULL ? twin_live_item_get_machine (item) : NULL;
  g_autofree char *age =
      twin_live_dup_age (status->oldest_value_us, twin_clock_utc_us ());

  set_field (self, FIELD_OLDEST, "%s %s", age,
             machine != NULL ? twin_live_item_get_name (machine) : "");
}

static void
refresh (TwinLivePlant *plant, gpointer data)
{
  TwinStatusStrip        *self = data;
  const TwinStatusUpdate *status = twin_live_plant_get_status (plant);
  g_autofree char        *size = NULL;

  if (status == NULL)
    return;

  size = g_format_size (status->store_bytes);
  set_field (self, FIELD_MESSAGES, "%.0f /s", status->messages_per_s);
  if (isnan (status->lag_s))
    set_field (self, FIELD_LAG, "–");
  else
    set_field (self, FIELD_LAG, "%.2f s", status->lag_s);
  if (status->replaying_nodes > 0)
    set_field (self, FIELD_GAPS, _ ("%u · replaying %u"),
               (guint) status->open_gaps, (guint) status->replaying_nodes);
  else
    set_field (self, FIELD_GAPS, "%u", (guint) status->open_gaps);
  set_field (self, FIELD_DROPPED, "%u", (guint) status->dropped_blocks);
  show_oldest (self, status);
  if (isnan (status->analysis_s))
    set_field (self, FIELD_ANALYSIS, _ ("%d of %d workers"),
               status->workers_busy, status->workers);
  else
    set_field (self, FIELD_ANALYSIS, _ ("%d of %d workers · %.2f s"),
               status->workers_busy, status->workers, status->analysis_s);
  set_field (self, FIELD_STORE, "%s", size);
}

void
twin_status_strip_set_plant (TwinStatusStrip *self,
                             TwinLivePlant   *plant,
                             const char      *operator_name)
{
  if (self->plant != NULL)
    g_signal_handlers_disconnect_by_data (self->plant, self);
  g_set_object (&self->plant, plant);
  for (int i = 0; i < N_FIELDS; i++)
    set_field (self, i, "–");
  if (plant == NULL)
    return;

  if (operator_name != NULL)
    set_field (self, FIELD_OPERATOR, "%s", operator_name);
  g_signal_connect (plant, "status", G_CALLBACK (refresh), self);
  g_signal_connect (plant, "tick", G_CALLBACK (refresh), self);
  refresh (plant, self);
}

static void
twin_status_strip_dispose (GObject *object)
{
  TwinStatusStrip *self = TWIN_STATUS_STRIP (object);

  if (self->plant != NULL)
    g_signal_handlers_disconnect_by_data (self->plant, self);
  g_clear_object (&self->plant);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (twin_status_strip_parent_class)->dispose (object);
}

static void
twin_status_strip_class_init (TwinStatusStripClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_status_strip_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
}

static void
twin_status_strip_init (TwinStatusStrip *self)
{
  static const char *const names[N_FIELDS] = {
    N_ ("Messages"),     N_ ("Lag"),      N_ ("Gaps"),  N_ ("Dropped blocks"),
    N_ ("Oldest value"), N_ ("Analysis"), N_ ("Store"), N_ ("Operator")
  };

  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);
  gtk_widget_add_css_class (self->box, "twin-status");
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));

  for (int i = 0; i < N_FIELDS; i++)
    {
      GtkWidget *field = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 5);
      GtkWidget *name = gtk_label_new (_ (names[i]));

      gtk_widget_add_css_class (name, "dim-label");
      self->values[i] = gtk_label_new ("–");
      gtk_widget_add_css_class (self->values[i], "numeric");
      gtk_box_append (GTK_BOX (field), name);
      gtk_box_append (GTK_BOX (field), self->values[i]);
      if (i == FIELD_ANALYSIS)
        {
          GtkWidget *space = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

          gtk_widget_set_hexpand (space, TRUE);
          gtk_box_append (GTK_BOX (self->box), space);
        }
      gtk_box_append (GTK_BOX (self->box), field);
    }
}

GtkWidget *
twin_status_strip_new (void)
{
  return g_object_new (TWIN_TYPE_STATUS_STRIP, NULL);
}
