use std::collections::{BTreeMap, BTreeSet};

use filiera_tables::{ColumnKind, TableKind};

use crate::faults::{FileFaults, Saying};
use crate::settings::{CellSource, TableSettings, Unit};
use crate::source::{Cell, list_headers};
use crate::words::{nearest, plain, suggestion};

/// Where the cells of a target come from, as places in the file's header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// This column.
    Column(usize),
    /// The product of these columns.
    Product(Vec<usize>),
    /// The same cell in every row.
    Same(Cell),
    /// The row's number.
    RowNumber,
}

/// A canonical column to be filled.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// The canonical name.
    pub name: String,
    /// What the file calls it, for faults.
    pub header: String,
    /// What its cells mean.
    pub kind: ColumnKind,
    /// Whether a row without it is a fault.
    pub required: bool,
    /// The unit the file states it in.
    pub unit: Option<Unit>,
    /// Where it comes from, per repeated group (one entry when there are none).
    pub inputs: Vec<Input>,
    /// Whether it is what makes a repeated group: a row exists only where one such is filled.
    pub of_group: bool,
}

/// A column of the file that passes through.
#[derive(Clone, Debug)]
pub(crate) struct Extra {
    /// Its name in the table.
    pub name: String,
    /// Where it comes from, per repeated group (one entry when there are none).
    pub inputs: Vec<Input>,
    /// The unit the dossier states.
    pub unit: Option<Unit>,
    /// Whether it is what makes a repeated group.
    pub of_group: bool,
}

/// How the columns of one file become the columns of one table.
#[derive(Clone, Debug)]
pub(crate) struct Binding {
    /// The canonical columns the file fills.
    pub targets: Vec<Target>,
    /// The columns that pass through.
    pub extras: Vec<Extra>,
    /// The places of the columns of the row sum.
    pub sum: Vec<(usize, String)>,
    /// How many rows one row of the file may become.
    pub groups: usize,
}

/// The names that a header row of this table may hold.
pub(crate) fn expected_names(kind: Option<TableKind>, settings: &TableSettings) -> Vec<String> {
    let canonical = kind.map_or(&[][..], TableKind::columns).iter().map(|column| column.name.to_owned());
    settings.headers().into_iter().map(str::to_owned).chain(canonical).collect()
}

/// Binds the columns of a file; nothing when a required column is missing, which is a fault.
pub(crate) fn bind(
    kind: TableKind,
    headers: &[String],
    settings: &TableSettings,
    faults: &mut FileFaults,
) -> Option<Binding> {
    let mut binder = Binder { headers, settings, faults, used: BTreeSet::new(), whole: true };
    let sum = binder.sum();
    let mut targets: Vec<Target> = Vec::new();
    for column in kind.columns() {
        if let Some(target) = binder.target(column.name, column.kind, column.required) {
            targets.push(target);
        }
    }
    let max_days = binder.later_days(&targets);
    targets.extend(max_days);
    let extras = binder.extras(kind, &targets);
    let whole = binder.whole;
    binder.check_units(kind, &targets, &extras);
    let groups = settings.unpivot.len().max(1);
    whole.then_some(Binding { targets, extras, sum, groups })
}

struct Binder<'a> {
    headers: &'a [String],
    settings: &'a TableSettings,
    faults: &'a mut FileFaults,
    used: BTreeSet<usize>,
    whole: bool,
}

