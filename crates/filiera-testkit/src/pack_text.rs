use std::fmt::Write;

use filiera_oracle::{
    Apart, Below, Domestic, Form, GroupBy, Marked, Method, OfTotal, Remainder, Rule, Scenario, Scope,
    TotalOf, Weigh,
};

/// The scenario's condition, as a pack with the one condition `rule`.
pub fn pack_text(scenario: &Scenario) -> String {
    let rule = &scenario.rule;
    let mut text = String::from("[pack]\ntitle = \"a rule\"\nstatus = \"draft\"\n");
    let needs_threshold = !matches!(rule.form, Form::Every | Form::None | Form::Any);
    let condition = condition(rule);
    if needs_threshold {
        limit(&mut text, rule);
    }
    if condition.contains("$domestic") {
        domestic(&mut text, rule, !needs_threshold);
    }
    text + &condition
}

/// The threshold's ladder.
fn limit(text: &mut String, rule: &Rule) {
    let is_share = matches!(
        rule.form,
        Form::Share { .. }
            | Form::WorstCountry { .. }
            | Form::GreatestPart { .. }
            | Form::Concentration { .. }
    );
    let unit = if is_share { "share" } else { "number" };
    let values = rule.ladder.iter().map(|(_, top, bottom)| format!("\"{top}/{bottom}\"")).collect();
    parameter(text, rule, "limit", unit, values);
}

/// The domestic countries: dated like the threshold where there is none, else of all time.
fn domestic(text: &mut String, rule: &Rule, is_dated: bool) {
    let lands = match &rule.domestic {
        Domestic::Only(lands) => {
            lands.iter().map(|land| format!("\"{land}\"")).collect::<Vec<_>>().join(", ")
        }
        Domestic::Eu => "\"@EU\"".to_owned(),
    };
    if is_dated {
        let values = rule.ladder.iter().map(|_| format!("[{lands}]")).collect();
        parameter(text, rule, "domestic", "countries", values);
    } else {
        put(
            text,
            format_args!(
                "[parameter.domestic]\nunit = \"countries\"\nvalues = [{{ from = 1900-01-01, value = [{lands}], cite = \"art. 2\" }}]\n"
            ),
        );
    }
}

fn parameter(text: &mut String, rule: &Rule, name: &str, unit: &str, values: Vec<String>) {
    put(text, format_args!("[parameter.{name}]\nunit = \"{unit}\"\nvalues = [\n"));
    let count = values.len();
    for (place, ((from, ..), value)) in rule.ladder.iter().zip(values).enumerate() {
        let to = rule.ends_on.filter(|_| place + 1 == count);
        let to = to.map(|to| format!("to = {to}, ")).unwrap_or_default();
        put(text, format_args!("  {{ from = {from}, {to}value = {value}, cite = \"art. 1\" }},\n"));
    }
    text.push_str("]\n");
}

fn put(text: &mut String, more: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = text.write_fmt(more);
}

fn condition(rule: &Rule) -> String {
    let mut text = String::from("[condition.rule]\ntitle = \"a rule\"\nper = \"vehicle\"\n");
    let mut line = |more: String| {
        text.push_str(&more);
        text.push('\n');
    };
    if rule.dated {
        line("dated_by = \"built_on\"".to_owned());
    }
    if rule.only_italy {
        line("when = \"plant_country = 'IT'\"".to_owned());
    }
    if let Some(bases) = &rule.bases {
        line(format!("accepts = {{ basis = {bases:?} }}"));
    }
    line(form(rule));
    if !matches!(rule.form, Form::Every | Form::None | Form::Any) {
        line(format!("{} = \"$limit\"", rule.operator.name()));
    }
    if let Some(counts) = rule.unknown {
        let counts = if counts { "yes" } else { "no" };
        line(format!("unknown = {{ counts_as = \"{counts}\", cite = \"art. 3\" }}"));
    }
    if let Some(counts) = rule.unknown_scope {
        let counts = if counts { "in" } else { "out" };
        line(format!("unknown_scope = {{ counts_as = \"{counts}\", cite = \"art. 4\" }}"));
    }
    text
}

