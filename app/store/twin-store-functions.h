/* SPDX-License-Identifier: Apache-2.0 */
/* twin-store-functions.h - what SELECTs of app/query may call on a reader
 *
 * SQL functions and a table that read what plain SQL cannot: samples that are
 * packed, walks over many relationships.
 *
 *   signal_value (twin, path)     the newest value, number or text; NULL when
 *                                 there is none, or the newest is bad
 *   signal_time (twin, path)      when it was measured, µs; NULL: never
 *   signal_stale (twin, path)     0 or 1; NULL: the twin has no such signal.
 *                                 Stale by twin-signal.h: older than 2 × its
 *                                 longest silence + 5 s, or its node offline
 *   signal_newest (signal, time, value), signal_newest (signal, time)
 *                                 the same value, or its time, for a SELECT
 *                                 that has the rows of signal and
 *                                 signal_latest (NULL: there is none)
 *   signal_history (twin, path, word, µs)
 *                                 'AVG', 'MIN', 'MAX', 'SUM' or 'COUNT' of
 *                                 the good samples of that long until now. Up
 *                                 to 10 minutes: exactly those; longer: from
 *                                 the whole minute on in which it begins.
 *                                 Where samples have outlived their tier, in
 *                                 whole steps of what is left. COUNT of none
 *                                 is 0, the others NULL; all are NULL where
 *                                 the twin has no such signal
 *   relationship_walk (start, direction, least, most, names)
 *                                 table with the column "node": each twin that
 *                                 a path of @least to @most relationships
 *                                 leads to from @start, once, however many
 *                                 paths do. A path uses a relationship once.
 *                                 direction: 1 along, -1 against, 0 either;
 *                                 names: a JSON array, or NULL for any
 *
 * @path is the DTDL path with /: "temperature", "motor/shaftSpeed". On a
 * machine also what its node calls the signal of a part: "de/temperature".
 *
 * Thread: that of the reader.
 */
#pragma once

#include "twin-store-reader.h"

G_BEGIN_DECLS

typedef struct
{
  int64_t now_us; /* what ages and windows count from */
  int64_t at_us;  /* TWIN_TIME_NONE: as it is. Else as it was then: samples,
                   * alarms, predictions, relationships up to that time */
} TwinStoreMoment;

/* Makes the functions known to the reader's connection, once; sets the moment
 * that they speak of and forgets what they remember of the query before. To be
 * called before each query that uses them. */
gboolean twin_store_reader_set_moment (TwinStoreReader       *self,
                                       const TwinStoreMoment *moment,
                                       GError               **error);

/* A statement of the reader's connection, reset and unbound: one that a query
 * with the same text left, or a new one. NULL with the connection's error. */
struct sqlite3_stmt *twin_store_reader_take_statement (TwinStoreReader *self,
                                                       const char      *sql);
/* Keeps it for the next query with that text; the least recent few go. */
void twin_store_reader_leave_statement (TwinStoreReader     *self,
                                        struct sqlite3_stmt *statement);

/* What a caller worked out of the models and wants to find again with the
 * reader: NULL once the graph has changed. It is the reader's, which frees it
 * with @free_func. @version: of TWIN_STORE_TOPIC_GRAPH, read before the models
 * were. */
void *twin_store_reader_get_models_cache (TwinStoreReader *self);
void  twin_store_reader_set_models_cache (TwinStoreReader *self,
                                          int64_t          version,
                                          void            *data,
                                          GDestroyNotify   free_func);

/* Whether any twin has a signal at @path, or a machine could by way of its
 * node: "de/temperature" where there is a "temperature". */
gboolean twin_store_reader_knows_signal (TwinStoreReader *self,
                                         const char      *path);

G_END_DECLS
