use muster_gate::{Cleared, Release};

fn store<T: serde::Serialize>(_value: T) {}
fn load<'a, T: serde::Deserialize<'a>>() {}

fn later(row: Cleared<String, Release>) {
    store(row);
    load::<Cleared<String, Release>>();
}

fn main() {}
