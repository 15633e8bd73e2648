/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-schema.h"

/* Times are microseconds UTC. "tail" holds samples as they were committed,
 * grouped by shard (1,024 signals); sealing moves them into chunks and adds
 * them to the roll-ups in one transaction. */
static const char step_1[] =
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE topic (id INTEGER PRIMARY KEY, version INTEGER NOT NULL);"
    "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL)"
    " WITHOUT ROWID;"

    "CREATE TABLE model (dtmi TEXT PRIMARY KEY, json TEXT NOT NULL,"
    " created_us INTEGER) WITHOUT ROWID;"
    "CREATE TABLE twin (id TEXT NOT NULL UNIQUE, model TEXT NOT NULL,"
    " display_name TEXT, lifecycle TEXT NOT NULL, props TEXT NOT NULL,"
    " etag TEXT NOT NULL, created_us INTEGER, updated_us INTEGER);"
    "CREATE INDEX twin_by_model ON twin (model, id);"
    "CREATE TABLE relationship (source TEXT NOT NULL, id TEXT NOT NULL,"
    " name TEXT NOT NULL, target TEXT NOT NULL, props TEXT,"
    " etag TEXT NOT NULL, PRIMARY KEY (source, id)) WITHOUT ROWID;"
    "CREATE INDEX relationship_out ON relationship (source, name, target);"
    "CREATE INDEX relationship_in ON relationship (target, name, source);"

    "CREATE TABLE node (name TEXT PRIMARY KEY, serial TEXT, class_name TEXT,"
    " firmware TEXT, trust TEXT, key BLOB, enrolled INTEGER, ring BLOB,"
    " epoch INTEGER, machine TEXT, birth TEXT, reported TEXT, status TEXT,"
    " last_seen_us INTEGER, counter INTEGER) WITHOUT ROWID;"

    "CREATE TABLE stream (id INTEGER PRIMARY KEY, node TEXT NOT NULL,"
    " ring BLOB NOT NULL, epoch INTEGER NOT NULL,"
    " UNIQUE (node, ring, epoch));"
    "CREATE TABLE record (stream INTEGER, seq INTEGER, digest INTEGER,"
    " PRIMARY KEY (stream, seq)) WITHOUT ROWID;"
    "CREATE TABLE received_range (stream INTEGER, first INTEGER,"
    " last INTEGER NOT NULL, first_us INTEGER, last_us INTEGER,"
    " PRIMARY KEY (stream, first)) WITHOUT ROWID;"
    "CREATE TABLE known_loss (stream INTEGER, first INTEGER,"
    " last INTEGER NOT NULL, cause TEXT NOT NULL,"
    " PRIMARY KEY (stream, first)) WITHOUT ROWID;"
    "CREATE TABLE conflict (id INTEGER PRIMARY KEY, stream INTEGER NOT NULL,"
    " seq INTEGER NOT NULL, digest INTEGER NOT NULL, channel TEXT,"
    " arrival_us INTEGER, bytes BLOB, UNIQUE (stream, seq, digest));"

    "CREATE TABLE signal (id INTEGER PRIMARY KEY, twin TEXT NOT NULL,"
    " path TEXT NOT NULL, unit TEXT, node TEXT, flags INTEGER NOT NULL,"
    " UNIQUE (twin, path));"
    "CREATE TABLE sample_tail (shard INTEGER, id INTEGER, data BLOB NOT NULL,"
    " PRIMARY KEY (shard, id)) WITHOUT ROWID;"
    "CREATE TABLE sample_chunk (id INTEGER PRIMARY KEY,"
    " signal INTEGER NOT NULL, t0 INTEGER NOT NULL, t1 INTEGER NOT NULL,"
    " n INTEGER NOT NULL, data BLOB NOT NULL);"
    "CREATE INDEX sample_chunk_by_time ON sample_chunk (signal, t0, t1);"
    "CREATE TABLE rollup_minute (signal INTEGER, t INTEGER, min REAL,"
    " max REAL, sum REAL, n INTEGER, PRIMARY KEY (signal, t)) WITHOUT ROWID;"
    "CREATE TABLE rollup_hour (signal INTEGER, t INTEGER, min REAL,"
    " max REAL, sum REAL, n INTEGER, PRIMARY KEY (signal, t)) WITHOUT ROWID;"
    "CREATE TABLE text_sample (id INTEGER PRIMARY KEY,"
    " signal INTEGER NOT NULL, time_us INTEGER NOT NULL, text TEXT NOT NULL);"
    "CREATE INDEX text_sample_by_time ON text_sample (signal, time_us);"

    "CREATE TABLE waveform (id INTEGER PRIMARY KEY, machine TEXT, twin TEXT,"
    " node TEXT NOT NULL, sensor TEXT NOT NULL, axis TEXT NOT NULL,"
    " ring TEXT, epoch INTEGER, capture INTEGER, n0 INTEGER, n INTEGER,"
    " t0_us INTEGER, rate_hz REAL, scale REAL, offset REAL, unit TEXT,"
    " format TEXT, why TEXT, quality INTEGER, data BLOB,"
    " UNIQUE (node, sensor, axis, ring, epoch, n0, capture));"
    "CREATE INDEX waveform_by_time ON waveform (t0_us);"

    "CREATE TABLE diagnosis (id INTEGER PRIMARY KEY, machine TEXT, twin TEXT,"
    " sensor TEXT, axis TEXT, time_us INTEGER, seconds REAL, verdict TEXT,"
    " suspected TEXT, z REAL, margin REAL, level REAL, confirmed INTEGER,"
    " waveform INTEGER, detail TEXT);"
    "CREATE INDEX diagnosis_by_time ON diagnosis (time_us);"
    "CREATE INDEX diagnosis_by_machine ON diagnosis (machine, time_us);"
    "CREATE TABLE health (machine TEXT, time_us INTEGER, \"index\" REAL,"
    " driver TEXT, PRIMARY KEY (machine, time_us)) WITHOUT ROWID;"
    "CREATE TABLE prediction (machine TEXT, time_us INTEGER, p05_s REAL,"
    " p25_s REAL, p50_s REAL, p75_s REAL, p95_s REAL, lower_s REAL,"
    " threshold REAL, threshold_sd REAL, onset_us INTEGER, why TEXT,"
    " PRIMARY KEY (machine, time_us)) WITHOUT ROWID;"

    "CREATE TABLE event (id INTEGER PRIMARY KEY, node TEXT, twin TEXT,"
    " kind TEXT, time_us INTEGER, arrival_us INTEGER, text TEXT,"
    " detail TEXT);"
    "CREATE INDEX event_by_time ON event (time_us);"
    "CREATE TABLE alarm (source TEXT, condition TEXT, state TEXT NOT NULL,"
    " active INTEGER, acknowledged INTEGER, priority INTEGER, value REAL,"
    " \"limit\" REAL, unit TEXT, since_us INTEGER, changed_us INTEGER,"
    " shelved_until_us INTEGER, note TEXT, note_by TEXT, detail TEXT,"
    " PRIMARY KEY (source, condition)) WITHOUT ROWID;"
    "CREATE TABLE alarm_transition (id INTEGER PRIMARY KEY, time_us INTEGER,"
    " source TEXT, condition TEXT, from_state TEXT, to_state TEXT,"
    " event TEXT, priority INTEGER, value REAL, \"limit\" REAL, unit TEXT,"
    " who TEXT, note TEXT, detail TEXT);"
    "CREATE INDEX alarm_transition_by_time ON alarm_transition (time_us);"
    "CREATE TABLE journal (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " time_us INTEGER, who TEXT, kind TEXT, subject TEXT, machine TEXT,"
    " text TEXT, before TEXT, after TEXT);"
    "CREATE INDEX journal_by_time ON journal (time_us);"
    "CREATE TRIGGER journal_is_kept BEFORE DELETE ON journal BEGIN"
    " SELECT RAISE (ABORT, 'the journal is kept for ever'); END;"
    "CREATE TRIGGER journal_is_final BEFORE UPDATE ON journal BEGIN"
    " SELECT RAISE (ABORT, 'the journal is never changed'); END;"

    "CREATE TABLE command (id TEXT PRIMARY KEY, node TEXT, twin TEXT,"
    " name TEXT, arguments TEXT, who TEXT, kid TEXT, counter INTEGER,"
    " issued_us INTEGER, not_after_us INTEGER, status TEXT, reason TEXT,"
    " detail TEXT, changed_us INTEGER) WITHOUT ROWID;"
    "CREATE INDEX command_by_time ON command (issued_us);"
    "CREATE TABLE desired (node TEXT, version INTEGER, base INTEGER,"
    " properties TEXT NOT NULL, signed BLOB, digest BLOB, who TEXT,"
    " time_us INTEGER, reported_us INTEGER, refused TEXT,"
    " PRIMARY KEY (node, version)) WITHOUT ROWID;"
    "CREATE TABLE work_order (id INTEGER PRIMARY KEY, machine TEXT,"
    " node TEXT, date TEXT, work TEXT, note TEXT, parts TEXT, state TEXT,"
    " command TEXT, verdict TEXT, who TEXT, created_us INTEGER,"
    " closed_us INTEGER);"

    "CREATE TABLE request (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT,"
    " arguments TEXT, who TEXT, time_us INTEGER, state TEXT, answer TEXT,"
    " answered_us INTEGER);"
    "CREATE INDEX request_by_state ON request (state, id);"
    "CREATE TABLE engine_status (id INTEGER PRIMARY KEY, pid INTEGER,"
    " time_us INTEGER, json TEXT);";

