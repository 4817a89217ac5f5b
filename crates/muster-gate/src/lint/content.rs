//! What a notice has to say: the items A01 to A22 (GDPR 14(1), 14(2)).
//!
//! Invariant: an item that the facts call for is checked, one that they exclude must not be there.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::Offset;
use muster_model::{Field, Lineage, Timestamp};

use super::dates;
use super::reading::{Reading, finds, one_line, places};
use super::words::Words;
use crate::policy::EEA;
use crate::{Defect, NoticeFacts, field_label, mechanism_label};

/// What one check sees.
struct Check<'a> {
    reading: &'a Reading,
    facts: &'a NoticeFacts,
    words: &'a Words,
    defects: Vec<Defect>,
}

impl Check<'_> {
    fn need(&mut self, item: &'static str, holds: bool, detail: &str) {
        if !holds {
            self.defects.push(Defect::new(item, detail));
        }
    }

    fn refuse(&mut self, item: &'static str, found: bool, detail: &str) {
        self.need(item, !found, detail);
    }
}

/// Checks the items A01 to A22.
pub(super) fn check(reading: &Reading, facts: &NoticeFacts, words: &Words) -> Vec<Defect> {
    let mut check = Check { reading, facts, words, defects: Vec::new() };
    controller(&mut check);
    purposes_and_basis(&mut check);
    categories(&mut check);
    recipients(&mut check);
    retention(&mut check);
    rights(&mut check);
    sources(&mut check);
    automated(&mut check);
    check.defects
}

fn controller(check: &mut Check<'_>) {
    let (reading, controller) = (check.reading, &check.facts.controller);
    check.need("A01", reading.says(&controller.legal_name), "the controller's full legal name is missing");
    let squeezed = |text: &str| one_line(&text.replace([',', ';', '|'], " "));
    let address =
        !controller.address.trim().is_empty() && finds(&squeezed(&reading.flat), &squeezed(&controller.address));
    check.need("A02", address, "the controller's postal address is missing");
    check.need("A02", reading.says_any_case(&controller.email), "the controller's e-mail address is missing");
    let outside = !is_eea(&controller.country);
    match &controller.representative {
        Some(representative) => {
            check.need("A03", reading.says(&representative.name), "the representative's name is missing");
            check.need("A03", reading.says(&representative.contact), "the representative's contact is missing");
        }
        None if outside => {
            check.need("A03", false, "a controller outside the European Economic Area needs a representative");
        }
        None => {
            let named = reading.sentences().any(|s| check.words.representative.is_match(s));
            check.refuse("A03", named, "a representative is mentioned, but none is appointed");
        }
    }
    if let Some(dpo) = &controller.dpo {
        check.need("A04", reading.says_any_case(&dpo.email), "the data protection officer's contact is missing");
    } else {
        let words = check.words;
        let named = reading.sentences().any(|s| words.dpo.is_match(s) && !words.negation.is_match(s));
        check.refuse("A04", named, "a data protection officer is mentioned, but none is appointed");
    }
}

