/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-answer.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-json-words.h"

enum
{
  SHOWN_COLUMNS = 9, /* of whole twins; the others can be chosen */
};

struct _TwinAnswerRow
{
  GObject   parent_instance;
  JsonNode *json; /* an object */
  char     *twin;
  guint     serial;
};

enum
{
  PROP_SERIAL = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TwinAnswerRow, twin_answer_row, G_TYPE_OBJECT)

/* --- rows ----------------------------------------------------------------- */

static void
twin_answer_row_get_property (GObject    *object,
                              guint       id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  if (id == PROP_SERIAL)
    g_value_set_uint (value, TWIN_ANSWER_ROW (object)->serial);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
twin_answer_row_finalize (GObject *object)
{
  TwinAnswerRow *self = TWIN_ANSWER_ROW (object);

  g_clear_pointer (&self->json, json_node_unref);
  g_free (self->twin);
  G_OBJECT_CLASS (twin_answer_row_parent_class)->finalize (object);
}

static void
twin_answer_row_class_init (TwinAnswerRowClass *class)
{
  G_OBJECT_CLASS (class)->get_property = twin_answer_row_get_property;
  G_OBJECT_CLASS (class)->finalize = twin_answer_row_finalize;
  properties[PROP_SERIAL] =
      g_param_spec_uint ("serial", NULL, NULL, 0, G_MAXUINT, 0,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (class), N_PROPS,
                                     properties);
}

static void
twin_answer_row_init (TwinAnswerRow *self)
{
}

const char *
twin_answer_row_get_twin (TwinAnswerRow *self)
{
  return self->twin;
}

static JsonObject *
object_of (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node)
             ? json_node_get_object (node)
             : NULL;
}

JsonNode *
twin_answer_row_get (TwinAnswerRow *self, const TwinAnswerColumn *column)
{
  JsonNode *node = self->json;

  for (guint i = 0; column->path[i] != NULL && node != NULL; i++)
    node = object_of (node) != NULL
               ? json_object_get_member (object_of (node), column->path[i])
               : NULL;

  return node;
}

static gboolean
is_number (JsonNode *node)
{
  return JSON_NODE_HOLDS_VALUE (node) &&
         (json_node_get_value_type (node) == G_TYPE_INT64 ||
          json_node_get_value_type (node) == G_TYPE_DOUBLE);
}

static const char *
text_of (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
                 json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

char *
twin_answer_row_dup_text (TwinAnswerRow *self, const TwinAnswerColumn *column)
{
  JsonNode   *node = twin_answer_row_get (self, column);
  const char *text = text_of (node);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return NULL;
  /* Of a model's long name the last word tells what it is. */
  if (text != NULL && g_str_has_prefix (text, "dtmi:") &&
      strrchr (text, ':') != NULL)
    return g_strdup (strrchr (text, ':') + 1);

  return twin_json_dup_words (node);
}

/* 0: a number, 1: anything else, 2: nothing. */
static int
rank_of (JsonNode *node)
{
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return 2;

  return is_number (node) ? 0 : 1;
}

int
twin_answer_row_compare (TwinAnswerRow          *a,
                         TwinAnswerRow          *b,
                         const TwinAnswerColumn *column)
{
  JsonNode        *x = twin_answer_row_get (a, column);
  JsonNode        *y = twin_answer_row_get (b, column);
  const int        rank = rank_of (x);
  g_autofree char *s = NULL, *t = NULL, *p = NULL, *q = NULL;

  if (rank != rank_of (y))
    return rank - rank_of (y);
  if (rank == 2)
    return 0;
  if (rank == 0)
    {
      const double u = json_node_get_double (x);
      const double v = json_node_get_double (y);

      return (u > v) - (u < v);
    }

  s = twin_json_dup_words (x);
  t = twin_json_dup_words (y);
  p = g_utf8_collate_key_for_filename (s, -1);
  q = g_utf8_collate_key_for_filename (t, -1);
  return strcmp (p, q);
}

void
twin_answer_row_update (TwinAnswerRow *self, TwinAnswerRow *newer)
{
  if (json_node_equal (self->json, newer->json))
    return;

  json_node_unref (self->json);
  self->json = json_node_ref (newer->json);
  self->serial++;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SERIAL]);
}

/* --- columns -------------------------------------------------------------- */

static void
column_free (gpointer data)
{
  TwinAnswerColumn *self = data;

  g_strfreev (self->path);
  g_free (self->name);
  g_free (self->title);
  g_free (self);
}

/* What twin_answer_new() carries along. */
typedef struct
{
  GPtrArray  *columns;
  GHashTable *by_name; /* TwinAnswerColumn, borrowed */
  gboolean    whole;   /* some row holds a whole twin or relationship */
} Finder;

static gboolean
is_document (JsonObject *object)
{
  return json_object_has_member (object, "$dtId") ||
         json_object_has_member (object, "$relationshipId");
}

