/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-firmware-package.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-dialog.h"

struct _TwinFirmwarePackage
{
  GtkWidget             parent_instance;
  TwinLiveSession      *session;
  GCancellable         *cancellable;
  GPtrArray            *packages; /* TwinLivePackage, or NULL: not read yet */
  char                 *chosen;   /* digest, or NULL */
  GtkWidget            *card;
  GtkWidget            *title, *note;
  GtkWidget            *lock, *signature, *signer, *digest;
  GtkWidget            *signature_row;
  GtkWidget            *change; /* GtkMenuButton */
  GtkWidget            *list;   /* of its popover */
  GtkWidget            *error;
  GtkFileChooserNative *chooser;
};

G_DEFINE_FINAL_TYPE (TwinFirmwarePackage,
                     twin_firmware_package,
                     GTK_TYPE_WIDGET)

static guint changed_signal;

static const TwinLivePackage *
find_chosen (TwinFirmwarePackage *self)
{
  for (guint i = 0; self->packages != NULL && i < self->packages->len; i++)
    {
      const TwinLivePackage *package = self->packages->pdata[i];

      if (g_strcmp0 (package->digest, self->chosen) == 0)
        return package;
    }
  return NULL;
}

const TwinLivePackage *
twin_firmware_package_get (TwinFirmwarePackage *self)
{
  const TwinLivePackage *package = find_chosen (self);

  return package != NULL && package->signer != NULL ? package : NULL;
}

/* --- what it is ----------------------------------------------------------- */

/* "9f41 c07e 22d8 … b6a3" */
static char *
dup_short_digest (const char *digest)
{
  return g_strdup_printf ("%.4s %.4s %.4s … %.4s", digest, digest + 4,
                          digest + 8, digest + strlen (digest) - 4);
}

static void
show_signature (TwinFirmwarePackage *self, const TwinLivePackage *package)
{
  const gboolean   good = package->signer != NULL;
  g_autofree char *short_digest = dup_short_digest (package->digest);
  g_autofree char *digest = g_strdup_printf (_ ("sha-256 %s"), short_digest);
  g_autofree char *signer =
      good ? g_strdup_printf (_ ("key %s · Ed25519"), package->signer)
           : g_strdup_printf (_ ("key %s is not trusted"), package->kid);

  gtk_image_set_from_icon_name (GTK_IMAGE (self->lock),
                                good ? "channel-secure-symbolic"
                                     : "dialog-warning-symbolic");
  gtk_label_set_text (GTK_LABEL (self->signature),
                      good ? _ ("Signature good") : _ ("Not trusted"));
  if (good)
    gtk_widget_add_css_class (self->lock, "twin-done");
  else
    gtk_widget_remove_css_class (self->lock, "twin-done");
  gtk_label_set_text (GTK_LABEL (self->signer), signer);
  gtk_label_set_text (GTK_LABEL (self->digest), digest);
  gtk_widget_set_tooltip_text (self->digest, package->digest);
}

static void
show (TwinFirmwarePackage *self)
{
  const TwinLivePackage *package = find_chosen (self);
  g_autofree char       *title = NULL;
  g_autofree char       *size = NULL;
  g_autofree char       *note = NULL;

  gtk_widget_set_visible (self->signature_row, package != NULL);
  gtk_menu_button_set_label (GTK_MENU_BUTTON (self->change),
                             package != NULL ? _ ("Change…") : _ ("Choose…"));
  if (package == NULL)
    {
      gtk_label_set_text (GTK_LABEL (self->title), _ ("No package chosen"));
      gtk_label_set_text (GTK_LABEL (self->note),
                          self->packages == NULL
                              ? _ ("Looking into the store…")
                              : _ ("A vendor makes one with twinctl ota sign"));
      return;
    }

  title = g_strdup_printf ("%s %s", package->vendor, package->version);
  size = g_format_size ((guint64) package->size);
  note = g_strdup_printf (_ ("sequence %u · class %s · %s"),
                          (guint) package->sequence, package->class_name, size);
  gtk_label_set_text (GTK_LABEL (self->title), title);
  gtk_label_set_text (GTK_LABEL (self->note), note);
  gtk_widget_set_tooltip_text (self->note, note);
  show_signature (self, package);
}

static void
choose (TwinFirmwarePackage *self, const char *digest)
{
  g_free (self->chosen);
  self->chosen = g_strdup (digest);
  show (self);
  g_signal_emit (self, changed_signal, 0);
}

