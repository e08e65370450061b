use std::collections::BTreeSet;
use std::sync::Arc;

use filiera_model::{Day, Days, Exact};
use filiera_packs::{Evidence, Form, Weigh};
use filiera_tables::TableKind;
use rustc_hash::FxHashMap;

use crate::EngineError;
use crate::bind::{BoundCondition, BoundMark};
use crate::engine::Engine;
use crate::facts::{Accepted, Candidates, Line, Origin, Price};
use crate::rows::{PlanLine, PlanLines, plans};

/// The plan that vehicles are built by, as far as it concerns parts that were installed.
#[derive(Clone, Debug)]
pub struct Plan(Arc<PlanLines>);

/// An installed part: everything said of it but its vehicle and how many there are.
#[derive(Clone, Copy, Debug)]
pub struct Fitted<'a> {
    /// The part.
    pub part: &'a str,
    /// The lot.
    pub lot: Option<&'a str>,
    /// The supplier, where the row names one.
    pub supplier: Option<&'a str>,
    /// The day its papers are tested on: received, or else the day its vehicle was built.
    pub tested_on: Days,
}

/// What the judgement of an installed part hangs on, beside its number and its vehicle: of two with equal
/// ones, one need be judged.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fitting {
    line: PlanLine,
    part: String,
    supplier: Option<String>,
    /// The lot, where some condition asks for it by name.
    lot: Option<String>,
    papers: Vec<Papers>,
    prices: Vec<Option<Price>>,
}

/// What a plan leaves to the installed part that takes the place of its lines.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Planned(PlanLine);

/// What the papers say that a condition accepts: the claims, and whether they hang on the day.
type Papers = (Vec<Vec<(Exact, Candidates)>>, bool);

/// What of the parts the conditions of an engine ask, worked out once.
#[derive(Clone, Debug)]
pub struct Asks {
    accepted: Vec<Accepted>,
    bases: BTreeSet<Option<String>>,
    lots: bool,
    /// The supplier that `parts` names of a part.
    usual: FxHashMap<String, String>,
}

/// Two plans are the same when they are one.
impl PartialEq for Plan {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Fitting {
    /// Whether nobody has shown the list whole, because the part is only taken as bought.
    pub fn is_open(&self) -> bool {
        self.line.is_assumed
    }
}

impl Engine<'_> {
    /// The plan of each row of `vehicles`.
    ///
    /// # Errors
    /// [`EngineError::Origin`] when the bill of materials cannot be walked.
    pub fn plans(&self) -> Result<Vec<Plan>, EngineError> {
        Ok(plans(&self.ground)?.into_iter().map(Plan).collect())
    }

    /// What the additive conditions ask of parts.
    pub fn asks(&self) -> Asks {
        let usual = self.usual_suppliers();
        let mut asks = Asks { accepted: Vec::new(), bases: BTreeSet::new(), lots: false, usual };
        for bound in self.additive().into_iter().filter_map(|one| self.bound.get(one.0)) {
            let accepts = &bound.condition.accepts;
            let one = Accepted {
                basis: accepts.basis.clone(),
                evidence: accepts.evidence.iter().map(|class: &Evidence| class.name().to_owned()).collect(),
                facts_as_of: self.ground.settings.facts_as_of,
            };
            if asks_for(bound, "origin") && !asks.accepted.contains(&one) {
                asks.accepted.push(one);
            }
            asks.bases.extend(basis(bound));
            asks.lots |= asks_for(bound, "lot");
        }
        asks
    }

    /// The days on which something about a part changes: a paper, a price, or who belongs to a zone that
    /// its papers may name.
    pub fn changes_of(&self, part: &str) -> Vec<Day> {
        let mut days = self.ground.declarations.changes_of(part);
        days.extend(self.ground.prices.changes_of(part));
        days.extend(self.ground.zones.all_changes());
        days.sort_unstable();
        days.dedup();
        days
    }

    /// Whether it may matter of which lot a part is.
    pub fn asks_for_lots(&self, asks: &Asks, part: &str) -> bool {
        asks.lots || self.ground.declarations.names_lots(part)
    }

    /// Whether it matters of which lot a part is; `lot`: of this one.
    pub fn asks_for_lot(&self, asks: &Asks, part: &str, lot: &str) -> bool {
        asks.lots || self.ground.declarations.names_lot(part, lot)
    }

    /// What a plan says of a part, equal where it says the same; nothing where the part counts within another
    /// component. `stated`: the supplier is known beside it.
    pub fn planned(&self, plan: &Plan, part: &str, stated: bool) -> Option<Planned> {
        let mut line = plan.0.line(part)?;
        line.supplier = line.supplier.filter(|_| !stated);
        Some(Planned(line))
    }

    /// What the judgement of a part hangs on; nothing where it counts within another component.
    pub fn fitting(&self, asks: &Asks, plan: &Plan, fitted: Fitted<'_>) -> Option<Fitting> {
        let mut line = plan.0.line(fitted.part)?;
        let planned = line.supplier.take();
        let stated = fitted.supplier.map(str::to_owned).or(planned);
        let supplier = stated.or_else(|| asks.usual.get(fitted.part).cloned());
        let of = Line { part: fitted.part, supplier: supplier.as_deref(), lot: fitted.lot };
        let on = fitted.tested_on;
        let (declarations, zones) = (&self.ground.declarations, self.ground.zones);
        let papers = asks.accepted.iter().map(|accepted| declarations.origin(of, accepted, on, zones, on));
        let prices = asks.bases.iter().map(|basis| self.ground.prices.of(of.part, basis.as_deref(), on));
        Some(Fitting {
            papers: papers.map(said).collect(),
            prices: prices.collect(),
            part: fitted.part.to_owned(),
            lot: fitted.lot.filter(|_| asks.lots).map(str::to_owned),
            line,
            supplier,
        })
    }

    fn usual_suppliers(&self) -> FxHashMap<String, String> {
        let mut usual = FxHashMap::default();
        let Some(parts) = self.ground.dossier.table(TableKind::Parts) else { return usual };
        for row in (0..parts.len()).rev() {
            match (parts.text("part", row), parts.text("supplier", row)) {
                (Some(part), Some(supplier)) => drop(usual.insert(part.to_owned(), supplier.to_owned())),
                (Some(part), None) => drop(usual.remove(part)),
                (None, _) => {}
            }
        }
        usual
    }
}

fn said(origin: Origin) -> Papers {
    (origin.claims.into_iter().map(|claim| claim.parts).collect(), origin.depends_on_day)
}

fn asks_for(bound: &BoundCondition, column: &str) -> bool {
    let leaf = bound.leaf.iter().flat_map(|leaf| {
        let mark = if let BoundMark::Where(predicate) = &leaf.mark { Some(predicate.as_ref()) } else { None };
        mark.into_iter().chain(&leaf.among).chain(leaf.totals.iter().map(|(_, predicate)| predicate))
    });
    leaf.into_iter().any(|predicate| predicate.columns().contains(column))
}

/// The basis that a condition weighs by, if it weighs by prices.
fn basis(bound: &BoundCondition) -> Option<Option<String>> {
    let (weigh, basis) = match &bound.condition.form {
        Form::Share(share) => (&share.weigh, &share.basis),
        Form::Total(sum) => (&sum.weigh, &sum.basis),
        Form::Ratio(ratio) => (&ratio.weigh, &ratio.basis),
        _ => return None,
    };
    (weigh.value == Weigh::Value).then(|| basis.as_ref().map(|basis| basis.value.clone()))
}
