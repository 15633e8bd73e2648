/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl-options.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "twin-clock.h"

typedef struct
{
  const char *name;
  gboolean    takes_value;
  size_t      offset;
} CommonOption;

static const CommonOption common[] = {
  { "--store", TRUE, offsetof (TwinCtl, store) },
  { "--broker", TRUE, offsetof (TwinCtl, broker) },
  { "--ca", TRUE, offsetof (TwinCtl, ca) },
  { "--cert", TRUE, offsetof (TwinCtl, cert) },
  { "--key", TRUE, offsetof (TwinCtl, key) },
  { "--plant", TRUE, offsetof (TwinCtl, plant) },
  { "--key-dir", TRUE, offsetof (TwinCtl, key_dir) },
  { "--data-dir", TRUE, offsetof (TwinCtl, data_dir) },
  { "--operator", TRUE, offsetof (TwinCtl, operator_name) },
  { "--json", FALSE, offsetof (TwinCtl, json) },
  { "--verbose", FALSE, offsetof (TwinCtl, verbose) },
};

static const CommonOption *
find_common (const char *argument, const char **value)
{
  for (size_t i = 0; i < G_N_ELEMENTS (common); i++)
    {
      size_t length = strlen (common[i].name);

      if (strncmp (argument, common[i].name, length) != 0)
        continue;

      *value = argument[length] == '=' ? argument + length + 1 : NULL;
      if (argument[length] == '\0' || argument[length] == '=')
        return &common[i];
    }

  return NULL;
}

/* Where bearings.csv and roles.json lie: as told, as installed, or in the
 * source tree that the running program was built in. */
static char *
find_data_dir (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  const char      *told = g_getenv ("TWIN_DATA_DIR");

  if (told != NULL)
    return g_strdup (told);

  for (int up = 0; program != NULL && up < 5; up++)
    {
      g_autofree char *folder = g_path_get_dirname (program);
      g_autofree char *beside =
          g_build_filename (folder, "data", "roles.json", NULL);

      if (g_file_test (beside, G_FILE_TEST_EXISTS))
        return g_path_get_dirname (beside);

      g_free (program);
      program = g_steal_pointer (&folder);
    }

  return g_strdup (TWIN_PKGDATADIR);
}

static void
fill_defaults (TwinCtl *ctl)
{
  const char *folder = g_get_user_data_dir ();

  ctl->store_given = ctl->store != NULL;
  if (ctl->store == NULL)
    ctl->store = g_build_filename (folder, "twin-console", "plant.db", NULL);
  if (ctl->key_dir == NULL)
    ctl->key_dir = g_build_filename (folder, "twin-console", "keys", NULL);
  if (ctl->data_dir == NULL)
    ctl->data_dir = find_data_dir ();
  if (ctl->operator_name == NULL)
    ctl->operator_name = g_strdup (g_get_user_name ());
}

static void
store_value (TwinCtl *ctl, const CommonOption *option, const char *value)
{
  void *place = (char *) ctl + option->offset;

  if (option->takes_value)
    {
      g_free (*(char **) place);
      *(char **) place = g_strdup (value);
    }
  else
    {
      *(gboolean *) place = TRUE;
    }
}

gboolean
twin_ctl_options_take (TwinCtl *ctl, GPtrArray *argv)
{
  for (guint i = 1; i < argv->len;)
    {
      const char         *value = NULL;
      const char         *argument = g_ptr_array_index (argv, i);
      const CommonOption *option = find_common (argument, &value);

      if (strcmp (argument, "--") == 0)
        break;

      if (option == NULL)
        {
          i++;
          continue;
        }

      if (!option->takes_value && value != NULL)
        {
          twin_ctl_usage ("%s takes no value", option->name);
          return FALSE;
        }

      if (option->takes_value && value == NULL)
        {
          if (i + 1 >= argv->len)
            {
              twin_ctl_usage ("%s needs a value", option->name);
              return FALSE;
            }

          store_value (ctl, option, g_ptr_array_index (argv, i + 1));
          g_ptr_array_remove_index (argv, i + 1);
        }
      else
        {
          store_value (ctl, option, value);
        }

      g_ptr_array_remove_index (argv, i);
    }

  fill_defaults (ctl);
  return TRUE;
}

