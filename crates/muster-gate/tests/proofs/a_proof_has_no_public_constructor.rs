use muster_gate::{Cleared, Contact, Intake, Merge, Release};

fn main() {
    let _intake: Cleared<&str, Intake> = Cleared::new("anybody");
    let _merge: Cleared<&str, Merge> = Cleared::new("anybody");
    let _contact: Cleared<&str, Contact> = Cleared::new("anybody");
    let _release: Cleared<&str, Release> = Cleared::new("anybody");
}
