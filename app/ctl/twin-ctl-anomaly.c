/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-anomaly.c - anomaly train, score */
#include "twin-ctl-anomaly-model.h"
#include "twin-ctl-sheet.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The opening that is taken for normal when nothing else is said. */
#define OPENING_SHARE 0.15
#define OPENING_LEAST 400
#define OPENING_MOST 1000

/* A pause of so many usual steps ends a run. */
#define PAUSE_STEPS 100

/* Columns that say what somebody found, which no sensor measures. */
static const char *const verdicts[] = { "anomaly", "changepoint", "label" };

typedef struct
{
  char    *time, *features, *delimiter, *output, *model;
  int      train_rows;
  gboolean changes;
} Options;

/* Values of some columns of a file, row by row. */
typedef struct
{
  TwinCtlSheet *sheet;
  int           time; /* the column */
  double       *rows;
  unsigned      p;
} Data;

static void
options_clear (Options *self)
{
  g_free (self->time);
  g_free (self->features);
  g_free (self->delimiter);
  g_free (self->output);
  g_free (self->model);
}

static void
data_clear (Data *self)
{
  twin_ctl_sheet_free (self->sheet);
  g_free (self->rows);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Data, data_clear)

/* --- columns ----------------------------------------------------------------
 */

static gboolean
is_numeric (const TwinCtlSheet *sheet, size_t column)
{
  double value;

  for (size_t i = 0; i < sheet->n_rows; i++)
    if (!twin_ctl_sheet_number (sheet, i, column, &value, NULL))
      return FALSE;
  return TRUE;
}

static gboolean
is_verdict (const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS (verdicts); i++)
    if (g_ascii_strcasecmp (name, verdicts[i]) == 0)
      return TRUE;
  return FALSE;
}

/* As told, or every column of numbers but the time and known verdicts. */
static char **
choose_features (const Data *data, const char *told)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  if (told != NULL)
    {
      char **list = g_strsplit (told, ",", -1);

      for (size_t i = 0; list[i] != NULL; i++)
        g_strstrip (list[i]);
      return list;
    }

  for (size_t i = 0; i < data->sheet->n_columns; i++)
    {
      const char *name = data->sheet->names[i];

      if ((int) i == data->time)
        continue;
      if (is_verdict (name))
        fprintf (stderr, "twinctl: column “%s” left out: not measured\n", name);
      else if (is_numeric (data->sheet, i))
        g_ptr_array_add (names, g_strdup (name));
    }

  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_steal (names, NULL);
}

static gboolean
read_values (Data *data, char *const *features, GError **error)
{
  const TwinCtlSheet *sheet = data->sheet;

  data->p = g_strv_length ((char **) features);
  if (data->p == 0 || data->p > TWIN_PROCESS_VARIABLES)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                   "%s: %u columns to judge; 1 to %d can be, choose them by "
                   "--features",
                   sheet->path, data->p, TWIN_PROCESS_VARIABLES);
      return FALSE;
    }

  data->rows = g_new (double, sheet->n_rows * data->p);
  for (unsigned j = 0; j < data->p; j++)
    {
      const int column = twin_ctl_sheet_find (sheet, features[j], error);

      if (column < 0)
        return FALSE;
      for (size_t i = 0; i < sheet->n_rows; i++)
        if (!twin_ctl_sheet_number (sheet, i, (size_t) column,
                                    &data->rows[i * data->p + j], error))
          return FALSE;
    }

  return TRUE;
}

static gboolean
open_data (Data *data, const Options *options, const char *path, GError **error)
{
  const char *mark = options->delimiter;
  const char  delimiter =
      mark == NULL                                             ? 0
       : strcmp (mark, "\\t") == 0 || strcmp (mark, "tab") == 0 ? '\t'
                                                                : mark[0];

  data->sheet = twin_ctl_sheet_read (path, NULL, delimiter, error);
  if (data->sheet == NULL)
    return FALSE;

  data->time = twin_ctl_sheet_find (data->sheet, options->time, error);
  return data->time >= 0;
}

