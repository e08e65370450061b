#!/usr/bin/env python3
"""One rule, vehicle by vehicle: by adding up, by the general path, and by a policy engine from JSON documents.

    target/release/filiera synth DIR --vehicles 5000 --lines 300 --lots 20000 --seed 7
    cargo build --release --manifest-path benches/per_vehicle/Cargo.toml --target-dir target/per_vehicle
    benches/fleet/per_vehicle.py target/release/filiera target/per_vehicle/release/per-vehicle DIR [--runs N]

Every way gives the counts of both verdicts of content.toml, which must be equal; then whole processes take turns
on one core and on two. The documents (benches/per_vehicle/documents.py) are made before anything is timed.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

from run import CLOCKS, HERE, counted, counts_printed, measured

DOCUMENTS = HERE.parent / "per_vehicle" / "documents.py"


def ways(given, folder, threads):
    """What is run, by name."""
    check = [given.binary, "check", given.dir, "--pack", HERE / "content.toml", *CLOCKS]
    peer = [given.peer, folder / "data.json", folder / "vehicles.ndjson", "--threads", threads]
    return {
        "filiera, lots": [*check, "--judge", "lots"],
        "filiera, rows": [*check, "--judge", "rows", "--format", "jsonl", "--out", folder / "findings.jsonl"],
        "regorus, virtual machine": [*peer, "--way", "vm"],
        "regorus, interpreter": [*peer, "--way", "interpreter"],
    }


def counts_listed(path):
    counts = {"range": {}, "legal": {}}
    for line in path.read_text().splitlines():
        finding = json.loads(line)
        for kind, verdict in [("range", finding["verdict"]), ("legal", finding["legal"])]:
            counts[kind][verdict] = counts[kind].get(verdict, 0) + 1
    return {kind: dict(sorted(own.items())) for kind, own in counts.items()}


def compare(given, folder):
    """Stops at the first way whose counts differ."""
    ours = counted(given.binary, given.dir, HERE / "content.toml")["local-content"]
    for name, command in ways(given, folder, 2).items():
        printed = measured(command, 2)[3]
        if name == "filiera, rows":
            theirs = counts_listed(folder / "findings.jsonl")
        elif name == "filiera, lots":
            continue
        else:
            theirs = counts_printed(printed)
        assert theirs == ours, f"{name}: {theirs} is not {ours}"
    print("equal:", json.dumps(ours))
    return sum(ours["range"].values())


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("binary", type=pathlib.Path)
    arguments.add_argument("peer", type=pathlib.Path)
    arguments.add_argument("dir", type=pathlib.Path)
    arguments.add_argument("--runs", type=int, default=3)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        subprocess.run([sys.executable, DOCUMENTS, given.dir, folder], check=True)
        vehicles = compare(given, folder)
        for threads in (2, 1):
            commands = ways(given, folder, threads)
            results = {name: [] for name in commands}
            for _ in range(given.runs):
                for name, command in commands.items():
                    results[name].append(measured(command, threads))
            print(f"\n{threads} core{'s' if threads > 1 else ''}, {given.runs} runs each, in turns, {vehicles} vehicles")
            for name, runs in results.items():
                wall, cpu = (statistics.median(run[place] for run in runs) for place in (0, 1))
                peak = max(run[2] for run in runs)
                print(f"{name:28} {wall:8.3f}s {wall / vehicles * 1e6:9.1f}us a vehicle {cpu:8.3f}s {peak:6.0f}MiB")


if __name__ == "__main__":
    main()
