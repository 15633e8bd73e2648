/* SPDX-License-Identifier: Apache-2.0 */
#include "plant-models.h"
#include "twin-rules.h"

static TwinTwin *
twin_of (const char *id, const char *model, const char *properties)
{
  g_autoptr (JsonNode) node = json (properties);

  return twin_twin_new (id, model, node);
}

static void
test_twin (void)
{
  static const struct
  {
    const char *properties, *message;
  } cases[] = {
    { "{\"name\":\"p\",\"head\":12.5,\"drive\":{}}", NULL },
    { "{\"drive\":{\"kind\":\"lip\",\"$metadata\":{}}}", NULL },
    { "{\"name\":\"p\"}",
      "“/x”: the component “drive” of dtmi:t:Pump;1 is missing; add it, empty "
      "as {} while nothing is known of it" },
    { "{\"drive\":7}", "“/x/drive”: the component drive must be an object" },
    { "{\"drive\":{\"kind\":1}}",
      "“/x/drive/kind”: property kind is 1, but a string is expected" },
    { "{\"drive\":{\"colour\":1}}",
      "“/x/drive/colour”: dtmi:t:Seal;1 has no property “colour”" },
    { "{\"flow\":1,\"drive\":{}}",
      "“/x/flow”: “flow” is a Telemetry of dtmi:t:Pump;1, not a property" },
  };
  g_autoptr (TwinModelSet) models = plant_models ();

  /* Without a place only the sentence. */
  {
    g_autoptr (TwinTwin) stranger = twin_of ("p", "dtmi:t:None;1", "{}");
    g_autoptr (GError) error = NULL;

    g_assert_false (twin_twin_check (stranger, models, "", &error));
    g_assert_cmpstr (error->message, ==,
                     "the model dtmi:t:None;1 of p is not known; import it "
                     "first");
  }

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (TwinTwin) twin =
          twin_of ("p", "dtmi:t:Pump;1", cases[i].properties);
      g_autoptr (GError) error = NULL;

      twin_twin_check (twin, models, "/x", &error);
      g_assert_cmpstr (error != NULL ? error->message : NULL, ==,
                       cases[i].message);
    }
}

static void
test_size (void)
{
  g_autofree char *long_name = g_strnfill (TWIN_DOCUMENT_MAX_BYTES, 'x');
  g_autofree char *text = g_strdup_printf ("{\"name\":\"%s\"}", long_name);
  g_autoptr (TwinTwin) twin = twin_of ("p", "dtmi:t:Tank;1", text);
  g_autoptr (TwinTwin) small = twin_of ("p", "dtmi:t:Tank;1", "{}");
  g_autoptr (GError) error = NULL;

  g_assert_true (twin_twin_check_size (small, &error));
  g_assert_false (twin_twin_check_size (twin, &error));
  g_assert_cmpstr (error->message, ==,
                   "p would be a document of 262194 bytes; 262144 is the most");
}

static void
test_components (void)
{
  g_autoptr (TwinModelSet) models = plant_models ();
  g_autoptr (TwinTwin) twin = twin_of ("p", "dtmi:t:Pump;2",
                                       "{\"stages\":2,\"seal\":{\"kind\":"
                                       "\"lip\"}}");
  g_autoptr (TwinTwin) strange = twin_of ("q", "dtmi:t:None;1", "{}");
  g_autofree char *text = NULL;

  g_assert_true (twin_twin_add_components (twin, models));
  g_assert_true (twin_twin_check (twin, models, "", NULL));
  text = twin_json_print (twin->properties, FALSE);
  g_assert_cmpstr (text, ==,
                   "{\"stages\":2,\"seal\":{\"kind\":\"lip\"},\"drive\":{}}");
  g_assert_false (twin_twin_add_components (strange, models));
}

