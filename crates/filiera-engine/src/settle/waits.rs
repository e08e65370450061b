//! What an open finding waits for: from the rows as they were judged to papers.

use std::collections::{BTreeMap, BTreeSet};

use filiera_finding::Reason;
use filiera_model::{Mark, Range, Verdict};
use filiera_packs::{Evidence, Form};
use filiera_predicate::{ParameterValue, Predicate};
use filiera_tables::{ColumnKind, TableKind};

use super::answers::{Classes, cell_answers, origin_answers, price_answers};
use super::paper::{Answer, Content, Paper, Slot, Whose};
use crate::bind::{BoundCondition, BoundLeaf, BoundMark};
use crate::engine::Engine;
use crate::epoch::law_on;
use crate::judge::{JudgedRow, Outcome};
use crate::rows::{Component, RowInfo, Rows};
use crate::subjects::{Subjects, table_of};

/// The papers a finding waits for, the heaviest first, and what is missing that nobody can try.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Waits {
    pub(super) papers: Vec<Paper>,
    pub(super) unforeseen: Vec<String>,
}

/// What the outcome of a condition that is no composition waits for.
pub(super) fn waits(
    engine: &Engine<'_>,
    bound: &BoundCondition,
    leaf: &BoundLeaf,
    subject: usize,
    outcome: &Outcome,
) -> Waits {
    let (Some(subjects), Some(rows)) = (engine.subjects_of(bound), engine.rows_of(bound)) else {
        return Waits::default();
    };
    if matches!(&bound.condition.form, Form::Share(share) if share.by.is_some()) {
        // Which answers make a difference depends on the values that other rows have.
        return Waits { papers: Vec::new(), unforeseen: outcome.missing.clone() };
    }
    let values = values(engine, bound, outcome);
    let mut asker = Asker { engine, bound, leaf, subjects, subject, rows, values, found: Waits::default() };
    asker.ask_subject(outcome);
    let mut open: Vec<&JudgedRow> = outcome.rows.iter().collect();
    // A weight without limit is the heaviest of all.
    open.sort_by(|a, b| {
        let weight = |row: &JudgedRow| (row.weight.range.most.is_none(), row.weight.range.most.clone());
        weight(b).cmp(&weight(a)).then(a.row.cmp(&b.row))
    });
    open.into_iter().for_each(|row| asker.ask_row(row));
    asker.ask_rest(outcome);
    asker.found
}

/// What one row of a subject waits for; `values`: what parameters and zones hold for the subject.
pub(super) fn waits_of_row(
    engine: &Engine<'_>,
    bound: &BoundCondition,
    leaf: &BoundLeaf,
    subject: usize,
    values: BTreeMap<String, ParameterValue>,
    row: &JudgedRow,
) -> Waits {
    let (Some(subjects), Some(rows)) = (engine.subjects_of(bound), engine.rows_of(bound)) else {
        return Waits::default();
    };
    let mut asker = Asker { engine, bound, leaf, subjects, subject, rows, values, found: Waits::default() };
    asker.ask_row(row);
    asker.found
}

/// What parameters and zones hold for the subject: by these texts predicates tell values apart.
fn values(
    engine: &Engine<'_>,
    bound: &BoundCondition,
    outcome: &Outcome,
) -> BTreeMap<String, ParameterValue> {
    let settings = engine.ground.settings;
    let day = outcome.on.unwrap_or(settings.law_as_of);
    let law = law_on(bound, engine.ground.zones, settings.law_as_of, day);
    law.map(|law| law.bindings(bound)).unwrap_or_default()
}

struct Asker<'a> {
    engine: &'a Engine<'a>,
    bound: &'a BoundCondition,
    leaf: &'a BoundLeaf,
    subjects: &'a Subjects,
    subject: usize,
    rows: &'a Rows,
    values: BTreeMap<String, ParameterValue>,
    found: Waits,
}

