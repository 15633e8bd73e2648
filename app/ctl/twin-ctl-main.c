/* SPDX-License-Identifier: Apache-2.0 */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "twin-ctl-options.h"

static const TwinCtlVerb *const tables[] = {
  twin_ctl_validate_verbs,
  twin_ctl_model_verbs,
  twin_ctl_roles_verbs,
  twin_ctl_graph_verbs,
  twin_ctl_twin_verbs,
  twin_ctl_change_verbs,
  twin_ctl_migrate_verbs,
  twin_ctl_relationship_verbs,
  twin_ctl_group_verbs,
  twin_ctl_query_verbs,
  twin_ctl_engine_verbs,
  twin_ctl_history_verbs,
  twin_ctl_command_verbs,
  twin_ctl_ota_verbs,
  twin_ctl_ota_plan_verbs,
  twin_ctl_alarm_verbs,
  twin_ctl_analyze_verbs,
  twin_ctl_anomaly_verbs,
  twin_ctl_analyze_machine_verbs,
  twin_ctl_bench_analysis_verbs,
  twin_ctl_bench_graph_verbs,
  twin_ctl_bench_model_verbs,
  twin_ctl_bench_query_verbs,
  twin_ctl_outcome_verbs,
  twin_ctl_prognosis_verbs,
  twin_ctl_record_verbs,
  twin_ctl_whatif_verbs,
  NULL,
};

/* Verbs of @word, of all without one; how many there are. */
static int
print_verbs (const char *word)
{
  int printed = 0;

  for (size_t i = 0; tables[i] != NULL; i++)
    {
      for (const TwinCtlVerb *verb = tables[i]; verb->word != NULL; verb++)
        {
          if (word != NULL && strcmp (verb->word, word) != 0)
            continue;
          printf ("  %s%s%s %s\n      %s\n", verb->word,
                  verb->sub != NULL ? " " : "",
                  verb->sub != NULL ? verb->sub : "", verb->arguments,
                  verb->summary);
          printed++;
        }
    }

  return printed;
}

/* Of the command named first, of all where it is none. */
static void
print_help (const char *word)
{
  puts ("Usage: twinctl [OPTION…] COMMAND [ARGUMENT…]\n");
  if (word == NULL || print_verbs (word) == 0)
    {
      word = NULL;
      print_verbs (NULL);
    }

  if (word == NULL || strcmp (word, "analyze") == 0)
    puts (
        "\nOptions of a recording (analyze)\n"
        "  --format WORD     i16, f32 (raw, little-endian), csv, wav; else by "
        "its ending\n"
        "  --rate HZ         samples a second; a WAV and a column of time "
        "tell it\n"
        "  --scale G         unit a count; of a WAV also --full-scale G\n"
        "  --unit UNIT       g, mg, m/s2: of the numbers\n"
        "  --start, --seconds S   a part of it\n"
        "  --channels, --channel N   interleaved in raw files; the one "
        "taken\n"
        "  --column, --time NAME|N   of CSV; --time-unit s|ms|us, "
        "--delimiter C");
  puts ("\nOptions of every command\n"
        "  --store FILE      the plant's store\n"
        "  --broker URL      mqtt://[user@]host:port, or mqtts://…\n"
        "  --ca, --cert, --key FILE  TLS files\n"
        "  --plant NAME      the plant's name on the wire\n"
        "  --key-dir DIR     where the operator's signing key lies\n"
        "  --data-dir DIR    where bearings.csv and roles.json lie\n"
        "  --operator NAME   who acts, for the audit\n"
        "  --json            machine-readable output\n"
        "  --verbose         say more on the way\n"
        "\nExit: 0 done, 1 the input is at fault, 2 a model's reference is "
        "open,\n      3 the environment is at fault, 64 usage");
}

static gboolean
wants_help (const GPtrArray *argv)
{
  for (guint i = 1; i < argv->len; i++)
    {
      const char *word = g_ptr_array_index (argv, i);

      if (strcmp (word, "--") == 0)
        return FALSE;
      if (strcmp (word, "--help") == 0 || strcmp (word, "-h") == 0)
        return TRUE;
    }

  return FALSE;
}

/* Warnings of the folders below as sentences of this program. */
static void
log_sentence (const char    *domain,
              GLogLevelFlags level,
              const char    *message,
              void          *data)
{
  if (level & (G_LOG_LEVEL_DEBUG | G_LOG_LEVEL_INFO))
    g_log_default_handler (domain, level, message, data);
  else
    fprintf (stderr, "twinctl: %s\n", message);
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autofree char  **rest = NULL;
  TwinCtl            ctl = { 0 };
  const TwinCtlVerb *verb;
  int                status = TWIN_CTL_USAGE;

  /* The caller's character set, but numbers as machines write them. */
  setlocale (LC_CTYPE, "");
  g_log_set_default_handler (log_sentence, NULL);
  for (int i = 0; i < argc; i++)
    g_ptr_array_add (words, g_strdup (argv[i]));

  if (wants_help (words))
    {
      print_help (words->len > 1 ? g_ptr_array_index (words, 1) : NULL);
      return TWIN_CTL_DONE;
    }

  if (twin_ctl_options_take (&ctl, words))
    {
      verb = twin_ctl_options_find_verb (tables, words);
      if (verb != NULL)
        {
          rest = g_new0 (char *, words->len + 1);
          for (guint i = 0; i < words->len; i++)
            rest[i] = g_ptr_array_index (words, i);

          status = verb->func (&ctl, (int) words->len, rest);
        }
    }

  twin_ctl_options_clear (&ctl);
  if (fflush (stdout) != 0 && status == TWIN_CTL_DONE)
    status = twin_ctl_fail (TWIN_CTL_ENVIRONMENT,
                            "Could not write the result to standard output");
  return status;
}
