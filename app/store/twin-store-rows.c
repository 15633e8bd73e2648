/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-columns.h"
#include "twin-store-tables.h"

static const TwinStoreColumn model_columns[] = {
  COLUMN (TEXT, "dtmi", TwinStoreModel, dtmi),
  VALUE (TEXT, "json", TwinStoreModel, json),
  KEPT (TIME, "created_us", TwinStoreModel, created_us),
  COLUMN (TIME, "updated_us", TwinStoreModel, updated_us),
  COLUMN (ROWID, "change", TwinStoreModel, change),
  END,
};

void
twin_store_model_free (TwinStoreModel *row)
{
  twin_store_table_free_row (&twin_store_table_model, row);
}

static void
free_model (void *row)
{
  twin_store_model_free (row);
}

const TwinStoreTable twin_store_table_model = {
  .name = "model",
  .what = "model",
  .key = "dtmi",
  .size = sizeof (TwinStoreModel),
  .columns = model_columns,
  .free_row = free_model,
};

static const TwinStoreColumn twin_columns[] = {
  COLUMN (TEXT, "id", TwinStoreTwin, id),
  VALUE (TEXT, "model", TwinStoreTwin, model),
  VALUE (TEXT, "display_name", TwinStoreTwin, display_name),
  VALUE (TEXT, "lifecycle", TwinStoreTwin, lifecycle),
  VALUE (TEXT, "props", TwinStoreTwin, props),
  COLUMN (TEXT, "etag", TwinStoreTwin, etag),
  KEPT (TIME, "created_us", TwinStoreTwin, created_us),
  COLUMN (TIME, "updated_us", TwinStoreTwin, updated_us),
  COLUMN (ROWID, "change", TwinStoreTwin, change),
  VALUE (TEXT, "tags", TwinStoreTwin, tags),
  END,
};

void
twin_store_twin_free (TwinStoreTwin *row)
{
  twin_store_table_free_row (&twin_store_table_twin, row);
}

static void
free_twin (void *row)
{
  twin_store_twin_free (row);
}

const TwinStoreTable twin_store_table_twin = {
  .name = "twin",
  .what = "twin",
  .key = "id",
  .size = sizeof (TwinStoreTwin),
  .columns = twin_columns,
  .free_row = free_twin,
};

static const TwinStoreColumn relationship_columns[] = {
  COLUMN (TEXT, "source", TwinStoreRelationship, source),
  COLUMN (TEXT, "id", TwinStoreRelationship, id),
  VALUE (TEXT, "name", TwinStoreRelationship, name),
  VALUE (TEXT, "target", TwinStoreRelationship, target),
  VALUE (TEXT, "props", TwinStoreRelationship, props),
  COLUMN (TEXT, "etag", TwinStoreRelationship, etag),
  COLUMN (TIME, "updated_us", TwinStoreRelationship, updated_us),
  COLUMN (ROWID, "change", TwinStoreRelationship, change),
  END,
};

void
twin_store_relationship_free (TwinStoreRelationship *row)
{
  twin_store_table_free_row (&twin_store_table_relationship, row);
}

static void
free_relationship (void *row)
{
  twin_store_relationship_free (row);
}

const TwinStoreTable twin_store_table_relationship = {
  .name = "relationship",
  .what = "relationship",
  .key = "source, id",
  .size = sizeof (TwinStoreRelationship),
  .columns = relationship_columns,
  .free_row = free_relationship,
};

static const TwinStoreColumn change_columns[] = {
  COLUMN (ROWID, "id", TwinStoreChange, id),
  COLUMN (TIME, "time_us", TwinStoreChange, time_us),
  COLUMN (TEXT, "who", TwinStoreChange, who),
  COLUMN (TEXT, "kind", TwinStoreChange, kind),
  COLUMN (TEXT, "text", TwinStoreChange, text),
  COLUMN (ROWID, "undoes", TwinStoreChange, undoes),
  END,
};

void
twin_store_change_free (TwinStoreChange *row)
{
  twin_store_table_free_row (&twin_store_table_change, row);
}

