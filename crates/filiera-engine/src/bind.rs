use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use filiera_model::{Operator, Zones};
use filiera_packs::{
    Apart, Base, ColumnOwner, Condition, Confidence, CountryTerm, Criterion, ExtraColumn, Form, Gives,
    MemberRef, Pack, Parameter, Price, Reading, ShareMark, Spanned, Sql, Status, Threshold, Total, Unit,
    Value, Weigh,
};
use filiera_predicate::{ParameterKind, Predicate};
use filiera_tables::{ColumnKind, Population, TableKind, with_companies};

use crate::BindFault;
use crate::columns::{Columns, pack_kind};
use crate::ownership::is_of_control;
use crate::subjects::columns_of;

/// A condition or reading whose predicates are typed against the evidence.
pub(crate) struct BoundCondition {
    pub(crate) pack: Arc<Pack>,
    pub(crate) condition: Condition,
    /// The columns whose values are its subjects; those of a composition that states none are its
    /// first member's.
    pub(crate) per: Vec<String>,
    /// The reading's name, when it is one.
    pub(crate) reading: Option<String>,
    /// The title of a reading that is judged always, beside the condition as written.
    pub(crate) beside: Option<String>,
    pub(crate) status: Status,
    pub(crate) when: Option<Predicate>,
    pub(crate) fails_when: Option<Predicate>,
    pub(crate) leaf: Option<BoundLeaf>,
    /// The parameters used anywhere, the threshold included.
    pub(crate) parameters: BTreeSet<String>,
    /// The zones named by predicates or held by those parameters.
    pub(crate) zones: BTreeSet<String>,
    /// Whether it rests on a value that nobody checked.
    pub(crate) unverified: bool,
}

/// The predicates of a condition that is no composition.
pub(crate) struct BoundLeaf {
    pub(crate) population: Population,
    pub(crate) mark: BoundMark,
    pub(crate) among: Option<Predicate>,
    /// The named totals of a ratio.
    pub(crate) totals: Vec<(String, Predicate)>,
    /// The column that groups the rows of a concentration, or tells the marked ones apart.
    pub(crate) by: Option<String>,
    /// The list of which each value marks the rows by itself.
    pub(crate) each: Option<String>,
    /// Whether it weighs by a column that may hold numbers below zero.
    pub(crate) weighs_signed: bool,
}

/// What marks a row.
pub(crate) enum BoundMark {
    /// Every row is marked.
    All,
    Where(Box<Predicate>),
    /// Each country in turn.
    ByOrigin,
}

/// The columns predicates may name: per population, and per list of subject columns.
pub(crate) struct Schemas<'a> {
    pub(crate) populations: &'a BTreeMap<Population, Vec<(String, ColumnKind)>>,
    pub(crate) subjects: &'a BTreeMap<Vec<String>, Vec<(String, ColumnKind)>>,
}

impl BoundCondition {
    /// Whether the condition is a reading.
    pub(crate) fn is_reading(&self) -> bool {
        self.reading.is_some()
    }

    /// Whether it is `name` of `pack`, as written.
    pub(crate) fn is(&self, pack: &str, name: &str) -> bool {
        self.reading.is_none() && self.pack.id == pack && self.condition.name == name
    }

    /// The currency that totals are compared in, when the threshold is money.
    pub(crate) fn currency(&self) -> Option<&str> {
        let Threshold::Parameter(name) = &self.condition.comparison.as_ref()?.threshold.value else {
            return None;
        };
        match &self.pack.parameters.get(name)?.unit {
            Unit::Money(currency) => Some(currency),
            _ => None,
        }
    }

    /// How the value is compared: that of a leaf with a threshold, or of a number of members.
    pub(crate) fn operator(&self) -> Option<Operator> {
        match &self.condition.form {
            Form::NOf(_) => Some(Operator::AtLeast),
            _ => self.condition.comparison.as_ref().map(|comparison| comparison.operator),
        }
    }

