use std::sync::Arc;

use arrow::array::{BooleanArray, Decimal128Array, Int64Array, UInt32Array};
use filiera_model::{Days, Exact};
use filiera_origin::{Components, InstalledPart, Item, Node, OwnWork};
use filiera_tables::{ColumnKind, Population, SCALE, Table, TableKind};
use rustc_hash::FxHashMap;

use super::boms::{Bom, Boms, unit_value};
use super::flatten::{Flattened, Place, flatten};
use super::{Added, Alternative, Component, Measure, RowInfo, Rows};
use crate::EngineError;
use crate::columns::Columns;
use crate::ground::Ground;
use crate::subjects::Subjects;

/// The components (or the content) of every vehicle, with the columns of part, supplier and
/// vehicle.
pub(crate) fn vehicle_rows(
    ground: &Ground<'_>,
    population: Population,
    subjects: &Subjects,
) -> Result<Rows, EngineError> {
    let mut rows = Rows::new(subjects.len());
    let (Some(vehicles), Some(mut boms)) = (ground.dossier.table(TableKind::Vehicles), Boms::new(ground))
    else {
        return Ok(rows);
    };
    let mut builder = Builder::new(ground, vehicles);
    let mut notes: Vec<Notes> = Vec::new();
    for vehicle in 0..vehicles.len() {
        let before = builder.drafts.len();
        let (entangled, too_many) = match population {
            Population::Content => builder.add_content(&mut boms, vehicle)?,
            _ => builder.add_components(&mut boms, vehicle)?,
        };
        notes.push(Notes {
            start: u32::try_from(before).unwrap_or(u32::MAX),
            remarks: std::mem::take(&mut builder.remarks),
            open: std::mem::take(&mut builder.open),
            has_choices: std::mem::take(&mut builder.has_choices),
            entangled,
            too_many,
        });
    }
    let (columns, infos) = builder.finish()?;
    rows.columns = columns;
    rows.infos = infos;
    assign(&mut rows, subjects, vehicles, &notes);
    Ok(rows)
}

/// What is to be said of a vehicle, beside its rows.
struct Notes {
    /// Its first row.
    start: u32,
    remarks: Vec<String>,
    /// Papers without which its list cannot be whole.
    open: Vec<String>,
    has_choices: bool,
    entangled: bool,
    too_many: bool,
}

/// Gives every row, remark and warning to the subject of its vehicle.
fn assign(rows: &mut Rows, subjects: &Subjects, vehicles: &Table, notes: &[Notes]) {
    let of_vehicle = Columns::of_table(vehicles);
    let end = u32::try_from(rows.infos.len()).unwrap_or(u32::MAX);
    let ends = notes.iter().skip(1).map(|note| note.start).chain([end]);
    for (vehicle, (note, end)) in notes.iter().zip(ends).enumerate() {
        let Some(subject) = subjects.of_row(&of_vehicle, vehicle).map(|subject| subject as usize) else {
            continue;
        };
        if let Some(list) = rows.by_subject.get_mut(subject) {
            list.extend(note.start..end);
        }
        for (lists, texts) in [(&mut rows.remarks, &note.remarks), (&mut rows.open, &note.open)] {
            if let Some(list) = lists.get_mut(subject) {
                list.extend(texts.iter().filter(|text| !list.contains(text)).cloned().collect::<Vec<_>>());
            }
        }
        for (flags, value) in [
            (&mut rows.entangled, note.entangled),
            (&mut rows.have_choices, note.has_choices),
            (&mut rows.undecidable, note.too_many),
        ] {
            if let Some(flag) = flags.get_mut(subject) {
                *flag |= value;
            }
        }
    }
}

/// One row in the making.
struct Draft {
    vehicle: u32,
    part_row: Option<u32>,
    supplier_row: Option<u32>,
    unit: String,
    level: Option<i64>,
    info: RowInfo,
}

