/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-history.c - history, rul */
#include "twin-ctl.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "twin-clock.h"
#include "twin-rul-record.h"
#include "twin-store-history.h"
#include "twin-store-reader.h"
#include "twin-json-members.h"

/* Silence longer than this between samples is told as a gap. */
#define SILENCE_US (125 * TWIN_US_PER_S)

static const char *const gap_words[] = {
  [TWIN_STORE_GAP_LOST] = "lost",
  [TWIN_STORE_GAP_OPEN] = "open",
  [TWIN_STORE_GAP_SILENCE] = "silence",
  [TWIN_STORE_GAP_BAD] = "bad",
};

static gboolean
parse_step (const char *text, int64_t *us)
{
  g_autofree char *before = g_strconcat ("-", text, NULL);
  int64_t          at;

  if (!twin_ctl_parse_time (before, 0, &at) || at >= 0)
    return FALSE;

  *us = -at;
  return TRUE;
}

static void
print_point_json (JsonBuilder *json, const TwinStorePoint *point)
{
  g_autofree char *time = twin_clock_format_utc (point->time_us);

  json_builder_begin_object (json);
  twin_json_add_text (json, "time", time);
  twin_json_add_number (json, "mean", point->mean);
  twin_json_add_number (json, "min", point->min);
  twin_json_add_number (json, "max", point->max);
  json_builder_set_member_name (json, "count");
  json_builder_add_int_value (json, point->count);
  json_builder_end_object (json);
  twin_ctl_print_builder (json);
}

static void
print_gap_json (JsonBuilder *json, const TwinStoreGap *gap)
{
  g_autofree char *from = twin_clock_format_utc (gap->from_us);
  g_autofree char *to = twin_clock_format_utc (gap->to_us);

  json_builder_begin_object (json);
  twin_json_add_text (json, "gap", gap_words[gap->cause]);
  twin_json_add_text (json, "from", from);
  twin_json_add_text (json, "to", to);
  json_builder_end_object (json);
  twin_ctl_print_builder (json);
}

static void
print_json (const TwinStoreHistory *history)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  guint g = 0;

  for (guint i = 0; i < history->points->len; i++)
    {
      const TwinStorePoint *point =
          &g_array_index (history->points, TwinStorePoint, i);

      for (; g < history->gaps->len &&
             g_array_index (history->gaps, TwinStoreGap, g).from_us <
                 point->time_us;
           g++)
        print_gap_json (json, &g_array_index (history->gaps, TwinStoreGap, g));
      print_point_json (json, point);
    }

  for (; g < history->gaps->len; g++)
    print_gap_json (json, &g_array_index (history->gaps, TwinStoreGap, g));
}

static void
print_csv (const TwinStoreHistory *history)
{
  puts ("time,mean,min,max,count");
  for (guint i = 0; i < history->points->len; i++)
    {
      const TwinStorePoint *point =
          &g_array_index (history->points, TwinStorePoint, i);
      g_autofree char *time = twin_clock_format_utc (point->time_us);

      printf ("%s,%.9g,%.9g,%.9g,%" PRIu32 "\n", time, point->mean, point->min,
              point->max, point->count);
    }
}

static void
print_table (const TwinStoreHistory *history)
{
  const char *const headings[] = { "time", ">mean",  ">min",
                                   ">max", ">count", NULL };
  TwinCtlTable     *table = twin_ctl_table_new (headings);

  for (guint i = 0; i < history->points->len; i++)
    {
      const TwinStorePoint *point =
          &g_array_index (history->points, TwinStorePoint, i);
      g_autofree char *time = twin_clock_format_utc (point->time_us);
      g_autofree char *mean = g_strdup_printf ("%.6g", point->mean);
      g_autofree char *min = g_strdup_printf ("%.6g", point->min);
      g_autofree char *max = g_strdup_printf ("%.6g", point->max);
      g_autofree char *count = g_strdup_printf ("%" PRIu32, point->count);

      twin_ctl_table_add (table, time, mean, min, max, count);
    }

  twin_ctl_table_print (table);
  for (guint i = 0; i < history->gaps->len; i++)
    {
      const TwinStoreGap *gap = &g_array_index (history->gaps, TwinStoreGap, i);
      g_autofree char    *from = twin_clock_format_utc (gap->from_us);
      g_autofree char    *to = twin_clock_format_utc (gap->to_us);

      printf ("gap (%s) %s … %s\n", gap_words[gap->cause], from, to);
    }
}

