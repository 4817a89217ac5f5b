//! Whom a reply is about: the notified person, also where somebody else writes for them.
//!
//! Invariant: only what a mail states; who that is in the store is asked elsewhere. Never an address of ours.

use std::sync::LazyLock;

use muster_gate::field_label;
use muster_model::{EmailAddress, Field};
use regex::Regex;

use super::dsn;
use super::identity::Way;
use super::parse::{HeaderField, Mail, first_field, header_fields};
use super::phrases::fold;
use super::quote::Words;
use super::token::{TO_HEADERS, is_at, is_privacy_mailbox};
use crate::notice::SHIPPED;

/// Returns the notified person of a reply, and the way they are known: whom the notice went to that the mail quotes,
/// forwards or has attached, whom its words name, or who writes.
pub(super) fn notified(mail: &Mail, words: &Words, our_domain: Option<&str>) -> Option<(EmailAddress, Way)> {
    let ours = Ours::of(mail, our_domain);
    let writer = writer(mail);
    let from = writer.as_ref();
    let original = || {
        receipt_recipient(mail)
            .or_else(|| attached_recipient(mail, &ours))
            .or_else(|| quoted_recipient(&words.rest, from, &ours))
            .filter(|address| !ours.has(address))
            .map(|address| {
                let way = if Some(&address) == from { Way::Address } else { Way::Original };
                (address, way)
            })
    };
    original()
        .or_else(|| named(&words.own, from, &ours).map(|address| (address, Way::Named)))
        .or_else(|| from.filter(|from| !ours.has(from)).map(|from| (from.clone(), Way::Address)))
}

/// Returns who wrote: `From`, or whom a list or a relay put another `From` before.
fn writer(mail: &Mail) -> Option<EmailAddress> {
    let kept = || {
        let names = ["x-original-from", "x-original-sender", "reply-to"];
        names.iter().filter_map(|name| mail.header(name)).find_map(dsn::address_in)
    };
    // "Kim Adler via Einkauf": the list's address stands in `From` because of DMARC.
    let is_relayed = mail.header("from").is_some_and(|from| {
        let display = from.rsplit_once('<').map_or("", |(display, _)| display);
        display.contains(" via ") && mail.header("list-id").is_some()
    });
    if is_relayed { kept().or_else(|| mail.from.clone()) } else { mail.from.clone() }
}

/// Which addresses are ours.
struct Ours {
    domains: Vec<String>,
    addresses: Vec<EmailAddress>,
}

impl Ours {
    fn of(mail: &Mail, our_domain: Option<&str>) -> Self {
        let mut ours =
            Self { domains: our_domain.map(str::to_ascii_lowercase).into_iter().collect(), addresses: vec![] };
        for name in TO_HEADERS {
            let is_delivery = !matches!(*name, "to" | "cc" | "resent-to");
            for address in mail.headers(name).flat_map(addresses_in) {
                if is_privacy(&address) {
                    ours.domains.push(address.domain().to_owned());
                }
                if is_delivery {
                    ours.addresses.push(address);
                }
            }
        }
        ours
    }

    fn has(&self, address: &EmailAddress) -> bool {
        is_privacy(address)
            || self.addresses.contains(address)
            || self.domains.iter().any(|domain| is_at(address.domain(), domain))
    }
}

fn is_privacy(address: &EmailAddress) -> bool {
    is_privacy_mailbox(address.local_part())
}

/// Whom a receipt is from (RFC 8098, 3.2.3 and 3.2.4).
fn receipt_recipient(mail: &Mail) -> Option<EmailAddress> {
    let part = mail.part("message/disposition-notification")?;
    let fields = header_fields(&part.text);
    let names = ["original-recipient", "final-recipient"];
    names.iter().filter_map(|name| first_field(&fields, name)).find_map(dsn::address_in)
}

