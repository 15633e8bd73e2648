/* SPDX-License-Identifier: Apache-2.0 */
/* twin-query-function.h - what a query may call; private to app/query
 *
 * A function is one row of a table: its name, what it takes, what it gives and
 * how it becomes SQL. The tables are twin_query_core_functions (values,
 * aggregates, models) and twin_query_live_functions (telemetry, history,
 * state). The same name may stand in several rows that differ in their
 * arguments: AVG(x) is an aggregate, AVG(x, '1h') asks the history.
 *
 * The parser checks arguments against the table; a compile callback finds them
 * ready in a TwinCall and appends one scalar SQL expression to plan->sql, its
 * values with twin_plan_bind_…(), in the order of the text. What it appends is
 * of the type that the row promises, or NULL: missing, of another type, not
 * known. No SQL is ever made from a query's text.
 */
#pragma once

#include "twin-query-ast.h"

G_BEGIN_DECLS

#define TWIN_QUERY_MOST_ARGUMENTS 4

typedef enum
{
  TWIN_ARGUMENT_NONE,
  TWIN_ARGUMENT_TWIN,     /* the name of twins; left out when there is one */
  TWIN_ARGUMENT_PATH,     /* a property or a signal: T.x */
  TWIN_ARGUMENT_VALUE,    /* anything that has a value */
  TWIN_ARGUMENT_TEXT,     /* 'text', or a parameter that is one */
  TWIN_ARGUMENT_LITERAL,  /* 'text', number, true, false, null, @parameter */
  TWIN_ARGUMENT_DURATION, /* text: '90s', '15m', '1h', '7d', '2w'; at least
                             1 s, at most ten years */
  TWIN_ARGUMENT_EXACT,    /* the word exact */
} TwinArgumentKind;

/* An argument as a compile callback gets it. */
typedef struct
{
  int             collection;  /* TWIN, PATH: index */
  const TwinPath *path;        /* PATH; has at least one segment */
  const TwinExpr *value;       /* VALUE, LITERAL */
  const char     *text;        /* TEXT, DURATION: never NULL */
  gint64          duration_us; /* DURATION */
  size_t          offset;      /* for twin_plan_fail() */
} TwinArgument;

typedef struct _TwinQueryFunction TwinQueryFunction;

typedef struct
{
  const TwinQueryFunction *function;
  guint                    n_arguments; /* an EXACT left out is not counted */
  TwinArgument             arguments[TWIN_QUERY_MOST_ARGUMENTS];
  size_t                   offset; /* of the function's name */
} TwinCall;

/* Appends one SQL expression, or calls twin_plan_fail(). */
typedef void (*TwinFunctionCompile) (const TwinQuery *query,
                                     TwinPlan        *plan,
                                     const TwinCall  *call);

struct _TwinQueryFunction
{
  const char         *name;  /* upper case; NULL ends a table */
  guint               least; /* arguments that must be there */
  TwinArgumentKind    arguments[TWIN_QUERY_MOST_ARGUMENTS];
  TwinType            result; /* BOOLEAN: it may stand alone as a condition */
  gboolean            aggregate;
  gboolean            extension; /* Azure's service does not have it */
  TwinFunctionCompile compile;
  const char         *usage; /* "AVG(property, '1h')" for messages */
};

extern const TwinQueryFunction twin_query_core_functions[];
extern const TwinQueryFunction twin_query_live_functions[];

/* The @n-th function called @name (any case), counting from 0, or NULL. */
const TwinQueryFunction *twin_query_find_function (const char *name, guint n);
/* The name most like @name, or NULL when none is near. */
const char *twin_query_suggest_function (const char *name);

/* Calls @expr's compile callback with its arguments made ready. */
void twin_query_compile_call (const TwinQuery *query,
                              TwinPlan        *plan,
                              const TwinExpr  *expr);

/* --- what the live half adds (twin-query-live.c) -------------------------- */

/* Makes the store's functions known to the connection. */
gboolean twin_query_live_setup (const TwinPlan *plan, GError **error);

/* Before the SELECT is compiled: plan->sql is empty and may get a WITH; sets
 * plan->twin_table and plan->relationship_table where a query asks AS OF. */
void twin_query_live_begin (const TwinQuery *query, TwinPlan *plan);

typedef enum
{
  TWIN_SIGNAL_NONE, /* no signal is called what the path is */
  TWIN_SIGNAL_ALSO, /* some twins have such a property, some a signal */
  TWIN_SIGNAL_ONLY, /* every model that knows it declares it as telemetry */
} TwinSignalKind;

/* What @path, which is no column, can be in plan->reader's store. */
TwinSignalKind twin_query_live_find_signal (const TwinQuery *query,
                                            TwinPlan        *plan,
                                            const TwinPath  *path);

/* Unless it is NONE appends the SQL of the signal's latest value, a number or
 * text or NULL, and returns TRUE. Asked for again for each place a path stands
 * in. */
gboolean twin_query_live_add_signal (const TwinQuery *query,
                                     TwinPlan        *plan,
                                     const TwinPath  *path);

/* Finds which signals the whole condition needs, before anything is compiled,
 * and adds them behind FROM, so that only twins that have them are looked at.
 */
void twin_query_live_narrow (const TwinQuery *query, TwinPlan *plan);
void twin_query_live_compile_joins (const TwinQuery *query,
                                    TwinPlan        *plan,
                                    TwinPlan        *where);

G_END_DECLS
