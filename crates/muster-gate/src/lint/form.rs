//! How a notice has to say it: the items B01 and B04 to B09, whoever wrote it.
//!
//! Invariant: no check of the notice's own words looks at words that are the person's values.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::context::NoticeContext;
use super::evidence::names_authority;
use super::fold::fold;
use super::layout::{is_bullet, is_rule};
use super::reading::{Paragraph, Reading, Sentence, URL_WORD};
use super::said::Check;
use crate::Defect;
use crate::sensitive::{Decision, Finding, Screen};

static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"\{\{|\}\}|\{%|%\}|\$\{|\$[A-Z_]{3,}\b|<%|%>|\[\[|\]\]|\[[\p{Lu}][\p{Lu}\d _/.'-]+\]|<[\p{Lu}][\p{Lu}\d_ ]+>|\bTODO\b|\bTBD\b|\bTBC\b|\bFIXME\b|\bX{3,}\b",
        r"|(?i:lorem ipsum)|%\([a-z_]+\)s|\{[A-Za-z_][\w. ]*\}|__\w+__|<<[\p{L}_]|[\p{L}_]>>|%[A-Z][A-Z_]+%|@@\w+@@|#\{|\*\|[A-Z:_]+\|\*|\bNaN\b|(?i:\bundefined\b)",
        r"|\[(?i:insert|name|date|datum|company|firma|hier|nom|nombre|nome|naam|imi|insérer|insertar|inserire|invullen|wstaw|vorname|nachname|adresse|address|e-mail|email|email address|company name|société|empresa|azienda|bedrijf)[^\]\n\d:@]{0,40}\]",
        r"|<(?i:name|insert|date|company|nom|nombre|nome|naam|vorname|nachname|firma)[^<>\n]{0,40}>|_{4,}|\.{6,}(?:$|[,;:)])|(?:^|\s)\?{3,}",
    ))
});
static GARBLED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\u{FFFD}|Ã[\u{80}-\u{BF}]|â€|&(?:amp|nbsp|lt|gt|quot|[a-z]+acute|[a-z]uml|#\d+);"));
static TRACKING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)<img\b|<script\b|<iframe\b|\butm_[a-z]+=|[?&](?:gclid|fbclid|mc_[ce]id)=|tracking[- ]pixel|/pixel\.(?:gif|png)|\.gif\b|/(?:open|track)\.",
    )
});
static SHOP: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:https?://|www\.)(?:(?:shop|store|promo|offers?|deals?|demo)\.[^\s]+|[^\s]*/(?:shop|store|pricing|prices?|tarifs?|preise|precios|prezzi|prijzen|cennik|offers?|angebote?|ofertas?|offerte|oferta|demo|trial|buy|order|promo\w*|rabatt|signup|register)\b)",
    )
});
/// A date with day, month and year in digits; months by name are tried with the words of the language.
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./-] ?\d{1,2}[./-] ?(?:19|20)\d{2}\b|\b(?:19|20)\d{2}/\d{2}/\d{2}\b")
});
/// A reference: letters and digits together, or a long number.
static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b[a-z0-9]+[-/_.](?:[a-z0-9]+[-/_.])*\d[a-z0-9]*\b|\b[a-z]+\d[a-z0-9]*\b|\b\d+[a-z][a-z0-9]+\b|\b\d{5,}\b|\b[a-z0-9]*\d[a-z0-9]*[-/_.][a-z0-9]+(?:[-/_.][a-z0-9]+)*\b|\b[a-z2-7]{16,}\b|^~?$",
    )
});
/// A code that can be nothing but a reference: `tsw/2026/3391`, `ntd-2026-00417`.
static CODE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b[a-z]{2,6}[-/.]\d{2,4}[-/.]\d{3,}\b"));
/// Capitals and digits that no word has: `AA-6102`, `SK-IT-2217`, `W/2026/3345`.
static CAPITAL_CODE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b[A-Z]{1,5}(?:[-/][A-Z\d]{1,6}){0,3}[-/]\d{2,6}\b(?: \p{Lu})?"));
/// A code behind a word for a number: `onder nummer MZ 30442`.
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:nummer|number|numero|numer|numerem|num|nr|code|codice|codigo|kod|kodem|\w*zeichen|dossier|kenmerk|sygnatur\w*|znak\w*|expediente|pratica|sprawy)\b[^.;]{0,25}?[.:]? ([a-z]{1,5})[ /.-]?(?:[a-z0-9]{1,5}[/.-])*\d{2,}",
    )
});
/// What a number is of, where it is no reference: registers of companies and of taxes, standards.
const OTHER_NUMBERS: [&str; 23] = [
    "krs", "regon", "nip", "hrb", "hra", "kvk", "rcs", "siren", "siret", "iva", "vat", "ust", "btw", "bce", "ico",
    "cif", "nif", "rea", "ch", "atu", "iso", "din", "eu",
];
/// A label, a mark and a value, as they stand.
static PAIR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^[-*•–▪>\s]*(?:\d{1,2}(?:\.\d{1,2})?[.)]? )?(\p{L}[^:=→–]{1,45}?)\**\s?(?::|=|→|–|—|->|\.{3,})\**\s?(\S.*)$",
    )
});
/// A label, a colon and a value.
static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
    // Behind the mark of a list: `-`, `a)`, `(2)`, `4.1`.
    pattern(
        r"^(?:[-*|>] ?|\(?[0-9]{1,2}(?:\.[0-9]{1,2})*[.)]? |\(?[a-z]\) )*\**([a-z][a-z0-9 /'().-]{1,45}?)\**(?: ?(?::|=|\||->)\**[ |]+| - | ?\.{3,} ?)(\S.*)$",
    )
});

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is part of the source, and every test of the linter compiles it")
}

