#!/usr/bin/env python3
"""Checks the dependency rules of docs/architecture.md on every #include and a few forbidden texts.

usage: check_layers.py [--self-test]
Exit status 1 and one line a fault; 0 and nothing else where all is well."""
import os
import re
import subprocess
import sys

# A folder may include itself, what is listed here, and what those may include.
ALLOWED = {
    "base": [],
    "runtime": ["base"],
    "telemetry": ["base"],
    "topology": ["telemetry"],
    "model": ["topology"],
    "knowledge": ["model"],
    "observe": ["model", "knowledge"],
    "diagnose": ["model", "knowledge"],
    "mitigate": ["model", "knowledge"],
    "lint": ["knowledge", "observe", "diagnose"],
    "http": ["runtime"],
    "connectors": ["model", "runtime", "clients"],
    "clients": ["http", "model"],
    "investigation": ["connectors", "observe", "diagnose", "mitigate"],
    "report": ["model", "knowledge"],
    "evaluate": ["model"],
    "verify": ["connectors", "model", "report"],
    "memory": ["model"],
    "store": ["model"],
    "intake": ["model", "http", "clients"],
    "notify": ["model", "http", "store"],
    "identity": ["http", "store"],
    "llm": ["model", "http"],
    "agent": ["llm", "investigation"],
    "sandbox": ["http", "model"],
    "page": [],
    "api": ["investigation", "report", "http", "store", "intake", "identity", "page"],
    "app": ["api", "notify", "identity", "page", "investigation", "report", "verify", "lint", "evaluate", "sandbox", "store", "agent", "memory"],
    "cli": ["app"],
}
LEAF_PARENTS = ("connectors", "store", "llm")  # connectors/NAME is a leaf: only app may include it
PURE = ("telemetry", "topology", "model", "observe", "diagnose", "mitigate")
PRIVATE_HEADERS = [  # header pattern, the only top folders (or None) whose own headers may include it
    (r"curl/", ("http",)), (r"sqlite3\.h", ()), (r"libpq", ()), (r"sodium", ()), (r"boost/(asio|beast)", ()),
    (r"nlohmann/json\.hpp", ("base",)), (r"simdjson\.h", ()), (r"yaml-cpp", ()), (r"CLI/", ()), (r"re2/", ()),
]
CLOCK_FILES = {"src/base/clock.cpp"}
PURE_FORBIDDEN = re.compile(r"\b(std::ifstream|std::ofstream|fopen|std::filesystem|std::cout|std::cerr|getenv|"
                            r"SystemClock|steady_now)\b")
STRING = re.compile(r'"(?:[^"\\\\]|\\\\.)*"')  # what a program says is not what it does
CLOCK = re.compile(r"\b(system_clock|steady_clock|high_resolution_clock)::now\b|\bgettimeofday\b|\btime\(nullptr\)")
BAD_NAME = re.compile(r"(^|/)(utils?|helpers?|common|misc)(/|\.[a-z]+$)", re.I)


def closure(folder, seen=None):
    seen = set() if seen is None else seen
    if folder not in seen:
        seen.add(folder)
        for d in ALLOWED.get(folder, ()):
            closure(d, seen)
    return seen


def module_of(path):
    parts = path.split("/")
    return parts[1] if len(parts) > 2 else None


def leaf_of(path):
    parts = path.split("/")
    return "/".join(parts[1:3]) if len(parts) > 3 and parts[1] in LEAF_PARENTS else None


def check(path, text):
    faults = []
    if BAD_NAME.search(path):
        faults.append(f"{path}: a name that says nothing")
    if not path.startswith("src/"):
        return faults
    folder, leaf, test = module_of(path), leaf_of(path), re.search(r"_(test|bench|fuzz)\.cpp$", path) or "/testing/" in path
    allowed = closure(folder)
    for number, line in enumerate(text.splitlines(), 1):
        where = f"{path}:{number}"
        m = re.match(r'\s*#include\s+"([^"]+)"', line)
        if m:
            target = m.group(1)
            if not target.startswith("src/"):
                faults.append(f"{where}: include from the root: {target}")
                continue
            other, other_leaf = module_of(target), leaf_of(target)
            if other not in allowed and not test:
                faults.append(f"{where}: {folder} must not include {other}")
            if other_leaf and other_leaf != leaf and folder not in ("app", "cli", "verify") and not test \
                    and not other_leaf.endswith("/contract"):
                faults.append(f"{where}: {other_leaf} is a leaf")
        if path.endswith(".h"):
            for pattern, folders in PRIVATE_HEADERS:
                if re.match(rf"\s*#include\s+<{pattern}", line) and folder not in folders:
                    faults.append(f"{where}: {pattern} must stay out of headers")
        if not test and path not in CLOCK_FILES and CLOCK.search(line):
            faults.append(f"{where}: only {', '.join(CLOCK_FILES)} reads the clock")
        if folder in PURE and not test and PURE_FORBIDDEN.search(STRING.sub('""', line)):
            faults.append(f"{where}: {folder} is pure: no I/O, no clock")
        if test and re.search(r"\bsleep_(for|until)\b|\busleep\(", line):
            faults.append(f"{where}: a test that sleeps")
    if path.endswith((".h", ".cpp")) and len(text.splitlines()) > 800:
        faults.append(f"{path}: over 800 lines; split it along its ideas")
    return faults


def self_test():
    bad = {
        "src/telemetry/x.cpp": '#include "src/observe/y.h"\n',
        "src/observe/x.cpp": "std::ifstream in;\n",
        "src/connectors/a/x.cpp": '#include "src/connectors/b/y.h"\n',
        "src/model/x.h": "#include <nlohmann/json.hpp>\n",
        "src/api/x.cpp": "std::chrono::system_clock::now();\n",
        "src/base/utils.h": "",
        "src/base/x_test.cpp": "std::this_thread::sleep_for(1s);\n",
    }
    missed = [p for p, t in bad.items() if not check(p, t)]
    good = check("src/observe/x.cpp", '#include "src/model/y.h"\n#include "src/base/result.h"\nreads("getenv");\n')
    if missed or good:
        sys.exit(f"check_layers.py is broken: missed {missed}, wrongly found {good}")


def main():
    self_test()
    if "--self-test" in sys.argv:
        return
    top = subprocess.check_output(["git", "rev-parse", "--show-toplevel"], text=True).strip()
    listed = subprocess.check_output(["git", "ls-files", "-co", "--exclude-standard"], cwd=top, text=True).split("\n")
    faults = []
    for path in filter(None, listed):
        full = os.path.join(top, path)
        if not os.path.exists(full):
            continue
        code = path.endswith((".h", ".cpp"))
        faults += check(path, open(full, encoding="utf8").read() if code else "")
    print("\n".join(faults), end="\n" if faults else "")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
