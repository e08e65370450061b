use filiera_model::Operator;
use filiera_oracle::{
    Apart, Below, Domestic, Form, GroupBy, Marked, Method, OfTotal, Remainder, Rule, Scope, TotalOf, Weigh,
};

use crate::Tape;
use crate::random::first_of;

/// A condition of any form, as often silent about unknowns as not.
pub(crate) fn random_rule(tape: &mut Tape<'_>) -> Rule {
    let form = form(tape);
    let by_origin =
        matches!(form, Form::WorstCountry { .. } | Form::Concentration { by: GroupBy::Origin, .. });
    let marked = if by_origin { Marked::Origin } else { marked(tape) };
    let by_each = matches!(form, Form::GreatestPart { apart: Apart::EachDomestic, .. });
    let marked = if by_each && marked == Marked::ItalyOrGermany { Marked::MadeIn } else { marked };
    let mut operator = tape
        .pick(&[Operator::AtLeast, Operator::AtMost, Operator::MoreThan, Operator::LessThan])
        .unwrap_or(Operator::AtLeast);
    let is_closed = tape.one_in(2) && !by_each;
    let unknown = tape.pick(&[Some(false), Some(true)]).flatten().filter(|_| is_closed);
    let unknown_scope = tape.pick(&[None, None, Some(true), Some(false)]).flatten();
    if matches!(form, Form::WorstCountry { .. }) && operator.wants_more() {
        operator = Operator::AtMost;
    }
    let mut scope = tape
        .pick(&[
            Scope::All,
            Scope::All,
            Scope::All,
            Scope::DomesticSupplier,
            Scope::Sensitive,
            Scope::NotSensitive,
            Scope::NotOwnWork,
            Scope::DomesticSupplier,
        ])
        .unwrap_or(Scope::All);
    if matches!(&form, Form::Share { of_total: Some(_), .. }) && tape.one_in(2) {
        scope = Scope::All;
    }
    let mut rule = Rule {
        ladder: ladder(tape, &form),
        ends_on: tape.one_in(6).then(|| first_of(2025).previous()),
        form,
        marked,
        operator,
        dated: tape.one_in(2),
        domestic: tape
            .pick(&[Domestic::Only(vec!["IT"]), Domestic::Only(vec!["IT", "DE"]), Domestic::Eu])
            .unwrap_or(Domestic::Eu),
        bases: tape.pick(&[None, None, Some(vec!["non-preferential"])]).flatten(),
        unknown,
        unknown_scope: unknown_scope.filter(|_| scope != Scope::All),
        scope,
        only_italy: tape.one_in(5),
    };
    if !has_parameters(&rule) {
        rule.ladder = vec![(first_of(1900), 1, 1)];
        rule.ends_on = None;
    }
    rule
}

/// A rule without parameters is of all time.
fn has_parameters(rule: &Rule) -> bool {
    let has_threshold = !matches!(rule.form, Form::Every | Form::None | Form::Any);
    has_threshold || rule.marked != Marked::ItalyOrGermany || rule.scope == Scope::DomesticSupplier
}

fn form(tape: &mut Tape<'_>) -> Form {
    let weigh = tape.pick(&[Weigh::Value, Weigh::Value, Weigh::Count, Weigh::Mass]).unwrap_or(Weigh::Value);
    let method = method(tape);
    let of_total = OfTotal {
        total: tape.pick(&[TotalOf::Price, TotalOf::Number(150)]).unwrap_or(TotalOf::Price),
        remainder: tape.pick(&[Remainder::No, Remainder::Yes, Remainder::Maybe]).unwrap_or(Remainder::No),
    };
    match tape.below(14) {
        0 | 1 => Form::Share { weigh, method: Method::AsSupplied, of_total: None },
        2 | 3 => Form::Share { weigh: Weigh::Value, method, of_total: None },
        4 => Form::Share { weigh: Weigh::Value, method: Method::AsSupplied, of_total: Some(of_total) },
        5 => Form::WorstCountry { weigh },
        12 | 13 => Form::GreatestPart {
            weigh,
            apart: tape.pick(&[Apart::MadeIn, Apart::EachDomestic]).unwrap_or(Apart::MadeIn),
        },
        6 => Form::Total { weigh: if weigh == Weigh::Value { Weigh::Mass } else { weigh } },
        10 | 11 => Form::Concentration {
            weigh,
            by: tape.pick(&[GroupBy::MadeIn, GroupBy::Origin]).unwrap_or(GroupBy::MadeIn),
        },
        7 => Form::Count,
        8 => tape.pick(&[Form::Every, Form::None]).unwrap_or(Form::Every),
        _ => tape.pick(&[Form::Any, Form::Every]).unwrap_or(Form::Any),
    }
}

fn method(tape: &mut Tape<'_>) -> Method {
    let at = tape.pick(&[50, 70]).unwrap_or(50);
    let below = tape.pick(&[Below::Nothing, Below::Share, Below::Nearest(5)]).unwrap_or(Below::Nothing);
    tape.pick(&[Method::AsSupplied, Method::RolledUp { at, below }, Method::Traced]).unwrap_or(Method::Traced)
}

fn marked(tape: &mut Tape<'_>) -> Marked {
    tape.pick(&[
        Marked::Origin,
        Marked::Origin,
        Marked::NotOrigin,
        Marked::MadeIn,
        Marked::OriginOrMadeIn,
        Marked::OriginAndSupplier,
        Marked::ItalyOrGermany,
    ])
    .unwrap_or(Marked::Origin)
}

/// One threshold from 2020 on, or two.
fn ladder(tape: &mut Tape<'_>, form: &Form) -> Vec<(filiera_model::Day, i64, i64)> {
    let mut value = || match form {
        Form::Share { .. }
        | Form::WorstCountry { .. }
        | Form::GreatestPart { .. }
        | Form::Concentration { .. } => (tape.pick(&[45, 50, 60, 25, 75]).unwrap_or(45), 100),
        _ => (tape.pick(&[2, 1, 3, 5, 8]).unwrap_or(2), 1),
    };
    let (first, second) = (value(), value());
    let mut ladder = vec![(first_of(2020), first.0, first.1)];
    if tape.one_in(2) {
        ladder.push((first_of(2024), second.0, second.1));
    }
    ladder
}
