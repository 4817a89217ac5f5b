use muster_gate::{Cleared, Intake};
use muster_model::Master;
use muster_store::Store;

fn main() {}

pub fn cheat(store: &mut Store, masters: Vec<Cleared<Master, Intake>>) {
    store.write_master(masters).ok();
}
