/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-columns.h - short words for descriptions of rows: for the files
 * that hold some, and no other
 */
#pragma once

#include <stddef.h>

#include "twin-store-table.h"

/* For descriptions: column @name of member @member of @row. */
#define COLUMN(type, name, row, member)                                        \
  {                                                                            \
    name, TWIN_COLUMN_##type, offsetof (row, member), FALSE, FALSE             \
  }
/* What makes another version. */
#define VALUE(type, name, row, member)                                         \
  {                                                                            \
    name, TWIN_COLUMN_##type, offsetof (row, member), FALSE, TRUE              \
  }
/* What an upsert leaves as it is. */
#define KEPT(type, name, row, member)                                          \
  {                                                                            \
    name, TWIN_COLUMN_##type, offsetof (row, member), TRUE, FALSE              \
  }
#define END                                                                    \
  {                                                                            \
    NULL, TWIN_COLUMN_END, 0, FALSE, FALSE                                     \
  }
