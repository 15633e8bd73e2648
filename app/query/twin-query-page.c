/* SPDX-License-Identifier: Apache-2.0 */
/* The order of rows, and pages of them.
 *
 * A page of twins begins behind the last row of the page before: behind its
 * ORDER BY values and, where they are equal, its ids. So what is edited between
 * two pages moves no other row. Groups and DISTINCT rows have no ids; their
 * pages count rows and hold only as long as nobody edits the graph.
 */
#include <sqlite3.h>
#include <string.h>

#include "twin-json.h"
#include "twin-query-function.h"

static gboolean
is_paged (const TwinQueryOptions *options)
{
  return options->next != NULL || options->cursor != NULL;
}

static gboolean
counts_rows (const TwinQuery *self)
{
  return self->grouped || self->distinct;
}

static size_t
page_size (const TwinQueryOptions *options)
{
  return options->limit > 0 ? options->limit : TWIN_QUERY_PAGE;
}

/* --- keys ---------------------------------------------------------------- */

/* "t0.id, r1.source, r1.id"; returns how many. */
static guint
append_ids (const TwinQuery *self, GString *sql)
{
  guint n = 0;

  for (guint i = 0; i < self->collections->len; i++)
    {
      const TwinCollection *one = twin_query_collection (self, (int) i);

      g_string_append (sql, n > 0 ? ", " : "");
      if (one->relationship)
        g_string_append_printf (sql, "%s.source, ", one->alias);
      g_string_append_printf (sql, "%s.id", one->alias);
      n += one->relationship ? 2 : 1;
    }

  return n;
}

static const TwinExpr *
order_expr (const TwinQuery *self, guint i)
{
  return g_array_index (self->orders, TwinOrder, i).expr;
}

static void
append_order_value (const TwinQuery *self, TwinPlan *plan, guint i)
{
  const TwinExpr *expr = order_expr (self, i);
  const gboolean  version =
      twin_query_type_of (self, plan, expr) == TWIN_TYPE_VERSION;

  g_string_append (plan->sql, version ? "hex(" : "");
  twin_query_compile_value (self, plan, expr);
  g_string_append (plan->sql, version ? ")" : "");
}

/* --- cursors ------------------------------------------------------------- */

/* Of the text and its parameters. Caller frees. */
static char *
fingerprint (const TwinQuery *self, const TwinPlan *plan)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (sum, (const guchar *) self->text, -1);
  if (plan->parameters != NULL)
    {
      g_autoptr (JsonNode) node = json_node_alloc ();
      g_autofree char *text = NULL;

      json_node_init_object (node, plan->parameters);
      text = twin_json_print (node, FALSE);
      g_checksum_update (sum, (const guchar *) text, -1);
    }

  return g_strndup (g_checksum_get_string (sum), 16);
}

static char *
encode (JsonNode *node)
{
  g_autofree char *text = twin_json_print (node, FALSE);
  char *code = g_base64_encode ((const guchar *) text, strlen (text));

  for (char *p = code; *p != '\0'; p++)
    *p = *p == '+' ? '-' : *p == '/' ? '_' : *p == '=' ? '\0' : *p;
  return code;
}

static JsonNode *
decode (const char *cursor)
{
  g_autoptr (GString) code = g_string_new (cursor);
  g_autofree guchar *text = NULL;
  JsonNode          *node;
  gsize              length;

  if (code->len > 65536)
    return NULL;
  for (char *p = code->str; *p != '\0'; p++)
    *p = *p == '-' ? '+' : *p == '_' ? '/' : *p;
  while (code->len % 4 != 0)
    g_string_append_c (code, '=');

  text = g_base64_decode (code->str, &length);
  if (!g_utf8_validate ((const char *) text, (gssize) length, NULL))
    return NULL;

  node = twin_json_parse ("cursor", (const char *) text, (gssize) length, NULL);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return node;

  g_clear_pointer (&node, json_node_unref);
  return NULL;
}

/* Whole number @key of @object, @fallback where it is missing or none. */
static gint64
get_whole (JsonObject *object, const char *key, gint64 fallback)
{
  JsonNode *node = json_object_get_member (object, key);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_INT64
             ? json_node_get_int (node)
             : fallback;
}

static JsonArray *
get_keys (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "k");

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node)
             ? json_node_get_array (node)
             : NULL;
}

static gint64
graph_version (const TwinPlan *plan)
{
  return plan->reader != NULL
             ? twin_store_reader_topic_version (plan->reader,
                                                TWIN_STORE_TOPIC_GRAPH)
             : 0;
}

