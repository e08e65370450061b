//! Fleets whose rows stand in texts: streamed like those of Parquet files, with the same findings and faults.

use std::fs;
use std::path::PathBuf;

use crate::fleet_findings::{assert_same, not_by_adding_up, of_lines};
use crate::support::{Ran, Written, check, filiera};

/// The same small fleet in each of these formats, in a folder of that name.
fn fleets(formats: &[&str], more: &[&str]) -> Written {
    let folder = Written::empty();
    let size = ["--vehicles", "40", "--lines", "12", "--lots", "200", "--row-group", "100"];
    for format in formats {
        let ran = filiera(folder.path(), &[&["synth", format, "--format", format][..], &size, more].concat());
        assert_eq!(ran.code, 0, "{}", ran.seen());
    }
    folder
}

fn lots(folder: &Written, dossier: &str) -> Ran {
    check(folder.path(), dossier, &["--judge", "lots", "--format", "jsonl"])
}

/// Streamed, and as row by row.
fn assert_streamed(folder: &Written, dossier: &str) -> Ran {
    let rows = check(folder.path(), dossier, &["--judge", "rows", "--format", "jsonl"]);
    let lots = lots(folder, dossier);
    assert_ne!(rows.code, 2, "{}", rows.seen());
    assert_eq!(lots.code, rows.code, "{}", lots.seen());
    assert!(!lots.err.contains("row by row"), "{}", lots.err);
    assert_same(&of_lines(&lots.out), &of_lines(&rows.out), &not_by_adding_up);
    lots
}

fn installed(folder: &Written, dossier: &str, format: &str) -> PathBuf {
    folder.path().join(dossier).join(format!("installed.{format}"))
}

/// The lines of a text, the header apart.
fn lines(text: &str) -> (String, Vec<String>) {
    let mut lines = text.lines().map(|line| format!("{line}\n"));
    (lines.next().expect("a header"), lines.collect())
}

#[test]
fn texts_say_what_parquet_says() {
    for more in [&["--scenario", "mixed"][..], &["--scenario", "mixed", "--unsorted", "--unpriced", "3 %"]] {
        let folder = fleets(&["parquet", "csv", "jsonl"], more);
        let expected = assert_streamed(&folder, "parquet");
        for format in ["csv", "jsonl"] {
            let found = assert_streamed(&folder, format);
            assert_eq!(of_lines(&found.out), of_lines(&expected.out), "{format}");
        }
        let counted = |dossier: &str| {
            let ran = check(folder.path(), dossier, &["--judge", "lots", "--format", "json"]);
            let told: serde_json::Value = serde_json::from_str(&ran.out).expect("an object");
            (told["rows"].clone(), told["conditions"].clone())
        };
        assert_eq!(counted("csv"), counted("parquet"));
    }
}

#[test]
fn a_folder_of_files_of_several_formats_is_one_table() {
    let folder = fleets(&["csv", "jsonl", "parquet"], &[]);
    let expected = of_lines(&lots(&folder, "csv").out);
    let (header, rows) = lines(&fs::read_to_string(installed(&folder, "csv", "csv")).expect("rows"));
    let (first_object, objects) =
        lines(&fs::read_to_string(installed(&folder, "jsonl", "jsonl")).expect("rows"));
    let many = folder.path().join("csv/installed");
    fs::create_dir(&many).expect("a folder");
    // A vehicle is split over two files; columns stand in another order than elsewhere.
    fs::write(many.join("b.csv"), format!("{header}{}", rows[100..].concat())).expect("written");
    fs::write(many.join("a.ndjson"), format!("{first_object}{}", objects[..99].concat())).expect("written");
    fs::write(many.join("notes.md"), "not a table").expect("written");
    fs::remove_file(installed(&folder, "csv", "csv")).expect("removed");
    let found = assert_streamed(&folder, "csv");
    assert_eq!(of_lines(&found.out), expected);
    let whole = check(folder.path(), "csv", &["--judge", "lots", "--format", "json"]);
    assert!(whole.out.contains("installed/notes.md"), "{}", whole.seen());
}

