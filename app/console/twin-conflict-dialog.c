/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-conflict-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-dialog.h"
#include "twin-json-words.h"
#include "twin-live-value.h"

typedef struct
{
  AdwWindow          *window;
  TwinConflict       *conflict;
  TwinConflictSettled settled; /* NULL: called already */
  gpointer            data;
} Dialog;

static void
settle (Dialog *self, const char *etag)
{
  TwinConflictSettled settled = self->settled;

  self->settled = NULL;
  if (settled != NULL)
    settled (etag, self->data);
}

static void
dialog_free (void *data)
{
  Dialog *self = data;

  settle (self, NULL);
  twin_conflict_free (self->conflict);
  g_free (self);
}

static void
on_insist (GtkButton *button, gpointer data)
{
  Dialog *self = data;

  settle (self, self->conflict->etag);
  gtk_window_close (GTK_WINDOW (self->window));
}

static JsonNode *
parse (const char *text)
{
  return text != NULL ? json_from_string (text, NULL) : NULL;
}

static const char *
value_at (GPtrArray *differences, const char *path, gboolean *found)
{
  for (guint i = 0; i < differences->len; i++)
    {
      const TwinJsonDifference *one = differences->pdata[i];

      *found = strcmp (one->path, path) == 0;
      if (*found)
        return one->after;
    }

  *found = FALSE;
  return NULL;
}

static void
attach (GtkGrid *grid, int column, int row, const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 24);
  gtk_widget_set_tooltip_text (label, text);
  gtk_widget_set_hexpand (label, column > 0);
  gtk_widget_add_css_class (label, "numeric");
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  gtk_grid_attach (grid, label, column, row, 1, 1);
}

/* One line a value that somebody changed; what only one side touched is what
 * the other side still has as it was. */
static void
add_line (GtkGrid                  *grid,
          int                       row,
          const TwinJsonDifference *one,
          GPtrArray                *mine,
          GPtrArray                *theirs)
{
  gboolean         by_me, by_them;
  const char      *my_value = value_at (mine, one->path, &by_me);
  const char      *their_value = value_at (theirs, one->path, &by_them);
  const char      *base = one->before != NULL ? one->before : _ ("not set");
  g_autofree char *label = twin_json_dup_label (one->path);

  if (!by_me)
    my_value = base;
  if (!by_them)
    their_value = base;
  attach (grid, 0, row, label, "heading");
  attach (grid, 1, row, my_value != NULL ? my_value : _ ("removed"),
          by_me ? NULL : "dim-label");
  attach (grid, 2, row, their_value != NULL ? their_value : _ ("removed"),
          by_them ? NULL : "dim-label");
  attach (grid, 3, row, base, "dim-label");
}

static GtkWidget *
build_grid (const TwinConflict *conflict)
{
  GtkWidget *grid = gtk_grid_new ();
  g_autoptr (JsonNode) base = parse (conflict->base);
  g_autoptr (JsonNode) mine = parse (conflict->mine);
  g_autoptr (JsonNode) theirs = parse (conflict->theirs);
  g_autoptr (GPtrArray) my_changes = twin_json_list_differences (base, mine);
  g_autoptr (GPtrArray) their_changes =
      twin_json_list_differences (base, theirs);
  int row = 0;

  gtk_grid_set_column_spacing (GTK_GRID (grid), 18);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 9);
  attach (GTK_GRID (grid), 0, row, "", NULL);
  attach (GTK_GRID (grid), 1, row, _ ("Mine"), "heading");
  attach (GTK_GRID (grid), 2, row, _ ("Theirs, as it is now"), "heading");
  attach (GTK_GRID (grid), 3, row++, _ ("Before both"), "heading");
  for (guint i = 0; i < my_changes->len; i++)
    add_line (GTK_GRID (grid), row++, my_changes->pdata[i], my_changes,
              their_changes);
  for (guint i = 0; i < their_changes->len; i++)
    {
      const TwinJsonDifference *one = their_changes->pdata[i];
      gboolean                  shown;

      value_at (my_changes, one->path, &shown);
      if (!shown)
        add_line (GTK_GRID (grid), row++, one, my_changes, their_changes);
    }

  return grid;
}

static char *
dup_story (const TwinConflict *conflict)
{
  g_autofree char *age =
      twin_live_dup_age (conflict->time_us, twin_clock_utc_us ());
  const char *who = conflict->who != NULL ? conflict->who : _ ("The engine");

  if (conflict->theirs == NULL)
    return g_strdup_printf (_ ("%s deleted it %s ago."), who, age);

  return g_strdup_printf (_ ("%s changed it %s ago, after you had opened it. "
                             "Nothing of yours is written yet."),
                          who, age);
}

void
twin_conflict_dialog_present (GtkWindow          *parent,
                              TwinConflict       *conflict,
                              TwinConflictSettled settled,
                              gpointer            data)
{
  Dialog    *self = g_new0 (Dialog, 1);
  GtkWidget *body = twin_dialog_body_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *insist = gtk_button_new_with_label (_ ("Write mine over it"));
  GtkWidget *card;
  g_autofree char *story = dup_story (conflict);

  self->conflict = conflict;
  self->settled = settled;
  self->data = data;
  gtk_box_append (GTK_BOX (body), twin_dialog_note (story));
  card = twin_dialog_group (body, _ ("What differs"));
  gtk_box_append (GTK_BOX (card), build_grid (conflict));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), body);
  self->window = twin_dialog_new (parent, _ ("Somebody else was first"),
                                  _ ("Close keeps theirs"), 760, 420, scroller,
                                  self, dialog_free);
  gtk_widget_add_css_class (insist, "destructive-action");
  gtk_widget_set_sensitive (insist, conflict->etag != NULL);
  g_signal_connect (insist, "clicked", G_CALLBACK (on_insist), self);
  twin_dialog_pack_end (self->window, insist);
  gtk_window_present (GTK_WINDOW (self->window));
}
