"""Runs the statements of `filiera sql` in DuckDB, PostgreSQL and DataFusion, and compares what they find with
the findings of `filiera check --judge rows`: both verdicts, and all ends as fractions.

    compare.py FILIERA DOSSIER=EXPORT...

Prints how many findings were compared in each. PostgreSQL is started on a folder and a port of its own.
"""

import collections
import contextlib
import fractions
import json
import pathlib
import subprocess
import sys
import tempfile

import datafusion
import duckdb

from postgres import Postgres

CLOCKS = ["--law-as-of", "2026-11-22", "--facts-as-of", "2026-11-22"]
ENDS = ["lower", "upper", "legal_lower", "legal_upper"]


def filiera(*arguments):
    ran = subprocess.run([sys.argv[1], *arguments], capture_output=True, text=True)
    if ran.returncode not in (0, 1, 3):
        sys.exit(f"{arguments}: {ran.stderr}")
    return ran.stdout


def findings(dossier):
    """By condition and reading: the finding of each vehicle."""
    found = collections.defaultdict(dict)
    lines = filiera("check", dossier, "--judge", "rows", "--readings", "--format", "jsonl", *CLOCKS)
    for finding in map(json.loads, lines.splitlines()):
        key = finding["pack"] + "#" + finding["condition"], finding.get("reading")
        found[key][finding["subject"]] = finding
    return found


def statement(dossier, condition, reading, dialect, tables):
    of = ["--reading", reading] if reading else []
    return filiera("sql", dossier, "--condition", condition, *of, "--dialect", dialect, "--tables", tables)


def in_duckdb(connection, sql):
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row)) for row in cursor.fetchall()]


def in_datafusion(tables):
    context = datafusion.SessionContext()
    for path in tables.glob("*.parquet"):
        context.register_parquet(path.stem, str(path))
    return lambda sql: context.sql(sql.rstrip().removesuffix(";")).to_pylist()


def fraction(row, end):
    top = row[end + "_top"]
    return None if top is None else fractions.Fraction(int(top), int(row[end + "_bottom"]))


def compare(name, rows, found):
    """Stops at the first difference."""
    told = {row["vehicle"]: row for row in rows}
    assert len(told) == len(rows) and told.keys() == found.keys(), f"{name}: other vehicles"
    for vehicle, row in told.items():
        finding = found[vehicle]
        about = f"{name} {vehicle}: {row} is not {json.dumps(finding)}"
        assert (row["verdict"], row["legal"]) == (finding["verdict"], finding["legal"]), about
        for end in ENDS if "lower_top" in row else []:
            expected = finding[end + "_fraction"]
            assert fraction(row, end) == (expected and fractions.Fraction(expected)), f"{end} of {about}"
    return len(rows)


def with_a_new_row(dossier, tables, condition, found):
    """A row that nobody judged leaves its vehicle without a verdict, and the others as they are."""
    connection = duckdb.connect()
    for path in [tables / "installed.parquet", *tables.glob("judged_*.parquet")]:
        connection.execute(f"CREATE TABLE {path.stem} AS FROM '{path}'")
    for change in [
        "INSERT INTO installed SELECT * REPLACE ('never seen' AS lot) FROM installed WHERE vehicle = ? LIMIT 1",
        "DELETE FROM installed WHERE vehicle = ? AND lot = 'never seen'",
    ]:
        # Of a condition that does not speak of it a vehicle's rows are not asked.
        changed = min(name for name, one in found.items() if one["verdict"] != "not_applicable")
        connection.execute(change, [changed])
        sql = filiera("sql", dossier, "--condition", condition, *CLOCKS)
        rows = {row["vehicle"]: row for row in in_duckdb(connection, sql)}
        if change.startswith("INSERT"):
            assert rows.pop(changed)["verdict"] is None, f"a verdict on {changed} of {dossier}"
        compare(f"{dossier} {condition} changed", list(rows.values()), {name: found[name] for name in rows})


def main():
    connection = duckdb.connect()
    compared = collections.Counter()
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        server = stack.enter_context(Postgres(folder))
        for pair in sys.argv[2:]:
            dossier, tables = pair.split("=")
            server.load(connection, pathlib.Path(tables).resolve())
            of_datafusion = in_datafusion(pathlib.Path(tables))
            vehicles = {row[0] for row in connection.execute(f"SELECT vehicle FROM '{tables}/vehicles.parquet'").fetchall()}
            listed = findings(dossier)
            for (condition, reading), found in listed.items():
                if not found.keys() <= vehicles:
                    continue
                name = f"{dossier} {condition} {reading or ''}"
                asked = dossier, condition, reading
                rows = in_duckdb(connection, statement(*asked, "duckdb", tables))
                compared["duckdb"] += compare(f"DuckDB: {name}", rows, found)
                rows = server.found(statement(*asked, "postgres", tables))
                compared["postgres"] += compare(f"PostgreSQL: {name}", rows, found)
                rows = of_datafusion(statement(*asked, "datafusion", tables))
                compared["datafusion"] += compare(f"DataFusion: {name}", rows, found)
            with_a_new_row(dossier, pathlib.Path(tables), "by-value", listed["everything#by-value", None])
    print(json.dumps(compared))


main()
