/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl-bench-query.h"

#define B "dtmi:com:example:bench:"
#define MACHINES                                                               \
  "('" B "Machine;1', '" B "Pump;1', '" B "CentrifugalPump;1', '" B            \
  "ScrewPump;1', '" B "Motor;1', '" B "Fan;1', '" B "Compressor;1', '" B       \
  "ScrewCompressor;1', '" B "Gearbox;1')"

#define LATEST                                                                 \
  "signal AS s JOIN signal_latest AS l ON l.signal = s.id AND s.path ="        \
  " 'temperature' JOIN twin AS t ON t.id = s.twin"
#define THEN                                                                   \
  "(SELECT id, props FROM twin WHERE updated_us <= ?2 AND ?1 > 0 UNION ALL"    \
  " SELECT id, props FROM twin_past WHERE updated_us <= ?2 AND ended_us > ?2)"

const TwinCtlBenchClass twin_ctl_bench_classes[] = {
  { "count", "SELECT COUNT() FROM DIGITALTWINS", "SELECT count (*) FROM twin" },
  { "count of a model",
    "SELECT COUNT() FROM DIGITALTWINS WHERE IS_OF_MODEL('" B "Motor;1', exact)",
    "SELECT count (*) FROM twin WHERE model = '" B "Motor;1'" },
  { "one by id",
    "SELECT T.$dtId, T.name FROM DIGITALTWINS T WHERE T.$dtId = 'machine-42'",
    "SELECT id, json_extract (props, '$.name') FROM twin"
    " WHERE id = 'machine-42'" },
  { "some by id",
    "SELECT T.$dtId, T.name FROM DIGITALTWINS T WHERE T.$dtId IN"
    " ['machine-1', 'machine-22', 'part-333', 'sensor-4444', 'plant']",
    "SELECT id, json_extract (props, '$.name') FROM twin WHERE id IN"
    " ('machine-1', 'machine-22', 'part-333', 'sensor-4444', 'plant')" },
  { "documents of a model",
    "SELECT * FROM DIGITALTWINS WHERE IS_OF_MODEL('" B "Motor;1', exact)",
    "SELECT id, etag, model, props FROM twin WHERE model = '" B "Motor;1'",
    TRUE },
  { "model and its heirs",
    "SELECT T.$dtId FROM DIGITALTWINS T WHERE IS_OF_MODEL(T, '" B "Machine;1')",
    "SELECT id FROM twin WHERE model IN " MACHINES },
  { "number",
    "SELECT T.$dtId, T.health FROM DIGITALTWINS T WHERE T.health < 10",
    "SELECT id, json_extract (props, '$.health') FROM twin"
    " WHERE json_extract (props, '$.health') < 10" },
  { "number of a model",
    "SELECT T.$dtId FROM DIGITALTWINS T"
    " WHERE IS_OF_MODEL(T, '" B "Machine;1') AND T.speed > 3500",
    "SELECT id FROM twin WHERE model IN " MACHINES
    " AND json_extract (props, '$.speed') > 3500" },
  { "text equal",
    "SELECT T.$dtId FROM DIGITALTWINS T WHERE T.manufacturer = 'Elm'",
    "SELECT id FROM twin WHERE json_extract (props, '$.manufacturer') = "
    "'Elm'" },
  { "text one of",
    "SELECT T.$dtId FROM DIGITALTWINS T"
    " WHERE T.manufacturer IN ['Elm', 'Fir', 'Larch']",
    "SELECT id FROM twin WHERE json_extract (props, '$.manufacturer')"
    " IN ('Elm', 'Fir', 'Larch')" },
  { "text begins",
    "SELECT T.$dtId FROM DIGITALTWINS T WHERE STARTSWITH(T.name, 'Motor 1')",
    "SELECT id FROM twin WHERE substr (json_extract (props, '$.name'), 1, 7)"
    " = 'Motor 1'" },
  { "text contains",
    "SELECT T.$dtId FROM DIGITALTWINS T WHERE CONTAINS(T.serialNumber, '777')",
    "SELECT id FROM twin"
    " WHERE instr (json_extract (props, '$.serialNumber'), '777') > 0" },
  { "text like",
    "SELECT T.$dtId FROM DIGITALTWINS T WHERE T.name LIKE 'Screw%7'",
    "SELECT id FROM twin WHERE json_extract (props, '$.name') GLOB"
    " 'Screw*7'" },
  { "field of an object",
    "SELECT T.$dtId FROM DIGITALTWINS T WHERE T.range.high > 190",
    "SELECT id FROM twin WHERE json_extract (props, '$.range.high') > 190" },
  { "property of a component",
    "SELECT T.$dtId FROM DIGITALTWINS T WHERE T.device.battery < 5",
    "SELECT id FROM twin WHERE json_extract (props, '$.device.battery') < 5" },
  { "three conditions",
    "SELECT T.$dtId FROM DIGITALTWINS T WHERE T.criticality = 'high'"
    " AND (T.health < 20 OR T.ratedPower > 450)",
    "SELECT id FROM twin WHERE json_extract (props, '$.criticality') = 'high'"
    " AND (json_extract (props, '$.health') < 20"
    " OR json_extract (props, '$.ratedPower') > 450)" },
  { "is defined",
    "SELECT COUNT() FROM DIGITALTWINS T WHERE IS_DEFINED(T.range)",
    "SELECT count (*) FROM twin"
    " WHERE json_type (props, '$.range') IS NOT NULL" },
  { "version",
    "SELECT T.$dtId FROM DIGITALTWINS T"
    " WHERE VERSION(T.device.firmwareVersion) < VERSION('1.1.0')",
    "SELECT id FROM twin"
    " WHERE json_extract (props, '$.device.firmwareVersion') LIKE '1.0.%'" },
  { "best of all",
    "SELECT TOP(20) T.$dtId, T.health FROM DIGITALTWINS T"
    " WHERE T.health >= 0 ORDER BY T.health DESC, T.$dtId",
    "SELECT id, json_extract (props, '$.health') AS h FROM twin WHERE h >= 0"
    " ORDER BY h DESC, id LIMIT 20" },
  { "groups",
    "SELECT T.manufacturer, COUNT() AS n, AVG(T.health) AS mean"
    " FROM DIGITALTWINS T WHERE IS_OF_MODEL(T, '" B "Machine;1')"
    " GROUP BY T.manufacturer",
    "SELECT json_extract (props, '$.manufacturer') AS m, count (*),"
    " avg (json_extract (props, '$.health')) FROM twin"
    " WHERE model IN " MACHINES " GROUP BY m" },
  { "distinct",
    "SELECT DISTINCT T.manufacturer FROM DIGITALTWINS T"
    " WHERE IS_DEFINED(T.manufacturer)",
    "SELECT DISTINCT json_extract (props, '$.manufacturer') AS m FROM twin"
    " WHERE m IS NOT NULL" },
  { "relationships",
    "SELECT R.$relationshipId FROM RELATIONSHIPS R"
    " WHERE R.$relationshipName = 'feeds' AND R.flowRate > 900",
    "SELECT id FROM relationship WHERE name = 'feeds'"
    " AND json_extract (props, '$.flowRate') > 900" },
  { "join of one",
    "SELECT P.$dtId, P.health FROM DIGITALTWINS M"
    " JOIN P RELATED M.hasPart WHERE M.$dtId IN"
    " ['machine-1', 'machine-500', 'machine-2500']",
    "SELECT p.id, json_extract (p.props, '$.health') FROM relationship AS r"
    " JOIN twin AS p ON p.id = r.target WHERE r.name = 'hasPart'"
    " AND r.source IN ('machine-1', 'machine-500', 'machine-2500')" },
  { "join of all",
    "SELECT M.$dtId AS m, P.$dtId AS p FROM DIGITALTWINS M"
    " JOIN P RELATED M.hasPart"
    " WHERE M.health < 10 AND P.health < 10",
    "SELECT m.id, p.id FROM twin AS m JOIN relationship AS r"
    " ON r.source = m.id AND r.name = 'hasPart'"
    " JOIN twin AS p ON p.id = r.target"
    " WHERE json_extract (m.props, '$.health') < 10"
    " AND json_extract (p.props, '$.health') < 10" },
  { "join of four",
    "SELECT S.$dtId FROM DIGITALTWINS B JOIN A RELATED B.contains"
    " JOIN M RELATED A.contains JOIN P RELATED M.hasPart"
    " JOIN S RELATED P.hasSensor"
    " WHERE B.$dtId = 'building-3' AND S.reading > 190",
    "SELECT s.id FROM relationship AS a JOIN relationship AS m"
    " ON m.source = a.target AND m.name = 'contains' JOIN relationship AS p"
    " ON p.source = m.target AND p.name = 'hasPart' JOIN relationship AS h"
    " ON h.source = p.target AND h.name = 'hasSensor' JOIN twin AS s"
    " ON s.id = h.target WHERE a.source = 'building-3' AND a.name = 'contains'"
    " AND json_extract (s.props, '$.reading') > 190" },
  { "match of one",
    "SELECT N.$dtId FROM DIGITALTWINS MATCH (M)-[]-(N)"
    " WHERE M.$dtId = 'machine-42'",
    "SELECT target FROM relationship WHERE source = 'machine-42'"
    " UNION ALL SELECT source FROM relationship WHERE target = 'machine-42'" },
  { "match of a chain",
    "SELECT M.$dtId AS m, S.$dtId AS s FROM DIGITALTWINS"
    " MATCH (M)-[:hasPart]->(P)-[:hasSensor]->(S)"
    " WHERE M.$dtId = 'machine-42'",
    "SELECT r.source, h.target FROM relationship AS r JOIN relationship AS h"
    " ON h.source = r.target AND h.name = 'hasSensor'"
    " WHERE r.source = 'machine-42' AND r.name = 'hasPart'" },
  { "match of hops",
    "SELECT S.$dtId FROM DIGITALTWINS"
    " MATCH (B)-[:contains|hasPart|hasSensor*..5]->(S)"
    " WHERE B.$dtId = 'building-3' AND IS_OF_MODEL(S, '" B
    "VibrationSensor;1')",
    "WITH RECURSIVE reach (id, depth) AS (SELECT target, 1 FROM relationship"
    " WHERE source = 'building-3' AND name IN"
    " ('contains', 'hasPart', 'hasSensor') UNION"
    " SELECT r.target, depth + 1 FROM reach JOIN relationship AS r"
    " ON r.source = reach.id AND r.name IN ('contains', 'hasPart', 'hasSensor')"
    " WHERE depth < 5) SELECT t.id FROM reach JOIN twin AS t USING (id)"
    " WHERE t.model = '" B "VibrationSensor;1'" },
  { "match upwards",
    "SELECT A.$dtId FROM DIGITALTWINS"
    " MATCH (A)-[:contains|hasPart|hasSensor*..6]->(S)"
    " WHERE S.$dtId = 'sensor-4444'",
    "WITH RECURSIVE reach (id, depth) AS (SELECT source, 1 FROM relationship"
    " WHERE target = 'sensor-4444' AND name IN"
    " ('contains', 'hasPart', 'hasSensor') UNION"
    " SELECT r.source, depth + 1 FROM reach JOIN relationship AS r"
    " ON r.target = reach.id AND r.name IN ('contains', 'hasPart', 'hasSensor')"
    " WHERE depth < 6) SELECT id FROM reach" },
  { "tag", "SELECT T.$dtId FROM DIGITALTWINS T WHERE HAS_TAG(T, 'line 7')",
    "SELECT id FROM twin WHERE EXISTS (SELECT 1 FROM json_each (tags)"
    " WHERE value = 'line 7')" },
  { "fixed group",
    "SELECT T.$dtId FROM DIGITALTWINS T WHERE IN_GROUP(T, 'shift')",
    "SELECT t.id FROM twin_group AS g, json_each (g.members) AS m"
    " JOIN twin AS t ON t.id = m.value WHERE g.name = 'shift'" },
  { "group by query",
    "SELECT T.$dtId FROM DIGITALTWINS T WHERE IN_GROUP(T, 'fast')"
    " AND T.health < 50",
    "SELECT id FROM twin WHERE model IN " MACHINES
    " AND json_extract (props, '$.speed') > 3500"
    " AND json_extract (props, '$.health') < 50" },
  { "latest value",
    "SELECT T.$dtId, T.temperature FROM DIGITALTWINS T"
    " WHERE T.temperature > 80",
    "SELECT t.id, l.value FROM " LATEST " WHERE l.value > 80" },
  { "best latest values",
    "SELECT TOP(20) T.$dtId, T.temperature FROM DIGITALTWINS T"
    " WHERE T.temperature > 0 ORDER BY T.temperature DESC, T.$dtId",
    "SELECT t.id, l.value FROM " LATEST " WHERE l.value > 0"
    " ORDER BY l.value DESC, t.id LIMIT 20" },
  { "age", "SELECT T.$dtId FROM DIGITALTWINS T WHERE AGE(T.temperature) < 600",
    "SELECT t.id FROM " LATEST " WHERE (?1 - l.time_us) / 1e6 < 600" },
  { "stale", "SELECT COUNT() FROM DIGITALTWINS T WHERE IS_STALE(T.temperature)",
    "SELECT count (*) FROM " LATEST
    " WHERE (?1 - l.time_us) / 1e6 > 2 * coalesce (s.max_silence_s, 60) + 5"
    " OR s.node IN (SELECT name FROM node WHERE status = 'offline')" },
  { "mean of an hour",
    "SELECT T.$dtId, AVG(T.temperature, '1h') AS mean FROM DIGITALTWINS T"
    " WHERE AVG(T.temperature, '1h') > 60",
    "SELECT id, mean FROM (SELECT t.id AS id, sum (r.sum) / sum (r.n) AS mean"
    " FROM signal AS s JOIN twin AS t ON t.id = s.twin"
    " JOIN rollup_minute AS r ON r.signal = s.id"
    " WHERE s.path = 'temperature'"
    " AND r.t >= (?1 - 3600000000) / 60000000 * 60000000 AND r.t <= ?1"
    " GROUP BY s.id) WHERE mean > 60" },
  { "as of: count", "SELECT COUNT() FROM DIGITALTWINS T AS OF @then",
    "SELECT count (*) FROM " THEN },
  { "as of: number",
    "SELECT T.$dtId, T.health FROM DIGITALTWINS T WHERE T.health < 10"
    " AS OF @then",
    "SELECT id, json_extract (props, '$.health') FROM " THEN
    " WHERE json_extract (props, '$.health') < 10" },
  { "as of: one by id",
    "SELECT T.$dtId, T.health FROM DIGITALTWINS T WHERE T.$dtId = 'part-30'"
    " AS OF @then",
    "SELECT id, json_extract (props, '$.health') FROM " THEN
    " WHERE id = 'part-30'" },
  { "as of: join",
    "SELECT P.$dtId, P.health FROM DIGITALTWINS M"
    " JOIN P RELATED M.hasPart WHERE M.$dtId IN ['machine-1', 'machine-500']"
    " AS OF @then",
    "SELECT p.id, json_extract (p.props, '$.health') FROM relationship AS r"
    " JOIN " THEN " AS p ON p.id = r.target WHERE r.name = 'hasPart'"
    " AND r.source IN ('machine-1', 'machine-500') AND r.updated_us <= ?2" },
  { NULL },
};
