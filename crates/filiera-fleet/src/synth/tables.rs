use arrow::array::RecordBatch;
use filiera_tables::TableKind;

use super::SynthError;
use super::columns::Columns;
use super::companies::HOME;
use super::vehicles::{Vehicle, vehicle_id};
use super::world::World;

/// The tables of a synthetic dossier, in the order of the documentation.
pub(super) const KINDS: [TableKind; 7] = [
    TableKind::Parts,
    TableKind::Bom,
    TableKind::Declarations,
    TableKind::Vehicles,
    TableKind::Installed,
    TableKind::Companies,
    TableKind::Flows,
];

/// Who builds, and who keeps the data.
const MAKER: &str = "NORDOVEST";
const OPERATOR: &str = "NUVOLA";

/// So many vehicles are written at a time.
const VEHICLES: u32 = 65_536;

impl World {
    /// Hands out all rows of a table, batch by batch.
    ///
    /// # Errors
    /// Whatever `take` returns.
    pub(super) fn each_batch(
        &self,
        kind: TableKind,
        take: &mut dyn FnMut(RecordBatch) -> Result<(), SynthError>,
    ) -> Result<(), SynthError> {
        match kind {
            TableKind::Parts => take(self.parts_batch()?),
            TableKind::Bom => take(self.bom_batch()?),
            TableKind::Declarations => take(self.declarations_batch()?),
            TableKind::Vehicles => self.each_vehicles(take),
            TableKind::Installed => self.each_installed(take),
            TableKind::Companies => take(self.companies_batch()?),
            TableKind::Flows => take(flows_batch()?),
            _ => Ok(()),
        }
    }

    fn parts_batch(&self) -> Result<RecordBatch, SynthError> {
        let parts = || self.parts.iter();
        let main = |suppliers: &[u32]| suppliers.first().copied().unwrap_or_default();
        Columns::default()
            .texts("part", parts().map(|part| Some(&part.id)))
            .texts("name", parts().map(|part| Some(format!("{} {}", part.class.name, part.id))))
            .texts("class", parts().map(|part| Some(part.class.name)))
            .texts("procurement", parts().map(|_| Some("buy")))
            .texts("supplier", parts().map(|part| Some(self.companies.id(main(&part.suppliers)))))
            .money("unit_value", parts().map(|part| part.price))?
            .money("unit_value_max", parts().map(|part| part.price_max))?
            .texts("currency", parts().map(|part| part.price.map(|_| "EUR")))
            .thousandths("mass_kg", parts().map(|part| Some(part.grams)))?
            .texts("made_in", parts().map(|part| Some(self.companies.makes_in(main(&part.suppliers)))))
            .batch()
    }

    fn bom_batch(&self) -> Result<RecordBatch, SynthError> {
        let lines = || {
            self.configurations.iter().flat_map(|one| {
                one.parts.iter().filter_map(|part| Some((&one.root, self.parts.get(*part as usize)?)))
            })
        };
        Columns::default()
            .texts("parent", lines().map(|(root, _)| Some(root)))
            .texts("child", lines().map(|(_, part)| Some(&part.id)))
            .thousandths("quantity", lines().map(|(_, part)| Some(part.quantity)))?
            .batch()
    }

    fn declarations_batch(&self) -> Result<RecordBatch, SynthError> {
        let papers = || self.papers.iter();
        let part = |number: u32| self.parts.get(number as usize).map(|part| &part.id);
        let columns = Columns::default()
            .texts("part", papers().map(|paper| part(paper.part)))
            .texts("origin", papers().map(|paper| Some(paper.origin)))
            .texts("basis", papers().map(|_| Some("non-preferential")))
            .texts("supplier", papers().map(|paper| Some(self.companies.id(paper.supplier))))
            .texts("lot", papers().map(|paper| paper.lot.map(|lot| self.lot_name(paper.part, lot))))
            .texts("share", papers().map(|paper| paper.share.map(|share| format!("{share} %"))))
            .days("valid_from", papers().map(|paper| Some(paper.valid.0)))
            .days("valid_to", papers().map(|paper| Some(paper.valid.1)))
            .days("signed_on", papers().map(|paper| Some(paper.signed_on)))
            .days("revoked_on", papers().map(|paper| paper.revoked_on))
            .texts("document", papers().map(|paper| Some(format!("D{:07}", paper.document))));
        columns.batch()
    }

