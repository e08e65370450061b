"""The vehicles of a plain fleet as JSON documents, and the papers and prices they are judged by.

    documents.py DIR OUT [--vehicles N]

Writes OUT/data.json and OUT/vehicles.ndjson, one document per vehicle with all that is installed in it; the
first N vehicles of the table, or all.
"""

import argparse
import json
import pathlib

import duckdb

VEHICLES = """
COPY (
    SELECT v.vehicle, v.plant_country, list({{
        'part': i.part, 'lot': i.lot, 'supplier': i.supplier,
        'quantity': CAST(i.quantity * 1000 AS BIGINT), 'received_on': strftime(i.received_on, '%Y-%m-%d')
    }}) AS installed
    FROM (SELECT vehicle, plant_country FROM '{dir}/vehicles.parquet' ORDER BY vehicle LIMIT {count}) v
    JOIN '{dir}/installed.parquet' i USING (vehicle)
    GROUP BY ALL ORDER BY v.vehicle
) TO '{out}/vehicles.ndjson' (FORMAT json)
"""

PAPERS = """
SELECT part, supplier, lot, origin = 'IT', strftime(coalesce(valid_from, DATE '0001-01-01'), '%Y-%m-%d'),
    strftime(coalesce(valid_to, DATE '9999-12-31'), '%Y-%m-%d')
FROM '{dir}/declarations.parquet'
"""


def papers(db, folder):
    of_parts, of_lots = {}, {}
    for part, supplier, lot, home, begin, end in db.execute(PAPERS.format(dir=folder)).fetchall():
        paper = {"home": home, "from": begin, "to": end}
        own = (of_parts if lot is None else of_lots).setdefault(part, {})
        if lot is None:
            own.setdefault(supplier, []).append(paper)
        else:
            own.setdefault(supplier, {}).setdefault(lot, []).append(paper)
    return of_parts, of_lots


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("dir", type=pathlib.Path)
    arguments.add_argument("out", type=pathlib.Path)
    arguments.add_argument("--vehicles", type=int, default=2**62)
    given = arguments.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    db = duckdb.connect()
    of_parts, of_lots = papers(db, given.dir)
    prices = db.execute(f"SELECT part, CAST(unit_value * 10000 AS BIGINT) FROM '{given.dir}/parts.parquet'").fetchall()
    data = {"of_parts": of_parts, "of_lots": of_lots, "prices": dict(prices)}
    (given.out / "data.json").write_text(json.dumps(data))
    db.execute(VEHICLES.format(dir=given.dir, out=given.out, count=given.vehicles))


if __name__ == "__main__":
    main()
