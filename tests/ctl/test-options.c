/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl-options.h"

static int
nothing (TwinCtl *ctl, int argc, char **argv)
{
  return TWIN_CTL_DONE;
}

static const TwinCtlVerb verbs[] = {
  { "run", NULL, nothing, "", "" },
  { "model", "show", nothing, "", "" },
  { "model", "list", nothing, "", "" },
  { NULL },
};
static const TwinCtlVerb *const tables[] = { verbs, NULL };

static GPtrArray *
words (const char *line)
{
  GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) parts = g_strsplit (line, " ", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    g_ptr_array_add (argv, g_strdup (parts[i]));
  return argv;
}

static char *
join (GPtrArray *argv)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < argv->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                            (char *) g_ptr_array_index (argv, i));
  return g_string_free (text, FALSE);
}

static void
test_anywhere (void)
{
  static const struct
  {
    const char *line;
    const char *rest;
    const char *word;
    const char *sub;
  } cases[] = {
    { "twinctl --store a.db run --deep", "run --deep", "run", NULL },
    { "twinctl run --store=a.db", "run", "run", NULL },
    { "twinctl --rate 3 model show x --store a.db", "show --rate 3 x", "model",
      "show" },
    { "twinctl model --store a.db list", "list", "model", "list" },
    { "twinctl run --store a.db -- --json", "run -- --json", "run", NULL },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) argv = words (cases[i].line);
      g_autofree char   *rest = NULL;
      TwinCtl            ctl = { 0 };
      const TwinCtlVerb *verb;

      g_assert_true (twin_ctl_options_take (&ctl, argv));
      verb = twin_ctl_options_find_verb (tables, argv);
      g_assert_nonnull (verb);
      g_assert_cmpstr (verb->word, ==, cases[i].word);
      g_assert_cmpstr (verb->sub, ==, cases[i].sub);
      rest = join (argv);
      g_assert_cmpstr (rest, ==, cases[i].rest);
      g_assert_cmpstr (ctl.store, ==, "a.db");
      g_assert_true (ctl.store_given);
      g_assert_false (ctl.json);
      twin_ctl_options_clear (&ctl);
    }
}

static void
test_refused (void)
{
  static const char *const lines[] = { "twinctl", "twinctl walk",
                                       "twinctl model", "twinctl model hide" };

  for (size_t i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GPtrArray) argv = words (lines[i]);

      g_assert_null (twin_ctl_options_find_verb (tables, argv));
    }

  for (int i = 0; i < 2; i++)
    {
      g_autoptr (GPtrArray) argv =
          words (i == 0 ? "twinctl run --store" : "twinctl --json=1 run");
      TwinCtl ctl = { 0 };

      g_assert_false (twin_ctl_options_take (&ctl, argv));
      twin_ctl_options_clear (&ctl);
    }
}

static void
test_negative (void)
{
  g_autofree char   *from = NULL;
  const GOptionEntry entries[] = {
    { "from", 0, 0, G_OPTION_ARG_STRING, &from, NULL, NULL }, { NULL }
  };
  char   verb[] = "desired", option[] = "--from", span[] = "-1h";
  char   number[] = "-5", fraction[] = "-.5";
  char  *line[] = { verb, number, option, span, fraction, NULL };
  char **argv = line;
  int    argc = 5;

  g_assert_true (twin_ctl_parse (&argc, &argv, entries));
  g_assert_cmpint (argc, ==, 3);
  g_assert_cmpstr (argv[1], ==, "-5");
  g_assert_cmpstr (argv[2], ==, "-.5");
  g_assert_cmpstr (from, ==, "-1h");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl/options-stand-anywhere", test_anywhere);
  g_test_add_func ("/ctl/refuses-what-it-does-not-know", test_refused);
  g_test_add_func ("/ctl/negative-numbers-are-values", test_negative);
  return g_test_run ();
}
