//! What is missing, as questions to the suppliers that can answer them.

mod idle;
mod needs;
mod period;
mod places;

use std::collections::{BTreeMap, BTreeSet};

use filiera_engine::SettleQuestion;
use filiera_finding::{
    ConditionAsked, ConditionShown, Limit, Question, QuestionKind, RequestSet, Run, SupplierRequest,
};
use filiera_model::Day;
use filiera_tables::TableKind;
use sha2::{Digest, Sha256};

use crate::FilieraError;
use crate::check::Dossier;

use idle::Idle;
use needs::{Need, Needs};
use period::periods;
pub(crate) use places::Places;

/// Whom to ask, and how.
#[derive(Clone, Debug)]
pub struct Asking {
    /// The day the requests are made.
    pub on: Day,
    /// The day by which answers are hoped for.
    pub answer_by: Day,
    /// Who asks; nothing: the one maker of the dossier's vehicles, or its title.
    pub asker: Option<String>,
    /// These suppliers only; empty: all.
    pub suppliers: Vec<String>,
    /// Declarations on this basis only.
    pub basis: Option<String>,
    /// Also papers that can change no finding, whatever they say.
    pub idle: bool,
}

impl Dossier {
    /// One request per supplier with the declarations and prices that a check finds missing; under
    /// readings also those that only a reading needs. What can change no finding is not asked for,
    /// unless `idle` papers are wanted too.
    ///
    /// # Errors
    /// As [`Dossier::check`]; [`FilieraError::NoSupplier`] for a supplier of no part.
    pub fn request(
        &self,
        asking: &Asking,
        progress: &dyn Fn(usize, usize),
    ) -> Result<RequestSet, FilieraError> {
        let run = self.check(progress)?.run;
        let places = Places::new(&self.tables);
        if let Some(unknown) = asking.suppliers.iter().find(|one| !places.suppliers().contains(one.as_str()))
        {
            return Err(FilieraError::NoSupplier { name: unknown.clone(), known: listed(&places) });
        }
        let Needs { papers, mut not_asked } = Needs::of(&run, &self.packs.packs);
        let idle = if asking.idle { Idle::default() } else { self.idle(progress)? };
        let mut unassigned = BTreeSet::new();
        let mut cannot_matter = BTreeSet::new();
        let mut by_supplier: BTreeMap<String, Vec<(Question, BTreeSet<String>)>> = BTreeMap::new();
        for ((kind, part), need) in &papers {
            let suppliers = places.suppliers_of(part);
            if suppliers.is_empty() {
                unassigned.insert(format!("{}:{part}", kind.name()));
            }
            for supplier in suppliers.into_iter().filter(|one| wanted(asking, one)) {
                if idle.has(*kind, part, supplier) {
                    cannot_matter.insert(format!("{}:{part}", kind.name()));
                    continue;
                }
                let questions = self.questions(asking, &places, (*kind, part, supplier), need);
                if questions.is_empty() {
                    not_asked.insert(format!("{}:{part}", kind.name()));
                }
                by_supplier.entry(supplier.to_owned()).or_default().extend(questions);
            }
        }
        let requests = by_supplier.into_iter().filter(|(_, questions)| !questions.is_empty());
        let requests =
            requests.map(|(supplier, questions)| self.addressed(asking, &run, supplier, questions));
        Ok(RequestSet {
            title: self.tables.title.clone(),
            requests: requests.collect(),
            unassigned: unassigned.into_iter().collect(),
            cannot_matter: cannot_matter.into_iter().collect(),
            not_asked: not_asked.into_iter().collect(),
            evidence_hash: run.evidence_hash.clone(),
        })
    }

    /// What `settle` finds to change nothing, whatever it says.
    fn idle(&self, progress: &dyn Fn(usize, usize)) -> Result<Idle, FilieraError> {
        let settlement = self.settle(&SettleQuestion::default(), progress)?;
        Ok(Idle::of(&settlement))
    }

