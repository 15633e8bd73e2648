/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-whatif-words.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "twin-machine-words.h"
#include "twin-json-members.h"

#define HOURS_PER_YEAR 8766.0

static const char *
text_of (JsonObject *object, const char *name)
{
  JsonNode *node =
      object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static void
range_of (JsonObject *side, const char *name, double range[3])
{
  JsonObject *object = twin_json_member_object (side, name);

  range[0] = twin_json_member_number (object, "p05");
  range[1] = twin_json_member_number (object, "p50");
  range[2] = twin_json_member_number (object, "p95");
}

/* --- a quantity in words -----------------------------------------------------
 */

typedef enum
{
  PLAIN,
  SPAN, /* s */
  HOURS,
  CELSIUS,
  CHANCE,
  COST,
} Kind;

static char *
dup_hours (double hours)
{
  if (fabs (hours) >= 2 * HOURS_PER_YEAR)
    return g_strdup_printf (_ ("%.3g years"), hours / HOURS_PER_YEAR);

  return g_strdup_printf (_ ("%.3g h"), hours);
}

static char *
dup_number (Kind kind, double value)
{
  if (!isfinite (value))
    return g_strdup ("–");

  switch (kind)
    {
    case SPAN:
      return value > 2 * HOURS_PER_YEAR * 3600 ? dup_hours (value / 3600)
                                               : twin_words_dup_span (value);
    case HOURS:
      return dup_hours (value);
    case CELSIUS:
      return g_strdup_printf (_ ("%.1f °C"), value);
    case CHANCE:
      return g_strdup_printf (_ ("%.0f %%"), 100 * value);
    case COST:
      return g_strdup_printf ("%.4g", value);
    default:
      return g_strdup_printf ("%.2f", value);
    }
}

/* "−12 d", "+8.0 K", "0". */
static char *
dup_change (Kind kind, double change)
{
  g_autofree char *size = dup_number (kind, fabs (change));

  if (!isfinite (change))
    return g_strdup ("–");
  if (change == 0)
    return g_strdup (_ ("no change"));
  if (kind == CELSIUS)
    return g_strdup_printf (_ ("%+.1f K"), change);

  return g_strdup_printf ("%s%s", change > 0 ? "+" : "−", size);
}

/* --- rows --------------------------------------------------------------------
 */

typedef struct
{
  const char *label;
  const char *member;
  const char *difference; /* member of the differences; NULL: subtracted */
  const char *missing;    /* why there is none */
  Kind        kind;
  gboolean    is_range;
} Row;

static const Row rows[TWIN_WHATIF_ROWS] = {
  { N_ ("Remaining life"), "rul_s", "rul_s", N_ ("no trend"), SPAN, TRUE },
  { N_ ("At least (95 %)"), "lower_bound_s", NULL, N_ ("no bound"), SPAN,
    FALSE },
  { N_ ("Bearing temperature"), "temperature_c", "temperature_k",
    N_ ("no model"), CELSIUS, TRUE },
  { N_ ("Oil film κ"), "kappa", NULL, N_ ("not known"), PLAIN, FALSE },
  { N_ ("Life, times the present"), "life_factor", NULL, N_ ("not known"),
    PLAIN, FALSE },
  { N_ ("Fatigue life left"), "fatigue_h", "fatigue_h", N_ ("no load"), HOURS,
    TRUE },
  { N_ ("Chance of failure"), "failure_chance", "failure_chance",
    N_ ("no trend"), CHANCE, FALSE },
  { N_ ("Expected cost"), "cost_mean", "cost_mean", N_ ("no trend"), COST,
    FALSE },
};

static double
middle_of (JsonObject *side, const Row *row)
{
  double range[3];

  if (!row->is_range)
    return twin_json_member_number (side, row->member);

  range_of (side, row->member, range);
  return range[1];
}

static double
change_of (JsonObject *root, const Row *row, double now, double then)
{
  JsonObject *difference = twin_json_member_object (root, "difference");
  double      range[3];

  if (row->difference == NULL)
    return then - now;
  if (!row->is_range)
    return twin_json_member_number (difference, row->difference);

  range_of (difference, row->difference, range);
  return range[1];
}

static void
fill_row (JsonObject *root, const Row *row, TwinWhatifRow *out)
{
  JsonObject  *baseline = twin_json_member_object (root, "baseline");
  JsonObject  *scenario = twin_json_member_object (root, "scenario");
  const double now = middle_of (baseline, row);
  const double then = middle_of (scenario, row);

  out->label = _ (row->label);
  out->now = isfinite (now) ? dup_number (row->kind, now)
                            : g_strdup (_ (row->missing));
  out->then = dup_number (row->kind, then);
  out->change = dup_change (row->kind, change_of (root, row, now, then));
  out->free_scale = row->kind == CELSIUS;
  for (int i = 0; i < 3; i++)
    {
      out->now_range[i] = NAN;
      out->then_range[i] = NAN;
    }

  if (row->is_range)
    {
      range_of (baseline, row->member, out->now_range);
      range_of (scenario, row->member, out->then_range);
    }
}

/* --- sentences ---------------------------------------------------------------
 */

static char *
dup_level (JsonObject *root)
{
  const char *level = text_of (root, "level");
  const char *reason = text_of (root, "reason");

  return g_strdup_printf (_ ("%s, life good to ±%.0f %%, in %.3g ms. %s"),
                          level != NULL ? level : "–",
                          100 * twin_json_member_number (root, "life_error"),
                          twin_json_member_number (root, "actual_ms"),
                          reason != NULL ? reason : "");
}

static char *
dup_replaced (JsonObject *root)
{
  JsonObject *replaced = twin_json_member_object (root, "replaced");
  JsonObject *scenario = twin_json_member_object (root, "scenario");
  double      rul[3], celsius[3];

  if (replaced == NULL)
    return NULL;

  range_of (scenario, "rul_s", rul);
  range_of (scenario, "temperature_c", celsius);
  {
    const double     before_s = twin_json_member_number (replaced, "rul_p50_s");
    const gboolean   known = isfinite (before_s) && isfinite (rul[1]);
    g_autofree char *before =
        dup_number (known ? SPAN : CELSIUS,
                    known ? before_s
                          : twin_json_member_number (replaced,
                                                     "temperature_p50_c"));
    g_autofree char *after =
        dup_number (known ? SPAN : CELSIUS, known ? rul[1] : celsius[1]);

    return g_strdup_printf (_ ("%s replaced the %s: %s → %s."),
                            text_of (root, "level"),
                            text_of (replaced, "level"), before, after);
  }
}

static char *
dup_heard (JsonObject *root)
{
  JsonObject *signal = twin_json_member_object (root, "signal");

  if (signal == NULL)
    return NULL;

  return g_strdup_printf (_ ("Simulated fault: %s. The diagnosis says: %s (z "
                             "%.1f, kurtosis "
                             "%.1f)."),
                          text_of (signal, "simulated"),
                          twin_words_verdict (text_of (signal, "verdict")),
                          twin_json_member_number (signal, "z"),
                          twin_json_member_number (signal, "kurtosis"));
}

static void
fill_date (JsonObject *root, gint64 now_us, TwinWhatifWords *out)
{
  JsonObject *date =
      twin_json_member_object (twin_json_member_object (root, "maintenance"),
                               "scenario");
  const double at_s = twin_json_member_number (date, "at_s");
  const char  *kind = text_of (date, "kind");

  if (isfinite (at_s))
    out->date =
        twin_words_dup_date (now_us + (gint64) (at_s * TWIN_US_PER_S), now_us);
  if (out->date == NULL)
    out->date = g_strdup (g_strcmp0 (kind, "never") == 0 ? _ ("No planned stop")
                                                         : _ ("No date"));
  out->why = g_strdup (text_of (date, "why"));
}

/* --- course ------------------------------------------------------------------
 */

static JsonArray *
course_of (JsonObject *root, const char *side)
{
  JsonObject *object = twin_json_member_object (root, side);
  JsonNode   *node =
      object != NULL ? json_object_get_member (object, "course") : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node)
             ? json_node_get_array (node)
             : NULL;
}

