//! A run as the engine would hand it over: 40 vehicles, 2 makers, 6 conditions, readings.
//!
//! The figures are made up, by a rule, so that every verdict and every kind of value occurs.

use filiera_finding::{
    ConditionShown, Due, EvidenceStrength, Finding, Form, FormShown, Note, Reason, Reference, RowCounts, Run,
    SetAsideShown, Slice, Target,
};
use filiera_model::{Bounds, Day, End, Exact, Operator, Quality, Verdict};

pub mod explained;

pub fn n(text: &str) -> Exact {
    Exact::parse(text).unwrap()
}

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub fn closed(low: &str, high: &str) -> Bounds {
    Bounds { lower: End::closed(n(low)), upper: End::closed(n(high)), quality: Quality::Exact }
}

const PACK: &str = "it/automotive-accord";
const OUTPUT: &str = "it/output-target";

/// A finding without value, verdict or rows, to be filled in.
pub fn blank(condition: &str, subject: &str, form: Form) -> Finding {
    Finding {
        pack: PACK.into(),
        pack_status: "draft".into(),
        condition: condition.into(),
        reading: None,
        subject: subject.into(),
        on: Some(day("2026-03-01")),
        verdict: Verdict::Undetermined,
        legal: Verdict::Undetermined,
        form,
        operator: None,
        threshold: None,
        bounds: None,
        legal_bounds: None,
        rows: RowCounts::default(),
        reason: None,
        missing: Vec::new(),
        members: Vec::new(),
        rank: None,
        due: None,
        unverified: false,
        remarks: Vec::new(),
        pack_hash: "sha256:7d1a54127b222502f5b79b5fb0803061152a44f92b37e23c6527baf665d4da9a".into(),
        evidence_hash: "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae".into(),
        law_as_of: day("2026-11-22"),
        facts_as_of: day("2026-11-20"),
    }
}

/// A share against 45 %, with the legal bounds at the lower end.
pub fn share(subject: &str, bounds: Bounds) -> Finding {
    let threshold = n("45 %");
    let legal = Bounds::exactly(bounds.lower.value.clone().unwrap_or_default());
    let open = bounds.lower != bounds.upper;
    Finding {
        verdict: bounds.judge(Operator::AtLeast, &threshold),
        legal: legal.judge(Operator::AtLeast, &threshold),
        operator: Some(Operator::AtLeast),
        threshold: Some(threshold),
        rows: RowCounts { yes: 41, no: 52, maybe: if open { 3 } else { 0 } },
        bounds: Some(bounds),
        legal_bounds: Some(legal),
        missing: if open { vec!["declaration:PACK-1".into()] } else { Vec::new() },
        ..blank("local-content", subject, Form::Share)
    }
}

fn vin(i: i64) -> String {
    format!("ZFA{:014}", i)
}

/// The value of vehicle `i`: most within a few points of 45 %, one exactly there, one just below.
fn content(i: i64) -> Bounds {
    let at = |thousandths: i64| Exact::ratio(thousandths, 1_000).unwrap();
    match i {
        0 => closed("45 %", "45 %"),
        1 => closed("44.99996 %", "44.99996 %"),
        2 => Bounds { upper: End::unlimited(), ..closed("38.2 %", "1") },
        _ => {
            let middle = 360 + (i * i * 37 + i * 11) % 190;
            let half = if i % 3 == 0 { 15 + (i % 5) * 4 } else { 0 };
            let quality = if i % 12 == 3 { Quality::Sound } else { Quality::Exact };
            Bounds { lower: End::closed(at(middle - half)), upper: End::closed(at(middle + half)), quality }
        }
    }
}

fn local_content(i: i64) -> Finding {
    let mut finding = share(&vin(i), content(i));
    if !finding.missing.is_empty() && i % 2 == 0 {
        finding.missing.push(format!("price:HARNESS-{}", i % 4));
    }
    if i == 0 {
        finding.remarks.push(
            "the value may stand exactly on the threshold of 0.45, and the law says \"crossing\"".into(),
        );
    }
    if i % 9 == 0 {
        finding.remarks.push("validity tested on the day of building: the day of receipt is assumed".into());
    }
    finding
}