#[test]
fn fields_with_line_breaks_and_other_marks_are_read_as_ever() {
    let folder = fleets(&["csv"], &[]);
    let expected = of_lines(&lots(&folder, "csv").out);
    let path = installed(&folder, "csv", "csv");
    let (header, rows) = lines(&fs::read_to_string(&path).expect("rows"));
    let semicolons = |line: &String| line.trim_end().replace(',', ";");
    let noted = rows.iter().map(|row| format!("{};\"first; line\nsecond\"\r\n", semicolons(row)));
    let text = format!("{};remark\r\n{}", semicolons(&header), noted.collect::<String>());
    fs::write(&path, text).expect("written");
    let found = assert_streamed(&folder, "csv");
    assert_eq!(of_lines(&found.out), expected);
}

#[test]
fn wide_numbers_and_moments_are_kept_as_they_are() {
    let folder = fleets(&["csv"], &[]);
    let path = installed(&folder, "csv", "csv");
    let (header, mut rows) = lines(&fs::read_to_string(&path).expect("rows"));
    let places: Vec<&str> = header.trim_end().split(',').collect();
    let place = |name: &str| places.iter().position(|own| *own == name).expect("a column");
    let mut set = |row: usize, name: &str, text: &str| {
        let mut cells: Vec<&str> = rows[row].trim_end().split(',').collect();
        cells[place(name)] = text;
        rows[row] = format!("{}\n", cells.join(","));
    };
    set(7, "quantity", "0.000001");
    set(9, "quantity", "1234567.5");
    set(11, "received_on", "2025-03-01T23:30:00");
    fs::write(&path, format!("{header}{}", rows.concat())).expect("written");
    assert_streamed(&folder, "csv");
}

#[test]
fn a_text_without_rows_is_a_fleet_without_parts() {
    let folder = fleets(&["csv"], &[]);
    let path = installed(&folder, "csv", "csv");
    let (header, _) = lines(&fs::read_to_string(&path).expect("rows"));
    fs::write(&path, header).expect("written");
    assert_streamed(&folder, "csv");
}

#[test]
fn faults_of_a_streamed_text_are_those_of_one_in_memory() {
    let folder = fleets(&["csv", "jsonl"], &[]);
    let spoil = |dossier: &str, format: &str, from: &str, to: &str| {
        let path = installed(&folder, dossier, format);
        let (header, mut rows) = lines(&fs::read_to_string(&path).expect("rows"));
        for row in [3, 250] {
            rows[row] = rows[row].replacen(from, to, 1);
        }
        fs::write(&path, format!("{header}{}", rows.concat())).expect("written");
    };
    spoil("csv", "csv", ",", ",,,,,,,,x");
    spoil("jsonl", "jsonl", "\"part\":\"", "\"part\":\" \", \"was\": \"");
    for dossier in ["csv", "jsonl"] {
        let [lots, rows] = ["lots", "rows"].map(|judge| check(folder.path(), dossier, &["--judge", judge]));
        lots.refused();
        assert_eq!(lots.err, rows.err);
    }
    let told = lots(&folder, "csv").err;
    assert!(told.contains("installed.csv, row 5") && told.contains("row 252"), "{told}");
    // What is set aside makes vehicles open, which only reading all of it tells.
    let aside = check(folder.path(), "jsonl", &["--judge", "lots", "--on-fault", "set-aside"]);
    assert!(aside.err.contains("row by row"), "{}", aside.seen());
    let rows = check(folder.path(), "jsonl", &["--judge", "rows", "--on-fault", "set-aside"]);
    assert_eq!((aside.code, aside.out), (rows.code, rows.out));
}

#[test]
fn a_fault_far_behind_is_told_by_its_row() {
    let folder = fleets(&["csv"], &[]);
    let path = installed(&folder, "csv", "csv");
    let (header, rows) = lines(&fs::read_to_string(&path).expect("rows"));
    // Row 1 is the header.
    let mut many: Vec<&str> = rows.iter().cycle().take(700_010).map(String::as_str).collect();
    let broken = format!("{},{}", "V,P,L,S", "minus one,2025-01-01\n");
    many[700_000 - 2] = &broken;
    fs::write(&path, format!("{header}{}", many.concat())).expect("written");
    let ran = check(folder.path(), "csv", &[]);
    ran.refused();
    for word in ["installed.csv, row 700000", "`quantity`", "minus one", "help: "] {
        assert!(ran.err.contains(word), "{word} in {}", ran.err);
    }
}