static JsonObject *
point_of (JsonArray *course, guint i)
{
  JsonNode *node = json_array_get_element (course, i);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static void
fill_course (JsonObject *root, TwinWhatifWords *out)
{
  JsonArray *now = course_of (root, "baseline");
  JsonArray *then = course_of (root, "scenario");
  double    *all;

  if (now == NULL || then == NULL)
    return;

  out->n = MIN (json_array_get_length (now), json_array_get_length (then));
  all = g_new (double, 7 * out->n + 1);
  out->at_s = all;
  out->failed_now = all + out->n;
  out->failed_then = all + 2 * out->n;
  out->now_c = all + 3 * out->n;
  out->then_c = all + 4 * out->n;
  out->low_c = all + 5 * out->n;
  out->high_c = all + 6 * out->n;
  for (guint i = 0; i < out->n; i++)
    {
      JsonObject *a = point_of (now, i), *b = point_of (then, i);
      double      range[3];

      out->at_s[i] = twin_json_member_number (a, "at_s");
      out->failed_now[i] = 100 * twin_json_member_number (a, "failed");
      out->failed_then[i] = 100 * twin_json_member_number (b, "failed");
      range_of (a, "temperature_c", range);
      out->now_c[i] = range[1];
      range_of (b, "temperature_c", range);
      out->low_c[i] = range[0];
      out->then_c[i] = range[1];
      out->high_c[i] = range[2];
    }
}

TwinWhatifWords *
twin_whatif_words_new (const char *detail, gint64 now_us)
{
  g_autoptr (JsonNode) node =
      detail != NULL ? json_from_string (detail, NULL) : NULL;
  TwinWhatifWords *self;
  JsonObject      *root;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;

  root = json_node_get_object (node);
  self = g_new0 (TwinWhatifWords, 1);
  for (int i = 0; i < TWIN_WHATIF_ROWS; i++)
    fill_row (root, &rows[i], &self->rows[i]);
  self->level = dup_level (root);
  self->change = dup_replaced (root);
  self->heard = dup_heard (root);
  self->notes = g_strdup (text_of (root, "notes"));
  fill_date (root, now_us, self);
  fill_course (root, self);
  return self;
}

void
twin_whatif_words_free (TwinWhatifWords *self)
{
  if (self == NULL)
    return;

  for (int i = 0; i < TWIN_WHATIF_ROWS; i++)
    {
      g_free (self->rows[i].now);
      g_free (self->rows[i].then);
      g_free (self->rows[i].change);
    }

  g_free (self->level);
  g_free (self->change);
  g_free (self->heard);
  g_free (self->date);
  g_free (self->why);
  g_free (self->notes);
  g_free (self->at_s);
  g_free (self);
}