/* --- training ---------------------------------------------------------------
 */

static double
row_time (const Data *data, size_t row)
{
  double time;

  return twin_ctl_sheet_time (data->sheet, row, (size_t) data->time, &time,
                              NULL)
             ? time
             : NAN;
}

static int
compare_numbers (const void *a, const void *b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* How long a step lasts beyond which a run ends; infinite where the times
 * cannot be read. */
static double
longest_step (const Data *data)
{
  const size_t       n = data->sheet->n_rows;
  g_autofree double *steps = g_new (double, n);
  double             before = row_time (data, 0);

  if (n < 2)
    return INFINITY;
  for (size_t i = 1; i < n; i++)
    {
      const double time = row_time (data, i);

      steps[i - 1] = time - before;
      if (!isfinite (steps[i - 1]))
        return INFINITY;
      before = time;
    }

  qsort (steps, n - 1, sizeof (double), compare_numbers);
  return steps[(n - 1) / 2] > 0 ? PAUSE_STEPS * steps[(n - 1) / 2] : INFINITY;
}

/* Learns from the runs of a file; @known: from files before it. */
static gboolean
learn_file (TwinProcessModel *model, gboolean known, const Data *data)
{
  const size_t n = data->sheet->n_rows;
  const double pause = longest_step (data);

  for (size_t begin = 0, end; begin < n; begin = end)
    {
      TwinProcessModel run;

      for (end = begin + 1;
           end < n &&
           !(row_time (data, end) - row_time (data, end - 1) > pause);
           end++)
        ;
      if (!twin_process_learn (&run, data->rows + begin * data->p, end - begin,
                               data->p, 0))
        continue;

      if (known)
        twin_process_join (model, &run);
      else
        *model = run;
      known = TRUE;
    }

  return known;
}

/* Names what gives no measure. */
static void
tell_still (const TwinProcessModel *model, char *const *features)
{
  for (unsigned j = 0; j < model->p; j++)
    if (!(model->correlation[j * model->p + j] > 0))
      fprintf (stderr,
               "twinctl: “%s” stands still while learning, so it cannot be "
               "judged\n",
               features[j]);
}

static gboolean
parse_options (Options *options, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "time", 0, 0, G_OPTION_ARG_STRING, &options->time, NULL, NULL },
    { "features", 0, 0, G_OPTION_ARG_STRING, &options->features, NULL, NULL },
    { "delimiter", 0, 0, G_OPTION_ARG_STRING, &options->delimiter, NULL, NULL },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &options->output, NULL, NULL },
    { "model", 0, 0, G_OPTION_ARG_FILENAME, &options->model, NULL, NULL },
    { "train-rows", 0, 0, G_OPTION_ARG_INT, &options->train_rows, NULL, NULL },
    { "changes", 0, 0, G_OPTION_ARG_NONE, &options->changes, NULL, NULL },
    { NULL },
  };

  options->train_rows = -1;
  return twin_ctl_parse (argc, argv, entries);
}

static int
anomaly_train (TwinCtl *ctl, int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  g_autoptr (TwinCtlAnomalyModel) model = g_new0 (TwinCtlAnomalyModel, 1);
  g_autoptr (GError) error = NULL;
  gboolean known = FALSE;

  (void) ctl;
  if (!parse_options (&options, &argc, &argv))
    return TWIN_CTL_USAGE;
  if (argc < 2 || options.time == NULL)
    return twin_ctl_usage ("anomaly train needs --time COL and a FILE");

  for (int i = 1; i < argc; i++)
    {
      g_auto (Data) data = { 0 };

      if (!open_data (&data, &options, argv[i], &error))
        return twin_ctl_fail_error (TWIN_CTL_INPUT, error);
      if (model->features == NULL)
        model->features = choose_features (&data, options.features);
      if (!read_values (&data, model->features, &error))
        return twin_ctl_fail_error (TWIN_CTL_INPUT, error);
      known = learn_file (&model->process, known, &data);
    }

  if (!known)
    return twin_ctl_fail (TWIN_CTL_INPUT,
                          "Nothing learnt: no run of %d rows in which any of "
                          "the columns moves",
                          TWIN_PROCESS_ROWS_LEAST);
  tell_still (&model->process, model->features);
  if (!twin_ctl_anomaly_model_save (model, options.output, &error))
    return twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);
  return TWIN_CTL_DONE;
}

