/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-bearing.h"

#include <math.h>
#include <string.h>

#define IDENTITY_TOLERANCE 0.005
#define INTEGER_TOLERANCE 0.02
#define COLUMNS 12

struct _TwinBearingCatalogue
{
  GArray    *bearings; /* TwinBearing */
  GPtrArray *sources;  /* char * */
};

G_DEFINE_QUARK (twin - bearing - error - quark, twin_bearing_error)

static void
orders_from_geometry (const TwinBearing *self, TwinBearingOrders *orders)
{
  double ratio =
      self->element_mm / self->pitch_mm * cos (self->angle_deg * G_PI / 180);

  orders->ftf = 0.5 * (1 - ratio);
  orders->bpfo = self->elements * 0.5 * (1 - ratio);
  orders->bpfi = self->elements * 0.5 * (1 + ratio);
  orders->bsf = self->pitch_mm / (2 * self->element_mm) * (1 - ratio * ratio);
}

static gboolean
has_geometry (const TwinBearing *self)
{
  return self->elements >= 3 && self->elements <= 200 && self->element_mm > 0 &&
         self->pitch_mm > self->element_mm && isfinite (self->pitch_mm) &&
         self->angle_deg >= 0 && self->angle_deg < 60 &&
         self->elements * self->element_mm < G_PI * self->pitch_mm * 1.02;
}

static gboolean
has_orders (const TwinBearing *self)
{
  return self->given_ftf > 0 && self->given_bpfo > 0 && self->given_bpfi > 0 &&
         self->given_bsf > 0;
}

static gboolean
differs (double a, double b)
{
  return !(fabs (a - b) <= IDENTITY_TOLERANCE * fabs (b));
}

gboolean
twin_bearing_orders (const TwinBearing *self,
                     TwinBearingOrders *orders,
                     GError           **error)
{
  const char *name =
      self->designation[0] != '\0' ? self->designation : "without a name";

  if (!has_orders (self) && !has_geometry (self))
    {
      g_set_error (error, TWIN_BEARING_ERROR, TWIN_BEARING_ERROR_GEOMETRY,
                   "Bearing %s cannot be: %d elements of %g mm on a pitch "
                   "circle of %g mm at %g°; check the geometry",
                   name, self->elements, self->element_mm, self->pitch_mm,
                   self->angle_deg);
      return FALSE;
    }

  if (!has_orders (self))
    {
      orders_from_geometry (self, orders);
      return TRUE;
    }

  *orders = (TwinBearingOrders){
    .ftf = self->given_ftf,
    .bpfo = self->given_bpfo,
    .bpfi = self->given_bpfi,
    .bsf = self->given_bsf,
  };

  if (differs (orders->bpfo + orders->bpfi, self->elements) ||
      differs (orders->bpfo, self->elements * orders->ftf))
    {
      g_set_error (error, TWIN_BEARING_ERROR, TWIN_BEARING_ERROR_GEOMETRY,
                   "Bearing %s contradicts itself: BPFO %g and BPFI %g must "
                   "add up to %d elements, BPFO must be FTF %g times as many; "
                   "check the row",
                   name, orders->bpfo, orders->bpfi, self->elements,
                   orders->ftf);
      return FALSE;
    }

  if (has_geometry (self))
    {
      TwinBearingOrders own;

      orders_from_geometry (self, &own);
      if (differs (orders->ftf, own.ftf) || differs (orders->bpfo, own.bpfo) ||
          differs (orders->bpfi, own.bpfi) || differs (orders->bsf, own.bsf))
        {
          g_set_error (error, TWIN_BEARING_ERROR, TWIN_BEARING_ERROR_GEOMETRY,
                       "Bearing %s contradicts itself: its geometry gives "
                       "FTF %.4g, BPFO %.4g, BPFI %.4g, BSF %.4g; check the "
                       "row",
                       name, own.ftf, own.bpfo, own.bpfi, own.bsf);
          return FALSE;
        }
    }

  return TRUE;
}

gboolean
twin_bearing_is_integer_order (const TwinBearingOrders *orders)
{
  const double fundamentals[] = { orders->bpfo, orders->bpfi, 2 * orders->bsf };

  for (size_t i = 0; i < G_N_ELEMENTS (fundamentals); i++)
    {
      double whole = round (fundamentals[i]);

      if (fabs (fundamentals[i] - whole) < INTEGER_TOLERANCE * fundamentals[i])
        return TRUE;
    }

  return FALSE;
}

