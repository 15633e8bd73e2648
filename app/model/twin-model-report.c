/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-model-report.h"

G_DEFINE_QUARK (twin - model - error - quark, twin_model_error)

static void
issue_free (void *data)
{
  TwinModelIssue *issue = data;

  g_free (issue->id);
  g_free (issue->element);
  g_free (issue->file);
  g_free (issue->pointer);
  g_free (issue->message);
  g_free (issue);
}

TwinModelReport *
twin_model_report_new (void)
{
  TwinModelReport *self = g_new0 (TwinModelReport, 1);

  self->issues = g_ptr_array_new_with_free_func (issue_free);
  self->unresolved = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
twin_model_report_free (TwinModelReport *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->issues);
  g_ptr_array_unref (self->unresolved);
  g_free (self);
}

gboolean
twin_model_report_is_valid (const TwinModelReport *self)
{
  return self->issues->len == 0;
}

gboolean
twin_model_report_check (const TwinModelReport *self, GError **error)
{
  g_autofree char *more = NULL;

  if (self->issues->len > 0)
    {
      const TwinModelIssue *first = g_ptr_array_index (self->issues, 0);

      more = self->issues->len > 1
                 ? g_strdup_printf (" (and %u more)", self->issues->len - 1)
                 : g_strdup ("");

      /* A text that is no JSON names its line and column itself. */
      if (first->pointer == NULL)
        g_set_error (error, TWIN_MODEL_ERROR, TWIN_MODEL_ERROR_SYNTAX, "%s%s",
                     first->message, more);
      else
        g_set_error (error, TWIN_MODEL_ERROR, TWIN_MODEL_ERROR_INVALID,
                     "%s:%u:%u: at “%s”: %s%s", first->file, first->line,
                     first->column, first->pointer, first->message, more);
      return FALSE;
    }

  if (self->unresolved->len > 0)
    {
      const char *first = g_ptr_array_index (self->unresolved, 0);

      more = self->unresolved->len > 1
                 ? g_strdup_printf (" and %u more", self->unresolved->len - 1)
                 : g_strdup ("");
      g_set_error (error, TWIN_MODEL_ERROR, TWIN_MODEL_ERROR_UNRESOLVED,
                   "%s%s: nothing defines it; import it with the others", first,
                   more);
      return FALSE;
    }

  return TRUE;
}
