/* SPDX-License-Identifier: Apache-2.0 */
/* What a model import costs, beside the public DTDL parser (npm, WASM). */
#include "twin-ctl.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "twin-clock.h"
#include "twin-ctl-bench-run.h"
#include "twin-json.h"
#include "twin-json-members.h"

#define PACKAGE "@digicatapult/dtdl-parser"

enum
{
  INTERFACES = 768, /* of the made-up ontology */
  ROUNDS = 5,
  PARSER_ROUNDS = 3,
};

typedef struct
{
  char           *folder;
  GPtrArray      *inputs; /* char * */
  char           *empty, *store, *script;
  TwinCtlBenchRun import;
  gboolean        compared;
  double          cold_s, warm_s; /* the parser's */
} Bench;

/* --- an ontology of our own
 * --------------------------------------------------------- */

static const char *const quantities[][2] = {
  { "Temperature", "degreeCelsius" },
  { "Pressure", "bar" },
  { "Power", "kilowatt" },
  { "Length", "metre" },
  { "AngularVelocity", "revolutionPerMinute" },
};

/* A tree three wide, six deep; every interface with some contents of its own,
 * every fourth with a component, which is the last one. */
static void
append_interface (GString *out, int i)
{
  g_string_append_printf (out,
                          "{\n  \"@context\": [\"dtmi:dtdl:context;3\", "
                          "\"dtmi:dtdl:extension:quantitativeTypes;1\"],\n"
                          "  \"@id\": \"dtmi:com:example:bench:Thing%d;1\",\n"
                          "  \"@type\": \"Interface\",\n"
                          "  \"displayName\": {\"en\": \"Thing %d\", \"de\": "
                          "\"Ding %d\"},\n",
                          i, i, i);
  if (i > 0 && i < INTERFACES - 1)
    g_string_append_printf (out,
                            "  \"extends\": "
                            "\"dtmi:com:example:bench:Thing%d;1\",\n",
                            (i - 1) / 3);

  g_string_append (out, "  \"contents\": [\n");
  for (int k = 0; k < 2 + i % 3; k++)
    {
      int q = (i + k) % (int) G_N_ELEMENTS (quantities);

      g_string_append_printf (
          out,
          "    {\"@type\": [\"Property\", \"%s\"], \"name\": \"p%d_%d\", "
          "\"displayName\": \"Value %d\", \"unit\": \"%s\", \"schema\": "
          "\"double\", \"writable\": %s},\n",
          quantities[q][0], i, k, k, quantities[q][1],
          k % 2 == 0 ? "true" : "false");
    }
  if (i > 3 && i % 4 == 0)
    g_string_append_printf (out,
                            "    {\"@type\": \"Component\", \"name\": \"c%d\", "
                            "\"schema\": "
                            "\"dtmi:com:example:bench:Thing%d;1\"},\n",
                            i, INTERFACES - 1);
  g_string_append_printf (out,
                          "    {\"@type\": \"Relationship\", \"name\": "
                          "\"r%d\", \"target\": "
                          "\"dtmi:com:example:bench:Thing%d;1\"}\n  ]\n}\n",
                          i, i / 2);
}

static gboolean
write_ontology (const char *folder, GError **error)
{
  for (int i = 0; i < INTERFACES; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *name = g_strdup_printf ("Thing%d.json", i);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      append_interface (text, i);
      if (!g_file_set_contents_full (path, text->str, (gssize) text->len,
                                     G_FILE_SET_CONTENTS_NONE, 0666, error))
        return FALSE;
    }

  return TRUE;
}

/* --- ours
 * ------------------------------------------------------------------------ */

static void
remove_store (const char *path)
{
  static const char *const ends[] = { "", "-wal", "-shm", "-lock" };

  for (size_t i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *one = g_strconcat (path, ends[i], NULL);

      g_unlink (one);
    }
}

static gboolean
copy_store (const char *from, const char *to, GError **error)
{
  g_autofree char *bytes = NULL;
  gsize            n;

  remove_store (to);
  return g_file_get_contents (from, &bytes, &n, error) &&
         g_file_set_contents (to, bytes, (gssize) n, error);
}

static gboolean
run_import (const char      *store,
            GPtrArray       *inputs,
            TwinCtlBenchRun *run,
            GError         **error)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();

  g_ptr_array_add (argv, (void *) twin_ctl_bench_self ());
  g_ptr_array_add (argv, (void *) "model");
  g_ptr_array_add (argv, (void *) "import");
  g_ptr_array_add (argv, (void *) "--store");
  g_ptr_array_add (argv, (void *) store);
  for (guint i = 0; i < inputs->len; i++)
    g_ptr_array_add (argv, g_ptr_array_index (inputs, i));
  g_ptr_array_add (argv, NULL);
  return twin_ctl_bench_spawn ((const char *const *) argv->pdata, run, error);
}

/* Into a store that is there and has no models: the import, not the making of
 * a file, is asked for. The least of some rounds. */