static void
note_value (Finder *finder, const char *const *path, JsonNode *value)
{
  g_autofree char  *name = g_strjoinv (".", (char **) path);
  TwinAnswerColumn *column = g_hash_table_lookup (finder->by_name, name);

  if (column == NULL)
    {
      column = g_new0 (TwinAnswerColumn, 1);
      column->path = g_strdupv ((char **) path);
      column->numeric = TRUE;
      column->name = g_steal_pointer (&name);
      g_hash_table_insert (finder->by_name, column->name, column);
      g_ptr_array_add (finder->columns, column);
    }
  if (JSON_NODE_HOLDS_NULL (value))
    return;

  column->filled++;
  column->numeric = column->numeric && is_number (value);
}

static void note_members (Finder            *finder,
                          const char *const *above,
                          JsonObject        *object,
                          int                depth);

static void
note_member (Finder            *finder,
             const char *const *above,
             const char        *name,
             JsonNode          *value,
             int                depth)
{
  const guint n = g_strv_length ((char **) above);
  const char *path[6] = { NULL };
  JsonObject *object = object_of (value);

  for (guint i = 0; i < n; i++)
    path[i] = above[i];
  path[n] = name;

  /* Documents, components and metadata are opened; other objects are one
   * value. */
  if (object != NULL && depth < 3 &&
      (is_document (object) || json_object_has_member (object, "$metadata") ||
       strcmp (name, "$metadata") == 0))
    note_members (finder, path, object, depth + 1);
  else
    note_value (finder, path, value);
}

static gboolean
is_for_people (const char *const *above, const char *name)
{
  const guint n = g_strv_length ((char **) above);

  if (strcmp (name, "$etag") == 0)
    return FALSE;
  if (n > 0 && strcmp (above[n - 1], "$metadata") == 0)
    return strcmp (name, "$model") == 0 || strcmp (name, "$lifecycle") == 0 ||
           strcmp (name, "$tags") == 0;

  return TRUE;
}

static void
note_members (Finder            *finder,
              const char *const *above,
              JsonObject        *object,
              int                depth)
{
  JsonObjectIter iter;
  const char    *name;
  JsonNode      *value;

  finder->whole = finder->whole || is_document (object);
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    if (is_for_people (above, name))
      note_member (finder, above, name, value, depth);
}

/* People look for the name first, then what it is. */
static int
place_of (const TwinAnswerColumn *column)
{
  static const char *const first[] = {
    "displayName", "$dtId",     "$relationshipId", "$relationshipName",
    "$sourceId",   "$targetId", "$model",          "$lifecycle",
    "$tags"
  };
  const guint n = g_strv_length (column->path);

  for (guint i = 0; i < G_N_ELEMENTS (first); i++)
    if (strcmp (column->path[n - 1], first[i]) == 0)
      return (int) i;

  return G_N_ELEMENTS (first);
}

static int
compare_columns (gconstpointer a, gconstpointer b)
{
  const TwinAnswerColumn *const *x = a, *const *y = b;
  const char *first_x = (*x)->path[1] != NULL ? (*x)->path[0] : "";
  const char *first_y = (*y)->path[1] != NULL ? (*y)->path[0] : "";

  /* Aliases and components stay together: the order they were found in is
   * kept by the caller. */
  if (strcmp (first_x, first_y) != 0 && strcmp (first_x, "$metadata") != 0 &&
      strcmp (first_y, "$metadata") != 0)
    return 0;

  return place_of (*x) - place_of (*y);
}

/* g_ptr_array_sort() is not stable; there are few columns. */
static void
sort_columns (GPtrArray *columns)
{
  for (guint i = 1; i < columns->len; i++)
    for (guint k = i; k > 0 && compare_columns (&columns->pdata[k - 1],
                                                &columns->pdata[k]) > 0;
         k--)
      {
        gpointer swap = columns->pdata[k];

        columns->pdata[k] = columns->pdata[k - 1];
        columns->pdata[k - 1] = swap;
      }
}

static void
name_columns (Finder *finder)
{
  g_autoptr (GHashTable) titles =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (int pass = 0; pass < 2; pass++)
    for (guint i = 0; i < finder->columns->len; i++)
      {
        TwinAnswerColumn *column = finder->columns->pdata[i];
        const guint       n = g_strv_length (column->path);

        if (pass == 0)
          {
            column->title = twin_json_dup_label (column->path[n - 1]);
            g_hash_table_insert (titles, g_strdup (column->title),
                                 GINT_TO_POINTER (
                                     1 +
                                     GPOINTER_TO_INT (
                                         g_hash_table_lookup (titles,
                                                              column->title))));
          }
        /* Two of one name tell whose they are. */
        else if (n > 1 && GPOINTER_TO_INT (
                              g_hash_table_lookup (titles, column->title)) > 1)
          {
            char *longer =
                g_strdup_printf ("%s · %s", column->path[0], column->title);

            g_free (column->title);
            column->title = longer;
          }
      }
}

static gboolean
is_composite (GPtrArray *rows, const TwinAnswerColumn *column)
{
  for (guint i = 0; i < rows->len; i++)
    {
      JsonNode *node = twin_answer_row_get (rows->pdata[i], column);

      if (node != NULL)
        return JSON_NODE_HOLDS_OBJECT (node);
    }

  return FALSE;
}

