#!/usr/bin/env python3
"""Runs the roll-up benchmark: checks that the results are equal, then times whole processes.

    cargo build --release -p filiera-origin --example roll_up
    pip install duckdb            # and GNU time as /usr/bin/time
    benches/roll_up/run.py [--runs N] [--data DIR] [--packages DIR]

The runs alternate, so that whatever else the machine does falls on all of them alike. Wall time and
peak memory are those of the whole process: reading, totals, and the sum over all parts that each
prints. Interpreter start and imports are DuckDB's, as they are for whoever uses it so.
"""

import argparse
import csv
import gzip
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def measured(command):
    """Wall seconds, processor seconds, peak memory in MiB and the JSON a command prints."""
    with tempfile.NamedTemporaryFile("r") as figures:
        timed = ["/usr/bin/time", "-f", "%U %S %M", "-o", figures.name, *command]
        begin = time.perf_counter()
        printed = subprocess.run(timed, check=True, capture_output=True, text=True).stdout
        wall = time.perf_counter() - begin
        user, system, peak = figures.read().split()
    return wall, float(user) + float(system), float(peak) / 1024, json.loads(printed)


def sorted_rows(path):
    with open(path, newline="") as file:
        return sorted(tuple(row) for row in csv.reader(file))


def table(results):
    print(f"{'':34} {'median':>8} {'least':>8} {'most':>8} {'cpu':>8} {'peak':>9}")
    for name, runs in results.items():
        walls = [run[0] for run in runs]
        cpu = statistics.median(run[1] for run in runs)
        peak = max(run[2] for run in runs)
        print(
            f"{name:34} {statistics.median(walls):7.3f}s {min(walls):7.3f}s {max(walls):7.3f}s"
            f" {cpu:7.3f}s {peak:6.0f}MiB"
        )


def alternate(commands, runs):
    results = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            results[name].append(measured(command))
    for name, found in results.items():
        first = found[0][3]
        assert all(run[3] == first for run in found), name
    return results


def generated(binary, data, runs):
    if not (data / "bom.parquet").exists():
        subprocess.run([binary, "generate", data], check=True)
    duckdb = [sys.executable, HERE / "duckdb_levels.py", data]
    ours, theirs = data / "ours.csv", data / "theirs.csv"
    subprocess.run([binary, "lines", data, ours], check=True, stdout=subprocess.DEVNULL)
    for way in ["join", "numbers"]:
        subprocess.run([*duckdb, theirs, "--way", way], check=True, stdout=subprocess.DEVNULL)
        assert sorted_rows(ours) == sorted_rows(theirs), f"totals differ: {way}"
    print("roll_up/lines_5e6_parts_1e6_depth_12: every total equal")
    commands = {
        "filiera": [binary, "lines", data],
        "duckdb, joined by id": [*duckdb, "--way", "join"],
        "duckdb, numbered first": [*duckdb, "--way", "numbers"],
    }
    results = alternate(commands, runs)
    table(results)
    ours = statistics.median(run[0] for run in results["filiera"])
    best = min(statistics.median(run[0] for run in found) for name, found in results.items() if name != "filiera")
    print(f"{best / ours:.1f} times as fast as the quicker of the two; {5_000_000 / ours:,.0f} lines a second")


def slow_packages(nodes, edges):
    """The totals by plain recursion over dictionaries and Python's own whole numbers."""
    sys.setrecursionlimit(1_000_000)
    with gzip.open(nodes, "rt") as file:
        rows = [line.rstrip("\n").split("\t") for line in file][1:]
    own = {row[0]: int(row[4] or 0) for row in rows}
    below, has_parent = {part: [] for part in own}, set()
    with gzip.open(edges, "rt") as file:
        for line in list(file)[1:]:
            parent, child = line.rstrip("\n").split("\t")
            below[parent].append(child)
            has_parent.add(child)
    totals, opened = {}, set()

    def total(part):
        opened.add(part)
        totals[part] = own[part] + sum(
            totals[child] if child in totals else total(child)
            for child in sorted(below[part], key=str.encode)
            if child not in opened
        )
        opened.discard(part)
        return totals[part]

    by_id = sorted(own, key=str.encode)
    for part in [part for part in by_id if part not in has_parent] + by_id:
        if part not in totals:
            total(part)
    return totals


def packages(binary, folder, data, runs):
    nodes = folder / "debian-bookworm-main-amd64.nodes.tsv.gz"
    edges = folder / "debian-bookworm-main-amd64.edges.tsv.gz"
    if not nodes.exists():
        print(f"not run: packages: no {nodes}")
        return
    out = data / "packages.csv"
    subprocess.run([binary, "packages", nodes, edges, out], check=True, stdout=subprocess.DEVNULL)
    found = {part: int(total) for part, total in sorted_rows(out)}
    assert found == slow_packages(nodes, edges), "totals differ"
    print("roll_up/packages_63436_edges_264191: every total equal to a plain recursion")
    table(alternate({"filiera, every root, cycles cut": [binary, "packages", nodes, edges]}, runs))


def main():
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--runs", type=int, default=7)
    arguments.add_argument("--data", type=pathlib.Path, default=target / "roll_up")
    shared = pathlib.Path(os.environ.get("FILIERA_DATA", ROOT / "../shared/data"))
    arguments.add_argument("--packages", type=pathlib.Path, default=shared / "dag")
    given = arguments.parse_args()
    given.data.mkdir(parents=True, exist_ok=True)
    binary = target / "release" / "examples" / "roll_up"
    packages(binary, given.packages, given.data, given.runs)
    generated(binary, given.data, given.runs)


main()
