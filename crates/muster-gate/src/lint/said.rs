//! What a notice has to say about the sender and the data: the items A01 to A07, A12 and A21, whoever wrote it.
//!
//! Each item is looked for where it belongs: a storage period is not one that stands in a sentence about replies, and
//! a legal name is not one of a recipient.
//!
//! Invariant: an item is reported where nothing says it, where it is said in words that say nothing, or where the
//! notice says the contrary of what the context knows.

use std::sync::LazyLock;

use regex::Regex;

use super::citation;
use super::context::NoticeContext;
use super::evidence::{has_page_of_others, names_authority};
use super::fold::fold;
use super::reading::{MAIL_WORD, Paragraph, Reading, Sentence, URL_WORD, one_line};
use super::topic::may_be_said;
use crate::Defect;

/// A company's legal form, in the countries that the notices come from.
static LEGAL_FORM: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"\b(?:GmbH|gGmbH|mbH|AG|KGaA|KG|OHG|GbR|SE|UG|e\. ?[KV]\.|Ges\.m\.b\.H\.|Ltd|Limited|LLP|LLC|PLC|plc|Inc|Corp|DAC|CLG|Pvt|Pty|Pte|Kft|Zrt|Teoranta",
        r"|SAS|SASU|SARL|EURL|SNC|SCA|SCS|SRL|SNC|SPA|SL|SLU|SLNE|SA|BV|NV|VOF|SpA|Srl|Sàrl|SPRL|ASBL|ApS|A/S|AB|Oy|AS)\b",
        r"|\b(?i:designated activity company|company limited by guarantee|co-?operative|cooperativa|coöperatie|genossenschaft|spółdzielnia)\b",
        r"|\b[Ss]\. ?[Cc]oop\b|\b[Ss]oc\. ?[Cc]oop\b|\beG\b",
        r"|\b[Ss]\. ?[Aa]\. ?(?:[RrSs]\. ?[Ll]\.?)?|\bS\. ?L\.(?: ?U\.)?|\b[Ss]\. ?[Rr]\. ?[Ll]\.|\b[Ss]\. ?[Pp]\. ?[Aa]\.|\bB\. ?V\.|\bN\. ?V\.",
        r"|\bK\. ?K\.|\b[Ss]\. ?r\. ?o\.|\bd\. ?o\. ?o\.|\ba\. ?s\.|\bV\. ?O\. ?F\.|\b[Ss]p\. ?z ?o\. ?o\.|\b[Ss]p\. ?[jkp]\.|\bS\. ?K\. ?A\.|\bspółka (?:z|akcyjna|jawna|komandytowa)|\bVerein\b|\bStichting\b|\bFundacja\b",
    ))
});
/// A postal code with its place, or the other way round.
static POSTCODE: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"\b(?:[A-Z]{1,2}-)?\d{5} \p{Lu}|\b(?:[A-Z]{1,2}-)?(?:1[0-8]|2[1-9]|[3-9]\d)\d\d \p{Lu}|\b\d{4} ?[A-Z]{2}\b,? \p{Lu}|\b\d{2}-\d{3} \p{Lu}",
        r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b[A-Z]\d[\dW] ?[A-Z\d]{4}\b|\b[A-Z]{2} \d{5}\b|\p{L}+,? \d{5}\b",
    ))
});
/// A street with its number.
static STREET: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"(?i)\b\p{L}+(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ufer|damm|ring|straat|laan|plein|gracht|kade|dijk|singel) \d",
        r"|\b(?:straße|weg|platz|allee|rue|avenue|boulevard|place|quai|chemin|allée|cours|impasse|calle|c/|avenida|avda\.?|paseo|plaza|ronda|carrer|via|viale|corso|piazza|largo|ulica|ul\.|aleja|aleje|al\.|plac|pl\.|os\.)[^.;:]{0,40}?\d",
        r"|\b\d{1,4}[a-z]?(?: ?(?:bis|ter))?,? (?:rue|avenue|boulevard|place|quai|chemin|allée|cours|impasse|route)\b",
        r"|\b\d{1,4}[a-z]? (?:\p{L}+ ){1,3}(?:street|road|avenue|lane|quay|square|drive|way|court|row|place|close|house|park|st|rd)\b",
    ))
});
/// A box at a post office.
static POST_BOX: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:p\.? ?o\.? box|postfach|postbus|bo[iî]te postale|b\.? ?p\.?|apartado(?: de correos)?|apdo\.?|casella postale|c\. ?p\.|skr\.? ?poczt\.?|skrytka pocztowa) \d",
    )
});
/// A house number and a place, in an address that has neither a postal code nor a known kind of street.
static NUMBER_AND_PLACE: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?:^|[^+\d])\b\d{1,4}(?:-\d+)*[a-zA-Z]?,? \p{Lu}\p{L}+|\p{Lu}\p{L}+,? \d{1,4}[a-zA-Z]?(?:/\d+)?,")
});
/// Words, a house number, a mark, and a place with or without its code, right behind a name.
static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"^[^.@]{0,12}[,;|·•(–—-] ?(?:\p{L}[\p{L}.'’/-]* ){1,6}\d{1,4}[a-zA-Z]?(?:[/-]\d{1,4})?(?:, ?[\p{L}\d°º]+)?[,;|·•–—-]? ?(?:[A-Z]{1,2}-)?[\d -]{0,8}\p{Lu}\p{L}",
        r"|^[^.@]{0,12}[,;|·•(–—-] ?\d{1,4}[a-zA-Z]?,? (?:\p{L}[\p{L}.'’-]* ?){1,5}[,;|·•–—-] ?(?:[\d -]{0,8})\p{Lu}\p{L}",
    ))
});
/// A line that is an address: a house number, a street and a place, in either order.
static LINE_OF_PLACE: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"(?:^|: )\d{1,4}[A-Za-z]?,? (?:\p{L}[\p{L}.'’-]* ?){1,5}, ?(?:[\p{L}\d -]+, ?)*[\d -]{0,8}\p{Lu}\p{L}",
        r"|(?:^|: )(?:\p{Lu}[\p{L}.'’-]* )(?:\p{L}[\p{L}.'’-]* ){0,4}\d{1,4}[a-zA-Z]?(?:/\d+)?, ?[\d -]{0,8}\p{Lu}\p{L}",
    ))
});
/// A name of two words or more with capitals.
static CAPITALS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:\p{Lu}[\p{L}\d&'’.-]+)(?: (?:(?:&|de|del|della|di|da|du|des|van|von|und|i|y|et|and|of|the|der|den|dla) )?\p{Lu}[\p{L}\d&'’.-]*)+",
    )
});
static QUOTED_NAME: LazyLock<Regex> = LazyLock::new(|| regex(r#"[„“«"][^„“”«»"]{3,80}[“”»"]"#));
/// A file that was named as a source.
static FILE: LazyLock<Regex> = LazyLock::new(|| regex(r"\b[\w-]+\.(?:csv|xlsx?|jsonl?|tsv|pdf|xml)\b"));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is part of the source, and every test of the linter compiles it")
}

/// What one check sees.
pub(super) struct Check<'a> {
    pub reading: &'a Reading,
    pub context: &'a NoticeContext,
    pub defects: Vec<Defect>,
}