    /// The questions for one paper of one part to one supplier, each with its conditions: one per set
    /// of bases that conditions accept in common, and per period.
    fn questions(
        &self,
        asking: &Asking,
        places: &Places<'_>,
        (kind, part, supplier): (QuestionKind, &str, &str),
        need: &Need,
    ) -> Vec<(Question, BTreeSet<String>)> {
        let days = places.days(part, supplier, &need.subjects);
        let mut questions = Vec::new();
        for bases in need.bases(kind, places, asking.basis.as_deref()) {
            for (valid_from, valid_to) in periods(&days, &need.limit, asking.on) {
                let question = Question {
                    id: String::new(),
                    kind,
                    part: part.to_owned(),
                    name: places.name(part).map(str::to_owned),
                    supplier: supplier.to_owned(),
                    used: places.used(part, supplier),
                    lots: places.lots(part, supplier),
                    basis: bases.clone(),
                    valid_from,
                    valid_to,
                    limit: need.limit.clone(),
                    conditions: need.conditions.iter().cloned().collect::<Vec<_>>().join("; "),
                    subjects: need.subjects.len() as u64,
                    currency: self.tables.currency.clone(),
                };
                questions.push((sealed(question), need.conditions.clone()));
            }
        }
        questions
    }

    fn addressed(
        &self,
        asking: &Asking,
        run: &Run,
        supplier: String,
        questions: Vec<(Question, BTreeSet<String>)>,
    ) -> SupplierRequest {
        let named: BTreeSet<&String> = questions.iter().flat_map(|(_, conditions)| conditions).collect();
        let shown = run.conditions.iter().filter(|shown| named.contains(&name_of(shown)));
        let conditions = shown.map(|shown| ConditionAsked {
            name: name_of(shown),
            title: shown.title.clone(),
            status: shown.pack_status.clone(),
            references: shown.references.clone(),
        });
        let conditions = conditions.collect();
        let mut questions: Vec<Question> = questions.into_iter().map(|(question, _)| question).collect();
        questions.sort_by(|a, b| key(a).cmp(&key(b)));
        SupplierRequest {
            asker: asking.asker.clone().unwrap_or_else(|| self.asker()),
            title: self.tables.title.clone(),
            supplier_name: self.company_name(&supplier),
            supplier,
            issued_on: asking.on,
            answer_by: asking.answer_by,
            conditions,
            questions,
        }
    }

    /// The one maker of the vehicles, or the dossier's title.
    fn asker(&self) -> String {
        let vehicles = self.tables.table(TableKind::Vehicles);
        let makers: BTreeSet<&str> = vehicles
            .into_iter()
            .flat_map(|table| (0..table.len()).filter_map(|row| table.text("maker", row)))
            .collect();
        let only = makers.first().filter(|_| makers.len() == 1);
        only.map_or_else(
            || self.tables.title.clone(),
            |maker| self.company_name(maker).unwrap_or_else(|| (*maker).to_owned()),
        )
    }

    /// The name of a company that the dossier knows.
    pub(crate) fn company_name(&self, company: &str) -> Option<String> {
        let table = self.tables.table(TableKind::Companies)?;
        let row = (0..table.len()).find(|row| table.text("company", *row) == Some(company))?;
        table.text("name", row).map(str::to_owned)
    }
}

fn wanted(asking: &Asking, supplier: &str) -> bool {
    asking.suppliers.is_empty() || asking.suppliers.iter().any(|one| one == supplier)
}

fn name_of(shown: &ConditionShown) -> String {
    format!("{}#{}", shown.pack, shown.condition)
}

fn key(question: &Question) -> (QuestionKind, &str, Day, &[String]) {
    (question.kind, &question.part, question.valid_from, &question.basis)
}

fn listed(places: &Places<'_>) -> String {
    places.suppliers().into_iter().take(20).collect::<Vec<_>>().join(", ")
}

/// The question under its id: the first 16 hexadecimal digits of the SHA-256 of everything else that
/// a workbook carries of it, so that a changed question is known as such.
fn sealed(question: Question) -> Question {
    Question { id: seal(&question), ..question }
}

/// The id that a question must have.
pub(crate) fn seal(question: &Question) -> String {
    let mut hasher = Sha256::new();
    for (name, text) in question.record() {
        hasher.update(format!("{name}\u{1f}{text}\u{1e}"));
    }
    hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The longest validity that one of these packs states, the shortest of several.
pub(crate) fn limit_of(limits: impl IntoIterator<Item = Limit>) -> Limit {
    let days = |limit: &Limit| match limit {
        Limit::CalendarYear => u32::MAX,
        Limit::Days { days, .. } => *days,
    };
    limits.into_iter().min_by_key(days).unwrap_or(Limit::CalendarYear)
}
