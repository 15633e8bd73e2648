/* SPDX-License-Identifier: Apache-2.0 */
/* How the table page asks, and what it says of the answer. */
#include "config.h"

#include "twin-table-page-private.h"

#include <glib/gi18n.h>

#include "twin-query-words.h"

enum
{
  PAGE_ROWS = 100,
};

static void
note (TwinTablePage *self, const char *what, int64_t begin_us)
{
  if (self->meter != NULL)
    twin_meter_note (self->meter, what, twin_clock_monotonic_us () - begin_us);
}

/* --- what stands above and below the table -------------------------------- */

static char *
dup_figures (TwinTablePage *self)
{
  const guint      first = self->page * PAGE_ROWS + 1;
  const guint      last = self->page * PAGE_ROWS + self->n_rows;
  g_autofree char *time =
      self->seconds < 1 ? g_strdup_printf (_ ("%.0f ms"), self->seconds * 1e3)
                        : g_strdup_printf (_ ("%.1f s"), self->seconds);

  if (self->n_rows == 0)
    return g_strdup_printf (_ ("no rows · %s"), time);
  if (self->next != NULL && self->total > 0)
    return g_strdup_printf (_ ("%u–%u of %u · %s"), first, last, self->total,
                            time);
  if (self->next != NULL)
    return g_strdup_printf (_ ("%u–%u, more follow · %s"), first, last, time);
  if (self->page > 0)
    return g_strdup_printf (_ ("%u–%u of %u · %s"), first, last, last, time);

  return g_strdup_printf (ngettext ("%u row · %s", "%u rows · %s",
                                    self->n_rows),
                          self->n_rows, time);
}

void
twin_table_page_show_figures (TwinTablePage *self)
{
  g_autofree char *text = NULL;

  if (self->cancellable != NULL && !self->again)
    text = g_strdup (_ ("asking…"));
  else if (self->failed && self->answered_us > 0)
    text = g_strdup (_ ("as the question before was answered"));
  else if (self->answered_us > 0)
    text = dup_figures (self);

  gtk_label_set_text (GTK_LABEL (self->figures), text != NULL ? text : "");
  gtk_widget_set_opacity (self->stack, self->failed ? 0.5 : 1);
  gtk_widget_set_sensitive (self->previous, self->page > 0);
  gtk_widget_set_sensitive (self->following, self->next != NULL);
  gtk_widget_set_visible (self->previous, self->page > 0 || self->next != NULL);
  gtk_widget_set_visible (self->following,
                          self->page > 0 || self->next != NULL);
}

static void
show_emptiness (TwinTablePage *self)
{
  const gboolean query =
      self->asked != NULL && twin_query_words_is_query (self->asked);

  gtk_label_set_text (GTK_LABEL (self->empty),
                      query ? _ ("Nothing answers this query. Names of "
                                 "properties and texts are case-sensitive; a "
                                 "property that a twin has not is no match.")
                            : _ ("No twin has these words in its name, id or "
                                 "model."));
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack),
                                    self->n_rows > 0 ? "table" : "empty");
}

/* --- asking --------------------------------------------------------------- */

static void
parse_in_worker (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  TwinLiveRows *rows = data;
  GError       *error = NULL;
  TwinAnswer   *result =
      twin_answer_new ((const char *const *) rows->rows, &error);

  if (result != NULL)
    g_task_return_pointer (task, result, (GDestroyNotify) twin_answer_free);
  else
    g_task_return_error (task, error);
}

/* Who has typed on since must not find the cursor elsewhere. */
static void
show_error (TwinTablePage *self, const GError *error)
{
  g_autofree char *text = twin_query_entry_dup_text (self->entry);
  guint            line = 0, column = 0;

  if (g_strcmp0 (text, self->asked) != 0)
    return;

  twin_live_query_place (error, &line, &column);
  twin_query_entry_set_error (self->entry, error->message, line, column);
}

