use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Builder, Decimal128Builder, DictionaryArray, Int32Array, Int32Builder, RecordBatch,
    StringArray,
};

use super::SynthError;
use super::columns::{Columns, THOUSANDTHS};
use super::random::{Draw, Random};
use super::vehicles::{Vehicle, vehicle_id};
use super::world::World;

/// So many rows are made at a time: enough for the writer, few enough for the processor's memory.
const ROWS: u64 = 65_536;

/// One lot in so many is still the one before, because it stood in another corner of the hall.
const OLDER: u64 = 8;

/// A row of `installed`, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row {
    part: u32,
    /// The lot it was drawn from, also where the row does not say so.
    lot: u32,
    names_lot: bool,
    supplier: Option<u32>,
    quantity: Option<i64>,
    received: Option<i32>,
}

impl World {
    /// The name of a lot, which in odd fleets says nothing of its part.
    pub(super) fn lot_name(&self, part: u32, lot: u32) -> String {
        let number = lot - self.lots.of_part(part).start + 1;
        if self.options.oddities.same_lot_names {
            return format!("L{number:04}");
        }
        format!("{}-{number:04}", self.parts.get(part as usize).map_or("", |part| part.id.as_str()))
    }

    pub(super) fn each_installed(
        &self,
        take: &mut dyn FnMut(RecordBatch) -> Result<(), SynthError>,
    ) -> Result<(), SynthError> {
        let (names, order) = (Names::new(self), Order::of(self));
        let rows = self.options.rows();
        for first in (0..rows).step_by(ROWS as usize) {
            let places = (first..rows.min(first + ROWS)).map(|place| order.row(place));
            take(self.installed_batch(&names, places)?)?;
        }
        Ok(())
    }

    fn installed_batch(
        &self,
        names: &Names,
        rows: impl Iterator<Item = u64>,
    ) -> Result<RecordBatch, SynthError> {
        let mut filling = Filling::default();
        let lines = u64::from(self.options.lines);
        let mut vehicle = self.vehicle(0);
        for row in rows {
            let (number, line) = ((row / lines) as u32, (row % lines) as u32);
            if vehicle.number != number || filling.vehicles.is_empty() {
                vehicle = self.vehicle(number);
                filling.vehicles.push(vehicle_id(number));
            }
            filling.add(self.row(&vehicle, line, row), names);
        }
        filling.batch(names)
    }

    fn row(&self, vehicle: &Vehicle, line: u32, number: u64) -> Row {
        let odd = self.options.oddities;
        let mut random = Random::of(self.options.seed, Draw::Row, number);
        let of_older = random.below(OLDER) == 0;
        let is_again = odd.parts_twice && line > 0 && random.percent(4);
        let place = line - u32::from(is_again);
        let parts = self.configurations.get(vehicle.configuration).map(|one| one.parts.as_slice());
        let part = parts.and_then(|parts| parts.get(place as usize)).copied().unwrap_or_default();
        let mut lot = self.lots.at(part, vehicle.time);
        if (of_older || is_again) && lot > self.lots.of_part(part).start {
            lot -= 1;
        }
        let mut lacks = |may: bool| may && random.percent(4);
        let supplier = self.lots.supplier.get(lot as usize).filter(|_| !lacks(odd.no_suppliers));
        let quantity = self.parts.get(part as usize).filter(|_| !lacks(odd.odd_quantities));
        let received = self.lots.received.get(lot as usize).filter(|_| !lacks(odd.no_receipts));
        let names_lot = !lacks(odd.no_lots);
        let later = if lacks(odd.split_receipts) { random.between(1, 40) as i32 } else { 0 };
        Row {
            part,
            lot,
            names_lot,
            supplier: supplier.copied(),
            quantity: quantity.map(|part| part.quantity),
            received: received.map(|day| day + later),
        }
    }
}

/// The texts that rows refer to by number.
struct Names {
    parts: ArrayRef,
    suppliers: ArrayRef,
    lots: ArrayRef,
    /// Per lot: the place of its name.
    lot_places: Vec<i32>,
}

