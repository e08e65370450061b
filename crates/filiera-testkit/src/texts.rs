use std::collections::BTreeMap;

use filiera_oracle::{Class, Evidence, Land, Origin, Price, Procurement, Scenario};

/// Tables as CSV texts in canonical columns, by table name.
pub type TableTexts = BTreeMap<String, String>;

/// The name of a scenario's vehicle by its place.
pub fn vehicle_name(vehicle: usize) -> String {
    format!("V{vehicle}")
}

/// The scenario's evidence, as the tables of a dossier.
pub fn texts(scenario: &Scenario) -> TableTexts {
    let mut tables = TableTexts::new();
    let mut put = |name: &str, header: &str, rows: Vec<String>| {
        let text = std::iter::once(header.to_owned()).chain(rows).collect::<Vec<_>>().join("\n");
        tables.insert(name.to_owned(), text);
    };
    put("vehicles", "vehicle,root,built_on,plant_country,ex_works_price", vehicles(scenario));
    put(
        "parts",
        "part,procurement,unit_value,unit_value_max,class,made_in,supplier,mass_kg",
        parts(scenario),
    );
    put("bom", "parent,child,quantity,supplier,choice,valid_from,valid_to", lines(scenario));
    put(
        "declarations",
        "part,origin,share,supplier,lot,basis,evidence,document,signed_on,valid_from,valid_to",
        declarations(scenario),
    );
    put("companies", "company,country", companies(scenario));
    if !scenario.installed.is_empty() {
        put("installed", "vehicle,part,lot,quantity,received_on", installed(scenario));
    }
    tables
}

fn row(cells: &[String]) -> String {
    cells.join(",")
}

fn cell<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn part_name(part: usize) -> String {
    format!("P{part}")
}

fn supplier_name(supplier: usize) -> String {
    format!("S{supplier}")
}

fn lot_name(lot: u8) -> String {
    format!("L{lot}")
}

fn vehicles(scenario: &Scenario) -> Vec<String> {
    let vehicles = scenario.vehicles.iter().enumerate();
    let text = |(place, vehicle): (usize, &filiera_oracle::Vehicle)| {
        row(&[
            vehicle_name(place),
            part_name(vehicle.root),
            cell(vehicle.built_on),
            cell(vehicle.plant_country),
            cell(vehicle.price),
        ])
    };
    vehicles.map(text).collect()
}

fn parts(scenario: &Scenario) -> Vec<String> {
    let text = |(place, part): (usize, &filiera_oracle::Part)| {
        let (least, most) = match part.price {
            Price::Known(value) => (Some(value), None),
            Price::Between(least, most) => (Some(least), Some(most)),
            Price::Missing => (None, None),
        };
        let procurement = part.procurement.map(|procurement| match procurement {
            Procurement::Buy => "buy",
            Procurement::Make => "make",
            Procurement::Phantom => "phantom",
        });
        let class = part.class.map(|class| match class {
            Class::Sensitive => "sensitive",
            Class::Plain => "plain",
        });
        row(&[
            part_name(place),
            cell(procurement),
            cell(least),
            cell(most),
            cell(class),
            cell(part.made_in),
            cell(part.supplier.map(supplier_name)),
            cell(part.mass_kg),
        ])
    };
    scenario.parts.iter().enumerate().map(text).collect()
}

fn lines(scenario: &Scenario) -> Vec<String> {
    let text = |line: &filiera_oracle::Line| {
        row(&[
            part_name(line.parent),
            part_name(line.child),
            line.quantity.to_string(),
            cell(line.supplier.map(supplier_name)),
            cell(line.choice.map(|choice| format!("C{choice}"))),
            cell(line.valid_from),
            cell(line.valid_to),
        ])
    };
    scenario.lines.iter().map(text).collect()
}

fn declarations(scenario: &Scenario) -> Vec<String> {
    let text = |paper: &filiera_oracle::Declaration| {
        let origin = match &paper.origin {
            Origin::Unknown => String::new(),
            Origin::OneOf(lands) => {
                lands.iter().map(|land: &Land| (*land).to_owned()).collect::<Vec<_>>().join("/")
            }
            Origin::Eu => "EU".to_owned(),
        };
        let evidence = paper.evidence.map(|evidence| match evidence {
            Evidence::Declared => "declared",
            Evidence::Observed => "observed",
        });
        row(&[
            part_name(paper.part),
            origin,
            cell(paper.share.map(|share| format!("{share} %"))),
            cell(paper.supplier.map(supplier_name)),
            cell(paper.lot.map(lot_name)),
            cell(paper.basis),
            cell(evidence),
            cell(paper.document.map(|document| format!("D{document}"))),
            cell(paper.signed_on),
            cell(paper.valid_from),
            cell(paper.valid_to),
        ])
    };
    scenario.declarations.iter().map(text).collect()
}

fn companies(scenario: &Scenario) -> Vec<String> {
    let suppliers = scenario.suppliers.iter().enumerate();
    suppliers.map(|(place, supplier)| row(&[supplier_name(place), cell(supplier.country)])).collect()
}

fn installed(scenario: &Scenario) -> Vec<String> {
    let text = |one: &filiera_oracle::Installed| {
        row(&[
            vehicle_name(one.vehicle),
            part_name(one.part),
            cell(one.lot.map(lot_name)),
            cell(one.quantity),
            cell(one.received_on),
        ])
    };
    scenario.installed.iter().map(text).collect()
}
