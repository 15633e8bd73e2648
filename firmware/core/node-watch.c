/* SPDX-License-Identifier: Apache-2.0
 *
 * node-watch.c - what is usual of one value, and when it no longer is
 */
#include "node-watch.h"

#include <math.h>
#include <string.h>

static const float z_raise = 6.0f;
static const float z_clear = 3.0f;
static const float z_freeze = 4.0f; /* no learning from here on */
static const float step_z = 8.0f;
/* What is smaller than this share of the mean is no news, however quiet the
 * value was while it was learnt. */
static const float least_deviation = 0.02f;
static const float least_step = 0.15f;

void
node_watch_reset (node_watch *w)
{
  memset (w, 0, sizeof *w);
}

void
node_watch_pause (node_watch *w)
{
  w->slow = w->average = NAN;
  w->over = w->calm = w->stepping = 0;
}

static void
learn (node_watch *w)
{
  float d = w->average - w->mean, alpha;

  if (w->n < NODE_WATCH_MEMORY)
    w->n++;
  alpha = 1.0f / (float) w->n;
  w->mean += alpha * d;
  w->variance = (1.0f - alpha) * (w->variance + alpha * d * d);
}

static float
deviation (float variance, float mean, float least)
{
  if (least == 0)
    least = least_deviation * mean;
  return sqrtf (variance + least * least + 1e-20f);
}

static node_watch_news
score (node_watch *w, float least, node_watch_evidence *e)
{
  float std = deviation (w->variance, w->mean, least),
        z = (w->average - w->mean) / std;

  *e = (node_watch_evidence){ w->average, w->mean, std, z };
  if (w->n < NODE_WATCH_LEARN)
    {
      learn (w);
      return NODE_WATCH_NOTHING;
    }

  w->over = z <= z_raise ? 0 : w->over < 255 ? w->over + 1 : 255;
  if (!w->raised)
    {
      if (z < z_freeze)
        learn (w);
      w->raised = w->over >= NODE_WATCH_HOLD;
      w->calm = 0;
      return w->raised ? NODE_WATCH_Z : NODE_WATCH_NOTHING;
    }

  w->calm = z < z_clear ? w->calm + 1 : 0;
  if (w->calm < NODE_WATCH_CALM)
    return NODE_WATCH_NOTHING;
  w->raised = false;
  return NODE_WATCH_Z_CLEAR;
}

/* A shift that comes faster than the slow average follows, and stays. */
static bool
step (node_watch *w, float least, node_watch_evidence *e)
{
  float d = w->average - w->slow, d2 = d * d, most;
  float std = deviation (w->spread, 0, 0);
  float size = least > 0 ? 3.0f * least : least_step * fabsf (w->slow);
  bool  far = fabsf (d) > step_z * std && fabsf (d) > size;

  w->stepping = far ? w->stepping + 1 : 0;
  if (w->stepping >= NODE_WATCH_STEP_HOLD)
    {
      bool told = w->n >= NODE_WATCH_LEARN;

      *e = (node_watch_evidence){ w->average, w->slow, std, d / std };
      w->slow = w->average;
      w->stepping = 0;
      return told;
    }

  /* One wild value must not make the next ones look tame. */
  most = 9.0f * w->spread + size * size;
  if (w->n >= NODE_WATCH_LEARN && d2 > most)
    d2 = most;
  w->spread += (d2 - w->spread) / (w->n < 1000 ? (float) w->n + 1.0f : 1000.0f);
  if (!far)
    w->slow += d / NODE_WATCH_STEP_MEMORY;
  return false;
}

static float
middle (float a, float b, float c)
{
  float low = a < b ? a : b, high = a < b ? b : a;

  return c < low ? low : c > high ? high : c;
}

node_watch_news
node_watch_add (node_watch          *w,
                float                value,
                float                least,
                node_watch_evidence *evidence)
{
  node_watch_evidence shift;
  node_watch_news     news;
  bool                stepped;

  if (w->n == 0 || isnan (w->average))
    {
      w->average = w->slow = w->last[0] = w->last[1] = value;
      if (w->n == 0)
        w->mean = value;
    }
  w->average += (middle (w->last[0], w->last[1], value) - w->average) /
                NODE_WATCH_AVERAGE;
  w->last[0] = w->last[1];
  w->last[1] = value;

  stepped = step (w, least, &shift);
  news = score (w, least, evidence);
  if (news == NODE_WATCH_NOTHING && stepped)
    {
      *evidence = shift;
      news = NODE_WATCH_STEP;
    }
  return news;
}
