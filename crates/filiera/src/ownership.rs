//! Who owns and who controls: the answers of the ownership crate in shapes that reports can show.

mod above;
mod asked;
mod ends;
mod holders;
mod remarks;
mod shown;
mod ways;

use std::collections::BTreeMap;
use std::path::PathBuf;

use filiera_evidence::{OnFault, ReadOptions};
use filiera_finding::{
    CompanyOwned, EndCounts, EndState, Ownership, OwnershipCounts, ReaderReport, VetoShown,
};
use filiera_model::{Country, Day};
use filiera_ownership::{Control, ControlRule, Party, Register, Snapshot};
use filiera_tables::TableKind;

use crate::FilieraError;
use crate::check::Evidence;

use ends::Controllers;
use remarks::Remarks;

/// Whose owners are asked for, and on which day.
#[derive(Clone, Debug)]
pub struct OwnershipRequest {
    /// A folder, a `dossier.toml` or one file.
    pub path: PathBuf,
    /// Companies, by id or name; empty: all in which somebody holds something.
    pub companies: Vec<String>,
    /// The day.
    pub on: Day,
    /// What happens to faulty rows, whatever the dossier says.
    pub on_fault: Option<OnFault>,
}

/// Everybody's stakes on one day, ready to be asked about one company after the other.
pub struct Owners {
    tables: filiera_tables::Dossier,
    report: ReaderReport,
    on: Day,
    control: Control,
    asked: Vec<Party>,
    is_whole: bool,
    pacts: BTreeMap<Party, Vec<String>>,
    remarks: Remarks,
}

impl Owners {
    /// Reads the evidence and works out who controls whom, by more than half of the votes.
    ///
    /// # Errors
    /// [`FilieraError::Faults`] with every fault of every file, [`FilieraError::NoInterests`] when no
    /// table says who owns, [`FilieraError::NoCompany`] for a name that nobody bears.
    pub fn read(request: &OwnershipRequest) -> Result<Self, FilieraError> {
        let options = ReadOptions { on_fault: request.on_fault, ..ReadOptions::default() };
        let evidence = Evidence::read(&request.path, options, BTreeMap::new())?;
        let (tables, report) = (evidence.tables, evidence.report);
        if tables.table(TableKind::Interests).is_none() {
            return Err(FilieraError::NoInterests);
        }
        let snapshot = Register::read(&tables).on(request.on);
        let asked = asked::companies(&snapshot, &request.companies)?;
        let control = snapshot.control(&ControlRule::default());
        let mut pacts: BTreeMap<Party, Vec<String>> = BTreeMap::new();
        for (name, members) in snapshot.agreements() {
            for (member, _) in members {
                pacts.entry(member).or_default().push(name.to_owned());
            }
        }
        let remarks = Remarks::of(&tables, &snapshot);
        let is_whole = request.companies.is_empty();
        Ok(Self { tables, report, on: request.on, control, asked, is_whole, pacts, remarks })
    }

    /// How many companies are asked for.
    pub fn len(&self) -> usize {
        self.asked.len()
    }

    /// Whether no company is.
    pub fn is_empty(&self) -> bool {
        self.asked.is_empty()
    }

    /// What the readers said.
    pub fn report(&self) -> &ReaderReport {
        &self.report
    }

    /// The answers for the first companies, at most so many, and where some are left out how all of
    /// them end. `progress` hears how many of how many are done.
    pub fn first(&self, at_most: usize, progress: &dyn Fn(usize, usize)) -> Ownership {
        let shown = self.asked.len().min(at_most);
        let is_cut = self.is_whole && self.asked.len() > at_most;
        let of = if is_cut { shown + self.asked.len() } else { shown };
        let mut companies = Vec::new();
        for (done, company) in self.companies().take(shown).enumerate() {
            progress(done, of);
            companies.push(company);
        }
        let mut ownership = self.head();
        ownership.left = (self.asked.len() - shown) as u64;
        if is_cut {
            ownership.counts.ends = Some(self.ends(&|done| progress(shown + done, of)));
        }
        ownership.companies = companies;
        progress(of, of);
        ownership
    }

    /// What is said beside the companies; it names none of them.
    pub fn head(&self) -> Ownership {
        let snapshot = self.control.snapshot();
        let register = snapshot.register();
        let first_day =
            if snapshot.stakes().is_empty() { register.changes().into_iter().next() } else { None };
        let counts = OwnershipCounts {
            parties: register.parties().count() as u64,
            companies: snapshot.companies().count() as u64,
            stakes: snapshot.stakes().len() as u64,
            first_day,
            ends: None,
        };
        Ownership {
            title: self.tables.title.clone(),
            on: self.on,
            counts,
            companies: Vec::new(),
            left: 0,
            evidence_hash: filiera_tables::evidence_hash(&self.tables),
        }
    }

    /// The answers for every company asked for, one at a time.
    pub fn companies(&self) -> impl Iterator<Item = CompanyOwned> + '_ {
        self.asked.iter().map(|company| self.company(*company))
    }

    fn company(&self, company: Party) -> CompanyOwned {
        let above = self.above(company);
        let controllers = Controllers::of(&self.control, company);
        let holders = self.holders(company, &controllers, above.len());
        CompanyOwned {
            company: self.shown(company),
            end: self.end(company, &controllers, above.len()),
            holders,
            stakes: self.stakes(&above),
            parties: self.parties(&above),
            remainders: self.remainders(&above),
            vetoes: self.vetoes(company),
            remarks: self.remarks.of_companies(&above),
            conflicts: self.remarks.conflicts(&above),
        }
    }

    fn vetoes(&self, company: Party) -> Vec<VetoShown> {
        let vetoes = self.control.vetoes_of(company).into_iter();
        let shown = vetoes.map(|veto| VetoShown {
            party: self.shown(veto.party),
            holds: veto.holds,
            sources: self.sources(&veto.rows),
        });
        shown.collect()
    }

    /// How every company asked for ends.
    fn ends(&self, progress: &dyn Fn(usize)) -> EndCounts {
        let mut controlled: BTreeMap<Option<Country>, u64> = BTreeMap::new();
        let mut ends = EndCounts::default();
        for (done, company) in self.asked.iter().enumerate() {
            progress(done);
            let end = self.end_of(*company, &Controllers::of(&self.control, *company));
            match end.state {
                EndState::Controlled => {
                    *controlled
                        .entry(end.controllers.first().and_then(|one| self.country(*one)))
                        .or_default() += 1;
                }
                EndState::Nobody => ends.nobody += 1,
                EndState::Unknown => ends.unknown += 1,
            }
        }
        ends.controlled = controlled.into_iter().collect();
        ends
    }

    fn snapshot(&self) -> &Snapshot {
        self.control.snapshot()
    }
}
