use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use filiera_model::{Day, Zones};
use filiera_packs::{Pack, check_members, parse_zones, zone_warnings};

use crate::{FilieraError, PackTrouble};

/// Where packs come from: those shipped with the binary, or a folder laid out like `packs/`.
#[derive(Clone, Debug)]
pub struct Library {
    /// Path below `packs/` and text, sorted by path.
    files: Vec<(String, String)>,
    /// The folder, when it is not what was shipped.
    folder: Option<PathBuf>,
}

/// The text of one pack, and of its tests when there are some.
#[derive(Clone, Debug)]
pub struct PackText {
    /// The id: `it/automotive-accord`.
    pub id: String,
    /// The file, as messages name it.
    pub file: String,
    /// The pack's text.
    pub text: String,
    /// The tests beside it: file and text.
    pub tests: Option<(String, String)>,
    /// Where it was read, when it is a file that was named as such.
    pub path: Option<PathBuf>,
}

/// Packs as read, with the zones they name.
#[derive(Clone, Debug, Default)]
pub struct Packs {
    /// The packs, in the order asked for, then those that came along.
    pub packs: Vec<Arc<Pack>>,
    /// The packs nobody asked for: the id of each, and of the pack whose conditions it has members of.
    pub along: Vec<(String, String)>,
    /// The dated sets of countries.
    pub zones: Zones,
}

const SHIPPED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/shipped.rs"));
const ZONES: &str = "zones.toml";
const TESTS: &str = ".test.toml";

impl Library {
    /// The packs that were built in.
    pub fn shipped() -> Self {
        let files = SHIPPED.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Self { files, folder: None }
    }

    /// The packs of a folder: `<jurisdiction>/<regime>.toml` and `zones.toml`.
    ///
    /// # Errors
    /// [`FilieraError::Unreadable`].
    pub fn of_folder(folder: &Path) -> Result<Self, FilieraError> {
        let mut files = Vec::new();
        collect(folder, folder, &mut files)?;
        files.sort();
        Ok(Self { files, folder: Some(folder.to_owned()) })
    }

    /// The folder, when it is not what was shipped: where blessed tests are written.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Every pack with its tests, by id.
    pub fn packs(&self) -> Vec<PackText> {
        let is_pack = |path: &&(String, String)| !path.0.ends_with(TESTS) && path.0 != ZONES;
        let with_tests = |(path, text): &(String, String)| {
            let id = path.strip_suffix(".toml").unwrap_or(path).to_owned();
            let tests = self.files.iter().find(|(other, _)| *other == format!("{id}{TESTS}"));
            let tests = tests.map(|(file, text)| (format!("packs/{file}"), text.clone()));
            PackText { id, file: format!("packs/{path}"), text: text.clone(), tests, path: None }
        };
        self.files.iter().filter(is_pack).map(with_tests).collect()
    }

    /// The text of `zones.toml`, empty when there is none.
    pub fn zones_text(&self) -> &str {
        self.files.iter().find(|(path, _)| path == ZONES).map_or("", |(_, text)| text)
    }

    /// The packs of these names: ids of the library, or files (relative to `base`), in that order.
    ///
    /// # Errors
    /// [`FilieraError::NoPack`] for an unknown name, [`FilieraError::Packs`] with every fault of
    /// every pack.
    pub fn load(&self, names: &[String], base: &Path) -> Result<Packs, FilieraError> {
        let texts = names.iter().map(|name| self.text(name, base)).collect::<Result<Vec<_>, _>>()?;
        self.read(&texts)
    }

    /// The text of one pack: an id of the library, or a file relative to `base`, with the tests
    /// beside it.
    ///
    /// # Errors
    /// [`FilieraError::NoPack`] with the nearest id, [`FilieraError::Unreadable`].
    pub fn text(&self, name: &str, base: &Path) -> Result<PackText, FilieraError> {
        let known = self.packs();
        if let Some(pack) = known.iter().find(|pack| pack.id == name) {
            return Ok(pack.clone());
        }
        if name.ends_with(".toml") {
            let is_here = base == Path::new(".");
            return of_file(name, if is_here { PathBuf::from(name) } else { base.join(name) });
        }
        let nearest = known.iter().max_by(|a, b| likeness(&a.id, name).total_cmp(&likeness(&b.id, name)));
        let help = nearest.map_or_else(
            || "the library is empty".to_owned(),
            |pack| {
                let nearest = &pack.id;
                format!(
                    "did you mean `{nearest}`? `filiera packs list` shows them all; a file ends in `.toml`"
                )
            },
        );
        Err(FilieraError::NoPack { name: name.to_owned(), help })
    }