fn infotainment(i: i64) -> Finding {
    let (verdict, rows) = match i % 5 {
        0 => (Verdict::Undetermined, RowCounts { yes: 4, no: 0, maybe: 1 }),
        1 => (Verdict::NotMet, RowCounts { yes: 3, no: 2, maybe: 0 }),
        _ => (Verdict::Met, RowCounts { yes: 5, no: 0, maybe: 0 }),
    };
    let low = Exact::from_int(rows.no);
    let high = Exact::from_int(rows.no + rows.maybe);
    Finding {
        verdict,
        legal: verdict,
        rows,
        bounds: Some(Bounds { lower: End::closed(low), upper: End::closed(high), quality: Quality::Exact }),
        missing: if verdict == Verdict::Undetermined { vec!["declaration:HU-7".into()] } else { Vec::new() },
        ..blank("infotainment", &vin(i), Form::Every)
    }
}

fn consumer_data(maker: &str) -> Finding {
    Finding {
        reason: Some(Reason::NoTable),
        missing: vec!["table:flows".into()],
        ..blank("consumer-data", maker, Form::Every)
    }
}

fn output() -> Finding {
    let bounds = Bounds { lower: End::closed(n("475090")), upper: End::unlimited(), quality: Quality::Exact };
    Finding {
        pack: OUTPUT.into(),
        pack_status: "proposed".into(),
        on: Some(day("2030-12-31")),
        operator: Some(Operator::AtLeast),
        threshold: Some(n("1000000")),
        bounds: Some(bounds.clone()),
        legal_bounds: Some(bounds),
        rows: RowCounts { yes: 4, no: 0, maybe: 0 },
        due: Some(Due { on: day("2030-12-31"), to_come: true }),
        unverified: true,
        ..blank("output-2030", "ANFIA 2024", Form::Total)
    }
}

fn incentive(i: i64, content: &Finding) -> Finding {
    Finding {
        verdict: content.verdict,
        legal: content.legal,
        members: vec!["local-content".into()],
        ..blank("incentive", &vin(i), Form::AllOf)
    }
}

fn shown(condition: &str, title: &str, form: Form, unit: &str) -> ConditionShown {
    let share = form.is_share();
    ConditionShown {
        pack: PACK.into(),
        pack_title: "Conditions for a new car maker's plant".into(),
        pack_status: "draft".into(),
        condition: condition.into(),
        title: title.into(),
        per: "vehicle".into(),
        form: FormShown {
            form,
            target: share.then(|| Target { operator: Operator::AtLeast, threshold: n("45 %") }),
            unit: unit.into(),
        },
        references: vec![
            Reference {
                title: "Statement of the ministry on the conditions for a new plant, 9 August 2024".into(),
                url: Some("https://example.org/statement?a=1&b=2".into()),
                checked: Some(day("2026-11-22")),
                confidence: Some("secondary".into()),
            },
            Reference { title: "Minutes, not published".into(), url: None, checked: None, confidence: None },
        ],
        lawfulness: Some(
            "a national content rule meets the free movement of goods (Art. 34 TFEU); the nearest lawful variant asks for @EEA content".into(),
        ),
        grants: None,
        readings: Vec::new(),
    }
}

fn conditions() -> Vec<ConditionShown> {
    let content = "At least 45 % of each vehicle's components come from Italy";
    let by = |name: &str, title: &str| (name.to_owned(), title.to_owned());
    vec![
        ConditionShown {
            readings: vec![
                by("by-mass", "weighed by mass instead of value"),
                by("by-count", "counted in pieces"),
                by("place-of-making", "by the place of making"),
            ],
            ..shown("local-content", content, Form::Share, "")
        },
        shown("infotainment", "Sensitive components come from trusted suppliers", Form::Every, "rows"),
        ConditionShown {
            per: "maker".into(),
            ..shown(
                "consumer-data",
                "All consumer data is collected and processed in Italy",
                Form::Every,
                "rows",
            )
        },
        ConditionShown {
            grants: Some(
                "automotive incentive, up to 200,000,000 EUR; repaid when content falls below".into(),
            ),
            ..shown("incentive", "The incentive is earned by the content alone", Form::AllOf, "")
        },
        ConditionShown {
            pack: OUTPUT.into(),
            pack_title: "Output of the national industry".into(),
            pack_status: "proposed".into(),
            per: "publisher and year".into(),
            lawfulness: None,
            form: FormShown {
                form: Form::Total,
                target: Some(Target { operator: Operator::AtLeast, threshold: n("1000000") }),
                unit: "vehicles".into(),
            },
            ..shown("output-2030", "A million vehicles a year by 2030", Form::Total, "vehicles")
        },
    ]
}

