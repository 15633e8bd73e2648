/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-tone-pills.h"

#include <glib/gi18n.h>
#include <string.h>

#define DEFAULT_FAMILY "BPFO"
#define SHAFT "Shaft"

enum
{
  MAX_TONES = 16,
  BEARING_HARMONICS = 8,
  SHAFT_HARMONICS = 3,
};

struct _TwinTonePills
{
  GtkWidget          parent_instance;
  GtkWidget         *box;
  TwinSpectrumChart *chart;
  GPtrArray         *names;   /* of the toggles, in their order */
  gboolean           touched; /* by the user: leave them alone */
  gboolean           setting;
  char              *family;
};

G_DEFINE_FINAL_TYPE (TwinTonePills, twin_tone_pills, GTK_TYPE_WIDGET)

static GtkWidget *
nth_toggle (TwinTonePills *self, guint n)
{
  GtkWidget *child = gtk_widget_get_first_child (self->box);

  while (child != NULL && n-- > 0)
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static void
on_toggled (GtkToggleButton *toggle, TwinTonePills *self)
{
  const char *name = g_object_get_data (G_OBJECT (toggle), "family");

  if (!self->setting)
    self->touched = TRUE;
  if (self->chart != NULL)
    twin_spectrum_chart_set_family_visible (self->chart, name,
                                            gtk_toggle_button_get_active (
                                                toggle));
}

static void
add_toggle (TwinTonePills *self, const char *name)
{
  GtkWidget       *toggle = gtk_toggle_button_new_with_label (name);
  g_autofree char *spoken = g_strdup_printf (_ ("Overlay %s"), name);

  gtk_widget_add_css_class (toggle, "twin-pill");
  g_object_set_data_full (G_OBJECT (toggle), "family", g_strdup (name), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (toggle),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  g_signal_connect (toggle, "toggled", G_CALLBACK (on_toggled), self);
  gtk_box_append (GTK_BOX (self->box), toggle);
  g_ptr_array_add (self->names, g_strdup (name));
}

static gboolean
same_names (TwinTonePills *self, const GArray *tones)
{
  const guint n = tones != NULL ? tones->len : 0;

  if (self->names->len != MIN (n, MAX_TONES))
    return FALSE;

  for (guint i = 0; i < self->names->len; i++)
    {
      if (g_strcmp0 (g_ptr_array_index (self->names, i),
                     g_array_index (tones, TwinTone, i).name) != 0)
        return FALSE;
    }

  return TRUE;
}

static void
rebuild (TwinTonePills *self, const GArray *tones)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_box_remove (GTK_BOX (self->box), child);
  g_ptr_array_set_size (self->names, 0);

  for (guint i = 0; tones != NULL && i < MIN (tones->len, MAX_TONES); i++)
    {
      const char *name = g_array_index (tones, TwinTone, i).name;

      add_toggle (self, name != NULL ? name : "");
    }
}

/* Follows the finding: its family and the shaft, nothing else. */
static void
choose (TwinTonePills *self)
{
  const char *family = self->family != NULL ? self->family : DEFAULT_FAMILY;

  self->setting = TRUE;
  for (guint i = 0; i < self->names->len; i++)
    {
      const char *name = g_ptr_array_index (self->names, i);
      gboolean    on = strcmp (name, family) == 0 || strcmp (name, SHAFT) == 0;
      GtkWidget  *toggle = nth_toggle (self, i);

      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (toggle), on);
      /* The chart shows what it was not told to hide. */
      on_toggled (GTK_TOGGLE_BUTTON (toggle), self);
    }
  self->setting = FALSE;
}

static void
show_tones (TwinTonePills *self, const GArray *tones)
{
  TwinSpectrumTone out[MAX_TONES];
  gsize            n = 0;

  for (guint i = 0; tones != NULL && i < MIN (tones->len, MAX_TONES); i++)
    {
      const TwinTone *tone = &g_array_index (tones, TwinTone, i);
      gboolean        shaft = g_strcmp0 (tone->name, SHAFT) == 0;

      out[n++] = (TwinSpectrumTone){
        tone->name, tone->hz, shaft ? SHAFT_HARMONICS : BEARING_HARMONICS, shaft
      };
    }

  twin_spectrum_chart_set_tones (self->chart, out, n);
}

void
twin_tone_pills_set_chart (TwinTonePills *self, TwinSpectrumChart *chart)
{
  g_return_if_fail (TWIN_IS_TONE_PILLS (self));

  g_set_object (&self->chart, chart);
}

void
twin_tone_pills_set_tones (TwinTonePills *self,
                           const GArray  *tones,
                           const char    *family)
{
  gboolean anew;

  g_return_if_fail (TWIN_IS_TONE_PILLS (self));

  if (self->chart == NULL)
    return;

  show_tones (self, tones);
  anew = !same_names (self, tones);
  if (anew)
    rebuild (self, tones);

  if (anew || g_strcmp0 (self->family, family) != 0)
    {
      g_free (self->family);
      self->family = g_strdup (family);
      if (!self->touched || anew)
        choose (self);
    }
}

void
twin_tone_pills_reset (TwinTonePills *self)
{
  g_return_if_fail (TWIN_IS_TONE_PILLS (self));

  self->touched = FALSE;
  g_clear_pointer (&self->family, g_free);
  choose (self);
}

static void
dispose (GObject *object)
{
  TwinTonePills *self = TWIN_TONE_PILLS (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->chart);

  G_OBJECT_CLASS (twin_tone_pills_parent_class)->dispose (object);
}

static void
finalize (GObject *object)
{
  TwinTonePills *self = TWIN_TONE_PILLS (object);

  g_ptr_array_unref (self->names);
  g_free (self->family);

  G_OBJECT_CLASS (twin_tone_pills_parent_class)->finalize (object);
}

static void
twin_tone_pills_class_init (TwinTonePillsClass *class)
{
  G_OBJECT_CLASS (class)->dispose = dispose;
  G_OBJECT_CLASS (class)->finalize = finalize;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
}

static void
twin_tone_pills_init (TwinTonePills *self)
{
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  gtk_widget_set_valign (self->box, GTK_ALIGN_CENTER);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
twin_tone_pills_new (void)
{
  return g_object_new (TWIN_TYPE_TONE_PILLS, NULL);
}
