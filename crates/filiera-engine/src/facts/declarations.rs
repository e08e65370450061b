use std::collections::BTreeMap;

use filiera_model::{CountrySet, Day, Days, Exact, Fraction, Mark, OriginText, Zones};
use filiera_tables::{Dossier, Table, TableKind};
use rustc_hash::FxHashMap;

use super::holds;

/// Suppliers' declarations of origin, by part.
pub(crate) struct Declarations {
    rows: Vec<Declaration>,
    by_part: FxHashMap<String, OfPart>,
}

/// The declarations of one part, by their places.
#[derive(Default)]
struct OfPart {
    all: Vec<usize>,
    /// Those that name no lot.
    of_any_lot: Vec<usize>,
    by_lot: FxHashMap<String, Vec<usize>>,
}

impl OfPart {
    fn add(&mut self, place: usize, lot: Option<&String>) {
        self.all.push(place);
        match lot {
            None => self.of_any_lot.push(place),
            Some(lot) => self.by_lot.entry(lot.clone()).or_default().push(place),
        }
    }

    /// Those that may speak for a line of this lot, in the order of the table.
    fn of_lot(&self, lot: Option<&str>) -> Vec<usize> {
        let Some(lot) = lot else { return self.all.clone() };
        let own = self.by_lot.get(lot).map(Vec::as_slice).unwrap_or_default();
        let mut places = [own, &self.of_any_lot].concat();
        places.sort_unstable();
        places
    }
}

struct Declaration {
    row: u32,
    origin: Option<OriginText>,
    basis: Option<String>,
    supplier: Option<String>,
    lot: Option<String>,
    share: Option<Exact>,
    evidence: String,
    kind: Option<String>,
    valid_from: Option<Day>,
    valid_to: Option<Day>,
    signed_on: Option<Day>,
    revoked_on: Option<Day>,
    document: Option<String>,
}

/// Which declarations a condition accepts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Accepted {
    /// The bases; nothing: any, also none stated.
    pub(crate) basis: Option<Vec<String>>,
    /// The evidence classes.
    pub(crate) evidence: Vec<String>,
    /// Papers signed later do not count.
    pub(crate) facts_as_of: Day,
}

/// A line that a declaration may speak for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Line<'a> {
    pub(crate) part: &'a str,
    pub(crate) supplier: Option<&'a str>,
    pub(crate) lot: Option<&'a str>,
}

/// The countries an origin may be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Candidates {
    /// Any country at all.
    Unknown,
    /// One of these.
    OneOf(CountrySet),
}

/// One way the origin may be: parts of the whole, each with its candidates; shares add up to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) parts: Vec<(Exact, Candidates)>,
    /// The rows of `declarations` it rests on.
    pub(crate) rows: Vec<u32>,
}

/// What is known of a line's origin: one of these claims is true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Never empty: an origin nobody declared is one unknown claim.
    pub(crate) claims: Vec<Claim>,
    /// Declarations of the part that did not count, and why; those of other lots aside.
    pub(crate) unread: Vec<(u32, &'static str)>,
    /// Whether some claim holds on some of the days in question only: then which one is true hangs
    /// together with everything else that depends on the day.
    pub(crate) depends_on_day: bool,
}

impl Origin {
    pub(crate) fn unknown() -> Self {
        Self {
            claims: vec![Claim::whole(Candidates::Unknown, Vec::new())],
            unread: Vec::new(),
            depends_on_day: false,
        }
    }

    pub(crate) fn is(country: filiera_model::Country) -> Self {
        let set = [country].into_iter().collect();
        Self { claims: vec![Claim::whole(Candidates::OneOf(set), Vec::new())], ..Self::unknown() }
    }

    /// Whether somebody declared something that counts.
    pub(crate) fn is_declared(&self) -> bool {
        self.claims.iter().any(|claim| !claim.rows.is_empty())
    }

    /// The marked part, when `mark` says what each single candidate makes of the row; nothing as
    /// candidate is "any country".
    pub(crate) fn fraction(&self, mark: impl Fn(Option<filiera_model::Country>) -> Mark) -> Fraction {
        let of_claim = |claim: &Claim| {
            let mut fraction = Fraction::exactly(Exact::zero());
            for (share, candidates) in &claim.parts {
                let part = Fraction::from(candidates.mark(&mark));
                fraction.least += &(share * &part.least);
                fraction.most += &(share * &part.most);
            }
            fraction
        };
        let hull = self.claims.iter().map(of_claim).reduce(Fraction::hull);
        hull.unwrap_or_else(|| Fraction::from(Mark::Maybe))
    }
}