static int
history (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *from = NULL;
  g_autofree char   *to = NULL;
  g_autofree char   *step = NULL;
  gboolean           csv = FALSE;
  const GOptionEntry entries[] = {
    { "from", 0, 0, G_OPTION_ARG_STRING, &from, NULL, NULL },
    { "to", 0, 0, G_OPTION_ARG_STRING, &to, NULL, NULL },
    { "step", 0, 0, G_OPTION_ARG_STRING, &step, NULL, NULL },
    { "csv", 0, 0, G_OPTION_ARG_NONE, &csv, NULL, NULL },
    { NULL }
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (TwinStoreHistory) found = NULL;
  int64_t               now = twin_clock_utc_us ();
  TwinStoreHistoryQuery query = { .from_us = now - 3600 * TWIN_US_PER_S,
                                  .to_us = now + 1,
                                  .silence_us = SILENCE_US };

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc != 3)
    return twin_ctl_usage ("history needs TWIN and SIGNAL");
  if (from != NULL && !twin_ctl_parse_time (from, now, &query.from_us))
    return twin_ctl_usage ("“%s” is no time; write 2026-11-24T10:00:00Z or "
                           "-1h",
                           from);
  if (to != NULL && !twin_ctl_parse_time (to, now, &query.to_us))
    return twin_ctl_usage ("“%s” is no time; write 2026-11-24T10:00:00Z or "
                           "now",
                           to);
  if (step != NULL && !parse_step (step, &query.step_us))
    return twin_ctl_usage ("“%s” is no step; write 1s, 1m or 1h", step);

  query.twin = argv[1];
  query.path = argv[2];
  reader = twin_store_reader_open (ctl->store, &error);
  if (reader == NULL)
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);

  found = twin_store_reader_get_history (reader, &query, &error);
  if (found == NULL)
    return twin_ctl_fail_error (g_error_matches (error, TWIN_STORE_ERROR,
                                                 TWIN_STORE_ERROR_NOT_FOUND)
                                    ? TWIN_CTL_INPUT
                                    : TWIN_CTL_ENVIRONMENT,
                                error);

  if (ctl->json)
    print_json (found);
  else if (csv)
    print_csv (found);
  else
    print_table (found);
  return TWIN_CTL_DONE;
}

/* --- rul
 * -------------------------------------------------------------------------- */

static char *
format_span (double seconds)
{
  if (!isfinite (seconds))
    return g_strdup ("–");
  if (seconds < 7200)
    return g_strdup_printf ("%.0f min", seconds / 60);
  if (seconds < 172800)
    return g_strdup_printf ("%.0f h", seconds / 3600);
  return g_strdup_printf ("%.0f d", seconds / 86400);
}

static void
print_rul_json (const char *twin, const TwinStorePrediction *row)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  json_builder_begin_object (json);
  twin_json_add_text (json, "twin", twin);
  json_builder_set_member_name (json, "rul");
  if (row != NULL && isfinite (row->p50_s))
    {
      json_builder_begin_object (json);
      twin_json_add_number (json, "p05", row->p05_s);
      twin_json_add_number (json, "p50", row->p50_s);
      twin_json_add_number (json, "p95", row->p95_s);
      json_builder_end_object (json);
    }
  else
    {
      json_builder_add_null_value (json);
    }

  twin_json_add_number (json, "lower_bound", row != NULL ? row->lower_s : NAN);
  twin_json_add_text (json, "unit", "s");
  twin_json_add_text (json, "why",
                      row != NULL && row->why != NULL
                          ? row->why
                          : "Not estimable: nothing has been learnt of it "
                            "yet.");
  if (row != NULL)
    {
      g_autofree char *made = twin_clock_format_utc (row->time_us);

      twin_json_add_text (json, "made", made);
    }
  json_builder_end_object (json);
  twin_ctl_print_builder (json);
}

