/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl-graph.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "twin-store-export.h"
#include "twin-store-import.h"
#include "twin-json-members.h"

/* --- shared
 * ------------------------------------------------------------------------ */

int
twin_ctl_fail_store (const GError *error)
{
  gboolean input = error->domain != TWIN_STORE_ERROR ||
                   error->code == TWIN_STORE_ERROR_NOT_FOUND ||
                   error->code == TWIN_STORE_ERROR_CHANGED ||
                   error->code == TWIN_STORE_ERROR_EXISTS;

  return twin_ctl_fail_error (input ? TWIN_CTL_INPUT : TWIN_CTL_ENVIRONMENT,
                              error);
}

TwinStore *
twin_ctl_open_store (TwinCtl *ctl, GError **error)
{
  if (!ctl->store_given)
    {
      g_autofree char *folder = g_path_get_dirname (ctl->store);

      if (g_mkdir_with_parents (folder, 0700) != 0)
        {
          g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_OPEN,
                       "Could not create the folder %s: %s", folder,
                       g_strerror (errno));
          return NULL;
        }
    }

  return twin_store_open (ctl->store, TWIN_STORE_EDITOR, error);
}

/* --- import
 * ---------------------------------------------------------------------------
 */

typedef struct
{
  TwinCtl    *ctl;
  const char *name;
  int         fd;
  guint64     size; /* of the file; 0: not known */
  int64_t     next_us;
  gboolean    shown;
} Import;

static gssize
read_file (void *data, char *buffer, gsize size, GError **error)
{
  Import *self = data;
  gssize  n;

  do
    n = read (self->fd, buffer, size);
  while (n < 0 && errno == EINTR);

  if (n < 0)
    {
      int code = errno;

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
                   "Could not read %s: %s", self->name, g_strerror (code));
    }
  return n;
}

static void
clear_progress (Import *self)
{
  if (self->shown)
    fputs ("\r\033[K", stderr);
  self->shown = FALSE;
}

/* Ten times a second, and only where somebody looks. */
static void
show_progress (const TwinStoreImportCounts *counts, void *data)
{
  Import          *self = data;
  g_autofree char *read = NULL;
  int64_t          now_us = twin_clock_monotonic_us ();

  if (now_us < self->next_us || !isatty (STDERR_FILENO))
    return;

  self->next_us = now_us + TWIN_US_PER_S / 10;
  read = g_format_size (counts->bytes);
  fprintf (stderr,
           "\r\033[K%s: %s, %" G_GUINT64_FORMAT " twins, %" G_GUINT64_FORMAT
           " relationships",
           self->name, read, counts->twins, counts->relationships);
  if (self->size > 0)
    fprintf (stderr, ", %d %%", (int) (100 * counts->bytes / self->size));
  fflush (stderr);
  self->shown = TRUE;
}

static void
print_refusal (const TwinStoreRefusal *refusal, void *data)
{
  Import *self = data;

  clear_progress (self);
  if (self->ctl->json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      twin_json_add_text (builder, "place", refusal->place);
      twin_json_add_text (builder, "id", refusal->id);
      twin_json_add_text (builder, "reason", refusal->reason);
      json_builder_end_object (builder);
      twin_ctl_print_builder (builder);
      return;
    }

  twin_ctl_fail (TWIN_CTL_INPUT, "%s at “%s”%s%s: %s", self->name,
                 refusal->place, refusal->id != NULL ? ", " : "",
                 refusal->id != NULL ? refusal->id : "", refusal->reason);
}

static void
add_count (JsonBuilder *builder, const char *name, guint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, (gint64) value);
}

static void
print_counts (Import                      *self,
              const TwinStoreImportCounts *counts,
              gboolean                     imported)
{
  clear_progress (self);
  if (counts->refused > TWIN_STORE_IMPORT_MOST_REFUSED)
    twin_ctl_fail (TWIN_CTL_INPUT, "… and %" G_GUINT64_FORMAT " more",
                   counts->refused - TWIN_STORE_IMPORT_MOST_REFUSED);

  if (self->ctl->json)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "imported");
      json_builder_add_boolean_value (builder, imported);
      add_count (builder, "models", counts->models);
      add_count (builder, "twins", counts->twins);
      add_count (builder, "relationships", counts->relationships);
      add_count (builder, "refused", counts->refused);
      json_builder_end_object (builder);
      twin_ctl_print_builder (builder);
    }
  else if (imported)
    fprintf (stderr,
             "%" G_GUINT64_FORMAT " models, %" G_GUINT64_FORMAT
             " twins, %" G_GUINT64_FORMAT " relationships imported from %s\n",
             counts->models, counts->twins, counts->relationships, self->name);
}

