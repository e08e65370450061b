//! Every bad case, its faults underlined, against the recorded answer.

mod common;

use std::fmt::Write;

use filiera_predicate::PredicateFault;

fn rendered(text: &str, fault: &PredicateFault) -> String {
    let before = &text[..fault.span.start];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let indent = text[line_start..fault.span.start].chars().count();
    let marks = "^".repeat(text[fault.span.clone()].chars().count().max(1));
    let help = fault.help.as_deref().unwrap_or("-");
    format!("{}{marks} {}\n{}help: {help}\n", " ".repeat(indent + 2), fault.message, " ".repeat(indent + 2))
}

fn cases() -> impl Iterator<Item = String> {
    include_str!("cases/bad.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.replace("\\n", "\n"))
}

#[test]
fn faults_are_underlined() {
    let mut all = String::new();
    for text in cases() {
        let faults = common::parse(&text).expect_err(&text);
        writeln!(all, "| {}", text.replace('\n', "\n| ")).unwrap();
        faults.iter().for_each(|fault| all.push_str(&rendered(&text, fault)));
        all.push('\n');
    }
    insta::assert_snapshot!(all);
}

#[test]
fn faults_come_in_the_order_of_the_text_and_stand_in_it() {
    for text in cases() {
        let faults = common::parse(&text).expect_err(&text);
        assert!(faults.is_sorted_by_key(|fault| fault.span.start), "{text}");
        for fault in faults {
            assert!(text.get(fault.span.clone()).is_some(), "{text}: {:?}", fault.span);
            assert!(!fault.message.ends_with('.') && !fault.message.is_empty(), "{text}");
        }
    }
}

#[test]
fn several_faults_are_told_at_once() {
    let faults = common::parse("orgin = 'IT' AND model_year = 'x' AND class IN $limit").unwrap_err();
    let text = "orgin = 'IT' AND model_year = 'x' AND class IN $limit";
    let underlined: Vec<&str> = faults.iter().map(|fault| &text[fault.span.clone()]).collect();
    assert_eq!(underlined, ["orgin", "'x'", "$limit"]);
}

#[test]
fn spans_are_bytes_whatever_stands_before() {
    for before in [
        "class = 'ü' AND\r\n\t",
        "class = '🚗' AND ",
        "/* é\n */ class = 'a' OR\n\n",
        "\u{a0}class = 'a' AND ",
    ] {
        let text = format!("{before}orgin = 'IT'");
        let faults = common::parse(&text).unwrap_err();
        let underlined: Vec<&str> = faults.iter().map(|fault| &text[fault.span.clone()]).collect();
        assert_eq!(underlined, ["orgin"], "{text:?}");
    }
}

#[test]
fn nesting_is_bounded_before_a_tree_is_built() {
    let deep = |open: &str, inner: &str, close: &str, times| {
        format!("{}{inner}{}", open.repeat(times), close.repeat(times))
    };
    let texts = [
        deep("(", "own_work", ")", 10_000),
        deep("NOT ", "own_work", "", 10_000),
        deep("- ", "unit_value", " > 1", 10_000),
        deep("lower(", "class", ")", 5_000) + " = 'x'",
        deep("(class IN (", "'a'", "))", 3_000),
        format!("unit_value{} > 1", " + 1".repeat(10_000)),
        format!("own_work{}", " OR own_work".repeat(5_000)),
        format!("own_work{}", " = own_work".repeat(5_000)),
        deep("CASE WHEN ", "own_work", " THEN TRUE END", 2_000),
        "(".repeat(60_000),
        ")".repeat(60_000),
        "[".repeat(60_000),
        format!("own_work AND {}", "x".repeat(60_000)),
        format!("class = '{}'", "x".repeat(70_000)),
    ];
    for text in texts {
        let faults = common::parse(&text).expect_err("too deep or too long");
        assert!(!faults.is_empty(), "{}", &text[..40]);
    }
}

#[test]
fn what_is_not_nested_may_be_long() {
    let list: Vec<String> = (0..5_000).map(|n| format!("'{n}'")).collect();
    let texts = [
        format!("class IN ({})", list.join(",")),
        format!("own_work{}", " OR own_work".repeat(999)),
        format!("class = '{}'", "x".repeat(60_000)),
        "(".repeat(16) + "own_work" + &")".repeat(16),
    ];
    for text in texts {
        let predicate = common::parse(&text).unwrap();
        let answers = predicate.bind(&common::values()).unwrap().evaluate(&common::batch()).unwrap();
        assert_eq!(answers.len(), 6);
    }
}

/// Parsers that guess and go back can take twice as long for every level of parentheses.
#[test]
#[expect(clippy::disallowed_methods, reason = "the test is about time, and its limit is far away")]
fn nesting_takes_no_exponential_time() {
    for open in ["(", "NOT (", "class IN (", "class IN ((", "lower(", "(class, ", "coalesce(", "(SELECT "] {
        let start = std::time::Instant::now();
        assert!(common::parse(&open.repeat(16)).is_err());
        assert!(
            common::parse(&format!("{}own_work{}", open.repeat(16), ")".repeat(16))).is_ok() || open != "("
        );
        assert!(start.elapsed().as_secs() < 10, "{open}");
    }
}

/// Whatever is not refused as too deep is read, bound and asked on a small stack.
#[test]
fn the_deepest_texts_fit_a_small_stack() {
    let patterns = [
        ("(", ")"),
        ("NOT (", ")"),
        ("NOT ", ""),
        ("TRUE = (", ")"),
        ("own_work AND (", ")"),
        ("own_work AND (own_work OR ", ")"),
        ("own_work AND NOT (FALSE = (own_work OR ", "))"),
        ("lower(class) IN ('a') AND (", ")"),
    ];
    for (open, close) in patterns {
        let texts = (1..40).map(|times| format!("{}own_work{}", open.repeat(times), close.repeat(times)));
        let ask = move || {
            let fine = texts.filter_map(|text| common::parse(&text).ok());
            let asked = fine.map(|predicate| {
                predicate.bind(&common::values()).unwrap().evaluate(&common::batch()).unwrap()
            });
            asked.count()
        };
        let asked = std::thread::Builder::new().stack_size(1536 * 1024).spawn(ask).unwrap().join().unwrap();
        assert!(asked >= 3, "{open}: {asked}");
    }
}
