/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-birth.h"

#include "twin-clock.h"
#include "twin-fields.h"

#include <string.h>

enum
{
  TEXT128 = 128,
  BUILD_MIN = 4,
};

static gboolean
read_axis (TwinCborReader *reader, void *target, GError **error)
{
  TwinBirthSensor *sensor = target;

  return twin_fields_read_axis (reader, &sensor->axis, error);
}

static gboolean
read_range (TwinCborReader *reader, void *target, GError **error)
{
  TwinBirthSensor *sensor = target;
  size_t           n;

  if (!twin_cbor_reader_array (reader, "range", &n, error))
    return FALSE;
  if (n != 2)
    return twin_fields_refuse (error, "“range” is not a pair");
  return twin_cbor_reader_number (reader, "range", &sensor->low, error) &&
         twin_cbor_reader_number (reader, "range", &sensor->high, error) &&
         (sensor->low <= sensor->high ||
          twin_fields_refuse (error, "“range” is upside down"));
}

static const TwinField sensor_fields[] = {
  { .key = "name",
    .kind = TWIN_FIELD_TEXT,
    .offset = offsetof (TwinBirthSensor, name),
    .min = 1,
    .max = TWIN_TEXT_MAX },
  { .key = "axis",
    .kind = TWIN_FIELD_OTHER,
    .read = read_axis,
    .optional = TRUE },
  { .key = "unit",
    .kind = TWIN_FIELD_TEXT,
    .offset = offsetof (TwinBirthSensor, unit),
    .min = 1,
    .max = TWIN_TEXT_MAX },
  { .key = "rate",
    .kind = TWIN_FIELD_NUMBER,
    .offset = offsetof (TwinBirthSensor, rate_hz) },
  { .key = "range", .kind = TWIN_FIELD_OTHER, .read = read_range },
  { .key = "maxSilenceS",
    .kind = TWIN_FIELD_U32,
    .offset = offsetof (TwinBirthSensor, max_silence_s) },
};

static const TwinField serves_fields[] = {
  { .key = "prefix",
    .kind = TWIN_FIELD_TEXT,
    .offset = offsetof (TwinBirthServes, prefix),
    .max = TWIN_TEXT_MAX - 1 },
  { .key = "twin",
    .kind = TWIN_FIELD_TEXT,
    .offset = offsetof (TwinBirthServes, twin),
    .min = 1,
    .max = TEXT128 },
  { .key = "model",
    .kind = TWIN_FIELD_TEXT,
    .offset = offsetof (TwinBirthServes, model),
    .min = 1,
    .max = TEXT128 },
};

static gboolean
read_build (TwinCborReader *reader, void *target, GError **error)
{
  TwinBirth   *birth = target;
  TwinCborItem item;

  if (!twin_cbor_reader_next (reader, &item, error))
    return FALSE;
  if (item.type != TWIN_CBOR_BYTES || item.size < BUILD_MIN ||
      item.size > sizeof birth->build)
    return twin_fields_refuse (error, "“build” is not 4 to 32 bytes");
  memcpy (birth->build, item.bytes, item.size);
  birth->build_size = item.size;
  return TRUE;
}

