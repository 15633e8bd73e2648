/* SPDX-License-Identifier: Apache-2.0 */
#include "machine-scene.h"

#include <math.h>

#define DAY_S 86400.0
#define RATE 4000.0
#define SHAFT 24.7
#define BPFO (3.585 * SHAFT)

static double
gauss (GRand *rand)
{
  double u = g_rand_double_range (rand, 1e-12, 1);

  return sqrt (-2 * log (u)) * cos (2 * G_PI * g_rand_double (rand));
}

static void
apply (TwinLivePlant *plant, TwinUpdateKind kind, void *payload)
{
  g_autoptr (GPtrArray) updates =
      g_ptr_array_new_with_free_func ((GDestroyNotify) twin_update_unref);

  g_ptr_array_add (updates, twin_update_new (kind, payload));
  twin_live_plant_apply (plant, updates);
}

/* --- structure
 * ------------------------------------------------------------------ */

typedef struct
{
  const char *id, *name, *parent;
  TwinKind    kind;
} Place;

static const Place places[] = {
  { "northfield-works", "Northfield Works", NULL, TWIN_KIND_PLANT },
  { "line-1", "Line 1 · Compressed air", "northfield-works", TWIN_KIND_AREA },
  { SCENE_MACHINE, "Compressor 7", "line-1", TWIN_KIND_MACHINE },
  { "compressor-7-motor", "Motor", SCENE_MACHINE, TWIN_KIND_PART },
  { "compressor-7-de", "Drive end", SCENE_MACHINE, TWIN_KIND_PART },
  { "compressor-7-nde", "Non-drive end", SCENE_MACHINE, TWIN_KIND_PART },
  { "compressor-7-cooling", "Cooling", SCENE_MACHINE, TWIN_KIND_PART },
};

static void
add_structure (TwinLivePlant *plant, gboolean with_node)
{
  GPtrArray *items = twin_update_items_new (TWIN_UPDATE_PLANT);

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      TwinStructureItem *item = g_new0 (TwinStructureItem, 1);

      item->id = g_strdup (places[i].id);
      item->name = g_strdup (places[i].name);
      item->parent = g_strdup (places[i].parent);
      item->kind = places[i].kind;
      item->lifecycle = g_strdup ("in service");
      if (with_node && places[i].kind == TWIN_KIND_MACHINE)
        item->node = g_strdup (SCENE_NODE);
      g_ptr_array_add (items, item);
    }

  apply (plant, TWIN_UPDATE_PLANT, items);
}

static void
add_node (TwinLivePlant *plant, int64_t now_us)
{
  GPtrArray    *items = twin_update_items_new (TWIN_UPDATE_NODES);
  TwinNodeItem *node = g_new0 (TwinNodeItem, 1);

  node->name = g_strdup (SCENE_NODE);
  node->firmware = g_strdup ("1.0.0");
  node->class_name = g_strdup ("host");
  node->twin = g_strdup (SCENE_MACHINE);
  node->online = node->trusted = node->enrolled = TRUE;
  node->last_us = now_us - 400000;
  node->held_records = 12840;
  node->birth = g_strdup (
      "{\"serves\":[{\"prefix\":\"\",\"twin\":\"compressor-7\"},"
      "{\"prefix\":\"de/\",\"twin\":\"compressor-7-de\"},"
      "{\"prefix\":\"nde/\",\"twin\":\"compressor-7-nde\"}],"
      "\"sensors\":[{\"name\":\"de/acceleration\",\"axis\":\"x\",\"unit\":\"m/"
      "s2\"},"
      "{\"name\":\"de/acceleration\",\"axis\":\"y\",\"unit\":\"m/s2\"},"
      "{\"name\":\"de/acceleration\",\"axis\":\"z\",\"unit\":\"m/s2\"},"
      "{\"name\":\"nde/acceleration\",\"axis\":\"x\",\"unit\":\"m/s2\"},"
      "{\"name\":\"de/temperature\",\"axis\":\"\",\"unit\":\"Cel\"}]}");
  node->reported = g_strdup (
      "{\"summaryPeriodS\":1,\"maxSilenceS\":30,\"schedule\":{\"captureS\":8,"
      "\"everyS\":20},\"mode\":\"running\"}");
  node->desired = g_strdup ("{\"summaryPeriodS\":1,\"maxSilenceS\":60}");
  g_ptr_array_add (items, node);
  apply (plant, TWIN_UPDATE_NODES, items);
}