/// Checks B01 and B04 to B09; `placed` has the values on their lines where the caller knows them.
pub(super) fn check(reading: &Reading, context: &NoticeContext, screen: &Screen, values_known: bool) -> Vec<Defect> {
    let mut check = Check::new(reading, context);
    if let Some(lang) = reading.foreign {
        let detail = format!("a paragraph is in `{lang}`, the notice has to be in `{}`", reading.target.lang);
        check.need("B01", false, &detail);
    }
    if !values_known {
        values(&mut check);
        date_and_reference(&mut check);
    }
    advertising(&mut check);
    residue(&mut check);
    sensitive(&mut check, screen, values_known);
    tricks(&mut check);
    check.defects
}

/// Whether something is shown that only the person's record can hold.
fn values(check: &mut Check<'_>) {
    let mut labels: Vec<String> = Vec::new();
    let mut shown = 0;
    let (mut held, mut introduced) = (false, false);
    let controller = check.context.controller.clone().unwrap_or_default();
    for p in &check.reading.paragraphs {
        // What is held is introduced by a heading, by a label, or by the sentence before the list.
        held = p.words.hold.is(&p.low) || held && introduced;
        introduced = p.flat.ends_with(':');
        let headed = p.heading_words.held_heading.is(&p.heading) || p.heading_words.hold.is(&p.heading);
        for s in &p.sentences {
            let (words, low) = (s.words, s.low.as_str());
            let here = held || headed || p.under(s, |w| &w.held_heading);
            shown += if here { values_in_list(s) } else { 0 };
            let loose = if here { loose_labels(s) } else { Vec::new() };
            if !loose.is_empty() {
                labels.extend(loose);
                labels.sort();
                labels.dedup();
            } else if let Some(label) = label_of_value(s).filter(|label| !labels.iter().any(|known| known == label)) {
                labels.push(label.to_owned());
            }
            let mailbox = s.persons_mailbox && !words.dpo.is(low) && !words.representative.is(low);
            shown += if mailbox { 2 } else { 0 };
            shown += inline_values(s);
            let others = p.under(s, |w| &w.recipients_heading) || words.recipients.is(low) || words.controller.is(low);
            shown += if !others && is_record(s, &controller) { 2 } else { 0 };
        }
    }
    check.need("B04", labels.len() + shown >= 2, "the values held about the person are not shown");
}

/// Whether a sentence shows values behind labels, in a row or in parentheses.
pub(super) fn shows_values(s: &Sentence) -> bool {
    inline_values(s) > 0 || values_in_list(s) > 0
}

