/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ask.h - one question before something is done
 *
 * Main thread. The dialogs are modal, have the keyboard on their first field
 * or button, and go with their parent.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* @text: what was typed; NULL without an entry. Only called for yes. */
typedef void (*TwinAskDone) (const char *text, gpointer data);

typedef struct
{
  const char *title;  /* "Retire 3 twins?" */
  const char *body;   /* the consequence */
  const char *yes;    /* "Retire" */
  const char *label;  /* of the entry; NULL: none */
  const char *text;   /* what stands in it; NULL: nothing */
  gboolean    danger; /* @yes takes something away */
} TwinAsk;

/* @destroy is called with @data however it ends. */
void twin_ask (GtkWindow     *parent,
               const TwinAsk *question,
               TwinAskDone    done,
               gpointer       data,
               GDestroyNotify destroy);

/* Says what went wrong, as long as it takes to read. */
void twin_ask_tell (GtkWindow *parent, const char *title, const char *body);

G_END_DECLS
