use std::fs;
use std::path::Path;
use std::sync::Arc;

use filiera_engine::Settings;
use filiera_model::Day;
use filiera_packs::Pack;
use serde_json::{Value, json};

use super::Exporting;
use crate::FleetError;

/// What an export says of itself: `manifest.json`, schema `filiera.export/1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The title of the dossier.
    pub title: String,
    /// The packs judged by: id, status and hash.
    pub packs: Vec<[String; 3]>,
    /// The law as known on this day.
    pub law_as_of: Day,
    /// The papers signed up to this day.
    pub facts_as_of: Day,
    /// The tables, with how many rows each has.
    pub tables: Vec<(String, u64)>,
    /// Whether a lot in `installed` has a `received_on_max`.
    pub has_spans: bool,
    /// Why there are no judged tables.
    pub not_judged: Option<String>,
}

impl Manifest {
    /// The name of the file.
    pub const FILE: &'static str = "manifest.json";

    pub(super) fn new(what: &Exporting<'_>) -> Self {
        Self {
            title: what.dossier.title.clone(),
            packs: named(what.packs),
            law_as_of: what.settings.law_as_of,
            facts_as_of: what.settings.facts_as_of,
            tables: Vec::new(),
            has_spans: false,
            not_judged: None,
        }
    }

    pub(super) fn text(&self) -> String {
        let pack = |[pack, status, hash]: &[String; 3]| json!({"pack": pack, "status": status, "hash": hash});
        let rows = self.tables.iter().map(|(name, rows)| (name.clone(), Value::from(*rows)));
        let printed = json!({
            "schema": "filiera.export/1",
            "title": self.title,
            "packs": self.packs.iter().map(pack).collect::<Vec<_>>(),
            "law_as_of": self.law_as_of.to_string(),
            "facts_as_of": self.facts_as_of.to_string(),
            "tables": rows.collect::<serde_json::Map<_, _>>(),
            "received_on_max": self.has_spans,
            "not_judged": self.not_judged,
        });
        format!("{printed:#}\n")
    }

    /// What was exported into a folder.
    ///
    /// # Errors
    /// [`FleetError::Exported`] when nothing was.
    pub fn read(folder: &Path) -> Result<Self, FleetError> {
        let wrong = |what: &str| FleetError::Exported { folder: folder.to_owned(), what: what.to_owned() };
        let text = fs::read_to_string(folder.join(Self::FILE));
        let text = text.map_err(|_| wrong("holds no export: there is no `manifest.json` in it"))?;
        let found: Value = serde_json::from_str(&text).unwrap_or_default();
        Self::of(&found).ok_or_else(|| wrong("holds a `manifest.json` that is none of an export"))
    }

    fn of(found: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let day = |value: &Value| value.as_str()?.parse::<Day>().ok();
        if found.get("schema")? != "filiera.export/1" {
            return None;
        }
        let pack =
            |one: &Value| Some([text(one.get("pack")?)?, text(one.get("status")?)?, text(one.get("hash")?)?]);
        let rows = found.get("tables")?.as_object()?.iter();
        Some(Self {
            title: text(found.get("title")?)?,
            packs: found.get("packs")?.as_array()?.iter().map(pack).collect::<Option<_>>()?,
            law_as_of: day(found.get("law_as_of")?)?,
            facts_as_of: day(found.get("facts_as_of")?)?,
            tables: rows.map(|(name, rows)| Some((name.clone(), rows.as_u64()?))).collect::<Option<_>>()?,
            has_spans: found.get("received_on_max")?.as_bool()?,
            not_judged: found.get("not_judged").and_then(text),
        })
    }

    /// Refuses what was judged by other law, or on other days.
    ///
    /// # Errors
    /// [`FleetError::Exported`], with what differs.
    pub fn is_of(&self, folder: &Path, packs: &[Arc<Pack>], settings: &Settings) -> Result<(), FleetError> {
        let wrong = |what: String| Err(FleetError::Exported { folder: folder.to_owned(), what });
        if let Some(why) = &self.not_judged {
            return wrong(format!("holds no judged tables: {why}"));
        }
        if self.packs != named(packs) {
            return wrong("was judged by other packs, or by another text of them".to_owned());
        }
        let days = [(self.law_as_of, settings.law_as_of), (self.facts_as_of, settings.facts_as_of)];
        match days.into_iter().find(|(then, now)| then != now) {
            Some((then, now)) => wrong(format!("was judged as of {then}, not {now}")),
            None => Ok(()),
        }
    }
}

fn named(packs: &[Arc<Pack>]) -> Vec<[String; 3]> {
    let one = |pack: &Arc<Pack>| [pack.id.clone(), pack.status.name().to_owned(), pack.hash.clone()];
    packs.iter().map(one).collect()
}