fn purposes_and_basis(check: &mut Check<'_>) {
    let (reading, facts, words) = (check.reading, check.facts, check.words);
    check.refuse("A05", facts.purposes.is_empty(), "no purpose is given to state");
    let missing = facts
        .purposes
        .iter()
        .filter(|purpose| !purpose.sentence.get(words.lang).is_some_and(|sentence| says_sentence(reading, sentence)));
    let ids: Vec<&str> = missing.map(|purpose| purpose.id.as_str()).collect();
    check.need("A05", ids.is_empty(), &format!("the sentence of a purpose is missing: {}", ids.join(", ")));
    let vague = reading.sentences().any(|s| words.vague_purpose.is_match(s) && !words.negation.is_match(s));
    check.refuse("A05", vague, "a purpose is stated in words that say nothing");
    let (states_f, states_a) = (words.basis_f.is_match(&reading.flat), words.basis_a.is_match(&reading.flat));
    let withdraws = reading.sentences().any(|s| words.withdraw.is_match(s));
    match facts.basis.as_str() {
        "6(1)(f)" => {
            check.need("A06", states_f, "the legal basis is not stated with its article, 6(1)(f)");
            check.refuse("A06", states_a, "consent is stated as a basis, but the basis is 6(1)(f)");
            let interest = facts.interest.get(words.lang);
            let said = interest.is_some_and(|sentence| says_sentence(reading, sentence));
            check.need("A12", said, "the legitimate interest is not stated in its own words");
            let named = words.legitimate_interest.is_match(&reading.flat);
            check.need("A12", named, "the interest is not called a legitimate interest");
            check.refuse("A19", withdraws, "consent cannot be withdrawn where the basis is 6(1)(f)");
        }
        "6(1)(a)" => {
            check.need("A06", states_a, "the legal basis is not stated with its article, 6(1)(a)");
            check.refuse("A06", states_f, "a legitimate interest is stated as a basis, but the basis is consent");
            check.need("A19", withdraws, "the right to withdraw consent is missing");
        }
        _ => check.need("A06", false, "the basis is neither 6(1)(f) nor 6(1)(a)"),
    }
}

/// Whether a configured sentence is there; its final full stop may have become another mark.
fn says_sentence(reading: &Reading, sentence: &str) -> bool {
    let text = one_line(sentence);
    let text = text.trim_end_matches(['.', ';', ',']);
    !text.is_empty() && reading.says(text)
}

fn categories(check: &mut Check<'_>) {
    let held: BTreeSet<Field> = check.facts.values.iter().map(|value| value.field).collect();
    let lang = check.words.lang;
    let missing: Vec<&str> = held
        .iter()
        .filter(|&&field| !check.reading.says_any_case(field_label(field, lang)))
        .map(|field| field.as_str())
        .collect();
    check.need(
        "A07",
        missing.is_empty(),
        &format!("a category of data that is held is not named: {}", missing.join(", ")),
    );
    let mut extra = BTreeSet::new();
    for line in &check.reading.own_lines {
        for piece in line.split([',', ';', ':', '•', '|']) {
            let piece = piece.trim_start_matches(['-', '*', '•', '–', ' ']).trim_end_matches(['.', ' ']);
            let label = Field::ALL.iter().find(|&&field| field_label(field, lang) == piece);
            extra.extend(label.filter(|field| !held.contains(field)).map(|field| field.as_str()));
        }
    }
    let extra: Vec<&str> = extra.into_iter().collect();
    check.need("A07", extra.is_empty(), &format!("a category is named that is not held: {}", extra.join(", ")));
}

fn is_eea(country: &str) -> bool {
    EEA.contains(&country.trim().to_ascii_uppercase().as_str())
}

fn recipients(check: &mut Check<'_>) {
    let (reading, facts, words) = (check.reading, check.facts, check.words);
    let unnamed = facts.recipients.iter().filter(|recipient| !reading.says(&recipient.name)).count();
    check.need("A08", unnamed == 0, &format!("{unnamed} of {} recipients are not named", facts.recipients.len()));
    if facts.recipients.is_empty() {
        let passes = reading.sentences().any(|s| words.passes_on.is_match(s) && !words.negation.is_match(s));
        check.refuse("A08", passes, "recipients are mentioned, but none is configured");
    }
    let third = facts.recipients.iter().filter(|recipient| !is_eea(&recipient.country));
    for recipient in third {
        let code = recipient.country.trim().to_ascii_uppercase();
        check.need("A09", reading.says(&code), &format!("the third country {code} is not named"));
        match recipient.mechanism.as_str() {
            "adequacy" => {
                let said = reading.sentences().any(|s| words.adequacy.is_match(s));
                check.need("A09", said, "nothing is said about an adequacy decision");
            }
            "scc" | "bcr" => safeguard(check, &recipient.mechanism),
            _ => check.need("A10", false, &format!("no safeguard is named for the transfer to {code}")),
        }
    }
    let controller_country = facts.controller.country.trim().to_ascii_uppercase();
    let stored_outside = !is_eea(&controller_country) && !reading.says(&controller_country);
    check.refuse("A09", stored_outside, &format!("the controller's country {controller_country} is not named"));
}