/* Versions of the graph. A version is valid in [updated_us, ended_us) and was
 * made by "change", ended by "ended"; what is valid now lies in the tables of
 * step 1. Whoever replaces or deletes one of those keeps it: triggers would
 * do, but cost every insert of a bulk import a fifth more. */
static const char step_2[] =
    "ALTER TABLE twin ADD COLUMN change INTEGER;"
    "ALTER TABLE twin ADD COLUMN tags TEXT;"
    "ALTER TABLE relationship ADD COLUMN updated_us INTEGER;"
    "ALTER TABLE relationship ADD COLUMN change INTEGER;"
    "ALTER TABLE model ADD COLUMN updated_us INTEGER;"
    "ALTER TABLE model ADD COLUMN change INTEGER;"
    "UPDATE twin SET updated_us = coalesce (updated_us, created_us, 0);"
    "UPDATE model SET updated_us = coalesce (created_us, 0);"
    "UPDATE relationship SET updated_us = coalesce"
    " ((SELECT max (updated_us) FROM twin WHERE id IN (source, target)), 0);"
    "INSERT INTO meta SELECT 'changes_after_us', max (updated_us) FROM"
    " (SELECT updated_us FROM twin UNION ALL SELECT updated_us FROM model)"
    " HAVING max (updated_us) IS NOT NULL;"

    "CREATE TABLE change (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " time_us INTEGER NOT NULL, who TEXT, kind TEXT NOT NULL, text TEXT,"
    " undoes INTEGER);"
    "CREATE INDEX change_by_time ON change (time_us);"
    "CREATE INDEX change_by_undoes ON change (undoes)"
    " WHERE undoes IS NOT NULL;"

    "CREATE TABLE twin_past (id TEXT NOT NULL, model TEXT NOT NULL,"
    " display_name TEXT, lifecycle TEXT NOT NULL, props TEXT NOT NULL,"
    " etag TEXT NOT NULL, created_us INTEGER, updated_us INTEGER NOT NULL,"
    " change INTEGER, tags TEXT, ended INTEGER NOT NULL,"
    " ended_us INTEGER NOT NULL);"
    "CREATE INDEX twin_past_by_id ON twin_past (id, ended_us);"
    "CREATE INDEX twin_past_by_end ON twin_past (ended_us);"
    "CREATE INDEX twin_past_by_ended ON twin_past (ended);"
    "CREATE INDEX twin_past_by_change ON twin_past (change);"
    "CREATE INDEX twin_by_change ON twin (change);"

    "CREATE TABLE relationship_past (source TEXT NOT NULL, id TEXT NOT NULL,"
    " name TEXT NOT NULL, target TEXT NOT NULL, props TEXT,"
    " etag TEXT NOT NULL, updated_us INTEGER NOT NULL, change INTEGER,"
    " ended INTEGER NOT NULL, ended_us INTEGER NOT NULL);"
    "CREATE INDEX relationship_past_by_id"
    " ON relationship_past (source, id, ended_us);"
    "CREATE INDEX relationship_past_by_end ON relationship_past (ended_us);"
    "CREATE INDEX relationship_past_by_ended ON relationship_past (ended);"
    "CREATE INDEX relationship_past_by_change ON relationship_past (change);"
    "CREATE INDEX relationship_by_change ON relationship (change);"

    "CREATE TABLE model_past (dtmi TEXT NOT NULL, json TEXT NOT NULL,"
    " created_us INTEGER, updated_us INTEGER NOT NULL, change INTEGER,"
    " ended INTEGER NOT NULL, ended_us INTEGER NOT NULL);"
    "CREATE INDEX model_past_by_id ON model_past (dtmi, ended_us);"
    "CREATE INDEX model_past_by_ended ON model_past (ended);"
    "CREATE INDEX model_past_by_change ON model_past (change);"
    "CREATE INDEX model_by_change ON model (change);"

    "CREATE TRIGGER change_is_kept BEFORE DELETE ON change BEGIN"
    " SELECT RAISE (ABORT, 'changes are kept for ever'); END;"
    "CREATE TRIGGER change_is_final BEFORE UPDATE ON change BEGIN"
    " SELECT RAISE (ABORT, 'changes are never changed'); END;"
    "CREATE TRIGGER twin_past_is_kept BEFORE DELETE ON twin_past BEGIN"
    " SELECT RAISE (ABORT, 'versions are kept for ever'); END;"
    "CREATE TRIGGER relationship_past_is_kept"
    " BEFORE DELETE ON relationship_past BEGIN"
    " SELECT RAISE (ABORT, 'versions are kept for ever'); END;"
    "CREATE TRIGGER model_past_is_kept BEFORE DELETE ON model_past BEGIN"
    " SELECT RAISE (ABORT, 'versions are kept for ever'); END;"

    "CREATE TABLE twin_group (name TEXT PRIMARY KEY, query TEXT,"
    " members TEXT, tier TEXT, note TEXT, updated_us INTEGER,"
    " CHECK ((query IS NULL) <> (members IS NULL)),"
    " CHECK (tier IS NULL OR tier IN ('full', 'thresholds')))"
    " WITHOUT ROWID;"
    "CREATE TABLE saved_query (name TEXT PRIMARY KEY, query TEXT NOT NULL,"
    " note TEXT, who TEXT, updated_us INTEGER) WITHOUT ROWID;"

    /* For queries: which twins have a signal, the newest sample that is sealed
     * (absent: look into the chunks), what the engine makes of each twin. */
    "ALTER TABLE signal ADD COLUMN max_silence_s REAL;"
    "CREATE INDEX signal_by_path ON signal (path, twin);"
    "CREATE TABLE signal_latest (signal INTEGER PRIMARY KEY,"
    " time_us INTEGER NOT NULL, value REAL, flags INTEGER NOT NULL);"
    "CREATE TABLE twin_state (twin TEXT PRIMARY KEY, state TEXT NOT NULL,"
    " since_us INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE twin_state_past (twin TEXT, since_us INTEGER,"
    " state TEXT NOT NULL, PRIMARY KEY (twin, since_us)) WITHOUT ROWID;"
    "CREATE TRIGGER twin_state_is_kept AFTER UPDATE ON twin_state BEGIN"
    " INSERT OR REPLACE INTO twin_state_past (twin, since_us, state)"
    " VALUES (OLD.twin, OLD.since_us, OLD.state); END;";

