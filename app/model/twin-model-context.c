/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-model-builder.h"

#include <string.h>

/* --- DTMIs -----------------------------------------------------------------
 */

/* The end of a letter, letters, digits and underscores, not ending in an
 * underscore; NULL when there is no such segment at @p. */
static const char *
skip_segment (const char *p)
{
  const char *first = p;

  if (!g_ascii_isalpha (*p))
    return NULL;

  while (g_ascii_isalnum (*p) || *p == '_')
    p++;

  return p > first && p[-1] != '_' ? p : NULL;
}

/* The end of a number without leading zero and of at most @most digits. */
static const char *
skip_number (const char *p, int most)
{
  const char *first = p;

  if (*p < '1' || *p > '9')
    return NULL;

  while (g_ascii_isdigit (*p))
    p++;

  return p - first <= most ? p : NULL;
}

gboolean
twin_dtmi_is_valid_for (const char *dtmi, int dtdl)
{
  const char *p = dtmi;

  if (!g_str_has_prefix (p, "dtmi:") || strlen (dtmi) > 2048)
    return FALSE;

  p += 4;
  while (*p == ':')
    {
      p = skip_segment (p + 1);
      if (p == NULL)
        return FALSE;
    }

  if (*p == '\0')
    return dtdl >= 3;
  if (*p != ';')
    return FALSE;

  p = skip_number (p + 1, 9);
  if (p == NULL)
    return FALSE;

  if (*p == '.' && dtdl >= 3)
    p = skip_number (p + 1, 6);

  return p != NULL && *p == '\0';
}

gboolean
twin_dtmi_is_valid (const char *dtmi)
{
  return dtmi != NULL && twin_dtmi_is_valid_for (dtmi, 3);
}

size_t
twin_dtmi_split (const char *dtmi, int *major, int *minor)
{
  const char *mark = strchr (dtmi, ';');
  const char *point;

  *major = *minor = -1;
  if (mark == NULL)
    return strlen (dtmi);

  *major = (int) g_ascii_strtoll (mark + 1, NULL, 10);
  point = strchr (mark, '.');
  if (point != NULL)
    *minor = (int) g_ascii_strtoll (point + 1, NULL, 10);

  return (size_t) (mark - dtmi);
}

const char *
twin_model_term (TwinModelBuilder *self, const char *text)
{
  static const char *const prefixes[] = {
    "dtmi:dtdl:property:",
    "dtmi:dtdl:class:",
    "dtmi:dtdl:instance:Schema:",
    "dtmi:dtdl:instance:CommandType:",
    "dtmi:standard:class:",
    "dtmi:standard:unit:",
    "dtmi:dtdl:extension:quantitativeTypes:v1:class:",
    "dtmi:dtdl:extension:quantitativeTypes:v1:unit:",
  };

  if (strncmp (text, "dtmi:", 5) != 0)
    return text;

  for (size_t i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      if (g_str_has_prefix (text, prefixes[i]))
        {
          const char      *term = text + strlen (prefixes[i]);
          g_autofree char *bare = g_strndup (term, strcspn (term, ";"));

          return twin_model_builder_intern (self, bare);
        }
    }

  return text;
}

/* --- contexts ---------------------------------------------------------------
 */

static gboolean
read_dtdl_version (TwinModelBuilder *self, const char *context)
{
  const char *version = context + strlen ("dtmi:dtdl:context;");
  int         most = self->options->max_dtdl != 0 ? self->options->max_dtdl : 4;
  int         dtdl = version[0] - '0';
  const char *rest = version[0] != '\0' ? version + 1 : version;

  /* v4 lets its limits be chosen by a context after this one. */
  if (dtdl == 4 && strcmp (rest, "#limitless") == 0)
    rest = "";

  if (version[0] == '\0' || *rest != '\0' || dtdl < 2 || dtdl > 4)
    {
      twin_model_builder_issue (self, "invalidContextSpecifierForVersion",
                                "the context “%s” is none of DTDL's: 2, 3 or 4 "
                                "is expected",
                                context);
      return FALSE;
    }

  if (dtdl > most)
    {
      twin_model_builder_issue (self, "disallowedVersionDefinition",
                                "the interface is DTDL v%d, but only up to v%d "
                                "is allowed here",
                                dtdl, most);
      return FALSE;
    }

  self->place.dtdl = dtdl;
  return TRUE;
}

static gboolean
undefined_allowed (TwinModelBuilder *self)
{
  switch (self->options->undefined_extensions)
    {
    case TWIN_EXTENSIONS_ALLOW:
      return TRUE;
    case TWIN_EXTENSIONS_DENY:
      return FALSE;
    case TWIN_EXTENSIONS_BY_VERSION:
    default:
      return self->place.dtdl == 2;
    }
}

/* Extensions whose terms are known to exist but are not looked into. */
static gboolean
is_known_extension (const char *context)
{
  static const char *const known[] = {
    "dtmi:dtdl:extension:annotation;",  "dtmi:dtdl:extension:historization;",
    "dtmi:dtdl:extension:mqtt;",        "dtmi:dtdl:extension:overriding;",
    "dtmi:dtdl:extension:requirement;", "dtmi:dtdl:extension:onvif;",
    "dtmi:dtdl:extension:layering;",    "dtmi:iotcentral:context;",
    "dtmi:iotoperations:context;",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (known); i++)
    {
      if (g_str_has_prefix (context, known[i]))
        return TRUE;
    }

  return FALSE;
}

