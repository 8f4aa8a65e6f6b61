#!/usr/bin/env python3
"""Prints invented log lines of several shapes, so many megabytes. usage: make_log.py MEGABYTES"""
import random
import sys

rnd = random.Random(1)
shapes = [
    lambda i: f"2026-01-05 02:{i % 60:02d}:{i % 59:02d},123 INFO  [http-{i % 32}] c.e.shop.OrderController - stored order {i} of customer c{i % 977} in {rnd.randrange(400)} ms",
    lambda i: f'10.0.{i % 255}.{i % 13} - - [05/Jan/2026:02:00:00 +0000] "GET /api/items/{i} HTTP/1.1" 200 {rnd.randrange(9000)} "-" "curl/8.5"',
    lambda i: f"Jan  5 02:00:{i % 60:02d} node{i % 7} kubelet[{i % 4000}]: Started container web-{i % 91} in pod shop/web-{i:x}",
    lambda i: f'{{"level":"warn","ts":{1767571200 + i},"msg":"slow query","table":"orders","ms":{rnd.randrange(5000)}}}',
]
block = "\n".join(shapes[i % 4](i) for i in range(40000)) + "\n"
left = int(sys.argv[1]) * 1_000_000
while left > 0:
    sys.stdout.write(block[:left] if left < len(block) else block)
    left -= len(block)
