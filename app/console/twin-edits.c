/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-edits.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-ask.h"
#include "twin-conflict-dialog.h"

/* An edit on its way, or one of several. */
typedef struct
{
  GWeakRef         widget;
  TwinLiveSession *session;
  GStringChunk    *texts; /* of @edit */
  TwinEdit         edit;
  GStrv            members, add, remove;
  GStrv            twins; /* NULL: @edit as it is */
  guint            next;
  GArray          *changes; /* int64_t: what was done */
  GString         *refused; /* a line a twin */
  guint            n_refused;
  TwinEdited      *last;
  TwinEditsDone    done;
  GWeakRef         owner;
  gboolean         owned;
  gpointer         data;
} Run;

static void
run_free (Run *self)
{
  g_weak_ref_clear (&self->widget);
  g_weak_ref_clear (&self->owner);
  g_clear_object (&self->session);
  g_string_chunk_free (self->texts);
  g_strfreev (self->members);
  g_strfreev (self->add);
  g_strfreev (self->remove);
  g_strfreev (self->twins);
  g_array_unref (self->changes);
  g_string_free (self->refused, TRUE);
  g_clear_pointer (&self->last, twin_edited_free);
  g_free (self);
}

static const char *
keep (Run *self, const char *text)
{
  return text != NULL ? g_string_chunk_insert (self->texts, text) : NULL;
}

static Run *
run_new (GtkWidget *widget, TwinLiveSession *session, const TwinEdit *edit)
{
  Run *self = g_new0 (Run, 1);

  g_weak_ref_init (&self->widget, widget);
  g_weak_ref_init (&self->owner, NULL);
  self->session = g_object_ref (session);
  self->texts = g_string_chunk_new (256);
  self->changes = g_array_new (FALSE, FALSE, sizeof (int64_t));
  self->refused = g_string_new (NULL);
  self->edit = *edit;
  self->edit.id = keep (self, edit->id);
  self->edit.if_etag = keep (self, edit->if_etag);
  self->edit.model = keep (self, edit->model);
  self->edit.parent = keep (self, edit->parent);
  self->edit.name = keep (self, edit->name);
  self->edit.target = keep (self, edit->target);
  self->edit.relationship = keep (self, edit->relationship);
  self->edit.json = keep (self, edit->json);
  self->edit.query = keep (self, edit->query);
  self->edit.tier = keep (self, edit->tier);
  self->edit.note = keep (self, edit->note);
  self->edit.lifecycle = keep (self, edit->lifecycle);
  self->members = g_strdupv ((GStrv) edit->members);
  self->add = g_strdupv ((GStrv) edit->add);
  self->remove = g_strdupv ((GStrv) edit->remove);
  self->edit.members = (const char *const *) self->members;
  self->edit.add = (const char *const *) self->add;
  self->edit.remove = (const char *const *) self->remove;
  return self;
}

static void step (Run *self);

/* --- saying what came of it ------------------------------------------------
 */

static GtkWindow *
window_of (GtkWidget *widget)
{
  GtkRoot *root = widget != NULL ? gtk_widget_get_root (widget) : NULL;

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

static void
say_done (Run *self, GtkWidget *widget)
{
  g_autofree char *text = NULL;
  GVariant        *changes;

  if (self->last == NULL || widget == NULL)
    return;

  text =
      self->changes->len > 1
          ? g_strdup_printf (_ ("%u twins changed"), self->changes->len)
          : g_strdup (self->last->text != NULL ? self->last->text : _ ("Done"));
  changes =
      g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, self->changes->data,
                                 self->changes->len, sizeof (int64_t));
  gtk_widget_activate_action (widget, "win.toast-undo", "(s@ax)", text,
                              changes);
}

static void
end (Run *self)
{
  g_autoptr (GtkWidget) widget = g_weak_ref_get (&self->widget);
  g_autoptr (GObject) owner = g_weak_ref_get (&self->owner);

  say_done (self, widget);
  if (self->n_refused > 0 && widget != NULL)
    {
      g_autofree char *title =
          self->twins != NULL
              ? g_strdup_printf (_ ("%u of %u were refused"), self->n_refused,
                                 g_strv_length (self->twins))
              : g_strdup (_ ("This was refused"));

      twin_ask_tell (window_of (widget), title, self->refused->str);
    }
  if (self->done != NULL && (!self->owned || owner != NULL))
    self->done (self->last, self->data);
  run_free (self);
}

/* --- conflicts ------------------------------------------------------------ */

static void
on_conflict_settled (const char *etag, gpointer data)
{
  Run *self = data;

  if (etag == NULL)
    {
      end (self);
      return;
    }

  self->edit.if_etag = keep (self, etag);
  step (self);
}

/* --- steps ---------------------------------------------------------------- */

static void
note_refusal (Run *self, const GError *error)
{
  self->n_refused++;
  if (self->refused->len > 0)
    g_string_append_c (self->refused, '\n');
  g_string_append (self->refused, error->message);
}

static void
on_edited (GObject *source, GAsyncResult *result, gpointer data)
{
  Run          *self = data;
  TwinConflict *conflict = NULL;
  g_autoptr (GError) error = NULL;
  TwinEdited *edited =
      twin_live_session_edit_finish (TWIN_LIVE_SESSION (source), result,
                                     &conflict, NULL, &error);

  if (edited != NULL)
    {
      g_clear_pointer (&self->last, twin_edited_free);
      self->last = edited;
      if (edited->change != 0)
        g_array_append_val (self->changes, edited->change);
    }
  else if (conflict != NULL && self->twins == NULL)
    {
      g_autoptr (GtkWidget) widget = g_weak_ref_get (&self->widget);

      if (window_of (widget) != NULL)
        {
          twin_conflict_dialog_present (window_of (widget), conflict,
                                        on_conflict_settled, self);
          return;
        }
      g_clear_pointer (&conflict, twin_conflict_free);
    }
  else
    {
      g_clear_pointer (&conflict, twin_conflict_free);
      note_refusal (self, error);
    }

  if (self->twins != NULL && self->twins[self->next] != NULL)
    step (self);
  else
    end (self);
}

static void
step (Run *self)
{
  if (self->twins != NULL)
    self->edit.id = self->twins[self->next++];
  twin_live_session_edit_async (self->session, &self->edit, NULL, on_edited,
                                self);
}

static void
start (Run *self, TwinEditsDone done, GObject *owner, gpointer data)
{
  self->done = done;
  self->data = data;
  self->owned = owner != NULL;
  g_weak_ref_set (&self->owner, owner);
  step (self);
}

void
twin_edits_apply (GtkWidget       *widget,
                  TwinLiveSession *session,
                  const TwinEdit  *edit,
                  TwinEditsDone    done,
                  GObject         *owner,
                  gpointer         data)
{
  start (run_new (widget, session, edit), done, owner, data);
}

void
twin_edits_apply_each (GtkWidget         *widget,
                       TwinLiveSession   *session,
                       const TwinEdit    *edit,
                       const char *const *twins,
                       TwinEditsDone      done,
                       GObject           *owner,
                       gpointer           data)
{
  Run *self = run_new (widget, session, edit);

  g_return_if_fail (twins[0] != NULL);

  self->twins = g_strdupv ((GStrv) twins);
  start (self, done, owner, data);
}
