/* SPDX-License-Identifier: Apache-2.0 */
/* twin-query-ast.h - a parsed query, and the SELECT it becomes; private to
 * app/query
 *
 * Everything of the parsed half belongs to the query and goes with it; it is
 * never changed after twin_query_parse(), so that one query may be run in many
 * threads at once. A TwinPlan belongs to one run.
 */
#pragma once

#include "twin-query.h"

G_BEGIN_DECLS

/* What FROM, JOIN and MATCH declare. */
typedef struct
{
  const char *name; /* NULL: none was given */
  gboolean    relationship;
  char        alias[12]; /* in the SELECT: "t0", "r1" */
} TwinCollection;

typedef struct
{
  int        collection; /* index */
  GPtrArray *segments;   /* const char *; empty: the collection itself */
  size_t     offset;
} TwinPath;

/* What a value is known to be before any row is seen. */
typedef enum
{
  TWIN_TYPE_ANY, /* a property: the row decides */
  TWIN_TYPE_NUMBER,
  TWIN_TYPE_STRING,
  TWIN_TYPE_BOOLEAN, /* 0 and 1 in SQL */
  TWIN_TYPE_NULL,
  TWIN_TYPE_VERSION, /* a BLOB that sorts as versions do */
} TwinType;

typedef enum
{
  /* conditions */
  TWIN_EXPR_AND,     /* items */
  TWIN_EXPR_OR,      /* items */
  TWIN_EXPR_NOT,     /* a */
  TWIN_EXPR_COMPARE, /* a op b */
  TWIN_EXPR_IN,      /* a in items, or in the parameter b */
  TWIN_EXPR_LIKE,    /* a like b escape text */
  /* values */
  TWIN_EXPR_PATH,
  TWIN_EXPR_NUMBER,
  TWIN_EXPR_STRING,
  TWIN_EXPR_BOOLEAN,
  TWIN_EXPR_NULL,
  TWIN_EXPR_PARAMETER,  /* text: its name */
  TWIN_EXPR_ARITHMETIC, /* a op b */
  /* either, as the function's result says */
  TWIN_EXPR_CALL, /* function, items */
} TwinExprKind;

typedef struct _TwinExpr TwinExpr;
struct _TwinQueryFunction;

struct _TwinExpr
{
  TwinExprKind kind;
  size_t       offset;
  const char  *op; /* SQL's: "=", "<>", "+", … */
  TwinExpr    *a, *b;
  GPtrArray   *items; /* TwinExpr */
  TwinPath     path;
  const char  *text;
  double       number;
  gint64       integer;
  gboolean     whole; /* NUMBER: integer holds it */
  gboolean     truth;

  const struct _TwinQueryFunction *function;
  int                              collection; /* CALL: of its TWIN argument */
};

typedef struct
{
  TwinExpr   *expr;
  const char *key;   /* in the row */
  gboolean    named; /* by AS */
} TwinProjection;

typedef struct
{
  TwinExpr *expr;
  gboolean  descending;
} TwinOrder;

/* One step of FROM. */
typedef struct
{
  int        from, to;     /* collections: twins */
  int        relationship; /* collection, or -1 when many hops */
  GPtrArray *names;        /* const char *; empty: any */
  int        direction;    /* 1 from → to, -1 to → from, 0 either */
  int        least, most;  /* hops */
  size_t     offset;
} TwinEdge;

struct _TwinQuery
{
  char         *text;
  GStringChunk *strings;
  GPtrArray    *blocks; /* TwinExpr */
  GPtrArray    *arrays; /* GPtrArray */
  gboolean      strict; /* only what Azure's service takes */

  gboolean   all; /* SELECT *: the documents of collection 0 */
  gboolean   distinct;
  gboolean   grouped;       /* GROUP BY, or an aggregate somewhere */
  TwinExpr  *top;           /* whole number or parameter, or NULL: no limit */
  TwinExpr  *offset;        /* the same */
  GArray    *projections;   /* TwinProjection */
  GPtrArray *collections;   /* TwinCollection */
  gboolean   relationships; /* FROM RELATIONSHIPS */
  GArray    *edges;         /* TwinEdge */
  TwinExpr  *where;         /* NULL: none */
  GPtrArray *groups;        /* TwinExpr */
  TwinExpr  *having;        /* NULL: none */
  GArray    *orders;        /* TwinOrder */
  TwinExpr  *as_of;         /* AS OF: STRING or PARAMETER, or NULL */
  GPtrArray *parameters;    /* TwinExpr: each first use of a name */

  const char              *group;  /* that this query defines, … */
  const struct _TwinQuery *within; /* … compiled into this one; or NULL */
  gint64 within_us; /* the time that one asks of, or TWIN_TIME_NONE */
};

