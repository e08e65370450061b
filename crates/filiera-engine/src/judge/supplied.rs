use filiera_model::{Fraction, Mark, Quality};
use filiera_origin::{
    Below as OriginBelow, Evidence as NodeEvidence, Method as OriginMethod, Node, RollUp as OriginRollUp,
    shares,
};
use filiera_packs::{Below, Method, RollUp, Share};
use rustc_hash::FxHashMap;

use crate::EngineError;
use crate::ground::Ground;
use crate::rows::{Component, unit_value};

/// How a form takes a part's content: as its supplier says, or through the levels below.
pub(crate) struct Supplied {
    method: OriginMethod,
    /// The rule for a share that a supplier declares for a whole part.
    rule: Option<OriginRollUp>,
}

pub(crate) fn method_of(share: &Share) -> Result<Supplied, EngineError> {
    let rule = share.roll_up.as_ref().map(rule_of).transpose()?;
    let method = match (share.method, &rule) {
        (Method::RolledUp, Some(rule)) => OriginMethod::RolledUp(rule.clone()),
        (Method::Traced | Method::RolledUp, _) => OriginMethod::Traced,
        (Method::AsSupplied, _) => OriginMethod::AsSupplied,
    };
    Ok(Supplied { method, rule })
}

fn rule_of(rule: &RollUp) -> Result<OriginRollUp, EngineError> {
    let below = match &rule.below.value {
        Below::Zero => OriginBelow::Nothing,
        Below::Share => OriginBelow::Share,
        Below::Nearest(step) => OriginBelow::Nearest(step.clone()),
    };
    Ok(OriginRollUp::new(rule.at.value.clone(), below)?)
}

/// The marked part of a component, and whether it may be wider than it could be.
pub(crate) fn supplied_share(
    ground: &Ground<'_>,
    component: &Component,
    own: &Fraction,
    supplied: &Supplied,
    below: Option<&FxHashMap<Node, Fraction>>,
) -> Result<(Fraction, bool), EngineError> {
    if component.is_own_work {
        return Ok((own.clone(), false));
    }
    let (Some(node), Some(below), false) =
        (component.node, below, supplied.method == OriginMethod::AsSupplied)
    else {
        let rolled = supplied.rule.as_ref().map_or_else(|| own.clone(), |rule| rule.apply(own));
        return Ok((rolled, false));
    };
    let bom = &component.bom;
    let unknown = || Fraction::from(Mark::Maybe);
    let evidence = NodeEvidence {
        // Of the component itself more is known than of a part below: its supplier, its lot.
        mark: &|part| {
            if part == node { own.clone() } else { below.get(&part).cloned().unwrap_or_else(unknown) }
        },
        unit_value: &|node| unit_value(ground, bom, node, component.tested_on),
    };
    let found = shares(&bom.graph, &bom.parts, &[node], &supplied.method, &evidence)?;
    let Some(share) = found.get(node) else { return Ok((unknown(), true)) };
    // Weight and marked part hang on the same open prices.
    let hangs = !share.value.is_exact() && share.fraction.least != share.fraction.most;
    Ok((share.fraction.clone(), share.quality == Quality::Sound || hangs))
}
