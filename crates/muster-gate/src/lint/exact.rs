//! What a notice of our own has to say besides: exactly the facts that it was made from.
//!
//! The items themselves are looked for as in any notice; here each name, value, date and sentence has to be the one
//! of the facts, and nobody else's.
//!
//! Invariant: a defect names fields, counts and ids, never a value.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::Offset;
use muster_model::{Field, Lineage, MasterValue, Timestamp};

use super::citation;
use super::context::NoticeContext;
use super::dates;
use super::fold::fold;
use super::reading::{Known, MAIL_WORD, Reading, Sentence, finds, mailboxes, one_line, places, urls, without};
use super::said::Check;
use super::words::{Matcher, Words, months_of};
use crate::policy::EEA;
use crate::{Defect, NoticeFacts, field_label, mechanism_label};

/// Checks a notice against the facts that it was made from.
pub(super) fn check(reading: &Reading, facts: &NoticeFacts, context: &NoticeContext) -> Vec<Defect> {
    let mut check = Check::new(reading, context);
    controller(&mut check, facts);
    purposes(&mut check, facts);
    categories(&mut check, facts);
    recipients(&mut check, facts);
    retention(&mut check, facts);
    let named = facts.authority().is_some_and(|authority| reading.says(authority));
    check.need("A20", named, "the supervisory authority is not named");
    sources(&mut check, facts);
    values_held(&mut check, facts);
    date_and_reference(&mut check, facts);
    links(&mut check, facts);
    let said = |list: fn(&Words) -> &Matcher| reading.sentences().any(|s| list(s.words).is(&s.low));
    check.need("B03", said(|words| &words.free), "it is not said that using the rights is free of charge");
    check.need("B03", said(|words| &words.one_month), "it is not said that an answer comes within one month");
    check.defects
}

/// What the facts say about a notice in the form that any notice is checked by.
pub(super) fn context_of(facts: &NoticeFacts) -> NoticeContext {
    NoticeContext {
        basis: citation::letters(&fold(&facts.basis)).first().copied(),
        purpose: None,
        dpo_appointed: Some(facts.controller.dpo.is_some()),
        representative_needed: Some(!is_eea(&facts.controller.country)),
        adm: Some(facts.automated_decisions),
        transfer: None,
        controller: Some(facts.controller.legal_name.clone()),
    }
}

fn is_eea(country: &str) -> bool {
    EEA.contains(&country.trim().to_ascii_uppercase().as_str())
}

fn controller(check: &mut Check<'_>, facts: &NoticeFacts) {
    let (reading, controller) = (check.reading, &facts.controller);
    check.need("A01", reading.says(&controller.legal_name), "the controller's full legal name is missing");
    let squeezed = |text: &str| one_line(&text.replace([',', ';', '|'], " "));
    let address =
        !controller.address.trim().is_empty() && finds(&squeezed(&reading.flat), &squeezed(&controller.address));
    check.need("A02", address, "the controller's postal address is missing");
    check.need("A02", reading.says_any_case(&controller.email), "the controller's e-mail address is missing");
    match &controller.representative {
        Some(representative) => {
            check.need("A03", reading.says(&representative.name), "the representative's name is missing");
            check.need("A03", reading.says(&representative.contact), "the representative's contact is missing");
        }
        None if !is_eea(&controller.country) => {
            check.need("A03", false, "a controller outside the European Economic Area needs a representative");
        }
        None => {
            let named = reading.sentences().any(|s| s.words.representative.is(&s.low));
            check.refuse("A03", named, "a representative is mentioned, but none is appointed");
        }
    }
    if let Some(dpo) = &controller.dpo {
        check.need("A04", reading.says_any_case(&dpo.email), "the data protection officer's contact is missing");
    } else {
        let named = reading.sentences().any(|s| s.words.dpo.is(&s.low) && !s.words.negation.is(&s.low));
        check.refuse("A04", named, "a data protection officer is mentioned, but none is appointed");
    }
}

/// Whether a configured sentence is there; its final full stop may have become another mark.
fn says_sentence(reading: &Reading, sentence: &str) -> bool {
    let text = one_line(sentence);
    let text = text.trim_end_matches(['.', ';', ',']);
    !text.is_empty() && reading.says(text)
}

