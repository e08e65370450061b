use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use filiera_finding::{ConditionShown, Finding, Reason};
use filiera_model::{Day, Days, Mark, Verdict, Zones};
use filiera_packs::{ColumnOwner, Condition, Form, Method, Pack, ShareMark};
use filiera_tables::{ColumnKind, Dossier, Population, evidence_hash};

use crate::EngineError;
use crate::bind::{BoundCondition, Schemas, bind, empty_population_schema, fill_declared, per_of};
use crate::columns::Columns;
use crate::ground::{Ground, Settings};
use crate::judge::{Judgements, Outcome, judge_composition, judge_leaf, judge_score, speaks};
use crate::rows::{Rows, held_rows, plain_rows, vehicle_rows};
use crate::shown::{condition_shown, finding};
use crate::subjects::Subjects;

/// Packs bound to evidence: judges every condition, and explains any one of them.
pub struct Engine<'a> {
    pub(crate) ground: Ground<'a>,
    pub(crate) bound: Arc<Vec<BoundCondition>>,
    subjects: BTreeMap<Vec<String>, Subjects>,
    rows: BTreeMap<RowsKey, Rows>,
    pub(crate) evidence_hash: String,
}

type RowsKey = (Vec<String>, Population);

/// Everything that was judged.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    /// One finding per condition and subject: conditions in the order of their packs, subjects
    /// sorted.
    pub findings: Vec<Finding>,
    /// The same for the readings, when asked for.
    pub readings: Vec<Finding>,
    /// What the reports say about each condition, in the same order.
    pub conditions: Vec<ConditionShown>,
    /// The dated values that were used: pack, parameter, place among its values.
    pub reached: BTreeSet<(String, String, usize)>,
    /// Conditions left out because they rest on values nobody checked, as `pack#condition`.
    pub left_out: Vec<String>,
}

impl<'a> Engine<'a> {
    /// Binds `packs` to `dossier`.
    ///
    /// # Errors
    /// [`EngineError::Packs`] with every place where a pack does not fit the evidence;
    /// [`EngineError::Origin`] when the bill of materials cannot be walked.
    pub fn new(
        dossier: &'a Dossier,
        packs: &[Arc<Pack>],
        zones: &'a Zones,
        settings: &'a Settings,
    ) -> Result<Self, EngineError> {
        Self::with_hash(dossier, packs, zones, settings, evidence_hash(dossier))
    }

    /// The same over evidence of which no finding will cite the hash: to hash it takes longer than to judge
    /// it.
    ///
    /// # Errors
    /// As [`Engine::new`].
    pub fn uncited(
        dossier: &'a Dossier,
        packs: &[Arc<Pack>],
        zones: &'a Zones,
        settings: &'a Settings,
    ) -> Result<Self, EngineError> {
        Self::with_hash(dossier, packs, zones, settings, String::new())
    }

    /// The same over evidence whose hash is known, or that nobody will cite.
    pub(crate) fn with_hash(
        dossier: &'a Dossier,
        packs: &[Arc<Pack>],
        zones: &'a Zones,
        settings: &'a Settings,
        evidence_hash: String,
    ) -> Result<Self, EngineError> {
        let ground = Ground::new(dossier, packs, zones, settings);
        let (mut subjects, mut rows) = (BTreeMap::new(), BTreeMap::new());
        for (per, populations) in wanted(packs) {
            let (own, found) = asked_about(&ground, packs, &per, populations)?;
            rows.extend(found.into_iter().map(|(population, found)| ((per.clone(), population), found)));
            subjects.insert(per, own);
        }
        let populations = rows.iter().map(|((_, population), rows)| (*population, rows.columns.schema()));
        let populations: BTreeMap<Population, Vec<(String, ColumnKind)>> = populations.collect();
        let of_subjects = subjects.iter().map(|(per, subjects)| (per.clone(), subjects.columns.schema()));
        let of_subjects: BTreeMap<Vec<String>, Vec<(String, ColumnKind)>> = of_subjects.collect();
        let schemas = Schemas { populations: &populations, subjects: &of_subjects };
        let bound = Arc::new(bind(packs, &schemas, zones).map_err(EngineError::Packs)?);
        Ok(Self { ground, bound, subjects, rows, evidence_hash })
    }

