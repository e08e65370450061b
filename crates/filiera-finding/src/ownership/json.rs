use filiera_model::{Bounds, Country, Mark};
use serde_json::{Map, Value, json};

use super::{
    ChainShown, CompanyOwned, Deciding, DecidingFact, HolderKind, HolderShown, LinkShown, Ownership,
    PartyShown, StakeSource,
};
use crate::finding::{decimal_down, decimal_up, fraction};

impl Ownership {
    /// The objects `filiera.holding/1` of one company, in the order of its holders.
    pub fn holdings_json<'a>(&'a self, company: &'a CompanyOwned) -> impl Iterator<Item = Value> + 'a {
        company.holders.iter().map(|holder| self.holding(company, holder))
    }

    /// One object `filiera.holding/1`.
    fn holding(&self, owned: &CompanyOwned, holder: &HolderShown) -> Value {
        let mut object = Map::new();
        let mut put = |key: &str, value: Value| {
            object.insert(key.to_owned(), value);
        };
        put("schema", json!("filiera.holding/1"));
        put("owner", json!(holder.holder.id()));
        put("company", json!(owned.company.id));
        put("holder", json!(holder.holder.name()));
        let owner = holder.holder.party();
        put("owner_name", json!(owner.and_then(|party| party.name.as_deref())));
        put("owner_country", json!(owner.and_then(|party| code(party.country))));
        put("owner_unnamed", json!(owner.and_then(|party| party.unnamed.as_deref())));
        put("company_name", json!(owned.company.name));
        put("company_country", json!(code(owned.company.country)));
        if let HolderKind::Loop(members) = &holder.holder {
            put("members", ids(members));
        }
        put_bounds(&mut put, "", &holder.share);
        put("bounds", json!(holder.share.quality.name()));
        put_bounds(&mut put, "votes_", &holder.votes);
        put("direct", json!(holder.is_direct));
        put("ultimate", json!(holder.is_end));
        put("controls", json!(mark(holder.controls)));
        put("by", json!(holder.by));
        put("with", ids(&holder.with));
        if let Some(together) = &holder.together {
            put_bounds(&mut put, "together_", together);
        }
        put("through", ids(&holder.through));
        put("ultimate_controller", json!(mark(holder.ultimate_controller)));
        put("decides", holder.decides.iter().map(Deciding::to_json).collect());
        let greatest = holder.chains.first().map(|chain| chain.links.as_slice()).unwrap_or_default();
        put("chain", greatest.iter().map(LinkShown::to_json).collect());
        put("chains", holder.chains.iter().map(ChainShown::to_json).collect());
        put("more_chains", json!(holder.more_chains));
        put("end", json!(owned.end.state.name()));
        put("remarks", json!(owned.remarks));
        put("conflicts", json!(owned.conflicts));
        put("on", json!(self.on.to_string()));
        put("evidence_hash", json!(self.evidence_hash));
        Value::Object(object)
    }
}

impl ChainShown {
    fn to_json(&self) -> Value {
        let product = self.product.as_ref();
        json!({
            "parties": self.parties().map(|party| party.id.as_str()).collect::<Vec<_>>(),
            "lower_fraction": product.and_then(|bounds| fraction(&bounds.lower)),
            "upper_fraction": product.and_then(|bounds| fraction(&bounds.upper)),
            "loops": self.loops.as_ref().map(filiera_model::Exact::to_fraction),
            "links": self.links.iter().map(LinkShown::to_json).collect::<Vec<_>>(),
        })
    }
}

impl LinkShown {
    fn to_json(&self) -> Value {
        let mut object = Map::new();
        let mut put = |key: &str, value: Value| {
            object.insert(key.to_owned(), value);
        };
        put("owner", json!(self.owner.id));
        put("company", json!(self.company.id));
        put("kind", json!(self.kind));
        put_bounds(&mut put, "", &self.share);
        put("indirect", json!(self.is_indirect));
        put("sources", self.sources.iter().map(StakeSource::to_json).collect());
        Value::Object(object)
    }
}

impl StakeSource {
    fn to_json(&self) -> Value {
        json!({"place": self.place, "document": self.document})
    }
}

impl Deciding {
    /// The fact with its stable kind: `share`, `complete`, `seat`, `board` or `holders`.
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        let mut put = |key: &str, value: Value| {
            object.insert(key.to_owned(), value);
        };
        put("party", json!(self.party.id));
        put("becomes", json!(mark(self.becomes)));
        match &self.fact {
            DecidingFact::Share { owner, company, known, settles, sources } => {
                put("fact", json!("share"));
                put("owner", json!(owner.id));
                put("company", json!(company.id));
                put_bounds(&mut put, "known_", known);
                put_bounds(&mut put, "settles_", settles);
                put("sources", sources.iter().map(StakeSource::to_json).collect());
            }
            DecidingFact::Complete { company } => {
                put("fact", json!("complete"));
                put("company", json!(company.id));
            }
            DecidingFact::Seat { company, seat } => {
                put("fact", json!("seat"));
                put("company", json!(company.id));
                put("seat", json!(seat));
            }
            DecidingFact::Board { company } => {
                put("fact", json!("board"));
                put("company", json!(company.id));
            }
            DecidingFact::Holders { party } => {
                put("fact", json!("holders"));
                put("company", json!(party.id));
            }
        }
        Value::Object(object)
    }
}

/// `yes`, `no` or `undetermined`.
fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::Yes => "yes",
        Mark::No => "no",
        Mark::Maybe => "undetermined",
    }
}

fn code(country: Option<Country>) -> Option<String> {
    country.map(|country| country.alpha2().to_owned())
}

fn ids(parties: &[PartyShown]) -> Value {
    parties.iter().map(|party| party.id.as_str()).collect()
}

fn put_bounds(put: &mut impl FnMut(&str, Value), prefix: &str, bounds: &Bounds) {
    put(&format!("{prefix}lower"), json!(decimal_down(&bounds.lower)));
    put(&format!("{prefix}upper"), json!(decimal_up(&bounds.upper)));
    put(&format!("{prefix}lower_fraction"), json!(fraction(&bounds.lower)));
    put(&format!("{prefix}upper_fraction"), json!(fraction(&bounds.upper)));
    put(&format!("{prefix}lower_open"), json!(bounds.lower.open));
    put(&format!("{prefix}upper_open"), json!(bounds.upper.open));
}
