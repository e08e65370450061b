use std::collections::{BTreeMap, BTreeSet};

use filiera_model::Day;
use filiera_tables::{Dossier, Table, TableKind};

use crate::due::Users;

/// Where parts are used, by whom they are supplied, and when.
pub(crate) struct Places<'a> {
    dossier: &'a Dossier,
    users: Users,
    /// The suppliers of each part.
    suppliers: BTreeMap<&'a str, BTreeSet<&'a str>>,
    names: BTreeMap<&'a str, &'a str>,
    /// The rows of `bom` with each part below.
    lines: BTreeMap<&'a str, Vec<usize>>,
    /// The rows of `installed` of each part.
    installed: BTreeMap<&'a str, Vec<usize>>,
    /// The day each vehicle was built.
    built: BTreeMap<&'a str, Day>,
}

impl<'a> Places<'a> {
    pub(crate) fn new(dossier: &'a Dossier) -> Self {
        let mut places = Self {
            dossier,
            users: Users::new(dossier),
            suppliers: BTreeMap::new(),
            names: BTreeMap::new(),
            lines: BTreeMap::new(),
            installed: BTreeMap::new(),
            built: BTreeMap::new(),
        };
        for (kind, column) in
            [(TableKind::Installed, "part"), (TableKind::Bom, "child"), (TableKind::Parts, "part")]
        {
            let Some(table) = dossier.table(kind) else { continue };
            for row in 0..table.len() {
                let Some(part) = table.text(column, row) else { continue };
                places.see(table, part, row);
            }
        }
        if let Some(vehicles) = dossier.table(TableKind::Vehicles) {
            let built = (0..vehicles.len())
                .filter_map(|row| vehicles.text("vehicle", row).zip(vehicles.day("built_on", row)));
            places.built.extend(built);
        }
        places
    }

    /// A part's usual supplier counts only where some line names none, or there is no line.
    fn see(&mut self, table: &'a Table, part: &'a str, row: usize) {
        let mut supplier = table.text("supplier", row);
        match table.kind() {
            TableKind::Installed => self.installed.entry(part).or_default().push(row),
            TableKind::Bom => self.lines.entry(part).or_default().push(row),
            _ => {
                self.names.extend(table.text("name", row).map(|name| (part, name)));
                supplier = supplier.filter(|_| self.has_open_line(part));
            }
        }
        self.suppliers.entry(part).or_default().extend(supplier);
    }

    fn has_open_line(&self, part: &str) -> bool {
        let (Some(bom), Some(lines)) = (self.dossier.table(TableKind::Bom), self.lines.get(part)) else {
            return true;
        };
        lines.iter().any(|row| bom.text("supplier", *row).is_none())
    }

    /// Every supplier of some part.
    pub(super) fn suppliers(&self) -> BTreeSet<&'a str> {
        self.suppliers.values().flatten().copied().collect()
    }

    /// The suppliers of a part.
    pub(crate) fn suppliers_of(&self, part: &str) -> BTreeSet<&'a str> {
        self.suppliers.get(part).cloned().unwrap_or_default()
    }

    /// What the part is called.
    pub(super) fn name(&self, part: &str) -> Option<&'a str> {
        self.names.get(part).copied()
    }

    /// Whether the dossier knows the part.
    pub(crate) fn knows(&self, part: &str) -> bool {
        self.suppliers.contains_key(part)
    }

    /// `2 in A-DOORS; 1 kg in A-BODY`, of the lines that this supplier may deliver.
    pub(super) fn used(&self, part: &str, supplier: &str) -> String {
        let Some(bom) = self.dossier.table(TableKind::Bom) else { return String::new() };
        let rows = self.lines.get(part).into_iter().flatten();
        let own = rows.filter(|row| bom.text("supplier", **row).is_none_or(|other| other == supplier));
        let told: BTreeSet<String> = own
            .filter_map(|row| {
                let unit = bom.text("unit", *row).map(|unit| format!(" {unit}")).unwrap_or_default();
                Some(format!("{}{unit} in {}", bom.number("quantity", *row)?, bom.text("parent", *row)?))
            })
            .collect();
        let left = told.len().saturating_sub(USED);
        let more = (left > 0).then(|| format!("… and {left} more"));
        told.into_iter().take(USED).chain(more).collect::<Vec<_>>().join("; ")
    }

    /// The lots of the part that came from this supplier.
    pub(super) fn lots(&self, part: &str, supplier: &str) -> Vec<String> {
        let Some(table) = self.dossier.table(TableKind::Installed) else { return Vec::new() };
        let lots: BTreeSet<String> = self
            .delivered(part, supplier)
            .filter_map(|row| table.text("lot", row).map(|lot| lot.replace(';', ",")))
            .collect();
        lots.into_iter().collect()
    }

    fn delivered(&self, part: &str, supplier: &str) -> impl Iterator<Item = usize> {
        let table = self.dossier.table(TableKind::Installed);
        let rows = self.installed.get(part).into_iter().flatten().copied();
        rows.filter(move |row| {
            table.is_some_and(|table| table.text("supplier", *row).is_none_or(|other| other == supplier))
        })
    }

    /// The days on which a paper of the part must be valid for these subjects: of the vehicles among
    /// them, the day the part was received, or the vehicle was built.
    pub(super) fn days(&self, part: &str, supplier: &str, subjects: &BTreeSet<String>) -> BTreeSet<Day> {
        let vehicles = self.users.of(part);
        let named: BTreeSet<&str> =
            vehicles.iter().copied().filter(|vehicle| subjects.contains(*vehicle)).collect();
        let vehicles = if named.is_empty() { vehicles } else { named };
        let mut received: BTreeMap<&str, Day> = BTreeMap::new();
        if let Some(table) = self.dossier.table(TableKind::Installed) {
            let days = self
                .delivered(part, supplier)
                .filter_map(|row| table.text("vehicle", row).zip(table.day("received_on", row)));
            received.extend(days);
        }
        let day = |vehicle: &str| received.get(vehicle).or_else(|| self.built.get(vehicle)).copied();
        vehicles.into_iter().filter_map(day).collect()
    }

    /// The bases that the dossier's declarations use, the common one first.
    pub(super) fn bases(&self) -> Vec<String> {
        let table = self.dossier.table(TableKind::Declarations);
        let used: BTreeSet<&str> = table
            .into_iter()
            .flat_map(|table| (0..table.len()).filter_map(|row| table.text("basis", row)))
            .filter(|basis| *basis != NON_PREFERENTIAL)
            .collect();
        [NON_PREFERENTIAL].into_iter().chain(used).map(str::to_owned).collect()
    }
}

/// Lines told of a part.
const USED: usize = 5;

/// The origin of goods apart from any agreement: what a declaration is on where nothing else is asked.
const NON_PREFERENTIAL: &str = "non-preferential";
