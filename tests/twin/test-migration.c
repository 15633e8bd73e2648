/* SPDX-License-Identifier: Apache-2.0 */
#include "plant-models.h"
#include "twin-migration.h"
#include "twin-rules.h"

#define NOW_US INT64_C (1795603338000000)

/* A graph of a few twins. */
typedef struct
{
  GPtrArray *twins, *relationships;
} Plant;

static void
plant_clear (Plant *self)
{
  g_clear_pointer (&self->twins, g_ptr_array_unref);
  g_clear_pointer (&self->relationships, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Plant, plant_clear)

static void
plant_init (Plant *self)
{
  self->twins =
      g_ptr_array_new_with_free_func ((GDestroyNotify) twin_twin_free);
  self->relationships =
      g_ptr_array_new_with_free_func ((GDestroyNotify) twin_relationship_free);
}

static TwinTwin *
put (Plant *self, const char *id, const char *model, const char *properties)
{
  g_autoptr (JsonNode) node = json (properties);
  TwinTwin *twin = twin_twin_new (id, model, node);

  twin->etag = g_strdup ("e");
  g_ptr_array_add (self->twins, twin);
  return twin;
}

static void
relate (Plant      *self,
        const char *source,
        const char *id,
        const char *name,
        const char *target)
{
  g_ptr_array_add (self->relationships,
                   twin_relationship_new (source, id, name, target, NULL));
}

static const TwinTwin *
find_twin (const char *id, void *data)
{
  Plant *self = data;

  for (guint i = 0; i < self->twins->len; i++)
    {
      const TwinTwin *twin = g_ptr_array_index (self->twins, i);

      if (strcmp (twin->id, id) == 0)
        return twin;
    }

  return NULL;
}

static GPtrArray *
list (Plant *self, const char *id, gboolean outgoing)
{
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < self->relationships->len; i++)
    {
      TwinRelationship *one = g_ptr_array_index (self->relationships, i);

      if (strcmp (outgoing ? one->source : one->target, id) == 0)
        g_ptr_array_add (found, one);
    }

  return found;
}

static GPtrArray *
list_outgoing (const char *id, void *data)
{
  return list (data, id, TRUE);
}

static GPtrArray *
list_incoming (const char *id, void *data)
{
  return list (data, id, FALSE);
}

/* The first @n twins of @plant to @to. */
static TwinMigration *
migrate (Plant *plant, guint n, const char *to)
{
  g_autoptr (TwinModelSet) models = plant_models ();
  g_autoptr (GPtrArray) twins = g_ptr_array_new ();
  const TwinMigrationGraph graph = { find_twin, list_outgoing, list_incoming,
                                     plant };
  GError                  *error = NULL;
  TwinMigration           *migration;

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (twins, g_ptr_array_index (plant->twins, i));
  migration = twin_migration_new (models, to, twins, &graph, NOW_US, &error);
  g_assert_no_error (error);
  return migration;
}

/* "gains /seal: …" a line. Caller frees. */
static char *
print (TwinMigration *migration)
{
  GString   *out = g_string_new (NULL);
  GPtrArray *twins = twin_migration_list (migration);

  for (guint i = 0; i < twins->len; i++)
    {
      const TwinMigrationTwin *twin = g_ptr_array_index (twins, i);

      for (guint k = 0; k < twin->items->len; k++)
        {
          const TwinMigrationItem *item = g_ptr_array_index (twin->items, k);

          g_string_append_printf (out, "%s %s %s: %s\n", twin->before->id,
                                  twin_migration_kind_to_string (item->kind),
                                  item->what, item->text);
        }
    }

  return g_string_free (out, FALSE);
}

static const TwinTwin *
after (TwinMigration *migration, guint i)
{
  return ((TwinMigrationTwin *)
              g_ptr_array_index (twin_migration_list (migration), i))
      ->after;
}

