use crate::gather::{Gather, Spot, Wrong};
use crate::json_text::{Json, pointer_step};

use super::ids;
use super::job::Job;

/// The ways Catena-X data is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// `{"…TestDataContainer…": [twin…]}`.
    TestContainer,
    /// `{"assets": [{assetMetaInfo, submodels}…]}`.
    Import,
    /// `{"job", "relationships", "shells", "submodels", "tombstones", "bpns"}`, or some of them.
    Job,
    /// The payload of one aspect.
    Aspect,
}

/// Members only an aspect's payload has at its top, beside the id.
const PAYLOAD: &[&str] = &[
    "childItems",
    "childParts",
    "parentItems",
    "parentParts",
    "partTypeInformation",
    "manufacturingInformation",
    "sites",
    "tradeRelation",
    "preferredStatus",
    "commercialCountryOfOrigin",
    "materialList",
    "partOriginCountry",
];

impl Shape {
    /// The shape the names at the top of a document tell.
    pub(super) fn of(keys: &[&str]) -> Option<Self> {
        let has = |key: &str| keys.contains(&key);
        if keys.iter().any(|key| key.contains("TestDataContainer")) {
            Some(Self::TestContainer)
        } else if has("assets") {
            Some(Self::Import)
        } else if (has("job") && (has("relationships") || has("submodels")))
            || (keys.len() <= 2 && (has("relationships") || has("submodels")))
        {
            Some(Self::Job)
        } else {
            let known = ids::OWN.iter().chain(&["assetId", "identifier"]).any(|key| has(key));
            (known && (PAYLOAD.iter().any(|key| has(key)) || has("item"))).then_some(Self::Aspect)
        }
    }

    fn format(self) -> &'static str {
        match self {
            Self::TestContainer => "catena-x test container",
            Self::Import => "catena-x import file",
            Self::Job => "catena-x irs job",
            Self::Aspect => "catena-x aspect",
        }
    }
}

/// A digital twin with its aspects, as one entry of the file gives it.
pub(super) struct Twin<'j> {
    /// The id of the entry; nothing when only the aspects name it.
    pub(super) id: Option<String>,
    /// The partner who made the entry.
    pub(super) partner: Option<&'j str>,
    pub(super) aspects: Vec<Aspect<'j>>,
    pub(super) spot: Spot,
}

/// One aspect of a twin.
pub(super) struct Aspect<'j> {
    /// The full name: `urn:samm:io.catenax.batch:3.0.0#Batch`.
    pub(super) name: &'j str,
    pub(super) payload: &'j Json,
    /// The agreement under which the payload was handed over.
    pub(super) contract: Option<&'j str>,
    pub(super) spot: Spot,
}

/// Everything in a file, unpacked.
#[derive(Default)]
pub(super) struct Contents<'j> {
    pub(super) twins: Vec<Twin<'j>>,
    /// What an IRS job adds.
    pub(super) job: Option<Job<'j>>,
}

/// Unpacks a document; one that holds none of the known containers is a fault.
pub(super) fn open<'j>(document: &'j Json, gather: &mut Gather<'_>) -> Option<Contents<'j>> {
    let keys: Vec<&str> = document.members().iter().map(|(name, _)| name.as_str()).collect();
    let Some(shape) = Shape::of(&keys) else {
        gather.fault(&Spot::default(), no_container());
        return None;
    };
    gather.imported().format = shape.format().to_owned();
    let contents = match shape {
        Shape::TestContainer => Contents { twins: test_container(document, gather), job: None },
        Shape::Import => Contents { twins: import_file(document, gather), job: None },
        Shape::Job => {
            let job = Job::open(document, gather);
            Contents { twins: submodels(document, &job, gather), job: Some(job) }
        }
        Shape::Aspect => Contents { twins: vec![bare(document)], job: None },
    };
    Some(contents)
}

fn no_container() -> Wrong<'static> {
    Wrong {
        code: "catenax/container",
        message: "none of the known containers of Catena-X is at the top of the document".to_owned(),
        remedy: "give a test container, `{\"assets\": […]}`, an IRS job response or the payload of one aspect",
    }
}

/// A list under `key`; anything else there is a fault.
pub(super) fn list<'j>(holder: &'j Json, key: &str, spot: &Spot, gather: &mut Gather<'_>) -> &'j [Json] {
    let Some(found) = holder.get(key) else { return &[] };
    if !found.is_list() {
        let message = format!("`{key}` is no list");
        gather.fault(
            &spot.at(key),
            Wrong { code: "catenax/shape", message, remedy: "put its entries into `[…]`" },
        );
    }
    found.items()
}