    /// Whether it asks about owners or controllers, and so about the register's state on a day.
    pub(crate) fn asks_owners(&self) -> bool {
        let of_owners =
            |leaf: &BoundLeaf| matches!(leaf.population, Population::Holdings | Population::Control);
        let leaf = self.leaf.as_ref();
        let marks =
            leaf.and_then(
                |leaf| if let BoundMark::Where(mark) = &leaf.mark { Some(mark.as_ref()) } else { None },
            );
        let others = leaf
            .into_iter()
            .flat_map(|leaf| leaf.among.iter().chain(leaf.totals.iter().map(|(_, total)| total)));
        let mut predicates = marks.into_iter().chain(others).chain(self.of_subject());
        leaf.is_some_and(of_owners)
            || predicates.any(|predicate| predicate.columns().iter().any(|column| is_of_control(column)))
    }

    /// The predicates over the subject.
    pub(crate) fn of_subject(&self) -> impl Iterator<Item = &Predicate> {
        self.when.iter().chain(&self.fails_when)
    }

    /// The pack and name of a member.
    pub(crate) fn member<'a>(&'a self, member: &'a MemberRef) -> (&'a str, &'a str) {
        (member.pack.as_deref().unwrap_or(&self.pack.id), &member.condition)
    }
}

impl BoundLeaf {
    /// Whether some column is named more than once: then the unknowns of a row hang together, and
    /// taking them apart can only widen the bounds.
    pub(crate) fn repeats_a_column(&self) -> bool {
        let mark = if let BoundMark::Where(mark) = &self.mark { Some(mark.as_ref()) } else { None };
        let all: Vec<&Predicate> = mark.into_iter().chain(&self.among).collect();
        let columns: BTreeSet<&String> = all.iter().flat_map(|predicate| predicate.columns()).collect();
        let named = |column: &str| all.iter().map(|predicate| predicate.occurrences(column)).sum::<usize>();
        columns.into_iter().any(|column| named(column) > 1)
    }
}

/// Types every condition and reading of the packs; every fault is found, none hides another.
pub(crate) fn bind(
    packs: &[Arc<Pack>],
    schemas: &Schemas<'_>,
    zones: &Zones,
) -> Result<Vec<BoundCondition>, Vec<BindFault>> {
    let mut faults = Vec::new();
    let mut bound: Vec<BoundCondition> = Vec::new();
    for pack in packs {
        for condition in &pack.conditions {
            let per = per_of(packs, pack, condition);
            bound.push(Binder::new(pack, schemas, zones, &mut faults).condition(condition, per, None));
        }
        for reading in &pack.readings {
            let per = per_of(packs, pack, &reading.condition);
            let binder = Binder::new(pack, schemas, zones, &mut faults);
            bound.push(binder.condition(&reading.condition, per, Some(reading)));
        }
    }
    check_members(&bound, &mut faults);
    spread_unverified(&mut bound);
    if faults.is_empty() { Ok(bound) } else { Err(faults) }
}

/// The subjects of a condition; a composition that names none takes its first member's.
pub(crate) fn per_of(packs: &[Arc<Pack>], pack: &Pack, condition: &Condition) -> Vec<String> {
    let (mut pack, mut condition) = (pack, condition);
    // As many steps as there are conditions: members in a circle end it.
    let most: usize = packs.iter().map(|pack| pack.conditions.len()).sum();
    for _ in 0..=most {
        if !condition.per.is_empty() {
            return condition.per.iter().map(|column| column.value.clone()).collect();
        }
        let Some(member) = condition.form.members().first() else { break };
        let id = member.value.pack.as_deref().unwrap_or(&pack.id);
        let Some(other) = packs.iter().find(|pack| pack.id == id) else { break };
        let Some(next) = other.condition(&member.value.condition) else { break };
        (pack, condition) = (other, next);
    }
    vec!["vehicle".to_owned()]
}

