//! Packs know populations and tables by name only: the names must be those of the tables.

use filiera_packs::{POPULATIONS, TABLES};
use filiera_tables::{Population, TableKind};

#[test]
fn packs_name_the_populations_there_are() {
    assert_eq!(POPULATIONS.to_vec(), Population::ALL.map(Population::name).to_vec());
}

#[test]
fn case_files_name_the_tables_there_are() {
    assert_eq!(TABLES.to_vec(), TableKind::ALL.map(TableKind::name).to_vec());
}
