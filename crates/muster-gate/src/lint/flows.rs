//! Where the data go and how long they stay: the items A08 to A11, whoever wrote the notice.
//!
//! Invariant: an item is reported where nothing says it, where it is said in words that say nothing, or where the
//! notice says the contrary of what the context knows or of what it says itself.

use super::context::NoticeContext;
use super::countries::{is_adequate, is_named};
use super::fold::fold;
use super::reading::{MAIL_WORD, Paragraph, Reading, Sentence, one_line};
use super::said::{Check, has_address, has_legal_form, is_about_rights, is_others, names_organisation};
use super::words::months_of;
use crate::Defect;

/// Checks the items A08 to A11; where the recipients are facts, `exact` looks for each of them by name.
pub(super) fn check(reading: &Reading, context: &NoticeContext, recipients_are_facts: bool) -> Vec<Defect> {
    let mut check = Check::new(reading, context);
    recipients(&mut check, recipients_are_facts);
    transfers(&mut check);
    retention(&mut check);
    check.defects
}

fn recipients(check: &mut Check<'_>, recipients_are_facts: bool) {
    let reading = check.reading;
    let controller = check.context.controller.as_deref().map(one_line).unwrap_or_default();
    let formed = |s: &Sentence| match controller.as_str() {
        "" => has_legal_form(&s.raw),
        name => has_legal_form(&s.raw.replace(name, " ")),
    };
    let (mut said, mut vague) = (false, false);
    // Where a transfer is explained, a recipient is named once more; that is not yet the list of recipients.
    let transfer = |s: &Sentence| s.words.adequacy.is(&s.low) || s.words.safeguards.is(&s.low);
    for p in &reading.paragraphs {
        let headed = p.heading_words.recipients.is(&p.heading) || p.heading_words.recipients_heading.is(&p.heading);
        let beneath = |s: &Sentence| headed || p.under(s, |w| &w.recipients_heading);
        let introduced = p.sentences.iter().any(|s| s.words.recipients.is(&s.low) && !transfer(s));
        let specific = p.sentences.iter().any(|s| {
            let under = beneath(s);
            let for_what = p.heading_words.purpose_heading.is(&p.heading) && !under;
            let told = for_what || s.words.purpose.is(&s.low) || s.words.legitimate_interest.is(&s.low);
            let about =
                under || s.words.recipients.is(&s.low) || introduced && s.words.recipient_kinds.is(&s.low) && !told;
            // Who gave the data is no recipient, and neither is the controller.
            let named = (formed(s) || !transfer(s) && names_organisation(s, &p.heading, &controller))
                && (under || !s.words.source.is(&s.low));
            let who = s.words.recipient_kinds.is(&s.low) || named;
            let denied = s.words.no_sharing.is(&s.low) && !s.words.limited.is(&s.low);
            // A purpose may say whom a product is for; that is not yet who receives the data.
            // So may a decision by machine, or what is said about a transfer.
            let machine = s.words.automated.is(&p.whole()) || s.words.by_machine.is(&p.low);
            let product = (told || machine || transfer(s)) && !under && !s.words.passing.is(&s.low);
            about && !denied && !product && (s.words.passing.is(&s.low) || !transfer(s)) && !is_about_rights(s) && who
        });
        let nobody = p.sentences.iter().any(|s| s.words.no_recipients.is(&s.low));
        let hollow = p.sentences.iter().any(|s| {
            let about = beneath(s) || s.words.recipients.is(&s.low) && !s.words.purpose.is(&s.low);
            let denied = s.words.negation.is(&s.low) || names_organisation(s, &p.heading, &controller);
            about && !denied && s.words.vague_recipients.is(&s.low) && !s.words.recipient_kinds.is(&s.low) && !formed(s)
        });
        let others = p.sentences.iter().enumerate().any(|(index, s)| {
            // "Smith Inc. is in the United States. No adequacy decision covers it."
            let explains = p.sentences.get(index + 1).is_some_and(transfer) && !s.words.recipients.is(&s.low);
            !controller.is_empty() && formed(s) && !explains && is_somebody_else(p, s)
        });
        said |= specific || nobody || others;
        vague |= hollow && !specific;
    }
    check.find("A08", said || recipients_are_facts, "the recipients are not named");
    check.refuse("A08", vague && !said, "recipients are named in words that say nothing");
}

