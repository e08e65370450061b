use filiera_model::{Exact, Fraction, Quality, Range};
use rustc_hash::FxHashMap;

use crate::expand::fold_lines;
use crate::mixture::{Piece, bounds};
use crate::{AcyclicBom, Node, OriginError, Parts, Procurement, remainder};

/// How the marked part of a component is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Method {
    /// The mark of the component itself; what it consists of is not looked at.
    AsSupplied,
    /// What is marked of everything it consists of, by value, all the way down. What a level
    /// adds carries the mark of the part it is added at.
    Traced,
    /// As traced, but every bought part on the way counts in full or not as the rule says.
    RolledUp(RollUp),
}

/// When a bought part counts in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollUp {
    at: Exact,
    below: Below,
}

/// What a bought part counts for whose share is below the threshold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Below {
    /// Nothing.
    Nothing,
    /// Its share.
    Share,
    /// The nearest multiple of this share, ties up.
    Nearest(Exact),
}

impl RollUp {
    /// Shares of `at` and more count in full, lesser ones as `below` says.
    ///
    /// # Errors
    /// [`OriginError::RollUpRule`] when `at` or the step is not above 0 and at most 1.
    pub fn new(at: Exact, below: Below) -> Result<Self, OriginError> {
        let checked = |what: &'static str, value: &Exact| {
            if value.is_positive() && *value <= Exact::one() {
                return Ok(());
            }
            Err(OriginError::RollUpRule { what, value: value.to_text() })
        };
        checked("threshold", &at)?;
        if let Below::Nearest(step) = &below {
            checked("step", step)?;
        }
        Ok(Self { at, below })
    }

    /// What a bought part of this share counts for.
    pub fn count(&self, share: &Exact) -> Exact {
        if *share >= self.at {
            return Exact::one();
        }
        match &self.below {
            Below::Nothing => Exact::zero(),
            Below::Share => share.clone(),
            Below::Nearest(step) => {
                let nearest = share.to_multiple(step, filiera_model::Rounding::HalfUp);
                nearest.unwrap_or_else(|| share.clone()).min(Exact::one())
            }
        }
    }

    /// What a bought part counts for whose share is within bounds. The rule never turns a greater
    /// share into a lesser count, so bounds stay bounds, and attained ones stay attained.
    pub fn apply(&self, share: &Fraction) -> Fraction {
        Fraction { least: self.count(&share.least), most: self.count(&share.most) }
    }
}

/// The marked part of a part's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The marked part, 0 to 1.
    pub fraction: Fraction,
    /// What one base unit is worth.
    pub value: Range,
    /// Exact when only marks are unknown below it, sound when prices or alternatives are.
    pub quality: Quality,
}

/// What [`shares`] found.
#[derive(Clone, Debug, Default)]
pub struct Shares {
    shares: FxHashMap<Node, Share>,
    /// Ids of parts that surely cost less than what they consist of: there the stated value
    /// is set aside and the part counts as the sum of its lines.
    pub conflicts: Vec<String>,
}

impl Shares {
    /// The share of a part that was asked for, or of one below it.
    pub fn get(&self, node: Node) -> Option<&Share> {
        self.shares.get(&node)
    }
}

/// What the engine knows of the parts, in the terms of one condition.
pub struct Evidence<'a> {
    /// The marked part of what is added at a part; of a part without lines, of the part.
    pub mark: &'a dyn Fn(Node) -> Fraction,
    /// The value of one base unit in the currency of the report; nothing when none is stated.
    pub unit_value: &'a dyn Fn(Node) -> Option<Range>,
}

/// The marked part of each of `nodes` and of everything below them.
///
/// Each part is settled once, children before parents: linear in what is reached. A part with a
/// value adds what its lines leave of it; a phantom adds nothing; a part without a value adds
/// [0, ∞). Parts that are neither made nor phantoms are bought, parts without lines included: a
/// supplier's "72 % domestic" rolls up like a share that was computed.
///
/// Two passes, all marks at their least and all at their most, give the bounds. They are exact when
/// values are; where values are ranges, each part's bounds hold for all values at once, and a
/// part's share and worth are then taken as independent: sound.
///
/// # Errors
/// [`OriginError::NoQuantity`] for a line that states none.
pub fn shares(
    bom: &AcyclicBom,
    parts: &Parts,
    nodes: &[Node],
    method: &Method,
    evidence: &Evidence<'_>,
) -> Result<Shares, OriginError> {
    let mut found = Shares::default();
    if *method == Method::AsSupplied {
        for node in nodes {
            found.shares.insert(*node, leaf(*node, evidence));
        }
        return Ok(found);
    }
    for node in bom.reachable(nodes).into_iter().rev() {
        let procurement = parts.procurement(node);
        let mut share = if bom.has_lines(node) {
            let is_phantom = procurement == Some(Procurement::Phantom);
            inner(bom, node, is_phantom, evidence, &mut found)?
        } else {
            leaf(node, evidence)
        };
        if let Method::RolledUp(rule) = method
            && !procurement.is_some_and(Procurement::is_opened)
        {
            share.fraction = rule.apply(&share.fraction);
        }
        if share.fraction.least == share.fraction.most {
            share.quality = Quality::Exact;
        }
        found.shares.insert(node, share);
    }
    found.conflicts.sort_unstable();
    Ok(found)
}

