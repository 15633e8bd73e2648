/* SPDX-License-Identifier: Apache-2.0
 *
 * What a node needs of a board's memory, part by part.
 */
#include <glib.h>

#include "node.h"

#define PART(field)                                                            \
  {                                                                            \
#field, sizeof(((node *) NULL)->field)                                     \
  }

enum
{
  NODE_MAX = 64 * 1024,
};

/* Pointers have eight bytes here and four on a board: there it is less. */
static void
test_node (void)
{
  static const struct
  {
    const char *name;
    gsize       size;
  } parts[] = {
    PART (pool),       PART (mqtt.tx), PART (mqtt.parser), PART (mqtt),
    PART (signals),    PART (names),   PART (accels),      PART (ring),
    PART (keys),       PART (spans),   PART (refused),     PART (config),
    PART (properties),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    g_test_message ("%-12s %6" G_GSIZE_FORMAT, parts[i].name, parts[i].size);
  g_test_message ("%-12s %6" G_GSIZE_FORMAT " of %d", "node", sizeof (node),
                  NODE_MAX);
  g_assert_cmpuint (sizeof (node), <=, NODE_MAX);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/firmware/size/node", test_node);
  return g_test_run ();
}
