/* SPDX-License-Identifier: Apache-2.0
 *
 * plant.c - the fleet file
 *
 * A value is looked for in the node's object, then in its type's, then in the
 * file's "defaults"; so a plant of equals stays short.
 */
#include "plant.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#include "hal.h"

G_DEFINE_QUARK (plant - error - quark, plant_error)

/* Where one node's values come from, nearest first, and the first complaint. */
typedef struct
{
  JsonObject   *layers[3];
  const char   *node;
  GStringChunk *strings;
  GError      **error;
  bool          failed;
} lookup;

static void G_GNUC_PRINTF (2, 3) complain (lookup *l, const char *format, ...)
{
  va_list args;

  if (l->failed)
    return;
  l->failed = true;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (l->error, PLANT_ERROR, PLANT_ERROR_VALUE,
               "Node “%s” of the plant file: %s", l->node, text);
}

static JsonNode *
find (const lookup *l, const char *key)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (l->layers); i++)
    {
      JsonNode *node = l->layers[i] != NULL
                           ? json_object_get_member (l->layers[i], key)
                           : NULL;

      if (node != NULL)
        return node;
    }
  return NULL;
}

static double
number_in (lookup     *l,
           const char *key,
           double      otherwise,
           double      low,
           double      high)
{
  JsonNode *node = find (l, key);
  double    value = otherwise;

  if (node != NULL)
    {
      if (!JSON_NODE_HOLDS_VALUE (node) ||
          (json_node_get_value_type (node) != G_TYPE_INT64 &&
           json_node_get_value_type (node) != G_TYPE_DOUBLE))
        complain (l, "“%s” is not a number", key);
      else
        value = json_node_get_double (node);
    }

  if (!(value >= low) || !(value <= high))
    complain (l, "“%s” is %g, outside %g to %g", key, value, low, high);
  return value;
}

static const char *
string_or (lookup *l, const char *key, const char *otherwise)
{
  JsonNode *node = find (l, key);

  if (node == NULL)
    return otherwise;
  if (!JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    {
      complain (l, "“%s” is not a text", key);
      return otherwise;
    }
  return g_string_chunk_insert (l->strings, json_node_get_string (node));
}

static bool
flag_or (lookup *l, const char *key, bool otherwise)
{
  JsonNode *node = find (l, key);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node)
             ? json_node_get_boolean (node)
             : otherwise;
}

static void
take_fault (lookup *l, machine_params *m, JsonObject *object)
{
  lookup      one = { { object }, l->node, l->strings, l->error, l->failed };
  const char *kind = string_or (&one, "kind", "");
  sim_fault   fault;

  if (!sim_fault_find (kind, &fault))
    complain (&one, "unknown fault kind “%s”", kind);
  else if (fault == FAULT_OVERLOAD)
    m->load = number_in (&one, "loadFactor", 1.25, 0, 2);
  else
    m->faults[fault] =
        (machine_decay){ number_in (&one, "severity",
                                    sim_fault_describe (fault)->severity, 0, 1),
                         number_in (&one, "growthPerDay", 0, 0, 10) };
  l->failed = one.failed;
}

static void
take_faults (lookup *l, machine_params *m)
{
  JsonNode *node = find (l, "faults");

  if (node == NULL)
    return;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      complain (l, "“faults” is not a list");
      return;
    }

  JsonArray *array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array) && !l->failed; i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_OBJECT (item))
        take_fault (l, m, json_node_get_object (item));
      else
        complain (l, "a fault is not an object");
    }
}

static void
take_bearing (lookup *l, machine_params *m)
{
  lookup    one = *l;
  JsonNode *node = find (l, "bearing");

  memset (one.layers, 0, sizeof one.layers);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    one.layers[0] = json_node_get_object (node);

  /* 6205-2RS JEM. */
  m->balls = number_in (&one, "balls", 9, 3, 60);
  m->ball_mm = number_in (&one, "ballMm", 7.94, 0.1, 500);
  m->pitch_mm = number_in (&one, "pitchMm", 39.04, 1, 5000);
  m->angle_deg = number_in (&one, "angleDeg", 0, 0, 60);
  l->failed = one.failed;
}