impl<'a> Check<'a> {
    pub(super) fn new(reading: &'a Reading, context: &'a NoticeContext) -> Self {
        Self { reading, context, defects: Vec::new() }
    }

    pub(super) fn need(&mut self, item: &'static str, holds: bool, detail: &str) {
        if !holds {
            self.defects.push(Defect::new(item, detail));
        }
    }

    /// Demands what a passage of its own says: without one that the rules know, one that could be it in other words.
    pub(super) fn find(&mut self, item: &'static str, holds: bool, detail: &str) {
        let known_hand = !self.reading.unknown_hand;
        if !holds && (known_hand || !may_be_said(self.reading, item)) {
            self.defects.push(Defect::new(item, detail));
        }
    }

    pub(super) fn refuse(&mut self, item: &'static str, found: bool, detail: &str) {
        self.need(item, !found, detail);
    }
}

/// Returns whether a company's legal form stands in a text.
pub(super) fn has_legal_form(raw: &str) -> bool {
    LEGAL_FORM.is_match(raw)
}

/// Returns whether a postal address stands in a text.
pub(super) fn has_address(raw: &str) -> bool {
    [&POSTCODE, &STREET, &LINE_OF_PLACE, &POST_BOX].iter().any(|place| place.is_match(raw))
}

/// Checks the items A01 to A07, A12 and A21.
pub(super) fn check(reading: &Reading, context: &NoticeContext) -> Vec<Defect> {
    let mut check = Check::new(reading, context);
    controller(&mut check);
    officers(&mut check);
    purposes(&mut check);
    basis(&mut check);
    categories(&mut check);
    interest(&mut check);
    sources(&mut check);
    check.defects
}