/* --- the list ------------------------------------------------------------- */

static void
fill_list (TwinFirmwarePackage *self)
{
  GtkListBoxRow *row;

  /* By row: the placeholder is a child, too, and stays. */
  while ((row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), 0)) !=
         NULL)
    gtk_list_box_remove (GTK_LIST_BOX (self->list), GTK_WIDGET (row));
  for (guint i = 0; i < self->packages->len; i++)
    {
      const TwinLivePackage *package = self->packages->pdata[i];
      g_autofree char       *title =
          g_strdup_printf ("%s %s", package->vendor, package->version);
      g_autofree char *note =
          g_strdup_printf (_ ("class %s, sequence %u"), package->class_name,
                           (guint) package->sequence);
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
      GtkWidget *label = gtk_label_new (title);

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_box_append (GTK_BOX (box), label);
      gtk_box_append (GTK_BOX (box), twin_dialog_note (note));
      gtk_list_box_append (GTK_LIST_BOX (self->list), box);
    }
}

static void
on_row (GtkListBox *list, GtkListBoxRow *row, gpointer data)
{
  TwinFirmwarePackage   *self = data;
  const TwinLivePackage *package =
      self->packages->pdata[gtk_list_box_row_get_index (row)];

  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->change));
  choose (self, package->digest);
}

/* What is new is what was meant; else what was chosen, else the newest. */
static void
take_packages (TwinFirmwarePackage *self, GPtrArray *packages)
{
  const gboolean first = self->packages == NULL;
  const guint    before = first ? 0 : self->packages->len;

  g_clear_pointer (&self->packages, g_ptr_array_unref);
  self->packages = packages;
  fill_list (self);
  if (packages->len > 0 &&
      (first || packages->len > before || find_chosen (self) == NULL))
    choose (self, ((TwinLivePackage *) packages->pdata[0])->digest);
  else
    {
      show (self);
      g_signal_emit (self, changed_signal, 0);
    }
}

static void
on_packages (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (TwinFirmwarePackage) self = data;
  g_autoptr (GError) error = NULL;
  GPtrArray *packages =
      twin_live_session_packages_finish (TWIN_LIVE_SESSION (source), result,
                                         &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_pointer (&packages, g_ptr_array_unref);
      return;
    }
  twin_dialog_error_set (self->error, error != NULL ? error->message : NULL);
  if (packages != NULL)
    take_packages (self, packages);
}

/* --- files ---------------------------------------------------------------- */

static void
on_file (GtkNativeDialog *dialog, int response, gpointer data)
{
  TwinFirmwarePackage *self = data;
  const gboolean       key =
      g_object_get_data (G_OBJECT (dialog), "twin-key") != NULL;
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  path = file != NULL ? g_file_get_path (file) : NULL;
  if (path != NULL && key)
    twin_live_session_trust_vendor_async (self->session, path,
                                          self->cancellable, on_packages,
                                          g_object_ref (self));
  else if (path != NULL)
    twin_live_session_add_package_async (self->session, path, self->cancellable,
                                         on_packages, g_object_ref (self));
  g_clear_object (&self->chooser);
}

static void
open_file (TwinFirmwarePackage *self, gboolean key)
{
  GtkWindow     *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  GtkFileFilter *filter = gtk_file_filter_new ();

  gtk_menu_button_popdown (GTK_MENU_BUTTON (self->change));
  g_clear_object (&self->chooser);
  self->chooser =
      gtk_file_chooser_native_new (key ? _ ("Trust a vendor’s public key")
                                       : _ ("Add a firmware package"),
                                   window, GTK_FILE_CHOOSER_ACTION_OPEN,
                                   key ? _ ("_Trust") : _ ("_Add"), NULL);
  gtk_file_filter_set_name (filter,
                            key ? _ ("Public keys") : _ ("Firmware packages"));
  gtk_file_filter_add_pattern (filter, key ? "*.pub" : "*.tcfw");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  g_object_unref (filter);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  if (key)
    g_object_set_data (G_OBJECT (self->chooser), "twin-key", self);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (on_file),
                           self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
on_add (GtkButton *button, gpointer data)
{
  open_file (data, FALSE);
}

static void
on_trust (GtkButton *button, gpointer data)
{
  open_file (data, TRUE);
}

/* --- building ------------------------------------------------------------- */

static GtkWidget *
build_popover (TwinFirmwarePackage *self)
{
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *add = gtk_button_new_with_label (_ ("Add package file…"));
  GtkWidget *trust = gtk_button_new_with_label (_ ("Trust a vendor’s key…"));

  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list),
                                   GTK_SELECTION_NONE);
  gtk_list_box_set_placeholder (GTK_LIST_BOX (self->list),
                                twin_dialog_note (
                                    _ ("The store has no package yet.")));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Firmware packages"), -1);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (on_row), self);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), self->list);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller),
                                  GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (
                                                        scroller),
                                                    TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller),
                                              260);
  g_signal_connect (add, "clicked", G_CALLBACK (on_add), self);
  g_signal_connect (trust, "clicked", G_CALLBACK (on_trust), self);
  gtk_widget_set_size_request (box, 260, -1);
  gtk_box_append (GTK_BOX (box), scroller);
  gtk_box_append (GTK_BOX (box), add);
  gtk_box_append (GTK_BOX (box), trust);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  return popover;
}

