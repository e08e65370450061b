use super::lines::LifeCycle;

/// What filiera reads an aspect as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The children of a part.
    Bom(LifeCycle),
    /// The parents of a part.
    Usage(LifeCycle),
    /// What the part is.
    Part,
    /// Where the part is made.
    Sites,
    /// A supplier's declaration for customs.
    Customs,
    /// Materials with their origins.
    Tariff,
    /// A traction battery's code.
    Battery,
}

use LifeCycle::{Built, Planned, Specified};

/// Aspect name, the last step of its name space, what it is.
const ASPECTS: &[(&str, &str, Kind)] = &[
    ("SingleLevelBomAsBuilt", "single_level_bom_as_built", Kind::Bom(Built)),
    ("AssemblyPartRelationship", "assembly_part_relationship", Kind::Bom(Built)),
    ("SingleLevelBomAsPlanned", "single_level_bom_as_planned", Kind::Bom(Planned)),
    ("SingleLevelBomAsSpecified", "single_level_bom_as_specified", Kind::Bom(Specified)),
    ("BomAsSpecified", "bom_as_specified", Kind::Bom(Specified)),
    ("SingleLevelUsageAsBuilt", "single_level_usage_as_built", Kind::Usage(Built)),
    ("SingleLevelUsageAsPlanned", "single_level_usage_as_planned", Kind::Usage(Planned)),
    ("SerialPart", "serial_part", Kind::Part),
    ("SerialPartTypization", "serial_part_typization", Kind::Part),
    ("Batch", "batch", Kind::Part),
    ("JustInSequencePart", "just_in_sequence_part", Kind::Part),
    ("PartAsPlanned", "part_as_planned", Kind::Part),
    ("PartAsSpecified", "part_as_specified", Kind::Part),
    ("PartTypeInformation", "part_type_information", Kind::Part),
    ("PartSiteInformationAsPlanned", "part_site_information_as_planned", Kind::Sites),
    ("PartSiteInformationAsBuilt", "part_site_information_as_built", Kind::Sites),
    ("CustomsInformation", "customs_information", Kind::Customs),
    ("UsTariffInformation", "us_tariff_information", Kind::Tariff),
    ("TractionBatteryCode", "traction_battery_code", Kind::Battery),
];

/// What an aspect's full name turned out to be.
pub(super) enum Named<'n> {
    /// One we read.
    Read(Kind),
    /// One we do not read.
    Other(&'n str),
    /// A name that its own name space does not have: facts we should read would be lost.
    Misnamed,
}

/// Looks up `urn:samm:io.catenax.serial_part:3.0.0#SerialPart`, or the bare name.
pub(super) fn named(full: &str) -> Named<'_> {
    let (space, name) = full.split_once('#').unwrap_or(("", full));
    if let Some((.., kind)) = ASPECTS.iter().find(|(known, ..)| *known == name) {
        return Named::Read(*kind);
    }
    let last =
        space.split(':').find_map(|step| step.strip_prefix("io.catenax.")).and_then(|s| s.rsplit('.').next());
    if ASPECTS.iter().any(|(_, known, _)| Some(*known) == last) {
        Named::Misnamed
    } else {
        Named::Other(name)
    }
}
