//! The words of ownership, the same in the terminal and on the page.

use std::collections::BTreeSet;

use filiera_finding::{
    ChainShown, CompanyOwned, Deciding, DecidingFact, EndState, HolderKind, HolderShown, InTheEnd, LinkShown,
    PartyShown, Remainder, StakeSource,
};
use filiera_model::{Bounds, End, Exact, Mark, Rounding};

use crate::number::Measure;

/// `Zhang Holding (CN)`.
pub(crate) fn party(party: &PartyShown) -> String {
    match party.country {
        Some(country) => format!("{} ({})", party.called(), country.alpha2()),
        None => party.called().to_owned(),
    }
}

/// As [`party`], with a word where the country is not stated: who controls is asked for by country.
fn controller(one: &PartyShown) -> String {
    if one.country.is_some() { party(one) } else { format!("{} (country not stated)", one.called()) }
}

/// `A, B and C`.
pub(crate) fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn controllers(all: &[PartyShown]) -> String {
    list(&all.iter().map(controller).collect::<Vec<_>>())
}

fn called(all: &[PartyShown]) -> Vec<&str> {
    all.iter().map(PartyShown::called).collect()
}

/// `60–70 %`; a bound of votes never looks like half where it is not.
pub(crate) fn interval(bounds: &Bounds) -> String {
    Measure::Percent.interval(bounds, Exact::ratio(1, 2).as_ref())
}

/// Who controls the company in the end, in one sentence without its name.
pub(crate) fn end(end: &InTheEnd) -> String {
    match end.state {
        EndState::Nobody => "nobody controls it".to_owned(),
        EndState::Controlled => controlled(end),
        EndState::Unknown => unknown(end),
    }
}

fn controlled(end: &InTheEnd) -> String {
    let who = controllers(&end.controllers);
    let how = match (end.controllers.len(), end.jointly) {
        (2.., _) if end.each_other => ", who control each other".to_owned(),
        (0 | 1, false) => through(&end.through).map(|ways| format!(", {ways}")).unwrap_or_default(),
        (_, true) => ", together".to_owned(),
        (_, false) => ", each of them".to_owned(),
    };
    let perhaps = match end.candidates.as_slice() {
        [] => String::new(),
        others => format!("; perhaps by {} as well", controllers(others)),
    };
    format!("controlled in the end by {who}{how}{perhaps}")
}

fn unknown(end: &InTheEnd) -> String {
    let mut parts = vec!["cannot tell who controls it in the end".to_owned()];
    if !end.controllers.is_empty() {
        let does = if end.controllers.len() == 1 { "controls it" } else { "control it" };
        parts.push(format!("{} {does}", controllers(&end.controllers)));
    }
    parts.extend(end.why.first().filter(|_| end.decides.is_none()).cloned());
    parts.push(end.decides.as_ref().map_or_else(|| "no single fact would tell".to_owned(), decides));
    parts.join("; ")
}

fn through(parties: &[PartyShown]) -> Option<String> {
    (!parties.is_empty()).then(|| format!("through {}", called(parties).join(" → ")))
}

/// What one fact would settle: `A controls it if its share in C is above 41.7 %, known is 25–50 %`.
pub(crate) fn decides(deciding: &Deciding) -> String {
    let who = deciding.party.called();
    let does = if deciding.becomes == Mark::No { "does not control it" } else { "controls it" };
    match &deciding.fact {
        DecidingFact::Share { owner, company, known, settles, .. } => {
            let whose = if *owner == deciding.party { "its share".to_owned() } else { share_of(owner) };
            let (settles, known) = (settling(known, settles), interval(known));
            format!("{who} {does} if {whose} in {} is {settles} (known: {known})", company.called())
        }
        DecidingFact::Complete { company } => {
            format!("{who} {does} if nobody else holds votes in {}", company.called())
        }
        DecidingFact::Seat { company, seat } => {
            format!(
                "{who} controls it if it appoints the seat `{seat}` of {}, and else not",
                company.called()
            )
        }
        DecidingFact::Board { company } => {
            format!("{who} {does} if the board of {} has no other seats than those listed", company.called())
        }
        DecidingFact::Holders { party } => {
            format!("no paper says who holds {}, or that it is a person or a state", party.called())
        }
    }
}

fn share_of(owner: &PartyShown) -> String {
    format!("the share of {}", owner.called())
}

/// The values that settle, from one end of what is possible: `above 41.7 %`.
fn settling(known: &Bounds, settles: &Bounds) -> String {
    let value = |end: &End, rounding: Rounding, other: &End| {
        let value = end.value.clone().unwrap_or_default();
        Measure::Percent.with_unit(&Measure::Percent.number(&value, rounding, other.value.as_ref()))
    };
    if settles.lower.value == settles.upper.value {
        return format!("exactly {}", interval(settles));
    }
    if settles.upper == known.upper {
        let least = value(&settles.lower, Rounding::Up, &known.upper);
        return if settles.lower.open { format!("above {least}") } else { format!("at least {least}") };
    }
    let most = value(&settles.upper, Rounding::Down, &known.lower);
    if settles.upper.open { format!("below {most}") } else { format!("at most {most}") }
}