struct Binder<'a> {
    pack: &'a Arc<Pack>,
    schemas: &'a Schemas<'a>,
    zones: &'a Zones,
    kinds: BTreeMap<String, ParameterKind>,
    faults: &'a mut Vec<BindFault>,
}

impl<'a> Binder<'a> {
    fn new(
        pack: &'a Arc<Pack>,
        schemas: &'a Schemas<'a>,
        zones: &'a Zones,
        faults: &'a mut Vec<BindFault>,
    ) -> Self {
        let kinds = pack.parameters.iter().map(|(name, p)| (name.clone(), kind_of_unit(&p.unit))).collect();
        Self { pack, schemas, zones, kinds, faults }
    }

    fn condition(
        mut self,
        condition: &Condition,
        per: Vec<String>,
        reading: Option<&Reading>,
    ) -> BoundCondition {
        let subject = self.subject_schema(&per);
        let mut of_subject = |sql: &Option<Sql>| sql.as_ref().and_then(|sql| self.predicate(sql, &subject));
        let (when, fails_when) = (of_subject(&condition.when), of_subject(&condition.fails_when));
        if let Some(column) = &condition.dated_by {
            self.expect_column(column, &subject, "no column of the subject");
        }
        let leaf = condition.form.of().and_then(|of| self.leaf(&condition.form, of, &subject));
        let mut bound = BoundCondition {
            pack: Arc::clone(self.pack),
            condition: condition.clone(),
            per,
            reading: reading.map(|reading| reading.name.clone()),
            beside: reading.filter(|reading| reading.beside).map(|reading| reading.title.clone()),
            status: self.pack.status_of(condition),
            when,
            fails_when,
            leaf,
            parameters: BTreeSet::new(),
            zones: BTreeSet::new(),
            unverified: false,
        };
        collect_law(&mut bound);
        for zone in bound.zones.clone() {
            if !self.zones.names().any(|known| known == zone) {
                let names: Vec<&str> = self.zones.names().collect();
                let help = format!("the zones are {}", names.join(", "));
                self.fault(condition.span.clone(), format!("there is no zone `@{zone}`"), Some(help));
            }
        }
        bound
    }

    fn leaf(
        &mut self,
        form: &Form,
        of: &Spanned<String>,
        subject: &[(String, ColumnKind)],
    ) -> Option<BoundLeaf> {
        let population = Population::from_name(&of.value)?;
        let schema = self.population_schema(population);
        self.weight(form, &schema, subject);
        let mark_of = |binder: &mut Self, sql: Option<&Sql>| match sql {
            None => Some(BoundMark::All),
            Some(sql) => binder.predicate(sql, &schema).map(|p| BoundMark::Where(Box::new(p))),
        };
        let (mark, among, totals) = match form {
            Form::Share(share) => match &share.mark {
                ShareMark::All => (Some(BoundMark::All), &share.among, Vec::new()),
                ShareMark::ByOrigin => (Some(BoundMark::ByOrigin), &share.among, Vec::new()),
                ShareMark::Where(sql) => (mark_of(self, Some(sql)), &share.among, Vec::new()),
            },
            Form::Total(sum) => (mark_of(self, sum.mark.as_ref()), &sum.among, Vec::new()),
            Form::Ratio(ratio) => {
                let typed = ratio.totals.iter();
                let totals = typed
                    .filter_map(|(name, sql)| Some((name.value.clone(), self.predicate(sql, &schema)?)))
                    .collect();
                (Some(BoundMark::All), &ratio.among, totals)
            }
            Form::Score(score) => {
                let typed = score
                    .predicates()
                    .filter_map(|sql| Some((sql.text.clone(), self.predicate(sql, &schema)?)));
                (Some(BoundMark::All), &None, typed.collect())
            }
            Form::Concentration(of) => (mark_of(self, of.mark.as_ref()), &of.among, Vec::new()),
            Form::Count(rows) | Form::Every(rows) | Form::None(rows) | Form::Any(rows) => {
                (mark_of(self, rows.mark.as_ref()), &rows.among, Vec::new())
            }
            Form::AllOf(_) | Form::AnyOf(_) | Form::NOf(_) | Form::Not(_) => return None,
        };
        let among = among.as_ref().and_then(|sql| self.predicate(sql, &schema));
        let by = match form {
            Form::Concentration(of) => Some(of.by.value.clone()),
            Form::Total(sum) => sum.by.as_ref().map(|by| by.value.clone()),
            Form::Share(share) => match share.by.as_ref().map(|by| &by.value) {
                Some(Apart::Column(column)) => Some(column.clone()),
                _ => None,
            },
            _ => None,
        };
        let each = match form {
            Form::Share(share) => match share.by.as_ref().map(|by| &by.value) {
                Some(Apart::Each(name)) => Some(name.clone()),
                _ => None,
            },
            _ => None,
        };
        let weighs_signed = form.weigh().is_some_and(|weigh| self.is_signed(weigh, population));
        Some(BoundLeaf { population, mark: mark?, among, totals, by, each, weighs_signed })
    }

