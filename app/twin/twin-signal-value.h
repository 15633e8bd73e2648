/* SPDX-License-Identifier: Apache-2.0 */
/* twin-signal-value.h - the latest value of one signal, and how old it is
 *
 * Owned by a TwinGraph's twin; its thread only. The rules are the wire's.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "twin-clock.h"
#include "twin-interface.h"

G_BEGIN_DECLS

#define TWIN_MAX_SILENCE_S 60 /* where the birth names none */

typedef struct
{
  char    *path;      /* DTDL path on its twin, statistic's suffix kept */
  char    *unit;      /* SenML, "" when never told */
  double   value;     /* NaN: none yet, bad, or a text */
  char    *text;      /* string or boolean value, else NULL */
  int      quality;   /* SenML q of ours: 0 good, 1 uncertain, 2 bad */
  int64_t  source_us; /* when it was measured; NONE before the first value */
  int64_t  arrival_us;
  double   max_silence_s;     /* longest pause its node promises */
  gboolean undeclared;        /* its twin's model does not know the path */
  gboolean anchored;          /* its source time was given by the console */
  const TwinContent *content; /* what declares it; NULL: nothing. Lives as
                               * long as the graph's models */
} TwinSignal;

/**
 * twin_signal_update:
 * @value: NaN where @text is given or @quality is 2
 * @text: or NULL
 *
 * Takes the value when it is not older than the present one; FALSE and
 * unchanged when it is (a replayed record: history, not news).
 */
gboolean twin_signal_update (TwinSignal *self,
                             double      value,
                             const char *text,
                             int         quality,
                             int64_t     source_us,
                             int64_t     arrival_us,
                             gboolean    anchored);

/* Age in µs at @now_us by source time; a source time after the arrival (a
 * clock that runs ahead) counts from the arrival. INT64_MAX: no value yet. */
int64_t twin_signal_age_us (const TwinSignal *self, int64_t now_us);

/* Stale: older than 2 × max_silence_s + 5 s, or the node is offline, or our
 * own link is down, or no value ever came. */
gboolean twin_signal_is_stale (const TwinSignal *self,
                               int64_t           now_us,
                               gboolean          node_online,
                               gboolean          link_up);

/* When it goes stale by age if nothing comes; TWIN_TIME_NONE: it is already,
 * no value ever came. */
int64_t twin_signal_stale_at_us (const TwinSignal *self);

/* A node is online when its status says so and something arrived within
 * 2 × @max_silence_s: a retained "online" outlives node and broker. */
gboolean twin_node_is_online (gboolean status_online,
                              int64_t  last_arrival_us,
                              double   max_silence_s,
                              int64_t  now_us);

G_END_DECLS
