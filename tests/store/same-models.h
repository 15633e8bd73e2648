/* SPDX-License-Identifier: Apache-2.0 */
/* same-models.h - whether two sets of models say the same */
#pragma once

#include "twin-model-set.h"

static inline void
assert_same_words (const char *const *a, const char *const *b)
{
  g_assert_true (g_strv_equal (a, b));
}

static void assert_same_schema (const TwinSchema *a, const TwinSchema *b);

static inline void
assert_same_field (const TwinField *a, const TwinField *b)
{
  g_assert_cmpint (a == NULL, ==, b == NULL);
  if (a == NULL)
    return;

  g_assert_cmpstr (a->name, ==, b->name);
  g_assert_cmpstr (a->id, ==, b->id);
  g_assert_cmpstr (a->display_name, ==, b->display_name);
  g_assert_cmpstr (a->description, ==, b->description);
  g_assert_cmpstr (a->comment, ==, b->comment);
  g_assert_cmpstr (a->unit, ==, b->unit);
  g_assert_cmpint (a->nullable, ==, b->nullable);
  assert_same_words (a->semantic_types, b->semantic_types);
  assert_same_schema (a->schema, b->schema);
}

static void
assert_same_schema (const TwinSchema *a, const TwinSchema *b)
{
  g_assert_cmpint (a == NULL, ==, b == NULL);
  if (a == NULL)
    return;

  g_assert_cmpint (a->kind, ==, b->kind);
  g_assert_cmpstr (a->id, ==, b->id);
  g_assert_cmpstr (a->display_name, ==, b->display_name);
  g_assert_cmpstr (a->description, ==, b->description);
  g_assert_cmpstr (a->comment, ==, b->comment);
  g_assert_cmpint (a->value_kind, ==, b->value_kind);
  g_assert_cmpuint (a->n_values, ==, b->n_values);
  for (size_t i = 0; i < a->n_values; i++)
    {
      g_assert_cmpstr (a->values[i].name, ==, b->values[i].name);
      g_assert_cmpstr (a->values[i].display_name, ==,
                       b->values[i].display_name);
      g_assert_cmpstr (a->values[i].text, ==, b->values[i].text);
      g_assert_cmpint (a->values[i].number, ==, b->values[i].number);
    }

  g_assert_cmpuint (a->n_fields, ==, b->n_fields);
  for (size_t i = 0; i < a->n_fields; i++)
    assert_same_field (&a->fields[i], &b->fields[i]);
  assert_same_field (a->key, b->key);
  assert_same_field (a->value, b->value);
  assert_same_schema (a->element, b->element);
}

static inline void
assert_same_content (const TwinContent *a, const TwinContent *b)
{
  g_assert_cmpint (a->kind, ==, b->kind);
  g_assert_cmpstr (a->defined_in->id, ==, b->defined_in->id);
  g_assert_cmpstr (a->name, ==, b->name);
  g_assert_cmpstr (a->id, ==, b->id);
  g_assert_cmpstr (a->display_name, ==, b->display_name);
  g_assert_cmpstr (a->description, ==, b->description);
  g_assert_cmpstr (a->comment, ==, b->comment);
  assert_same_words (a->semantic_types, b->semantic_types);
  g_assert_cmpstr (a->unit, ==, b->unit);
  assert_same_schema (a->schema, b->schema);
  g_assert_cmpint (a->writable, ==, b->writable);
  assert_same_field (a->request, b->request);
  assert_same_field (a->response, b->response);
  g_assert_cmpstr (a->component_id, ==, b->component_id);
  g_assert_cmpstr (a->target, ==, b->target);
  g_assert_cmpint (a->max_multiplicity, ==, b->max_multiplicity);
  g_assert_cmpuint (a->properties->len, ==, b->properties->len);
  for (guint i = 0; i < a->properties->len; i++)
    assert_same_content (g_ptr_array_index (a->properties, i),
                         g_ptr_array_index (b->properties, i));
}

static inline void
assert_same_strings (GPtrArray *a, GPtrArray *b)
{
  g_assert_cmpuint (a->len, ==, b->len);
  for (guint i = 0; i < a->len; i++)
    g_assert_cmpstr (g_ptr_array_index (a, i), ==, g_ptr_array_index (b, i));
}

static inline void
assert_same_models (TwinModelSet *x, TwinModelSet *y)
{
  g_assert_cmpuint (twin_model_set_list (x)->len, ==,
                    twin_model_set_list (y)->len);
  for (guint i = 0; i < twin_model_set_list (x)->len; i++)
    {
      const TwinInterface *a = g_ptr_array_index (twin_model_set_list (x), i);
      const TwinInterface *b = g_ptr_array_index (twin_model_set_list (y), i);

      g_assert_cmpstr (a->id, ==, b->id);
      g_assert_cmpstr (a->display_name, ==, b->display_name);
      g_assert_cmpstr (a->description, ==, b->description);
      g_assert_cmpstr (a->comment, ==, b->comment);
      g_assert_cmpint (a->dtdl, ==, b->dtdl);
      g_assert_cmpint (a->nested, ==, b->nested);
      assert_same_strings (a->extends, b->extends);
      assert_same_strings (a->ancestors, b->ancestors);
      g_assert_cmpuint (a->effective->len, ==, b->effective->len);
      for (guint k = 0; k < a->effective->len; k++)
        assert_same_content (g_ptr_array_index (a->effective, k),
                             g_ptr_array_index (b->effective, k));
    }
}
