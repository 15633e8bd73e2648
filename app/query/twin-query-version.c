/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-query-version.h"

#include <sqlite3.h>
#include <string.h>

#define MOST_DIGITS 200
#define MOST_LENGTH 255

/* How a key is made so that bytes sort as versions: a number is its count of
 * digits and the digits; what ends early sorts before what goes on, but a
 * release after its pre-releases. */
enum
{
  PRE_END = 0x00,
  PRE_NUMBER = 0x01,
  PRE_WORD = 0x02,
  RELEASE_PRE = 0x01,
  RELEASE_END = 0x02,
  RELEASE_NUMBER = 0x03,
};

/* The number at *@text behind @mark; FALSE unless there is one. */
static gboolean
append_number (GByteArray *out, guint8 mark, const char *text, size_t length)
{
  guint8 count;

  while (length > 0 && *text == '0')
    {
      text++;
      length--;
    }

  if (length > MOST_DIGITS)
    return FALSE;

  count = (guint8) length;
  g_byte_array_append (out, &mark, 1);
  g_byte_array_append (out, &count, 1);
  g_byte_array_append (out, (const guint8 *) text, (guint) length);
  return TRUE;
}

static gboolean
append_release (GByteArray *out, const char **text)
{
  const char *p = *text;
  guint       kept = 0;

  do
    {
      size_t length = strspn (p, "0123456789");

      if (length == 0 || !append_number (out, RELEASE_NUMBER, p, length))
        return FALSE;

      /* 1.2 is 1.2.0: zeros at the end do not count */
      if (out->data[out->len - 1] != 0)
        kept = out->len;
      p += length;
    }
  while (*p == '.' && *++p != '\0');

  g_byte_array_set_size (out, kept);
  *text = p;
  return p[-1] != '.';
}

static gboolean
append_pre_release (GByteArray *out, const char *text, const char *end)
{
  static const guint8 word = PRE_WORD, last = PRE_END;

  for (const char *p = text; p <= end;)
    {
      size_t length = strcspn (p, ".");

      length = MIN (length, (size_t) (end - p));
      if (length == 0)
        return FALSE;

      if (strspn (p, "0123456789") >= length)
        {
          if (!append_number (out, PRE_NUMBER, p, length))
            return FALSE;
        }
      else
        {
          for (size_t i = 0; i < length; i++)
            {
              if (!g_ascii_isalnum (p[i]) && p[i] != '-')
                return FALSE;
            }
          g_byte_array_append (out, &word, 1);
          g_byte_array_append (out, (const guint8 *) p, (guint) length);
          g_byte_array_append (out, &last, 1);
        }
      p += length + 1;
    }

  g_byte_array_append (out, &last, 1);
  return TRUE;
}

GBytes *
twin_version_key (const char *text)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  guint8 mark = RELEASE_END;

  if (strlen (text) > MOST_LENGTH)
    return NULL;
  if (*text == 'v' || *text == 'V')
    text++;
  if (!append_release (out, &text))
    return NULL;

  if (*text == '-')
    {
      mark = RELEASE_PRE;
      g_byte_array_append (out, &mark, 1);
      if (!append_pre_release (out, text + 1, text + strcspn (text, "+")))
        return NULL;
    }
  else if (*text == '\0' || *text == '+')
    g_byte_array_append (out, &mark, 1);
  else
    return NULL;

  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static void
sql_version (sqlite3_context *context, int n, sqlite3_value **values)
{
  const char *text;
  g_autoptr (GBytes) key = NULL;
  gsize length;

  if (sqlite3_value_type (values[0]) != SQLITE_TEXT)
    return;

  text = (const char *) sqlite3_value_text (values[0]);
  key = text != NULL ? twin_version_key (text) : NULL;
  if (key == NULL)
    return;

  text = g_bytes_get_data (key, &length);
  sqlite3_result_blob (context, text, (int) length, SQLITE_TRANSIENT);
}

gboolean
twin_version_register (const TwinPlan *plan, GError **error)
{
  sqlite3      *db = twin_store_reader_get_db (plan->reader);
  sqlite3_stmt *statement = NULL;
  int           rc;

  /* registering again would make every statement of the reader anew */
  rc = sqlite3_prepare_v2 (db, "SELECT twin_version(NULL)", -1, &statement,
                           NULL);
  sqlite3_finalize (statement);
  if (rc == SQLITE_OK)
    return TRUE;

  rc = sqlite3_create_function (db, "twin_version", 1,
                                SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
                                sql_version, NULL, NULL);
  if (rc == SQLITE_OK)
    return TRUE;

  g_set_error (error, TWIN_QUERY_ERROR, TWIN_QUERY_ERROR_STORE,
               "The store could not answer the query: %s", sqlite3_errmsg (db));
  return FALSE;
}
