//! What a person reads in the terminal.

use crate::sample;

use filiera_finding::{
    BomCounts, Fault, FileInspected, Finding, Inspection, Note, ReaderReport, RelationshipShown,
};
use filiera_report::text::{self, TextOptions};
use insta::assert_snapshot;

fn at(width: usize) -> TextOptions {
    TextOptions { width, ..TextOptions::default() }
}

#[test]
fn one_subject_at_every_width() {
    let run = sample::one_vehicle();
    for width in [40, 60, 80, 120] {
        assert_snapshot!(format!("one_vehicle_{width}"), text::check(&run, &at(width)));
    }
}

#[test]
fn many_subjects_at_every_width() {
    let run = sample::run(40);
    for width in [60, 80, 120] {
        assert_snapshot!(format!("many_vehicles_{width}"), text::check(&run, &at(width)));
    }
    assert_snapshot!("readings_80", text::readings(&run, &at(80)));
}

#[test]
fn without_unicode_nothing_but_ascii_is_written() {
    let plain = TextOptions { unicode: false, ..at(80) };
    for run in [sample::run(40), sample::one_vehicle()] {
        let all = text::check(&run, &plain) + &text::readings(&run, &plain);
        assert!(all.is_ascii(), "{all}");
    }
    assert!(text::explain(&[sample::explained::content()], &plain).is_ascii());
    assert_snapshot!("one_vehicle_ascii", text::check(&sample::one_vehicle(), &plain));
}

#[test]
fn no_line_is_wider_than_the_terminal_unless_it_is_to_be_copied() {
    for run in [sample::run(40), sample::one_vehicle(), sample::run(0)] {
        for width in [33, 40, 59, 60, 71, 72, 80, 111, 112, 120, 250] {
            for line in text::check(&run, &at(width)).lines() {
                let copied = line.trim_start().starts_with("filiera ");
                let unbreakable = !line.trim().contains(' ');
                let wide = unicode_width::UnicodeWidthStr::width(line);
                assert!(wide <= width || copied || unbreakable, "{width}: {wide}: {line}");
            }
        }
    }
}

#[test]
fn colour_only_adds() {
    let run = sample::run(40);
    let coloured = text::check(&run, &TextOptions { colour: true, ..at(80) });
    let mut plain = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    plain.push_str(rest);
    let trimmed = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    assert_eq!(trimmed(&plain), trimmed(&text::check(&run, &at(80))));
    assert!(coloured.contains("\u{1b}[31m"));
}

#[test]
fn a_name_cannot_drive_the_terminal() {
    let mut run = sample::one_vehicle();
    run.title = "\u{1b}]0;owned\u{7}".into();
    for finding in &mut run.findings {
        *finding = Finding { subject: "a\u{1b}[2Jb\nc".into(), ..finding.clone() };
    }
    let shown = text::check(&run, &at(80));
    assert!(!shown.contains('\u{1b}') && !shown.contains('\u{7}'), "{shown}");
    assert!(shown.contains("a\\u{1b}[2Jb c"), "{shown}");
}

#[test]
fn explanations_fold_long_groups() {
    let folded = text::explain(&[sample::explained::content()], &at(80));
    assert!(folded.contains("… and 4 more (--verbose lists them)"));
    assert_snapshot!("explanation_80", folded);
    let verbose = TextOptions { verbose: true, ..at(80) };
    let whole = text::explain(&[sample::explained::content()], &verbose);
    assert!(whole.contains("PART-011") && !whole.contains("more (--verbose"), "{whole}");
}

fn fault(row: u32) -> Fault {
    Fault {
        file: "fleet_2026.csv".into(),
        row: Some(row),
        column: Some("child".into()),
        code: "bom/cycle".into(),
        message: "part cycle in bill of materials: `P-7731` → `P-1204` → `P-7731`".into(),
        remedy: "remove one line, or end its effectivity before 2026-01-01".into(),
    }
}

#[test]
fn faults_read_like_a_compiler() {
    let mut report = ReaderReport::default();
    report.fault(fault(10_417));
    report.fault(Fault {
        row: None,
        column: None,
        code: "file/empty".into(),
        message: "the file is empty".into(),
        ..fault(0)
    });
    for _ in 0..3 {
        report.note("parts.csv", "unknown country", || "row 7, column origin: XX".into());
    }
    assert_snapshot!(text::reader_report(&report, &at(80)), @r"
    error: part cycle in bill of materials: `P-7731` → `P-1204` → `P-7731`
      --> fleet_2026.csv, row 10417, column `child`
    help: remove one line, or end its effectivity before 2026-01-01
    code: bom/cycle

    error: the file is empty
      --> fleet_2026.csv
    help: remove one line, or end its effectivity before 2026-01-01
    code: file/empty

    note: parts.csv: 3 × unknown country, first row 7, column origin: XX

    2 faults in 1 file
    ");
    let mut many = ReaderReport::default();
    (1..=130).for_each(|row| many.fault(fault(row)));
    let folded = text::reader_report(&many, &at(80));
    assert!(
        folded.contains("and 30 more faults bom/cycle in fleet_2026.csv (--verbose lists them)"),
        "{folded}"
    );
    assert!(folded.ends_with("130 faults in 1 file\n"));
    let whole = text::reader_report(&many, &TextOptions { verbose: true, ..at(80) });
    assert_eq!(whole.matches("error:").count(), 130);
}

#[test]
fn an_inspection_says_what_a_file_holds() {
    let bom = BomCounts {
        entries: 12,
        nodes: 1_890,
        rows: 4_000,
        edges: 3_990,
        roots: 1,
        leaves: 700,
        depth: 6,
        shared: 90,
        max_parents: 12,
        cycles: vec![vec!["A".into(), "B".into()]],
        missing: (0..7).map(|i| format!("GONE-{i}")).collect(),
        repeated_rows: 10,
    };
    let file = FileInspected {
        path: "bom.json".into(),
        format: "cyclonedx 1.6".into(),
        tables: [("parts".to_owned(), 1_890), ("bom".to_owned(), 4_000)].into(),
        boms: [("as_built".to_owned(), bom)].into(),
        sums: [("value".to_owned(), [("USD".to_owned(), "1253.31".to_owned())].into())].into(),
        relationships: Some(vec![RelationshipShown {
            parent: "A".into(),
            child: "B".into(),
            quantity: Some("2".into()),
            unit: Some("piece".into()),
        }]),
        notes: vec![Note {
            file: "bom.json".into(),
            kind: "no quantity".into(),
            count: 4,
            first: "/components/3".into(),
        }],
        ..FileInspected::default()
    };
    assert_snapshot!("inspection", text::inspection(&Inspection { files: vec![file] }, &at(80)));
}

#[test]
fn nothing_judged_is_said() {
    let mut run = sample::run(0);
    run.findings.clear();
    run.readings.clear();
    assert!(text::check(&run, &at(80)).contains("nothing judged"));
    run.conditions.clear();
    assert!(text::check(&run, &at(80)).contains("No condition was judged"));
    assert!(text::readings(&run, &at(80)).contains("--readings"));
}
