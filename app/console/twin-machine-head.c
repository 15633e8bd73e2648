/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-machine-head.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "twin-machine-words.h"
#include "twin-state-glyph.h"
#include "twin-query-words.h"

#define GLYPH_PX 26

struct _TwinMachineHead
{
  GtkWidget     parent_instance;
  TwinLiveItem *machine;
  GtkWidget    *box;
  GtkBox       *glyph_slot;
  GtkWidget    *glyph;
  GtkLabel     *name;
  GtkLabel     *mode;
  GtkLabel     *breadcrumb;
  GtkLabel     *life;
  GtkLabel     *life_note;
  GtkLabel     *finding;
  GtkLabel     *finding_note;
  GtkLabel     *age;
  GtkLabel     *node;
  GtkLabel     *maintenance;
  GtkLabel     *maintenance_note;
  GtkWidget    *schedule;
  GtkWidget    *commands;
};

G_DEFINE_FINAL_TYPE (TwinMachineHead, twin_machine_head, GTK_TYPE_WIDGET)

/* Setting a label to what it says costs a layout. */
static void
set_text (GtkLabel *label, const char *text)
{
  if (text == NULL)
    text = "";
  if (strcmp (gtk_label_get_label (label), text) != 0)
    gtk_label_set_label (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), *text != '\0');
}

/* "12–31 days" with the unit dimmed; @plain has no digit: as it is. */
static char *
markup_with_unit (const char *plain)
{
  g_autofree char *escaped = g_markup_escape_text (plain, -1);
  char            *space = strrchr (escaped, ' ');

  if (space == NULL || strpbrk (plain, "0123456789") == NULL)
    return g_steal_pointer (&escaped);

  *space = '\0';
  return g_strdup_printf ("%s<span weight=\"normal\" alpha=\"62%%\"> %s</span>",
                          escaped, space + 1);
}

/* --- commands ---------------------------------------------------------------
 */

static void
append_commands (GMenu *menu, TwinLiveItem *item, TwinModelSet *models)
{
  const TwinStructureItem *plant = twin_live_item_get_plant_item (item);
  const TwinInterface     *interface =
      plant->model != NULL ? twin_model_set_lookup (models, plant->model)
                               : NULL;
  g_autoptr (GMenu) section = g_menu_new ();

  for (guint i = 0; interface != NULL && i < interface->effective->len; i++)
    {
      const TwinContent *content = g_ptr_array_index (interface->effective, i);
      g_autoptr (GMenuItem) entry = NULL;
      g_autofree char *label = NULL;

      if (content->kind != TWIN_CONTENT_COMMAND)
        continue;

      label = g_strdup_printf ("%s…", twin_content_get_label (content));
      entry = g_menu_item_new (label, NULL);
      g_menu_item_set_action_and_target (entry, "win.command", "(ss)",
                                         plant->id, content->name);
      g_menu_append_item (section, entry);
    }

  if (g_menu_model_get_n_items (G_MENU_MODEL (section)) > 0)
    g_menu_append_section (menu, twin_live_item_get_name (item),
                           G_MENU_MODEL (section));
}

static void
append_below (GMenu *menu, TwinLiveItem *item, TwinModelSet *models)
{
  GListModel *children = twin_live_item_get_children (item);

  append_commands (menu, item, models);
  for (guint i = 0; i < g_list_model_get_n_items (children); i++)
    {
      g_autoptr (TwinLiveItem) child = g_list_model_get_item (children, i);

      append_below (menu, child, models);
    }
}

static void
append_firmware (GMenu *menu, TwinLiveItem *machine)
{
  const char *const ids[] = { twin_live_item_get_id (machine), NULL };
  g_autofree char  *question = twin_query_words_dup_twins_question (ids);
  g_autoptr (GMenu) section = g_menu_new ();
  g_autoptr (GMenuItem) entry = g_menu_item_new (_ ("Firmware…"), NULL);

  g_menu_item_set_action_and_target (entry, "win.firmware-of", "s", question);
  g_menu_append_item (section, entry);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
}

static void
show_commands (TwinMachineHead *self, TwinModelSet *models)
{
  g_autoptr (GMenu) menu = g_menu_new ();

  if (self->machine != NULL && models != NULL)
    append_below (menu, self->machine, models);
  if (self->machine != NULL)
    append_firmware (menu, self->machine);

  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->commands),
                                  G_MENU_MODEL (menu));
  gtk_widget_set_sensitive (self->commands,
                            g_menu_model_get_n_items (G_MENU_MODEL (menu)) > 0);
}

/* --- facts ------------------------------------------------------------------
 */

static void
show_life (TwinMachineHead *self, const TwinStateItem *state, gboolean stale)
{
  g_autofree char *span = twin_live_dup_life_span (state);
  g_autofree char *markup =
      markup_with_unit (span != NULL ? span : _ ("Not estimable"));
  const gboolean bounded = state != NULL && !isnan (state->rul_p05_s);

  set_text (self->life, markup);
  set_text (self->life_note, span == NULL ? NULL
                             : stale      ? _ ("from old data")
                             : bounded    ? _ ("5–95 %")
                                          : _ ("with 95 %"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->life),
                               state != NULL ? state->rul_why : NULL);
}

