//! The lines between boxes and what stands on them.

use unicode_width::UnicodeWidthStr;

/// A point.
pub(super) type Point = (i64, i64);

/// What lies in the way of a label: left, top, right, bottom.
pub(super) type Area = (i64, i64, i64, i64);

/// Height of a line of a label, and width of a character in tenths.
pub(super) const LABEL_HEIGHT: i64 = 15;
const CHARACTER: i64 = 66;

/// A line from box to box that bends downwards, straight where it passes a row.
pub(super) struct Bent {
    /// Pairs of points: between the two of a pair it bends, between pairs it runs straight.
    pub(super) bends: Vec<(Point, Point)>,
}

impl Bent {
    /// The path of an SVG.
    pub(super) fn path(&self) -> String {
        let mut path = String::new();
        for (place, (from, to)) in self.bends.iter().enumerate() {
            let begin = if place == 0 { "M" } else { " L" };
            let middle = (from.1 + to.1) / 2;
            path.push_str(&format!(
                "{begin}{} {} C{} {middle} {} {middle} {} {}",
                from.0, from.1, from.0, to.0, to.0, to.1
            ));
        }
        path
    }

    /// Where a label may stand, the best place first: near the owner's end, which is the upper one but
    /// of a line that closes a cycle.
    fn places(&self, from_below: bool) -> Vec<Point> {
        let mut bends = self.bends.clone();
        if from_below {
            bends = bends.into_iter().rev().map(|(from, to)| (to, from)).collect();
        }
        let steps = [350, 500, 650, 230, 770, 290, 430, 570, 710, 170, 840];
        bends.iter().flat_map(|(from, to)| steps.map(|step| on_bend(*from, *to, step))).collect()
    }
}

/// The point so many thousandths along a bend.
fn on_bend(from: Point, to: Point, step: i64) -> Point {
    let rest = 1000 - step;
    let middle = (from.1 + to.1) / 2;
    let mix = |a: i64, b: i64, c: i64, d: i64| {
        let sum = a * rest * rest * rest
            + 3 * b * rest * rest * step
            + 3 * c * rest * step * step
            + d * step * step * step;
        sum / 1_000_000_000
    };
    (mix(from.0, from.0, to.0, to.0), mix(from.1, middle, middle, to.1))
}

/// The middle of a label of these lines on a bent line, where nothing else stands; it is added to
/// what stands.
pub(super) fn placed(bent: &Bent, from_below: bool, lines: &[String], taken: &mut Vec<Area>) -> Point {
    let places = bent.places(from_below);
    let free = places.iter().find(|place| !taken.iter().any(|other| overlap(area(**place, lines), *other)));
    let place = free.or(places.first()).copied().unwrap_or_default();
    taken.push(area(place, lines));
    place
}

/// What a label covers.
pub(super) fn area((x, y): Point, lines: &[String]) -> Area {
    let half = width(lines) / 2;
    let height = i64::try_from(lines.len()).unwrap_or(1) * LABEL_HEIGHT / 2;
    (x - half, y - height, x + half, y + height)
}

/// About how wide the longest line is.
pub(super) fn width(lines: &[String]) -> i64 {
    let longest = lines.iter().map(|line| line.width()).max().unwrap_or(0);
    i64::try_from(longest).unwrap_or(0) * CHARACTER / 10 + 8
}

fn overlap(a: Area, b: Area) -> bool {
    a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_label_makes_room_for_the_first() {
        let bent = Bent { bends: vec![((0, 0), (0, 200))] };
        let lines = vec!["60 %".to_owned()];
        let mut taken = Vec::new();
        let first = placed(&bent, false, &lines, &mut taken);
        let second = placed(&bent, false, &lines, &mut taken);
        assert!(!overlap(area(first, &lines), area(second, &lines)), "{first:?} {second:?}");
        assert_eq!(on_bend((0, 0), (100, 200), 500), (50, 100));
        assert_eq!(bent.path(), "M0 0 C0 100 0 100 0 200");
    }
}
