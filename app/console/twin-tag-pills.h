/* SPDX-License-Identifier: Apache-2.0 */
/* twin-tag-pills.h - tags as a person types and sees them
 *
 * twin_tag_pills_parse() is pure; the rest main thread.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* "spare line-2 -old": tags to add and, after a minus, to take away; commas
 * and spaces part them, each counts once. Both are set, for the caller to
 * free. FALSE: there is no tag in @text. */
gboolean twin_tag_pills_parse (const char *text, GStrv *add, GStrv *remove);

/* Pills in a box, as they stand; @tags may be NULL. */
void twin_tag_pills_fill (GtkBox *box, const char *const *tags);

G_END_DECLS