impl Candidates {
    fn mark(&self, mark: impl Fn(Option<filiera_model::Country>) -> Mark) -> Mark {
        match self {
            Self::Unknown => mark(None),
            Self::OneOf(set) => {
                set.iter().map(|c| mark(Some(c))).reduce(Mark::or_else).unwrap_or(Mark::Maybe)
            }
        }
    }

    /// Nothing for "any country", then each candidate.
    pub(crate) fn list(&self) -> Vec<Option<filiera_model::Country>> {
        match self {
            Self::Unknown => vec![None],
            Self::OneOf(set) => set.iter().map(Some).collect(),
        }
    }
}

impl Claim {
    fn whole(candidates: Candidates, rows: Vec<u32>) -> Self {
        Self { parts: vec![(Exact::one(), candidates)], rows }
    }
}

impl Declarations {
    pub(crate) fn new(dossier: &Dossier) -> Self {
        let rows: Vec<Declaration> = dossier.table(TableKind::Declarations).map(read).unwrap_or_default();
        let mut by_part: FxHashMap<String, OfPart> = FxHashMap::default();
        if let Some(table) = dossier.table(TableKind::Declarations) {
            for ((place, declaration), part) in rows.iter().enumerate().zip(table.texts("part")) {
                let Some(part) = part else { continue };
                match by_part.get_mut(part) {
                    Some(known) => known.add(place, declaration.lot.as_ref()),
                    None => by_part.entry(part.to_owned()).or_default().add(place, declaration.lot.as_ref()),
                }
            }
        }
        Self { rows, by_part }
    }

    /// The days from which on a paper on a part counts, or no longer does.
    pub(crate) fn changes_of(&self, part: &str) -> Vec<Day> {
        let ends = |paper: &Declaration| [paper.valid_from, paper.valid_to.map(Day::next), paper.revoked_on];
        let places = self.by_part.get(part).into_iter().flat_map(|part| &part.all);
        places.filter_map(|place| self.rows.get(*place)).flat_map(ends).flatten().collect()
    }

    /// Whether some paper on a part names a lot.
    pub(crate) fn names_lots(&self, part: &str) -> bool {
        self.by_part.get(part).is_some_and(|part| !part.by_lot.is_empty())
    }

    /// Whether a paper on a part names the lot.
    pub(crate) fn names_lot(&self, part: &str, lot: &str) -> bool {
        self.by_part.get(part).is_some_and(|part| part.by_lot.contains_key(lot))
    }

    /// The declarations of the line's part that are of another lot.
    pub(crate) fn of_other_lots(&self, line: Line<'_>) -> Vec<u32> {
        let Some((part, lot)) = self.by_part.get(line.part).zip(line.lot) else { return Vec::new() };
        let rows = part.all.iter().filter_map(|place| self.rows.get(*place));
        rows.filter(|paper| paper.lot.as_deref().is_some_and(|own| own != lot))
            .map(|paper| paper.row)
            .collect()
    }

    /// The bases of the declarations that an origin rests on.
    pub(crate) fn bases<'a>(&'a self, origin: &'a Origin) -> impl Iterator<Item = Option<&'a str>> {
        let rows = origin.claims.iter().flat_map(|claim| &claim.rows);
        rows.filter_map(|row| self.rows.get(*row as usize)).map(|declaration| declaration.basis.as_deref())
    }

    /// Whether the day decides what the papers on this origin say: one that counts, or was left
    /// unread, is dated or names a zone.
    pub(crate) fn is_dated(&self, origin: &Origin) -> bool {
        let used = origin.claims.iter().flat_map(|claim| &claim.rows);
        let rows = used.chain(origin.unread.iter().map(|(row, _)| row));
        rows.filter_map(|row| self.rows.get(*row as usize)).any(|paper| {
            let days = [paper.valid_from, paper.valid_to, paper.revoked_on];
            days.iter().any(Option::is_some) || matches!(paper.origin, Some(OriginText::Zone(_)))
        })
    }