/// Whom an attached notice went to.
fn attached_recipient(mail: &Mail, ours: &Ours) -> Option<EmailAddress> {
    let attached = mail.parts.iter().filter(|part| part.mime == "message/rfc822" || part.mime == "text/rfc822-headers");
    let is_notice = |fields: &[HeaderField]| {
        first_field(fields, "message-id").is_some_and(|id| id.contains("<notice."))
            || first_field(fields, "from").and_then(dsn::address_in).is_some_and(|from| ours.has(&from))
    };
    attached
        .map(|part| header_fields(part.text.replace("\r\n", "\n").split("\n\n").next().unwrap_or_default()))
        .filter(|fields| is_notice(fields))
        .find_map(|fields| first_field(&fields, "to").and_then(dsn::address_in))
}

/// What mail programs call the `From` of a quoted mail.
const FROM_LABELS: &[&str] = &[
    "from",
    "von",
    "de",
    "da",
    "van",
    "od",
    "fra",
    "fran",
    "expediteur",
    "mittente",
    "remitente",
    "afzender",
    "nadawca",
    "absender",
];

/// What mail programs call the `To` of a quoted mail.
const TO_LABELS: &[&str] = &[
    "to",
    "an",
    "a",
    "para",
    "aan",
    "do",
    "til",
    "till",
    "komu",
    "pour",
    "per",
    "destinataire",
    "destinatario",
    "empfaenger",
    "ontvanger",
    "adresat",
    "odbiorca",
];

/// Lines of a quoted text that are looked at.
const LINES_MAX: usize = 2_000;

/// Finds whom a quoted notice was sent to: the `To:` of its quoted header, or the mailbox that it states.
fn quoted_recipient(quoted: &str, from: Option<&EmailAddress>, ours: &Ours) -> Option<EmailAddress> {
    let lines: Vec<&str> = quoted
        .lines()
        .take(LINES_MAX)
        .map(|line| line.trim_start_matches(['>', ' ', '|', '*', '-', '•', '\t']))
        .collect();
    let mut first_to = None;
    let mut from_is_ours = false;
    let mut stated: Vec<EmailAddress> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some((label, value)) = line.split_once(':').filter(|(label, _)| label.len() <= 40) else { continue };
        let label = fold(label);
        let ahead = lines.get(index + 1..).unwrap_or_default();
        if FROM_LABELS.contains(&label.as_str()) {
            from_is_ours = address_near(value, ahead).is_some_and(|address| ours.has(&address));
        } else if TO_LABELS.contains(&label.as_str()) {
            let Some(address) = address_near(value, ahead).filter(|address| !ours.has(address)) else { continue };
            if from_is_ours {
                return Some(address);
            }
            first_to.get_or_insert(address);
        } else if is_mailbox_label(&label) {
            stated.extend(address_near(value, ahead));
        }
    }
    if from.is_some_and(|from| stated.contains(from)) {
        return from.cloned();
    }
    stated.dedup();
    let only_stated = if stated.len() == 1 { stated.pop() } else { None };
    first_to.filter(|address| !address.is_role()).or(only_stated)
}

/// The address in a value, or in the next line where a mail program broke it.
fn address_near(value: &str, ahead: &[&str]) -> Option<EmailAddress> {
    dsn::address_in(value).or_else(|| {
        let next = ahead.first().filter(|next| next.split_once(':').is_none_or(|(label, _)| label.len() >= 20))?;
        dsn::address_in(next)
    })
}

/// Whether a label is what our notice calls the mailbox that it went to, in a language that it is written in.
fn is_mailbox_label(folded: &str) -> bool {
    static LABELS: LazyLock<Vec<String>> =
        LazyLock::new(|| SHIPPED.iter().map(|(lang, _)| fold(field_label(Field::Emails, lang))).collect());
    LABELS.iter().any(|label| label == folded)
}

