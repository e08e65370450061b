use std::collections::BTreeMap;
use std::sync::Arc;

use filiera_model::{Day, Days, Range};
use filiera_origin::{
    AcyclicBom, BomGraph, Choice, Components, Content, Node, OriginError, OwnWork, Parts, changes,
    components, content, own_work, value_added,
};
use filiera_tables::TableKind;
use rustc_hash::FxHashMap;

use super::Added;
use crate::ground::Ground;

/// The bill of materials in force on some days, and what was found below its roots.
pub(crate) struct Bom {
    pub(crate) graph: AcyclicBom,
    pub(crate) parts: Parts,
    /// Lines that were cut because they close a cycle, as `parent → child`.
    pub(crate) cut: Vec<String>,
    /// The currency that values within it are reckoned in.
    pub(crate) currency: Option<String>,
}

impl std::fmt::Debug for Bom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "bill of materials of {} lines", self.graph.graph().shape().rows())
    }
}

/// Bills of materials by the span of days in which none of their lines changes.
pub(crate) struct Boms<'a> {
    ground: &'a Ground<'a>,
    changes: Vec<Day>,
    /// Days on which a price or a rate changes.
    price_changes: Vec<Day>,
    known: BTreeMap<Span, Arc<Bom>>,
    components: FxHashMap<(Span, Node), Arc<Components>>,
    own_work: FxHashMap<(Span, Span, Node), Arc<OwnWork>>,
    content: FxHashMap<(Span, Node), Arc<Content>>,
}

/// Days that share a bill of materials: a place between changes, or days as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Span {
    Between(usize),
    Open(Days),
}

impl<'a> Boms<'a> {
    /// Nothing when the dossier has neither a bill of materials nor installed parts.
    pub(crate) fn new(ground: &'a Ground<'a>) -> Option<Self> {
        let bom = ground.dossier.table(TableKind::Bom);
        (bom.is_some() || ground.dossier.table(TableKind::Installed).is_some()).then(|| Self {
            ground,
            changes: bom.map(changes).unwrap_or_default(),
            price_changes: ground.price_changes(),
            known: BTreeMap::new(),
            components: FxHashMap::default(),
            own_work: FxHashMap::default(),
            content: FxHashMap::default(),
        })
    }

    /// The bill of materials in force on `days`.
    pub(crate) fn on(&mut self, days: Days) -> Result<(Span, Arc<Bom>), OriginError> {
        let span = Span::of(days, &self.changes);
        if let Some(bom) = self.known.get(&span) {
            return Ok((span, Arc::clone(bom)));
        }
        let bom = Arc::new(self.build(days)?);
        self.known.insert(span, Arc::clone(&bom));
        Ok((span, bom))
    }

    fn build(&self, days: Days) -> Result<Bom, OriginError> {
        let dossier = self.ground.dossier;
        let empty = filiera_tables::Table::empty(TableKind::Bom);
        let graph = BomGraph::from_table(dossier.table(TableKind::Bom).unwrap_or(&empty), Some(days))?;
        let parts = Parts::of(&graph, dossier.table(TableKind::Parts));
        let (graph, cut) = if self.ground.settings.cut_cycles {
            let (graph, lines) = graph.cut_cycles();
            let cut = lines.iter().map(|line| format!("{} → {}", line.parent, line.child)).collect();
            (graph, cut)
        } else {
            (graph.acyclic()?, Vec::new())
        };
        let currency = self.ground.prices.single_currency();
        Ok(Bom { graph, parts, cut, currency })
    }

    /// The first purchased parts below `root`.
    pub(crate) fn components(
        &mut self,
        span: Span,
        bom: &Bom,
        root: Node,
    ) -> Result<Arc<Components>, OriginError> {
        if let Some(known) = self.components.get(&(span, root)) {
            return Ok(Arc::clone(known));
        }
        let found = Arc::new(components(&bom.graph, &bom.parts, root)?);
        self.components.insert((span, root), Arc::clone(&found));
        Ok(found)
    }

    /// The own work on the way to the components, at the prices and rates of `days`.
    pub(crate) fn own_work(
        &mut self,
        span: Span,
        bom: &Bom,
        root: Node,
        components: &Components,
        days: Days,
    ) -> Result<Arc<OwnWork>, OriginError> {
        let key = (span, Span::of(days, &self.price_changes), root);
        if let Some(known) = self.own_work.get(&key) {
            return Ok(Arc::clone(known));
        }
        let unit_value = |node| unit_value(self.ground, bom, node, days);
        let found = Arc::new(own_work(&bom.graph, &bom.parts, components, &unit_value)?);
        self.own_work.insert(key, Arc::clone(&found));
        Ok(found)
    }

    /// Every part below `root`.
    pub(crate) fn content(&mut self, span: Span, bom: &Bom, root: Node) -> Result<Arc<Content>, OriginError> {
        if let Some(known) = self.content.get(&(span, root)) {
            return Ok(Arc::clone(known));
        }
        let found = Arc::new(content(&bom.graph, &bom.parts, root)?);
        self.content.insert((span, root), Arc::clone(&found));
        Ok(found)
    }

    /// What each part of a content adds at the prices of `days`, in the currency of the bill of
    /// materials.
    pub(crate) fn added(
        &self,
        bom: &Bom,
        nodes: &[Node],
        days: Days,
    ) -> Result<FxHashMap<Node, filiera_origin::Added>, OriginError> {
        value_added(&bom.graph, &bom.parts, nodes, &|node| unit_value(self.ground, bom, node, days))
    }
}

impl Span {
    /// Whether the lines in force depend on a day nobody knows: then choices hang together beyond
    /// what their rows say.
    pub(crate) fn hangs_on_the_day(self, choices: &[Choice]) -> bool {
        matches!(self, Self::Open(_)) && !choices.is_empty()
    }

    fn of(days: Days, changes: &[Day]) -> Self {
        match days.single() {
            Some(day) => Self::Between(changes.partition_point(|change| *change <= day)),
            None if changes.is_empty() => Self::Between(0),
            None => Self::Open(days),
        }
    }
}

/// The value of one of a part on `days`, in the currency of the bill of materials; open without a
/// rate, or when the day to convert at is not known.
pub(crate) fn unit_value(ground: &Ground<'_>, bom: &Bom, node: Node, days: Days) -> Option<Range> {
    let price = ground.prices.of(bom.graph.graph().part(node), None, days)?;
    match (&price.currency, &bom.currency) {
        (Some(from), Some(to)) if from != to => {
            let factor = ground.rates.factor(from, to, days.single());
            Some(factor.map_or_else(Range::anything, |factor| price.value.times(&factor)))
        }
        _ => Some(price.value),
    }
}

impl Bom {
    /// A value in the bill's currency, `times` over.
    pub(crate) fn worth(&self, value: &Range, times: &filiera_model::Exact) -> Added {
        Added { value: value.times(times), currency: self.currency.clone() }
    }
}
