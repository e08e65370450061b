use filiera_model::Day;
use filiera_oracle::{
    Class, Declaration, Evidence, Form, Installed, Land, Line, Method, Origin, Part, Price, Procurement,
    Scenario, Supplier, Vehicle,
};

use crate::Tape;
use crate::random_rule::random_rule;

const LANDS: [Land; 4] = ["IT", "CN", "DE", "US"];

/// A day of `year`, on the first of January.
pub(crate) fn first_of(year: i32) -> Day {
    Day::from_ymd(year, 1, 1).unwrap_or(Day::from_days(0))
}

/// A small dossier: one or two vehicles of up to a dozen parts, most facts known and a few not.
pub fn random_scenario(tape: &mut Tape<'_>) -> Scenario {
    let rule = random_rule(tape);
    let mut scenario = Scenario {
        vehicles: Vec::new(),
        parts: Vec::new(),
        lines: Vec::new(),
        declarations: Vec::new(),
        installed: Vec::new(),
        suppliers: Vec::new(),
        complete: !tape.one_in(4),
        installed_complete: false,
        facts_as_of: first_of(2026),
        law_as_of: first_of(2026),
        rule,
    };
    for _ in 0..2 {
        let country = tape.pick(&[Some("IT"), Some("CN"), None]).flatten();
        scenario.suppliers.push(Supplier { country });
    }
    let bought = 1 + tape.below(4);
    for _ in 0..bought {
        add_bought(&mut scenario, tape);
    }
    let made = if tape.one_in(3) { Some(add_assembly(&mut scenario, tape, bought)) } else { None };
    let vehicles = 1 + usize::from(tape.one_in(3));
    (0..vehicles).for_each(|_| add_vehicle(&mut scenario, tape, bought, made));
    for part in 0..scenario.parts.len() {
        declare(&mut scenario, tape, part);
    }
    if tape.one_in(3) {
        install(&mut scenario, tape, bought);
    }
    scenario
}

fn price(tape: &mut Tape<'_>) -> Price {
    let least = i64::try_from(tape.below(7)).unwrap_or_default() * 10;
    match tape.below(8) {
        0..=4 => Price::Known(least + 10),
        5..=6 => Price::Between(least, least + 1 + i64::try_from(tape.below(3)).unwrap_or_default()),
        _ => Price::Missing,
    }
}

fn add_bought(scenario: &mut Scenario, tape: &mut Tape<'_>) -> usize {
    let part = Part {
        procurement: Some(Procurement::Buy),
        price: price(tape),
        class: tape.pick(&[Some(Class::Plain), Some(Class::Sensitive), Some(Class::Plain), None]).flatten(),
        made_in: tape.pick(&[Some("IT"), Some("CN"), Some("DE"), None]).flatten(),
        supplier: tape.pick(&[None, Some(0), Some(1)]).flatten(),
        mass_kg: tape.pick(&[Some(1), Some(3), Some(2), None]).flatten(),
    };
    scenario.parts.push(part);
    scenario.parts.len() - 1
}

/// A part with lines of its own: bought whole, made, or a phantom.
fn add_assembly(scenario: &mut Scenario, tape: &mut Tape<'_>, bought: usize) -> usize {
    let part = add_bought(scenario, tape);
    let procurement = tape.pick(&[Procurement::Buy, Procurement::Make, Procurement::Phantom]);
    let own_price = tape.pick(&[Price::Missing, Price::Known(250), Price::Between(200, 201)]);
    if let Some(assembly) = scenario.parts.get_mut(part) {
        assembly.procurement = procurement;
        assembly.price = own_price.unwrap_or(Price::Missing);
    }
    (0..1 + tape.below(3)).for_each(|_| add_line(scenario, tape, part, bought));
    part
}

fn add_line(scenario: &mut Scenario, tape: &mut Tape<'_>, parent: usize, bought: usize) {
    let child = tape.below(bought);
    let choice = if tape.one_in(5) { Some(0) } else { None };
    let first = !scenario.lines.iter().any(|line| line.parent == parent);
    let is_dated = !first && choice.is_none() && tape.one_in(4);
    let begins = is_dated && tape.one_in(2);
    let looks_into =
        matches!(&scenario.rule.form, Form::Share { method, .. } if *method != Method::AsSupplied);
    let supplier = if !looks_into && tape.one_in(6) { Some(1) } else { None };
    scenario.lines.push(Line {
        parent,
        child,
        quantity: 1 + i64::try_from(tape.below(3)).unwrap_or_default(),
        supplier,
        choice: choice.filter(|_| !first),
        valid_from: begins.then(|| first_of(2024)),
        valid_to: (is_dated && !begins).then(|| first_of(2024).previous()),
    });
}