/// Whether a sentence is about somebody other than the controller.
pub(super) fn is_others(sentence: &Sentence) -> bool {
    let words = sentence.words;
    [&words.authority, &words.complain, &words.representative, &words.dpo].iter().any(|list| list.is(&sentence.low))
}

/// The paragraphs in which the controller is introduced, and the letterhead and signature.
fn about_controller<'a>(check: &Check<'a>) -> Vec<&'a Paragraph> {
    let reading = check.reading;
    let name = check.context.controller.as_deref().map(one_line).unwrap_or_default();
    let last = reading.paragraphs.len();
    let mut near = 0;
    let mut about = Vec::new();
    for (index, paragraph) in reading.paragraphs.iter().enumerate() {
        let words = paragraph.words;
        let named = !name.is_empty() && paragraph.flat.contains(&name);
        let introduced =
            words.controller.is(&paragraph.low) || paragraph.heading_words.controller.is(&paragraph.heading);
        if named || introduced || words.we_are.is(&paragraph.low) {
            near = 2;
        }
        if near > 0 || index < 3 || index + 3 >= last {
            about.push(paragraph);
        }
        near = if paragraph.is_heading { near } else { usize::saturating_sub(near, 1) };
    }
    about
}

fn controller(check: &mut Check<'_>) {
    let reading = check.reading;
    let about = about_controller(check);
    let named = match &check.context.controller {
        Some(name) => {
            let plain = |text: &str| fold(text).replace([',', '.', ' '], "");
            plain(&reading.flat).contains(&plain(name))
        }
        None => names_some_controller(&about),
    };
    check.need("A01", named, "the controller's full legal name is missing");
    let is_label = |p: &Paragraph| p.heading_words.hold.is(&p.heading) && !p.heading_words.controller.is(&p.heading);
    let own = |p: &&Paragraph| !p.words.source.is(&p.heading) && !is_label(p) && !p.words.recipients.is(&p.heading);
    let of_person = |p: &Paragraph, s: &Sentence| {
        let valued = super::form::label_of_value(s).is_some();
        s.persons_mailbox || s.words.fields_in(&s.low) > 0 && (s.words.hold.is(&s.low) || valued) && !writes_to_us(p)
    };
    let address = about.iter().copied().filter(own).any(|p| {
        let of_sender = |s: &Sentence| s.words.controller.is(&s.low) && NUMBER_AND_PLACE.is_match(&s.raw);
        let given = |s: &Sentence| (has_address(&s.raw) || of_sender(s)) && !is_others(s) && !of_person(p, s);
        p.sentences.iter().any(given) || lines_are_address(p)
    });
    let placed =
        |s: &Sentence| has_address(&s.raw) || s.words.address_word.is(&s.low) && NUMBER_AND_PLACE.is_match(&s.raw);
    // An address beside the sender's mailbox is the sender's, wherever it stands.
    let beside = reading
        .paragraphs
        .iter()
        .filter(own)
        .any(|p| writes_to_us(p) && p.sentences.iter().any(|s| placed(s) && !is_others(s) && !of_person(p, s)));
    let address = address || beside || is_named_with_place(check);
    check.need("A02", address, "the controller's postal address is missing");
    let mailbox = reading.sentences().any(|s| {
        let officer = s.words.dpo.is(&s.low) && !s.words.negation.is(&s.low);
        let others = officer || [&s.words.authority, &s.words.representative].iter().any(|list| list.is(&s.low));
        s.low.contains(MAIL_WORD) && (!others || s.words.controller.is(&s.low)) && !s.persons_mailbox
    });
    check.need("A02", mailbox, "the controller's e-mail address is missing");
}