/// Words before or after an address that make it the one that a request is about.
static ABOUT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)\b(
            writ(e|ing)\sfor|(it|this)\s(is|concerns)\s(about)?|schreibe\sf(ü|ue)r|geht\sum|(é|e)cris\spour|s.agit\sd[eu]|escribo\s(por|para)|se\strata\sde|scrivo\sper|si\stratta\sdi|schrijf\svoor|gaat\som|chodzi\so|pisz(ę|e)\sw
            |remove|delete|unsubscribe|erase|take|drop|strike|stop\s(e?-?mailing|writing|sending|contacting)|opt\sout|on\sbehalf\sof|wrote\sto|written\sto|sent\s(it|this|that|your\s\w+)?\s?to|addressed\sto|received\s(it|this)?\s?(at|on)|regarding|concern(s|ing)|mailbox|(work|office|business|old|company)\s(e-?mail\s)?(address|mailbox|account)|for\s(the\s)?address|contact(ed)?\sme\s(at|under)|data\s(of|for|about|on)|object
            |l(oe|ö)sch\w*|entfern\w*|streich\w*|nehmen\ssie|nimm|austrag\w*|abmeld\w*|im\snamen|im\sauftrag|betrifft|betreffend|gesendet\san|geschickt\san|gerichtet\san|geschrieben\san|(dienst|firmen|arbeits|gesch(ae|ä)fts|b(ue|ü)ro)\w*(adresse|mail|postfach)|dienstliche\w*|gesch(ae|ä)ftliche\w*|berufliche\w*|daten\s(von|zu)|widerspr\w*
            |supprim\w*|retir\w*|d(é|e)sinscri\w*|d(é|e)sabonn\w*|effac\w*|au\snom\sde|concern\w*|envoy(é|e)\w*\s(à|a)|adress(é|e)\w*\s(à|a)|(adresse|bo(î|i)te)\sprofessionnelle|ray(er|ez)
            |elimin\w*|borr\w*|suprim\w*|baja|quit\w*|en\snombre\sde|enviad\w*\sa|dirigid\w*\sa|(correo|direcci(ó|o)n)\s(profesional|de\strabajo|laboral)
            |cancell\w*|rimuov\w*|rimoz\w*|togli\w*|a\snome\sdi|per\sconto\sdi|inviat\w*\sa|indirizzat\w*\sa|(indirizzo|casella|mail)\s(di\slavoro|aziendale|professionale)
            |verwijder\w*|schrap\w*|haal|uitschrij\w*|uit\ste\sschrijven|afmeld\w*|namens|gestuurd\snaar|verzonden\s(naar|aan)|gericht\saan|(zakelijke|werk)\w*\s?(adres|mail|e-?mail\w*)
            |usun\w*|usuń|usunięci\w*|skasow\w*|wypis\w*|wykre(ś|s)l\w*|w\simieniu|wys(ł|l)an\w*\s(na|do)|adres(owan\w*)?\s(do|s(ł|l)u(ż|z)bow\w*)|(s(ł|l)u(ż|z)bow\w*)\s(adres|e-?mail|skrzynk\w*)|dotyczy
        )\b",
    )
    .expect("constant pattern")
});

/// Words before an address that make it one to write to from now on, not the one that was written to.
static INSTEAD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)\b(
            instead|use|using|new|now|reply\w*|answer\w*|respon(d|se)\w*|send|write\s(to|me)|contact|forward\w*|reach\w*|change\w*|update\w*|correct\w*|cc|copy|replace\w*|from
            |stattdessen|neue?[nr]?|k(ü|ue)nftig|zuk(ü|ue)nftig|verwenden|nutzen|antwort\w*|senden|schicken|schreiben\ssie|erreichen|erreichbar|wenden|(ä|ae)ndern|korrigier\w*|auskunft|lautet|weiterleit\w*
            |plut(ô|o)t|nouvelle|utilis\w*|r(é|e)pon(d|se)\w*|envoyez|envoyer|(é|e)cri(vez|re)|contacte[rz]|corrig\w*|modifi\w*|jour
            |nuev[oa]|utili\w*|usen?|respond\w*|respuesta|env(í|i)e\w*|enviar\w*|escrib\w*|contact\w*|corregir|corrij\w*|actuali\w*|modific\w*
            |nuov[oa]|usa(re|te)|usi|utilizz\w*|rispond\w*|risposta|invi(i|are|ate)|scriv\w*|contatt\w*|corregg\w*|aggiorn\w*
            |nieuwe?|gebruik\w*|antwoord\w*|stuur|sturen|schrijf|wijzig\w*|bereik\w*
            |now(y|ego|ym|a)|u(ż|z)ywa\w*|odpowied\w*|odpisa\w*|wy(ś|s)lij\w*|przes(ł|l)\w*|kontakt\w*|zmie(ń|n)\w*|zaktualiz\w*|popraw\w*
        )\b",
    )
    .expect("constant pattern")
});

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z]{2,}").expect("constant pattern")
});

