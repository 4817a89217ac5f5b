use muster_gate::{Cleared, Release};

fn twice(row: Cleared<String, Release>) -> (Cleared<String, Release>, Cleared<String, Release>) {
    (Clone::clone(&row), row)
}

fn main() {}