/// Returns the label of a line that shows a value of the person: `Name: Anna Beispiel`.
pub(super) fn label_of_value(s: &Sentence) -> Option<&str> {
    let captures = LABELLED.captures(&s.low)?;
    let label = captures.get(1)?.as_str();
    let value = captures.get(2)?.as_str();
    let shows = s.words.value_label.is(label) && s.words.fields_in(value) < 2 && !s.words.controller.is(label);
    shows.then_some(label)
}

/// Returns the labels of any kind in a passage on what is held: `Winery: Old Cellars`, `Trade = binder; House = Sample`.
fn loose_labels(s: &Sentence) -> Vec<String> {
    let words = s.words;
    let own = [&words.controller, &words.dpo, &words.categories, &words.purpose_heading, &words.source_heading];
    let labelled = s.raw.split([';', '|']).filter_map(|part| {
        let found = PAIR.captures(part)?;
        let (label, value) = (fold(found.get(1)?.as_str()), fold(found.get(2)?.as_str()));
        let kinds = words.fields_in(&value) >= 2 || own.iter().any(|list| list.is(&label));
        (label.split(' ').count() <= 5 && !kinds && !words.hold.is(&label)).then_some(label)
    });
    let labels: Vec<String> = labelled.collect();
    let alone = labels.iter().all(|label| words.fields_in(label) == 0 && !words.value_label.is(label));
    if alone { Vec::new() } else { labels }
}

/// Counts values that stand in a row behind a colon: `On file for you: Anna Beispiel, buyer, Werft AG`.
fn values_in_list(s: &Sentence) -> usize {
    let quoted = s.raw.matches(['„', '«', '“']).count().max(s.raw.matches('"').count() / 2);
    if quoted >= 3 {
        return 2;
    }
    // A table whose columns were set by spaces: kinds of data and values by turns, and no sentence.
    let spoken = s.low.split(' ').any(|word| s.words.speech.binary_search_by(|known| known.as_str().cmp(word)).is_ok());
    let capitals = s.raw.split(' ').skip(1).filter(|word| word.starts_with(char::is_uppercase)).count();
    if s.words.fields_in(&s.low) >= 3 && !s.raw.contains([',', ';', '.']) && !spoken && capitals >= 2 {
        return 2;
    }
    let Some((head, tail)) = s.raw.split_once(": ").or_else(|| s.raw.split_once(" – ")) else { return 0 };
    let introduced = s.words.hold.is(&fold(head)) || s.words.held_heading.is(&fold(head));
    let items: Vec<&str> = tail.split([',', ';', '|', '/']).map(str::trim).collect();
    let named = items.iter().filter(|item| item.starts_with(char::is_uppercase)).count();
    let kinds = s.words.fields_in(&fold(tail));
    if introduced && items.len() >= 3 && named >= 1 && kinds < 3 && named * 3 >= items.len() { 2 } else { 0 }
}

/// Words of a value in a row, and of the name that the row begins with.
const VALUE_WORDS_MAX: usize = 7;
const NAME_WORDS: std::ops::RangeInclusive<usize> = 2..=4;

/// Whether a sentence has a row of values that begins with a person's name: `Anna Beispiel; buyer; Werft AG`.
fn is_record(s: &Sentence, controller: &str) -> bool {
    if names_authority(&s.raw)
        || s.words.rights.is(&s.low)
        || s.words.source.is(&s.low) && !s.raw.contains(['„', '«', '“', '"'])
    {
        return false;
    }
    let behind = s.raw.rsplit_once(": ").map_or(s.raw.as_str(), |(_, behind)| behind);
    let quoted = s.raw.split(['„', '“', '”', '«', '»', '"']);
    std::iter::once(behind)
        .chain(quoted.skip(1).step_by(2))
        .any(|row| [";", "|", " – ", " — ", " - ", " / ", ","].iter().any(|mark| is_row(s, row, mark, controller)))
}

