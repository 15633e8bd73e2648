/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-whatif-controls.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <math.h>

#define HORIZON_DAYS 90.0

/* Well inside what one frame may take: the first answer is a closed form. */
#define BUDGET_MS 8.0

typedef struct
{
  const char *name; /* of the engine's input */
  const char *label;
  double      least, most, step, start;
  const char *format;
  double      factor; /* of the slider, to the input */
} Slider;

enum
{
  LOAD,
  SPEED,
  AMBIENT,
  DAYS,
  N_SLIDERS,
};

static const Slider sliders[N_SLIDERS] = {
  { "load", N_ ("Load"), 50, 150, 1, 100, N_ ("%.0f %% of now"), 0.01 },
  { "speed", N_ ("Speed"), 50, 120, 1, 100, N_ ("%.0f %% of now"), 0.01 },
  { "ambient", N_ ("Ambient"), -20, 50, 1, 20, N_ ("%.0f °C"), 1 },
  { "work-days", N_ ("Work after"), 0, HORIZON_DAYS, 1, 14, N_ ("%.0f days"),
    1 },
};

typedef struct
{
  const char *value, *label;
} Choice;

static const Choice greases[] = { { NULL, N_ ("As it is") },
                                  { "normal", N_ ("Right amount") },
                                  { "starved", N_ ("Starved") },
                                  { "too much", N_ ("Too much") },
                                  { NULL, NULL } };
static const Choice works[] = { { "none", N_ ("None") },
                                { "replace", N_ ("Replace the bearing") },
                                { "regrease", N_ ("Regrease it") },
                                { NULL, NULL } };
static const Choice faults[] = { { NULL, N_ ("Nothing") },
                                 { "none", N_ ("A sound bearing") },
                                 { "outer", N_ ("Outer-race fault") },
                                 { "inner", N_ ("Inner-race fault") },
                                 { NULL, NULL } };

struct _TwinWhatifControls
{
  GtkWidget  parent_instance;
  GtkWidget *box;
  GtkWidget *scales[N_SLIDERS], *values[N_SLIDERS], *work_row;
  GtkWidget *ambient_now;
  GtkWidget *grease, *work, *fault, *planned, *failure;
  gboolean   resetting;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (TwinWhatifControls, twin_whatif_controls, GTK_TYPE_WIDGET)

static void
say_changed (TwinWhatifControls *self)
{
  if (!self->resetting)
    g_signal_emit (self, changed_signal, 0);
}

static gboolean
is_ambient_now (TwinWhatifControls *self)
{
  return gtk_check_button_get_active (GTK_CHECK_BUTTON (self->ambient_now));
}

static void
show_values (TwinWhatifControls *self)
{
  const gboolean has_work =
      gtk_drop_down_get_selected (GTK_DROP_DOWN (self->work)) > 0;

  for (int i = 0; i < N_SLIDERS; i++)
    {
      const double     at = gtk_range_get_value (GTK_RANGE (self->scales[i]));
      g_autofree char *text = i == AMBIENT && is_ambient_now (self)
                                  ? g_strdup (_ ("as it is"))
                                  : g_strdup_printf (_ (sliders[i].format), at);

      gtk_label_set_label (GTK_LABEL (self->values[i]), text);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->scales[i]),
                                      GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text,
                                      -1);
    }

  gtk_widget_set_sensitive (self->scales[AMBIENT], !is_ambient_now (self));
  gtk_widget_set_visible (self->work_row, has_work);
}

static void
on_changed (TwinWhatifControls *self)
{
  show_values (self);
  say_changed (self);
}

/* --- building ----------------------------------------------------------------
 */

static GtkWidget *
new_caption (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, TRUE);
  return label;
}

static GtkWidget *
add_slider (TwinWhatifControls *self, int i)
{
  const Slider *slider = &sliders[i];
  GtkWidget    *row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget    *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget    *scale =
      gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, slider->least,
                                slider->most, slider->step);

  self->scales[i] = scale;
  self->values[i] = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->values[i], "numeric");
  gtk_scale_set_draw_value (GTK_SCALE (scale), FALSE);
  gtk_range_set_value (GTK_RANGE (scale), slider->start);
  if (i == LOAD || i == SPEED)
    gtk_scale_add_mark (GTK_SCALE (scale), 100, GTK_POS_BOTTOM, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (scale),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (slider->label), -1);
  g_signal_connect_swapped (scale, "value-changed", G_CALLBACK (on_changed),
                            self);
  gtk_box_append (GTK_BOX (head), new_caption (_ (slider->label)));
  gtk_box_append (GTK_BOX (head), self->values[i]);
  gtk_box_append (GTK_BOX (row), head);
  gtk_box_append (GTK_BOX (row), scale);
  gtk_box_append (GTK_BOX (self->box), row);
  return row;
}

