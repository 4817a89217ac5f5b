//! Where a quote begins: `X wrote:`, `-----Original Message-----`, the header that Outlook puts above, the line that a
//! ticket system asks to answer above.
//!
//! Mail programs are known by what they share (a date, an address, a word for "wrote", header names), not one by one.
//!
//! Invariant: only lines that a program writes; a sentence of the sender that tells of an earlier mail opens no quote.

use std::sync::LazyLock;

use regex::Regex;

use super::super::phrases::fold;
use super::tail::is_request;
use super::{is_blank, is_quoted};

/// What opens a quote at a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    /// This many lines name who wrote what comes; a program wrote them for certain, or it is so if marks follow.
    Attribution { lines: usize, sure: bool },
    /// From this line on all is quoted.
    Rest,
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern compiles: a test runs it")
}

/// "Wrote", as programs say it.
static VERB: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"\b(wrote|writes|schrieb|schreibt|schrieben|geschrieben|écrit|ecrit|écrivait|escribi[óo]|ha escrito|ha scritto|scrive|schreef|geschreven|napisał\(a\)|napisana przez|napisała|napisał|napisal|pisze|escreveu|skrev|kirjoitti|napsal\(a\)|napsal|napísal|írta|a scris|said|sent|verzond|написал\(а\)|написала|написал|пишет|пише|đã viết)",
    )
});

/// How such a line begins, where it begins with the day.
static LEAD: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?x)^(on|at|am|le|el|il(\s+giorno)?|in\s+data|op|dnia|w\s+dniu|em|en|nel|den|på|pe|dne|dňa|in\s+message
            |\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}\s\w{3,9}\.?\s\d{4}|\d{1,2}:\d{2}
            |(mo|di|mi|do|fr|sa|so|mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|jeu|ven|sam|dim|mié|mie|jue|vie|sáb|sab|dom|gio
            |ma|wo|vr|za|zo|pon|wt|śr|sr|czw|pt|sob|niedz|man|tir|ons|tor|tors|fre|lør|lör|søn|sön|ke|to|la|su|ti|seg|ter|qua|qui|sex)\.?,?\s+(den\s+)?\d
            |\w{4,13}(-feira)?,\s+(den\s+|le\s+|il\s+|de\s+)?(\d|\w{3,12}\.?\s\d))(\W|$)|^\w+,?\s\d{1,2}\.?\s\w+\.?\s\d{4}",
    )
});

static DAY: LazyLock<Regex> = LazyLock::new(|| regex(r"\d{1,2}[:.h]\d{2}|\b\d{4}\b|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"));

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| regex(r"[^\s<>@\[(]+@[^\s<>@\])]+|<\s*mailto|\[mailto"));

/// A person tells of a mail of theirs or ours.
static TELLING: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"\b(i|you|we|ich|sie|ihr|wir|mir|mich|your|ihre?r?|j'ai|nous|vous|votre|usted(es)?|voi|vostr[ao]|uw|ik|wij|państwo|wasza|that|dass|que|che|dat|że)\b",
    )
});

/// A day and an address alone, as old Gmail and others write it.
static DAY_AND_ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\S{2,10},?\s.{0,30}\d{4}).{0,90}<\s*[^<>@\s]+@[^<>\s]+\s*>\s*$",
    )
});

/// Longest attribution, in bytes and in lines.
const ATTRIBUTION_BYTES_MAX: usize = 400;
const ATTRIBUTION_LINES_MAX: usize = 5;

/// Says what opens at the first of these lines.
pub(super) fn opening(lines: &[&str], has_words_above: bool) -> Option<Opening> {
    let first = lines.first()?.trim();
    if first.is_empty() {
        return None;
    }
    if is_original(first) || is_header_block(lines) || (has_words_above && is_answer_above(first)) {
        return Some(Opening::Rest);
    }
    if let Some(inner) = first.strip_prefix(">>>").and_then(|rest| rest.strip_suffix(">>>")) {
        return DAY.is_match(inner).then_some(Opening::Rest);
    }
    attribution(lines)
}