fn is_row(s: &Sentence, row: &str, mark: &str, controller: &str) -> bool {
    let row = row.trim_matches(|c: char| " .„“”«»\"*-•–|>".contains(c));
    let items: Vec<&str> = row.split(mark).map(str::trim).filter(|item| !item.is_empty()).collect();
    let Some(name) = items.first() else { return false };
    let low = fold(name);
    let parts: Vec<&str> = name.split(' ').collect();
    let capitals = parts.iter().filter(|part| part.starts_with(char::is_uppercase)).count();
    let letters = name.chars().all(|c| c.is_alphabetic() || " -'’.".contains(c));
    let spoken =
        fold(row).split(' ').any(|word| s.words.speech.binary_search_by(|known| known.as_str().cmp(word)).is_ok());
    let named = NAME_WORDS.contains(&parts.len()) && capitals >= 2 && capitals + 1 >= parts.len() && letters;
    let office = super::said::has_legal_form(name) || controller.contains(name) || s.words.fields_in(&low) > 0;
    let address = mark == "," && super::said::has_address(row) && items.len() < 5;
    let short = items.iter().all(|item| item.split(' ').count() <= VALUE_WORDS_MAX);
    items.len() >= 3 && named && !office && !address && short && !spoken
}

/// Counts the kinds of data that are followed by a value in parentheses or quotation marks.
fn inline_values(s: &Sentence) -> usize {
    let mut found = 0;
    for (at, _) in s.low.match_indices(['(', '"']) {
        let head = s.low.get(..at).unwrap_or_default();
        let tail: Vec<&str> =
            head.rsplit([',', ';', '.', '(', '"']).next().unwrap_or_default().split(' ').rev().take(5).collect();
        let before = tail.into_iter().rev().collect::<Vec<_>>().join(" ");
        let inside = s.low.get(at + 1..).unwrap_or_default();
        let held = inside.split([')', '"']).next().unwrap_or_default();
        let law = inside.starts_with("art") || held.contains('%') || s.words.fields_in(held) > 0;
        found += usize::from(!law && s.words.fields_in(&before) > 0 && !inside.starts_with(' '));
    }
    found
}

/// Returns whether a full date stands in a text.
pub(super) fn has_date(s: &Sentence) -> bool {
    let by_name = || {
        s.words.months.iter().any(|month| {
            let month = fold(month);
            s.low.match_indices(month.as_str()).any(|(at, _)| {
                let head = s.low.get(..at).unwrap_or_default();
                let tail = s.low.get(at + month.len()..).unwrap_or_default();
                let near = |text: &str, count: usize, back: bool| {
                    let all: Vec<&str> =
                        text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
                    let few: Vec<&str> = if back {
                        all.into_iter().rev().take(count).collect()
                    } else {
                        all.into_iter().take(count).collect()
                    };
                    few.iter()
                        .any(|word| word.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse::<u16>().is_ok())
                };
                near(tail, 3, false) && (near(head, 2, true) || near(tail, 1, false))
            })
        })
    };
    DATE.is_match(&s.low) || by_name()
}

fn date_and_reference(check: &mut Check<'_>) {
    let reading = check.reading;
    let dated = reading.paragraphs.iter().any(|p| {
        let under = p.heading_words.collected.is(&p.heading)
            || p.heading_words.source.is(&p.heading)
            || p.heading_words.source_heading.is(&p.heading);
        let page = p.low.contains(URL_WORD) || p.words.source.is(&p.low);
        p.sentences.iter().any(|s| {
            has_date(s)
                && (under
                    || page && !s.words.keeping.is(&s.low) && !s.words.adequacy.is(&s.low)
                    || s.low.contains(URL_WORD)
                    || s.words.collected.is(&s.low)
                    || s.words.source.is(&s.low)
                    || p.words.collected.is(&p.low))
        })
    });
    check.need("B05", dated, "the date on which the data were obtained is missing");
    let referenced = reading.paragraphs.iter().any(|p| {
        let stands = |words: &super::words::Words, low: &str| {
            words.reference.all_behind(low).any(|rest| {
                let near: String = rest.chars().take(45).collect();
                // A day is no reference.
                let near = DATE.replace_all(near.trim(), " ");
                REFERENCE.is_match(near.trim()) && (!near.trim().is_empty() || low.ends_with(':'))
            })
        };
        // "We erase the entry 24 months after" has no reference behind the entry.
        CODE.is_match(&p.low)
            || p.sentences.iter().any(has_code)
            || stands(p.words, &p.low)
            || p.heading_words.reference.is(&p.heading) && REFERENCE.is_match(&p.low)
    });
    check.need("B05", referenced, "the reference is missing");
}

