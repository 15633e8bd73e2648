/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-edit.h"

void
twin_edited_free (TwinEdited *self)
{
  g_free (self->etag);
  g_free (self->text);
  g_free (self);
}

void
twin_conflict_free (TwinConflict *self)
{
  g_free (self->base);
  g_free (self->mine);
  g_free (self->theirs);
  g_free (self->who);
  g_free (self->etag);
  g_free (self);
}

void
twin_twin_item_free (TwinTwinItem *self)
{
  g_free (self->id);
  g_free (self->model);
  g_free (self->lifecycle);
  g_free (self->etag);
  g_free (self->display_name);
  g_strfreev (self->tags);
  g_free (self->json);
  g_clear_pointer (&self->outgoing, g_ptr_array_unref);
  g_clear_pointer (&self->incoming, g_ptr_array_unref);
  g_free (self);
}

static void
change_free (void *data)
{
  TwinChangeItem *item = data;

  g_free (item->who);
  g_free (item->kind);
  g_free (item->text);
  g_free (item);
}

static void
group_free (void *data)
{
  TwinGroupItem *item = data;

  g_free (item->name);
  g_free (item->query);
  g_strfreev (item->members);
  g_free (item->tier);
  g_free (item->note);
  g_free (item);
}

static void
saved_query_free (void *data)
{
  TwinSavedQueryItem *item = data;

  g_free (item->name);
  g_free (item->query);
  g_free (item->note);
  g_free (item->who);
  g_free (item);
}

static void
model_free (void *data)
{
  TwinModelItem *item = data;

  g_free (item->dtmi);
  g_free (item->name);
  g_free (item->json);
  g_free (item);
}

static void
migration_free (void *data)
{
  TwinMigrationPreview *item = data;

  g_free (item->twin);
  g_strfreev (item->gains);
  g_strfreev (item->loses);
  g_strfreev (item->violates);
  g_free (item);
}

static void
refusal_free (void *data)
{
  TwinRefusalItem *item = data;

  g_free (item->where);
  g_free (item->text);
  g_free (item);
}

static void
relationship_free (void *data)
{
  TwinRelationshipItem *item = data;

  g_free (item->source);
  g_free (item->id);
  g_free (item->name);
  g_free (item->target);
  g_free (item->etag);
  g_free (item->json);
  g_free (item);
}

GPtrArray *
twin_change_items_new (void)
{
  return g_ptr_array_new_with_free_func (change_free);
}

GPtrArray *
twin_group_items_new (void)
{
  return g_ptr_array_new_with_free_func (group_free);
}

GPtrArray *
twin_saved_query_items_new (void)
{
  return g_ptr_array_new_with_free_func (saved_query_free);
}

GPtrArray *
twin_model_items_new (void)
{
  return g_ptr_array_new_with_free_func (model_free);
}

GPtrArray *
twin_migration_previews_new (void)
{
  return g_ptr_array_new_with_free_func (migration_free);
}

GPtrArray *
twin_refusal_items_new (void)
{
  return g_ptr_array_new_with_free_func (refusal_free);
}

GPtrArray *
twin_relationship_items_new (void)
{
  return g_ptr_array_new_with_free_func (relationship_free);
}
