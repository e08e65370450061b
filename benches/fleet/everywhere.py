#!/usr/bin/env python3
"""One fleet judged in several places: what is found of each vehicle must be the same everywhere.

    pip install duckdb datafusion                                  # and PostgreSQL, for the way `postgres`
    benches/fleet/everywhere.py target/release/filiera DIR --tables OUT [--ways rows duckdb postgres datafusion]

Judges the fleet lot by lot, the way that `filiera check` picks, and then in other ways: `rows` by row, vehicle
by vehicle, as a small dossier is judged; in the others the statement of `filiera sql` over exported tables. Each way
gives both verdicts of every vehicle, and the ends of both as fractions; one that differs ends the script. Prints
seconds of each way. PostgreSQL is loaded first, into a folder beside the tables, which takes more room and time
than the statement.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import duckdb

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "crates/filiera-cli/tests/warehouses"))

CLOCKS = ["--law-as-of", "2026-11-22", "--facts-as-of", "2026-11-22"]
# What a way tells of a vehicle.
TOLD = ["vehicle", "verdict", "legal", "lower", "upper", "legal_lower", "legal_upper"]


def filiera(given, *arguments):
    ran = subprocess.run([*map(str, [given.binary, *arguments, "--pack", given.pack])], capture_output=True, text=True)
    if ran.returncode not in (0, 1, 3):
        sys.exit(f"{arguments}: {ran.stderr}")
    return ran.stdout


def checked(given, connection, how, out):
    """What a check finds, as the table `how`."""
    filiera(given, "check", given.dir, "--judge", how, "--out", out, *CLOCKS)
    ends = ", ".join(f"{end}_fraction AS {end}" for end in TOLD[3:])
    connection.execute(
        f"CREATE TABLE {how} AS SELECT subject AS vehicle, verdict, legal, {ends} FROM '{out}' "
        f"WHERE condition = '{given.condition}' AND reading IS NULL"
    )


def fractions(name):
    """The columns of a statement's answer, with each end as a fraction in lowest terms."""
    def end(of):
        top, bottom = f"CAST({of}_top AS HUGEINT)", f"CAST({of}_bottom AS HUGEINT)"
        by = f"gcd({top}, {bottom})"
        return f"CASE WHEN {bottom} // {by} = 1 THEN CAST({top} // {by} AS VARCHAR) ELSE concat({top} // {by}, '/', {bottom} // {by}) END AS {of}"
    return f"CREATE TABLE {name} AS SELECT vehicle, verdict, legal, {', '.join(map(end, TOLD[3:]))} FROM answer"


def in_duckdb(given, connection, statement):
    connection.execute(f"CREATE TEMP VIEW answer AS {statement}")
    connection.execute(fractions("duckdb"))
    connection.execute("DROP VIEW answer")


def in_datafusion(given, connection, statement):
    import datafusion

    context = datafusion.SessionContext()
    for path in given.tables.glob("*.parquet"):
        context.register_parquet(path.stem, str(path))
    answer = context.sql(statement.rstrip().removesuffix(";")).to_arrow_table()
    connection.register("answer", answer)
    connection.execute(fractions("datafusion"))
    connection.unregister("answer")


def in_postgres(given, connection, statement, took):
    from postgres import Postgres

    settings = ["shared_buffers=2GB", "work_mem=1GB", "maintenance_work_mem=1GB", "max_wal_size=8GB", "jit=off"]
    with tempfile.TemporaryDirectory(dir=given.tables.parent) as folder, Postgres(folder, *settings) as server:
        begin = time.perf_counter()
        server.load(connection, given.tables)
        took["postgres, loading"] = time.perf_counter() - begin
        begin = time.perf_counter()
        answer = pathlib.Path(folder) / "answer.csv"
        with open(answer, "w") as out:
            subprocess.run(server.psql("--csv"), input=statement, stdout=out, text=True, check=True)
        took["postgres"] = time.perf_counter() - begin
        connection.execute(f"CREATE TEMP VIEW answer AS FROM read_csv('{answer}', all_varchar = true)")
        connection.execute(fractions("postgres"))
        connection.execute("DROP VIEW answer")


def compare(connection, way):
    """Ends the script where the way says something else of a vehicle, or speaks of others."""
    same = " AND ".join(f"a.{column} IS NOT DISTINCT FROM b.{column}" for column in TOLD)
    differ = f"FROM lots a FULL JOIN {way} b ON a.vehicle = b.vehicle WHERE NOT ({same})"
    [(count,)] = connection.execute(f"SELECT count(*) {differ}").fetchall()
    if count:
        shown = connection.execute(f"SELECT a.*, b.* {differ} LIMIT 3").fetchall()
        sys.exit(f"{way}: {count} vehicles differ, such as\n" + "\n".join(map(str, shown)))
    [(vehicles,)] = connection.execute(f"SELECT count(*) FROM {way}").fetchall()
    return vehicles


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("binary", type=pathlib.Path)
    arguments.add_argument("dir", type=pathlib.Path)
    arguments.add_argument("--tables", type=pathlib.Path, required=True, help="where the exported tables go")
    arguments.add_argument("--pack", type=pathlib.Path, default=HERE / "content.toml")
    arguments.add_argument("--condition", default="local-content")
    arguments.add_argument("--ways", nargs="+", default=["rows", "duckdb", "datafusion", "postgres"])
    given = arguments.parse_args()
    given.tables = given.tables.resolve()
    took = {}

    def timed(name, does):
        begin = time.perf_counter()
        answer = does()
        took.setdefault(name, time.perf_counter() - begin)
        return answer

    with tempfile.TemporaryDirectory() as folder:
        connection = duckdb.connect(os.path.join(folder, "found.duckdb"))
        connection.execute("SET enable_progress_bar = false")
        out = pathlib.Path(folder) / "findings.parquet"
        timed("lots", lambda: checked(given, connection, "lots", out))
        if set(given.ways) - {"rows"}:
            timed("export", lambda: filiera(given, "export", given.dir, "--to", given.tables, "--force", *CLOCKS))
        for way in given.ways:
            if way == "rows":
                timed(way, lambda: checked(given, connection, "rows", out))
            else:
                asked = ["--condition", given.condition, "--tables", given.tables, "--dialect", way]
                statement = filiera(given, "sql", given.dir, *asked)
                does = {"duckdb": in_duckdb, "datafusion": in_datafusion}.get(way)
                if does:
                    timed(way, lambda: does(given, connection, statement))
                else:
                    in_postgres(given, connection, statement, took)
            print(f"{way}: all {compare(connection, way):,} vehicles as by lots", flush=True)
    print(json.dumps({name: round(seconds, 2) for name, seconds in took.items()}))


if __name__ == "__main__":
    main()