static void
add_status (TwinLivePlant *plant)
{
  TwinStatusUpdate *status = g_new0 (TwinStatusUpdate, 1);

  status->link = TWIN_LINK_UP;
  status->broker = g_strdup ("localhost:1883");
  apply (plant, TWIN_UPDATE_STATUS, status);
}

/* --- values
 * ---------------------------------------------------------------------- */

typedef struct
{
  const char *twin, *path, *label, *unit;
  double      base, noise, rise, limit;
} Quantity;

static const Quantity quantities[] = {
  { SCENE_MACHINE, "ambientTemperature", "Ambient temperature", "Cel", 21.4,
    .05, 0, NAN },
  { SCENE_MACHINE, "runningHours", "Running hours", "h", 18204, 0, 0, NAN },
  { "compressor-7-motor", "shaftSpeed", "Shaft speed", "1/min", 1482, 1.2, 0,
    NAN },
  { "compressor-7-motor", "current", "Current", "A", 71.2, .4, 0, 92 },
  { "compressor-7-motor", "loadFactor", "Load", "/", .78, .006, 0, NAN },
  { "compressor-7-de", "temperature", "Temperature", "Cel", 71.4, .15, .03,
    90 },
  { "compressor-7-de", "vibrationRMS", "Vibration velocity", "m/s", .0031, 2e-5,
    1e-6, .0028 },
  { "compressor-7-de", "accelerationRMS", "Acceleration", "m/s2", 1.52, .02,
    .001, NAN },
  { "compressor-7-de", "accelerationPeak", "Acceleration peak", "m/s2", 5.1, .2,
    .004, NAN },
  { "compressor-7-de", "crestFactor", "Crest factor", "/", 5.1, .1, 0, NAN },
  { "compressor-7-de", "kurtosis", "Kurtosis", "/", 6.8, .2, 0, NAN },
  { "compressor-7-nde", "temperature", "Temperature", "Cel", 64.2, .1, 0, 90 },
  { "compressor-7-nde", "vibrationRMS", "Vibration velocity", "m/s", .0011,
    1e-5, 0, .0028 },
  { "compressor-7-cooling", "outletTemperature", "Outlet temperature", "Cel",
    38.4, .1, 0, 60 },
};

static TwinValueItem *
make_value (const Quantity *q, double value, int64_t source_us)
{
  TwinValueItem *item = g_new0 (TwinValueItem, 1);

  item->twin = g_strdup (q->twin);
  item->path = g_strdup (q->path);
  item->label = g_strdup (q->label);
  item->unit = g_strdup (q->unit);
  item->value = value;
  item->source_us = source_us;
  item->arrival_us = source_us + 20000;
  item->stale_at_us = source_us + 30 * TWIN_US_PER_S;
  item->limit_high = q->limit;
  item->limit_low = NAN;
  return item;
}

static void
add_values (TwinLivePlant *plant, int64_t newest_us)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (21);

  for (int step = 0; step < 120; step++)
    {
      GPtrArray *items = twin_update_items_new (TWIN_UPDATE_VALUES);

      for (gsize i = 0; i < G_N_ELEMENTS (quantities); i++)
        {
          const Quantity *q = &quantities[i];
          double          value =
              q->base + q->noise * gauss (rand) + q->rise * (step - 119);

          g_ptr_array_add (items, make_value (q, value,
                                              newest_us - (119 - step) *
                                                              TWIN_US_PER_S));
        }
      apply (plant, TWIN_UPDATE_VALUES, items);
    }
}