static void
free_change (void *row)
{
  twin_store_change_free (row);
}

const TwinStoreTable twin_store_table_change = {
  .name = "change",
  .what = "change",
  .size = sizeof (TwinStoreChange),
  .columns = change_columns,
  .free_row = free_change,
};

static const TwinStoreColumn group_columns[] = {
  COLUMN (TEXT, "name", TwinStoreGroup, name),
  COLUMN (TEXT, "query", TwinStoreGroup, query),
  COLUMN (TEXT, "members", TwinStoreGroup, members),
  COLUMN (TEXT, "tier", TwinStoreGroup, tier),
  COLUMN (TEXT, "note", TwinStoreGroup, note),
  COLUMN (TIME, "updated_us", TwinStoreGroup, updated_us),
  END,
};

void
twin_store_group_free (TwinStoreGroup *row)
{
  twin_store_table_free_row (&twin_store_table_group, row);
}

static void
free_group (void *row)
{
  twin_store_group_free (row);
}

const TwinStoreTable twin_store_table_group = {
  .name = "twin_group",
  .what = "group",
  .key = "name",
  .size = sizeof (TwinStoreGroup),
  .columns = group_columns,
  .free_row = free_group,
};

static const TwinStoreColumn saved_query_columns[] = {
  COLUMN (TEXT, "name", TwinStoreSavedQuery, name),
  COLUMN (TEXT, "query", TwinStoreSavedQuery, query),
  COLUMN (TEXT, "note", TwinStoreSavedQuery, note),
  COLUMN (TEXT, "who", TwinStoreSavedQuery, who),
  COLUMN (TIME, "updated_us", TwinStoreSavedQuery, updated_us),
  END,
};

void
twin_store_saved_query_free (TwinStoreSavedQuery *row)
{
  twin_store_table_free_row (&twin_store_table_saved_query, row);
}

static void
free_saved_query (void *row)
{
  twin_store_saved_query_free (row);
}

const TwinStoreTable twin_store_table_saved_query = {
  .name = "saved_query",
  .what = "saved query",
  .key = "name",
  .size = sizeof (TwinStoreSavedQuery),
  .columns = saved_query_columns,
  .free_row = free_saved_query,
};

static const TwinStoreColumn node_columns[] = {
  COLUMN (TEXT, "name", TwinStoreNode, name),
  COLUMN (TEXT, "serial", TwinStoreNode, serial),
  COLUMN (TEXT, "class_name", TwinStoreNode, class_name),
  COLUMN (TEXT, "firmware", TwinStoreNode, firmware),
  COLUMN (TEXT, "trust", TwinStoreNode, trust),
  COLUMN (BLOB, "key", TwinStoreNode, key),
  COLUMN (BOOL, "enrolled", TwinStoreNode, enrolled),
  COLUMN (BLOB, "ring", TwinStoreNode, ring),
  COLUMN (INT, "epoch", TwinStoreNode, epoch),
  COLUMN (TEXT, "machine", TwinStoreNode, machine),
  COLUMN (TEXT, "birth", TwinStoreNode, birth),
  COLUMN (TEXT, "reported", TwinStoreNode, reported),
  COLUMN (TEXT, "status", TwinStoreNode, status),
  COLUMN (TIME, "last_seen_us", TwinStoreNode, last_seen_us),
  COLUMN (INT, "counter", TwinStoreNode, counter),
  END,
};

void
twin_store_node_free (TwinStoreNode *row)
{
  twin_store_table_free_row (&twin_store_table_node, row);
}

static void
free_node (void *row)
{
  twin_store_node_free (row);
}

const TwinStoreTable twin_store_table_node = {
  .name = "node",
  .what = "node",
  .key = "name",
  .size = sizeof (TwinStoreNode),
  .columns = node_columns,
  .free_row = free_node,
};

