//! Bytes of a contact file to text, and places in the text back to places in the file.
//!
//! A byte order mark decides first, then what the pipeline says, then the bytes: UTF-16 without a mark shows by its
//! zero bytes, UTF-8 by being valid, and what is left is windows-1252, which is what spreadsheets write. A file that is
//! UTF-8 with a few broken places stays UTF-8, so that one bad row does not spoil the umlauts of all others. Pages are
//! decoded elsewhere: they declare their charset.
//!
//! Invariant: decoding never fails; a byte sequence that is none of its encoding becomes U+FFFD and is told by
//! [`is_damaged`].

use std::borrow::Cow;
use std::fmt;

use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How much of a file is looked at to tell UTF-16 without a byte order mark.
const SAMPLE_BYTES_MAX: usize = 4_096;

/// A file as text.
pub(crate) struct Decoded<'a> {
    /// The text, without a byte order mark.
    pub(crate) text: Cow<'a, str>,
    rule: OffsetRule,
}

/// How a place in the text is found in the file.
enum OffsetRule {
    /// The bytes are the same, behind a mark of that length; after each broken place (text, file) they run on from there.
    SameBytes { mark: usize, broken: Vec<(usize, usize)> },
    /// One byte a character.
    OneByte,
    /// Two bytes a UTF-16 code unit, behind a mark of that length.
    Utf16 { mark: usize },
    /// Only encoding again tells.
    Encoded(&'static Encoding),
}

/// The label of an encoding that nobody knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnknownEncoding(pub(crate) String);

impl fmt::Display for UnknownEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no encoding is called `{}`", self.0)
    }
}

/// Decodes a file; `label` is the encoding that the pipeline names, which a byte order mark overrules.
pub(crate) fn decode<'a>(bytes: &'a [u8], label: Option<&str>) -> Result<Decoded<'a>, UnknownEncoding> {
    let (encoding, mark) = match (Encoding::for_bom(bytes), label) {
        (Some(marked), _) => marked,
        (None, Some(label)) => (named(label)?, 0),
        (None, None) => (guess(bytes), 0),
    };
    let body = bytes.get(mark..).unwrap_or_default();
    if encoding == UTF_8 {
        return Ok(decode_utf8(body, mark));
    }
    let (text, _) = encoding.decode_without_bom_handling(body);
    let rule = if encoding == UTF_16LE || encoding == UTF_16BE {
        OffsetRule::Utf16 { mark }
    } else if encoding.is_single_byte() {
        OffsetRule::OneByte
    } else {
        OffsetRule::Encoded(encoding)
    };
    Ok(Decoded { text, rule })
}

/// Returns whether a text lost characters on its way: U+FFFD, a zero byte, or a control character that stands for a
/// byte which windows-1252 does not assign.
pub(crate) fn is_damaged(text: &str) -> bool {
    text.contains(|c| matches!(c, '\u{fffd}' | '\0' | '\u{80}'..='\u{9f}'))
}

fn named(label: &str) -> Result<&'static Encoding, UnknownEncoding> {
    Encoding::for_label(label.as_bytes())
        .filter(|&encoding| encoding != REPLACEMENT)
        .ok_or_else(|| UnknownEncoding(label.to_owned()))
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let sample = bytes.get(..SAMPLE_BYTES_MAX).unwrap_or(bytes);
    let zeros = |rest: usize| sample.iter().enumerate().filter(|&(at, &byte)| at % 2 == rest && byte == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), sample.len() / 2);
    if odd * 3 > pairs && even * 20 <= pairs {
        return UTF_16LE;
    }
    if even * 3 > pairs && odd * 20 <= pairs {
        return UTF_16BE;
    }
    let (mut letters, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        letters += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    if broken == 0 || letters > broken { UTF_8 } else { WINDOWS_1252 }
}

fn decode_utf8(body: &[u8], mark: usize) -> Decoded<'_> {
    if let Ok(text) = std::str::from_utf8(body) {
        return Decoded { text: Cow::Borrowed(text), rule: OffsetRule::SameBytes { mark, broken: Vec::new() } };
    }
    let mut text = String::with_capacity(body.len() + 64);
    let (mut broken, mut read) = (Vec::new(), mark);
    for chunk in body.utf8_chunks() {
        text.push_str(chunk.valid());
        read += chunk.valid().len() + chunk.invalid().len();
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
            broken.push((text.len(), read));
        }
    }
    Decoded { text: Cow::Owned(text), rule: OffsetRule::SameBytes { mark, broken } }
}

impl Decoded<'_> {
    /// Starts to translate places of the text into places of the file.
    pub(crate) fn offsets(&self) -> Offsets<'_> {
        Offsets { decoded: self, text_at: 0, file_at: 0 }
    }
}

