/* SPDX-License-Identifier: Apache-2.0
 *
 * node-signal.c - scalars: newest value and edge limits
 */
#include "node-private.h"

#include <math.h>
#include <string.h>

unsigned
node_signal_add (node       *n,
                 const char *prefix,
                 const char *name,
                 const char *unit,
                 double      low,
                 double      high)
{
  node_signal *s;
  size_t       size = strlen (prefix) + strlen (name) + 1;
  char        *to = n->names + n->names_n;

  if (n->n_signals == NODE_SIGNALS_MAX || size > NODE_NAME_SIZE ||
      size > sizeof n->names - n->names_n)
    {
      node_log (n, HAL_LOG_ERROR,
                "a signal is left out: too many, or its "
                "name is too long");
      return NODE_SIGNALS_MAX; /* ignored by node_signal_set */
    }

  s = &n->signals[n->n_signals];
  memset (s, 0, sizeof *s);
  node_join (to, size, prefix, name);
  n->names_n += (uint32_t) size;
  s->name = to;
  s->unit = unit;
  s->low = (float) low;
  s->high = (float) high;
  s->quality = NODE_QUALITY_BAD;
  return n->n_signals++;
}

void
node_signal_set (node *n, unsigned index, float value, node_quality quality)
{
  node_signal *s;

  if (index >= n->n_signals)
    return;

  s = &n->signals[index];
  if (!isfinite (value))
    quality = NODE_QUALITY_BAD;

  s->quality = (uint8_t) quality;
  node_trip_value (n, index, value, quality != NODE_QUALITY_BAD);
  if (quality == NODE_QUALITY_BAD)
    return;
  n->detect.fresh |= UINT64_C (1) << index;
  s->value = value;
  s->n++;
  s->mean += (value - s->mean) / (float) s->n;
}

void
node_signal_show (node *n, unsigned index, bool shown)
{
  if (index >= n->n_signals)
    return;
  n->signals[index].hidden = !shown;
  if (!shown) /* begins anew when it is measured again */
    {
      n->signals[index].quality = NODE_QUALITY_BAD;
      n->signals[index].sent_s = 0;
      node_detect_forget (n, index);
    }
}

int
node_signal_find (const node *n, const char *name, size_t length)
{
  for (unsigned i = 0; i < n->n_signals; i++)
    if (strlen (n->signals[i].name) == length &&
        memcmp (n->signals[i].name, name, length) == 0)
      return (int) i;
  return -1;
}

static void
tell_limit (node *n, unsigned signal)
{
  const node_signal  *s = &n->signals[signal];
  uint32_t            capture = node_detect_trigger (n, signal);
  const node_evidence evidence[] = {
    { "event/value", s->unit, s->value, NULL },
    { "event/limit", s->unit, (float) s->limit, NULL },
    { "event/capture", "/", (float) capture, NULL },
  };

  node_event_with (n, "limit", s->name, evidence, capture > 0 ? 3 : 2);
}

/* Above its limit for the delay: told once, and once when it is over. */
void
node_signal_edges (node *n)
{
  if (n->mode == NODE_MODE_SERVICE)
    return; /* people are at the machine, and know */
  for (unsigned i = 0; i < n->n_signals; i++)
    {
      node_signal *s = &n->signals[i];
      bool         over;

      if (!s->limited || s->quality == NODE_QUALITY_BAD)
        continue;

      over = s->value > s->limit;
      if (!over)
        s->over_s = 0;
      else
        s->over_s++;

      if (over && !s->tripped && (float) (s->over_s - 1) >= s->limit_delay_s)
        {
          s->tripped = true;
          tell_limit (n, i);
        }
      else if (!over && s->tripped)
        {
          s->tripped = false;
          node_event (n, "limit-clear", s->name, (int) i);
        }
    }
}