/// Whether a sentence has a code that can be nothing but a reference.
fn has_code(s: &Sentence) -> bool {
    let other = |head: &str| OTHER_NUMBERS.contains(&fold(head).as_str());
    let capital = CAPITAL_CODE.find_iter(&s.own).any(|found| {
        let text = found.as_str();
        // A postal code stands before its place: `D-10115 Berlin`.
        let postal =
            text.contains(' ') && text.split(['-', '/']).count() == 2 && text.find('-').is_some_and(|at| at < 3);
        !postal && !other(text.split(['-', '/']).next().unwrap_or_default())
    });
    let numbered = NUMBERED.captures_iter(&s.low).any(|found| found.get(1).is_some_and(|head| !other(head.as_str())));
    capital || numbered
}

fn advertising(check: &mut Check<'_>) {
    let reading = check.reading;
    let said = reading.sentences().any(|s| s.words.advertising.is(&s.low));
    check.refuse("B06", said, "the notice advertises something");
    let tracked = reading.lines.iter().zip(&reading.own_lines).any(|(line, own)| {
        TRACKING.is_match(own)
            || TRACKING.is_match(line) && !reading.known.contains(&line.to_lowercase()) && tracks(reading, line)
    });
    check.refuse("B06", tracked, "the notice tracks its reader");
    let sells = reading
        .sentences()
        .any(|s| SHOP.is_match(&s.raw) && !s.words.source.is(&s.low) && !reading.known.contains(&shop_of(&s.raw)));
    check.refuse("B06", sells, "a link leads to something for sale");
}

fn shop_of(raw: &str) -> String {
    SHOP.find(raw).map(|found| found.as_str().to_lowercase()).unwrap_or_default()
}

/// Whether an address of a page that is not among the facts tracks.
fn tracks(reading: &Reading, line: &str) -> bool {
    super::reading::urls(line).any(|url| TRACKING.is_match(url) && !reading.known.contains(&url.to_lowercase()))
}

fn residue(check: &mut Check<'_>) {
    let reading = check.reading;
    let left = reading.own_lines.iter().any(|line| !is_rule(line) && PLACEHOLDER.is_match(line));
    check.refuse("B07", left, "a placeholder was not filled in");
    let low_lines: Vec<String> = reading.own_lines.iter().map(|line| fold(line)).collect();
    let empty = low_lines.iter().any(|low| reading.target.empty_word.is(low)) || has_none(reading);
    check.refuse("B07", empty, "a word for an absent value is printed");
    check.refuse("B07", has_empty_line(reading), "a bullet or label stands without a value");
    check.refuse("B07", GARBLED.is_match(&reading.flat), "a text is garbled by a wrong encoding");
}

/// Whether a label of the person's values, or a sentence, ends with a program's word for nothing; "Transfers: none" is
/// an answer.
fn has_none(reading: &Reading) -> bool {
    const NOTHING: [&str; 3] = ["none", "nan", "n/a"];
    reading.sentences().any(|s| {
        let low = s.low.trim_end_matches('.');
        let labelled = || label_of_value(s).is_some();
        NOTHING.iter().any(|word| {
            low.strip_suffix(word).is_some_and(|head| {
                head.ends_with(' ')
                    && (labelled() || !head.trim_end().ends_with([':', '=', '-', '|']) && s.raw.ends_with("None"))
            })
        })
    })
}

