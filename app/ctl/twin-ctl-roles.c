/* SPDX-License-Identifier: Apache-2.0 */
/* Which roles a binding finds in models: how well roles.json reads them. */
#include "twin-ctl.h"

#include <stdio.h>
#include <string.h>

#include "twin-binding.h"
#include "twin-ctl-graph.h"
#include "twin-ctl-sources.h"
#include "twin-store-models.h"

typedef struct
{
  TwinCtl      *ctl;
  TwinRoles    *roles;
  TwinModelSet *models;
  TwinCtlTable *table; /* NULL: JSON */
  guint         n_interfaces, n_bound, n_entries;
  guint         found[TWIN_N_ROLES][2]; /* interfaces, by TwinFound */
} Report;

/* --- models
 * ---------------------------------------------------------------------- */

/* Leaves out the files that @report finds fault with; how many. */
static guint
drop_faulty (GArray *sources, const TwinModelReport *report)
{
  g_autoptr (GHashTable) faulty = g_hash_table_new (g_str_hash, g_str_equal);
  guint n = sources->len;

  for (guint i = 0; i < report->issues->len; i++)
    {
      const TwinModelIssue *issue = g_ptr_array_index (report->issues, i);

      if (issue->file != NULL)
        g_hash_table_add (faulty, issue->file);
    }

  for (guint i = n; i-- > 0;)
    {
      if (g_hash_table_contains (faulty,
                                 g_array_index (sources, TwinModelSource, i)
                                     .name))
        g_array_remove_index (sources, i);
    }

  return n - sources->len;
}

/* Files that are no single set are all right, and so are open references:
 * what is asked is what names and types they use. */
static TwinModelSet *
load_files (int argc, char **argv, GError **error)
{
  g_auto (TwinCtlSources) sources = { 0 };
  TwinModelOptions options = { .undefined_extensions = TWIN_EXTENSIONS_ALLOW };
  TwinModelSet    *set = NULL;
  guint            n_dropped = 0, n = 0;

  twin_ctl_sources_init (&sources);
  if (!twin_ctl_sources_read (&sources, argc, argv, error))
    return NULL;

  for (guint i = 0; i < sources.sources->len; i++)
    g_array_index (sources.sources, TwinModelSource, i).group = i + 1;

  do
    {
      g_autoptr (TwinModelReport) report = NULL;

      set = twin_model_set_new ((TwinModelSource *) (void *)
                                    sources.sources->data,
                                sources.sources->len, &options, &report);
      n = set == NULL ? drop_faulty (sources.sources, report) : 0;
      n_dropped += n;
      if (set == NULL && (n == 0 || sources.sources->len == 0))
        {
          twin_model_report_check (report, error);
          return NULL;
        }
    }
  while (set == NULL);

  if (n_dropped > 0)
    g_printerr ("%u files are no valid models and were left out\n", n_dropped);
  return set;
}

static TwinModelSet *
load_store (TwinCtl *ctl, GError **error)
{
  g_autoptr (TwinStoreReader) reader =
      twin_store_reader_open (ctl->store, error);

  return reader != NULL ? twin_store_reader_load_models (reader, error) : NULL;
}

/* --- one interface
 * ----------------------------------------------------------------- */

static const char *
found_word (TwinFound found)
{
  return found == TWIN_FOUND_SEMANTIC ? "semantic type" : "name";
}

static void
count_entry (Report *self, const TwinBindingEntry *entry, gboolean *seen)
{
  int how = entry->found == TWIN_FOUND_SEMANTIC ? 0 : 1;

  self->n_entries++;
  if (!seen[entry->role])
    self->found[entry->role][how]++;
  seen[entry->role] = TRUE;
}

