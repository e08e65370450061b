//! Somebody who answers row by row, from rows in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Decimal128Array, Int32Array, Int64Array, RecordBatch, StringArray,
    new_null_array,
};
use arrow::datatypes::{Date32Type, Decimal128Type, Field, Int32Type, Int64Type, Schema};
use filiera_fleet::{Asks, Elsewhere, FleetError, Footers, Group, Question};
use filiera_tables::{Dossier, SCALE, TableKind};

type Text = Option<String>;

/// One row of `installed`.
#[derive(Clone, Debug, Default)]
struct Row {
    vehicle: Text,
    part: Text,
    supplier: Text,
    lot: Text,
    quantity: Option<i128>,
    received: [Option<i32>; 2],
}

pub struct Twin {
    rows: Vec<Row>,
    group: usize,
}

/// View, part, supplier, lot, quantity, and the days that papers may have to be valid on.
type Key = (Option<i32>, Text, Text, Text, Option<i128>, Option<(i32, i32)>);

/// Takes a vehicle off the list.
pub fn strike(dossier: &mut Dossier, row: u32) {
    let vehicles = dossier.table(TableKind::Vehicles).expect("vehicles");
    let others: Vec<u32> = (0..vehicles.len() as u32).filter(|one| *one != row).collect();
    let others = vehicles.take(&others).expect("rows");
    dossier.tables.insert(TableKind::Vehicles, others);
}

fn texts(batch: &RecordBatch, name: &str) -> Vec<Text> {
    let column = batch.column_by_name(name).cloned();
    let column =
        column.unwrap_or_else(|| new_null_array(&arrow::datatypes::DataType::Utf8, batch.num_rows()));
    column.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect()
}

fn days(batch: &RecordBatch, name: &str) -> Vec<Option<i32>> {
    match batch.column_by_name(name) {
        Some(column) => column.as_primitive::<Date32Type>().iter().collect(),
        None => vec![None; batch.num_rows()],
    }
}

fn numbers(batch: &RecordBatch, name: &str) -> Vec<Option<i128>> {
    match batch.column_by_name(name) {
        Some(column) => column.as_primitive::<Decimal128Type>().iter().collect(),
        None => vec![None; batch.num_rows()],
    }
}

impl Twin {
    /// Has the rows of a dossier, in groups of so many; sorted, or mixed up.
    pub fn new(dossier: &Dossier, group: usize, is_sorted: bool) -> Self {
        let batch = dossier.table(TableKind::Installed).expect("installed").batch().clone();
        let [vehicle, part, supplier, lot] =
            ["vehicle", "part", "supplier", "lot"].map(|name| texts(&batch, name));
        let quantity = numbers(&batch, "quantity");
        let [first, last] = ["received_on", "received_on_max"].map(|name| days(&batch, name));
        let row = |row: usize| Row {
            vehicle: vehicle[row].clone(),
            part: part[row].clone(),
            supplier: supplier[row].clone(),
            lot: lot[row].clone(),
            quantity: quantity[row],
            received: [first[row], last[row]],
        };
        let mut rows: Vec<Row> = (0..batch.num_rows()).map(row).collect();
        if is_sorted {
            rows.sort_by(|a, b| a.vehicle.cmp(&b.vehicle));
        } else {
            // Of each vehicle some rows stand in each half.
            let (first, second) = (rows.iter().step_by(2), rows.iter().skip(1).step_by(2));
            rows = first.chain(second).cloned().collect();
        }
        Self { rows, group }
    }

    /// Writes into a cell.
    pub fn write(&mut self, column: &str, cell: Option<&str>) {
        let row = self.rows.last_mut().expect("a row");
        let cell = cell.map(str::to_owned);
        match column {
            "vehicle" => row.vehicle = cell,
            "part" => row.part = cell,
            _ => row.lot = cell,
        }
    }

    fn in_question<'t>(&'t self, question: &'t Question) -> impl Iterator<Item = &'t Row> {
        let [from, to] = &question.vehicles;
        self.rows.iter().filter(move |row| match &row.vehicle {
            None => from.is_none(),
            Some(name) => {
                from.as_ref().is_none_or(|from| from <= name) && to.as_ref().is_none_or(|to| name < to)
            }
        })
    }

