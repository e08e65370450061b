"""The six conditions of `six.toml` over a fleet, by DuckDB, in one pass and in exact whole numbers.

    duckdb_six.py DIR [--threads N]

As `duckdb_fleet.py --way lots`, whose words hold here too: lots are judged once, then rows are added up. The
pack closes no unknown, so that the legal verdict is the range. Prints one line of JSON.
"""

import argparse
import json
import pathlib
import time

import duckdb
import duckdb_fleet as one

# What a piece of each lot adds to each sum: worth or grams by mark, in all or among some classes.
PIECES = """
CREATE TEMP TABLE pieces AS
SELECT m.lot, m.part, m.supplier, m.received_on, {columns}
FROM (
    SELECT marked.*, class, CAST(mass_kg * 1000 AS BIGINT) AS grams, c.country
    FROM marked JOIN '{dir}/parts.parquet' USING (part)
    LEFT JOIN '{dir}/companies.parquet' c ON c.company = marked.supplier
) m
"""

# By sum: what is weighed, and among which rows.
SCOPES = {
    "value": ("price", "true"),
    "mass": ("grams", "true"),
    "rest": ("price", "class <> 'battery'"),
    "cabin": ("price", "class IN ('interior', 'seats', 'infotainment')"),
}

SUMS = """
CREATE TEMP TABLE sums AS
SELECT vehicle, {sums}, sum(offends) AS offends, sum(may_offend) AS may_offend, sum(sensitive) AS sensitive
FROM (SELECT vehicle, CAST(quantity * 1000 AS BIGINT) AS q, p.* EXCLUDE ({key})
      FROM '{dir}/installed.parquet' JOIN pieces p USING ({key}))
GROUP BY vehicle
"""

VERDICTS = """
SELECT {verdicts}
FROM '{dir}/vehicles.parquet' LEFT JOIN sums USING (vehicle)
"""

SHARE = """CASE WHEN coalesce({scope}_total, 0) = 0 THEN 'undetermined'
    WHEN {scope}_yes * 100 >= {scope}_total * {percent} THEN 'met'
    WHEN ({scope}_yes + {scope}_maybe) * 100 < {scope}_total * {percent} THEN 'not_met'
    ELSE 'undetermined' END AS "{name}" """

EVERY = """CASE WHEN offends > 0 THEN 'not_met' WHEN may_offend > 0 THEN 'undetermined'
    WHEN sensitive > 0 THEN 'met' ELSE 'not_applicable' END AS "infotainment" """

# Unknown seats may be at home or abroad.
RATIO = """CASE WHEN coalesce(abroad, 0) = 0 THEN 'undetermined'
    WHEN home * 10 >= (abroad + nowhere) * 8 THEN 'met' WHEN (home + nowhere) * 10 < abroad * 8 THEN 'not_met'
    ELSE 'undetermined' END AS "home-to-abroad" """

RISING = "CASE WHEN built_on < DATE '2025-07-01' THEN 42 ELSE 48 END"


def pieces(db, folder):
    columns = []
    for name, (weight, among) in SCOPES.items():
        for end, mark in [("total", "true"), ("yes", "mark = 2"), ("maybe", "mark = 1")]:
            columns.append(f"CASE WHEN {among} AND {mark} THEN {weight} ELSE 0 END AS {name}_{end}")
    for name, seat in [("home", "country = 'IT'"), ("abroad", "country <> 'IT'"), ("nowhere", "country IS NULL")]:
        columns.append(f"CASE WHEN {seat} THEN price ELSE 0 END AS {name}")
    for name, seat in [("offends", "country <> 'IT'"), ("may_offend", "country IS NULL"), ("sensitive", "true")]:
        columns.append(f"CASE WHEN class = 'infotainment' AND {seat} THEN 1 ELSE 0 END AS {name}")
    db.execute(PIECES.format(dir=folder, columns=", ".join(columns)))


def verdicts():
    shares = [("without-battery", "rest", "45"), ("cabin", "cabin", "50"), ("by-mass", "mass", "45"), ("rising", "value", RISING)]
    return [SHARE.format(name=name, scope=scope, percent=percent) for name, scope, percent in shares] + [EVERY, RATIO]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("dir", type=pathlib.Path)
    arguments.add_argument("--threads", type=int, default=2)
    given = arguments.parse_args()
    begin = time.perf_counter()
    db = one.connect(given.threads, given.dir)
    key = one.mark_lots(db, given.dir)
    pieces(db, given.dir)
    weighed = [f"{name}_{end}" for name in SCOPES for end in ["total", "yes", "maybe"]] + ["home", "abroad", "nowhere"]
    sums = ", ".join(f"sum(q * {name})::HUGEINT AS {name}" for name in weighed)
    db.execute(SUMS.format(dir=given.dir, sums=sums, key=key))
    db.execute("CREATE TEMP TABLE found AS " + VERDICTS.format(dir=given.dir, verdicts=", ".join(verdicts())))
    counts = {}
    for (name, *_) in db.execute("DESCRIBE found").fetchall():
        counts[name] = dict(db.execute(f'SELECT "{name}", count(*) FROM found GROUP BY 1 ORDER BY 1').fetchall())
    seconds = time.perf_counter() - begin
    print(json.dumps({"engine": f"duckdb {duckdb.__version__}", "conditions": counts, "seconds": round(seconds, 3)}))


main()