/// Whether a company is named that can be nobody but a recipient.
pub(super) fn names_somebody(reading: &Reading, context: &NoticeContext) -> bool {
    let controller = context.controller.as_deref().map(one_line).unwrap_or_default();
    let named =
        |p: &Paragraph, s: &Sentence| has_legal_form(&s.raw.replace(&controller, " ")) && is_somebody_else(p, s);
    !controller.is_empty() && reading.paragraphs.iter().any(|p| p.sentences.iter().any(|s| named(p, s)))
}

/// Whether a company in a sentence can be nobody but a recipient: not the sender, its representative or officer, a
/// source, an authority or the person's employer.
fn is_somebody_else(p: &Paragraph, s: &Sentence) -> bool {
    let words = s.words;
    let held = p.heading_words.held_heading.is(&p.heading) || p.heading_words.hold.is(&p.heading);
    let valued = s.persons_mailbox || super::form::label_of_value(s).is_some() || super::form::shows_values(s) || held;
    let introduces = s.low.contains(MAIL_WORD) || has_address(&s.raw);
    let other = [&words.source, &words.adequacy, &words.safeguards, &words.legitimate_interest, &words.keeping];
    let other = other.iter().any(|list| list.is(&s.low)) || super::citation::cites(&s.low, 27);
    !valued && !introduces && !other && !is_others(s) && !is_about_rights(s) && s.low.split(' ').count() > 3
}

fn transfers(check: &mut Check<'_>) {
    let countries = check.context.countries();
    if countries.is_empty() {
        return;
    }
    let reading = check.reading;
    let plain = |s: &&Sentence| !s.words.negation.is(&s.low);
    let low = fold(&reading.flat);
    for (name, code) in &countries {
        let named = is_named(&low, &reading.flat, name, *code);
        check.need("A09", named, &format!("the third country {} is not named", code.unwrap_or(name)));
    }
    // "None but to the one named", or "none without safeguards", denies nothing.
    let denied = reading.sentences().any(|s| {
        let excepts = s.words.adequacy.is(&s.low) || s.words.safeguards.is(&s.low);
        let named = countries.iter().any(|(name, code)| is_named(&s.low, &s.raw, name, *code));
        s.words.no_transfer.is(&s.low) && !excepts && !named
    });
    check.refuse("A09", denied, "a transfer is denied that takes place");
    let adequate = reading.sentences().filter(plain).any(|s| s.words.adequacy.is(&s.low));
    let adequacy = reading.sentences().any(|s| s.words.adequacy.is(&s.low));
    check.find("A09", adequacy, "nothing is said about an adequacy decision");
    let all_adequate = countries.values().all(|code| code.is_some_and(is_adequate));
    let relies_on_adequacy =
        all_adequate || adequate && !countries.values().flatten().any(|code| !is_adequate(code) && *code != "US");
    let safeguard = reading.paragraphs.iter().any(|p| p.words.safeguards.is(&p.low));
    if (!relies_on_adequacy || safeguard) && !denied {
        let with_copy = reading.paragraphs.iter().any(|p| p.words.safeguards.is(&p.low) && p.words.copy.is(&p.low));
        check.need("A10", safeguard, "the safeguard of a transfer is not named");
        check.need(
            "A10",
            with_copy || !safeguard || relies_on_adequacy,
            "how to get a copy of the safeguard is not said beside it",
        );
    }
}