static const TwinStoreColumn waveform_columns[] = {
  COLUMN (ROWID, "id", TwinStoreWaveform, id),
  COLUMN (TEXT, "machine", TwinStoreWaveform, machine),
  COLUMN (TEXT, "twin", TwinStoreWaveform, twin),
  COLUMN (TEXT, "node", TwinStoreWaveform, node),
  COLUMN (TEXT, "sensor", TwinStoreWaveform, sensor),
  COLUMN (TEXT, "axis", TwinStoreWaveform, axis),
  COLUMN (TEXT, "ring", TwinStoreWaveform, ring),
  COLUMN (INT, "epoch", TwinStoreWaveform, epoch),
  COLUMN (INT, "capture", TwinStoreWaveform, capture),
  COLUMN (INT, "n0", TwinStoreWaveform, n0),
  COLUMN (INT, "n", TwinStoreWaveform, n),
  COLUMN (TIME, "t0_us", TwinStoreWaveform, t0_us),
  COLUMN (REAL, "rate_hz", TwinStoreWaveform, rate_hz),
  COLUMN (REAL, "scale", TwinStoreWaveform, scale),
  COLUMN (REAL, "offset", TwinStoreWaveform, offset),
  COLUMN (TEXT, "unit", TwinStoreWaveform, unit),
  COLUMN (TEXT, "format", TwinStoreWaveform, format),
  COLUMN (TEXT, "why", TwinStoreWaveform, why),
  COLUMN (INT, "quality", TwinStoreWaveform, quality),
  COLUMN (BLOB, "data", TwinStoreWaveform, data),
  END,
};

void
twin_store_waveform_free (TwinStoreWaveform *row)
{
  twin_store_table_free_row (&twin_store_table_waveform, row);
}

static void
free_waveform (void *row)
{
  twin_store_waveform_free (row);
}

const TwinStoreTable twin_store_table_waveform = {
  .name = "waveform",
  .what = "waveform",
  .key = NULL,
  .size = sizeof (TwinStoreWaveform),
  .columns = waveform_columns,
  .free_row = free_waveform,
};

static const TwinStoreColumn waveform_list_columns[] = {
  COLUMN (ROWID, "id", TwinStoreWaveform, id),
  COLUMN (TEXT, "machine", TwinStoreWaveform, machine),
  COLUMN (TEXT, "twin", TwinStoreWaveform, twin),
  COLUMN (TEXT, "node", TwinStoreWaveform, node),
  COLUMN (TEXT, "sensor", TwinStoreWaveform, sensor),
  COLUMN (TEXT, "axis", TwinStoreWaveform, axis),
  COLUMN (TEXT, "ring", TwinStoreWaveform, ring),
  COLUMN (INT, "epoch", TwinStoreWaveform, epoch),
  COLUMN (INT, "capture", TwinStoreWaveform, capture),
  COLUMN (INT, "n0", TwinStoreWaveform, n0),
  COLUMN (INT, "n", TwinStoreWaveform, n),
  COLUMN (TIME, "t0_us", TwinStoreWaveform, t0_us),
  COLUMN (REAL, "rate_hz", TwinStoreWaveform, rate_hz),
  COLUMN (REAL, "scale", TwinStoreWaveform, scale),
  COLUMN (REAL, "offset", TwinStoreWaveform, offset),
  COLUMN (TEXT, "unit", TwinStoreWaveform, unit),
  COLUMN (TEXT, "format", TwinStoreWaveform, format),
  COLUMN (TEXT, "why", TwinStoreWaveform, why),
  COLUMN (INT, "quality", TwinStoreWaveform, quality),
  END,
};

const TwinStoreTable twin_store_table_waveform_list = {
  .name = "waveform",
  .what = "waveform",
  .key = NULL,
  .size = sizeof (TwinStoreWaveform),
  .columns = waveform_list_columns,
  .free_row = free_waveform,
};

