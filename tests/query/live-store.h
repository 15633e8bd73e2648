/* SPDX-License-Identifier: Apache-2.0 */
/* live-store.h - the store's fixture with twins in it and questions to it */
#pragma once

#include <math.h>

#include "../store/fixture.h"
#include "twin-query.h"
#include "twin-store-changes.h"
#include "twin-store-graph.h"
#include "twin-store-groups.h"
#include "twin-store-log.h"

#define MACHINE                                                                \
  "{\"@id\":\"dtmi:a:Machine;1\",\"@type\":\"Interface\",\"@context\":"        \
  "\"dtmi:dtdl:context;2\",\"contents\":[{\"@type\":\"Telemetry\",\"name\":"   \
  "\"temperature\",\"schema\":\"double\"},{\"@type\":\"Property\",\"name\":"   \
  "\"limit\",\"schema\":\"double\"}]}"

static inline void
put_model (Fixture *f)
{
  const TwinStoreModel row = { .dtmi = "dtmi:a:Machine;1", .json = MACHINE };
  g_autoptr (GError) error = NULL;

  twin_store_put_model (f->store, &row, &error);
  g_assert_no_error (error);
}

static inline void
put_tagged (Fixture *f, const char *id, const char *props, const char *tags)
{
  const TwinStoreTwin row = { .id = id,
                              .model = "dtmi:a:Machine;1",
                              .lifecycle = "in service",
                              .props = props,
                              .tags = tags };
  g_autoptr (GError) error = NULL;

  twin_store_put_twin (f->store, &row, NULL, &error);
  g_assert_no_error (error);
}

static inline void
put_twin (Fixture *f, const char *id, const char *props)
{
  put_tagged (f, id, props, NULL);
}

/* One sample; within a batch. */
static inline void
put_sample (Fixture    *f,
            const char *twin,
            const char *path,
            int64_t     time_us,
            double      value)
{
  const TwinStoreSignal row = {
    .twin = twin, .path = path, .node = "n-1", .max_silence_s = 10
  };
  uint32_t signal = twin_store_batch_signal (f->batch, &row);

  twin_store_batch_sample (f->batch, signal, time_us, value, 0);
}

static inline void
put_group (Fixture *f, const char *name, const char *query, const char *members)
{
  const TwinStoreGroup row = { .name = name,
                               .query = query,
                               .members = members };
  g_autoptr (GError) error = NULL;

  twin_store_put_group (f->store, &row, T0, &error);
  g_assert_no_error (error);
}

static inline gboolean
live_take_row (const char *row, void *data)
{
  GString *rows = data;

  g_string_append_printf (rows, "%s%s", rows->len > 0 ? " " : "", row);
  return TRUE;
}

/* The rows with blanks between, at the time @now_us; an error's text. */
static inline char *
ask_at (Fixture *f, int64_t now_us, const char *text)
{
  const TwinQueryOptions options = { .now_us = now_us };
  g_autoptr (GError) error = NULL;
  g_autoptr (TwinQuery) query = twin_query_parse (text, NULL, &error);
  GString *rows = g_string_new (NULL);

  if (query == NULL ||
      !twin_query_run (query, f->reader, &options, live_take_row, rows, &error))
    g_string_assign (rows, error->message);
  return g_string_free (rows, FALSE);
}

static inline void
assert_rows (Fixture *f, int64_t now_us, const char *text, const char *rows)
{
  g_autofree char *have = ask_at (f, now_us, text);

  g_test_message ("%s", text);
  g_assert_cmpstr (have, ==, rows);
}

/* The ids of T where @where holds, by id. */
static inline void
assert_twins (Fixture *f, int64_t now_us, const char *where, const char *ids)
{
  g_autofree char *text =
      g_strdup_printf ("SELECT T.$dtId AS i FROM DIGITALTWINS T WHERE %s "
                       "ORDER BY T.$dtId",
                       where);
  g_autofree char *have = ask_at (f, now_us, text);
  g_autoptr (GString) plain = g_string_new (have);

  g_string_replace (plain, "{\"i\":\"", "", 0);
  g_string_replace (plain, "\"}", "", 0);
  g_test_message ("%s", text);
  g_assert_cmpstr (plain->str, ==, ids);
}