/// The safeguard and the way to a copy of it, in one paragraph.
fn safeguard(check: &mut Check<'_>, mechanism: &str) {
    let term = mechanism_label(mechanism, check.words.lang).to_lowercase();
    let with_copy =
        check.reading.paragraphs.iter().any(|paragraph| {
            paragraph.flat.to_lowercase().contains(&term) && check.words.copy.is_match(&paragraph.flat)
        });
    let named = check.reading.flat.to_lowercase().contains(&term);
    check.need("A10", named, "the safeguard of a transfer is not named");
    check.need("A10", with_copy || !named, "how to get a copy of the safeguard is not said beside it");
    let adequacy = check.reading.sentences().any(|s| check.words.adequacy.is_match(s));
    check.need("A09", adequacy, "nothing is said about an adequacy decision");
}

/// The number words that the patterns of a period know.
const NUMBERS: &[(&str, i32)] = &[
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("twelve", 12),
    ("eighteen", 18),
    ("twenty-four", 24),
    ("thirty-six", 36),
    ("ein", 1),
    ("einen", 1),
    ("zwei", 2),
    ("drei", 3),
    ("vier", 4),
    ("fünf", 5),
    ("sechs", 6),
    ("zwölf", 12),
    ("achtzehn", 18),
    ("vierundzwanzig", 24),
    ("sechsunddreißig", 36),
];

fn retention(check: &mut Check<'_>) {
    let (reading, words) = (check.reading, check.words);
    let mut stated = BTreeSet::new();
    for sentence in reading.sentences().filter(|sentence| words.keeping.is_match(sentence)) {
        for found in words.period.captures_iter(sentence) {
            let number = found.name("n").map_or("", |n| n.as_str()).to_lowercase();
            let known = || NUMBERS.iter().find(|(word, _)| *word == number).map(|&(_, n)| n);
            let Some(number) = number.parse().ok().or_else(known) else { continue };
            stated.insert(if found.name("years").is_some() { number * 12 } else { number });
        }
    }
    let right = stated.remove(&check.facts.retention_months);
    check.need("A11", right, "the storage period is not stated as the policy has it");
    check.need("A11", stated.is_empty(), "another storage period is stated than the policy has");
    let vague = reading.sentences().any(|s| words.open_ended.is_match(s) && words.keeping.is_match(s));
    check.refuse("A11", vague, "the storage period is stated in words that set no end");
    let restarted = reading.sentences().any(|s| words.restarted.is_match(s) && !words.negation.is_match(s));
    check.refuse("A11", restarted, "the storage period is said to start again");
}

fn rights(check: &mut Check<'_>) {
    let (reading, words) = (check.reading, check.words);
    for right in &words.rights {
        let in_heading_of = |heading: &Option<String>| heading.as_ref().is_some_and(|it| words.right_to.is_match(it));
        let granted = reading.paragraphs.iter().any(|paragraph| {
            if !right.word.is_match(&paragraph.own) {
                return false;
            }
            let by_article = right.article.is_match(&paragraph.own);
            let by_sentence = paragraph.sentences.iter().any(|sentence| {
                right.word.is_match(sentence) && (words.right_to.is_match(sentence) || words.may.is_match(sentence))
            });
            by_article || by_sentence || in_heading_of(&paragraph.heading)
        });
        check.need(right.item, granted, &format!("the right to {} is missing", right.name));
    }
    let complain = reading.sentences().any(|s| words.complain.is_match(s));
    check.need("A20", complain, "the right to complain to a supervisory authority is missing");
    let named = check.facts.authority().is_some_and(|authority| reading.says(authority));
    check.need("A20", named, "the supervisory authority is not named");
}

