use std::collections::BTreeSet;

use filiera_tables::TableKind;

use crate::gather::{Cells, Gather, Spot, Wrong, put};
use crate::json_text::Json;

use super::container::{Aspect, Contents, Twin};
use super::job::{Job, Tombstone};
use super::kind::{Kind, Named, named};
use super::lines::Lines;
use super::parts::Parts;
use super::{customs, ids, sites, tariff};

/// What an aspect is about, with what its twin says of it.
pub(super) struct Subject<'j> {
    /// The part.
    pub(super) part: String,
    /// The partner who stands behind the twin.
    pub(super) partner: Option<&'j str>,
    /// The agreement under which the aspect was handed over.
    pub(super) contract: Option<&'j str>,
}

/// What is put together while walking the twins.
#[derive(Default)]
pub(super) struct Found {
    pub(super) parts: Parts,
    pub(super) lines: Lines,
    pub(super) ends: Vec<customs::End>,
}

/// Reads every aspect of every twin into rows.
pub(super) fn read(contents: &Contents<'_>, gather: &mut Gather<'_>) {
    let mut found = Found::default();
    if let Some(job) = &contents.job {
        found.lines.relationships(job.relationships, gather);
    }
    let mut seen = BTreeSet::new();
    for twin in &contents.twins {
        if twin.aspects.is_empty() {
            gather.note(&twin.spot, "twin without aspects", twin.id.as_deref().unwrap_or(""));
        } else if contents.job.is_none() && twin.id.as_ref().is_some_and(|id| !seen.insert(id)) {
            gather.note(&twin.spot, "twin stored twice", twin.id.as_deref().unwrap_or(""));
        }
        for aspect in &twin.aspects {
            read_aspect(twin, aspect, &mut found, gather);
        }
    }
    if let Some(job) = &contents.job {
        bury(job, &mut found, gather);
    }
    customs::end(&found.ends, gather);
    found.lines.finish(found.parts.described(), gather);
    found.parts.finish(gather);
}

fn read_aspect(twin: &Twin<'_>, aspect: &Aspect<'_>, found: &mut Found, gather: &mut Gather<'_>) {
    let kind = match named(aspect.name) {
        Named::Read(kind) => kind,
        Named::Other(name) => {
            gather.note(&aspect.spot, &format!("aspect not read: {name}"), "");
            if let Some(part) = subject_id(twin, aspect, &[], gather) {
                found.parts.describe(&part, &twin.spot);
            }
            return;
        }
        Named::Misnamed => return gather.fault(&aspect.spot, misnamed(aspect.name)),
    };
    if !aspect.payload.is_object() {
        let message = format!("the payload of `{}` is no object", aspect.name);
        let remedy = "put the aspect's members into `{…}`";
        return gather.fault(&aspect.spot, Wrong { code: "catenax/shape", message, remedy });
    }
    let more: &[&str] = if matches!(kind, Kind::Bom(_)) { &["assetId"] } else { &[] };
    let Some(part) = subject_id(twin, aspect, more, gather).or_else(|| free_name(aspect.payload)) else {
        return ids::missing(&aspect.spot, "aspect", gather);
    };
    found.parts.describe(&part, &twin.spot);
    found.parts.fall_back(&part, "supplier", twin.partner);
    let subject = Subject { part, partner: twin.partner, contract: aspect.contract };
    dispatch(kind, aspect, &subject, found, gather);
}

fn dispatch(
    kind: Kind,
    aspect: &Aspect<'_>,
    subject: &Subject<'_>,
    found: &mut Found,
    gather: &mut Gather<'_>,
) {
    let (payload, spot) = (aspect.payload, &aspect.spot);
    match kind {
        Kind::Bom(cycle) => found.lines.payload(cycle, &subject.part, payload, spot, gather),
        Kind::Usage(cycle) => found.lines.usage(cycle, &subject.part, payload, spot, gather),
        Kind::Part => found.parts.part(subject, payload, spot, gather),
        Kind::Sites => sites::aspect(&mut found.parts, &subject.part, payload, spot, gather),
        Kind::Battery => found.parts.battery(&subject.part, payload, spot, gather),
        Kind::Customs => found.ends.extend(customs::read(subject, payload, spot, gather)),
        Kind::Tariff => tariff::read(subject, payload, spot, &mut found.parts, gather),
    }
}

/// The part an aspect is about: the twin's id, else the payload's.
fn subject_id(
    twin: &Twin<'_>,
    aspect: &Aspect<'_>,
    more: &[&str],
    gather: &mut Gather<'_>,
) -> Option<String> {
    let names: Vec<&str> = ids::OWN.iter().chain(more).copied().collect();
    let own = ids::identity(aspect.payload, &names, &aspect.spot, gather);
    if let (Some(twin), Some(own)) = (&twin.id, &own)
        && twin != own
    {
        gather.note(&aspect.spot, "aspect names another part than its twin", own);
    }
    twin.id.clone().or(own)
}

/// `BomAsSpecified` names its product freely.
fn free_name(payload: &Json) -> Option<String> {
    payload.get("item").and(payload.text_of("identifier")).map(str::to_owned)
}

fn misnamed(name: &str) -> Wrong<'static> {
    Wrong {
        code: "catenax/aspect",
        message: format!("`{name}` is no aspect of its name space"),
        remedy: "correct the name behind `#`, as in `urn:samm:io.catenax.serial_part:3.0.0#SerialPart`",
    }
}

/// What a job knows of its twins beside their aspects: those registered, those not fetched.
fn bury(job: &Job<'_>, found: &mut Found, gather: &mut Gather<'_>) {
    let dead: BTreeSet<&str> = job.tombstones.iter().map(|grave| grave.id.as_str()).collect();
    for (id, cells, spot) in job.shells.iter().filter(|(id, ..)| !dead.contains(id.as_str())) {
        found.parts.describe(id, spot);
        for (column, value) in cells {
            found.parts.fall_back(id, column, Some(value));
        }
    }
    let mut open = BTreeSet::new();
    for grave in &job.tombstones {
        if found.parts.forget_description(&grave.id) && open.insert(&grave.id) {
            unknown_below(grave, gather);
        }
    }
}

/// A part that is known but could not be fetched whole has something unknown below it.
fn unknown_below(grave: &Tombstone<'_>, gather: &mut Gather<'_>) {
    let mut cells = Cells::new();
    put(&mut cells, "parent", Some(grave.id.as_str()));
    put(&mut cells, "child", Some(format!("{}#unknown", grave.id)));
    put(&mut cells, "quantity", Some("1"));
    put(&mut cells, "reason", Some(format!("tombstone: {}", grave.step)));
    gather.row(TableKind::Bom, &Spot { row: grave.spot.row, pointer: grave.spot.pointer.clone() }, cells);
}
