//! Notice: who is due, one letter each, sent exactly once.
//!
//! Here is what both the plan and the sending start from: the people, what each still has to be told, and what the
//! contact wall says. `plan` puts them on days, `send` hands their letters over.
//!
//! Invariant: no letter leaves that was not composed from a cleared order and linted.

mod plan;
mod send;

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use muster_gate::{
    Cleared, Contact, ContactContext, Defect, NoticeAddress, NoticeFacts, NoticeOrder, Outcome, Reason, RecipientLine,
    clear_contact, lint_notice,
};
use muster_mail::{ComposeError, Composed, PaperStyle, Sender, Transport, Window, compose, render_html, render_text};
use muster_model::{
    ClusterId, EmailAddress, EntityKind, KeyLabel, Master, MentionId, NoticeToken, SourceName, Timestamp,
};

pub(crate) use plan::{plan, state_of};
pub(crate) use send::{NoticeOptions, missed, send_all};

use super::people::{Notices, PAPER, Told, Untold, seen_instants, untold};
use crate::command_error::CommandError;
use crate::config::{Config, Letters};
use crate::exit_code::Exit;
use crate::session::Session;

/// Names the way out: kind and keyed hash of its place. Another one cannot tell what went out by this one.
pub(crate) fn channel(session: &Session) -> String {
    let (kind, place) = match &session.config.mail_out.transport {
        Transport::Maildir { path } => ("maildir", path.display().to_string()),
        Transport::EmlFolder { path } => ("eml", path.display().to_string()),
        Transport::Smtp(smtp) => ("smtp", format!("{}:{}", smtp.host, smtp.port)),
    };
    format!("{kind}-{}", session.key.hash(KeyLabel::Mail, &[b"channel", place.as_bytes()]).to_base32(12))
}

/// Names the folder of letters on paper, as [`channel`] names the way out of mail.
pub(crate) fn paper_channel(session: &Session, letters: &Letters) -> String {
    let place = letters.path.display().to_string();
    format!("{PAPER}{}", session.key.hash(KeyLabel::Mail, &[b"channel", place.as_bytes()]).to_base32(12))
}

/// A person with what is still to be told, and what the contact wall says to it.
struct Candidate<'a> {
    master: &'a Master,
    untold: Untold,
    told: Told,
    outcome: Outcome<NoticeOrder, Contact>,
}

/// What every order of one round is made from.
struct Round {
    masters: Vec<Master>,
    by_id: BTreeMap<ClusterId, usize>,
    notices: Notices,
    seen: BTreeMap<MentionId, Timestamp>,
    sources: BTreeMap<MentionId, SourceName>,
    page_langs: BTreeMap<MentionId, String>,
    list: muster_gate::SuppressionList,
}

impl Round {
    fn read(session: &Session) -> Result<Self, CommandError> {
        let masters = session.store.masters()?;
        let by_id = masters.iter().enumerate().map(|(index, master)| (master.cluster_id().clone(), index)).collect();
        let mentions = session.store.mentions()?;
        Ok(Self {
            by_id,
            masters,
            notices: Notices::read(session)?,
            seen: seen_instants(&session.store)?,
            sources: mentions.iter().map(|mention| (mention.mention_id().clone(), mention.source().clone())).collect(),
            page_langs: mentions
                .iter()
                .filter_map(|mention| Some((mention.mention_id().clone(), mention.page_lang()?.to_owned())))
                .collect(),
            list: session.store.suppression_list()?,
        })
    }

