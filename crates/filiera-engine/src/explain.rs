//! Why a finding is what it is: the law, the rows with their papers, the arithmetic.

mod arithmetic;
mod facts;

use std::collections::BTreeSet;

use filiera_finding::{Explanation, LawText, ParameterUsed, RowGroup, RowShown, UnreadFact};
use filiera_model::{Exact, Mark, Range};
use filiera_packs::Form;
use rustc_hash::FxHashSet;

use crate::EngineError;
use crate::bind::BoundCondition;
use crate::engine::Engine;
use crate::judge::{JudgedRow, Judgements, Outcome, group_weights};
use crate::shown::{confidence, finding, references};

use arithmetic::{percent, range_text, steps};
use facts::{row_facts, unread_facts};

/// What to explain.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The pack's id; nothing: whichever pack has the condition.
    pub pack: Option<&'a str>,
    /// The condition.
    pub condition: &'a str,
    /// The reading, when not the condition as written.
    pub reading: Option<&'a str>,
    /// The subject.
    pub subject: &'a str,
}

impl Engine<'_> {
    /// Explains one finding, and the members of a composition in turn.
    ///
    /// # Errors
    /// [`EngineError::NothingToExplain`] when there is no such condition, reading or subject.
    pub fn explain(&self, question: Question<'_>) -> Result<Explanation, EngineError> {
        let bound = self.bound_of(question)?;
        let mut judgements = Judgements::new();
        self.judge_members(bound, &mut judgements)?;
        let mut outcomes = self.judge_one(bound, &judgements)?;
        let place = self.place_of(bound, question)?;
        let outcome = outcomes.get_mut(place).ok_or_else(|| self.no_subject(bound, question))?;
        self.note_beside_one(bound, &mut judgements, (place, outcome))?;
        self.explanation(bound, question.subject, outcome)
    }

    /// Whether the finding asked for rests on no rows of `vehicles` and `installed` but those of its subject,
    /// which is a vehicle.
    ///
    /// # Errors
    /// [`EngineError::NothingToExplain`] when there is no such condition or reading.
    pub fn rests_on_own_rows(&self, question: Question<'_>) -> Result<bool, EngineError> {
        Ok(self.is_of_one_vehicle(self.bound_of(question)?))
    }

    /// Whether a condition judges each vehicle by itself, going by no rows of `vehicles` and `installed` but its
    /// own.
    pub(crate) fn is_of_one_vehicle(&self, own: &BoundCondition) -> bool {
        let is_apart = |bound: &BoundCondition| {
            let of_parts = bound.leaf.as_ref().is_some_and(|leaf| leaf.population.is_of_vehicles());
            let competes = matches!(bound.condition.form, Form::Score(_));
            if bound.per == ["vehicle"] { !competes } else { !of_parts }
        };
        own.per == ["vehicle"] && self.behind(own).into_iter().all(is_apart)
    }

    /// Whether the finding asked for rests on parts of vehicles.
    ///
    /// # Errors
    /// As [`Engine::rests_on_own_rows`].
    pub fn rests_on_parts(&self, question: Question<'_>) -> Result<bool, EngineError> {
        let of_parts =
            |bound: &BoundCondition| bound.leaf.as_ref().is_some_and(|leaf| leaf.population.is_of_vehicles());
        Ok(self.behind(self.bound_of(question)?).into_iter().any(of_parts))
    }

    /// Whether the condition asked for judges the subject.
    ///
    /// # Errors
    /// As [`Engine::rests_on_own_rows`].
    pub fn has_subject(&self, question: Question<'_>) -> Result<bool, EngineError> {
        let bound = self.bound_of(question)?;
        Ok(self.place_of(bound, question).is_ok())
    }

    /// A condition, its members and theirs, and what is judged beside each.
    fn behind<'b>(&'b self, own: &'b BoundCondition) -> Vec<&'b BoundCondition> {
        let mut behind = vec![own];
        let mut next = 0;
        while let Some(bound) = behind.get(next).copied() {
            next += 1;
            let members = bound.condition.form.members().iter().map(|member| bound.member(&member.value));
            let members: Vec<(&str, &str)> = members.collect();
            let is_behind = |one: &&BoundCondition| {
                let is_member = members.iter().any(|(pack, name)| one.is(pack, name));
                let is_beside = one.beside.is_some()
                    && one.pack.id == bound.pack.id
                    && one.condition.name == bound.condition.name;
                is_member || is_beside
            };
            for one in self.bound.iter().filter(is_behind) {
                if !behind.iter().any(|known| std::ptr::eq(*known, one)) {
                    behind.push(one);
                }
            }
        }
        behind
    }

    /// The condition or reading asked for.
    pub(crate) fn bound_of(&self, question: Question<'_>) -> Result<&BoundCondition, EngineError> {
        let found = self.bound.iter().find(|bound| matches(bound, question));
        found.ok_or_else(|| nothing(question, self.what_there_is(question)))
    }

    /// The place of the subject asked for among those of the condition.
    pub(crate) fn place_of(
        &self,
        bound: &BoundCondition,
        question: Question<'_>,
    ) -> Result<usize, EngineError> {
        let place = self.subjects_of(bound).and_then(|subjects| subjects.find(question.subject));
        place.map(|place| place as usize).ok_or_else(|| self.no_subject(bound, question))
    }

    /// The error that names the subjects there are.
    pub(crate) fn no_subject(&self, bound: &BoundCondition, question: Question<'_>) -> EngineError {
        let names = self.subjects_of(bound).map(|subjects| subjects.names.as_slice()).unwrap_or_default();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        nothing(question, listed("its subjects", question.subject, &names))
    }

    /// The packs, conditions or readings there are, whichever the question missed.
    fn what_there_is(&self, question: Question<'_>) -> String {
        let packs = once(self.bound.iter().map(|bound| bound.pack.id.as_str()));
        if let Some(pack) = question.pack.filter(|pack| !packs.contains(pack)) {
            return listed("the packs", pack, &packs);
        }
        let of_pack = || self.bound.iter().filter(|bound| question.pack.is_none_or(|id| bound.pack.id == id));
        let conditions = once(of_pack().map(|bound| bound.condition.name.as_str()));
        let Some(reading) = question.reading.filter(|_| conditions.contains(&question.condition)) else {
            return listed("the conditions", question.condition, &conditions);
        };
        let own = of_pack().filter(|bound| bound.condition.name == question.condition);
        listed("its readings", reading, &once(own.filter_map(|bound| bound.reading.as_deref())))
    }

    /// Judges the members of a composition, and theirs, before it.
    pub(crate) fn judge_members(
        &self,
        bound: &BoundCondition,
        judgements: &mut Judgements,
    ) -> Result<(), EngineError> {
        for member in bound.condition.form.members() {
            let (pack, name) = bound.member(&member.value);
            let key = (pack.to_owned(), name.to_owned());
            if judgements.contains_key(&key) {
                continue;
            }
            let Some(other) = self.bound.iter().find(|other| other.is(pack, name)) else { continue };
            // Marked as seen before it is judged, so that members in a circle end.
            judgements.insert(key.clone(), Default::default());
            self.judge_members(other, judgements)?;
            let outcomes = self.judge_one(other, judgements)?;
            let names = self.subjects_of(other).map(|subjects| subjects.names.clone()).unwrap_or_default();
            judgements.insert(key, names.into_iter().zip(outcomes).collect());
        }
        Ok(())
    }

    fn explanation(
        &self,
        bound: &BoundCondition,
        subject: &str,
        outcome: &Outcome,
    ) -> Result<Explanation, EngineError> {
        let mut members = Vec::new();
        for member in bound.condition.form.members() {
            let (pack, name) = bound.member(&member.value);
            let via = bound.condition.via.get(&member.value.condition).map(|column| column.value.as_str());
            let other = match via {
                None => Some(subject.to_owned()),
                Some(column) => self.subjects_of(bound).and_then(|subjects| {
                    let place = subjects.find(subject)? as usize;
                    subjects.columns.text(column, place).map(str::to_owned)
                }),
            };
            let Some(other) = other else { continue };
            let question = Question { pack: Some(pack), condition: name, reading: None, subject: &other };
            members.extend(self.explain(question).ok());
        }
        Ok(Explanation {
            finding: finding(self, bound, subject, outcome.clone()),
            law: law_text(bound),
            parameters: parameters(bound, outcome),
            groups: self.groups(bound, outcome),
            arithmetic: steps(bound, outcome, &self.group_weights(bound, outcome)),
            unread: self.unread(bound, outcome),
            members,
        })
    }

    fn groups(&self, bound: &BoundCondition, outcome: &Outcome) -> Vec<RowGroup> {
        let Some(rows) = self.rows_of(bound) else { return Vec::new() };
        let mut groups = Vec::new();
        for name in ["yes", "partly", "maybe", "no"] {
            let mut own: Vec<&JudgedRow> =
                outcome.rows.iter().filter(|row| group_of(row) == Some(name)).collect();
            own.sort_by(|a, b| b.weight.range.least.cmp(&a.weight.range.least).then(a.row.cmp(&b.row)));
            if own.is_empty() {
                continue;
            }
            let weight = own.iter().map(|row| row.weight.range.clone()).reduce(|a, b| a.plus(&b));
            let weight = weight.filter(|_| own.iter().all(|row| !row.weight.is_signed));
            let currency = own.first().and_then(|row| row.weight.currency.as_deref());
            let shown = own.iter().map(|row| RowShown {
                name: rows.info(row.row).map(|info| info.name.clone()).unwrap_or_default(),
                weight: range_text(&row.weight.range, row.weight.currency.as_deref()),
                marked: percent(&row.marked),
                facts: row_facts(self, bound, rows, row),
            });
            groups.push(RowGroup {
                mark: name.to_owned(),
                rows: shown.collect(),
                weight: weight.map_or_else(|| "unknown".to_owned(), |weight| range_text(&weight, currency)),
            });
        }
        groups
    }

    /// What each group of a concentration weighs, or each value that tells a share apart, the heaviest first.
    fn group_weights(&self, bound: &BoundCondition, outcome: &Outcome) -> Vec<(String, Range)> {
        let is_grouped = matches!(bound.condition.form, Form::Concentration(_) | Form::Share(_));
        let by = bound.leaf.as_ref().filter(|_| is_grouped).and_then(|leaf| leaf.by.as_ref());
        let grouped = self.rows_of(bound).zip(by);
        grouped.map(|(rows, by)| group_weights(rows, by, &outcome.rows)).unwrap_or_default()
    }

    fn unread(&self, bound: &BoundCondition, outcome: &Outcome) -> Vec<UnreadFact> {
        let rows = self.rows_of(bound);
        let mut unread: Vec<UnreadFact> = Vec::new();
        // Papers on other lots of a part may be thousands.
        let mut known: FxHashSet<UnreadFact> = FxHashSet::default();
        for row in &outcome.rows {
            for fact in rows.into_iter().flat_map(|rows| unread_facts(self, rows, row)) {
                if known.insert(fact.clone()) {
                    unread.push(fact);
                }
            }
        }
        unread
    }
}

