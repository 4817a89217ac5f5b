//! Writes `mentions.csv` and `truth.csv` of a generated world to a folder.
//!
//! `generate --mentions N --seed S --profile NAME --output DIR [--set RATE=VALUE]...`

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use muster_demo::{Options, Rates, generate};

fn main() -> Result<(), Box<dyn Error>> {
    let mut options = Options { mentions: 1_000, seed: 1, rates: Rates::default() };
    let mut output = PathBuf::from(".");
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or("a name without a value")?;
        match name.as_str() {
            "--mentions" => options.mentions = value.parse()?,
            "--seed" => options.seed = value.parse()?,
            "--profile" => options.rates = Rates::profile(&value)?,
            "--output" => output = PathBuf::from(value),
            "--set" => {
                let (rate, number) = value.split_once('=').ok_or("not RATE=VALUE")?;
                options.rates.set(rate, number.parse()?)?;
            }
            other => return Err(format!("unknown argument `{other}`").into()),
        }
    }
    std::fs::create_dir_all(&output)?;
    let mut mentions = BufWriter::new(File::create(output.join("mentions.csv"))?);
    let mut truth = BufWriter::new(File::create(output.join("truth.csv"))?);
    let summary = generate(&options, &mut mentions, &mut truth)?;
    for line in summary.lines() {
        writeln!(std::io::stdout(), "{line}")?;
    }
    Ok(())
}