fn purposes(check: &mut Check<'_>, facts: &NoticeFacts) {
    let (reading, lang) = (check.reading, check.reading.target.lang);
    check.refuse("A05", facts.purposes.is_empty(), "no purpose is given to state");
    let missing = facts
        .purposes
        .iter()
        .filter(|purpose| !purpose.sentence.get(lang).is_some_and(|sentence| says_sentence(reading, sentence)));
    let ids: Vec<&str> = missing.map(|purpose| purpose.id.as_str()).collect();
    check.need("A05", ids.is_empty(), &format!("the sentence of a purpose is missing: {}", ids.join(", ")));
    let letter = check.context.basis;
    let stated: BTreeSet<char> = reading.sentences().flat_map(|s| citation::letters(&s.low)).collect();
    check.need("A06", matches_basis(letter), "the basis is neither 6(1)(f) nor 6(1)(a)");
    let other = stated.iter().any(|&cited| Some(cited) != letter);
    check.refuse("A06", other, "another legal basis is stated than the facts have");
    if letter == Some('f') {
        let said = facts.interest.get(lang).is_some_and(|sentence| says_sentence(reading, sentence));
        check.need("A12", said, "the legitimate interest is not stated in its own words");
        let named = reading.paragraphs.iter().any(|p| p.words.legitimate_interest.is(&p.low));
        check.need("A12", named, "the interest is not called a legitimate interest");
    }
}

fn matches_basis(letter: Option<char>) -> bool {
    letter == Some('f') || letter == Some('a')
}