void
twin_ctl_options_clear (TwinCtl *ctl)
{
  for (size_t i = 0; i < G_N_ELEMENTS (common); i++)
    {
      if (common[i].takes_value)
        g_free (*(char **) ((char *) ctl + common[i].offset));
    }
}

static const TwinCtlVerb *
match (const TwinCtlVerb *const *tables, const char *word, const char *sub)
{
  for (; *tables != NULL; tables++)
    {
      for (const TwinCtlVerb *verb = *tables; verb->word != NULL; verb++)
        {
          if (strcmp (verb->word, word) != 0)
            continue;

          /* Without @sub any verb of that first word will do. */
          if (sub == NULL || verb->sub == NULL || strcmp (verb->sub, sub) == 0)
            return verb;
        }
    }

  return NULL;
}

const TwinCtlVerb *
twin_ctl_options_find_verb (const TwinCtlVerb *const *tables, GPtrArray *argv)
{
  const char *first_plain = NULL;

  for (guint i = 1; i < argv->len; i++)
    {
      const char        *word = g_ptr_array_index (argv, i);
      const TwinCtlVerb *verb = match (tables, word, NULL);
      const char        *sub;

      if (first_plain == NULL && word[0] != '-')
        first_plain = word;
      if (verb == NULL)
        continue;

      g_ptr_array_remove_index (argv, 0);
      if (verb->sub == NULL)
        {
          /* argv[0] is the verb, options that stood before it follow. */
          char *last = g_strdup (word);

          g_ptr_array_remove_index (argv, i - 1);
          g_ptr_array_insert (argv, 0, last);
          return verb;
        }

      sub = i < argv->len ? g_ptr_array_index (argv, i) : NULL;
      verb = sub != NULL ? match (tables, word, sub) : NULL;
      if (verb == NULL)
        {
          twin_ctl_usage (sub != NULL ? "“%s” has no command “%s”"
                                      : "“%s” needs a command after it",
                          word, sub);
          return NULL;
        }

      {
        char *last = g_strdup (sub);

        g_ptr_array_remove_index (argv, i);
        g_ptr_array_remove_index (argv, i - 1);
        g_ptr_array_insert (argv, 0, last);
      }
      return verb;
    }

  if (first_plain != NULL)
    twin_ctl_usage ("There is no command “%s”", first_plain);
  else
    twin_ctl_usage ("A command is missing");
  return NULL;
}

/* "-5" is a value, not an option: its minus stands aside while options are
 * parsed. What follows an option may be that option's value. */
#define MARK '\001'

static void
mask (int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    {
      gboolean number = argv[i][0] == '-' &&
                        (g_ascii_isdigit (argv[i][1]) || argv[i][1] == '.');

      if (number && !g_str_has_prefix (argv[i - 1], "--"))
        argv[i][0] = MARK;
    }
}

static void
unmask (int argc, char **argv)
{
  for (int i = 1; i < argc; i++)
    {
      if (argv[i][0] == MARK)
        argv[i][0] = '-';
    }
}

gboolean
twin_ctl_parse (int *argc, char ***argv, const GOptionEntry *entries)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  mask (*argc, *argv);
  g_option_context_set_help_enabled (context, FALSE);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);

  if (!g_option_context_parse (context, argc, argv, &error))
    {
      twin_ctl_usage ("%s", error->message);
      return FALSE;
    }

  unmask (*argc, *argv);

  /* GOptionContext leaves the "--" that ended the options. */
  if (*argc > 1 && strcmp ((*argv)[1], "--") == 0)
    {
      memmove (*argv + 1, *argv + 2, (size_t) (*argc - 1) * sizeof **argv);
      (*argc)--;
    }

  return TRUE;
}

gboolean
twin_ctl_parse_time (const char *text, int64_t now_us, int64_t *us)
{
  static const struct
  {
    char    letter;
    int64_t seconds;
  } units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
  char  *end;
  double number;

  if (strcmp (text, "now") == 0)
    {
      *us = now_us;
      return TRUE;
    }

  if (text[0] != '-')
    return twin_clock_parse_utc (text, us);

  number = g_ascii_strtod (text, &end);
  for (size_t i = 0; i < G_N_ELEMENTS (units); i++)
    {
      if (end[0] == units[i].letter && end[1] == '\0' && fabs (number) < 1e6)
        {
          *us = now_us + (int64_t) (number * (double) units[i].seconds * 1e6);
          return TRUE;
        }
    }

  return FALSE;
}