static const TwinStoreColumn diagnosis_columns[] = {
  COLUMN (ROWID, "id", TwinStoreDiagnosis, id),
  COLUMN (TEXT, "machine", TwinStoreDiagnosis, machine),
  COLUMN (TEXT, "twin", TwinStoreDiagnosis, twin),
  COLUMN (TEXT, "sensor", TwinStoreDiagnosis, sensor),
  COLUMN (TEXT, "axis", TwinStoreDiagnosis, axis),
  COLUMN (TIME, "time_us", TwinStoreDiagnosis, time_us),
  COLUMN (REAL, "seconds", TwinStoreDiagnosis, seconds),
  COLUMN (TEXT, "verdict", TwinStoreDiagnosis, verdict),
  COLUMN (TEXT, "suspected", TwinStoreDiagnosis, suspected),
  COLUMN (REAL, "z", TwinStoreDiagnosis, z),
  COLUMN (REAL, "margin", TwinStoreDiagnosis, margin),
  COLUMN (REAL, "level", TwinStoreDiagnosis, level),
  COLUMN (BOOL, "confirmed", TwinStoreDiagnosis, confirmed),
  COLUMN (INT, "waveform", TwinStoreDiagnosis, waveform),
  COLUMN (TEXT, "detail", TwinStoreDiagnosis, detail),
  END,
};

static void
free_diagnosis (void *row)
{
  twin_store_table_free_row (&twin_store_table_diagnosis, row);
}

const TwinStoreTable twin_store_table_diagnosis = {
  .name = "diagnosis",
  .what = "diagnosis",
  .key = NULL,
  .size = sizeof (TwinStoreDiagnosis),
  .columns = diagnosis_columns,
  .free_row = free_diagnosis,
};

static const TwinStoreColumn health_columns[] = {
  COLUMN (TEXT, "machine", TwinStoreHealth, machine),
  COLUMN (TIME, "time_us", TwinStoreHealth, time_us),
  COLUMN (REAL, "\"index\"", TwinStoreHealth, index),
  COLUMN (TEXT, "driver", TwinStoreHealth, driver),
  END,
};

static void
free_health (void *row)
{
  twin_store_table_free_row (&twin_store_table_health, row);
}

const TwinStoreTable twin_store_table_health = {
  .name = "health",
  .what = "health index",
  .key = "machine, time_us",
  .size = sizeof (TwinStoreHealth),
  .columns = health_columns,
  .free_row = free_health,
};

static const TwinStoreColumn prediction_columns[] = {
  COLUMN (TEXT, "machine", TwinStorePrediction, machine),
  COLUMN (TIME, "time_us", TwinStorePrediction, time_us),
  COLUMN (REAL, "p05_s", TwinStorePrediction, p05_s),
  COLUMN (REAL, "p25_s", TwinStorePrediction, p25_s),
  COLUMN (REAL, "p50_s", TwinStorePrediction, p50_s),
  COLUMN (REAL, "p75_s", TwinStorePrediction, p75_s),
  COLUMN (REAL, "p95_s", TwinStorePrediction, p95_s),
  COLUMN (REAL, "lower_s", TwinStorePrediction, lower_s),
  COLUMN (REAL, "threshold", TwinStorePrediction, threshold),
  COLUMN (REAL, "threshold_sd", TwinStorePrediction, threshold_sd),
  COLUMN (TIME, "onset_us", TwinStorePrediction, onset_us),
  COLUMN (TEXT, "why", TwinStorePrediction, why),
  END,
};

void
twin_store_prediction_free (TwinStorePrediction *row)
{
  twin_store_table_free_row (&twin_store_table_prediction, row);
}

static void
free_prediction (void *row)
{
  twin_store_prediction_free (row);
}

const TwinStoreTable twin_store_table_prediction = {
  .name = "prediction",
  .what = "prediction",
  .key = "machine, time_us",
  .size = sizeof (TwinStorePrediction),
  .columns = prediction_columns,
  .free_row = free_prediction,
};

static const TwinStoreColumn event_columns[] = {
  COLUMN (ROWID, "id", TwinStoreEvent, id),
  COLUMN (TEXT, "node", TwinStoreEvent, node),
  COLUMN (TEXT, "twin", TwinStoreEvent, twin),
  COLUMN (TEXT, "kind", TwinStoreEvent, kind),
  COLUMN (TIME, "time_us", TwinStoreEvent, time_us),
  COLUMN (TIME, "arrival_us", TwinStoreEvent, arrival_us),
  COLUMN (TEXT, "text", TwinStoreEvent, text),
  COLUMN (TEXT, "detail", TwinStoreEvent, detail),
  END,
};