static GtkWidget *
small_label (gboolean dim)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, "twin-small");
  gtk_widget_add_css_class (label, "numeric");
  if (dim)
    gtk_widget_add_css_class (label, "dim-label");
  return label;
}

static GtkWidget *
build_head (TwinFirmwarePackage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *icon =
      gtk_image_new_from_icon_name ("application-x-firmware-symbolic");

  gtk_widget_set_size_request (icon, 36, 36);
  gtk_widget_add_css_class (icon, "twin-package-icon");
  self->title = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->title), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->title), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (self->title, "heading");
  self->note = small_label (TRUE);
  gtk_box_append (GTK_BOX (texts), self->title);
  gtk_box_append (GTK_BOX (texts), self->note);
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  self->change = gtk_menu_button_new ();
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->change),
                               build_popover (self));
  gtk_widget_set_valign (self->change, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->change),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Choose the firmware package"), -1);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_box_append (GTK_BOX (box), self->change);
  return box;
}

static GtkWidget *
build_signature (TwinFirmwarePackage *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->lock = gtk_image_new ();
  gtk_widget_set_valign (self->lock, GTK_ALIGN_START);
  self->signature = gtk_label_new (NULL);
  gtk_widget_add_css_class (self->signature, "heading");
  self->signer = small_label (TRUE);
  self->digest = small_label (TRUE);
  gtk_box_append (GTK_BOX (line), self->signature);
  gtk_box_append (GTK_BOX (line), self->signer);
  gtk_box_append (GTK_BOX (texts), line);
  gtk_box_append (GTK_BOX (texts), self->digest);
  gtk_box_append (GTK_BOX (box), self->lock);
  gtk_box_append (GTK_BOX (box), texts);
  gtk_widget_add_css_class (box, "twin-signature");
  return box;
}

static void
twin_firmware_package_dispose (GObject *object)
{
  TwinFirmwarePackage *self = TWIN_FIRMWARE_PACKAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->chooser);
  g_clear_object (&self->session);
  g_clear_pointer (&self->packages, g_ptr_array_unref);
  g_clear_pointer (&self->chosen, g_free);
  g_clear_pointer (&self->card, gtk_widget_unparent);
  G_OBJECT_CLASS (twin_firmware_package_parent_class)->dispose (object);
}

static void
twin_firmware_package_class_init (TwinFirmwarePackageClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_firmware_package_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
  changed_signal =
      g_signal_new ("changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
twin_firmware_package_init (TwinFirmwarePackage *self)
{
  self->cancellable = g_cancellable_new ();
  self->card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  gtk_widget_add_css_class (self->card, "twin-card");
  gtk_box_append (GTK_BOX (self->card), build_head (self));
  self->signature_row = build_signature (self);
  gtk_box_append (GTK_BOX (self->card), self->signature_row);
  self->error = twin_dialog_error_new ();
  gtk_box_append (GTK_BOX (self->card), self->error);
  gtk_widget_set_parent (self->card, GTK_WIDGET (self));
}

GtkWidget *
twin_firmware_package_new (TwinLiveSession *session)
{
  TwinFirmwarePackage *self = g_object_new (TWIN_TYPE_FIRMWARE_PACKAGE, NULL);

  self->session = g_object_ref (session);
  show (self);
  twin_live_session_list_packages_async (session, self->cancellable,
                                         on_packages, g_object_ref (self));
  return GTK_WIDGET (self);
}
