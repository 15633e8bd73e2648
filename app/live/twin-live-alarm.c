/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-live-alarm.h"

#include <string.h>

/* The three row types differ only in the item they carry: a reference to the
 * update that owns it, the item, and a serial. */
#define DEFINE_ROW(Type, type_name, ITEM)                                      \
  struct _##Type                                                               \
  {                                                                            \
    GObject     parent_instance;                                               \
    TwinUpdate *update;                                                        \
    const ITEM *item;                                                          \
    guint       serial;                                                        \
  };                                                                           \
                                                                               \
  G_DEFINE_FINAL_TYPE (Type, type_name, G_TYPE_OBJECT)                         \
                                                                               \
  static void type_name##_finalize (GObject *object)                           \
  {                                                                            \
    twin_update_unref (((Type *) object)->update);                             \
    G_OBJECT_CLASS (type_name##_parent_class)->finalize (object);              \
  }                                                                            \
                                                                               \
  static void type_name##_get_property (GObject *object, guint id,             \
                                        GValue *value, GParamSpec *pspec)      \
  {                                                                            \
    g_value_set_uint (value, ((Type *) object)->serial);                       \
  }                                                                            \
                                                                               \
  static void type_name##_class_init (Type##Class *class)                      \
  {                                                                            \
    GObjectClass *object_class = G_OBJECT_CLASS (class);                       \
                                                                               \
    object_class->finalize = type_name##_finalize;                             \
    object_class->get_property = type_name##_get_property;                     \
    g_object_class_install_property (                                          \
        object_class, 1,                                                       \
        g_param_spec_uint ("serial", NULL, NULL, 0, G_MAXUINT, 0,              \
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));        \
  }                                                                            \
                                                                               \
  static void type_name##_init (Type *self) {}                                 \
                                                                               \
  Type *type_name##_new (TwinUpdate *update, const ITEM *item)                 \
  {                                                                            \
    Type *self = g_object_new (type_name##_get_type (), NULL);                 \
                                                                               \
    self->update = twin_update_ref (update);                                   \
    self->item = item;                                                         \
    return self;                                                               \
  }                                                                            \
                                                                               \
  const ITEM *type_name##_get_item (Type *self) { return self->item; }

#define DEFINE_TAKE(Type, type_name, ITEM)                                     \
  void type_name##_take (Type *self, TwinUpdate *update, const ITEM *item)     \
  {                                                                            \
    TwinUpdate *old = self->update;                                            \
                                                                               \
    self->update = twin_update_ref (update);                                   \
    self->item = item;                                                         \
    twin_update_unref (old);                                                   \
    self->serial++;                                                            \
    g_object_notify (G_OBJECT (self), "serial");                               \
  }

DEFINE_ROW (TwinLiveAlarm, twin_live_alarm, TwinAlarmItem)
DEFINE_TAKE (TwinLiveAlarm, twin_live_alarm, TwinAlarmItem)
DEFINE_ROW (TwinLiveNode, twin_live_node, TwinNodeItem)
DEFINE_TAKE (TwinLiveNode, twin_live_node, TwinNodeItem)
DEFINE_ROW (TwinLiveLogLine, twin_live_log_line, TwinLogItem)

gboolean
twin_live_alarm_needs_ack (TwinLiveAlarm *self)
{
  const char *state = self->item->state;

  return strcmp (state, "unacknowledged") == 0 ||
         strcmp (state, "returned") == 0 || strcmp (state, "latched") == 0;
}