gboolean
twin_bearing_parse (const char *text, TwinBearing *bearing, GError **error)
{
  g_auto (GStrv) words = g_strsplit (text, ",", -1);
  double            values[4];
  TwinBearingOrders orders;

  if (g_strv_length (words) != 4)
    {
      g_set_error (error, TWIN_BEARING_ERROR, TWIN_BEARING_ERROR_SYNTAX,
                   "“%s” is no bearing geometry; write number of elements, "
                   "their diameter, pitch diameter, contact angle, such as "
                   "9,7.94,39.04,0",
                   text);
      return FALSE;
    }

  for (int i = 0; i < 4; i++)
    {
      char *word = g_strstrip (words[i]);
      char *end = NULL;

      values[i] = g_ascii_strtod (word, &end);
      if (end == word || *end != '\0' || !isfinite (values[i]))
        {
          g_set_error (error, TWIN_BEARING_ERROR, TWIN_BEARING_ERROR_SYNTAX,
                       "“%s” in the bearing geometry “%s” is no number", word,
                       text);
          return FALSE;
        }
    }

  if (values[0] != floor (values[0]) || fabs (values[0]) > 1000)
    values[0] = 0;

  *bearing = (TwinBearing){
    .elements = (int) values[0],
    .element_mm = values[1],
    .pitch_mm = values[2],
    .angle_deg = values[3],
  };

  return twin_bearing_orders (bearing, &orders, error);
}

/* --- catalogue ----------------------------------------------------------- */

static const char *const columns[COLUMNS] = {
  "designation", "elements", "element_mm", "pitch_mm", "angle_deg", "c_kn",
  "c0_kn",       "ftf",      "bpfo",       "bpfi",     "bsf",       "source",
};

enum
{
  COLUMN_DESIGNATION,
  COLUMN_ELEMENTS,
  COLUMN_ELEMENT,
  COLUMN_PITCH,
  COLUMN_ANGLE,
  COLUMN_C,
  COLUMN_C0,
  COLUMN_FTF,
  COLUMN_BPFO,
  COLUMN_BPFI,
  COLUMN_BSF,
  COLUMN_SOURCE,
};

/* Splits one line of CSV; quotes as in RFC 4180, no line breaks inside. */
static GPtrArray *
split_line (const char *line, size_t length)
{
  GPtrArray *fields = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) field = g_string_new (NULL);
  gboolean quoted = FALSE;

  for (size_t i = 0; i < length; i++)
    {
      char c = line[i];

      if (c == '"' && quoted && i + 1 < length && line[i + 1] == '"')
        g_string_append_c (field, line[++i]);
      else if (c == '"')
        quoted = !quoted;
      else if (c == ',' && !quoted)
        {
          g_ptr_array_add (fields, g_strdup (g_strstrip (field->str)));
          g_string_truncate (field, 0);
        }
      else if (c != '\r')
        g_string_append_c (field, c);
    }

  g_ptr_array_add (fields, g_strdup (g_strstrip (field->str)));
  return fields;
}

static gboolean
map_header (const GPtrArray *fields,
            int             *places,
            const char      *origin,
            GError         **error)
{
  for (int column = 0; column <= COLUMN_SOURCE; column++)
    {
      places[column] = -1;
      for (guint i = 0; i < fields->len; i++)
        {
          if (g_ascii_strcasecmp (g_ptr_array_index (fields, i),
                                  columns[column]) == 0)
            places[column] = (int) i;
        }
    }

  for (int column = COLUMN_DESIGNATION; column <= COLUMN_PITCH; column++)
    {
      if (places[column] < 0)
        {
          g_set_error (error, TWIN_BEARING_ERROR, TWIN_BEARING_ERROR_SYNTAX,
                       "%s:1: the column “%s” is missing", origin,
                       columns[column]);
          return FALSE;
        }
    }

  return TRUE;
}

static const char *
field_at (const GPtrArray *fields, const int *places, int column)
{
  if (places[column] < 0 || places[column] >= (int) fields->len)
    return "";

  return g_ptr_array_index (fields, places[column]);
}