/// Who holds, as the first column says it.
pub(crate) fn holder(kind: &HolderKind) -> String {
    match kind {
        HolderKind::Party(party) => party.called().to_owned(),
        HolderKind::Loop(members) => {
            let names = called(members).into_iter().map(str::to_owned).collect::<Vec<_>>();
            format!("nobody: {} own each other", list(&names))
        }
        HolderKind::Float => "nobody who is named".to_owned(),
        HolderKind::Unlisted => "not listed".to_owned(),
    }
}

/// The country of a holder, empty where there is none or it is not stated.
pub(crate) fn country(kind: &HolderKind) -> &'static str {
    kind.party().and_then(|party| party.country).map(|country| country.alpha2()).unwrap_or_default()
}

/// Whether it controls: `yes`, `yes, jointly`, `yes, by board`.
pub(crate) fn controls(holder: &HolderShown) -> String {
    let word = match holder.controls {
        Mark::Yes => "yes",
        Mark::No => return "no".to_owned(),
        Mark::Maybe => "cannot tell",
    };
    match holder.by {
        Some("jointly") => format!("{word}, jointly"),
        Some("board") => format!("{word}, by board"),
        Some("contract") => format!("{word}, by contract"),
        _ => word.to_owned(),
    }
}

/// The sign of [`controls`].
pub(crate) fn sign(mark: Mark) -> &'static str {
    match mark {
        Mark::Yes => "✓",
        Mark::No => "–",
        Mark::Maybe => "?",
    }
}

/// How a holder of a company holds: `directly`, `through A → B`; then whether nobody is listed above it.
pub(crate) fn held(holder: &HolderShown, company: &PartyShown) -> String {
    let mut parts: Vec<String> =
        Some(by_which_way(holder, company)).into_iter().filter(|way| !way.is_empty()).collect();
    if let Some(together) = holder.together.as_ref().filter(|_| !holder.with.is_empty()) {
        let with = called(&holder.with).join(", ");
        parts.push(format!("with {with} {} of the votes", interval(together)));
    }
    if holder.holder.party().is_some() && holder.is_end {
        parts.push("ultimate".to_owned());
    }
    parts.join(" · ")
}

fn by_which_way(holder: &HolderShown, company: &PartyShown) -> String {
    if holder.holder.party().is_some_and(|party| party.id == company.id) {
        return if holder.is_direct { "itself" } else { "itself, by way of those it holds" }.to_owned();
    }
    let longer = holder.chains.iter().filter(|chain| !chain.is_direct());
    let ways: Vec<String> = longer.map(between).collect();
    let ways = match ways.as_slice() {
        [] => String::new(),
        [only] => format!("through {only}"),
        [first, rest @ ..] => format!("through {first} and {}", more(rest.len(), holder.more_chains)),
    };
    let is_claimed = holder.chains.iter().any(|chain| chain.links.iter().any(|link| link.is_indirect));
    match (holder.is_direct, ways.is_empty()) {
        (true, true) => "directly".to_owned(),
        (true, false) => format!("directly and {ways}"),
        (false, true) if is_claimed => "directly or through others".to_owned(),
        (false, true) if holder.holder.party().is_none() => "in companies above it".to_owned(),
        (false, true) => through(&holder.through).unwrap_or_default(),
        (false, false) => ways,
    }
}

/// `4 more ways`.
fn more(n: usize, is_cut: bool) -> String {
    let at_least = if is_cut { "at least " } else { "" };
    format!("{at_least}{n} more way{}", if n == 1 { "" } else { "s" })
}

/// The parties between the ends of a chain.
fn between(chain: &ChainShown) -> String {
    let names: Vec<&str> = chain.parties().map(PartyShown::called).collect();
    let inner = names.get(1..names.len().saturating_sub(1)).unwrap_or_default();
    inner.join(" → ")
}

/// `A → B → C: 60 % × 70 % = 42 %`, with what going round cycles makes of it.
fn way(chain: &ChainShown) -> String {
    let names: Vec<&str> = chain.parties().map(PartyShown::called).collect();
    let mut text = names.join(" → ");
    let Some(product) = &chain.product else {
        let kinds: Vec<String> = chain.links.iter().map(|link| say(link.kind, &link.share)).collect();
        text.push_str(&format!(": {}", kinds.join(", then ")));
        return text;
    };
    let shares: Vec<String> = chain.links.iter().map(|link| interval(&link.share)).collect();
    text.push_str(&format!(": {}", shares.join(" × ")));
    if chain.links.len() > 1 {
        text.push_str(&format!(" = {}", interval(product)));
    }
    if let Some(factor) = &chain.loops {
        text.push_str(&format!(", {} for going round: {}", loops(factor), interval(&times(product, factor))));
    }
    text
}