    /// The same over other vehicles and installed parts, about vehicles only: every other fact is shared, so
    /// that many small lists can be judged one after the other.
    ///
    /// # Errors
    /// [`EngineError::Origin`] when the bill of materials cannot be walked.
    pub fn over_vehicles<'b>(&self, dossier: &'b Dossier) -> Result<Engine<'b>, EngineError>
    where
        'a: 'b,
    {
        self.over_others(dossier, &|per| per == ["vehicle"])
    }

    /// The same about every kind of subject.
    ///
    /// # Errors
    /// [`EngineError::Origin`] when the bill of materials cannot be walked.
    pub fn among<'b>(&self, dossier: &'b Dossier) -> Result<Engine<'b>, EngineError>
    where
        'a: 'b,
    {
        self.over_others(dossier, &|_| true)
    }

    fn over_others<'b>(
        &self,
        dossier: &'b Dossier,
        about: &dyn Fn(&[String]) -> bool,
    ) -> Result<Engine<'b>, EngineError>
    where
        'a: 'b,
    {
        let (ground, packs) = (self.ground.under(dossier), self.packs());
        let (mut subjects, mut rows) = (BTreeMap::new(), BTreeMap::new());
        for (per, populations) in wanted(&packs).into_iter().filter(|(per, _)| about(per)) {
            let (own, found) = asked_about(&ground, &packs, &per, populations)?;
            rows.extend(found.into_iter().map(|(population, found)| ((per.clone(), population), found)));
            subjects.insert(per, own);
        }
        let bound = Arc::clone(&self.bound);
        Ok(Engine { ground, bound, subjects, rows, evidence_hash: self.evidence_hash.clone() })
    }

    fn packs(&self) -> Vec<Arc<Pack>> {
        let mut packs: Vec<Arc<Pack>> = Vec::new();
        for bound in self.bound.iter() {
            if packs.iter().all(|pack| pack.id != bound.pack.id) {
                packs.push(Arc::clone(&bound.pack));
            }
        }
        packs
    }

    /// The same, with every subject taken to be of this day, whatever dates it.
    pub(crate) fn with_subjects_on(mut self, day: Option<Day>) -> Self {
        self.ground.subjects_on = day;
        self
    }

    /// The parts that stand in some row of the subject.
    pub(crate) fn parts_of(&self, subject: &str) -> BTreeSet<String> {
        let of_kind = |((per, _), rows): (&RowsKey, &'_ Rows)| -> BTreeSet<String> {
            let place = self.subjects.get(per).and_then(|subjects| subjects.find(subject));
            let own = place.map(|place| rows.of(place)).unwrap_or_default();
            let part = |row: &u32| Some(rows.info(*row)?.component.as_ref()?.part.clone());
            own.iter().filter_map(part).collect()
        };
        self.rows.iter().flat_map(of_kind).collect()
    }

    /// Judges every condition, compositions after their members, and readings when asked for.
    ///
    /// `progress` is told how many of how many conditions are done.
    ///
    /// # Errors
    /// Never for the user's fault: those were found when binding.
    pub fn judge(&self, progress: &dyn Fn(usize, usize)) -> Result<Judgement, EngineError> {
        let mut judgement = Judgement::default();
        let mut outcomes = self.outcomes(true, progress)?;
        for (place, found) in &outcomes {
            let Some(bound) = self.bound.get(*place) else { continue };
            for (name, value) in found.iter().flat_map(|outcome| &outcome.used) {
                judgement.reached.insert((bound.pack.id.clone(), name.clone(), *value));
            }
        }
        self.note_beside(&mut outcomes);
        for (place, bound) in self.bound.iter().enumerate() {
            if bound.is_reading() && !self.ground.settings.readings {
                continue;
            }
            let Some(found) = outcomes.remove(&place) else {
                if bound.unverified && !bound.is_reading() {
                    judgement.left_out.push(format!("{}#{}", bound.pack.id, bound.condition.name));
                }
                continue;
            };
            self.tell(bound, found, &mut judgement);
        }
        Ok(judgement)
    }

    /// What is found for every subject of every condition to judge, by the condition's place, with
    /// readings beside conditions or without.
    pub(crate) fn outcomes(
        &self,
        beside: bool,
        progress: &dyn Fn(usize, usize),
    ) -> Result<BTreeMap<usize, Vec<Outcome>>, EngineError> {
        let (mut judgements, order) = (Judgements::new(), self.order(beside));
        let mut outcomes: BTreeMap<usize, Vec<Outcome>> = BTreeMap::new();
        for (done, place) in order.iter().enumerate() {
            progress(done, order.len());
            let Some(bound) = self.bound.get(*place) else { continue };
            let found = self.judge_one(bound, &judgements)?;
            if !bound.is_reading() {
                let names =
                    self.subjects_of(bound).map(|subjects| subjects.names.clone()).unwrap_or_default();
                let key = (bound.pack.id.clone(), bound.condition.name.clone());
                let kept = found.iter().map(Outcome::without_rows);
                judgements.insert(key, names.into_iter().zip(kept).collect());
            }
            outcomes.insert(*place, found);
        }
        progress(order.len(), order.len());
        Ok(outcomes)
    }

    fn tell(&self, bound: &BoundCondition, found: Vec<Outcome>, judgement: &mut Judgement) {
        let Some(subjects) = self.subjects_of(bound) else { return };
        if !bound.is_reading() {
            judgement.conditions.push(condition_shown(self, bound, &found));
        }
        let list = if bound.is_reading() { &mut judgement.readings } else { &mut judgement.findings };
        list.extend(
            subjects.names.iter().zip(found).map(|(name, outcome)| finding(self, bound, name, outcome)),
        );
    }

    /// One outcome per subject of the condition.
    pub(crate) fn judge_one(
        &self,
        bound: &BoundCondition,
        judgements: &Judgements,
    ) -> Result<Vec<Outcome>, EngineError> {
        let Some(subjects) = self.subjects_of(bound) else { return Ok(Vec::new()) };
        let Some(leaf) = &bound.leaf else {
            let mut outcomes = judge_composition(bound, subjects, judgements);
            for (outcome, speaks) in outcomes.iter_mut().zip(speaks(&self.ground, bound, subjects)?) {
                outcome.restrict(speaks);
            }
            return Ok(outcomes);
        };
        let Some(rows) = self.rows_of(bound) else { return Ok(Vec::new()) };
        if let Form::Score(score) = &bound.condition.form {
            return judge_score(&self.ground, bound, (leaf, score), subjects, rows, judgements);
        }
        let levels = (bound.per.clone(), Population::Content);
        let levels = needs_levels(&bound.condition.form).then(|| self.rows.get(&levels)).flatten();
        judge_leaf(&self.ground, bound, leaf, subjects, rows, levels)
    }

    /// The same packs over other evidence.
    pub(crate) fn over<'b>(&self, dossier: &'b Dossier) -> Result<Engine<'b>, EngineError>
    where
        'a: 'b,
    {
        Engine::with_hash(dossier, &self.packs(), self.ground.zones, self.ground.settings, String::new())
    }

    pub(crate) fn subjects_of(&self, bound: &BoundCondition) -> Option<&Subjects> {
        self.subjects.get(&bound.per)
    }

    pub(crate) fn rows_of(&self, bound: &BoundCondition) -> Option<&Rows> {
        self.rows.get(&(bound.per.clone(), bound.leaf.as_ref()?.population))
    }

    /// The places of the conditions to judge, members before what is made of them. Readings only
    /// when asked for, or those `beside` conditions; conditions on unchecked values neither.
    pub(crate) fn order(&self, beside: bool) -> Vec<usize> {
        let wanted = |bound: &BoundCondition| {
            (self.ground.settings.readings || !bound.is_reading() || (beside && bound.beside.is_some()))
                && (self.ground.settings.unverified || !bound.unverified)
        };
        let mut left: Vec<usize> =
            (0..self.bound.len()).filter(|place| self.bound.get(*place).is_some_and(wanted)).collect();
        let mut order: Vec<usize> = Vec::new();
        while !left.is_empty() {
            let is_ready =
                |place: &usize| self.bound.get(*place).is_none_or(|bound| !self.waits(bound, &left));
            let (ready, waiting): (Vec<usize>, Vec<usize>) = left.iter().copied().partition(is_ready);
            if ready.is_empty() {
                // Members in a circle over several packs: none of them is ever decided.
                order.extend(&waiting);
                break;
            }
            order.extend(ready);
            left = waiting;
        }
        order
    }

    fn waits(&self, bound: &BoundCondition, left: &[usize]) -> bool {
        bound.condition.form.members().iter().any(|member| {
            let (pack, name) = bound.member(&member.value);
            left.iter().any(|place| self.bound.get(*place).is_some_and(|other| other.is(pack, name)))
        })
    }
}

