use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::check::everything;
use crate::fault::Faults;
use crate::{Cause, Condition, MemberRef, Pack, PackFault, Spanned, graph};

/// Notes members of this pack that do not exist, and `via` for what is no member.
pub(crate) fn exist(pack: &Pack, conditions: &BTreeSet<&str>, faults: &mut Faults) {
    for condition in everything(pack) {
        let members = condition.form.members();
        for member in members.iter().filter(|member| member.pack.is_none()) {
            if !conditions.contains(member.condition.as_str()) {
                refuse(member, "condition", &member.condition, String::new(), conditions, faults);
            }
        }
        let written: BTreeSet<String> = members.iter().map(|member| member.to_string()).collect();
        for (name, column) in condition.via.iter().filter(|(name, _)| !written.contains(*name)) {
            let instead = faults.near(name, written.iter().map(String::as_str));
            let place = format!(" of `{}`", condition.name);
            faults.push(Cause::NoSuch { what: "member", name: name.clone(), place, instead }, &column.span);
        }
    }
}

fn refuse(
    member: &Spanned<MemberRef>,
    what: &'static str,
    name: &str,
    place: String,
    known: &BTreeSet<&str>,
    faults: &mut Faults,
) {
    let instead = faults.near(name, known.iter().copied());
    faults.push(Cause::NoSuch { what, name: name.to_owned(), place, instead }, &member.span);
}

/// The conditions of a pack after their members; those made of each other are faults and left out.
pub(crate) fn order(pack: &Pack, faults: &mut Faults) -> Vec<usize> {
    let places: BTreeMap<&str, usize> = pack
        .conditions
        .iter()
        .enumerate()
        .map(|(place, condition)| (condition.name.as_str(), place))
        .collect();
    let own = |condition: &Condition| {
        let members = condition.form.members().iter().filter(|member| member.pack.is_none());
        members.filter_map(|member| places.get(member.condition.as_str()).copied()).collect()
    };
    let members: Vec<Vec<usize>> = pack.conditions.iter().map(own).collect();
    let found = graph::order(&members);
    for cycle in &found.cycles {
        let conditions: Vec<&Condition> =
            cycle.iter().filter_map(|place| pack.conditions.get(*place)).collect();
        let names: Vec<String> = conditions.iter().map(|condition| condition.name.clone()).collect();
        refuse_cycle(&conditions, &names, faults);
    }
    found.order
}

/// `names` are those of the conditions, as a reader of all packs would write them.
fn refuse_cycle(conditions: &[&Condition], names: &[String], faults: &mut Faults) {
    let (Some(first), Some(name)) = (conditions.first(), names.first()) else { return };
    let path: Vec<String> = names.iter().chain([name]).map(|name| format!("`{name}`")).collect();
    let span = first.form.members().first().map_or(first.span.clone(), |member| member.span.clone());
    faults.push(Cause::Cycle(path.join(" → ")), &span);
}

/// Gives compositions the subject of their members, and notes members about another subject.
pub(crate) fn subjects(pack: &mut Pack, order: &[usize], faults: &mut Faults) {
    let mut known: BTreeMap<String, Vec<Spanned<String>>> = BTreeMap::new();
    let source = Arc::clone(&pack.source);
    for place in order {
        if let Some(condition) = pack.conditions.get_mut(*place) {
            subject(condition, &known, &source, faults);
            known.insert(condition.name.clone(), condition.per.clone());
        }
    }
    for reading in &mut pack.readings {
        subject(&mut reading.condition, &known, &source, faults);
    }
}

fn subject(
    condition: &mut Condition,
    known: &BTreeMap<String, Vec<Spanned<String>>>,
    source: &str,
    faults: &mut Faults,
) {
    let members = condition.form.members();
    let own = members.iter().filter(|member| member.pack.is_none());
    let joined = |member: &MemberRef| condition.via.contains_key(&member.to_string());
    if condition.per.is_empty() && !members.is_empty() {
        if members.iter().all(|member| joined(member)) {
            let place = format!("condition.{}", condition.name);
            faults.push(Cause::MissingKey { key: "per", place }, &condition.heading(source));
        }
        let first = own.clone().find(|member| !joined(member));
        let per = first.and_then(|member| known.get(&member.condition)).cloned();
        condition.per = per.unwrap_or_default();
    }
    for member in condition.form.members().iter().filter(|member| member.pack.is_none()) {
        if let Some(theirs) = known.get(&member.condition) {
            refuse_other_subject(condition, member, theirs, faults);
        }
    }
}

