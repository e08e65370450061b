use std::fmt::Write;

use crate::{CaseResult, PackResult, gap_text};

/// The results as JUnit XML, for continuous integration: a suite per pack, a test per case, and one
/// for its coverage.
pub fn junit(results: &[PackResult]) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for result in results {
        let failed = result.cases.iter().filter(|case| !case.passed()).count();
        let failed = failed + usize::from(!result.gaps.is_empty());
        // Writing to a String cannot fail.
        let _ = writeln!(
            xml,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{failed}\">",
            escape(&result.pack),
            result.cases.len() + 1
        );
        for case in &result.cases {
            test(&mut xml, &result.pack, &case.name, &problems(case));
        }
        let gaps: Vec<String> = result.gaps.iter().map(gap_text).collect();
        test(&mut xml, &result.pack, "coverage", &gaps.join("\n"));
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn test(xml: &mut String, pack: &str, name: &str, problems: &str) {
    let (pack, name) = (escape(pack), escape(name));
    let _ = if problems.is_empty() {
        writeln!(xml, "    <testcase classname=\"{pack}\" name=\"{name}\"/>")
    } else {
        let text = escape(problems);
        writeln!(
            xml,
            "    <testcase classname=\"{pack}\" name=\"{name}\"><failure>{text}</failure></testcase>"
        )
    };
}

/// What did not hold in a case, one line each; empty when everything did.
fn problems(case: &CaseResult) -> String {
    let failed = case.expectations.iter().filter(|expectation| !expectation.passed());
    let lines = failed.map(|expectation| {
        if expectation.not_found {
            return format!("line {}: {}: no such finding", expectation.line, expectation.what);
        }
        let differences = expectation.differences.iter().map(|difference| {
            format!("{}: expected {}, was {}", difference.key, difference.expected, difference.seen)
        });
        let differences: Vec<String> = differences.collect();
        format!("line {}: {}: {}", expectation.line, expectation.what, differences.join("; "))
    });
    case.error.iter().cloned().chain(lines).collect::<Vec<_>>().join("\n")
}

/// Text that may stand in XML; characters XML cannot hold become `?`.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(letter),
            letter if letter.is_control() => escaped.push('?'),
            letter => escaped.push(letter),
        }
    }
    escaped
}
