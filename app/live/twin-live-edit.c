/* SPDX-License-Identifier: Apache-2.0 */
/* The graph edited, in worker threads that take turns at one editor. */
#include "twin-live-graph.h"

#include <string.h>

#include "twin-editor.h"
#include "twin-live-session-private.h"
#include "twin-lock.h"

struct _TwinLiveEditor
{
  gint        refs; /* atomic */
  char       *store, *who;
  TwinRoles  *roles;
  TwinLock    lock;
  TwinEditor *editor; /* guarded by lock; NULL until the first edit */
};

TwinLiveEditor *
twin_live_editor_new (const char *store, const char *who, TwinRoles *roles)
{
  TwinLiveEditor *self = g_new0 (TwinLiveEditor, 1);

  self->refs = 1;
  self->store = g_strdup (store);
  self->who = g_strdup (who);
  self->roles = twin_roles_ref (roles);
  twin_lock_init (&self->lock);
  return self;
}

TwinLiveEditor *
twin_live_editor_ref (TwinLiveEditor *self)
{
  g_atomic_int_inc (&self->refs);
  return self;
}

void
twin_live_editor_unref (TwinLiveEditor *self)
{
  if (!g_atomic_int_dec_and_test (&self->refs))
    return;

  twin_editor_close (self->editor);
  twin_lock_clear (&self->lock);
  twin_roles_unref (self->roles);
  g_free (self->store);
  g_free (self->who);
  g_free (self);
}

/* --- an edit on its way
 * ------------------------------------------------------------ */

typedef struct
{
  TwinLiveEditor *editor;
  TwinEdit        edit; /* strings are owned here */
  TwinConflict   *conflict;
  GPtrArray      *refusals;
} EditJob;

/* Members of TwinEdit that are strings, and lists of them. */
static const size_t strings[] = {
  G_STRUCT_OFFSET (TwinEdit, id),    G_STRUCT_OFFSET (TwinEdit, if_etag),
  G_STRUCT_OFFSET (TwinEdit, model), G_STRUCT_OFFSET (TwinEdit, parent),
  G_STRUCT_OFFSET (TwinEdit, name),  G_STRUCT_OFFSET (TwinEdit, target),
  G_STRUCT_OFFSET (TwinEdit, json),  G_STRUCT_OFFSET (TwinEdit, relationship),
  G_STRUCT_OFFSET (TwinEdit, query), G_STRUCT_OFFSET (TwinEdit, tier),
  G_STRUCT_OFFSET (TwinEdit, note),
};
static const size_t lists[] = {
  G_STRUCT_OFFSET (TwinEdit, members),
  G_STRUCT_OFFSET (TwinEdit, add),
  G_STRUCT_OFFSET (TwinEdit, remove),
};

static void
edit_job_free (void *data)
{
  EditJob *job = data;

  for (size_t i = 0; i < G_N_ELEMENTS (strings); i++)
    g_free (G_STRUCT_MEMBER (char *, &job->edit, strings[i]));
  for (size_t i = 0; i < G_N_ELEMENTS (lists); i++)
    g_strfreev (G_STRUCT_MEMBER (char **, &job->edit, lists[i]));

  g_clear_pointer (&job->conflict, twin_conflict_free);
  g_clear_pointer (&job->refusals, g_ptr_array_unref);
  twin_live_editor_unref (job->editor);
  g_free (job);
}

static EditJob *
edit_job_new (TwinLiveEditor *editor, const TwinEdit *edit)
{
  EditJob *job = g_new0 (EditJob, 1);

  job->editor = twin_live_editor_ref (editor);
  job->edit = *edit;
  for (size_t i = 0; i < G_N_ELEMENTS (strings); i++)
    G_STRUCT_MEMBER (char *, &job->edit, strings[i]) =
        g_strdup (G_STRUCT_MEMBER (char *, &job->edit, strings[i]));
  for (size_t i = 0; i < G_N_ELEMENTS (lists); i++)
    G_STRUCT_MEMBER (char **, &job->edit, lists[i]) =
        g_strdupv (G_STRUCT_MEMBER (char **, &job->edit, lists[i]));
  return job;
}

/* With the lock held; NULL with an error. */
static TwinEditor *
open_editor (TwinLiveEditor *self, GError **error)
{
  if (self->editor == NULL)
    self->editor =
        twin_editor_open (self->store, self->who, self->roles, error);
  return self->editor;
}

static void
start (TwinLiveSession    *self,
       const TwinEdit     *edit,
       GTaskThreadFunc     func,
       GCancellable       *cancellable,
       GAsyncReadyCallback callback,
       gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  TwinLiveEditor *editor = twin_live_session_get_editor (self);

  if (editor == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED,
                               "The plant is being closed");
      return;
    }

  g_task_set_task_data (task, edit_job_new (editor, edit), edit_job_free);
  g_task_run_in_thread (task, func);
}

/* --- edits
 * ----------------------------------------------------------------------- */

static void
free_edited (void *edited)
{
  twin_edited_free (edited);
}

static void
run_edit (GTask        *task,
          gpointer      source,
          gpointer      data,
          GCancellable *cancellable)
{
  EditJob    *job = data;
  GError     *error = NULL;
  TwinEditor *editor;
  TwinEdited *edited = NULL;

  twin_lock_acquire (&job->editor->lock);
  editor = open_editor (job->editor, &error);
  if (editor != NULL && !g_task_return_error_if_cancelled (task))
    edited = twin_editor_apply (editor, &job->edit, &job->conflict,
                                &job->refusals, &error);
  twin_lock_release (&job->editor->lock);

  if (edited != NULL)
    g_task_return_pointer (task, edited, free_edited);
  else if (error != NULL)
    g_task_return_error (task, error);
}

void
twin_live_session_edit_async (TwinLiveSession    *self,
                              const TwinEdit     *edit,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  start (self, edit, run_edit, cancellable, callback, user_data);
}

TwinEdited *
twin_live_session_edit_finish (TwinLiveSession *self,
                               GAsyncResult    *result,
                               TwinConflict   **conflict,
                               GPtrArray      **refusals,
                               GError         **error)
{
  EditJob    *job = g_task_get_task_data (G_TASK (result));
  TwinEdited *edited = g_task_propagate_pointer (G_TASK (result), error);

  if (conflict != NULL)
    *conflict = job != NULL ? g_steal_pointer (&job->conflict) : NULL;
  if (refusals != NULL)
    *refusals = job != NULL ? g_steal_pointer (&job->refusals) : NULL;
  return edited;
}

/* --- what a migration would do
 * ------------------------------------------------------ */

static void
free_array (void *array)
{
  g_ptr_array_unref (array);
}

static void
run_preview (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  EditJob    *job = data;
  GError     *error = NULL;
  TwinEditor *editor;
  GPtrArray  *previews = NULL;

  twin_lock_acquire (&job->editor->lock);
  editor = open_editor (job->editor, &error);
  if (editor != NULL)
    previews = twin_editor_preview_migration (editor, &job->edit, &error);
  twin_lock_release (&job->editor->lock);

  if (previews != NULL)
    g_task_return_pointer (task, previews, free_array);
  else
    g_task_return_error (task, error);
}

void
twin_live_session_preview_migration_async (TwinLiveSession    *self,
                                           const TwinEdit     *edit,
                                           GCancellable       *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer            user_data)
{
  start (self, edit, run_preview, cancellable, callback, user_data);
}
