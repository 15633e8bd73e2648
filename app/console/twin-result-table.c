/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-result-table.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-columns.h"
#include "twin-state-glyph.h"

enum
{
  FRAME_US = 6000, /* of a frame that rows may take */
};

struct _TwinResultTable
{
  GtkWidget            parent_instance;
  TwinLivePlant       *plant;
  TwinAnswer          *result;
  GtkWidget           *scroller;
  GtkColumnView       *view;
  TwinColumns         *cells;  /* owned by the view */
  GtkColumnViewColumn *glyphs; /* owned by the view */
  GListStore          *rows;
  guint                put;   /* rows of the result that are in the store */
  guint                tick;  /* puts the others, or 0 */
  GStrv                again; /* twins to select when they are put, or NULL */
  GtkSortListModel    *sorted;
  GtkMultiSelection   *selection;
  GPtrArray           *view_columns; /* GtkColumnViewColumn of each column */
};

enum
{
  ACTIVATED,
  SELECTION_CHANGED,
  COLUMNS_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TwinResultTable, twin_result_table, GTK_TYPE_WIDGET)

/* --- cells ---------------------------------------------------------------- */

static TwinLiveItem *
find_item (TwinResultTable *self, TwinAnswerRow *row)
{
  const char *twin = twin_answer_row_get_twin (row);

  return twin != NULL && self->plant != NULL
             ? twin_live_plant_find (self->plant, twin)
             : NULL;
}

static char *
dup_text (gpointer item, guint id, gpointer data)
{
  TwinResultTable *self = data;

  return twin_answer_row_dup_text (item, self->result->columns->pdata[id]);
}

static const char *
get_style (gpointer item, guint id, gpointer data)
{
  TwinResultTable        *self = data;
  const TwinAnswerColumn *column = self->result->columns->pdata[id];
  const guint             n = g_strv_length (column->path);

  return strcmp (column->path[n - 1], "displayName") == 0 ? "heading" : NULL;
}

static GtkWidget *
create_glyph (GtkListItem *cell, gpointer data)
{
  return twin_state_glyph_new (16);
}

/* Nothing may look live when the link is down. */
static void
show_glyph (GtkListItem *cell, gpointer data)
{
  TwinResultTable *self = data;
  GtkWidget       *glyph = gtk_list_item_get_child (cell);
  TwinLiveItem    *item = find_item (self, gtk_list_item_get_item (cell));
  TwinState        state;

  gtk_widget_set_visible (glyph, item != NULL);
  if (item == NULL)
    return;

  state = twin_live_item_get_state (item);
  if (state != TWIN_STATE_UNKNOWN &&
      !twin_live_plant_is_live (self->plant, twin_clock_utc_us ()))
    state = TWIN_STATE_STALE;
  twin_state_glyph_set_state (TWIN_STATE_GLYPH (glyph), state);
}

/* --- columns -------------------------------------------------------------- */

static int
compare_rows (gconstpointer a, gconstpointer b, gpointer column)
{
  return twin_answer_row_compare ((gpointer) a, (gpointer) b, column);
}

/* Wide enough for the words that are there, narrow enough for a page. */
static int
width_of (TwinResultTable *self, const TwinAnswerColumn *column)
{
  const guint n = MIN (self->result->rows->len, 40);
  glong       longest = g_utf8_strlen (column->title, -1);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text =
          twin_answer_row_dup_text (self->result->rows->pdata[i], column);

      if (text != NULL)
        longest = MAX (longest, g_utf8_strlen (text, -1));
    }

  return (int) CLAMP (longest * 8 + 28, 84, 240);
}

static gboolean
has_twins (const TwinAnswer *answer)
{
  for (guint i = 0; i < answer->rows->len; i++)
    if (twin_answer_row_get_twin (answer->rows->pdata[i]) != NULL)
      return TRUE;

  return FALSE;
}

static void
add_column (TwinResultTable *self, guint i, gboolean expand)
{
  const TwinAnswerColumn *column = self->result->columns->pdata[i];
  const TwinColumn        made = { column->title, i, width_of (self, column),
                                   column->numeric, NULL };
  GtkColumnViewColumn    *view = twin_columns_add (self->cells, &made);
  GtkSorter              *sorter = GTK_SORTER (
                   gtk_custom_sorter_new (compare_rows, (gpointer) column, NULL));

  gtk_column_view_column_set_sorter (view, sorter);
  g_object_unref (sorter);
  gtk_column_view_column_set_resizable (view, TRUE);
  gtk_column_view_column_set_expand (view, expand);
  g_ptr_array_add (self->view_columns, view);
}

