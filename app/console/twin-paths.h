/* SPDX-License-Identifier: Apache-2.0 */
/* twin-paths.h - where the program finds its own files
 *
 * An uninstalled program finds data and twin-node in its build and source
 * trees; an installed one under its prefix. TWIN_DATA_DIR overrides. Callers
 * free.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Holds bearings.csv, roles.json, demo/. */
char *twin_paths_dup_data_dir (void);

/* The node's host port beside this program, or in PATH; NULL when absent. */
char *twin_paths_dup_node_program (void);

/* A folder that holds the folder cwru with real recordings, or NULL:
 * TWIN_REAL_DATA, or ../shared/data beside the source tree. */
char *twin_paths_dup_recordings (void);

G_END_DECLS
