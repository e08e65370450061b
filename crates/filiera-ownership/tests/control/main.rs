//! Votes, control, concert, attribution and explanations: other people's cases, rules one by one, and
//! random registers against brute force.

mod brute;
mod draft;
mod explained;
mod random;
mod rules;
mod vectors;