static GtkWidget *
add_choice (TwinWhatifControls *self, const char *label, const Choice *choices)
{
  GtkWidget     *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkStringList *list = gtk_string_list_new (NULL);
  GtkWidget     *drop;

  for (int i = 0; choices[i].label != NULL; i++)
    gtk_string_list_append (list, _ (choices[i].label));

  drop = gtk_drop_down_new (G_LIST_MODEL (list), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (drop),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_swapped (drop, "notify::selected", G_CALLBACK (on_changed),
                            self);
  gtk_box_append (GTK_BOX (row), new_caption (label));
  gtk_box_append (GTK_BOX (row), drop);
  gtk_box_append (GTK_BOX (self->box), row);
  return drop;
}

static GtkWidget *
add_price (TwinWhatifControls *self, const char *label)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *spin = gtk_spin_button_new_with_range (0, 1e9, 100);

  gtk_editable_set_width_chars (GTK_EDITABLE (spin), 8);
  gtk_accessible_update_property (GTK_ACCESSIBLE (spin),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_tooltip_text (spin, _ ("0: as the plant has it"));
  g_signal_connect_swapped (spin, "value-changed", G_CALLBACK (on_changed),
                            self);
  gtk_box_append (GTK_BOX (row), new_caption (label));
  gtk_box_append (GTK_BOX (row), spin);
  gtk_box_append (GTK_BOX (self->box), row);
  return spin;
}

static void
add_ambient_now (TwinWhatifControls *self)
{
  self->ambient_now = gtk_check_button_new_with_label (_ ("Ambient as it is"));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->ambient_now), TRUE);
  g_signal_connect_swapped (self->ambient_now, "toggled",
                            G_CALLBACK (on_changed), self);
  gtk_box_append (GTK_BOX (self->box), self->ambient_now);
}

static void
twin_whatif_controls_dispose (GObject *object)
{
  TwinWhatifControls *self = TWIN_WHATIF_CONTROLS (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (twin_whatif_controls_parent_class)->dispose (object);
}

static void
twin_whatif_controls_class_init (TwinWhatifControlsClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_whatif_controls_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
  changed_signal =
      g_signal_new ("changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
twin_whatif_controls_init (TwinWhatifControls *self)
{
  self->resetting = TRUE;
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  add_slider (self, LOAD);
  add_slider (self, SPEED);
  add_slider (self, AMBIENT);
  add_ambient_now (self);
  self->grease = add_choice (self, _ ("Grease"), greases);
  self->work = add_choice (self, _ ("Work"), works);
  self->work_row = add_slider (self, DAYS);
  self->planned = add_price (self, _ ("Planned stop costs"));
  self->failure = add_price (self, _ ("Failure costs"));
  self->fault = add_choice (self, _ ("Simulate"), faults);
  self->resetting = FALSE;
  show_values (self);
}

GtkWidget *
twin_whatif_controls_new (void)
{
  return g_object_new (TWIN_TYPE_WHATIF_CONTROLS, NULL);
}

void
twin_whatif_controls_reset (TwinWhatifControls *self)
{
  g_return_if_fail (TWIN_IS_WHATIF_CONTROLS (self));

  self->resetting = TRUE;
  for (int i = 0; i < N_SLIDERS; i++)
    gtk_range_set_value (GTK_RANGE (self->scales[i]), sliders[i].start);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->ambient_now), TRUE);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->grease), 0);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->work), 0);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->fault), 0);
  self->resetting = FALSE;
  on_changed (self);
}

/* --- the question ------------------------------------------------------------
 */

static void
set_choice (JsonObject   *set,
            const char   *name,
            GtkWidget    *drop,
            const Choice *choices)
{
  const guint at = gtk_drop_down_get_selected (GTK_DROP_DOWN (drop));

  if (at != GTK_INVALID_LIST_POSITION && choices[at].value != NULL)
    json_object_set_string_member (set, name, choices[at].value);
}

static void
set_price (JsonObject *set, const char *name, GtkWidget *spin)
{
  const double price = gtk_spin_button_get_value (GTK_SPIN_BUTTON (spin));

  if (price > 0)
    json_object_set_double_member (set, name, price);
}

static JsonObject *
make_set (TwinWhatifControls *self)
{
  JsonObject *set = json_object_new ();

  set_choice (set, "work", self->work, works);
  for (int i = 0; i < N_SLIDERS; i++)
    {
      const double at = gtk_range_get_value (GTK_RANGE (self->scales[i]));

      if ((i == AMBIENT && is_ambient_now (self)) ||
          (i == DAYS && !gtk_widget_get_visible (self->work_row)))
        continue;

      json_object_set_double_member (set, sliders[i].name,
                                     at * sliders[i].factor);
    }

  set_choice (set, "grease", self->grease, greases);
  set_choice (set, "fault", self->fault, faults);
  set_price (set, "planned-cost", self->planned);
  set_price (set, "failure-cost", self->failure);
  return set;
}

char *
twin_whatif_controls_dup_question (TwinWhatifControls *self, gboolean keep)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  JsonObject *question = json_object_new ();

  g_return_val_if_fail (TWIN_IS_WHATIF_CONTROLS (self), NULL);

  json_node_take_object (root, question);
  json_object_set_object_member (question, "set", make_set (self));
  json_object_set_double_member (question, "horizon", HORIZON_DAYS * 86400);
  json_object_set_double_member (question, "budget", BUDGET_MS);
  json_object_set_boolean_member (question, "refine", TRUE);
  json_object_set_boolean_member (question, "keep", keep);
  return json_to_string (root, FALSE);
}
