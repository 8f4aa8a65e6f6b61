#!/usr/bin/env python3
"""Writes a bundle with so many megabytes of logs, to measure growth. usage: make_big_bundle.py FOLDER MEGABYTES"""
import json
import os
import sys

folder, left = sys.argv[1], int(sys.argv[2]) * 1_000_000
os.makedirs(folder, exist_ok=True)
start = 1767571200
with open(f"{folder}/bundle.json", "w") as f:
    json.dump({"format": "midwatch.bundle/v1", "id": "big", "alarm": {"name": "errors", "entity": "web", "time": start + 3000},
               "window": {"start": start + 2400, "end": start + 3600}, "baseline": {"start": start, "end": start + 2400}}, f)
with open(f"{folder}/logs.ndjson", "w") as f:
    i = 0
    while left > 0:
        lines = []
        for _ in range(10000):
            t = start + (i * 7919 % 3600000) / 1000
            entity = ("web", "orders", "stock")[i % 3]
            failing = entity == "orders" and t > start + 2700 and i % 5 == 0
            body = f"ERROR timeout after {i % 900} ms waiting for row lock {i:x}" if failing else f"INFO request {i} from 10.0.{i % 250}.{i % 99} took {i % 177} ms"
            lines.append(json.dumps({"timestamp": t, "entity": entity, "body": body}))
            i += 1
        text = "\n".join(lines) + "\n"
        f.write(text)
        left -= len(text)
