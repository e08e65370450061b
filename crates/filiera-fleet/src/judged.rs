//! What adding up needs, as tables: judged here once, added up wherever the rows of `installed` are.
//!
//! Three facts make every verdict: what one row of a kind adds, how a vehicle's cohort stands, and what the law
//! compares with. All are small; the rows are not, and they are only joined and summed.

mod columns;
mod distinct;
mod kinds_of;
mod settled;
mod standing;

use std::sync::Arc;

use arrow::array::RecordBatch;
use filiera_engine::Settings;
use filiera_model::Zones;
use filiera_packs::Pack;
use filiera_tables::{Dossier, TableKind};

use crate::FleetError;
use crate::asked::{addends, standings};
use crate::judge::bare;
use crate::lanes::Lanes;
use crate::opening::{Opening, firsts};
use crate::views::Views;
pub(crate) use columns::vehicles as vehicle_columns;
pub(crate) use distinct::canonical;
pub(crate) use kinds_of::{KindOf, KindsOf};
use standing::Standings;

pub use distinct::distinct_rows;
pub use settled::settled;

/// A dossier judged as far as no row of a vehicle is needed. Every number is whole; a weight is counted in the
/// `unit` of its condition.
#[derive(Clone, Debug)]
pub struct Judged {
    /// One row per vehicle: `vehicle`, `cohort`, `view`, `built_on`. Without a cohort it is judged singly.
    pub vehicles: RecordBatch,
    /// One row per distinct installed row: `view`, `part`, `supplier`, `lot`, `quantity`, `tested_from`,
    /// `tested_to`, `kind`.
    pub rows: RecordBatch,
    /// One row per condition and kind: `pack`, `condition`, `reading`, `kind`, what one row of the kind adds,
    /// how many rows it counts as, and whether it is more than a sum.
    pub kinds: RecordBatch,
    /// One row per condition and cohort: `speaks`, `is_plain`, `is_complete`, `unit`, the threshold as a
    /// fraction, and what a vehicle has beside what is installed. Compositions only speak.
    pub cohorts: RecordBatch,
    /// One row per composition, cohort and member that judges another subject: its verdicts.
    pub members: RecordBatch,
}

/// Tells the distinct installed rows of vehicles: given `vehicle`, `cohort`, `view`, `built_on`, batches of
/// `view`, `part`, `supplier`, `lot`, `quantity`, `tested_from`, `tested_to`, as [`distinct_rows`] makes them.
pub type Distinct<'d> = &'d mut dyn FnMut(&RecordBatch) -> Result<Vec<RecordBatch>, FleetError>;

/// Judges what there is to judge before rows are added up. `dossier` holds all tables but `installed`, whose
/// distinct rows `distinct` tells.
///
/// # Errors
/// [`FleetError`] when some condition does not add up, or the installed parts are not all there are.
pub fn judged(
    dossier: &Dossier,
    packs: &[Arc<Pack>],
    zones: &Zones,
    settings: &Settings,
    distinct: Distinct<'_>,
) -> Result<Judged, FleetError> {
    let vehicles = dossier.table(TableKind::Vehicles).ok_or(FleetError::NoVehicles)?;
    let bare = bare(dossier)?;
    let Opening { engine, facts, cohorts } = Opening::new(dossier, &bare, packs, zones, settings)?;
    let of_firsts = firsts(&bare, vehicles, &cohorts)?;
    let firsts = of_firsts.table(TableKind::Vehicles).ok_or(FleetError::NoVehicles)?;
    let among = engine.among(&of_firsts)?;
    let views = Views::new(&among, vehicles, &cohorts, &facts)?;
    let told = columns::vehicles(vehicles, &cohorts, &views)?;
    let (mut rows, mut kinds) = (Vec::new(), KindsOf::new(&engine, &views));
    for batch in distinct(&told)? {
        let batch = canonical(&batch)?;
        let numbers = kinds.of(&batch)?;
        rows.push((batch, numbers));
    }
    let added = addends(&engine, &bare, vehicles, &views.first, kinds.samples())?;
    let stands = match kinds.samples().first() {
        Some(any) => standings(&engine, &bare, firsts, any)?,
        None => Vec::new(),
    };
    let mut lanes = Lanes::new(engine.additive().len());
    added.iter().try_for_each(|kind| lanes.widen(kind))?;
    let standings = Standings::new(&engine, &among, firsts, stands);
    standings.bases().try_for_each(|base| lanes.widen(&base))?;
    Ok(Judged {
        vehicles: told,
        rows: columns::rows(&rows, kinds.samples().len())?,
        kinds: columns::kinds(&engine, &added, &lanes)?,
        cohorts: standings.table(&lanes)?,
        members: standings.members()?,
    })
}
