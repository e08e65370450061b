"""it/automotive-accord#local-content over a fleet, by DuckDB, in exact whole numbers.

    duckdb_fleet.py DIR [--threads N] [--way epochs|lots] [--unknown silent|no|yes] [--out FILE.csv]

Reads the files of a plain fleet (`filiera synth`) and refuses others: prices that are ranges or missing,
apportioned papers and vague origins are left out of it, which spares it work that filiera does.

Two ways, both of which look at every row for what decides about it (part, lot, supplier, day of receipt):

- `epochs` judges every part, supplier and span of days without a change, and every lot that has papers of
  its own, and joins each row with both.
- `lots` first asks the rows which lots there are, judges each once, and joins by the name of the lot where
  that tells all lots apart, else by its four columns.

Prints one line of JSON. With --out: vehicle, yes, maybe and total of each vehicle, in 1e-7 euro.
"""

import argparse
import json
import pathlib
import time

import duckdb

PAPERS = """
CREATE TEMP TABLE papers AS
SELECT part, supplier, lot, valid_from, valid_to, (origin = 'IT') AS home
FROM '{dir}/declarations.parquet'
"""

PARTS = """
CREATE TEMP TABLE prices AS
SELECT part, CAST(unit_value * 10000 AS BIGINT) AS price FROM '{dir}/parts.parquet'
"""

# Days on which a paper on a part as a whole begins, or has ended.
CHANGES = """
SELECT DISTINCT day FROM (
    SELECT valid_from AS day FROM papers WHERE lot IS NULL
    UNION ALL SELECT valid_to + 1 FROM papers WHERE lot IS NULL
) ORDER BY day
"""

BY_EPOCH = """
CREATE TEMP TABLE by_epoch AS
WITH spans AS (
    SELECT e.epoch, e.first, p.part, p.supplier
    FROM epochs e CROSS JOIN (SELECT DISTINCT part, supplier FROM papers WHERE lot IS NULL) p
)
SELECT s.part, s.supplier, s.epoch, bool_and(p.home) AS every_home, bool_or(p.home) AS any_home
FROM spans s JOIN papers p
    ON p.lot IS NULL AND p.part = s.part AND p.supplier = s.supplier AND s.first BETWEEN p.valid_from AND p.valid_to
GROUP BY ALL
"""

# Home (2), perhaps (1: no paper, or papers that disagree) or not (0); a lot's paper overrules its part's.
MARK = "CASE WHEN {every} THEN 2 WHEN {any} IS NULL OR {any} THEN 1 ELSE 0 END"

EPOCHS = """
WITH judged AS (
    SELECT part, supplier, epoch, price, {mark} AS mark
    FROM by_epoch JOIN prices USING (part)
), of_lots AS (
    SELECT part, supplier, lot, valid_from, valid_to, bool_and(home) AS every_home, bool_or(home) AS any_home
    FROM papers WHERE lot IS NOT NULL GROUP BY ALL
), rows AS (
    SELECT i.vehicle, CAST(i.quantity * 1000 AS BIGINT) * pr.price AS value,
        CASE WHEN l.lot IS NOT NULL THEN {lot_mark} ELSE coalesce(j.mark, 1) END AS mark
    FROM '{dir}/installed.parquet' i
    JOIN prices pr ON pr.part = i.part
    LEFT JOIN of_lots l ON l.lot = i.lot AND l.part = i.part AND l.supplier = i.supplier
        AND i.received_on BETWEEN l.valid_from AND l.valid_to
    LEFT JOIN judged j ON j.part = i.part AND j.supplier = i.supplier AND j.epoch = {epoch}
)
"""

KNOWN = """
CREATE TEMP TABLE known AS
SELECT lot, part, supplier, received_on FROM '{dir}/installed.parquet' GROUP BY ALL
"""

MARKED = """
CREATE TEMP TABLE marked AS
WITH spoken AS (
    SELECT k.lot, k.part, k.supplier, k.received_on, p.lot IS NOT NULL AS for_lot, p.home
    FROM known k JOIN papers p
        ON p.part = k.part AND p.supplier = k.supplier AND (p.lot IS NULL OR p.lot = k.lot)
        AND k.received_on BETWEEN p.valid_from AND p.valid_to
), judged AS (
    SELECT lot, part, supplier, received_on,
        bool_or(for_lot) AS has_lot,
        bool_and(home) FILTER (for_lot) AS lot_every, bool_or(home) FILTER (for_lot) AS lot_any,
        bool_and(home) AS part_every, bool_or(home) AS part_any
    FROM spoken GROUP BY ALL
)
SELECT k.lot, k.part, k.supplier, k.received_on, pr.price,
    CASE WHEN j.has_lot THEN {lot_mark} ELSE {part_mark} END AS mark
FROM known k JOIN prices pr USING (part) LEFT JOIN judged j USING (lot, part, supplier, received_on)
"""

LOTS = """
WITH rows AS (
    SELECT i.vehicle, CAST(i.quantity * 1000 AS BIGINT) * m.price AS value, m.mark
    FROM '{dir}/installed.parquet' i JOIN marked m USING ({key})
)
"""

SUMS = """
CREATE TEMP TABLE sums AS
{rows}
SELECT vehicle, sum(value)::HUGEINT AS total,
    sum(CASE WHEN mark = 2 THEN value ELSE 0 END)::HUGEINT AS yes,
    sum(CASE WHEN mark = 1 THEN value ELSE 0 END)::HUGEINT AS maybe
FROM rows GROUP BY vehicle
"""