static void
take_machine (lookup *l, machine_params *m, uint64_t seed)
{
  machine_rng rng;

  m->seed = (uint64_t) number_in (l, "seed", 1, 0, 1e15) + seed;
  m->name = machine_rng_name (l->node);
  machine_rng_seed (&rng, m->seed ^ 0x91a7);

  m->rated_speed_rpm = number_in (l, "ratedSpeedRpm", 1480, 60, 20000);
  m->rated_current_a = number_in (l, "ratedCurrentA", 30, 0.1, 5000);
  m->idle_current_a =
      number_in (l, "idleCurrentA", m->rated_current_a * 0.35, 0, 5000);
  m->slip = number_in (l, "slip", 0.013, 0, 0.1);
  m->load = number_in (l, "loadFactor", 0.7, 0, 2) +
            0.06 * (machine_rng_uniform (&rng) - 0.5);
  m->load_swing = number_in (l, "loadSwing", 0.05, 0, 1);
  m->load_period_s = number_in (l, "loadPeriodS", 900, 10, 1e6);

  take_bearing (l, m);
  m->slip_ratio = 0.002 + 0.007 * machine_rng_uniform (&rng);

  /* No two machines of a kind are alike: 30 % either way. */
  double vary = 0.7 + 0.6 * machine_rng_uniform (&rng);

  m->unbalance_mm_s = number_in (l, "unbalanceMmS", 0.6, 0, 100) * vary;
  m->misalignment_mm_s =
      number_in (l, "misalignmentMmS", 0.25, 0, 100) * (1.4 - 0.4 * vary);
  m->looseness_mm_s = number_in (l, "loosenessMmS", 0.06, 0, 100) * vary;
  m->noise_g = number_in (l, "noiseG", 0.012, 0, 10) *
               (0.85 + 0.3 * machine_rng_uniform (&rng));
  m->resonance_hz = number_in (l, "resonanceHz", 800, 50, 2000) *
                    (0.97 + 0.06 * machine_rng_uniform (&rng));
  m->damping = number_in (l, "damping", 0.05, 0.001, 0.9);
  m->burst_g = number_in (l, "burstG", 1.0, 0, 50);

  m->ambient_c = number_in (l, "ambientC", 22, -40, 60) +
                 2.0 * (machine_rng_uniform (&rng) - 0.5);
  m->ambient_swing_c = number_in (l, "ambientSwingC", 1.0, 0, 30);
  m->tau_s = number_in (l, "tauS", 600, 10, 1e5);
  m->k_load = number_in (l, "kLoadK", 40, 0, 300);
  m->k_speed = number_in (l, "kSpeedK", 6.7, 0, 300);
  m->has_cooler = flag_or (l, "cooler", false);
  take_faults (l, m);
}

static bool
name_valid (const char *name)
{
  size_t n = strlen (name);

  if (n < 1 || n > 64 || !g_ascii_isalnum (name[0]))
    return false;
  return strspn (name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                       "0123456789_.-") == n;
}

static bool
unhex (const char *hex, uint8_t *out, size_t n)
{
  if (strlen (hex) != 2 * n || strspn (hex, "0123456789abcdefABCDEF") != 2 * n)
    return false;
  for (size_t i = 0; i < n; i++)
    out[i] = (uint8_t) (g_ascii_xdigit_value (hex[2 * i]) << 4 |
                        g_ascii_xdigit_value (hex[2 * i + 1]));
  return true;
}

static void
take_token (lookup *l, node_config *c)
{
  const char *hex = string_or (l, "token", NULL);

  if (hex == NULL)
    return;
  c->has_token = unhex (hex, c->token, sizeof c->token);
  if (!c->has_token)
    complain (l, "“token” is not 32 hexadecimal digits");
}

static void
add_serve (lookup     *l,
           plant_node *node,
           const char *prefix,
           const char *suffix,
           const char *model)
{
  node_config     *c = &node->config;
  g_autofree char *twin = g_strconcat (node->name, suffix, NULL);

  if (model == NULL || c->n_serves == NODE_SERVES_MAX)
    return;
  c->serves[c->n_serves++] =
      (node_serve){ prefix, g_string_chunk_insert (l->strings, twin), model };
}