static JsonNode *
key_to_json (sqlite3_stmt *statement, int at)
{
  JsonNode *node = json_node_alloc ();

  switch (sqlite3_column_type (statement, at))
    {
    case SQLITE_INTEGER:
      return json_node_init_int (node, sqlite3_column_int64 (statement, at));
    case SQLITE_FLOAT:
      return json_node_init_double (node,
                                    sqlite3_column_double (statement, at));
    case SQLITE_TEXT:
      return json_node_init_string (node,
                                    (const char *)
                                        sqlite3_column_text (statement, at));
    default:
      return json_node_init_null (node);
    }
}

char *
twin_query_page_cursor (const TwinQuery        *self,
                        const TwinPlan         *plan,
                        const TwinQueryOptions *options,
                        sqlite3_stmt           *statement)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_alloc ();
  g_autofree char *mark = fingerprint (self, plan);
  const gint64     size = (gint64) page_size (options);

  json_object_set_string_member (object, "q", mark);
  if (plan->remaining >= 0)
    json_object_set_int_member (object, "n", plan->remaining - size);

  if (counts_rows (self))
    {
      json_object_set_int_member (object, "o", plan->skipped + size);
      json_object_set_int_member (object, "v", graph_version (plan));
    }
  else
    {
      JsonArray *keys = json_array_new ();
      const int  first = (int) twin_plan_count_columns (plan);

      for (guint i = 0; i < plan->n_keys; i++)
        json_array_add_element (keys, key_to_json (statement, first + (int) i));
      json_object_set_array_member (object, "k", keys);
    }

  json_node_init_object (node, object);
  return encode (node);
}

/* --- behind a cursor ------------------------------------------------------ */

static void
bind_key (TwinPlan *plan, JsonNode *key)
{
  if (JSON_NODE_HOLDS_NULL (key))
    g_string_append (plan->sql, "NULL");
  else if (json_node_get_value_type (key) == G_TYPE_STRING)
    twin_plan_bind_text (plan, json_node_get_string (key));
  else if (json_node_get_value_type (key) == G_TYPE_DOUBLE)
    twin_plan_bind_double (plan, json_node_get_double (key));
  else
    twin_plan_bind_integer (plan, json_node_get_int (key));
}

/* The first @n ORDER BY values are those of @keys. */
static void
append_equal (const TwinQuery *self, TwinPlan *where, JsonArray *keys, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      append_order_value (self, where, i);
      g_string_append (where->sql, " IS ");
      bind_key (where, json_array_get_element (keys, i));
      g_string_append (where->sql, " AND ");
    }
}

/* The @i-th ORDER BY value comes behind that of @keys; missing ones are last.
 */
static void
append_behind (const TwinQuery *self, TwinPlan *where, JsonArray *keys, guint i)
{
  JsonNode *key = json_array_get_element (keys, i);

  if (JSON_NODE_HOLDS_NULL (key))
    {
      g_string_append (where->sql, "0");
      return;
    }

  g_string_append_c (where->sql, '(');
  append_order_value (self, where, i);
  g_string_append (where->sql,
                   g_array_index (self->orders, TwinOrder, i).descending
                       ? " < "
                       : " > ");
  bind_key (where, key);
  g_string_append (where->sql, " OR ");
  append_order_value (self, where, i);
  g_string_append (where->sql, " IS NULL)");
}

static void
append_condition (const TwinQuery *self, TwinPlan *where, JsonArray *keys)
{
  const guint orders = self->orders->len;
  const guint n = json_array_get_length (keys);

  g_string_append (where->sql, " AND (");
  for (guint i = 0; i < orders; i++)
    {
      g_string_append_c (where->sql, '(');
      append_equal (self, where, keys, i);
      append_behind (self, where, keys, i);
      g_string_append (where->sql, ") OR ");
    }

  g_string_append_c (where->sql, '(');
  append_equal (self, where, keys, orders);
  g_string_append_c (where->sql, '(');
  append_ids (self, where->sql);
  g_string_append (where->sql, ") > (");
  for (guint i = orders; i < n; i++)
    {
      g_string_append (where->sql, i > orders ? ", " : "");
      bind_key (where, json_array_get_element (keys, i));
    }
  g_string_append (where->sql, ")))");
}

static gboolean
keys_are_plain (JsonArray *keys)
{
  for (guint i = 0; i < json_array_get_length (keys); i++)
    {
      JsonNode *key = json_array_get_element (keys, i);

      if (!JSON_NODE_HOLDS_NULL (key) &&
          (!JSON_NODE_HOLDS_VALUE (key) ||
           json_node_get_value_type (key) == G_TYPE_BOOLEAN))
        return FALSE;
    }

  return TRUE;
}

