/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-sheet.h - a table of text cells from a file
 *
 * CSV with a header, or a plain table whose columns the caller names. The
 * delimiter is given, or the first of tab, ';', ',' that the first line has;
 * else runs of blanks. A cell may be quoted ("a,b"); empty lines do not count.
 */
#pragma once

#include "twin-ctl.h"

G_BEGIN_DECLS

typedef struct
{
  char  *path;
  char **names; /* n_columns, then NULL */
  size_t n_columns, n_rows;
  char  *text;  /* the cells lie in it */
  char **cells; /* n_rows × n_columns, trimmed */
  guint *line;  /* n_rows: where each row stands in the file, from 1 */
} TwinCtlSheet;

/* @columns: "unit,cycle,…", for a file without header; NULL: the first line
 * names them. @delimiter: 0: found out. NULL with a sentence that names the
 * line: no rows, a row with too few or too many cells, a name that comes
 * twice, no UTF-8, over 20 million cells. */
TwinCtlSheet *twin_ctl_sheet_read (const char *path,
                                   const char *columns,
                                   char        delimiter,
                                   GError    **error);
void          twin_ctl_sheet_free (TwinCtlSheet *self);

/* The place of @name, from 0; -1 with a sentence that lists what there is. */
int twin_ctl_sheet_find (const TwinCtlSheet *self,
                         const char         *name,
                         GError            **error);

const char *twin_ctl_sheet_cell (const TwinCtlSheet *self,
                                 size_t              row,
                                 size_t              column);

/* The cell as a number; empty, NaN, NA and null are a gap (NaN). FALSE with a
 * sentence that names line and column: it is neither. */
gboolean twin_ctl_sheet_number (const TwinCtlSheet *self,
                                size_t              row,
                                size_t              column,
                                double             *value,
                                GError            **error);

/* The same, and ISO 8601 times (UTC where no zone is given) as seconds since
 * 1970; a gap is refused. */
gboolean twin_ctl_sheet_time (const TwinCtlSheet *self,
                              size_t              row,
                              size_t              column,
                              double             *value,
                              GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinCtlSheet, twin_ctl_sheet_free)

G_END_DECLS
