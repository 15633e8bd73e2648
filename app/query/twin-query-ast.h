/* SPDX-License-Identifier: Apache-2.0 */
/* twin-query-ast.h - a parsed query; private to app/query
 *
 * Everything belongs to the query and goes with it.
 */
#pragma once

#include "twin-query.h"

G_BEGIN_DECLS

/* What FROM, JOIN and MATCH declare. */
typedef struct
{
  const char *name; /* NULL: none was given */
  gboolean    relationship;
  gboolean    declared;  /* has a place in FROM already (while compiling) */
  char        alias[12]; /* in the SELECT: "t0", "r1" */
} TwinCollection;

typedef struct
{
  int        collection; /* index */
  GPtrArray *segments;   /* const char *; empty: the collection itself */
  size_t     offset;
} TwinPath;

typedef enum
{
  TWIN_OPERAND_PATH,
  TWIN_OPERAND_NUMBER,
  TWIN_OPERAND_STRING,
  TWIN_OPERAND_BOOLEAN,
  TWIN_OPERAND_NULL,
} TwinOperandKind;

typedef struct
{
  TwinOperandKind kind;
  TwinPath        path;
  const char     *text;
  double          number;
  gint64          integer;
  gboolean        whole;
  gboolean        truth;
  size_t          offset;
} TwinOperand;

typedef enum
{
  TWIN_EXPR_AND,
  TWIN_EXPR_OR,
  TWIN_EXPR_NOT,
  TWIN_EXPR_COMPARE,
  TWIN_EXPR_IN,
  TWIN_EXPR_IS,   /* IS_DEFINED and its like: @function */
  TWIN_EXPR_TEXT, /* STARTSWITH, ENDSWITH, CONTAINS: @function */
  TWIN_EXPR_ARRAY_CONTAINS,
  TWIN_EXPR_OF_MODEL,
} TwinExprKind;

typedef struct _TwinExpr TwinExpr;

struct _TwinExpr
{
  TwinExprKind kind;
  TwinExpr    *left, *right;
  TwinOperand  a, b;
  const char  *op;         /* SQL's: "=", "<>", … */
  GArray      *list;       /* IN: TwinOperand */
  const char  *function;   /* upper case */
  int          collection; /* OF_MODEL */
  gboolean     exact;
  size_t       offset;
};

typedef struct
{
  TwinPath    path;
  const char *key; /* in the row */
} TwinProjection;

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
  GPtrArray    *blocks;        /* TwinExpr */
  GPtrArray    *arrays;        /* GPtrArray */
  GPtrArray    *lists;         /* GArray */
  gboolean      all;           /* SELECT * */
  gboolean      count;         /* SELECT COUNT() */
  gint64        top;           /* -1: no limit */
  GArray       *projections;   /* TwinProjection */
  GPtrArray    *collections;   /* TwinCollection */
  gboolean      relationships; /* FROM RELATIONSHIPS */
  GArray       *edges;         /* TwinEdge */
  TwinExpr     *where;         /* NULL: none */
  TwinExpr     *as_of;         /* AS OF: a literal or a parameter, or NULL */
};

const TwinCollection *twin_query_collection (const TwinQuery *self, int index);

/* --- compiled ----------------------------------------------------------------
 */

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
  TWIN_COLUMN_VALUE,        /* JSON text or NULL */
  TWIN_COLUMN_COUNT,
  TWIN_COLUMN_ID, /* for twin_query_collect_ids() */
} TwinColumnKind;

typedef struct
{
  TwinColumnKind kind;
  const char    *key; /* NULL: the document itself is the row */
} TwinColumn;

/* Runs on the reader before the SELECT is prepared, once a run: registers SQL
 * functions, say. Must be cheap when there is nothing left to do. */
typedef gboolean (*TwinPlanSetup) (TwinStoreReader *reader, GError **error);

typedef struct
{
  GString *sql;
  GArray  *binds;   /* TwinBind */
  GArray  *columns; /* TwinColumn */
  int      negated; /* NOTs around what is being compiled */

  TwinStoreReader *reader;             /* may be NULL */
  gint64           now_us;             /* what AGE() counts from */
  const char      *twin_table;         /* "twin", or a name from a WITH */
  const char      *relationship_table; /* "relationship", or … */
  GArray          *setups;             /* TwinPlanSetup, each once */

  GError *error; /* the first that was found */
  size_t  bad;   /* where in the query's text */
} TwinPlan;

/* @ids: only the id of the twins selected. @limit: 0 for none. */
TwinPlan *twin_query_compile (const TwinQuery *self,
                              gboolean         ids,
                              size_t           limit);
void      twin_plan_free (TwinPlan *self);

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

/* FROM with its joins; what else must hold goes to @where. */
void twin_query_compile_from (const TwinQuery *self,
                              TwinPlan        *plan,
                              TwinPlan        *where);
void twin_query_compile_where (const TwinQuery *self,
                               TwinPlan        *plan,
                               const TwinExpr  *expr);

/* The collection whose $dtId @expr fixes, or -1. */
int twin_query_find_anchor (const TwinQuery *self, const TwinExpr *expr);

/* The column that @path is ("t0.id"), or NULL when it is inside props. */
const char *twin_query_find_column (const TwinQuery *self,
                                    const TwinPath  *path);
/* "$.\"a\".\"b\"". Caller frees. */
char *twin_query_json_path (const TwinPath *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinPlan, twin_plan_free)

G_END_DECLS
