use std::collections::{BTreeMap, BTreeSet};

use filiera_tables::{Dossier, TableKind};

/// Which vehicles hold a part, at any level of any bill of materials, or by what was installed.
pub(crate) struct Users {
    parents: BTreeMap<String, BTreeSet<String>>,
    /// The vehicles with this root, or with this part installed.
    holders: BTreeMap<String, BTreeSet<String>>,
    vehicles: BTreeMap<String, u32>,
}

impl Users {
    pub(crate) fn new(dossier: &Dossier) -> Self {
        let mut users =
            Self { parents: BTreeMap::new(), holders: BTreeMap::new(), vehicles: BTreeMap::new() };
        if let Some(bom) = dossier.table(TableKind::Bom) {
            for row in 0..bom.len() {
                let Some((parent, child)) = bom.text("parent", row).zip(bom.text("child", row)) else {
                    continue;
                };
                users.parents.entry(child.to_owned()).or_default().insert(parent.to_owned());
            }
        }
        for (kind, column) in [(TableKind::Vehicles, "root"), (TableKind::Installed, "part")] {
            let Some(table) = dossier.table(kind) else { continue };
            for (number, row) in (0u32..).zip(0..table.len()) {
                let Some(vehicle) = table.text("vehicle", row) else { continue };
                let part = table.text(column, row).unwrap_or(vehicle);
                users.holders.entry(part.to_owned()).or_default().insert(vehicle.to_owned());
                if kind == TableKind::Vehicles {
                    users.vehicles.insert(vehicle.to_owned(), number);
                }
            }
        }
        users
    }

    /// Whether the subject is a vehicle of the dossier.
    pub(crate) fn is_vehicle(&self, subject: &str) -> bool {
        self.vehicles.contains_key(subject)
    }

    /// The rows of `vehicles` that hold the part.
    pub(crate) fn rows(&self, part: &str) -> BTreeSet<u32> {
        self.of(part).into_iter().filter_map(|vehicle| self.vehicles.get(vehicle).copied()).collect()
    }

    /// The vehicles that hold the part.
    pub(crate) fn of<'a>(&'a self, part: &'a str) -> BTreeSet<&'a str> {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut open = vec![part];
        let mut found = BTreeSet::new();
        while let Some(next) = open.pop() {
            if !seen.insert(next) {
                continue;
            }
            found.extend(self.holders.get(next).into_iter().flatten().map(String::as_str));
            open.extend(self.parents.get(next).into_iter().flatten().map(String::as_str));
        }
        found
    }
}
