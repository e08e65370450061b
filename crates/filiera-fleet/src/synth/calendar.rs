use filiera_model::Day;

/// The days on which vehicles are built, and the half-years that papers are signed for.
#[derive(Clone, Debug)]
pub(super) struct Calendar {
    days: Vec<Day>,
    halves: Vec<(Day, Day)>,
}

/// 1 January 2025 as a day since 1970: the first half-year in which every shipped pack is in force.
const START: i32 = 20_089;

impl Calendar {
    pub(super) fn new(months: u32) -> Self {
        let start = Day::from_days(START);
        let months = months.cast_signed();
        let end = later(start, months);
        let days = (start.days()..end.days()).map(Day::from_days).filter(|day| !is_sunday(*day)).collect();
        let halves = (-1..(months + 5) / 6)
            .map(|half| (later(start, half * 6), later(start, half * 6 + 6).previous()))
            .collect();
        Self { days, halves }
    }

    /// How many days vehicles are built on.
    pub(super) fn len(&self) -> u32 {
        self.days.len() as u32
    }

    /// The working day of this number; the last one beyond it.
    pub(super) fn day(&self, number: u32) -> Day {
        let day = self.days.get(number as usize).or(self.days.last());
        day.copied().unwrap_or(Day::from_days(START))
    }

    /// The half-years, from the one before the first vehicle to that of the last.
    pub(super) fn halves(&self) -> &[(Day, Day)] {
        &self.halves
    }
}

fn later(day: Day, months: i32) -> Day {
    day.months_later(months).unwrap_or(day)
}

/// 1 January 1970 was a Thursday.
fn is_sunday(day: Day) -> bool {
    day.days().rem_euclid(7) == 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_of_working_days_and_its_half_years() {
        let calendar = Calendar::new(12);
        assert_eq!(calendar.len(), 365 - 52);
        assert_eq!(calendar.day(0).to_string(), "2025-01-01");
        assert_eq!(calendar.day(4).to_string(), "2025-01-06");
        assert_eq!(calendar.day(9_999).to_string(), "2025-12-31");
        let halves: Vec<String> =
            calendar.halves().iter().map(|(from, to)| format!("{from}..{to}")).collect();
        assert_eq!(halves, ["2024-07-01..2024-12-31", "2025-01-01..2025-06-30", "2025-07-01..2025-12-31"]);
        assert_eq!(Calendar::new(1).halves().len(), 2);
    }
}