void
machine_scene_add_values (TwinLivePlant *plant, int64_t time_us)
{
  GPtrArray *items = twin_update_items_new (TWIN_UPDATE_VALUES);

  for (gsize i = 0; i < G_N_ELEMENTS (quantities); i++)
    g_ptr_array_add (items,
                     make_value (&quantities[i], quantities[i].base, time_us));
  apply (plant, TWIN_UPDATE_VALUES, items);
}

/* --- state, alarms, log
 * -------------------------------------------------------------- */

static void
add_state (TwinLivePlant *plant, int64_t newest_us, gboolean stale)
{
  GPtrArray     *items = twin_update_items_new (TWIN_UPDATE_STATES);
  TwinStateItem *state = g_new0 (TwinStateItem, 1);

  state->twin = g_strdup (SCENE_MACHINE);
  state->state = stale ? TWIN_STATE_STALE : TWIN_STATE_HIGH;
  state->was = TWIN_STATE_HIGH;
  state->newest_us = newest_us;
  state->shaft_hz = SHAFT;
  state->speed_source = g_strdup ("tacho");
  state->mode = g_strdup ("running");
  state->finding = g_strdup ("Outer race, drive end");
  state->sureness = g_strdup ("sure · z 8.4");
  state->advice = g_strdup ("Order bearing 6205 now.");
  state->reason = g_strdup ("Comb of 8 in the envelope, 11 × its baseline");
  state->rul_p05_s = 12 * DAY_S;
  state->rul_p50_s = 19 * DAY_S;
  state->rul_p95_s = 31 * DAY_S;
  state->rul_lower_s = NAN;
  state->maintenance_us = TWIN_TIME_NONE;
  state->suggested_us = newest_us + (int64_t) (9 * 86400 * (double) TWIN_US_PER_S);
  state->suggested_why = g_strdup ("Later, failures would cost more.");
  g_ptr_array_add (items, state);
  apply (plant, TWIN_UPDATE_STATES, items);
}

static void
add_alarm (GPtrArray  *items,
           const char *name,
           int         priority,
           const char *state,
           const char *value,
           const char *limit,
           int64_t     since_us)
{
  TwinAlarmItem *alarm = g_new0 (TwinAlarmItem, 1);

  alarm->id = g_strdup_printf (SCENE_MACHINE "/%s", name);
  alarm->twin = g_strdup ("compressor-7-de");
  alarm->machine = g_strdup (SCENE_MACHINE);
  alarm->source = g_strdup ("Compressor 7");
  alarm->name = g_strdup (name);
  alarm->priority = priority;
  alarm->state = g_strdup (state);
  alarm->active = TRUE;
  alarm->value_text = g_strdup (value);
  alarm->limit_text = g_strdup (limit);
  alarm->since_us = alarm->changed_us = since_us;
  g_ptr_array_add (items, alarm);
}

static void
add_alarms (TwinLivePlant *plant, int64_t now_us)
{
  GPtrArray *items = twin_update_items_new (TWIN_UPDATE_ALARMS);

  add_alarm (items, "Outer-race wear, drive end", 2, "unacknowledged", "z 8.4",
             "≥ 4", now_us - 240 * TWIN_US_PER_S);
  add_alarm (items, "Vibration velocity high", 3, "acknowledged", "3.12 mm/s",
             "> 2.8", now_us - 5400 * TWIN_US_PER_S);
  apply (plant, TWIN_UPDATE_ALARMS, items);
}