    /// What the declarations say of `line` on the day its lot was received (or, assumed, the day
    /// of its vehicle). Zones are taken as of `zone_day`.
    pub(crate) fn origin(
        &self,
        line: Line<'_>,
        accepted: &Accepted,
        on: Days,
        zones: &Zones,
        zone_day: Days,
    ) -> Origin {
        let mut unread = Vec::new();
        let mut sure = Vec::new();
        let mut doubtful = Vec::new();
        let places = self.by_part.get(line.part).map(|part| part.of_lot(line.lot)).unwrap_or_default();
        for declaration in places.iter().filter_map(|place| self.rows.get(*place)) {
            match declaration.counts(line, accepted, on) {
                Ok(true) => sure.push(declaration),
                Ok(false) => doubtful.push(declaration),
                Err(why) => unread.push((declaration.row, why)),
            }
        }
        superseded(&mut sure, &mut unread);
        superseded_by(&sure, &mut doubtful, &mut unread);
        if line.lot.is_some() {
            overruled_by_lot(&mut sure, &mut doubtful, &mut unread);
        }
        let mut claims = claims(&sure, zones, zone_day);
        let mut maybe = self::claims(&doubtful, zones, zone_day);
        if claims.is_empty() {
            claims.push(Claim::whole(Candidates::Unknown, Vec::new()));
        }
        claims.append(&mut maybe);
        Origin { claims, unread, depends_on_day: !doubtful.is_empty() }
    }
}

fn read(table: &Table) -> Vec<Declaration> {
    let texts = |column: &str| {
        let mut texts = table.texts(column);
        move || texts.next().flatten().map(str::to_owned)
    };
    let (mut basis, mut supplier, mut lot) = (texts("basis"), texts("supplier"), texts("lot"));
    let (mut evidence, mut kind, mut document) = (texts("evidence"), texts("kind"), texts("document"));
    let row = |number: u32| {
        let row = number as usize;
        Declaration {
            row: number,
            origin: table.origin("origin", row),
            basis: basis(),
            supplier: supplier(),
            lot: lot(),
            share: table.number("share", row),
            evidence: evidence().unwrap_or_else(|| "declared".to_owned()),
            kind: kind(),
            valid_from: table.day("valid_from", row),
            valid_to: table.days("valid_to", row).last,
            signed_on: table.day("signed_on", row),
            revoked_on: table.day("revoked_on", row),
            document: document(),
        }
    };
    (0..table.len() as u32).map(row).collect()
}

impl Declaration {
    /// Whether the declaration counts for the line: surely, perhaps, or not, with the reason.
    fn counts(&self, line: Line<'_>, accepted: &Accepted, on: Days) -> Result<bool, &'static str> {
        if differs(self.supplier.as_deref(), line.supplier) {
            return Err("it is of another supplier");
        }
        if accepted.basis.as_ref().is_some_and(|bases| self.basis.as_ref().is_none_or(|b| !bases.contains(b)))
        {
            return Err("the condition does not accept its basis");
        }
        if !accepted.evidence.contains(&self.evidence) {
            return Err("the condition does not accept its class of evidence");
        }
        if self.kind.as_deref() == Some("not-certified") {
            return Err("it denies a preference and says nothing of the country");
        }
        if self.signed_on.is_some_and(|signed| signed > accepted.facts_as_of) {
            return Err("it was signed later than the facts are taken");
        }
        let end = self.revoked_on.map(Day::previous);
        let valid_to = match (self.valid_to, end) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        match holds(self.valid_from, valid_to, on) {
            Some(false) if end.is_some() && end == valid_to => Err("it was revoked by then"),
            Some(false) => Err("it is not valid on that day"),
            Some(true) => Ok(true),
            None => Ok(false),
        }
    }

    fn series(&self) -> (Option<&str>, Option<&str>, Option<&str>) {
        (self.lot.as_deref(), self.supplier.as_deref(), self.basis.as_deref())
    }

    /// What tells the papers apart whose rows share a part out: supplier and document, and whatever
    /// else one document may say several things about.
    fn paper(&self) -> impl Ord + '_ {
        let days = (self.valid_from, self.valid_to, self.signed_on, self.revoked_on);
        (self.series(), self.document.as_deref(), days)
    }