    fn distinct(&self, question: &Question) -> RecordBatch {
        let seen = seen(question);
        let mut counts: BTreeMap<Key, [i64; 2]> = BTreeMap::new();
        for row in self.in_question(question) {
            let counts = counts.entry(key(row, &seen)).or_default();
            counts[0] += 1;
            counts[1] += i64::from(row.vehicle.is_some());
        }
        let keys = || counts.keys();
        let text = |of: fn(&Key) -> &Text| {
            Arc::new(keys().map(|key| of(key).clone()).collect::<StringArray>()) as ArrayRef
        };
        let quantities: Decimal128Array = keys().map(|key| key.4).collect();
        let quantities = quantities.with_precision_and_scale(38, SCALE.cast_signed()).expect("numbers");
        let count = |place: usize| {
            Arc::new(counts.values().map(|one| one[place]).collect::<Int64Array>()) as ArrayRef
        };
        batch(vec![
            ("view".into(), Arc::new(keys().map(|key| key.0).collect::<Int32Array>())),
            ("part".into(), text(|key| &key.1)),
            ("supplier".into(), text(|key| &key.2)),
            ("lot".into(), text(|key| &key.3)),
            ("quantity".into(), Arc::new(quantities)),
            (
                "tested_from".into(),
                Arc::new(keys().map(|key| key.5.map(|days| days.0)).collect::<Date32Array>()),
            ),
            (
                "tested_to".into(),
                Arc::new(keys().map(|key| key.5.map(|days| days.1)).collect::<Date32Array>()),
            ),
            ("all_rows".into(), count(0)),
            ("of_vehicles".into(), count(1)),
        ])
    }

    fn sums(&self, question: &Question, lanes: usize) -> RecordBatch {
        let (seen, weights) = (seen(question), weights(question, lanes));
        // All rows, those of vehicles that are seen, those that were judged, those that are open, and the lanes.
        let mut sums: BTreeMap<Text, Vec<i64>> = BTreeMap::new();
        for row in self.in_question(question) {
            let own = sums.entry(row.vehicle.clone()).or_insert_with(|| vec![0; 4 + lanes]);
            let key = key(row, &seen);
            own[0] += 1;
            own[1] += i64::from(key.0.is_some());
            let key = (
                key.0,
                key.1,
                Some(key.2.unwrap_or_default()),
                Some(key.3.unwrap_or_default()),
                Some(key.4.unwrap_or_default()),
                key.5,
            );
            if let Some(adds) = weights.get(&key).filter(|_| key.0.is_some()) {
                own[2] += 1;
                own.iter_mut().skip(3).zip(adds).for_each(|(sum, adds)| *sum += adds);
            }
        }
        let column =
            |place: usize| Arc::new(sums.values().map(|own| own[place]).collect::<Int64Array>()) as ArrayRef;
        let mut columns: Vec<(String, ArrayRef)> = vec![
            ("vehicle".into(), Arc::new(sums.keys().cloned().collect::<StringArray>())),
            ("all_rows".into(), column(0)),
            ("seen_rows".into(), column(1)),
            ("judged_rows".into(), column(2)),
            ("open_rows".into(), column(3)),
        ];
        columns.extend((0..lanes).map(|lane| (format!("lane_{lane}"), column(4 + lane))));
        batch(columns)
    }

    fn all(&self, question: &Question) -> RecordBatch {
        let wanted = texts(beside(question, "wanted_vehicles"), "vehicle");
        let rows: Vec<&Row> =
            self.in_question(question).filter(|row| wanted.contains(&row.vehicle)).collect();
        let text = |of: fn(&Row) -> &Text| {
            Arc::new(rows.iter().map(|row| of(row).clone()).collect::<StringArray>()) as ArrayRef
        };
        let day = |place: usize| {
            Arc::new(rows.iter().map(|row| row.received[place]).collect::<Date32Array>()) as ArrayRef
        };
        let quantities: Decimal128Array = rows.iter().map(|row| row.quantity).collect();
        let quantities = quantities.with_precision_and_scale(38, SCALE.cast_signed()).expect("numbers");
        batch(vec![
            ("vehicle".into(), text(|row| &row.vehicle)),
            ("part".into(), text(|row| &row.part)),
            ("lot".into(), text(|row| &row.lot)),
            ("supplier".into(), text(|row| &row.supplier)),
            ("quantity".into(), Arc::new(quantities)),
            ("received_on".into(), day(0)),
            ("received_on_max".into(), day(1)),
        ])
    }
}