impl Outcome {
    fn without_rows(&self) -> Self {
        Self { rows: Vec::new(), ..self.clone() }
    }

    /// What is left when the condition may not, or does not, speak about the subject.
    pub(crate) fn restrict(&mut self, speaks: Mark) {
        match speaks {
            Mark::Yes => {}
            Mark::No => {
                *self = Self::without_value(Verdict::NotApplicable, Reason::WhenFalse);
            }
            Mark::Maybe => {
                *self = self.clone().never_decided(Reason::WhenUnknown);
            }
        }
    }
}

/// The subjects of one kind, and their rows in each population asked.
fn asked_about(
    ground: &Ground<'_>,
    packs: &[Arc<Pack>],
    per: &[String],
    populations: BTreeSet<Population>,
) -> Result<(Subjects, Vec<(Population, Rows)>), EngineError> {
    let mut own = Subjects::new(ground.dossier, &ground.companies, per, &populations)?;
    let states = states_asked(ground, packs, per, &own);
    join_controllers(ground, &states, &mut own.columns);
    packs.iter().for_each(|pack| fill_declared(&mut own.columns, pack, &ColumnOwner::Subject));
    join_own(ground, packs, &mut own.columns)?;
    if own.have_company_rows() {
        packs.iter().for_each(|pack| fill_declared(&mut own.columns, pack, &ColumnOwner::Companies));
    }
    let mut rows = Vec::new();
    for population in populations {
        let mut found = rows_of(ground, packs, population, &own, &states)?;
        join_controllers(ground, &states, &mut found.columns);
        join_own(ground, packs, &mut found.columns)?;
        rows.push((population, found));
    }
    Ok((own, rows))
}