    fn candidates(&self, zones: &Zones, day: Days) -> Candidates {
        match &self.origin {
            None => Candidates::Unknown,
            Some(OriginText::OneOf(set)) => Candidates::OneOf(*set),
            Some(OriginText::Zone(zone)) => zone_members(zone, zones, day),
        }
    }
}

fn zone_members(zone: &str, zones: &Zones, day: Days) -> Candidates {
    let mut members = CountrySet::EMPTY;
    let inside = zones.changes(zone).into_iter().filter(|change| day.may_be(*change));
    for day in day.first.into_iter().chain(day.last).chain(inside) {
        members.extend(zones.members(zone, day).unwrap_or_default().iter());
    }
    if members.is_empty() { Candidates::Unknown } else { Candidates::OneOf(members) }
}

fn differs(stated: Option<&str>, line: Option<&str>) -> bool {
    stated.zip(line).is_some_and(|(stated, line)| stated != line)
}

/// Of one lot, supplier and basis only the papers signed last count; unsigned ones stay.
fn superseded(rows: &mut Vec<&Declaration>, unread: &mut Vec<(u32, &'static str)>) {
    let mut last = BTreeMap::new();
    for row in rows.iter() {
        let entry = last.entry(row.series()).or_insert(row.signed_on);
        *entry = (*entry).max(row.signed_on);
    }
    rows.retain(|row| {
        let stays = row.signed_on.is_none() || last.get(&row.series()) == Some(&row.signed_on);
        if !stays {
            unread.push((row.row, "a later paper supersedes it"));
        }
        stays
    });
}

/// A paper that may or may not be valid is superseded all the same by a later one that surely is.
fn superseded_by(sure: &[&Declaration], rows: &mut Vec<&Declaration>, unread: &mut Vec<(u32, &'static str)>) {
    rows.retain(|row| {
        let is_later = |later: &&Declaration| {
            later.series() == row.series() && row.signed_on.is_some() && later.signed_on > row.signed_on
        };
        let stays = !sure.iter().any(is_later);
        if !stays {
            unread.push((row.row, "a later paper supersedes it"));
        }
        stays
    });
}

/// A declaration for the lot beats one for the part. Of a line without a lot nobody can say whether
/// it is of that lot: there both stand.
fn overruled_by_lot<'a>(
    sure: &mut Vec<&'a Declaration>,
    doubtful: &mut Vec<&'a Declaration>,
    unread: &mut Vec<(u32, &'static str)>,
) {
    if !sure.iter().any(|row| row.lot.is_some()) {
        return;
    }
    for rows in [sure, doubtful] {
        rows.retain(|row| {
            if row.lot.is_none() {
                unread.push((row.row, "a declaration for the lot overrules it"));
            }
            row.lot.is_some()
        });
    }
}

/// Rows of one paper that state shares make one claim; every other row is its own.
fn claims(rows: &[&Declaration], zones: &Zones, day: Days) -> Vec<Claim> {
    let mut apportioned: BTreeMap<_, Claim> = BTreeMap::new();
    let mut claims: Vec<Claim> = Vec::new();
    for row in rows {
        let candidates = row.candidates(zones, day);
        match &row.share {
            Some(share) => {
                let claim =
                    apportioned.entry(row.paper()).or_insert(Claim { parts: Vec::new(), rows: Vec::new() });
                claim.parts.push((share.clone(), candidates));
                claim.rows.push(row.row);
            }
            None => {
                let same = claims.iter_mut().find(|claim| claim.parts.iter().all(|(_, c)| *c == candidates));
                match same {
                    Some(claim) => claim.rows.push(row.row),
                    None => claims.push(Claim::whole(candidates, vec![row.row])),
                }
            }
        }
    }
    claims.extend(apportioned.into_values().map(with_remainder));
    claims
}

/// What is missing to the whole is of unknown origin.
fn with_remainder(mut claim: Claim) -> Claim {
    let stated: Exact = claim.parts.iter().map(|(share, _)| share.clone()).sum();
    let rest = &Exact::one() - &stated;
    if rest.is_positive() {
        claim.parts.push((rest, Candidates::Unknown));
    }
    claim
}
