//! What a sentence is about when no list of words knows it: a small classifier, trained on labelled sentences.
//!
//! It decides absence by elimination and nothing else. A complete notice explains each item somewhere, so an item that
//! no rule finds is missing only where no sentence is left over that could be it. The labelled sentences are data, a
//! file for each language; the weights follow from them at first use, by additions and multiplications in a fixed
//! order.
//!
//! Invariant: the same sentences give the same weights, and what a sentence could be is never a defect.

use std::sync::LazyLock;

use super::citation::{cites, letters};
use super::evidence::names_authority;
use super::fold::fold;
use super::reading::{MAIL_WORD, Paragraph, Reading, Sentence, URL_WORD, split_sentences, without};
use super::said::{concrete, has_address, has_legal_form, has_name};
use super::words::{Matcher, Words};

/// What a sentence can be about: the items, then (`N`, `V`, `R`) what denies an item, states it in words that say
/// nothing, or introduces a list of rights.
const TOPICS: [&str; 41] = [
    "A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A09", "A10", "A11", "A12", "A13", "A14", "A15", "A16",
    "A17", "A18", "A19", "A20", "A21", "A22", "B02", "B03", "B04", "B05", "N04", "N08", "N09", "N22", "R", "V05",
    "V06", "V07", "V08", "V10", "V11", "V12", "V20", "V21", "V22",
];
/// Topics, as many as a row of weights has.
const WIDTH: usize = TOPICS.len();
/// Rounds over the labelled sentences.
const ROUNDS: u8 = 8;
/// Largest step towards a label, and away from one: labels are rare.
const STEP_TO: f32 = 1.0;
const STEP_FROM: f32 = 0.3;
/// Score from which a sentence may be an item, whatever else it is.
const SURE: f32 = 0.2;
/// Score from which it may be one where no other topic has a higher one.
const LIKELY: f32 = -0.3;
/// Fewest words of a sentence that could be an item; what is shorter is a title, a value or a greeting.
const SENTENCE_WORDS_MIN: usize = 5;
/// The share of a heading's score that its sentences take over.
const HEADING_SHARE: f32 = 0.4;

static ALL: LazyLock<Vec<(&'static str, LazyLock<Topics>)>> = LazyLock::new(|| {
    vec![
        ("de", LazyLock::new(|| Topics::train("de", include_str!("topics/de.txt"), ""))),
        ("en", LazyLock::new(|| Topics::train("en", include_str!("topics/en.txt"), ""))),
        ("es", LazyLock::new(|| Topics::train("es", include_str!("topics/es.txt"), ""))),
        ("fr", LazyLock::new(|| Topics::train("fr", include_str!("topics/fr.txt"), ""))),
        ("it", LazyLock::new(|| Topics::train("it", include_str!("topics/it.txt"), ""))),
        ("nl", LazyLock::new(|| Topics::train("nl", include_str!("topics/nl.txt"), ""))),
        ("pl", LazyLock::new(|| Topics::train("pl", include_str!("topics/pl.txt"), ""))),
    ]
});

/// The weights of one language.
#[derive(Debug)]
pub(super) struct Topics {
    /// Hashes of the features, sorted; the place of a hash is the row of its weights.
    features: Vec<u32>,
    weights: Vec<[f32; WIDTH]>,
}

/// A labelled sentence.
struct Sample {
    rows: Vec<u32>,
    labels: [bool; WIDTH],
}