/// Every kind of subject that the packs judge, with the populations asked about it.
fn wanted(packs: &[Arc<Pack>]) -> BTreeMap<Vec<String>, BTreeSet<Population>> {
    let mut wanted: BTreeMap<Vec<String>, BTreeSet<Population>> = BTreeMap::new();
    for pack in packs {
        let readings = pack.readings.iter().map(|reading| &reading.condition);
        for condition in pack.conditions.iter().chain(readings) {
            let populations = wanted.entry(per_of(packs, pack, condition)).or_default();
            populations.extend(condition.form.of().and_then(|of| Population::from_name(of)));
            populations.extend(needs_levels(&condition.form).then_some(Population::Content));
        }
    }
    wanted
}

/// So few states are all worked out: then subjects can be taken to be of any day.
const FEW_STATES: usize = 32;

/// The states of the register of owners that the conditions about these subjects may ask about; none
/// where no condition does.
fn states_asked(
    ground: &Ground<'_>,
    packs: &[Arc<Pack>],
    per: &[String],
    subjects: &Subjects,
) -> BTreeSet<usize> {
    let mut states = BTreeSet::new();
    for pack in packs {
        let readings = pack.readings.iter().map(|reading| &reading.condition);
        for condition in pack.conditions.iter().chain(readings).filter(|condition| asks_owners(condition)) {
            if per_of(packs, pack, condition) != per {
                continue;
            }
            let rule = ground.ownership.rule(condition.control_rule.as_ref());
            if ground.ownership.days().len() <= FEW_STATES {
                states.extend(ground.ownership.states(Days::unknown(), rule));
                continue;
            }
            match &condition.dated_by {
                None => drop(states.insert(ground.ownership.state(ground.settings.law_as_of, rule))),
                Some(column) => {
                    let days =
                        (0..subjects.len()).map(|subject| subjects.columns.days(&column.value, subject));
                    states.extend(days.flat_map(|days| ground.ownership.states(days, rule)));
                }
            }
        }
    }
    states
}

fn asks_owners(condition: &Condition) -> bool {
    let of_owners =
        |of: &str| matches!(Population::from_name(of), Some(Population::Holdings | Population::Control));
    condition.form.of().is_some_and(|of| of_owners(of))
        || condition
            .predicates()
            .iter()
            .any(|sql| sql.text.contains("_controller") || sql.text.contains("_parent"))
}

/// Who controls the companies that the columns name, in each state; shown is the one of the law clock's
/// day, or the last.
fn join_controllers(ground: &Ground<'_>, states: &BTreeSet<usize>, columns: &mut Columns) {
    let Some(last) = states.last() else { return };
    let today = ground.ownership.state(ground.settings.law_as_of, 0);
    let shown = if states.contains(&today) { today } else { *last };
    for state in states {
        ground.ownership.at(*state).join(columns, *state, *state == shown);
    }
}

/// What the dossier's own columns of `companies` say of the companies that the columns name.
fn join_own(ground: &Ground<'_>, packs: &[Arc<Pack>], columns: &mut Columns) -> Result<(), EngineError> {
    packs.iter().try_for_each(|pack| ground.companies.join_own(columns, ground.dossier, pack))
}

fn needs_levels(form: &Form) -> bool {
    match form {
        Form::Share(share) => share.method != Method::AsSupplied && matches!(share.mark, ShareMark::Where(_)),
        _ => false,
    }
}

fn rows_of(
    ground: &Ground<'_>,
    packs: &[Arc<Pack>],
    population: Population,
    subjects: &Subjects,
    states: &BTreeSet<usize>,
) -> Result<Rows, EngineError> {
    let mut rows = if population.is_of_vehicles() {
        vehicle_rows(ground, population, subjects)?
    } else if matches!(population, Population::Holdings | Population::Control) {
        held_rows(ground, population, subjects, states)?
    } else {
        plain_rows(ground.dossier, &ground.companies, population, subjects)?
    };
    let owner = ColumnOwner::Population(population.name().to_owned());
    packs.iter().for_each(|pack| fill_declared(&mut rows.columns, pack, &owner));
    for (name, kind) in empty_population_schema(population) {
        rows.columns.push_null(&name, kind);
    }
    Ok(rows)
}