const TwinCollection *twin_query_collection (const TwinQuery *self, int index);

/* The same expression, wherever it stands. */
gboolean twin_expr_equal (const TwinExpr *a, const TwinExpr *b);

/* TRUE for what may stand alone in WHERE. */
gboolean twin_expr_is_condition (const TwinExpr *self);
gboolean twin_expr_is_literal (const TwinExpr *self); /* parameters not */

/* --- compiled ------------------------------------------------------------ */

typedef enum
{
  TWIN_BIND_TEXT,
  TWIN_BIND_INTEGER,
  TWIN_BIND_DOUBLE,
  TWIN_BIND_MODELS, /* the models of @text and what extends it, as JSON */
} TwinBindKind;

typedef struct
{
  TwinBindKind kind;
  char        *text;
  gint64       integer;
  double       number;
} TwinBind;

typedef enum
{
  TWIN_COLUMN_TWIN,         /* id, etag, props, model */
  TWIN_COLUMN_RELATIONSHIP, /* source, id, name, target, etag, props */
  TWIN_COLUMN_JSON,         /* JSON text or NULL */
  TWIN_COLUMN_TYPED,        /* its value and its JSON type */
  TWIN_COLUMN_SCALAR,       /* a number, a text or NULL */
  TWIN_COLUMN_BOOLEAN,      /* 0, 1 or NULL */
  TWIN_COLUMN_ID,           /* for twin_query_collect_ids() */
} TwinColumnKind;

typedef struct
{
  TwinColumnKind kind;
  const char    *key;    /* NULL: the document itself is the row */
  gboolean       hidden; /* a later column has the same key */
} TwinColumn;

/* A signal that every row must have: part of FROM as s0, s1, …, its newest
 * sealed sample as l0, l1, … */
typedef struct
{
  int   collection;
  char *path;
} TwinJoinedSignal;

typedef struct _TwinPlan TwinPlan;

/* Runs before the SELECT is prepared, once a run: registers SQL functions on
 * @plan->reader, say. Must be cheap when there is nothing left to do. */
typedef gboolean (*TwinPlanSetup) (const TwinPlan *plan, GError **error);

struct _TwinPlan
{
  GString *sql;
  GArray  *binds;   /* TwinBind */
  GArray  *columns; /* TwinColumn */
  int      negated; /* NOTs around what is being compiled */

  TwinStoreReader *reader;             /* may be NULL */
  gint64           now_us;             /* what AGE() counts from */
  gint64           as_of_us;           /* TWIN_TIME_NONE: the present */
  const char      *twin_table;         /* "twin", or a name from a WITH */
  const char      *relationship_table; /* "relationship", or … */
  GArray          *setups;             /* TwinPlanSetup, each once */
  JsonObject      *parameters;         /* borrowed; NULL: none */
  GPtrArray       *settled;            /* TwinExpr made of parameters */
  GHashTable      *signals;            /* what paths are; NULL: none asked */
  GArray          *joined;             /* TwinJoinedSignal; NULL: none */

  guint  n_keys;    /* columns behind the others that place a row */
  gint64 remaining; /* rows that TOP leaves, -1: no limit */
  gint64 skipped;   /* rows before this page, where it is counted so */

  GError   *error;  /* the first that was found */
  size_t    bad;    /* where in the query's text */
  TwinPlan *parent; /* errors and setups go there; NULL: none */
};

/* A plan for a part, with @parent's reader, tables, time and parameters. */
TwinPlan *twin_plan_new_part (TwinPlan *parent);
void      twin_plan_free (TwinPlan *self);

/* Moves what @part has behind @self. */
void twin_plan_append (TwinPlan *self, TwinPlan *part);

/* Has @setup run before the SELECT. */
void twin_plan_need (TwinPlan *self, TwinPlanSetup setup);

/* The query cannot be run; the first error stays. @offset: in the text. */
void twin_plan_fail (TwinPlan      *self,
                     size_t         offset,
                     TwinQueryError code,
                     const char    *format,
                     ...) G_GNUC_PRINTF (4, 5);

/* Appends "?" and its value. */
void twin_plan_bind_text (TwinPlan *self, const char *text);
void twin_plan_bind_integer (TwinPlan *self, gint64 value);
void twin_plan_bind_double (TwinPlan *self, double value);
void twin_plan_bind_models (TwinPlan *self, const char *dtmi);

/* @expr itself; a PARAMETER as the literal that was given for it. What was not
 * given, or is an array, becomes NULL and an error of the plan. */
const TwinExpr *twin_plan_settle (TwinPlan *self, const TwinExpr *expr);

/* The array given for the PARAMETER @expr as TwinExprs, or NULL and an error.
 */
GPtrArray *twin_plan_settle_list (TwinPlan *self, const TwinExpr *expr);

