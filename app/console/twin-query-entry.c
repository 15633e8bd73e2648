/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-query-entry.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "twin-query-words.h"

enum
{
  MAX_HEIGHT = 132, /* px: six lines, then it scrolls */
};

struct _TwinQueryEntry
{
  GtkWidget      parent_instance;
  GtkWidget     *box;
  GtkWidget     *card;
  GtkWidget     *view;
  GtkWidget     *hint;
  GtkWidget     *run;
  GtkWidget     *error;
  GtkTextBuffer *buffer; /* owned by the view */
  GtkTextTag    *tags[TWIN_QUERY_WORD_NUMBER + 1];
  GtkTextTag    *wrong;
  gboolean       busy;
};

enum
{
  RUN,
  CANCEL,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (TwinQueryEntry, twin_query_entry, GTK_TYPE_WIDGET)

/* --- text ----------------------------------------------------------------- */

char *
twin_query_entry_dup_text (TwinQueryEntry *self)
{
  GtkTextIter begin, end;

  gtk_text_buffer_get_bounds (self->buffer, &begin, &end);
  return gtk_text_buffer_get_text (self->buffer, &begin, &end, FALSE);
}

void
twin_query_entry_set_text (TwinQueryEntry *self, const char *text)
{
  gtk_text_buffer_set_text (self->buffer, text, -1);
}

typedef struct
{
  TwinQueryEntry *self;
  const char     *text;
} Painting;

static void
paint_word (TwinQueryWordKind kind, gsize begin, gsize end, gpointer data)
{
  Painting   *painting = data;
  GtkTextIter from, to;

  gtk_text_buffer_get_iter_at_offset (
      painting->self->buffer, &from,
      (int) g_utf8_pointer_to_offset (painting->text, painting->text + begin));
  gtk_text_buffer_get_iter_at_offset (
      painting->self->buffer, &to,
      (int) g_utf8_pointer_to_offset (painting->text, painting->text + end));
  gtk_text_buffer_apply_tag (painting->self->buffer, painting->self->tags[kind],
                             &from, &to);
}

/* Words to look for have no colours, and no fixed pitch. */
static void
on_changed (GtkTextBuffer *buffer, gpointer data)
{
  TwinQueryEntry  *self = data;
  g_autofree char *text = twin_query_entry_dup_text (self);
  Painting         painting = { self, text };
  GtkTextIter      begin, end;
  const gboolean   query = twin_query_words_is_query (text);

  gtk_text_buffer_get_bounds (buffer, &begin, &end);
  gtk_text_buffer_remove_all_tags (buffer, &begin, &end);
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (self->view), query);
  if (query)
    twin_query_words_scan (text, paint_word, &painting);
  gtk_widget_set_visible (self->hint, *text == '\0');
  twin_query_entry_set_error (self, NULL, 0, 0);
}

static void
mark (TwinQueryEntry *self, guint line, guint column)
{
  GtkTextIter at, end;

  if (!gtk_text_buffer_get_iter_at_line (self->buffer, &at, (int) line - 1))
    gtk_text_buffer_get_end_iter (self->buffer, &at);
  for (guint i = 1; i < column && !gtk_text_iter_ends_line (&at); i++)
    gtk_text_iter_forward_char (&at);

  /* What is missing at the end of a line is marked at its last character. */
  if (gtk_text_iter_ends_line (&at) && !gtk_text_iter_starts_line (&at))
    gtk_text_iter_backward_char (&at);
  end = at;
  if (!gtk_text_iter_ends_word (&at) && gtk_text_iter_inside_word (&at))
    gtk_text_iter_forward_word_end (&end);
  else
    gtk_text_iter_forward_char (&end);
  gtk_text_buffer_apply_tag (self->buffer, self->wrong, &at, &end);
  gtk_text_buffer_place_cursor (self->buffer, &at);
}

void
twin_query_entry_set_error (TwinQueryEntry *self,
                            const char     *message,
                            guint           line,
                            guint           column)
{
  GtkTextIter begin, end;

  gtk_text_buffer_get_bounds (self->buffer, &begin, &end);
  gtk_text_buffer_remove_tag (self->buffer, self->wrong, &begin, &end);
  gtk_label_set_text (GTK_LABEL (self->error), message != NULL ? message : "");
  gtk_widget_set_visible (self->error, message != NULL);
  if (message != NULL && line > 0)
    mark (self, line, column);
}

void
twin_query_entry_set_busy (TwinQueryEntry *self, gboolean busy)
{
  self->busy = busy;
  gtk_button_set_icon_name (GTK_BUTTON (self->run),
                            busy ? "process-stop-symbolic"
                                 : "system-search-symbolic");
  gtk_widget_set_tooltip_text (self->run,
                               busy ? _ ("Cancel (Esc)") : _ ("Ask (Enter)"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->run),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  busy ? _ ("Cancel the query") : _ ("Ask"),
                                  -1);
}

/* --- acting --------------------------------------------------------------- */

static void
on_run (GtkButton *button, gpointer data)
{
  TwinQueryEntry *self = data;

  g_signal_emit (self, signals[self->busy ? CANCEL : RUN], 0);
}

