//! Bytes to text where a mail does not say how, or says it wrongly.
//!
//! What a mail states rightly is decoded by `mail-parser`; here is what is left: no charset, a wrong one, UTF-8 read as
//! Latin, header fields in raw bytes, encoded words that a program broke.
//!
//! Invariant: any bytes give a text; of several readings the one with the letters of our languages is taken.

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;

/// Reads bytes of unknown charset: UTF-8, else the Latin charset that gives the most letters people use.
pub(super) fn guessed(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let sample = bytes.get(..bytes.len().min(20_000)).unwrap_or_default();
    let score = |name: &str| charset_decoder(name.as_bytes()).map_or(i32::MIN, |decode| letters(&decode(sample)));
    let mut best = ("windows-1252", score("windows-1252"));
    for name in ["windows-1250", "iso-8859-2"] {
        let score = score(name);
        if score > best.1 {
            best = (name, score);
        }
    }
    charset_decoder(best.0.as_bytes())
        .map_or_else(|| String::from_utf8_lossy(bytes).into_owned(), |decode| decode(bytes))
}

/// How much a text looks like one of our languages: its accented letters count, signs inside of words count against it.
fn letters(text: &str) -> i32 {
    let mut score = 0;
    let mut before = ' ';
    for c in text.chars() {
        if !c.is_ascii() {
            score += match c {
                'ä' | 'ö' | 'ü' | 'ß' | 'Ä' | 'Ö' | 'Ü' | 'é' | 'è' | 'à' | 'ù' | 'ç' | 'ñ' | 'á' | 'í' | 'ó' | 'ú'
                | 'ê' | 'î' | 'ô' | 'ì' | 'ò' | 'ą' | 'ć' | 'ę' | 'ł' | 'ń' | 'ś' | 'ź' | 'ż' | 'Ł' | 'Ś' | 'Ż'
                | '’' | '“' | '„' | '–' | '…' | '\u{a0}' | '€' => 2,
                _ if c.is_alphabetic() => 0,
                _ if before.is_alphabetic() => -3,
                _ => -1,
            };
        }
        before = c;
    }
    score
}

/// Repairs UTF-8 that was read as windows-1252 (`Ã¼` for `ü`); other text is returned as it is.
pub(super) fn unmangled(text: String) -> String {
    let is_sign = |c: char| matches!(c, 'Ã' | 'Â' | 'Å' | 'Ä' | 'â');
    if !text.contains(is_sign) {
        return text;
    }
    let mut bytes = Vec::with_capacity(text.len());
    for c in text.chars() {
        match byte_of(c) {
            Some(byte) => bytes.push(byte),
            None => return text,
        }
    }
    String::from_utf8(bytes).unwrap_or(text)
}

/// The byte of a character in windows-1252.
fn byte_of(c: char) -> Option<u8> {
    const HIGH: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    match u32::from(c) {
        code @ (0..=0x7f | 0xa0..=0xff) => u8::try_from(code).ok(),
        _ => HIGH.chars().position(|high| high == c).and_then(|at| u8::try_from(at + 0x80).ok()),
    }
}

/// Decodes the encoded words of a header field (RFC 2047), also broken ones: with spaces inside, without an end, with a
/// letter cut in two by the border of two words.
pub(super) fn decoded_words(field: &str) -> String {
    let mut out = String::with_capacity(field.len());
    let mut rest = field;
    let mut pending: Option<(String, Vec<u8>)> = None;
    while let Some(start) = rest.find("=?") {
        let before = rest.get(..start).unwrap_or_default();
        let Some((charset, bytes, used)) = rest.get(start..).and_then(encoded_word) else {
            flush(&mut pending, &mut out);
            out.push_str(rest.get(..start + 2).unwrap_or_default());
            rest = rest.get(start + 2..).unwrap_or_default();
            continue;
        };
        let joins = before.trim().is_empty() && pending.as_ref().is_some_and(|(name, _)| *name == charset);
        if !joins {
            let adjacent = before.trim().is_empty() && pending.is_some();
            flush(&mut pending, &mut out);
            out.push_str(if adjacent { "" } else { before });
        }
        pending.get_or_insert_with(|| (charset, Vec::new())).1.extend(bytes);
        rest = rest.get(start + used..).unwrap_or_default();
    }
    flush(&mut pending, &mut out);
    out.push_str(rest);
    out
}

fn flush(pending: &mut Option<(String, Vec<u8>)>, out: &mut String) {
    if let Some((charset, bytes)) = pending.take() {
        let text = charset_decoder(charset.as_bytes()).map_or_else(|| guessed(&bytes), |decode| decode(&bytes));
        let text = if text.contains('\u{fffd}') { guessed(&bytes) } else { text };
        out.push_str(&text);
    }
}

/// Reads one encoded word at the start: its charset, its bytes, its length.
fn encoded_word(text: &str) -> Option<(String, Vec<u8>, usize)> {
    let body = text.strip_prefix("=?")?;
    let charset_end = body.find('?').filter(|end| (1..40).contains(end))?;
    let charset = body.get(..charset_end)?.split('*').next()?.trim().to_ascii_lowercase();
    let after = body.get(charset_end + 1..)?;
    let encoding = after.bytes().next()?;
    let data = after.get(1..)?.strip_prefix('?')?;
    let end = data.find("?=");
    let inner = data.get(..end.unwrap_or(data.len()))?;
    let used = 2 + charset_end + 1 + 2 + inner.len() + end.map_or(0, |_| 2);
    let bytes = match encoding {
        b'b' | b'B' => {
            let packed: String = inner.chars().filter(|c| !c.is_whitespace()).collect();
            base64_decode(packed.as_bytes())?
        }
        b'q' | b'Q' => of_q(inner),
        _ => return None,
    };
    Some((charset, bytes, used))
}

fn of_q(inner: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(inner.len());
    let bytes = inner.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = inner.get(at + 1..at + 3).filter(|_| byte == b'=').and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (byte, hex) {
            (_, Some(value)) => {
                out.push(value);
                at += 2;
            }
            (b'_', None) => out.push(b' '),
            (other, None) => out.push(other),
        }
        at += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_without_a_charset_are_read_in_the_language_they_are_in() {
        assert_eq!(guessed(b"Bitte l\xf6schen"), "Bitte löschen");
        assert_eq!(guessed(b"Prosz\xea usun\xb9\xe6 moje dane \x9c\x9f"), "Proszę usunąć moje dane śź");
        assert_eq!(guessed(b"Prosz\xea usun\xb1\xe6 moje dane"), "Proszę usunąć moje dane");
        assert_eq!(guessed("já".as_bytes()), "já");
    }

    #[test]
    fn utf_8_read_as_latin_is_read_again() {
        assert_eq!(unmangled("LÃ¶schen Sie â€“ bitte".to_owned()), "Löschen Sie – bitte");
        assert_eq!(unmangled("São Paulo, Ångström".to_owned()), "São Paulo, Ångström");
    }

    #[test]
    fn broken_encoded_words_are_read() {
        assert_eq!(decoded_words("=?utf-8?B?TMO2c2NoZW4=?="), "Löschen");
        assert_eq!(decoded_words("=?utf-8?Q?L=C3?= =?UTF-8?Q?=B6schen?= bitte"), "Löschen bitte");
        assert_eq!(decoded_words("=?iso-8859-1?Q?L=F6schen Sie mich?="), "Löschen Sie mich");
        assert_eq!(decoded_words("Re: =?utf-8?Q?St=C3=B6p"), "Re: Stöp");
        assert_eq!(decoded_words("a =?x b =? c"), "a =?x b =? c");
    }
}
