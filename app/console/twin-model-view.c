/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-model-view.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-dialog.h"
#include "twin-json-words.h"

static GtkWidget *
label_new (const char *text, const char *style, int width)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (label, text);
  if (width > 0)
    gtk_widget_set_size_request (label, width, -1);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

static const char *
kind_word (TwinContentKind kind)
{
  switch (kind)
    {
    case TWIN_CONTENT_TELEMETRY:
      return _ ("Telemetry");
    case TWIN_CONTENT_PROPERTY:
      return _ ("Properties");
    case TWIN_CONTENT_COMMAND:
      return _ ("Commands");
    case TWIN_CONTENT_COMPONENT:
      return _ ("Components");
    case TWIN_CONTENT_RELATIONSHIP:
      return _ ("Relationships");
    }

  g_return_val_if_reached ("");
}

static const char *
last_word (const char *dtmi)
{
  const char *colon = strrchr (dtmi, ':');

  return colon != NULL ? colon + 1 : dtmi;
}

/* "double, mm/s", "→ Machine;1 (at most 4)", "takes date, work" */
static char *
dup_what (const TwinContent *content)
{
  g_autofree char *unit =
      content->unit != NULL ? twin_json_dup_unit (content->unit) : NULL;

  switch (content->kind)
    {
    case TWIN_CONTENT_TELEMETRY:
    case TWIN_CONTENT_PROPERTY:
      return g_strdup_printf ("%s%s%s%s",
                              content->schema != NULL
                                  ? twin_schema_kind_to_string (
                                        content->schema->kind)
                                  : _ ("not resolved"),
                              unit != NULL ? ", " : "",
                              unit != NULL ? unit : "",
                              content->kind == TWIN_CONTENT_PROPERTY &&
                                      content->writable
                                  ? _ (" · can be desired")
                                  : "");
    case TWIN_CONTENT_COMPONENT:
      return g_strdup (last_word (content->component_id));
    case TWIN_CONTENT_RELATIONSHIP:
      if (content->max_multiplicity >= 0)
        return g_strdup_printf (_ ("→ %s, at most %" G_GINT64_FORMAT),
                                content->target != NULL
                                    ? last_word (content->target)
                                    : _ ("any"),
                                content->max_multiplicity);
      return g_strdup_printf ("→ %s", content->target != NULL
                                          ? last_word (content->target)
                                          : _ ("any"));
    case TWIN_CONTENT_COMMAND:
      return g_strdup (content->request != NULL ? _ ("takes an argument")
                                                : _ ("takes no argument"));
    }

  g_return_val_if_reached (NULL);
}

static void
append_content (GtkWidget           *card,
                const TwinInterface *interface,
                const TwinContent   *content)
{
  GtkWidget       *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  g_autofree char *what = dup_what (content);
  g_autofree char *types = g_strjoinv (", ", (char **) content->semantic_types);
  const char      *from =
      content->defined_in == interface ? ""
                                            : twin_interface_get_label (
                                                  content->defined_in);
  GtkWidget *name = label_new (twin_content_get_label (content), NULL, 170);
  GtkWidget *schema = label_new (what, NULL, 190);
  GtkWidget *type = label_new (types, "dim-label", -1);
  GtkWidget *inherited = label_new (from, "dim-label", -1);

  if (content->description != NULL)
    gtk_widget_set_tooltip_text (name, content->description);
  gtk_widget_set_hexpand (type, TRUE);
  gtk_box_append (GTK_BOX (row), name);
  gtk_box_append (GTK_BOX (row), schema);
  gtk_box_append (GTK_BOX (row), type);
  gtk_box_append (GTK_BOX (row), inherited);
  gtk_widget_add_css_class (row, "twin-value-row");
  gtk_box_append (GTK_BOX (card), row);
}

static void
append_kind (GtkBox *box, const TwinInterface *interface, TwinContentKind kind)
{
  GtkWidget *card = NULL;

  for (guint i = 0; i < interface->effective->len; i++)
    {
      const TwinContent *content = interface->effective->pdata[i];

      if (content->kind != kind)
        continue;
      if (card == NULL)
        card = twin_dialog_group (GTK_WIDGET (box), kind_word (kind));
      append_content (card, interface, content);
    }
}

void
twin_model_view_fill (GtkBox *box, TwinModelSet *models, const char *dtmi)
{
  static const TwinContentKind kinds[] = {
    TWIN_CONTENT_PROPERTY, TWIN_CONTENT_TELEMETRY, TWIN_CONTENT_COMMAND,
    TWIN_CONTENT_COMPONENT, TWIN_CONTENT_RELATIONSHIP
  };
  const TwinInterface *interface = models != NULL && dtmi != NULL
                                       ? twin_model_set_lookup (models, dtmi)
                                       : NULL;
  GtkWidget           *child;
  g_autofree char     *version = NULL;
  GString             *bases;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
  if (interface == NULL)
    {
      gtk_box_append (box,
                      twin_dialog_note (
                          dtmi == NULL
                              ? _ ("Choose a model to see what it says.")
                              : _ ("This model refers to others that are not "
                                   "here. Import them, too.")));
      return;
    }

  gtk_box_append (box, label_new (twin_interface_get_label (interface),
                                  "title-4", -1));
  version =
      g_strdup_printf (_ ("%s · DTDL %d"), interface->id, interface->dtdl);
  gtk_box_append (box, label_new (version, "dim-label", -1));
  if (interface->description != NULL)
    {
      GtkWidget *about = gtk_label_new (interface->description);

      gtk_label_set_xalign (GTK_LABEL (about), 0);
      gtk_label_set_wrap (GTK_LABEL (about), TRUE);
      gtk_box_append (box, about);
    }

  bases = g_string_new (NULL);
  for (guint i = 0; i < interface->extends->len; i++)
    g_string_append_printf (bases, "%s%s", i > 0 ? ", " : _ ("Extends "),
                            last_word (interface->extends->pdata[i]));
  if (bases->len > 0)
    gtk_box_append (box, twin_dialog_note (bases->str));
  g_string_free (bases, TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    append_kind (box, interface, kinds[i]);
}