static gboolean
on_key (GtkEventControllerKey *controller,
        guint                  keyval,
        guint                  keycode,
        GdkModifierType        state,
        gpointer               data)
{
  TwinQueryEntry *self = data;

  if (keyval == GDK_KEY_Escape && self->busy)
    {
      g_signal_emit (self, signals[CANCEL], 0);
      return TRUE;
    }
  if ((keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter) &&
      (state & (GDK_SHIFT_MASK | GDK_ALT_MASK)) == 0)
    {
      g_signal_emit (self, signals[RUN], 0);
      return TRUE;
    }

  return FALSE;
}

/* The visual target's colours: keywords as what is predicted, texts as low. */
static void
on_dark (AdwStyleManager *manager, GParamSpec *pspec, gpointer data)
{
  static const char *const colours[][2] = {
    [TWIN_QUERY_WORD_KEYWORD] = { "#813d9c", "#c99bf0" },
    [TWIN_QUERY_WORD_FUNCTION] = { "#0f6e78", "#62c6cf" },
    [TWIN_QUERY_WORD_TEXT] = { "#1a5fb4", "#99c1f1" },
    [TWIN_QUERY_WORD_NUMBER] = { "#865e3c", "#d0a984" },
  };
  TwinQueryEntry *self = data;
  const int       dark = adw_style_manager_get_dark (manager);
  GdkRGBA         red;

  for (gsize i = 0; i < G_N_ELEMENTS (colours); i++)
    g_object_set (self->tags[i], "foreground", colours[i][dark], NULL);
  gdk_rgba_parse (&red, dark ? "#ff8f8a" : "#b3151d");
  g_object_set (self->wrong, "underline-rgba", &red, NULL);
}

/* --- building ------------------------------------------------------------- */

static void
twin_query_entry_dispose (GObject *object)
{
  TwinQueryEntry *self = TWIN_QUERY_ENTRY (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (twin_query_entry_parent_class)->dispose (object);
}

static gboolean
grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (TWIN_QUERY_ENTRY (widget)->view);
}

static void
twin_query_entry_class_init (TwinQueryEntryClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_query_entry_dispose;
  GTK_WIDGET_CLASS (class)->grab_focus = grab_focus;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
  signals[RUN] =
      g_signal_new ("run", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[CANCEL] =
      g_signal_new ("cancel", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
make_tags (TwinQueryEntry *self)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  for (gsize i = 0; i < G_N_ELEMENTS (self->tags); i++)
    self->tags[i] = gtk_text_buffer_create_tag (self->buffer, NULL, "weight",
                                                i == TWIN_QUERY_WORD_KEYWORD
                                                    ? PANGO_WEIGHT_BOLD
                                                    : PANGO_WEIGHT_NORMAL,
                                                NULL);
  self->wrong = gtk_text_buffer_create_tag (self->buffer, NULL, "underline",
                                            PANGO_UNDERLINE_ERROR, NULL);
  g_signal_connect_object (manager, "notify::dark", G_CALLBACK (on_dark), self,
                           0);
  on_dark (manager, NULL, self);
}

static GtkWidget *
build_view (TwinQueryEntry *self)
{
  GtkWidget          *scroller = gtk_scrolled_window_new ();
  GtkWidget          *overlay = gtk_overlay_new ();
  GtkEventController *key = gtk_event_controller_key_new ();

  self->view = gtk_text_view_new ();
  self->buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->view));
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (self->view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (self->view), FALSE);
  gtk_event_controller_set_propagation_phase (key, GTK_PHASE_CAPTURE);
  g_signal_connect (key, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (self->view, key);
  make_tags (self);
  g_signal_connect (self->buffer, "changed", G_CALLBACK (on_changed), self);

  self->hint = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->hint), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->hint), PANGO_ELLIPSIZE_END);
  g_object_set (self->hint, "can-target", FALSE, "valign", GTK_ALIGN_START,
                NULL);
  gtk_widget_add_css_class (self->hint, "dim-label");
  gtk_overlay_set_child (GTK_OVERLAY (overlay), self->view);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->hint);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), overlay);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller),
                                  GTK_POLICY_NEVER, GTK_POLICY_EXTERNAL);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (
                                                        scroller),
                                                    TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller),
                                              MAX_HEIGHT);
  gtk_widget_set_hexpand (scroller, TRUE);
  gtk_widget_set_valign (scroller, GTK_ALIGN_CENTER);
  return scroller;
}

static void
twin_query_entry_init (TwinQueryEntry *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  self->card = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_add_css_class (self->card, "twin-query");
  gtk_box_append (GTK_BOX (self->card), build_view (self));
  self->run = gtk_button_new ();
  gtk_widget_add_css_class (self->run, "flat");
  gtk_widget_set_valign (self->run, GTK_ALIGN_CENTER);
  g_signal_connect (self->run, "clicked", G_CALLBACK (on_run), self);
  gtk_box_append (GTK_BOX (self->card), self->run);
  gtk_box_append (GTK_BOX (self->box), self->card);

  self->error = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->error), 0);
  gtk_label_set_wrap (GTK_LABEL (self->error), TRUE);
  gtk_widget_add_css_class (self->error, "twin-query-error");
  gtk_widget_set_visible (self->error, FALSE);
  gtk_box_append (GTK_BOX (self->box), self->error);
  twin_query_entry_set_busy (self, FALSE);
}

GtkWidget *
twin_query_entry_new (const char *label, const char *hint)
{
  TwinQueryEntry *self = g_object_new (TWIN_TYPE_QUERY_ENTRY, NULL);

  gtk_label_set_text (GTK_LABEL (self->hint), hint);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return GTK_WIDGET (self);
}