fn leaf(node: Node, evidence: &Evidence<'_>) -> Share {
    let value = (evidence.unit_value)(node).unwrap_or_else(Range::anything);
    Share { fraction: (evidence.mark)(node), value, quality: Quality::Exact }
}

/// A part with lines: everything in it, and what is added to it.
fn inner(
    bom: &AcyclicBom,
    node: Node,
    is_phantom: bool,
    evidence: &Evidence<'_>,
    found: &mut Shares,
) -> Result<Share, OriginError> {
    let (mut pieces, mut quality) = inside(bom, node, found)?;
    let zero = || Range::exactly(Exact::zero());
    let sum = pieces.iter().fold(zero(), |sum, piece| sum.plus(&piece.weight));
    let stated = (evidence.unit_value)(node).filter(|_| !is_phantom);
    let rest = stated.as_ref().map(|whole| remainder(whole, &sum));
    let (value, added) = match (stated, rest) {
        (Some(_), Some(rest)) if rest.conflict => {
            found.conflicts.push(bom.part(node).to_owned());
            quality = Quality::Sound;
            (sum, zero())
        }
        // No price above the sum of the least is possible below it.
        (Some(whole), Some(_)) => (Range { least: whole.least.max(sum.least), ..whole }, Range::anything()),
        _ if is_phantom => (sum, zero()),
        _ => (Range { least: sum.least, most: None }, Range::anything()),
    };
    if !value.is_exact() || pieces.iter().any(|piece| !piece.weight.is_exact()) {
        quality = Quality::Sound;
    }
    pieces.push(Piece { weight: added, fraction: (evidence.mark)(node) });
    let fraction = bounds(&pieces, &value);
    Ok(Share { fraction, value, quality })
}

/// The lines of a part as pieces of its value.
fn inside(bom: &AcyclicBom, node: Node, found: &Shares) -> Result<(Vec<Piece>, Quality), OriginError> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut quality = Quality::Exact;
    let of_line = |line: &crate::Line<'_>| {
        let each = line.base_quantity().ok_or_else(|| bom.no_quantity(line))?;
        let share = found.get(line.child).cloned().unwrap_or_else(unknown);
        let weight =
            if bom.has_mixed_units(line.child) { Range::anything() } else { share.value.times(&each) };
        Ok((Piece { weight, fraction: share.fraction }, share.quality, false))
    };
    let plus = |(piece, worst, is_choice): (Piece, Quality, bool)| {
        pieces.push(piece);
        quality = quality.max(worst).max(if is_choice { Quality::Sound } else { Quality::Exact });
    };
    let either = |a: (Piece, Quality, bool), b: (Piece, Quality, bool)| (hull(a.0, &b.0), a.1.max(b.1), true);
    let none = || {
        (Piece { weight: Range::exactly(Exact::zero()), fraction: unknown().fraction }, Quality::Exact, true)
    };
    fold_lines(bom, node, of_line, plus, either, none)?;
    Ok((pieces, quality))
}

fn unknown() -> Share {
    let fraction = Fraction { least: Exact::zero(), most: Exact::one() };
    Share { fraction, value: Range::anything(), quality: Quality::Sound }
}

/// One of two alternatives; one that weighs nothing marks nothing.
fn hull(a: Piece, b: &Piece) -> Piece {
    let weighs_nothing = |piece: &Piece| piece.weight.most.as_ref().is_some_and(Exact::is_zero);
    let fraction = match (weighs_nothing(&a), weighs_nothing(b)) {
        (true, _) => b.fraction.clone(),
        (_, true) => a.fraction,
        _ => a.fraction.hull(b.fraction.clone()),
    };
    Piece { weight: a.weight.hull(&b.weight), fraction }
}
