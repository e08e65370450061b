"""it/automotive-accord#local-content over a fleet, by Polars, in exact whole numbers.

    polars_fleet.py DIR [--threads N] [--way epochs|lots] [--unknown silent|no|yes] [--out FILE.csv]

The same two ways as `duckdb_fleet.py`, whose words hold here too; the streaming engine.
"""

import argparse
import json
import os
import pathlib
import time

arguments = argparse.ArgumentParser()
arguments.add_argument("dir", type=pathlib.Path)
arguments.add_argument("--threads", type=int, default=2)
arguments.add_argument("--way", choices=["epochs", "lots"], default="lots")
arguments.add_argument("--unknown", choices=["silent", "no", "yes"], default="silent")
arguments.add_argument("--out", type=pathlib.Path)
given = arguments.parse_args()
# Polars asks once, when it is imported.
os.environ["POLARS_MAX_THREADS"] = str(given.threads)

import polars as pl  # noqa: E402

YES, MAYBE, NO = 2, 1, 0


def mark_of(every, some):
    return pl.when(every).then(YES).when(some).then(MAYBE).otherwise(NO).cast(pl.Int8)


def whole(name, scale):
    return (pl.col(name) * scale).cast(pl.Int64)


def scan(name):
    return pl.scan_parquet(given.dir / f"{name}.parquet")


def evidence():
    parts = scan("parts").select("part", "unit_value", "unit_value_max").collect()
    papers = scan("declarations").collect()
    odd = parts["unit_value"].null_count() + parts["unit_value_max"].count()
    odd += papers["share"].count() + papers["revoked_on"].count() + papers["supplier"].null_count()
    odd += (papers["origin"].str.len_bytes() != 2).sum() + (papers["origin"] == "EU").sum()
    if odd:
        raise SystemExit("this is no plain fleet: make one with `filiera synth DIR --scenario plain`")
    prices = parts.select("part", whole("unit_value", 10_000).alias("price"))
    papers = papers.select("part", "supplier", "lot", "valid_from", "valid_to", (pl.col("origin") == "IT").alias("home"))
    return prices, papers


def epochs(prices, papers):
    """A row's part, supplier and span of days say its mark, unless its lot has papers of its own."""
    of_parts = papers.filter(pl.col("lot").is_null())
    ends = pl.concat([of_parts["valid_from"], of_parts["valid_to"].dt.offset_by("1d")])
    changes = ends.unique().sort()
    spans = pl.DataFrame({"first": changes}).with_row_index("epoch", 1).with_columns(pl.col("epoch").cast(pl.Int8))
    judged = (
        of_parts.join(spans, how="cross")
        .filter(pl.col("first").is_between("valid_from", "valid_to"))
        .group_by("part", "supplier", "epoch")
        .agg(mark_of(pl.col("home").all(), pl.col("home").any()).alias("mark"))
    )
    of_lots = (
        papers.filter(pl.col("lot").is_not_null())
        .group_by("part", "supplier", "lot", "valid_from", "valid_to")
        .agg(mark_of(pl.col("home").all(), pl.col("home").any()).alias("lot_mark"))
    )
    epoch = pl.sum_horizontal([(pl.col("received_on") >= day).cast(pl.Int8) for day in changes]) if len(changes) else pl.lit(0, pl.Int8)
    is_valid = pl.col("received_on").is_between("valid_from", "valid_to")
    return (
        scan("installed")
        .select("vehicle", "part", "lot", "supplier", "received_on", whole("quantity", 1_000), epoch.cast(pl.Int8).alias("epoch"))
        .join(prices.lazy(), on="part")
        .join(judged.lazy(), on=["part", "supplier", "epoch"], how="left")
        .join(of_lots.lazy(), on=["part", "supplier", "lot"], how="left")
        .select(
            "vehicle",
            (pl.col("quantity") * pl.col("price")).alias("value"),
            pl.when(is_valid).then("lot_mark").otherwise(pl.col("mark").fill_null(MAYBE)).alias("mark"),
        )
    )


def lots(prices, papers):
    """Each lot that the rows name is judged once; a row finds it by its name, where that is enough."""
    key = ["lot", "part", "supplier", "received_on"]
    known = scan("installed").select(key).unique().collect(engine="streaming")
    every, some = pl.col("home").all(), pl.col("home").any()
    found = known.join(papers.rename({"lot": "of_lot"}), on=["part", "supplier"]).filter(
        pl.col("received_on").is_between("valid_from", "valid_to")
        & (pl.col("of_lot").is_null() | (pl.col("of_lot") == pl.col("lot")))
    )
    best = found.with_columns(pl.col("of_lot").is_not_null().any().over(key).alias("has_lot")).filter(
        ~pl.col("has_lot") | pl.col("of_lot").is_not_null()
    )
    judged = best.group_by(key).agg(mark_of(every, some).alias("mark"))
    marked = known.join(prices, on="part").join(judged, on=key, how="left").with_columns(pl.col("mark").fill_null(MAYBE))
    if known["lot"].n_unique() == len(known):
        key = ["lot"]
        marked = marked.select("lot", "price", "mark")
    return (
        scan("installed")
        .join(marked.lazy(), on=key)
        .select("vehicle", (whole("quantity", 1_000) * pl.col("price")).alias("value"), "mark")
    )


def verdict(yes_least, yes_most):
    is_foreign = pl.col("plant_country") != "IT"
    return (
        pl.when(is_foreign).then(pl.lit("not_applicable"))
        .when(pl.col("plant_country").is_null() | (pl.col("total") == 0)).then(pl.lit("undetermined"))
        .when(yes_least * 100 >= pl.col("total") * 45).then(pl.lit("met"))
        .when(yes_most * 100 < pl.col("total") * 45).then(pl.lit("not_met"))
        .otherwise(pl.lit("undetermined"))
    )


def main():
    begin = time.perf_counter()
    rows = (epochs if given.way == "epochs" else lots)(*evidence())
    value, mark = pl.col("value"), pl.col("mark")
    sums = (
        rows.group_by("vehicle")
        .agg(
            value.filter(mark == YES).sum().alias("yes"),
            value.filter(mark == MAYBE).sum().alias("maybe"),
            value.sum().alias("total"),
        )
        .collect(engine="streaming")
    )
    yes, most = pl.col("yes"), pl.col("yes") + pl.col("maybe")
    closures = {"silent": (yes, most), "no": (yes, yes), "yes": (most, most)}
    judged = (
        scan("vehicles").select("vehicle", "plant_country").collect()
        .join(sums, on="vehicle", how="left")
        .with_columns(pl.col("yes", "maybe", "total").fill_null(0))
        .select(verdict(yes, most).alias("range"), verdict(*closures[given.unknown]).alias("legal"))
    )
    counts = {kind: dict(judged[kind].value_counts().iter_rows()) for kind in ["range", "legal"]}
    seconds = time.perf_counter() - begin
    if given.out:
        sums.sort("vehicle").write_csv(given.out)
    print(json.dumps({"engine": f"polars {pl.__version__}, {given.way}", **counts, "seconds": round(seconds, 3)}))


main()