static void
print_rul_text (const TwinStorePrediction *row)
{
  g_autofree char *p05 = format_span (row != NULL ? row->p05_s : NAN);
  g_autofree char *p50 = format_span (row != NULL ? row->p50_s : NAN);
  g_autofree char *p95 = format_span (row != NULL ? row->p95_s : NAN);
  g_autofree char *lower = format_span (row != NULL ? row->lower_s : NAN);

  if (row != NULL && isfinite (row->p50_s))
    printf ("%s (5 %%: %s, 95 %%: %s)\n", p50, p05, p95);
  else if (row != NULL && isfinite (row->lower_s))
    printf ("at least %s (95 %%)\n", lower);
  else
    puts ("not estimable");

  puts (row != NULL && row->why != NULL ? row->why
                                        : "Nothing has been learnt of it yet.");
}

/* --- how past ones held ------------------------------------------------------
 */

/* All rows: a plant keeps one prediction in ten minutes. */
#define ROWS_MAX 1000000

static void
add_end (GArray *ends, int64_t time_us, TwinRulFate fate)
{
  const TwinRulEnd end = { time_us, fate };

  g_array_append_val (ends, end);
}

static int
by_time (const void *a, const void *b)
{
  const TwinRulEnd *x = a, *y = b;

  return (x->time_us > y->time_us) - (x->time_us < y->time_us);
}

/* When the index passed the threshold, once before each maintenance. */
static void
add_passages (GArray *ends, const GPtrArray *health, double threshold)
{
  g_autofree int64_t *times = g_new (int64_t, MAX (health->len, 1));
  g_autofree double  *index = g_new (double, MAX (health->len, 1));
  const guint         n_cuts = ends->len;
  int64_t             from_us = INT64_MIN + 1;

  for (guint i = 0; i < health->len; i++)
    {
      const TwinStoreHealth *row = g_ptr_array_index (health, i);

      times[i] = row->time_us;
      index[i] = row->index;
    }

  for (guint cut = 0; cut <= n_cuts; cut++)
    {
      const int64_t to_us = cut < n_cuts
                                ? g_array_index (ends, TwinRulEnd, cut).time_us
                                : INT64_MAX;
      const int64_t at_us =
          twin_rul_find_end (times, index, health->len, from_us, threshold);

      if (at_us != TWIN_TIME_NONE && at_us < to_us)
        add_end (ends, at_us, TWIN_RUL_ENDED);
      from_us = to_us;
    }

  g_array_sort (ends, by_time);
}

static gboolean
add_cases (TwinStoreReader *reader,
           const char      *machine,
           int64_t          now_us,
           GArray          *cases,
           GError         **error)
{
  const TwinStoreSpan span = { .subject = machine, .limit = ROWS_MAX };
  g_autoptr (GPtrArray) rows =
      twin_store_reader_list_predictions (reader, &span, error);
  g_autoptr (GPtrArray) orders = NULL;
  g_autoptr (GPtrArray) health = NULL;
  g_autoptr (GArray) said = g_array_new (FALSE, FALSE, sizeof (TwinRulSaid));
  g_autoptr (GArray) ends = g_array_new (FALSE, FALSE, sizeof (TwinRulEnd));
  double threshold = NAN;

  if (rows == NULL)
    return FALSE;
  if (rows->len == 0)
    return TRUE;

  orders = twin_store_reader_list_orders (reader, machine, error);
  if (orders == NULL)
    return FALSE;
  health = twin_store_reader_list_health (reader, &span, error);
  if (health == NULL)
    return FALSE;

  for (guint i = orders->len; i-- > 0;)
    {
      const TwinStoreOrder *order = g_ptr_array_index (orders, i);

      if (g_strcmp0 (order->state, "done") == 0 && order->closed_us > 0)
        add_end (ends, order->closed_us, TWIN_RUL_MAINTAINED);
    }
  g_array_sort (ends, by_time);

  for (guint i = 0; i < rows->len; i++)
    {
      const TwinStorePrediction *row = g_ptr_array_index (rows, i);
      const TwinRulSaid          one = { row->time_us, row->p05_s, row->p25_s,
                                         row->p50_s,   row->p75_s, row->p95_s,
                                         row->lower_s };

      g_array_append_val (said, one);
      threshold = row->threshold;
    }

  add_passages (ends, health, threshold);
  twin_rul_cases ((const TwinRulSaid *) (void *) said->data, said->len,
                  (const TwinRulEnd *) (void *) ends->data, ends->len, now_us,
                  cases);
  return TRUE;
}

