//! The vehicles of a fleet, cut into ranges of which each is asked about on its own.

use filiera_tables::Table;

use super::footers::{Footers, Group};

/// Vehicles that stand one behind the other in the order of their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Range {
    /// The first name; nothing: from the first one on.
    from: Option<String>,
    /// The first name that is none of it; nothing: up to the last one.
    to: Option<String>,
    /// So many rows it has at least, and so many at most, by the footers.
    pub rows: [u64; 2],
}

impl Range {
    /// Its ends.
    pub fn ends(&self) -> [Option<String>; 2] {
        [self.from.clone(), self.to.clone()]
    }

    /// Whether a vehicle is one of it.
    pub fn holds(&self, vehicle: &str) -> bool {
        self.from.as_deref().is_none_or(|from| from <= vehicle)
            && self.to.as_deref().is_none_or(|to| vehicle < to)
    }

    /// The same in SQL; rows without a vehicle stand before all others.
    pub fn test(&self) -> String {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
        match (&self.from, &self.to) {
            (None, None) => "TRUE".to_owned(),
            (None, Some(to)) => format!("(vehicle IS NULL OR vehicle < {})", quoted(to)),
            (Some(from), None) => format!("vehicle >= {}", quoted(from)),
            (Some(from), Some(to)) => format!("vehicle >= {} AND vehicle < {}", quoted(from), quoted(to)),
        }
    }

    /// The same in words.
    pub fn shown(&self) -> String {
        match (&self.from, &self.to) {
            (None, None) => "all vehicles".to_owned(),
            (None, Some(to)) => format!("the vehicles before `{to}`"),
            (Some(from), None) => format!("the vehicles from `{from}` on"),
            (Some(from), Some(to)) => format!("the vehicles from `{from}` to before `{to}`"),
        }
    }

    /// Counts the rows of groups that lie in it, and of those that may reach into it.
    fn counted(mut self, groups: &[Group]) -> Self {
        for group in groups {
            let [lies_in, reaches] = match &group.ends {
                None => [false, true],
                Some([first, last]) => {
                    let begins_in_time = self.to.as_ref().is_none_or(|to| first < to);
                    let ends_late_enough = self.from.as_ref().is_none_or(|from| from <= last);
                    [self.holds(first) && self.holds(last), begins_in_time && ends_late_enough]
                }
            };
            let [least, most] = &mut self.rows;
            *least += if lies_in { group.rows } else { 0 };
            *most += if reaches { group.rows } else { 0 };
        }
        self
    }
}

/// Ranges of some `rows` rows each, all vehicles in exactly one: where row groups are small and follow one another
/// in the order of vehicles, cut between them; else by the list of vehicles.
pub(crate) fn cut(footers: &Footers, vehicles: &Table, rows: u64) -> Vec<Range> {
    let rows = rows.max(1);
    let cuts = between_groups(&footers.groups, rows).unwrap_or_else(|| {
        let parts = footers.rows().div_ceil(rows);
        between_vehicles(vehicles, usize::try_from(parts).unwrap_or(usize::MAX))
    });
    let begins = std::iter::once(None).chain(cuts.iter().cloned().map(Some));
    let ends = cuts.iter().cloned().map(Some).chain([None]);
    begins.zip(ends).map(|(from, to)| Range { from, to, rows: [0, 0] }.counted(&footers.groups)).collect()
}

fn between_groups(groups: &[Group], rows: u64) -> Option<Vec<String>> {
    let ends = groups.iter().map(|group| Some((group.ends.as_ref()?, group.rows)));
    let mut ends = ends.collect::<Option<Vec<(&[String; 2], u64)>>>()?;
    ends.sort_unstable();
    let follow = ends.windows(2).all(|pair| match pair {
        [([_, last], _), ([first, _], _)] => last <= first,
        _ => true,
    });
    if !follow || ends.iter().any(|(_, own)| *own > rows) {
        return None;
    }
    let (mut cuts, mut taken): (Vec<String>, u64) = (Vec::new(), 0);
    for ([first, _], own) in ends {
        let is_new = !first.is_empty() && cuts.last().is_none_or(|last| last < first);
        if taken > 0 && taken + own > rows && is_new {
            cuts.push(first.clone());
            taken = 0;
        }
        taken += own;
    }
    Some(cuts)
}

fn between_vehicles(vehicles: &Table, parts: usize) -> Vec<String> {
    let mut names: Vec<&str> = vehicles.texts("vehicle").flatten().collect();
    names.sort_unstable();
    names.dedup();
    let parts = parts.clamp(1, names.len().max(1));
    let cut = |part: usize| names.get(names.len() * part / parts).copied().map(str::to_owned);
    let mut cuts: Vec<String> = (1..parts).filter_map(cut).collect();
    cuts.dedup();
    cuts
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, StringArray};
    use filiera_tables::{ColumnKind, Place, TableKind, arrow_field};

    use super::*;

    fn group(rows: u64, first: &str, last: &str) -> Group {
        Group { rows, ends: Some([first.to_owned(), last.to_owned()]) }
    }

    fn vehicles(names: &[&str]) -> Table {
        let column = names.iter().copied().map(Some).collect::<StringArray>();
        let places = (1..=names.len() as u32).map(|row| Place { file: 0, row }).collect();
        let column = (arrow_field("vehicle", ColumnKind::Text), Arc::new(column) as ArrayRef);
        Table::new(TableKind::Vehicles, vec![column], places).expect("a table")
    }

    #[test]
    fn sorted_groups_are_cut_between_and_their_rows_are_known() {
        let groups = vec![group(50, "A", "C"), group(50, "C", "D"), group(50, "E", "G"), group(10, "H", "H")];
        let footers = Footers { columns: Vec::new(), groups };
        let ranges = cut(&footers, &vehicles(&["A"]), 100);
        let rows: Vec<[u64; 2]> = ranges.iter().map(|range| range.rows).collect();
        assert_eq!(rows, [[100, 100], [60, 60]]);
        assert!(
            ranges[0].holds("D") && !ranges[0].holds("E") && ranges[1].holds("E") && ranges[1].holds("Z")
        );
        assert_eq!(ranges[0].test(), "(vehicle IS NULL OR vehicle < 'E')");
    }

    #[test]
    fn a_vehicle_at_a_cut_leaves_its_rows_between_two_numbers() {
        let groups = vec![group(50, "A", "C"), group(50, "C", "D")];
        let footers = Footers { columns: Vec::new(), groups };
        let ranges = cut(&footers, &vehicles(&["A"]), 50);
        assert_eq!(ranges.iter().map(|range| range.rows).collect::<Vec<_>>(), [[0, 50], [50, 100]]);
    }

    #[test]
    fn unsorted_groups_are_cut_by_the_list_of_vehicles() {
        let groups = vec![group(60, "A", "Z"), Group { rows: 40, ends: None }];
        let footers = Footers { columns: Vec::new(), groups };
        let ranges = cut(&footers, &vehicles(&["D", "O'B", "A", "M"]), 30);
        assert_eq!(ranges.len(), 4);
        for name in ["", "A", "B", "D", "M", "O'B", "zz"] {
            assert_eq!(ranges.iter().filter(|range| range.holds(name)).count(), 1, "{name}");
        }
        assert!(ranges[3].test().contains("'O''B'"), "{}", ranges[3].test());
        assert!(ranges.iter().all(|range| range.rows == [0, 100]));
    }
}
