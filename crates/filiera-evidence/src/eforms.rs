//! Notices of European public procurement in the eForms schema: lots with their product codes and award
//! criteria, the tenders that were received, who won, and the country of origin of what was offered.
//!
//! A notice names its organisations by numbers of its own, so that their ids here begin with the notice.
//! How scores are computed is free text in this format and is handed over as such.

mod lots;
mod organisations;
mod results;

use filiera_finding::ReaderReport;

use crate::Imported;
use crate::gather::{Gather, Spot, Wrong};
use crate::xml_text::{Element, each_element, root_name};

/// The outermost elements of the notices that speak of lots or of tenders.
const NOTICES: [&str; 3] = ["ContractNotice", "ContractAwardNotice", "PriorInformationNotice"];

/// Whether the start of a file looks like a notice, sound or not.
pub(crate) fn recognises(start: &[u8]) -> bool {
    root_name(start).is_some_and(|root| NOTICES.contains(&root.as_str()))
}

/// A notice and the names under which its parts stand in the tables.
struct Notice<'e> {
    root: &'e Element,
    /// The procedure, which all notices about one tender share.
    tender: String,
    /// The notice itself, before the numbers it gives its organisations.
    id: String,
}

/// Everything a notice says that filiera reads.
pub(crate) fn read(name: &str, bytes: &[u8], report: &mut ReaderReport) -> Option<Imported> {
    let mut found: Option<Element> = None;
    if let Err(fault) = each_element(name, bytes, &NOTICES, |element| found = Some(element)) {
        report.fault(*fault);
        return None;
    }
    let root = found?;
    let mut gather = Gather::new(name, report);
    let id = root.text_at(&["ID"]);
    let tender = root.text_at(&["ContractFolderID"]).or(id);
    let Some(tender) = tender else {
        let message = "the notice has neither `ContractFolderID` nor `ID`".to_owned();
        let remedy = "take the notice as it was published";
        gather.fault(&spot(&root), Wrong { code: "eforms/missing", message, remedy });
        return None;
    };
    let notice = Notice { root: &root, tender: tender.to_owned(), id: id.unwrap_or(tender).to_owned() };
    let version = root.text_at(&["CustomizationID"]).unwrap_or("eforms");
    gather.imported().format = version.replacen("eforms-sdk-", "eforms ", 1);
    lots::rows(&notice, &mut gather);
    organisations::rows(&notice, &mut gather);
    results::rows(&notice, &mut gather);
    Some(gather.finish())
}

impl Notice<'_> {
    /// What eForms adds to the schema below it.
    fn extension(&self) -> Option<&Element> {
        extension(self.root)
    }

    /// An organisation or owner of the notice, as a party of the tables.
    fn party(&self, number: &str) -> String {
        format!("{}/{number}", self.id)
    }

    /// A tender of the procedure, as an offer of the tables.
    fn offer(&self, number: &str) -> String {
        format!("{}/{number}", self.tender)
    }
}

fn extension(element: &Element) -> Option<&Element> {
    element.at(&["UBLExtensions", "UBLExtension", "ExtensionContent", "EformsExtension"])
}

fn spot(element: &Element) -> Spot {
    Spot { row: element.line, pointer: element.name.clone() }
}
