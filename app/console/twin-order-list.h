/* SPDX-License-Identifier: Apache-2.0 */
/* twin-order-list.h - maintenance orders of a machine, and what came of them
 *
 * An open one can be closed, a closed one asks whether the diagnosis was
 * right, an answer can be taken back. Hidden while there is none. Main thread.
 */
#pragma once

#include <gtk/gtk.h>

#include "twin-live-plant.h"

G_BEGIN_DECLS

#define TWIN_TYPE_ORDER_LIST (twin_order_list_get_type ())
G_DECLARE_FINAL_TYPE (TwinOrderList,
                      twin_order_list,
                      TWIN,
                      ORDER_LIST,
                      GtkWidget)

GtkWidget *twin_order_list_new (void);

/* Follows @plant; either may be NULL. */
void twin_order_list_set (TwinOrderList *self,
                          TwinLivePlant *plant,
                          const char    *machine);

/* "diagnosed: outer race · confirmed, found: spalled"; caller frees. */
char *twin_order_dup_story (const TwinOrderItem *order);

G_END_DECLS
