//! The reports of made-up runs, as people and programs read them.

mod machine;
mod page;
mod sample;
mod text;
