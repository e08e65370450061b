use std::collections::BTreeMap;

use filiera_finding::{EvidenceStrength, SetAsideShown, Slice};
use filiera_model::{Days, Exact};
use filiera_packs::Weigh;
use filiera_tables::Population;

use crate::EngineError;
use crate::engine::Engine;
use crate::facts::{Accepted, Candidates, Line, Origin};
use crate::judge::{Weighing, weights};
use crate::rows::{Component, Rows, vehicle_rows};
use crate::subjects::Subjects;

/// What the evidence looks like as a whole, whatever the conditions.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Least value of the components of all vehicles by country of declared origin: a code,
    /// `several` where it may be one of several countries, `?` where it is unknown.
    pub value_by_country: Vec<Slice>,
    /// The same value by the strength of the evidence for its origin.
    pub evidence_strength: Vec<EvidenceStrength>,
    /// Rows that were left out because of a fault.
    pub set_aside: Vec<SetAsideShown>,
}

/// Classes of evidence, the strongest first.
const CLASSES: [&str; 4] = ["declared", "observed", "inferred", "assumed"];

impl Engine<'_> {
    /// Value by country and by strength of evidence, and what was set aside.
    ///
    /// # Errors
    /// [`EngineError::Origin`] when the bill of materials cannot be walked.
    pub fn summary(&self) -> Result<Summary, EngineError> {
        let per = ["vehicle".to_owned()];
        let populations = [Population::Components].into();
        let vehicles = Subjects::new(self.ground.dossier, &self.ground.companies, &per, &populations)?;
        let rows = vehicle_rows(&self.ground, Population::Components, &vehicles)?;
        let all: Vec<u32> = rows.by_subject.iter().flatten().copied().collect();
        let weighing = Weighing {
            by: &Weigh::Value,
            basis: None,
            currency: None,
            convert_on: None,
            may_be_negative: false,
        };
        let weights = weights(&self.ground, &rows, &all, weighing);
        let mut countries: BTreeMap<String, Exact> = BTreeMap::new();
        let mut strengths: BTreeMap<&str, Exact> = BTreeMap::new();
        for (row, weight) in all.iter().zip(weights) {
            let Some(component) = rows.info(*row).and_then(|info| info.component.as_ref()) else { continue };
            let value = weight.range.least;
            let (class, origin) = self.strongest(&rows, *row, component);
            *strengths.entry(class).or_default() += &value;
            for (name, share) in slices(&rows, *row, component, origin.as_ref()) {
                *countries.entry(name).or_default() += &(&value * &share);
            }
        }
        Ok(Summary {
            value_by_country: largest_first(countries),
            evidence_strength: CLASSES
                .iter()
                .chain(&["none"])
                .filter_map(|class| {
                    let value = strengths.remove(class)?;
                    Some(EvidenceStrength { class: (*class).to_owned(), value })
                })
                .collect(),
            set_aside: self.set_aside(),
        })
    }

    /// The strongest class of evidence for a row's origin, and what it says.
    fn strongest(&self, rows: &Rows, row: u32, component: &Component) -> (&'static str, Option<Origin>) {
        if component.is_own_work {
            return ("observed", None);
        }
        for class in CLASSES {
            let accepted = Accepted {
                basis: None,
                evidence: vec![class.to_owned()],
                facts_as_of: self.ground.settings.facts_as_of,
            };
            let line = Line {
                part: &component.part,
                supplier: component.supplier.as_deref(),
                lot: component.lot.as_deref(),
            };
            let day = Days { first: component.tested_on.first, last: component.tested_on.last };
            let zone_day = if day.first.is_some() { day } else { Days::on(self.ground.settings.law_as_of) };
            let origin = self.ground.declarations.origin(line, &accepted, day, self.ground.zones, zone_day);
            if origin.is_declared() {
                return (class, Some(origin));
            }
            if class == "observed" && rows.columns.text("made_in", row as usize).is_some() {
                return (class, None);
            }
        }
        ("none", None)
    }

    fn set_aside(&self) -> Vec<SetAsideShown> {
        let shown = self.ground.dossier.set_aside.iter().map(|one| SetAsideShown {
            place: self.ground.dossier.describe(one.place),
            fault: one.fault.clone(),
            subjects: one.cells.get("vehicle").into_iter().cloned().collect(),
        });
        shown.collect()
    }
}

/// The parts of a row's value by country.
fn slices(rows: &Rows, row: u32, component: &Component, origin: Option<&Origin>) -> Vec<(String, Exact)> {
    let Some(origin) = origin else {
        // Own work is at the plant; a place of making is no origin.
        let own = rows.columns.text("made_in", row as usize).filter(|_| component.is_own_work);
        return vec![(own.unwrap_or("?").to_owned(), Exact::one())];
    };
    let [claim] = origin.claims.as_slice() else { return vec![("several".to_owned(), Exact::one())] };
    let name = |candidates: &Candidates| match candidates {
        Candidates::Unknown => "?".to_owned(),
        Candidates::OneOf(set) => {
            let mut countries = set.iter();
            match (countries.next(), countries.next()) {
                (Some(only), None) => only.alpha2().to_owned(),
                _ => "several".to_owned(),
            }
        }
    };
    claim.parts.iter().map(|(share, candidates)| (name(candidates), share.clone())).collect()
}

fn largest_first(values: BTreeMap<String, Exact>) -> Vec<Slice> {
    let mut slices: Vec<Slice> = values.into_iter().map(|(name, value)| Slice { name, value }).collect();
    slices.sort_by(|a, b| b.value.cmp(&a.value).then_with(|| a.name.cmp(&b.name)));
    slices
}
