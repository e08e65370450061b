//! What tender formats have in common: lots and their award criteria, offers, what they consist of, and
//! the parties behind them, as rows of the canonical tables.

use std::collections::BTreeMap;

use filiera_tables::TableKind;

use crate::gather::{Cells, Gather, Spot, put};

/// One criterion by which a lot is awarded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Criterion {
    pub(crate) tender: String,
    pub(crate) lot: Option<String>,
    pub(crate) name: String,
    /// `price`, `cost` or `quality`.
    pub(crate) kind: Option<String>,
    pub(crate) weight: Option<String>,
    /// What the number means, as the format says it: an exact percentage, a fixed total, a threshold.
    pub(crate) weight_kind: Option<String>,
    /// How scores are computed, in the buyer's words.
    pub(crate) formula: Option<String>,
    /// The product code of the lot.
    pub(crate) cpv: Option<String>,
}

impl Criterion {
    pub(crate) fn row(&self, spot: &Spot, gather: &mut Gather<'_>) {
        let mut cells = Cells::new();
        put(&mut cells, "tender", Some(self.tender.as_str()));
        put(&mut cells, "lot", self.lot.as_deref());
        put(&mut cells, "criterion", Some(self.name.as_str()));
        put(&mut cells, "type", self.kind.as_deref());
        put(&mut cells, "weight", self.weight.as_deref());
        put(&mut cells, "weight_kind", self.weight_kind.as_deref());
        put(&mut cells, "formula", self.formula.as_deref());
        put(&mut cells, "cpv", self.cpv.as_deref());
        gather.row_once(TableKind::Criteria, spot, cells);
    }
}

/// One offer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Offer {
    pub(crate) id: String,
    pub(crate) tender: String,
    /// The lots it is for; the table has room for one only.
    pub(crate) lots: Vec<String>,
    /// Who offers: several do so together.
    pub(crate) bidders: Vec<String>,
    pub(crate) price: Option<String>,
    pub(crate) currency: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) rank: Option<String>,
    pub(crate) awarded: Option<bool>,
    /// Where what is offered comes from, as far as the offer says so for the whole of it.
    pub(crate) origins: Vec<String>,
}

impl Offer {
    pub(crate) fn row(&self, spot: &Spot, gather: &mut Gather<'_>) {
        let mut cells = Cells::new();
        put(&mut cells, "tender", Some(self.tender.as_str()));
        put(&mut cells, "offer", Some(self.id.as_str()));
        if let [only] = self.lots.as_slice() {
            put(&mut cells, "lot", Some(only.as_str()));
        } else if !self.lots.is_empty() {
            gather.note(spot, "offer for several lots, its price is theirs together", &self.id);
            put(&mut cells, "lots", Some(self.lots.join(" ")));
        }
        put(&mut cells, "bidder", self.bidder(spot, gather));
        put(&mut cells, "price", self.price.as_deref());
        put(&mut cells, "currency", self.currency.as_deref());
        put(&mut cells, "status", self.status.as_deref());
        put(&mut cells, "rank", self.rank.as_deref());
        put(&mut cells, "awarded", self.awarded.map(|awarded| awarded.to_string()));
        gather.row(TableKind::Offers, spot, cells);
    }

    /// The bidder; several become a party of its own whose members act together.
    fn bidder(&self, spot: &Spot, gather: &mut Gather<'_>) -> Option<String> {
        let [_, _, ..] = self.bidders.as_slice() else { return self.bidders.first().cloned() };
        let together = format!("{}/bidders", self.id);
        let mut cells = Cells::new();
        put(&mut cells, "company", Some(together.as_str()));
        put(&mut cells, "name", Some(self.bidders.join(" + ")));
        put(&mut cells, "type", Some("consortium"));
        gather.row_once(TableKind::Companies, spot, cells);
        for member in &self.bidders {
            let mut cells = Cells::new();
            put(&mut cells, "member", Some(member.as_str()));
            put(&mut cells, "agreement", Some(together.as_str()));
            gather.row_once(TableKind::Agreements, spot, cells);
        }
        Some(together)
    }

    /// The one country that all of the offer comes from.
    pub(crate) fn origin(&self) -> Option<&str> {
        self.origins.first().map(String::as_str).filter(|_| self.origins.len() == 1)
    }

