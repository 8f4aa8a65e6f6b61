#!/usr/bin/env python3
"""Writes the incident that `./run demo` investigates: demo/pool-too-small. Invented, and the same at every run.

A shop: storefront calls ordering, ordering calls stock, billing and its database ledger-db, billing calls mailer. At 01:57 a commit
of ordering lowers its connection pool from 50 to 5; 02:05 it is rolled out, and from 02:06 requests wait for a connection and fail.
Around it lies what lies around every incident: a deployment of storefront right before the alarm that changes a text, a
feature flag of billing, a database parameter, a CPU peak of billing an hour earlier, warnings that are always there."""
import json
import math
import os
import random

START = 1767571200  # 2026-01-05T00:00:00Z
FAULT = START + 2 * 3600 + 6 * 60
ALARM = FAULT + 5 * 60
END = FAULT + 20 * 60
QUIET_UNTIL = FAULT - 240
OUT = os.path.join(os.path.dirname(__file__), "..", "demo", "pool-too-small")

POOL_DIFF = """--- a/ordering/config/application.yaml
+++ b/ordering/config/application.yaml
@@ -8,9 +8,9 @@ server:
 database:
   url: postgres://ledger-db.shop.svc:5432/ordering
   pool:
-    max_connections: 50
+    max_connections: 5
     acquire_timeout_ms: 2000
 logging:
-  level: debug
+  level: info
"""
TEXT_DIFF = """--- a/storefront/src/texts/footer.ts
+++ b/storefront/src/texts/footer.ts
@@ -1,3 +1,3 @@
 export const footer = {
-  company: "Example Shop",
+  company: "Example Shop Ltd.",
 };
"""
TEST_DIFF = """--- a/stock/test/shelf_test.ts
+++ b/stock/test/shelf_test.ts
@@ -4,2 +4,5 @@ describe("shelf", () => {
+  test("an empty shelf reserves nothing", () => {
+    expect(reserve(empty, 1)).toBe(0);
+  });
"""
PARAMETER_DIFF = """--- a/ledger-db/parameters.conf
+++ b/ledger-db/parameters.conf
@@ -21,3 +21,3 @@
-log_min_duration_statement = 500
+log_min_duration_statement = 250
"""
FLAG_DIFF = """--- a/billing/flags.yaml
+++ b/billing/flags.yaml
@@ -3,3 +3,3 @@ flags:
-  receipt_as_pdf: false
+  receipt_as_pdf: true
"""

POOL_ERROR = ("ERROR PoolTimeoutError: timed out after 2000 ms waiting for a connection from the pool "
              "(max_connections=5, in_use=5, waiting={waiting})\n"
              "    at ConnectionPool.acquire (/app/node_modules/pg-pool/index.js:45:11)\n"
              "    at async storeOrder (/app/src/orders/store.ts:88:24)\n"
              "    at async handleCheckout (/app/src/http/checkout.ts:31:5)")

# entity → metric → (ordinary level, unit)
METRICS = {
    "storefront": {"requests_per_minute": (310, "1/min"), "errors_per_minute": (0.4, "1/min"), "latency_p95": (0.21, "s"),
                   "cpu_utilization": (33, "%"), "memory_used": (412e6, "By")},
    "ordering": {"requests_per_minute": (240, "1/min"), "errors_per_minute": (0.2, "1/min"), "latency_p95": (0.11, "s"),
                 "cpu_utilization": (27, "%"), "memory_used": (530e6, "By"), "pool_in_use": (14, ""), "pool_waiting": (0, "")},
    "stock": {"requests_per_minute": (238, "1/min"), "errors_per_minute": (0.1, "1/min"), "latency_p95": (0.03, "s"),
              "cpu_utilization": (18, "%")},
    "billing": {"requests_per_minute": (236, "1/min"), "errors_per_minute": (0.1, "1/min"), "latency_p95": (0.08, "s"),
                "cpu_utilization": (22, "%")},
    "mailer": {"queue_length": (6, ""), "cpu_utilization": (9, "%")},
    "ledger-db": {"connections": (61, ""), "cpu_utilization": (36, "%"), "latency_p95": (0.004, "s"), "disk_used": (61.3, "%")},
}
# what the fault does, as the level during it
BROKEN = {("storefront", "errors_per_minute"): 92, ("storefront", "latency_p95"): 2.2, ("ordering", "errors_per_minute"): 90,
          ("ordering", "latency_p95"): 2.05, ("ordering", "pool_in_use"): 5, ("ordering", "pool_waiting"): 44,
          ("ledger-db", "connections"): 24, ("stock", "requests_per_minute"): 148, ("billing", "requests_per_minute"): 146,
          ("ordering", "cpu_utilization"): 21}