/* --- scoring ----------------------------------------------------------------
 */

/* Rows at the beginning that count as normal. */
static size_t
opening (const Options *options, size_t n)
{
  if (options->train_rows >= 0)
    return MIN ((size_t) options->train_rows, n);

  return MIN (n / 2, (size_t) CLAMP (OPENING_SHARE * (double) n, OPENING_LEAST,
                                     OPENING_MOST));
}

/* How far the variables move is of the opening; how they move together of the
 * model as well. FALSE: neither says. */
static gboolean
settle_model (TwinCtlAnomalyModel *model,
              gboolean             trained,
              const Data          *data,
              size_t               rows)
{
  TwinProcessModel own;

  if (rows == 0 || !twin_process_learn (&own, data->rows, rows, data->p, 0))
    return trained;

  fprintf (stderr,
           "twinctl: the first %zu rows of %s are taken for normal "
           "(--train-rows)\n",
           rows, data->sheet->path);
  if (trained)
    {
      /* What stands still in the opening keeps the model's measure. */
      for (unsigned j = 0; j < own.p; j++)
        if (!(own.noise[j] + own.wander[j] > 0))
          {
            own.noise[j] = model->process.noise[j];
            own.wander[j] = model->process.wander[j];
            own.correlation[j * own.p + j] =
                model->process.correlation[j * own.p + j];
          }
      twin_process_join_correlation (&own, &model->process);
    }
  model->process = own;
  return TRUE;
}

static void
print_cell (const char *text)
{
  if (strpbrk (text, ",\"\n") == NULL)
    {
      fputs (text, stdout);
      return;
    }

  putchar ('"');
  for (; *text != '\0'; text++)
    {
      if (*text == '"')
        putchar ('"');
      putchar (*text);
    }
  putchar ('"');
}

static void
print_score (const char             *time,
             const TwinProcessScore *score,
             const char             *driver,
             gboolean                as_json)
{
  g_autoptr (JsonBuilder) json = NULL;

  if (!as_json)
    {
      print_cell (time);
      printf (",%.2f,%d,", score->score, score->alarm);
      print_cell (driver);
      putchar ('\n');
      return;
    }

  json = json_builder_new ();
  json_builder_begin_object (json);
  json_builder_set_member_name (json, "time");
  json_builder_add_string_value (json, time);
  json_builder_set_member_name (json, "score");
  json_builder_add_double_value (json, score->score);
  json_builder_set_member_name (json, "alarm");
  json_builder_add_int_value (json, score->alarm);
  json_builder_set_member_name (json, "driver");
  json_builder_add_string_value (json, driver);
  json_builder_end_object (json);
  twin_ctl_print_builder (json);
}

/* When what is told at @row began: the likeliest change of the driver within
 * the two horizons before. */
static size_t
change_row (const Data *data, size_t row, unsigned driver, unsigned horizon)
{
  const size_t       from = row > 2 * (size_t) horizon ? row - 2 * horizon : 0;
  g_autofree double *values = g_new (double, row - from + 1);
  size_t             n = 0;

  for (size_t i = from; i <= row; i++)
    if (isfinite (data->rows[i * data->p + driver]))
      values[n++] = data->rows[i * data->p + driver];
    else if (n > 0)
      values[n] = values[n - 1], n++;

  return row + 1 - n + twin_process_change (values, n, NULL);
}