/// Whether a bullet has nothing behind it, or a person's label no value.
fn has_empty_line(reading: &Reading) -> bool {
    let lines = &reading.lines;
    let bare = |line: &str| line.trim_start_matches(['-', '*', '•', '–', '▪', ' ']).to_owned();
    let empty_bullet = |line: &String| !line.is_empty() && line.chars().count() <= 1 && bare(line).is_empty();
    let is_label = |line: &str| {
        let bare = bare(line);
        bare.strip_suffix(':').is_some_and(|label| {
            let low = fold(label);
            low.split(' ').count() <= 3 && reading.target.value_label.is(&low)
        })
    };
    let starts_item = |line: &str| is_bullet(line) || line.split(' ').take(4).any(|word| word.ends_with(':'));
    let ends = |index: usize| lines.get(index + 1).is_none_or(|next| next.is_empty() || starts_item(next));
    let greeting = |line: &String| line.ends_with(" ,") || line.ends_with(" :") && line.len() < 4;
    lines.iter().any(empty_bullet)
        || lines.iter().any(greeting)
        || lines.iter().enumerate().any(|(index, line)| is_label(line) && ends(index))
}

fn sensitive(check: &mut Check<'_>, screen: &Screen, values_known: bool) {
    let reading = check.reading;
    let lines = || reading.own_lines.iter().map(|line| fold(line));
    let greeted = lines().any(|low| reading.target.salutation.is(&low) && !reading.target.neutral_salutation.is(&low));
    let greeted_elsewhere = lines().take(14).any(|low| {
        super::words::Words::all().any(|words| {
            words.salutation.is(&low) && !words.neutral_salutation.is(&low) && words.lang != reading.target.lang
        })
    });
    check.refuse("B08", greeted || greeted_elsewhere, "the salutation tells a gender");
    let lang = Some(reading.target.lang);
    // A section on storage speaks of the data's end, and of nobody's.
    let about_person = reading.paragraphs.iter().filter(|p| {
        let storage = p.heading_words.keeping.is(&p.heading) && !p.heading_words.hold.is(&p.heading);
        !storage
    });
    let shown: BTreeSet<usize> = reading.paragraphs.iter().filter(|p| shows_record(p)).map(|p| p.section).collect();
    for (p, s) in about_person.flat_map(|p| p.sentences.iter().map(move |s| (p, s))) {
        // Without a heading, every paragraph is for itself.
        let of_record = if p.section == 0 { shows_record(p) } else { shown.contains(&p.section) };
        let label = LABELLED.captures(&s.low).is_some_and(|found| {
            let label = found.get(1).map_or("", |label| label.as_str());
            let denied = found.get(2).is_some_and(|value| s.words.negation.is(value.as_str()));
            !values_known
                && of_record
                && !denied
                && !s.words.hurdle.is(&s.low)
                && !s.words.rights.is(&s.low)
                && !s.words.source.is(label)
                && !s.words.restriction.is(label)
                && !is_common(s, label)
                && (screen.label(label).is_some() || names_protected(s, label, screen))
        });
        // What the law lists, and what is denied, is said of nobody.
        let said = !s.words.neutral_salutation.is(&s.low)
            && !s.words.negation.is(&s.low)
            && !s.words.rights.is(&s.low)
            && !s.words.hurdle.is(&s.low)
            && s.low != p.heading
            && !names_authority(&s.raw)
            && (of_record || !s.words.restriction.is(&s.low))
            && !super::citation::cites(&s.low, 9);
        // "Dane" is data in Polish, and somebody of Denmark elsewhere.
        let common = |f: &Finding| {
            let word = fold(s.own.get(f.span.clone()).unwrap_or_default());
            s.words.common.binary_search(&word).is_ok()
        };
        // The number of a company is no number of a person.
        let company = |f: &Finding| {
            let number = f.category.as_str() == "government_id" || f.category.as_str() == "financial";
            number && (super::said::has_legal_form(&s.raw) || p.words.controller.is(&p.whole()))
        };
        // A country that data go to, or an abbreviation such as EU, is nobody's descent.
        let country = |f: &Finding| {
            let words = s.words;
            let lists = [&words.adequacy, &words.safeguards, &words.recipients, &words.no_transfer, &words.controller];
            let place = lists.iter().any(|list| list.is(&s.low) || list.is(&p.heading));
            matches!(f.category.as_str(), "ethnicity" | "union") && (place || f.span.len() <= 3)
        };
        let found = || {
            let mut all = screen.text(&s.own, lang).into_iter();
            all.find(|f| matches_person(f.decision) && !common(f) && !company(f) && !country(f))
        };
        // A lone word in a heading is said of nobody, and neither is who the sender or an authority is.
        let others = [&s.words.controller, &s.words.we_are, &s.words.authority, &s.words.dpo, &s.words.representative];
        let introduces = !of_record && others.iter().any(|list| list.is(&s.low));
        let said = said && !introduces && (s.low.split(' ').count() > 4 || of_record);
        if label {
            check.need("B08", false, "a label of the notice is of a protected category");
        } else if let Some(finding) = said.then(found).flatten() {
            let detail = format!("the notice says something of category `{}`", finding.category.as_str());
            check.need("B08", false, &detail);
        }
    }
}