fn sources(check: &mut Check<'_>) {
    let lines: Vec<&Lineage> = check.facts.values.iter().flat_map(|value| &value.lineage).collect();
    let (reading, words, lang) = (check.reading, check.words, check.words.lang);
    let without: Vec<&str> =
        check.facts.values.iter().filter(|value| value.lineage.is_empty()).map(|value| value.field.as_str()).collect();
    check.need("A21", without.is_empty(), &format!("a value has no source: {}", without.join(", ")));
    let places: BTreeSet<String> = lines.iter().map(|line| place_of(line)).collect();
    let lower = reading.flat.to_lowercase().replace("www.", "");
    let unnamed = places.iter().filter(|place| !names_place(&lower, place)).count();
    check.need("A21", unnamed == 0, &format!("{unnamed} of {} sources are not named", places.len()));
    let mut undated = 0;
    for value in &check.facts.values {
        let of_value: BTreeSet<String> = value.lineage.iter().map(place_of).collect();
        for place in of_value {
            let first = value.lineage.iter().filter(|line| place_of(line) == place).map(|line| line.seen_at).min();
            let dated = first.is_some_and(|seen_at| says_date(reading, seen_at, lang));
            undated += usize::from(!dated);
        }
    }
    check.need("A21", undated == 0, &format!("{undated} sources are named without the date they were read on"));
    let labels: Vec<&str> = Field::ALL.iter().map(|&field| field_label(field, lang)).collect();
    let plain = |sentence: &String| labels.iter().fold(sentence.clone(), |text, label| text.replace(label, " "));
    let sentences: Vec<String> = reading.sentences().map(plain).collect();
    let says_hidden = sentences.iter().any(|s| words.not_public.is_match(s));
    let says_public = sentences.iter().any(|s| words.public.is_match(&words.not_public.replace_all(s, " ")));
    let (public, hidden) = (lines.iter().any(|line| line.public), lines.iter().any(|line| !line.public));
    check.need("A21", says_public || !public, "it is not said that a source is publicly accessible");
    check.need("A21", says_hidden || !hidden, "it is not said that a source is not publicly accessible");
    check.refuse("A21", says_public && !public && hidden, "a source is called public that is not");
}

/// How a source has to be named: by its host, or by the file's name.
fn place_of(line: &Lineage) -> String {
    let text = line.source_url.as_deref().unwrap_or(line.source.as_str());
    let host = text.split_once("://").filter(|(scheme, _)| scheme.starts_with("http")).map(|(_, rest)| {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let authority = authority.rsplit('@').next().unwrap_or_default();
        authority.split(':').next().unwrap_or_default().trim_start_matches("www.")
    });
    one_line(host.unwrap_or(text)).to_lowercase()
}

/// Whether a text names a place as such: the domain of a mailbox and the end of another host do not count.
fn names_place(text: &str, place: &str) -> bool {
    places(text, place).any(|at| !text.get(..at).is_some_and(|head| head.ends_with(['@', '.', '-'])))
}

/// Whether the local date of an instant is stated. The zone is not among the facts, so each date that the instant has
/// somewhere in Europe counts.
fn says_date(reading: &Reading, seen_at: Timestamp, lang: &str) -> bool {
    let dates: BTreeSet<Date> = (-1..=3)
        .filter_map(|hours| Offset::from_hours(hours).ok())
        .map(|offset| offset.to_datetime(seen_at).date())
        .collect();
    dates.into_iter().flat_map(|date| dates::forms(date, lang)).any(|form| reading.says_any_case(&form))
}

fn automated(check: &mut Check<'_>) {
    let (reading, words) = (check.reading, check.words);
    let stated: Vec<&String> = reading.sentences().filter(|s| words.automated.is_match(s)).collect();
    let positive = stated.iter().any(|s| !words.negation.is_match(s));
    if check.facts.automated_decisions {
        check.need("A22", positive, "automated decisions are made, but not stated");
        let explained = reading.sentences().any(|s| words.automated_logic.is_match(s))
            && reading.sentences().any(|s| words.automated_effect.is_match(s));
        check.need("A22", explained, "logic and consequences of automated decisions are not explained");
    } else {
        check.refuse("A22", positive, "automated decisions are stated, but none are made");
    }
}
