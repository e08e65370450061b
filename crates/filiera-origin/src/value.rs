use filiera_model::Range;

/// What is left of a whole when its parts are taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remainder {
    /// The rest: what was added on top of the parts; never below zero.
    pub value: Range,
    /// Whether the parts surely exceed the whole. Then the rest is zero, and a price is wrong.
    pub conflict: bool,
}

/// What is added on top of `parts` to reach `whole`.
///
/// Value added is never negative: prices within the ranges that would make it so cannot all be
/// true, so the range is cut at zero; when no prices within the ranges avoid it, that is a
/// conflict. The rest depends on the same unknown prices as the parts do, so unless it is exact,
/// bounds that treat it as independent are sound and not exact.
pub fn remainder(whole: &Range, parts: &Range) -> Remainder {
    let zero = || filiera_model::Exact::zero();
    let least = match &parts.most {
        Some(most) if *most < whole.least => &whole.least - most,
        _ => zero(),
    };
    match &whole.most {
        None => Remainder { value: Range { least, most: None }, conflict: false },
        Some(most) if *most < parts.least => Remainder { value: Range::exactly(zero()), conflict: true },
        Some(most) => Remainder { value: Range { least, most: Some(most - &parts.least) }, conflict: false },
    }
}

#[cfg(test)]
mod tests {
    use filiera_model::Exact;

    use super::*;

    fn range(least: i64, most: Option<i64>) -> Range {
        Range { least: Exact::from_int(least), most: most.map(Exact::from_int) }
    }

    #[test]
    fn what_is_added_is_never_negative() {
        let rest = |whole, parts| remainder(&whole, &parts);
        assert_eq!(rest(range(100, Some(100)), range(60, Some(60))).value, range(40, Some(40)));
        assert_eq!(rest(range(100, Some(120)), range(30, Some(110))).value, range(0, Some(90)));
        assert_eq!(rest(range(100, None), range(30, None)).value, range(0, None));
        assert_eq!(rest(range(100, Some(100)), range(0, None)).value, range(0, Some(100)));
        let wrong = rest(range(50, Some(60)), range(61, None));
        assert_eq!(wrong, Remainder { value: range(0, Some(0)), conflict: true });
        assert!(!rest(range(60, Some(60)), range(60, Some(60))).conflict);
    }
}
