#!/usr/bin/env python3
"""Prints, as JSON, a sample call of every operation that the sandbox speaks: input, answer, refusal, and how it pages.

usage: sample_calls.py MODEL_FOLDER

Every member that the service models of the AWS CLI know is there once, so that each kind of value (times, numbers,
maps, lists in lists) goes over the wire in every place where it can stand. Must run under the Python that has awscli."""
import json
import os
import sys

import awscli.botocore.session

DEEPEST = 7  # shapes that hold themselves end here
# Under which name this list stands in another structure, the clients do not agree.
UNCLEAR = ("PendingLogDeliveryConfigurationList",)
TIME = "2026-01-05T02:11:00Z"
# An ARN's kinds of signs, what XML escapes, and what is no ASCII.
AWKWARD = "arn:aws:x:1/y z&<\"é+%"


class Sampler:
    """Makes up values of a service's shapes; those of answers are awkward, those of inputs are what clients accept."""

    def __init__(self, awkward):
        self.awkward = awkward

    def text(self, shape, name):
        if shape.enum:
            return shape.enum[0]
        text = f"{name} {AWKWARD}" if self.awkward else f"{name}-1"
        if name == "RoleArn":
            text = "arn:aws:iam::123456789012:role/Reader"
        return text.ljust(min(shape.metadata.get("min", 0), 200), "x")

    def value(self, shape, name, depth=0):
        kind = shape.type_name
        if kind in ("string", "character"):
            return self.text(shape, name)
        if kind in ("integer", "long"):
            return max(7, shape.metadata.get("min", 0))
        if kind in ("float", "double"):
            return max(0.5, shape.metadata.get("min", 0))
        if kind == "boolean":
            return True
        if kind == "timestamp":
            return TIME
        if kind == "list":
            item = self.value(shape.member, name, depth + 1)
            return [] if item is None else [item] * max(1, shape.metadata.get("min", 1))
        if kind == "map":
            item = self.value(shape.value, name, depth + 1)
            return {} if item is None else {self.text(shape.key, "key"): item}
        return self.structure(shape, depth) if kind == "structure" else None

    def structure(self, shape, depth=0, leave_out=()):
        if depth > DEEPEST:
            return None
        out = {}
        for name, member in shape.members.items():
            if name in leave_out or member.serialization.get("location") in ("header", "headers", "statusCode"):
                continue
            value = None if member.name in UNCLEAR else self.value(member, name, depth + 1)
            if value is not None and value != [] and value != {}:
                out[name] = value
            if shape.is_tagged_union and out:
                break
        return out or None


def inside(value, path):
    for part in path.split("."):
        value = value.get(part, {})
    return value


def put_items(output, path, count):
    """Numbers what a page is cut from, so that pages can be told apart."""
    items = inside(output, path)
    if isinstance(items, list) and items:
        items[:] = [numbered(items[0], i) for i in range(count)]


def numbered(item, number):
    if isinstance(item, str):
        return f"{item}{number}"
    if isinstance(item, list):
        return [numbered(part, number) for part in item]
    for key, value in item.items():
        if isinstance(value, str) and value.startswith(key):
            return {**item, key: f"{value}{number}"}
    return item


def sample(service, operation, model, paging):
    tokens = {paging[k] for k in ("in", "out", "limit", "more") if paging.get(k)} if paging else set()
    for token in (paging or {}).get("place", ()):
        tokens |= {token["in"], token["out"]}
    given = model.input_shape and Sampler(False).structure(model.input_shape, leave_out=tokens)
    answer = model.output_shape and Sampler(True).structure(model.output_shape, leave_out=tokens)
    call = {"service": service, "operation": operation, "input": given or {}, "output": answer or {}}
    if paging:
        limit = model.input_shape.members.get(paging["limit"])  # this client may not know it yet
        is_list = isinstance(inside(call["output"], paging["lists"][0]), list)
        names = {"limit": paging["limit"] if limit and is_list else ""}
        size = max(1, limit.metadata.get("min", 1)) if limit else 1
        call["page"] = {**paging, **names, "items": size, "size": str(size) if limit and limit.type_name == "string" else size}
        for path in paging["lists"]:
            put_items(call["output"], path, 2 * size + 1)
    if model.error_shapes:
        shape = model.error_shapes[0]
        call["error"] = {"name": shape.name, "code": shape.error_code}
    elif service == "s3":  # its models name few of its errors
        call["error"] = {"name": "NoSuchBucketPolicy", "code": "NoSuchBucketPolicy"}
    return call


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    session = awscli.botocore.session.Session()
    calls = []
    for file in sorted(os.listdir(sys.argv[1])):
        with open(os.path.join(sys.argv[1], file), encoding="utf8") as text:
            wire = json.load(text)
        service = wire["service"]
        known = session.get_service_model(service)
        for operation, kept in wire["operations"].items():
            if operation in known.operation_names:
                calls.append(sample(service, operation, known.operation_model(operation), kept.get("page")))
    json.dump(calls, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