/* The plan of one run; its @error says when it cannot be. @ids: only the id of
 * the twins selected. */
TwinPlan *twin_query_compile (const TwinQuery        *self,
                              TwinStoreReader        *reader,
                              const TwinQueryOptions *options,
                              gboolean                ids);

/* FROM with its joins; what else must hold goes to @where. */
void twin_query_compile_from (const TwinQuery *self,
                              TwinPlan        *plan,
                              TwinPlan        *where);
/* A condition: 0, 1 or NULL. */
void twin_query_compile_where (const TwinQuery *self,
                               TwinPlan        *plan,
                               const TwinExpr  *expr);

/* --- values as SQL (twin-query-value.c) ------------------------------------
 */

/* What @expr is known to be; a parameter is settled first. */
TwinType twin_query_type_of (const TwinQuery *self,
                             TwinPlan        *plan,
                             const TwinExpr  *expr);
/* Its value: what json_extract() makes of a property. */
void twin_query_compile_value (const TwinQuery *self,
                               TwinPlan        *plan,
                               const TwinExpr  *expr);
/* Its JSON type as a text ('integer', 'real', 'text', 'true', …) or NULL. */
void twin_query_compile_type (const TwinQuery *self,
                              TwinPlan        *plan,
                              const TwinExpr  *expr);
/* Its value when it is a number (or a text, or a version), else NULL. */
void twin_query_compile_number (const TwinQuery *self,
                                TwinPlan        *plan,
                                const TwinExpr  *expr);
/* The same two for a path. */
void twin_query_compile_path (const TwinQuery *self,
                              TwinPlan        *plan,
                              const TwinPath  *path);
void twin_query_compile_path_type (const TwinQuery *self,
                                   TwinPlan        *plan,
                                   const TwinPath  *path);
/* JSON's types of a type, as SQL's list: "('integer', 'real')". */
const char *twin_query_json_types (TwinType type);

/* The collection whose $dtId @expr fixes, or -1. */
int twin_query_find_anchor (const TwinQuery *self, const TwinExpr *expr);

/* The column that @path is ("id" of t0.id), or NULL when it is inside props. */
const char *twin_query_find_column (const TwinQuery *self,
                                    const TwinPath  *path);
/* "$.\"a\".\"b\"". Caller frees. */
char *twin_query_json_path (const TwinPath *path);

/* --- rows (twin-query-rows.c) --------------------------------------------- */

struct sqlite3;
struct sqlite3_stmt;

/* The row as JSON, or the id alone; truncates @out first. */
void twin_plan_print_row (const TwinPlan      *self,
                          struct sqlite3_stmt *statement,
                          GString             *out);

/* --- pages (twin-query-page.c) -------------------------------------------- */

/* Rows a page has when nobody says. */
#define TWIN_QUERY_PAGE 1000

/* Adds what must hold of the rows behind @options' cursor to @where and the
 * keys that place a row to the columns of @plan. */
void twin_query_page_begin (const TwinQuery        *self,
                            TwinPlan               *plan,
                            TwinPlan               *where,
                            const TwinQueryOptions *options);
/* " ORDER BY …" and " LIMIT … OFFSET …". */
void twin_query_page_end (const TwinQuery        *self,
                          TwinPlan               *plan,
                          const TwinQueryOptions *options,
                          gboolean                ids);
/* Where the next page begins, when the row that @statement stands on is the
 * last of this one. Caller frees. */
char *twin_query_page_cursor (const TwinQuery        *self,
                              const TwinPlan         *plan,
                              const TwinQueryOptions *options,
                              struct sqlite3_stmt    *statement);
/* Columns of the SELECT, keys not counted. */
guint twin_plan_count_columns (const TwinPlan *self);

/* --- running -------------------------------------------------------------- */

/* Compiled; NULL with an error that says where in the text. */
TwinPlan *twin_query_plan (const TwinQuery        *self,
                           TwinStoreReader        *reader,
                           const TwinQueryOptions *options,
                           gboolean                ids,
                           GError                **error);

/* Prepared and bound; NULL with an error. The caller finalizes. */
struct sqlite3_stmt *twin_plan_prepare (TwinPlan   *self,
                                        const char *prefix,
                                        GError    **error);

/* Sets @error from what SQLite said last. Always FALSE. */
gboolean twin_query_fail_store (GError **error, struct sqlite3 *db);

/* A JSON array of the models that are of @wanted, at the plan's time. Caller
 * frees. */
char *twin_query_print_models (const TwinPlan *plan,
                               const char     *wanted,
                               GError        **error);

/* "line %u, column %u" of an offset. */
void twin_query_find_place (const char     *text,
                            size_t          offset,
                            TwinQueryPlace *place);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinPlan, twin_plan_free)

G_END_DECLS
