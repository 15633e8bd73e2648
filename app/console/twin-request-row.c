/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-request-row.h"

#include <glib/gi18n.h>

enum
{
  N_STEPS = 5,
};

static const TwinRequestStage stages[N_STEPS] = {
  TWIN_REQUEST_SENT, TWIN_REQUEST_ACCEPTED, TWIN_REQUEST_RUNNING,
  TWIN_REQUEST_DONE, TWIN_REQUEST_VERIFIED
};

struct _TwinRequestRow
{
  GtkWidget        parent_instance;
  TwinLiveRequest *request;
  GtkWidget       *box;
  GtkWidget       *icons[N_STEPS];
  GtkWidget       *notes[N_STEPS];
  GtkWidget       *text;
};

G_DEFINE_FINAL_TYPE (TwinRequestRow, twin_request_row, GTK_TYPE_WIDGET)

static void
show_step (TwinRequestRow *self, int step)
{
  const int64_t reached =
      twin_live_request_get_time (self->request, stages[step]);
  const int64_t begin =
      twin_live_request_get_time (self->request, TWIN_REQUEST_QUEUED);
  const TwinRequestStage now = twin_live_request_get_stage (self->request);
  /* A node may skip a stage: what lies before the present one is passed. */
  const gboolean passed = reached != TWIN_TIME_NONE ||
                          (now != TWIN_REQUEST_FAILED && now > stages[step]);
  g_autofree char *note =
      reached == TWIN_TIME_NONE
          ? g_strdup ("")
          : g_strdup_printf ("%.2f s", (reached - begin) / 1e6);

  gtk_image_set_from_icon_name (GTK_IMAGE (self->icons[step]),
                                passed ? "emblem-ok-symbolic"
                                       : "radio-symbolic");
  if (passed)
    gtk_widget_add_css_class (self->icons[step], "twin-done");
  else
    gtk_widget_remove_css_class (self->icons[step], "twin-done");
  gtk_label_set_text (GTK_LABEL (self->notes[step]), note);
}

static void
refresh (TwinRequestRow *self)
{
  const gboolean failed =
      twin_live_request_get_stage (self->request) == TWIN_REQUEST_FAILED;
  const char *text = twin_live_request_get_text (self->request);

  for (int i = 0; i < N_STEPS; i++)
    show_step (self, i);

  gtk_label_set_text (GTK_LABEL (self->text), text != NULL ? text : "");
  gtk_widget_set_visible (self->text, text != NULL && *text != '\0');
  if (failed)
    gtk_widget_add_css_class (self->text, "error");
  else
    gtk_widget_remove_css_class (self->text, "error");
}

static void
on_notify (GObject *object, GParamSpec *pspec, gpointer data)
{
  refresh (data);
}

void
twin_request_row_set_request (TwinRequestRow *self, TwinLiveRequest *request)
{
  if (self->request != NULL)
    g_signal_handlers_disconnect_by_data (self->request, self);
  g_set_object (&self->request, request);
  gtk_widget_set_visible (GTK_WIDGET (self), request != NULL);
  if (request == NULL)
    return;

  g_signal_connect (request, "notify", G_CALLBACK (on_notify), self);
  refresh (self);
}

static void
twin_request_row_dispose (GObject *object)
{
  TwinRequestRow *self = TWIN_REQUEST_ROW (object);

  if (self->request != NULL)
    g_signal_handlers_disconnect_by_data (self->request, self);
  g_clear_object (&self->request);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (twin_request_row_parent_class)->dispose (object);
}

static void
twin_request_row_class_init (TwinRequestRowClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_request_row_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class),
                                        GTK_ACCESSIBLE_ROLE_STATUS);
}

static void
twin_request_row_init (TwinRequestRow *self)
{
  static const char *const names[N_STEPS] = { N_ ("Signed"), N_ ("Accepted"),
                                              N_ ("Running"), N_ ("Done"),
                                              N_ ("Verified") };
  GtkWidget               *steps = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_box_append (GTK_BOX (self->box), steps);
  gtk_box_set_homogeneous (GTK_BOX (steps), TRUE);

  for (int i = 0; i < N_STEPS; i++)
    {
      GtkWidget *step = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
      GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
      GtkWidget *name = gtk_label_new (_ (names[i]));

      self->icons[i] = gtk_image_new ();
      self->notes[i] = gtk_label_new (NULL);
      gtk_label_set_xalign (GTK_LABEL (name), 0);
      gtk_label_set_xalign (GTK_LABEL (self->notes[i]), 0);
      gtk_widget_add_css_class (name, "heading");
      gtk_widget_add_css_class (self->notes[i], "twin-small");
      gtk_widget_add_css_class (self->notes[i], "dim-label");
      gtk_widget_add_css_class (self->notes[i], "numeric");
      gtk_box_append (GTK_BOX (texts), name);
      gtk_box_append (GTK_BOX (texts), self->notes[i]);
      gtk_box_append (GTK_BOX (step), self->icons[i]);
      gtk_box_append (GTK_BOX (step), texts);
      gtk_box_append (GTK_BOX (steps), step);
    }

  self->text = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->text), 0);
  gtk_label_set_wrap (GTK_LABEL (self->text), TRUE);
  gtk_box_append (GTK_BOX (self->box), self->text);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkWidget *
twin_request_row_new (void)
{
  return g_object_new (TWIN_TYPE_REQUEST_ROW, NULL);
}
