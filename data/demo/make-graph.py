#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes graph.json and rig.json, the demo plant's twins, beside itself.

Machines, nodes and positions follow plant.json; run it again after a change
there. The results are committed, so that nothing needs Python to run.
"""
import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))
PREFIX = 'dtmi:com:example:twin:'

KINDS = {
    'compressor': {
        'model': 'CompressorUnit', 'name': 'Compressor', 'manufacturer': 'Harrow Air',
        'ratedSpeed': 2950, 'ratedPower': 45, 'ratedCurrent': 81, 'poles': 2,
        'own': {'ratedPressure': 7.5, 'ratedFlow': 8.1}},
    'pump': {
        'model': 'Pump', 'name': 'Pump', 'manufacturer': 'Wendel',
        'ratedSpeed': 1475, 'ratedPower': 22, 'ratedCurrent': 41, 'poles': 4,
        'own': {'ratedFlow': 160, 'ratedHead': 32}},
    'motor': {
        'model': 'Motor', 'name': 'Motor', 'manufacturer': 'Elmark',
        'ratedSpeed': 1470, 'ratedPower': 15, 'ratedCurrent': 28.5, 'poles': 4,
        'own': {'poles': 4}},
    'rig': {
        'model': 'Motor', 'name': 'Rig', 'manufacturer': 'Reliance',
        'ratedSpeed': 1797, 'ratedPower': 1.5, 'ratedCurrent': 3.4, 'poles': 4,
        'own': {'poles': 4}},
}


class Graph:
    def __init__(self):
        self.twins, self.relationships = [], []

    def twin(self, twin_id, model, name, **properties):
        twin = {'$dtId': twin_id, '$metadata': {'$model': PREFIX + model + ';1'},
                'displayName': name}
        twin.update(properties)
        self.twins.append(twin)

    def relate(self, source, name, target):
        self.relationships.append({
            '$relationshipId': f'{name}-{target}', '$sourceId': source,
            '$targetId': target, '$relationshipName': name})

    def write(self, name):
        data = {'digitalTwinsFileInfo': {'fileVersion': '1.0.0'},
                'digitalTwinsGraph': {'digitalTwins': self.twins,
                                      'relationships': self.relationships},
                'digitalTwinsModels': []}
        with open(os.path.join(HERE, name), 'w', encoding='utf-8') as f:
            json.dump(data, f, indent=1, ensure_ascii=False)
            f.write('\n')


def sensor(graph, owner, suffix, name, measurand, signal, kind, span, mounting, **more):
    graph.twin(f'{owner}-{suffix}', 'Sensor', name, measurand=measurand, signal=signal,
               type=kind, range=span, mounting=mounting, calibratedOn='2026-03-16', **more)
    graph.relate(owner, 'hasSensor', f'{owner}-{suffix}')


def bearing(graph, machine, position, word, name, designation):
    part = f'{machine}-{position}'
    share = 1 if position == 'de' else 0.95
    graph.twin(part, 'BearingAssembly', name, position=word, designation=designation,
               lubricant='Lithium complex, NLGI 2', fittedOn='2025-02-10',
               oilGrade=100, cleanliness='high',
               equivalentLoad=900 if position == 'de' else 500,
               thermalModel={'timeConstant': 600, 'riseAtRatedLoad': 40 * share,
                             'riseAtRatedSpeed': round(6.7 * share, 1)})
    graph.relate(machine, 'hasPart', part)
    if position == 'de':
        sensor(graph, part, 'acc', 'Accelerometer', 'acceleration', 'de/acceleration',
               'MEMS, 3 axes', '±16 g', 'stud', axes='xyz')
    sensor(graph, part, 'temp', 'Temperature', 'temperature', f'{position}/temperature',
           'Pt100', '-40 to 150 °C', 'inserted')


def machine(graph, line, kind, machine_id, name, number, x, y):
    k = KINDS[kind]
    graph.twin(machine_id, k['model'], name, manufacturer=k['manufacturer'],
               serialNumber=f"{k['manufacturer'][:2].upper()}-{26000 + number}",
               commissionedOn='2025-02-17',
               placement={'x': x, 'y': y, 'z': 0.0, 'rotation': 0.0},
               isoGroup='2', support='rigid', ratedSpeed=k['ratedSpeed'],
               ratedPower=k['ratedPower'], ratedCurrent=k['ratedCurrent'], **k['own'])
    graph.relate(line, 'contains', machine_id)
    motor = f'{machine_id}-motor'
    graph.twin(motor, 'MotorAssembly', 'Motor', position='motor',
               manufacturer='Elmark', poles=k['poles'])
    graph.relate(machine_id, 'hasPart', motor)
    sensor(graph, motor, 'speed', 'Tacho', 'speed', 'motor/shaftSpeed',
           'Hall, one pulse a turn', '0 to 6000 1/min', 'inserted')
    sensor(graph, motor, 'current', 'Current', 'current', 'motor/current',
           'Clamp', '0 to 200 A', 'adhesive')
    bearing(graph, machine_id, 'de', 'driveEnd', 'Drive end', '6205-2RS JEM')
    bearing(graph, machine_id, 'nde', 'nonDriveEnd', 'Non-drive end', '6203-2RS JEM')
    if kind == 'compressor':
        cooling = f'{machine_id}-cooling'
        graph.twin(cooling, 'CoolingSystem', 'Cooling', position='cooling', coolant='Water')
        graph.relate(machine_id, 'hasPart', cooling)
        sensor(graph, cooling, 'temp', 'Outlet temperature', 'temperature',
               'cooling/outletTemperature', 'Pt100', '-40 to 150 °C', 'inserted')


def plant():
    graph = Graph()
    graph.twin('northfield-works', 'Plant', 'Northfield Works', timeZone='Europe/Berlin')
    graph.twin('building-a', 'Building', 'Building A', floorArea=620)
    graph.twin('building-b', 'Building', 'Building B', floorArea=410)
    graph.relate('northfield-works', 'contains', 'building-a')
    graph.relate('northfield-works', 'contains', 'building-b')
    lines = [('line-1', 'building-a', 'Line 1 · Compressed air', 'Compressed air', 'compressor'),
             ('line-2', 'building-a', 'Line 2 · Cooling water', 'Cooling water', 'pump'),
             ('line-3', 'building-b', 'Line 3 · Extraction', 'Extraction', 'motor')]
    for row, (line, building, name, purpose, kind) in enumerate(lines):
        graph.twin(line, 'Line', name, purpose=purpose)
        graph.relate(building, 'contains', line)
        for i in range(8):
            machine(graph, line, kind, f'{kind}-{i + 1}', f"{KINDS[kind]['name']} {i + 1}",
                    100 * (row + 1) + i + 1, 4.0 * i, 7.0 * row)
    graph.write('graph.json')


def rig():
    graph = Graph()
    graph.twin('line-4', 'Line', 'Test rig', purpose='Recordings of known condition')
    graph.relate('building-b', 'contains', 'line-4')
    for i, (word, name) in enumerate((('healthy', 'Rig · healthy'), ('outer', 'Rig · outer race'),
                                      ('inner', 'Rig · inner race'))):
        machine(graph, 'line-4', 'rig', f'rig-{word}', name, 401 + i, 4.0 * i, 21.0)
    graph.write('rig.json')


plant()
rig()