/// Returns how many lines an attribution takes; mail programs wrap it.
fn attribution(lines: &[&str]) -> Option<Opening> {
    let ends = |line: &str| line.ends_with([':', '>', '：', '-', ']']) || VERB.is_match(&line.to_lowercase());
    let near = lines.iter().take(ATTRIBUTION_LINES_MAX).take_while(|line| line.len() <= ATTRIBUTION_BYTES_MAX);
    if !near.clone().any(|line| ends(line.trim_end())) || !begins(lines) {
        return None;
    }
    let mut joined = String::new();
    let mut blank = 0;
    for (index, line) in near.enumerate() {
        let line = line.trim();
        if line.is_empty() {
            blank += 1;
            // Some programs leave one empty line inside, before the word for "wrote".
            if blank > 1 || index == 0 || !DAY.is_match(&joined) {
                return None;
            }
            continue;
        }
        if is_quoted(line) || joined.len() > ATTRIBUTION_BYTES_MAX {
            return None;
        }
        let lower = line.to_lowercase();
        if index > 0 {
            // Another one begins here: what stands above is none.
            let goes_on = joined.len() <= 20 || (VERB.is_match(&joined) && !joined.ends_with(['.', '!', '?']));
            if !goes_on && LEAD.is_match(&lower) && DAY.is_match(&lower) {
                return None;
            }
            joined.push(' ');
        }
        joined.push_str(&lower);
        if !ends(line) {
            continue;
        }
        if let Some(sure) = is_attribution(&joined) {
            // The word for "wrote" may stand alone in the next line.
            let next = lines.get(index + 1).map(|line| line.trim().to_lowercase()).unwrap_or_default();
            let more = next.len() <= 40 && next.ends_with(':') && VERB.is_match(&next);
            return Some(Opening::Attribution { lines: index + 1 + usize::from(more), sure });
        }
        if line.ends_with(':') {
            return None;
        }
    }
    None
}

/// Whether the first line can begin an attribution: with a day, an address, or all of it in one line.
fn begins(lines: &[&str]) -> bool {
    let first = lines.first().map(|line| line.trim().to_lowercase()).unwrap_or_default();
    let lead = first.trim_start_matches(|c: char| "-–—_*> ".contains(c));
    let next = lines.get(1).map(|line| line.trim_start()).unwrap_or_default();
    if LEAD.is_match(lead) {
        return DAY.is_match(lead) || lead.len() < 20 || VERB.is_match(lead);
    }
    // Where the day comes later, the words before it are the sender's: see `glued`.
    if lines.first().is_some_and(|line| DAY_INSIDE.is_match(line)) {
        return false;
    }
    ADDRESS.is_match(&first)
        || VERB.is_match(&first)
        || (next.starts_with('<') && !first.ends_with(['.', '!', '?', ',', ':', ';']))
}

/// A day within a line, as an attribution begins with it.
static DAY_INSIDE: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"\S\s+(On|Am|Le|El|Il(?: giorno)?|Op|W dniu|Dnia|Em)\s(?:\p{L}{2,10}\.?,?\s){0,2}(?:den\s)?\d{1,4}\b")
});

/// Finds an attribution that a program put behind the sender's words in their line: where it begins, its lines.
pub(super) fn glued(lines: &[&str]) -> Option<(usize, usize)> {
    let first = lines.first().filter(|line| line.len() < 2_000)?;
    let at = DAY_INSIDE.captures(first)?.get(1)?.start();
    let mut near: Vec<&str> = lines.iter().take(ATTRIBUTION_LINES_MAX).copied().collect();
    *near.first_mut()? = first.get(at..)?;
    match attribution(&near)? {
        Opening::Attribution { lines, sure: true } => Some((at, lines)),
        Opening::Attribution { sure: false, .. } | Opening::Rest => None,
    }
}

/// Whether a text is an attribution, and whether for certain.
fn is_attribution(joined: &str) -> Option<bool> {
    let text = joined.trim_start_matches(|c: char| c.is_whitespace() || "-–—_*>|\u{200b}\u{feff}".contains(c));
    let text = text.trim_end_matches(|c: char| c.is_whitespace() || "-–—_*|\u{200b}".contains(c));
    let closed = text.ends_with([':', '：']) || joined.ends_with('-');
    let text = text.trim_end_matches([':', ' ', '\u{a0}', '\u{202f}', '.', '：']);
    let has_day = DAY.is_match(text);
    let has_address = ADDRESS.is_match(text);
    if has_day && has_address && DAY_AND_ADDRESS.is_match(text) {
        return Some(true);
    }
    let verb = VERB.find_iter(text).last()?;
    let after = text.get(verb.end()..).unwrap_or_default();
    let at_end = after.chars().all(|c| !c.is_alphanumeric() || "(a)".contains(c));
    if !(closed || at_end && has_day && has_address) {
        return None;
    }
    let lead = LEAD.is_match(text);
    let before = text.get(..verb.start()).unwrap_or_default();
    let tells = if has_address { TELLING.is_match(&without_names(before)) } else { TELLING.is_match(text) };
    let tells = tells || after.len() > 120;
    if tells || text.contains(". ") && !has_address && after.contains(". ") {
        return Some(false);
    }
    if !lead {
        // A name stands before the verb then, not a sentence.
        let name = fold(&ADDRESS.replace_all(before, ""));
        if name.split(' ').filter(|word| word.starts_with(char::is_alphabetic)).count() > 10 || is_request(&name) {
            return Some(false);
        }
    }
    let sure = has_day && (lead || has_address || (closed && !at_end)) || (has_address && before.contains('@'));
    Some(sure)
}