static void
print_change (const Data             *data,
              size_t                  row,
              const TwinProcessScore *score,
              unsigned                horizon,
              char *const            *features)
{
  const size_t at =
      score->alarm ? change_row (data, row, score->driver, horizon) : row;

  print_cell (twin_ctl_sheet_cell (data->sheet, at, (size_t) data->time));
  putchar (',');
  print_cell (twin_ctl_sheet_cell (data->sheet, row, (size_t) data->time));
  printf (",%s,", score->alarm ? "begins" : "ends");
  print_cell (score->alarm ? features[score->driver] : "");
  putchar ('\n');
}

static void
score_rows (const TwinCtl             *ctl,
            const Options             *options,
            const Data                *data,
            const TwinCtlAnomalyModel *model,
            size_t                     rows)
{
  g_autoptr (TwinProcess) process = twin_process_new (&model->process);
  gboolean before = FALSE;

  if (!ctl->json || options->changes)
    puts (options->changes ? "change,time,alarm,driver"
                           : "time,score,alarm,driver");
  for (size_t i = 0; i < data->sheet->n_rows; i++)
    {
      TwinProcessScore score = { 0 };

      if (i < rows)
        twin_process_settle (process, data->rows + i * data->p);
      else
        twin_process_push (process, data->rows + i * data->p, &score);

      if (!options->changes)
        print_score (twin_ctl_sheet_cell (data->sheet, i, (size_t) data->time),
                     &score,
                     score.score > 0 ? model->features[score.driver] : "",
                     ctl->json);
      else if (score.alarm != before)
        print_change (data, i, &score, model->process.horizon, model->features);
      before = score.alarm;
    }
}

static int
anomaly_score (TwinCtl *ctl, int argc, char **argv)
{
  g_auto (Options) options = { 0 };
  g_auto (Data) data = { 0 };
  g_autoptr (TwinCtlAnomalyModel) model = NULL;
  g_autoptr (GError) error = NULL;
  size_t   rows;
  gboolean trained;

  if (!parse_options (&options, &argc, &argv))
    return TWIN_CTL_USAGE;
  if (argc != 2 || options.time == NULL)
    return twin_ctl_usage ("anomaly score needs --time COL and one FILE");

  trained = options.model != NULL;
  model = trained ? twin_ctl_anomaly_model_load (options.model, &error)
                  : g_new0 (TwinCtlAnomalyModel, 1);
  if (model == NULL || !open_data (&data, &options, argv[1], &error))
    return twin_ctl_fail_error (TWIN_CTL_INPUT, error);

  if (!trained)
    model->features = choose_features (&data, options.features);
  if (!read_values (&data, model->features, &error))
    return twin_ctl_fail_error (TWIN_CTL_INPUT, error);

  rows = opening (&options, data.sheet->n_rows);
  if (!settle_model (model, trained, &data, rows))
    return twin_ctl_fail (TWIN_CTL_INPUT,
                          "%s: nothing to judge by: train a model from a "
                          "normal run (anomaly train, --model), or say by "
                          "--train-rows how many rows are normal (at least %d)",
                          data.sheet->path, TWIN_PROCESS_ROWS_LEAST);
  tell_still (&model->process, model->features);
  score_rows (ctl, &options, &data, model, rows);
  return TWIN_CTL_DONE;
}

const TwinCtlVerb twin_ctl_anomaly_verbs[] = {
  { "anomaly", "train", anomaly_train,
    "--time COL [--features COL,…] [--delimiter ';'] FILE… [-o MODEL]",
    "learn how slow signals behave, from runs without anomaly" },
  { "anomaly", "score", anomaly_score,
    "--time COL [--features COL,…] [--delimiter ';'] [--model MODEL] "
    "[--train-rows N] [--changes] FILE",
    "judge each row by T² and Q; the first N rows (else 15 %, 400 to 1000 of "
    "them) are taken for normal, 0: none" },
  { NULL },
};
