use super::companies::HOME;
use super::{FileFormat, Oddities, Options};

/// The pack that vehicles are judged by.
pub(super) const PACK: &str = "it/automotive-accord";

/// The file that makes a folder a dossier.
pub(super) const SETTINGS: &str = "dossier.toml";

/// Who vouches that lists are whole.
pub(super) const VOUCHES: &str = "filiera synth";

/// What the fleet is called: size, scenario and seed.
pub(super) fn title(options: &Options) -> String {
    let Options { vehicles, lines, lots, seed, .. } = options;
    format!(
        "Synthetic fleet ({}): {vehicles} vehicles, {lines} lines each, {lots} lots, seed {seed}",
        scenario(options)
    )
}

/// The text of `dossier.toml`.
pub(super) fn settings(options: &Options) -> String {
    let installed = if options.oddities.parts_twice {
        "# Some lines of the bills of materials were not recorded as installed: they stay as listed.\n"
    } else {
        "installed  = true\n"
    };
    format!(
        "# Nobody in here exists: {VOUCHES} made it all up. The same options make the same files:\n\
         # {}\n\
         title       = \"{}\"\n\
         packs       = [\"{PACK}\"]\n\
         destination = \"{HOME}\"\n\
         currency    = \"EUR\"\n\
         \n\
         [complete]\n\
         components = {{ by = \"{VOUCHES}\" }}\n\
         flows      = {{ by = \"{VOUCHES}\" }}\n\
         {installed}",
        command(options),
        title(options),
    )
}

/// The command that makes the same fleet again.
fn command(options: &Options) -> String {
    let Options { vehicles, lines, lots, seed, parts, suppliers, models, configurations, months, .. } =
        options;
    let Options { missing, unpriced, shared, row_group, .. } = options;
    let format = match options.format {
        FileFormat::Parquet => format!(" --row-group {row_group}"),
        other => format!(" --format {}", other.ending()),
    };
    format!(
        "filiera synth DIR --vehicles {vehicles} --lines {lines} --lots {lots} --seed {seed} --parts {parts} \
         --suppliers {suppliers} --models {models} --configurations {configurations} --months {months} \
         --missing \"{missing}\" --unpriced \"{unpriced}\" --shared \"{shared}\" --scenario {}{format}{}",
        scenario(options),
        if options.unsorted { " --unsorted" } else { "" },
    )
}

fn scenario(options: &Options) -> &'static str {
    match options.oddities {
        Oddities::NONE => "plain",
        Oddities::PAPERS => "mixed",
        Oddities::ALL => "odd",
        _ => "its own oddities",
    }
}
