/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl-bench-plant.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>

#define DTMI "dtmi:com:example:bench:"

enum
{
  PER_BUILDING = 2000, /* twins, the building's own counted */
  PER_AREA = 200,
  PER_MACHINE = 10,
  PER_PART = 3,
  FLUSH_BYTES = 256 * 1024,
};

typedef enum
{
  PLANT,
  BUILDING,
  AREA,
  MACHINE,
  PART,
  SENSOR,
  N_SORTS,
} Sort;

static const char *const sort_ids[N_SORTS] = {
  "plant", "building", "area", "machine", "part", "sensor"
};

typedef struct
{
  Sort    sort;
  guint32 number;  /* of its sort */
  guint32 parent;  /* indices into the nodes */
  guint32 place;   /* where it is located */
  guint32 machine; /* a part's and a sensor's */
} Node;

typedef struct
{
  FILE    *file;
  char    *path;
  GString *out;
  GRand   *random;
  Node    *nodes;
  size_t   n_nodes;
  size_t   n_links;
  guint32  n_sorts[N_SORTS];
  GArray  *machines; /* guint32 */
} Plant;

/* --- what there is
 * --------------------------------------------------------------- */

static Sort
sort_at (size_t i)
{
  size_t k = (i - 1) % PER_BUILDING;

  if (i == 0)
    return PLANT;
  if (k == 0)
    return BUILDING;

  k = (k - 1) % PER_AREA;
  if (k == 0)
    return AREA;

  k = (k - 1) % PER_MACHINE;
  if (k == 0)
    return MACHINE;
  return (k - 1) % PER_PART == 0 ? PART : SENSOR;
}

static void
lay_out (Plant *plant)
{
  guint32 last[N_SORTS] = { 0 };

  for (size_t i = 0; i < plant->n_nodes; i++)
    {
      Node   *node = &plant->nodes[i];
      guint32 index = (guint32) i;

      node->sort = sort_at (i);
      node->number = plant->n_sorts[node->sort]++;
      node->parent = node->sort != PLANT ? last[node->sort - 1] : 0;
      node->place = node->sort <= AREA ? node->parent : last[AREA];
      node->machine = last[MACHINE];
      last[node->sort] = index;
      if (node->sort == MACHINE)
        g_array_append_val (plant->machines, index);
    }
}

/* --- writing
 * ------------------------------------------------------------------------ */

static gboolean
flush (Plant *plant, gsize above, GError **error)
{
  if (plant->out->len <= above)
    return TRUE;

  if (fwrite (plant->out->str, 1, plant->out->len, plant->file) !=
      plant->out->len)
    {
      int code = errno;

      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
                   "Could not write %s: %s", plant->path, g_strerror (code));
      return FALSE;
    }

  g_string_truncate (plant->out, 0);
  return TRUE;
}

static void
append_id (GString *out, const Node *node)
{
  if (node->sort == PLANT)
    g_string_append (out, sort_ids[PLANT]);
  else
    g_string_append_printf (out, "%s-%u", sort_ids[node->sort], node->number);
}

/* Hundredths, so that no locale and no rounding comes in. */
static void
append_number (GString *out, const char *name, int hundredths)
{
  g_string_append_printf (out, ",\"%s\":%d.%02d", name, hundredths / 100,
                          hundredths % 100);
}

static const char *
pick (Plant *plant, const char *const *words)
{
  return words[g_rand_int_range (plant->random, 0,
                                 (gint32) g_strv_length ((char **) words))];
}

static int
draw (Plant *plant, int below)
{
  return g_rand_int_range (plant->random, 0, below);
}

static const char *
model_of (Plant *plant, Sort sort)
{
  switch (sort)
    {
    case PLANT:
      return "Plant";
    case BUILDING:
      return "Building";
    case AREA:
      return "Area";
    case MACHINE:
      return pick (plant, twin_ctl_bench_machines);
    case PART:
      return pick (plant, twin_ctl_bench_parts);
    default:
      return pick (plant, twin_ctl_bench_sensors);
    }
}

/* "2026-03-07". One draw a statement: their order is part of the file. */
static void
append_date (Plant *plant, int first_year, int years)
{
  int year = first_year + draw (plant, years);
  int month = draw (plant, 12) + 1;

  g_string_append_printf (plant->out, "%d-%02d-%02d", year, month,
                          draw (plant, 28) + 1);
}

static void
append_word (Plant *plant, const char *name, const char *const *words)
{
  g_string_append_printf (plant->out, ",\"%s\":\"%s\"", name,
                          pick (plant, words));
}

