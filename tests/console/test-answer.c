/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-answer.h"

#include <string.h>

static const TwinAnswerColumn *
column (const TwinAnswer *answer, const char *name)
{
  for (guint i = 0; i < answer->columns->len; i++)
    {
      const TwinAnswerColumn *one = answer->columns->pdata[i];

      if (g_str_equal (one->name, name))
        return one;
    }

  return NULL;
}

static char *
titles (const TwinAnswer *answer, gboolean shown)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < answer->columns->len; i++)
    {
      const TwinAnswerColumn *one = answer->columns->pdata[i];

      if (!shown || one->shown)
        g_string_append_printf (text, "%s%s", text->len > 0 ? "|" : "",
                                one->title);
    }
  return g_string_free (text, FALSE);
}

static TwinAnswer *
whole_twins (void)
{
  static const char *const rows[] = {
    "{\"$dtId\":\"pump-1\",\"$etag\":\"x\",\"$metadata\":{\"$model\":"
    "\"dtmi:a:Pump;1\",\"speed\":{\"lastUpdateTime\":\"t\"}},\"speed\":1475,"
    "\"displayName\":\"Pump 1\",\"place\":{\"x\":1},"
    "\"motor\":{\"$metadata\":{},\"mode\":\"on\"}}",
    "{\"$dtId\":\"pump-2\",\"$etag\":\"y\",\"$metadata\":{\"$model\":"
    "\"dtmi:a:Pump;1\",\"$tags\":[\"spare\",\"old\"]},\"speed\":990.5,"
    "\"displayName\":\"Pump 2, \\\"spare\\\"\"}",
    NULL,
  };
  g_autoptr (GError) error = NULL;
  TwinAnswer *answer = twin_answer_new (rows, &error);

  g_assert_no_error (error);
  return answer;
}

static void
test_whole_twins (void)
{
  g_autoptr (TwinAnswer) answer = whole_twins ();
  TwinAnswerRow   *first = answer->rows->pdata[0];
  TwinAnswerRow   *second = answer->rows->pdata[1];
  g_autofree char *shown = titles (answer, TRUE);
  g_autofree char *model = NULL, *tags = NULL, *mode = NULL;

  g_assert_cmpuint (answer->rows->len, ==, 2);
  g_assert_cmpstr (twin_answer_row_get_twin (first), ==, "pump-1");
  /* People look for the name first; an object and etags stay out of sight. */
  g_assert_cmpstr (shown, ==, "Name|Id|Model|Tags|Speed|Mode");
  g_assert_null (column (answer, "$etag"));
  g_assert_null (column (answer, "$metadata.speed"));
  g_assert_true (column (answer, "speed")->numeric);
  g_assert_false (column (answer, "place")->shown);

  model = twin_answer_row_dup_text (first, column (answer, "$metadata.$model"));
  tags = twin_answer_row_dup_text (second, column (answer, "$metadata.$tags"));
  mode = twin_answer_row_dup_text (first, column (answer, "motor.mode"));
  g_assert_cmpstr (model, ==, "Pump;1");
  g_assert_cmpstr (tags, ==, "spare, old");
  g_assert_cmpstr (mode, ==, "on");
  g_assert_null (
      twin_answer_row_dup_text (second, column (answer, "motor.mode")));
}

static void
test_aliases (void)
{
  static const char *const rows[] = {
    "{\"T\":{\"$dtId\":\"a\",\"displayName\":\"A\"},"
    "\"U\":{\"$dtId\":\"b\",\"displayName\":\"B\"}}",
    NULL,
  };
  g_autoptr (TwinAnswer) answer = twin_answer_new (rows, NULL);
  g_autofree char *all = titles (answer, FALSE);

  /* Two of one name tell whose they are; the row stands for the first. */
  g_assert_cmpstr (all, ==, "T · Name|T · Id|U · Name|U · Id");
  g_assert_cmpstr (twin_answer_row_get_twin (answer->rows->pdata[0]), ==, "a");
}

static void
test_projection (void)
{
  static const char *const rows[] = { "{\"model\":\"dtmi:a:Pump;1\","
                                      "\"COUNT\":8}",
                                      "{\"COUNT\":2}", NULL };
  g_autoptr (TwinAnswer) answer = twin_answer_new (rows, NULL);
  g_autofree char *all = titles (answer, TRUE);

  g_assert_cmpstr (all, ==, "Model|Count");
  g_assert_null (twin_answer_row_get_twin (answer->rows->pdata[0]));
}

