#!/usr/bin/env python3
"""Runs the fleet benchmark: filiera, DuckDB and Polars over the same Parquet files, in turns.

    benches/fleet/generate.sh target/release/filiera DIR big      # once
    pip install duckdb polars                                     # and GNU time as /usr/bin/time
    benches/fleet/run.py target/release/filiera DIR [--runs N] [--threads 1 2] [--bounds]
    benches/fleet/run.py target/release/filiera DIR --ways "duckdb lots" "duckdb sql" --tables OUT
    benches/fleet/run.py target/release/filiera DIR --cold        # as root: the page cache dropped before each

First every engine gives its counts of both verdicts, which must be equal; with --bounds also both bounds
of every vehicle, as fractions (for small fleets: filiera judges them row by row and writes them as JSON,
and its counts lot by lot must be those). Then whole processes take
turns, so that whatever else the machine does falls on all of them alike; the files are in memory, or with
--cold nothing is. Wall time and peak memory are
those of the whole process, from its start to the summary it prints; what a peer says it took without the
start of the interpreter stands beside it.

The peers compute one condition of it/automotive-accord, local-content by value. filiera judges
`--pack content.toml`, which holds that condition alone, unless --pack says otherwise. With --six it judges
`six.toml` beside DuckDB. The way `duckdb sql` runs the statement that `filiera sql` prints, over tables that
are exported once, before anything is timed; --tables says where to.
"""

import argparse
import collections
import csv
import fractions
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
CLOCKS = ["--law-as-of", "2026-11-22", "--facts-as-of", "2026-11-22"]


def drop_caches():
    """Leaves nothing of any file in memory."""
    subprocess.run(["sync"], check=True)
    try:
        pathlib.Path("/proc/sys/vm/drop_caches").write_text("3\n")
    except OSError as error:
        sys.exit(f"the page cache cannot be dropped ({error}): run as root, or without --cold")


def read(folder):
    """Has every file of the fleet in memory: some machines take cached pages back within seconds."""
    for file in pathlib.Path(folder).glob("*.parquet"):
        with open(file, "rb") as bytes_:
            while bytes_.read(1 << 20):
                pass


def measured(command, threads, folder=None, is_cold=False):
    """Wall seconds, processor seconds, peak memory in MiB, and what a command prints."""
    if is_cold:
        drop_caches()
    elif folder:
        read(folder)
    pinned = ["taskset", "-c", ",".join(str(core) for core in range(threads))]
    with tempfile.NamedTemporaryFile("r") as figures:
        timed = [*pinned, "/usr/bin/time", "-f", "%U %S %M", "-o", figures.name, *map(str, command)]
        begin = time.perf_counter()
        ran = subprocess.run(timed, capture_output=True, text=True)
        wall = time.perf_counter() - begin
        if ran.returncode not in (0, 1, 3):
            sys.exit(f"{command}: {ran.stderr}")
        # A command that ends with a verdict other than "met" is told of first.
        user, system, peak = figures.read().split("\n")[-2].split()
    return wall, float(user) + float(system), float(peak) / 1024, ran.stdout


def findings(binary, folder, pack):
    """Verdicts and bounds of each vehicle, as filiera gives them."""
    command = [binary, "check", folder, "--pack", pack, "--judge", "rows", "--format", "jsonl", *CLOCKS]
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True) as running:
        for line in running.stdout:
            finding = json.loads(line)
            if not finding.get("reading"):
                yield finding


def counts_of(found):
    counts = {"range": collections.Counter(), "legal": collections.Counter()}
    for finding in found:
        counts["range"][finding["verdict"]] += 1
        counts["legal"][finding["legal"]] += 1
    return {kind: dict(sorted(counter.items())) for kind, counter in counts.items()}


def counts_printed(text):
    printed = json.loads(text)
    return {kind: dict(sorted(printed[kind].items())) for kind in ["range", "legal"]}


def counted(binary, folder, pack):
    """Vehicles per verdict of each condition, as filiera counts them lot by lot."""
    command = [binary, "check", folder, "--pack", pack, "--judge", "lots", "--format", "json", *CLOCKS]
    printed = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    found = json.loads(printed.stdout)
    if found["kinds"]:
        ratio = found["rows"] / found["kinds"]
        print(f"{found['rows']} rows, {found['kinds']} kinds: 1 judged for {ratio:.0f}")
    return {
        one["condition"]: {kind: dict(sorted(one[kind].items())) for kind in ["range", "legal"]}
        for one in found["conditions"]
        if not one["reading"]
    }


def compare_six(ours, command):
    """Stops when a verdict of some condition differs in number; no unknown is closed there."""
    assert all(one["range"] == one["legal"] for one in ours.values()), ours
    counts = {name: one["range"] for name, one in ours.items()}
    printed = subprocess.run([*map(str, command)], check=True, capture_output=True, text=True).stdout
    theirs = json.loads(printed)["conditions"]
    assert theirs == counts, f"{theirs} is not {counts}"
    print("equal:", json.dumps(theirs))


