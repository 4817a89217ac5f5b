//! tmp
use std::time::Instant;
use muster_mail::{InboxHints, classify};
fn main() {
    let mut raws = Vec::new();
    for path in std::env::args().skip(1) {
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let v: serde_json::Value = serde_json::from_str(line).unwrap();
            if let Some(raw) = v["raw"].as_str() { raws.push(raw.as_bytes().to_vec()); }
        }
    }
    let t = Instant::now();
    classify(&raws[0], &InboxHints::default());
    println!("first {:?}", t.elapsed());
    for _ in 0..3 {
    let t = Instant::now();
    for raw in &raws { classify(raw, &InboxHints::default()); }
    println!("{} mails {:?} each", raws.len(), t.elapsed() / raws.len() as u32);
    }
}