/// Takes out addresses and quoted names, in which any word may stand.
fn without_names(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut skipping = false;
    for c in text.chars() {
        match c {
            '<' | '"' | '„' | '«' if !skipping => skipping = true,
            '>' | '"' | '“' | '»' if skipping => skipping = false,
            _ if !skipping => out.push(c),
            _ => {}
        }
    }
    // What stands behind the day or its comma is a name.
    let end = out.rfind(|c: char| c.is_ascii_digit()).unwrap_or(out.len());
    out.truncate(end);
    out
}

/// Words of which an `-----Original Message-----` line is made: what, and which.
static ORIGINAL: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?x)\b(original|orig|oryginaln|origin|ursprueng|ursprung|weitergeleit|forward|transf|transm|reenvi|reencam|inoltr|oorspr|oorspronk|doorgest|doorgez
            |przekaz|dorigine|initial|oprind|opprin|videres|vidarebef|valit|vaelit|alkup|pvod|puvod|prepos|reply|reponse|antwort|odpowied|respuesta|risposta|eredeti|start\ der)",
    )
});

static MAIL_NOUN: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"\b(message|e ?mail|mail|nachricht|mensaje|mensagem|messaggio|bericht|wiadomosc|wiadomosci|tresc|meddelelse|meddelande|viesti|zprava|sprava|besked|melding|uzenet|appointment|courriel|correo|by|von|par|da|por|door|przez)",
    )
});

/// Apple's lines above a forwarded mail, without dashes.
static FORWARDED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(begin forwarded message|anfang der weitergeleiteten (nachricht|e ?mail)|debut du message (transfere|reexpedie)|inicio del mensaje reenviado|inizio messaggio inoltrato|begin doorgestuurd bericht|poczatek przekazywanej wiadomosci|rozpoczeto przekazywana wiadomosc|inicio da mensagem (reencaminhada|encaminhada)|vidarebefordrat brev|message du \d.*)$",
    )
});

fn is_original(line: &str) -> bool {
    if line.len() > 160 {
        return false;
    }
    let inner = line.trim_matches(|c: char| c.is_whitespace() || "-–—_=*<>#".contains(c));
    let dashes = line.chars().take_while(|c| "-–—_=*<# ".contains(*c)).filter(|c| *c != ' ').count();
    if inner.is_empty() || inner.len() > 120 {
        return false;
    }
    if dashes < 2 {
        return (line.ends_with(':') || line.starts_with("Message du") || dashes == 1)
            && FORWARDED.is_match(&fold(inner));
    }
    let folded = fold(inner);
    let words = folded.split(' ').count();
    if words <= 5 && ORIGINAL.is_match(&folded) && MAIL_NOUN.is_match(&folded) {
        return true;
    }
    // Notes: `-----X wrote: -----`, `----- Forwarded by X on 03.03.2026 -----`.
    (inner.ends_with(':') && VERB.is_match(&inner.to_lowercase()))
        || (line.ends_with('-') && ORIGINAL.is_match(&folded) && MAIL_NOUN.is_match(&folded))
        || FORWARDED.is_match(&folded)
}

/// What a line of a quoted header names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    From,
    Day,
    To,
    Subject,
    Other,
}