impl Asker<'_> {
    /// What the subject itself lacks: a fact that `when` asks, a day, a declared total.
    fn ask_subject(&mut self, outcome: &Outcome) {
        let name = self.subjects.names.get(self.subject).cloned().unwrap_or_default();
        let (subject, columns) = (self.subject, &self.subjects.columns);
        let when = self.bound.when.iter().filter(|_| outcome.reason == Some(Reason::WhenUnknown));
        let asked: BTreeSet<String> = when.flat_map(|when| when.columns().iter().cloned()).collect();
        for column in asked.into_iter().filter(|column| columns.is_null(column, subject)) {
            let predicates = self.bound.when.iter().collect::<Vec<_>>();
            self.subject_cell(&name, &column, &predicates);
        }
        if let Some(column) = &self.bound.condition.dated_by
            && columns.days(&column.value, self.subject).single().is_none()
        {
            self.unforeseen(format!("{}:{name}", column.value));
        }
        if let Form::Share(share) = &self.bound.condition.form
            && let Some(filiera_packs::Total::Column(column)) =
                share.of_total.as_ref().map(|of| &of.total.value)
            && columns.is_null(column, self.subject)
        {
            self.unforeseen(format!("{column}:{name}"));
        }
    }

    fn subject_cell(&mut self, name: &str, column: &str, predicates: &[&Predicate]) {
        let table = match (table_of(&self.bound.per), self.bound.per.as_slice()) {
            (Some(TableKind::Vehicles), _) => TableKind::Vehicles,
            (None, [_]) => TableKind::Companies,
            _ => return self.unforeseen(format!("{column}:{name}")),
        };
        self.cell(table, Whose::Named(name.to_owned()), column, predicates);
    }

    fn ask_row(&mut self, row: &JudgedRow) {
        let Some(info) = self.rows.info(row.row) else { return };
        self.ask_weight(row, info);
        let mark = match &self.leaf.mark {
            BoundMark::Where(mark) => Some(mark.as_ref()),
            BoundMark::All | BoundMark::ByOrigin => None,
        };
        let is_open = row.marked.least != row.marked.most
            || (matches!(self.leaf.mark, BoundMark::ByOrigin) && !is_certain(row));
        if is_open {
            match mark {
                Some(mark) => self.ask_predicate(row, info, mark),
                None => self.ask_column(row, info, "origin", &[]),
            }
        }
        let leaf = self.leaf;
        if row.scope == Mark::Maybe {
            leaf.among.iter().for_each(|among| self.ask_predicate(row, info, among));
        }
        for (_, total) in row.totals.iter().zip(&leaf.totals).filter(|(mark, _)| **mark == Mark::Maybe) {
            self.ask_predicate(row, info, &total.1);
        }
    }

    fn ask_predicate(&mut self, row: &JudgedRow, info: &RowInfo, predicate: &Predicate) {
        for column in predicate.columns() {
            self.ask_column(row, info, column, &[predicate]);
        }
    }

    fn ask_weight(&mut self, row: &JudgedRow, info: &RowInfo) {
        if row.weight.range.is_exact() {
            return;
        }
        let missing = row.weight.missing.clone();
        let Some(component) = &info.component else {
            if let Some((column, _)) = missing.as_deref().and_then(|missing| missing.split_once(':')) {
                self.number(row, info, column);
            }
            return;
        };
        match missing.as_deref().and_then(|missing| missing.split_once(':')) {
            Some(("price", _)) => self.price(row, component),
            Some(("mass", part)) => {
                let slot = Slot::Cell {
                    table: TableKind::Parts,
                    whose: Whose::Named(part.to_owned()),
                    column: "mass_kg".to_owned(),
                };
                self.push(slot, price_answers(&Range::anything(), "kg", Content::Number));
            }
            Some((kind, name)) => self.unforeseen(format!("{kind}:{name}")),
            None => self.price(row, component),
        }
    }

    /// A number that a table of its own lacks.
    fn number(&mut self, row: &JudgedRow, info: &RowInfo, column: &str) {
        let kind = self.leaf.population.table();
        let at_least_zero = kind
            .column(column)
            .is_some_and(|known| matches!(known.kind, ColumnKind::Amount | ColumnKind::Positive));
        if !at_least_zero || !self.is_its_own(row.row, info, column) {
            return self.unforeseen(format!("{column}:{}", info.name));
        }
        let whose = Whose::Row(row.row, info.name.clone());
        let unit = row.weight.currency.as_deref().unwrap_or_default();
        let slot = Slot::Cell { table: kind, whose, column: column.to_owned() };
        self.push(slot, price_answers(&Range::anything(), unit, Content::Number));
    }

    /// Whether the row of the population is a row of the table it is named after.
    fn is_its_own(&self, row: u32, info: &RowInfo, column: &str) -> bool {
        let table = self.engine.ground.dossier.table(self.leaf.population.table());
        table.is_some_and(|table| {
            table.places().get(row as usize).copied() == info.place && table.column(column).is_some()
        })
    }

    fn price(&mut self, row: &JudgedRow, component: &Component) {
        let basis = match &self.bound.condition.form {
            Form::Share(share) => share.basis.as_ref().map(|basis| basis.value.clone()),
            Form::Total(sum) => sum.basis.as_ref().map(|basis| basis.value.clone()),
            Form::Ratio(ratio) => ratio.basis.as_ref().map(|basis| basis.value.clone()),
            _ => None,
        };
        if component.is_priceless {
            return self.unforeseen(format!("price:{}", component.part));
        }
        let basis = basis.filter(|_| component.added.is_none());
        let known = self.engine.ground.prices.of(&component.part, basis.as_deref(), component.tested_on);
        let known = known.filter(|known| !known.depends_on_day);
        let range = known.as_ref().map_or_else(Range::anything, |price| price.value.clone());
        if range.is_exact() {
            // Own work: what is open are the prices of the parts inside, which are asked for there.
            return;
        }
        let currency = known.and_then(|price| price.currency).or_else(|| row.weight.currency.clone());
        let slot = Slot::Price { part: component.part.clone(), basis };
        self.push(slot, price_answers(&range, currency.as_deref().unwrap_or_default(), Content::Price));
    }

    fn ask_column(&mut self, row: &JudgedRow, info: &RowInfo, column: &str, predicates: &[&Predicate]) {
        let at = row.row as usize;
        let columns = &self.rows.columns;
        let Some(component) = &info.component else {
            if !columns.is_null(column, at) {
                return;
            }
            return match columns.text("operator", at).filter(|_| column.starts_with("operator_")) {
                Some(operator) => {
                    let own = column.trim_start_matches("operator_");
                    self.cell(TableKind::Companies, Whose::Named(operator.to_owned()), own, predicates);
                }
                None => self.plain_cell(row.row, info, column, predicates),
            };
        };
        if column == "origin" {
            let open =
                row.marked.least != row.marked.most || row.scope == Mark::Maybe || predicates.is_empty();
            return if component.is_own_work {
                self.own_work(row)
            } else if open {
                self.origin(row, component, predicates)
            };
        }
        if !columns.is_null(column, at) {
            return;
        }
        self.component_cell(component, column, predicates);
    }

    /// The row of a table that is a population of its own.
    fn plain_cell(&mut self, row: u32, info: &RowInfo, column: &str, predicates: &[&Predicate]) {
        let kind = self.leaf.population.table();
        if self.is_its_own(row, info, column) {
            self.cell(kind, Whose::Row(row, info.name.clone()), column, predicates);
        } else {
            self.unforeseen(format!("{column}:{}", info.name));
        }
    }

    fn component_cell(&mut self, component: &Component, column: &str, predicates: &[&Predicate]) {
        if let Some(own) = column.strip_prefix("supplier_") {
            return match &component.supplier {
                Some(supplier) => {
                    self.cell(TableKind::Companies, Whose::Named(supplier.clone()), own, predicates);
                }
                None => self.unforeseen(format!("supplier:{}", component.part)),
            };
        }
        let dossier = self.engine.ground.dossier;
        let is_of = |kind: TableKind| {
            kind.column(column).is_some()
                || dossier.table(kind).is_some_and(|table| table.column(column).is_some())
        };
        if is_of(TableKind::Parts) && !component.is_own_work {
            self.cell(TableKind::Parts, Whose::Named(component.part.clone()), column, predicates);
        } else if is_of(TableKind::Vehicles) && self.bound.per == ["vehicle"] {
            let name = self.subjects.names.get(self.subject).cloned().unwrap_or_default();
            self.cell(TableKind::Vehicles, Whose::Named(name), column, predicates);
        } else {
            self.unforeseen(format!("{column}:{}", component.part));
        }
    }

    /// Own work comes from the plant: nobody declares it.
    fn own_work(&mut self, row: &JudgedRow) {
        if self.rows.columns.is_null("made_in", row.row as usize) {
            let name = self.subjects.names.get(self.subject).cloned().unwrap_or_default();
            self.unforeseen(format!("plant_country:{name}"));
        }
    }

    fn origin(&mut self, row: &JudgedRow, component: &Component, predicates: &[&Predicate]) {
        let Some(origin) = &row.origin else { return };
        let by_lot =
            component.lot.as_ref().filter(|_| self.engine.ground.declarations.names_lots(&component.part));
        let slot = Slot::Origin {
            part: component.part.clone(),
            supplier: component.supplier.clone(),
            lot: by_lot.cloned(),
        };
        let mut classes = Classes::new(&self.values, predicates);
        if predicates.is_empty() {
            // Each country is judged by itself, so each that occurs is a case of its own.
            let rows = self.found_origins();
            rows.into_iter().for_each(|country| classes.single(country));
        }
        let accepts = &self.bound.condition.accepts;
        let evidence = accepts.evidence.first().filter(|_| !accepts.evidence.contains(&Evidence::Declared));
        let paper = Paper {
            slot,
            replaces_all: accepts.basis.is_none(),
            bases: accepts.basis.iter().flat_map(|bases| bases.first().cloned()).collect(),
            evidence: evidence.map(|class| class.name().to_owned()),
            answers: origin_answers(origin, &classes),
        };
        self.take(paper);
    }

    fn found_origins(&self) -> BTreeSet<filiera_model::Country> {
        let declared = &self.engine.ground.dossier.table(TableKind::Declarations);
        let rows =
            declared.iter().flat_map(|table| (0..table.len()).map(move |row| table.origin("origin", row)));
        rows.flatten()
            .flat_map(|origin| match origin {
                filiera_model::OriginText::OneOf(set) => set.iter().collect::<Vec<_>>(),
                filiera_model::OriginText::Zone(_) => Vec::new(),
            })
            .collect()
    }

    fn cell(&mut self, table: TableKind, whose: Whose, column: &str, predicates: &[&Predicate]) {
        let dossier = self.engine.ground.dossier;
        let given = dossier
            .table(table)
            .and_then(|table| table.column(column).map(|array| array.data_type().clone()));
        let kind = table.column(column).map(|column| column.kind);
        let Some(answers) =
            cell_answers(kind, given.as_ref(), &Classes::new(&self.values, predicates), predicates)
        else {
            return self.unforeseen(format!("{column}:{}", whose.name()));
        };
        self.push(Slot::Cell { table, whose, column: column.to_owned() }, answers);
    }

    /// What no row waits for: a list that nobody vouches for, a table that is not there.
    fn ask_rest(&mut self, outcome: &Outcome) {
        let population = self.leaf.population;
        let opens_list = self.rows.open.get(self.subject).cloned().unwrap_or_default();
        let has_list = !opens_list.is_empty();
        opens_list.into_iter().for_each(|missing| self.unforeseen(missing));
        if !self.engine.ground.dossier.holds(population) {
            return self.unforeseen(format!("table:{}", population.table().name()));
        }
        if outcome.reason == Some(Reason::NoRows) {
            return self.unforeseen(format!("rows:{}", population.name()));
        }
        let name = self.subjects.names.get(self.subject).map(String::as_str).unwrap_or_default();
        let vouched = self.engine.ground.dossier.is_complete(population, name);
        let listed_only = matches!(&self.bound.condition.form, Form::Share(_));
        if outcome.verdict == Verdict::Undetermined && !vouched && !listed_only && !has_list {
            let answers = vec![Answer::new(Content::Complete, None), Answer::new(Content::Refused, None)];
            self.push(Slot::Complete(population), answers);
        }
    }

    fn push(&mut self, slot: Slot, answers: Vec<Answer>) {
        self.take(Paper { answers, ..Paper::of(slot) });
    }

    fn take(&mut self, paper: Paper) {
        match self.found.papers.iter_mut().find(|known| known.slot == paper.slot) {
            Some(known) => known.join(&paper),
            None => self.found.papers.push(paper),
        }
    }

    fn unforeseen(&mut self, missing: String) {
        if !self.found.unforeseen.contains(&missing) {
            self.found.unforeseen.push(missing);
        }
    }
}

/// Whether the origin of a row is one country for each part of it.
fn is_certain(row: &JudgedRow) -> bool {
    row.origin.as_ref().is_none_or(|origin| match origin.claims.as_slice() {
        [claim] => {
            claim.parts.iter().all(|(_, candidates)| matches!(candidates.list().as_slice(), [Some(_)]))
        }
        _ => false,
    })
}
