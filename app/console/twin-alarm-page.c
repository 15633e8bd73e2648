/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-alarm-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-alarm-strip.h"
#include "twin-columns.h"
#include "twin-state-glyph.h"

typedef enum
{
  COLUMN_SOURCE,
  COLUMN_NAME,
  COLUMN_VALUE,
  COLUMN_LIMIT,
  COLUMN_AGE,
  COLUMN_STATE,
  COLUMN_WHY,
  COLUMN_ADVICE,
  N_COLUMNS,
} Column;

struct _TwinAlarmPage
{
  GtkWidget           parent_instance;
  TwinLivePlant      *plant;
  GtkWidget          *box;
  GtkWidget          *active;
  GtkWidget          *unacknowledged;
  GtkWidget          *recent;
  GtkWidget          *stack;
  GtkWidget          *view;
  GtkWidget          *calm;
  GtkWidget          *note_revealer;
  GtkWidget          *note_title;
  GtkWidget          *note_entry;
  char               *note_alarm;
  GtkSortListModel   *sorted;    /* owned by the view */
  GtkSingleSelection *selection; /* owned by the view */
  TwinColumns        *columns;   /* likewise */
};

G_DEFINE_FINAL_TYPE (TwinAlarmPage, twin_alarm_page, GTK_TYPE_WIDGET)

static const char *
state_word (const char *state)
{
  static const struct
  {
    const char *state, *word;
  } words[] = {
    { "unacknowledged", N_ ("Unacknowledged") },
    { "acknowledged", N_ ("Acknowledged") },
    { "returned", N_ ("Returned, unack.") },
    { "latched", N_ ("Latched") },
    { "shelved", N_ ("Shelved") },
    { "suppressed", N_ ("By design") },
    { "out of service", N_ ("Out of service") },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i].state, state) == 0)
      return _ (words[i].word);

  return state;
}

static char *
dup_text (gpointer object, guint column, gpointer data)
{
  const TwinAlarmItem *item = twin_live_alarm_get_item (object);

  switch ((Column) column)
    {
    case COLUMN_SOURCE:
      return g_strdup (item->source);
    case COLUMN_NAME:
      return g_strdup (item->name);
    case COLUMN_VALUE:
      return g_strdup (item->value_text);
    case COLUMN_LIMIT:
      return g_strdup (item->limit_text);
    case COLUMN_AGE:
      return twin_live_dup_age (item->since_us, twin_clock_utc_us ());
    case COLUMN_STATE:
      if (item->note != NULL && *item->note != '\0')
        return g_strdup_printf ("%s · “%s”", state_word (item->state),
                                item->note);
      return g_strdup (state_word (item->state));
    case COLUMN_WHY:
      return g_strdup (item->why);
    case COLUMN_ADVICE:
      return g_strdup (item->advice);
    case N_COLUMNS:
      break;
    }

  g_return_val_if_reached (NULL);
}

static const char *
get_style (gpointer object, guint column, gpointer data)
{
  return column == COLUMN_STATE && twin_live_alarm_needs_ack (object)
             ? "heading"
             : NULL;
}

static GtkWidget *
create_glyph (GtkListItem *list_item, gpointer data)
{
  return twin_state_glyph_new (22);
}

static void
show_glyph (GtkListItem *list_item, gpointer data)
{
  twin_state_glyph_set_alarm (TWIN_STATE_GLYPH (
                                  gtk_list_item_get_child (list_item)),
                              twin_live_alarm_get_item (
                                  gtk_list_item_get_item (list_item)));
}

static void
on_ack_clicked (GtkButton *button, gpointer data)
{
  GtkListItem   *list_item = data;
  TwinLiveAlarm *alarm = gtk_list_item_get_item (list_item);

  if (alarm != NULL)
    gtk_widget_activate_action (GTK_WIDGET (button), "win.acknowledge", "s",
                                twin_live_alarm_get_item (alarm)->id);
}

static GtkWidget *
create_ack (GtkListItem *list_item, gpointer data)
{
  GtkWidget *button = gtk_button_new_with_label (_ ("Ack"));

  gtk_widget_add_css_class (button, "twin-compact");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  /* The keyboard stays with the row, as A and N act on the row that has it. */
  gtk_widget_set_focusable (button, FALSE);
  g_signal_connect (button, "clicked", G_CALLBACK (on_ack_clicked), list_item);
  return button;
}