/// Whether a paragraph has a mailbox of the sender, and is not about an authority, a representative or an officer.
fn writes_to_us(p: &Paragraph) -> bool {
    p.sentences.iter().any(|s| s.low.contains(MAIL_WORD) && !s.persons_mailbox && !is_others(s))
}

/// Whether a house number and a place stand close behind the controller's name: `Name, Old Mill 4, Newtown`.
fn is_named_with_place(check: &Check<'_>) -> bool {
    let Some(name) = check.context.controller.as_deref().map(one_line) else { return false };
    check.reading.flat.match_indices(&name).any(|(at, _)| {
        let near: String = check.reading.flat.get(at + name.len()..).unwrap_or_default().chars().take(110).collect();
        PLACE.is_match(&near)
    })
}

/// Whether a legal form stands where a controller is introduced or writes, and not with a recipient, source or employer.
fn names_some_controller(about: &[&Paragraph]) -> bool {
    let introduced = |p: &Paragraph| {
        p.words.controller.is(&p.low) || p.words.we_are.is(&p.low) || p.heading_words.controller.is(&p.heading)
    };
    let formed = |p: &Paragraph| {
        p.sentences.iter().any(|s| {
            let others = is_others(s) || s.words.recipients.is(&s.low) || s.words.source.is(&s.low);
            has_legal_form(&s.raw) && !others && (super::form::label_of_value(s).is_none() || writes_to_us(p))
        })
    };
    let plain = |p: &Paragraph| {
        let others = p.words.recipients.is(&p.whole()) || p.words.source.is(&p.whole());
        formed(p)
            && (!others || writes_to_us(p))
            && p.words.fields_in(&p.low) < 3
            && !p.heading_words.hold.is(&p.heading)
    };
    let any_introduced = about.iter().any(|p| introduced(p));
    about
        .iter()
        .any(|p| introduced(p) && formed(p) || plain(p) && (any_introduced || has_address(&p.flat) || writes_to_us(p)))
}

/// Whether an address is spread over the lines of a paragraph that is not about others.
fn lines_are_address(paragraph: &Paragraph) -> bool {
    has_address(&paragraph.flat)
        && paragraph.sentences.iter().all(|sentence| !is_others(sentence))
        && paragraph.words.fields_in(&paragraph.low) < 3
}

fn officers(check: &mut Check<'_>) {
    let reading = check.reading;
    if check.context.representative_needed == Some(true) {
        let named = reading.paragraphs.iter().any(|p| {
            let said = p.words.representative.is(&p.whole()) || citation::cites(&p.low, 27);
            said && has_contact(&p.flat, &p.low)
        });
        check.find("A03", named, "the representative with their contact is missing");
    }
    let appointed = check.context.dpo_appointed;
    let denied = reading.sentences().any(|s| s.words.dpo.is(&s.low) && s.words.negation.is(&s.low));
    if appointed == Some(true) {
        let near = |index: usize, p: &Paragraph| {
            let next = reading.paragraphs.get(index + 1).filter(|_| p.is_heading);
            has_contact(&p.flat, &p.low) || next.is_some_and(|next| has_contact(&next.flat, &next.low))
        };
        let said = |p: &Paragraph| p.sentences.iter().any(|s| s.words.dpo.is(&s.low) && !s.words.negation.is(&s.low));
        let given = reading.paragraphs.iter().enumerate().any(|(index, p)| said(p) && near(index, p));
        check.find("A04", given || denied, "the data protection officer's contact is missing");
        check.refuse("A04", denied, "an officer was appointed, and the notice denies it");
    } else if appointed == Some(false) {
        let given = reading
            .sentences()
            .any(|s| s.words.dpo.is(&s.low) && !s.words.negation.is(&s.low) && s.low.contains(MAIL_WORD));
        check.refuse("A04", given && !denied, "a data protection officer is named, but none is appointed");
    }
}

