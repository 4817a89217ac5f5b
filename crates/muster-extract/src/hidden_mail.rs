//! E-mail addresses in plain sight and in the simple disguises: words for `@`, Cloudflare, TYPO3, ROT13.
//!
//! Each find says in which form it was hidden, so that a rule may treat it otherwise than one in plain sight.
//!
//! Invariant: whatever is returned is a parsed address.

use std::ops::Range;
use std::sync::LazyLock;

use muster_model::EmailAddress;
use regex::Regex;

/// Most addresses taken from one line; a line of more is a list for harvesters or a trap.
const PER_LINE_MAX: usize = 50;

/// An address with its place in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FoundMail {
    /// The address.
    pub(crate) address: EmailAddress,
    /// Where it stands.
    pub(crate) range: Range<usize>,
    /// How it was hidden.
    pub(crate) form: Option<&'static str>,
}

/// Finds the addresses in a line of text.
pub(crate) fn find_mails(text: &str) -> Vec<FoundMail> {
    static PLAIN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"[\p{L}\p{N}][\p{L}\p{N}._%+'’-]*@[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?)+").expect("the pattern is valid")
    });
    let mut found: Vec<FoundMail> = Vec::new();
    if text.contains('@') {
        for plain in PLAIN.find_iter(text).take(PER_LINE_MAX) {
            if let Ok(address) = EmailAddress::parse(plain.as_str()) {
                found.push(FoundMail { address, range: plain.range(), form: None });
            }
        }
    }
    for hidden in find_at_words(text) {
        if !found.iter().any(|known| known.range.start < hidden.range.end && hidden.range.start < known.range.end) {
            found.push(hidden);
        }
    }
    found.sort_by_key(|mail| mail.range.start);
    found
}

/// The words for `@` and `.` in the languages that business pages are read in.
const AT: &str = r"(?:at|ät|@|arobase|arrobase|arroba|chiocciola|apenstaartje|malpa|małpa|klammeraffe|a t)";
const DOT: &str = r"(?:dot|punkt|point|punto|punt|kropka|\.|d o t)";

fn find_at_words(text: &str) -> Vec<FoundMail> {
    static HIDDEN: LazyLock<Regex> = LazyLock::new(|| {
        let open = r"[\[({<«_]";
        let close = r"[\])}>»_]";
        let label = r"[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?";
        let local = r"[\p{L}\p{N}][\p{L}\p{N}_%+-]*";
        let dot = format!(r"(?:\s*{open}\s*{DOT}\s*{close}\s*|\.)");
        let bracketed = format!(r"(?i){local}(?:{dot}{local})*\s*{open}\s*{AT}\s*{close}\s*{label}(?:{dot}{label})+");
        let spaced_dot = r"(?:\s+(?:dot|punkt|point|punto|punt|kropka)\s+|\.)";
        let spaced = format!(
            r"(?i){local}(?:{spaced_dot}{local})*\s+(?:at|ät|arobase|arroba|chiocciola|malpa|małpa)\s+{label}(?:{spaced_dot}{label})*\s+(?:dot|punkt|point|punto|punt|kropka)\s+{label}"
        );
        Regex::new(&format!("{bracketed}|{spaced}")).expect("the pattern is valid")
    });
    static AT_SIGN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(&format!(
            r"(?i)\s*[\[({{<«_]\s*{AT}\s*[\])}}>»_]\s*|\s+(?:at|ät|arobase|arroba|chiocciola|malpa|małpa)\s+"
        ))
        .expect("the pattern is valid")
    });
    static DOT_SIGN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(&format!(r"(?i)\s*[\[({{<«_]\s*{DOT}\s*[\])}}>»_]\s*|\s+(?:dot|punkt|point|punto|punt|kropka)\s+"))
            .expect("the pattern is valid")
    });
    let mut found = Vec::new();
    for hidden in HIDDEN.find_iter(text).take(PER_LINE_MAX) {
        let with_dots = DOT_SIGN.replace_all(hidden.as_str(), ".");
        let plain = AT_SIGN.replace(&with_dots, "@");
        if let Ok(address) = EmailAddress::parse(&plain) {
            found.push(FoundMail { address, range: hidden.range(), form: Some("at-words") });
        }
    }
    found
}

/// Decodes a `data-cfemail` value: hexadecimal, each byte `XORed` with the first.
pub(crate) fn decode_cloudflare(value: &str) -> Option<EmailAddress> {
    let bytes: Option<Vec<u8>> = value
        .as_bytes()
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok()))
        .collect();
    let bytes = bytes?;
    let (key, rest) = bytes.split_first()?;
    let plain: Vec<u8> = rest.iter().map(|byte| byte ^ key).collect();
    EmailAddress::parse(std::str::from_utf8(&plain).ok()?).ok()
}

