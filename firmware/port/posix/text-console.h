/* SPDX-License-Identifier: Apache-2.0
 *
 * text-console.h - a text console for the nodes of a fleet: --console
 */
#ifndef TEXT_CONSOLE_H
#define TEXT_CONSOLE_H

#include <glib.h>

#include "fleet.h"

/* Carry out one @line: "[NODE] COMMAND [ARGUMENT…]", of all nodes when none is
 * named. What there is to say is appended to @out, in whole lines. */
void console_line (fleet *f, const char *line, GString *out);

#endif
