use filiera_finding::Finding;
use filiera_model::{Bounds, Exact, Verdict};

use crate::clean::clean;
use crate::digest::Group;
use crate::number::Measure;
use crate::scale::Scale;
use crate::text::value_text;

/// Units of the axis: the picture is scaled to its place by the browser.
const UNITS: usize = 1_000;
/// What a single value is drawn as, so that it can be seen.
const POINT: usize = 30;

/// The interval of one finding, drawn on a scale in thousandths.
pub(super) struct Bar {
    /// What the picture says, for those who do not see it.
    pub(super) label: String,
    /// What the evidence allows, and what the law makes of it.
    pub(super) range: Stroke,
    pub(super) legal: Stroke,
    /// Where the threshold stands, and its text.
    pub(super) mark: Option<usize>,
    pub(super) asked: String,
    /// The ends of the scale.
    pub(super) from: String,
    pub(super) to: String,
}

/// One interval of a bar.
pub(super) struct Stroke {
    /// The verdict's name.
    pub(super) class: &'static str,
    /// Left edge and width; nothing when no value is known.
    pub(super) span: Option<(usize, usize)>,
    pub(super) endless_left: bool,
    pub(super) endless_right: bool,
}

impl Bar {
    /// How the threshold's text is set, so that it stays inside.
    pub(super) fn anchor(&self) -> &'static str {
        match self.mark {
            Some(mark) if mark < UNITS / 8 => "start",
            Some(mark) if mark > UNITS * 7 / 8 => "end",
            _ => "middle",
        }
    }
}

/// The bar of a finding on `scale`; nothing for conditions that have no scale, or do not apply.
pub(super) fn bar(group: &Group<'_>, scale: &Scale, finding: &Finding) -> Option<Bar> {
    if !group.is_drawn() || finding.verdict == Verdict::NotApplicable {
        return None;
    }
    let asked = finding.operator.zip(finding.threshold.as_ref());
    let mark = finding.threshold.as_ref().map(|threshold| scale.cell(threshold, UNITS));
    let legal = finding.legal_bounds.as_ref().or(finding.bounds.as_ref());
    let end = |value: &Exact| group.measure.value(value, None);
    Some(Bar {
        label: label(group, finding),
        range: stroke(scale, mark, finding.verdict, finding.bounds.as_ref()),
        legal: stroke(scale, mark, finding.legal, legal),
        mark,
        asked: asked.map(|(operator, t)| group.measure.asked(operator, t)).unwrap_or_default(),
        from: end(&scale.from),
        to: end(&scale.to),
    })
}

/// The bar of a share of 0 to 100 %, without a threshold; `label` says it in words.
pub(super) fn share(bounds: &Bounds, label: String) -> Bar {
    let scale = Scale::over(&Measure::Percent, []);
    let drawn = || {
        let span = scale.span(bounds, UNITS);
        let span = Some(widened(span.first, span.last, None));
        Stroke { class: "known", span, endless_left: false, endless_right: false }
    };
    let end = |value: &Exact| Measure::Percent.value(value, None);
    Bar {
        label,
        range: drawn(),
        legal: drawn(),
        mark: None,
        asked: String::new(),
        from: end(&scale.from),
        to: end(&scale.to),
    }
}

fn stroke(scale: &Scale, mark: Option<usize>, verdict: Verdict, bounds: Option<&Bounds>) -> Stroke {
    let span = bounds.map(|bounds| scale.span(bounds, UNITS));
    Stroke {
        class: verdict.name(),
        span: span.map(|span| widened(span.first, span.last, mark)),
        endless_left: span.is_some_and(|span| span.endless_left),
        endless_right: span.is_some_and(|span| span.endless_right),
    }
}

/// A point becomes a short stroke around it, which never reaches over a threshold that the value
/// does not reach; an interval keeps its ends.
fn widened(first: usize, last: usize, mark: Option<usize>) -> (usize, usize) {
    let width = last.saturating_sub(first);
    if width >= POINT {
        return (first, width);
    }
    let start = (first + width / 2).saturating_sub(POINT / 2).min(UNITS - POINT);
    let (start, end) = match mark {
        Some(mark) if last < mark => {
            ((start + POINT).min(mark).saturating_sub(POINT), (start + POINT).min(mark))
        }
        Some(mark) if first > mark => (start.max(mark), (start.max(mark) + POINT).min(UNITS)),
        _ => (start, start + POINT),
    };
    (start, end - start)
}

fn label(group: &Group<'_>, finding: &Finding) -> String {
    let value = value_text(finding, &group.measure);
    let asked = finding.operator.zip(finding.threshold.as_ref());
    let asked = asked.map(|(operator, t)| format!(", asked {}", group.measure.asked(operator, t)));
    let (range, legal) = (finding.verdict, finding.legal);
    clean(&format!("{}: {value}{}; range {range}, legal {legal}", finding.subject, asked.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::{POINT, UNITS, widened};

    #[test]
    fn a_point_can_be_seen_and_stays_on_its_side() {
        assert_eq!(widened(450, 450, None), (435, POINT));
        assert_eq!(widened(0, 0, None), (0, POINT));
        assert_eq!(widened(999, 999, None), (UNITS - POINT, POINT));
        assert_eq!(widened(100, 900, Some(450)), (100, 800));
        for value in 0..UNITS {
            for mark in [0, 1, 10, 449, 450, 451, 990, 999] {
                let (start, width) = widened(value, value, Some(mark));
                assert!(width > 0 && start + width <= UNITS, "{value} {mark}");
                assert!(value >= mark || start + width <= mark, "{value} {mark}");
                assert!(value <= mark || start >= mark, "{value} {mark}");
            }
        }
    }
}
