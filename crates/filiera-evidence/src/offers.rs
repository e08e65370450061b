use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use filiera_finding::Fault;
use filiera_tables::{Completeness, Population, TableKind};

use crate::dossier::DossierRead;
use crate::{Imported, ImportedOffer};

/// What the bills of materials of outside formats stand for in a dossier.
///
/// One that `dossier.toml` gives to an offer, or that lies beside a table of offers and none of vehicles, is
/// that offer's and nothing else. Beside a table of vehicles it is a product's. Where neither is there it is
/// both, and the offer goes by the file's name.
pub(crate) struct Stands {
    /// The offers that `dossier.toml` names, by file.
    pub(crate) offers: BTreeMap<String, String>,
    /// The tables that other files fill.
    pub(crate) tables: BTreeSet<TableKind>,
}

impl Stands {
    /// Turns a bill of materials into what it stands for.
    pub(crate) fn settle(&self, file: &str, imported: &mut Imported, read: &mut DossierRead) {
        let (offer, named) = (imported.offer.take(), self.offers.get(file));
        let has = |kind: TableKind| self.tables.contains(&kind);
        let Some(offer) = offer else {
            if named.is_some() {
                read.report.fault(not_an_offer(file));
            }
            return;
        };
        let is_offer = named.is_some() || (has(TableKind::Offers) && !has(TableKind::Vehicles));
        if is_offer {
            imported.rows.retain(|kind, _| *kind == TableKind::Companies);
            imported.complete.clear();
        } else if has(TableKind::Vehicles) {
            return;
        }
        let name = named.cloned().unwrap_or_else(|| name_of(file));
        take_over(offer, &name, imported, read);
    }
}

fn take_over(offer: ImportedOffer, name: &str, imported: &mut Imported, read: &mut DossierRead) {
    let mut items = offer.items;
    items.iter_mut().for_each(|item| drop(item.cells.insert("offer".to_owned(), name.to_owned())));
    imported.rows.entry(TableKind::OfferItems).or_default().append(&mut items);
    let Some(complete) = offer.complete else { return };
    let first = Completeness { subjects: Some(BTreeSet::new()), ..complete.clone() };
    let known = read.dossier.complete.entry(Population::OfferItems).or_insert(first);
    if known.by != complete.by {
        known.by = Some("each its own file".to_owned());
    }
    known.on = known.on.filter(|on| Some(*on) == complete.on);
    known.subjects.iter_mut().for_each(|subjects| {
        subjects.insert(name.to_owned());
    });
}

/// The file's name without its endings: `boms/alfa.cdx.json` is `alfa`.
fn name_of(file: &str) -> String {
    let name = Path::new(file).file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_else(|| file.to_owned());
    let name = name.strip_suffix(".json").unwrap_or(&name);
    let endings = [".cdx", ".bom", ".sbom", ".hbom"];
    endings.into_iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name).to_owned()
}

fn not_an_offer(file: &str) -> Fault {
    Fault {
        file: "dossier.toml".to_owned(),
        row: None,
        column: Some("imports".to_owned()),
        code: "dossier/offer".to_owned(),
        message: format!("`{file}` is no bill of materials that can stand for an offer"),
        remedy: "name a CycloneDX file, or leave `offer` out".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn an_offer_goes_by_the_name_of_its_file() {
        for (file, offer) in
            [("boms/alfa.cdx.json", "alfa"), ("A v1.2.json", "A v1.2"), ("b.sbom.json", "b"), ("c", "c")]
        {
            assert_eq!(name_of(file), offer);
        }
    }
}
