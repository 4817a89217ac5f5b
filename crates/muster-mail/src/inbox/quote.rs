//! The sender's own words: what is left of a mail without quotes, signature, legal footer and our own text.
//!
//! Only these words can be a request; a quoted notice speaks of objection and erasure in every reply to it.
//!
//! Invariant: every line of the text ends up in exactly one of the two halves of [`Words`].

use std::sync::LazyLock;

use regex::Regex;

use super::phrases::fold;
use crate::notice::SHIPPED;

/// A mail's text, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Words {
    /// What the sender wrote.
    pub(crate) own: String,
    /// What was quoted, signed or appended.
    pub(crate) rest: String,
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern compiles: a test runs it")
}

/// `On 2 March 2026, X wrote:` as mail programs put it above a quote.
static ATTRIBUTION: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?ix)^\W*(
            on\s.*\bwrote | am\s.*\bschrieb\b.* | .*\bschrieb\s+am\b.* | .*\bwrote\s+on\b.* | le\s.*\ba\s+écrit
            | el\s.*\bescribió | il\s.*\bha\s+scritto | op\s.*\bschreef\b.* | w?\s*dniu\s.*\b(pisze|napisał)\S*.*
            | .*<\S+@\S+>\s*(wrote|schrieb|writes|schreibt) | \S.*\d{4}.*\b(wrote|schrieb)
        )\s*:\s*$",
    )
});

/// `-----Original Message-----` and its kin.
static ORIGINAL: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?ix)^\s*(
            -{2,}\s*(original(e|es|al)?\s+(message|appointment)|original-?nachricht|urspr(ü|ue)ngliche\s+(nachricht|mail|e-mail)
            |message\s+d'origine|mensaje\s+original|messaggio\s+originale|oorspronkelijk\s+bericht|oryginalna\s+wiadomość
            |forwarded\s+(message|by.*)|weitergeleitete\s+nachricht|message\s+transféré|mensaje\s+reenviado)\s*-{0,}
            | begin\s+forwarded\s+message\s*: | anfang\s+der\s+weitergeleiteten\s+nachricht\s*:
            | (start|beginn)\s+der\s+weitergeleiteten\s+e?-?mail.* 
        )\s*$",
    )
});

/// The header lines that Outlook and others put above a quote.
static HEADER_LINE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^\W*(from|von|de|da|van|od|sent|gesendet|envoyé|enviado|inviato|verzonden|wysłano|date|datum|fecha|data|to|an|à|para|a|aan|do|cc|kopie|subject|betreff|objet|asunto|oggetto|onderwerp|temat)\W{0,3}:",
    )
});

static HEADER_FIRST: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)^\W*(from|von|de|da|van|od)\W{0,3}:\s*\S"));

static MOBILE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^\s*(sent (from|with|via|using) (my |a )?\S.*|von meinem .*(gesendet|geschickt).*|gesendet (mit|von|ueber|über) .*|get outlook for .*|outlook für .* beziehen|diese (nachricht|e-mail) wurde von meinem .* gesendet.*|envoyé de mon .*)$",
    )
});

static CLOSING: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?ix)^\s*(
            (mit\s+)?(freundliche[nm]?|beste[nm]?|viele[nm]?|herzliche[nm]?|liebe[nm]?|schöne[nm]?|sonnige[nm]?)\s+gr(ü|ue|u)(ß|ss)e?n?(\s+(aus|von|nach|und)\s.{1,30})?
            | mfg | lg | vg | bg | hochachtungsvoll | gru(ß|ss)
            | (with\s+)?(kind|kindest|best|warm|warmest|many)\s+(regards|wishes) | regards | all\s+the\s+best | best | cheers
            | (yours\s+)?(sincerely|faithfully|truly)(\s+yours)? | respectfully | rgds | br | kr | thx | thanks
            | (many\s+)?thanks(\s+(and|&)\s+.{1,20})? | thank\s+you(\s+(and|&)\s+.{1,20})?
            | danke | vielen\s+dank | besten\s+dank | danke\s+und\s+.{1,30}
        )\s*[,.!]*\s*$",
    )
});