static void
free_event (void *row)
{
  twin_store_table_free_row (&twin_store_table_event, row);
}

const TwinStoreTable twin_store_table_event = {
  .name = "event",
  .what = "event",
  .key = NULL,
  .size = sizeof (TwinStoreEvent),
  .columns = event_columns,
  .free_row = free_event,
};

static const TwinStoreColumn alarm_columns[] = {
  COLUMN (TEXT, "source", TwinStoreAlarm, source),
  COLUMN (TEXT, "condition", TwinStoreAlarm, condition),
  COLUMN (TEXT, "state", TwinStoreAlarm, state),
  COLUMN (BOOL, "active", TwinStoreAlarm, active),
  COLUMN (BOOL, "acknowledged", TwinStoreAlarm, acknowledged),
  COLUMN (INT, "priority", TwinStoreAlarm, priority),
  COLUMN (REAL, "value", TwinStoreAlarm, value),
  COLUMN (REAL, "\"limit\"", TwinStoreAlarm, limit),
  COLUMN (TEXT, "unit", TwinStoreAlarm, unit),
  COLUMN (TIME, "since_us", TwinStoreAlarm, since_us),
  COLUMN (TIME, "changed_us", TwinStoreAlarm, changed_us),
  COLUMN (TIME, "shelved_until_us", TwinStoreAlarm, shelved_until_us),
  COLUMN (TEXT, "note", TwinStoreAlarm, note),
  COLUMN (TEXT, "note_by", TwinStoreAlarm, note_by),
  COLUMN (TEXT, "detail", TwinStoreAlarm, detail),
  END,
};

static void
free_alarm (void *row)
{
  twin_store_table_free_row (&twin_store_table_alarm, row);
}

const TwinStoreTable twin_store_table_alarm = {
  .name = "alarm",
  .what = "alarm",
  .key = "source, condition",
  .size = sizeof (TwinStoreAlarm),
  .columns = alarm_columns,
  .free_row = free_alarm,
};

static const TwinStoreColumn transition_columns[] = {
  COLUMN (ROWID, "id", TwinStoreAlarmTransition, id),
  COLUMN (TIME, "time_us", TwinStoreAlarmTransition, time_us),
  COLUMN (TEXT, "source", TwinStoreAlarmTransition, source),
  COLUMN (TEXT, "condition", TwinStoreAlarmTransition, condition),
  COLUMN (TEXT, "from_state", TwinStoreAlarmTransition, from_state),
  COLUMN (TEXT, "to_state", TwinStoreAlarmTransition, to_state),
  COLUMN (TEXT, "event", TwinStoreAlarmTransition, event),
  COLUMN (INT, "priority", TwinStoreAlarmTransition, priority),
  COLUMN (REAL, "value", TwinStoreAlarmTransition, value),
  COLUMN (REAL, "\"limit\"", TwinStoreAlarmTransition, limit),
  COLUMN (TEXT, "unit", TwinStoreAlarmTransition, unit),
  COLUMN (TEXT, "who", TwinStoreAlarmTransition, who),
  COLUMN (TEXT, "note", TwinStoreAlarmTransition, note),
  COLUMN (TEXT, "detail", TwinStoreAlarmTransition, detail),
  END,
};

static void
free_transition (void *row)
{
  twin_store_table_free_row (&twin_store_table_transition, row);
}

const TwinStoreTable twin_store_table_transition = {
  .name = "alarm_transition",
  .what = "alarm transition",
  .key = NULL,
  .size = sizeof (TwinStoreAlarmTransition),
  .columns = transition_columns,
  .free_row = free_transition,
};

