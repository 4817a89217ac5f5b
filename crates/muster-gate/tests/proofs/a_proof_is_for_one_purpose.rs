use muster_gate::{Cleared, Contact, Intake, Merge, Release};

fn disclose(_row: Cleared<String, Release>) {}
fn keep(_mention: Cleared<String, Intake>) {}
fn send(_notice: Cleared<String, Contact>) {}
fn merge(_master: Cleared<String, Merge>) {}

fn swap(intake: Cleared<String, Intake>, release: Cleared<String, Release>, contact: Cleared<String, Contact>) {
    disclose(intake);
    keep(release);
    merge(contact);
}

fn also(merged: Cleared<String, Merge>) {
    send(merged);
}

fn main() {}