# 45 % by cross-multiplication: yes / total >= 45 / 100. Unknown whether it applies: never decided.
VERDICTS = """
SELECT range, legal, count(*) FROM (
    SELECT CASE WHEN v.plant_country <> 'IT' THEN 'not_applicable'
            WHEN v.plant_country IS NULL OR coalesce(s.total, 0) = 0 THEN 'undetermined'
            WHEN s.yes * 100 >= s.total * 45 THEN 'met'
            WHEN (s.yes + s.maybe) * 100 < s.total * 45 THEN 'not_met'
            ELSE 'undetermined' END AS range,
        CASE WHEN v.plant_country <> 'IT' THEN 'not_applicable'
            WHEN v.plant_country IS NULL OR coalesce(s.total, 0) = 0 THEN 'undetermined'
            WHEN (s.yes + {legal_yes}) * 100 >= s.total * 45 THEN 'met'
            WHEN (s.yes + {legal_most}) * 100 < s.total * 45 THEN 'not_met'
            ELSE 'undetermined' END AS legal
    FROM '{dir}/vehicles.parquet' v LEFT JOIN sums s USING (vehicle)
) GROUP BY ALL
"""

# What the legal verdict adds to the yeses, for its least and its most.
CLOSURES = {"silent": ("0", "s.maybe"), "no": ("0", "0"), "yes": ("s.maybe", "s.maybe")}

ODD = """
SELECT (SELECT count(*) FROM '{dir}/parts.parquet' WHERE unit_value IS NULL OR unit_value_max IS NOT NULL)
    + (SELECT count(*) FROM '{dir}/declarations.parquet'
       WHERE share IS NOT NULL OR revoked_on IS NOT NULL OR length(origin) <> 2 OR origin = 'EU' OR supplier IS NULL)
"""


def epoch_of(changes):
    """The number of the span a row's day lies in: how many changes have been by then."""
    return " + ".join(f"(i.received_on >= DATE '{day}')::INTEGER" for day in changes) or "0"


def connect(threads, folder):
    """A connection, once it is clear that the fleet is plain."""
    db = duckdb.connect()
    db.execute(f"SET threads = {threads}")
    db.execute("SET preserve_insertion_order = false")
    db.execute("SET enable_progress_bar = false")
    if db.execute(ODD.format(dir=folder)).fetchone()[0]:
        raise SystemExit("this is no plain fleet: make one with `filiera synth DIR --scenario plain`")
    db.execute(PAPERS.format(dir=folder))
    db.execute(PARTS.format(dir=folder))
    return db


def mark_lots(db, folder):
    """Judges every lot that the rows name; the columns by which a row finds its own."""
    db.execute(KNOWN.format(dir=folder))
    lot_mark = MARK.format(every="j.lot_every", any="j.lot_any")
    part_mark = MARK.format(every="j.part_every", any="j.part_any")
    db.execute(MARKED.format(lot_mark=lot_mark, part_mark=part_mark))
    is_name_enough = db.execute("SELECT count(*) = count(DISTINCT lot) FROM known").fetchone()[0]
    return "lot" if is_name_enough else "lot, part, supplier, received_on"


def sums(db, folder, way):
    if way == "lots":
        key = mark_lots(db, folder)
        db.execute(SUMS.format(rows=LOTS.format(dir=folder, key=key)))
        return
    changes = [day for (day,) in db.execute(CHANGES).fetchall()]
    db.execute("CREATE TEMP TABLE epochs (epoch INTEGER, first DATE)")
    db.executemany("INSERT INTO epochs VALUES (?, ?)", [(place + 1, day) for place, day in enumerate(changes)])
    db.execute(BY_EPOCH)
    mark = MARK.format(every="every_home", any="any_home")
    lot_mark = MARK.format(every="l.every_home", any="l.any_home")
    rows = EPOCHS.format(dir=folder, mark=mark, lot_mark=lot_mark, epoch=epoch_of(changes))
    db.execute(SUMS.format(rows=rows))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("dir", type=pathlib.Path)
    arguments.add_argument("--threads", type=int, default=2)
    arguments.add_argument("--way", choices=["epochs", "lots"], default="lots")
    arguments.add_argument("--unknown", choices=CLOSURES, default="silent")
    arguments.add_argument("--out", type=pathlib.Path)
    given = arguments.parse_args()
    begin = time.perf_counter()
    db = connect(given.threads, given.dir)
    sums(db, given.dir, given.way)
    least, most = CLOSURES[given.unknown]
    counts = {"range": {}, "legal": {}}
    for in_range, legal, count in db.execute(
        VERDICTS.format(dir=given.dir, legal_yes=least, legal_most=most)
    ).fetchall():
        for kind, verdict in [("range", in_range), ("legal", legal)]:
            counts[kind][verdict] = counts[kind].get(verdict, 0) + count
    seconds = time.perf_counter() - begin
    if given.out:
        db.execute(f"COPY (SELECT vehicle, yes, maybe, total FROM sums ORDER BY vehicle) TO '{given.out}' (HEADER)")
    print(json.dumps({"engine": f"duckdb {duckdb.__version__}, {given.way}", **counts, "seconds": round(seconds, 3)}))


if __name__ == "__main__":
    main()
