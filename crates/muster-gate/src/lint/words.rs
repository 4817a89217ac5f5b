//! The words by which a notice's items are recognized: data of one language each, in `words/*.toml`.
//!
//! A list's entries are patterns of whole words over folded text (lower case, no accents, white space collapsed);
//! what follows from a word being there or not is said in `said`, `rights` and `form`.
//!
//! Invariant: each language has every list, and no list that the code does not know.

use std::sync::LazyLock;

use regex::bytes::{Regex, RegexBuilder};
use toml_edit::{Document, Table};

use super::fold::fold_pattern;

/// The languages that have words, in the order of their code.
pub(super) const LANGS: [&str; 7] = ["de", "en", "es", "fr", "it", "nl", "pl"];

static ALL: LazyLock<Vec<Words>> = LazyLock::new(|| {
    let files = [
        ("de", include_str!("words/de.toml")),
        ("en", include_str!("words/en.toml")),
        ("es", include_str!("words/es.toml")),
        ("fr", include_str!("words/fr.toml")),
        ("it", include_str!("words/it.toml")),
        ("nl", include_str!("words/nl.toml")),
        ("pl", include_str!("words/pl.toml")),
    ];
    files
        .map(|(lang, text)| Words::read(lang, text).expect("the files are part of the source, and a test reads each"))
        .into()
});

/// Small words of the languages that no notice is written in, folded and sorted, with the language's code.
pub(super) static OTHERS: LazyLock<Vec<(&'static str, Vec<String>)>> = LazyLock::new(|| {
    let document = Document::parse(include_str!("words/others.toml")).expect("the file is part of the source");
    let table = document.as_table();
    OTHER_LANGS.map(|code| (code, folded("others", table, code).expect("a test reads each list"))).into()
});

/// The languages of `words/others.toml`.
const OTHER_LANGS: [&str; 12] = ["ca", "cs", "da", "fi", "hr", "hu", "lt", "nb", "pt", "ro", "sk", "sv"];

/// One list of words.
#[derive(Debug)]
pub(super) struct Matcher(Regex);

impl Matcher {
    /// Returns whether one of the words stands in folded text.
    pub(super) fn is(&self, low: &str) -> bool {
        self.0.is_match(low.as_bytes())
    }

    /// Returns the text behind the first of the words.
    pub(super) fn behind<'a>(&self, low: &'a str) -> Option<&'a str> {
        self.0.find(low.as_bytes()).and_then(|found| low.get(found.end()..))
    }

    /// Returns the text before the first of the words.
    pub(super) fn before<'a>(&self, low: &'a str) -> Option<&'a str> {
        self.0.find(low.as_bytes()).and_then(|found| low.get(..found.start()))
    }

    /// Returns each text behind one of the words.
    pub(super) fn all_behind<'a>(&'a self, low: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.find_iter(low.as_bytes()).filter_map(|found| low.get(found.end()..))
    }

    /// Returns the text without the words.
    pub(super) fn erased(&self, low: &str) -> String {
        String::from_utf8_lossy(&self.0.replace_all(low.as_bytes(), &b" "[..])).into_owned()
    }

    /// Returns how the words stand in folded text, each as it is written there.
    pub(super) fn found<'a>(&'a self, low: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.find_iter(low.as_bytes()).filter_map(|found| low.get(found.range()))
    }
}