    /// Whether a weight may lie below zero. Prices, masses and pieces never do, nor columns of such a kind, nor
    /// those that the pack declares to be of one.
    fn is_signed(&self, weigh: &Weigh, population: Population) -> bool {
        let column = match weigh {
            Weigh::Count => return false,
            Weigh::Value | Weigh::Mass if population.is_of_vehicles() => return false,
            Weigh::Value => "value",
            Weigh::Mass => "mass_kg",
            Weigh::Column(column) => column,
        };
        let canonical = empty_population_schema(population);
        let known = canonical.iter().find(|(name, _)| name == column).map(|(_, kind)| *kind);
        let owner = |of: Population| ColumnOwner::Population(of.name().to_owned());
        let owners = [owner(population), owner(population.vouched_as())];
        let own = |declared: &&ExtraColumn| declared.name.value == column && owners.contains(&declared.of);
        let kind = self.pack.columns.iter().find(own).map(|own| pack_kind(own.kind)).or(known);
        !matches!(
            kind,
            Some(ColumnKind::Amount | ColumnKind::Positive | ColumnKind::Share | ColumnKind::ShareRange)
        )
    }

    /// The columns a form weighs by and compares with must exist and hold numbers.
    fn weight(&mut self, form: &Form, schema: &[(String, ColumnKind)], subject: &[(String, ColumnKind)]) {
        if let Form::Score(score) = form {
            let criteria = score.points.iter().flat_map(columns_named);
            for column in criteria.chain(&score.within) {
                self.expect_column(column, schema, "no column of the population");
            }
        }
        let (weigh, convert_on, total) = match form {
            Form::Share(share) => {
                if let Some(Spanned { value: Apart::Column(column), span }) = &share.by {
                    self.tells_apart(&Spanned::new(column.clone(), span.clone()), schema);
                }
                (Some(&share.weigh), &share.convert_on, share.of_total.as_ref())
            }
            Form::Total(sum) => {
                if let Some(by) = &sum.by {
                    self.expect_column(by, schema, "no column of the population");
                }
                (Some(&sum.weigh), &sum.convert_on, None)
            }
            Form::Ratio(ratio) => (Some(&ratio.weigh), &ratio.convert_on, None),
            Form::Concentration(of) => {
                self.expect_column(&of.by, schema, "no column of the population");
                (Some(&of.weigh), &of.convert_on, None)
            }
            _ => (None, &None, None),
        };
        if let Some(Spanned { value: Weigh::Column(column), span }) = weigh {
            let column = Spanned::new(column.clone(), span.clone());
            self.expect_column(&column, schema, "no column of the population");
        }
        if let Some(Spanned { value: Total::Column(column), span }) = total.map(|total| &total.total) {
            let column = Spanned::new(column.clone(), span.clone());
            self.expect_column(&column, subject, "no column of the subject");
        }
        if let Some(column) = convert_on {
            self.expect_column(column, subject, "no column of the subject");
        }
    }