/// Whether a word of a note's label is of a protected category: `Note on health: ...`.
fn names_protected(s: &Sentence, label: &str, screen: &Screen) -> bool {
    let held = s.words.held_heading.is(label) || s.words.hold.is(label) || s.words.value_label.is(label);
    let note = !held && (2..=4).contains(&label.split(' ').count());
    note && label.split(' ').any(|word| word.len() > 4 && !is_common(s, word) && screen.label(word).is_some())
}

/// Whether a paragraph shows what is on record about the person.
fn shows_record(p: &Paragraph) -> bool {
    p.sentences.iter().any(|s| s.persons_mailbox || label_of_value(s).is_some())
}

/// Whether a label has none but the commonest words of its language, such as "Dane" (data) in Polish.
fn is_common(s: &Sentence, label: &str) -> bool {
    label.split(' ').all(|word| s.words.common.binary_search_by(|known| known.as_str().cmp(word)).is_ok())
}

/// Whether a finding is of the person for sure; what is doubtful is no defect of a text that states the law.
fn matches_person(decision: Decision) -> bool {
    match decision {
        Decision::RejectField | Decision::RejectTextSpan => true,
        Decision::Review | Decision::Pass => false,
    }
}

fn tricks(check: &mut Check<'_>) {
    let (reading, context) = (check.reading, check.context);
    let silent = reading
        .sentences()
        .any(|s| s.words.silence.is(&s.low) && !s.words.not_meant.is(&s.low) && !s.words.complain.is(&s.low));
    if check.context.basis != Some('a') {
        check.refuse("B09", silent, "silence or use is said to mean consent");
    }
    // Of our own notices the facts say who receives data; of others only the text does.
    let somebody = reading.unknown_hand && super::flows::names_somebody(reading, context);
    let names = reading.paragraphs.iter().any(names_recipients) || somebody;
    let denied = reading.sentences().any(|s| {
        let other = [&s.words.limited, &s.words.no_transfer, &s.words.adequacy, &s.words.safeguards];
        let outside: &[&str] = if reading.unknown_hand { &OUTSIDE_US } else { &[] };
        let rest = outside.iter().fold(s.low.clone(), |low, outside| low.replace(outside, " "));
        s.words.no_sharing.is(&s.low) && !other.iter().any(|list| list.is(&rest))
    });
    check.refuse("B09", names && denied, "the notice denies the recipients that it names");
}

/// "Outside our company" in seven languages, folded; it limits no denial.
const OUTSIDE_US: [&str; 9] = [
    "outside our",
    "ausserhalb unseres",
    "en dehors de notre",
    "hors de notre",
    "fuera de nuestra",
    "ajeno a nuestra",
    "al di fuori della nostra",
    "buiten ons",
    "spoza naszej",
];

fn names_recipients(p: &Paragraph) -> bool {
    let under = p.heading_words.recipients.is(&p.heading) && !p.is_heading;
    p.sentences.iter().any(|s| {
        let about = under || p.under(s, |w| &w.recipients_heading) || s.words.recipients.is(&s.low);
        about
            && !s.words.no_sharing.is(&s.low)
            && !s.words.no_recipients.is(&s.low)
            && (s.words.recipient_kinds.is(&s.low) || super::said::has_legal_form(&s.raw))
    })
}