    /// What is odd about packs and zones and can be used all the same: sources that nobody has
    /// checked within the year before `today`, parameters nothing uses.
    pub fn warnings(&self, packs: &Packs, today: Day) -> Vec<PackTrouble> {
        let own = packs.packs.iter().flat_map(|pack| pack.warnings(today));
        let file = "packs/zones.toml";
        let zones = parse_zones(file, self.zones_text()).map(|(_, zones)| zones).unwrap_or_default();
        let zones = zone_warnings(file, self.zones_text(), &zones, today);
        own.chain(zones).map(PackTrouble::Text).collect()
    }

    /// Reads packs and zones, and along with them the packs of the library that hold members of their
    /// conditions; every fault of all of them at once.
    ///
    /// # Errors
    /// [`FilieraError::Packs`].
    pub fn read(&self, texts: &[PackText]) -> Result<Packs, FilieraError> {
        let mut troubles = Vec::new();
        let zones = match parse_zones("packs/zones.toml", self.zones_text()) {
            Ok((zones, _)) => zones,
            Err(faults) => {
                troubles.extend(faults.faults.into_iter().map(PackTrouble::Text));
                Zones::default()
            }
        };
        let shelf = self.packs();
        let mut texts = texts.to_vec();
        let (mut packs, mut along) = (Vec::new(), Vec::new());
        let mut next = 0;
        while let Some(text) = texts.get(next) {
            next += 1;
            match Pack::parse(&text.id, &text.file, &text.text) {
                Ok(pack) => {
                    troubles.extend(pack.check_zones(&zones).into_iter().map(PackTrouble::Text));
                    for other in shelf.iter().filter(|other| pack.named().contains(other.id.as_str())) {
                        if texts.iter().all(|known| known.id != other.id) {
                            along.push((other.id.clone(), pack.id.clone()));
                            texts.push(other.clone());
                        }
                    }
                    packs.push(Arc::new(pack));
                }
                Err(faults) => troubles.extend(faults.faults.into_iter().map(PackTrouble::Text)),
            }
        }
        let all: Vec<&Pack> = packs.iter().map(Arc::as_ref).collect();
        let ids = shelf.iter().map(|text| text.id.as_str()).collect();
        troubles.extend(check_members(&all, &ids).into_iter().map(PackTrouble::Text));
        if troubles.is_empty() {
            Ok(Packs { packs, along, zones })
        } else {
            Err(FilieraError::Packs(troubles))
        }
    }
}

/// How much a name looks like an id, or like what stands after its jurisdiction.
fn likeness(id: &str, name: &str) -> f64 {
    let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    strsim::jaro_winkler(id, name).max(strsim::jaro_winkler(&last(id), &last(name)))
}

fn of_file(name: &str, path: PathBuf) -> Result<PackText, FilieraError> {
    let text = fs::read_to_string(&path)
        .map_err(|source| FilieraError::Unreadable { path: path.clone(), source })?;
    let beside = path.with_extension("test.toml");
    let tests = fs::read_to_string(&beside).ok().map(|text| (beside.display().to_string(), text));
    let id = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(PackText { id, file: name.to_owned(), text, tests, path: Some(path) })
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) -> Result<(), FilieraError> {
    let unreadable = |path: &Path, source| FilieraError::Unreadable { path: path.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(|source| unreadable(folder, source))? {
        let path = entry.map_err(|source| unreadable(folder, source))?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            let text = fs::read_to_string(&path).map_err(|source| unreadable(&path, source))?;
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            files.push((name, text));
        }
    }
    Ok(())
}