def write(name, lines):
    with open(os.path.join(OUT, name), "w", encoding="utf8") as f:
        f.write("\n".join(lines) + "\n")


def records(name, items):
    write(name, [json.dumps(x) for x in items])


def metrics(rnd):
    rows = ["timestamp,entity,metric,value,unit"]
    for t in range(START, END, 60):
        day = 1 + 0.08 * math.sin((t - START) / 3600)
        for entity, of_entity in METRICS.items():
            for metric, (level, unit) in of_entity.items():
                steady = metric.startswith(("memory", "disk"))
                value = level * (1 if steady else day) * rnd.uniform(0.995 if steady else 0.93, 1.005 if steady else 1.07)
                if (entity, metric) == ("billing", "cpu_utilization") and START + 4740 <= t < START + 4980:
                    value *= 2.4  # a report that somebody ran
                if t >= FAULT and (entity, metric) in BROKEN:
                    value = BROKEN[entity, metric] * rnd.uniform(0.92, 1.08)
                    if metric == "pool_in_use":
                        value = 5
                rows.append(f"{t},{entity},{metric},{value:.4f},{unit}")
    write("metrics.csv", rows)


def logs(rnd):
    lines = []

    def say(t, entity, body, severity=None):
        line = {"timestamp": round(t, 3), "entity": entity, "body": body}
        if severity:
            line["severity"] = severity
        lines.append(line)

    for t in range(START + 600, END, 15):
        number = rnd.randrange(100000, 999999)
        moment = t + rnd.random()
        say(moment, "storefront", f"INFO GET /article/{number} answered 200 in {rnd.randrange(12, 90)} ms")
        if t < FAULT or rnd.random() < 0.6:
            say(moment + 0.2, "ordering", f"INFO order {number} stored for customer {rnd.randrange(1000, 9999)}")
            say(moment + 0.3, "billing", f"INFO invoice {number} written, {rnd.randrange(5, 240)}.{rnd.randrange(10, 99)} EUR")
        if t % 4 == 0:
            say(moment + 0.4, "stock", f"INFO reserved {rnd.randrange(1, 5)} of article {number}")
        if t % 7 == 0:
            say(moment, "stock", f"WARN shelf {rnd.randrange(10, 99)} is below its minimum", "WARN")
        if t % 11 == 0:
            say(moment, "mailer", f"WARN smtp relay answered 451, retry {rnd.randrange(1, 3)} for message {number}", "WARN")
        if t % 30 == 0:
            say(moment, "ledger-db", f"LOG:  checkpoint complete: wrote {rnd.randrange(20, 90)} buffers (0.{rnd.randrange(1, 9)}%)")
        if t >= FAULT:
            say(moment + 0.5, "ordering", POOL_ERROR.format(waiting=rnd.randrange(31, 58)), "ERROR")
            say(moment + 0.6, "storefront",
                f"ERROR POST /checkout/{number}: upstream ordering answered 503 Service Unavailable after 2.{rnd.randrange(10, 99)} s", "ERROR")
    say(FAULT - 55, "ordering", "INFO ordering 1.48.0 listening on :8080, database pool max_connections=5")
    records("logs.ndjson", sorted(lines, key=lambda line: line["timestamp"]))


def traces(rnd):
    spans = []

    def span(trace, name, parent, entity, start, ms, error=False):
        spans.append({"trace_id": trace, "span_id": f"{trace}-{len(spans)}", "entity": entity, "name": name, "start": round(start, 4),
                      "duration_ms": round(ms, 2), "status": "error" if error else "ok"})
        if parent:
            spans[-1]["parent_span_id"] = parent
        return spans[-1]["span_id"]

    for i, t in enumerate(range(START + 5400, END, 25)):
        trace = f"{rnd.getrandbits(48):012x}"
        start = t + rnd.random()
        fails = t >= FAULT and rnd.random() < 0.4
        wait = rnd.uniform(1, 4) if t < FAULT else 2000 if fails else rnd.uniform(700, 1900)
        work = rnd.uniform(18, 40)
        whole = wait + (0 if fails else work + 60)
        root = span(trace, "POST /checkout", None, "storefront", start, whole + rnd.uniform(9, 20), fails)
        order = span(trace, "POST /orders", root, "ordering", start + 0.004, whole + 2, fails)
        span(trace, "pool.acquire", order, "ordering", start + 0.005, wait, fails)
        if fails:
            continue
        after = start + 0.006 + wait / 1000
        span(trace, "INSERT orders", order, "ledger-db", after, rnd.uniform(2, 5))
        span(trace, "POST /reservations", order, "stock", after + 0.006, work)
        bill = span(trace, "POST /invoices", order, "billing", after + 0.05, rnd.uniform(15, 25))
        if i % 3 == 0:
            span(trace, "enqueue mail", bill, "mailer", after + 0.06, rnd.uniform(1, 3))
    records("traces.ndjson", spans)