static const TwinStoreColumn journal_columns[] = {
  COLUMN (ROWID, "id", TwinStoreJournal, id),
  COLUMN (TIME, "time_us", TwinStoreJournal, time_us),
  COLUMN (TEXT, "who", TwinStoreJournal, who),
  COLUMN (TEXT, "kind", TwinStoreJournal, kind),
  COLUMN (TEXT, "subject", TwinStoreJournal, subject),
  COLUMN (TEXT, "machine", TwinStoreJournal, machine),
  COLUMN (TEXT, "text", TwinStoreJournal, text),
  COLUMN (TEXT, "before", TwinStoreJournal, before),
  COLUMN (TEXT, "after", TwinStoreJournal, after),
  END,
};

static void
free_journal (void *row)
{
  twin_store_table_free_row (&twin_store_table_journal, row);
}

const TwinStoreTable twin_store_table_journal = {
  .name = "journal",
  .what = "journal entry",
  .key = NULL,
  .size = sizeof (TwinStoreJournal),
  .columns = journal_columns,
  .free_row = free_journal,
};

static const TwinStoreColumn command_columns[] = {
  COLUMN (TEXT, "id", TwinStoreCommand, id),
  COLUMN (TEXT, "node", TwinStoreCommand, node),
  COLUMN (TEXT, "twin", TwinStoreCommand, twin),
  COLUMN (TEXT, "name", TwinStoreCommand, name),
  COLUMN (TEXT, "arguments", TwinStoreCommand, arguments),
  COLUMN (TEXT, "who", TwinStoreCommand, who),
  COLUMN (TEXT, "kid", TwinStoreCommand, kid),
  COLUMN (INT, "counter", TwinStoreCommand, counter),
  COLUMN (TIME, "issued_us", TwinStoreCommand, issued_us),
  COLUMN (TIME, "not_after_us", TwinStoreCommand, not_after_us),
  COLUMN (TEXT, "status", TwinStoreCommand, status),
  COLUMN (TEXT, "reason", TwinStoreCommand, reason),
  COLUMN (TEXT, "detail", TwinStoreCommand, detail),
  COLUMN (TIME, "changed_us", TwinStoreCommand, changed_us),
  END,
};

void
twin_store_command_free (TwinStoreCommand *row)
{
  twin_store_table_free_row (&twin_store_table_command, row);
}

static void
free_command (void *row)
{
  twin_store_command_free (row);
}

const TwinStoreTable twin_store_table_command = {
  .name = "command",
  .what = "command",
  .key = "id",
  .size = sizeof (TwinStoreCommand),
  .columns = command_columns,
  .free_row = free_command,
};

static const TwinStoreColumn desired_columns[] = {
  COLUMN (TEXT, "node", TwinStoreDesired, node),
  COLUMN (INT, "version", TwinStoreDesired, version),
  KEPT (INT, "base", TwinStoreDesired, base),
  KEPT (TEXT, "properties", TwinStoreDesired, properties),
  KEPT (BLOB, "signed", TwinStoreDesired, signed_bytes),
  KEPT (BLOB, "digest", TwinStoreDesired, digest),
  KEPT (TEXT, "who", TwinStoreDesired, who),
  KEPT (TIME, "time_us", TwinStoreDesired, time_us),
  COLUMN (TIME, "reported_us", TwinStoreDesired, reported_us),
  COLUMN (TEXT, "refused", TwinStoreDesired, refused),
  END,
};

void
twin_store_desired_free (TwinStoreDesired *row)
{
  twin_store_table_free_row (&twin_store_table_desired, row);
}

static void
free_desired (void *row)
{
  twin_store_desired_free (row);
}

const TwinStoreTable twin_store_table_desired = {
  .name = "desired",
  .what = "desired document",
  .key = "node, version",
  .size = sizeof (TwinStoreDesired),
  .columns = desired_columns,
  .free_row = free_desired,
};

