use std::marker::PhantomData;

use muster_gate::{Cleared, Release};

fn main() {
    let _forged: Cleared<&str, Release> = Cleared { value: "anybody", purpose: PhantomData };
}