    /// A column that tells rows apart must exist, and hold one value in a cell: who controls a company may be
    /// of several countries.
    fn tells_apart(&mut self, column: &Spanned<String>, schema: &[(String, ColumnKind)]) {
        self.expect_column(column, schema, "no column of the population");
        if is_of_control(&column.value) {
            let message = format!("`{}` may hold several values, and tells no rows apart", column.value);
            let help = "name it in `where`, and the list it is compared with in `by` (`by = \"$list\"`)";
            self.fault(column.span.clone(), message, Some(help.to_owned()));
        }
    }

    fn expect_column(&mut self, column: &Spanned<String>, schema: &[(String, ColumnKind)], what: &str) {
        if schema.iter().any(|(name, _)| *name == column.value) {
            return;
        }
        let names: Vec<&str> = schema.iter().map(|(name, _)| name.as_str()).collect();
        let help =
            format!("the columns are {}; declare the dossier's own under `[columns]`", names.join(", "));
        self.fault(column.span.clone(), format!("`{}` is {what}", column.value), Some(help));
    }

    fn predicate(&mut self, sql: &Sql, schema: &[(String, ColumnKind)]) -> Option<Predicate> {
        let zones: Vec<String> = self.zones.names().map(str::to_owned).collect();
        match Predicate::parse(&sql.text, schema, &self.kinds, &zones) {
            Ok(predicate) => Some(predicate),
            Err(faults) => {
                for fault in faults {
                    let span = sql.place(&self.pack.source, fault.span);
                    self.fault(span, fault.message, fault.help);
                }
                None
            }
        }
    }

