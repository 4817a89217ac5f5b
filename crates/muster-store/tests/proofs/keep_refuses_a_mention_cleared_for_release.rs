use muster_gate::{Cleared, Release};
use muster_model::Mention;
use muster_store::{Admitted, Store};

fn main() {}

pub fn cheat(store: &mut Store, mentions: Vec<Cleared<Mention, Release>>, terms: &Admitted) {
    store.keep(mentions, terms, None).ok();
}