static void
add_log (TwinLivePlant *plant, int64_t now_us)
{
  static const struct
  {
    const char *kind, *who, *text;
    double      ago_s;
  } lines[] = {
    { "alarm", "engine", "Outer-race wear, drive end: unacknowledged", 240 },
    { "command", "m.weber", "identify 10 s: done", 900 },
    { "alarm", "m.weber", "Vibration velocity high acknowledged: “known”",
      5000 },
    { "edit", "m.weber", "maxSilenceS set to 60", 7200 },
  };
  GPtrArray *items = twin_update_items_new (TWIN_UPDATE_LOG);

  for (gsize i = G_N_ELEMENTS (lines); i > 0; i--)
    {
      TwinLogItem *item = g_new0 (TwinLogItem, 1);

      item->time_us = now_us - (int64_t) (lines[i - 1].ago_s * 1e6);
      item->machine = g_strdup (SCENE_MACHINE);
      item->kind = g_strdup (lines[i - 1].kind);
      item->who = g_strdup (lines[i - 1].who);
      item->text = g_strdup (lines[i - 1].text);
      g_ptr_array_add (items, item);
    }

  apply (plant, TWIN_UPDATE_LOG, items);
}

/* --- block, finding, life
 * ------------------------------------------------------------- */

static void
put_peak (double *lines, size_t n, double df, double hz, double amplitude)
{
  for (size_t i = 0; i < n; i++)
    {
      double off = fabs ((double) i - hz / df);

      if (off < 2)
        lines[i] =
            hypot (lines[i], amplitude * (0.5 + 0.5 * cos (G_PI * off / 2)));
    }
}

static void
add_tones (TwinBlockUpdate *block)
{
  static const struct
  {
    const char *name;
    double      order;
  } tones[] = {
    { "BPFO", 3.585 }, { "BPFI", 5.415 }, { "2×BSF", 4.713 },
    { "FTF", .398 },   { "Shaft", 1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (tones); i++)
    {
      TwinTone tone = { g_strdup (tones[i].name), tones[i].order * SHAFT,
                        tones[i].order };

      g_array_append_val (block->tones, tone);
    }
}

/* No two blocks are the same: @rand moves each peak by a little. */
static void
add_peaks (TwinBlockUpdate *block, GRand *rand)
{
  static const struct
  {
    double      hz, amplitude;
    const char *name, *family;
  } peaks[] = {
    { 176.0, .0521, "2× BPFO", "BPFO" }, { 24.7, .0460, "1× shaft", "Shaft" },
    { 264.1, .0412, "3× BPFO", "BPFO" }, { 88.0, .0340, "BPFO", "BPFO" },
    { 352.1, .0239, "4× BPFO", "BPFO" }, { 49.4, .0190, "2× shaft", "Shaft" },
    { 440.1, .0181, "5× BPFO", "BPFO" }, { 100.0, .0115, "2× mains", "Mains" },
    { 528.1, .0112, "6× BPFO", "BPFO" }, { 612.4, .0075, NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (peaks); i++)
    {
      TwinPeakItem peak = { peaks[i].hz, peaks[i].hz / SHAFT,
                            peaks[i].amplitude, g_strdup (peaks[i].name),
                            g_strdup (peaks[i].family) };

      g_array_append_val (block->peaks, peak);
    }
}

static void
fill_lines (TwinBlockUpdate *block, GRand *rand)
{
  static const double comb[] = { .034,  .0521, .0412, .0239,
                                 .0181, .0112, .0071, .0055 };

  block->n_lines = 1601;
  block->df_hz = 0.5;
  block->spectrum = g_new (double, block->n_lines);
  block->n_envelope = 801;
  block->envelope_df_hz = 0.5;
  block->envelope = g_new (double, block->n_envelope);

  for (size_t i = 0; i < block->n_lines; i++)
    {
      double hz = (double) i * block->df_hz;
      double hump = 1 + 1.6 * exp (-pow ((hz - 380) / 160, 2));

      block->spectrum[i] =
          0.0006 * hump * hypot (gauss (rand), gauss (rand)) / 1.4;
    }
  for (size_t i = 0; i < block->n_envelope; i++)
    block->envelope[i] = 0.0008 * hypot (gauss (rand), gauss (rand)) / 1.4;

  for (int k = 1; k <= 8; k++)
    {
      put_peak (block->spectrum, block->n_lines, 0.5, k * BPFO * .994,
                comb[k - 1]);
      put_peak (block->envelope, block->n_envelope, 0.5, k * BPFO * .994,
                .03 / k);
    }
  put_peak (block->spectrum, block->n_lines, 0.5, SHAFT, .046);
  put_peak (block->spectrum, block->n_lines, 0.5, 2 * SHAFT, .019);
  put_peak (block->spectrum, block->n_lines, 0.5, 100, .0115);
  put_peak (block->envelope, block->n_envelope, 0.5, SHAFT, .004);
}

static void
fill_samples (TwinBlockUpdate *block, GRand *rand)
{
  block->n = 8000;
  block->rate_hz = RATE;
  block->samples = g_new (double, block->n);
  for (size_t i = 0; i < block->n; i++)
    {
      double t = (double) i / RATE;
      double since = fmod (t, 1 / (BPFO * .994));

      block->samples[i] =
          .06 * sin (2 * G_PI * SHAFT * t) + .03 * gauss (rand) +
          .42 * exp (-since * 900) * sin (2 * G_PI * 800 * since);
    }
}

void
machine_scene_add_block (TwinLivePlant *plant, int64_t end_us)
{
  TwinBlockUpdate *block = twin_block_update_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) end_us);

  block->twin = g_strdup ("compressor-7-de");
  block->sensor = g_strdup ("de/acceleration");
  block->axis = 'x';
  block->end_us = end_us;
  block->t0_us = end_us - 2 * TWIN_US_PER_S;
  block->arrival_us = end_us + 100000;
  fill_lines (block, rand);
  fill_samples (block, rand);
  block->band_lo_hz = 600;
  block->band_hi_hz = 1000;
  block->rms_g = .102;
  block->peak_g = .52;
  block->crest = 5.1;
  block->kurtosis = 6.8;
  block->velocity_rms_mm_s = 3.12;
  block->zone = g_strdup ("Zone C · ISO 20816-3 group 2, rigid");
  block->shaft_hz = SHAFT;
  block->speed_source = g_strdup ("tacho");
  block->blocks = 420;
  add_tones (block);
  add_peaks (block, rand);
  apply (plant, TWIN_UPDATE_BLOCK, block);
}

