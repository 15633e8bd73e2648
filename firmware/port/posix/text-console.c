/* SPDX-License-Identifier: Apache-2.0
 *
 * text-console.c - a text console for the nodes of a fleet
 */
#include "text-console.h"

#include <string.h>

#include "board.h"
#include "node.h"

typedef void (*console_act) (fleet            *f,
                             const fleet_seat *seat,
                             char *const      *words,
                             GString          *out);

static void
put_faults (const sim *s, GString *out)
{
  gboolean any = FALSE;

  for (unsigned i = 0; i < FAULTS; i++)
    if (s->machine.level[i] > 0)
      {
        g_string_append_printf (out, " %s %.2f",
                                sim_fault_describe ((sim_fault) i)->name,
                                (double) s->machine.level[i]);
        any = TRUE;
      }
  if (!any)
    g_string_append (out, " none");
}

static void
act_status (fleet *f, const fleet_seat *seat, char *const *words, GString *out)
{
  const node *n = seat->core;
  unsigned    bad = 0;

  for (unsigned i = 0; i < n->n_signals; i++)
    bad += n->signals[i].quality == NODE_QUALITY_BAD;
  g_string_append_printf (
      out,
      "%s: %s%s%s, up %.0f s, epoch %u, next record %" G_GUINT64_FORMAT
      ", %.1f 1/min (%s), %u of %u signals bad, faults:",
      seat->name, n->mqtt.state == NODE_MQTT_ONLINE ? "online" : "offline",
      n->mqtt.trouble != NULL ? ", broker: " : "",
      n->mqtt.trouble != NULL ? n->mqtt.trouble : "",
      (double) hal_time_us (seat->board) / 1e6, n->epoch, n->ring.next_seq,
      (double) n->last_speed, node_speed_source_name (n->sensors.source), bad,
      n->n_signals);
  put_faults (seat->machine, out);
  g_string_append_c (out, '\n');
}

static void
act_ring (fleet *f, const fleet_seat *seat, char *const *words, GString *out)
{
  const node_ring *r = &seat->core->ring;

  g_string_append_printf (out, "%s: ring ", seat->name);
  for (unsigned i = 0; i < NODE_RING_ID_SIZE; i++)
    g_string_append_printf (out, "%02x", r->id[i]);
  g_string_append (out, ", held:");
  for (uint32_t i = 0; i < r->n_extents; i++)
    g_string_append_printf (out,
                            " epoch %u %" G_GUINT64_FORMAT
                            " to %" G_GUINT64_FORMAT "%s",
                            r->extents[i].epoch, (uint64_t) r->extents[i].first,
                            (uint64_t) r->extents[i].last,
                            i + 1 < r->n_extents ? ";" : "");
  g_string_append (out, r->n_extents == 0 ? " nothing\n" : "\n");
}

static void
act_fault (fleet *f, const fleet_seat *seat, char *const *words, GString *out)
{
  sim_fault fault;
  double    severity;
  char     *end = NULL;

  if (words[0] == NULL || !sim_fault_find (words[0], &fault))
    {
      g_string_append_printf (out, "no such fault: %s\n",
                              words[0] != NULL ? words[0] : "give a name");
      return;
    }
  severity = sim_fault_describe (fault)->severity;
  if (words[1] != NULL)
    severity = g_ascii_strtod (words[1], &end);
  if ((end != NULL && *end != '\0') || !(severity >= 0) || !(severity <= 1))
    {
      g_string_append_printf (out, "not a severity from 0 to 1: %s\n",
                              words[1]);
      return;
    }
  sim_fault_set (seat->machine, board_machine_us (seat->board), fault,
                 severity);
  g_string_append_printf (out, "%s: %s %.2f\n", seat->name,
                          sim_fault_describe (fault)->name, severity);
}

static void
act_reset (fleet *f, const fleet_seat *seat, char *const *words, GString *out)
{
  hal_reset (seat->board);
  g_string_append_printf (out, "%s: starts anew\n", seat->name);
}

static const struct
{
  const char *name;
  console_act act;
  const char *help;
} commands[] = {
  { "status", act_status, "link, records, speed and what is wrong" },
  { "fault", act_fault, "NAME [SEVERITY]: begin a fault; severity 0 ends it" },
  { "ring", act_ring, "what the ring of records holds" },
  { "reset", act_reset, "start the node anew" },
};

static void
help (GString *out)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (out, "[NODE] %-7s %s\n", commands[i].name,
                            commands[i].help);
}

/* Index of the node @name; the size of the fleet when there is none. */
static unsigned
find_seat (const fleet *f, const char *name)
{
  unsigned i = 0;

  for (; i < fleet_size (f); i++)
    {
      fleet_seat seat = fleet_seat_at (f, i);

      if (strcmp (seat.name, name) == 0)
        break;
    }
  return i;
}

void
console_line (fleet *f, const char *line, GString *out)
{
  g_auto (GStrv) words = g_strsplit_set (line, " \t\r\n", -1);
  GPtrArray *list = g_ptr_array_new ();
  unsigned   from = 0, to = fleet_size (f), one;
  char     **argv;

  for (char **w = words; *w != NULL; w++)
    if (**w != '\0')
      g_ptr_array_add (list, *w);
  g_ptr_array_add (list, NULL);
  argv = (char **) g_ptr_array_free (list, FALSE);

  char **rest = argv;

  if (rest[0] != NULL && (one = find_seat (f, rest[0])) < to)
    {
      from = one;
      to = one + 1;
      rest++;
    }
  if (rest[0] != NULL)
    {
      unsigned c = 0;

      while (c < G_N_ELEMENTS (commands) &&
             strcmp (commands[c].name, rest[0]) != 0)
        c++;
      if (c == G_N_ELEMENTS (commands))
        {
          if (strcmp (rest[0], "help") != 0)
            g_string_append_printf (out,
                                    "“%s” is neither a node nor a command\n",
                                    rest[0]);
          help (out);
        }
      else
        for (unsigned i = from; i < to; i++)
          {
            fleet_seat seat = fleet_seat_at (f, i);

            commands[c].act (f, &seat, rest + 1, out);
          }
    }
  g_free (argv);
}