/// A cue that alone shows a footer.
static LEGAL_STRONG: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)intended recipient|intended solely|intended only for|irrt(ü|ue)mlich erhalten|nicht der (richtige|beabsichtigte|vorgesehene)|amtsgericht|handelsregister|\bHRB ?\d|\bHRA ?\d|registered (in england|office)|company (registration )?(no|number)|legally privileged|e-?mail disclaimer|ust-?id|vat (no|number|reg)|gesch(ä|ae)ftsf(ü|ue)hr(er|ung|erin)\s*:|vorstand\s*:|sitz der gesellschaft|before printing|ausdrucken|an die umwelt|scanned (by|for)|auf viren|you (are receiving|received) this (e-?mail|message) because|sie erhalten diese (e-?mail|nachricht)|unsubscribe (here|link|from our)|hier abmelden|vom newsletter abmelden",
    )
});

/// Cues of which two show a footer.
static LEGAL_WEAK: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)confidential|privileged|vertraulich|unauthori[sz]ed|unbefugt|disclosure|notify the sender|absender|virus|liability|haftung|attachments?|anh(ä|ae)nge|disclaimer|datenschutzerkl|privacy (policy|notice|statement)",
    )
});

/// Lines that are looked at; nobody writes more by hand.
const LINES_MAX: usize = 20_000;

/// Takes a mail's text apart.
pub(crate) fn own_words(text: &str) -> Words {
    let lines: Vec<&str> = text.lines().take(LINES_MAX).map(|line| line.trim_end_matches('\r')).collect();
    let mut own: Vec<&str> = Vec::new();
    let mut rest: Vec<&str> = Vec::new();
    let mut in_signature = false;
    let mut index = 0;
    while let Some(&line) = lines.get(index) {
        let ahead = lines.get(index..).unwrap_or_default();
        if is_quoted(line) {
            rest.push(line);
            // After a quote the writer may go on, below the quoted line that they answer.
            in_signature = false;
        } else if let Some(count) = attribution(ahead) {
            rest.extend(ahead.iter().take(count));
            index += count;
            if next_is_quoted(lines.get(index..).unwrap_or_default()) {
                continue;
            }
            rest.extend(lines.get(index..).unwrap_or_default());
            break;
        } else if ORIGINAL.is_match(line) || is_header_block(ahead) {
            rest.extend(ahead);
            break;
        } else if is_signature_line(line) {
            in_signature = true;
            rest.push(line);
        } else if in_signature || MOBILE.is_match(line) || line.starts_with("-----BEGIN PGP") {
            rest.push(line);
        } else {
            own.push(line);
        }
        index += 1;
    }
    let (own, footer) = without_footer(&own);
    rest.extend(footer);
    let own = without_our_text(&own.join("\n"));
    Words { own: own.trim().to_owned(), rest: rest.join("\n") }
}

fn is_quoted(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('>') || line.starts_with("|>") || line.starts_with("| ")
}

fn is_signature_line(line: &str) -> bool {
    matches!(line, "-- " | "--" | "—" | "___" | "__")
}

/// Returns how many lines an attribution takes; mail programs wrap it.
fn attribution(lines: &[&str]) -> Option<usize> {
    let mut joined = String::new();
    for (count, line) in lines.iter().take(4).enumerate() {
        if line.trim().is_empty() || is_quoted(line) || joined.len() > 400 {
            return None;
        }
        joined.push_str(if count == 0 { "" } else { " " });
        joined.push_str(line.trim());
        if line.trim_end().ends_with(':') {
            let telling = joined.contains('@') || joined.chars().any(|c| c.is_ascii_digit());
            return (telling && ATTRIBUTION.is_match(&joined)).then_some(count + 1);
        }
    }
    None
}