/// `60 %`, `board: 60 %`, `contract`.
pub(crate) fn say(kind: &str, share: &Bounds) -> String {
    let says_nothing = share.lower.value.as_ref().is_some_and(Exact::is_zero)
        && share.upper.value.as_ref().is_some_and(|most| *most == Exact::one());
    match kind {
        "shares" => interval(share),
        "votes" => format!("{} of the votes", interval(share)),
        _ if says_nothing => kind.to_owned(),
        _ => format!("{kind}: {}", interval(share)),
    }
}

/// `× 1/(1 − 1/10) = 10/9`: one over one minus what comes back round the cycle.
fn loops(factor: &Exact) -> String {
    let back = Exact::one().checked_div(factor).map(|one| Exact::one() - one);
    let back = back.unwrap_or_default();
    format!("× 1/(1 − {}) = {}", back.to_fraction(), factor.to_fraction())
}

fn times(bounds: &Bounds, factor: &Exact) -> Bounds {
    let end = |end: &End| End { value: end.value.as_ref().map(|value| value * factor), open: end.open };
    Bounds { lower: end(&bounds.lower), upper: end(&bounds.upper), quality: bounds.quality }
}

/// `interests.csv, row 4 (REG-12)`.
pub(crate) fn sources(sources: &[StakeSource]) -> String {
    let one = |source: &StakeSource| match &source.document {
        Some(document) => format!("{} ({document})", source.place),
        None => source.place.clone(),
    };
    sources.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// What is not listed of one company.
fn remainder(one: &Remainder) -> String {
    let (share, name) = (interval(&one.share), one.company.called());
    if one.is_float {
        format!("{share} of {name} belongs to nobody who is named: its list is declared complete")
    } else {
        format!("{share} of {name} is not listed and may be anybody's")
    }
}

/// Notes under a company: loops, remainders, vetoes, then remarks.
pub(crate) fn notes(company: &CompanyOwned) -> Vec<String> {
    let loops = company.holders.iter().filter_map(|one| match &one.holder {
        HolderKind::Loop(members) => {
            let names: Vec<String> = members.iter().map(|one| one.called().to_owned()).collect();
            Some(format!(
                "{} own each other entirely and nobody owns them: {} of {} ends with nobody",
                list(&names),
                interval(&one.share),
                company.company.called()
            ))
        }
        _ => None,
    });
    let vetoes = company.vetoes.iter().map(|veto| {
        let may = if veto.holds == Mark::Yes { "can" } else { "may be able to" };
        let sources = sources(&veto.sources);
        format!(
            "{} {may} stop decisions without taking them, which is no control ({sources})",
            party(&veto.party)
        )
    });
    let pacts = pacts(company);
    let remainders = company.remainders.iter().map(remainder);
    loops.chain(vetoes).chain(pacts).chain(remainders).chain(company.remarks.iter().cloned()).collect()
}

/// `pact P: A and B act in concert`, of parties above the company.
fn pacts(company: &CompanyOwned) -> Vec<String> {
    let mut found: Vec<(&str, Vec<String>)> = Vec::new();
    for party in &company.parties {
        for pact in &party.pacts {
            match found.iter_mut().find(|(name, _)| name == pact) {
                Some((_, members)) => members.push(party.called().to_owned()),
                None => found.push((pact, vec![party.called().to_owned()])),
            }
        }
    }
    let several = found.into_iter().filter(|(_, members)| members.len() > 1);
    several.map(|(name, members)| format!("{} act in concert (`{name}`)", list(&members))).collect()
}

/// Why it cannot be told, without the reason that [`end`] gives.
pub(crate) fn other_reasons(end: &InTheEnd) -> &[String] {
    let is_told = |fact: &Deciding| matches!(fact.fact, DecidingFact::Holders { .. });
    let told = usize::from(end.decides.as_ref().is_none_or(is_told));
    if end.state == EndState::Unknown { end.why.get(told..).unwrap_or_default() } else { &[] }
}

/// What would decide of every holder that is open, without what [`end`] says.
pub(crate) fn deciding(company: &CompanyOwned) -> Vec<String> {
    let open = company.holders.iter().filter(|holder| holder.controls == Mark::Maybe);
    let facts = open.filter_map(|holder| {
        let facts = &holder.decides;
        facts.iter().find(|one| one.becomes == Mark::Yes).or(facts.first())
    });
    let told = company.end.decides.as_ref();
    facts.filter(|fact| Some(*fact) != told).map(decides).collect()
}

/// The chains that pass others or a cycle.
pub(crate) fn ways(company: &CompanyOwned) -> Vec<String> {
    let chains = company.holders.iter().flat_map(|holder| &holder.chains);
    chains.filter(|chain| !chain.is_direct() || chain.loops.is_some()).map(way).collect()
}

/// The links of all ways to a company, each once, in the order of the holders.
pub(crate) fn links(company: &CompanyOwned) -> Vec<&LinkShown> {
    let mut seen: BTreeSet<(&str, &str, &str)> = BTreeSet::new();
    let all = company.holders.iter().flat_map(|holder| &holder.chains).flat_map(|chain| &chain.links);
    all.filter(|link| seen.insert((&link.owner.id, &link.company.id, link.kind))).collect()
}
