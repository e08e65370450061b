use filiera_model::{Bounds, Exact};

use crate::scale::Scale;

/// The characters a bar is drawn with.
struct Strokes {
    track: char,
    value: char,
    threshold: char,
    both: char,
    endless_left: char,
    endless_right: char,
    unknown: char,
    heights: &'static [char],
}

const LINES: Strokes = Strokes {
    track: '·',
    value: '█',
    threshold: '┃',
    both: '╋',
    endless_left: '◄',
    endless_right: '►',
    unknown: '?',
    heights: &['·', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
};

const ASCII: Strokes = Strokes {
    track: '.',
    value: '#',
    threshold: '|',
    both: '+',
    endless_left: '<',
    endless_right: '>',
    unknown: '?',
    heights: &['.', '_', '-', '=', '#'],
};

fn strokes(unicode: bool) -> &'static Strokes {
    if unicode { &LINES } else { &ASCII }
}

/// A bar of `cells` characters: the interval, and the threshold across it. Without bounds the
/// track is drawn as unknown.
pub(super) fn interval(
    scale: &Scale,
    bounds: Option<&Bounds>,
    threshold: Option<&Exact>,
    cells: usize,
    unicode: bool,
) -> String {
    let strokes = strokes(unicode);
    let mark = threshold.map(|threshold| scale.cell(threshold, cells));
    let span = bounds.map(|bounds| scale.span(bounds, cells));
    let stroke = |cell: usize| {
        let Some(span) = span else {
            return if mark == Some(cell) { strokes.threshold } else { strokes.unknown };
        };
        let inside = (span.first..=span.last).contains(&cell);
        match (inside, mark == Some(cell)) {
            (true, true) => strokes.both,
            (false, true) => strokes.threshold,
            (true, false) if span.endless_left && cell == 0 => strokes.endless_left,
            (true, false) if span.endless_right && cell + 1 == cells => strokes.endless_right,
            (true, false) => strokes.value,
            (false, false) => strokes.track,
        }
    };
    (0..cells).map(stroke).collect()
}

/// A distribution of `cells` columns as high as their counts, with the threshold drawn before the
/// column it opens: one character more than cells.
pub(super) fn distribution(
    scale: &Scale,
    values: &[&Exact],
    threshold: Option<&Exact>,
    cells: usize,
    unicode: bool,
) -> String {
    let strokes = strokes(unicode);
    let mut counts = vec![0usize; cells];
    for value in values {
        if let Some(count) = counts.get_mut(scale.cell(value, cells)) {
            *count += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    let steps = strokes.heights.len().saturating_sub(1);
    let height = |count: usize| (count * steps).div_ceil(most.max(1)).min(steps);
    let mark = threshold.map(|threshold| scale.cell(threshold, cells));
    let mut drawn = String::new();
    for (cell, count) in counts.into_iter().enumerate() {
        if mark == Some(cell) {
            drawn.push(strokes.threshold);
        }
        drawn.extend(strokes.heights.get(height(count)));
    }
    drawn
}

#[cfg(test)]
mod tests {
    use filiera_model::{End, Quality};
    use proptest::prelude::*;

    use super::*;
    use crate::number::Measure;

    fn n(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    fn draw(lower: End, upper: End, threshold: &str) -> String {
        let bounds = Bounds { lower, upper, quality: Quality::Exact };
        let scale = Scale::over(&Measure::Percent, []);
        interval(&scale, Some(&bounds), Some(&n(threshold)), 20, true)
    }

    #[test]
    fn bars_show_interval_and_threshold() {
        let closed = |text| End::closed(n(text));
        assert_eq!(draw(closed("41 %"), closed("61 %"), "45 %"), "········█╋███·······");
        assert_eq!(draw(closed("10 %"), closed("20 %"), "45 %"), "··███····┃··········");
        assert_eq!(draw(closed("45 %"), closed("45 %"), "45 %"), "·········╋··········");
        assert_eq!(draw(closed("60 %"), End::unlimited(), "45 %"), "·········┃··███████►");
        assert_eq!(draw(End::unlimited(), closed("10 %"), "45 %"), "◄██······┃··········");
        let scale = Scale::over(&Measure::Percent, []);
        assert_eq!(interval(&scale, None, Some(&n("45 %")), 10, false), "????|?????");
    }

    #[test]
    fn a_distribution_keeps_what_misses_left_of_the_threshold() {
        let scale = Scale::over(&Measure::Percent, []);
        let values = [n("44.9 %"), n("45 %"), n("45 %"), n("95 %")];
        let values: Vec<&Exact> = values.iter().collect();
        assert_eq!(distribution(&scale, &values, Some(&n("45 %")), 20, true), "········▄┃█·········▄");
    }

    fn end() -> impl Strategy<Value = Option<i64>> {
        prop::option::of(-3_000i64..3_000)
    }

    proptest! {
        #[test]
        fn every_bar_holds_its_interval_and_threshold(
            a in end(), b in end(), t in -2_000i64..2_000, cells in 1usize..200, unicode: bool,
        ) {
            let value = |n: i64| Exact::ratio(n, 1_000).unwrap();
            let (low, high) = match (a, b) {
                (Some(a), Some(b)) => (Some(a.min(b)), Some(a.max(b))),
                other => other,
            };
            let end = |n: Option<i64>| n.map_or_else(End::unlimited, |n| End::closed(value(n)));
            let bounds = Bounds { lower: end(low), upper: end(high), quality: Quality::Sound };
            let threshold = value(t);
            let known: Vec<Exact> = low.into_iter().chain(high).map(value).collect();
            let scale = Scale::over(&Measure::Percent, known.iter().chain([&threshold]));
            let bar: Vec<char> =
                interval(&scale, Some(&bounds), Some(&threshold), cells, unicode).chars().collect();
            prop_assert_eq!(bar.len(), cells);
            let s = strokes(unicode);
            let marks = bar.iter().filter(|c| **c == s.threshold || **c == s.both).count();
            prop_assert_eq!(marks, 1);
            let filled = |c: &char| *c != s.track && *c != s.threshold;
            let (first, last) = (scale.span(&bounds, cells).first, scale.span(&bounds, cells).last);
            prop_assert!(first <= last && last < cells);
            prop_assert!(bar[first..=last].iter().all(filled));
            prop_assert!(bar[..first].iter().chain(&bar[last + 1..]).all(|c| !filled(c)));
            let mark = bar.iter().position(|c| *c == s.threshold || *c == s.both).unwrap();
            if high.is_some_and(|high| high < t) {
                prop_assert!(last <= mark);
            }
            if low.is_some_and(|low| low > t) {
                prop_assert!(first >= mark);
            }
        }
    }
}
