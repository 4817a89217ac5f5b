//! What a notice has to say about the person's rights: A13 to A20, A22, and how: B02, B03.
//!
//! A right counts where it is granted: in a passage on rights or in a sentence that says what the person may do. The
//! block on direct marketing is read apart, because it must say nothing else.
//!
//! Invariant: the objection block never stands in for another right.

use std::collections::BTreeMap;

use super::citation::cites;
use super::context::NoticeContext;
use super::evidence::{has_page_of_others, names_authority};
use super::reading::{MAIL_WORD, Paragraph, Reading, Sentence, URL_WORD};
use super::said::{Check, has_address};
use super::words::{Matcher, Words};
use crate::Defect;

/// The share of a block, in percent, that has to be about the objection, so that the block is one of its own.
const OWN_PERCENT_MIN: usize = 60;

/// Checks the rights; `strict` asks for an objection that is early, headed or boxed.
pub(super) fn check(reading: &Reading, context: &NoticeContext, strict: bool) -> Vec<Defect> {
    let mut check = Check::new(reading, context);
    let blocks: Vec<&Paragraph> = reading.paragraphs.iter().filter(|p| grants_objection(p)).collect();
    let pure: Vec<&Paragraph> = blocks.iter().copied().filter(|p| is_pure(p)).collect();
    rights(&mut check, &pure, strict);
    withdrawal(&mut check);
    automated(&mut check);
    if is_marketing(reading, context) {
        objection(&mut check, &blocks, &pure, strict);
    }
    easy(&mut check, &pure);
    check.defects
}

/// Whether the data serve direct marketing, as far as one can know: a purpose that is plainly another needs no
/// objection to marketing.
fn is_marketing(reading: &Reading, context: &NoticeContext) -> bool {
    const MARKETING: [&str; 18] = [
        "marketing",
        "werb",
        "advert",
        "prospe",
        "mailing",
        "sales",
        "vertrieb",
        "vente",
        "venta",
        "vendit",
        "verkoop",
        "sprzeda",
        "publicid",
        "reclam",
        "pubblicit",
        "promo",
        "akqui",
        "acqui",
    ];
    const CONTACTS: [&str; 5] = ["contact", "kontakt", "contatt", "b2b", "lead"];
    let Some(purpose) = &context.purpose else { return true };
    let low = super::fold::fold(purpose);
    // A directory of experts is none for advertising, where its notice speaks of none.
    let told = || reading.sentences().any(|s| s.words.marketing.is(&s.low) && !s.words.negation.is(&s.low));
    MARKETING.iter().chain(&CONTACTS).any(|stem| low.contains(stem)) || low.trim().is_empty() || told()
}

/// Whether a paragraph tells of the objection to direct marketing, and is more than a heading.
fn grants_objection(p: &Paragraph) -> bool {
    if p.is_heading {
        return false;
    }
    let heading = if p.headed { p.heading.as_str() } else { "" };
    let marketing = p.words.marketing.is(&p.low) || p.heading_words.marketing.is(heading);
    let object = p.words.object.is(&p.low) || p.heading_words.object.is(heading);
    let body = || p.sentences.iter().filter(|s| s.low != p.heading);
    let acts = body().any(|s| s.words.object.is(&s.low) || s.words.may.is(&s.low));
    // One sentence or heading has to tie the two together.
    let next_to_each_other = p.sentences.windows(2).any(|pair| {
        let [one, two] = pair else { return false };
        let has = |s: &Sentence, list: fn(&Words) -> &Matcher| list(s.words).is(&s.low);
        has(one, |w| &w.marketing) && has(two, |w| &w.object) || has(one, |w| &w.object) && has(two, |w| &w.marketing)
    });
    let tied = p.sentences.iter().any(|s| s.words.object.is(&s.low) && s.words.marketing.is(&s.low))
        || next_to_each_other && !p.words.other_right.is(&p.low)
        || p.heading_words.object.is(heading) && p.words.marketing.is(&p.low)
        || p.heading_words.marketing.is(heading) && p.words.object.is(&p.low)
        || p.heading_words.marketing.is(heading) && p.heading_words.object.is(heading);
    marketing && object && acts && tied
}