static void
show_ack (GtkListItem *list_item, gpointer data)
{
  TwinLiveAlarm       *alarm = gtk_list_item_get_item (list_item);
  const TwinAlarmItem *item = twin_live_alarm_get_item (alarm);
  GtkWidget           *button = gtk_list_item_get_child (list_item);
  g_autofree char     *spoken =
      g_strdup_printf (_ ("Acknowledge %s, %s"), item->source, item->name);

  gtk_widget_set_visible (button, twin_live_alarm_needs_ack (alarm));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static TwinLiveAlarm *
selected (TwinAlarmPage *self)
{
  return gtk_single_selection_get_selected_item (self->selection);
}

static void
acknowledge_selected (TwinAlarmPage *self)
{
  TwinLiveAlarm *alarm = selected (self);

  if (alarm != NULL && twin_live_alarm_needs_ack (alarm))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.acknowledge", "s",
                                twin_live_alarm_get_item (alarm)->id);
}

static void
on_activate (GtkColumnView *view, guint position, gpointer data)
{
  acknowledge_selected (data);
}

static gboolean
on_key (GtkEventControllerKey *controller,
        guint                  keyval,
        guint                  keycode,
        GdkModifierType        state,
        gpointer               data)
{
  TwinAlarmPage *self = data;
  TwinLiveAlarm *alarm = selected (self);

  if (alarm == NULL || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return FALSE;

  switch (gdk_keyval_to_lower (keyval))
    {
    case GDK_KEY_a:
      acknowledge_selected (self);
      return TRUE;
    case GDK_KEY_n:
      twin_alarm_page_begin_note (self, twin_live_alarm_get_item (alarm)->id);
      return TRUE;
    case GDK_KEY_o:
      gtk_widget_activate_action (GTK_WIDGET (self), "win.show-item", "s",
                                  twin_live_alarm_get_item (alarm)->machine);
      return TRUE;
    default:
      return FALSE;
    }
}

/* --- note ----------------------------------------------------------------- */

void
twin_alarm_page_begin_note (TwinAlarmPage *self, const char *id)
{
  GListModel *alarms = twin_live_plant_get_alarms (self->plant);

  for (guint i = 0; i < g_list_model_get_n_items (alarms); i++)
    {
      g_autoptr (TwinLiveAlarm) alarm = g_list_model_get_item (alarms, i);
      const TwinAlarmItem *item = twin_live_alarm_get_item (alarm);
      g_autofree char     *title = NULL;

      if (strcmp (item->id, id) != 0)
        continue;

      title = g_strdup_printf ("%s · %s", item->source, item->name);
      gtk_label_set_text (GTK_LABEL (self->note_title), title);
      g_free (self->note_alarm);
      self->note_alarm = g_strdup (id);
      gtk_revealer_set_reveal_child (GTK_REVEALER (self->note_revealer), TRUE);
      gtk_widget_grab_focus (self->note_entry);
    }
}

static void
end_note (TwinAlarmPage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->note_entry), "");
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->note_revealer), FALSE);
  g_clear_pointer (&self->note_alarm, g_free);
  gtk_widget_grab_focus (self->view);
}

static void
on_note_done (GtkWidget *widget, gpointer data)
{
  TwinAlarmPage *self = data;

  if (self->note_alarm == NULL)
    return;

  gtk_widget_activate_action (GTK_WIDGET (self), "win.acknowledge-with", "(ss)",
                              self->note_alarm,
                              gtk_editable_get_text (
                                  GTK_EDITABLE (self->note_entry)));
  end_note (self);
}

static void
on_note_cancel (GtkWidget *widget, gpointer data)
{
  end_note (data);
}

static gboolean
on_note_key (GtkEventControllerKey *controller,
             guint                  keyval,
             guint                  keycode,
             GdkModifierType        state,
             gpointer               data)
{
  if (keyval != GDK_KEY_Escape)
    return FALSE;

  end_note (data);
  return TRUE;
}

