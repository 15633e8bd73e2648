/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-live-request.h"

struct _TwinLiveRequest
{
  GObject          parent_instance;
  TwinRequestStage stage;
  char            *text;
  char            *detail;
  int64_t          times_us[TWIN_REQUEST_FAILED + 1];
  gboolean         finished;
};

enum
{
  PROP_STAGE = 1,
  PROP_TEXT,
  PROP_DETAIL,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint       finished_signal;

G_DEFINE_FINAL_TYPE (TwinLiveRequest, twin_live_request, G_TYPE_OBJECT)

static void
twin_live_request_finalize (GObject *object)
{
  TwinLiveRequest *self = TWIN_LIVE_REQUEST (object);

  g_free (self->text);
  g_free (self->detail);
  G_OBJECT_CLASS (twin_live_request_parent_class)->finalize (object);
}

static void
twin_live_request_get_property (GObject    *object,
                                guint       id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  TwinLiveRequest *self = TWIN_LIVE_REQUEST (object);

  switch (id)
    {
    case PROP_STAGE:
      g_value_set_uint (value, self->stage);
      break;
    case PROP_TEXT:
      g_value_set_string (value, self->text);
      break;
    case PROP_DETAIL:
      g_value_set_string (value, self->detail);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
twin_live_request_class_init (TwinLiveRequestClass *class)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass     *object_class = G_OBJECT_CLASS (class);

  object_class->finalize = twin_live_request_finalize;
  object_class->get_property = twin_live_request_get_property;
  properties[PROP_STAGE] =
      g_param_spec_uint ("stage", NULL, NULL, 0, TWIN_REQUEST_FAILED, 0, flags);
  properties[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  properties[PROP_DETAIL] =
      g_param_spec_string ("detail", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  finished_signal =
      g_signal_new ("finished", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
twin_live_request_init (TwinLiveRequest *self)
{
  for (int i = 0; i <= TWIN_REQUEST_FAILED; i++)
    self->times_us[i] = TWIN_TIME_NONE;
  self->times_us[TWIN_REQUEST_QUEUED] = twin_clock_utc_us ();
}

TwinLiveRequest *
twin_live_request_new (void)
{
  return g_object_new (TWIN_TYPE_LIVE_REQUEST, NULL);
}

void
twin_live_request_take (TwinLiveRequest *self, const TwinRequestUpdate *update)
{
  const gboolean ends = update->stage == TWIN_REQUEST_DONE ||
                        update->stage == TWIN_REQUEST_VERIFIED ||
                        update->stage == TWIN_REQUEST_FAILED;

  self->stage = update->stage;
  if (self->times_us[update->stage] == TWIN_TIME_NONE)
    self->times_us[update->stage] = update->time_us;
  g_free (self->text);
  self->text = g_strdup (update->text);
  g_free (self->detail);
  self->detail = g_strdup (update->detail);

  g_object_freeze_notify (G_OBJECT (self));
  for (int i = 1; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  g_object_thaw_notify (G_OBJECT (self));

  if (ends && !self->finished)
    {
      self->finished = TRUE;
      g_signal_emit (self, finished_signal, 0);
    }
}

TwinRequestStage
twin_live_request_get_stage (TwinLiveRequest *self)
{
  return self->stage;
}

const char *
twin_live_request_get_text (TwinLiveRequest *self)
{
  return self->text;
}

const char *
twin_live_request_get_detail (TwinLiveRequest *self)
{
  return self->detail;
}

int64_t
twin_live_request_get_time (TwinLiveRequest *self, TwinRequestStage stage)
{
  return self->times_us[stage];
}
