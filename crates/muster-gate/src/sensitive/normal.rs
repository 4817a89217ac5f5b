//! The form in which text is compared: what hides a word from the eye of a rule is taken away, places stay known.
//!
//! HTML entities are decoded and inline tags skipped, invisible marks removed, compatibility forms (full width,
//! ligatures, mathematical letters) and look-alike letters of other scripts replaced, case and accents folded. `ä`
//! folds to `ae`, so both German spellings meet.
//!
//! Invariant: every character of the form knows the bytes of the original that it came from, on character borders.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

/// One character of the folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Folded {
    /// The folded character; a block tag is a line break.
    pub(super) char: char,
    /// Where its original begins, in bytes.
    pub(super) start: usize,
    /// Where its original ends.
    pub(super) end: usize,
    /// Whether the original was upper case.
    pub(super) upper: bool,
    /// Whether the original had an accent or another mark.
    pub(super) accented: bool,
}

/// Entities longer than this are text.
const ENTITY_BYTES_MAX: usize = 12;

/// Tags longer than this are text.
const TAG_BYTES_MAX: usize = 300;

/// The named entities that mail and web editors write into words or between them.
const ENTITIES: &[(&str, &str)] = &[
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", " "),
    ("ensp", " "),
    ("emsp", " "),
    ("thinsp", " "),
    ("shy", "\u{ad}"),
    ("zwj", "\u{200d}"),
    ("zwnj", "\u{200c}"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("middot", "·"),
    ("bull", "•"),
    ("colon", ":"),
    ("comma", ","),
    ("lpar", "("),
    ("rpar", ")"),
    ("sol", "/"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("auml", "ä"),
    ("ouml", "ö"),
    ("uuml", "ü"),
    ("Auml", "Ä"),
    ("Ouml", "Ö"),
    ("Uuml", "Ü"),
    ("szlig", "ß"),
    ("eacute", "é"),
    ("egrave", "è"),
    ("ecirc", "ê"),
    ("euml", "ë"),
    ("agrave", "à"),
    ("aacute", "á"),
    ("acirc", "â"),
    ("ccedil", "ç"),
    ("Eacute", "É"),
    ("iacute", "í"),
    ("icirc", "î"),
    ("iuml", "ï"),
    ("igrave", "ì"),
    ("oacute", "ó"),
    ("ocirc", "ô"),
    ("ograve", "ò"),
    ("uacute", "ú"),
    ("ucirc", "û"),
    ("ugrave", "ù"),
    ("ntilde", "ñ"),
    ("aring", "å"),
    ("aelig", "æ"),
    ("oslash", "ø"),
    ("oelig", "œ"),
    ("bdquo", "„"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("sbquo", "‚"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("hellip", "…"),
    ("Agrave", "À"),
    ("Aacute", "Á"),
    ("Acirc", "Â"),
    ("atilde", "ã"),
    ("Ccedil", "Ç"),
    ("Egrave", "È"),
    ("Ecirc", "Ê"),
    ("Iacute", "Í"),
    ("Igrave", "Ì"),
    ("Icirc", "Î"),
    ("Oacute", "Ó"),
    ("Ocirc", "Ô"),
    ("otilde", "õ"),
    ("Uacute", "Ú"),
    ("Ugrave", "Ù"),
    ("Ntilde", "Ñ"),
    ("OElig", "Œ"),
    ("AElig", "Æ"),
    ("Oslash", "Ø"),
    ("scaron", "š"),
    ("ccaron", "č"),
    ("aogon", "ą"),
    ("eogon", "ę"),
    ("cacute", "ć"),
    ("nacute", "ń"),
    ("sacute", "ś"),
    ("zacute", "ź"),
    ("zdot", "ż"),
    ("lstrok", "ł"),
    ("Lstrok", "Ł"),
    ("Sacute", "Ś"),
    ("Zdot", "Ż"),
];

/// Tags that stand inside a word or phrase and do not end a line.
const INLINE_TAGS: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "cite", "em", "font", "i", "mark", "q", "s", "small", "span", "strong", "sub",
    "sup", "time", "u", "wbr",
];

/// Folds a text.
pub(super) fn fold(text: &str) -> Vec<Folded> {
    let mut folder = Folder { text, out: Vec::with_capacity(text.len() + 8) };
    folder.run();
    folder.out
}

/// Folds a word of a lexicon, without places.
pub(super) fn fold_word(text: &str) -> String {
    fold(text).into_iter().map(|folded| folded.char).collect()
}

struct Folder<'a> {
    text: &'a str,
    out: Vec<Folded>,
}

impl Folder<'_> {
    fn run(&mut self) {
        let mut at = 0;
        while let Some(rest) = self.text.get(at..).filter(|rest| !rest.is_empty()) {
            at = self.step(rest, at);
        }
    }

    /// Takes one unit off the text and returns where the next begins.
    fn step(&mut self, rest: &str, at: usize) -> usize {
        let Some(first) = rest.chars().next() else { return self.text.len() };
        match first {
            '&' => {
                if let Some((decoded, bytes)) = entity(rest) {
                    self.cluster(decoded.as_str(), at, at + bytes);
                    return at + bytes;
                }
            }
            '<' => {
                if let Some((block, bytes)) = tag(rest) {
                    // Cells and paragraphs close and open; that is one break, not an empty line.
                    if block && self.out.last().is_none_or(|last| last.char != '\n') {
                        self.out.push(Folded { char: '\n', start: at, end: at + bytes, upper: false, accented: false });
                    }
                    return at + bytes;
                }
            }
            _ => {}
        }
        let marks = |c: &char| canonical_combining_class(*c) != 0 && is_combining_mark(*c);
        let cluster: usize = first.len_utf8()
            + if first.is_ascii() && rest.as_bytes().get(1).is_none_or(u8::is_ascii) {
                0
            } else {
                rest.chars().skip(1).take_while(marks).map(char::len_utf8).sum()
            };
        let end = at + cluster;
        if cluster == 1 {
            self.push(first, at, end);
        } else {
            self.cluster(rest.get(..cluster).unwrap_or_default(), at, end);
        }
        end
    }

    fn cluster(&mut self, text: &str, start: usize, end: usize) {
        for c in text.nfkc() {
            self.push(c, start, end);
        }
    }

    fn push(&mut self, c: char, start: usize, end: usize) {
        let accented = !c.is_ascii() && look_alike(c) == c && c.is_alphabetic();
        let mut emit = |char: char, upper: bool| self.out.push(Folded { char, start, end, upper, accented });
        if c.is_ascii() {
            return emit(c.to_ascii_lowercase(), c.is_ascii_uppercase());
        }
        if is_invisible(c) {
            return;
        }
        let c = look_alike(c);
        let upper = c.is_uppercase();
        match c {
            'ß' | 'ẞ' => "ss".chars().for_each(|c| emit(c, upper)),
            'ä' | 'Ä' | 'æ' | 'Æ' => "ae".chars().for_each(|c| emit(c, upper)),
            'ö' | 'Ö' | 'œ' | 'Œ' => "oe".chars().for_each(|c| emit(c, upper)),
            'ü' | 'Ü' => "ue".chars().for_each(|c| emit(c, upper)),
            'ø' | 'Ø' => emit('o', upper),
            'ł' | 'Ł' => emit('l', upper),
            'đ' | 'Đ' => emit('d', upper),
            'ı' => emit('i', upper),
            '’' | '‘' | '´' | 'ʼ' => emit('\'', false),
            '“' | '”' | '„' | '«' | '»' => emit('"', false),
            '‐' | '‑' | '‒' | '−' => emit('-', false),
            '—' | '―' => emit('–', false),
            '⁄' | '∕' => emit('/', false),
            '：' => emit(':', false),
            c if c.is_whitespace() => {
                emit(if matches!(c, '\u{2028}' | '\u{2029}' | '\u{85}') { '\n' } else { ' ' }, false);
            }
            c => {
                let base = std::iter::once(c).nfd().next().unwrap_or(c);
                base.to_lowercase().for_each(|c| emit(c, upper));
            }
        }
    }
}

/// Soft hyphens, zero-width marks, direction marks, variation selectors and stray combining marks.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180e}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e007f}')
        || (is_combining_mark(c) && canonical_combining_class(c) != 0)
}

