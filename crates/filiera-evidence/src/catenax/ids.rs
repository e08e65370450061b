use crate::gather::{Gather, Spot, Wrong};
use crate::json_text::Json;

/// The names under which a part's own id is written.
pub(super) const OWN: &[&str] = &["catenaXId", "globalAssetId"];
/// The names under which a line gives its child.
pub(super) const CHILD: &[&str] = &["catenaXId", "globalAssetId", "childCatenaXId"];
/// The names under which a usage gives its parent.
pub(super) const PARENT: &[&str] = &["catenaXId", "globalAssetId", "parentCatenaXId"];

/// `urn:uuid:…` in lower case, whatever way the id was written; nothing when it is no UUID.
pub(super) fn normal(text: &str) -> Option<String> {
    let text = text.trim();
    let prefix = text.get(..9).filter(|prefix| prefix.eq_ignore_ascii_case("urn:uuid:"));
    let bare = if prefix.is_some() { text.get(9..)? } else { text };
    let groups: Vec<&str> = bare.split('-').collect();
    let shaped = groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]);
    let hexadecimal = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()));
    (shaped && hexadecimal).then(|| format!("urn:uuid:{}", bare.to_ascii_lowercase()))
}

/// The id an object gives under one of `names`.
///
/// Two names with different ids are a fault that shows both, an id that is no UUID is one too;
/// then, and when there is no id at all, nothing comes back.
pub(super) fn identity(
    object: &Json,
    names: &[&str],
    spot: &Spot,
    gather: &mut Gather<'_>,
) -> Option<String> {
    let mut found: Option<(&str, String)> = None;
    for name in names {
        let Some(text) = object.get(name).and_then(Json::scalar) else { continue };
        let Some(id) = normal(text) else {
            gather.fault(&spot.at(name), no_uuid(text));
            return None;
        };
        match &found {
            Some((first, other)) if *other != id => {
                gather.fault(spot, two_ids((first, other), (name, &id)));
                return None;
            }
            Some(_) => {}
            None => found = Some((name, id)),
        }
    }
    found.map(|(_, id)| id)
}

fn no_uuid(text: &str) -> Wrong<'static> {
    Wrong {
        code: "catenax/id",
        message: format!("`{text}` is no UUID"),
        remedy: "write the id as `urn:uuid:` and 36 characters, or without the prefix",
    }
}

fn two_ids(first: (&str, &str), second: (&str, &str)) -> Wrong<'static> {
    Wrong {
        code: "catenax/two-ids",
        message: format!("`{}` is `{}` but `{}` is `{}`", first.0, first.1, second.0, second.1),
        remedy: "keep one id, or make the two equal",
    }
}

/// A part's id where none can be made out: a fault.
pub(super) fn missing(spot: &Spot, what: &str, gather: &mut Gather<'_>) {
    gather.fault(
        spot,
        Wrong {
            code: "catenax/no-id",
            message: format!("the {what} has no id"),
            remedy: "add `catenaXId` or `globalAssetId`",
        },
    );
}