/* A projection shows what was asked for; of whole twins what most have. */
static void
choose_shown (Finder *finder, GPtrArray *rows)
{
  const guint none =
      place_of (&(TwinAnswerColumn){ .path = (char *[]){ (char *) "", NULL } });
  guint shown = 0;

  for (guint i = 0; i < finder->columns->len; i++)
    {
      TwinAnswerColumn *column = finder->columns->pdata[i];

      column->shown = !finder->whole ||
                      (shown < SHOWN_COLUMNS && !is_composite (rows, column) &&
                       ((guint) place_of (column) < none ||
                        column->filled * 4 >= rows->len));
      shown += column->shown;
    }
}

/* --- result --------------------------------------------------------------- */

static char *
dup_twin (JsonObject *row)
{
  JsonObjectIter iter;
  JsonNode      *value;
  const char    *name;
  const char    *id;

  if (json_object_has_member (row, "$dtId"))
    return g_strdup (text_of (json_object_get_member (row, "$dtId")));

  json_object_iter_init_ordered (&iter, row);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      id = object_of (value) != NULL &&
                   json_object_has_member (object_of (value), "$dtId")
               ? text_of (json_object_get_member (object_of (value), "$dtId"))
               : NULL;
      if (id != NULL)
        return g_strdup (id);
    }

  /* As people call it in a list of their own: T.$dtId AS id. */
  return json_object_has_member (row, "id")
             ? g_strdup (text_of (json_object_get_member (row, "id")))
             : NULL;
}

static TwinAnswerRow *
row_new (const char *text, guint number, GError **error)
{
  g_autoptr (JsonNode) json = json_from_string (text, NULL);
  TwinAnswerRow *row;

  if (json == NULL || !JSON_NODE_HOLDS_OBJECT (json))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _ ("Row %u of the answer is no JSON object."), number);
      return NULL;
    }

  row = g_object_new (TWIN_TYPE_ANSWER_ROW, NULL);
  row->twin = dup_twin (json_node_get_object (json));
  row->json = g_steal_pointer (&json);
  return row;
}

TwinAnswer *
twin_answer_new (const char *const *rows, GError **error)
{
  g_autoptr (TwinAnswer) self = g_new0 (TwinAnswer, 1);
  const char *const top[] = { NULL };
  g_autoptr (GHashTable) by_name = g_hash_table_new (g_str_hash, g_str_equal);
  Finder finder = { .by_name = by_name };

  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->columns = g_ptr_array_new_with_free_func (column_free);
  finder.columns = self->columns;
  for (guint i = 0; rows[i] != NULL; i++)
    {
      TwinAnswerRow *row = row_new (rows[i], i + 1, error);

      if (row == NULL)
        return NULL;
      g_ptr_array_add (self->rows, row);
      note_members (&finder, top, json_node_get_object (row->json), 0);
    }

  sort_columns (self->columns);
  name_columns (&finder);
  choose_shown (&finder, self->rows);
  return g_steal_pointer (&self);
}

void
twin_answer_free (TwinAnswer *self)
{
  g_clear_pointer (&self->columns, g_ptr_array_unref);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_free (self);
}

/* --- CSV ------------------------------------------------------------------ */

static void
append_csv (GString *csv, const char *text)
{
  if (text == NULL)
    return;
  if (strpbrk (text, ",\"\r\n") == NULL)
    {
      g_string_append (csv, text);
      return;
    }

  g_string_append_c (csv, '"');
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *p);
    }
  g_string_append_c (csv, '"');
}

/* A file tells all: a number as it is, a text and a model's name whole. */
static char *
dup_csv_cell (JsonNode *node)
{
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return NULL;
  if (text_of (node) != NULL)
    return g_strdup (text_of (node));
  if (is_number (node) && json_node_get_value_type (node) == G_TYPE_DOUBLE)
    {
      char digits[G_ASCII_DTOSTR_BUF_SIZE];

      return g_strdup (
          g_ascii_dtostr (digits, sizeof digits, json_node_get_double (node)));
    }

  return json_to_string (node, FALSE);
}

char *
twin_answer_dup_csv (GPtrArray *columns, GListModel *rows)
{
  GString    *csv = g_string_new (NULL);
  const guint n = g_list_model_get_n_items (rows);

  for (guint k = 0; k < columns->len; k++)
    {
      if (k > 0)
        g_string_append_c (csv, ',');
      append_csv (csv, ((TwinAnswerColumn *) columns->pdata[k])->name);
    }
  g_string_append (csv, "\r\n");

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TwinAnswerRow) row = g_list_model_get_item (rows, i);

      for (guint k = 0; k < columns->len; k++)
        {
          g_autofree char *cell =
              dup_csv_cell (twin_answer_row_get (row, columns->pdata[k]));

          if (k > 0)
            g_string_append_c (csv, ',');
          append_csv (csv, cell);
        }
      g_string_append (csv, "\r\n");
    }

  return g_string_free (csv, FALSE);
}
