use std::collections::BTreeSet;

use crate::words::plain;

/// Rows looked at when the header row is searched.
pub(super) const SEARCHED: usize = 30;

/// Which of the first rows holds the column names: the one with most of the expected names; where
/// none has any, the first with two names or more, and else the first that is not empty.
pub(super) fn choose<'a, Row>(rows: &'a [Row], expected: &[String]) -> Option<usize>
where
    &'a Row: IntoIterator,
    <&'a Row as IntoIterator>::Item: AsRef<str>,
{
    let expected: BTreeSet<String> = expected.iter().map(|name| plain(name)).collect();
    let mut best: Option<(usize, usize)> = None;
    for (place, row) in rows.iter().enumerate() {
        let names: BTreeSet<String> = row.into_iter().map(|cell| plain(cell.as_ref())).collect();
        let score = names.intersection(&expected).count();
        if score > best.map_or(0, |(_, best)| best) {
            best = Some((place, score));
        }
    }
    let filled = |row: &'a Row| row.into_iter().filter(|cell| !cell.as_ref().trim().is_empty()).count();
    best.map(|(place, _)| place)
        .or_else(|| rows.iter().position(|row| filled(row) >= 2))
        .or_else(|| rows.iter().position(|row| filled(row) >= 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_passed_over() {
        let expected = vec!["part".to_owned(), "unit_value".to_owned()];
        let rows =
            vec![vec!["Parts list 2026", ""], vec!["", ""], vec!["Part", "Unit Value"], vec!["part", "1"]];
        assert_eq!(choose(&rows, &expected), Some(2));
        assert_eq!(choose(&rows, &[]), Some(2));
        assert_eq!(choose(&[vec!["a"]], &expected), Some(0));
        assert_eq!(choose(&[vec![""]], &expected), None);
    }
}
