/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl-edit.h"

#include <errno.h>
#include <stdio.h>

#include "twin-json.h"
#include "twin-query.h"

TwinEditor *
twin_ctl_open_editor (TwinCtl *ctl, GError **error)
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

  return twin_editor_open (ctl->store, ctl->operator_name, NULL, error);
}

int
twin_ctl_fail_edit (const GError *error)
{
  gboolean input = TRUE;

  if (error->domain == TWIN_STORE_ERROR)
    input = error->code == TWIN_STORE_ERROR_NOT_FOUND ||
            error->code == TWIN_STORE_ERROR_CHANGED ||
            error->code == TWIN_STORE_ERROR_EXISTS;
  else if (error->domain == TWIN_QUERY_ERROR)
    input = error->code != TWIN_QUERY_ERROR_STORE;

  return twin_ctl_fail_error (input ? TWIN_CTL_INPUT : TWIN_CTL_ENVIRONMENT,
                              error);
}

static void
print_edited (TwinCtl *ctl, const TwinEdited *edited)
{
  g_autoptr (JsonBuilder) json = NULL;

  if (!ctl->json)
    {
      g_printerr ("%s\n", edited->text);
      return;
    }

  json = json_builder_new ();
  json_builder_begin_object (json);
  json_builder_set_member_name (json, "change");
  json_builder_add_int_value (json, edited->change);
  json_builder_set_member_name (json, "etag");
  if (edited->etag != NULL)
    json_builder_add_string_value (json, edited->etag);
  else
    json_builder_add_null_value (json);
  json_builder_set_member_name (json, "text");
  json_builder_add_string_value (json, edited->text);
  json_builder_end_object (json);
  twin_ctl_print_builder (json);
}

static void
print_conflict (const TwinConflict *conflict)
{
  g_autofree char *time = conflict->time_us != TWIN_TIME_NONE
                              ? twin_clock_format_utc (conflict->time_us)
                              : NULL;

  if (conflict->theirs == NULL)
    g_printerr ("  it was deleted");
  else
    g_printerr ("  it is now   %s\n  you wanted  %s\n  changed",
                conflict->theirs,
                conflict->mine != NULL ? conflict->mine : "(deleted)");
  g_printerr (" by %s%s%s\n",
              conflict->who != NULL ? conflict->who : "the engine",
              time != NULL ? " at " : "", time != NULL ? time : "");
}

int
twin_ctl_edit (TwinCtl *ctl, const TwinEdit *edit)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinEditor) editor = twin_ctl_open_editor (ctl, &error);
  g_autoptr (TwinConflict) conflict = NULL;
  g_autoptr (TwinEdited) edited = NULL;
  int exit;

  if (editor != NULL)
    edited = twin_editor_apply (editor, edit, &conflict, NULL, &error);
  if (edited != NULL)
    {
      print_edited (ctl, edited);
      return TWIN_CTL_DONE;
    }

  exit = twin_ctl_fail_edit (error);
  if (conflict != NULL)
    print_conflict (conflict);
  return exit;
}

char *
twin_ctl_value (const char *text)
{
  g_autoptr (JsonNode) node = twin_json_parse ("VALUE", text, -1, NULL);
  GString *out;

  if (node != NULL)
    return twin_json_print (node, FALSE);

  out = g_string_new (NULL);
  twin_json_append_string (out, text);
  return g_string_free (out, FALSE);
}

JsonNode *
twin_ctl_object (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node =
      twin_json_parse ("JSON", text != NULL ? text : "{}", -1, &error);

  if (node == NULL)
    {
      twin_ctl_fail_error (TWIN_CTL_INPUT, error);
      return NULL;
    }
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      twin_ctl_fail (TWIN_CTL_INPUT, "JSON must be an object of properties, as "
                                     "{\"ratedSpeed\": 1480}");
      return NULL;
    }

  return g_steal_pointer (&node);
}

void
twin_ctl_print_document (TwinCtl *ctl, JsonNode *node)
{
  g_autofree char *text = twin_json_print (node, !ctl->json);

  puts (text);
}
