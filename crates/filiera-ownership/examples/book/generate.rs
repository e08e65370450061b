use filiera_ownership::BookedStake;

/// Shares are in hundredths of a per cent.
pub const WHOLE: u64 = 10_000;

/// Owners outside that each member of the core has.
const OUTSIDE: usize = 12;
/// Companies below the core that a member of it owns.
const BELOW_CORE: usize = 20;

/// So many stakes among so many parties, the same on every run.
///
/// Half of the parties are companies, half persons; numbers say nothing about which. Nearly all
/// companies have one to three owners, four fifths of them persons, the others companies that come
/// before it in a hidden order, so that these stakes make no cycle. The first companies of that order
/// are the core: each is owned by the next one, by another one, by twelve persons, and by nobody for
/// the rest. Twenty other companies belong to members of the core.
pub fn stakes(parties: usize, count: usize, core: usize) -> Vec<BookedStake> {
    let mut random = Random(20_261_122);
    let mut numbers: Vec<u32> = (0..parties as u32).collect();
    for place in (1..parties).rev() {
        numbers.swap(place, random.below(place + 1));
    }
    let (companies, persons) = numbers.split_at(parties / 2);
    let mut stakes = Vec::with_capacity(count);
    let mut add = |company: u32, owner: u32, part: u64| stakes.push(BookedStake { company, owner, part });
    for place in 0..core {
        let (company, next) = (companies[place], companies[(place + 1) % core]);
        add(company, next, 3_000);
        add(company, companies[random.below(core)], 1_500);
        for _ in 0..OUTSIDE {
            add(company, persons[random.below(persons.len())], 400);
        }
    }
    for place in 0..BELOW_CORE.min(core) {
        add(companies[core + place], companies[random.below(core)], 10_000);
    }
    let mut left = count.saturating_sub(core * (OUTSIDE + 2) + BELOW_CORE.min(core));
    for place in core + BELOW_CORE..companies.len() {
        let owners = SPLITS[random.below(SPLITS.len())];
        let owners = &owners[..owners.len().min(left)];
        left -= owners.len();
        for part in owners {
            let from_company = random.below(5) == 0;
            let first = core + BELOW_CORE;
            let owner = if from_company && place > first {
                companies[first + random.below(place - first)]
            } else {
                persons[random.below(persons.len())]
            };
            add(companies[place], owner, *part);
        }
    }
    stakes
}

/// How the shares of a company lie, each as likely as the others: 1.3 owners on average.
const SPLITS: [&[u64]; 10] = [
    &[],
    &[10_000],
    &[10_000],
    &[10_000],
    &[10_000],
    &[5_100],
    &[5_000, 5_000],
    &[6_000, 4_000],
    &[3_333, 6_667],
    &[3_000, 3_000, 2_500],
];

/// Splitmix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`.
    fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.next()) * limit as u128) >> 64) as usize
    }
}
