use muster_gate::ReleasedRow;
use muster_model::{ExportMode, Field};
use muster_store::export::{ExportFormat, write_rows};

fn main() {}

pub fn cheat(rows: &[ReleasedRow]) {
    write_rows(rows, &[], &[Field::Name], ExportFormat::Csv, ExportMode::Full).ok();
}