static void
append_asset (Plant *plant, const Node *node, const char *model)
{
  static const char *const makers[] = {
    "Alder", "Birch",    "Cedar",   "Dogwood", "Elm",   "Fir", "Ginkgo",
    "Hazel", "Ironwood", "Juniper", "Kapok",   "Larch", NULL,
  };
  static const char *const lines[] = { "north", "south", "east", "west", NULL };
  GString                 *out = plant->out;

  g_string_append (out, "{\"$dtId\":\"");
  append_id (out, node);
  g_string_append_printf (out,
                          "\",\"$metadata\":{\"$model\":\"" DTMI
                          "%s;1\",\"name\":{\"lastUpdateTime\":\"",
                          model);
  append_date (plant, 2026, 1);
  g_string_append_printf (out,
                          "T08:00:00.000Z\"}},\"name\":\"%s %u\","
                          "\"serialNumber\":\"SN%07d\"",
                          model, node->number, draw (plant, 10000000));
  append_word (plant, "manufacturer", makers);
  g_string_append (out, ",\"installed\":\"");
  append_date (plant, 2010, 16);
  g_string_append (out, "\",\"attributes\":{\"site\":\"bench\"");
  append_word (plant, "line", lines);
  g_string_append_printf (out, ",\"cost\":\"%d\"}", 1000 + draw (plant, 9000));
}

static void
append_machine (Plant *plant)
{
  static const char *const modes[] = { "off", "manual", "automatic", NULL };

  append_number (plant->out, "speed", 100 * (600 + draw (plant, 3000)));
  append_number (plant->out, "runningHours", draw (plant, 8000000));
  g_string_append_printf (plant->out, ",\"iso20816Group\":%d",
                          1 + draw (plant, 2));
  g_string_append (plant->out, ",\"controller\":{\"$metadata\":{}");
  append_number (plant->out, "setPoint", draw (plant, 10000));
  g_string_append_printf (plant->out, ",\"mode\":\"%s\"}", pick (plant, modes));
}

static void
append_sensor (Plant *plant)
{
  GString *out = plant->out;
  int      low = draw (plant, 10);
  int      version;

  g_string_append_printf (out, ",\"range\":{\"low\":%d.0,\"high\":%d.0}", low,
                          100 + draw (plant, 100));
  append_number (out, "reading", draw (plant, 20000));
  g_string_append (out, ",\"calibrated\":\"");
  append_date (plant, 2025, 1);
  g_string_append_printf (out, "T%02d:30:00Z\"", draw (plant, 24));
  version = draw (plant, 200);
  g_string_append_printf (out,
                          ",\"device\":{\"$metadata\":{},"
                          "\"firmwareVersion\":\"%d.%d.%d\"",
                          1 + version / 100, version / 10 % 10, version % 10);
  append_number (out, "battery", draw (plant, 10000));
  g_string_append_c (out, '}');
}

static void
append_twin (Plant *plant, const Node *node)
{
  static const char *const levels[] = { "low", "normal", "normal", "high",
                                        NULL };

  append_asset (plant, node, model_of (plant, node->sort));
  if (node->sort <= AREA)
    append_number (plant->out, "floorArea", 10000 + draw (plant, 1000000));

  if (node->sort == MACHINE || node->sort == PART)
    {
      append_number (plant->out, "ratedPower", 100 * (1 + draw (plant, 500)));
      append_word (plant, "criticality", levels);
      append_number (plant->out, "health", draw (plant, 10001));
    }

  if (node->sort == MACHINE)
    append_machine (plant);
  else if (node->sort == SENSOR)
    append_sensor (plant);
  g_string_append (plant->out, "}\n");
}

/* Leaves the object open, for its properties. */
static void
begin_link (Plant      *plant,
            const Node *from,
            const char *name,
            const Node *to,
            int         count)
{
  GString *out = plant->out;

  g_string_append (out, "{\"$dtId\":\"");
  append_id (out, from);
  g_string_append_printf (out, "\",\"$relationshipId\":\"%s-", name);
  if (count >= 0)
    g_string_append_printf (out, "%d", count);
  else
    append_id (out, to);
  g_string_append (out, "\",\"$targetId\":\"");
  append_id (out, to);
  g_string_append_printf (out, "\",\"$relationshipName\":\"%s\"", name);
  plant->n_links++;
}

static void
append_link (Plant *plant, const Node *from, const char *name, const Node *to)
{
  begin_link (plant, from, name, to, -1);
  g_string_append (plant->out, "}\n");
}

