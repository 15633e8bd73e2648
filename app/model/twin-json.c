/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-json.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define MOST_DEPTH 64
#define MOST_BYTES ((gsize) 256 << 20)

G_DEFINE_QUARK (twin - json - error - quark, twin_json_error)

typedef struct
{
  const char *name; /* NULL: the place is in @wrong, not in the message */
  const char *begin, *at, *end;
  const char *wrong;
  int         depth;
  GString    *text; /* of the string at hand */
  GError    **error;
} Reader;

static JsonNode *read_value (Reader *self);

static void
fail_at (Reader *self, TwinJsonError code, const char *at, const char *what)
{
  unsigned line = 1, column = 1;

  self->wrong = at;
  if (self->name == NULL)
    {
      g_set_error_literal (self->error, TWIN_JSON_ERROR, code, what);
      return;
    }

  for (const char *p = self->begin; p < at; p++)
    {
      if (*p == '\n')
        {
          line++;
          column = 1;
        }
      else if (((guchar) *p & 0xC0) != 0x80)
        column++;
    }

  g_set_error (self->error, TWIN_JSON_ERROR, code, "%s:%u:%u: %s", self->name,
               line, column, what);
}

static void
fail (Reader *self, const char *what)
{
  fail_at (self, TWIN_JSON_ERROR_SYNTAX, self->at,
           self->at >= self->end ? "the text ends too early" : what);
}

static void
skip_blank (Reader *self)
{
  while (self->at < self->end && (*self->at == ' ' || *self->at == '\n' ||
                                  *self->at == '\r' || *self->at == '\t'))
    self->at++;
}

/* The four hex digits at @p, -1 when there are none. */
static int
read_hex (const char *p, const char *end)
{
  int value = 0;

  if (end - p < 4)
    return -1;

  for (int i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (p[i]);

      if (digit < 0)
        return -1;
      value = value * 16 + digit;
    }

  return value;
}

static gboolean
read_unicode_escape (Reader *self)
{
  int high = read_hex (self->at + 2, self->end);
  int low;

  if (high <= 0 || (high >= 0xDC00 && high < 0xE000))
    return FALSE;

  self->at += 6;
  if (high < 0xD800 || high >= 0xE000)
    {
      g_string_append_unichar (self->text, (gunichar) high);
      return TRUE;
    }

  if (self->end - self->at < 6 || self->at[0] != '\\' || self->at[1] != 'u')
    return FALSE;

  low = read_hex (self->at + 2, self->end);
  if (low < 0xDC00 || low >= 0xE000)
    return FALSE;

  self->at += 6;
  g_string_append_unichar (self->text,
                           (gunichar) (0x10000 + ((high - 0xD800) << 10) +
                                       (low - 0xDC00)));
  return TRUE;
}

static gboolean
read_escape (Reader *self)
{
  static const char from[] = "\"\\/bfnrt";
  static const char to[] = "\"\\/\b\f\n\r\t";
  const char       *found;

  if (self->end - self->at < 2)
    {
      self->at = self->end;
      fail (self, "");
      return FALSE;
    }

  if (self->at[1] == 'u')
    {
      if (read_unicode_escape (self))
        return TRUE;
      fail (self, "\\u needs four hex digits that make a character");
      return FALSE;
    }

  found = self->at[1] != '\0' ? strchr (from, self->at[1]) : NULL;
  if (found == NULL)
    {
      fail (self, "no such escape in a string");
      return FALSE;
    }

  g_string_append_c (self->text, to[found - from]);
  self->at += 2;
  return TRUE;
}

/* Into self->text. */
static gboolean
read_string (Reader *self)
{
  g_string_truncate (self->text, 0);
  self->at++;

  for (;;)
    {
      const char *run = self->at;

      while (self->at < self->end && *self->at != '"' && *self->at != '\\' &&
             (guchar) *self->at >= 0x20)
        self->at++;

      g_string_append_len (self->text, run, self->at - run);
      if (self->at >= self->end)
        {
          fail (self, "");
          return FALSE;
        }

      if (*self->at == '"')
        {
          self->at++;
          return TRUE;
        }

      if (*self->at != '\\')
        {
          fail (self, "a string cannot hold a control character or line break");
          return FALSE;
        }

      if (!read_escape (self))
        return FALSE;
    }
}

