"""The same exact totals by DuckDB, level by level, the levels given to it for free.

    duckdb_levels.py DIR [OUT.csv] [--threads N] [--way join|numbers]

Both ways read the same two Parquet files end to end and add in HUGEINT (128-bit whole numbers).

- `join` joins the lines of a level with the totals below by part id. The files are sorted by
  level, so only the row groups of that level are read.
- `numbers` first gives every part a number and every line the numbers of its two parts, and then
  joins by number.
"""

import argparse
import json
import pathlib

import duckdb

DEPTH = 12


def by_id(db, parts, bom):
    db.execute("CREATE TABLE totals (part VARCHAR, total HUGEINT)")
    db.execute(f"INSERT INTO totals SELECT part, value::HUGEINT FROM '{parts}' WHERE level = {DEPTH}")
    for level in range(DEPTH - 1, -1, -1):
        db.execute(f"""
            INSERT INTO totals
            SELECT p.part, p.value + coalesce(s.below, 0)::HUGEINT
            FROM (SELECT part, value FROM '{parts}' WHERE level = {level}) p
            LEFT JOIN (
                SELECT l.parent, sum(l.quantity * t.total) AS below
                FROM '{bom}' l JOIN totals t ON t.part = l.child
                WHERE l.level = {level}
                GROUP BY l.parent
            ) s ON s.parent = p.part
        """)
    return "SELECT part, total FROM totals"


def by_number(db, parts, bom):
    db.execute(f"CREATE TABLE numbered AS SELECT part, value, level, row_number() OVER ()::INTEGER AS n FROM '{parts}'")
    db.execute(f"""
        CREATE TABLE lines AS
        SELECT p.n AS parent, c.n AS child, l.quantity, l.level
        FROM '{bom}' l JOIN numbered p ON p.part = l.parent JOIN numbered c ON c.part = l.child
    """)
    db.execute("CREATE TABLE totals (n INTEGER, total HUGEINT)")
    db.execute(f"INSERT INTO totals SELECT n, value::HUGEINT FROM numbered WHERE level = {DEPTH}")
    for level in range(DEPTH - 1, -1, -1):
        db.execute(f"""
            INSERT INTO totals
            SELECT p.n, p.value + coalesce(s.below, 0)::HUGEINT
            FROM (SELECT n, value FROM numbered WHERE level = {level}) p
            LEFT JOIN (
                SELECT l.parent, sum(l.quantity * t.total) AS below
                FROM lines l JOIN totals t ON t.n = l.child
                WHERE l.level = {level}
                GROUP BY l.parent
            ) s ON s.parent = p.n
        """)
    return "SELECT part, total FROM totals JOIN numbered USING (n)"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("out", nargs="?")
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--way", choices=["join", "numbers"], default="join")
    given = arguments.parse_args()
    db = duckdb.connect()
    db.execute(f"SET threads = {given.threads}")
    db.execute("SET preserve_insertion_order = false")
    way = by_id if given.way == "join" else by_number
    totals = way(db, given.folder / "parts.parquet", given.folder / "bom.parquet")
    parts, total = db.execute(f"SELECT count(*), sum(total)::HUGEINT::VARCHAR FROM ({totals})").fetchone()
    print(json.dumps({"parts": parts, "sum": total}))
    if given.out:
        db.execute(f"COPY ({totals}) TO '{given.out}' (FORMAT csv, HEADER false)")


main()
