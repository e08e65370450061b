//! From rows to verdicts: marks, weights, forms, compositions.

mod by_origin;
mod composition;
mod concentration;
mod forms;
mod greatest;
mod held;
mod leaf;
mod marks;
mod missing;
mod once;
mod outcome;
mod quality;
mod ratio_form;
mod rival_price;
mod score;
mod set_aside;
mod slack;
mod supplied;
mod weights;

pub(crate) use composition::{Judgements, combined, compose, judge_composition};
pub(crate) use concentration::group_weights;
pub(crate) use forms::{Asked, Case, closed, counted, decided};
pub(crate) use held::held_form;
pub(crate) use leaf::{OneDay, judge_leaf, judged_rows, law_of, not_law, speaks};
pub(crate) use outcome::{JudgedRow, Outcome};
pub(crate) use score::{Scored, judge_score};
pub(crate) use slack::Weighed;
pub(crate) use weights::{Weighing, weights};
