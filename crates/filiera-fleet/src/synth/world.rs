use super::calendar::Calendar;
use super::companies::Companies;
use super::configurations::{Configuration, configurations, own_parts};
use super::lots::Lots;
use super::papers::{Paper, papers};
use super::parts::{Part, parts};
use super::{Options, SynthError};

/// All that is small enough to be held: everything but the vehicles and what is installed in them.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) options: Options,
    pub(super) calendar: Calendar,
    pub(super) companies: Companies,
    pub(super) configurations: Vec<Configuration>,
    /// Weights of the configurations, added up.
    pub(super) weights: Vec<u64>,
    pub(super) parts: Vec<Part>,
    pub(super) lots: Lots,
    pub(super) papers: Vec<Paper>,
}

impl World {
    /// # Errors
    /// [`SynthError::Size`] when the options do not fit each other.
    pub(super) fn new(options: &Options) -> Result<Self, SynthError> {
        options.check()?;
        let calendar = Calendar::new(options.months);
        let companies = Companies::new(options);
        let own = own_parts(options);
        let configurations = configurations(options, &own);
        let parts = parts(options, &companies, &configurations, &own);
        let lots = Lots::new(options, &calendar, &parts, &configurations);
        let papers = papers(options, &calendar, &companies, &parts, &lots);
        let upto = |sum: &mut u64, one: &Configuration| {
            *sum += one.weight;
            Some(*sum)
        };
        let weights = configurations.iter().scan(0, upto).collect();
        let options = options.clone();
        Ok(Self { options, calendar, companies, configurations, weights, parts, lots, papers })
    }
}
