use std::io::Write;

use filiera_finding::{CompanyOwned, HolderShown, Ownership, PartyShown, decimal_down, decimal_up, fraction};
use filiera_model::{Bounds, Mark};

use super::table::Table;
use crate::ReportError;
use crate::owning;

/// The columns of [`ownership`]; they mean what the same keys of `filiera.holding/1` mean. Lists are
/// joined by `; `, `chain` names the parties of the greatest way, `sources` its papers.
pub const OWNERSHIP_COLUMNS: [&str; 30] = [
    "owner",
    "owner_name",
    "owner_country",
    "company",
    "company_name",
    "company_country",
    "holder",
    "lower",
    "upper",
    "lower_fraction",
    "upper_fraction",
    "lower_open",
    "upper_open",
    "bounds",
    "votes_lower",
    "votes_upper",
    "votes_lower_fraction",
    "votes_upper_fraction",
    "direct",
    "ultimate",
    "controls",
    "by",
    "with",
    "through",
    "ultimate_controller",
    "decides",
    "chain",
    "sources",
    "on",
    "evidence_hash",
];

/// Writes one row per holder and company, company by company as they come.
///
/// # Errors
/// [`ReportError::Csv`] or [`ReportError::Write`] when `out` refuses the text.
pub fn ownership(
    head: &Ownership,
    companies: impl Iterator<Item = CompanyOwned>,
    out: impl Write,
) -> Result<(), ReportError> {
    let mut table = Table::new(out, OWNERSHIP_COLUMNS)?;
    for company in companies {
        for holder in &company.holders {
            table.row(record(head, &company, holder))?;
        }
    }
    table.end()
}

fn record(head: &Ownership, owned: &CompanyOwned, holder: &HolderShown) -> Vec<String> {
    let mut cells = vec![holder.holder.id()];
    cells.extend(named(holder.holder.party()));
    cells.push(owned.company.id.clone());
    cells.extend(named(Some(&owned.company)));
    cells.push(holder.holder.name().to_owned());
    cells.extend(ends(&holder.share));
    cells.extend([holder.share.lower.open.to_string(), holder.share.upper.open.to_string()]);
    cells.push(holder.share.quality.name().to_owned());
    cells.extend(ends(&holder.votes));
    cells.extend([holder.is_direct.to_string(), holder.is_end.to_string()]);
    cells.extend([mark(holder.controls), holder.by.unwrap_or_default().to_owned()]);
    cells.extend([ids(&holder.with), ids(&holder.through), mark(holder.ultimate_controller)]);
    cells.push(holder.decides.iter().map(owning::decides).collect::<Vec<_>>().join("; "));
    let chain = holder.chains.first();
    let parties: Vec<&str> =
        chain.iter().flat_map(|chain| chain.parties()).map(|party| party.id.as_str()).collect();
    cells.push(parties.join("; "));
    let links = chain.map(|chain| chain.links.as_slice()).unwrap_or_default();
    let sources = links.iter().map(|link| owning::sources(&link.sources)).filter(|text| !text.is_empty());
    cells.push(sources.collect::<Vec<_>>().join("; "));
    cells.extend([head.on.to_string(), head.evidence_hash.clone()]);
    cells
}

fn named(party: Option<&PartyShown>) -> [String; 2] {
    let name = party.and_then(|party| party.name.clone()).unwrap_or_default();
    let country = party.and_then(|party| party.country).map(|one| one.alpha2().to_owned());
    [name, country.unwrap_or_default()]
}

fn ends(bounds: &Bounds) -> [String; 4] {
    let (lower, upper) = (&bounds.lower, &bounds.upper);
    [decimal_down(lower), decimal_up(upper), fraction(lower), fraction(upper)].map(Option::unwrap_or_default)
}

fn ids(parties: &[PartyShown]) -> String {
    parties.iter().map(|party| party.id.as_str()).collect::<Vec<_>>().join("; ")
}

/// `yes`, `no` or `undetermined`.
fn mark(mark: Mark) -> String {
    match mark {
        Mark::Yes => "yes",
        Mark::No => "no",
        Mark::Maybe => "undetermined",
    }
    .to_owned()
}