static void
append_links (Plant *plant, size_t i)
{
  const Node *node = &plant->nodes[i];
  const Node *parent = &plant->nodes[node->parent];

  append_link (plant, parent,
               node->sort == PART     ? "hasPart"
               : node->sort == SENSOR ? "hasSensor"
                                      : "contains",
               node);
  append_link (plant, node, "locatedIn", &plant->nodes[node->place]);

  if (node->sort == SENSOR)
    {
      begin_link (plant, node, "monitors", &plant->nodes[node->machine], -1);
      g_string_append (plant->out, ",\"since\":\"");
      append_date (plant, 2010, 16);
      g_string_append (plant->out, "\"}\n");
    }
  else if (node->sort == PART && i + PER_PART < plant->n_nodes &&
           plant->nodes[i + PER_PART].sort == PART &&
           plant->nodes[i + PER_PART].machine == node->machine)
    append_link (plant, node, "coupledTo", &plant->nodes[i + PER_PART]);
}

static void
append_feed (Plant *plant, int count)
{
  static const char *const media[] = { "water", "air", "oil", "torque", NULL };
  int                      n = (int) plant->machines->len;
  int                      first = draw (plant, n);
  int                      other = (first + 1 + draw (plant, n - 1)) % n;
  guint32 from = g_array_index (plant->machines, guint32, first);
  guint32 to = g_array_index (plant->machines, guint32, other);

  begin_link (plant, &plant->nodes[from], "feeds", &plant->nodes[to], count);
  append_word (plant, "medium", media);
  append_number (plant->out, "flowRate", draw (plant, 100000));
  g_string_append (plant->out, "}\n");
}

static gboolean
write_all (Plant *plant, GError **error)
{
  size_t n_links = TWIN_CTL_BENCH_PLANT_PER_TWIN * plant->n_nodes;

  g_string_append (plant->out, "{\"Section\":\"Header\"}\n"
                               "{\"fileVersion\":\"1.0.0\"}\n"
                               "{\"Section\":\"Models\"}\n");
  twin_ctl_bench_models_append (plant->out);

  g_string_append (plant->out, "{\"Section\":\"Twins\"}\n");
  for (size_t i = 0; i < plant->n_nodes; i++)
    {
      append_twin (plant, &plant->nodes[i]);
      if (!flush (plant, FLUSH_BYTES, error))
        return FALSE;
    }

  g_string_append (plant->out, "{\"Section\":\"Relationships\"}\n");
  for (size_t i = 1; i < plant->n_nodes; i++)
    {
      append_links (plant, i);
      if (!flush (plant, FLUSH_BYTES, error))
        return FALSE;
    }

  for (int count = 0; plant->n_links < n_links; count++)
    {
      append_feed (plant, count);
      if (!flush (plant, FLUSH_BYTES, error))
        return FALSE;
    }

  return flush (plant, 0, error);
}

static void
plant_clear (Plant *plant)
{
  if (plant->file != NULL)
    fclose (plant->file);
  g_free (plant->path);
  g_free (plant->nodes);
  g_array_unref (plant->machines);
  g_string_free (plant->out, TRUE);
  g_rand_free (plant->random);
}

gboolean
twin_ctl_bench_plant_write (const char *ndjson_path,
                            size_t      n_twins,
                            guint32     seed,
                            GError    **error)
{
  Plant    plant = { 0 };
  gboolean good;
  int      code;

  g_return_val_if_fail (n_twins >= TWIN_CTL_BENCH_PLANT_MIN, FALSE);
  g_return_val_if_fail (n_twins <= TWIN_CTL_BENCH_PLANT_MAX, FALSE);

  plant.path = g_strdup (ndjson_path);
  plant.out = g_string_new (NULL);
  plant.random = g_rand_new_with_seed (seed);
  plant.machines = g_array_new (FALSE, FALSE, sizeof (guint32));
  plant.n_nodes = n_twins;
  plant.nodes = g_new0 (Node, n_twins);
  plant.file = g_fopen (ndjson_path, "wb");
  code = errno;
  if (plant.file == NULL)
    {
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
                   "Could not create %s: %s", ndjson_path, g_strerror (code));
      plant_clear (&plant);
      return FALSE;
    }

  lay_out (&plant);
  good = write_all (&plant, error);
  if (fclose (g_steal_pointer (&plant.file)) != 0 && good)
    {
      g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_IO,
                   "Could not write %s: %s", ndjson_path, g_strerror (errno));
      good = FALSE;
    }

  if (!good)
    g_unlink (ndjson_path);
  plant_clear (&plant);
  return good;
}
