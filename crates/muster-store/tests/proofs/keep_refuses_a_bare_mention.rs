use muster_model::Mention;
use muster_store::{Admitted, Store};

fn main() {}

pub fn cheat(store: &mut Store, mentions: Vec<Mention>, terms: &Admitted) {
    store.keep(mentions, terms, None).ok();
}
