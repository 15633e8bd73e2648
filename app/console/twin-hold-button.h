/* SPDX-License-Identifier: Apache-2.0 */
/* twin-hold-button.h - a button that must be held: nothing dangerous in one
 * click
 *
 * Held 1.2 s by pointer, Space or Enter; the fill grows from left to right;
 * letting go cancels. The accessible action holds it as a person would. Main
 * thread.
 *
 * Signal "confirmed".
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TWIN_TYPE_HOLD_BUTTON (twin_hold_button_get_type ())
G_DECLARE_FINAL_TYPE (TwinHoldButton,
                      twin_hold_button,
                      TWIN,
                      HOLD_BUTTON,
                      GtkWidget)

GtkWidget *twin_hold_button_new (const char *label);
void       twin_hold_button_set_label (TwinHoldButton *self, const char *label);

G_END_DECLS
