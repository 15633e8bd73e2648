/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-sensor-list.h"

#include <json-glib/json-glib.h>
#include <string.h>

typedef struct
{
  char *sensor; /* wire name */
  char *twin;   /* part it belongs to, or NULL */
  char  axis;
} Sensor;

struct _TwinSensorList
{
  GObject        parent_instance;
  GtkStringList *names;
  GArray        *sensors;
  char          *birth; /* what the list was read from */
  guint          selected;
  gboolean       filling; /* drop-downs lose and find their rows meanwhile */
};

enum
{
  PROP_SELECTED = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TwinSensorList, twin_sensor_list, G_TYPE_OBJECT)

static void
sensor_clear (gpointer data)
{
  Sensor *sensor = data;

  g_free (sensor->sensor);
  g_free (sensor->twin);
}

static const char *
get_text (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
             ? json_node_get_string (node)
             : NULL;
}

static JsonArray *
get_array (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node)
             ? json_node_get_array (node)
             : NULL;
}

static JsonObject *
get_element (JsonArray *array, guint i)
{
  JsonNode *node = json_array_get_element (array, i);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* The twin that the longest matching prefix serves, and that prefix. */
static const char *
find_served (JsonObject *birth, const char *sensor, const char **prefix)
{
  JsonArray  *serves = get_array (birth, "serves");
  const char *twin = NULL;
  size_t      longest = 0;

  *prefix = "";
  for (guint i = 0; serves != NULL && i < json_array_get_length (serves); i++)
    {
      JsonObject *one = get_element (serves, i);
      const char *text = one != NULL ? get_text (one, "prefix") : NULL;

      if (text == NULL || !g_str_has_prefix (sensor, text) ||
          (twin != NULL && strlen (text) < longest))
        continue;

      twin = get_text (one, "twin");
      longest = strlen (text);
      *prefix = text;
    }

  return twin;
}

static TwinLiveItem *
find_below (TwinLiveItem *item, const char *id)
{
  GListModel *children = twin_live_item_get_children (item);

  for (guint i = 0; i < g_list_model_get_n_items (children); i++)
    {
      g_autoptr (TwinLiveItem) child = g_list_model_get_item (children, i);
      TwinLiveItem *found;

      if (g_str_equal (twin_live_item_get_id (child), id))
        return child;

      found = find_below (child, id);
      if (found != NULL)
        return found;
    }

  return NULL;
}

static char *
dup_name (TwinLiveItem *machine,
          const char   *twin,
          const char   *rest,
          const char   *axis)
{
  TwinLiveItem    *part = twin != NULL ? find_below (machine, twin) : NULL;
  g_autofree char *big = g_ascii_strup (axis, -1);

  if (part != NULL)
    return g_strdup_printf ("%s · %s", twin_live_item_get_name (part), big);

  return g_strdup_printf ("%s · %s", rest, big);
}

static void
add_sensor (TwinSensorList *self,
            TwinLiveItem   *machine,
            JsonObject     *birth,
            JsonObject     *object)
{
  const char      *name = get_text (object, "name");
  const char      *axis = get_text (object, "axis");
  const char      *prefix;
  const char      *twin;
  Sensor           sensor;
  g_autofree char *shown = NULL;

  if (name == NULL || axis == NULL || axis[0] < 'x' || axis[0] > 'z')
    return;

  twin = find_served (birth, name, &prefix);
  sensor = (Sensor){ g_strdup (name), g_strdup (twin), axis[0] };
  shown = dup_name (machine, twin, name, axis);
  g_array_append_val (self->sensors, sensor);
  gtk_string_list_append (self->names, shown);
}

static void
read_birth (TwinSensorList *self, TwinLiveItem *machine, const char *text)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode  *root;
  JsonArray *sensors;

  if (text == NULL || !json_parser_load_from_data (parser, text, -1, NULL))
    return;

  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return;

  sensors = get_array (json_node_get_object (root), "sensors");
  for (guint i = 0; sensors != NULL && i < json_array_get_length (sensors); i++)
    {
      JsonObject *object = get_element (sensors, i);

      if (object != NULL)
        add_sensor (self, machine, json_node_get_object (root), object);
    }
}

static guint
find_position (TwinSensorList *self, const char *sensor, char axis)
{
  for (guint i = 0; i < self->sensors->len; i++)
    {
      const Sensor *one = &g_array_index (self->sensors, Sensor, i);

      if (one->axis == axis && g_strcmp0 (one->sensor, sensor) == 0)
        return i;
    }

  return self->sensors->len > 0 ? 0 : G_MAXUINT;
}

