/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-live-firmware.h"

#include "twin-live-session-private.h"
#include "twin-query.h"
#include "twin-shelf.h"

typedef struct
{
  char    *store;
  char    *who;
  char    *path; /* of a package or key; or the question */
  gboolean is_key;
} Job;

static void
job_free (void *data)
{
  Job *job = data;

  g_free (job->store);
  g_free (job->who);
  g_free (job->path);
  g_free (job);
}

static void
run (TwinLiveSession    *self,
     const char         *path,
     gboolean            is_key,
     GTaskThreadFunc     func,
     GCancellable       *cancellable,
     GAsyncReadyCallback callback,
     gpointer            user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->store = g_strdup (
      twin_engine_get_store_path (twin_live_session_get_engine (self)));
  job->who = g_strdup (twin_live_session_get_operator (self));
  job->path = g_strdup (path);
  job->is_key = is_key;
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, func);
}

/* --- packages --------------------------------------------------------------
 */

static void
package_free (void *data)
{
  TwinLivePackage *package = data;

  g_free (package->digest);
  g_free (package->vendor);
  g_free (package->class_name);
  g_free (package->version);
  g_free (package->kid);
  g_free (package->signer);
  g_free (package);
}

static TwinLivePackage *
package_of_row (const TwinStoreFirmware *row, TwinStoreReader *reader)
{
  TwinLivePackage *package = g_new0 (TwinLivePackage, 1);
  g_autoptr (TwinStoreVendorKey) key =
      row->kid != NULL
          ? twin_store_reader_get_vendor_key (reader, row->kid, NULL)
          : NULL;

  package->digest = g_strdup (row->digest);
  package->vendor = g_strdup (row->vendor);
  package->class_name = g_strdup (row->class_name);
  package->version = g_strdup (row->version);
  package->kid = g_strdup (row->kid);
  package->signer = g_strdup (key != NULL ? key->name : NULL);
  package->sequence = row->sequence;
  package->counter = row->counter;
  package->size = row->size;
  package->added_us = row->added_us;
  return package;
}

static GPtrArray *
list_packages (const char *store, GError **error)
{
  g_autoptr (TwinStoreReader) reader = twin_store_reader_open (store, error);
  g_autoptr (GPtrArray) rows =
      reader != NULL ? twin_store_reader_list_firmware (reader, error) : NULL;
  GPtrArray *packages;

  if (rows == NULL)
    return NULL;

  packages = g_ptr_array_new_with_free_func (package_free);
  for (guint i = 0; i < rows->len; i++)
    g_ptr_array_add (packages,
                     package_of_row (g_ptr_array_index (rows, i), reader));
  return packages;
}

/* FALSE with an error when what is to be kept cannot be. */
static gboolean
keep_first (const Job *job, GError **error)
{
  g_autoptr (TwinPackage) package = NULL;

  if (job->path == NULL)
    return TRUE;

  if (job->is_key)
    {
      g_autofree char *name = g_path_get_basename (job->path);

      if (g_str_has_suffix (name, ".pub") || g_str_has_suffix (name, ".pem"))
        name[strlen (name) - 4] = '\0';
      return twin_shelf_trust (job->store, job->path, name, job->who, error);
    }

  package = twin_package_read (job->path, error);
  return package != NULL &&
         twin_shelf_add (job->store, package, job->who, error);
}

static void
run_packages (GTask        *task,
              gpointer      source,
              gpointer      data,
              GCancellable *cancellable)
{
  const Job *job = data;
  GError    *error = NULL;
  GPtrArray *packages =
      keep_first (job, &error) ? list_packages (job->store, &error) : NULL;

  if (packages != NULL)
    g_task_return_pointer (task, packages, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

void
twin_live_session_list_packages_async (TwinLiveSession    *self,
                                       GCancellable       *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer            user_data)
{
  run (self, NULL, FALSE, run_packages, cancellable, callback, user_data);
}

void
twin_live_session_add_package_async (TwinLiveSession    *self,
                                     const char         *path,
                                     GCancellable       *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer            user_data)
{
  run (self, path, FALSE, run_packages, cancellable, callback, user_data);
}

void
twin_live_session_trust_vendor_async (TwinLiveSession    *self,
                                      const char         *path,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data)
{
  run (self, path, TRUE, run_packages, cancellable, callback, user_data);
}

GPtrArray *
twin_live_session_packages_finish (TwinLiveSession *self,
                                   GAsyncResult    *result,
                                   GError         **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- targets ---------------------------------------------------------------
 */

static void
run_choose (GTask        *task,
            gpointer      source,
            gpointer      data,
            GCancellable *cancellable)
{
  const Job *job = data;
  GError    *error = NULL;
  g_autoptr (TwinStoreReader) reader =
      twin_store_reader_open (job->store, &error);
  GPtrArray *ids = reader != NULL
                       ? twin_query_collect_ids (job->path, reader, &error)
                       : NULL;

  if (ids == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_ptr_array_add (ids, NULL);
  g_ptr_array_set_free_func (ids, NULL);
  g_task_return_pointer (task, g_ptr_array_free (ids, FALSE),
                         (GDestroyNotify) g_strfreev);
}

void
twin_live_session_choose_async (TwinLiveSession    *self,
                                const char         *question,
                                GCancellable       *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer            user_data)
{
  run (self, question, FALSE, run_choose, cancellable, callback, user_data);
}

GStrv
twin_live_session_choose_finish (TwinLiveSession *self,
                                 GAsyncResult    *result,
                                 GError         **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

TwinLiveRequest *
twin_live_session_firmware (TwinLiveSession *self,
                            const char      *what,
                            int64_t          campaign,
                            const char      *arguments)
{
  return twin_live_session_follow (
      self,
      twin_engine_firmware (twin_live_session_get_engine (self), what, campaign,
                            arguments, twin_live_session_get_operator (self)));
}