static TwinOrderItem *
make_order (const char *id, const char *work, const char *date)
{
  TwinOrderItem *order = g_new0 (TwinOrderItem, 1);

  order->id = g_strdup (id);
  order->machine = g_strdup (SCENE_MACHINE);
  order->work = g_strdup (work);
  order->date = g_strdup (date);
  order->state = g_strdup ("done");
  order->who = g_strdup ("m.weber");
  order->element = g_strdup ("outer");
  return order;
}

static void
add_orders (TwinLivePlant *plant, int64_t now_us)
{
  GPtrArray     *items = twin_update_items_new (TWIN_UPDATE_ORDERS);
  TwinOrderItem *open = make_order ("03", "replaceBearing", "2026-12-03");
  TwinOrderItem *told = make_order ("01", "replaceBearing", "2026-08-11");

  g_free (open->state);
  open->state = g_strdup ("reported");
  told->outcome = 1;
  told->verdict = g_strdup ("confirmed");
  told->found = g_strdup ("outer race");
  told->found_note = g_strdup ("spalled over 4 mm");
  g_ptr_array_add (items, open);
  g_ptr_array_add (items, make_order ("02", "inspect", "2026-10-02"));
  g_ptr_array_add (items, told);
  apply (plant, TWIN_UPDATE_ORDERS, items);
}