fn has_contact(raw: &str, low: &str) -> bool {
    let digits = raw.chars().filter(char::is_ascii_digit).count();
    low.contains(MAIL_WORD) || low.contains(URL_WORD) || has_address(raw) || raw.contains('+') && digits > 6
}

/// Whether a sentence is about rights, replies or the objection, and not about the processing.
pub(super) fn is_about_rights(sentence: &Sentence) -> bool {
    let words = sentence.words;
    let complains = words.complain.is(&sentence.low);
    let complains = complains && (words.authority.is(&sentence.low) || names_authority(&sentence.raw));
    words.object.is(&sentence.low) || words.rights.is(&sentence.low) || complains
}

fn purposes(check: &mut Check<'_>) {
    let reading = check.reading;
    let vague = reading.sentences().any(|s| {
        let other = s.words.negation.is(&s.low) || is_about_rights(s) || s.words.open_ended.is(&s.low);
        s.words.vague_purpose.is(&s.low) && !other
    });
    let stated = reading.paragraphs.iter().any(|p| {
        p.sentences.iter().any(|s| {
            let (words, low) = (s.words, &s.low);
            let under =
                p.under(s, |w| &w.purpose_heading) && !p.heading_words.object.is(&p.heading) && s.low != p.heading;
            let refusal = words.marketing.before(low).is_some_and(|before| words.negation.is(before));
            let elsewhere = refusal
                || is_about_rights(s)
                || words.keeping.is(low) && words.period.is(low)
                || words.vague_purpose.is(low);
            let bare = !citation::letters(low).is_empty() && !words.purpose_heading.is(low);
            let interest = words.legitimate_interest.is(low) || words.interest_is.is(low) || words.consent.is(low);
            // A product and what it is good for make a purpose in any words.
            let aims = words.offering.is(low) && words.aim.is(low) && !interest && !words.no_sharing.is(low);
            let aims = aims && !low.contains(MAIL_WORD) && !words.advertising.is(low) && !is_about_else(p, s);
            let said = words.purpose.is(low) || aims || under && low.split(' ').count() > 3 && !interest;
            said && !elsewhere && !bare && (s.low != p.heading || p.sentences.len() == 1 && !p.is_heading)
        })
    });
    check.find("A05", stated, "no purpose is stated");
    check.refuse("A05", vague, "a purpose is stated in words that say nothing");
}

/// Whether a sentence belongs to a passage on interests, recipients, storage or machines, and so states no purpose.
fn is_about_else(p: &Paragraph, s: &Sentence) -> bool {
    let heading = &p.heading_words;
    let headed =
        [&heading.interest_word, &heading.recipients_heading, &heading.keeping_heading, &heading.automated_heading];
    let machine = s.words.by_machine.is(&p.low) || s.words.automated.is(&p.low);
    let told = [&s.words.interest_word, &s.words.free, &s.words.one_month, &s.words.source];
    let purposeful = heading.purpose_heading.is(&p.heading);
    // "What we gain is .... Both are legitimate interests."
    let next = p.sentences.iter().skip_while(|other| !std::ptr::eq(*other, s)).nth(1);
    let concluded =
        next.is_some_and(|next| next.words.points_back.is(&next.low) && next.words.interest_word.is(&next.low));
    let sectioned = p.section > 1 || p.headed;
    sectioned && headed.iter().any(|list| list.is(&p.heading)) && !purposeful
        || machine
        || concluded
        || told.iter().any(|list| list.is(&s.low))
        || has_legal_form(&s.own)
}