static void
test_relationship (void)
{
  static const struct
  {
    const char *name, *target, *properties, *message;
  } cases[] = {
    { "feeds", "tank", "{\"length\":3.5}", NULL },
    { "near", "tank", "{}", NULL },      /* inherited, of any target */
    { "backs", "new-pump", "{}", NULL }, /* a later version fits, too */
    { "drains", "tank", "{}",
      "“/r”: dtmi:t:Pump;1 declares no relationship “drains”" },
    { "feeds", "new-pump", "{}",
      "“/r”: “feeds” leads to a dtmi:t:Tank;1, but new-pump is a "
      "dtmi:t:Pump;2" },
    { "near", "pump", "{}", "“/r”: “near” would lead from pump to itself" },
    { "feeds", "tank", "{\"length\":\"far\"}",
      "“/r/length”: property length is \"far\", but a number is expected" },
    { "feeds", "tank", "{\"width\":1}",
      "“/r/width”: the relationship “feeds” has no property “width”" },
  };
  g_autoptr (TwinModelSet) models = plant_models ();
  g_autoptr (TwinTwin) pump = twin_of ("pump", "dtmi:t:Pump;1", "{}");
  g_autoptr (TwinTwin) other = twin_of ("new-pump", "dtmi:t:Pump;2", "{}");
  g_autoptr (TwinTwin) tank = twin_of ("tank", "dtmi:t:Tank;1", "{}");
  const TwinTwin *all[] = { pump, other, tank };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) properties = json (cases[i].properties);
      g_autoptr (TwinRelationship) one =
          twin_relationship_new ("pump", "r", cases[i].name, cases[i].target,
                                 properties);
      g_autoptr (GError) error = NULL;
      const TwinTwin *target = NULL;

      for (size_t k = 0; k < G_N_ELEMENTS (all); k++)
        {
          if (g_strcmp0 (all[k]->id, cases[i].target) == 0)
            target = all[k];
        }

      twin_relationship_check (one, pump, target, models, "/r", &error);
      g_assert_cmpstr (error != NULL ? error->message : NULL, ==,
                       cases[i].message);
    }
}

static void
test_multiplicity (void)
{
  g_autoptr (TwinModelSet) models = plant_models ();
  g_autoptr (GError) error = NULL;

  g_assert_true (twin_multiplicity_check ("p", "dtmi:t:Pump;1", "feeds", 2,
                                          models, "/r", &error));
  g_assert_true (twin_multiplicity_check ("p", "dtmi:t:Pump;1", "near", 1000,
                                          models, "/r", &error));
  g_assert_true (twin_multiplicity_check ("p", "dtmi:t:Pump;1", "drains", 9,
                                          models, "/r", &error));
  g_assert_false (twin_multiplicity_check ("p", "dtmi:t:Pump;1", "feeds", 3,
                                           models, "/r", &error));
  g_assert_cmpstr (error->message, ==,
                   "“/r”: p may have at most 2 “feeds”, and this would make "
                   "3");
}

static void
test_desired (void)
{
  static const struct
  {
    const char *document, *pointer, *message;
  } cases[] = {
    { "{\"period\":10}", "/period", NULL },
    { "{}", "/period", NULL },
    { "{\"drive\":{\"setPoint\":1.5}}", "/drive/setPoint", NULL },
    { "{\"period\":\"often\"}", "/period",
      "“/period”: property period is \"often\", but a number is expected" },
    { "{\"head\":1}", "/head",
      "“/head”: dtmi:t:Pump;1 declares “head” without “writable”, so it cannot "
      "be set from here; it is what the machine says of itself" },
    { "{\"drive\":{\"kind\":\"lip\"}}", "/drive/kind",
      "“/drive/kind”: dtmi:t:Seal;1 declares “kind” without “writable”, "
      "so it cannot be set from here; it is what the machine says of itself" },
    { "{\"flow\":1}", "/flow",
      "“/flow”: a Telemetry cannot be desired, only a property" },
    { "{\"drive\":{}}", "/drive",
      "“/drive”: a Component cannot be desired, only a property" },
    { "{\"colour\":1}", "/colour", "“/colour” is no property of the model" },
    { "{}", "", "“” is no property of the model" },
  };
  g_autoptr (TwinModelSet) models = plant_models ();

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) document = json (cases[i].document);
      g_autoptr (GError) error = NULL;

      twin_desired_check (models, "dtmi:t:Pump;1", document, cases[i].pointer,
                          &error);
      g_assert_cmpstr (error != NULL ? error->message : NULL, ==,
                       cases[i].message);
    }
}

