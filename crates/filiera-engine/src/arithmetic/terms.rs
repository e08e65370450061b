use filiera_model::{Bounds, End, Exact, Fraction, Mark, Quality, Range};

/// One item: a weight in a range, and the ways it may enter numerator and denominator, each as
/// factors of the weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    pub(crate) weight: Range,
    pub(crate) options: Vec<(Exact, Exact)>,
}

/// Alternatives of which exactly one is built: each is a list of items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) alternatives: Vec<Vec<Term>>,
}

/// The items of one subject, those that are wholly known added up already.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sums {
    pub(crate) known_top: Exact,
    pub(crate) known_bottom: Exact,
    pub(crate) open: Vec<Term>,
    pub(crate) choices: Vec<Choice>,
}

impl Term {
    /// An item of a share: all of its weight below, the marked part of it above, if in scope.
    pub(crate) fn of_share(weight: Range, marked: &Fraction, scope: Mark) -> Self {
        let mut options = Vec::new();
        if scope != Mark::No {
            options.push((marked.least.clone(), Exact::one()));
            if marked.most != marked.least {
                options.push((marked.most.clone(), Exact::one()));
            }
        }
        if scope != Mark::Yes {
            options.push((Exact::zero(), Exact::zero()));
        }
        Self { weight, options }
    }

    /// An item of a plain sum: the denominator is one for all and not its business.
    pub(crate) fn of_total(weight: Range, marked: &Fraction, scope: Mark) -> Self {
        let mut term = Self::of_share(weight, marked, scope);
        for (_, bottom) in &mut term.options {
            *bottom = Exact::zero();
        }
        term.options.dedup();
        term
    }

    /// The item taken away instead of added.
    pub(crate) fn negated(&self) -> Self {
        let options = self.options.iter().map(|(top, bottom)| (-top.clone(), -bottom.clone()));
        Self { weight: self.weight.clone(), options: options.collect() }
    }

    fn known(&self) -> Option<(Exact, Exact)> {
        let [(top, bottom)] = self.options.as_slice() else { return None };
        self.weight.is_exact().then(|| (&self.weight.least * top, &self.weight.least * bottom))
    }
}

impl Sums {
    /// Adds an item that is there for certain.
    pub(crate) fn add(&mut self, term: Term) {
        match term.known() {
            Some((top, bottom)) => {
                self.known_top += &top;
                self.known_bottom += &bottom;
            }
            None => self.open.push(term),
        }
    }

    /// Adds alternatives.
    pub(crate) fn add_choice(&mut self, choice: Choice) {
        self.choices.push(choice);
    }
}

/// Bounds of the numerator alone.
pub(crate) fn total_bounds(sums: &Sums) -> Bounds {
    let mut least = Some(sums.known_top.clone());
    let mut most = Some(sums.known_top.clone());
    for term in &sums.open {
        let (low, high) = top_range(term);
        least = add(least, low);
        most = add(most, high);
    }
    for choice in &sums.choices {
        let sides = choice.alternatives.iter().map(|terms| {
            terms
                .iter()
                .map(top_range)
                .fold((Some(Exact::zero()), Some(Exact::zero())), |(low, high), (l, h)| {
                    (add(low, l), add(high, h))
                })
        });
        let (lows, highs): (Vec<_>, Vec<_>) = sides.unzip();
        least = add(least, lows.into_iter().reduce(|a, b| a.zip(b).map(|(a, b)| a.min(b))).flatten());
        most = add(most, highs.into_iter().reduce(|a, b| a.zip(b).map(|(a, b)| a.max(b))).flatten());
    }
    let end = |value: Option<Exact>| value.map_or_else(End::unlimited, End::closed);
    Bounds { lower: end(least), upper: end(most), quality: Quality::Exact }
}

fn add(a: Option<Exact>, b: Option<Exact>) -> Option<Exact> {
    a.zip(b).map(|(a, b)| a + b)
}

/// The range of one item's contribution to the numerator; nothing: unlimited on that side.
fn top_range(term: &Term) -> (Option<Exact>, Option<Exact>) {
    let sides = term.options.iter().map(|(factor, _)| match &term.weight.most {
        Some(most) => {
            let (a, b) = (&term.weight.least * factor, most * factor);
            (Some(a.clone().min(b.clone())), Some(a.max(b)))
        }
        None if factor.is_zero() => (Some(Exact::zero()), Some(Exact::zero())),
        None if factor.is_negative() => (None, Some(&term.weight.least * factor)),
        None => (Some(&term.weight.least * factor), None),
    });
    let joined = sides.reduce(|(low, high), (l, h)| {
        (low.zip(l).map(|(a, b)| a.min(b)), high.zip(h).map(|(a, b)| a.max(b)))
    });
    joined.unwrap_or_else(|| (Some(Exact::zero()), Some(Exact::zero())))
}