static void
take_serves (lookup *l, plant_node *node)
{
  static const struct
  {
    const char *key, *prefix, *suffix;
  } rows[] = {
    { "model", "", "" },
    { "motorModel", "motor/", "-motor" },
    { "bearingModel", "de/", "-de" },
    { "bearingModel", "nde/", "-nde" },
    { "coolingModel", "cooling/", "-cooling" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (rows); i++)
    if (strcmp (rows[i].key, "coolingModel") != 0 || node->machine.has_cooler)
      add_serve (l, node, rows[i].prefix, rows[i].suffix,
                 string_or (l, rows[i].key, NULL));
}

static void
add_rtd (node_config *c, unsigned device, const char *name)
{
  c->rtds[c->n_rtds++] = (node_rtd_config){ device, name };
}

/* Who signs the node's firmware. */
static void
take_vendor (lookup *l, node_config *c)
{
  JsonNode   *member = find (l, "vendor");
  lookup      one = *l;
  const char *key;

  if (member == NULL)
    return;
  memset (one.layers, 0, sizeof one.layers);
  if (JSON_NODE_HOLDS_OBJECT (member))
    one.layers[0] = json_node_get_object (member);

  c->vendor = string_or (&one, "name", NULL);
  key = string_or (&one, "key", "");
  if (c->vendor == NULL || *c->vendor == '\0' || strlen (c->vendor) > 64)
    complain (&one, "“vendor” has no “name” of 1 to 64 bytes");
  else if (!unhex (key, c->vendor_key, sizeof c->vendor_key))
    complain (&one, "“key” of “vendor” is not 64 hexadecimal digits");
  l->failed = one.failed;
}

static void
take_sensors (lookup *l, plant_node *node)
{
  node_config    *c = &node->config;
  machine_params *m = &node->machine;

  c->speed_name = "motor/shaftSpeed";
  c->rated_rpm = m->rated_speed_rpm;
  c->rated_slip = m->slip;
  m->no_tacho = !flag_or (l, "tacho", true);
  c->hours_name = "runningHours";
  c->hours = number_in (l, "runningHours", 0, 0, 1e6);
  c->current = (node_current_config){
    .fitted = true,
    .name = "motor/current",
    .load_name = "motor/loadFactor",
    .ratio =
        number_in (l, "currentRatio", ceil (m->rated_current_a / 8.0), 1, 1000),
    .volt_per_a = 0.1, /* ACS723-20AB */
    .supply_v = 5.0,
    .idle_a = m->idle_current_a,
    .rated_a = m->rated_current_a,
  };
  add_rtd (c, HAL_SPI_RTD_2, "ambientTemperature");
  add_rtd (c, HAL_SPI_RTD_0, "de/temperature");
  add_rtd (c, HAL_SPI_RTD_1, "nde/temperature");
  if (m->has_cooler)
    add_rtd (c, HAL_SPI_RTD_3, "cooling/outletTemperature");

  c->accels[0] = (node_accel_config){
    .kind = NODE_ACCEL_ADXL355,
    .device = HAL_SPI_ACCEL_0,
    .prefix = "de/",
    .rate_hz = 4000,
    .range_g = number_in (l, "rangeG", 4, 2, 8),
  };
  c->n_accels = 1;
  if (flag_or (l, "fast", false))
    c->accels[c->n_accels++] = (node_accel_config){
      .kind = NODE_ACCEL_IIS3DWB,
      .device = HAL_SPI_ACCEL_2,
      .prefix = "de/",
      .name = "fastAcceleration",
      .rate_hz = 26667,
      .range_g = number_in (l, "fastRangeG", 16, 2, 16),
      .axes = (unsigned) number_in (l, "fastAxes", 1, 1, 3),
    };
}

static void
take_replay (lookup *l, plant_node *node)
{
  JsonNode *member = find (l, "replay");
  lookup    one = *l;

  if (member == NULL)
    return;
  memset (one.layers, 0, sizeof one.layers);
  if (JSON_NODE_HOLDS_OBJECT (member))
    one.layers[0] = json_node_get_object (member);

  node->replay_file = g_strdup (string_or (&one, "file", NULL));
  node->replay_rate_hz = number_in (&one, "rate", 12000, 10, 200000);
  node->replay_g_per_lsb = number_in (&one, "scale", 0.001, 1e-9, 100);
  node->machine.rated_speed_rpm = number_in (&one, "rpm", 1797, 1, 60000);
  node->machine.slip = 0; /* the recording's speed is what it is */
  node->machine.load_swing = 0;
  if (node->replay_file == NULL)
    complain (&one, "“replay” names no “file”");
  l->failed = one.failed;
}

/* From here the vibration is the recording's. */
static void
play_recording (plant_node *node)
{
  node->config.accels[0] = (node_accel_config){
    .kind = NODE_ACCEL_DAQ16,
    .device = HAL_SPI_ACCEL_0,
    .prefix = "de/",
    .rate_hz = node->replay_rate_hz,
    .g_per_lsb = node->replay_g_per_lsb,
    .recording = true,
  };
}

static void
take_offline (lookup *l, plant_node *node)
{
  JsonNode *member = find (l, "offline");
  lookup    one = *l;

  if (member == NULL)
    return;
  memset (one.layers, 0, sizeof one.layers);
  if (JSON_NODE_HOLDS_OBJECT (member))
    one.layers[0] = json_node_get_object (member);
  node->offline_after_s = number_in (&one, "afterS", 60, 1, 1e7);
  node->offline_for_s = number_in (&one, "forS", 1e7, 1, 1e7);
  l->failed = one.failed;
}

static void
plant_node_free (plant_node *node)
{
  g_free (node->name);
  g_free (node->replay_file);
  g_free (node);
}

static plant_node *
read_node (lookup *l, const char *plant_name, unsigned index, uint64_t seed)
{
  plant_node      *node = g_new0 (plant_node, 1);
  node_config     *c = &node->config;
  g_autofree char *serial = NULL;

  node->name = g_strdup (string_or (l, "machine", l->node));
  take_machine (l, &node->machine, seed);

  c->plant = plant_name;
  c->node = l->node;
  serial = g_strdup_printf ("TC-%s", l->node);
  c->serial =
      string_or (l, "serial", g_string_chunk_insert (l->strings, serial));
  c->node_class = string_or (l, "class", "machine-node");
  c->firmware = NODE_FIRMWARE_VERSION;
  c->simulated = true;
  take_token (l, c);
  take_vendor (l, c);
  take_serves (l, node);
  take_replay (l, node);
  take_sensors (l, node);
  if (node->replay_file != NULL)
    play_recording (node);
  take_offline (l, node);

  c->capture_s = number_in (l, "captureS", 8, 0, 60);
  c->every_s = number_in (l, "everyS", 20, 0, 86400);
  c->summary_period_s = (uint32_t) number_in (l, "summaryPeriodS", 1, 1, 3600);
  c->duty_block_s = number_in (l, "dutyBlockS", 0, 0, 3600);
  c->duty_every_s =
      number_in (l, "dutyEveryS", 60, fmax (1, c->duty_block_s), 3600);
  /* Spread over the longer period by the golden ratio. */
  c->phase_s = fmax (c->every_s, c->duty_block_s > 0 ? c->duty_every_s : 0) *
               fmod (index * 0.6180339887, 1.0);
  node->flash_size =
      (uint32_t) number_in (l, "flashKB", 8192, 1024, 65536) * 1024;

  if (!name_valid (c->node))
    complain (l, "not a name: A to Z, a to z, 0 to 9, _ . -, 64 at most");
  return node;
}

static JsonObject *
object_member (JsonObject *from, const char *key)
{
  JsonNode *node = json_object_get_member (from, key);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node)
             ? json_node_get_object (node)
             : NULL;
}

