use std::collections::{BTreeMap, BTreeSet};

use filiera_finding::{Finding, FindingChange, Side, Verdicts};

use crate::check::Dossier;
use crate::due::Users;

/// What differs between the findings without and with the answers, and how many findings about the
/// vehicles that hold the parts answered for do not.
pub(super) fn effect(
    dossier: &Dossier,
    parts: &BTreeSet<&str>,
    before: &[Finding],
    after: &[Finding],
) -> (Vec<FindingChange>, u64) {
    let users = Users::new(&dossier.tables);
    let touched: BTreeSet<&str> = parts.iter().flat_map(|part| users.of(part)).collect();
    let key = |finding: &Finding| (finding.pack.clone(), finding.condition.clone(), finding.subject.clone());
    let known: BTreeMap<_, &Finding> = before.iter().map(|finding| (key(finding), finding)).collect();
    let (mut changes, mut unchanged) = (Vec::new(), 0);
    for finding in after {
        let Some(was) = known.get(&key(finding)) else { continue };
        let (old, new) = (side(was), side(finding));
        if old != new {
            changes.push(FindingChange {
                pack: finding.pack.clone(),
                condition: finding.condition.clone(),
                subject: finding.subject.clone(),
                before: old,
                after: new,
                is_share: finding.form.is_share(),
            });
        } else if touched.contains(finding.subject.as_str()) {
            unchanged += 1;
        }
    }
    (changes, unchanged)
}

fn side(finding: &Finding) -> Side {
    let verdicts = Verdicts { range: finding.verdict, legal: finding.legal };
    Side { verdicts, bounds: finding.bounds.clone() }
}