fn batch(columns: Vec<(String, ArrayRef)>) -> RecordBatch {
    let fields: Vec<Field> =
        columns.iter().map(|(name, column)| Field::new(name, column.data_type().clone(), true)).collect();
    let columns = columns.into_iter().map(|(_, column)| column).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).expect("an answer")
}

fn beside<'q>(question: &'q Question, name: &str) -> &'q RecordBatch {
    &question.beside.iter().find(|(own, _)| *own == name).expect("a table").1
}

type Seen = BTreeMap<String, (i32, i32)>;

fn seen(question: &Question) -> Seen {
    let table = beside(question, "seen_vehicles");
    let views: Vec<Option<i32>> =
        table.column_by_name("view").expect("views").as_primitive::<Int32Type>().iter().collect();
    let names = texts(table, "vehicle").into_iter().zip(views).zip(days(table, "built_on"));
    names.filter_map(|((name, view), day)| Some((name?, (view?, day?)))).collect()
}

fn key(row: &Row, seen: &Seen) -> Key {
    let own = row.vehicle.as_ref().and_then(|name| seen.get(name));
    let days = own.map(|(_, built_on)| {
        let from = row.received[0].unwrap_or(*built_on);
        (from, row.received[0].and(row.received[1]).map_or(from, |to| to.max(from)))
    });
    let view = own.map(|(view, _)| *view);
    (view, row.part.clone(), row.supplier.clone(), row.lot.clone(), row.quantity, days)
}

fn weights(question: &Question, lanes: usize) -> BTreeMap<Key, Vec<i64>> {
    let table = beside(question, "weights");
    let whole = |name: &str| -> Vec<i64> {
        let column = table.column_by_name(name).expect("a column").as_primitive::<Int64Type>();
        column.iter().map(Option::unwrap_or_default).collect()
    };
    let views: Vec<Option<i32>> =
        table.column_by_name("view").expect("views").as_primitive::<Int32Type>().iter().collect();
    let [part, supplier, lot] = ["part", "supplier", "lot"].map(|name| texts(table, name));
    let quantity = numbers(table, "quantity");
    let [from, to] = ["tested_from", "tested_to"].map(|name| days(table, name));
    let mut columns = vec![whole("open_rows")];
    columns.extend((0..lanes).map(|lane| whole(&format!("lane_{lane}"))));
    let row = |row: usize| {
        let key = (
            views[row],
            part[row].clone(),
            supplier[row].clone(),
            lot[row].clone(),
            quantity[row],
            from[row].zip(to[row]),
        );
        (key, columns.iter().map(|column| column[row]).collect())
    };
    (0..table.num_rows()).map(row).collect()
}

impl Elsewhere for Twin {
    fn name(&self) -> String {
        "the twin".to_owned()
    }

    fn at_once(&self) -> usize {
        3
    }

    fn footers(&self) -> Result<Footers, FleetError> {
        let columns = [
            ("vehicle", "Utf8"),
            ("part", "Dictionary(Int32, Utf8)"),
            ("lot", "Utf8View"),
            ("supplier", "LargeUtf8"),
            ("quantity", "Decimal128(38, 12)"),
            ("received_on", "Date32"),
            ("received_on_max", "Date32"),
        ];
        let columns = columns.map(|(name, kind)| (name.to_owned(), kind.to_owned())).to_vec();
        let groups = self.rows.chunks(self.group).map(|rows| {
            let names: Option<Vec<&String>> = rows.iter().map(|row| row.vehicle.as_ref()).collect();
            let ends = names
                .and_then(|names| Some([(*names.iter().min()?).clone(), (*names.iter().max()?).clone()]));
            Group { rows: rows.len() as u64, ends }
        });
        Ok(Footers { columns, groups: groups.collect() })
    }

    fn ask(&self, question: &Question, _: &dyn Fn() -> bool) -> Result<RecordBatch, FleetError> {
        Ok(match question.asks {
            Asks::Distinct => self.distinct(question),
            Asks::Sums(lanes) => self.sums(question, lanes),
            Asks::Rows => self.all(question),
        })
    }
}