fn next_is_quoted(lines: &[&str]) -> bool {
    lines.iter().take(20).find(|line| !line.trim().is_empty()).is_some_and(|line| is_quoted(line))
}

/// `From:` with at least two more header lines close below.
fn is_header_block(lines: &[&str]) -> bool {
    let Some(first) = lines.iter().take(2).position(|line| !is_rule(line)) else { return false };
    if !lines.get(first).is_some_and(|line| HEADER_FIRST.is_match(line)) {
        return false;
    }
    let near = lines.iter().skip(first + 1).take(6);
    near.filter(|line| HEADER_LINE.is_match(line)).count() >= 2
}

fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || (line.len() >= 5 && line.chars().all(|c| c == '_' || c == '-' || c == '='))
}

/// Cuts what follows a closing formula, and legal footers; keeps paragraphs that say something more.
fn without_footer<'a>(lines: &[&'a str]) -> (Vec<&'a str>, Vec<&'a str>) {
    let (mut kept, mut cut) = (Vec::new(), Vec::new());
    let mut closed = false;
    let mut paragraphs = 0;
    for paragraph in lines.split_inclusive(|line| line.trim().is_empty()) {
        let blank = paragraph.iter().all(|line| line.trim().is_empty());
        let footer = paragraphs > 0 && (is_legal(paragraph) || (closed && is_contact_block(paragraph)));
        paragraphs += usize::from(!blank);
        if footer && !blank {
            cut.extend(paragraph);
            continue;
        }
        let closing = paragraph.iter().position(|line| CLOSING.is_match(line)).filter(|&at| at > 0 || paragraphs > 1);
        let Some(at) = closing else {
            kept.extend(paragraph);
            continue;
        };
        closed = true;
        let (before, after) = paragraph.split_at(at);
        kept.extend(before);
        cut.extend(after);
    }
    (kept, cut)
}

fn is_legal(paragraph: &[&str]) -> bool {
    let text = paragraph.join(" ");
    LEGAL_STRONG.is_match(&text) || LEGAL_WEAK.find_iter(&text).count() >= 2
}

/// A block of short lines without a sentence, such as a name, a title and a phone number.
fn is_contact_block(paragraph: &[&str]) -> bool {
    let lines: Vec<&str> = paragraph.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
    let postscript = lines.first().is_some_and(|line| {
        let lower = line.to_lowercase();
        lower.starts_with("ps") || lower.starts_with("p.s") || lower.starts_with("nb")
    });
    let sentence = |line: &&str| line.chars().count() > 60 || line.ends_with(['.', '!', '?']) && line.contains(' ');
    !postscript && !lines.iter().any(sentence)
}

/// The running text of our own templates, folded.
static OUR_TEXT: LazyLock<String> = LazyLock::new(|| {
    let mut out = String::new();
    for (_, template) in SHIPPED {
        let mut rest = *template;
        while let Some(open) = rest.find(['{']) {
            out.push_str(&fold(rest.get(..open).unwrap_or_default()));
            out.push_str(" | ");
            rest = rest.get(open..).unwrap_or_default();
            let end = rest.find("}}").into_iter().chain(rest.find("%}")).min();
            rest = end.and_then(|end| rest.get(end + 2..)).unwrap_or_default();
        }
        out.push_str(&fold(rest));
        out.push_str(" | ");
    }
    out
});

/// A line of ours that is at least this long is a quote, also where no mark shows it.
const OUR_LINE_CHARS_MIN: usize = 30;

/// Takes out lines of a notice that were quoted without any mark.
fn without_our_text(text: &str) -> String {
    let is_ours = |line: &&str| {
        let folded = fold(line);
        folded.len() >= OUR_LINE_CHARS_MIN && OUR_TEXT.contains(&folded)
    };
    text.lines().filter(|line| !is_ours(line)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
#[path = "quote_tests.rs"]
mod tests;
