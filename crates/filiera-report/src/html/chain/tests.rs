use filiera_finding::{CompanyOwned, EndState, InTheEnd, PartyShown, StakeShown};
use filiera_model::{Bounds, Exact};
use proptest::prelude::*;

use super::graph::Graph;
use super::{Drawing, picture};

fn party(id: &str) -> PartyShown {
    PartyShown { id: id.to_owned(), ..PartyShown::default() }
}

/// Company `0` and whoever stands above it: pairs of owner and company.
fn company(parties: usize, pairs: &[(usize, usize)]) -> CompanyOwned {
    let share = Bounds::exactly(Exact::ratio(1, 10).unwrap());
    let stakes = pairs.iter().map(|(owner, company)| StakeShown {
        owner: owner.to_string(),
        company: company.to_string(),
        kind: "shares",
        share: share.clone(),
        votes: None,
        is_indirect: false,
    });
    CompanyOwned {
        company: party("0"),
        end: InTheEnd {
            state: EndState::Nobody,
            controllers: Vec::new(),
            candidates: Vec::new(),
            jointly: false,
            each_other: false,
            through: Vec::new(),
            why: Vec::new(),
            decides: None,
        },
        holders: Vec::new(),
        stakes: stakes.collect(),
        parties: (0..parties).map(|one| party(&one.to_string())).collect(),
        remainders: Vec::new(),
        vetoes: Vec::new(),
        remarks: Vec::new(),
        conflicts: Vec::new(),
    }
}

/// Every party that is owned has its owners above it, but for lines that close a cycle; boxes do not
/// touch, and all stand inside.
fn check(parties: usize, pairs: &[(usize, usize)]) {
    let owned = company(parties, pairs);
    let graph = Graph::of(&owned);
    let drawing = Drawing::of(&owned, &graph);
    for (place, edge) in graph.edges.iter().enumerate() {
        let (upper, lower) = drawing.ends(place, edge);
        assert!(upper == lower || drawing.row(upper).1 < drawing.row(lower).0, "{pairs:?}");
    }
    let drawn = picture(&owned, &graph);
    for (n, a) in drawn.boxes.iter().enumerate() {
        assert!(a.x >= 0 && a.y >= 0 && a.x + super::BOX <= drawn.width && a.y + a.height <= drawn.height);
        for b in drawn.boxes.iter().skip(n + 1) {
            let apart = a.x + super::BOX <= b.x
                || b.x + super::BOX <= a.x
                || a.y + a.height <= b.y
                || b.y + b.height <= a.y;
            assert!(apart, "{} and {}: {pairs:?}", a.title, b.title);
        }
    }
    assert_eq!(drawn.lines.len(), graph.edges.len());
}

#[test]
fn fifteen_owners_stand_in_rows_of_five() {
    let pairs: Vec<(usize, usize)> = (1..16).map(|owner| (owner, 0)).collect();
    check(16, &pairs);
    let owned = company(16, &pairs);
    let drawn = picture(&owned, &Graph::of(&owned));
    assert!(drawn.width < 1_400, "{}", drawn.width);
}

#[test]
fn a_line_that_closes_a_cycle_leads_upwards() {
    let owned = company(3, &[(1, 0), (2, 1), (1, 2)]);
    let drawn = picture(&owned, &Graph::of(&owned));
    let classes: Vec<&str> = drawn.lines.iter().map(|line| line.class).collect();
    assert_eq!(classes.iter().filter(|class| **class == "cycle").count(), 1, "{classes:?}");
    assert!(drawn.legend.contains(&"dashed line: closes a cycle"));
}

#[test]
fn a_part_in_itself_is_a_loop_beside_the_box() {
    check(2, &[(1, 0), (0, 0), (1, 1)]);
}

#[test]
fn of_very_many_the_first_are_drawn_and_the_others_counted() {
    let pairs: Vec<(usize, usize)> = (1..200).map(|owner| (owner, 0)).collect();
    check(200, &pairs);
    let owned = company(200, &pairs);
    let drawn = picture(&owned, &Graph::of(&owned));
    assert!(drawn.left.starts_with("168 smaller parties"), "{}", drawn.left);
}

proptest! {
    #[test]
    fn whatever_is_owned_can_be_drawn(
        parties in 1usize..14, pairs in prop::collection::vec((0usize..14, 0usize..14), 1..40),
    ) {
        let pairs: Vec<(usize, usize)> = pairs.into_iter().map(|(a, b)| (a % parties, b % parties)).collect();
        check(parties, &pairs);
    }
}