/* Only what is shown has a column in the view: a twin may have fifty
 * properties. The last one of words takes what is left of the width; figures
 * stay where their heading is. */
static void
build_columns (TwinResultTable *self)
{
  guint last = G_MAXUINT;

  for (guint i = 0; i < self->view_columns->len; i++)
    gtk_column_view_remove_column (self->view, self->view_columns->pdata[i]);
  g_ptr_array_set_size (self->view_columns, 0);
  if (self->result == NULL)
    return;

  gtk_column_view_column_set_visible (self->glyphs, has_twins (self->result));
  for (guint i = 0; i < self->result->columns->len; i++)
    {
      const TwinAnswerColumn *column = self->result->columns->pdata[i];

      if (column->shown && !column->numeric)
        last = i;
    }
  for (guint i = 0; i < self->result->columns->len; i++)
    if (((TwinAnswerColumn *) self->result->columns->pdata[i])->shown)
      add_column (self, i, i == last);
}

static gboolean
has_same_columns (const TwinAnswer *a, const TwinAnswer *b)
{
  if (a == NULL || b == NULL || a->columns->len != b->columns->len)
    return FALSE;

  for (guint i = 0; i < a->columns->len; i++)
    {
      const TwinAnswerColumn *x = a->columns->pdata[i];
      const TwinAnswerColumn *y = b->columns->pdata[i];

      if (strcmp (x->name, y->name) != 0 || x->numeric != y->numeric)
        return FALSE;
    }

  return TRUE;
}

GPtrArray *
twin_result_table_get_columns (TwinResultTable *self)
{
  return self->result != NULL ? self->result->columns : NULL;
}

/* --- rows ----------------------------------------------------------------- */

static gboolean
has_same_rows (TwinResultTable *self, const TwinAnswer *result)
{
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->rows));

  if (n != result->rows->len)
    return FALSE;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TwinAnswerRow) row =
          g_list_model_get_item (G_LIST_MODEL (self->rows), i);

      if (g_strcmp0 (twin_answer_row_get_twin (row),
                     twin_answer_row_get_twin (result->rows->pdata[i])) != 0)
        return FALSE;
    }

  return TRUE;
}

static void
select_again (TwinResultTable *self)
{
  const guint n = g_list_model_get_n_items (G_LIST_MODEL (self->selection));

  for (guint i = 0; self->again != NULL && *self->again != NULL && i < n; i++)
    {
      g_autoptr (TwinAnswerRow) row =
          g_list_model_get_item (G_LIST_MODEL (self->selection), i);
      const char *twin = twin_answer_row_get_twin (row);

      if (twin != NULL &&
          g_strv_contains ((const char *const *) self->again, twin))
        gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection),
                                         i, FALSE);
    }
  g_clear_pointer (&self->again, g_strfreev);
}

/* A row costs a widget a cell: what does not fit into a frame waits for the
 * next. TRUE: all are there. */
static gboolean
put_some (TwinResultTable *self)
{
  const int64_t begin_us = twin_clock_monotonic_us ();

  while (self->put < self->result->rows->len &&
         twin_clock_monotonic_us () - begin_us < FRAME_US)
    g_list_store_append (self->rows, self->result->rows->pdata[self->put++]);

  if (self->put < self->result->rows->len)
    return FALSE;

  select_again (self);
  g_signal_emit (self, signals[SELECTION_CHANGED], 0);
  return TRUE;
}

static gboolean
on_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  TwinResultTable *self = TWIN_RESULT_TABLE (widget);

  if (!put_some (self))
    return G_SOURCE_CONTINUE;

  self->tick = 0;
  return G_SOURCE_REMOVE;
}

static void
stop_putting (TwinResultTable *self)
{
  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
  g_clear_pointer (&self->again, g_strfreev);
}

/* Takes @selected: twins to be selected, or NULL. */
static void
put_rows (TwinResultTable *self, GStrv selected)
{
  stop_putting (self);
  self->again = selected;
  g_list_store_remove_all (self->rows);
  self->put = 0;
  if (self->result != NULL && !put_some (self))
    self->tick =
        gtk_widget_add_tick_callback (GTK_WIDGET (self), on_frame, NULL, NULL);
}