impl Binder<'_> {
    /// The place of a header that the dossier names; a fault when there is none.
    fn place(&mut self, name: &str, meant: &str) -> Option<usize> {
        let wanted = name.trim();
        let exact = self.places(|header| header == wanted);
        if exact.len() > 1 {
            self.several(&exact, wanted);
        }
        let alike = || self.places(|header| plain(header) == plain(wanted)).first().copied();
        if let Some(place) = exact.first().copied().or_else(alike) {
            self.used.insert(place);
            return Some(place);
        }
        let hint = suggestion(wanted, self.headers.iter().map(String::as_str));
        let message = format!("`{meant}` is mapped to the column `{name}`, which the file does not have");
        let remedy = format!("{}{hint}", list_headers(self.headers));
        self.faults.whole(None, Some(name), Saying::new("table/missing-column", message, remedy));
        None
    }

    fn input(&mut self, source: &CellSource, meant: &str) -> Option<Input> {
        Some(match source {
            CellSource::Header(name) => Input::Column(self.place(name, meant)?),
            CellSource::Constant(text) => Input::Same(Cell::Text(text.clone())),
            CellSource::RowNumber => Input::RowNumber,
            CellSource::Product(names) => {
                Input::Product(names.iter().map(|name| self.place(name, meant)).collect::<Option<_>>()?)
            }
        })
    }

    fn sum(&mut self) -> Vec<(usize, String)> {
        let Some(sum) = &self.settings.row_sum else { return Vec::new() };
        let places: Vec<_> =
            sum.of.iter().filter_map(|name| Some((self.place(name, "row_sum")?, name.clone()))).collect();
        // To be summed is not to be used: the columns still pass through.
        self.used.clear();
        places
    }

    /// The inputs of a mapped name: one per group, or one for all.
    fn mapped(&mut self, name: &str) -> Option<(Vec<Input>, bool)> {
        let groups = &self.settings.unpivot;
        let base = self.settings.columns.get(name).cloned();
        if groups.iter().any(|group| group.contains_key(name)) {
            let sources: Vec<Option<CellSource>> =
                groups.iter().map(|group| group.get(name).cloned().or_else(|| base.clone())).collect();
            let inputs = sources.iter().map(|source| match source {
                Some(source) => self.input(source, name),
                None => Some(Input::Same(Cell::Empty)),
            });
            let inputs: Option<Vec<Input>> = inputs.collect();
            self.whole &= inputs.is_some();
            return Some((inputs?, true));
        }
        let input = self.input(&base?, name);
        self.whole &= input.is_some();
        Some((vec![input?], false))
    }

    fn is_mapped(&self, name: &str) -> bool {
        self.settings.columns.contains_key(name)
            || self.settings.unpivot.iter().any(|group| group.contains_key(name))
    }

    fn target(&mut self, name: &str, kind: ColumnKind, required: bool) -> Option<Target> {
        let (inputs, of_group, header) = if self.is_mapped(name) {
            let (inputs, of_group) = self.mapped(name)?;
            let header = self.header_of(inputs.first(), name);
            (inputs, of_group, header)
        } else {
            match self.canonical(name) {
                Some(place) => {
                    self.used.insert(place);
                    let header = self.headers.get(place).cloned().unwrap_or_default();
                    (vec![Input::Column(place)], false, header)
                }
                None => {
                    if required {
                        self.missing(name);
                    }
                    return None;
                }
            }
        };
        let unit = self.unit(name, &header, kind);
        Some(Target { name: name.to_owned(), header, kind, required, unit, inputs, of_group })
    }

    fn header_of(&self, input: Option<&Input>, name: &str) -> String {
        match input {
            Some(Input::Column(place)) => self.headers.get(*place).cloned().unwrap_or_default(),
            _ => name.to_owned(),
        }
    }

    /// The column that bears the canonical name, as it is or written a little differently.
    fn canonical(&mut self, name: &str) -> Option<usize> {
        let exact = self.places(|header| header == name);
        let places = if exact.is_empty() {
            let mut alike = self.places(|header| plain(header) == name);
            alike.retain(|place| !self.used.contains(place));
            alike
        } else {
            exact
        };
        if places.len() > 1 {
            self.several(&places, name);
        }
        places.first().copied()
    }

    fn places(&self, fits: impl Fn(&str) -> bool) -> Vec<usize> {
        (0..).zip(self.headers).filter(|(_, header)| fits(header)).map(|(place, _)| place).collect()
    }

    fn several(&mut self, places: &[usize], name: &str) {
        let message = format!("{} columns of the file may be `{name}`", places.len());
        let remedy =
            format!("give each column its own name, or say which: `columns.{name} = \"…\"` in dossier.toml");
        self.faults.whole(None, Some(name), Saying::new("table/double-column", message, remedy));
        self.used.extend(places);
    }

    fn missing(&mut self, name: &str) {
        self.whole = false;
        let near = nearest(name, self.headers.iter().map(String::as_str));
        let hint = near.map_or_else(String::new, |near| {
            format!("; if `{near}` is meant, write `columns.{name} = \"{near}\"` in dossier.toml")
        });
        let remedy = format!("{}{hint}", list_headers(self.headers));
        let saying = Saying::new("table/missing-column", format!("the column `{name}` is missing"), remedy);
        self.faults.whole(None, Some(name), saying);
    }

    fn unit(&self, name: &str, header: &str, kind: ColumnKind) -> Option<Unit> {
        let units = &self.settings.units;
        let stated = units.get(name).or_else(|| units.get(header)).cloned();
        match kind {
            ColumnKind::Share => stated.or_else(|| self.settings.share_unit.clone()),
            _ => stated,
        }
    }

    /// `built_on_max` and the like, where the file itself says until when a day may be.
    fn later_days(&mut self, targets: &[Target]) -> Vec<Target> {
        let days = targets.iter().filter(|target| target.kind == ColumnKind::Day);
        let names: Vec<String> = days.map(|target| format!("{}_max", target.name)).collect();
        names.iter().filter_map(|name| self.target(name, ColumnKind::Day, false)).collect()
    }

    fn extras(&mut self, kind: TableKind, targets: &[Target]) -> Vec<Extra> {
        let mut extras: Vec<Extra> = Vec::new();
        let named: BTreeSet<&str> = targets.iter().map(|target| target.name.as_str()).collect();
        let groups = self.settings.unpivot.iter().flat_map(BTreeMap::keys);
        let names: BTreeSet<String> = self.settings.columns.keys().chain(groups).cloned().collect();
        for name in names {
            if named.contains(name.as_str()) || kind.column(&name).is_some() {
                continue;
            }
            self.note_near_canonical(kind, &name);
            if let Some((inputs, of_group)) = self.mapped(&name) {
                let header = self.header_of(inputs.first(), &name);
                let unit = self.unit(&name, &header, ColumnKind::Text);
                extras.push(Extra { name, inputs, unit, of_group });
            }
        }
        if !self.settings.only {
            self.unmapped(kind, &mut extras);
        }
        extras
    }

    fn note_near_canonical(&mut self, kind: TableKind, name: &str) {
        let near = kind.columns().iter().find(|column| {
            let like = strsim::jaro_winkler(column.name, &plain(name));
            like >= 0.9
        });
        if let Some(column) = near {
            let text =
                format!("`{name}` passes through as it is; `{}` is a column of the table", column.name);
            self.faults.note("column name close to a canonical one", || text);
        }
    }

    fn unmapped(&mut self, kind: TableKind, extras: &mut Vec<Extra>) {
        for (place, header) in self.headers.iter().enumerate() {
            if self.used.contains(&place) || header.is_empty() || self.settings.leave_out.contains(header) {
                continue;
            }
            let taken = kind.column(header).is_some() || extras.iter().any(|extra| extra.name == *header);
            if taken {
                let name = header.clone();
                self.faults.note("column left out, its name is taken", || format!("column {name}"));
                continue;
            }
            let unit = self.unit(header, header, ColumnKind::Text);
            let inputs = vec![Input::Column(place)];
            extras.push(Extra { name: header.clone(), inputs, unit, of_group: false });
        }
    }

    /// Units must name a column, and a canonical column takes only units it can be read in.
    fn check_units(&mut self, kind: TableKind, targets: &[Target], extras: &[Extra]) {
        for (name, unit) in &self.settings.units {
            let target = targets.iter().find(|target| target.name == *name || target.header == *name);
            let sound = match target {
                Some(target) => unit_fits(target, unit),
                None => extras.iter().any(|extra| extra.name == *name) || self.headers.contains(name),
            };
            if !sound {
                let message = match target {
                    Some(_) => format!("the column `{name}` cannot be stated in `{}`", unit.name()),
                    None => format!("`unit` names the column `{name}`, which the file does not have"),
                };
                let names = kind.columns().iter().map(|column| column.name);
                let hint = suggestion(name, self.headers.iter().map(String::as_str).chain(names));
                let remedy =
                    format!("shares take `percent` or `fraction`, `mass_kg` takes `g`, `kg` or `t`{hint}");
                self.faults.whole(None, Some(name), Saying::new("table/unit", message, remedy));
            }
        }
    }
}

fn unit_fits(target: &Target, unit: &Unit) -> bool {
    match (target.kind, unit) {
        (ColumnKind::Share, unit) => matches!(unit, Unit::Percent | Unit::Fraction),
        (ColumnKind::Amount, Unit::Other(unit)) => {
            target.name == "mass_kg" && matches!(unit.as_str(), "kg" | "g" | "t")
        }
        _ => false,
    }
}
