//! How a notice has to say it: the items B01 to B09.
//!
//! Invariant: no check of the notice's own words looks at words that are the person's values.

use std::sync::LazyLock;

use jiff::civil::Date;
use muster_model::{Field, MasterValue};
use regex::Regex;

use super::reading::{Paragraph, Reading, finds, mailboxes, one_line, unquoted, urls};
use super::words::Words;
use super::{dates, language};
use crate::sensitive::{Decision, Screen};
use crate::{Defect, NoticeFacts, field_label};

static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\{\{|\}\}|\{%|%\}|\$\{|<%|%>|\[[\p{Lu}][\p{Lu} _-]+\]|<[\p{Lu}][\p{Lu}_ ]+>|\bTODO\b|\bTBD\b|\bFIXME\b|\bXXX+\b|(?i:lorem ipsum)|%\([a-z_]+\)s|\{[a-z_]+\}|__[A-Z_]+__|<<|>>",
    )
});
static GARBLED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\u{FFFD}|Ã[\u{80}-\u{BF}]|â€|&(?:amp|nbsp|lt|gt|quot|#\d+);"));
static TRACKING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)<img\b|<script\b|<iframe\b|utm_[a-z]+=|[?&](?:gclid|fbclid|mc_[ce]id)=|tracking pixel")
});
/// Denies that silence means anything: "this does not mean that you consent".
static NOT_MEANT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:not|never) (?:mean|imply|count)|\bnicht,? dass\b|\bnicht als\b|\bkeine (?:Einwilligung|Zustimmung)\b",
    )
});
static PRIVACY_PAGE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)privacy|datenschutz|dsgvo|gdpr|object|opt-?out|unsubscribe|widerspruch|abmeld|impressum|imprint|legal",
    )
});

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is part of the source, and every test of the linter compiles it")
}

/// Checks the items B01 to B09.
pub(super) fn check(reading: &Reading, facts: &NoticeFacts, words: &Words, screen: &Screen) -> Vec<Defect> {
    let mut defects = Vec::new();
    defects.extend(one_language(reading, words));
    defects.extend(objection(reading, words));
    defects.extend(easy_rights(reading, words));
    defects.extend(values_held(reading, facts));
    defects.extend(date_and_reference(reading, facts, words));
    defects.extend(no_advertising(reading, facts, words));
    defects.extend(no_residue(reading, facts, words));
    defects.extend(nothing_sensitive(reading, words, screen));
    defects.extend(no_tricks(reading, facts, words));
    defects
}

fn one_language(reading: &Reading, words: &Words) -> Option<Defect> {
    let foreign = reading.paragraphs.iter().find_map(|paragraph| {
        let passages = std::iter::once(&paragraph.own).chain(&paragraph.sentences);
        passages.map(|passage| unquoted(passage)).find_map(|passage| language::foreign(&passage, words.lang))
    });
    foreign.map(|lang| Defect::new("B01", format!("a paragraph is in `{lang}`, the notice is in `{}`", words.lang)))
}

/// GDPR 21(4): the objection to direct marketing stands apart from everything else, early or in a place of its own.
fn objection(reading: &Reading, words: &Words) -> Option<Defect> {
    let blocks: Vec<&Paragraph> = reading.paragraphs.iter().filter(|paragraph| grants(paragraph, words)).collect();
    if blocks.is_empty() {
        return Some(Defect::new("B02", "the right to object to direct marketing is missing"));
    }
    let pure: Vec<&&Paragraph> =
        blocks.iter().filter(|paragraph| !words.other_right.is_match(&paragraph.own)).collect();
    if pure.is_empty() {
        return Some(Defect::new("B02", "the objection to direct marketing is mixed with other rights"));
    }
    let placed = pure.iter().any(|paragraph| {
        let early = paragraph.begins * 3 <= reading.length;
        let headed = paragraph.heading.as_ref().is_some_and(|heading| words.object.is_match(heading));
        early || headed || paragraph.boxed
    });
    (!placed).then(|| Defect::new("B02", "the objection to direct marketing is buried in the notice"))
}

/// Whether a paragraph tells of the right: heading and text together name it, and the text is more than a heading.
fn grants(paragraph: &Paragraph, words: &Words) -> bool {
    let heading = paragraph.heading.as_deref().unwrap_or_default();
    let body = paragraph.flat.strip_prefix(heading).unwrap_or(&paragraph.flat);
    let whole = format!("{heading}. {}", paragraph.own);
    let named = words.marketing.is_match(&whole) && words.object.is_match(&whole);
    named && (words.object.is_match(body) || words.may.is_match(body))
}