static bool
read_nodes (plant      *p,
            JsonObject *root,
            double      age_scale,
            uint64_t    seed,
            GError    **error)
{
  JsonNode   *list = json_object_get_member (root, "nodes");
  JsonObject *types = object_member (root, "types");
  JsonArray  *array;

  if (list == NULL || !JSON_NODE_HOLDS_ARRAY (list))
    {
      g_set_error (error, PLANT_ERROR, PLANT_ERROR_VALUE,
                   "The plant file has no list “nodes”");
      return false;
    }

  array = json_node_get_array (list);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode   *item = json_array_get_element (array, i);
      lookup      l = { { NULL, NULL, object_member (root, "defaults") },
                        "?",
                        p->strings,
                        error,
                        false };
      const char *type;
      plant_node *node;

      if (!JSON_NODE_HOLDS_OBJECT (item))
        {
          complain (&l, "entry %u is not an object", i);
          return false;
        }
      l.layers[0] = json_node_get_object (item);
      l.node = string_or (&l, "node", "?");
      type = string_or (&l, "type", "");
      l.layers[1] = types != NULL ? object_member (types, type) : NULL;

      node = read_node (&l, p->plant, i, seed);
      g_ptr_array_add (p->nodes, node);
      node->machine.age_scale =
          age_scale > 0 ? age_scale : number_in (&l, "ageScale", 1, 0, 1e9);
      if (l.failed)
        return false;
    }
  return true;
}

