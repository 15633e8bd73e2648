/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-floor.h"

#include <math.h>
#include <string.h>

#define TEXT_HEIGHT 0.88f /* m, of the whole bitmap */
#define TEXT_GAP 0.35f
#define RACK_HEIGHT 2.42f
#define RACK_SETBACK 0.6f /* behind the back edge of the lane's machines */
#define COLUMN_STEP 8.0f

static void
quad (TwinFloor *floor, const float rect[4], float lane, gboolean text)
{
  static const uint8_t order[6] = { 0, 2, 1, 1, 2, 3 };

  for (int i = 0; i < 6; i++)
    {
      int             right = order[i] & 1, front = order[i] >> 1;
      TwinFloorVertex vertex = { right ? rect[2] : rect[0],
                                 front ? rect[3] : rect[1],
                                 { lane, 0, 0 } };

      if (text)
        {
          vertex.data[0] = right;
          vertex.data[1] = front;
        }
      g_array_append_val (floor->vertices, vertex);
    }
}

static void
box (TwinMesh *mesh, float x0, float y0, float z0, float x1, float y1, float z1)
{
  float min[3] = { x0, y0, z0 }, max[3] = { x1, y1, z1 };

  twin_mesh_box (mesh, min, max);
}

static void
rack (TwinMesh *mesh, const TwinSceneRow *row)
{
  float    z = row->z0 + RACK_SETBACK;
  float    from[3] = { row->x0 + 0.3f, RACK_HEIGHT, z };
  float    to[3] = { row->x1 - 0.3f, RACK_HEIGHT, z };
  unsigned n = MAX (2, (unsigned) lrintf ((to[0] - from[0]) / 5.5f) + 1);

  twin_mesh_pipe (mesh, from, to, 0.13f, 10);
  for (unsigned i = 0; i < n; i++)
    {
      float at[3] = { from[0] + (to[0] - from[0]) * i / (n - 1), 0, z };
      TwinMeshProfile post[] = { { 0, 0.085f },
                                 { RACK_HEIGHT, 0.085f },
                                 { RACK_HEIGHT, 0 } };

      twin_mesh_lathe (mesh, at, 1, post, G_N_ELEMENTS (post), 12);
    }
}

/* Low walls with columns behind and on the left, a kerb on the open sides. */
static void
walls (TwinFloor *floor)
{
  TwinMesh *mesh = &floor->scenery;
  float     x0 = floor->x0, z0 = floor->z0, x1 = floor->x1, z1 = floor->z1;
  unsigned  n_back = MAX (2, (unsigned) lrintf ((x1 - x0) / COLUMN_STEP) + 1);
  unsigned  n_left = MAX (2, (unsigned) lrintf ((z1 - z0) / COLUMN_STEP) + 1);

  box (mesh, x0 - 0.35f, -0.5f, z0 - 0.35f, x1 + 0.3f, 1.0f, z0);
  box (mesh, x0 - 0.35f, -0.5f, z0, x0, 0.35f, z1 + 0.3f);
  box (mesh, x0, -0.5f, z1, x1 + 0.3f, 0.02f, z1 + 0.3f);
  box (mesh, x1, -0.5f, z0, x1 + 0.3f, 0.02f, z1);
  for (unsigned i = 0; i < n_back; i++)
    {
      float x = x0 + (x1 - x0 - 0.5f) * i / (n_back - 1);

      box (mesh, x, 0, z0 - 0.1f, x + 0.5f, TWIN_FLOOR_HEIGHT, z0 + 0.4f);
    }
  for (unsigned i = 1; i < n_left; i++)
    {
      float z = z0 + (z1 - z0 - 0.5f) * i / (n_left - 1);

      box (mesh, x0 - 0.1f, 0, z, x0 + 0.4f, 2.2f, z + 0.5f);
    }
}

void
twin_floor_build (TwinFloor          *floor,
                  const float         area[4],
                  const TwinSceneRow *rows,
                  unsigned            n_rows)
{
  float whole[4];

  twin_floor_clear (floor);
  floor->x0 = area[0] - 2.6f;
  floor->z0 = area[1] - 2.4f;
  floor->x1 = area[2] + 2.2f;
  floor->z1 = area[3] + 3.0f;
  floor->vertices = g_array_new (FALSE, FALSE, sizeof (TwinFloorVertex));
  twin_mesh_init (&floor->scenery);

  memcpy (whole, &floor->x0, sizeof whole);
  quad (floor, whole, 0, FALSE);
  for (unsigned i = 0; i < n_rows; i++)
    {
      float lane[4] = { rows[i].x0, rows[i].z0, rows[i].x1, rows[i].z1 };

      quad (floor, lane, 1, FALSE);
      if (rows[i].rack)
        rack (&floor->scenery, &rows[i]);
    }
  floor->n_plain = floor->vertices->len;
  for (unsigned i = 0; i < n_rows; i++)
    {
      const TwinSceneText *text = &rows[i].text;
      float                z = rows[i].z1 + TEXT_GAP;
      float                width =
          text->height > 0 ? TEXT_HEIGHT * text->width / text->height : 0;
      float rect[4] = { rows[i].x0 + 0.4f, z, rows[i].x0 + 0.4f + width,
                        z + TEXT_HEIGHT };

      quad (floor, rect, 0, TRUE);
    }
  walls (floor);
  twin_mesh_finish (&floor->scenery, 0);
}

void
twin_floor_clear (TwinFloor *floor)
{
  g_clear_pointer (&floor->vertices, g_array_unref);
  twin_mesh_clear (&floor->scenery);
}
