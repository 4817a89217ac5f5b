use muster_gate::{Cleared, Contact, ReleasedRow};
use muster_model::{ExportMode, Field};
use muster_store::export::{ExportFormat, write_rows};

fn main() {}

pub fn cheat(rows: &[Cleared<ReleasedRow, Contact>]) {
    write_rows(rows, &[], &[Field::Name], ExportFormat::Csv, ExportMode::Full).ok();
}
