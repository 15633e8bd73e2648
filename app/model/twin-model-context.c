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

gboolean
twin_dtmi_is_valid_reference (const char *dtmi)
{
  g_autofree char *bare = g_strndup (dtmi, strcspn (dtmi, "#"));
  const char      *mark = strchr (dtmi, '#');

  return twin_dtmi_is_valid_for (bare, 3) &&
         (mark == NULL ||
          (mark[1] != '\0' &&
           strspn (mark + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstu"
                             "vwxyz0123456789_") == strlen (mark + 1)));
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

/* --- contexts ---------------------------------------------------------------
 */

#define DTDL "dtmi:dtdl:context;"
#define LIMITS "dtmi:dtdl:limits:"

/* What an array of contexts has said so far. */
typedef struct
{
  gboolean limitless; /* the one before was, so limits must follow */
  gboolean affiliate; /* an extension was named */
} ContextState;

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

/* DTDL's own context, with or without a fragment about limits. */
static gboolean
read_dtdl (TwinModelBuilder *self, const char *context, ContextState *state)
{
  const char *version = context + strlen (DTDL);
  int         most = self->options->max_dtdl != 0 ? self->options->max_dtdl : 4;
  size_t      digits = strspn (version, "0123456789");
  int         dtdl = digits == 1 ? version[0] - '0' : 0;
  const char *fragment = version + digits;
  gboolean    limitless = strcmp (fragment, "#limitless") == 0;
  gboolean    limits = strcmp (fragment, "#limits") == 0;

  if (dtdl < 2 || dtdl > 4 || (*fragment != '\0' && *fragment != '#'))
    {
      twin_model_builder_issue (self, "unrecognizedContextVersion",
                                "the context “%.80s” is none of DTDL's: write "
                                "“dtmi:dtdl:context;3”, or 2 or 4 in its place",
                                context);
      return FALSE;
    }

  if (dtdl > most)
    {
      twin_model_builder_issue (self, "disallowedContextVersion",
                                "the interface is DTDL v%d, but only up to v%d "
                                "is allowed here",
                                dtdl, most);
      return FALSE;
    }

  if (*fragment != '\0' && (dtdl < 4 || (!limitless && !limits)))
    {
      twin_model_builder_issue (
          self,
          dtdl < 4 ? "disallowedContextFragment" : "invalidContextFragment",
          "the context “%.80s” may not end in “%.40s”: leave that out", context,
          fragment);
      return FALSE;
    }

  if (state->affiliate)
    {
      twin_model_builder_issue (self, "dtdlContextFollowsAffiliate",
                                "DTDL's own context must come before those of "
                                "extensions");
      return FALSE;
    }

  if (limits && !state->limitless)
    {
      twin_model_builder_issue (self, "misplacedLimitContext",
                                "“%.80s” must follow “" DTDL "%d#limitless”",
                                context, dtdl);
      return FALSE;
    }

  if (state->limitless && limitless)
    {
      twin_model_builder_issue (self, "missingLimitContext",
                                "“" DTDL "%d#limitless” must be followed by a "
                                "context of limits, such as “" DTDL
                                "%d#limits”",
                                dtdl, dtdl);
      return FALSE;
    }

  state->limitless = limitless;
  self->place.dtdl = dtdl;
  self->place.limits = twin_limits_find (NULL, dtdl);
  self->place.extensions = 0;
  self->place.tenable = FALSE;
  return TRUE;
}

static gboolean
is_accepted (TwinModelBuilder *self, const char *context)
{
  for (const char *const *accepted = self->options->accept_limits;
       accepted != NULL && *accepted != NULL; accepted++)
    {
      size_t length = strlen (*accepted);

      if (strncmp (context, *accepted, length) == 0 &&
          (context[length] == '\0' || context[length] == ';'))
        return TRUE;
    }

  return FALSE;
}

static gboolean
read_limits (TwinModelBuilder *self, const char *context, ContextState *state)
{
  const TwinLimits *limits = twin_limits_find (context, self->place.dtdl);

  if (!state->limitless)
    {
      twin_model_builder_issue (self, "misplacedLimitContext",
                                "“%.80s” must follow “" DTDL "4#limitless”",
                                context);
      return FALSE;
    }

  if (limits == NULL || !is_accepted (self, context))
    {
      twin_model_builder_issue (self, "disallowedLimitContext",
                                limits == NULL
                                    ? "the limits “%.80s” are not known"
                                    : "the limits “%.80s” are not accepted "
                                      "here; accept "
                                      "them, or leave them out",
                                context);
      return FALSE;
    }

  self->place.limits = limits;
  state->limitless = FALSE;
  return TRUE;
}

/* Whether @context is a DTMI with a version, as a context must be. */
static gboolean
check_specifier (TwinModelBuilder *self, const char *context)
{
  const char *id = NULL, *wrong = NULL;

  if (strncmp (context, "dtmi:", 5) != 0)
    {
      id = "nonDtmiContextSpecifier";
      wrong = "is no DTMI";
    }
  else if (!twin_dtmi_is_valid (context))
    {
      id = "invalidContextSpecifier";
      wrong = "is no valid DTMI";
    }
  else if (strchr (context, ';') == NULL)
    {
      id = "missingContextVersion";
      wrong = "lacks its version: add “;1”, or the one you mean";
    }
  else if (!twin_dtmi_is_valid_for (context, self->place.dtdl))
    {
      id = "invalidContextSpecifierForVersion";
      wrong = "is no DTMI as DTDL v2 wants it";
    }

  if (id != NULL)
    twin_model_builder_issue (self, id, "the context “%.80s” %s", context,
                              wrong);
  return id == NULL;
}

static gboolean
read_affiliate (TwinModelBuilder *self,
                const char       *context,
                ContextState     *state)
{
  guint index;

  state->affiliate = TRUE;
  if (!check_specifier (self, context))
    return FALSE;

  if (twin_extension_find (context, &index) != NULL)
    {
      self->place.extensions |= (guint32) 1 << index;
      return TRUE;
    }

  if (undefined_allowed (self))
    {
      self->place.tenable = TRUE;
      return TRUE;
    }

  if (twin_extension_is_known (context))
    twin_model_builder_issue (self, "unresolvableContextVersion",
                              "no such version of the extension “%.80s” is "
                              "known; name another, or allow undefined "
                              "extensions",
                              context);
  else
    twin_model_builder_issue (self, "unresolvableContextSpecifier",
                              "the context “%.80s” is not known; name one of "
                              "DTDL's extensions, or allow undefined "
                              "extensions",
                              context);
  return FALSE;
}

static gboolean
read_one (TwinModelBuilder *self, JsonNode *node, ContextState *state)
{
  const char *context = twin_model_string (node);

  if (context == NULL)
    {
      twin_model_builder_issue (self,
                                JSON_NODE_HOLDS_OBJECT (node)
                                    ? "disallowedLocalContext"
                                    : "invalidContext",
                                "a context must be a DTMI in quotes; terms of "
                                "one's own are not allowed");
      return FALSE;
    }

  if (g_str_has_prefix (context, DTDL))
    return read_dtdl (self, context, state);

  if (self->place.dtdl == 0)
    {
      twin_model_builder_issue (self, "missingDtdlContext",
                                "the first context must be DTDL's: "
                                "“dtmi:dtdl:context;3”");
      return FALSE;
    }

  if (g_str_has_prefix (context, LIMITS) && strchr (context, '#') == NULL)
    return read_limits (self, context, state);

  return read_affiliate (self, context, state);
}

/* Version 2 lets other contexts stand before DTDL's own, and models of IoT
 * Central have them there. Which of @array is read first. */
static guint
find_version_2 (const TwinModelBuilder *self, JsonArray *array)
{
  const guint n = self->place.dtdl == 0 && array != NULL
                      ? json_array_get_length (array)
                      : 0;

  for (guint i = 1; i < n; i++)
    {
      JsonNode *one = json_array_get_element (array, i);

      if (g_strcmp0 (twin_model_string (one), DTDL "2") == 0)
        return i;
    }
  return 0;
}

static gboolean
read_all (TwinModelBuilder *self, JsonNode *node)
{
  ContextState state = { 0 };
  JsonArray   *array =
      JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = array != NULL ? json_array_get_length (array) : 1;
  guint first;

  if (n == 0 && self->place.dtdl == 0)
    {
      twin_model_builder_issue (self, "emptyContext",
                                "“@context” must name DTDL's context: "
                                "“dtmi:dtdl:context;3”");
      return FALSE;
    }

  first = find_version_2 (self, array);
  for (guint i = 0; i < n; i++)
    {
      const guint at = i == 0 ? first : i <= first ? i - 1 : i;

      if (!read_one (self,
                     array != NULL ? json_array_get_element (array, at) : node,
                     &state))
        return FALSE;
    }

  if (state.limitless)
    {
      twin_model_builder_issue (self, "missingLimitContext",
                                "“" DTDL "4#limitless” must be followed by a "
                                "context of limits, such as “" DTDL
                                "4#limits”");
      return FALSE;
    }

  return TRUE;
}

gboolean
twin_model_read_context (TwinModelBuilder *self, JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "@context");
  gboolean  good;
  gsize     here;

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
  good = read_all (self, node);
  twin_model_builder_pop (self, here);
  return good;
}
