use muster_gate::Purpose;

struct Anything;

impl Purpose for Anything {
    const NAME: &'static str = "anything";
}

fn main() {}