/// Whether a block on the objection is about nothing else.
fn is_pure(p: &Paragraph) -> bool {
    if p.words.other_right.is(&p.low)
        || p.sentences.iter().any(|s| s.words.complain.is(&s.low) && s.words.authority.is(&s.low))
    {
        return false;
    }
    let about = |s: &Sentence| {
        let words = s.words;
        [&words.object, &words.marketing, &words.way, &words.free, &words.may].iter().any(|list| list.is(&s.low))
            || s.low.split(' ').count() <= 6
    };
    // What happens then belongs to it.
    let mut mine = 0;
    let mut all = 0;
    let mut after = false;
    for s in &p.sentences {
        let related = about(s) || after && (s.words.keeping.is(&s.low) || s.words.no_sharing.is(&s.low));
        after |= related;
        all += s.low.len();
        mine += if related { s.low.len() } else { 0 };
    }
    mine * 100 >= all * OWN_PERCENT_MIN
}

fn objection(check: &mut Check<'_>, blocks: &[&Paragraph], pure: &[&Paragraph], strict: bool) {
    if blocks.is_empty() {
        check.find("B02", false, "the right to object to direct marketing is missing");
    } else if pure.is_empty() {
        check.need("B02", false, "the objection to direct marketing is mixed with other matters");
    } else {
        let length = check.reading.length;
        let placed = pure.iter().any(|p| {
            let early = p.begins * 3 <= length;
            let headed = p.headed && p.heading_words.object.is(&p.heading);
            early || headed || p.boxed || !strict
        });
        check.need("B02", placed, "the objection to direct marketing is buried in the notice");
    }
}

/// One right with its item and article.
struct Right {
    item: &'static str,
    name: &'static str,
    article: u8,
    word: fn(&Words) -> &Matcher,
}

const RIGHTS: [Right; 6] = [
    Right { item: "A13", name: "access", article: 15, word: |words| &words.access },
    Right { item: "A14", name: "rectification", article: 16, word: |words| &words.rectification },
    Right { item: "A15", name: "erasure", article: 17, word: |words| &words.erasure },
    Right { item: "A16", name: "restriction", article: 18, word: |words| &words.restriction },
    Right { item: "A17", name: "objection", article: 21, word: |words| &words.object },
    Right { item: "A18", name: "data portability", article: 20, word: |words| &words.portability },
];

/// Fewest rights that make a passage a list of rights.
const RIGHTS_LISTED_MIN: usize = 3;

/// Fewest rights of a section in which "you may" grants one.
const RIGHTS_NEAR_MIN: usize = 2;

/// Counts the rights that a folded text names.
fn rights_named(words: &Words, low: &str) -> usize {
    RIGHTS.iter().filter(|right| (right.word)(words).is(low)).count()
}