def changes():
    return [
        {"timestamp": START + 3300, "id": "a41f09c", "kind": "commit", "entity": "stock", "actor": "mia",
         "summary": "stock: add a test for empty shelves", "files": ["stock/test/shelf_test.ts"], "diff": TEST_DIFF},
        {"timestamp": START + 5400, "id": "cfg-118", "kind": "config", "entity": "ledger-db", "actor": "sam",
         "summary": "ledger-db: log statements from 250 ms on", "files": ["ledger-db/parameters.conf"], "diff": PARAMETER_DIFF},
        {"timestamp": START + 6000, "id": "flag-52", "kind": "feature_flag", "entity": "billing", "actor": "kim",
         "summary": "billing: receipts as PDF for everybody", "files": ["billing/flags.yaml"], "diff": FLAG_DIFF},
        {"timestamp": START + 7020, "id": "7c1d2e8", "kind": "commit", "entity": "ordering", "actor": "jon",
         "summary": "ordering: fewer idle database connections", "files": ["ordering/config/application.yaml"], "diff": POOL_DIFF},
        {"timestamp": FAULT - 60, "id": "7c1d2e8", "kind": "deployment", "entity": "ordering", "version": "1.48.0", "actor": "pipeline",
         "summary": "ordering 1.48.0 rolled out", "attributes": {"commit": "7c1d2e8"}},
        {"timestamp": ALARM - 90, "id": "e90b771", "kind": "commit", "entity": "storefront", "actor": "ada",
         "summary": "storefront: full company name in the footer", "files": ["storefront/src/texts/footer.ts"], "diff": TEXT_DIFF},
        {"timestamp": ALARM - 30, "id": "e90b771", "kind": "deployment", "entity": "storefront", "version": "7.3.1", "actor": "pipeline",
         "summary": "storefront 7.3.1 rolled out", "attributes": {"commit": "e90b771"}},
    ]


def events():
    def event(t, entity, reason, message):
        return {"timestamp": t, "entity": entity, "source": "deployment-controller", "type": "Normal", "reason": reason, "message": message}
    return [event(FAULT - 58, "ordering", "ScalingReplicaSet", "Scaled up replica set ordering-5d9c7b to 3"),
            event(FAULT - 20, "ordering", "ScalingReplicaSet", "Scaled down replica set ordering-84fd6c to 0"),
            event(ALARM - 28, "storefront", "ScalingReplicaSet", "Scaled up replica set storefront-6b8f9d to 4")]


def entities():
    def workload(name, replicas, image):
        return {"id": name, "type": "Deployment", "attributes": {
            "metadata": {"namespace": "shop", "name": name}, "platform": {"kind": "workload"},
            "replicas": {"desired": replicas, "ready": replicas, "available": replicas, "updated": replicas},
            "container": {name: {"image": f"registry.example/shop/{name}:{image}"}}}}
    return [workload("storefront", 4, "7.3.1"), workload("ordering", 3, "1.48.0"), workload("stock", 2, "3.9.4"),
            workload("billing", 2, "2.20.0"), workload("mailer", 1, "1.1.7"),
            {"id": "ledger-db", "type": "database", "attributes": {"engine": "postgres 15.6", "limit": {"connections": 200}}}]


def main():
    os.makedirs(OUT, exist_ok=True)
    rnd = random.Random(7)
    bundle = {
        "format": "midwatch.bundle/v1",
        "id": "demo-pool-too-small",
        "title": "Demo: checkouts fail",
        "alarm": {"name": "storefront error rate", "entity": "storefront", "metric": "errors_per_minute", "time": ALARM, "threshold": 15,
                  "observed": 92, "summary": "storefront: more than 15 errors a minute", "severity": "critical", "source": "prometheus"},
        "window": {"start": QUIET_UNTIL, "end": END},
        "baseline": {"start": START, "end": QUIET_UNTIL},
        "interval_s": 60,
    }
    write("bundle.json", [json.dumps(bundle, indent=1)])
    metrics(rnd)
    logs(rnd)
    traces(rnd)
    records("changes.ndjson", changes())
    records("events.ndjson", events())
    records("entities.ndjson", entities())
    calls = [("storefront", "ordering"), ("ordering", "ledger-db"), ("ordering", "stock"), ("ordering", "billing"), ("billing", "mailer")]
    records("relations.ndjson", [{"from": a, "to": b, "kind": "calls"} for a, b in calls])


main()