fn basis(check: &mut Check<'_>) {
    let reading = check.reading;
    let mut cited: Vec<char> = Vec::new();
    let mut consents = false;
    for sentence in reading.sentences() {
        let (words, low) = (sentence.words, &sentence.low);
        if words.negation.is(low) && (words.consent.is(low) || citation::letters(low).contains(&'a')) {
            continue;
        }
        let letters = citation::letters(low);
        let other = [&words.silence, &words.object, &words.withdraw, &words.take_back];
        consents |= words.consent.is(low) && !other.iter().any(|list| list.is(low));
        cited.extend(letters);
    }
    match check.context.basis {
        Some(letter) => {
            let said = cited.contains(&letter);
            check.need("A06", said, &format!("the legal basis is not stated with its article, 6(1)({letter})"));
            let contrary = letter != 'a' && (consents || cited.contains(&'a'));
            check.refuse("A06", contrary, &format!("consent is stated as a basis, but the basis is 6(1)({letter})"));
        }
        None => check.need("A06", !cited.is_empty(), "the legal basis is not stated with its article"),
    }
}

fn categories(check: &mut Check<'_>) {
    let mut stated = false;
    let paragraphs = &check.reading.paragraphs;
    for (index, p) in paragraphs.iter().enumerate() {
        let words = p.words;
        let next = paragraphs.get(index + 1).filter(|_| p.low.ends_with(':') || p.is_heading);
        let fields = kinds_named(p).max(next.map_or(0, kinds_named));
        let headed = kinds_named(p) >= 2
            && (p.heading_words.categories.is(&p.heading)
                || p.sentences.iter().any(|s| p.under(s, |w| &w.categories) && s.words.fields_in(&s.low) >= 2));
        let marked = words.categories.is(&p.low) && fields >= 2;
        // "The following data" introduces what is held; where values follow, their labels are the categories.
        let shown = words.fields_in(&p.low).max(next.map_or(0, |next| next.words.fields_in(&next.low)));
        let following = words.following_data.is(&p.low) && shown >= 3;
        let in_prose = p.sentences.iter().any(|s| {
            let headed = p.heading_words.hold.is(&p.heading) && super::form::label_of_value(s).is_none();
            let held = headed || s.words.hold.is(&s.low) || s.words.keeping.is(&s.low) || s.words.source.is(&s.low);
            let list = s.words.fields_in(&s.low) >= 2 && s.raw.matches([',', ';']).count() >= 2 && headed;
            held && (s.words.fields_in(&s.low) >= 3 || list) && !s.raw.contains('@')
        });
        // Three kinds in a sentence without a value are categories, whatever the sentence calls them.
        let listed = p.sentences.iter().any(|s| {
            let valued =
                super::form::label_of_value(s).is_some() || s.raw.contains('@') || super::form::shows_values(s);
            let decides = s.words.automated.is(&p.whole()) || s.words.by_machine.is(&p.low);
            s.words.fields_in(&s.low) >= 3 && !valued && !decides && s.low != p.heading
        });
        stated |= headed || marked || following || in_prose || listed;
    }
    check.find("A07", stated, "the categories of data are not named");
}

/// Counts the kinds of data that a paragraph names other than as labels of values.
fn kinds_named(p: &Paragraph) -> usize {
    let plain: Vec<&str> =
        p.sentences.iter().filter(|s| super::form::label_of_value(s).is_none()).map(|s| s.low.as_str()).collect();
    p.words.fields_in(&plain.join(". "))
}

/// Whether two words with capitals that are no common words stand together in a text.
pub(super) fn has_name(raw: &str, words: &super::words::Words) -> bool {
    let known = |word: &str| {
        let low = fold(word);
        let stands = |list: &[String]| list.binary_search(&low).is_ok();
        stands(&words.common) || stands(&words.speech) || low.starts_with("europ")
    };
    CAPITALS.find_iter(raw).any(|found| {
        let parts = found.as_str().split(' ').filter(|word| word.starts_with(char::is_uppercase) && !known(word));
        // German nouns have capitals, whatever stands between them.
        let apart = words.lang == "de" && found.as_str().split(' ').any(|word| word.starts_with(char::is_lowercase));
        // The first word of a sentence has a capital in any case.
        !apart && parts.count() > 1 + usize::from(found.start() == 0 && !raw.starts_with(['-', '*', '•']))
    })
}

