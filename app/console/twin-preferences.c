/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-dialogs.h"

#include <glib/gi18n.h>

#include "twin-dialog.h"

static const char *const schemes[] = { "system", "light", "dark" };

static void
on_scheme (GObject *object, GParamSpec *pspec, gpointer data)
{
  static const AdwColorScheme values[] = { ADW_COLOR_SCHEME_DEFAULT,
                                           ADW_COLOR_SCHEME_FORCE_LIGHT,
                                           ADW_COLOR_SCHEME_FORCE_DARK };
  const guint selected = gtk_drop_down_get_selected (GTK_DROP_DOWN (object));

  if (selected >= G_N_ELEMENTS (schemes))
    return;

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      values[selected]);
  if (data != NULL)
    g_settings_set_string (data, "colour-scheme", schemes[selected]);
}

static guint
find_scheme (GSettings *settings)
{
  g_autofree char *now = settings != NULL
                             ? g_settings_get_string (settings, "colour-scheme")
                             : g_strdup ("system");

  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_str_equal (now, schemes[i]))
      return i;

  return 0;
}

void
twin_preferences_present (GtkWindow *parent)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
      source != NULL ? g_settings_schema_source_lookup (source, APP_ID, TRUE)
                     : NULL;
  GSettings  *settings = schema != NULL ? g_settings_new (APP_ID) : NULL;
  const char *names[] = { _ ("As the system"), _ ("Light"), _ ("Dark"), NULL };
  GtkWidget  *body = twin_dialog_body_new ();
  GtkWidget  *card = twin_dialog_group (body, _ ("Appearance"));
  GtkWidget  *scheme = gtk_drop_down_new_from_strings (names);
  AdwWindow  *window;

  gtk_drop_down_set_selected (GTK_DROP_DOWN (scheme), find_scheme (settings));
  g_signal_connect (scheme, "notify::selected", G_CALLBACK (on_scheme),
                    settings);
  gtk_box_append (GTK_BOX (card),
                  twin_dialog_row (_ ("Colours"), NULL, scheme));

  card = twin_dialog_group (body, _ ("Plant at start"));
  if (settings != NULL)
    {
      GtkWidget *store = gtk_entry_new ();

      gtk_editable_set_width_chars (GTK_EDITABLE (store), 24);
      g_settings_bind (settings, "store", store, "text",
                       G_SETTINGS_BIND_DEFAULT);
      gtk_box_append (GTK_BOX (card),
                      twin_dialog_row (_ ("Plant file"),
                                       _ ("Opened when the console starts; "
                                          "empty: none."),
                                       store));
    }
  else
    {
      gtk_box_append (GTK_BOX (card),
                      twin_dialog_note (_ ("The settings schema is not "
                                           "installed: settings are not "
                                           "kept.")));
    }

  window = twin_dialog_new (parent, _ ("Preferences"), NULL, 520, 360, body,
                            settings, g_object_unref);
  gtk_window_present (GTK_WINDOW (window));
}