fn easy_rights(reading: &Reading, words: &Words) -> Vec<Defect> {
    let said = |regex: &Regex| reading.sentences().any(|sentence| regex.is_match(sentence));
    let hurdle = reading.sentences().any(|s| words.hurdle.is_match(s) && !words.negation.is_match(s));
    let checks = [
        (said(&words.free), "it is not said that using the rights is free of charge"),
        (said(&words.reply), "it is not said that a reply is enough"),
        (said(&words.one_month), "it is not said that an answer comes within one month"),
        (!hurdle, "an account or a proof of identity is asked for"),
    ];
    checks.into_iter().filter(|(holds, _)| !holds).map(|(_, detail)| Defect::new("B03", detail)).collect()
}

fn values_held(reading: &Reading, facts: &NoticeFacts) -> Vec<Defect> {
    let mut defects = Vec::new();
    let missing: Vec<&str> =
        facts.values.iter().filter(|value| !shows(reading, value)).map(|value| value.field.as_str()).collect();
    if !missing.is_empty() {
        let of = facts.values.len();
        let detail = format!("{} of {of} values held are not shown: {}", missing.len(), missing.join(", "));
        defects.push(Defect::new("B04", detail));
    }
    let flat = reading.flat.to_lowercase();
    let strangers = mailboxes(&flat).filter(|mailbox| !reading.known.contains(*mailbox)).count();
    if strangers > 0 {
        defects.push(Defect::new("B04", format!("{strangers} mailboxes are shown that are not among the facts")));
    }
    defects
}

fn shows(reading: &Reading, value: &MasterValue) -> bool {
    let text = one_line(&value.value);
    if text.is_empty() || reading.says(&text) {
        return !text.is_empty();
    }
    match value.field {
        // A number may be set in groups, an address of a page or mailbox in other case.
        Field::Phones | Field::Faxes => {
            let compact = |text: &str| text.replace([' ', '-', '/', '(', ')', '.'], "");
            compact(&reading.flat).contains(&compact(&text))
        }
        Field::Emails | Field::Domain | Field::CompanyDomain | Field::ProfileUrls => reading.says_any_case(&text),
        Field::Name
        | Field::GivenName
        | Field::FamilyName
        | Field::Degree
        | Field::JobTitle
        | Field::Company
        | Field::Street
        | Field::City
        | Field::Postcode
        | Field::Country
        | Field::LegalForm
        | Field::RegisterCourt
        | Field::RegisterNumber
        | Field::VatId => false,
    }
}

fn date_and_reference(reading: &Reading, facts: &NoticeFacts, words: &Words) -> Vec<Defect> {
    let mut defects = Vec::new();
    let forms = match facts.obtained_on.parse::<Date>() {
        Ok(date) => dates::forms(date, words.lang),
        Err(_) => vec![facts.obtained_on.clone()],
    };
    // Where a sentence says when the data were collected, that sentence counts; a source's date does not stand in.
    let stated: Vec<&String> = reading.sentences().filter(|s| words.collected.is_match(s)).collect();
    let says = |form: &String| match stated.as_slice() {
        [] => reading.says_any_case(form),
        sentences => sentences.iter().any(|sentence| finds(&sentence.to_lowercase(), &form.to_lowercase())),
    };
    if !forms.iter().any(says) {
        defects.push(Defect::new("B05", "the date on which the data were obtained is missing"));
    }
    if !reading.says(&facts.reference) {
        defects.push(Defect::new("B05", "the reference is missing"));
    }
    defects
}

fn no_advertising(reading: &Reading, facts: &NoticeFacts, words: &Words) -> Vec<Defect> {
    let mut defects = Vec::new();
    if reading.sentences().any(|sentence| words.advertising.is_match(sentence)) {
        defects.push(Defect::new("B06", "the notice advertises something"));
    }
    if reading.own_lines.iter().any(|line| TRACKING.is_match(line)) {
        defects.push(Defect::new("B06", "the notice tracks its reader"));
    }
    let ours = domains_of_controller(facts);
    let elsewhere = urls(&reading.flat).filter(|url| !leads_to_privacy(url, &reading.known, &ours)).count();
    if elsewhere > 0 {
        defects.push(Defect::new("B06", format!("{elsewhere} links lead neither to a source nor to a privacy page")));
    }
    defects
}