static gboolean
measure_import (Bench *bench, GError **error)
{
  g_autofree char *nothing =
      g_build_filename (bench->folder, "nothing.json", NULL);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  TwinCtlBenchRun run;
  gboolean        good;

  g_ptr_array_add (none, nothing);
  good = g_file_set_contents (nothing, "[]", -1, error) &&
         run_import (bench->empty, none, &run, error);
  g_unlink (nothing);

  for (int i = 0; good && i < ROUNDS; i++)
    {
      good = copy_store (bench->empty, bench->store, error) &&
             run_import (bench->store, bench->inputs, &run, error);
      if (good && (i == 0 || run.wall_s < bench->import.wall_s))
        bench->import = run;
    }

  return good;
}

/* --- the public parser
 * ------------------------------------------------------------------ */

/* Reads the same files into one array, as its own helper does; cold: from the
 * start of node to the end of the first call; warm: the least of five more. */
static const char script[] =
    "import { readdirSync, readFileSync, statSync } from 'node:fs'\n"
    "import { join } from 'node:path'\n"
    "const list = (p) => statSync (p).isDirectory ()\n"
    "  ? readdirSync (p).flatMap ((n) => list (join (p, n)))\n"
    "  : p.endsWith ('.json') ? [p] : []\n"
    "const text = () => '[' + process.argv.slice (3).flatMap (list)\n"
    "  .map ((f) => readFileSync (f, 'utf8').replace (/^\\uFEFF/, ''))\n"
    "  .join (',') + ']'\n"
    "const { getInterop } = await import (process.argv[2])\n"
    "const parser = await getInterop ()\n"
    "parser.parse (text ())\n"
    "const cold = performance.now ()\n"
    "let warm = Infinity\n"
    "for (let i = 0; i < 5; i++) {\n"
    "  const start = performance.now ()\n"
    "  parser.parse (text ())\n"
    "  warm = Math.min (warm, performance.now () - start)\n"
    "}\n"
    "console.log (JSON.stringify ({ cold, warm }))\n"
    "process.exit (0)\n";

static gboolean
read_figures (Bench *bench, const char *out, GError **error)
{
  const char *begin = strrchr (out, '{');
  g_autoptr (JsonNode) node = NULL;
  JsonObject *object;

  if (begin == NULL)
    {
      g_set_error (error, G_SPAWN_ERROR, G_SPAWN_ERROR_FAILED,
                   "the parser said no figures");
      return FALSE;
    }

  node = twin_json_parse ("node", begin, -1, error);
  if (node == NULL)
    return FALSE;

  object = json_node_get_object (node);
  bench->cold_s =
      MIN (bench->cold_s, json_object_get_double_member (object, "cold") / 1e3);
  bench->warm_s =
      MIN (bench->warm_s, json_object_get_double_member (object, "warm") / 1e3);
  return TRUE;
}

static gboolean
run_parser (Bench *bench, const char *entry, GError **error)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *out = NULL, *said = NULL;
  int              status;

  g_ptr_array_add (argv, (void *) "node");
  g_ptr_array_add (argv, bench->script);
  g_ptr_array_add (argv, (void *) entry);
  for (guint i = 0; i < bench->inputs->len; i++)
    g_ptr_array_add (argv, g_ptr_array_index (bench->inputs, i));
  g_ptr_array_add (argv, NULL);

  if (!g_spawn_sync (NULL, (char **) argv->pdata, NULL, G_SPAWN_SEARCH_PATH,
                     NULL, NULL, &out, &said, &status, error))
    return FALSE;
  if (!g_spawn_check_wait_status (status, NULL))
    {
      g_set_error (error, G_SPAWN_ERROR, G_SPAWN_ERROR_FAILED,
                   "the parser refused: %.300s", said);
      return FALSE;
    }
  return read_figures (bench, out, error);
}

static gboolean
fetch_parser (const char *folder, GError **error)
{
  const char *const argv[] = {
    "npm",      "install", "--no-audit", "--no-fund", "--ignore-scripts",
    "--prefix", folder,    PACKAGE,      NULL
  };
  int status;

  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      int code = errno;

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
                   "Could not create the folder %s: %s", folder,
                   g_strerror (code));
      return FALSE;
    }
  return g_spawn_sync (NULL, (char **) argv, NULL,
                       G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
                           G_SPAWN_STDERR_TO_DEV_NULL,
                       NULL, NULL, NULL, NULL, &status, error) &&
         g_spawn_check_wait_status (status, error);
}