static void
test_id (void)
{
  static const char *const rows[] = { "{\"id\":\"pump-1\",\"v\":1}",
                                      "{\"id\":7}", NULL };
  g_autoptr (TwinAnswer) answer = twin_answer_new (rows, NULL);

  g_assert_cmpstr (twin_answer_row_get_twin (answer->rows->pdata[0]), ==,
                   "pump-1");
  g_assert_null (twin_answer_row_get_twin (answer->rows->pdata[1]));
}

static void
test_order (void)
{
  /* Numbers by size, then words as people count, what is missing last. */
  static const char *const rows[] = { "{\"v\":2}",
                                      "{\"v\":10.5}",
                                      "{\"v\":\"pump-2\"}",
                                      "{\"v\":\"pump-10\"}",
                                      "{\"v\":null}",
                                      "{}",
                                      NULL };
  g_autoptr (TwinAnswer) answer = twin_answer_new (rows, NULL);
  const TwinAnswerColumn *v = column (answer, "v");

  g_assert_false (v->numeric);
  for (guint i = 0; i + 1 < 5; i++)
    {
      g_assert_cmpint (twin_answer_row_compare (answer->rows->pdata[i],
                                                answer->rows->pdata[i + 1], v),
                       <, 0);
      g_assert_cmpint (twin_answer_row_compare (answer->rows->pdata[i + 1],
                                                answer->rows->pdata[i], v),
                       >, 0);
    }
  g_assert_cmpint (twin_answer_row_compare (answer->rows->pdata[4],
                                            answer->rows->pdata[5], v),
                   ==, 0);
}

static void
count_notify (GObject *object, GParamSpec *pspec, gpointer data)
{
  (*(guint *) data)++;
}

static void
test_update (void)
{
  static const char *const newer[] = { "{\"$dtId\":\"pump-1\",\"speed\":9}",
                                       NULL };
  g_autoptr (TwinAnswer) answer = whole_twins ();
  g_autoptr (TwinAnswer) next = twin_answer_new (newer, NULL);
  TwinAnswerRow   *row = answer->rows->pdata[0];
  guint            told = 0;
  g_autofree char *speed = NULL;

  g_signal_connect (row, "notify::serial", G_CALLBACK (count_notify), &told);
  twin_answer_row_update (row, row);
  g_assert_cmpuint (told, ==, 0);
  twin_answer_row_update (row, next->rows->pdata[0]);
  g_assert_cmpuint (told, ==, 1);
  speed = twin_answer_row_dup_text (row, column (answer, "speed"));
  g_assert_cmpstr (speed, ==, "9");
}

static void
test_csv (void)
{
  g_autoptr (TwinAnswer) answer = whole_twins ();
  g_autoptr (GListStore) rows = g_list_store_new (TWIN_TYPE_ANSWER_ROW);
  g_autoptr (GPtrArray) columns = g_ptr_array_new ();
  g_autofree char *csv = NULL;

  for (guint i = 0; i < answer->rows->len; i++)
    g_list_store_append (rows, answer->rows->pdata[i]);
  g_ptr_array_add (columns, (gpointer) column (answer, "displayName"));
  g_ptr_array_add (columns, (gpointer) column (answer, "$metadata.$model"));
  g_ptr_array_add (columns, (gpointer) column (answer, "speed"));
  csv = twin_answer_dup_csv (columns, G_LIST_MODEL (rows));
  g_assert_cmpstr (csv, ==,
                   "displayName,$metadata.$model,speed\r\n"
                   "Pump 1,dtmi:a:Pump;1,1475\r\n"
                   "\"Pump 2, \"\"spare\"\"\",dtmi:a:Pump;1,990.5\r\n");
}

static void
test_no_json (void)
{
  static const char *const texts[] = { "", "[1]", "{", "7", "null" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const char *const rows[] = { "{}", texts[i], NULL };
      g_autoptr (GError) error = NULL;

      g_assert_null (twin_answer_new (rows, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      g_assert_nonnull (strstr (error->message, "2"));
    }
}

static void
test_empty (void)
{
  static const char *const none[] = { NULL };
  g_autoptr (TwinAnswer) answer = twin_answer_new (none, NULL);

  g_assert_cmpuint (answer->rows->len, ==, 0);
  g_assert_cmpuint (answer->columns->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/console/answer/whole-twins", test_whole_twins);
  g_test_add_func ("/console/answer/aliases", test_aliases);
  g_test_add_func ("/console/answer/projection", test_projection);
  g_test_add_func ("/console/answer/id", test_id);
  g_test_add_func ("/console/answer/order", test_order);
  g_test_add_func ("/console/answer/update", test_update);
  g_test_add_func ("/console/answer/csv", test_csv);
  g_test_add_func ("/console/answer/no-json", test_no_json);
  g_test_add_func ("/console/answer/empty", test_empty);
  return g_test_run ();
}