fn test_container<'j>(document: &'j Json, gather: &mut Gather<'_>) -> Vec<Twin<'j>> {
    let mut twins = Vec::new();
    for (key, held) in document.members() {
        if !key.contains("TestDataContainer") {
            continue;
        }
        for (index, entry) in held.items().iter().enumerate() {
            let spot = Spot::entry(&format!("/{}", pointer_step(key)), index);
            twins.push(container_twin(entry, spot, twins.len(), gather));
        }
    }
    twins
}

fn container_twin<'j>(entry: &'j Json, spot: Spot, before: usize, gather: &mut Gather<'_>) -> Twin<'j> {
    let spot = Spot { row: Spot::entry("", before).row, ..spot };
    let mut aspects = Vec::new();
    for (name, payloads) in entry.members().iter().filter(|(name, _)| name.contains('#')) {
        let at = spot.at(pointer_step(name));
        if payloads.is_object() {
            aspects.push(Aspect { name, payload: payloads, contract: None, spot: at });
            continue;
        }
        if payloads.items().is_empty() {
            gather.note(&at, "aspect without payload", name);
        }
        for (index, payload) in payloads.items().iter().enumerate() {
            aspects.push(Aspect { name, payload, contract: None, spot: at.at(index) });
        }
    }
    let id = ids::identity(entry, ids::OWN, &spot, gather);
    Twin { id, partner: entry.text_of("bpnl"), aspects, spot }
}

fn import_file<'j>(document: &'j Json, gather: &mut Gather<'_>) -> Vec<Twin<'j>> {
    let mut twins = Vec::new();
    for (index, asset) in list(document, "assets", &Spot::default(), gather).iter().enumerate() {
        let spot = Spot::entry("/assets", index);
        let id = match asset.get("assetMetaInfo") {
            Some(meta) => ids::identity(meta, ids::OWN, &spot.at("assetMetaInfo"), gather),
            None => {
                ids::missing(&spot, "asset", gather);
                None
            }
        };
        let submodels = list(asset, "submodels", &spot, gather).iter().enumerate();
        let aspects =
            submodels.filter_map(|(place, one)| submodel(one, spot.at("submodels").at(place), gather));
        let aspects = aspects.collect();
        twins.push(Twin { id, partner: None, aspects, spot });
    }
    twins
}

fn submodel<'j>(one: &'j Json, spot: Spot, gather: &mut Gather<'_>) -> Option<Aspect<'j>> {
    let (name, payload) = (one.text_of("aspectType"), one.get("payload"));
    let (Some(name), Some(payload)) = (name, payload) else {
        let absent = if name.is_none() { "aspectType" } else { "payload" };
        let message = format!("the submodel has no `{absent}`");
        let remedy = "give every submodel an `aspectType` and a `payload`";
        gather.fault(&spot, Wrong { code: "catenax/submodel", message, remedy });
        return None;
    };
    Some(Aspect { name, payload, contract: one.text_of("contractAgreementId"), spot: spot.at("payload") })
}

/// The submodels of a job, each a twin of its own; the job knows whose a nameless one is.
fn submodels<'j>(document: &'j Json, job: &Job<'_>, gather: &mut Gather<'_>) -> Vec<Twin<'j>> {
    let mut twins = Vec::new();
    for (index, one) in list(document, "submodels", &Spot::default(), gather).iter().enumerate() {
        let spot = Spot::entry("/submodels", index);
        let names_itself = one.get("payload").is_some_and(|payload| payload.get_any(ids::OWN).is_some());
        let owner = if names_itself { None } else { job.owner(one) };
        let aspects = submodel(one, spot.clone(), gather).into_iter().collect();
        twins.push(Twin { id: owner, partner: None, aspects, spot });
    }
    twins
}

/// The payload of one aspect; which one, its members tell.
fn bare(document: &Json) -> Twin<'_> {
    let has = |key: &str| document.get(key).is_some();
    let planned = document.get("childItems").or_else(|| document.get("parentItems"));
    let planned =
        planned.is_some_and(|list| list.items().iter().any(|line| line.get("validityPeriod").is_some()));
    let name = if has("item") || has("assetId") {
        "BomAsSpecified"
    } else if has("childItems") || has("childParts") {
        if planned { "SingleLevelBomAsPlanned" } else { "SingleLevelBomAsBuilt" }
    } else if has("parentItems") || has("parentParts") {
        if planned { "SingleLevelUsageAsPlanned" } else { "SingleLevelUsageAsBuilt" }
    } else if has("materialList") || has("partOriginCountry") {
        "UsTariffInformation"
    } else if has("tradeRelation") || has("preferredStatus") || has("commercialCountryOfOrigin") {
        "CustomsInformation"
    } else if has("partTypeInformation") || has("manufacturingInformation") {
        "SerialPart"
    } else {
        "PartSiteInformationAsPlanned"
    };
    let spot = Spot { row: 1, pointer: String::new() };
    let aspect = Aspect { name, payload: document, contract: None, spot: spot.clone() };
    Twin { id: None, partner: None, aspects: vec![aspect], spot }
}
