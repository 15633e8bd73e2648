/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-bench-plant.h - a plant of any size, made up for the benches
 *
 * The same size and seed give the same bytes. What is in it, so that a bench
 * can ask for it (ids count from 0; DTMIs are dtmi:com:example:bench:<Name>;1):
 *
 *   plant                          Plant
 *   └ building-<n>, every 2,000    Building
 *     └ area-<n>, every 200        Area
 *       └ machine-<n>, every 10    CentrifugalPump, ScrewPump (both: Pump),
 *         │                        Motor, Fan, ScrewCompressor (Compressor),
 *         │                        Gearbox; all of them Machine, Equipment
 *         └ part-<n>, 3 each       Bearing, Rotor, Coupling, Seal: Part,
 *           │                      Equipment
 *           └ sensor-<n>, 2 each   TemperatureSensor, VibrationSensor,
 *                                  PressureSensor, CurrentSensor: Sensor
 *   All are Asset; Plant, Building and Area are Space.
 *
 * Relationships, three a twin: contains (Space, to Space or Machine), hasPart
 * (Machine), hasSensor (Part); locatedIn of every twin but the plant; monitors
 * (Sensor, to its Machine; property since), coupledTo (Part, to the next of its
 * machine), and feeds (Machine, to another; properties medium, flowRate)
 * fills up to three a twin. Relationship ids are "<name>-<target>", those of
 * feeds "feeds-<count>".
 *
 * Values: every Asset has name, serialNumber, manufacturer (12 of them),
 * installed (date), attributes (map: site, line, cost); Spaces floorArea;
 * Equipment ratedPower, criticality (enum low, normal, high), health (0…100);
 * Machines speed, runningHours, iso20816Group and the component controller
 * (setPoint, mode); Sensors range (object: low, high), reading, calibrated
 * (dateTime) and the component device (firmwareVersion "1.0.0" … "2.9.9",
 * battery).
 *
 * Any thread; touches nothing but the file.
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

G_BEGIN_DECLS

enum
{
  TWIN_CTL_BENCH_PLANT_MIN = 100,      /* twins */
  TWIN_CTL_BENCH_PLANT_MAX = 10000000, /* twins */
  TWIN_CTL_BENCH_PLANT_PER_TWIN = 3,   /* relationships */
};

/**
 * twin_ctl_bench_plant_write:
 * @ndjson_path: written anew, as NDJSON sections
 * @n_twins: MIN…MAX; there are three times as many relationships
 * @seed: of everything random in it
 *
 * Returns: FALSE with a GFileError when the file cannot be written; it is
 * removed then
 */
gboolean twin_ctl_bench_plant_write (const char *ndjson_path,
                                     size_t      n_twins,
                                     guint32     seed,
                                     GError    **error);

/* The models of the plant as NDJSON lines. */
void twin_ctl_bench_models_append (GString *out);

/* Models that the plant's machines and sensors are of; NULL-terminated words
 * as "CentrifugalPump". */
extern const char *const twin_ctl_bench_machines[];
extern const char *const twin_ctl_bench_parts[];
extern const char *const twin_ctl_bench_sensors[];

G_END_DECLS