/// Decodes TYPO3's shifted `mailto:`; the offset is found by trying.
pub(crate) fn decode_typo3(value: &str) -> Option<EmailAddress> {
    if value.len() > 512 {
        return None;
    }
    (-25..=25).find_map(|offset| {
        let plain: String = value.chars().map(|c| shift_typo3(c, offset)).collect();
        EmailAddress::parse(plain.strip_prefix("mailto:")?.split('?').next()?).ok()
    })
}

fn shift_typo3(c: char, offset: i32) -> char {
    let Ok(byte) = u8::try_from(c) else { return c };
    for (low, high) in [(0x2B_u8, 0x3A_u8), (0x40, 0x5A), (0x61, 0x7A)] {
        if (low..=high).contains(&byte) {
            let width = i32::from(high - low) + 1;
            let moved = (i32::from(byte - low) + offset).rem_euclid(width);
            return u8::try_from(moved).map_or(c, |moved| char::from(low + moved));
        }
    }
    c
}

/// Decodes a text whose letters were turned by 13.
pub(crate) fn decode_rot13(value: &str) -> Option<EmailAddress> {
    // WordPress plug-ins turn the letters first and write the words for the signs afterwards.
    let plain: String = value
        .replace("[at]", "@")
        .replace("[dot]", ".")
        .chars()
        .map(|c| match u8::try_from(c) {
            Ok(byte @ b'a'..=b'z') => char::from((byte - b'a' + 13) % 26 + b'a'),
            Ok(byte @ b'A'..=b'Z') => char::from((byte - b'A' + 13) % 26 + b'A'),
            _ => c,
        })
        .collect();
    let address = plain.strip_prefix("mailto:").unwrap_or(&plain).split('?').next()?;
    EmailAddress::parse(address).ok()
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a test that cuts a character in two should fail")]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, address: &str, quote: &str, form: Option<&str>) {
        let found = find_mails(text);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!((found[0].address.as_str(), &text[found[0].range.clone()], found[0].form), (address, quote, form));
    }

    #[test]
    fn addresses_in_plain_sight() {
        check("Mail: Anna.Muster@Firma.example.", "anna.muster@firma.example", "Anna.Muster@Firma.example", None);
        check("(anna@bücher.example)", "anna@xn--bcher-kva.example", "anna@bücher.example", None);
    }

    #[test]
    fn words_for_the_signs_are_read() {
        check(
            "c.sieglitz [at] firma.example",
            "c.sieglitz@firma.example",
            "c.sieglitz [at] firma.example",
            Some("at-words"),
        );
        check("anna(at)firma.example ruft", "anna@firma.example", "anna(at)firma.example", Some("at-words"));
        check(
            "anna dot muster at firma dot example",
            "anna.muster@firma.example",
            "anna dot muster at firma dot example",
            Some("at-words"),
        );
        check(
            "anna [ät] firma [punkt] example",
            "anna@firma.example",
            "anna [ät] firma [punkt] example",
            Some("at-words"),
        );
        check(
            "anna (arobase) firma (point) example",
            "anna@firma.example",
            "anna (arobase) firma (point) example",
            Some("at-words"),
        );
    }

    #[test]
    fn sentences_and_halves_are_no_addresses() {
        for text in [
            "meet us at firma.example today",
            "hannekeambro@...",
            "look at the dot",
            "a@b",
            "@anna_muster",
            "x @ y.example",
        ] {
            assert!(find_mails(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn encoded_forms_are_decoded() {
        let encoded = "1b7c7a69697e6f6f35766e77737477777a757f5b7d7e75767a696873357e637a766b777e";
        assert_eq!(decode_cloudflare(encoded).unwrap().as_str(), "garrett.mulholland@fenmarsh.example");
        assert_eq!(decode_cloudflare("zz"), None);
        assert_eq!(
            decode_typo3("ocknvq,q0swcpfgnBmguungt/dtcpf0gzcorng").unwrap().as_str(),
            "o.quandel@kessler-brand.example"
        );
        assert_eq!(decode_typo3("javascript"), None);
        assert_eq!(decode_rot13("znvygb:naan@svezn.rknzcyr").unwrap().as_str(), "anna@firma.example");
        assert_eq!(decode_rot13("vasb[at]svezn.rknzcyr").unwrap().as_str(), "info@firma.example");
    }
}