static void
show_finding (TwinMachineHead *self, const TwinStateItem *state, gboolean stale)
{
  g_autofree char *was = NULL;

  if (stale && state != NULL && state->was >= TWIN_STATE_LOW &&
      state->was <= TWIN_STATE_CRITICAL)
    was = g_strdup_printf (_ ("was %s"), twin_state_get_word (state->was));

  /* A missing or old reading never looks healthy. */
  if (state != NULL && state->finding != NULL)
    set_text (self->finding, state->finding);
  else if (state == NULL || stale || state->state == TWIN_STATE_UNKNOWN)
    set_text (self->finding, _ ("Not known"));
  else
    set_text (self->finding, _ ("None"));
  set_text (self->finding_note, was != NULL     ? was
                                : state != NULL ? state->sureness
                                                : NULL);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->finding),
                               state != NULL ? state->reason : NULL);
}

static void
show_age (TwinMachineHead *self, int64_t now_us)
{
  const TwinStructureItem *plant =
      twin_live_item_get_plant_item (self->machine);
  g_autofree char *age =
      twin_live_dup_age (twin_live_item_get_newest_us (self->machine), now_us);
  g_autofree char *markup = markup_with_unit (age);
  g_autofree char *node = plant->node != NULL
                              ? g_strdup_printf (_ ("node %s"), plant->node)
                              : g_strdup (_ ("no node"));

  set_text (self->age, markup);
  set_text (self->node, node);
}

static void
show_maintenance (TwinMachineHead     *self,
                  const TwinStateItem *state,
                  int64_t              now_us)
{
  int64_t          due = state != NULL ? state->maintenance_us : TWIN_TIME_NONE;
  gboolean         scheduled = state != NULL && state->maintenance != NULL;
  g_autofree char *date = NULL;

  if (!scheduled && state != NULL)
    due = state->suggested_us;

  date = twin_words_dup_date (due, now_us);
  if (scheduled && date == NULL)
    date = g_strdup (state->maintenance);

  set_text (self->maintenance, date != NULL ? date : _ ("None"));
  set_text (self->maintenance_note, date == NULL ? NULL
                                    : scheduled  ? _ ("scheduled")
                                                 : _ ("suggested"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->maintenance),
                               state == NULL ? NULL
                               : scheduled   ? state->maintenance
                                             : state->suggested_why);
}

static char *
dup_mode (const TwinStateItem *state)
{
  if (state == NULL || state->mode == NULL || *state->mode == '\0')
    return NULL;

  return g_strdup_printf ("%c%s", g_ascii_toupper (state->mode[0]),
                          state->mode + 1);
}

static void
set_class (GtkWidget *widget, const char *name, gboolean on)
{
  if (on)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

void
twin_machine_head_refresh (TwinMachineHead *self, gboolean live, int64_t now_us)
{
  const TwinStateItem *state;
  TwinState            shown;
  gboolean             stale;
  g_autofree char     *mode = NULL;

  g_return_if_fail (TWIN_IS_MACHINE_HEAD (self));

  if (self->machine == NULL)
    return;

  state = twin_live_item_get_state_item (self->machine);
  stale = !live || twin_live_item_get_state (self->machine) == TWIN_STATE_STALE;
  shown = stale && state != NULL ? TWIN_STATE_STALE
                                 : twin_live_item_get_state (self->machine);
  mode = dup_mode (state);

  twin_state_glyph_set_state (TWIN_STATE_GLYPH (self->glyph), shown);
  set_text (self->mode, stale ? _ ("Stale") : mode);
  set_class (self->box, "twin-old", stale);
  show_life (self, state, stale);
  show_finding (self, state, stale);
  show_age (self, now_us);
  show_maintenance (self, state, now_us);
}

void
twin_machine_head_set_machine (TwinMachineHead *self,
                               TwinLiveItem    *machine,
                               TwinModelSet    *models)
{
  g_autofree char *breadcrumb = NULL;

  g_return_if_fail (TWIN_IS_MACHINE_HEAD (self));

  g_set_object (&self->machine, machine);
  show_commands (self, models);
  gtk_widget_set_sensitive (self->schedule, machine != NULL);
  if (machine == NULL)
    return;

  breadcrumb = twin_live_item_dup_breadcrumb (machine);
  set_text (self->name, twin_live_item_get_name (machine));
  set_text (self->breadcrumb, breadcrumb);
}

static void
on_schedule (GtkButton *button, TwinMachineHead *self)
{
  if (self->machine != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.schedule", "s",
                                twin_live_item_get_id (self->machine));
}

static void
dispose (GObject *object)
{
  TwinMachineHead *self = TWIN_MACHINE_HEAD (object);

  g_clear_object (&self->machine);
  g_clear_pointer (&self->box, gtk_widget_unparent);

  G_OBJECT_CLASS (twin_machine_head_parent_class)->dispose (object);
}

static void
twin_machine_head_class_init (TwinMachineHeadClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/com/example/TwinConsole/twin-machine-head.ui");
  gtk_widget_class_bind_template_callback (widget_class, on_schedule);

#define BIND(child)                                                            \
  gtk_widget_class_bind_template_child (widget_class, TwinMachineHead, child)
  BIND (box);
  BIND (glyph_slot);
  BIND (name);
  BIND (mode);
  BIND (breadcrumb);
  BIND (life);
  BIND (life_note);
  BIND (finding);
  BIND (finding_note);
  BIND (age);
  BIND (node);
  BIND (maintenance);
  BIND (maintenance_note);
  BIND (schedule);
  BIND (commands);
#undef BIND
}

static void
twin_machine_head_init (TwinMachineHead *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->glyph = twin_state_glyph_new (GLYPH_PX);
  gtk_box_append (self->glyph_slot, self->glyph);
}