static void
add_finding (TwinLivePlant *plant, int64_t time_us)
{
  TwinFindingUpdate *finding = twin_finding_update_new ();

  finding->machine = g_strdup (SCENE_MACHINE);
  finding->twin = g_strdup ("compressor-7-de");
  finding->sensor = g_strdup ("de/acceleration");
  finding->axis = 'x';
  finding->time_us = time_us;
  finding->seconds = 8;
  finding->verdict = g_strdup ("outer");
  finding->z = 8.4;
  finding->margin = 5.2;
  finding->threshold = 4;
  finding->reliability = g_strdup ("right in 9 of 10 cases here, 79–98 %");
  finding->neighbours = g_strdup ("Inner race of 6203, z 5.1");
  finding->why = g_strdup ("Eight multiples of the outer race's tone stand out "
                           "of the envelope; sidebands are weak.");
  finding->agree = 5;
  finding->windows = 6;
  finding->confirmed = TRUE;
  apply (plant, TWIN_UPDATE_FINDING, finding);
}

static void
add_past (TwinLifeUpdate *life,
          int64_t         now_us,
          double          days,
          double          low,
          double          high)
{
  TwinPastPrediction past = {
    .made_us = now_us - (int64_t) (days * DAY_S * 1e6),
    .p05_s = low * DAY_S,
    .p50_s = 0.5 * (low + high) * DAY_S,
    .p95_s = high * DAY_S,
    .lower_s = NAN,
    .verdict = g_strdup ("open"),
  };

  g_array_append_val (life->past, past);
}

static void
add_life (TwinLivePlant *plant, int64_t now_us)
{
  TwinLifeUpdate *life = twin_life_update_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);
  double slow = 0;

  life->machine = g_strdup (SCENE_MACHINE);
  for (int i = 0; i < 420; i++)
    {
      double  days = -105 + i * 0.25;
      int64_t time_us = now_us + (int64_t) (days * DAY_S * 1e6);
      double  index;

      slow = 0.8 * slow + 0.06 * gauss (rand);
      index = 0.3 + MAX (0, days + 38) * 0.044 + slow;
      if (days > -62 && days < -56)
        index = NAN;
      g_array_append_val (life->times_us, time_us);
      g_array_append_val (life->index, index);
    }

  life->threshold = 3.5;
  life->threshold_sd = 0.2;
  life->p05_s = 12 * DAY_S;
  life->p25_s = 16 * DAY_S;
  life->p50_s = 19 * DAY_S;
  life->p75_s = 23 * DAY_S;
  life->p95_s = 31 * DAY_S;
  life->lower_s = NAN;
  life->now_us = now_us - 12 * TWIN_US_PER_S;
  life->suggested_us = now_us + (int64_t) (9 * DAY_S * 1e6);
  life->onset_us = now_us - (int64_t) (37 * DAY_S * 1e6);
  life->calibration = g_strdup ("All machines: 89 % of 9 ends inside 5–95 % "
                                "(95 % sure: 57 to 98 %; 90 % is promised); 3 "
                                "cut by maintenance, 2 still open.");
  add_past (life, now_us, 7, 13, 38);
  add_past (life, now_us, 30, 33, 72);
  apply (plant, TWIN_UPDATE_LIFE, life);
}

/* --- scenes
 * ------------------------------------------------------------------------- */

static TwinLivePlant *
make (int64_t now_us, double age_s)
{
  TwinLivePlant *plant = twin_live_plant_new ();
  const int64_t  newest_us = now_us - (int64_t) (age_s * 1e6);

  add_structure (plant, TRUE);
  add_node (plant, newest_us);
  add_status (plant);
  add_values (plant, newest_us);
  add_state (plant, newest_us, age_s > 60);
  add_alarms (plant, now_us);
  add_log (plant, now_us);
  machine_scene_add_block (plant, newest_us);
  add_finding (plant, newest_us);
  add_orders (plant, newest_us);
  add_life (plant, newest_us);
  return plant;
}

TwinLivePlant *
machine_scene_new (int64_t now_us)
{
  return make (now_us, 0.4);
}

TwinLivePlant *
machine_scene_new_old (int64_t now_us, double age_s)
{
  return make (now_us, age_s);
}

TwinLivePlant *
machine_scene_new_empty (int64_t now_us)
{
  TwinLivePlant *plant = twin_live_plant_new ();

  add_structure (plant, FALSE);
  add_status (plant);
  return plant;
}