impl Names {
    fn new(world: &World) -> Self {
        let parts: StringArray = world.parts.iter().map(|part| Some(&part.id)).collect();
        let suppliers: StringArray = world.companies.all.iter().map(|one| Some(&one.id)).collect();
        let share_names = world.options.oddities.same_lot_names;
        let mut names: Vec<String> = Vec::new();
        let mut lot_places = Vec::with_capacity(world.lots.len());
        for part in 0..world.options.parts {
            let lots = world.lots.of_part(part);
            for lot in lots.clone() {
                let place = if share_names { (lot - lots.start) as usize } else { names.len() };
                if place == names.len() {
                    names.push(world.lot_name(part, lot));
                }
                lot_places.push(place as i32);
            }
        }
        let lots = StringArray::from(names);
        Self { parts: Arc::new(parts), suppliers: Arc::new(suppliers), lots: Arc::new(lots), lot_places }
    }
}

/// A batch in the making.
#[derive(Default)]
struct Filling {
    vehicles: Vec<String>,
    vehicle: Vec<i32>,
    part: Vec<i32>,
    lot: Int32Builder,
    supplier: Int32Builder,
    quantity: Decimal128Builder,
    received: Date32Builder,
}

impl Filling {
    fn add(&mut self, row: Row, names: &Names) {
        self.vehicle.push(self.vehicles.len() as i32 - 1);
        self.part.push(row.part.cast_signed());
        let lot = names.lot_places.get(row.lot as usize).copied();
        self.lot.append_option(lot.filter(|_| row.names_lot));
        self.supplier.append_option(row.supplier.map(u32::cast_signed));
        self.quantity.append_option(row.quantity.map(i128::from));
        self.received.append_option(row.received);
    }

    fn batch(mut self, names: &Names) -> Result<RecordBatch, SynthError> {
        let text = |keys: Int32Array, values: &ArrayRef| -> Result<ArrayRef, SynthError> {
            Ok(Arc::new(DictionaryArray::try_new(keys, Arc::clone(values))?))
        };
        let vehicles: ArrayRef = Arc::new(StringArray::from(self.vehicles));
        let quantity = self.quantity.finish().with_precision_and_scale(THOUSANDTHS.0, THOUSANDTHS.1)?;
        Columns::default()
            .add("vehicle", text(self.vehicle.into(), &vehicles)?)
            .add("part", text(self.part.into(), &names.parts)?)
            .add("lot", text(self.lot.finish(), &names.lots)?)
            .add("supplier", text(self.supplier.finish(), &names.suppliers)?)
            .add("quantity", Arc::new(quantity))
            .add("received_on", Arc::new(self.received.finish()))
            .batch()
    }
}

/// The order in which rows are written: vehicle by vehicle, or in great leaps through all of them.
struct Order {
    step: u64,
    rows: u64,
}

impl Order {
    fn of(world: &World) -> Self {
        let rows = world.options.rows();
        let step = if world.options.unsorted { leap(rows) } else { 1 };
        Self { step, rows }
    }

    fn row(&self, place: u64) -> u64 {
        if self.step == 1 {
            return place;
        }
        (u128::from(place) * u128::from(self.step) % u128::from(self.rows)) as u64
    }
}

/// A step that comes by every row once: it has no factor in common with their number. About the golden
/// ratio of it, so that neighbours land far apart.
fn leap(rows: u64) -> u64 {
    let golden = (u128::from(rows) * 618_034 / 1_000_000) as u64;
    (golden.max(1)..).find(|step| common_factor(*step, rows) == 1).unwrap_or(1)
}

fn common_factor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaps_come_by_every_row_once() {
        for rows in [1, 2, 3, 6, 100, 997, 1000] {
            let order = Order { step: leap(rows), rows };
            let mut seen: Vec<u64> = (0..rows).map(|place| order.row(place)).collect();
            seen.sort_unstable();
            assert_eq!(seen, (0..rows).collect::<Vec<_>>(), "{rows}");
        }
    }
}