fn domains_of_controller(facts: &NoticeFacts) -> Vec<String> {
    let controller = &facts.controller;
    let of_mailbox = |mailbox: &str| mailbox.rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
    let of_page = controller.privacy_url.as_deref().map(host_of);
    of_mailbox(&controller.email).into_iter().chain(of_page).collect()
}

fn host_of(url: &str) -> String {
    let lower = url.to_lowercase();
    let rest = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
    rest.split(['/', '?', '#', ':']).next().unwrap_or_default().trim_start_matches("www.").to_owned()
}

fn leads_to_privacy(url: &str, known: &str, ours: &[String]) -> bool {
    let url = url.to_lowercase();
    let host = host_of(&url);
    let own_page = ours.iter().any(|domain| host == *domain || host.ends_with(&format!(".{domain}")));
    known.contains(url.trim_end_matches('/')) || own_page && PRIVACY_PAGE.is_match(&url)
}

fn no_residue(reading: &Reading, facts: &NoticeFacts, words: &Words) -> Vec<Defect> {
    let mut defects = Vec::new();
    if reading.own_lines.iter().any(|line| PLACEHOLDER.is_match(line)) {
        defects.push(Defect::new("B07", "a placeholder was not filled in"));
    }
    if reading.own_lines.iter().any(|line| words.empty_word.is_match(line)) {
        defects.push(Defect::new("B07", "a word for an absent value is printed"));
    }
    let held: Vec<&str> = facts.values.iter().map(|value| field_label(value.field, words.lang)).collect();
    if has_empty_line(&reading.lines, &held) {
        defects.push(Defect::new("B07", "a bullet or label stands without a value"));
    }
    if GARBLED.is_match(&reading.flat) {
        defects.push(Defect::new("B07", "a text is garbled by a wrong encoding"));
    }
    defects
}

fn has_empty_line(lines: &[String], labels: &[&str]) -> bool {
    let bare = |line: &str| line.trim_start_matches(['-', '*', '•', '–', ' ']).to_owned();
    let empty_bullet = |line: &String| !line.is_empty() && line.chars().count() <= 1 && bare(line).is_empty();
    let is_label = |line: &str| bare(line).strip_suffix(':').is_some_and(|label| labels.contains(&label.trim()));
    let starts_item = |line: &str| {
        let bare = bare(line);
        let labelled = line.split(' ').next().is_some_and(|word| word.ends_with(':'));
        labelled
            || line.starts_with(['-', '*', '•', '–'])
            || labels.iter().any(|label| bare.starts_with(&format!("{label}:")))
    };
    let ends = |index: usize| lines.get(index + 1).is_none_or(|next| next.is_empty() || starts_item(next));
    lines.iter().any(empty_bullet) || lines.iter().enumerate().any(|(index, line)| is_label(line) && ends(index))
}

fn nothing_sensitive(reading: &Reading, words: &Words, screen: &Screen) -> Vec<Defect> {
    let mut defects = Vec::new();
    if reading.lines.iter().any(|line| words.salutation.is_match(line)) {
        defects.push(Defect::new("B08", "the salutation tells a gender"));
    }
    let own = reading.own_text();
    for finding in screen.text(&own, Some(words.lang)) {
        if finding.decision != Decision::Pass {
            let detail = format!("the notice says something of category `{}`", finding.category.as_str());
            defects.push(Defect::new("B08", detail));
        }
    }
    defects
}

fn no_tricks(reading: &Reading, facts: &NoticeFacts, words: &Words) -> Vec<Defect> {
    let mut defects = Vec::new();
    let silence = |sentence: &String| words.silence.is_match(sentence) && !NOT_MEANT.is_match(sentence);
    if facts.basis == "6(1)(f)" && reading.sentences().any(silence) {
        defects.push(Defect::new("B09", "silence or use is said to mean consent"));
    }
    let denies = |sentence: &&String| words.no_sharing.is_match(sentence) && !words.limited.is_match(sentence);
    if !facts.recipients.is_empty() && reading.sentences().any(|sentence| denies(&sentence)) {
        defects.push(Defect::new("B09", "the notice denies what the recipients' list says"));
    }
    defects
}