static gboolean
read_extension (TwinModelBuilder *self, const char *context)
{
  if (g_str_has_prefix (context, "dtmi:dtdl:context;") &&
      context[strlen ("dtmi:dtdl:context;")] - '0' == self->place.dtdl)
    return TRUE;

  if (g_str_has_prefix (context, "dtmi:dtdl:context;"))
    {
      twin_model_builder_issue (self, "dtdlContextFollowsAffiliate",
                                "DTDL's own context must come first");
      return FALSE;
    }

  if (g_str_has_prefix (context, "dtmi:dtdl:limits:"))
    return TRUE;

  if (g_str_has_prefix (context, "dtmi:dtdl:extension:quantitativeTypes;"))
    {
      self->place.quantities = TRUE;
      return TRUE;
    }

  if (is_known_extension (context))
    {
      self->place.tenable = TRUE;
      return TRUE;
    }

  if (!g_str_has_prefix (context, "dtmi:"))
    {
      twin_model_builder_issue (self, "nonDtmiContextSpecifier",
                                "the context “%s” is no DTMI", context);
      return FALSE;
    }

  if (!twin_dtmi_is_valid (context))
    {
      twin_model_builder_issue (self, "invalidContextSpecifier",
                                "the context “%s” is no valid DTMI", context);
      return FALSE;
    }

  if (!undefined_allowed (self))
    {
      twin_model_builder_issue (self, "unresolvableContextSpecifier",
                                "the context “%s” is not known; name one of "
                                "DTDL's extensions, or "
                                "allow undefined extensions",
                                context);
      return FALSE;
    }

  self->place.tenable = TRUE;
  return TRUE;
}

static gboolean
read_one (TwinModelBuilder *self, JsonNode *node)
{
  const char *context;

  if (!JSON_NODE_HOLDS_VALUE (node) ||
      json_node_get_value_type (node) != G_TYPE_STRING)
    {
      twin_model_builder_issue (self,
                                JSON_NODE_HOLDS_OBJECT (node)
                                    ? "disallowedLocalContext"
                                    : "invalidContext",
                                "a context must be a DTMI in quotes; local "
                                "terms are not allowed");
      return FALSE;
    }

  context = json_node_get_string (node);
  if (g_str_has_prefix (context, "dtmi:dtdl:context;") &&
      (self->place.dtdl == 0))
    return read_dtdl_version (self, context);

  if (self->place.dtdl == 0)
    {
      twin_model_builder_issue (self, "missingDtdlContext",
                                "the first context must be DTDL's: "
                                "“dtmi:dtdl:context;3”");
      return FALSE;
    }

  return read_extension (self, context);
}

gboolean
twin_model_read_context (TwinModelBuilder *self, JsonObject *object)
{
  JsonNode      *node = json_object_get_member (object, "@context");
  TwinModelPlace old = self->place;
  gboolean       good = TRUE;
  gsize          here;

  if (node == NULL)
    {
      if (self->place.dtdl != 0)
        return TRUE;

      twin_model_builder_issue (self, "missingContext",
                                "“@context” is missing: add \"@context\": "
                                "\"dtmi:dtdl:context;3\"");
      return FALSE;
    }

  here = twin_model_builder_push (self, "@context");
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);
      guint      length = json_array_get_length (array);

      if (length > 0)
        self->place.dtdl = 0;
      else if (old.dtdl == 0)
        {
          twin_model_builder_issue (self, "emptyContext",
                                    "“@context” must name DTDL's context");
          good = FALSE;
        }

      for (guint i = 0; i < length && good; i++)
        {
          /* A nested element may add extensions to what is in force. */
          if (i == 0 && old.dtdl != 0)
            {
              JsonNode *first = json_array_get_element (array, 0);

              if (JSON_NODE_HOLDS_VALUE (first) &&
                  json_node_get_value_type (first) == G_TYPE_STRING &&
                  !g_str_has_prefix (json_node_get_string (first),
                                     "dtmi:dtdl:context;"))
                self->place.dtdl = old.dtdl;
            }
          good = read_one (self, json_array_get_element (array, i));
        }
    }
  else
    {
      if (JSON_NODE_HOLDS_VALUE (node) &&
          json_node_get_value_type (node) == G_TYPE_STRING &&
          g_str_has_prefix (json_node_get_string (node), "dtmi:dtdl:context;"))
        self->place.dtdl = 0;
      good = read_one (self, node);
    }

  if (good && old.dtdl != 0 && self->place.dtdl > old.dtdl)
    {
      twin_model_builder_issue (self, "disallowedContextVersion",
                                "what is inside a DTDL v%d element cannot be "
                                "DTDL v%d",
                                old.dtdl, self->place.dtdl);
      good = FALSE;
    }

  if (good && undefined_allowed (self) && self->place.dtdl == 2)
    self->place.tenable = TRUE;

  twin_model_builder_pop (self, here);
  return good;
}