/// Counts the rights that the paragraphs of each section name together, other than in the objection's own block.
fn rights_by_section(paragraphs: &[Paragraph], blocks: &[&Paragraph]) -> BTreeMap<usize, usize> {
    let mut text: BTreeMap<usize, (String, &'static Words)> = BTreeMap::new();
    // Without a heading, every paragraph is for itself.
    let in_section = |p: &&Paragraph| p.section > 0 && !blocks.iter().any(|block| std::ptr::eq(*block, *p));
    for p in paragraphs.iter().filter(in_section) {
        let (low, _) = text.entry(p.section).or_insert_with(|| (String::new(), p.words));
        low.push_str(&p.low);
        low.push_str(". ");
    }
    let count = |(low, words): (String, &'static Words)| rights_named(words, &low);
    text.into_iter().map(|(section, text)| (section, count(text))).collect()
}

fn rights(check: &mut Check<'_>, blocks: &[&Paragraph], authority_is_fact: bool) {
    let paragraphs = &check.reading.paragraphs;
    let listed = rights_by_section(paragraphs, blocks);
    for right in &RIGHTS {
        let mut zone = false;
        let granted = paragraphs.iter().any(|p| {
            let here = rights_named(p.words, &p.low);
            let of_section = listed.get(&p.section).copied().unwrap_or_default().max(here);
            let is_block = blocks.iter().any(|block| std::ptr::eq(*block, p));
            let bulleted = p.flat.starts_with(['-', '*', '•', '–', '|', '·', '▪']);
            let introduces = p.words.may.is(&p.low) && p.low.ends_with([':', '-']);
            zone = p.words.rights.is(&p.low) || introduces || bulleted && zone;
            let headed = p.heading_words.rights.is(&p.heading) || p.heading_words.may.is(&p.heading);
            // Where several rights stand together, rights are listed.
            let in_zone = zone || headed && !p.is_heading || of_section >= RIGHTS_LISTED_MIN;
            if is_block {
                return right.item == "A17" && (p.words.any_processing.is(&p.low) || is_general(p));
            }
            p.sentences.iter().any(|s| {
                let words = s.words;
                let word = (right.word)(words);
                if !word.is(&s.low) {
                    return false;
                }
                let marketing_only = right.item == "A17"
                    && words.marketing.is(&s.low)
                    && !words.any_processing.is(&s.low)
                    && !words.other_right.is(&s.low);
                let storage = right.item == "A15"
                    && words.period.is(&s.low)
                    && !words.rights.is(&s.low)
                    && rights_named(words, &s.low) < RIGHTS_LISTED_MIN;
                let offered = words.may.is(&s.low) && of_section >= RIGHTS_NEAR_MIN;
                let here = in_zone || words.rights.is(&s.low) || offered || cites(&s.low, right.article);
                let transfer = right.item == "A13" && words.safeguards.is(&p.low) && !words.rectification.is(&p.low);
                let public = right.item == "A13" && words.source.is(&s.low) && s.low.contains(URL_WORD);
                here && !marketing_only && !storage && !transfer && !public && s.low != p.heading
            })
        });
        check.find(right.item, granted, &format!("the right to {} is missing", right.name));
    }
    let complained = paragraphs.iter().any(|p| grants_complaint(check.reading, p, authority_is_fact));
    check.find("A20", complained, "the right to complain to a supervisory authority that is named is missing");
}

/// Whether a paragraph says that one may complain, and to which authority, unless that is looked for as a fact.
fn grants_complaint(reading: &Reading, p: &Paragraph, authority_is_fact: bool) -> bool {
    let whole = p.whole();
    let complains = p.words.complain.is(&whole) || p.heading_words.complain.is(&p.heading);
    let generic = p.words.authority.is(&super::fold::fold(&p.flat)) || p.heading_words.authority.is(&p.heading);
    if names_authority(&p.flat) && !p.is_heading {
        return complains || generic || p.words.may.is(&p.low);
    }
    if authority_is_fact {
        // `exact` looks for the authority's name.
        return complains && generic;
    }
    // An authority that is not known by name is named by its page, mailbox or address.
    complains
        && generic
        && p.sentences.iter().any(|s| {
            let told = s.words.complain.is(&s.low) || s.words.authority.is(&s.low) || p.under(s, |w| &w.complain);
            let contact = s.low.contains(MAIL_WORD) && !s.persons_mailbox && !mail_is_ours(reading, s);
            told && (contact
                || has_page_of_others(&s.raw, &reading.offices)
                || has_address(&s.raw)
                || names_capitals(s))
        })
}

/// Whether a mailbox of a sentence stands elsewhere too, as the sender's own does.
fn mail_is_ours(reading: &Reading, s: &Sentence) -> bool {
    super::reading::mailboxes(&s.raw).any(|mailbox| reading.flat.matches(mailbox).count() > 1)
}

/// Whether a sentence names an office in a language without capitals for its nouns.
fn names_capitals(s: &Sentence) -> bool {
    s.words.lang != "de" && s.words.lang != "pl" && super::said::has_name(&s.raw, s.words)
}

/// Whether an objection block also has a sentence that objects to something other than marketing.
fn is_general(p: &Paragraph) -> bool {
    p.sentences.iter().any(|s| cites(&s.low, 21) && s.low.contains("21(1)"))
}

fn withdrawal(check: &mut Check<'_>) {
    // "Without effect on the past" denies nothing: what denies stands before.
    let said = check
        .reading
        .sentences()
        .any(|s| s.words.withdraw.before(&s.low).is_some_and(|before| !s.words.negation.is(before)));
    let named = check.reading.sentences().any(|s| s.words.withdraw.is(&s.low))
        || check.reading.paragraphs.iter().any(|p| {
            // "Your consent (article 6(1)(a)). You may revoke it whenever you like."
            p.words.consent_word.is(&p.whole()) && p.sentences.iter().any(|s| s.words.take_back.is(&s.low))
        });
    match check.context.basis {
        Some('a') => check.find("A19", named, "the right to withdraw consent is missing"),
        Some(letter) => {
            check.refuse("A19", said, &format!("consent cannot be withdrawn where the basis is 6(1)({letter})"));
        }
        None => {}
    }
}

fn automated(check: &mut Check<'_>) {
    let paragraphs = &check.reading.paragraphs;
    let denied = paragraphs.iter().any(denies_automated);
    match check.context.adm {
        Some(true) => {
            let stated = paragraphs.iter().any(|p| is_about_automated(p) && !denies_automated(p));
            let explained = paragraphs.iter().any(explains_automated);
            check.find("A22", stated && (explained || !denied), "automated decisions are made, but not stated");
            check.find("A22", explained || !stated, "logic and consequences of automated decisions are not explained");
        }
        Some(false) => {
            let stated = paragraphs.iter().any(|p| states_automated(p) && !denies_automated(p));
            check.refuse("A22", stated, "automated decisions are stated, but none are made");
        }
        None => {}
    }
}

/// Whether a paragraph stands under a heading on such decisions.
fn under_automated(p: &Paragraph) -> bool {
    let about = p.heading_words.automated.is(&p.heading) || p.heading_words.automated_heading.is(&p.heading);
    about && p.heading.split(' ').count() <= HEADING_WORDS_MAX && !p.is_heading
}

/// Whether a paragraph speaks of decisions by machines, and not of a right about them alone.
fn is_about_automated(p: &Paragraph) -> bool {
    let under = under_automated(p);
    under || p.sentences.iter().any(|s| names_machine(s) && !s.words.rights.is(&s.low))
}

fn names_machine(s: &Sentence) -> bool {
    let words = s.words;
    // "Deleted automatically", "a machine-readable file", "customers in automation".
    let other = [&words.keeping, &words.portability, &words.marketing, &words.passing];
    let automated = words.automated.is(&s.low) && !other.iter().any(|list| list.is(&s.low));
    automated || words.by_machine.is(&s.low)
}

/// "Or not" in seven languages, folded.
const OR_NOT: [&str; 7] = [" or not", " oder nicht", " ou non", " o no ", " o meno", " of niet", " czy nie"];

/// "Yes" behind a label in seven languages, folded.
const YES: [&str; 6] = [": yes", ": ja", ": oui", ": si", ": tak", "? ja"];

/// Whether a sentence says no, other than that nobody takes part.
fn says_no(s: &Sentence) -> bool {
    // "Whether or not you are listed" says nothing yet.
    let low = OR_NOT.iter().fold(s.low.clone(), |low, or_not| low.replace(or_not, " "));
    let answered =
        |yes: &str| low.split_once(yes).is_some_and(|(_, rest)| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
    if YES.iter().any(|yes| answered(yes)) {
        return false;
    }
    s.words.negation.is(&s.words.by_machine.erased(&low))
}

/// Whether a paragraph says that no decision is made by machines: a sentence that names them, or the answer to a
/// heading that does.
fn denies_automated(p: &Paragraph) -> bool {
    let under = under_automated(p);
    let mut answers = under;
    p.sentences.iter().any(|s| {
        let title = s.low == p.heading || s.low.ends_with('?') || s.low.split(' ').count() < STATEMENT_WORDS_MIN;
        let denied = (answers || names_machine(s)) && says_no(s);
        answers = title && (answers || names_machine(s));
        denied
    })
}

/// Whether a paragraph states decisions by machines in a sentence; a title or question states nothing.
fn states_automated(p: &Paragraph) -> bool {
    p.sentences.iter().any(|s| {
        let spoken = s
            .low
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| s.words.speech.binary_search_by(|known| known.as_str().cmp(word)).is_ok());
        let short = s.low.split(' ').count() < STATEMENT_WORDS_MIN && !spoken;
        let title = s.low == p.heading || short || s.low.ends_with('?');
        names_machine(s) && !title && !s.words.rights.is(&s.low) && !says_no(s)
    }) && !p.is_heading
}

/// Longest heading on such decisions.
const HEADING_WORDS_MAX: usize = 9;
/// Fewest words of a sentence that states something.
const STATEMENT_WORDS_MIN: usize = 5;
/// Fewest words by which logic and consequences of a decision can be explained.
const EXPLANATION_WORDS_MIN: usize = 18;

/// Whether a passage on automated decisions says more than that there are some: how they are made, or what follows.
fn explains_automated(p: &Paragraph) -> bool {
    let begun = p.sentences.iter().position(|s| names_machine(s) || s.low == p.heading);
    let under = under_automated(p);
    let Some(begun) = under.then_some(0).or(begun.filter(|_| is_about_automated(p))) else { return false };
    let told = p.sentences.iter().skip(begun).filter(|s| {
        let other = [&s.words.rights, &s.words.may, &s.words.complain, &s.words.object];
        !other.iter().any(|list| list.is(&s.low)) && s.low != p.heading
    });
    let told: Vec<&str> = told.map(|s| s.low.as_str()).collect();
    let words: usize = told.iter().map(|low| low.split(' ').count()).sum();
    let named = p.words.automated_logic.is(&p.low) && words >= STATEMENT_WORDS_MIN;
    !denies_automated(p) && (named || told.len() >= 2 && words >= EXPLANATION_WORDS_MIN)
}

fn easy(check: &mut Check<'_>, blocks: &[&Paragraph]) {
    let reading = check.reading;
    let is_block = |p: &Paragraph| blocks.iter().any(|block| std::ptr::eq(*block, p));
    let outside = || reading.paragraphs.iter().filter(|p| !is_block(p)).flat_map(|p| &p.sentences);
    let free = outside().any(|s| s.words.free.is(&s.low));
    let free_in_block = blocks.iter().any(|p| p.words.free.is(&p.low));
    let answered = outside().any(|s| s.words.one_month.is(&s.low));
    check.need("B03", free || free_in_block && answered, "it is not said that using the rights is free of charge");
    let written_to = |p: &Paragraph| p.words.rights.is(&p.whole()) && p.low.contains(MAIL_WORD);
    let way = reading.sentences().any(|s| s.words.way.is(&s.low) || is_about_contact(s))
        || reading.paragraphs.iter().any(written_to);
    check.find("B03", way, "it is not said how to use the rights in one step");
    // What suppliers pay for, or log in to, is no hurdle for the person.
    let on_rights = |p: &&Paragraph| {
        let uses = [&p.words.rights, &p.words.one_month, &p.words.free];
        uses.iter().any(|list| list.is(&p.whole())) || p.heading_words.way.is(&p.heading)
    };
    let mut said_of_rights = reading.paragraphs.iter().filter(on_rights).flat_map(|p| &p.sentences);
    let hurdle = said_of_rights.any(|s| s.words.hurdle.is(&s.low) && !s.words.negation.is(&s.low));
    check.refuse("B03", hurdle, "an account or a proof of identity is asked for");
}

fn is_about_contact(s: &Sentence) -> bool {
    super::said::is_about_rights(s) && (s.low.contains(MAIL_WORD) || s.low.contains(URL_WORD))
}