fn field_named(label: &str) -> Option<Field> {
    Some(match label {
        "from" | "von" | "de" | "da" | "van" | "od" | "fra" | "från" | "lähettäjä" | "expéditeur" | "afzender"
        | "nadawca" | "mittente" | "remitente" | "absender" | "odesílatel" | "feladó" | "de la" => Field::From,
        "sent" | "gesendet" | "envoyé" | "envoye" | "envoyé le" | "enviado" | "enviado el" | "enviado em"
        | "enviada" | "enviada em" | "inviato" | "inviata" | "verzonden" | "wysłano" | "wysłane" | "wyslano"
        | "data wysłania" | "skickat" | "sendt" | "lähetetty" | "odesláno" | "date" | "datum" | "fecha" | "data"
        | "dato" | "päiväys" | "gesendet am" | "date d'envoi" | "date d’envoi" | "dnia" | "verzonden op"
        | "sent on" | "le" => Field::Day,
        "to" | "an" | "à" | "a" | "para" | "aan" | "do" | "til" | "till" | "vastaanottaja" | "destinataire"
        | "pour" | "empfänger" | "adressat" | "adresat" | "destinatario" | "odbiorca" | "ontvanger" | "komu"
        | "címzett" => Field::To,
        "subject" | "betreff" | "betrifft" | "objet" | "asunto" | "oggetto" | "onderwerp" | "temat" | "assunto"
        | "emne" | "ämne" | "aihe" | "předmět" | "sujet" | "tytuł" | "tárgy" | "thema" => Field::Subject,
        "cc" | "kopie" | "kopia" | "copie" | "copia" | "dw" | "do wiadomości" | "reply-to" | "antwort an"
        | "répondre à" | "bcc" | "priority" | "importance" | "wichtigkeit" | "priorität" | "attachments"
        | "anlagen" | "anhänge" | "pièces jointes" | "kopi" => Field::Other,
        _ => return None,
    })
}

/// Reads the name of a quoted header line.
fn field_of(line: &str) -> Option<(Field, &str)> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || "*>|_•\u{feff}\u{200b}".contains(c));
    let colon = line.char_indices().take(24).find(|(_, c)| *c == ':' || *c == '：')?.0;
    let label =
        line.get(..colon)?.trim_matches(|c: char| c.is_whitespace() || c == '*' || c == '\u{a0}').to_lowercase();
    let value = line.get(colon..)?.trim_start_matches(|c: char| c.is_whitespace() || "*:：".contains(c));
    Some((field_named(&label)?, value))
}

/// Lines within which the fields of a quoted header stand together.
const HEADER_LINES_MAX: usize = 12;

/// Whether a quoted header begins here: three of its fields, the first in this line, perhaps below a rule.
fn is_header_block(lines: &[&str]) -> bool {
    let Some(at) = lines.iter().take(3).position(|line| !is_rule(line)) else { return false };
    let Some((first, value)) = lines.get(at).and_then(|line| field_of(line)) else { return false };
    if first == Field::Other {
        return false;
    }
    // One line may hold them all, where a program took the line breaks out.
    let mut seen = vec![first];
    let mut words = value.split_whitespace().filter(|word| word.ends_with(':')).take(40);
    let inline = words.by_ref().filter_map(|word| field_named(&word.trim_matches(['*', ':']).to_lowercase()));
    let inline: Vec<Field> = inline.collect();
    let mut gap = 0;
    for line in lines.iter().skip(at + 1).take(HEADER_LINES_MAX) {
        if is_blank(line) {
            gap += 1;
            if gap > 1 && seen.len() >= 3 {
                break;
            }
            continue;
        }
        match field_of(line) {
            Some((field, _)) if !seen.contains(&field) => seen.push(field),
            // A long list of addresses goes on in the next line.
            Some(_) | None if gap == 0 || seen.len() < 3 => {}
            Some(_) | None => break,
        }
    }
    let adds = |field: &&Field| !seen.contains(field);
    let more = inline.iter().filter(adds).count();
    let has = |field: Field| seen.contains(&field) || inline.contains(&field);
    let known = seen.iter().filter(|field| **field != Field::Other).count() + more;
    known >= 3 && has(Field::From) && (has(Field::Day) || has(Field::Subject))
}

/// Whether a line is a rule: nothing but dashes or the like.
pub(super) fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || (line.len() >= 5 && line.chars().all(|c| "_-=*—–~".contains(c)))
}

/// "Please reply above this line", as ticket systems write it.
static ANSWER_ABOVE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"\b(reply|respon|type|write|antwort|schreib|repon|repond|respuesta|respond|escrib|rispo|scriv|antwoord|typ|reageer|odpowie|odpisz|wpisz)\w*( \w+){0,5} (above|below|ueber|oberhalb|au dessus|encima|arriba|sopra|boven|powyzej|nad)( \w+){0,3} (line|linie|zeile|ligne|linea|lijn|regel|linii|linia|riga)\b",
    )
});

/// Whether a ticket system asks to answer above this line.
pub(super) fn is_answer_above(line: &str) -> bool {
    line.len() <= 160 && line.contains([' ']) && ANSWER_ABOVE.is_match(&fold(line))
}