    /// The language of most pages that speak of a person; of two as frequent ones, the first by its code.
    fn page_lang(&self, master: &Master) -> Option<&str> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for lang in master.members().iter().filter_map(|id| self.page_langs.get(id)) {
            *counts.entry(lang).or_default() += 1;
        }
        counts.into_iter().rev().max_by_key(|&(_, count)| count).map(|(lang, _)| lang)
    }

    fn people(&self) -> impl Iterator<Item = &Master> {
        self.masters.iter().filter(|master| master.kind() == EntityKind::Person)
    }

    fn employer(&self, master: &Master) -> Option<&Master> {
        let company = master.company_id()?;
        self.by_id.get(company).and_then(|&index| self.masters.get(index))
    }

    /// Returns what a person still has to be told, with what the contact wall says; none where they know everything.
    fn candidate<'a>(&self, master: &'a Master, session: &Session) -> Result<Option<Candidate<'a>>, CommandError> {
        let told = self.notices.of(master.cluster_id());
        let Some(untold) = untold(master, &told, &self.seen, &session.config)? else { return Ok(None) };
        let outcome = self.order(master, &untold, &told, session);
        Ok(Some(Candidate { master, untold, told, outcome }))
    }

    /// Asks the contact wall about one person.
    fn order(&self, master: &Master, untold: &Untold, told: &Told, session: &Session) -> Outcome<NoticeOrder, Contact> {
        let told_mentions = told.mentions();
        let purposes_told = told.purposes.keys().cloned().collect();
        let context = ContactContext {
            suppression: &self.list,
            key: &session.key,
            told: &told_mentions,
            purposes_told: &purposes_told,
            in_doubt: told.in_doubt,
            dead_addresses: &self.notices.dead_addresses,
            letters: session.config.letters_out().is_some(),
            employer: self.employer(master),
            page_lang: self.page_lang(master),
            policy: &session.config.policy,
        };
        let sources = master.members().iter().filter_map(|id| self.sources.get(id)).collect();
        let base = base_facts(&session.config, &sources);
        let token_for = |address: &NoticeAddress| token_of(master, untold, told, address, session);
        let due_at = untold.clock.as_ref().map(|clock| clock.due_at);
        clear_contact(master.clone(), &context, due_at, token_for, &base)
    }
}

/// A token that is the same for the same person, untold mentions and purposes, and address, until that notice came back.
fn token_of(master: &Master, untold: &Untold, told: &Told, address: &NoticeAddress, session: &Session) -> NoticeToken {
    let (tries, rcpt) = (told.failed_count.to_string(), address.hash(&session.key).to_hex());
    let mut parts: Vec<&[u8]> = vec![master.cluster_id().as_str().as_bytes(), tries.as_bytes(), rcpt.as_bytes()];
    parts.extend(untold.mentions.iter().map(|id| id.as_str().as_bytes()));
    // A first notice tells of every purpose; a later one is another notice for each purpose that is new.
    let new_purposes = untold.purposes.iter().filter(|_| !told.at.is_empty());
    parts.extend(new_purposes.flat_map(|id| [b"purpose".as_slice(), id.as_bytes()]));
    NoticeToken::new(session.key.hash(KeyLabel::Notice, &parts).to_base32(26))
}

/// The facts that do not depend on the person but for the sources they were found in.
pub(crate) fn base_facts(config: &Config, sources: &BTreeSet<&SourceName>) -> NoticeFacts {
    let mut basis = None;
    let mut interest: BTreeMap<String, String> = BTreeMap::new();
    for source in config.sources.iter().filter(|source| sources.contains(&source.terms.name)) {
        basis = basis.or_else(|| source.terms.basis.clone());
        let assessment = config.assessments.iter().find(|found| Some(&found.id) == source.terms.assessment_id.as_ref());
        for (lang, sentence) in assessment.into_iter().flat_map(|found| &found.interest) {
            let known = interest.entry(lang.clone()).or_default();
            if !known.contains(sentence.as_str()) {
                known.push_str(if known.is_empty() { "" } else { " " });
                known.push_str(sentence);
            }
        }
    }
    let recipients = config.exports.iter().map(|export| RecipientLine {
        name: export.terms.name.clone(),
        country: export.terms.country.clone(),
        mechanism: export.terms.mechanism.as_str().to_owned(),
    });
    let mut recipients: Vec<RecipientLine> = recipients.collect();
    recipients.sort_by(|a, b| a.name.cmp(&b.name));
    recipients.dedup();
    NoticeFacts {
        controller: config.controller.clone(),
        purposes: config.purposes.clone(),
        basis: basis.unwrap_or_default(),
        interest,
        recipients,
        retention_months: config.policy.retention_months,
        automated_decisions: config.automated_explained.is_some(),
        automated_explained: config.automated_explained.clone().unwrap_or_default(),
        lang: String::new(),
        country: None,
        reference: String::new(),
        reply_to: String::new(),
        obtained_on: String::new(),
        values: Vec::new(),
    }
}

/// How a notice is to be shown.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shown {
    /// Another language than the one that the person is told in.
    pub(crate) lang: Option<String>,
    /// The HTML part instead of addresses, subject line and text.
    pub(crate) html: bool,
}

