/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-firmware-row.h"

enum
{
  N_TEXTS = 6,
};

struct _TwinFirmwareRow
{
  GObject           parent_instance;
  TwinFirmwareFacts facts; /* its texts are owned */
  guint             serial;
};

enum
{
  PROP_SERIAL = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TwinFirmwareRow, twin_firmware_row, G_TYPE_OBJECT)

static const char **
text_at (TwinFirmwareFacts *facts, int i)
{
  const char **texts[N_TEXTS] = { &facts->node,  &facts->machine, &facts->has,
                                  &facts->state, &facts->turn,    &facts->why };

  return texts[i];
}

static void
twin_firmware_row_finalize (GObject *object)
{
  TwinFirmwareRow *self = TWIN_FIRMWARE_ROW (object);

  for (int i = 0; i < N_TEXTS; i++)
    g_free ((char *) *text_at (&self->facts, i));
  G_OBJECT_CLASS (twin_firmware_row_parent_class)->finalize (object);
}

static void
twin_firmware_row_get_property (GObject    *object,
                                guint       id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  if (id == PROP_SERIAL)
    g_value_set_uint (value, TWIN_FIRMWARE_ROW (object)->serial);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
twin_firmware_row_class_init (TwinFirmwareRowClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->finalize = twin_firmware_row_finalize;
  object_class->get_property = twin_firmware_row_get_property;
  properties[PROP_SERIAL] =
      g_param_spec_uint ("serial", NULL, NULL, 0, G_MAXUINT, 0,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
twin_firmware_row_init (TwinFirmwareRow *self)
{
}

TwinFirmwareRow *
twin_firmware_row_new (const TwinFirmwareFacts *facts)
{
  TwinFirmwareRow *self = g_object_new (TWIN_TYPE_FIRMWARE_ROW, NULL);

  twin_firmware_row_set (self, facts);
  return self;
}

gboolean
twin_firmware_row_set (TwinFirmwareRow *self, const TwinFirmwareFacts *facts)
{
  TwinFirmwareFacts given = *facts;
  gboolean          changed =
      self->facts.kind != facts->kind || self->facts.share != facts->share;

  for (int i = 0; i < N_TEXTS; i++)
    {
      const char **mine = text_at (&self->facts, i);
      const char  *theirs = *text_at (&given, i);

      if (g_strcmp0 (*mine, theirs) == 0)
        continue;
      g_free ((char *) *mine);
      *mine = g_strdup (theirs);
      changed = TRUE;
    }
  self->facts.kind = facts->kind;
  self->facts.share = facts->share;
  if (!changed)
    return FALSE;

  self->serial++;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SERIAL]);
  return TRUE;
}

const TwinFirmwareFacts *
twin_firmware_row_get (TwinFirmwareRow *self)
{
  return &self->facts;
}