static plant *
plant_new (void)
{
  plant *p = g_new0 (plant, 1);

  p->nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) plant_node_free);
  p->strings = g_string_chunk_new (4096);
  return p;
}

plant *
plant_load (const char *path, double age_scale, uint64_t seed, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) reason = NULL;
  g_autoptr (plant) p = plant_new ();
  JsonNode   *root;
  const char *name;

  if (!json_parser_load_from_file (parser, path, &reason))
    {
      g_set_error (error, PLANT_ERROR, PLANT_ERROR_READ,
                   "Could not read the plant file “%s”: %s", path,
                   reason->message);
      return NULL;
    }

  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error (error, PLANT_ERROR, PLANT_ERROR_VALUE,
                   "The plant file “%s” is not a JSON object", path);
      return NULL;
    }

  name =
      json_object_get_string_member_with_default (json_node_get_object (root),
                                                  "plant", "");
  if (!name_valid (name))
    {
      g_set_error (error, PLANT_ERROR, PLANT_ERROR_VALUE,
                   "The plant file “%s” has no usable “plant” name", path);
      return NULL;
    }

  p->plant = g_strdup (name);
  if (!read_nodes (p, json_node_get_object (root), age_scale, seed, error))
    return NULL;
  return g_steal_pointer (&p);
}

plant *
plant_of_recording (const char *file,
                    double      rate_hz,
                    double      rpm,
                    double      g_per_lsb)
{
  plant *p = plant_new ();
  lookup l = { { NULL }, "n-replay", p->strings, NULL, false };
  g_autoptr (JsonObject) none = json_object_new ();
  plant_node *node;

  l.layers[0] = none;
  p->plant = g_strdup ("replay");
  node = read_node (&l, p->plant, 0, 0);
  g_ptr_array_add (p->nodes, node);
  node->replay_file = g_strdup (file);
  node->replay_rate_hz = rate_hz;
  node->replay_g_per_lsb = g_per_lsb;
  node->machine.rated_speed_rpm = rpm;
  node->machine.slip = 0;
  node->machine.load_swing = 0;
  play_recording (node);
  return p;
}

uint32_t
plant_factory_page (const plant_node *node,
                    const plant_tls  *tls,
                    uint8_t           page[FACTORY_PAGE_SIZE])
{
  const factory f = {
    .net = { .address = { 10, 0, 2, 15 },
             .mask = { 255, 255, 255, 0 },
             .gateway = { 10, 0, 2, 2 },
             .broker = { 10, 0, 2, 2 },
             .port = tls != NULL ? tls->port : 1883,
             .tls_name = tls != NULL ? tls->name : NULL },
    .node = node->config,
    .flash_size = node->flash_size,
    .machine = &node->machine,
    .machine_n = sizeof node->machine,
    .ca = tls != NULL ? tls->ca : NULL,
    .ca_n = tls != NULL ? tls->ca_n : 0,
  };

  return (uint32_t) factory_write (&f, page);
}

void
plant_free (plant *p)
{
  g_ptr_array_unref (p->nodes);
  g_string_chunk_free (p->strings);
  g_free (p->plant);
  g_free (p);
}
