//! What stands in the footers of the files of `installed`.

use serde_json::Value;

use crate::FleetError;

/// The columns of `installed` and its row groups, as the footers of its files tell them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Footers {
    /// Each column with its type in the words of Arrow.
    pub columns: Vec<(String, String)>,
    /// The row groups of all files.
    pub groups: Vec<Group>,
}

/// One row group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// How many rows.
    pub rows: u64,
    /// No vehicle of the group stands before the first of these or behind the second; nothing: not known, or some
    /// row has no vehicle.
    pub ends: Option<[String; 2]>,
}

impl Footers {
    /// Reads `{"columns":[["vehicle","Utf8"],…],"groups":[[5000,"V1","V9"],[120,null,null],…]}`.
    ///
    /// # Errors
    /// [`FleetError::NoAnswer`] when it is something else.
    pub fn from_json(text: &str) -> Result<Self, FleetError> {
        let odd =
            || FleetError::NoAnswer("what is told of the footers of `installed` is not understood".into());
        let value: Value = serde_json::from_str(text).map_err(|_| odd())?;
        let list = |name: &str| value.get(name).and_then(Value::as_array).ok_or_else(odd);
        let columns = list("columns")?.iter().map(|one| Some((text_at(one, 0)?, text_at(one, 1)?)));
        let columns = columns.collect::<Option<_>>().ok_or_else(odd)?;
        let groups = list("groups")?.iter().map(group).collect::<Option<_>>().ok_or_else(odd)?;
        Ok(Self { columns, groups })
    }

    /// How many rows there are.
    pub fn rows(&self) -> u64 {
        self.groups.iter().map(|group| group.rows).sum()
    }

    pub(super) fn kind(&self, column: &str) -> Option<&str> {
        self.columns.iter().find(|(name, _)| name == column).map(|(_, kind)| kind.as_str())
    }
}

fn text_at(list: &Value, place: usize) -> Option<String> {
    list.get(place)?.as_str().map(str::to_owned)
}

fn group(list: &Value) -> Option<Group> {
    let ends = text_at(list, 1).zip(text_at(list, 2)).map(|(first, last)| [first, last]);
    Some(Group { rows: list.get(0)?.as_u64()?, ends })
}
