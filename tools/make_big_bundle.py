#!/usr/bin/env python3
"""Writes a bundle of so many megabytes, to measure growth. Invented, and the same at every run.

usage: make_big_bundle.py FOLDER [LOGS_MB [TRACES_MB [METRICS_MB]]]    (default: 10 0 0)

Twelve services write log lines of several shapes (plain, JSON, access log, stack traces of several lines), call each other,
and are measured. From 45 minutes on, orders waits for row locks of the database; payment only prints a new warning: a decoy."""
import json
import os
import random
import sys

START = 1767571200  # 2026-01-05T00:00:00Z
FAULT = START + 2700
END = START + 3600
SERVICES = ["web", "cart", "orders", "payment", "stock", "shipping", "users", "search", "mail", "images", "ads", "quotes"]
CALLS = {"web": ["cart", "search", "images", "ads"], "cart": ["orders", "users", "quotes"], "orders": ["payment", "stock", "shipping"]}
ITEMS = ["lamp", "chair", "desk", "shelf", "carpet", "mirror", "sofa"]
BLOCK = 2000


def line(t, entity, body, **more):
    return json.dumps({"timestamp": t, "entity": entity, "body": body, **more}, ensure_ascii=False)


def log_lines(i, t, rnd):
    """The records of one request."""
    t = round(t, 3)
    service = SERVICES[i % len(SERVICES)]
    instance = f"{service}-{i % 3}"
    trace = f"{i * 2654435761 % 2**64:016x}"
    failing = t > FAULT and service == "orders" and i % 5 == 0
    shape = i % 7
    if failing:
        yield line(t, service, f"ERROR [worker-{i % 16}] o.s.OrderStore - timeout after {900 + i % 300} ms waiting for row lock on orders.id={i}",
                   severity="ERROR", instance=instance, trace_id=trace)
        yield line(t, service, "java.sql.SQLTransientException: lock wait timeout exceeded\n\tat shop.OrderStore.save(OrderStore.java:88)\n"
                   f"\tat shop.OrderService.place(OrderService.java:{40 + i % 2})\n\tat java.base/java.lang.Thread.run(Thread.java:1583)",
                   instance=instance, trace_id=trace)
    elif shape == 0:
        yield line(t, service, f'10.0.{i % 250}.{i % 99} - - [05/Jan/2026:00:{i % 60:02d}:{i % 59:02d} +0000] "GET /api/{ITEMS[i % 7]}/{i} HTTP/1.1" 200 '
                   f'{rnd.randrange(90000)} "-" "Mozilla/5.0 (X11; Linux x86_64)"', instance=instance)
    elif shape == 1:
        yield line(t, service, json.dumps({"level": "info", "msg": "request done", "path": f"/v1/{ITEMS[i % 7]}", "ms": i % 177, "user": f"u{i % 9973}"}),
                   trace_id=trace, attributes={"service.version": "1.4.2", "thread": i % 32})
    elif shape == 2:
        yield line(t, service, f"INFO  [http-{i % 64}] shop.{service.title()}Controller - stored {ITEMS[i % 7]} {i:x} of customer c{i % 9973} in {rnd.randrange(400)} ms",
                   severity="INFO", instance=instance)
    elif shape == 3:
        yield line(t, service, f"DEBUG cache {'hit' if i % 3 else 'miss'} for key {service}:{i % 50021:08x}, {i % 1000} entries", severity="DEBUG")
    elif shape == 4:
        yield line(t, service, f"WARN  slow query ({200 + i % 800} ms): select * from {ITEMS[i % 7]}s where id = {i}", severity="WARN", instance=instance)
    elif shape == 5 and service == "payment" and t > FAULT:
        yield line(t, service, f"WARN  certificate of gateway {i % 4} ends in 60 days", severity="WARN", instance=instance)
    else:
        yield line(t, service, f"INFO  request {i} from 10.0.{i % 250}.{i % 99} took {i % 177} ms", instance=instance)


def spans(i, t, rnd):
    """One trace: web and what it calls, callees before callers."""
    trace = f"{i * 2654435761 % 2**64:016x}"
    number = 0
    out = []

    def call(service, parent, at):
        nonlocal number
        number += 1
        span = f"{trace[:8]}{number:08x}"
        own = rnd.uniform(1, 5) + (900 if service == "orders" and at > FAULT and i % 5 == 0 else 0)
        took = own
        for callee in CALLS.get(service, ()):
            took += call(callee, span, at + took / 1000)
        record = {"trace_id": trace, "span_id": span, "entity": service, "name": f"POST /{service}", "start": round(at, 6), "duration_ms": round(took, 3),
                  "status": "error" if own > 900 else "ok", "attributes": {"instance": f"{service}-{i % 3}", "http.status_code": 500 if own > 900 else 200}}
        if parent:
            record["parent_span_id"] = parent
        out.append(json.dumps(record))
        return took

    call("web", None, t)
    return out


def fill(path, megabytes, records):
    """Writes the lines that records(i, t, rnd) gives for i = 0, 1, … until the file has its size; t runs through the hour."""
    rnd, total, written, i = random.Random(7), megabytes * 1_000_000, 0, 0
    share = 0  # of the hour that one block takes
    with open(path, "w", encoding="utf8") as f:
        while written < total:
            begin = START + (END - START) * written / total
            lines = [text for k in range(BLOCK) for text in records(i + k, begin + share * k / BLOCK, rnd)]
            text = "\n".join(lines) + "\n"
            f.write(text)
            i += BLOCK
            written += len(text)
            share = (END - START) * len(text) / total


def metrics(path, megabytes):
    """Series of ten quantities on the instances of the services, as many as the size needs at a point every 5 s."""
    rnd = random.Random(7)
    quantities = ["cpu_utilization", "memory_bytes", "requests_per_second", "errors_per_second", "latency_p50", "latency_p99", "threads",
                  "open_files", "gc_pause_ms", "queue_length"]
    times = range(START, END, 5)
    instances = max(1, megabytes * 1_000_000 // (len(times) * len(quantities) * len(SERVICES) * 46))
    with open(path, "w", encoding="utf8") as f:
        f.write("timestamp,entity,metric,value,instance\n")
        for t in times:
            rows = []
            for service in SERVICES:
                for instance in range(instances):
                    for k, quantity in enumerate(quantities):
                        value = rnd.gauss(50 + 10 * k, 3) * (6 if service == "orders" and t > FAULT and quantity.startswith("latency") else 1)
                        rows.append(f"{t},{service},{quantity},{value:.3f},{service}-{instance}")
            f.write("\n".join(rows) + "\n")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder, sizes = sys.argv[1], [int(a) for a in sys.argv[2:]] or [10]
    sizes += [0] * (3 - len(sizes))
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/bundle.json", "w", encoding="utf8") as f:
        json.dump({"format": "midwatch.bundle/v1", "id": "big", "alarm": {"name": "web is slow", "entity": "web", "metric": "latency_p99", "time": FAULT + 300},
                   "window": {"start": FAULT - 300, "end": END}, "baseline": {"start": START, "end": FAULT - 300}}, f)
    with open(f"{folder}/relations.ndjson", "w", encoding="utf8") as f:
        f.writelines(json.dumps({"from": a, "to": b, "kind": "calls"}) + "\n" for a, callees in CALLS.items() for b in callees)
    if sizes[0]:
        fill(f"{folder}/logs.ndjson", sizes[0], log_lines)
    if sizes[1]:
        fill(f"{folder}/traces.ndjson", sizes[1], spans)
    if sizes[2]:
        metrics(f"{folder}/metrics.csv", sizes[2])


if __name__ == "__main__":
    main()
