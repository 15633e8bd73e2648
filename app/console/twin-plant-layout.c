/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-plant-layout.h"

#include <math.h>
#include <string.h>

#define STEP_X 2.9f
#define STEP_Z 6.8f
#define BACK 2.58f /* of a lane behind its machines' middle */
#define FRONT 2.4f
#define SIDE 1.9f
#define BLOCK_GAP 5.0f
#define ROW_MAX 40 /* machines; a longer line goes on behind */

void
twin_plant_row_clear (TwinPlantRow *row)
{
  g_clear_pointer (&row->name, g_free);
}

/* Which row each line's machines go to, and how many there are in it. */
typedef struct
{
  const char *line;
  guint       count;
  gboolean    placed; /* its machines have places */
  gboolean    uneven; /* they do not stand in a row */
  gboolean    rack;
  gboolean    first; /* of its line */
  float       box[4];
} Draft;

static guint
draft_row (GArray *drafts, GHashTable *open, const TwinPlantItem *item)
{
  const char *line = item->line != NULL ? item->line : "";
  gpointer    at = g_hash_table_lookup (open, line);
  Draft      *draft = at != NULL
                          ? &g_array_index (drafts, Draft, GPOINTER_TO_UINT (at) - 1)
                          : NULL;

  if (draft == NULL || (!draft->placed && draft->count == ROW_MAX))
    {
      Draft fresh = { .line = line,
                      .placed = item->placed,
                      .rack = item->shape == TWIN_SCENE_SHAPE_COMPRESSOR ||
                              item->shape == TWIN_SCENE_SHAPE_PUMP,
                      .first = draft == NULL,
                      .box = { INFINITY, INFINITY, -INFINITY, -INFINITY } };

      g_array_append_val (drafts, fresh);
      g_hash_table_insert (open, (gpointer) line,
                           GUINT_TO_POINTER (drafts->len));
      return drafts->len - 1;
    }
  return GPOINTER_TO_UINT (at) - 1;
}

static void
place (const TwinPlantItem *item, Draft *draft, TwinSceneInstance *instance)
{
  instance->shape = item->shape;
  instance->scale = 1;
  if (item->placed)
    {
      instance->x = (float) item->x;
      instance->z = (float) -item->y;
      instance->yaw = (float) item->yaw;
      draft->uneven |= fabsf (instance->yaw) > 0.01f ||
                       (isfinite (draft->box[1]) &&
                        fabsf (instance->z - BACK - draft->box[1]) > 0.1f);
    }
  else
    instance->x = STEP_X * draft->count++;
  draft->box[0] = fminf (draft->box[0], instance->x - SIDE);
  draft->box[1] = fminf (draft->box[1], instance->z - BACK);
  draft->box[2] = fmaxf (draft->box[2], instance->x + SIDE);
  draft->box[3] = fmaxf (draft->box[3], instance->z + FRONT);
}

/* Rows a block, so that all blocks together are about as wide as deep. */
static guint
rows_a_block (const GArray *drafts, float *width)
{
  guint n = 0;

  *width = 0;
  for (guint i = 0; i < drafts->len; i++)
    {
      const Draft *draft = &g_array_index (drafts, Draft, i);

      if (draft->placed)
        continue;
      n++;
      *width = fmaxf (*width, draft->box[2] - draft->box[0]);
    }
  if (n <= 6)
    return MAX (1, n);
  return (guint) ceilf (sqrtf (n * (*width + BLOCK_GAP) / (STEP_Z * 1.6f)));
}

/* Moves each row that has no place of its own to its turn. */
static float *
row_places (GArray *drafts)
{
  float *places = g_new0 (float, 2 * MAX (1, drafts->len));
  float  width;
  guint  a_block = rows_a_block (drafts, &width), turn = 0;

  for (guint i = 0; i < drafts->len; i++)
    {
      Draft *draft = &g_array_index (drafts, Draft, i);

      if (draft->placed)
        continue;
      places[2 * i] = (turn / a_block) * (width + BLOCK_GAP);
      places[2 * i + 1] = (turn % a_block) * -STEP_Z;
      draft->box[0] += places[2 * i];
      draft->box[2] += places[2 * i];
      draft->box[1] += places[2 * i + 1];
      draft->box[3] += places[2 * i + 1];
      turn++;
    }
  return places;
}

GArray *
twin_plant_layout (const TwinPlantItem *items,
                   guint                n_items,
                   TwinSceneInstance   *instances)
{
  g_autoptr (GArray) drafts = g_array_new (FALSE, FALSE, sizeof (Draft));
  g_autoptr (GHashTable) open = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree guint *row_of = g_new (guint, MAX (1, n_items));
  g_autofree float *places = NULL;
  GArray           *rows = g_array_new (FALSE, FALSE, sizeof (TwinPlantRow));

  g_array_set_clear_func (rows, (GDestroyNotify) twin_plant_row_clear);
  for (guint i = 0; i < n_items; i++)
    {
      memset (&instances[i], 0, sizeof instances[i]);
      row_of[i] = draft_row (drafts, open, &items[i]);
      place (&items[i], &g_array_index (drafts, Draft, row_of[i]),
             &instances[i]);
    }
  places = row_places (drafts);
  for (guint i = 0; i < n_items; i++)
    if (!items[i].placed)
      {
        instances[i].x += places[2 * row_of[i]];
        instances[i].z += places[2 * row_of[i] + 1];
      }
  for (guint i = 0; i < drafts->len; i++)
    {
      const Draft *draft = &g_array_index (drafts, Draft, i);
      TwinPlantRow row = { .row = { .x0 = draft->box[0],
                                    .z0 = draft->box[1],
                                    .x1 = draft->box[2],
                                    .z1 = draft->box[3],
                                    .rack = draft->rack && !draft->uneven },
                           .name = g_strdup (draft->first ? draft->line : "") };

      g_array_append_val (rows, row);
    }
  return rows;
}

/* The first letter of each word, at most three. */
static void
append_initials (GString *label, const char *name)
{
  gboolean start = TRUE;

  for (const char *c = name; *c != '\0' && label->len < 3;
       c = g_utf8_next_char (c))
    {
      gunichar letter = g_utf8_get_char (c);

      if (start && g_unichar_isalpha (letter))
        g_string_append_unichar (label, g_unichar_toupper (letter));
      start = !g_unichar_isalpha (letter);
    }
}

char *
twin_plant_short_label (const char *name)
{
  GString    *label = g_string_new (NULL);
  const char *number;

  if (name == NULL || *name == '\0' || !g_utf8_validate (name, -1, NULL))
    return g_string_free (label, FALSE);
  number = name + strcspn (name, "0123456789");
  if (*number == '\0')
    append_initials (label, name);
  else
    {
      g_string_append_unichar (label,
                               g_unichar_toupper (g_utf8_get_char (name)));
      g_string_append_len (label, number, strspn (number, "0123456789"));
    }
  return g_string_free (label, FALSE);
}