/* TRUE when the question is still the one under way; it no longer is then. */
static gboolean
end_question (TwinTablePage *self, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FALSE;

  g_clear_object (&self->cancellable);
  twin_query_entry_set_busy (self->entry, FALSE);
  self->failed = error != NULL;
  if (error != NULL)
    {
      show_error (self, error);
      twin_table_page_show_figures (self);
      if (self->n_rows == 0)
        {
          gtk_label_set_text (GTK_LABEL (self->empty),
                              _ ("Nothing is shown: the question above has no "
                                 "answer yet."));
          gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "empty");
        }
    }
  return TRUE;
}

static void
on_parsed (GObject *source, GAsyncResult *done, gpointer data)
{
  g_autoptr (TwinTablePage) self = TWIN_TABLE_PAGE (g_object_ref (source));
  TwinLiveRows *rows = g_task_get_task_data (G_TASK (done));
  g_autoptr (GError) error = NULL;
  TwinAnswer   *result = g_task_propagate_pointer (G_TASK (done), &error);
  const int64_t begin_us = twin_clock_monotonic_us ();

  if (!end_question (self, error) || result == NULL)
    return;

  self->n_rows = result->rows->len;
  if (self->page == 0)
    self->total = rows->total;
  self->seconds = rows->seconds;
  self->answered_us = twin_clock_utc_us ();
  g_free (self->next);
  self->next = g_strdup (rows->cursor);
  twin_query_entry_set_error (self->entry, NULL, 0, 0);
  twin_result_table_take (self->table, result, self->again);
  twin_table_page_show_figures (self);
  show_emptiness (self);
  note (self, "table", begin_us);
}

static void
on_answer (GObject *source, GAsyncResult *done, gpointer data)
{
  g_autoptr (TwinTablePage) self = data;
  g_autoptr (GError) error = NULL;
  TwinLiveRows *rows =
      twin_live_session_query_finish (TWIN_LIVE_SESSION (source), done, &error);
  g_autoptr (GTask) task = NULL;

  if (rows == NULL)
    {
      end_question (self, error);
      return;
    }

  task = g_task_new (self, self->cancellable, on_parsed, NULL);
  g_task_set_task_data (task, rows, (GDestroyNotify) twin_live_rows_free);
  g_task_run_in_thread (task, parse_in_worker);
}

void
twin_table_page_cancel (TwinTablePage *self)
{
  if (self->cancellable == NULL)
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  twin_query_entry_set_busy (self->entry, FALSE);
  twin_table_page_show_figures (self);
}

void
twin_table_page_fetch (TwinTablePage *self, guint page, gboolean again)
{
  g_autofree char *parameters = NULL;
  g_autofree char *words = NULL;
  TwinLiveQuestion question = { .page = PAGE_ROWS };

  if (self->session == NULL || self->asked == NULL)
    return;

  twin_table_page_cancel (self);
  if (twin_query_words_is_query (self->asked))
    question.text = self->asked;
  else
    question.text = words =
        twin_query_words_dup_question (self->asked, self->retired, &parameters);
  question.parameters = parameters;
  question.cursor = self->cursors->pdata[page];
  self->page = page;
  self->again = again;
  self->asked_us = twin_clock_monotonic_us ();
  self->cancellable = g_cancellable_new ();
  if (!again)
    twin_query_entry_set_busy (self->entry, TRUE);
  twin_table_page_show_figures (self);
  twin_live_session_query_async (self->session, &question, self->cancellable,
                                 on_answer, g_object_ref (self));
}

void
twin_table_page_run (TwinTablePage *self)
{
  g_autofree char *text = twin_query_entry_dup_text (self->entry);
  const gboolean   same = g_strcmp0 (text, self->asked) == 0;

  g_free (self->asked);
  self->asked = g_steal_pointer (&text);
  g_ptr_array_set_size (self->cursors, 0);
  g_ptr_array_add (self->cursors, NULL);
  if (!same)
    g_clear_pointer (&self->next, g_free);
  twin_table_page_fetch (self, 0, FALSE);
}

void
twin_table_page_ask (TwinTablePage *self, const char *text)
{
  twin_query_entry_set_text (self->entry, text);
  twin_table_page_run (self);
}
