"""The statement of `filiera sql` over an exported fleet, in DuckDB.

    statement.py FILIERA DIR --tables OUT [--pack FILE] [--condition NAME] [--threads N] [--export]

With --export the tables are made first, and what that takes is told apart. Prints one line of JSON: vehicles
per verdict, and the seconds that the statement takes.
"""

import argparse
import json
import pathlib
import subprocess
import time

import duckdb

CLOCKS = ["--law-as-of", "2026-11-22", "--facts-as-of", "2026-11-22"]


def filiera(binary, *arguments):
    command = list(map(str, [binary, *arguments]))
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("binary", type=pathlib.Path)
    arguments.add_argument("dir", type=pathlib.Path)
    arguments.add_argument("--tables", type=pathlib.Path, required=True)
    arguments.add_argument("--pack", help="instead of those the dossier names")
    arguments.add_argument("--condition", default="local-content")
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--export", action="store_true")
    given = arguments.parse_args()
    by = ["--pack", given.pack] if given.pack else []
    told = {}
    if given.export:
        begin = time.perf_counter()
        filiera(given.binary, "export", given.dir, "--to", given.tables, "--force", *by, *CLOCKS)
        told["export_seconds"] = round(time.perf_counter() - begin, 3)
    asked = ["--condition", given.condition, "--tables", given.tables]
    statement = filiera(given.binary, "sql", given.dir, *asked, *by)
    begin = time.perf_counter()
    db = duckdb.connect()
    db.execute(f"SET threads = {given.threads}")
    db.execute("SET enable_progress_bar = false")
    db.execute(f"CREATE TEMP TABLE found AS {statement}")
    counts = {"range": "verdict", "legal": "legal"}
    for kind, column in counts.items():
        rows = db.execute(f"SELECT {column}, count(*) FROM found GROUP BY ALL ORDER BY ALL").fetchall()
        told[kind] = dict(rows)
    told["seconds"] = round(time.perf_counter() - begin, 3)
    print(json.dumps({"engine": f"duckdb {duckdb.__version__}, filiera sql", **told}))


if __name__ == "__main__":
    main()