fn retention(check: &mut Check<'_>) {
    let (mut stated, mut vague, mut restarted) = (false, false, false);
    for p in &check.reading.paragraphs {
        let headed = p.heading_words.keeping_heading.is(&p.heading)
            || p.heading_words.keeping.is(&p.heading)
                && !p.heading_words.rights.is(&p.heading)
                && !p.heading_words.hold.is(&p.heading);
        let beneath = |s: &Sentence| headed || p.under(s, |w| &w.keeping_heading);
        let about = |s: &Sentence| beneath(s) || s.words.keeping.is(&s.low);
        let ends = |s: &Sentence| {
            let under = beneath(s);
            let long =
                s.words.period.found(&s.low).any(|period| months_of(s.words, period).is_some_and(|months| months > 3));
            let reply = s.words.one_month.is(&s.low) && !under && !long;
            // "If you object, we delete within three days" is no storage period.
            let before = s.words.object.before(&s.low).unwrap_or(&s.low);
            let timed = s.words.period.is(&s.low) && (under || s.words.period.is(before));
            let dated = super::form::has_date(s) && (under || s.words.lapse.is(&s.low));
            about(s) && !reply && (timed || dated || s.words.criterion.is(&s.low))
        };
        let ends_here = p.sentences.iter().any(|s| (ends(s) || is_long(s)) && !s.words.rights.is(&s.low));
        let ends_never = p.sentences.iter().any(|s| {
            about(s) && s.words.open_ended.is(&s.low) && !s.words.negation.is(&s.words.open_ended.erased(&s.low))
        });
        let endless = p.sentences.iter().any(|s| {
            let told = about(s) && !is_about_rights(s) && s.words.endless.is(&s.low);
            told && !s.words.negation.is(&s.words.endless.erased(&s.low))
        });
        stated |= ends_here;
        vague |= ends_never && !ends_here || endless;
        restarted |= p.sentences.iter().any(|s| s.words.restarted.is(&s.low) && !s.words.negation.is(&s.low));
    }
    check.need("A11", stated, "no storage period is stated, nor what ends it");
    check.refuse("A11", vague, "the storage period is stated in words that set no end");
    check.refuse("A11", restarted, "the storage period is said to start again");
    check.refuse("A11", contradicts_itself(check.reading), "two storage periods contradict each other");
}

/// Whether a sentence has a period that can be no other than one of storage: longer than an answer may take, and not
/// about answers, rights or how often something comes.
fn is_long(s: &Sentence) -> bool {
    let words = s.words;
    let other =
        [&words.one_month, &words.object, &words.rights, &words.complain, &words.legitimate_interest, &words.offering];
    let long = words.period.found(&s.low).any(|period| months_of(words, period).is_some_and(|months| months > 5));
    let told = words.entry_word.is(&s.low) || s.low.starts_with(|c: char| c.is_ascii_digit());
    long && told && !other.iter().any(|list| list.is(&s.low))
}

/// How many times longer one storage period has to be than another to contradict it.
const CONTRADICTION_TIMES: i32 = 3;

/// Whether two sentences on storage name periods of which one is far longer, and neither is about anything else than
/// the entry.
fn contradicts_itself(reading: &Reading) -> bool {
    let mut periods: Vec<i32> = Vec::new();
    for (p, s) in reading.paragraphs.iter().flat_map(|p| p.sentences.iter().map(move |s| (p, s))) {
        let words = s.words;
        let other =
            [&words.object, &words.rights, &words.one_month, &words.restarted, &words.criterion, &words.law_keeps];
        let told = words.keeping.is(&s.low) || p.under(s, |w| &w.keeping_heading);
        let told = told && words.entry_word.is(&s.low) && !words.negation.is(&s.low);
        if told && !other.iter().any(|list| list.is(&s.low)) {
            periods.extend(words.period.found(&s.low).filter_map(|period| months_of(words, period)));
        }
    }
    let least = periods.iter().min().copied().unwrap_or_default();
    periods.iter().any(|&months| least > 1 && months >= least * CONTRADICTION_TIMES)
}