/* An empty field is 0. */
static gboolean
read_numbers (const GPtrArray *fields,
              const int       *places,
              double          *values,
              GError         **error)
{
  for (int column = COLUMN_ELEMENTS; column <= COLUMN_BSF; column++)
    {
      const char *text = field_at (fields, places, column);
      char       *end = NULL;

      values[column] = g_ascii_strtod (text, &end);
      if (*end != '\0' || !isfinite (values[column]) || values[column] < 0 ||
          values[column] > 1e6)
        {
          g_set_error (error, TWIN_BEARING_ERROR, TWIN_BEARING_ERROR_SYNTAX,
                       "“%s” in column “%s” is no number", text,
                       columns[column]);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
add_row (TwinBearingCatalogue *self,
         const GPtrArray      *fields,
         const int            *places,
         GError              **error)
{
  double            values[COLUMNS] = { 0 };
  TwinBearing       bearing = { 0 };
  TwinBearingOrders orders;

  if (!read_numbers (fields, places, values, error))
    return FALSE;

  g_strlcpy (bearing.designation, field_at (fields, places, COLUMN_DESIGNATION),
             sizeof bearing.designation);
  bearing.elements = (int) values[COLUMN_ELEMENTS];
  bearing.element_mm = values[COLUMN_ELEMENT];
  bearing.pitch_mm = values[COLUMN_PITCH];
  bearing.angle_deg = values[COLUMN_ANGLE];
  bearing.dynamic_kn = values[COLUMN_C];
  bearing.static_kn = values[COLUMN_C0];
  bearing.given_ftf = values[COLUMN_FTF];
  bearing.given_bpfo = values[COLUMN_BPFO];
  bearing.given_bpfi = values[COLUMN_BPFI];
  bearing.given_bsf = values[COLUMN_BSF];

  bearing.estimated =
      g_str_has_prefix (field_at (fields, places, COLUMN_SOURCE), "estimated");

  if (!twin_bearing_orders (&bearing, &orders, error))
    return FALSE;

  g_array_append_val (self->bearings, bearing);
  g_ptr_array_add (self->sources,
                   g_strdup (field_at (fields, places, COLUMN_SOURCE)));
  return TRUE;
}

TwinBearingCatalogue *
twin_bearing_catalogue_parse (const char *csv,
                              const char *origin,
                              GError    **error)
{
  g_autoptr (TwinBearingCatalogue) self = g_new0 (TwinBearingCatalogue, 1);
  int      places[COLUMNS];
  gboolean header = FALSE;
  int      number = 0;

  self->bearings = g_array_new (FALSE, FALSE, sizeof (TwinBearing));
  self->sources = g_ptr_array_new_with_free_func (g_free);

  for (const char *line = csv; *line != '\0';)
    {
      size_t length = strcspn (line, "\n");
      g_autoptr (GPtrArray) fields = split_line (line, length);

      number++;
      if (length > 0 && line[0] != '#' && line[0] != '\r')
        {
          if (!header)
            {
              if (!map_header (fields, places, origin, error))
                return NULL;
              header = TRUE;
            }
          else if (!add_row (self, fields, places, error))
            {
              g_prefix_error (error, "%s:%d: ", origin, number);
              return NULL;
            }
        }

      line += length + (line[length] == '\n');
    }

  if (!header)
    {
      g_set_error (error, TWIN_BEARING_ERROR, TWIN_BEARING_ERROR_SYNTAX,
                   "%s: there is no header line", origin);
      return NULL;
    }

  return g_steal_pointer (&self);
}

void
twin_bearing_catalogue_free (TwinBearingCatalogue *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->bearings);
  g_ptr_array_unref (self->sources);
  g_free (self);
}

size_t
twin_bearing_catalogue_size (const TwinBearingCatalogue *self)
{
  return self->bearings->len;
}

const TwinBearing *
twin_bearing_catalogue_get (const TwinBearingCatalogue *self, size_t index)
{
  g_return_val_if_fail (index < self->bearings->len, NULL);

  return &g_array_index (self->bearings, TwinBearing, index);
}

const char *
twin_bearing_catalogue_source (const TwinBearingCatalogue *self, size_t index)
{
  g_return_val_if_fail (index < self->sources->len, NULL);

  return g_ptr_array_index (self->sources, index);
}

/* Letters and digits of @name, upper case. Caller frees. */
static char *
essence (const char *name)
{
  GString *text = g_string_new (NULL);

  for (; *name != '\0'; name++)
    {
      if (g_ascii_isalnum (*name))
        g_string_append_c (text, g_ascii_toupper (*name));
    }

  return g_string_free (text, FALSE);
}

static gboolean
same_geometry (const TwinBearing *a, const TwinBearing *b)
{
  return a->elements == b->elements && a->element_mm == b->element_mm &&
         a->pitch_mm == b->pitch_mm && a->angle_deg == b->angle_deg;
}

const TwinBearing *
twin_bearing_catalogue_find (const TwinBearingCatalogue *self, const char *name)
{
  g_autofree char   *wanted = essence (name);
  const TwinBearing *found = NULL;

  if (wanted[0] == '\0')
    return NULL;

  for (guint i = 0; i < self->bearings->len; i++)
    {
      const TwinBearing *row = twin_bearing_catalogue_get (self, i);
      g_autofree char   *have = essence (row->designation);

      if (strcmp (have, wanted) == 0)
        return row;
    }

  for (guint i = 0; i < self->bearings->len; i++)
    {
      const TwinBearing *row = twin_bearing_catalogue_get (self, i);
      g_autofree char   *have = essence (row->designation);

      if (!g_str_has_prefix (have, wanted))
        continue;
      if (found != NULL && !same_geometry (found, row))
        return NULL;
      if (found == NULL)
        found = row;
    }

  return found;
}

gboolean
twin_bearing_resolve (const TwinBearingCatalogue *catalogue,
                      const char                 *text,
                      TwinBearing                *bearing,
                      GError                    **error)
{
  const TwinBearing *row;

  if (strchr (text, ',') != NULL)
    return twin_bearing_parse (text, bearing, error);

  row =
      catalogue != NULL ? twin_bearing_catalogue_find (catalogue, text) : NULL;
  if (row == NULL)
    {
      g_set_error (error, TWIN_BEARING_ERROR, TWIN_BEARING_ERROR_UNKNOWN,
                   "Bearing “%s” is not in the catalogue; name another, or "
                   "give its geometry as elements,diameter,pitch,angle",
                   text);
      return FALSE;
    }

  *bearing = *row;
  return TRUE;
}
