/* SPDX-License-Identifier: Apache-2.0 */
/* Rows as JSON objects. */
#include <math.h>
#include <sqlite3.h>
#include <string.h>

#include "twin-json.h"
#include "twin-query-ast.h"

static const char *
column (sqlite3_stmt *statement, int at)
{
  const char *text = (const char *) sqlite3_column_text (statement, at);

  return text != NULL ? text : "";
}

static void
append_pair (GString *out, const char *key, const char *value)
{
  g_string_append (out, out->str[out->len - 1] == '{' ? "\"" : ",\"");
  g_string_append (out, key);
  g_string_append (out, "\":");
  twin_json_append_string (out, value);
}

/* The members of the JSON object @props behind what is in @out. */
static void
append_members (GString *out, const char *props)
{
  if (props[0] != '{' || props[1] == '}' || props[1] == '\0')
    {
      g_string_append_c (out, '}');
      return;
    }

  g_string_append_c (out, ',');
  g_string_append (out, props + 1);
}

static void
append_twin (GString *out, sqlite3_stmt *statement, int at)
{
  const char *props = column (statement, at + 2);

  g_string_append_c (out, '{');
  append_pair (out, "$dtId", column (statement, at));
  append_pair (out, "$etag", column (statement, at + 1));
  if (strstr (props, "\"$metadata\"") == NULL)
    {
      g_string_append (out, ",\"$metadata\":{");
      append_pair (out, "$model", column (statement, at + 3));
      g_string_append_c (out, '}');
    }
  append_members (out, props);
}

static void
append_relationship (GString *out, sqlite3_stmt *statement, int at)
{
  g_string_append_c (out, '{');
  append_pair (out, "$relationshipId", column (statement, at + 1));
  append_pair (out, "$sourceId", column (statement, at));
  append_pair (out, "$targetId", column (statement, at + 3));
  append_pair (out, "$relationshipName", column (statement, at + 2));
  append_pair (out, "$etag", column (statement, at + 4));
  append_members (out, column (statement, at + 5));
}

/* A number or a text of SQL; FALSE when it has no JSON. */
static gboolean
append_scalar (GString *out, sqlite3_stmt *statement, int at)
{
  g_autoptr (JsonNode) node = NULL;
  double number;

  switch (sqlite3_column_type (statement, at))
    {
    case SQLITE_INTEGER:
      g_string_append_printf (out, "%" G_GINT64_FORMAT,
                              (gint64) sqlite3_column_int64 (statement, at));
      return TRUE;
    case SQLITE_FLOAT:
      number = sqlite3_column_double (statement, at);
      if (!isfinite (number))
        return FALSE;
      node = json_node_init_double (json_node_alloc (), number);
      twin_json_append (out, node);
      return TRUE;
    case SQLITE_TEXT:
      twin_json_append_string (out, column (statement, at));
      return TRUE;
    default:
      return FALSE;
    }
}

/* A value and, behind it, what type it has in JSON. */
static gboolean
append_typed (GString *out, sqlite3_stmt *statement, int at)
{
  const char *type = column (statement, at + 1);

  if (strcmp (type, "null") == 0 || strcmp (type, "true") == 0 ||
      strcmp (type, "false") == 0)
    {
      g_string_append (out, type);
      return TRUE;
    }

  if (strcmp (type, "object") == 0 || strcmp (type, "array") == 0)
    {
      g_string_append (out, column (statement, at));
      return TRUE;
    }

  return append_scalar (out, statement, at);
}

static gboolean
append_value (GString       *out,
              TwinColumnKind kind,
              sqlite3_stmt  *statement,
              int            at)
{
  switch (kind)
    {
    case TWIN_COLUMN_TWIN:
      append_twin (out, statement, at);
      return TRUE;
    case TWIN_COLUMN_RELATIONSHIP:
      append_relationship (out, statement, at);
      return TRUE;
    case TWIN_COLUMN_TYPED:
      return append_typed (out, statement, at);
    case TWIN_COLUMN_SCALAR:
      return append_scalar (out, statement, at);
    case TWIN_COLUMN_BOOLEAN:
      if (sqlite3_column_type (statement, at) == SQLITE_NULL)
        return FALSE;
      g_string_append (out,
                       sqlite3_column_int (statement, at) ? "true" : "false");
      return TRUE;
    case TWIN_COLUMN_JSON:
    case TWIN_COLUMN_ID:
    default:
      if (sqlite3_column_type (statement, at) == SQLITE_NULL)
        return FALSE;
      g_string_append (out, column (statement, at));
      return TRUE;
    }
}

/* Columns of the SELECT that one column of the row is made of. */
static int
width_of (TwinColumnKind kind)
{
  switch (kind)
    {
    case TWIN_COLUMN_TWIN:
      return 4;
    case TWIN_COLUMN_RELATIONSHIP:
      return 6;
    case TWIN_COLUMN_TYPED:
      return 2;
    default:
      return 1;
    }
}

guint
twin_plan_count_columns (const TwinPlan *self)
{
  guint n = 0;

  for (guint i = 0; i < self->columns->len; i++)
    n += (guint) width_of (g_array_index (self->columns, TwinColumn, i).kind);
  return n;
}

/* "key":value, unless the value is missing. */
static void
append_column (GString          *out,
               const TwinColumn *one,
               sqlite3_stmt     *statement,
               int               at)
{
  const gsize before = out->len;

  if (one->hidden)
    return;

  if (out->len > 1)
    g_string_append_c (out, ',');
  twin_json_append_string (out, one->key);
  g_string_append_c (out, ':');
  if (!append_value (out, one->kind, statement, at))
    g_string_truncate (out, before);
}

void
twin_plan_print_row (const TwinPlan *self,
                     sqlite3_stmt   *statement,
                     GString        *out)
{
  const TwinColumn *first = &g_array_index (self->columns, TwinColumn, 0);
  int               at = 0;

  g_string_truncate (out, 0);
  if (first->key == NULL)
    {
      append_value (out, first->kind, statement, 0);
      return;
    }

  g_string_append_c (out, '{');
  for (guint i = 0; i < self->columns->len; i++)
    {
      const TwinColumn *one = &g_array_index (self->columns, TwinColumn, i);

      append_column (out, one, statement, at);
      at += width_of (one->kind);
    }
  g_string_append_c (out, '}');
}