/// Asks the contact wall about one person, whatever they have been told, and returns their notice as text. Nothing
/// that comes out in another language than the person's can be sent.
///
/// # Errors
///
/// A usage error with the reason why they get none; the defects of a notice that may not leave.
pub(crate) fn shown_notice(session: &Session, master: &Master, how: &Shown) -> Result<String, CommandError> {
    let templates = &session.config.mail_out.templates;
    if let Some(lang) = how.lang.as_ref().filter(|lang| !templates.languages().contains(lang)) {
        return Err(CommandError::usage(format!("failed to render a notice: there is no template for `{lang}`"))
            .hint(format!("languages: {}", templates.languages().join(", "))));
    }
    let order = order_of(session, master)?;
    let other = how.lang.clone().filter(|lang| *lang != order.get().facts.lang);
    let Some(lang) = other else {
        let letter = compose(order, templates, &sender(session)?, &session.screen).map_err(|it| compose_failed(&it))?;
        let page = || render_html(letter.lang(), letter.subject_line(), letter.text());
        return Ok(if how.html { page() } else { letter.shown() });
    };
    let facts = NoticeFacts { lang, ..order.get().facts.clone() };
    let address = &order.get().address;
    let (subject_line, text) = render_text(&facts, address.way(), templates)
        .map_err(|error| compose_failed(&ComposeError::Template(error)))?;
    let defects = lint_notice(&text, &facts, &session.screen);
    if !defects.is_empty() {
        return Err(compose_failed(&ComposeError::Blocked { defects }));
    }
    let rcpt_to = match address {
        NoticeAddress::Mailbox(address) => address.as_str().to_owned(),
        NoticeAddress::Postal(address) => address.lines().join("\n    "),
    };
    Ok(if how.html {
        render_html(&facts.lang, &subject_line, &text)
    } else {
        format!("To: {rcpt_to}\nSubject: {subject_line}\n\n{text}")
    })
}

/// Composes the letter of one person, whatever they have been told, to show it.
///
/// # Errors
///
/// A usage error with the reason why they get none.
pub(crate) fn letter_for(session: &Session, master: &Master) -> Result<Composed, CommandError> {
    let order = order_of(session, master)?;
    compose(order, &session.config.mail_out.templates, &sender(session)?, &session.screen)
        .map_err(|error| compose_failed(&error))
}

fn order_of(session: &Session, master: &Master) -> Result<Cleared<NoticeOrder, Contact>, CommandError> {
    let mut round = Round::read(session)?;
    round.notices = Notices::default();
    let candidate = round
        .candidate(master, session)?
        .ok_or_else(|| CommandError::usage("failed to render a notice: nothing is held about this person"))?;
    let shown = |reasons: &[Reason]| reasons.iter().map(|reason| reason.sentence()).collect::<Vec<_>>().join(" ");
    match candidate.outcome {
        Outcome::Pass(order) => Ok(order),
        Outcome::Hold(_, reasons) | Outcome::Deny(reasons) => {
            Err(CommandError::usage(format!("failed to render a notice: {}", shown(&reasons))))
        }
    }
}

fn compose_failed(error: &ComposeError) -> CommandError {
    let mut failed = CommandError::usage(format!("failed to compose a notice: {error}"));
    if let ComposeError::Blocked { defects } = error {
        failed.hints = defects.iter().map(defect_line).collect();
    }
    CommandError { exit: Exit::PersonNeeded, ..failed }
}

/// A defect in words; the linter never repeats a value.
fn defect_line(defect: &Defect) -> String {
    format!("{}: {}", defect.item, defect.detail)
}

fn sender(session: &Session) -> Result<Sender, CommandError> {
    let controller = &session.config.controller;
    let from_email = EmailAddress::parse(&controller.email)
        .map_err(|error| CommandError::usage(format!("failed to read `controller.email`: {error}")))?;
    let (out, letters) = (&session.config.mail_out, session.config.letters.as_ref());
    Ok(Sender {
        from_name: controller.legal_name.clone(),
        from_email,
        return_path: None,
        date: session.now,
        html: out.html,
        unsubscribe_url: out.unsubscribe_url.clone(),
        paper: PaperStyle {
            window: letters.map_or(Window::Left, |letters| letters.window),
            sender_line: letters.and_then(|letters| letters.sender_line.clone()),
            date: local_date(session, session.now)?,
        },
    })
}

/// The day of an instant where the controller is.
fn local_date(session: &Session, at: Timestamp) -> Result<jiff::civil::Date, CommandError> {
    Ok(at.to_zoned_datetime(zone(session)?).date())
}

/// The zone of the establishment that acts.
fn zone(session: &Session) -> Result<TimeZone, CommandError> {
    TimeZone::get(&session.config.policy.zone)
        .map_err(|error| CommandError::usage(format!("failed to read `policy.zone`: {error}")))
}