/// Compiles a pattern of folded text.
pub(super) fn pattern(text: &str) -> Result<Matcher, String> {
    let built = RegexBuilder::new(&fold_pattern(text)).unicode(false).size_limit(1 << 24).build();
    built.map(Matcher).map_err(|error| error.to_string())
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// The words of one language.
        #[derive(Debug)]
        pub(super) struct Words {
            /// ISO 639-1.
            pub lang: &'static str,
            $($(#[$doc])* pub $name: Matcher,)*
            /// Kinds of data about a person at work; each entry is one kind.
            pub fields: Vec<Matcher>,
            /// A number with a unit of time.
            pub period: Matcher,
            /// Number words with their number.
            pub numbers: Vec<(String, i32)>,
            /// Names of the months, January first.
            pub months: Vec<String>,
            /// Common words, folded.
            pub common: Vec<String>,
            /// Verbs and pronouns that only a sentence has, folded.
            pub speech: Vec<String>,
        }

        impl Words {
            fn read(lang: &'static str, text: &str) -> Result<Self, String> {
                let document = Document::parse(text).map_err(|error| format!("{lang}.toml: {error}"))?;
                let table = document.as_table();
                let known = [$(stringify!($name),)* "fields", "unit_months", "unit_years", "unit_other", "numbers", "months", "common", "speech"];
                if let Some((key, _)) = table.iter().find(|(key, _)| !known.contains(key)) {
                    return Err(format!("{lang}.toml: unknown list `{key}`"));
                }
                Ok(Self {
                    lang,
                    $($name: matcher(lang, table, stringify!($name))?,)*
                    fields: list(lang, table, "fields")?
                        .iter()
                        .map(|entry| whole_words(lang, "fields", std::slice::from_ref(entry)))
                        .collect::<Result<_, _>>()?,
                    period: period(lang, table)?,
                    numbers: numbers(lang, table)?,
                    months: list(lang, table, "months")?,
                    common: folded(lang, table, "common")?,
                    speech: folded(lang, table, "speech")?,
                })
            }
        }
    };
}

words! {
    /// Says no.
    negation,
    /// Introduces who is responsible.
    controller,
    /// Introduces who writes.
    we_are,
    /// Announces a postal address.
    address_word,
    /// A representative under article 27.
    representative,
    /// The data protection officer.
    dpo,
    /// Heads a section on purposes.
    purpose_heading,
    /// Heads a section on storage.
    keeping_heading,
    /// Heads a section on recipients.
    recipients_heading,
    /// Heads a section on where the data come from.
    source_heading,
    /// Heads or introduces what is held about the reader.
    held_heading,
    /// Consent, in whatever role.
    consent_word,
    /// Something is taken back.
    take_back,
    /// States a purpose in a sentence.
    purpose,
    /// What the sender makes of the data: a directory, a list, a newsletter.
    offering,
    /// What that is good for: to offer, to find, to invite.
    aim,
    /// States a purpose without saying anything.
    vague_purpose,
    /// A legitimate interest.
    legitimate_interest,
    /// An interest of somebody, whatever it is called.
    interest_word,
    /// Begins a sentence on what was said before.
    points_back,
    /// An interest, followed by what it is.
    interest_is,
    /// Words of law and balance that state no interest.
    law_words,
    /// Consent as a basis.
    consent,
    /// Consent taken back.
    withdraw,
    /// Categories of data.
    categories,
    /// The data that follow.
    following_data,
    /// Something is held about the reader.
    hold,
    /// A label that only a person's value has.
    value_label,
    /// Those who receive data.
    recipients,
    /// Data that go to somebody, said as such.
    passing,
    /// Kinds of recipients that say who.
    recipient_kinds,
    /// Recipients that say nothing.
    vague_recipients,
    /// Nothing is shared.
    no_sharing,
    /// There are no recipients.
    no_recipients,
    /// Limits a "no".
    limited,
    /// Nothing leaves the European Economic Area.
    no_transfer,
    /// Adequacy of a country's law.
    adequacy,
    /// What takes the place of adequacy.
    safeguards,
    /// A copy, and words by which one gets it.
    copy,
    /// Storing and deleting.
    keeping,
    /// An event that ends the storage.
    criterion,
    /// Something ends of itself.
    lapse,
    /// The data, by whatever name: entry, card, details, collection.
    entry_word,
    /// What other data are kept for: bills, blocking lists, duties of law.
    law_keeps,
    /// No end at all.
    endless,
    /// An end that is none.
    open_ended,
    /// A period that starts again.
    restarted,
    /// Rights as such.
    rights,
    /// Somebody may do something.
    may,
    access,
    rectification,
    erasure,
    restriction,
    /// Objecting.
    object,
    portability,
    /// Nouns of rights other than the objection.
    other_right,
    /// Grounds of a particular situation; any processing.
    any_processing,
    complain,
    authority,
    /// Where data come from.
    source,
    /// A source that is known by its name, or determined.
    registers,
    public,
    not_public,
    /// Decisions by machines.
    automated,
    /// Heads a section on such decisions.
    automated_heading,
    /// Nobody takes part, or a program decides.
    by_machine,
    /// Their logic and consequences.
    automated_logic,
    /// Advertising to the reader, to which one objects.
    marketing,
    free,
    /// A step that uses a right: a reply, a link, a letter.
    way,
    one_month,
    /// Data came on a day.
    collected,
    /// Introduces a reference number.
    reference,
    /// An account or proof of identity as a hurdle.
    hurdle,
    advertising,
    /// A word for an absent value.
    empty_word,
    /// A salutation by gender.
    salutation,
    /// A salutation to everybody.
    neutral_salutation,
    /// Silence or use is called consent.
    silence,
    /// Denies that silence means anything.
    not_meant,
}

impl Words {
    /// Returns the words of a language, if there are any.
    pub(super) fn of(lang: &str) -> Option<&'static Self> {
        ALL.iter().find(|words| words.lang == lang)
    }

    /// Returns the words of every language.
    pub(super) fn all() -> impl Iterator<Item = &'static Self> {
        ALL.iter()
    }

    /// Returns whether a folded title opens a section that one of the checks looks for.
    pub(super) fn opens_section(&self, title: &str) -> bool {
        [
            &self.purpose_heading,
            &self.keeping_heading,
            &self.recipients_heading,
            &self.source_heading,
            &self.held_heading,
            &self.legitimate_interest,
            &self.categories,
            &self.controller,
            &self.dpo,
            &self.automated,
            &self.rights,
            &self.object,
            &self.complain,
            &self.marketing,
            &self.adequacy,
            &self.reference,
            &self.consent_word,
            &self.way,
            &self.authority,
        ]
        .iter()
        .any(|list| list.is(title))
    }

    /// Returns how many kinds of data a folded text names.
    pub(super) fn fields_in(&self, low: &str) -> usize {
        self.fields.iter().filter(|field| field.is(low)).count()
    }
}