/// Replaces a letter of another script by the Latin letter it looks like.
fn look_alike(c: char) -> char {
    match c {
        'А' | 'Α' => 'A',
        'а' | 'α' => 'a',
        'В' | 'Β' => 'B',
        'С' | 'Ϲ' => 'C',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'Е' | 'Ε' => 'E',
        'е' | 'ε' => 'e',
        'Ғ' => 'F',
        'ɡ' => 'g',
        'Н' | 'Η' => 'H',
        'һ' => 'h',
        'І' | 'Ι' | 'Ӏ' => 'I',
        'і' | 'ι' | 'ӏ' => 'i',
        'Ј' => 'J',
        'ј' => 'j',
        'К' | 'Κ' => 'K',
        'к' | 'κ' => 'k',
        'М' | 'Μ' => 'M',
        'Ν' => 'N',
        'О' | 'Ο' | 'Օ' => 'O',
        'о' | 'ο' | 'օ' => 'o',
        'Р' | 'Ρ' => 'P',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'Ѕ' => 'S',
        'ѕ' => 's',
        'Т' | 'Τ' => 'T',
        'т' | 'τ' => 't',
        'υ' | 'ս' => 'u',
        'ν' | 'ѵ' => 'v',
        'ԝ' | 'ѡ' => 'w',
        'Х' | 'Χ' => 'X',
        'х' | 'χ' => 'x',
        'У' | 'Υ' => 'Y',
        'у' | 'γ' => 'y',
        'Ζ' => 'Z',
        c => c,
    }
}