static void
update_rows (TwinResultTable *self, const TwinAnswer *result)
{
  for (guint i = 0; i < result->rows->len; i++)
    {
      g_autoptr (TwinAnswerRow) row =
          g_list_model_get_item (G_LIST_MODEL (self->rows), i);

      twin_answer_row_update (row, result->rows->pdata[i]);
    }
}

/* What a person has chosen to see stays when the columns change. */
static void
keep_choice (const TwinAnswer *before, TwinAnswer *result)
{
  for (guint i = 0;
       before != NULL && result != NULL && i < before->columns->len; i++)
    for (guint k = 0; k < result->columns->len; k++)
      {
        const TwinAnswerColumn *old = before->columns->pdata[i];
        TwinAnswerColumn *new = result->columns->pdata[k];

        if (strcmp (old->name, new->name) == 0)
          new->shown = old->shown;
      }
}

/* Columns are told apart by their address (the sorters hold it): with the same
 * columns the old ones stay. */
void
twin_result_table_take (TwinResultTable *self,
                        TwinAnswer      *result,
                        gboolean         same)
{
  TwinAnswer *before = self->result;

  /* Rows are still coming; a newer answer follows soon enough. */
  if (same && self->tick != 0)
    {
      twin_answer_free (result);
      return;
    }
  if (same && has_same_columns (before, result))
    {
      if (has_same_rows (self, result))
        {
          update_rows (self, result);
          twin_answer_free (result);
          return;
        }
      g_ptr_array_unref (result->columns);
      result->columns = g_ptr_array_ref (before->columns);
      self->result = result;
      put_rows (self, twin_result_table_dup_selected (self));
      twin_answer_free (before);
      return;
    }

  /* The rows go first: no cell may ask for a column that is gone. */
  stop_putting (self);
  {
    g_auto (GStrv) selected =
        same ? twin_result_table_dup_selected (self) : NULL;

    g_list_store_remove_all (self->rows);
    gtk_column_view_sort_by_column (self->view, NULL, GTK_SORT_ASCENDING);
    if (same)
      keep_choice (before, result);
    self->result = result;
    build_columns (self);
    g_clear_pointer (&before, twin_answer_free);
    put_rows (self, g_steal_pointer (&selected));
  }
  g_signal_emit (self, signals[COLUMNS_CHANGED], 0);
  g_signal_emit (self, signals[SELECTION_CHANGED], 0);
}

void
twin_result_table_show_column (TwinResultTable *self,
                               guint            column,
                               gboolean         shown)
{
  TwinAnswerColumn *of = self->result->columns->pdata[column];
  g_auto (GStrv) selected = NULL;

  if (of->shown == shown)
    return;

  of->shown = shown;
  selected = twin_result_table_dup_selected (self);
  stop_putting (self);
  g_list_store_remove_all (self->rows);
  gtk_column_view_sort_by_column (self->view, NULL, GTK_SORT_ASCENDING);
  build_columns (self);
  put_rows (self, g_steal_pointer (&selected));
  g_signal_emit (self, signals[COLUMNS_CHANGED], 0);
}

GStrv
twin_result_table_dup_selected (TwinResultTable *self)
{
  g_autoptr (GtkBitset) set =
      gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray    *twins = g_ptr_array_new ();
  GtkBitsetIter iter;
  guint         position;

  for (gboolean any = gtk_bitset_iter_init_first (&iter, set, &position); any;
       any = gtk_bitset_iter_next (&iter, &position))
    {
      g_autoptr (TwinAnswerRow) row =
          g_list_model_get_item (G_LIST_MODEL (self->selection), position);
      const char *twin = row != NULL ? twin_answer_row_get_twin (row) : NULL;
      char       *copy;

      if (twin == NULL || g_hash_table_contains (seen, twin))
        continue;
      copy = g_strdup (twin);
      g_hash_table_add (seen, copy);
      g_ptr_array_add (twins, copy);
    }

  g_ptr_array_add (twins, NULL);
  return (GStrv) g_ptr_array_free (twins, FALSE);
}