fn matches(bound: &BoundCondition, question: Question<'_>) -> bool {
    bound.condition.name == question.condition
        && bound.reading.as_deref() == question.reading
        && question.pack.is_none_or(|pack| bound.pack.id == pack)
}

/// The names sorted, each once.
pub(crate) fn once<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

/// So many names are listed in an error.
const LISTED: usize = 12;

/// From this likeness on (1 is equal) a name is taken for a slip of another.
const ALIKE: f64 = 0.85; // display only

/// What there is, the nearest to what was asked for first.
pub(crate) fn listed(what: &str, asked: &str, names: &[&str]) -> String {
    let alike = names.iter().map(|name| (strsim::jaro_winkler(name, asked), *name));
    let nearest = alike.filter(|(likeness, _)| *likeness >= ALIKE).max_by(|a, b| a.0.total_cmp(&b.0));
    let hint = nearest.map(|(_, name)| format!("did you mean `{name}`? ")).unwrap_or_default();
    let some = names.iter().take(LISTED).copied().collect::<Vec<_>>().join(", ");
    match names.len() {
        0 => format!("{hint}{what}: there are none"),
        count if count > LISTED => format!("{hint}{what} are {some}, … ({count} in all)"),
        _ => format!("{hint}{what} are {some}"),
    }
}