static void
add_json (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
print_json (const TwinInterface *interface, GPtrArray *entries)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_json (builder, "model", interface->id);
  json_builder_set_member_name (builder, "roles");
  json_builder_begin_array (builder);
  for (guint i = 0; i < entries->len; i++)
    {
      const TwinBindingEntry *entry = g_ptr_array_index (entries, i);
      char                    axis[2] = { entry->axis, '\0' };

      json_builder_begin_object (builder);
      add_json (builder, "role", twin_role_to_string (entry->role));
      add_json (builder, "axis", entry->axis != 0 ? axis : NULL);
      add_json (builder, "path", entry->path);
      add_json (builder, "unit", entry->unit);
      add_json (builder, "found", found_word (entry->found));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  twin_ctl_print_builder (builder);
}

static void
report_interface (Report *self, const TwinInterface *interface)
{
  const TwinBindingPart part = { .id = interface->id, .model = interface->id };
  g_autoptr (TwinBinding) binding =
      twin_binding_find (self->roles, self->models, &part, 1);
  GPtrArray *entries = twin_binding_list (binding);
  gboolean   seen[TWIN_N_ROLES] = { FALSE };

  self->n_interfaces++;
  if (entries->len == 0)
    return;

  self->n_bound++;
  for (guint i = 0; i < entries->len; i++)
    {
      const TwinBindingEntry *entry = g_ptr_array_index (entries, i);

      count_entry (self, entry, seen);
      if (self->table != NULL)
        twin_ctl_table_add (self->table, i == 0 ? interface->id : "",
                            twin_role_to_string (entry->role), entry->path,
                            entry->unit, found_word (entry->found));
    }

  if (self->table == NULL)
    print_json (interface, entries);
}

/* --- totals
 * ------------------------------------------------------------------------ */

static void
print_totals_json (const Report *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "interfaces");
  json_builder_add_int_value (builder, self->n_interfaces);
  json_builder_set_member_name (builder, "bound");
  json_builder_add_int_value (builder, self->n_bound);
  json_builder_set_member_name (builder, "totals");
  json_builder_begin_object (builder);
  for (int role = 0; role < TWIN_N_ROLES; role++)
    {
      json_builder_set_member_name (builder, twin_role_to_string (role));
      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "semantic");
      json_builder_add_int_value (builder, self->found[role][0]);
      json_builder_set_member_name (builder, "name");
      json_builder_add_int_value (builder, self->found[role][1]);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  twin_ctl_print_builder (builder);
}

static void
print_totals (const Report *self)
{
  static const char *const headings[] = { "ROLE", ">BY SEMANTIC TYPE",
                                          ">BY NAME", NULL };
  TwinCtlTable            *table = twin_ctl_table_new (headings);

  for (int role = 0; role < TWIN_N_ROLES; role++)
    {
      char semantic[16], name[16];

      g_snprintf (semantic, sizeof semantic, "%u", self->found[role][0]);
      g_snprintf (name, sizeof name, "%u", self->found[role][1]);
      twin_ctl_table_add (table, twin_role_to_string (role), semantic, name);
    }

  printf ("\n%u interfaces, roles in %u of them, %u paths. Interfaces by "
          "role:\n",
          self->n_interfaces, self->n_bound, self->n_entries);
  twin_ctl_table_print (table);
}

static int
report (Report *self, const char *dtmi)
{
  static const char *const headings[] = { "MODEL", "ROLE",     "PATH",
                                          "UNIT",  "FOUND BY", NULL };
  GPtrArray               *list = twin_model_set_list (self->models);

  if (dtmi != NULL && twin_model_set_lookup (self->models, dtmi) == NULL)
    return twin_ctl_fail (TWIN_CTL_INPUT, "There is no model “%s” in the store",
                          dtmi);

  if (!self->ctl->json)
    self->table = twin_ctl_table_new (headings);
  for (guint i = 0; i < list->len; i++)
    {
      const TwinInterface *interface = g_ptr_array_index (list, i);

      if (dtmi == NULL || strcmp (dtmi, interface->id) == 0)
        report_interface (self, interface);
    }

  if (self->table != NULL)
    {
      twin_ctl_table_print (self->table);
      print_totals (self);
    }
  else
    print_totals_json (self);
  return TWIN_CTL_DONE;
}

static int
roles (TwinCtl *ctl, int argc, char **argv)
{
  Report self = { .ctl = ctl };
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  gboolean         one;
  int              exit;

  if (argc < 2)
    return twin_ctl_usage ("model roles needs a FILE, a DIR or a DTMI");

  if (ctl->data_dir == NULL)
    return twin_ctl_fail (TWIN_CTL_ENVIRONMENT,
                          "There is no roles.json; say where with --data-dir");
  path = g_build_filename (ctl->data_dir, "roles.json", NULL);
  self.roles = twin_roles_load (path, &error);
  if (self.roles == NULL)
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);

  one = g_str_has_prefix (argv[1], "dtmi:");
  self.models =
      one ? load_store (ctl, &error) : load_files (argc, argv, &error);
  exit = self.models != NULL ? report (&self, one ? argv[1] : NULL)
                             : twin_ctl_fail_store (error);
  g_clear_pointer (&self.models, twin_model_set_unref);
  twin_roles_unref (self.roles);
  return exit;
}

const TwinCtlVerb twin_ctl_roles_verbs[] = {
  { "model", "roles", roles, "FILE|DIR…|DTMI",
    "the roles that a binding finds in models" },
  { NULL },
};