char *
twin_result_table_dup_csv (TwinResultTable *self)
{
  g_autoptr (GtkBitset) set =
      gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  g_autoptr (GPtrArray) columns = g_ptr_array_new ();
  GListModel *rows = gtk_bitset_is_empty (set)
                         ? G_LIST_MODEL (g_object_ref (self->sorted))
                         : G_LIST_MODEL (gtk_selection_filter_model_new (
                               GTK_SELECTION_MODEL (self->selection)));
  char       *csv;

  for (guint i = 0; self->result != NULL && i < self->result->columns->len; i++)
    if (((TwinAnswerColumn *) self->result->columns->pdata[i])->shown)
      g_ptr_array_add (columns, self->result->columns->pdata[i]);
  csv = twin_answer_dup_csv (columns, rows);
  g_object_unref (rows);
  return csv;
}

/* --- building ------------------------------------------------------------- */

static void
on_activate (GtkColumnView *view, guint position, gpointer data)
{
  TwinResultTable *self = data;
  g_autoptr (TwinAnswerRow) row =
      g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (row != NULL && twin_answer_row_get_twin (row) != NULL)
    g_signal_emit (self, signals[ACTIVATED], 0, twin_answer_row_get_twin (row));
}

static void
on_selection (GtkSelectionModel *model, guint from, guint n, gpointer data)
{
  g_signal_emit (data, signals[SELECTION_CHANGED], 0);
}

static void
on_tick (TwinLivePlant *plant, gpointer data)
{
  TwinResultTable *self = data;

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    twin_columns_refresh_widgets (self->cells);
}

void
twin_result_table_set_plant (TwinResultTable *self, TwinLivePlant *plant)
{
  if (self->plant != NULL)
    g_signal_handlers_disconnect_by_data (self->plant, self);
  twin_result_table_take (self, NULL, FALSE);
  g_set_object (&self->plant, plant);
  if (plant != NULL)
    g_signal_connect (plant, "tick", G_CALLBACK (on_tick), self);
}

static void
twin_result_table_dispose (GObject *object)
{
  TwinResultTable *self = TWIN_RESULT_TABLE (object);

  if (self->plant != NULL)
    g_signal_handlers_disconnect_by_data (self->plant, self);
  g_clear_object (&self->plant);
  stop_putting (self);
  if (self->rows != NULL)
    g_list_store_remove_all (self->rows);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_pointer (&self->view_columns, g_ptr_array_unref);
  g_clear_object (&self->rows);
  g_clear_object (&self->sorted);
  g_clear_object (&self->selection);
  g_clear_pointer (&self->result, twin_answer_free);
  G_OBJECT_CLASS (twin_result_table_parent_class)->dispose (object);
}

static void
twin_result_table_class_init (TwinResultTableClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_result_table_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
  signals[ACTIVATED] =
      g_signal_new ("activated", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST,
                    0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SELECTION_CHANGED] =
      g_signal_new ("selection-changed", G_TYPE_FROM_CLASS (class),
                    G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[COLUMNS_CHANGED] =
      g_signal_new ("columns-changed", G_TYPE_FROM_CLASS (class),
                    G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
twin_result_table_init (TwinResultTable *self)
{
  self->view_columns = g_ptr_array_new ();
  self->rows = g_list_store_new (TWIN_TYPE_ANSWER_ROW);
  self->view = GTK_COLUMN_VIEW (gtk_column_view_new (NULL));
  self->sorted =
      gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (self->rows)),
                               g_object_ref (
                                   gtk_column_view_get_sorter (self->view)));
  self->selection =
      gtk_multi_selection_new (g_object_ref (G_LIST_MODEL (self->sorted)));
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "twin-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Rows of the query"), -1);
  self->cells = twin_columns_new (self->view, dup_text, get_style, self);
  self->glyphs =
      twin_columns_add_widget (self->cells, 34, create_glyph, show_glyph);
  g_signal_connect (self->view, "activate", G_CALLBACK (on_activate), self);
  g_signal_connect (self->selection, "selection-changed",
                    G_CALLBACK (on_selection), self);

  self->scroller = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller),
                                 GTK_WIDGET (self->view));
  gtk_widget_add_css_class (self->scroller, "twin-card-list");
  gtk_widget_set_vexpand (self->scroller, TRUE);
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}

GtkWidget *
twin_result_table_new (void)
{
  return g_object_new (TWIN_TYPE_RESULT_TABLE, NULL);
}