static gboolean
skip_digits (Reader *self)
{
  const char *first = self->at;

  while (self->at < self->end && g_ascii_isdigit (*self->at))
    self->at++;

  return self->at > first;
}

static JsonNode *
read_number (Reader *self)
{
  const char *first = self->at;
  gboolean    whole = TRUE;
  JsonNode   *node;
  double      real;

  if (*self->at == '-')
    self->at++;

  if (self->at < self->end && *self->at == '0')
    self->at++;
  else if (!skip_digits (self))
    {
      fail (self, "a value is expected here");
      return NULL;
    }

  if (self->at < self->end && *self->at == '.')
    {
      whole = FALSE;
      self->at++;
      if (!skip_digits (self))
        {
          fail (self, "digits are expected after the point");
          return NULL;
        }
    }

  if (self->at < self->end && (*self->at == 'e' || *self->at == 'E'))
    {
      whole = FALSE;
      self->at++;
      if (self->at < self->end && (*self->at == '+' || *self->at == '-'))
        self->at++;
      if (!skip_digits (self))
        {
          fail (self, "digits are expected in the exponent");
          return NULL;
        }
    }

  g_string_truncate (self->text, 0);
  g_string_append_len (self->text, first, self->at - first);

  node = json_node_new (JSON_NODE_VALUE);
  if (whole)
    {
      gint64 integer;

      errno = 0;
      integer = g_ascii_strtoll (self->text->str, NULL, 10);
      if (errno == 0)
        {
          json_node_set_int (node, integer);
          return node;
        }
    }

  real = g_ascii_strtod (self->text->str, NULL);
  if (!isfinite (real))
    {
      json_node_free (node);
      fail_at (self, TWIN_JSON_ERROR_SYNTAX, first, "the number is too large");
      return NULL;
    }

  json_node_set_double (node, real);
  return node;
}

static gboolean
enter (Reader *self)
{
  if (++self->depth <= MOST_DEPTH)
    return TRUE;

  fail_at (self, TWIN_JSON_ERROR_LIMIT, self->at,
           "nested deeper than 64 levels");
  return FALSE;
}

static JsonNode *
read_array (Reader *self)
{
  g_autoptr (JsonArray) array = json_array_new ();

  if (!enter (self))
    return NULL;

  self->at++;
  skip_blank (self);
  if (self->at < self->end && *self->at == ']')
    self->at++;
  else
    {
      for (;;)
        {
          JsonNode *element = read_value (self);

          if (element == NULL)
            return NULL;

          json_array_add_element (array, element);
          skip_blank (self);
          if (self->at < self->end && *self->at == ',')
            {
              self->at++;
              continue;
            }
          if (self->at < self->end && *self->at == ']')
            {
              self->at++;
              break;
            }

          fail (self, "a comma or ] is expected here");
          return NULL;
        }
    }

  self->depth--;
  return json_node_init_array (json_node_alloc (), array);
}

/* One "key": value into @object. */
static gboolean
read_member (Reader *self, JsonObject *object)
{
  const char      *first = self->at;
  g_autofree char *key = NULL;
  JsonNode        *value;
  guint            size;

  if (self->at >= self->end || *self->at != '"')
    {
      fail (self, "a key in double quotes is expected here");
      return FALSE;
    }

  if (!read_string (self))
    return FALSE;

  key = g_strdup (self->text->str);
  skip_blank (self);
  if (self->at >= self->end || *self->at != ':')
    {
      fail (self, "a colon is expected after the key");
      return FALSE;
    }

  self->at++;
  value = read_value (self);
  if (value == NULL)
    return FALSE;

  /* One that was there is replaced: then there are no more than before. */
  size = json_object_get_size (object);
  json_object_set_member (object, key, value);
  if (json_object_get_size (object) == size)
    {
      g_autofree char *what = g_strdup_printf ("the key “%s” comes twice", key);

      fail_at (self, TWIN_JSON_ERROR_SYNTAX, first, what);
      return FALSE;
    }

  return TRUE;
}