    fn companies_batch(&self) -> Result<RecordBatch, SynthError> {
        let own = [(MAKER, "car maker"), (OPERATOR, "data centres")];
        let suppliers = self.companies.all.iter();
        let suppliers = suppliers.map(|company| (company.id.as_str(), company.country, "supplier"));
        let all: Vec<_> =
            own.into_iter().map(|(id, sector)| (id, Some(HOME), sector)).chain(suppliers).collect();
        let all = || all.iter();
        Columns::default()
            .texts("company", all().map(|(id, ..)| Some(id)))
            .texts("name", all().map(|(id, ..)| Some(format!("Company {id}"))))
            .texts("country", all().map(|(_, country, _)| *country))
            .texts("sector", all().map(|(.., sector)| Some(sector)))
            .batch()
    }

    fn each_vehicles(
        &self,
        take: &mut dyn FnMut(RecordBatch) -> Result<(), SynthError>,
    ) -> Result<(), SynthError> {
        let mut first = 0;
        while first < self.options.vehicles {
            let count = VEHICLES.min(self.options.vehicles - first);
            take(self.vehicles_batch(first, count)?)?;
            first += count;
        }
        Ok(())
    }

    fn vehicles_batch(&self, first: u32, count: u32) -> Result<RecordBatch, SynthError> {
        let vehicles: Vec<Vehicle> = (first..first + count).map(|number| self.vehicle(number)).collect();
        let all = || vehicles.iter();
        let configuration = |vehicle: &Vehicle| self.configurations.get(vehicle.configuration);
        Columns::default()
            .texts("vehicle", all().map(|vehicle| Some(vehicle_id(vehicle.number))))
            .texts("maker", all().map(|_| Some(MAKER)))
            .texts("model", all().map(|vehicle| configuration(vehicle).map(|one| &one.model)))
            .wholes("model_year", all().map(|vehicle| vehicle.built_on.map(|day| i64::from(day.year()))))
            .texts("root", all().map(|vehicle| configuration(vehicle).map(|one| &one.root)))
            .days("built_on", all().map(|vehicle| vehicle.built_on))
            .texts("plant", all().map(|vehicle| Some(vehicle.plant.0)))
            .texts("plant_country", all().map(|vehicle| vehicle.plant.1))
            .batch()
    }
}

/// Where the vehicles' data goes: nowhere abroad.
fn flows_batch() -> Result<RecordBatch, SynthError> {
    const FLOWS: [(&str, &str, &str, &str); 4] = [
        ("trip records", "vehicle", "gateway", "collect"),
        ("driver profile", "vehicle", "gateway", "collect"),
        ("trip records", "gateway", "data lake", "store"),
        ("driver profile", "gateway", "data lake", "process"),
    ];
    let flows = || FLOWS.iter();
    Columns::default()
        .texts("data", flows().map(|(data, ..)| Some(data)))
        .texts("from", flows().map(|(_, from, ..)| Some(from)))
        .texts("to", flows().map(|(_, _, to, _)| Some(to)))
        .texts("maker", flows().map(|_| Some(MAKER)))
        .texts("activity", flows().map(|(.., activity)| Some(activity)))
        .texts("data_subject", flows().map(|_| Some("consumer")))
        .texts("country", flows().map(|_| Some(HOME)))
        .texts("operator", flows().map(|_| Some(OPERATOR)))
        .truths("released", flows().map(|_| Some(false)))
        .batch()
}