fn list(lang: &str, table: &Table, key: &str) -> Result<Vec<String>, String> {
    let array = table
        .get(key)
        .and_then(toml_edit::Item::as_array)
        .ok_or_else(|| format!("{lang}.toml: the list `{key}` is missing"))?;
    let texts: Vec<String> = array.iter().filter_map(|value| value.as_str()).map(str::to_owned).collect();
    if texts.len() == array.len() && !texts.is_empty() {
        Ok(texts)
    } else {
        Err(format!("{lang}.toml: `{key}` has to be a list of texts"))
    }
}

fn folded(lang: &str, table: &Table, key: &str) -> Result<Vec<String>, String> {
    let mut words: Vec<String> = Vec::new();
    for line in list(lang, table, key)? {
        words.extend(fold_pattern(&line).split_whitespace().map(str::to_owned));
    }
    words.sort();
    words.dedup();
    Ok(words)
}

fn whole_words(lang: &str, key: &str, entries: &[String]) -> Result<Matcher, String> {
    // A word ends where no word goes on, also behind a colon.
    pattern(&format!(r"\b{{start-half}}(?:{})\b{{end-half}}", entries.join("|")))
        .map_err(|error| format!("{lang}.toml: `{key}`: {error}"))
}

fn matcher(lang: &str, table: &Table, key: &str) -> Result<Matcher, String> {
    whole_words(lang, key, &list(lang, table, key)?)
}

fn numbers(lang: &str, table: &Table) -> Result<Vec<(String, i32)>, String> {
    let parse = |entry: &String| {
        let (word, number) = entry.split_once('=')?;
        Some((fold_pattern(word), number.parse().ok()?))
    };
    let entries = list(lang, table, "numbers")?;
    entries.iter().map(|e| parse(e).ok_or_else(|| format!("{lang}.toml: `{e}` is not `word=number`"))).collect()
}

fn period(lang: &str, table: &Table) -> Result<Matcher, String> {
    let words: Vec<String> = numbers(lang, table)?.into_iter().map(|(word, _)| word).collect();
    let mut units = list(lang, table, "unit_months")?;
    units.extend(list(lang, table, "unit_years")?);
    units.extend(list(lang, table, "unit_other")?);
    let text =
        format!(r"\b(?:\d{{1,3}}|{})(?: ?\([^)]{{1,20}}\))?[ -](?:\w+ )?(?:{})\b", words.join("|"), units.join("|"));
    pattern(&text).map_err(|error| format!("{lang}.toml: period: {error}"))
}

/// Returns the months of a period that `period` found, where it is one of months or years.
pub(super) fn months_of(words: &Words, period: &str) -> Option<i32> {
    let number = period.split(|c: char| !c.is_ascii_alphanumeric()).next()?;
    let hyphened = words.numbers.iter().filter(|(word, _)| period.starts_with(word.as_str()));
    let by_word = hyphened.max_by_key(|(word, _)| word.len()).map(|&(_, number)| number);
    let number: i32 = number.parse().ok().or(by_word)?;
    let unit = period.rsplit([' ', '-']).next()?;
    let starts = |list: &[&str]| list.iter().any(|start| unit.starts_with(start));
    if starts(&["monat", "month", "mois", "mes", "maand", "miesiac", "miesiec"]) {
        Some(number)
    } else if starts(&["jahr", "year", "an", "jaar", "jaren", "rok", "lat", "roku"]) {
        number.checked_mul(12)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_list() {
        assert!(OTHERS.iter().all(|(_, words)| words.len() > 20));
        for lang in LANGS {
            let text = match lang {
                "de" => include_str!("words/de.toml"),
                "en" => include_str!("words/en.toml"),
                "es" => include_str!("words/es.toml"),
                "fr" => include_str!("words/fr.toml"),
                "it" => include_str!("words/it.toml"),
                "nl" => include_str!("words/nl.toml"),
                _ => include_str!("words/pl.toml"),
            };
            match Words::read(lang, text) {
                Ok(words) => assert!(words.months.len() == 12 && words.fields.len() > 5, "{lang}"),
                Err(error) => panic!("{error}"),
            }
        }
        assert!(Words::of("xx").is_none());
    }

    #[test]
    fn a_period_is_read_in_months() {
        let read = |lang: &str, text: &str| {
            let words = Words::of(lang).unwrap();
            let found = words.period.found(text).next().map(str::to_owned);
            found.and_then(|period| months_of(words, &period))
        };
        for (lang, text, months) in [
            ("en", "for twenty-four months", 24),
            ("en", "for 2 years", 24),
            ("de", "zwei jahre lang", 24),
            ("fr", "pendant 36 mois", 36),
            ("es", "durante dos anos", 24),
            ("it", "per 12 mesi", 12),
            ("nl", "gedurende twee jaar", 24),
            ("pl", "przez 24 miesiace", 24),
            ("pl", "przez dwa lata", 24),
        ] {
            assert_eq!(read(lang, text), Some(months), "{lang}: {text}");
        }
    }
}