static gboolean
open_file (Import *self, const char *path, GError **error)
{
  struct stat info;
  int         code;

  self->name = path;
  self->fd = strcmp (path, "-") == 0 ? STDIN_FILENO
                                     : g_open (path, O_RDONLY | O_CLOEXEC, 0);
  code = errno;
  if (self->fd < 0)
    {
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
                   "Could not open %s: %s", path, g_strerror (code));
      return FALSE;
    }

  if (fstat (self->fd, &info) == 0 && S_ISREG (info.st_mode))
    self->size = (guint64) info.st_size;
  return TRUE;
}

static int
import (TwinCtl *ctl, int argc, char **argv)
{
  Import          self = { .ctl = ctl };
  TwinStoreImport job = {
    .read = read_file,
    .read_data = &self,
    .who = ctl->operator_name,
    .now_us = twin_clock_utc_us (),
    .refused = print_refusal,
    .progress = show_progress,
    .data = &self,
  };
  TwinStoreImportCounts counts;
  g_autoptr (TwinStore) store = NULL;
  g_autoptr (GError) error = NULL;
  gboolean imported;

  if (argc != 2)
    return twin_ctl_usage ("graph import needs one FILE");
  if (!open_file (&self, argv[1], &error))
    return twin_ctl_fail_error (TWIN_CTL_INPUT, error);

  job.name = self.name;
  store = twin_ctl_open_store (ctl, &error);
  imported = store != NULL && twin_store_import (store, &job, &counts, &error);
  if (store != NULL)
    print_counts (&self, &counts, imported);
  if (self.fd != STDIN_FILENO)
    close (self.fd);
  return imported ? TWIN_CTL_DONE : twin_ctl_fail_store (error);
}

/* --- export
 * -------------------------------------------------------------------------------
 */

typedef struct
{
  const char *path;
  char       *part; /* written first, then renamed; NULL: stdout */
  FILE       *file;
} Export;

static gboolean
fail_file (const char *path, GError **error)
{
  int code = errno;

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
               "Could not write %s: %s", path, g_strerror (code));
  return FALSE;
}

static gboolean
write_text (void *data, const char *text, gsize length, GError **error)
{
  Export *self = data;

  return fwrite (text, 1, length, self->file) == length ||
         fail_file (self->path, error);
}

static gboolean
export_open (Export *self, const char *path, GError **error)
{
  self->path = path;
  self->file = stdout;
  if (strcmp (path, "-") == 0)
    return TRUE;

  self->part = g_strconcat (path, ".part", NULL);
  self->file = g_fopen (self->part, "wbe");
  return self->file != NULL || fail_file (path, error);
}

/* @good: it is whole, and takes its name. */
static gboolean
export_close (Export *self, gboolean good, GError **error)
{
  g_autofree char *part = g_steal_pointer (&self->part);

  if (self->file == NULL)
    return FALSE;
  if (good && (fflush (self->file) != 0 || ferror (self->file)))
    good = fail_file (self->path, error);
  if (part == NULL)
    return good;

  if (good && fsync (fileno (self->file)) != 0)
    good = fail_file (self->path, error);
  if (fclose (self->file) != 0 && good)
    good = fail_file (self->path, error);
  if (good && g_rename (part, self->path) != 0)
    good = fail_file (self->path, error);
  if (!good)
    g_unlink (part);
  return good;
}

static int
export_graph (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *format = NULL;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, NULL, "json|ndjson" },
    { NULL },
  };
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (TwinGraphWriter) writer = NULL;
  g_autoptr (GError) error = NULL;
  TwinStoreExportCounts counts = { 0 };
  Export                self = { 0 };
  gboolean              lines, good;

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  lines = g_strcmp0 (format, "ndjson") == 0;
  if (argc != 2 || (!lines && format != NULL && strcmp (format, "json") != 0))
    return twin_ctl_usage ("graph export needs one FILE; --format is json or "
                           "ndjson");

  reader = twin_store_reader_open (ctl->store, &error);
  if (reader == NULL)
    return twin_ctl_fail_store (error);

  writer = twin_graph_writer_new (lines ? TWIN_GRAPH_NDJSON : TWIN_GRAPH_JSON,
                                  write_text, &self);
  good = export_open (&self, argv[1], &error) &&
         twin_store_reader_export (reader, writer, &counts, &error);
  if (!export_close (&self, good, &error))
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);

  g_printerr ("%" G_GUINT64_FORMAT " models, %" G_GUINT64_FORMAT
              " twins, %" G_GUINT64_FORMAT " relationships\n",
              counts.models, counts.twins, counts.relationships);
  return TWIN_CTL_DONE;
}

const TwinCtlVerb twin_ctl_graph_verbs[] = {
  { "graph", "import", import, "FILE", "JSON graph file or NDJSON" },
  { "graph", "export", export_graph, "[--format=json|ndjson] FILE",
    "models, twins and relationships" },
  { NULL },
};