static void
test_values (void)
{
  g_auto (Plant) plant = { 0 };
  g_autoptr (TwinMigration) migration = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *props = NULL;
  TwinTwin        *pump;

  plant_init (&plant);
  pump = put (&plant, "p", "dtmi:t:Pump;1",
              "{\"name\":\"P\",\"head\":12.5,\"period\":3,\"drive\":{"
              "\"kind\":\"lip\"}}");
  json_node_unref (pump->metadata);
  pump->metadata = json ("{\"head\":{\"lastUpdateTime\":\"a\"},\"name\":{}}");
  put (&plant, "q", "dtmi:t:Pump;2", "{}");

  migration = migrate (&plant, 2, "dtmi:t:Pump;2");
  text = print (migration);
  g_assert_cmpstr (text, ==,
                   "p loses /head: 12.5; dtmi:t:Pump;2 has no “head”\n"
                   "p loses /period: 3; dtmi:t:Pump;2 has no “period”\n"
                   "p gains /impeller: a property (string), without a value to "
                   "begin with\n"
                   "p gains /seal: a component, empty to begin with\n");
  g_assert_cmpuint (twin_migration_list (migration)->len, ==, 1);
  g_assert_cmpuint (twin_migration_count (migration, TWIN_MIGRATION_LOSE), ==,
                    2);

  props = twin_twin_print_props (after (migration, 0));
  g_assert_cmpstr (props, ==,
                   "{\"$metadata\":{\"$model\":\"dtmi:t:Pump;2\",\"name\":{}},"
                   "\"name\":\"P\",\"drive\":{\"kind\":\"lip\"},"
                   "\"seal\":{}}");
  g_assert_null (after (migration, 0)->etag);
  g_assert_cmpstr (pump->model, ==, "dtmi:t:Pump;1");

  g_assert_false (twin_migration_check (migration, FALSE, &error));
  g_assert_cmpstr (error->message, ==,
                   "p would lose, as a dtmi:t:Pump;2, “/head”: 12.5; "
                   "dtmi:t:Pump;2 has no “head” (and 1 more)");
  g_assert_true (twin_migration_check (migration, TRUE, NULL));
}

static void
test_violates (void)
{
  g_auto (Plant) plant = { 0 };
  g_autoptr (TwinMigration) migration = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  plant_init (&plant);
  put (&plant, "p", "dtmi:t:Pump;1", "{\"stages\":\"two\",\"drive\":{}}");
  put (&plant, "q", "dtmi:t:Pump;1", "{\"drive\":{}}");
  put (&plant, "s", "dtmi:t:Tank;1", "{}");
  put (&plant, "t", "dtmi:t:Tank;1", "{}");
  relate (&plant, "p", "1", "feeds", "s");
  relate (&plant, "p", "2", "feeds", "t");
  relate (&plant, "q", "3", "backs", "p");
  relate (&plant, "p", "4", "near", "q");

  migration = migrate (&plant, 1, "dtmi:t:Pump;2");
  text = print (migration);
  /* q backs a Pump;1 or later, which p still is. */
  g_assert_cmpstr (
      text, ==,
      "p violates /stages: it is \"two\", but a number is expected\n"
      "p gains /impeller: a property (string), without a value to begin with\n"
      "p gains /seal: a component, empty to begin with\n"
      "p violates feeds: p may have at most 1 “feeds”, and this would make "
      "2\n");
  g_assert_false (twin_migration_check (migration, TRUE, &error));
  g_assert_cmpstr (error->message, ==,
                   "p would not fit dtmi:t:Pump;2 at “/stages”: it is \"two\", "
                   "but a number is expected (and 1 more)");
}

