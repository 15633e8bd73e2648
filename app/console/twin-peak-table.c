/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-peak-table.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

enum
{
  N_ROWS = 12,
};

typedef struct
{
  GtkWidget *row;
  GtkWidget *swatch;
  GtkLabel  *name;
  GtkLabel  *hz;
  GtkLabel  *order;
  GtkLabel  *amplitude;
  double     at_hz;
} Row;

struct _TwinPeakTable
{
  GtkWidget     parent_instance;
  GtkWidget    *box;
  GtkWidget    *list;
  GtkLabel     *unit;
  GtkWidget    *empty;
  Row           rows[N_ROWS];
  gboolean      old;
  guint         most; /* rows that were needed: what lies below stays put */
  GtkSizeGroup *columns[3]; /* header and rows in line */
};

enum
{
  PEAK_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TwinPeakTable, twin_peak_table, GTK_TYPE_WIDGET)

static gboolean
is_second (const char *family)
{
  return family != NULL &&
         (strcmp (family, "Shaft") == 0 || strcmp (family, "Mains") == 0);
}

static void
show_swatch (TwinPeakTable *self, Row *row, const TwinPeakItem *peak)
{
  const char *classes[] = { "twin-swatch",
                            self->old || peak->name == NULL ? "unnamed"
                            : is_second (peak->family)      ? "second"
                                                            : "bearing",
                            NULL };

  gtk_widget_set_css_classes (row->swatch, classes);
}

/* Three figures of the largest peak; the others follow, so that a column can
 * be compared at a glance. */
static int
count_decimals (const GArray        *peaks,
                TwinVibrationUnit    unit,
                TwinVibrationMeasure measure)
{
  double largest = 0;

  for (guint i = 0; i < peaks->len; i++)
    {
      const TwinPeakItem *peak = &g_array_index (peaks, TwinPeakItem, i);

      largest = MAX (largest, twin_vibration_convert (peak->amplitude, peak->hz,
                                                      unit, measure));
    }

  return largest > 0 ? CLAMP (2 - (int) floor (log10 (largest)), 0, 7) : 3;
}

static void
show_row (TwinPeakTable       *self,
          Row                 *row,
          const TwinPeakItem  *peak,
          TwinVibrationUnit    unit,
          TwinVibrationMeasure measure,
          int                  decimals)
{
  const double amplitude =
      twin_vibration_convert (peak->amplitude, peak->hz, unit, measure);
  const char      *name = peak->name != NULL ? peak->name : _ ("not named");
  g_autofree char *hz = g_strdup_printf ("%.1f", peak->hz);
  g_autofree char *order = isnan (peak->order)
                               ? g_strdup ("–")
                               : g_strdup_printf ("%.2f", peak->order);
  g_autofree char *value = g_strdup_printf ("%.*f", decimals, amplitude);
  g_autofree char *spoken =
      g_strdup_printf (_ ("%s, %s Hz, order %s, %s %s"), name, hz, order, value,
                       twin_vibration_unit_symbol (unit));

  row->at_hz = peak->hz;
  show_swatch (self, row, peak);
  gtk_label_set_text (row->name, name);
  gtk_label_set_text (row->hz, hz);
  gtk_label_set_text (row->order, order);
  gtk_label_set_text (row->amplitude, value);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->row),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

void
twin_peak_table_set (TwinPeakTable       *self,
                     const GArray        *peaks,
                     TwinVibrationUnit    unit,
                     TwinVibrationMeasure measure)
{
  const guint n = peaks != NULL ? MIN (peaks->len, N_ROWS) : 0;

  g_return_if_fail (TWIN_IS_PEAK_TABLE (self));

  for (guint i = 0; i < n; i++)
    show_row (self, &self->rows[i], &g_array_index (peaks, TwinPeakItem, i),
              unit, measure, count_decimals (peaks, unit, measure));

  self->most = n > 0 ? MAX (self->most, n) : 0;
  for (guint i = 0; i < N_ROWS; i++)
    {
      gtk_widget_set_visible (self->rows[i].row, i < self->most);
      gtk_widget_set_sensitive (self->rows[i].row, i < n);
      gtk_widget_set_opacity (self->rows[i].row, i < n ? 1 : 0);
    }

  gtk_label_set_text (self->unit, twin_vibration_unit_symbol (unit));
  gtk_widget_set_visible (self->empty, n == 0);
}