/// Every address in a text.
pub(super) fn addresses_in(text: &str) -> impl Iterator<Item = EmailAddress> {
    ADDRESS.find_iter(text).filter_map(|found| EmailAddress::parse(found.as_str()).ok())
}

/// Longest own text in which somebody is named; what is longer is no reply.
const WORDS_BYTES_MAX: usize = 16 << 10;

/// Whether the words name all mailboxes of a domain: "every address @firm.example".
pub(super) fn names_a_domain(own_words: &str) -> bool {
    static DOMAIN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|[^A-Za-z0-9._+-])@[A-Za-z0-9][A-Za-z0-9-]*\.[A-Za-z]").expect("constant pattern")
    });
    own_words.contains('@') && DOMAIN.is_match(own_words)
}

/// Whether the words name an address that is none of the known ones.
pub(super) fn names_another(own_words: &str, known: &[&Option<EmailAddress>]) -> bool {
    own_words.contains('@') && addresses_in(own_words).any(|named| known.iter().all(|it| it.as_ref() != Some(&named)))
}

/// Mailboxes that footers name: where to send a request, never whom one is about.
fn takes_requests(address: &EmailAddress) -> bool {
    const NAMES: &[&str] = &[
        "dpo",
        "dsb",
        "datenschutz",
        "privacy",
        "unsubscribe",
        "afmelden",
        "abmelden",
        "desabonnement",
        "desinscription",
        "baja",
        "bajas",
        "iod",
        "iodo",
        "rodo",
        "gdpr",
        "rgpd",
        "lopd",
        "avg",
        "dataprotection",
        "protezionedati",
        "disiscrizione",
        "cancellami",
        "noreply",
    ];
    let plain: String = address.local_part().chars().filter(|c| c.is_alphanumeric()).collect();
    NAMES.iter().any(|name| plain == *name)
}

/// Finds the one address that the words say the request is about.
fn named(own_words: &str, from: Option<&EmailAddress>, ours: &Ours) -> Option<EmailAddress> {
    if !own_words.contains('@') || own_words.len() > WORDS_BYTES_MAX {
        return None;
    }
    let text = own_words.to_lowercase();
    let mut found: Vec<EmailAddress> = Vec::new();
    let sentences = text.split(['!', '?', ';']).flat_map(|part| part.split(". ")).flat_map(|part| part.split("\n\n"));
    for sentence in sentences.filter(|sentence| sentence.contains('@')) {
        for at in ADDRESS.find_iter(sentence) {
            let (before, after) = (sentence.get(..at.start()).unwrap_or_default(), sentence.get(at.end()..));
            let last = |cues: &Regex| cues.find_iter(before).last().map(|cue| cue.end());
            let (about, instead) = (last(&ABOUT), last(&INSTEAD));
            let after = after.is_some_and(|after| ABOUT.is_match(after));
            // The cue next to the address decides: "remove a@x and reply to b@x".
            let is_about = about.is_some_and(|about| instead.is_none_or(|instead| instead < about))
                || (instead.is_none() && after);
            let address =
                EmailAddress::parse(at.as_str()).ok().filter(|it| is_about && !ours.has(it) && !takes_requests(it));
            found.extend(address.filter(|address| !found.contains(address)));
        }
    }
    if from.is_some_and(|from| found.contains(from)) {
        return from.cloned();
    }
    if found.len() == 1 { found.pop() } else { None }
}

#[cfg(test)]
mod tests;
