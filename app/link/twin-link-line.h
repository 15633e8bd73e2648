/* SPDX-License-Identifier: Apache-2.0 */
/* twin-link-line.h - one of a link's two connections
 *
 * Inside this folder only. Owns a network thread that connects, reads, and
 * connects again; see twin-link.h for what its user sees.
 */
#pragma once

#include "twin-link.h"

G_BEGIN_DECLS

typedef struct _TwinLinkLine TwinLinkLine;

/* @options and @queue are borrowed and outlive the line. @topics:
 * NULL-terminated, taken. */
TwinLinkLine *twin_link_line_new (TwinLine               line,
                                  const TwinLinkOptions *options,
                                  char                 **topics,
                                  TwinQueue             *queue,
                                  TwinLineStateFunc      state_func,
                                  void                  *user_data);
void          twin_link_line_start (TwinLinkLine *self);
/* Asks the thread to end; twin_link_line_free() waits for it. */
void twin_link_line_stop (TwinLinkLine *self);
void twin_link_line_join (TwinLinkLine *self);
void twin_link_line_free (TwinLinkLine *self);

gboolean twin_link_line_publish (TwinLinkLine *self,
                                 const char   *topic,
                                 GBytes       *payload,
                                 int           qos,
                                 gboolean      retain,
                                 GError      **error);
void     twin_link_line_get_stats (TwinLinkLine *self, TwinLineStats *out);

G_END_DECLS