fn nothing(question: Question<'_>, help: String) -> EngineError {
    let reading = question.reading.map(|reading| format!(" read as {reading}")).unwrap_or_default();
    let condition = format!("{}{reading}", question.condition);
    EngineError::NothingToExplain { condition, subject: question.subject.to_owned(), help }
}

/// The group a row is shown in; nothing for alternatives that are out of scope.
fn group_of(row: &JudgedRow) -> Option<&'static str> {
    if row.scope == Mark::No {
        return None;
    }
    let open_totals = row.totals.contains(&Mark::Maybe);
    Some(if row.scope == Mark::Maybe || row.marked.least != row.marked.most || open_totals {
        "maybe"
    } else if row.marked.most.is_zero() {
        "no"
    } else if row.marked.least == Exact::one() {
        "yes"
    } else {
        "partly"
    })
}

fn law_text(bound: &BoundCondition) -> LawText {
    let source = &bound.pack.source;
    let text = source.get(bound.condition.span.clone()).unwrap_or_default();
    LawText {
        title: bound.condition.title.clone(),
        text: text.trim_end().to_owned(),
        file: bound.pack.file.clone(),
        line: bound.condition.line,
        references: references(bound),
    }
}

fn parameters(bound: &BoundCondition, outcome: &Outcome) -> Vec<ParameterUsed> {
    let used = outcome.used.iter().filter_map(|(name, place)| {
        let value = bound.pack.parameters.get(name)?.values.get(*place)?;
        Some(ParameterUsed {
            name: name.clone(),
            value: value.text.clone(),
            from: value.from,
            to: value.to,
            cite: Some(value.cite.clone()).filter(|cite| !cite.is_empty()),
            confidence: confidence(value.confidence),
        })
    });
    used.collect()
}
