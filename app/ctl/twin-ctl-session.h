/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-session.h - the engine behind a verb: its own, or one that runs */
#pragma once

#include "twin-ctl.h"
#include "twin-engine.h"

G_BEGIN_DECLS

typedef struct _TwinCtlSession TwinCtlSession;

/* Starts an engine in this process as the common options say. */
TwinCtlSession *twin_ctl_session_start (TwinCtl    *ctl,
                                        const char *enrol_file,
                                        int         workers,
                                        GError    **error);
/* Drains, commits, closes; frees. */
void twin_ctl_session_stop (TwinCtlSession *self);

TwinEngine *twin_ctl_session_get_engine (TwinCtlSession *self);

/* The newest status, NULL before the first; caller unrefs. */
TwinUpdate *twin_ctl_session_ref_status (TwinCtlSession *self);

/* Whether an engine has the store now. */
gboolean twin_ctl_engine_runs (TwinCtl *ctl);

/* What is asked through the store's outbox; words of twin-engine-outbox.h. */
typedef struct
{
  const char *kind;
  const char *subject, *name, *text;
  gint64      number; /* -1: none */
  double      wait_s; /* 0: until it was sent; else until it ended */
  /* What to print for people when it went well; NULL: the answer's text. */
  void (*print) (JsonObject *detail);
  /* A question: any engine answers it, and --json prints the detail alone. */
  gboolean question;
} TwinCtlAsk;

/* Asks the engine that runs on the store, else one of its own for so long.
 * Prints how it ended and returns the exit status. */
int twin_ctl_ask (TwinCtl *ctl, const TwinCtlAsk *ask);

G_END_DECLS
