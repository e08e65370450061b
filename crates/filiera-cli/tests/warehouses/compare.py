"""Runs the statements of `filiera sql` in DuckDB, PostgreSQL and DataFusion, and compares what they find with
the findings of `filiera check --judge rows`: both verdicts, and all ends as fractions.

    compare.py FILIERA DOSSIER=EXPORT...

Prints how many findings were compared in each. PostgreSQL is started on a folder and a port of its own.
"""

import collections
import contextlib
import csv
import fractions
import glob
import io
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import datafusion
import duckdb

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


class Postgres:
    """A server of its own, gone when the folder is left."""

    def __init__(self, folder):
        self.bin = pathlib.Path(sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1])
        self.folder = pathlib.Path(folder)
        # The server refuses to run as root.
        self.user = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
        if self.user:
            shutil.chown(folder, "postgres", "postgres")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def __enter__(self):
        data = self.folder / "data"
        make = [self.bin / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "--no-sync"]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **self.user)
        settings = ["listen_addresses=127.0.0.1", f"unix_socket_directories={self.folder}", "fsync=off"]
        command = [self.bin / "postgres", "-D", data, "-p", str(self.port)]
        command += [part for setting in settings for part in ("-c", setting)]
        self.log = open(self.folder / "log", "w")
        self.server = subprocess.Popen(command, stderr=self.log, cwd=self.folder, **self.user)
        for _ in range(300):
            if subprocess.run(self.psql("-c", "SELECT 1"), capture_output=True).returncode == 0:
                return self
            time.sleep(0.1)
        self.__exit__()
        sys.exit((self.folder / "log").read_text())

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait(30)
        self.log.close()

    def psql(self, *arguments):
        server = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", "postgres"]
        return [str(self.bin / "psql"), *server, "-X", "-q", "-v", "ON_ERROR_STOP=1", *map(str, arguments)]

    def run(self, sql, *arguments):
        ran = subprocess.run(self.psql(*arguments), input=sql, capture_output=True, text=True)
        if ran.returncode:
            sys.exit(f"PostgreSQL: {ran.stderr}\n{sql}")
        return ran.stdout

    def load(self, connection, tables):
        """The exported tables that statements name, from files of commas."""
        self.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public;")
        for path in [tables / "installed.parquet", *tables.glob("judged_*.parquet")]:
            columns = connection.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()
            typed = [f"{name} {self.type(kind)}" for name, kind, *_ in columns]
            out = self.folder / f"{path.stem}.csv"
            connection.execute(f"COPY (SELECT * FROM '{path}') TO '{out}' (HEADER, NULLSTR '\\N')")
            copy = f"\\copy {path.stem} FROM '{out}' WITH (FORMAT csv, HEADER, NULL '\\N')\n"
            self.run(f"CREATE TABLE {path.stem} ({', '.join(typed)});\n{copy}")

    @staticmethod
    def type(kind):
        return "TEXT" if kind == "VARCHAR" else kind

    def found(self, sql):
        printed = csv.DictReader(io.StringIO(self.run(sql, "--csv")))
        return [{name: value or None for name, value in row.items()} for row in printed]


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
