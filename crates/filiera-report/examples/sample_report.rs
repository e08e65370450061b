//! Writes the reports of a made-up run into a folder, to be looked at.
//!
//! `cargo run -p filiera-report --example sample_report -- FOLDER [VEHICLES]`

use std::error::Error;
use std::{env, fs, path::PathBuf};

use filiera_report::{csv, html, json, text, xlsx};

#[path = "../tests/reports/sample/mod.rs"]
mod sample;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("name the folder to write to")?);
    let vehicles = arguments.next().map_or(Ok(40), |n| n.parse())?;
    fs::create_dir_all(&folder)?;
    let explanations = [sample::explained::content()];
    for (name, run) in [("many", sample::run(vehicles)), ("one", sample::one_vehicle())] {
        let file = |suffix: &str| folder.join(format!("{name}.{suffix}"));
        fs::write(file("html"), html::report(&run, &explanations)?)?;
        fs::write(file("xlsx"), xlsx::findings(&run)?)?;
        fs::write(file("json"), json::check(&run))?;
        csv::findings(&run, fs::File::create(file("csv"))?)?;
        for width in [40, 60, 80, 120] {
            let options = text::TextOptions { width, ..text::TextOptions::default() };
            let shown = text::check(&run, &options) + "\n\n" + &text::readings(&run, &options);
            fs::write(file(&format!("{width}.txt")), shown)?;
        }
    }
    let options = text::TextOptions::default();
    fs::write(folder.join("explain.txt"), text::explain(&explanations, &options))?;
    Ok(())
}
