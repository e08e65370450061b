//! The HTML report: well formed, closed to the network, safe from what users write, and bounded.

use crate::sample;

use filiera_finding::Run;
use filiera_report::html;
use quick_xml::Reader;
use quick_xml::events::Event;

fn page(run: &Run) -> String {
    html::report(run, &[sample::explained::content()]).unwrap()
}

/// Elements and attributes of a page that is also well-formed XML: every tag closed, every
/// attribute quoted and named once.
fn elements(page: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut reader = Reader::from_str(page);
    reader.config_mut().check_end_names = true;
    let mut elements = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) | Event::Empty(tag) => {
                let attributes = tag.attributes().map(|attribute| {
                    let attribute = attribute.unwrap();
                    let name = attribute.key.as_ref().to_owned();
                    (name, attribute.value.into_owned())
                });
                elements.push((tag.name().as_ref().to_owned(), attributes.collect()));
            }
            Event::Eof => return elements,
            _ => {}
        }
    }
}

#[test]
fn the_page_is_well_formed_and_asks_the_network_for_nothing() {
    for run in [sample::run(40), sample::one_vehicle(), sample::run(0)] {
        let page = page(&run);
        assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"), "{}", &page[..60]);
        for (name, attributes) in elements(&page) {
            assert!(
                !["script", "link", "img", "iframe", "object", "embed", "base", "form"]
                    .contains(&name.as_str())
            );
            for (attribute, value) in attributes {
                assert!(!attribute.starts_with("on") && attribute != "src" && attribute != "xlink:href");
                if attribute == "href" {
                    assert_eq!(name, "a");
                    assert!(value.starts_with('#') || value.starts_with("https://"), "{value}");
                }
            }
        }
        assert!(!page.contains("@import") && !page.contains("url(http"));
        assert!(page.contains("default-src 'none'"));
    }
}

#[test]
fn headings_come_in_order_and_pictures_have_a_name() {
    let page = page(&sample::run(40));
    let mut level = 0;
    for (name, attributes) in elements(&page) {
        if let Some(depth) = name.strip_prefix('h').and_then(|n| n.parse::<u32>().ok()) {
            assert!(depth <= level + 1, "h{depth} after h{level}");
            level = depth;
        }
        if name == "svg" {
            let hidden = attributes.iter().any(|(key, value)| key == "aria-hidden" && value == "true");
            assert!(hidden || attributes.iter().any(|(key, value)| key == "role" && value == "img"));
        }
    }
    assert_eq!(page.matches("role=\"img\"><title>").count(), page.matches("role=\"img\"").count());
    assert_eq!(page.matches("<table").count(), page.matches("<caption>").count());
    let ids: Vec<String> = elements(&page)
        .into_iter()
        .flat_map(|(_, attributes)| attributes)
        .filter(|(key, _)| key == "id")
        .map(|(_, value)| value)
        .collect();
    let distinct: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert_eq!(ids.len(), distinct.len());
    for target in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(ids.iter().any(|id| id == target), "{target}");
    }
}

#[test]
fn what_users_write_stays_text() {
    let evil = "\"><script>alert(1)</script>&'\u{1b}\u{202e}";
    let mut run = sample::run(4);
    run.title = evil.into();
    run.currency = Some(evil.into());
    run.evidence_hash = evil.into();
    for finding in run.findings.iter_mut().chain(&mut run.readings) {
        finding.subject = evil.into();
        finding.missing = vec![format!("declaration:{evil}")];
        finding.remarks = vec![evil.into()];
        finding.members = vec![evil.into()];
    }
    for shown in &mut run.conditions {
        (shown.title, shown.per, shown.pack_title) = (evil.into(), evil.into(), evil.into());
        (shown.grants, shown.lawfulness) = (Some(evil.into()), Some(evil.into()));
        for reference in &mut shown.references {
            (reference.title, reference.url) = (evil.into(), Some(format!("javascript:{evil}")));
        }
    }
    run.value_by_country.iter_mut().for_each(|slice| slice.name = evil.into());
    run.set_aside.iter_mut().for_each(|row| (row.place, row.fault) = (evil.into(), evil.into()));
    run.files.push((evil.into(), evil.into()));
    let mut why = sample::explained::content();
    why.law.text = evil.into();
    for group in &mut why.groups {
        group.rows.iter_mut().for_each(|row| row.name = evil.into());
    }
    let page = html::report(&run, &[why]).unwrap();
    assert!(elements(&page).iter().all(|(name, _)| name != "script"));
    assert!(!page.contains("<script") && !page.contains("href=\"javascript"));
    assert!(!page.contains('\u{1b}') && !page.contains('\u{202e}'));
    assert!(page.contains("&lt;script") || page.contains("&#60;script"));
}

#[test]
fn the_answer_and_both_verdicts_stand_in_the_page() {
    let page = page(&sample::run(40));
    for says in [
        "Of 5 conditions, by law: 3 not met by at least one subject, 2 still undetermined.",
        "DRAFT, not law",
        "PROPOSED, not law yet",
        "UNVERIFIED",
        "not yet due",
        "44.99996 %",
        "BOUNDARY",
        "What the law makes of it",
        "? unknown",
        "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
        "--law-as-of 2026-11-22 --facts-as-of 2026-11-20",
        "free movement of goods",
        "automotive incentive, up to 200,000,000 EUR",
    ] {
        assert!(page.contains(says), "{says}");
    }
}

#[test]
fn a_large_run_stays_a_small_page() {
    let run = sample::run(20_000);
    assert!(run.findings.len() + run.readings.len() > 100_000);
    let page = page(&run);
    assert!(page.len() < 4_000_000, "{}", page.len());
    assert!(page.contains("19,600 more: CSV and XLSX hold all of them"));
}

#[test]
fn the_same_run_gives_the_same_page() {
    let run = sample::run(12);
    assert_eq!(page(&run), page(&run));
}
