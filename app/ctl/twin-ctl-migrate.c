/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-migrate.c - twins to another model: seen first, then done */
#include <stdio.h>

#include "twin-ctl-edit.h"
#include "twin-migration-plan.h"
#include "twin-json-members.h"

/* --- what would be done
 * ------------------------------------------------------------------ */

static void
add_count (JsonBuilder *json, const char *name, guint value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_int_value (json, value);
}

/* One twin a line, then one line with the sum. */
static void
print_json (TwinMigration *migration, const char *to)
{
  GPtrArray *twins = twin_migration_list (migration);
  g_autoptr (JsonBuilder) json = json_builder_new ();

  for (guint i = 0; i < twins->len; i++)
    {
      const TwinMigrationTwin *twin = g_ptr_array_index (twins, i);

      json_builder_begin_object (json);
      twin_json_add_text (json, "twin", twin->before->id);
      twin_json_add_text (json, "from", twin->before->model);
      json_builder_set_member_name (json, "items");
      json_builder_begin_array (json);
      for (guint k = 0; k < twin->items->len; k++)
        {
          const TwinMigrationItem *item = g_ptr_array_index (twin->items, k);

          json_builder_begin_object (json);
          twin_json_add_text (json, "kind",
                              twin_migration_kind_to_string (item->kind));
          twin_json_add_text (json, "what", item->what);
          twin_json_add_text (json, "text", item->text);
          json_builder_end_object (json);
        }
      json_builder_end_array (json);
      json_builder_end_object (json);
      twin_ctl_print_builder (json);
    }

  json_builder_begin_object (json);
  twin_json_add_text (json, "to", to);
  add_count (json, "twins", twins->len);
  add_count (json, "gains",
             twin_migration_count (migration, TWIN_MIGRATION_GAIN));
  add_count (json, "loses",
             twin_migration_count (migration, TWIN_MIGRATION_LOSE));
  add_count (json, "violates",
             twin_migration_count (migration, TWIN_MIGRATION_VIOLATE));
  twin_json_add_text (json, "preview", twin_migration_get_hash (migration));
  json_builder_end_object (json);
  twin_ctl_print_builder (json);
}

static void
print_text (TwinMigration *migration, const char *to)
{
  static const char *const headings[] = { "TWIN", "", "WHAT", "WHY", NULL };
  GPtrArray               *twins = twin_migration_list (migration);
  TwinCtlTable            *table = twin_ctl_table_new (headings);

  for (guint i = 0; i < twins->len; i++)
    {
      const TwinMigrationTwin *twin = g_ptr_array_index (twins, i);

      if (twin->items->len == 0)
        twin_ctl_table_add (table, twin->before->id, "", "", "fits as it is");
      for (guint k = 0; k < twin->items->len; k++)
        {
          const TwinMigrationItem *item = g_ptr_array_index (twin->items, k);

          twin_ctl_table_add (table, twin->before->id,
                              twin_migration_kind_to_string (item->kind),
                              item->what, item->text);
        }
    }

  twin_ctl_table_print (table);
  printf ("%u twins to %s: %u gains, %u losses, %u violations; preview %s\n",
          twins->len, to, twin_migration_count (migration, TWIN_MIGRATION_GAIN),
          twin_migration_count (migration, TWIN_MIGRATION_LOSE),
          twin_migration_count (migration, TWIN_MIGRATION_VIOLATE),
          twin_migration_get_hash (migration));
}

/* --- the verb
 * ---------------------------------------------------------------------------
 */

static int
preview (TwinCtl *ctl, const TwinEdit *edit)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinEditor) editor = twin_ctl_open_editor (ctl, &error);
  g_autoptr (TwinMigrationPlan) plan = NULL;
  TwinModelSet *models = NULL;

  if (editor != NULL)
    models = twin_editor_get_models (editor, &error);
  if (models != NULL)
    plan = twin_migration_plan_new (twin_editor_get_reader (editor), models,
                                    edit->model, edit->members, edit->query,
                                    &error);
  if (plan == NULL)
    return twin_ctl_fail_edit (error);

  if (ctl->json)
    print_json (twin_migration_plan_get (plan), edit->model);
  else
    print_text (twin_migration_plan_get (plan), edit->model);
  return TWIN_CTL_DONE;
}

static int
migrate (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *to = NULL, *query = NULL, *hash = NULL;
  gboolean           apply = FALSE, drop_lost = FALSE;
  const GOptionEntry entries[] = {
    { "to", 0, 0, G_OPTION_ARG_STRING, &to, NULL, "DTMI" },
    { "query", 0, 0, G_OPTION_ARG_STRING, &query, NULL, "QUERY" },
    { "apply", 0, 0, G_OPTION_ARG_NONE, &apply, NULL, NULL },
    { "drop-lost", 0, 0, G_OPTION_ARG_NONE, &drop_lost, NULL, NULL },
    { "if-preview", 0, 0, G_OPTION_ARG_STRING, &hash, NULL, "HASH" },
    { NULL },
  };
  TwinEdit edit = { .kind = TWIN_EDIT_MIGRATE };

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (to == NULL || (query != NULL) == (argc > 1))
    return twin_ctl_usage ("twin migrate needs --to DTMI, and either IDs or "
                           "--query");

  edit.model = to;
  edit.query = query;
  if (query == NULL)
    {
      argv[argc] = NULL;
      edit.members = (const char *const *) argv + 1;
    }
  edit.drop_lost = drop_lost;
  edit.if_etag = hash;
  return apply ? twin_ctl_edit (ctl, &edit) : preview (ctl, &edit);
}

const TwinCtlVerb twin_ctl_migrate_verbs[] = {
  { "twin", "migrate", migrate,
    "--to DTMI ID… | --query QUERY\n"
    "               [--apply [--drop-lost] [--if-preview HASH]]",
    "twins to another model; without --apply, what each would gain, lose and "
    "violate" },
  { NULL },
};