def compare(counts, peers, findings):
    """Stops at the first count, or bound, that differs; the bounds are those of findings, if there are any."""
    assert not findings or counts_of(findings) == counts, f"lot by lot {counts}, row by row {counts_of(findings)}"
    for name, command in peers.items():
        with tempfile.NamedTemporaryFile("r", suffix=".csv") as out:
            # The statement gives bounds that the test suite compares; here its counts are.
            is_statement = name.endswith(" sql")
            own = [] if is_statement else ["--out", out.name]
            printed = subprocess.run([*map(str, command), *own], check=True, capture_output=True, text=True)
            assert counts_printed(printed.stdout) == counts, f"{name}: {printed.stdout} is not {counts}"
            if findings and not is_statement:
                same_bounds(name, findings, out.name)
    print("equal:", json.dumps(counts), "with both bounds" if findings else "")


def same_bounds(name, ours, path):
    with open(path, newline="") as file:
        sums = {row["vehicle"]: row for row in csv.DictReader(file)}
    for finding in ours:
        if finding["verdict"] == "not_applicable":
            continue
        row = {key: int(value) for key, value in sums[finding["subject"]].items() if key != "vehicle"}
        theirs = [fractions.Fraction(row["yes"] + more, row["total"]) for more in (0, row["maybe"])]
        found = [fractions.Fraction(finding[end]) for end in ("lower_fraction", "upper_fraction")]
        assert theirs == found, f"{name}: {finding['subject']}: {theirs} is not {found}"


def table(results):
    print(f"{'':28} {'median':>8} {'least':>8} {'most':>8} {'inside':>8} {'cpu':>8} {'peak':>9}")
    for name, runs in results.items():
        walls, cpu = [run[0] for run in runs], statistics.median(run[1] for run in runs)
        peak = max(run[2] for run in runs)
        inside = [json.loads(run[3])["seconds"] for run in runs if run[3].startswith("{")]
        inside = f"{statistics.median(inside):7.3f}s" if inside else f"{'':>8}"
        print(
            f"{name:28} {statistics.median(walls):7.3f}s {min(walls):7.3f}s {max(walls):7.3f}s"
            f" {inside} {cpu:7.3f}s {peak:6.0f}MiB"
        )


def ratios(results):
    """How many times as long as filiera each peer takes, run by run: neighbours in time are compared."""
    for name, runs in results.items():
        if name != "filiera":
            found = [theirs[0] / ours[0] for theirs, ours in zip(runs, results["filiera"])]
            print(f"{name}: {statistics.median(found):.2f} times as long ({min(found):.2f} to {max(found):.2f})")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("binary", type=pathlib.Path)
    arguments.add_argument("dir", type=pathlib.Path)
    arguments.add_argument("--runs", type=int, default=7)
    arguments.add_argument("--threads", type=int, nargs="+", default=[2, 1])
    arguments.add_argument("--pack", default=HERE / "content.toml")
    arguments.add_argument("--unknown", choices=["silent", "no", "yes"], default="no", help="the closure of the pack")
    arguments.add_argument("--ways", nargs="+", default=["duckdb lots", "polars lots"])
    arguments.add_argument("--tables", type=pathlib.Path, help="folder of the export that the way `duckdb sql` reads")
    arguments.add_argument("--python", default=sys.executable, help="one that has the peers")
    arguments.add_argument("--bounds", action="store_true")
    arguments.add_argument("--six", action="store_true")
    arguments.add_argument("--cold", action="store_true", help="drop the page cache before each run")
    given = arguments.parse_args()
    if given.six:
        given.pack, given.ways = HERE / "six.toml", ["duckdb six"]
    ours = [given.binary, "check", given.dir, "--pack", given.pack, "--judge", "lots", *CLOCKS]

    def peer(way, threads):
        engine, how = way.split()
        if how == "sql":
            script = [given.python, HERE / "statement.py", given.binary, given.dir, "--tables", given.tables]
            return [*script, "--pack", given.pack, "--threads", threads]
        if given.six:
            return [given.python, HERE / "duckdb_six.py", given.dir, "--threads", threads]
        script = [given.python, HERE / f"{engine}_fleet.py", given.dir]
        return [*script, "--way", how, "--threads", threads, "--unknown", given.unknown]

    if "duckdb sql" in given.ways:
        printed = subprocess.run([*map(str, peer("duckdb sql", 2)), "--export"], check=True, capture_output=True, text=True)
        print("exported and judged in", json.loads(printed.stdout)["export_seconds"], "s")
    counts = counted(given.binary, given.dir, given.pack)
    if given.six:
        compare_six(counts, peer("duckdb six", 2))
    else:
        of_content = lambda one: one["condition"] == "local-content"
        listed = filter(of_content, findings(given.binary, given.dir, given.pack)) if given.bounds else []
        compare(counts["local-content"], {way: peer(way, 2) for way in given.ways}, list(listed))
    for threads in given.threads:
        commands = {"filiera": ours, **{way: peer(way, threads) for way in given.ways}}
        results = {name: [] for name in commands}
        for name, command in commands.items():
            measured(command, threads)  # programs are tried once
        for _ in range(given.runs):
            for name, command in commands.items():
                results[name].append(measured(command, threads, given.dir, given.cold))
        cold = ", cold" if given.cold else ""
        print(f"\n{threads} thread{'s' if threads > 1 else ''}, {given.runs} runs each, in turns{cold}")
        table(results)
        ratios(results)


if __name__ == "__main__":
    main()
