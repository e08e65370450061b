use std::collections::BTreeMap;

use filiera_tables::TableKind;

use crate::gather::{Cells, Gather, Spot, put};
use crate::json_text::Json;

use super::container::list;
use super::ids;

/// What an IRS job response holds beside its submodels.
#[derive(Default)]
pub(super) struct Job<'j> {
    pub(super) relationships: &'j [Json],
    /// The registered twins, with what the registry says of them.
    pub(super) shells: Vec<(String, Cells, Spot)>,
    /// Whose submodel an identification is.
    submodel_owners: BTreeMap<&'j str, String>,
    /// The only part of the job, when it has no more.
    root: Option<String>,
    pub(super) tombstones: Vec<Tombstone<'j>>,
}

/// Something that could not be fetched.
pub(super) struct Tombstone<'j> {
    pub(super) id: String,
    /// The step that failed: `SubmodelRequest`, `UsagePolicyValidation`, …
    pub(super) step: &'j str,
    pub(super) spot: Spot,
}

impl<'j> Job<'j> {
    pub(super) fn open(document: &'j Json, gather: &mut Gather<'_>) -> Self {
        let top = Spot::default();
        let mut job =
            Self { relationships: list(document, "relationships", &top, gather), ..Self::default() };
        for (index, shell) in list(document, "shells", &top, gather).iter().enumerate() {
            job.shell(shell.get("payload").unwrap_or(shell), Spot::entry("/shells", index), gather);
        }
        if job.relationships.is_empty() {
            job.root = root(document, gather);
        }
        for (index, grave) in list(document, "tombstones", &top, gather).iter().enumerate() {
            job.tombstone(grave, Spot::entry("/tombstones", index), gather);
        }
        for (index, partner) in list(document, "bpns", &top, gather).iter().enumerate() {
            company(partner, &Spot::entry("/bpns", index), gather);
        }
        job
    }

    fn shell(&mut self, shell: &'j Json, spot: Spot, gather: &mut Gather<'_>) {
        let older =
            shell.get("globalAssetId").and_then(|id| id.get("value")).and_then(|ids| ids.items().first());
        let Some(id) = older
            .and_then(Json::text)
            .and_then(ids::normal)
            .or_else(|| ids::identity(shell, &["globalAssetId"], &spot, gather))
        else {
            return gather.note(&spot, "shell without id", "");
        };
        for descriptor in shell.get("submodelDescriptors").map_or(&[][..], Json::items) {
            let name = descriptor.get_any(&["identification", "id"]).and_then(Json::text);
            self.submodel_owners.extend(name.map(|name| (name, id.clone())));
        }
        let described = shell.get("description").and_then(|texts| texts.items().first());
        let mut cells = Cells::new();
        put(&mut cells, "name", described.and_then(|text| text.text_of("text")).or(shell.text_of("idShort")));
        let known = shell.get("specificAssetIds").map_or(&[][..], Json::items).iter();
        let maker = known.filter(|pair| {
            pair.get_any(&["name", "key"]).and_then(Json::text).is_some_and(|key| key == "manufacturerId")
        });
        put(&mut cells, "supplier", maker.filter_map(|pair| pair.text_of("value")).next());
        self.shells.push((id, cells, spot));
    }

    /// The part a submodel belongs to that does not name one: the registry knows, and in a job over
    /// one part it can only be that one.
    pub(super) fn owner(&self, submodel: &Json) -> Option<String> {
        let registered = submodel.text_of("identification").and_then(|name| self.submodel_owners.get(name));
        registered.or(self.root.as_ref()).cloned()
    }

    fn tombstone(&mut self, grave: &'j Json, spot: Spot, gather: &mut Gather<'_>) {
        let Some(id) = ids::identity(grave, ids::OWN, &spot, gather) else {
            return gather.note(&spot, "tombstone without id", "");
        };
        let error = grave.get("processingError");
        let step = error.and_then(|error| error.text_of("processStep")).unwrap_or("unknown step");
        gather.note(&spot, &format!("tombstone: {step}"), &format!("{id}: {}", what_to_do(step)));
        self.tombstones.push(Tombstone { id, step, spot });
    }
}

fn root(document: &Json, gather: &mut Gather<'_>) -> Option<String> {
    let spot = Spot { row: 0, pointer: "/job".to_owned() };
    document.get("job").and_then(|job| ids::identity(job, &["globalAssetId"], &spot, gather))
}

fn what_to_do(step: &str) -> &'static str {
    match step {
        "UsagePolicyValidation" => "ask the partner for a contract whose policy you accept",
        "DigitalTwinRequest" => "ask the partner to register the twin, or retry",
        "SubmodelRequest" | "SchemaRequest" => "retry, or ask the partner for the submodel",
        "SchemaValidation" => "ask the partner to mend the submodel",
        _ => "ask the partner",
    }
}

fn company(partner: &Json, spot: &Spot, gather: &mut Gather<'_>) {
    let Some(id) = partner.text_of("manufacturerId") else {
        return gather.note(spot, "partner without number", "");
    };
    let mut cells = Cells::new();
    put(&mut cells, "company", Some(id));
    put(&mut cells, "name", partner.text_of("manufacturerName"));
    gather.row_once(TableKind::Companies, spot, cells);
}
