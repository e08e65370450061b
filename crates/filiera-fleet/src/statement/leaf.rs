//! One condition: sums, bounds, verdicts.

use filiera_finding::Form;
use filiera_model::Operator;

use super::Wanted;
use super::dialect::is_of;
use super::question::{ENDS, Leaf};

pub(super) fn parts(leaf: &Leaf, wanted: &Wanted) -> Vec<String> {
    vec![sums(leaf, wanted), bounds(leaf), judged(leaf, wanted)]
}

/// The sums with what a vehicle has beside what is installed.
fn sums(leaf: &Leaf, wanted: &Wanted) -> String {
    let (name, prefix) = (&leaf.name, &leaf.prefix);
    let wide = |value: &str| wanted.dialect.wide(value);
    let mut columns = String::new();
    for lane in leaf.lanes() {
        columns.push_str(&format!(",\n    a.{prefix}{lane} + {} AS {lane}", wide(&format!("c.{lane}"))));
    }
    let (top, bottom, unit) = (wide("c.threshold_top"), wide("c.threshold_bottom"), wide("c.unit"));
    let (vehicles, cohorts) = (wanted.table("judged_vehicles"), wanted.table("judged_cohorts"));
    format!(
        "-- {title}\n\
         {name}_sums AS (\n  \
           SELECT v.vehicle, c.speaks, c.is_plain, c.is_complete, a.not_judged, {unit} AS unit,\n    \
             {top} AS threshold_top, {bottom} AS threshold_bottom{columns}\n  \
           FROM {vehicles} v\n  \
           JOIN {cohorts} c ON c.cohort = v.cohort\n    AND {of}\n  \
           JOIN added_up a ON a.vehicle = v.vehicle\n\
         )",
        title = leaf.stated.title.replace('\n', " "),
        of = is_of("c", &leaf.stated),
    )
}

/// Lower and upper end as fractions, where a sum tells.
fn bounds(leaf: &Leaf) -> String {
    let name = &leaf.name;
    let mut columns = String::new();
    let mut needs = String::new();
    for law in ["", "legal_"] {
        let (ends, need) = ends(leaf.stated.form, law);
        for (end, value) in ["lower_top", "lower_bottom", "upper_top", "upper_bottom"].into_iter().zip(ends) {
            columns.push_str(&format!(",\n    {value} AS {law}{end}"));
        }
        columns.push_str(&has_rows(leaf.stated.form, law));
        needs.push_str(&need);
    }
    format!(
        "{name}_bounds AS (\n  \
           SELECT vehicle, speaks, threshold_top, threshold_bottom{columns}\n  \
           FROM {name}_sums\n  \
           WHERE speaks <> 'no' AND is_plain AND not_judged = 0 AND unsummed = 0 AND counted > 0{needs}\n\
         )"
    )
}

fn has_rows(form: Form, law: &str) -> String {
    match form {
        Form::Every | Form::None | Form::Any => format!(",\n    {law}surely > 0 AS {law}has_rows"),
        _ => String::new(),
    }
}

/// The four numbers, and what they need.
fn ends(form: Form, law: &str) -> ([String; 4], String) {
    let lane = |lane: &str| format!("{law}{lane}");
    match form {
        Form::Share => {
            let (part, most) = (lane("marked_least"), lane("marked_most"));
            let whole = format!("{part} + {}", lane("rest_most"));
            let most_whole = format!("{most} + {}", lane("rest_least"));
            let need = format!("\n    AND {} > 0 AND {whole} > 0 AND {most_whole} > 0", lane("surely"));
            ([part, whole, most, most_whole], need)
        }
        Form::Ratio => {
            let (top, bottom) = (lane("marked_least"), lane("rest_most"));
            let need = format!("\n    AND is_complete AND {bottom} > 0");
            ([top.clone(), bottom.clone(), top, bottom], need)
        }
        _ => {
            let only_complete = |value: &str| format!("CASE WHEN is_complete THEN {value} END");
            let (least, most) = (lane("marked_least"), lane("marked_most"));
            let ends = [least, "unit".to_owned(), only_complete(&most), only_complete("unit")];
            (ends, String::new())
        }
    }
}

/// The verdicts: those of the engine where a sum does not tell.
fn judged(leaf: &Leaf, wanted: &Wanted) -> String {
    let name = &leaf.name;
    let verdict = |column: &str, law: &str| {
        format!(
            "    CASE WHEN s.vehicle IS NOT NULL THEN s.{column}\n      \
               WHEN t.speaks = 'no' THEN 'not_applicable'\n      \
               WHEN b.vehicle IS NULL THEN NULL\n      \
               WHEN b.speaks <> 'yes' THEN 'undetermined'\n\
             {cases}    END AS {column}",
            cases = cases(leaf, law),
        )
    };
    let end = |column: &&str| {
        let settled = wanted.dialect.wide(&format!("s.{column}"));
        format!("    CASE WHEN s.vehicle IS NULL THEN b.{column} ELSE {settled} END AS {column}")
    };
    let mut columns = vec![verdict("verdict", ""), verdict("legal", "legal_")];
    columns.extend(ENDS.iter().map(end));
    format!(
        "{name}_judged AS (\n  \
           SELECT v.vehicle,\n{columns}\n  \
           FROM {vehicles} v\n  \
           LEFT JOIN {name}_sums t ON t.vehicle = v.vehicle\n  \
           LEFT JOIN {name}_bounds b ON b.vehicle = v.vehicle\n  \
           LEFT JOIN added_up a ON a.vehicle = v.vehicle\n  \
           LEFT JOIN {settled} s ON s.vehicle = v.vehicle AND s.installed_rows = COALESCE(a.installed_rows, 0)\n    \
             AND {of}\n\
         )",
        columns = columns.join(",\n"),
        vehicles = wanted.table("judged_vehicles"),
        settled = wanted.table("judged_settled"),
        of = is_of("s", &leaf.stated),
    )
}

/// What bounds decide.
fn cases(leaf: &Leaf, law: &str) -> String {
    let when = |test: &str, verdict: &str| format!("      WHEN {test} THEN '{verdict}'\n");
    let (some, none) = (format!("b.{law}lower_top > 0"), format!("b.{law}upper_top = 0 AND b.{law}has_rows"));
    let (worst, best) = match leaf.stated.form {
        Form::Every | Form::None => {
            return when(&some, "not_met") + &when(&none, "met") + "      ELSE 'undetermined'\n";
        }
        Form::Any => return when(&some, "met") + &when(&none, "not_met") + "      ELSE 'undetermined'\n",
        _ => match leaf.stated.operator {
            Some(operator) => tests(operator, law),
            None => return "      ELSE 'undetermined'\n".to_owned(),
        },
    };
    when("b.threshold_top IS NULL", "undetermined")
        + &when(&worst, "met")
        + &when(&best, "undetermined")
        + "      ELSE 'not_met'\n"
}

/// Whether the worst value passes, and whether the best does; an end that is not there is no limit.
fn tests(operator: Operator, law: &str) -> (String, String) {
    let sign = match operator {
        Operator::AtLeast => ">=",
        Operator::AtMost => "<=",
        Operator::MoreThan => ">",
        Operator::LessThan => "<",
    };
    let passes = |end: &str| {
        format!("b.{law}{end}_top * b.threshold_bottom {sign} b.threshold_top * b.{law}{end}_bottom")
    };
    let (lower, upper) = (passes("lower"), passes("upper"));
    if operator.wants_more() {
        (lower, format!("b.{law}upper_top IS NULL OR {upper}"))
    } else {
        (upper, lower)
    }
}
