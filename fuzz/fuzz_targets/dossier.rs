//! A `dossier.toml` and the table it describes; a line `---` stands between the two.

#![no_main]

use libfuzzer_sys::fuzz_target;

const BETWEEN: &[u8] = b"\n---\n";

fuzz_target!(|bytes: &[u8]| {
    let at = bytes.windows(BETWEEN.len()).position(|window| window == BETWEEN);
    let (settings, table) = at.map_or((bytes, &[][..]), |at| (&bytes[..=at], &bytes[at + BETWEEN.len()..]));
    filiera_fuzz::read_folder(&[("dossier.toml", settings), ("table.csv", table)]);
});