/// The same words, read another way.
fn readings(count: i64) -> Vec<Finding> {
    let move_by = |bounds: Bounds, points: i64| {
        let by = Exact::ratio(points, 100).unwrap();
        let end = |end: End| End { value: end.value.map(|value| &value + &by), ..end };
        Bounds { lower: end(bounds.lower), upper: end(bounds.upper), ..bounds }
    };
    [("by-mass", 4), ("by-count", -3), ("place-of-making", 0)]
        .into_iter()
        .flat_map(|(reading, points)| {
            (0..count).map(move |i| Finding {
                reading: Some(reading.into()),
                ..share(&vin(i), move_by(content(i), points))
            })
        })
        .collect()
}

/// The run of a dossier with so many vehicles.
pub fn run(vehicles: i64) -> Run {
    let content: Vec<Finding> = (0..vehicles).map(local_content).collect();
    let incentives: Vec<Finding> = (0..vehicles).zip(&content).map(|(i, f)| incentive(i, f)).collect();
    let mut findings = content;
    findings.extend((0..vehicles).map(infotainment));
    findings.extend(["Fabbrica Nuova", "Officine Sud"].map(consumer_data));
    findings.extend(incentives);
    findings.push(output());
    context(findings, readings(vehicles))
}

/// One vehicle only: what a supplier with one product sees.
pub fn one_vehicle() -> Run {
    let subject = vin(7);
    let mut run = run(8);
    run.findings = vec![
        share(&subject, closed("41.2 %", "47.8 %")),
        Finding { subject: subject.clone(), ..infotainment(1) },
        consumer_data("Fabbrica Nuova"),
        incentive(7, &share(&subject, closed("41.2 %", "47.8 %"))),
        output(),
    ];
    run.readings.clear();
    run.title = "One vehicle".into();
    run
}

fn context(findings: Vec<Finding>, readings: Vec<Finding>) -> Run {
    let slice = |(name, value): (&str, &str)| Slice { name: name.into(), value: n(value) };
    let strength = |(class, value): (&str, &str)| EvidenceStrength { class: class.into(), value: n(value) };
    Run {
        title: "A new plant in the south".into(),
        evidence_hash: "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae".into(),
        along: Vec::new(),
        law_as_of: day("2026-11-22"),
        facts_as_of: day("2026-11-20"),
        currency: Some("EUR".into()),
        conditions: conditions(),
        value_by_country: [
            ("IT", "412340.50"),
            ("DE", "155020"),
            ("CN", "120990"),
            ("PL", "61000"),
            ("several", "45000.25"),
            ("?", "98000"),
            ("JP", "12000"),
            ("CZ", "4100"),
        ]
        .map(slice)
        .to_vec(),
        evidence_strength: [
            ("declared", "590000"),
            ("observed", "81000.75"),
            ("inferred", "42000"),
            ("assumed", "97450"),
            ("none", "98000"),
        ]
        .map(strength)
        .to_vec(),
        set_aside: vec![
            SetAsideShown {
                place: "bom.csv, row 17".into(),
                fault: "quantity is `-2`; write how many pieces one parent holds".into(),
                subjects: vec![vin(4), vin(5)],
            },
            SetAsideShown {
                place: "prices.csv, row 4".into(),
                fault: "`1.2.3` is not a number".into(),
                subjects: Vec::new(),
            },
        ],
        notes: vec![
            Note {
                file: "declarations.csv".into(),
                kind: "unknown country".into(),
                count: 3,
                first: "row 7, column origin: XX".into(),
            },
            Note {
                file: "parts.xlsx".into(),
                kind: "formula cell".into(),
                count: 112,
                first: "row 2, column unit_value".into(),
            },
        ],
        files: [
            ("bom.csv", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
            ("declarations.csv", "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"),
        ]
        .map(|(file, hash)| (file.to_owned(), format!("sha256:{hash}")))
        .to_vec(),
        packs: vec![
            (PACK.into(), "sha256:7d1a54127b222502f5b79b5fb0803061152a44f92b37e23c6527baf665d4da9a".into()),
            (OUTPUT.into(), "sha256:fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9".into()),
        ],
        findings,
        readings,
    }
}
