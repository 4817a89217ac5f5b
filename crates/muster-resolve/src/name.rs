//! People's names: what is given, what is family, however a source writes them.
//!
//! It reads order and parts and nothing more: nothing about a person is concluded from a name.
//!
//! Invariant: every part is spelled, so transliterations of one name are read alike.

use muster_model::MentionRecord;

use crate::normalize::spell;

/// Particles that belong to a family name and that sources drop or keep at will.
const PARTICLES: &[&str] = &[
    "von", "van", "de", "der", "den", "zu", "zur", "vom", "di", "da", "del", "dela", "della", "du", "des", "la", "le",
    "ten", "ter", "af", "av", "al", "el", "bin", "ben", "dos", "das", "do", "y", "e", "van't", "vande", "of",
];

/// Marks of a generation behind a name.
const GENERATIONS: &[&str] = &["jr", "sr", "junior", "senior", "ii", "iii", "iv"];

/// A person's name, spelled.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Name {
    /// Given names, in their order; an initial is one letter.
    pub(crate) given: Vec<String>,
    /// The family name's parts, without particles.
    pub(crate) family: Vec<String>,
    /// Whether the mention itself says which is which.
    pub(crate) certain: bool,
}

/// Writes a spelled word by its sound, roughly: what a listener writes down (`Stephan`, `Stefan`; `Meyer`, `Meier`).
pub(crate) fn sound(word: &str) -> String {
    let word = word.replace("ph", "f").replace("th", "t").replace("ck", "k").replace("dt", "t").replace("tz", "z");
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        let c = match c {
            'y' | 'j' => 'i',
            'c' => 'k',
            'v' | 'w' => 'f',
            other => other,
        };
        if !out.ends_with(c) {
            out.push(c);
        }
    }
    out.replace("ei", "ai")
}

/// One word of a name as it is written: its parts (a double name has two) and whether it is in capitals.
struct Word {
    parts: Vec<String>,
    is_upper: bool,
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for raw in text.split([' ', '\t', '\n', '\u{a0}', ',', ';', '/']) {
        let parts: Vec<String> = spell(raw).split(' ').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let letters = raw.chars().filter(|c| c.is_alphabetic()).count();
        let is_upper = letters >= 3 && !raw.chars().any(char::is_lowercase);
        if !parts.is_empty() {
            words.push(Word { parts, is_upper });
        }
    }
    while words.len() > 2
        && words.last().is_some_and(|word| word.parts.iter().all(|p| GENERATIONS.contains(&p.as_str())))
    {
        words.pop();
    }
    words
}

fn parts(words: Vec<Word>) -> Vec<String> {
    words.into_iter().flat_map(|word| word.parts).collect()
}

fn without_particles(family: Vec<String>) -> Vec<String> {
    let kept: Vec<String> = family.iter().filter(|part| !PARTICLES.contains(&part.as_str())).cloned().collect();
    if kept.is_empty() { family } else { kept }
}

/// Given names, without particles that slipped behind them.
fn given_names(mut given: Vec<String>) -> Vec<String> {
    while given.len() > 1 && given.last().is_some_and(|part| PARTICLES.contains(&part.as_str())) {
        given.pop();
    }
    given
}

/// Returns the name of a record, from its given and family names where it has them.
pub(crate) fn name_of(record: &MentionRecord) -> Name {
    let given = parts(words(record.given_name.as_deref().unwrap_or_default()));
    let family = parts(words(record.family_name.as_deref().unwrap_or_default()));
    let whole = parse_name(record.name.as_deref().unwrap_or_default());
    match (given.is_empty(), family.is_empty()) {
        (false, false) => Name { given: given_names(given), family: without_particles(family), certain: true },
        (true, false) => {
            let family = without_particles(family);
            let rest: Vec<String> =
                whole.given.into_iter().chain(whole.family).filter(|p| !family.contains(p)).collect();
            Name { given: given_names(rest), family, certain: true }
        }
        (false, true) => {
            let rest: Vec<String> =
                whole.given.into_iter().chain(whole.family).filter(|p| !given.contains(p)).collect();
            Name { given: given_names(given), family: without_particles(rest), certain: true }
        }
        (true, true) => whole,
    }
}

/// Reads a name as it is written: `Dr. Anna von der Heide`, `Müller-Schmidt, Anna`, `DUPONT Jean`.
pub(crate) fn parse_name(name: &str) -> Name {
    if let Some((before, behind)) = name.split_once(',') {
        let (family, given) = (parts(words(before)), parts(words(behind)));
        if !family.is_empty() && !given.is_empty() {
            return Name { given: given_names(given), family: without_particles(family), certain: true };
        }
    }
    let mut words = words(name);
    let upper = words.iter().filter(|word| word.is_upper).count();
    if upper > 0 && upper < words.len() {
        let (family, given): (Vec<Word>, Vec<Word>) = words.into_iter().partition(|word| word.is_upper);
        return Name { given: given_names(parts(given)), family: without_particles(parts(family)), certain: true };
    }
    let Some(last) = words.pop() else { return Name::default() };
    let mut given = parts(words);
    while given.len() > 1 && given.last().is_some_and(|part| PARTICLES.contains(&part.as_str())) {
        given.pop();
    }
    Name { given, family: last.parts, certain: false }
}

impl Name {
    /// Returns the first given name, or the empty text.
    pub(crate) fn first(&self) -> &str {
        self.given.first().map_or("", String::as_str)
    }

    /// Returns the family name in one word.
    pub(crate) fn family_joined(&self) -> String {
        self.family.concat()
    }

    /// Returns whether there is a family name and a whole given name.
    pub(crate) fn is_full(&self) -> bool {
        !self.family.is_empty() && self.first().chars().count() > 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_model::EntityKind;

    fn check(name: &str, given: &str, family: &str) {
        let parsed = parse_name(name);
        assert_eq!((parsed.given.join(" ").as_str(), parsed.family.join(" ").as_str()), (given, family), "{name}");
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        check("Dr. Anna Müller", "anna", "muller");
        check("Müller, Dr. Anna", "anna", "muller");
        check("Anna Müller, MBA", "anna", "muller");
        check("Anna Mueller", "anna", "muller");
        check("Anna Müller-Schmidt", "anna", "muller schmidt");
        check("Karl von der Heide", "karl", "heide");
        check("von der Heide, Karl", "karl", "heide");
        check("DUPONT Jean-Pierre", "jean pierre", "dupont");
        check("ANNA MÜLLER", "anna", "muller");
        check("J.P. Example", "j p", "example");
        check("Ben Example Jr.", "ben", "example");
        check("Müller", "", "muller");
        check("Dr.", "", "");
        check("", "", "");
    }

    #[test]
    fn given_and_family_fields_go_before_the_whole_name() {
        let mut record = MentionRecord::new(EntityKind::Person);
        record.name = Some("Ruiz Anna".into());
        record.family_name = Some("Ruiz".into());
        let name = name_of(&record);
        assert_eq!((name.first(), name.family_joined().as_str(), name.certain), ("anna", "ruiz", true));
    }

    #[test]
    fn what_sounds_alike_meets() {
        assert_eq!(sound("stephan"), sound("stefan"));
        assert_eq!(sound("meyer"), sound("maier"));
        assert_ne!(sound("christian"), sound("christina"));
    }
}