struct Builder<'a> {
    ground: &'a Ground<'a>,
    vehicles: &'a Table,
    part_rows: FxHashMap<String, u32>,
    installed: FxHashMap<String, Vec<u32>>,
    drafts: Vec<Draft>,
    remarks: Vec<String>,
    open: Vec<String>,
    has_choices: bool,
}

impl<'a> Builder<'a> {
    fn new(ground: &'a Ground<'a>, vehicles: &'a Table) -> Self {
        let mut part_rows = FxHashMap::default();
        if let Some(parts) = ground.dossier.table(TableKind::Parts) {
            for (row, place) in (0u32..).zip(0..parts.len()) {
                if let Some(part) = parts.text("part", place) {
                    part_rows.entry(part.to_owned()).or_insert(row);
                }
            }
        }
        let mut installed: FxHashMap<String, Vec<u32>> = FxHashMap::default();
        if let Some(table) = ground.dossier.table(TableKind::Installed) {
            for (row, place) in (0u32..).zip(0..table.len()) {
                if let Some(vehicle) = table.text("vehicle", place) {
                    installed.entry(vehicle.to_owned()).or_default().push(row);
                }
            }
        }
        Self {
            ground,
            vehicles,
            part_rows,
            installed,
            drafts: Vec::new(),
            remarks: Vec::new(),
            open: Vec::new(),
            has_choices: false,
        }
    }

    /// The vehicle's bill of materials and root. A vehicle without a root may be a part itself; one
    /// whose root is on no line of the bills of materials has a list that nobody has shown.
    fn root(
        &mut self,
        boms: &mut Boms<'_>,
        vehicle: usize,
    ) -> Result<(super::boms::Span, Arc<Bom>, Option<Node>), EngineError> {
        let (span, bom) = boms.on(self.vehicles.days("built_on", vehicle))?;
        let root = self.vehicles.text("root", vehicle).or_else(|| self.vehicles.text("vehicle", vehicle));
        let node = root.and_then(|root| bom.graph.graph().node(root));
        Ok((span, bom, node))
    }

    /// Notes that nobody has shown the vehicle's list of parts.
    fn open_root(&mut self, vehicle: usize) {
        let vehicle = self.vehicles.text("vehicle", vehicle).unwrap_or_default();
        self.open.push(format!("root:{vehicle}"));
    }

    /// The components of a vehicle without a plan: what was installed, if somebody vouches that this is all.
    fn add_installed_alone(&mut self, bom: &Arc<Bom>, vehicle: usize) {
        if !self.ground.dossier.installed_complete {
            return self.open_root(vehicle);
        }
        let components = self.fitted(bom, &Components::default(), vehicle);
        for item in components.iter().flat_map(|components| &components.items) {
            self.add_item(bom, vehicle, item, &Exact::one(), None);
        }
    }

    fn add_components(&mut self, boms: &mut Boms<'_>, vehicle: usize) -> Result<(bool, bool), EngineError> {
        let (span, bom, root) = self.root(boms, vehicle)?;
        let Some(root) = root else {
            self.add_installed_alone(&bom, vehicle);
            return Ok((false, false));
        };
        let found = boms.components(span, &bom, root)?;
        self.has_choices = !found.choices.is_empty();
        let built_on = self.vehicles.days("built_on", vehicle);
        let work = boms.own_work(span, &bom, root, &found, built_on)?;
        let fitted = self.fitted(&bom, &found, vehicle);
        let components = fitted.as_ref().unwrap_or(&found);
        self.note(&bom, components, &work);
        let Flattened { rows, entangled, too_many } = flatten(&components.base, &components.choices);
        for flat in rows {
            match flat.place {
                Place::Row(item) => {
                    if let Some(item) = components.items.get(item) {
                        self.add_item(&bom, vehicle, item, &flat.times, flat.choice);
                    }
                }
                Place::Made(made) => {
                    for row in work.rows.iter().filter(|row| row.made == made) {
                        let part =
                            components.made.get(made).map(|made| made.part.clone()).unwrap_or_default();
                        let added = bom.worth(&row.value, &flat.times);
                        self.add_own_work(&bom, vehicle, part, added, flat.choice);
                    }
                }
            }
        }
        if let Some(stated) = unit_value(self.ground, &bom, root, built_on) {
            let rest = filiera_origin::remainder(&stated, &work.total);
            let part = bom.graph.graph().part(root).to_owned();
            self.add_own_work(&bom, vehicle, part, bom.worth(&rest.value, &Exact::one()), None);
        }
        Ok((entangled || span.hangs_on_the_day(&components.choices), too_many))
    }