/* Firmware: packages by the digest of their image, the vendors' keys that are
 * trusted, campaigns and how far each node of one is. */
static const char step_3[] =
    "CREATE TABLE vendor_key (kid TEXT PRIMARY KEY, name TEXT NOT NULL,"
    " public BLOB NOT NULL, who TEXT, added_us INTEGER) WITHOUT ROWID;"
    "CREATE TABLE firmware (digest TEXT NOT NULL UNIQUE, vendor TEXT,"
    " class TEXT, version TEXT, sequence INTEGER, counter INTEGER,"
    " size INTEGER, kid TEXT, manifest BLOB NOT NULL, image BLOB NOT NULL,"
    " who TEXT, added_us INTEGER);"
    "CREATE TABLE campaign (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " digest TEXT NOT NULL, target TEXT, limits TEXT NOT NULL, hash TEXT,"
    " state TEXT NOT NULL, why TEXT, who TEXT, created_us INTEGER,"
    " started_us INTEGER, changed_us INTEGER);"
    "CREATE TABLE campaign_node (campaign INTEGER, node TEXT, twin TEXT,"
    " before TEXT, verdict TEXT NOT NULL, wave INTEGER, state TEXT,"
    " offset INTEGER, attempts INTEGER, accepted INTEGER, why TEXT,"
    " changed_us INTEGER,"
    " PRIMARY KEY (campaign, node)) WITHOUT ROWID;";