impl Topics {
    /// Learns from labelled sentences, other than those of one author.
    pub(super) fn train(lang: &str, text: &str, left_out: &str) -> Self {
        let words = Words::of(lang).expect("every language has words, and a test reads each file");
        let mut samples = Vec::new();
        let mut author = "";
        for line in text.lines() {
            if let Some(name) = line.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
                author = name;
                continue;
            }
            if !author.is_empty() && author == left_out {
                continue;
            }
            let Some((labels, sentence)) = line.split_once('|') else { continue };
            let heads = labels.starts_with("H ");
            let marks = TOPICS.map(|topic| labels.split(' ').any(|label| label == topic));
            if heads {
                samples.push(Sample { rows: heading_features(&fold(&without(sentence, &[]))), labels: marks });
                continue;
            }
            for piece in split_sentences(sentence) {
                let low = fold(&without(&piece, &[]));
                samples.push(Sample { rows: features(&piece, &low, words), labels: marks });
            }
        }
        Self::learn(samples)
    }

    fn learn(mut samples: Vec<Sample>) -> Self {
        let mut known: Vec<u32> = samples.iter().flat_map(|sample| &sample.rows).copied().collect();
        known.sort_unstable();
        known.dedup();
        for sample in &mut samples {
            for hash in &mut sample.rows {
                let row = known.binary_search(hash).unwrap_or_default();
                *hash = u32::try_from(row).unwrap_or_default();
            }
        }
        let mut weights = vec![[0.0_f32; WIDTH]; known.len()];
        let mut sums = weights.clone();
        for round in 0..ROUNDS {
            // A stride that shares no factor with the count visits each sample once, neighbours far apart.
            let stride =
                (samples.len() * 5 / 8..=samples.len()).find(|&stride| coprime(stride, samples.len())).unwrap_or(1);
            let mut at = usize::from(round);
            for _ in 0..samples.len() {
                at = (at + stride) % samples.len();
                if let Some(sample) = samples.get(at) {
                    step(&mut weights, sample);
                }
            }
            for (sum, row) in sums.iter_mut().zip(&weights) {
                sum.iter_mut().zip(row).for_each(|(sum, weight)| *sum += weight);
            }
        }
        Self { features: known, weights: sums }
    }

    /// Returns whether a text may be about a topic, under a heading of these scores.
    fn could_be(&self, topic: usize, raw: &str, words: &Words, above: &[f32; WIDTH]) -> bool {
        let low = fold(&without(raw, &[]));
        let mut scores = self.score(&features(raw, &low, words));
        for (score, above) in scores.iter_mut().zip(above) {
            *score += above.clamp(-0.5, 1.0) * HEADING_SHARE;
        }
        let mine = scores.get(topic).copied().unwrap_or_default();
        let best = scores.iter().copied().fold(f32::MIN, f32::max);
        // A part of a sentence has few words to go by.
        let least = if raw.split(' ').count() < SENTENCE_WORDS_MIN { 0.0 } else { LIKELY };
        mine >= SURE || mine >= least && mine >= best
    }

    /// Scores features; above zero where the topic is likely.
    fn score(&self, hashes: &[u32]) -> [f32; WIDTH] {
        let mut scores = [0.0; WIDTH];
        let rows: Vec<&[f32; WIDTH]> = hashes
            .iter()
            .filter_map(|hash| self.features.binary_search(hash).ok())
            .filter_map(|row| self.weights.get(row))
            .collect();
        let scale = 1.0 / (length(hashes.len()) * f32::from(ROUNDS));
        for row in rows {
            scores.iter_mut().zip(row).for_each(|(score, weight)| *score += weight * scale);
        }
        scores
    }
}

/// The square root of a count, which is correctly rounded everywhere.
fn length(count: usize) -> f32 {
    f32::from(u16::try_from(count.max(1)).unwrap_or(u16::MAX)).sqrt()
}

fn coprime(mut a: usize, mut b: usize) -> bool {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a == 1
}

/// Moves the weights so that a sample gets its labels, no further than needed.
fn step(weights: &mut [[f32; WIDTH]], sample: &Sample) {
    let scale = 1.0 / length(sample.rows.len());
    let mut scores = [0.0; WIDTH];
    for row in sample.rows.iter().filter_map(|&row| weights.get(row as usize)) {
        scores.iter_mut().zip(row).for_each(|(score, weight)| *score += weight * scale);
    }
    let mut steps = [0.0_f32; WIDTH];
    for ((step, score), label) in steps.iter_mut().zip(scores).zip(sample.labels) {
        *step = if label { (1.0 - score).clamp(0.0, STEP_TO) } else { -(1.0 + score).clamp(0.0, STEP_FROM) };
    }
    for &row in &sample.rows {
        if let Some(row) = weights.get_mut(row as usize) {
            row.iter_mut().zip(steps).for_each(|(weight, step)| *weight += step * scale);
        }
    }
}