    /// The components with what was really installed in the vehicle, when anything is known of it.
    fn fitted(&mut self, bom: &Bom, components: &Components, vehicle: usize) -> Option<Components> {
        let table = self.ground.dossier.table(TableKind::Installed)?;
        let id = self.vehicles.text("vehicle", vehicle)?;
        let rows = self.installed.get(id)?;
        let parts: Vec<InstalledPart<'_>> = rows
            .iter()
            .filter_map(|row| {
                let place = *row as usize;
                Some(InstalledPart {
                    row: *row,
                    part: table.text("part", place)?,
                    lot: table.text("lot", place),
                    supplier: table.text("supplier", place),
                    quantity: table.number("quantity", place),
                })
            })
            .collect();
        let fitted = components.install(&bom.graph, &parts, self.ground.dossier.installed_complete);
        for one in fitted.not_applied {
            self.remarks.push(format!("the installed part `{}` counts within another component", one.part));
        }
        Some(fitted.components)
    }

    fn note(&mut self, bom: &Bom, components: &Components, work: &OwnWork) {
        if !bom.cut.is_empty() {
            self.remarks.push(format!("lines that close a cycle were cut: {}", bom.cut.join(", ")));
        }
        for row in work.rows.iter().filter(|row| row.conflict) {
            let part = components.made.get(row.made).map(|made| made.part.as_str()).unwrap_or_default();
            self.remarks
                .push(format!("the parts of `{part}` cost more than it does: its own work was taken as 0"));
        }
        for item in components.items.iter().filter(|item| item.assumed_bought) {
            let part = &item.part;
            self.open.push(format!("procurement:{part}"));
            self.remarks.push(format!(
                "`{part}` has lines and `parts` does not say how it is come by: it was taken as bought"
            ));
        }
        for part in &components.missing {
            self.remarks.push(format!("`{part}` stands on a line and is not described in `parts`"));
        }
    }

    fn add_item(
        &mut self,
        bom: &Arc<Bom>,
        vehicle: usize,
        item: &Item,
        times: &Exact,
        choice: Option<Alternative>,
    ) {
        let lot = item.installed.as_ref().and_then(|installed| installed.lot.clone());
        let received = item.installed.as_ref().and_then(|installed| {
            let table = self.ground.dossier.table(TableKind::Installed)?;
            table.day("received_on", installed.row as usize)?;
            Some(table.days("received_on", installed.row as usize))
        });
        let component = Component {
            part: item.part.clone(),
            supplier: item.supplier.clone().or_else(|| self.usual_supplier(&item.part)),
            lot,
            installed: item.installed.as_ref().map(|installed| installed.row),
            quantity: &item.quantity * times,
            unit: Measure::of(&item.unit),
            added: None,
            is_own_work: false,
            is_priceless: item.mixed_units || item.empty_phantom,
            bom: Arc::clone(bom),
            node: item.node,
            tested_on: received.unwrap_or_else(|| self.vehicles.days("built_on", vehicle)),
            is_assumed: received.is_none(),
        };
        self.push(vehicle, component, item.unit.clone(), None, choice);
    }

    /// The supplier that `parts` names.
    fn usual_supplier(&self, part: &str) -> Option<String> {
        let row = *self.part_rows.get(part)? as usize;
        self.ground.dossier.table(TableKind::Parts)?.text("supplier", row).map(str::to_owned)
    }