static void
test_relationships (void)
{
  g_auto (Plant) plant = { 0 };
  g_autoptr (TwinMigration) away = NULL;
  g_autoptr (TwinMigration) both = NULL;
  g_autofree char *text = NULL;
  g_autofree char *text_both = NULL;

  plant_init (&plant);
  put (&plant, "p", "dtmi:t:Pump;1", "{\"drive\":{}}");
  put (&plant, "q", "dtmi:t:Pump;1", "{\"drive\":{}}");
  put (&plant, "t", "dtmi:t:Tank;1", "{}");
  relate (&plant, "p", "1", "feeds", "t");
  relate (&plant, "q", "2", "backs", "p");

  /* A pump that becomes a tank: it may not feed, it may not be backed. */
  away = migrate (&plant, 1, "dtmi:t:Tank;1");
  text = print (away);
  g_assert_cmpstr (
      text, ==,
      "p loses /drive: {}; dtmi:t:Tank;1 has no “drive”\n"
      "p violates p/1: dtmi:t:Tank;1 declares no relationship “feeds”\n"
      "p violates q/2: “backs” leads to a dtmi:t:Pump;1, but p is a "
      "dtmi:t:Tank;1\n");

  /* Both at once: what leads from one to the other is judged as it will be,
   * and once. */
  both = migrate (&plant, 2, "dtmi:t:Pump;2");
  text_both = print (both);
  g_assert_nonnull (strstr (text_both,
                            "q violates q/2: dtmi:t:Pump;2 declares no "
                            "relationship “backs”\n"));
  g_assert_cmpuint (twin_migration_count (both, TWIN_MIGRATION_VIOLATE), ==, 1);
}

/* The hash is that of the preview: the same again, another when a twin was
 * changed in between. */
static void
test_hash (void)
{
  g_auto (Plant) plant = { 0 };
  g_autoptr (TwinMigration) first = NULL;
  g_autoptr (TwinMigration) second = NULL;
  g_autoptr (TwinMigration) third = NULL;
  TwinTwin *pump;

  plant_init (&plant);
  pump = put (&plant, "p", "dtmi:t:Pump;1", "{\"drive\":{}}");
  first = migrate (&plant, 1, "dtmi:t:Pump;2");
  second = migrate (&plant, 1, "dtmi:t:Pump;2");
  g_assert_cmpuint (strlen (twin_migration_get_hash (first)), ==, 16);
  g_assert_cmpstr (twin_migration_get_hash (first), ==,
                   twin_migration_get_hash (second));

  g_free (pump->etag);
  pump->etag = g_strdup ("f");
  third = migrate (&plant, 1, "dtmi:t:Pump;2");
  g_assert_cmpstr (twin_migration_get_hash (first), !=,
                   twin_migration_get_hash (third));
}

static void
test_refuses (void)
{
  g_auto (Plant) plant = { 0 };
  g_autoptr (TwinModelSet) models = plant_models ();
  g_autoptr (GPtrArray) twins = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  const TwinMigrationGraph graph = { find_twin, list_outgoing, list_incoming,
                                     &plant };
  TwinTwin                *pump;

  plant_init (&plant);
  pump = put (&plant, "p", "dtmi:t:Gone;1", "{\"name\":\"P\",\"x\":1}");
  g_ptr_array_add (twins, pump);
  g_assert_null (twin_migration_new (models, "dtmi:t:Pump;9", twins, &graph,
                                     NOW_US, &error));
  g_assert_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_MODEL);
  g_clear_error (&error);

  g_ptr_array_add (twins, pump);
  g_assert_null (twin_migration_new (models, "dtmi:t:Pump;2", twins, &graph,
                                     NOW_US, &error));
  g_assert_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID);
}

/* What migrates without a violation is a twin of the new model. */
static void
test_fits (void)
{
  g_auto (Plant) plant = { 0 };
  g_autoptr (TwinModelSet) models = plant_models ();
  g_autoptr (TwinMigration) migration = NULL;
  g_autoptr (GError) error = NULL;

  plant_init (&plant);
  put (&plant, "p", "dtmi:t:Gone;1", "{\"name\":\"P\",\"x\":1}");
  migration = migrate (&plant, 1, "dtmi:t:Pump;2");
  g_assert_true (twin_migration_check (migration, TRUE, NULL));
  g_assert_true (twin_twin_check (after (migration, 0), models, "", &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/twin/migration/values", test_values);
  g_test_add_func ("/twin/migration/violates", test_violates);
  g_test_add_func ("/twin/migration/relationships", test_relationships);
  g_test_add_func ("/twin/migration/hash", test_hash);
  g_test_add_func ("/twin/migration/refuses", test_refuses);
  g_test_add_func ("/twin/migration/fits", test_fits);
  return g_test_run ();
}