    fn fault(&mut self, span: Range<usize>, message: String, help: Option<String>) {
        let (pack, file) = (self.pack.id.clone(), self.pack.file.clone());
        let fault = BindFault { pack, file, span, message, help };
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    fn population_schema(&self, population: Population) -> Vec<(String, ColumnKind)> {
        let known = self.schemas.populations.get(&population);
        let mut schema = known.cloned().unwrap_or_else(|| empty_population_schema(population));
        let declared = self.pack.columns.iter().filter(
            |column| matches!(&column.of, ColumnOwner::Population(name) if name == population.name()),
        );
        extend(&mut schema, declared.map(|column| (column.name.value.clone(), pack_kind(column.kind))));
        schema
    }

    fn subject_schema(&self, per: &[String]) -> Vec<(String, ColumnKind)> {
        let known = self.schemas.subjects.get(per);
        let mut schema = known.cloned().unwrap_or_default();
        let canonical = columns_of(per);
        extend(&mut schema, canonical.iter().map(|column| (column.name.to_owned(), column.kind)));
        let declared = self.pack.columns.iter().filter(|column| column.of == ColumnOwner::Subject);
        extend(&mut schema, declared.map(|column| (column.name.value.clone(), pack_kind(column.kind))));
        extend(&mut schema, per.iter().map(|name| (name.clone(), ColumnKind::Text)));
        schema
    }
}

/// The columns whose numbers a criterion takes.
fn columns_named(criterion: &Criterion) -> Vec<&Spanned<String>> {
    match &criterion.gives {
        Gives::WhenMet { .. } | Gives::Where { .. } => Vec::new(),
        Gives::Column { column, .. } => vec![column],
        Gives::Formula(economic) => match &economic.price {
            Price::Of(column) | Price::Discount(column) | Price::Below(column, Base::Number(_)) => {
                vec![column]
            }
            Price::Below(column, Base::Column(base)) => vec![column, base],
        },
    }
}

/// The columns of a population that the dossier has no rows of.
pub(crate) fn empty_population_schema(population: Population) -> Vec<(String, ColumnKind)> {
    let named = |column: &filiera_tables::Column| (column.name.to_owned(), column.kind);
    let mut schema: Vec<_> = population.columns().iter().map(named).collect();
    if population.is_of_vehicles() {
        extend(&mut schema, with_companies(TableKind::Vehicles.columns()).iter().map(named));
    }
    schema
}

fn extend(schema: &mut Vec<(String, ColumnKind)>, more: impl Iterator<Item = (String, ColumnKind)>) {
    for (name, kind) in more {
        if !schema.iter().any(|(known, _)| *known == name) {
            schema.push((name, kind));
        }
    }
}

/// Declared extra columns: as countries where a pack says that they hold some, as nulls of the kind declared
/// where the evidence lacks them, or has the column and nothing in it.
pub(crate) fn fill_declared(columns: &mut Columns, pack: &Pack, owner: &ColumnOwner) {
    for column in pack.columns.iter().filter(|column| column.of == *owner) {
        columns.declare(&column.name.value, column.kind);
        columns.push_null(&column.name.value, pack_kind(column.kind));
    }
}

fn kind_of_unit(unit: &Unit) -> ParameterKind {
    match unit {
        Unit::Share => ParameterKind::Share,
        Unit::Number | Unit::Money(_) => ParameterKind::Number,
        Unit::Countries => ParameterKind::Countries,
        Unit::Texts => ParameterKind::Text,
        Unit::Day => ParameterKind::Day,
    }
}

fn collect_law(bound: &mut BoundCondition) {
    let leaf = bound.leaf.iter().flat_map(|leaf| {
        let mark = if let BoundMark::Where(mark) = &leaf.mark { Some(mark.as_ref()) } else { None };
        mark.into_iter().chain(&leaf.among).chain(leaf.totals.iter().map(|(_, total)| total))
    });
    for predicate in leaf.chain(&bound.when).chain(&bound.fails_when) {
        bound.parameters.extend(predicate.parameters().iter().cloned());
        bound.zones.extend(predicate.zones().iter().cloned());
    }
    if let Some(Threshold::Parameter(name)) = bound.condition.comparison.as_ref().map(|c| &c.threshold.value)
    {
        bound.parameters.insert(name.clone());
    }
    let used = bound.parameters.iter().filter_map(|name| bound.pack.parameters.get(name));
    let used: Vec<&Parameter> = used.collect();
    for value in used.iter().flat_map(|parameter| &parameter.values) {
        bound.unverified |= value.confidence == Confidence::Memory;
        if let Value::Countries(terms) = &value.value {
            let zones = terms.iter().filter_map(|term| match term {
                CountryTerm::Zone(zone) => Some(zone.clone()),
                CountryTerm::Country(_) => None,
            });
            bound.zones.extend(zones);
        }
    }
}

/// Members must be conditions that were loaded.
fn check_members(bound: &[BoundCondition], faults: &mut Vec<BindFault>) {
    for one in bound {
        for member in one.condition.form.members() {
            let (pack, name) = one.member(&member.value);
            if !bound.iter().any(|other| other.is(pack, name)) {
                faults.push(BindFault {
                    pack: one.pack.id.clone(),
                    file: one.pack.file.clone(),
                    span: member.span.clone(),
                    message: format!("no condition `{}` is loaded", member.value),
                    help: Some("name a condition of this pack, or load the other pack too".to_owned()),
                });
            }
        }
    }
}

/// A composition with an unverified member is unverified itself.
fn spread_unverified(bound: &mut [BoundCondition]) {
    loop {
        let tainted: Vec<usize> = (0..bound.len())
            .filter(|place| {
                bound.get(*place).is_some_and(|one| {
                    let member = |m: &Spanned<MemberRef>| {
                        let (pack, name) = one.member(&m.value);
                        bound.iter().any(|other| other.unverified && other.is(pack, name))
                    };
                    !one.unverified && one.condition.form.members().iter().any(member)
                })
            })
            .collect();
        if tainted.is_empty() {
            return;
        }
        for place in tainted {
            if let Some(one) = bound.get_mut(place) {
                one.unverified = true;
            }
        }
    }
}