/* Where it cannot be had, the figure stands alone and says so. */
static void
measure_parser (Bench *bench, const char *folder, gboolean fetch)
{
  g_autofree char *entry = g_build_filename (folder, "node_modules", PACKAGE,
                                             "build", "index.js", NULL);
  g_autofree char *full = g_canonicalize_filename (entry, NULL);
  g_autoptr (GError) error = NULL;

  if (fetch && !g_file_test (full, G_FILE_TEST_EXISTS) &&
      !fetch_parser (folder, &error))
    {
      g_printerr ("The public parser could not be fetched: %s\n",
                  error->message);
      return;
    }

  if (!g_file_test (full, G_FILE_TEST_EXISTS))
    {
      g_printerr ("The public parser is not in %s (--fetch gets it with npm): "
                  "no yardstick\n",
                  folder);
      return;
    }

  bench->cold_s = bench->warm_s = G_MAXDOUBLE;
  for (int i = 0; i < PARSER_ROUNDS; i++)
    {
      if (!run_parser (bench, full, &error))
        {
          g_printerr ("No yardstick: %s\n", error->message);
          return;
        }
    }
  bench->compared = TRUE;
}

/* --- said
 * -------------------------------------------------------------------------- */

static void
print_text (const Bench *bench)
{
  printf ("model import, whole process  %7.1f ms (processor %.1f ms), %.1f MB "
          "at most\n",
          1e3 * bench->import.wall_s, 1e3 * bench->import.processor_s,
          bench->import.peak_bytes / 1e6);
  if (bench->compared)
    printf ("public parser, cold          %7.1f ms: %.1f × (bar: 20)\n"
            "public parser, warm          %7.1f ms: %.1f × (bar: 3)\n",
            1e3 * bench->cold_s, bench->cold_s / bench->import.wall_s,
            1e3 * bench->warm_s, bench->warm_s / bench->import.wall_s);
}

static void
print_json (const Bench *bench)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  twin_json_add_number (builder, "import_s", bench->import.wall_s);
  twin_json_add_number (builder, "import_processor_s",
                        bench->import.processor_s);
  twin_json_add_number (builder, "import_peak_bytes", bench->import.peak_bytes);
  if (bench->compared)
    {
      twin_json_add_number (builder, "parser_cold_s", bench->cold_s);
      twin_json_add_number (builder, "parser_warm_s", bench->warm_s);
      twin_json_add_number (builder, "ratio_cold",
                            bench->cold_s / bench->import.wall_s);
      twin_json_add_number (builder, "ratio_warm",
                            bench->warm_s / bench->import.wall_s);
    }
  json_builder_end_object (builder);
  twin_ctl_print_builder (builder);
}

static void
remove_folder (const char *path)
{
  GDir       *folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      if (g_file_test (inner, G_FILE_TEST_IS_DIR))
        remove_folder (inner);
      else
        g_unlink (inner);
    }

  g_clear_pointer (&folder, g_dir_close);
  g_rmdir (path);
}

static gboolean
bench_init (Bench *bench, int argc, char **argv, GError **error)
{
  bench->inputs = g_ptr_array_new_with_free_func (g_free);
  bench->folder = g_dir_make_tmp ("twin-bench-XXXXXX", error);
  if (bench->folder == NULL)
    return FALSE;

  bench->empty = g_build_filename (bench->folder, "empty.db", NULL);
  bench->store = g_build_filename (bench->folder, "plant.db", NULL);
  bench->script = g_build_filename (bench->folder, "parse.mjs", NULL);
  for (int i = 1; i < argc; i++)
    g_ptr_array_add (bench->inputs, g_canonicalize_filename (argv[i], NULL));

  if (bench->inputs->len == 0)
    {
      char *models = g_build_filename (bench->folder, "models", NULL);

      g_ptr_array_add (bench->inputs, models);
      g_mkdir (models, 0700);
      if (!write_ontology (models, error))
        return FALSE;
    }
  return g_file_set_contents (bench->script, script, -1, error);
}

static void
bench_clear (Bench *bench)
{
  if (bench->folder != NULL)
    remove_folder (bench->folder);
  g_ptr_array_unref (bench->inputs);
  g_free (bench->folder);
  g_free (bench->empty);
  g_free (bench->store);
  g_free (bench->script);
}

static int
bench_model (TwinCtl *ctl, int argc, char **argv)
{
  g_autofree char   *parser = NULL;
  gboolean           fetch = FALSE;
  const GOptionEntry entries[] = {
    { "parser", 0, 0, G_OPTION_ARG_FILENAME, &parser, NULL, "DIR" },
    { "fetch", 0, 0, G_OPTION_ARG_NONE, &fetch, NULL, NULL },
    { NULL },
  };
  Bench bench = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean good;

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (parser == NULL)
    parser = g_build_filename ("build", "dtdl-parser", NULL);

  good = bench_init (&bench, argc, argv, &error) &&
         measure_import (&bench, &error);
  if (good)
    measure_parser (&bench, parser, fetch);
  if (good && ctl->json)
    print_json (&bench);
  else if (good)
    print_text (&bench);

  bench_clear (&bench);
  return good ? TWIN_CTL_DONE
              : twin_ctl_fail_error (TWIN_CTL_ENVIRONMENT, error);
}

const TwinCtlVerb twin_ctl_bench_model_verbs[] = {
  { "bench", "model", bench_model, "[--parser DIR] [--fetch] [DIR|FILE…]",
    "a model import beside the public DTDL parser" },
  { NULL },
};
