use std::collections::BTreeMap;

use filiera_model::Country;
use filiera_tables::TableKind;

use crate::gather::{Cells, Gather, Spot, put};
use crate::json_text::Json;

/// The organisations a document names, each once.
#[derive(Default)]
pub(super) struct Companies(BTreeMap<String, Known>);

struct Known {
    country: Option<String>,
    disputed: bool,
    url: Option<String>,
    spot: Spot,
}

impl Companies {
    /// Takes an organisation in; its name comes back.
    pub(super) fn add<'j>(
        &mut self,
        entity: Option<&'j Json>,
        spot: &Spot,
        gather: &mut Gather<'_>,
    ) -> Option<&'j str> {
        let entity = entity?;
        let name = entity.text_of("name")?;
        let country = country(entity, spot, gather);
        let known = self.0.entry(name.to_owned()).or_insert_with(|| Known {
            country: None,
            disputed: false,
            url: None,
            spot: spot.clone(),
        });
        match (&known.country, country) {
            (Some(before), Some(now)) if *before != now => {
                gather.note(spot, "two countries of one company", &format!("{name}: {before}, {now}"));
                known.disputed = true;
            }
            (None, now) => known.country = now,
            _ => {}
        }
        let url = entity.get("url").and_then(|urls| urls.items().first()).and_then(Json::text);
        known.url = known.url.take().or_else(|| url.map(str::to_owned));
        Some(name)
    }

    /// One row for each; a country on which entries disagree is left out.
    pub(super) fn finish(self, gather: &mut Gather<'_>) {
        for (name, known) in self.0 {
            let mut cells = Cells::new();
            put(&mut cells, "name", Some(name.as_str()));
            put(&mut cells, "company", Some(name));
            put(&mut cells, "country", known.country.filter(|_| !known.disputed));
            put(&mut cells, "url", known.url);
            gather.row(TableKind::Companies, &known.spot, cells);
        }
    }
}

/// The country of an organisation's address, which is a code or an English name.
pub(super) fn country(entity: &Json, spot: &Spot, gather: &mut Gather<'_>) -> Option<String> {
    let written = entity.get("address")?.text_of("country")?;
    match Written::of(Some(written)).country {
        Some(country) => Some(country.alpha2().to_owned()),
        None => gather.country(spot, written),
    }
}

/// A country as an address gives it.
pub(super) struct Written {
    /// The country meant.
    pub(super) country: Option<Country>,
    /// How it is written: `code`, `reserved`, `alpha-3`, `name`, `unknown`, `absent`.
    pub(super) form: &'static str,
}

/// Codes that ISO 3166-1 only reserves for countries that have another one, and that the Union's offices
/// use: `EL` for Greece, `UK` for the United Kingdom.
const RESERVED: [(&str, &str); 2] = [("EL", "GR"), ("UK", "GB")];

impl Written {
    pub(super) fn of(text: Option<&str>) -> Self {
        let text = text.map(str::trim).unwrap_or_default();
        let reserved = RESERVED.into_iter().find(|(reserved, _)| *reserved == text);
        if let Some((_, code)) = reserved {
            return Self { country: Country::from_code(code), form: "reserved" };
        }
        let (code, name) = (Country::from_code(text), Country::from_name(text));
        let form = match (text.len(), code, name) {
            (0, ..) => "absent",
            (2, Some(_), _) => "code",
            (_, Some(_), _) => "alpha-3",
            (_, None, Some(_)) => "name",
            (_, None, None) => "unknown",
        };
        Self { country: code.or(name), form }
    }

    /// The country, where it is given as a two-letter code.
    pub(super) fn code(&self) -> Option<Country> {
        self.country.filter(|_| matches!(self.form, "code" | "reserved"))
    }
}
