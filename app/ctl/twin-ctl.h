/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl.h - what twinctl's verbs share: options, exits, output
 *
 * A verb is one function; a file of verbs exports one table, which
 * twin-ctl-main.c lists. Results go to stdout, everything else to stderr. A
 * verb runs on the main thread and returns the exit status of the process.
 */
#pragma once

#include <gio/gio.h>
#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The exit statuses that scripts rely on. */
typedef enum
{
  TWIN_CTL_DONE = 0,
  TWIN_CTL_INPUT = 1,       /* the input or the question is at fault */
  TWIN_CTL_UNRESOLVED = 2,  /* model validate: valid so far, a reference open */
  TWIN_CTL_ENVIRONMENT = 3, /* broker unreachable, store locked, disk full */
  TWIN_CTL_USAGE = 64,
} TwinCtlExit;

/* The options every verb takes, wherever they stand on the line. */
typedef struct
{
  char    *store; /* --store, or the default; never NULL */
  gboolean store_given;
  char    *broker;          /* --broker or NULL */
  char    *ca, *cert, *key; /* --ca, --cert, --key: TLS files or NULL */
  char    *plant;           /* --plant or NULL: the store's */
  char    *key_dir;         /* --key-dir, or beside the store's default */
  char    *data_dir;        /* bearings.csv, roles.json lie here, or NULL */
  char    *operator_name;   /* --operator, or the login name */
  gboolean json;            /* --json */
  gboolean verbose;         /* --verbose */
} TwinCtl;

/* @argv[0] is the verb's last word, then what the common options left over;
 * the strings belong to the caller. Returns a TwinCtlExit. */
typedef int (*TwinCtlFunc) (TwinCtl *ctl, int argc, char **argv);

typedef struct
{
  const char *word; /* "model"; NULL ends a table */
  const char *sub;  /* "validate"; NULL: the verb is one word */
  TwinCtlFunc func;
  const char *arguments; /* "[--band LO,HI] FILE", for --help */
  const char *summary;   /* one line, for --help */
} TwinCtlVerb;

/* The tables, one a file of verbs. Add yours here and in twin-ctl-main.c. */
extern const TwinCtlVerb twin_ctl_engine_verbs[];  /* run, status */
extern const TwinCtlVerb twin_ctl_history_verbs[]; /* history, rul */
extern const TwinCtlVerb twin_ctl_command_verbs[]; /* command, desired */
extern const TwinCtlVerb twin_ctl_alarm_verbs[];   /* list, ack, shelve */
extern const TwinCtlVerb twin_ctl_outcome_verbs[];  /* list, add, undo */
extern const TwinCtlVerb twin_ctl_analyze_verbs[];
extern const TwinCtlVerb twin_ctl_anomaly_verbs[]; /* train, score */
extern const TwinCtlVerb twin_ctl_analyze_machine_verbs[]; /* machine, peak */
extern const TwinCtlVerb twin_ctl_record_verbs[]; /* analyze orders, … */
extern const TwinCtlVerb twin_ctl_bench_analysis_verbs[];
extern const TwinCtlVerb twin_ctl_bench_graph_verbs[];
extern const TwinCtlVerb twin_ctl_bench_model_verbs[];
extern const TwinCtlVerb twin_ctl_change_verbs[];   /* list, show, undo */
extern const TwinCtlVerb twin_ctl_model_verbs[];    /* import, list, … */
extern const TwinCtlVerb twin_ctl_validate_verbs[]; /* model validate */
extern const TwinCtlVerb twin_ctl_roles_verbs[];
extern const TwinCtlVerb twin_ctl_graph_verbs[];    /* import, export */
extern const TwinCtlVerb twin_ctl_twin_verbs[];     /* create, show, set, … */
extern const TwinCtlVerb twin_ctl_ota_verbs[];      /* keygen, sign, … */
extern const TwinCtlVerb twin_ctl_ota_plan_verbs[]; /* plan, start, … */
extern const TwinCtlVerb twin_ctl_migrate_verbs[];  /* twin migrate */
extern const TwinCtlVerb twin_ctl_relationship_verbs[];
extern const TwinCtlVerb twin_ctl_group_verbs[];
extern const TwinCtlVerb twin_ctl_bench_query_verbs[];
extern const TwinCtlVerb twin_ctl_query_verbs[];
extern const TwinCtlVerb twin_ctl_prognosis_verbs[]; /* train, predict */
extern const TwinCtlVerb twin_ctl_whatif_verbs[];

/* Parses a verb's own options out of @argv (as GOptionContext does), leaving
 * argv[0] and the positional arguments. FALSE: a sentence was printed; return
 * TWIN_CTL_USAGE. */
gboolean twin_ctl_parse (int *argc, char ***argv, const GOptionEntry *entries);

/* ISO 8601 with a zone, a span before @now_us ("-1h", "-30d"), or "now". */
gboolean twin_ctl_parse_time (const char *text, int64_t now_us, int64_t *us);

/* Prints "twinctl: " and the sentence to stderr, returns @exit. */
int twin_ctl_fail (int exit, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* The same with an error, which stays the caller's. */
int twin_ctl_fail_error (int exit, const GError *error);

/* What is missing or too much on the line; returns TWIN_CTL_USAGE. */
int twin_ctl_usage (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* The whole of @path, "-" being standard input. Refuses over 256 MiB. The
 * bytes are followed by a NUL that is not counted. Caller frees. */
char *twin_ctl_read (const char *path, gsize *length, GError **error);

/* One JSON document and a newline to stdout; @pretty only where people read. */
void twin_ctl_print_json (JsonNode *node, gboolean pretty);

/* Takes what @builder holds, prints it as one line. The builder is reset. */
void twin_ctl_print_builder (JsonBuilder *builder);

/* --- aligned text ------------------------------------------------------- */

typedef struct _TwinCtlTable TwinCtlTable;

/* @headings: NULL-terminated; one that begins with '>' is right-aligned. */
TwinCtlTable *twin_ctl_table_new (const char *const *headings);
/* As many strings as headings; NULL prints as "–". */
void twin_ctl_table_add (TwinCtlTable *self, ...);
/* The same with an array of as many. */
void twin_ctl_table_add_cells (TwinCtlTable *self, const char *const *cells);
void twin_ctl_table_free (TwinCtlTable *self);
/* Prints to stdout and frees. */
void twin_ctl_table_print (TwinCtlTable *self);

G_END_DECLS