static void
print_calibration_json (const TwinRulCalibration *held)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();

  json_builder_begin_object (json);
  json_builder_set_member_name (json, "lives");
  json_builder_add_int_value (json, (gint64) held->n);
  json_builder_set_member_name (json, "ended");
  json_builder_add_int_value (json, (gint64) held->ended);
  json_builder_set_member_name (json, "cut");
  json_builder_add_int_value (json, (gint64) held->cut);
  json_builder_set_member_name (json, "open");
  json_builder_add_int_value (json, (gint64) held->open);
  twin_json_add_number (json, "inside", held->inside);
  twin_json_add_number (json, "low", held->low);
  twin_json_add_number (json, "high", held->high);
  twin_json_add_number (json, "promised", 0.9);
  json_builder_end_object (json);
  twin_ctl_print_builder (json);
}

static int
calibration (const TwinCtl *ctl, TwinStoreReader *reader)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) twins = twin_store_reader_list_twins (reader, &error);
  g_autoptr (GArray) cases = g_array_new (FALSE, FALSE, sizeof (TwinRulCase));
  g_autofree char   *text = NULL;
  TwinRulCalibration held;

  for (guint i = 0; twins != NULL && i < twins->len; i++)
    {
      const TwinStoreTwin *twin = g_ptr_array_index (twins, i);

      if (!add_cases (reader, twin->id, twin_clock_utc_us (), cases, &error))
        break;
    }
  if (error != NULL)
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);

  twin_rul_calibrate ((const TwinRulCase *) (void *) cases->data, cases->len,
                      &held);
  text = twin_rul_calibration_text (&held);
  if (ctl->json)
    print_calibration_json (&held);
  else
    puts (text);
  return TWIN_CTL_DONE;
}

static int
rul (TwinCtl *ctl, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinStoreReader) reader = NULL;
  g_autoptr (TwinStoreTwin) twin = NULL;
  g_autoptr (TwinStorePrediction) row = NULL;
  gboolean           fleet = FALSE;
  const GOptionEntry entries[] = {
    { "calibration", 0, 0, G_OPTION_ARG_NONE, &fleet, NULL, NULL },
    { NULL },
  };

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc != (fleet ? 1 : 2))
    return twin_ctl_usage ("rul needs TWIN, or --calibration alone");

  reader = twin_store_reader_open (ctl->store, &error);
  if (reader == NULL)
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);

  if (fleet)
    return calibration (ctl, reader);

  twin = twin_store_reader_get_twin (reader, argv[1], &error);
  if (twin == NULL)
    return twin_ctl_fail_error (TWIN_CTL_INPUT, error);

  row = twin_store_reader_get_prediction (reader, argv[1], NULL);
  if (ctl->json)
    print_rul_json (argv[1], row);
  else
    print_rul_text (row);
  return TWIN_CTL_DONE;
}

const TwinCtlVerb twin_ctl_history_verbs[] = {
  { "history", NULL, history,
    "TWIN SIGNAL [--from T] [--to T] [--step S] [--csv]",
    "Samples of a signal, or steps of them, with their gaps" },
  { "rul", NULL, rul, "TWIN | --calibration",
    "Remaining life of a machine, or why not; how past intervals held" },
  { NULL },
};