static void
select_position (TwinSensorList *self, guint position)
{
  if (self->selected == position)
    return;

  self->selected = position;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

gboolean
twin_sensor_list_set_node (TwinSensorList     *self,
                           TwinLiveItem       *machine,
                           const TwinNodeItem *node)
{
  const char      *birth = machine != NULL && node != NULL ? node->birth : NULL;
  g_autofree char *sensor = NULL;
  const char      *before = NULL;
  char             axis = 0;
  guint            n;

  g_return_val_if_fail (TWIN_IS_SENSOR_LIST (self), FALSE);

  if (g_strcmp0 (self->birth, birth) == 0)
    return FALSE;

  if (twin_sensor_list_get (self, &before, &axis))
    sensor = g_strdup (before);

  g_free (self->birth);
  self->birth = g_strdup (birth);
  g_array_set_size (self->sensors, 0);
  self->filling = TRUE;
  n = g_list_model_get_n_items (G_LIST_MODEL (self->names));
  gtk_string_list_splice (self->names, 0, n, NULL);
  if (machine != NULL)
    read_birth (self, machine, birth);
  self->filling = FALSE;

  /* The drop-downs have lost their choice with the rows: tell them again. */
  self->selected = find_position (self, sensor, axis);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
  return TRUE;
}

GListModel *
twin_sensor_list_get_names (TwinSensorList *self)
{
  g_return_val_if_fail (TWIN_IS_SENSOR_LIST (self), NULL);

  return G_LIST_MODEL (self->names);
}

gboolean
twin_sensor_list_get (TwinSensorList *self, const char **sensor, char *axis)
{
  const Sensor *one;

  g_return_val_if_fail (TWIN_IS_SENSOR_LIST (self), FALSE);

  if (self->selected >= self->sensors->len)
    return FALSE;

  one = &g_array_index (self->sensors, Sensor, self->selected);
  *sensor = one->sensor;
  *axis = one->axis;
  return TRUE;
}

void
twin_sensor_list_select_part (TwinSensorList *self, const char *twin)
{
  g_return_if_fail (TWIN_IS_SENSOR_LIST (self));

  for (guint i = 0; i < self->sensors->len; i++)
    {
      const Sensor *one = &g_array_index (self->sensors, Sensor, i);

      if (g_strcmp0 (one->twin, twin) == 0)
        {
          select_position (self, i);
          return;
        }
    }
}

void
twin_sensor_list_bind (TwinSensorList *self, GtkDropDown *drop_down)
{
  g_return_if_fail (TWIN_IS_SENSOR_LIST (self));

  gtk_drop_down_set_model (drop_down, G_LIST_MODEL (self->names));
  g_object_bind_property (self, "selected", drop_down, "selected",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SELECTED)
    g_value_set_uint (value, TWIN_SENSOR_LIST (object)->selected);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  TwinSensorList *self = TWIN_SENSOR_LIST (object);
  guint           position;

  if (id != PROP_SELECTED)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }

  /* A drop-down that lost its rows says "none"; the list knows better. */
  position = g_value_get_uint (value);
  if (!self->filling && position < self->sensors->len)
    select_position (self, position);
}

static void
finalize (GObject *object)
{
  TwinSensorList *self = TWIN_SENSOR_LIST (object);

  g_object_unref (self->names);
  g_array_unref (self->sensors);
  g_free (self->birth);

  G_OBJECT_CLASS (twin_sensor_list_parent_class)->finalize (object);
}

static void
twin_sensor_list_class_init (TwinSensorListClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = get_property;
  object_class->set_property = set_property;
  object_class->finalize = finalize;
  properties[PROP_SELECTED] =
      g_param_spec_uint ("selected", NULL, NULL, 0, G_MAXUINT, G_MAXUINT,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY |
                             G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
twin_sensor_list_init (TwinSensorList *self)
{
  self->names = gtk_string_list_new (NULL);
  self->sensors = g_array_new (FALSE, FALSE, sizeof (Sensor));
  g_array_set_clear_func (self->sensors, sensor_clear);
  self->selected = G_MAXUINT;
}

TwinSensorList *
twin_sensor_list_new (void)
{
  return g_object_new (TWIN_TYPE_SENSOR_LIST, NULL);
}