fn add_vehicle(scenario: &mut Scenario, tape: &mut Tape<'_>, bought: usize, assembly: Option<usize>) {
    let built_in = tape.pick(&[Some(2025), Some(2023), Some(2019), None]).flatten();
    let root_price = if tape.one_in(6) { Price::Known(900) } else { Price::Missing };
    let root = scenario.parts.len();
    scenario.parts.push(Part {
        procurement: Some(Procurement::Make),
        price: root_price,
        class: Some(Class::Plain),
        made_in: None,
        supplier: None,
        mass_kg: None,
    });
    (0..1 + tape.below(4)).for_each(|_| add_line(scenario, tape, root, bought));
    if let Some(assembly) = assembly {
        let choice = if tape.one_in(3) { Some(0) } else { None };
        let line = Line {
            parent: root,
            child: assembly,
            quantity: 1,
            supplier: None,
            choice,
            valid_from: None,
            valid_to: None,
        };
        scenario.lines.push(line);
    }
    scenario.vehicles.push(Vehicle {
        root,
        built_on: built_in.map(first_of),
        plant_country: tape.pick(&[Some("IT"), Some("IT"), Some("CN"), None]).flatten(),
        price: tape.pick(&[Some(200), Some(120), Some(60), None]).flatten(),
    });
}

fn origin(tape: &mut Tape<'_>) -> Origin {
    match tape.below(8) {
        0..=4 => Origin::OneOf(tape.pick(&LANDS).into_iter().collect()),
        5 => Origin::OneOf(vec!["IT", "CN"]),
        6 => Origin::Eu,
        _ => Origin::Unknown,
    }
}

/// No paper, one, an apportioned one, or two, of which the later may supersede the first.
fn declare(scenario: &mut Scenario, tape: &mut Tape<'_>, part: usize) {
    let papers = tape.pick(&[1, 1, 0, 2, 2]).unwrap_or_default();
    for number in 0..papers {
        let mut paper = Declaration {
            part,
            origin: origin(tape),
            share: None,
            supplier: tape.pick(&[None, None, Some(0), Some(1)]).flatten(),
            lot: tape.pick(&[None, None, None, Some(1), Some(2)]).flatten(),
            basis: tape.pick(&[Some("non-preferential"), None, Some("usmca")]).flatten(),
            evidence: tape.pick(&[None, Some(Evidence::Declared), None, Some(Evidence::Observed)]).flatten(),
            document: Some(number),
            signed_on: tape.pick(&[None, Some(2022), Some(2024), Some(2027)]).flatten().map(first_of),
            valid_from: tape.pick(&[None, None, None, Some(2024), Some(2025)]).flatten().map(first_of),
            valid_to: tape.pick(&[None, None, None, Some(2024), Some(2023)]).flatten().map(first_of),
        };
        if let Some(first) = scenario.declarations.iter().rfind(|first| first.part == part)
            && tape.one_in(2)
        {
            // The same supplier on the same basis again: the later signature supersedes.
            let series = (first.supplier, first.lot, first.basis, first.evidence);
            (paper.supplier, paper.lot, paper.basis, paper.evidence) = series;
        }
        if paper.valid_from.is_some() {
            paper.valid_to = None;
        }
        if tape.one_in(4) {
            let rest = Declaration { origin: origin(tape), share: Some(40), ..paper.clone() };
            paper.share = Some(60);
            if !tape.one_in(3) {
                scenario.declarations.push(rest);
            }
        }
        scenario.declarations.push(paper);
    }
}

/// What was really built into the first vehicle. Its own work is reckoned from the plan, so none
/// is stated.
fn install(scenario: &mut Scenario, tape: &mut Tape<'_>, bought: usize) {
    let is_stated = |part: &Part| part.procurement == Some(Procurement::Make) && part.price != Price::Missing;
    if scenario.parts.iter().any(is_stated) {
        return;
    }
    scenario.installed_complete = tape.one_in(4);
    let is_bought =
        |part: usize| scenario.parts.get(part).is_some_and(|part| part.procurement == Some(Procurement::Buy));
    // A part inside a bought one counts with it, installed or not.
    let inside: Vec<usize> =
        scenario.lines.iter().filter(|line| is_bought(line.parent)).map(|line| line.child).collect();
    for _ in 0..1 + tape.below(2) {
        let part = tape.below(bought);
        if inside.contains(&part) {
            continue;
        }
        scenario.installed.push(Installed {
            vehicle: 0,
            part,
            lot: tape.pick(&[Some(1), None, Some(2)]).flatten(),
            quantity: tape.pick(&[None, Some(2)]).flatten(),
            received_on: tape.pick(&[None, Some(2023), Some(2025)]).flatten().map(first_of),
        });
    }
    // A line that names another supplier than the part does would leave open whose the lot is.
    scenario.lines.iter_mut().for_each(|line| line.supplier = None);
}