static gboolean
read_features (TwinCborReader *reader, void *target, GError **error)
{
  TwinBirth *birth = target;
  size_t     n;

  if (!twin_cbor_reader_array (reader, "features", &n, error))
    return FALSE;
  if (n > 256)
    return twin_fields_refuse (error, "“features” has more than 256 entries");

  birth->features = g_new0 (char *, n + 1);
  for (size_t i = 0; i < n; i++)
    {
      birth->features[i] = twin_cbor_reader_dup_text (reader, "features", 1,
                                                      TWIN_TEXT_MAX, error);
      if (birth->features[i] == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_sensors (TwinCborReader *reader, void *target, GError **error)
{
  TwinBirth *birth = target;

  return twin_fields_read_array (reader, "sensors", sensor_fields,
                                 G_N_ELEMENTS (sensor_fields),
                                 sizeof *birth->sensors,
                                 (void **) &birth->sensors, &birth->n_sensors,
                                 error);
}

static gboolean
read_serves (TwinCborReader *reader, void *target, GError **error)
{
  TwinBirth *birth = target;

  return twin_fields_read_array (reader, "serves", serves_fields,
                                 G_N_ELEMENTS (serves_fields),
                                 sizeof *birth->serves,
                                 (void **) &birth->serves, &birth->n_serves,
                                 error);
}

static gboolean
read_limits (TwinCborReader *reader, void *target, GError **error)
{
  TwinBirth *birth = target;
  size_t     n;

  if (!twin_cbor_reader_map (reader, "limits", &n, error))
    return FALSE;
  if (n > 256)
    return twin_fields_refuse (error, "“limits” has more than 256 entries");

  birth->limits = g_new0 (TwinBirthLimit, n);
  birth->n_limits = n;
  for (size_t i = 0; i < n; i++)
    {
      TwinBirthLimit *limit = &birth->limits[i];

      limit->name =
          twin_cbor_reader_dup_text (reader, "limits", 1, TWIN_TEXT_MAX, error);
      if (limit->name == NULL ||
          !twin_cbor_reader_number (reader, limit->name, &limit->value, error))
        return FALSE;
    }
  return TRUE;
}

#define FIELD(name, field_kind, member, ...)                                   \
  {                                                                            \
    .key = name, .kind = TWIN_FIELD_##field_kind,                              \
    .offset = offsetof (TwinBirth, member), __VA_ARGS__                        \
  }
#define NAMED(name, member)                                                    \
  FIELD (name, TEXT, member, .min = 1, .max = TWIN_TEXT_MAX)
#define OTHER(name, function)                                                  \
  {                                                                            \
    .key = name, .kind = TWIN_FIELD_OTHER, .read = function                    \
  }

static const TwinField fields[] = {
  NAMED ("serial", serial),
  NAMED ("class", device_class),
  NAMED ("firmware", firmware),
  OTHER ("build", read_build),
  OTHER ("features", read_features),
  NAMED ("boot", boot),
  FIELD ("ring", BYTES, ring, .max = TWIN_RING_SIZE),
  FIELD ("epoch", U32, epoch),
  FIELD ("up", NUMBER, up),
  FIELD ("bt", TIME, time_us, .optional = TRUE),
  FIELD ("key", BYTES, key, .max = TWIN_PUBLIC_KEY_SIZE),
  FIELD ("enrolled", BOOL, enrolled),
  OTHER ("sensors", read_sensors),
  OTHER ("limits", read_limits),
  OTHER ("serves", read_serves),
  FIELD ("virtual", NUMBER, virtual_rate, .optional = TRUE),
};

TwinBirth *
twin_birth_parse (const uint8_t *data, size_t size, GError **error)
{
  g_autoptr (TwinBirth) birth = g_new0 (TwinBirth, 1);

  birth->time_us = TWIN_TIME_NONE;
  if (!twin_fields_read_payload (data, size, "birth", fields,
                                 G_N_ELEMENTS (fields), birth, error))
    return NULL;
  if (birth->up < 0 || birth->virtual_rate < 0)
    {
      twin_fields_refuse (error, "“up” or “virtual” is negative");
      return NULL;
    }
  return g_steal_pointer (&birth);
}

void
twin_birth_free (TwinBirth *birth)
{
  if (birth == NULL)
    return;

  for (size_t i = 0; i < birth->n_sensors; i++)
    {
      g_free (birth->sensors[i].name);
      g_free (birth->sensors[i].unit);
    }
  for (size_t i = 0; i < birth->n_limits; i++)
    g_free (birth->limits[i].name);
  for (size_t i = 0; i < birth->n_serves; i++)
    {
      g_free (birth->serves[i].prefix);
      g_free (birth->serves[i].twin);
      g_free (birth->serves[i].model);
    }
  g_free (birth->sensors);
  g_free (birth->limits);
  g_free (birth->serves);
  g_strfreev (birth->features);
  g_free (birth->serial);
  g_free (birth->device_class);
  g_free (birth->firmware);
  g_free (birth->boot);
  g_free (birth);
}

const TwinBirthServes *
twin_birth_find_twin (const TwinBirth *birth,
                      const char      *name,
                      const char     **path)
{
  const TwinBirthServes *best = NULL;
  size_t                 best_length = 0;

  for (size_t i = 0; i < birth->n_serves; i++)
    {
      const size_t length = strlen (birth->serves[i].prefix);

      if (g_str_has_prefix (name, birth->serves[i].prefix) &&
          (best == NULL || length > best_length))
        {
          best = &birth->serves[i];
          best_length = length;
        }
    }

  *path = name + best_length;
  return best;
}

const TwinBirthSensor *
twin_birth_find_sensor (const TwinBirth *birth, const char *name, char axis)
{
  for (size_t i = 0; i < birth->n_sensors; i++)
    if (g_str_equal (birth->sensors[i].name, name) &&
        (axis == 0 || birth->sensors[i].axis == axis))
      return &birth->sensors[i];
  return NULL;
}
