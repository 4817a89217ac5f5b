//! Tests of a token that need no lexicon: capitals, numbers, marks.
//!
//! Invariant: a year or number is an age only by a pattern that names a person; here it merely may be one.

use super::token::Form;

/// Names a word, a class or a built-in test.
pub(super) type SymbolId = u16;

macro_rules! builtins {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)+) => {
        /// Tests that need no lexicon.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Builtin { $($(#[$doc])* $name,)+ }

        impl Builtin {
            pub(super) const ALL: &'static [(Self, &'static str)] = &[$((Self::$name, $text),)+];

            pub(super) const fn id(self) -> SymbolId {
                self as SymbolId
            }
        }
    };
}

builtins! {
    /// A word with a capital.
    Cap = "<cap>",
    /// A word in capitals.
    Caps = "<caps>",
    /// A word without a capital.
    Lower = "<lower>",
    /// Any number in digits.
    Number = "<num>",
    /// A number that an adult's age may be.
    Age = "<age>",
    /// A year in which somebody at work may be born.
    Year = "<year>",
    /// A date in digits.
    Date = "<date>",
    /// A pictograph.
    Pictograph = "<pictograph>",
    /// An opening bracket.
    Open = "<(>",
    /// A closing bracket.
    Close = "<)>",
    /// A comma.
    Comma = ",",
    /// A slash.
    Slash = "/",
    /// A colon.
    Colon = ":",
    /// A dot that no abbreviation took.
    Dot = "<dot>",
    /// A dash that stands alone.
    Dash = "<dash>",
    /// An asterisk or a degree sign, as before a birth date.
    Star = "<star>",
    /// A plus sign.
    Plus = "<plus>",
    /// A vertical bar or bullet.
    Bar = "<bar>",
    /// A word that a hyphen joins to the one before.
    Joined = "<joined>",
    /// An ordinal number such as `50th`.
    Ordinal = "<ordinal>",
    /// A piece of an identity number: anything short that holds a digit, or one or two capitals.
    Code = "<code>",
}

impl Builtin {
    /// How many of a text's tokens pass the test: the higher, the worse does it tell texts apart.
    pub(super) const fn weight(self) -> u32 {
        match self {
            Self::Cap | Self::Lower => 10_000,
            Self::Comma | Self::Dot | Self::Caps | Self::Number | Self::Code | Self::Joined => 2_000,
            Self::Open | Self::Close | Self::Slash | Self::Colon | Self::Dash | Self::Bar => 500,
            Self::Age | Self::Year => 200,
            Self::Date | Self::Plus | Self::Ordinal | Self::Star => 50,
            Self::Pictograph => 5,
        }
    }
}

/// The tests that a word passes by its form alone.
pub(super) fn word_tests(text: &str, form: Form) -> [Option<Builtin>; 2] {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let ordinal = text.starts_with(|c: char| c.is_ascii_digit())
        && text.len() == digits + 2
        && ["st", "nd", "rd", "th"].iter().any(|tail| text.ends_with(tail));
    let code = (digits > 0 && !ordinal) || (form != Form::Small && text.len() <= 2);
    [ordinal.then_some(Builtin::Ordinal), code.then_some(Builtin::Code)]
}

/// The tests that a number passes.
pub(super) fn number_tests(text: &str) -> [Option<Builtin>; 2] {
    let value: u32 = text.parse().unwrap_or(0);
    let age = text.len() == 2 && (15..=99).contains(&value);
    let year = text.len() == 4 && (1920..=2012).contains(&value);
    [age.then_some(Builtin::Age), year.then_some(Builtin::Year)]
}

/// The test that a punctuation mark passes.
pub(super) fn mark_test(mark: char) -> Option<Builtin> {
    match mark {
        '(' | '[' | '{' => Some(Builtin::Open),
        ')' | ']' | '}' => Some(Builtin::Close),
        ',' => Some(Builtin::Comma),
        '/' => Some(Builtin::Slash),
        ':' => Some(Builtin::Colon),
        '.' => Some(Builtin::Dot),
        '-' => Some(Builtin::Dash),
        '*' | '°' => Some(Builtin::Star),
        '+' => Some(Builtin::Plus),
        '|' | '•' | '·' | '\t' => Some(Builtin::Bar),
        _ => None,
    }
}