    /// All countries, where there are several and nothing says which part comes from which.
    pub(crate) fn mixed_origins(&self) -> Option<String> {
        (self.origins.len() > 1).then(|| self.origins.join(" "))
    }
}

/// One thing an offer consists of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Item<'o> {
    pub(crate) id: &'o str,
    pub(crate) category: Option<&'o str>,
    pub(crate) component: Option<&'o str>,
    pub(crate) value: Option<String>,
    pub(crate) currency: Option<&'o str>,
}

impl Item<'_> {
    pub(crate) fn row(&self, offer: &Offer, spot: &Spot, gather: &mut Gather<'_>) {
        let mut cells = Cells::new();
        put(&mut cells, "offer", Some(offer.id.as_str()));
        put(&mut cells, "item", Some(self.id));
        put(&mut cells, "category", self.category);
        put(&mut cells, "component", self.component);
        put(&mut cells, "country", offer.origin());
        put(&mut cells, "countries", offer.mixed_origins());
        put(&mut cells, "value", self.value.as_deref());
        put(&mut cells, "currency", self.currency);
        gather.row(TableKind::OfferItems, spot, cells);
    }
}

/// A company or person behind an offer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Party {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) country: Option<String>,
    pub(crate) identifiers: Vec<String>,
    pub(crate) kind: Option<String>,
    pub(crate) listed: Option<bool>,
    /// A number in a register that is not named: nobody is merged by it.
    pub(crate) number: Option<String>,
}

impl Party {
    pub(crate) fn rows(&self, spot: &Spot, gather: &mut Gather<'_>) {
        let mut cells = Cells::new();
        put(&mut cells, "company", Some(self.id.as_str()));
        put(&mut cells, "name", self.name.as_deref());
        put(&mut cells, "country", self.country.as_deref());
        put(&mut cells, "identifier", self.identifiers.first().map(String::as_str));
        let is_person = self.kind.as_deref() == Some("person");
        put(&mut cells, "person", is_person.then_some("true"));
        put(&mut cells, "type", self.kind.as_deref());
        put(&mut cells, "listed", self.listed.map(|listed| listed.to_string()));
        put(&mut cells, "number", self.number.as_deref());
        gather.row_once(TableKind::Companies, spot, cells);
        for identifier in self.identifiers.iter().skip(1) {
            let mut cells = Cells::new();
            put(&mut cells, "company", Some(self.id.as_str()));
            put(&mut cells, "identifier", Some(identifier.as_str()));
            gather.row_once(TableKind::Companies, spot, cells);
        }
    }
}

/// A share or a role that somebody has in a party.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interest<'i> {
    pub(crate) owner: &'i str,
    pub(crate) company: &'i str,
    pub(crate) kind: &'static str,
    pub(crate) share: Option<String>,
    pub(crate) direct: Option<bool>,
    pub(crate) document: &'i str,
    pub(crate) interest: &'static str,
}

impl Interest<'_> {
    pub(crate) fn row(&self, spot: &Spot, gather: &mut Gather<'_>) {
        let mut cells = Cells::new();
        put(&mut cells, "owner", Some(self.owner));
        put(&mut cells, "company", Some(self.company));
        put(&mut cells, "kind", Some(self.kind));
        put(&mut cells, "share", self.share.as_deref());
        put(&mut cells, "direct", self.direct.map(|direct| direct.to_string()));
        put(&mut cells, "document", Some(self.document));
        put(&mut cells, "interest", Some(self.interest));
        gather.row_once(TableKind::Interests, spot, cells);
    }
}

/// The latest of things that are stated again and again, in the order in which they were first stated.
#[derive(Debug)]
pub(crate) struct Latest<T> {
    places: BTreeMap<String, usize>,
    list: Vec<T>,
}

impl<T> Default for Latest<T> {
    fn default() -> Self {
        Self { places: BTreeMap::new(), list: Vec::new() }
    }
}

impl<T> Latest<T> {
    /// Replaces what was stated under this name.
    pub(crate) fn set(&mut self, name: &str, value: T) {
        match self.places.get(name).and_then(|place| self.list.get_mut(*place)) {
            Some(known) => *known = value,
            None => {
                self.places.insert(name.to_owned(), self.list.len());
                self.list.push(value);
            }
        }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.list.iter()
    }
}
