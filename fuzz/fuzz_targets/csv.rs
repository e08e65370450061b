//! A delimited file that nobody described: which table it is, is told by its columns.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    filiera_fuzz::read_one("evidence.csv", bytes);
});
