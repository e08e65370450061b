use arrow::array::{Array, AsArray, Decimal128Array, StringArray};
use arrow::datatypes::Decimal128Type;
use filiera_model::Exact;
use filiera_tables::{SCALE, Table};

use crate::graph::LineColumns;
use crate::names::{NO_NAME, number_of};
use crate::{BomGraph, ListedLine, Names, OriginError, Shape, Unit};

/// Collects lines and turns them into a graph whose parts are numbered by id.
#[derive(Default)]
pub(crate) struct Builder<'a> {
    table: Option<Columns<'a>>,
    names: Names,
    parents: Vec<u32>,
    children: Vec<u32>,
    lines: LineColumns,
    units: Vec<Unit>,
    unit_names: Names,
    suppliers: Names,
    choices: Names,
}

/// The columns of the table `bom`, found once.
struct Columns<'a> {
    parent: Option<&'a StringArray>,
    child: Option<&'a StringArray>,
    quantity: Option<&'a Decimal128Array>,
    unit: Option<&'a StringArray>,
    supplier: Option<&'a StringArray>,
    choice: Option<&'a StringArray>,
}

fn cell(column: Option<&StringArray>, row: usize) -> Option<&str> {
    let column = column?;
    (row < column.len() && column.is_valid(row)).then(|| column.value(row))
}

impl<'a> Builder<'a> {
    pub(crate) fn of_table(bom: &'a Table) -> Result<Self, OriginError> {
        number_of(bom.len(), "lines")?;
        let text = |name: &str| bom.column(name).and_then(|column| column.as_string_opt::<i32>());
        let columns = Columns {
            parent: text("parent"),
            child: text("child"),
            quantity: bom.column("quantity").and_then(|column| column.as_primitive_opt::<Decimal128Type>()),
            unit: text("unit"),
            supplier: text("supplier"),
            choice: text("choice"),
        };
        Ok(Self { table: Some(columns), ..Self::default() })
    }

    /// Adds a row of the table.
    pub(crate) fn add_row(&mut self, row: usize, maybe: bool) -> Result<(), OriginError> {
        let Some(table) = &self.table else { return Ok(()) };
        let parent = cell(table.parent, row).ok_or(OriginError::NoPart { row, column: "parent" })?;
        let child = cell(table.child, row).ok_or(OriginError::NoPart { row, column: "child" })?;
        let quantity = table.quantity.filter(|column| column.is_valid(row)).map_or(0, |c| c.value(row));
        let (unit, supplier, choice) =
            (cell(table.unit, row), cell(table.supplier, row), cell(table.choice, row));
        self.parents.push(self.names.intern(parent)?);
        self.children.push(self.names.intern(child)?);
        self.lines.quantity.push(quantity.max(0));
        self.lines.supplier.push(supplier.map_or(Ok(NO_NAME), |text| self.suppliers.intern(text))?);
        self.lines.choice.push(choice.map_or(Ok(NO_NAME), |text| self.choices.intern(text))?);
        self.lines.row.push(number_of(row, "lines")?);
        self.lines.maybe.push(maybe);
        self.add_unit(unit)
    }

    pub(crate) fn add_part(&mut self, part: &str) -> Result<(), OriginError> {
        self.names.intern(part).map(drop)
    }

    pub(crate) fn add_line(&mut self, line: &ListedLine<'_>) -> Result<(), OriginError> {
        let too_fine = |quantity: &Exact| OriginError::TooFine {
            parent: line.parent.to_owned(),
            child: line.child.to_owned(),
            quantity: quantity.to_text(),
        };
        let unscaled = |quantity: &Exact| unscaled(quantity).ok_or_else(|| too_fine(quantity));
        let quantity = line.quantity.as_ref().map_or(Ok(0), unscaled)?;
        let row = number_of(self.parents.len(), "lines")?;
        self.parents.push(self.names.intern(line.parent)?);
        self.children.push(self.names.intern(line.child)?);
        self.lines.quantity.push(quantity.max(0));
        self.lines.supplier.push(NO_NAME);
        self.lines.choice.push(NO_NAME);
        self.lines.row.push(row);
        self.lines.maybe.push(false);
        self.add_unit(line.unit)
    }

    fn add_unit(&mut self, cell: Option<&str>) -> Result<(), OriginError> {
        // No cell is written with a blank, which is no unit's name.
        let number = self.unit_names.intern(cell.unwrap_or(" "))?;
        if number as usize == self.units.len() {
            self.units.push(Unit::of(cell));
        }
        self.lines.unit.push(number);
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<BomGraph, OriginError> {
        let (names, new_numbers) = self.names.sorted();
        let renumber = |old: Vec<u32>| -> Vec<u32> {
            old.into_iter().filter_map(|old| new_numbers.get(old as usize).copied()).collect()
        };
        let (parents, children) = (renumber(self.parents), renumber(self.children));
        Ok(BomGraph {
            shape: Shape::new(names.len(), &parents, children)?.with_sorted_children(),
            names,
            lines: self.lines,
            units: self.units,
            suppliers: self.suppliers,
            choices: self.choices,
        })
    }
}

/// At [`SCALE`].
fn unscaled(quantity: &Exact) -> Option<i128> {
    quantity.to_unscaled(u32::from(SCALE))
}
