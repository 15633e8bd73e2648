/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-whatif-inputs.c - the names that a question may set */
#include "twin-engine-whatif.h"

#include <math.h>
#include <string.h>

#include "twin-diagnosis.h"
#include "twin-json.h"

#define DAY_S 86400.0
#define HORIZON_S (90 * DAY_S)

typedef enum
{
  NUMBER,
  GREASE,
  WORK,
  FAULT,
  WEEKDAYS,
} Kind;

typedef struct
{
  const char *name;
  Kind        kind;
  size_t      offset;
  double      factor; /* of the number, to the unit of the member */
} Input;

#define IN_STATE(member) G_STRUCT_OFFSET (TwinWhatifQuestion, state.member)
#define IN_COSTS(member) G_STRUCT_OFFSET (TwinWhatifQuestion, costs.member)
#define IN_SCENARIO(member)                                                    \
  G_STRUCT_OFFSET (TwinWhatifQuestion, scenario.member)

static const Input inputs[] = {
  { "load", NUMBER, IN_SCENARIO (load), 1 },
  { "speed", NUMBER, IN_SCENARIO (speed), 1 },
  { "ambient", NUMBER, IN_SCENARIO (ambient_c), 1 },
  { "kappa", NUMBER, IN_SCENARIO (kappa), 1 },
  { "cleanliness", NUMBER, IN_SCENARIO (ec), 1 },
  { "grease", GREASE, 0, 1 },
  { "grease-age", NUMBER, IN_SCENARIO (grease_age_h), 1 },
  { "work", WORK, 0, 1 },
  { "work-days", NUMBER, IN_SCENARIO (work_s), DAY_S },
  { "planned-cost", NUMBER, IN_COSTS (prices.planned), 1 },
  { "failure-cost", NUMBER, IN_COSTS (prices.unplanned), 1 },
  { "energy-price", NUMBER, IN_COSTS (prices.kwh), 1 },
  { "lead-days", NUMBER, IN_COSTS (lead_s), DAY_S },
  { "weekdays", WEEKDAYS, 0, 1 },
  { "fault", FAULT, 0, 1 },
  { "load-now", NUMBER, IN_STATE (load), 1 },
  { "speed-now", NUMBER, IN_STATE (speed), 1 },
  { "ambient-now", NUMBER, IN_STATE (ambient_c), 1 },
  { "temperature-now", NUMBER, IN_STATE (temperature_c), 1 },
  { "rated-rpm", NUMBER, IN_STATE (rated_rpm), 1 },
  { "limit-rpm", NUMBER, IN_STATE (limit_rpm), 1 },
  { "bearing-load", NUMBER, IN_STATE (load_kn), 1 },
  { "damage", NUMBER, IN_STATE (damage), 1 },
  { "grease-age-now", NUMBER, IN_STATE (grease_age_h), 1 },
};

static const char *const weekday_names[] = { "mon", "tue", "wed", "thu",
                                             "fri", "sat", "sun" };

TwinWhatifQuestion *
twin_whatif_question_new (void)
{
  TwinWhatifQuestion *self = g_new0 (TwinWhatifQuestion, 1);

  twin_whatif_state_init (&self->state);
  twin_whatif_scenario_init (&self->scenario);
  self->scenario.horizon_s = HORIZON_S;
  self->wish = (TwinWhatifWish){ NAN, NAN, FALSE };
  twin_engine_costs_init (&self->costs);
  twin_rul_prior_default (&self->prior);
  return self;
}

void
twin_whatif_question_free (TwinWhatifQuestion *self)
{
  if (self == NULL)
    return;

  g_free (self->detail);
  g_free (self->text);
  g_free (self);
}

static gboolean
parse_weekdays (const char *text, guint *days)
{
  g_auto (GStrv) words = g_strsplit (text, ",", -1);

  *days = 0;
  for (int i = 0; words[i] != NULL; i++)
    {
      size_t day = 0;

      while (day < G_N_ELEMENTS (weekday_names) &&
             g_ascii_strcasecmp (g_strstrip (words[i]), weekday_names[day]) !=
                 0)
        day++;
      if (day == G_N_ELEMENTS (weekday_names))
        return words[i][0] == '\0' && words[1] == NULL;

      *days |= 1u << day;
    }

  return TRUE;
}

static gboolean
parse_word (TwinWhatifQuestion *self, Kind kind, const char *word)
{
  static const char *const works[] = { "none", "replace", "regrease" };
  TwinElement              element;

  switch (kind)
    {
    case GREASE:
      self->scenario.grease = twin_grease_from_name (word);
      return self->scenario.grease >= 0;
    case WORK:
      for (int i = 0; i < (int) G_N_ELEMENTS (works); i++)
        if (strcmp (word, works[i]) == 0)
          {
            self->scenario.work = (TwinWork) i;
            return TRUE;
          }
      return FALSE;
    case FAULT:
      if (!twin_element_parse (word, &element) ||
          (element != TWIN_ELEMENT_NONE && element != TWIN_ELEMENT_INNER &&
           element != TWIN_ELEMENT_OUTER))
        return FALSE;
      self->scenario.fault = (int) element;
      self->wish.signal = TRUE;
      return TRUE;
    case WEEKDAYS:
      return parse_weekdays (word, &self->costs.weekdays);
    default:
      return FALSE;
    }
}

/* "1.2", "120%". */
static gboolean
parse_number (const char *text, double *number)
{
  char *end;

  *number = g_ascii_strtod (text, &end);
  if (end == text)
    return FALSE;
  if (*end == '%' && end[1] == '\0')
    {
      *number /= 100;
      end++;
    }

  return *end == '\0' && isfinite (*number);
}