static void
continue_behind (const TwinQuery *self,
                 TwinPlan        *plan,
                 TwinPlan        *where,
                 const char      *cursor)
{
  g_autoptr (JsonNode) node = decode (cursor);
  g_autofree char *mark = fingerprint (self, plan);
  JsonObject      *object = node != NULL ? json_node_get_object (node) : NULL;
  JsonArray       *keys = object != NULL ? get_keys (object) : NULL;

  if (object == NULL ||
      g_strcmp0 (twin_json_get_string (object, "q"), mark) != 0 ||
      (counts_rows (self) ? get_whole (object, "o", -1) < 0
                          : keys == NULL || !keys_are_plain (keys) ||
                                json_array_get_length (keys) != plan->n_keys))
    {
      twin_plan_fail (plan, 0, TWIN_QUERY_ERROR_CURSOR,
                      "The cursor is not of this query with these "
                      "parameters; begin without one");
      return;
    }

  plan->remaining = get_whole (object, "n", -1);
  if (!counts_rows (self))
    {
      append_condition (self, where, keys);
      return;
    }

  plan->skipped = get_whole (object, "o", 0);
  if (get_whole (object, "v", -1) != graph_version (plan))
    twin_plan_fail (plan, 0, TWIN_QUERY_ERROR_CURSOR,
                    "The graph changed since the page before, so its groups "
                    "may be others; begin without a cursor");
}

/* --- the whole ----------------------------------------------------------- */

/* The value of @expr in @whole; FALSE with an error of the plan. */
static gboolean
get_bound (TwinPlan *plan, const TwinExpr *expr, gint64 *whole)
{
  const TwinExpr *settled;

  if (expr == NULL)
    return FALSE;

  settled = twin_plan_settle (plan, expr);
  *whole = settled->integer;
  if (settled->kind == TWIN_EXPR_NUMBER && settled->whole && *whole >= 0)
    return TRUE;

  twin_plan_fail (plan, expr->offset, TWIN_QUERY_ERROR_PARAMETER,
                  "The parameter @%s must be a whole number, 0 or more",
                  expr->text);
  return FALSE;
}

void
twin_query_page_begin (const TwinQuery        *self,
                       TwinPlan               *plan,
                       TwinPlan               *where,
                       const TwinQueryOptions *options)
{
  if (!is_paged (options))
    return;

  if (!counts_rows (self))
    {
      for (guint i = 0; i < self->orders->len; i++)
        {
          g_string_append (plan->sql, ", ");
          append_order_value (self, plan, i);
        }
      g_string_append (plan->sql, ", ");
      plan->n_keys = self->orders->len + append_ids (self, plan->sql);
    }

  if (options->cursor != NULL)
    continue_behind (self, plan, where, options->cursor);
}

/* So that equal rows, too, always come in the same order. */
static void
append_ties (const TwinQuery *self, TwinPlan *plan)
{
  if (!counts_rows (self))
    {
      append_ids (self, plan->sql);
      return;
    }

  for (guint i = 0; i < twin_plan_count_columns (plan); i++)
    g_string_append_printf (plan->sql, "%s%u", i > 0 ? ", " : "", i + 1);
}

static void
append_orders (const TwinQuery *self, TwinPlan *plan, gboolean fixed)
{
  if (self->orders->len == 0 && !fixed)
    return;

  g_string_append (plan->sql, " ORDER BY ");
  for (guint i = 0; i < self->orders->len; i++)
    {
      append_order_value (self, plan, i);
      if (g_array_index (self->orders, TwinOrder, i).descending)
        g_string_append (plan->sql, " DESC, ");
      else if (twin_query_type_of (self, plan, order_expr (self, i)) ==
                   TWIN_TYPE_STRING &&
               order_expr (self, i)->kind == TWIN_EXPR_PATH)
        g_string_append (plan->sql, ", "); /* a column: never missing */
      else
        g_string_append (plan->sql, " ASC NULLS LAST, ");
    }
  append_ties (self, plan);
}

void
twin_query_page_end (const TwinQuery        *self,
                     TwinPlan               *plan,
                     const TwinQueryOptions *options,
                     gboolean                ids)
{
  const gboolean paged = is_paged (options) && !ids;
  gint64         most = -1, skip = plan->skipped, offset = 0;

  if (options->cursor == NULL || ids)
    {
      if (get_bound (plan, self->top, &most))
        plan->remaining = most;
      if (get_bound (plan, self->offset, &offset))
        skip = plan->skipped = offset;
    }

  most = plan->remaining;
  if (paged && (most < 0 || most > (gint64) page_size (options)))
    most = (gint64) page_size (options) + 1;
  else if (options->limit > 0 && (most < 0 || most > (gint64) options->limit))
    most = (gint64) options->limit;

  append_orders (self, plan, paged || (skip > 0 && !ids));
  if (most < 0 && skip == 0)
    return;

  g_string_append (plan->sql, " LIMIT ");
  twin_plan_bind_integer (plan, most);
  if (skip > 0)
    {
      g_string_append (plan->sql, " OFFSET ");
      twin_plan_bind_integer (plan, skip);
    }
}