fn refuse_other_subject(
    condition: &Condition,
    member: &Spanned<MemberRef>,
    theirs: &[Spanned<String>],
    faults: &mut Faults,
) {
    let joined = condition.via.contains_key(&member.to_string());
    let fits = if joined { theirs.len() == 1 } else { theirs == condition.per };
    if fits || theirs.is_empty() || condition.per.is_empty() {
        return;
    }
    let listed = |columns: &[Spanned<String>]| {
        let columns: Vec<String> = columns.iter().map(|column| format!("`{column}`")).collect();
        columns.join(" and ")
    };
    let ours = if joined { "one column".to_owned() } else { listed(&condition.per) };
    faults
        .push(Cause::OtherSubject { member: member.to_string(), theirs: listed(theirs), ours }, &member.span);
}

/// Faults of members that stand in another pack: a pack or condition that does not exist, another
/// subject, and conditions of several packs made of each other.
///
/// `packs` are all that may refer to each other, each read without fault; `known` are the ids that a
/// slip of the pen may have meant.
pub fn check_members(packs: &[&Pack], known: &BTreeSet<&str>) -> Vec<PackFault> {
    let known = &packs.iter().map(|pack| pack.id.as_str()).chain(known.iter().copied()).collect();
    let by_id: BTreeMap<&str, &Pack> = packs.iter().map(|pack| (pack.id.as_str(), *pack)).collect();
    let mut lists = Vec::new();
    for pack in packs {
        let mut faults = Faults::new(&pack.file, Arc::clone(&pack.source));
        for condition in everything(pack) {
            check_elsewhere(condition, &by_id, known, &mut faults);
        }
        lists.extend(faults.into_list());
    }
    lists.extend(cycles_across(packs));
    lists
}

fn check_elsewhere(
    condition: &Condition,
    packs: &BTreeMap<&str, &Pack>,
    known: &BTreeSet<&str>,
    faults: &mut Faults,
) {
    for member in condition.form.members() {
        let Some(id) = &member.pack else { continue };
        let Some(pack) = packs.get(id.as_str()) else {
            refuse(member, "pack", id, String::new(), known, faults);
            continue;
        };
        match pack.condition(&member.condition) {
            Some(theirs) => refuse_other_subject(condition, member, &theirs.per, faults),
            None => {
                let known = pack.conditions.iter().map(|condition| condition.name.as_str()).collect();
                refuse(member, "condition", &member.condition, format!(" in `{id}`"), &known, faults);
            }
        }
    }
}

/// Cycles that leave a pack; those within one are faults of its text.
fn cycles_across(packs: &[&Pack]) -> Vec<PackFault> {
    let nodes: Vec<(&Pack, &Condition)> = packs
        .iter()
        .flat_map(|pack| pack.conditions.iter().map(move |condition| (*pack, condition)))
        .collect();
    let places: BTreeMap<(&str, &str), usize> = nodes
        .iter()
        .enumerate()
        .map(|(place, (pack, condition))| ((pack.id.as_str(), condition.name.as_str()), place))
        .collect();
    let members = |(pack, condition): &(&Pack, &Condition)| {
        let members = condition.form.members().iter();
        let place = |member: &Spanned<MemberRef>| {
            let pack = member.pack.as_deref().unwrap_or(&pack.id);
            places.get(&(pack, member.condition.as_str())).copied()
        };
        members.filter_map(place).collect()
    };
    let members: Vec<Vec<usize>> = nodes.iter().map(members).collect();
    let mut lists = Vec::new();
    for cycle in graph::order(&members).cycles {
        let knot: Vec<_> = cycle.iter().filter_map(|place| nodes.get(*place)).collect();
        let Some((pack, _)) = knot.first() else { continue };
        let names: Vec<String> = knot.iter().map(|(pack, c)| format!("{}#{}", pack.id, c.name)).collect();
        let mut faults = Faults::new(&pack.file, Arc::clone(&pack.source));
        refuse_cycle(&knot.iter().map(|(_, condition)| *condition).collect::<Vec<_>>(), &names, &mut faults);
        lists.extend(faults.into_list());
    }
    lists
}
