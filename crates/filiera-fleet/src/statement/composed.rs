//! One composition: the verdicts of its members, and what they make together.

use filiera_finding::Form;

use super::Wanted;
use super::dialect::{is_of, text};
use super::question::{ENDS, Member, Whole};

pub(super) fn parts(whole: &Whole, wanted: &Wanted) -> Vec<String> {
    vec![members(whole, wanted), judged(whole, wanted)]
}

/// Of each vehicle the verdicts of every member.
fn members(whole: &Whole, wanted: &Wanted) -> String {
    let name = &whole.name;
    let mut columns = String::new();
    let mut joins = String::new();
    for (number, member) in (1..).zip(&whole.members) {
        let alias = format!("m{number}");
        let value = |column: &str| match member {
            Member::Named(_) => format!("{alias}.{column}"),
            Member::Other(_) => format!("COALESCE({alias}.{column}, 'undetermined')"),
            Member::Unknown => "'undetermined'".to_owned(),
        };
        let (range, legal) = (value("verdict"), value("legal"));
        columns.push_str(&format!(",\n    {range} AS {alias}, {legal} AS legal_{alias}"));
        match member {
            Member::Named(of) => {
                joins.push_str(&format!("\n  LEFT JOIN {of}_judged {alias} ON {alias}.vehicle = v.vehicle"));
            }
            Member::Other(other) => joins.push_str(&format!(
                "\n  LEFT JOIN {table} {alias} ON {alias}.cohort = v.cohort\n    AND {of}\n    \
                 AND {alias}.member_pack = {pack} AND {alias}.member = {member}",
                table = wanted.table("judged_members"),
                of = is_of(&alias, &whole.stated),
                pack = text(&other.pack),
                member = text(&other.condition),
            )),
            Member::Unknown => {}
        }
    }
    let (vehicles, cohorts) = (wanted.table("judged_vehicles"), wanted.table("judged_cohorts"));
    format!(
        "-- {title}\n\
         -- members: {named}\n\
         {name}_members AS (\n  \
           SELECT v.vehicle, c.speaks{columns}\n  \
           FROM {vehicles} v\n  \
           LEFT JOIN {cohorts} c ON c.cohort = v.cohort\n    AND {of}{joins}\n\
         )",
        title = whole.stated.title.replace('\n', " "),
        named = named(whole),
        of = is_of("c", &whole.stated),
    )
}

/// `m1 local-content, m2 consumer-data of the maker`.
fn named(whole: &Whole) -> String {
    let one = |(number, member): (usize, &filiera_engine::StatedMember)| {
        let via = member.via.as_ref().map(|via| format!(" of the {via}")).unwrap_or_default();
        format!("m{number} {}#{}{via}", member.pack, member.condition)
    };
    (1..).zip(&whole.stated.members).map(one).collect::<Vec<_>>().join(", ")
}

fn judged(whole: &Whole, wanted: &Wanted) -> String {
    let name = &whole.name;
    let verdict = |column: &str, law: &str| {
        format!(
            "    CASE WHEN s.vehicle IS NOT NULL THEN s.{column}\n      \
               WHEN m.speaks IS NULL THEN NULL\n      \
               WHEN m.speaks = 'no' THEN 'not_applicable'\n      \
               WHEN m.speaks <> 'yes' THEN 'undetermined'\n\
             {cases}    END AS {column}",
            cases = cases(whole, law),
        )
    };
    let mut columns = vec![verdict("verdict", ""), verdict("legal", "legal_")];
    if whole.stated.form == Form::NOf {
        columns.extend(counted(whole, wanted));
    }
    format!(
        "{name}_judged AS (\n  \
           SELECT m.vehicle,\n{columns}\n  \
           FROM {name}_members m\n  \
           LEFT JOIN added_up a ON a.vehicle = m.vehicle\n  \
           LEFT JOIN {settled} s ON s.vehicle = m.vehicle AND s.installed_rows = COALESCE(a.installed_rows, 0)\n    \
             AND {of}\n\
         )",
        columns = columns.join(",\n"),
        settled = wanted.table("judged_settled"),
        of = is_of("s", &whole.stated),
    )
}

/// The verdicts of the members, by column.
fn columns(whole: &Whole, law: &str) -> Vec<String> {
    (1..=whole.members.len()).map(|number| format!("m.{law}m{number}")).collect()
}

/// What the members make together.
fn cases(whole: &Whole, law: &str) -> String {
    let members = columns(whole, law);
    let unknown = members.iter().map(|column| format!("{column} IS NULL")).collect::<Vec<_>>().join(" OR ");
    let unknown = format!("      WHEN {unknown} THEN NULL\n");
    if whole.stated.form == Form::NOf {
        return unknown + &of_number(whole, &members);
    }
    let (decisive, becomes, otherwise, rest) = match whole.stated.form {
        Form::AnyOf => ("met", "met", "not_met", "not_met"),
        Form::Not => ("not_met", "met", "met", "not_met"),
        _ => ("not_met", "not_met", "met", "met"),
    };
    let list = members.join(", ");
    let when = |some: &str, verdict: &str| format!("      WHEN '{some}' IN ({list}) THEN '{verdict}'\n");
    unknown
        + &when(decisive, becomes)
        + &when("undetermined", "undetermined")
        + &when(otherwise, rest)
        + "      ELSE 'not_applicable'\n"
}

/// How many members are of some verdict.
fn number(members: &[String], verdicts: &[&str]) -> String {
    let list = verdicts.iter().map(|verdict| text(verdict)).collect::<Vec<_>>().join(", ");
    let one = |column: &String| format!("CASE WHEN {column} IN ({list}) THEN 1 ELSE 0 END");
    format!("({})", members.iter().map(one).collect::<Vec<_>>().join(" + "))
}

fn of_number(whole: &Whole, members: &[String]) -> String {
    let needed = whole.stated.needed;
    let (met, sure) = (number(members, &["met"]), number(members, &["met", "not_met"]));
    let (possible, all) =
        (number(members, &["met", "undetermined"]), number(members, &["met", "not_met", "undetermined"]));
    format!(
        "      WHEN {all} = 0 THEN 'not_applicable'\n      \
           WHEN {met} >= {needed} THEN 'met'\n      \
           WHEN {sure} > 0 AND {possible} < {needed} THEN 'not_met'\n      \
           ELSE 'undetermined'\n"
    )
}

/// The number of members met, between those surely and those possibly met.
fn counted(whole: &Whole, wanted: &Wanted) -> Vec<String> {
    let mut ends = Vec::new();
    for law in ["", "legal_"] {
        let members = columns(whole, law);
        let all = number(&members, &["met", "not_met", "undetermined"]);
        for verdicts in [&["met"][..], &["met", "undetermined"]] {
            let value = number(&members, verdicts);
            ends.push((value, all.clone()));
            ends.push(("1".to_owned(), all.clone()));
        }
    }
    let one = |(column, (value, all)): (&str, (String, String))| {
        let (settled, value) = (wanted.dialect.wide(&format!("s.{column}")), wanted.dialect.wide(&value));
        format!(
            "    CASE WHEN s.vehicle IS NOT NULL THEN {settled}\n      \
               WHEN m.speaks <> 'no' AND {all} > 0 THEN {value} END AS {column}"
        )
    };
    ENDS.into_iter().zip(ends).map(one).collect()
}