static GtkWidget *
build_note (TwinAlarmPage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *done = gtk_button_new_with_label (_ ("Acknowledge with note"));
  GtkWidget *cancel = gtk_button_new_with_label (_ ("Cancel"));
  GtkEventController *key = gtk_event_controller_key_new ();

  gtk_widget_add_css_class (box, "twin-card");
  self->note_title = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->note_title, "heading");
  self->note_entry = gtk_entry_new ();
  gtk_widget_set_hexpand (self->note_entry, TRUE);
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->note_entry),
                                  _ ("What was found, what is done"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->note_entry),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Note"),
                                  -1);
  gtk_widget_add_css_class (done, "suggested-action");
  g_signal_connect (done, "clicked", G_CALLBACK (on_note_done), self);
  g_signal_connect (self->note_entry, "activate", G_CALLBACK (on_note_done),
                    self);
  g_signal_connect (cancel, "clicked", G_CALLBACK (on_note_cancel), self);
  g_signal_connect (key, "key-pressed", G_CALLBACK (on_note_key), self);
  gtk_widget_add_controller (self->note_entry, key);

  gtk_box_append (GTK_BOX (box), self->note_title);
  gtk_box_append (GTK_BOX (box), self->note_entry);
  gtk_box_append (GTK_BOX (box), done);
  gtk_box_append (GTK_BOX (box), cancel);
  self->note_revealer = gtk_revealer_new ();
  gtk_revealer_set_child (GTK_REVEALER (self->note_revealer), box);
  return self->note_revealer;
}

/* --- figures -------------------------------------------------------------- */

static void
refresh (TwinLivePlant *plant, gpointer data)
{
  TwinAlarmPage   *self = data;
  GListModel      *alarms = twin_live_plant_get_alarms (plant);
  const int64_t    since = twin_clock_utc_us () - 600 * TWIN_US_PER_S;
  guint            counts[5];
  guint            recent = 0;
  g_autofree char *active = NULL;
  g_autofree char *waiting = NULL;
  g_autofree char *rate = NULL;

  twin_live_plant_count_alarms (plant, counts);
  for (guint i = 0; i < g_list_model_get_n_items (alarms); i++)
    {
      g_autoptr (TwinLiveAlarm) alarm = g_list_model_get_item (alarms, i);

      recent += twin_live_alarm_get_item (alarm)->since_us >= since;
    }

  active =
      g_strdup_printf ("%u", counts[1] + counts[2] + counts[3] + counts[4]);
  waiting = g_strdup_printf ("%u", counts[0]);
  rate = g_strdup_printf ("%u", recent);
  gtk_label_set_text (GTK_LABEL (self->active), active);
  gtk_label_set_text (GTK_LABEL (self->unacknowledged), waiting);
  gtk_label_set_text (GTK_LABEL (self->recent), rate);
  gtk_stack_set_visible_child (GTK_STACK (self->stack),
                               g_list_model_get_n_items (alarms) > 0
                                   ? gtk_widget_get_parent (self->view)
                                   : self->calm);
  gtk_widget_set_opacity (self->stack,
                          twin_live_plant_is_live (plant, twin_clock_utc_us ())
                              ? 1
                              : 0.5);
  twin_columns_refresh (self->columns, COLUMN_AGE);
}

void
twin_alarm_page_set_plant (TwinAlarmPage *self, TwinLivePlant *plant)
{
  if (self->plant != NULL)
    g_signal_handlers_disconnect_by_data (self->plant, self);
  g_set_object (&self->plant, plant);
  gtk_sort_list_model_set_model (self->sorted,
                                 plant != NULL
                                     ? twin_live_plant_get_alarms (plant)
                                     : NULL);
  if (plant == NULL)
    return;

  g_signal_connect (plant, "alarms", G_CALLBACK (refresh), self);
  g_signal_connect (plant, "tick", G_CALLBACK (refresh), self);
  refresh (plant, self);
}

/* --- building ------------------------------------------------------------- */