/* Whether diagnoses were right, as people say who looked: a journal. What takes
 * an outcome back is a row of its own, which names it in "undoes". */
static const char step_4[] =
    "ALTER TABLE work_order DROP COLUMN verdict;"
    "CREATE TABLE outcome (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " time_us INTEGER NOT NULL, who TEXT, machine TEXT, class TEXT,"
    " element TEXT, verdict TEXT, found TEXT, note TEXT, work_order TEXT,"
    " undoes INTEGER);"
    "CREATE TRIGGER outcome_is_kept BEFORE DELETE ON outcome BEGIN"
    " SELECT RAISE (ABORT, 'outcomes are kept for ever'); END;"
    "CREATE TRIGGER outcome_is_final BEFORE UPDATE ON outcome BEGIN"
    " SELECT RAISE (ABORT, 'outcomes are never changed'); END;";

static const char *const steps[] = { step_1, step_2, step_3, step_4 };

int
twin_store_schema_version (void)
{
  return G_N_ELEMENTS (steps);
}

int
twin_store_schema_read_version (TwinStoreDb *sql, GError **error)
{
  int64_t version = 0;
  int64_t application = 0;
  int64_t tables = 0;

  if (!twin_store_db_get_int (sql, error, &version, "PRAGMA user_version",
                              "") ||
      !twin_store_db_get_int (sql, error, &application, "PRAGMA application_id",
                              "") ||
      !twin_store_db_get_int (sql, error, &tables,
                              "SELECT count (*) FROM sqlite_schema", ""))
    return -1;

  if (tables == 0 && version == 0)
    return 0;

  if (application != TWIN_SCHEMA_APPLICATION_ID || version < 1)
    {
      g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_FORMAT,
                   "Could not open %s: it is a database, but no plant store; "
                   "choose another file",
                   sql->path);
      return -1;
    }

  if (version > twin_store_schema_version ())
    {
      g_set_error (error, TWIN_STORE_ERROR, TWIN_STORE_ERROR_FORMAT,
                   "Could not open %s: a newer Twin Console wrote it (schema "
                   "%" G_GINT64_FORMAT ", this one knows %d); update this "
                   "program",
                   sql->path, version, twin_store_schema_version ());
      return -1;
    }

  return version;
}

static gboolean
run_steps (TwinStoreDb *sql, int version, GError **error)
{
  const int from = twin_store_schema_read_version (sql, error);

  if (from < 0)
    return FALSE;

  for (int i = from; i < version; i++)
    {
      g_autofree char *mark =
          g_strdup_printf ("PRAGMA application_id = %d;"
                           "PRAGMA user_version = %d;",
                           TWIN_SCHEMA_APPLICATION_ID, i + 1);

      if (!twin_store_db_exec (sql, steps[i], error) ||
          !twin_store_db_exec (sql, mark, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
twin_store_schema_migrate (TwinStoreDb *sql, int version, GError **error)
{
  if (!twin_store_db_exec (sql, "BEGIN IMMEDIATE", error))
    return FALSE;

  if (run_steps (sql, version, error) &&
      twin_store_db_exec (sql, "COMMIT", error))
    return TRUE;

  if (!sqlite3_get_autocommit (sql->db))
    sqlite3_exec (sql->db, "ROLLBACK", NULL, NULL, NULL);
  return FALSE;
}
