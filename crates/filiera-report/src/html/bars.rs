use filiera_finding::Finding;
use filiera_model::Verdict;

use crate::clean::clean;
use crate::digest::Group;
use crate::text::value_text;

/// Units of the axis: the picture is scaled to its place by the browser.
const UNITS: usize = 1_000;
/// What a single value is drawn as, so that it can be seen.
const POINT: usize = 10;

/// The interval of one finding, drawn on the scale of its condition.
pub(super) struct Bar {
    /// What the picture says, for those who do not see it.
    pub(super) label: String,
    /// The verdict's name.
    pub(super) class: &'static str,
    /// Left edge and width of the interval; nothing when no value is known.
    pub(super) span: Option<(usize, usize)>,
    /// Where the threshold stands.
    pub(super) mark: Option<usize>,
    pub(super) endless_left: bool,
    pub(super) endless_right: bool,
}

/// The bar of a finding; nothing for conditions that have no scale, or do not apply.
pub(super) fn bar(group: &Group<'_>, finding: &Finding) -> Option<Bar> {
    if !group.is_drawn() || finding.verdict == Verdict::NotApplicable {
        return None;
    }
    let mark = finding.threshold.as_ref().map(|threshold| group.scale.cell(threshold, UNITS));
    let span = finding.bounds.as_ref().map(|bounds| group.scale.span(bounds, UNITS));
    Some(Bar {
        label: label(group, finding),
        class: finding.verdict.name(),
        span: span.map(|span| widened(span.first, span.last)),
        mark,
        endless_left: span.is_some_and(|span| span.endless_left),
        endless_right: span.is_some_and(|span| span.endless_right),
    })
}

/// A point becomes a short stroke around it; an interval keeps its ends.
fn widened(first: usize, last: usize) -> (usize, usize) {
    let width = last.saturating_sub(first);
    if width >= POINT {
        return (first, width);
    }
    let middle = first + width / 2;
    (middle.saturating_sub(POINT / 2).min(UNITS - POINT), POINT)
}

fn label(group: &Group<'_>, finding: &Finding) -> String {
    let value = value_text(finding, &group.measure);
    let asked = finding.operator.zip(finding.threshold.as_ref());
    let asked = asked.map(|(operator, t)| format!(", asked {}", group.measure.asked(operator, t)));
    clean(&format!("{}: {value}{}", finding.subject, asked.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::{POINT, UNITS, widened};

    #[test]
    fn a_point_can_be_seen_and_stays_inside() {
        assert_eq!(widened(450, 450), (445, POINT));
        assert_eq!(widened(0, 0), (0, POINT));
        assert_eq!(widened(999, 999), (UNITS - POINT, POINT));
        assert_eq!(widened(100, 900), (100, 800));
    }
}