static GtkWidget *
build_view (TwinAlarmPage *self)
{
  static const TwinColumn columns[] = {
    { N_ ("Source"), COLUMN_SOURCE, 130, FALSE, "heading" },
    { N_ ("Alarm"), COLUMN_NAME, 196, FALSE, NULL },
    { N_ ("Value"), COLUMN_VALUE, 74, TRUE, NULL },
    { N_ ("Limit"), COLUMN_LIMIT, 70, TRUE, "dim-label" },
    { N_ ("For"), COLUMN_AGE, 62, TRUE, NULL },
    { N_ ("State"), COLUMN_STATE, 142, FALSE, NULL },
    { N_ ("Why"), COLUMN_WHY, 0, FALSE, "dim-label" },
    { N_ ("What to do"), COLUMN_ADVICE, 260, FALSE, "heading" },
  };
  GtkWidget          *scroller = gtk_scrolled_window_new ();
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkSorter          *sorter =
      GTK_SORTER (gtk_custom_sorter_new (twin_alarm_compare, NULL, NULL));

  self->sorted = gtk_sort_list_model_new (NULL, sorter);
  self->selection = gtk_single_selection_new (G_LIST_MODEL (self->sorted));
  self->view = gtk_column_view_new (GTK_SELECTION_MODEL (self->selection));
  gtk_widget_add_css_class (self->view, "twin-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Alarms"),
                                  -1);
  self->columns = twin_columns_new (GTK_COLUMN_VIEW (self->view), dup_text,
                                    get_style, self);
  twin_columns_add_widget (self->columns, 44, create_glyph, show_glyph);
  for (size_t i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      TwinColumn column = columns[i];

      column.title = _ (column.title);
      twin_columns_add (self->columns, &column);
    }
  twin_columns_add_widget (self->columns, 64, create_ack, show_ack);
  g_signal_connect (self->view, "activate", G_CALLBACK (on_activate), self);
  g_signal_connect (key, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (self->view, key);

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->view);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_widget_add_css_class (scroller, "twin-card-list");
  return scroller;
}

static GtkWidget *
build_figure (const char *title, const char *hint, GtkWidget **number)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *head = gtk_label_new (title);
  GtkWidget *foot = gtk_label_new (hint);

  gtk_widget_add_css_class (card, "twin-card");
  gtk_widget_set_hexpand (card, TRUE);
  *number = gtk_label_new ("0");
  gtk_widget_add_css_class (*number, "twin-figure");
  gtk_widget_add_css_class (head, "twin-small");
  gtk_widget_add_css_class (head, "dim-label");
  gtk_widget_add_css_class (foot, "twin-small");
  gtk_widget_add_css_class (foot, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (head), 0);
  gtk_label_set_xalign (GTK_LABEL (*number), 0);
  gtk_label_set_xalign (GTK_LABEL (foot), 0);
  gtk_box_append (GTK_BOX (card), head);
  gtk_box_append (GTK_BOX (card), *number);
  gtk_box_append (GTK_BOX (card), foot);
  return card;
}

static void
twin_alarm_page_dispose (GObject *object)
{
  TwinAlarmPage *self = TWIN_ALARM_PAGE (object);

  if (self->plant != NULL)
    twin_alarm_page_set_plant (self, NULL);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->note_alarm, g_free);
  G_OBJECT_CLASS (twin_alarm_page_parent_class)->dispose (object);
}

static void
twin_alarm_page_class_init (TwinAlarmPageClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_alarm_page_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
}

static void
twin_alarm_page_init (TwinAlarmPage *self)
{
  GtkWidget *figures = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *hint;

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  g_object_set (self->box, "margin-top", 12, "margin-bottom", 12,
                "margin-start", 12, "margin-end", 12, NULL);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));

  gtk_box_append (GTK_BOX (figures),
                  build_figure (_ ("Raised in the last 10 min"), _ ("target 1"),
                                &self->recent));
  gtk_box_append (GTK_BOX (figures),
                  build_figure (_ ("Active"), _ ("all priorities"),
                                &self->active));
  gtk_box_append (GTK_BOX (figures), build_figure (_ ("Unacknowledged"),
                                                   _ ("waiting for a person"),
                                                   &self->unacknowledged));
  gtk_box_append (GTK_BOX (self->box), figures);
  gtk_box_append (GTK_BOX (self->box), build_note (self));

  self->stack = gtk_stack_new ();
  gtk_stack_add_child (GTK_STACK (self->stack), build_view (self));
  self->calm = gtk_label_new (_ ("No alarm is active and none waits for an "
                                 "acknowledgement."));
  gtk_widget_add_css_class (self->calm, "dim-label");
  gtk_widget_set_vexpand (self->calm, TRUE);
  gtk_stack_add_child (GTK_STACK (self->stack), self->calm);
  gtk_box_append (GTK_BOX (self->box), self->stack);

  hint =
      gtk_label_new (_ ("A acknowledge · N with a note · O open the machine"));
  gtk_label_set_xalign (GTK_LABEL (hint), 0);
  gtk_widget_add_css_class (hint, "dim-label");
  gtk_widget_add_css_class (hint, "twin-small");
  gtk_box_append (GTK_BOX (self->box), hint);
}

GtkWidget *
twin_alarm_page_new (void)
{
  return g_object_new (TWIN_TYPE_ALARM_PAGE, NULL);
}