fn hash(kind: u8, text: &str) -> u32 {
    // FNV-1a: short, and the same on every machine.
    std::iter::once(kind)
        .chain(text.bytes())
        .fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

fn tokens(low: &str) -> impl Iterator<Item = String> {
    low.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| if word.bytes().all(|byte| byte.is_ascii_digit()) { "0".to_owned() } else { word.to_owned() })
}

fn stem(word: &str, letters: usize) -> &str {
    word.get(..letters).unwrap_or(word)
}

fn heading_features(low: &str) -> Vec<u32> {
    let mut rows = Vec::new();
    for word in tokens(low) {
        rows.push(hash(b'H', stem(&word, 6)));
        let padded = format!("{word}_");
        rows.extend((0..padded.len()).filter_map(|at| padded.get(at..at + 4)).map(|gram| hash(b'h', gram)));
    }
    rows.sort_unstable();
    rows.dedup();
    rows
}

fn features(raw: &str, low: &str, words: &Words) -> Vec<u32> {
    let mut rows = Vec::new();
    let mut before = "^".to_owned();
    for word in tokens(low) {
        rows.push(hash(b'w', &word));
        rows.push(hash(b's', stem(&word, 5)));
        rows.push(hash(b'b', &format!("{} {}", stem(&before, 4), stem(&word, 4))));
        let padded = format!("_{word}_");
        rows.extend((0..padded.len()).filter_map(|at| padded.get(at..at + 4)).map(|gram| hash(b'g', gram)));
        before = word;
    }
    rows.extend(evidence(raw, low, words));
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// The lists whose words are evidence.
fn lists(words: &Words) -> [&Matcher; 50] {
    [
        &words.controller,
        &words.we_are,
        &words.dpo,
        &words.purpose_heading,
        &words.consent_word,
        &words.purpose,
        &words.offering,
        &words.aim,
        &words.vague_purpose,
        &words.legitimate_interest,
        &words.interest_word,
        &words.categories,
        &words.hold,
        &words.recipients,
        &words.passing,
        &words.recipient_kinds,
        &words.vague_recipients,
        &words.no_transfer,
        &words.adequacy,
        &words.safeguards,
        &words.copy,
        &words.keeping,
        &words.criterion,
        &words.lapse,
        &words.entry_word,
        &words.endless,
        &words.open_ended,
        &words.rights,
        &words.may,
        &words.access,
        &words.rectification,
        &words.erasure,
        &words.restriction,
        &words.object,
        &words.portability,
        &words.complain,
        &words.authority,
        &words.source,
        &words.registers,
        &words.public,
        &words.automated,
        &words.by_machine,
        &words.automated_logic,
        &words.marketing,
        &words.free,
        &words.way,
        &words.one_month,
        &words.collected,
        &words.reference,
        &words.negation,
    ]
}

/// Features that need no words of the sentence's own: pages, periods, articles, companies, and what the lists know.
fn evidence(raw: &str, low: &str, words: &Words) -> Vec<u32> {
    let mut marks: Vec<String> =
        lists(words).iter().enumerate().filter(|(_, list)| list.is(low)).map(|(at, _)| format!("list {at}")).collect();
    let capitals = raw.split(' ').skip(1).filter(|word| word.starts_with(char::is_uppercase)).count();
    let fields = words.fields_in(low);
    let told = [
        ("url", low.contains(URL_WORD)),
        ("mail", low.contains(MAIL_WORD)),
        ("period", words.period.is(low)),
        ("form", has_legal_form(raw)),
        ("address", has_address(raw)),
        ("authority", names_authority(raw)),
        ("basis", !letters(low).is_empty()),
        ("question", low.ends_with('?')),
        ("digits", raw.contains(|c: char| c.is_ascii_digit())),
        ("capitals", capitals * 3 > raw.split(' ').count()),
        ("fields 1", fields == 1),
        ("fields 2", fields >= 2),
        ("fields 3", fields >= 3),
    ];
    marks.extend(told.iter().filter(|(_, holds)| *holds).map(|(mark, _)| (*mark).to_owned()));
    marks.extend((13..=22).filter(|&article| cites(low, article)).map(|article| format!("article {article}")));
    // Each mark twice: evidence weighs more than a word.
    marks.iter().flat_map(|mark| [hash(b'e', mark), hash(b'E', mark)]).collect()
}

/// Returns whether a sentence is left over that could be what an item asks for, in words that no list knows.
pub(super) fn may_be_said(reading: &Reading, item: &str) -> bool {
    let Some(topic) = TOPICS.iter().position(|topic| *topic == item) else { return false };
    let long = |low: &str| low.split(' ').count() > SENTENCE_WORDS_MIN;
    reading.paragraphs.iter().filter(|p| !p.is_heading || long(&p.low)).any(|p| {
        let lang = p.words.lang;
        let Some((_, topics)) = ALL.iter().find(|(code, _)| *code == lang) else { return false };
        let above = topics.score(&heading_features(&p.heading));
        let told = p.sentences.iter().filter(|s| (s.low != p.heading || long(&s.low)) && !s.low.ends_with('?'));
        told.filter(|s| has_what_it_takes(p, s, item)).any(|s| {
            if RIGHTS.contains(&item) {
                clauses(s).any(|clause| topics.could_be(topic, &clause, s.words, &above))
            } else {
                topics.could_be(topic, &s.raw, s.words, &above)
            }
        })
    })
}

/// The items that a part of a sentence may say.
const RIGHTS: [&str; 6] = ["A13", "A14", "A15", "A16", "A17", "A18"];

/// Whether a sentence has what an item cannot be without: its length, a name, an end.
fn has_what_it_takes(p: &Paragraph, s: &Sentence, item: &str) -> bool {
    let (words, low) = (s.words, s.low.as_str());
    let long = low.split(' ').count() >= SENTENCE_WORDS_MIN;
    let marketing = words.marketing.is(&p.whole());
    // A right that is granted stands with others, or under their heading.
    let on_rights = words.other_right.is(&p.low) || p.heading_words.rights.is(&p.heading) && !p.is_heading;
    let named = || low.contains(URL_WORD) || has_name(&s.own, words);
    match item {
        "A13" | "A14" | "A16" | "A18" => on_rights,
        // The block on direct marketing stands in for no other right, and no other right for it.
        "A17" => on_rights && !words.period.is(low) && (!marketing || words.any_processing.is(low)),
        "B02" => {
            long && marketing
                && (!p.is_heading || low.contains(':'))
                && words.object.is(low)
                && !words.other_right.is(low)
        }
        // Storage that ends by deletion grants nothing.
        "A15" => on_rights && !words.period.is(low) && !words.keeping_heading.is(&s.label),
        "A12" => long && concrete(words, low),
        "A20" => long && (named() || names_authority(&s.raw) || low.contains(MAIL_WORD) || has_address(&s.raw)),
        "A21" => long && (named() || words.registers.is(low) || has_legal_form(&s.own)),
        _ => long,
    }
}

/// The parts of a sentence that may each be a right.
fn clauses(s: &Sentence) -> impl Iterator<Item = String> {
    s.raw
        .split([',', ';', ':', '(', ')', '/', '–'])
        .map(str::trim)
        .filter(|part| part.split(' ').count() > 1)
        .map(str::to_owned)
}

#[cfg(test)]
mod tests;