/// Reads an entity; returns what it stands for and how many bytes it takes.
fn entity(rest: &str) -> Option<(String, usize)> {
    let end = rest.bytes().take(ENTITY_BYTES_MAX).position(|byte| byte == b';')?;
    let name = rest.get(1..end)?;
    let decoded = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        char::from_u32(code)?.to_string()
    } else {
        let (_, text) = ENTITIES.iter().find(|(known, _)| *known == name)?;
        (*text).to_owned()
    };
    Some((decoded, end + 1))
}

/// Reads an HTML tag; returns whether it ends a line and how many bytes it takes.
fn tag(rest: &str) -> Option<(bool, usize)> {
    let end = rest.bytes().take(TAG_BYTES_MAX).position(|byte| byte == b'>')?;
    let inner = rest.get(1..end)?.trim_start_matches('/');
    let name_end = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
    let name = inner.get(..name_end)?.to_ascii_lowercase();
    let after = inner.get(name_end..)?.chars().next();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || !matches!(after, None | Some(' ' | '/' | '\n' | '\t')) {
        return None;
    }
    Some((!INLINE_TAGS.contains(&name.as_str()), end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_words_come_out() {
        for hidden in [
            "Reli\u{ad}gion",
            "R\u{200b}eligion",
            "Ｒｅｌｉｇｉｏｎ",
            "Rеligiоn",
            "&#82;eligion",
            "Reli&shy;gion",
            "Reli<b>gion</b>",
            "𝐑𝐞𝐥𝐢𝐠𝐢𝐨𝐧",
            "Re\u{301}ligion",
        ] {
            assert_eq!(fold_word(hidden), "religion", "{hidden}");
        }
    }

    #[test]
    fn both_spellings_of_umlauts_meet() {
        assert_eq!(fold_word("jüdisch"), "juedisch");
        assert_eq!(fold_word("ju\u{308}disch"), "juedisch");
        assert_eq!(fold_word("J&uuml;disch"), "juedisch");
    }

    #[test]
    fn places_are_those_of_the_original() {
        let folded = fold("a&shy;ü");
        let places: Vec<(char, usize, usize)> = folded.iter().map(|f| (f.char, f.start, f.end)).collect();
        assert_eq!(places, [('a', 0, 1), ('u', 6, 8), ('e', 6, 8)]);
    }

    #[test]
    fn what_only_looks_like_markup_is_text() {
        assert_eq!(fold_word("a < b & c > d &nothing;"), "a < b & c > d &nothing;");
        assert_eq!(fold_word("x<br>y"), "x\ny");
    }
}