    fn add_own_work(
        &mut self,
        bom: &Arc<Bom>,
        vehicle: usize,
        part: String,
        added: Added,
        choice: Option<Alternative>,
    ) {
        let component = Component {
            part,
            supplier: None,
            lot: None,
            installed: None,
            quantity: Exact::one(),
            unit: Measure::Pieces,
            added: Some(added),
            is_own_work: true,
            is_priceless: false,
            bom: Arc::clone(bom),
            node: None,
            tested_on: Days::unknown(),
            is_assumed: true,
        };
        self.push(vehicle, component, "piece".to_owned(), None, choice);
    }

    fn add_content(&mut self, boms: &mut Boms<'_>, vehicle: usize) -> Result<(bool, bool), EngineError> {
        let (span, bom, root) = self.root(boms, vehicle)?;
        let Some(root) = root else {
            if bom.graph.graph().shape().rows() > 0 {
                self.open_root(vehicle);
            }
            return Ok((false, false));
        };
        let content = boms.content(span, &bom, root)?;
        let nodes: Vec<Node> = content.rows.iter().map(|row| row.node).collect();
        let added = boms.added(&bom, &nodes, self.vehicles.days("built_on", vehicle))?;
        let flattened = flatten(&content.base, &content.choices);
        for flat in flattened.rows {
            let Place::Row(place) = flat.place else { continue };
            let Some(row) = content.rows.get(place) else { continue };
            let quantity = &row.quantity * &flat.times;
            let open = filiera_model::Range::anything();
            let value = added.get(&row.node).filter(|_| !row.mixed_units).map_or(&open, |added| &added.value);
            let component = Component {
                part: row.part.clone(),
                supplier: row.supplier.clone(),
                lot: None,
                installed: None,
                added: Some(bom.worth(value, &quantity)),
                quantity,
                unit: Measure::of(&row.unit),
                is_own_work: false,
                is_priceless: false,
                bom: Arc::clone(&bom),
                node: Some(row.node),
                tested_on: self.vehicles.days("built_on", vehicle),
                is_assumed: true,
            };
            self.push(vehicle, component, row.unit.clone(), Some(i64::from(row.level)), flat.choice);
        }
        let entangled = flattened.entangled || span.hangs_on_the_day(&content.choices);
        Ok((entangled, flattened.too_many))
    }

    fn push(
        &mut self,
        vehicle: usize,
        component: Component,
        unit: String,
        level: Option<i64>,
        choice: Option<Alternative>,
    ) {
        let part_row = self.part_rows.get(&component.part).copied();
        let parts = self.ground.dossier.table(TableKind::Parts);
        let place = part_row.and_then(|row| parts?.places().get(row as usize).copied());
        let supplier_row =
            component.supplier.as_ref().and_then(|supplier| self.ground.companies.row(supplier));
        let name = if component.is_own_work {
            format!("own work on {}", component.part)
        } else {
            component.part.clone()
        };
        let info = RowInfo { name, component: Some(component), choice, place, held: None };
        let vehicle = u32::try_from(vehicle).unwrap_or(u32::MAX);
        self.drafts.push(Draft { vehicle, part_row, supplier_row, unit, level, info });
    }