static const TwinStoreColumn order_columns[] = {
  COLUMN (ROWID, "id", TwinStoreOrder, id),
  COLUMN (TEXT, "machine", TwinStoreOrder, machine),
  COLUMN (TEXT, "node", TwinStoreOrder, node),
  COLUMN (TEXT, "date", TwinStoreOrder, date),
  COLUMN (TEXT, "work", TwinStoreOrder, work),
  COLUMN (TEXT, "note", TwinStoreOrder, note),
  COLUMN (TEXT, "parts", TwinStoreOrder, parts),
  COLUMN (TEXT, "state", TwinStoreOrder, state),
  COLUMN (TEXT, "command", TwinStoreOrder, command),
  COLUMN (TEXT, "who", TwinStoreOrder, who),
  KEPT (TIME, "created_us", TwinStoreOrder, created_us),
  COLUMN (TIME, "closed_us", TwinStoreOrder, closed_us),
  END,
};

static void
free_order (void *row)
{
  twin_store_table_free_row (&twin_store_table_order, row);
}

const TwinStoreTable twin_store_table_order = {
  .name = "work_order",
  .what = "maintenance order",
  .key = "id",
  .size = sizeof (TwinStoreOrder),
  .columns = order_columns,
  .free_row = free_order,
};

static const TwinStoreColumn outcome_columns[] = {
  COLUMN (ROWID, "id", TwinStoreOutcome, id),
  COLUMN (TIME, "time_us", TwinStoreOutcome, time_us),
  COLUMN (TEXT, "who", TwinStoreOutcome, who),
  COLUMN (TEXT, "machine", TwinStoreOutcome, machine),
  COLUMN (TEXT, "class", TwinStoreOutcome, class_name),
  COLUMN (TEXT, "element", TwinStoreOutcome, element),
  COLUMN (TEXT, "verdict", TwinStoreOutcome, verdict),
  COLUMN (TEXT, "found", TwinStoreOutcome, found),
  COLUMN (TEXT, "note", TwinStoreOutcome, note),
  COLUMN (TEXT, "work_order", TwinStoreOutcome, order),
  COLUMN (INT, "undoes", TwinStoreOutcome, undoes),
  END,
};

static void
free_outcome (void *row)
{
  twin_store_table_free_row (&twin_store_table_outcome, row);
}

const TwinStoreTable twin_store_table_outcome = {
  .name = "outcome",
  .what = "outcome of a diagnosis",
  .key = NULL,
  .size = sizeof (TwinStoreOutcome),
  .columns = outcome_columns,
  .free_row = free_outcome,
};

static const TwinStoreColumn request_columns[] = {
  COLUMN (ROWID, "id", TwinStoreRequest, id),
  COLUMN (TEXT, "kind", TwinStoreRequest, kind),
  COLUMN (TEXT, "arguments", TwinStoreRequest, arguments),
  COLUMN (TEXT, "who", TwinStoreRequest, who),
  COLUMN (TIME, "time_us", TwinStoreRequest, time_us),
  COLUMN (TEXT, "state", TwinStoreRequest, state),
  COLUMN (TEXT, "answer", TwinStoreRequest, answer),
  COLUMN (TIME, "answered_us", TwinStoreRequest, answered_us),
  END,
};

void
twin_store_request_free (TwinStoreRequest *row)
{
  twin_store_table_free_row (&twin_store_table_request, row);
}

static void
free_request (void *row)
{
  twin_store_request_free (row);
}

const TwinStoreTable twin_store_table_request = {
  .name = "request",
  .what = "request",
  .key = NULL,
  .size = sizeof (TwinStoreRequest),
  .columns = request_columns,
  .free_row = free_request,
};

static const TwinStoreColumn status_columns[] = {
  COLUMN (INT, "pid", TwinStoreStatus, pid),
  COLUMN (TIME, "time_us", TwinStoreStatus, time_us),
  COLUMN (TEXT, "json", TwinStoreStatus, json),
  END,
};

void
twin_store_status_free (TwinStoreStatus *row)
{
  twin_store_table_free_row (&twin_store_table_status, row);
}

static void
free_status (void *row)
{
  twin_store_status_free (row);
}

const TwinStoreTable twin_store_table_status = {
  .name = "engine_status",
  .what = "engine status",
  .key = NULL,
  .size = sizeof (TwinStoreStatus),
  .columns = status_columns,
  .free_row = free_status,
};