/// Translates places of the text into places of the file; asked in rising order, all answers together cost one pass.
pub(crate) struct Offsets<'a> {
    decoded: &'a Decoded<'a>,
    text_at: usize,
    file_at: usize,
}

impl Offsets<'_> {
    /// Returns the byte of the file at which the byte `at` of the text begins.
    pub(crate) fn in_file(&mut self, at: usize) -> u64 {
        let found = match &self.decoded.rule {
            OffsetRule::SameBytes { mark, broken } => {
                match broken.partition_point(|&(text, _)| text <= at).checked_sub(1) {
                    Some(before) => broken.get(before).map_or(at, |&(text, file)| file + (at - text)),
                    None => mark + at,
                }
            }
            OffsetRule::OneByte => self.advance(at, |part| part.chars().count()),
            OffsetRule::Utf16 { mark } => mark + self.advance(at, |part| 2 * part.encode_utf16().count()),
            OffsetRule::Encoded(encoding) => self.advance(at, |part| encoding.encode(part).0.len()),
        };
        u64::try_from(found).unwrap_or(u64::MAX)
    }

    fn advance(&mut self, at: usize, length: impl Fn(&str) -> usize) -> usize {
        if at < self.text_at {
            (self.text_at, self.file_at) = (0, 0);
        }
        self.file_at += length(self.decoded.text.get(self.text_at..at).unwrap_or_default());
        self.text_at = at;
        self.file_at
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Decodes, and gives the place in the file of the first `;` of the text.
    fn read(bytes: &[u8], label: Option<&str>) -> (String, Option<u64>) {
        let decoded = decode(bytes, label).unwrap();
        let at = decoded.text.find(';').map(|at| decoded.offsets().in_file(at));
        (decoded.text.clone().into_owned(), at)
    }

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    }

    #[test]
    fn every_encoding_gives_the_text_and_the_place_in_the_file() {
        let text = "Zoë Müller; Köln €";
        let cases: Vec<(Vec<u8>, u64)> = vec![
            (text.as_bytes().to_vec(), 12),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), 15),
            (WINDOWS_1252.encode(text).0.into_owned(), 10),
            (utf16(text, true), 20),
            (utf16(text, false), 20),
            ([b"\xff\xfe".to_vec(), utf16(text, true)].concat(), 22),
            ([b"\xfe\xff".to_vec(), utf16(text, false)].concat(), 22),
        ];
        for (bytes, at) in cases {
            assert_eq!(read(&bytes, None), (text.to_owned(), Some(at)), "{bytes:?}");
        }
    }

    #[test]
    fn a_named_encoding_is_used_unless_a_mark_says_otherwise() {
        assert_eq!(read(b"Wa\xb3\xeasa;", Some("windows-1250")), ("Wałęsa;".to_owned(), Some(6)));
        assert_eq!(read(b"\x8b\xe0;", Some("shift_jis")), ("金;".to_owned(), Some(2)));
        assert_eq!(read("\u{feff}Zoë;".as_bytes(), Some("windows-1252")), ("Zoë;".to_owned(), Some(7)));
        assert_eq!(decode(b"x", Some("klingon")).err(), Some(UnknownEncoding("klingon".to_owned())));
        assert_eq!(decode(b"x", Some("iso-2022-kr")).err(), Some(UnknownEncoding("iso-2022-kr".to_owned())));
    }

    #[test]
    fn one_broken_place_does_not_turn_a_utf8_file_into_windows_1252() {
        let bytes = [b"J\xf6rg,".as_slice(), "Zoë Müller;".as_bytes()].concat();
        let (text, at) = read(&bytes, None);
        assert_eq!((text.as_str(), at), ("J\u{fffd}rg,Zoë Müller;", Some(17)));
        assert!(is_damaged("J\u{fffd}rg") && !is_damaged("Zoë\tMüller\r\n"));
    }

    #[test]
    fn a_byte_that_windows_1252_does_not_assign_shows_as_damage() {
        let decoded = decode(b"M\x81ller \xe4", None).unwrap();
        assert!(is_damaged(&decoded.text));
    }

    proptest! {
        #[test]
        fn decoding_never_panics_and_offsets_stay_inside_the_file(
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
            label in proptest::option::of(proptest::sample::select(vec!["utf-8", "utf-16le", "windows-1252", "gbk"])),
        ) {
            let decoded = decode(&bytes, label).unwrap();
            let mut offsets = decoded.offsets();
            let mut last = 0;
            for (at, _) in decoded.text.char_indices() {
                let place = offsets.in_file(at);
                prop_assert!(place >= last);
                last = place;
            }
        }
    }
}