    /// The columns predicates may name, and what else is known of the rows.
    fn finish(self) -> Result<(Columns, Vec<RowInfo>), EngineError> {
        let mut columns = Columns::of_len(self.drafts.len());
        self.own_columns(&mut columns);
        if let Some(parts) = self.ground.dossier.table(TableKind::Parts) {
            let rows: UInt32Array = self.drafts.iter().map(|draft| draft.part_row).collect();
            columns.join(&Columns::of_table(parts), &rows)?;
        }
        let supplier_rows: UInt32Array = self.drafts.iter().map(|draft| draft.supplier_row).collect();
        let companies = self.ground.dossier.table(TableKind::Companies);
        let suppliers = companies.map(|table| Columns::of_table(table).take(&supplier_rows)).transpose()?;
        for (name, source, kind) in [
            ("supplier_name", "name", ColumnKind::Text),
            ("supplier_country", "country", ColumnKind::Country),
            ("supplier_sector", "sector", ColumnKind::Text),
        ] {
            match suppliers.as_ref().and_then(|suppliers| suppliers.get(source)) {
                Some(array) => columns.push(name, kind, Arc::clone(array)),
                None => columns.push_null(name, kind),
            }
        }
        let vehicles: UInt32Array = self.drafts.iter().map(|draft| Some(draft.vehicle)).collect();
        columns.join(&Columns::of_table(self.vehicles), &vehicles)?;
        self.ground.companies.join(&mut columns, self.ground.dossier)?;
        for column in Population::Components.columns().iter().chain(&Population::Content.columns()) {
            columns.push_null(column.name, column.kind);
        }
        Ok((columns, self.drafts.into_iter().map(|draft| draft.info).collect()))
    }

    /// What the rows say themselves, before their part does: own work differs from its part.
    fn own_columns(&self, columns: &mut Columns) {
        let components = || self.drafts.iter().map(|draft| draft.info.component.as_ref());
        let parts = self.ground.dossier.table(TableKind::Parts);
        let of_part =
            |draft: &'_ Draft, column: &str| draft.part_row.and_then(|row| parts?.text(column, row as usize));
        let own_work = |draft: &Draft| draft.info.component.as_ref().is_some_and(|c| c.is_own_work);
        columns.push_texts("part", ColumnKind::Text, components().map(|c| c.map(|c| c.part.as_str())));
        let supplier = |c: Option<&'_ Component>| c.and_then(|c| c.supplier.as_deref()).map(str::to_owned);
        let suppliers: Vec<Option<String>> = components().map(supplier).collect();
        columns.push_texts("supplier", ColumnKind::Text, suppliers.iter().map(Option::as_deref));
        let lots = components().map(|c| c.and_then(|c| c.lot.as_deref()));
        columns.push_texts("lot", ColumnKind::Text, lots);
        let class = |draft| if own_work(draft) { Some("own-work") } else { of_part(draft, "class") };
        columns.push_texts("class", ColumnKind::Text, self.drafts.iter().map(class));
        let procurement =
            |draft| if own_work(draft) { Some("own-work") } else { of_part(draft, "procurement") };
        let kind = ColumnKind::Choice(PROCUREMENT);
        columns.push_texts("procurement", kind, self.drafts.iter().map(procurement));
        let made_in = |draft: &'_ Draft| {
            if own_work(draft) {
                self.vehicles.text("plant_country", draft.vehicle as usize)
            } else {
                of_part(draft, "made_in")
            }
        };
        columns.push_texts("made_in", ColumnKind::Country, self.drafts.iter().map(made_in));
        columns.push_null("origin", ColumnKind::Origin);
        let is_own: BooleanArray = self.drafts.iter().map(|draft| Some(own_work(draft))).collect();
        columns.push("own_work", ColumnKind::Truth, Arc::new(is_own));
        columns.push_texts(
            "unit",
            ColumnKind::Text,
            self.drafts.iter().map(|draft| Some(draft.unit.as_str())),
        );
        let quantities: Decimal128Array =
            components().map(|c| c.and_then(|c| c.quantity.to_unscaled(u32::from(SCALE)))).collect();
        if let Ok(quantities) = quantities.with_precision_and_scale(38, SCALE.cast_signed()) {
            columns.push("quantity", ColumnKind::Positive, Arc::new(quantities));
        }
        let levels: Int64Array = self.drafts.iter().map(|draft| draft.level).collect();
        columns.push("level", ColumnKind::Whole, Arc::new(levels));
    }
}

const PROCUREMENT: &[&str] = &["buy", "make", "phantom", "consigned", "own-work"];
