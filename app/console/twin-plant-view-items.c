/* SPDX-License-Identifier: Apache-2.0 */
/* From items to the scene: places, rows, texts and what has changed. */
#include "twin-plant-view-private.h"

#include <string.h>

#include "twin-plant-layout.h"

#define TEXT_PX 44

static TwinSceneText
text_bitmap (TwinPlantView *self, const char *string)
{
  g_autoptr (PangoLayout) layout =
      gtk_widget_create_pango_layout (GTK_WIDGET (self), string);
  PangoAttrList   *attributes = pango_attr_list_new ();
  TwinSceneText    text = { 0 };
  cairo_surface_t *surface;
  cairo_t         *cr;
  int              width, height;

  pango_attr_list_insert (attributes,
                          pango_attr_size_new_absolute (TEXT_PX * PANGO_SCALE));
  pango_attr_list_insert (attributes,
                          pango_attr_weight_new (PANGO_WEIGHT_SEMIBOLD));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_get_pixel_size (layout, &width, &height);
  if (*string == '\0' || width < 1 || height < 1)
    return text;
  surface = cairo_image_surface_create (CAIRO_FORMAT_A8, width, height);
  cr = cairo_create (surface);
  cairo_set_source_rgba (cr, 1, 1, 1, 1);
  pango_cairo_show_layout (cr, layout);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  text.width = (unsigned) width;
  text.height = (unsigned) height;
  text.stride = (unsigned) cairo_image_surface_get_stride (surface);
  text.pixels = g_memdup2 (cairo_image_surface_get_data (surface),
                           (gsize) text.stride * text.height);
  cairo_surface_destroy (surface);
  return text;
}

static void
set_rows (TwinPlantView *self, GArray *rows)
{
  g_autofree TwinSceneRow *plain = g_new (TwinSceneRow, MAX (1, rows->len));

  for (guint i = 0; i < rows->len; i++)
    {
      TwinPlantRow *row = &g_array_index (rows, TwinPlantRow, i);

      plain[i] = row->row;
      plain[i].text = text_bitmap (self, row->name);
    }
  twin_scene_set_rows (self->scene, plain, rows->len);
  for (guint i = 0; i < rows->len; i++)
    g_free ((uint8_t *) plain[i].text.pixels);
}

static void
set_text (TwinPlantView *self, guint index, const TwinPlantItem *item)
{
  g_autofree char *made = twin_plant_short_label (item->name);
  TwinPlantText    text = { .label = item->label != NULL ? item->label : made,
                            .name = item->name != NULL ? item->name : "",
                            .flag = item->flag,
                            .state = item->state,
                            .acknowledged = item->acknowledged };

  twin_plant_labels_set (self->labels, index, &text);
}

static void
set_live (const TwinPlantItem *item, TwinSceneInstance *instance)
{
  instance->state = item->state;
  instance->rotor_speed = (float) item->rotor_speed;
  instance->level = (float) item->level;
}

static gboolean
same_plant (TwinPlantView *self, const TwinPlantItem *items, guint n_items)
{
  if (n_items != self->n_items)
    return FALSE;
  for (guint i = 0; i < n_items; i++)
    if (g_strcmp0 (self->ids[i], items[i].id) != 0)
      return FALSE;
  return TRUE;
}

/* Takes a whole new plant; what was selected and hovered stays so by id. */
static void
replace_plant (TwinPlantView           *self,
               const TwinPlantItem     *items,
               guint                    n_items,
               const TwinSceneInstance *instances,
               GArray                  *rows)
{
  g_autofree char *selected = g_strdup (twin_plant_view_get_selected (self));

  g_hash_table_remove_all (self->by_id);
  g_strfreev (self->ids);
  g_strfreev (self->names);
  self->ids = g_new0 (char *, n_items + 1);
  self->names = g_new0 (char *, n_items + 1);
  self->n_items = n_items;
  for (guint i = 0; i < n_items; i++)
    {
      self->ids[i] = g_strdup (items[i].id != NULL ? items[i].id : "");
      self->names[i] = g_strdup (items[i].name != NULL ? items[i].name : "");
      g_hash_table_insert (self->by_id, self->ids[i], GUINT_TO_POINTER (i + 1));
    }
  twin_scene_set_instances (self->scene, instances, n_items);
  set_rows (self, rows);
  twin_plant_labels_resize (self->labels, n_items);
  for (guint i = 0; i < n_items; i++)
    set_text (self, i, &items[i]);
  self->hovered = TWIN_SCENE_NONE;
  twin_plant_view_show_selected (self,
                                 twin_plant_view_find (self,
                                                       *selected != '\0'
                                                           ? selected
                                                           : self->wanted));
  twin_plant_view_home_at_once (self);
}

void
twin_plant_view_set_items (TwinPlantView       *self,
                           const TwinPlantItem *items,
                           guint                n_items)
{
  gint64 begin = g_get_monotonic_time ();

  g_return_if_fail (TWIN_IS_PLANT_VIEW (self));
  if (same_plant (self, items, n_items))
    for (guint i = 0; i < n_items; i++)
      twin_plant_view_update_item (self, &items[i]);
  else
    {
      g_autofree TwinSceneInstance *instances =
          g_new (TwinSceneInstance, MAX (1, n_items));
      g_autoptr (GArray) rows = twin_plant_layout (items, n_items, instances);

      for (guint i = 0; i < n_items; i++)
        set_live (&items[i], &instances[i]);
      replace_plant (self, items, n_items, instances, rows);
    }
  twin_plant_view_note (self, "plant-items", begin);
}

gboolean
twin_plant_view_update_item (TwinPlantView *self, const TwinPlantItem *item)
{
  guint             index;
  TwinSceneInstance instance;

  g_return_val_if_fail (TWIN_IS_PLANT_VIEW (self), FALSE);
  index = twin_plant_view_find (self, item->id);
  if (index == TWIN_SCENE_NONE)
    return FALSE;
  twin_scene_get_instance (self->scene, index, &instance);
  set_live (item, &instance);
  instance.shape = item->shape;
  if (item->placed)
    {
      instance.x = (float) item->x;
      instance.z = (float) -item->y;
      instance.yaw = (float) item->yaw;
    }
  if (twin_scene_update_instance (self->scene, index, &instance,
                                  g_get_monotonic_time ()))
    twin_plant_view_wake (self);
  set_text (self, index, item);
  return TRUE;
}