/// Whether a sentence names an organisation by two capitalised words, other than the controller or an authority.
pub(super) fn names_organisation(s: &Sentence, heading: &str, controller: &str) -> bool {
    let raw = if controller.is_empty() { s.raw.clone() } else { s.raw.replace(controller, " ") };
    let named = has_name(&raw, s.words);
    named && !is_others(s) && s.low != heading && !s.words.no_transfer.is(&s.low)
}

/// Fewest words that make an interest concrete, without the words of law around it.
const INTEREST_WORDS_MIN: usize = 4;

/// Whether a folded text has words of its own besides those of law.
pub(super) fn concrete(words: &super::words::Words, low: &str) -> bool {
    let rest = words.law_words.erased(&words.legitimate_interest.erased(&citation::without_law(low)));
    rest.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.len() > 3).count() >= INTEREST_WORDS_MIN
}

fn interest(check: &mut Check<'_>) {
    if check.context.basis != Some('f') {
        return;
    }
    let mut stated = false;
    for p in &check.reading.paragraphs {
        let (mut after_name, mut asked) = (false, false);
        let mut before = String::new();
        for s in &p.sentences {
            let (words, low) = (s.words, &s.low);
            let named = words.legitimate_interest.is(low);
            let under = p.under(s, |w| &w.legitimate_interest) || p.under(s, |w| &w.interest_word);
            let rights = words.object.is(low) || words.rights.is(low);
            let other =
                [&words.purpose, &words.keeping, &words.categories, &words.recipients, &words.source, &words.free];
            let begun = after_name && (asked || !other.iter().any(|list| list.is(low)));
            let spoken = words.interest_word.is(low) && !words.negation.is(low);
            stated |= (named || under || begun || spoken) && !rights && concrete(words, low);
            // "What we gain is .... Both are legitimate interests."
            stated |= named && words.points_back.is(low) && concrete(words, &before);
            before.clone_from(low);
            stated |=
                words.interest_is.is(low) && words.interest_is.behind(low).is_some_and(|rest| concrete(words, rest));
            asked = named && low.ends_with('?');
            after_name = named && low.ends_with([':', '.', '?']) && low.split(' ').count() <= 24 && !rights;
        }
    }
    check.find("A12", stated, "the legitimate interest is not stated in its own words");
}

fn sources(check: &mut Check<'_>) {
    let controller = check.context.controller.as_deref().map(one_line).unwrap_or_default();
    let controller_urls =
        |s: &Sentence| s.words.rights.is(&s.low) || s.words.controller.is(&s.low) || s.words.object.is(&s.low);
    let stated = check.reading.paragraphs.iter().any(|p| {
        let headed = p.heading_words.source.is(&p.heading) && !p.is_heading;
        p.sentences.iter().any(|s| {
            let under = headed || p.under(s, |w| &w.source_heading);
            let about = under || s.words.source.is(&s.low);
            let known = s.low.contains(URL_WORD) || s.words.registers.is(&s.low) || FILE.is_match(&s.raw);
            let called = QUOTED_NAME.is_match(&s.raw)
                || has_legal_form(&s.own)
                || under && names_organisation(s, &p.heading, &controller);
            let named = called && super::form::label_of_value(s).is_none();
            let page = has_page_of_others(&s.raw, &check.reading.offices);
            let theirs = page
                && !is_about_rights(s)
                && !p.words.object.is(&p.low)
                && !is_others(s)
                && !s.words.advertising.is(&s.low);
            theirs || about && !controller_urls(s) && (known || named && !is_others(s))
        }) || p.words.source.is(&p.low) && p.low.contains(URL_WORD) && !p.sentences.iter().any(controller_urls)
    });
    check.find("A21", stated, "no source is named");
}