void
twin_peak_table_set_old (TwinPeakTable *self, gboolean old)
{
  g_return_if_fail (TWIN_IS_PEAK_TABLE (self));

  self->old = old;
  if (old)
    gtk_widget_add_css_class (self->list, "twin-old");
  else
    gtk_widget_remove_css_class (self->list, "twin-old");
}

/* @column: 0 the name, then those with figures. */
static GtkLabel *
add_label (TwinPeakTable *self,
           GtkWidget     *box,
           const char    *text,
           int            column,
           const char *class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), column > 0 ? 1 : 0);
  gtk_widget_set_hexpand (label, column == 0);
  if (column > 0)
    {
      gtk_label_set_width_chars (GTK_LABEL (label), 6);
      gtk_size_group_add_widget (self->columns[column - 1], label);
    }
  else
    gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "numeric");
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static void
add_row (TwinPeakTable *self, Row *row)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 7);

  row->row = gtk_list_box_row_new ();
  row->swatch = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_valign (row->swatch, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), row->swatch);
  row->name = add_label (self, box, NULL, 0, NULL);
  row->hz = add_label (self, box, NULL, 1, NULL);
  row->order = add_label (self, box, NULL, 2, "dim-label");
  row->amplitude = add_label (self, box, NULL, 3, "heading");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row->row), box);
  gtk_list_box_append (GTK_LIST_BOX (self->list), row->row);
}

static void
on_activated (GtkListBox *list, GtkListBoxRow *row, TwinPeakTable *self)
{
  for (guint i = 0; i < N_ROWS; i++)
    {
      if (self->rows[i].row == GTK_WIDGET (row))
        g_signal_emit (self, signals[PEAK_CHOSEN], 0, self->rows[i].at_hz);
    }
}

static void
add_header (TwinPeakTable *self)
{
  GtkWidget *header = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 7);

  gtk_widget_add_css_class (header, "twin-peak-header");
  add_label (self, header, _ ("Named as"), 0, "dim-label");
  add_label (self, header, _ ("Hz"), 1, "dim-label");
  add_label (self, header, _ ("Order"), 2, "dim-label");
  self->unit = add_label (self, header, "g", 3, "dim-label");
  gtk_box_append (GTK_BOX (self->box), header);
}

static void
dispose (GObject *object)
{
  TwinPeakTable *self = TWIN_PEAK_TABLE (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  for (gsize i = 0; i < G_N_ELEMENTS (self->columns); i++)
    g_clear_object (&self->columns[i]);

  G_OBJECT_CLASS (twin_peak_table_parent_class)->dispose (object);
}

static void
twin_peak_table_class_init (TwinPeakTableClass *class)
{
  G_OBJECT_CLASS (class)->dispose = dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);

  signals[PEAK_CHOSEN] =
      g_signal_new ("peak-chosen", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST,
                    0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
}

static void
twin_peak_table_init (TwinPeakTable *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (self->columns); i++)
    self->columns[i] = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->box, "twin-card-list");
  gtk_widget_set_overflow (self->box, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  add_header (self);

  self->list = gtk_list_box_new ();
  gtk_widget_add_css_class (self->list, "twin-peaks");
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list),
                                   GTK_SELECTION_SINGLE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Peaks"),
                                  -1);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (on_activated),
                    self);
  for (guint i = 0; i < N_ROWS; i++)
    add_row (self, &self->rows[i]);
  gtk_box_append (GTK_BOX (self->box), self->list);

  self->empty = gtk_label_new (_ ("No peaks yet."));
  gtk_widget_add_css_class (self->empty, "dim-label");
  gtk_widget_set_margin_top (self->empty, 12);
  gtk_widget_set_margin_bottom (self->empty, 12);
  gtk_box_append (GTK_BOX (self->box), self->empty);
  twin_peak_table_set (self, NULL, TWIN_VIBRATION_G, TWIN_VIBRATION_RMS);
}

GtkWidget *
twin_peak_table_new (void)
{
  return g_object_new (TWIN_TYPE_PEAK_TABLE, NULL);
}