fn form(rule: &Rule) -> String {
    let name = match &rule.form {
        Form::Share { .. } | Form::WorstCountry { .. } | Form::GreatestPart { .. } => "share",
        Form::Concentration { .. } => "concentration",
        Form::Total { .. } => "total",
        Form::Count => "count",
        Form::Every => "every",
        Form::None => "none",
        Form::Any => "any",
    };
    let mut keys = vec!["of = \"components\"".to_owned()];
    match &rule.form {
        Form::Share { weigh, method, of_total } => {
            keys.push(format!("weigh = \"{}\"", weigh_name(*weigh)));
            keys.extend(method_keys(*method));
            keys.extend(of_total.iter().flat_map(total_keys));
        }
        Form::WorstCountry { weigh }
        | Form::GreatestPart { weigh, .. }
        | Form::Total { weigh }
        | Form::Concentration { weigh, .. } => {
            keys.push(format!("weigh = \"{}\"", weigh_name(*weigh)));
        }
        _ => {}
    }
    match rule.form {
        Form::WorstCountry { .. } | Form::Concentration { by: GroupBy::Origin, .. } => {
            keys.push("by = \"origin\"".to_owned());
        }
        Form::GreatestPart { apart: Apart::EachDomestic, .. } => {
            keys.push("by = \"$domestic\"".to_owned());
            keys.push(format!("where = \"{}\"", marked(rule.marked)));
        }
        Form::Concentration { by: GroupBy::MadeIn, .. } | Form::GreatestPart { apart: Apart::MadeIn, .. } => {
            keys.push("by = \"made_in\"".to_owned());
            keys.push(format!("where = \"{}\"", marked(rule.marked)));
        }
        _ => keys.push(format!("where = \"{}\"", marked(rule.marked))),
    }
    keys.extend(scope(rule.scope).map(|among| format!("among = \"{among}\"")));
    format!("{name} = {{ {} }}", keys.join(", "))
}

fn weigh_name(weigh: Weigh) -> &'static str {
    match weigh {
        Weigh::Value => "value",
        Weigh::Mass => "mass",
        Weigh::Count => "count",
    }
}

fn method_keys(method: Method) -> Vec<String> {
    let Method::RolledUp { at, below } = method else {
        return if method == Method::Traced { vec!["method = \"traced\"".to_owned()] } else { Vec::new() };
    };
    let below = match below {
        Below::Nothing => "0".to_owned(),
        Below::Share => "share".to_owned(),
        Below::Nearest(step) => format!("nearest {step} %"),
    };
    vec!["method = \"rolled-up\"".to_owned(), format!("roll_up = {{ at = \"{at} %\", below = \"{below}\" }}")]
}

fn total_keys(of_total: &OfTotal) -> [String; 2] {
    let remainder = match of_total.remainder {
        Remainder::Yes => "yes",
        Remainder::No => "no",
        Remainder::Maybe => "maybe",
    };
    let total = match of_total.total {
        TotalOf::Number(number) => number.to_string(),
        TotalOf::Price => "\"ex_works_price\"".to_owned(),
    };
    [format!("of_total = {total}"), format!("remainder = \"{remainder}\"")]
}

fn marked(marked: Marked) -> &'static str {
    match marked {
        Marked::Origin => "origin IN $domestic",
        Marked::NotOrigin => "NOT origin IN $domestic",
        Marked::MadeIn => "made_in IN $domestic",
        Marked::OriginOrMadeIn => "origin IN $domestic OR made_in IN $domestic",
        Marked::OriginAndSupplier => "origin IN $domestic AND supplier_country IN $domestic",
        Marked::ItalyOrGermany => "origin = 'IT' OR origin = 'DE'",
    }
}

fn scope(scope: Scope) -> Option<&'static str> {
    match scope {
        Scope::All => None,
        Scope::Sensitive => Some("class IN ('sensitive')"),
        Scope::NotSensitive => Some("NOT class IN ('sensitive')"),
        Scope::NotOwnWork => Some("own_work = FALSE"),
        Scope::DomesticSupplier => Some("supplier_country IN $domestic"),
    }
}
