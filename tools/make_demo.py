#!/usr/bin/env python3
"""Writes the incident that `./run demo` investigates: demo/pool-too-small. Invented, and the same at every run.

A web shop: web calls orders, orders calls postgres and stock. At 02:00 a commit lowers the connection pool of orders; from
02:06 requests of orders wait for a connection and fail. Shortly before the alarm somebody edits a text of web: a decoy."""
import json
import math
import os
import random

START = 1767571200  # 2026-01-05T00:00:00Z
FAULT = START + 2 * 3600 + 6 * 60
ALARM = FAULT + 5 * 60
END = FAULT + 20 * 60
OUT = os.path.join(os.path.dirname(__file__), "..", "demo", "pool-too-small")

DIFF = """--- a/orders/config/application.yaml
+++ b/orders/config/application.yaml
@@ -10,7 +10,7 @@ server:
 database:
   url: postgres://postgres.shop.svc:5432/orders
   pool:
-    max_connections: 50
+    max_connections: 5
     acquire_timeout_ms: 2000
"""

TEXT_DIFF = """--- a/web/src/texts/footer.ts
+++ b/web/src/texts/footer.ts
@@ -1,3 +1,3 @@
 export const footer = {
-  company: "Example Shop",
+  company: "Example Shop Ltd.",
 };
"""


def write(name, lines):
    with open(os.path.join(OUT, name), "w", encoding="utf8") as f:
        f.write("\n".join(lines) + "\n")


def main():
    os.makedirs(OUT, exist_ok=True)
    rnd = random.Random(7)
    bundle = {
        "format": "midwatch.bundle/v1",
        "id": "demo-pool-too-small",
        "title": "Demo: web answers with errors",
        "alarm": {"name": "web error rate", "entity": "web", "metric": "errors", "time": ALARM, "threshold": 5, "observed": 31,
                  "summary": "web: more than 5 errors a minute", "source": "prometheus"},
        "window": {"start": FAULT - 240, "end": END},
        "baseline": {"start": START, "end": FAULT - 240},
        "interval_s": 60,
    }
    write("bundle.json", [json.dumps(bundle, indent=1)])

    rows = ["timestamp,entity,metric,value,unit"]
    ordinary = {
        "web": {"requests": 300, "errors": 0.4, "latency_p95": 0.18, "cpu_utilization": 31},
        "orders": {"requests": 240, "errors": 0.2, "latency_p95": 0.09, "cpu_utilization": 26, "pool_waiting": 0},
        "stock": {"requests": 120, "errors": 0.1, "latency_p95": 0.03, "cpu_utilization": 18},
        "postgres": {"connections": 61, "cpu_utilization": 35, "latency_p95": 0.004},
    }
    units = {"latency_p95": "s", "cpu_utilization": "%"}
    broken = {("web", "errors"): 29, ("web", "latency_p95"): 1.9, ("orders", "errors"): 27, ("orders", "latency_p95"): 2.0,
              ("orders", "pool_waiting"): 44, ("postgres", "connections"): 18, ("stock", "requests"): 96}
    for t in range(START, END, 60):
        day = 1 + 0.08 * math.sin((t - START) / 3600)
        for entity, metrics in ordinary.items():
            for metric, level in metrics.items():
                value = level * day * rnd.uniform(0.93, 1.07)
                if t >= FAULT and (entity, metric) in broken:
                    value = broken[(entity, metric)] * rnd.uniform(0.9, 1.1)
                rows.append(f"{t},{entity},{metric},{value:.4f},{units.get(metric, '')}")
    write("metrics.csv", rows)

    logs = []
    for i, t in enumerate(range(START + 600, END, 7)):
        entity = ("web", "orders", "stock", "postgres")[i % 4]
        number = rnd.randrange(1000, 9999)
        body = {"web": f"INFO GET /checkout/{number} answered in {rnd.randrange(20, 190)} ms",
                "orders": f"INFO order {number} stored",
                "stock": f"INFO reserved {rnd.randrange(1, 5)} of article {number}",
                "postgres": f"LOG:  checkpoint complete: wrote {rnd.randrange(20, 90)} buffers"}[entity]
        logs.append({"timestamp": t, "entity": entity, "body": body})
        if t >= FAULT and entity == "orders":
            logs.append({"timestamp": t + 1, "entity": "orders", "severity": "ERROR",
                         "body": "ERROR ConnectionPoolTimeoutError: timed out after 2000 ms waiting for a connection from the "
                                 "pool (max_connections=5, waiting=44)\n"
                                 "    at ConnectionPool.acquire (/app/node_modules/pg-pool/index.js:45:11)\n"
                                 "    at storeOrder (/app/src/orders/store.ts:88:24)"})
        if t >= FAULT and entity == "web":
            logs.append({"timestamp": t + 2, "entity": "web", "severity": "ERROR",
                         "body": f"ERROR POST /checkout/{number}: upstream orders answered 503 Service Unavailable"})
    write("logs.ndjson", [json.dumps(x) for x in logs])

    changes = [
        {"timestamp": START + 3600, "id": "a41f09c", "kind": "commit", "entity": "stock", "actor": "mia",
         "summary": "stock: add a test for empty shelves", "files": ["stock/test/shelf_test.ts"],
         "diff": "--- a/stock/test/shelf_test.ts\n+++ b/stock/test/shelf_test.ts\n@@ -4,2 +4,4 @@\n"
                 "+test(\"an empty shelf reserves nothing\", () => {\n+  expect(reserve(empty, 1)).toBe(0);\n"},
        {"timestamp": START + 2 * 3600, "id": "7c1d2e8", "kind": "commit", "entity": "orders", "actor": "jon",
         "summary": "orders: use fewer database connections", "files": ["orders/config/application.yaml"], "diff": DIFF},
        {"timestamp": FAULT - 60, "id": "7c1d2e8", "kind": "deployment", "entity": "orders", "version": "1.48.0",
         "summary": "orders 1.48.0 rolled out", "attributes": {"commit": "7c1d2e8"}},
        {"timestamp": ALARM - 60, "id": "e90b771", "kind": "commit", "entity": "web", "actor": "ada",
         "summary": "web: full company name in the footer", "files": ["web/src/texts/footer.ts"], "diff": TEXT_DIFF},
    ]
    write("changes.ndjson", [json.dumps(x) for x in changes])
    entities = [{"id": "web", "type": "Deployment", "attributes": {"metadata": {"namespace": "shop", "name": "web"}}},
                {"id": "orders", "type": "Deployment", "attributes": {"metadata": {"namespace": "shop", "name": "orders"}}},
                {"id": "stock", "type": "Deployment", "attributes": {"metadata": {"namespace": "shop", "name": "stock"}}},
                {"id": "postgres", "type": "database"}]
    write("entities.ndjson", [json.dumps(x) for x in entities])
    relations = [("web", "orders"), ("orders", "postgres"), ("orders", "stock")]
    write("relations.ndjson", [json.dumps({"from": a, "to": b, "kind": "calls"}) for a, b in relations])


main()
