/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl-fleet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void
twin_ctl_fleet_options_clear (TwinCtlFleetOptions *self)
{
  g_free (self->unit);
  g_free (self->time);
  g_free (self->features);
  g_free (self->columns);
  *self = (TwinCtlFleetOptions){ 0 };
}

void
twin_ctl_fleet_clear (TwinCtlFleet *self)
{
  g_clear_pointer (&self->table, twin_fleet_table_free);
  g_clear_pointer (&self->units, g_strfreev);
  g_clear_pointer (&self->features, g_strfreev);
}

/* --- which columns -----------------------------------------------------------
 */

/* A column nobody named is one of numbers if its first told cell is. */
static gboolean
is_numeric (const TwinCtlSheet *sheet, size_t column)
{
  for (size_t r = 0; r < sheet->n_rows; r++)
    {
      double value;

      if (!twin_ctl_sheet_number (sheet, r, column, &value, NULL))
        return FALSE;
      if (!isnan (value))
        return TRUE;
    }

  return FALSE;
}

/* Places of the features, or NULL. */
static GArray *
find_features (const TwinCtlSheet *sheet,
               const char         *features,
               int                 unit,
               int                 time,
               GError            **error)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (int));
  g_auto (GStrv) names =
      features != NULL ? g_strsplit (features, ",", -1) : NULL;

  for (size_t i = 0; names != NULL && names[i] != NULL; i++)
    {
      int place = twin_ctl_sheet_find (sheet, g_strstrip (names[i]), error);

      if (place < 0)
        return NULL;
      g_array_append_val (found, place);
    }

  for (int c = 0; names == NULL && c < (int) sheet->n_columns; c++)
    if (c != unit && c != time && is_numeric (sheet, (size_t) c))
      g_array_append_val (found, c);

  if (found->len == 0)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                   "%s: no column of numbers beside unit and time",
                   sheet->path);
      return NULL;
    }

  return g_steal_pointer (&found);
}

/* --- rows to units -----------------------------------------------------------
 */

typedef struct
{
  size_t unit, row;
  double time;
} Place;

static int
by_unit_and_time (const void *a, const void *b)
{
  const Place *x = a, *y = b;

  if (x->unit != y->unit)
    return x->unit < y->unit ? -1 : 1;
  if (x->time != y->time)
    return x->time < y->time ? -1 : 1;
  return (x->row > y->row) - (x->row < y->row);
}

/* Every row with its unit and time, in order; @names gets the units. */
static Place *
place_rows (const TwinCtlSheet *sheet,
            int                 unit,
            int                 time,
            GPtrArray          *names,
            GError            **error)
{
  g_autofree Place *places = g_new (Place, sheet->n_rows);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);

  for (size_t r = 0; r < sheet->n_rows; r++)
    {
      const char *name = twin_ctl_sheet_cell (sheet, r, (size_t) unit);
      gpointer    number;

      if (!g_hash_table_lookup_extended (known, name, NULL, &number))
        {
          number = GSIZE_TO_POINTER (names->len);
          g_ptr_array_add (names, g_strdup (name));
          g_hash_table_insert (known, (gpointer) name, number);
        }

      places[r].unit = GPOINTER_TO_SIZE (number);
      places[r].row = r;
      if (!twin_ctl_sheet_time (sheet, r, (size_t) time, &places[r].time,
                                error))
        return NULL;
    }

  qsort (places, sheet->n_rows, sizeof (Place), by_unit_and_time);
  return g_steal_pointer (&places);
}

static gboolean
fill (TwinCtlFleet       *fleet,
      const TwinCtlSheet *sheet,
      const GArray       *features,
      const Place        *places,
      GError            **error)
{
  TwinFleetTable *table = fleet->table;

  for (size_t r = 0; r < table->n_rows; r++)
    {
      table->time[r] = places[r].time;
      table->first[places[r].unit + 1] = r + 1;
      for (guint c = 0; c < features->len; c++)
        if (!twin_ctl_sheet_number (sheet, places[r].row,
                                    (size_t) g_array_index (features, int, c),
                                    &table->values[r * features->len + c],
                                    error))
          return FALSE;
    }

  return TRUE;
}

gboolean
twin_ctl_fleet_read (const char                *path,
                     const TwinCtlFleetOptions *options,
                     TwinCtlFleet              *fleet,
                     GError                   **error)
{
  g_autoptr (TwinCtlSheet) sheet =
      twin_ctl_sheet_read (path, options->columns, 0, error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) features = NULL;
  g_autofree Place *places = NULL;
  int               unit, time;

  if (sheet == NULL ||
      (unit = twin_ctl_sheet_find (sheet, options->unit, error)) < 0 ||
      (time = twin_ctl_sheet_find (sheet, options->time, error)) < 0)
    return FALSE;

  features = find_features (sheet, options->features, unit, time, error);
  if (features == NULL)
    return FALSE;

  places = place_rows (sheet, unit, time, names, error);
  if (places == NULL)
    return FALSE;

  fleet->table =
      twin_fleet_table_new (names->len, sheet->n_rows, features->len);
  fleet->features = g_new0 (char *, features->len + 1);
  for (guint c = 0; c < features->len; c++)
    fleet->features[c] =
        g_strdup (sheet->names[g_array_index (features, int, c)]);
  if (!fill (fleet, sheet, features, places, error))
    {
      twin_ctl_fleet_clear (fleet);
      return FALSE;
    }

  g_ptr_array_add (names, NULL);
  fleet->units = (char **) g_ptr_array_steal (names, NULL);
  return TRUE;
}