fn categories(check: &mut Check<'_>, facts: &NoticeFacts) {
    let held: BTreeSet<Field> = facts.values.iter().map(|value| value.field).collect();
    let lang = check.reading.target.lang;
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

fn recipients(check: &mut Check<'_>, facts: &NoticeFacts) {
    let reading = check.reading;
    let unnamed = facts.recipients.iter().filter(|recipient| !reading.says(&recipient.name)).count();
    check.need("A08", unnamed == 0, &format!("{unnamed} of {} recipients are not named", facts.recipients.len()));
    if facts.recipients.is_empty() {
        let passes = reading.sentences().any(|s| {
            let low = &s.low;
            let purpose = s.words.purpose.is(low) || super::said::is_about_rights(s) || s.words.source.is(low);
            s.words.passing.is(low) && s.words.recipients.is(low) && !s.words.negation.is(low) && !purpose
        });
        check.refuse("A08", passes, "recipients are mentioned, but none is configured");
    }
    let adequacy = reading.sentences().any(|s| s.words.adequacy.is(&s.low));
    for recipient in facts.recipients.iter().filter(|recipient| !is_eea(&recipient.country)) {
        let code = recipient.country.trim().to_ascii_uppercase();
        check.need("A09", reading.says(&code), &format!("the third country {code} is not named"));
        check.need("A09", adequacy, "nothing is said about an adequacy decision");
        match recipient.mechanism.as_str() {
            "adequacy" => {}
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
    let term = mechanism_label(mechanism, check.reading.target.lang).to_lowercase();
    let with_copy =
        check.reading.paragraphs.iter().any(|p| p.flat.to_lowercase().contains(&term) && p.words.copy.is(&p.low));
    let named = check.reading.flat.to_lowercase().contains(&term);
    check.need("A10", named, "the safeguard of a transfer is not named");
    check.need("A10", with_copy || !named, "how to get a copy of the safeguard is not said beside it");
}

fn retention(check: &mut Check<'_>, facts: &NoticeFacts) {
    let mut stated = BTreeSet::new();
    for s in check.reading.sentences().filter(|s| s.words.keeping.is(&s.low) && !super::said::is_about_rights(s)) {
        stated.extend(s.words.period.found(&s.low).filter_map(|period| months_of(s.words, period)));
    }
    let right = stated.remove(&facts.retention_months);
    let vague = check.reading.sentences().any(|s| s.words.open_ended.is(&s.low) && s.words.keeping.is(&s.low));
    check.refuse("A11", vague, "the storage period is stated in words that set no end");
    check.need("A11", right, "the storage period is not stated as the policy has it");
    check.need("A11", stated.is_empty(), "another storage period is stated than the policy has");
}

fn sources(check: &mut Check<'_>, facts: &NoticeFacts) {
    let lines: Vec<&Lineage> = facts.values.iter().flat_map(|value| &value.lineage).collect();
    let reading = check.reading;
    let without: Vec<&str> =
        facts.values.iter().filter(|value| value.lineage.is_empty()).map(|value| value.field.as_str()).collect();
    check.need("A21", without.is_empty(), &format!("a value has no source: {}", without.join(", ")));
    let named: BTreeSet<String> = lines.iter().map(|line| place_of(line)).collect();
    let lower = reading.flat.to_lowercase().replace("www.", "");
    let unnamed = named.iter().filter(|place| !names_place(&lower, place)).count();
    check.need("A21", unnamed == 0, &format!("{unnamed} of {} sources are not named", named.len()));
    let mut undated = 0;
    for value in &facts.values {
        let of_value: BTreeSet<String> = value.lineage.iter().map(place_of).collect();
        for place in of_value {
            let first = value.lineage.iter().filter(|line| place_of(line) == place).map(|line| line.seen_at).min();
            undated += usize::from(!first.is_some_and(|seen_at| says_date(reading, seen_at)));
        }
    }
    check.need("A21", undated == 0, &format!("{undated} sources are named without the date they were read on"));
    visibility(check, &lines);
}

fn visibility(check: &mut Check<'_>, lines: &[&Lineage]) {
    let words = check.reading.target;
    // Labels such as "public professional profile" say nothing about a source.
    let labels: Vec<String> = Field::ALL.iter().map(|&field| fold(field_label(field, words.lang))).collect();
    let plain = |low: &str| labels.iter().fold(low.to_owned(), |text, label| text.replace(label.as_str(), " "));
    let sentences: Vec<String> = check.reading.sentences().map(|s| plain(&s.low)).collect();
    let says_hidden = sentences.iter().any(|low| words.not_public.is(low));
    let says_public = sentences.iter().any(|low| words.public.is(&words.not_public.erased(low)));
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
fn says_date(reading: &Reading, seen_at: Timestamp) -> bool {
    let dates: BTreeSet<Date> = (-1..=3)
        .filter_map(|hours| Offset::from_hours(hours).ok())
        .map(|offset| offset.to_datetime(seen_at).date())
        .collect();
    dates.into_iter().flat_map(|date| dates::forms(date, reading.target)).any(|form| reading.says_any_case(&form))
}

fn values_held(check: &mut Check<'_>, facts: &NoticeFacts) {
    let reading = check.reading;
    let missing: Vec<&str> =
        facts.values.iter().filter(|value| !shows(reading, value)).map(|value| value.field.as_str()).collect();
    let of = facts.values.len();
    let detail = format!("{} of {of} values held are not shown: {}", missing.len(), missing.join(", "));
    check.need("B04", missing.is_empty(), &detail);
    let flat = reading.flat.to_lowercase();
    let strangers = mailboxes(&flat).filter(|mailbox| !reading.known.contains(*mailbox)).count();
    check.need("B04", strangers == 0, &format!("{strangers} mailboxes are shown that are not among the facts"));
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

fn date_and_reference(check: &mut Check<'_>, facts: &NoticeFacts) {
    let reading = check.reading;
    let forms = match facts.obtained_on.parse::<Date>() {
        Ok(date) => dates::forms(date, reading.target),
        Err(_) => vec![facts.obtained_on.clone()],
    };
    // Where a sentence says when the data were collected, that sentence counts; a source's date does not stand in.
    let of_source = |s: &Sentence| {
        s.words.public.is(&s.low) || s.words.not_public.is(&s.low) || s.low.contains(super::reading::URL_WORD)
    };
    let stated: Vec<String> = reading
        .sentences()
        .filter(|s| s.words.collected.is(&s.low) && s.raw.chars().any(|c| c.is_ascii_digit()) && !of_source(s))
        .map(|s| s.raw.to_lowercase())
        .collect();
    let says = |form: &String| match stated.as_slice() {
        [] => reading.says_any_case(form),
        sentences => sentences.iter().any(|sentence| finds(sentence, &form.to_lowercase())),
    };
    check.need("B05", forms.iter().any(says), "the date on which the data were obtained is missing");
    check.need("B05", reading.says(&facts.reference), "the reference is missing");
}

/// Our own notice links to its sources and to the controller's privacy pages, and to nothing else.
fn links(check: &mut Check<'_>, facts: &NoticeFacts) {
    let ours = domains_of_controller(facts);
    let known = &check.reading.known;
    let stray = urls(&check.reading.flat).filter(|url| !leads_to_privacy(url, known, &ours)).count();
    check.need("B06", stray == 0, &format!("{stray} links lead neither to a source nor to a privacy page"));
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
    const PAGES: [&str; 26] = [
        "privacy",
        "datenschutz",
        "dsgvo",
        "gdpr",
        "object",
        "opt-out",
        "optout",
        "unsubscribe",
        "widerspruch",
        "abmeld",
        "impressum",
        "imprint",
        "legal",
        "confidentialite",
        "donnees",
        "rgpd",
        "opposition",
        "privacidad",
        "datos",
        "oposicion",
        "opposizione",
        "bezwaar",
        "rodo",
        "prywatnosc",
        "sprzeciw",
        "avg",
    ];
    let url = url.to_lowercase();
    let host = host_of(&url);
    let own_page = ours.iter().any(|domain| host == *domain || host.ends_with(&format!(".{domain}")));
    known.contains(url.trim_end_matches('/')) || own_page && PAGES.iter().any(|page| url.contains(page))
}

/// What surrounds the words of a notice of our own.
pub(super) fn known_of(facts: &NoticeFacts) -> Known {
    let controller = &facts.controller;
    let mut own: Vec<&str> = vec![&controller.legal_name, &controller.address];
    own.extend(controller.dpo.iter().filter_map(|dpo| dpo.name.as_deref()));
    if let Some(representative) = &controller.representative {
        own.extend([representative.name.as_str(), representative.contact.as_str()]);
    }
    own.extend(facts.recipients.iter().map(|recipient| recipient.name.as_str()));
    for value in &facts.values {
        own.push(&value.value);
        for line in &value.lineage {
            own.extend(line.quote.as_deref());
            own.extend(line.source_url.as_deref());
            own.push(line.source.as_str());
        }
    }
    let mut others: Vec<&str> = vec![&controller.email, &facts.reply_to];
    others.extend(controller.privacy_url.as_deref());
    others.extend(controller.dpo.as_ref().map(|dpo| dpo.email.as_str()));
    others.extend(controller.authorities.values().map(String::as_str));
    others.extend(facts.purposes.iter().flat_map(|purpose| purpose.sentence.values()).map(String::as_str));
    others.extend(facts.interest.values().map(String::as_str));
    let texts: Vec<String> = own.iter().chain(&others).map(|text| one_line(text).to_lowercase()).collect();
    Known { facts: to_take_out(facts, own), texts: texts.join("\n"), foreign: false }
}

/// The texts that are facts rather than words of the notice, as they stand once addresses of pages are out.
fn to_take_out<'a>(facts: &'a NoticeFacts, mut texts: Vec<&'a str>) -> Vec<String> {
    texts.push(&facts.reference);
    texts.extend(facts.authority());
    let labels: Vec<&str> = Field::ALL.iter().map(|&field| field_label(field, &facts.lang)).collect();
    let mut lines: Vec<String> = texts.into_iter().map(one_line).filter(|text| worth_taking_out(text)).collect();
    lines.retain(|text| !labels.contains(&text.as_str()));
    // Addresses inside a fact have become a word by the time that facts are taken out.
    for line in &mut lines {
        let plain = without(line, &[]);
        if plain.chars().any(char::is_alphabetic) && plain != MAIL_WORD {
            *line = plain;
        }
    }
    lines.retain(|line| line != super::reading::URL_WORD && line != MAIL_WORD && line != "·");
    lines.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    lines.dedup();
    lines
}

/// A single character or a lone number would take words of the notice apart.
fn worth_taking_out(text: &str) -> bool {
    text.chars().count() > 1 && text.chars().any(char::is_alphabetic)
}

/// Returns the words for a notice's language.
pub(super) fn words_of(lang: &str) -> Option<&'static Words> {
    let lang = lang.trim().to_ascii_lowercase();
    Words::of(lang.split(['-', '_']).next().unwrap_or_default())
}