static void
test_tags (void)
{
  static const char *const add[] = { "vital", "area 1", "vital", NULL };
  static const char *const drop[] = { "area 1", "never", NULL };
  static const char *const good[] = { "a", "Ω-line", "two words", NULL };
  static const char *const bad[] = { "",     " a",       "a ",        "a\nb",
                                     "\x7f", "\xc3\x28", "a\xc2\x85", NULL };
  g_autoptr (TwinTwin) twin = twin_of ("p", "dtmi:t:Pump;1", "{}");
  g_autoptr (TwinTwin) copy = NULL;
  g_autoptr (JsonNode) document = NULL;
  g_autoptr (TwinTwin) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *props = NULL;
  g_autofree char *longest = g_strnfill (64, 'x');
  g_autofree char *longer = g_strnfill (65, 'x');

  for (size_t i = 0; good[i] != NULL; i++)
    g_assert_true (twin_tag_is_valid (good[i]));
  for (size_t i = 0; bad[i] != NULL; i++)
    g_assert_false (twin_tag_is_valid (bad[i]));
  g_assert_true (twin_tag_is_valid (longest));
  g_assert_false (twin_tag_is_valid (longer));

  g_assert_null (twin_twin_print_tags (twin));
  g_assert_true (twin_twin_change_tags (twin, add, NULL, &error));
  g_assert_true (twin_twin_has_tag (twin, "area 1"));
  copy = twin_twin_copy (twin);
  text = twin_twin_print_tags (copy);
  g_assert_cmpstr (text, ==, "[\"area 1\",\"vital\"]");

  /* They are in the document and in the store's column alike. */
  document = twin_twin_to_json (copy);
  again = twin_twin_from_json (document, "", &error);
  g_assert_no_error (error);
  g_assert_cmpstrv (again->tags, copy->tags);
  props = twin_twin_print_props (copy);
  twin_twin_free (g_steal_pointer (&again));
  again = twin_twin_from_props ("p", "dtmi:t:Pump;1", NULL, NULL, props, NULL);
  g_assert_cmpstrv (again->tags, copy->tags);

  g_assert_true (twin_twin_change_tags (twin, NULL, drop, &error));
  g_assert_cmpuint (g_strv_length (twin->tags), ==, 1);
  g_assert_false (twin_twin_change_tags (twin, bad, NULL, &error));
  g_assert_error (error, TWIN_TWIN_ERROR, TWIN_TWIN_ERROR_INVALID);
  g_assert_cmpuint (g_strv_length (twin->tags), ==, 1);
}

static void
test_many_tags (void)
{
  g_autoptr (GPtrArray) many = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (TwinTwin) twin = twin_of ("p", "dtmi:t:Pump;1", "{}");
  g_autoptr (GError) error = NULL;

  for (int i = 0; i <= TWIN_MAX_TAGS; i++)
    g_ptr_array_add (many, g_strdup_printf ("t%d", i));
  g_ptr_array_add (many, NULL);

  g_assert_false (twin_twin_change_tags (twin,
                                         (const char *const *) many->pdata,
                                         NULL, &error));
  g_assert_cmpstr (error->message, ==,
                   "p would have 101 tags; 100 is the "
                   "most");
  g_assert_null (twin->tags);
}

static void
test_tags_refused (void)
{
  static const char *const texts[] = {
    "\"a\"", "[1]", "[\"a\",\"\"]", "[null]", "{\"a\":true}",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *text =
          g_strdup_printf ("{\"$dtId\":\"p\",\"$metadata\":{\"$model\":"
                           "\"dtmi:a:b;1\",\"$tags\":%s}}",
                           texts[i]);
      g_autoptr (JsonNode) node = json (text);
      g_autoptr (GError) error = NULL;

      g_assert_null (twin_twin_from_json (node, "/t", &error));
      g_assert_true (
          g_str_has_prefix (error->message, "“/t”: “$metadata/$tags"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/twin/rules/twin", test_twin);
  g_test_add_func ("/twin/rules/size", test_size);
  g_test_add_func ("/twin/rules/components", test_components);
  g_test_add_func ("/twin/rules/relationship", test_relationship);
  g_test_add_func ("/twin/rules/multiplicity", test_multiplicity);
  g_test_add_func ("/twin/rules/desired", test_desired);
  g_test_add_func ("/twin/tags/change", test_tags);
  g_test_add_func ("/twin/tags/many", test_many_tags);
  g_test_add_func ("/twin/tags/refused", test_tags_refused);
  return g_test_run ();
}