static JsonNode *
read_object (Reader *self)
{
  g_autoptr (JsonObject) object = json_object_new ();

  if (!enter (self))
    return NULL;

  self->at++;
  skip_blank (self);
  if (self->at < self->end && *self->at == '}')
    self->at++;
  else
    {
      for (;;)
        {
          skip_blank (self);
          if (!read_member (self, object))
            return NULL;

          skip_blank (self);
          if (self->at < self->end && *self->at == ',')
            {
              self->at++;
              continue;
            }
          if (self->at < self->end && *self->at == '}')
            {
              self->at++;
              break;
            }

          fail (self, "a comma or } is expected here");
          return NULL;
        }
    }

  self->depth--;
  return json_node_init_object (json_node_alloc (), object);
}

static gboolean
take_word (Reader *self, const char *word)
{
  size_t length = strlen (word);

  if ((size_t) (self->end - self->at) < length ||
      memcmp (self->at, word, length) != 0)
    return FALSE;

  self->at += length;
  return TRUE;
}

static JsonNode *
read_value (Reader *self)
{
  skip_blank (self);
  if (self->at >= self->end)
    {
      fail (self, "");
      return NULL;
    }

  switch (*self->at)
    {
    case '{':
      return read_object (self);
    case '[':
      return read_array (self);
    case '"':
      if (!read_string (self))
        return NULL;
      return json_node_init_string (json_node_alloc (), self->text->str);
    default:
      break;
    }

  if (take_word (self, "true"))
    return json_node_init_boolean (json_node_alloc (), TRUE);
  if (take_word (self, "false"))
    return json_node_init_boolean (json_node_alloc (), FALSE);
  if (take_word (self, "null"))
    return json_node_init_null (json_node_alloc ());
  if (*self->at == '-' || g_ascii_isdigit (*self->at))
    return read_number (self);

  fail (self, "a value is expected here");
  return NULL;
}

/* The whole text, which has no byte order mark. */
static JsonNode *
read_text (Reader *self)
{
  JsonNode   *node;
  const char *bad;

  self->at = self->begin;
  if (!g_utf8_validate_len (self->begin, (gsize) (self->end - self->begin),
                            &bad))
    {
      fail_at (self, TWIN_JSON_ERROR_SYNTAX, bad, "not UTF-8 text");
      return NULL;
    }

  self->text = g_string_sized_new (256);
  node = read_value (self);
  if (node != NULL)
    {
      skip_blank (self);
      if (self->at < self->end)
        {
          fail (self, "nothing may follow the value");
          g_clear_pointer (&node, json_node_unref);
        }
    }

  g_string_free (self->text, TRUE);
  if (node != NULL)
    json_node_seal (node);
  return node;
}

JsonNode *
twin_json_parse (const char *name,
                 const char *text,
                 gssize      length,
                 GError    **error)
{
  Reader reader = { .name = name, .begin = text, .error = error };
  gsize  size = length < 0 ? strlen (text) : (gsize) length;

  if (size > MOST_BYTES)
    {
      g_set_error (error, TWIN_JSON_ERROR, TWIN_JSON_ERROR_LIMIT,
                   "%s: larger than 256 MiB", name);
      return NULL;
    }

  if (size >= 3 && memcmp (text, "\xEF\xBB\xBF", 3) == 0)
    {
      reader.begin += 3;
      size -= 3;
    }

  reader.end = reader.begin + size;
  return read_text (&reader);
}

JsonNode *
twin_json_parse_part (const char *text,
                      gsize       length,
                      gsize      *where,
                      GError    **error)
{
  Reader    reader = { .begin = text, .end = text + length, .error = error };
  JsonNode *node = read_text (&reader);

  if (node == NULL && where != NULL)
    *where = (gsize) (reader.wrong - text);
  return node;
}

const char *
twin_json_get_string (JsonObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;

  return json_node_get_string (node);
}
