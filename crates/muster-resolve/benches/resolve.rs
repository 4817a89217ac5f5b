//! What resolving generated mentions costs: `cargo bench -p muster-resolve --bench resolve [MENTIONS]`.
//!
//! Everything runs on one thread, so that seconds are CPU-seconds of one core; the last line shows what a second core
//! gives. Pairs a second are those of the whole run, reading and clustering included: a lower bound of what the scoring
//! itself does. Machines are noisy: compare figures of one run only.

use std::time::Instant;

use muster_demo::{MENTIONS_HEADER, Options, Rates};
use muster_model::EntityKind;
use muster_resolve::{Level, Model, Row, Table, TableBuilder, TableResolution, resolve_table};

/// Rows, where the command names no number.
const MENTIONS: usize = 100_000;

/// Another seed than any that quality is accepted on.
const SEED: u64 = 740_190;

/// Fields of a generated mention, by the name of their column.
struct Fields<'a> {
    record: &'a csv::StringRecord,
}

impl<'a> Fields<'a> {
    fn get(&self, name: &str) -> &'a str {
        let place = MENTIONS_HEADER.iter().position(|column| *column == name).expect("a column of the header");
        self.record.get(place).unwrap_or_default()
    }

    /// A column as a list of none or one.
    fn list(&self, name: &str) -> Vec<&'a str> {
        let value = self.get(name);
        if value.is_empty() { Vec::new() } else { vec![value] }
    }
}

/// The mentions as CSV.
fn generated(mentions: usize) -> Vec<u8> {
    let options = Options { mentions, seed: SEED, rates: Rates::default() };
    let mut text = Vec::new();
    muster_demo::generate(&options, &mut text, &mut std::io::sink()).expect("memory takes all bytes");
    text
}

/// The mentions in columns; instants are left out, as reading them is the binary's.
fn table(text: &[u8]) -> Table {
    let mut table = TableBuilder::new(Vec::new());
    for record in csv::Reader::from_reader(text).records() {
        let record = record.expect("the CSV was written above");
        let fields = Fields { record: &record };
        let (emails, phones, profile_urls) = (fields.list("email"), fields.list("phone"), fields.list("profile_url"));
        let row = Row {
            mention_id: fields.get("mention_id"),
            full_name: fields.get("full_name"),
            given_name: fields.get("first_name"),
            family_name: fields.get("last_name"),
            job_title: fields.get("job_title"),
            company: fields.get("company_name"),
            company_domain: fields.get("company_domain"),
            street: fields.get("street"),
            city: fields.get("city"),
            postcode: fields.get("postcode"),
            country: fields.get("country"),
            source_url: fields.get("source_url"),
            emails: &emails,
            phones: &phones,
            profile_urls: &profile_urls,
            ..Row::new(EntityKind::Person)
        };
        table.push(&row).expect("ids are numbered");
    }
    table.finish()
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let begin = Instant::now();
    let result = work();
    (result, begin.elapsed().as_secs_f64())
}

/// The most memory that this process has held, in MiB, where Linux tells it.
fn peak_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()? / 1024)
}

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a machine starts two threads");
    pool.install(work)
}

#[expect(clippy::cast_precision_loss, reason = "a benchmark counts far below 2^53")]
fn a_second(count: u64, seconds: f64) -> f64 {
    count as f64 / seconds
}

#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
fn say(line: &str) {
    println!("{line}");
}

fn report(name: &str, table: &Table, level: Level, threads: usize) {
    let resolved = || resolve_table(table, &[], &Model::shipped(), level);
    let (resolution, seconds): (TableResolution, f64) = timed(|| on_threads(threads, resolved));
    let (pairs, rows) = (resolution.report.candidate_pair_count, table.len() as u64);
    say(&format!(
        "{name:<22} {seconds:>7.2} s  {:>9.0} mentions/s  {pairs:>10} pairs  {:>10.0} pairs/s  peak {} MiB",
        a_second(rows, seconds),
        a_second(pairs, seconds),
        peak_mib().map_or_else(|| "?".to_owned(), |mib| mib.to_string()),
    ));
}

fn main() {
    // Cargo hands `--bench` over; a number is ours.
    let mentions = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(MENTIONS);
    let (text, seconds) = timed(|| generated(mentions));
    say(&format!("{:<22} {seconds:>7.2} s  {:>9} bytes", "generate", text.len()));
    let (table, seconds) = timed(|| on_threads(1, || table(&text)));
    say(&format!(
        "{:<22} {seconds:>7.2} s  {:>9.0} mentions/s",
        "rows into columns",
        a_second(mentions as u64, seconds)
    ));
    drop(text);
    report("people", &table, Level::Person, 1);
    report("companies", &table, Level::Company, 1);
    report("groups", &table, Level::Group, 1);
    report("people, two threads", &table, Level::Person, 2);
}