static gboolean
set_one (TwinWhatifQuestion *self,
         const Input        *input,
         JsonNode           *value,
         GError            **error)
{
  const char *text = NULL;
  double      number = NAN;
  gboolean    good = FALSE;

  if (JSON_NODE_HOLDS_VALUE (value) &&
      json_node_get_value_type (value) == G_TYPE_STRING)
    text = json_node_get_string (value);

  if (input->kind != NUMBER)
    good = text != NULL && parse_word (self, input->kind, text);
  else if (text != NULL)
    good = parse_number (text, &number);
  else if (JSON_NODE_HOLDS_VALUE (value) &&
           json_node_get_value_type (value) != G_TYPE_BOOLEAN)
    {
      number = json_node_get_double (value);
      good = isfinite (number);
    }

  if (!good)
    {
      g_autofree char *shown = json_to_string (value, FALSE);

      g_set_error (error, TWIN_WHATIF_ERROR, TWIN_WHATIF_ERROR_RANGE,
                   "“%s” is no value of %s", text != NULL ? text : shown,
                   input->name);
      return FALSE;
    }

  if (input->kind == NUMBER)
    G_STRUCT_MEMBER (double, self, input->offset) = number * input->factor;
  return TRUE;
}

static const Input *
find_input (const char *name)
{
  g_autofree char *dashed = g_ascii_strdown (name, -1);

  g_strdelimit (dashed, "_ ", '-');
  for (size_t i = 0; i < G_N_ELEMENTS (inputs); i++)
    if (strcmp (dashed, inputs[i].name) == 0)
      return &inputs[i];

  return NULL;
}

static char *
dup_names (void)
{
  GString *names = g_string_new (inputs[0].name);

  for (size_t i = 1; i < G_N_ELEMENTS (inputs); i++)
    g_string_append_printf (names, ", %s", inputs[i].name);
  return g_string_free (names, FALSE);
}

gboolean
twin_whatif_question_parse_set (TwinWhatifQuestion *self,
                                JsonObject         *set,
                                GError            **error)
{
  g_autoptr (GList) members = json_object_get_members (set);

  for (GList *at = members; at != NULL; at = at->next)
    {
      const Input *input = find_input (at->data);

      if (input == NULL)
        {
          g_autofree char *names = dup_names ();

          g_set_error (error, TWIN_WHATIF_ERROR, TWIN_WHATIF_ERROR_RANGE,
                       "“%s” cannot be set; there are %s",
                       (const char *) at->data, names);
          return FALSE;
        }

      if (!set_one (self, input, json_object_get_member (set, at->data), error))
        return FALSE;
    }

  if (json_object_has_member (set, "work-days") &&
      self->scenario.work == TWIN_WORK_NONE)
    self->scenario.work = TWIN_WORK_REPLACE;
  return TRUE;
}

static gboolean
take_number (JsonObject *object,
             const char *name,
             double     *number,
             GError    **error)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;

  if (JSON_NODE_HOLDS_VALUE (node) &&
      (json_node_get_value_type (node) == G_TYPE_INT64 ||
       json_node_get_value_type (node) == G_TYPE_DOUBLE) &&
      json_node_get_double (node) > 0)
    {
      *number = json_node_get_double (node);
      return TRUE;
    }

  g_set_error (error, TWIN_WHATIF_ERROR, TWIN_WHATIF_ERROR_RANGE,
               "“%s” must be a number over 0", name);
  return FALSE;
}

static gboolean
is_true (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) &&
         json_node_get_value_type (node) == G_TYPE_BOOLEAN &&
         json_node_get_boolean (node);
}

gboolean
twin_whatif_question_parse (TwinWhatifQuestion *self,
                            const char         *text,
                            GError            **error)
{
  g_autoptr (JsonNode) root =
      twin_json_parse ("question", text != NULL && *text != '\0' ? text : "{}",
                       -1, error);
  JsonObject *object;
  JsonNode   *set;

  if (root == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, TWIN_WHATIF_ERROR, TWIN_WHATIF_ERROR_RANGE,
                           "The question must be a JSON object");
      return FALSE;
    }

  object = json_node_get_object (root);
  self->wish.signal = is_true (object, "signal");
  self->refine = is_true (object, "refine");
  self->keep = is_true (object, "keep");
  if (!take_number (object, "horizon", &self->scenario.horizon_s, error) ||
      !take_number (object, "accuracy", &self->wish.accuracy, error) ||
      !take_number (object, "budget", &self->wish.budget_ms, error))
    return FALSE;

  set = json_object_get_member (object, "set");
  if (set == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (set))
    {
      g_set_error_literal (error, TWIN_WHATIF_ERROR, TWIN_WHATIF_ERROR_RANGE,
                           "“set” must be a JSON object");
      return FALSE;
    }

  return twin_whatif_question_parse_set (self, json_node_get_object (set),
                                         error);
}

static void
add_number (JsonObject *object, const char *name, double value)
{
  if (isfinite (value))
    json_object_set_double_member (object, name, value);
}

char *
twin_whatif_question_dup_kept (const TwinWhatifQuestion *self)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (GString) days = g_string_new (NULL);
  JsonObject *object = json_object_new ();

  json_node_take_object (root, object);
  add_number (object, "planned-cost", self->costs.prices.planned);
  add_number (object, "failure-cost", self->costs.prices.unplanned);
  add_number (object, "energy-price", self->costs.prices.kwh);
  add_number (object, "lead-days", self->costs.lead_s / DAY_S);
  for (size_t i = 0; i < G_N_ELEMENTS (weekday_names); i++)
    if (self->costs.weekdays & (1u << i))
      g_string_append_printf (days, "%s%s", days->len > 0 ? "," : "",
                              weekday_names[i]);
  json_object_set_string_member (object, "weekdays", days->str);
  return json_to_string (root, FALSE);
}
