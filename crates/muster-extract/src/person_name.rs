//! Whether a text begins with a person's name, and what its parts are.
//!
//! It looks at the shape: two to five capitalised words with particles, no word of menus, roles or firms. Whether the
//! page speaks of a person there is for the rules that call it to prove. Salutations are stepped over and never kept;
//! nothing is concluded from a name.
//!
//! Invariant: all ranges lie inside the text, on character boundaries.

use std::ops::Range;

use crate::words::{fold, is_no_name};

/// Most words of a name, particles included.
const WORDS_MAX: usize = 6;

/// Longest name, in bytes.
const NAME_BYTES_MAX: usize = 80;

/// Salutations, folded, without their dot.
const SALUTATIONS: &[&str] = &[
    "herr",
    "herrn",
    "frau",
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "mme",
    "mlle",
    "monsieur",
    "madame",
    "mademoiselle",
    "sig",
    "sig.ra",
    "signor",
    "signora",
    "senor",
    "senora",
    "dhr",
    "mevr",
    "mevrouw",
    "meneer",
    "pan",
    "pani",
    "sra",
    "hr",
    "fr",
    "dna",
    "lord",
    "lady",
    "sir",
    "dame",
];

/// Degrees that may open the list before a name; folded, without dots.
const DEGREES: &[&str] = &[
    "dr",
    "drs",
    "prof",
    "professor",
    "professorin",
    "univ-prof",
    "univprof",
    "dipl-ing",
    "dipling",
    "dipl-kfm",
    "dipl-kffr",
    "dipl-kauff",
    "dipl-betrw",
    "dipl-inf",
    "dipl-inform",
    "dipl-phys",
    "dipl-chem",
    "dipl-biol",
    "dipl-psych",
    "dipl-vw",
    "dipl-oec",
    "dipl-math",
    "dipl-des",
    "dipl-jur",
    "dipl-soz",
    "dipl-pad",
    "dipl-geogr",
    "dipl-wirt-ing",
    "dipl-wirtsch-ing",
    "diplom-ingenieur",
    "diplom-kaufmann",
    "diplom-kauffrau",
    "dipl",
    "mmag",
    "dott",
    "dottssa",
    "dott-ssa",
    "priv-doz",
    "privdoz",
    "dr-ing",
    "dring",
    "ddr",
    "prof-dr",
];

/// Degrees that are degrees only with their dot or in capitals: `Ing.`, `DI`.
const SHORT_DEGREES: &[&str] = &[
    "Ing.", "Mag.", "DI", "DDI", "PD", "Ir.", "ir.", "lic.", "Lic.", "mgr", "Mgr", "Mgr.", "Bc.", "PhDr.", "MUDr.",
    "JUDr.", "RNDr.", "inż.", "mr.",
];

/// What may follow a degree before the name: `Dr. rer. nat.`, `Dipl.-Ing. (FH)`.
const DEGREE_PARTS: &[&str] = &[
    "med", "dent", "vet", "rer", "nat", "phil", "jur", "iur", "oec", "pol", "publ", "hc", "h", "c", "habil", "techn",
    "theol", "sc", "ing", "(fh)", "(univ)", "(ta)", "(ba)", "(tu)", "(eth)", "mult", "soc", "agr", "cult", "paed",
    "mag", "univ", "hum", "biol", "hab", "inz",
];

/// Degrees behind a name; folded, without dots.
const SUFFIX_DEGREES: &[&str] = &[
    "phd", "mba", "emba", "msc", "bsc", "ma", "ba", "meng", "beng", "llm", "llb", "md", "dphil", "mphil", "jd", "mph",
    "mpa", "edd", "dba", "dipl-ing", "dipl-kfm", "dipl-oec", "dr-ing", "mmsc", "med", "bed", "bfa", "mfa", "dds",
    "dvm", "pharmd", "psyd", "(fh)", "dipling",
];

/// Post-nominal letters that are no degree; they end a name and are not kept.
const SUFFIX_LETTERS: &[&str] = &[
    "cfa", "cpa", "fca", "aca", "acca", "frics", "mrics", "obe", "mbe", "cbe", "pmp", "cissp", "esq", "cipp", "faia",
    "aia", "pe", "rn", "shrm", "cipd",
];

/// Particles inside a name.
const PARTICLES: &[&str] = &[
    "von", "van", "de", "der", "den", "zu", "zur", "zum", "vom", "di", "da", "del", "della", "dalla", "du", "des",
    "la", "le", "ten", "ter", "te", "af", "av", "al", "el", "bin", "ben", "ibn", "dos", "das", "do", "'t", "op", "d'",
    "lo", "san", "st.", "ap", "mac",
];

/// Parts behind a family name.
const GENERATIONS: &[&str] = &["jr", "sr", "ii", "iii", "iv", "jun", "sen"];

/// A name found at the beginning of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PersonName {
    /// The name, given name first, without salutation and degree.
    pub(crate) name: String,
    /// Where it stands.
    pub(crate) range: Range<usize>,
    /// The given names.
    pub(crate) given: Option<Range<usize>>,
    /// The family name with its particles.
    pub(crate) family: Option<Range<usize>>,
    /// Academic degrees before and behind it.
    pub(crate) degrees: Vec<Range<usize>>,
    /// Whether a salutation or degree stood before or behind it, which only people have.
    pub(crate) framed: bool,
    /// Whether it was written family name first.
    pub(crate) reversed: bool,
    /// Where the text goes on behind it.
    pub(crate) rest: usize,
}

#[derive(Debug, Clone)]
struct Token<'t> {
    text: &'t str,
    range: Range<usize>,
    /// Whether a comma, colon or the like stood right behind it.
    stops: Option<char>,
}

fn tokens(text: &str, from: usize) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = from;
    while tokens.len() < WORDS_MAX * 3 {
        let Some(rest) = text.get(at..) else { break };
        let start = at + (rest.len() - rest.trim_start().len());
        let Some(word) = text.get(start..).and_then(|rest| rest.split_whitespace().next()) else { break };
        let bare = word.trim_end_matches([',', ':', ';', '|', '/', '!', '?']);
        let stops = word.get(bare.len()..).and_then(|tail| tail.chars().next());
        tokens.push(Token { text: bare, range: start..start + bare.len(), stops });
        at = start + word.len();
    }
    tokens
}

fn bare_key(token: &str) -> String {
    fold(token).replace('.', "")
}

fn is_salutation(token: &Token<'_>, next: Option<&Token<'_>>) -> bool {
    if token.stops.is_some() || next.is_none_or(|next| !next.text.starts_with(char::is_uppercase)) {
        return false;
    }
    // `M.` before another word is French; `Sr.` and `D.` are Spanish, and an initial without a word behind is none.
    matches!(token.text, "M." | "Sr." | "Sra." | "D.ª" | "Sig.ra")
        || SALUTATIONS.contains(&bare_key(token.text).as_str())
}

fn is_degree(token: &Token<'_>, after_degree: bool) -> bool {
    let key = bare_key(token.text);
    DEGREES.contains(&key.as_str())
        || SHORT_DEGREES.contains(&token.text)
        || (after_degree && DEGREE_PARTS.contains(&key.as_str()))
}

fn is_particle(word: &str) -> bool {
    PARTICLES.contains(&fold(word).as_str())
}

fn is_initial(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    letters == 1 || (word.ends_with('.') && letters <= 3)
}

/// Returns whether a word could be one of a name.
fn is_name_word(word: &str) -> bool {
    let mut chars = word.chars();
    let Some(first) = chars.next() else { return false };
    if !first.is_uppercase() && !word.starts_with("d'") && !word.starts_with("d’") {
        return false;
    }
    if !word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.' | '‐')) {
        return false;
    }
    if word.contains('.')
        && !is_initial(word)
        && !GENERATIONS.contains(&bare_key(word).as_str())
        && !word.split('-').all(is_initial)
    {
        return false;
    }
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    let shouting = letters.len() > 1 && letters.iter().all(|c| c.is_uppercase());
    if shouting {
        // Short words in capitals are abbreviations: IT, HR, GmbH's cousins.
        return letters.len() > 3 || GENERATIONS.contains(&bare_key(word).as_str());
    }
    word.split(['-', '\'', '’', '‐']).all(is_plain_capitalization)
}

/// `McDonald` and `DeVries` are names, `OpenOffice` and `GmbH` are none.
fn is_plain_capitalization(part: &str) -> bool {
    let inner = part.chars().skip(1).filter(|c| c.is_uppercase()).count();
    let prefixed = ["Mc", "Mac", "De", "Di", "Du", "La", "Le", "Van", "Fitz", "Da", "Del", "Vander"];
    inner == 0
        || (inner == 1
            && prefixed
                .iter()
                .any(|prefix| part.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(char::is_uppercase))))
}

fn excludes(word: &str) -> bool {
    if is_initial(word) || is_particle(word) {
        return false;
    }
    let folded = fold(word);
    let last_part = folded.rsplit('-').next().unwrap_or_default();
    is_no_name(&folded) || (folded.contains('-') && crate::words::is_role_word(last_part))
}

/// Reads a name at a byte of a text; nothing if what stands there does not look like one.
///
/// The caller looks at what follows, at [`PersonName::rest`].
pub(crate) fn parse_name(text: &str, from: usize) -> Option<PersonName> {
    let tokens = tokens(text, from);
    let mut at = 0;
    let mut framed = false;
    let mut degrees: Vec<Range<usize>> = Vec::new();
    while let Some(token) = tokens.get(at) {
        if is_degree(token, !degrees.is_empty()) {
            match degrees.last_mut() {
                Some(last) => last.end = token.range.end,
                None => degrees.push(token.range.clone()),
            }
        } else if !is_salutation(token, tokens.get(at + 1)) {
            break;
        }
        framed = true;
        at += 1;
    }
    let core = core_tokens(tokens.get(at..)?);
    let after = tokens.get(at + core.len()..)?;
    if let Some(reversed) = reversed_name(text, core, after, framed, &degrees) {
        return Some(reversed);
    }
    let (first, last) = (core.first()?, core.last()?);
    if !is_whole_name(core) || core.iter().any(|token| excludes(token.text)) {
        return None;
    }
    let range = first.range.start..last.range.end;
    let mut found = PersonName {
        name: text.get(range.clone())?.to_owned(),
        rest: last.range.end,
        range,
        given: None,
        family: None,
        degrees,
        framed,
        reversed: false,
    };
    split(core, &mut found);
    suffixes(last, after, &mut found);
    (found.range.len() <= NAME_BYTES_MAX).then_some(found)
}

/// The words that may form the name: up to the first stop or word of another kind.
fn core_tokens<'t, 's>(tokens: &'s [Token<'t>]) -> &'s [Token<'t>] {
    let mut length = 0;
    for (at, token) in tokens.iter().enumerate().take(WORDS_MAX) {
        // `der` and its like stand in a name only behind another particle: `von der Heide`, `op den Camp`.
        let dependent = matches!(token.text, "der" | "den" | "te");
        let leans =
            at.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|before| is_particle(before.text));
        let small_particle = is_particle(token.text) && token.text.starts_with(char::is_lowercase);
        let inside = at > 0 && (leans || !dependent);
        let opening = at == 0 && tokens.get(1).is_some();
        let fits = is_name_word(token.text) || (small_particle && (inside || opening));
        if !fits {
            break;
        }
        if at >= 2 && is_suffix(token.text) {
            break;
        }
        length = at + 1;
        if token.stops.is_some() {
            break;
        }
    }
    // A particle does not end a name.
    while length > 0
        && tokens
            .get(length - 1)
            .is_some_and(|token| is_particle(token.text) && token.text.starts_with(char::is_lowercase))
    {
        length -= 1;
    }
    tokens.get(..length).unwrap_or_default()
}

fn is_whole_name(core: &[Token<'_>]) -> bool {
    let words: Vec<&str> =
        core.iter().map(|token| token.text).filter(|word| word.starts_with(char::is_uppercase)).collect();
    let whole = words.iter().filter(|word| !is_initial(word)).count();
    let starts_plain = core.first().is_some_and(|token| !token.text.starts_with(char::is_lowercase));
    let last = words.last().is_some_and(|word| !is_initial(word) || GENERATIONS.contains(&bare_key(word).as_str()));
    (2..=5).contains(&words.len()) && whole >= 1 && last && starts_plain
}

fn is_suffix(word: &str) -> bool {
    let key = bare_key(word);
    let capitals = word.chars().filter(|c| c.is_uppercase()).count();
    capitals > 1 && (SUFFIX_DEGREES.contains(&key.as_str()) || SUFFIX_LETTERS.contains(&key.as_str()))
}

fn split(core: &[Token<'_>], found: &mut PersonName) {
    let mut end = core.len();
    while end > 2 && core.get(end - 1).is_some_and(|token| GENERATIONS.contains(&bare_key(token.text).as_str())) {
        end -= 1;
    }
    let mut start = end.saturating_sub(1);
    while start > 1 && core.get(start - 1).is_some_and(|token| is_particle(token.text)) {
        start -= 1;
    }
    if let (Some(first), Some(last_given)) = (core.first(), start.checked_sub(1).and_then(|at| core.get(at))) {
        found.given = Some(first.range.start..last_given.range.end);
    }
    if let (Some(first), Some(last)) = (core.get(start), end.checked_sub(1).and_then(|at| core.get(at))) {
        found.family = Some(first.range.start..last.range.end);
    }
}

/// Reads degrees and letters behind a name.
fn suffixes(last: &Token<'_>, after: &[Token<'_>], found: &mut PersonName) {
    let mut previous_stops = last.stops;
    for token in after {
        if previous_stops.is_some_and(|stop| stop != ',') || !is_suffix(token.text) {
            break;
        }
        found.framed = true;
        if SUFFIX_DEGREES.contains(&bare_key(token.text).as_str()) {
            found.degrees.push(token.range.clone());
        }
        found.rest = token.range.end;
        previous_stops = token.stops;
    }
}

/// Reads `Müller, Dr. Anna`: one family name, a comma, one or two given names, and nothing else of a name.
fn reversed_name(
    text: &str,
    core: &[Token<'_>],
    after: &[Token<'_>],
    framed: bool,
    before: &[Range<usize>],
) -> Option<PersonName> {
    let capitalized = core.iter().filter(|token| token.text.starts_with(char::is_uppercase)).count();
    let (first, last) = (core.first()?, core.last()?);
    if capitalized != 1 || last.stops != Some(',') || is_initial(last.text) {
        return None;
    }
    let mut degrees = before.to_vec();
    let mut framed = framed;
    let mut at = 0;
    while let Some(token) = after.get(at) {
        if is_degree(token, at > 0) {
            match degrees.last_mut() {
                Some(last) if at > 0 => last.end = token.range.end,
                _ => degrees.push(token.range.clone()),
            }
        } else if !is_salutation(token, after.get(at + 1)) {
            break;
        }
        framed = true;
        at += 1;
    }
    let given = core_tokens(after.get(at..)?);
    let (given_first, given_last) = (given.first()?, given.last()?);
    let excluded = core.iter().chain(given).any(|token| excludes(token.text));
    if excluded
        || given.len() > 2
        || is_suffix(given_first.text)
        || given.iter().any(|token| token.text.starts_with(char::is_lowercase))
    {
        return None;
    }
    let family = first.range.start..last.range.end;
    let given = given_first.range.start..given_last.range.end;
    Some(PersonName {
        name: format!("{} {}", text.get(given.clone())?, text.get(family.clone())?),
        range: family.start..given.end,
        rest: given.end,
        given: Some(given),
        family: Some(family),
        degrees,
        framed,
        reversed: true,
    })
}

/// Returns where the academic degrees stand that open a cell known to hold a name, behind a salutation if there is one.
pub(crate) fn leading_degrees(text: &str) -> Option<Range<usize>> {
    let tokens = tokens(text, 0);
    let mut degrees: Option<Range<usize>> = None;
    for (at, token) in tokens.iter().enumerate() {
        if is_degree(token, degrees.is_some()) {
            let start = degrees.map_or(token.range.start, |found| found.start);
            degrees = Some(start..token.range.end);
        } else if degrees.is_some() || !is_salutation(token, tokens.get(at + 1)) {
            break;
        }
    }
    degrees
}

/// Returns where a text goes on behind the salutations that it opens with.
pub(crate) fn behind_salutation(text: &str) -> usize {
    let tokens = tokens(text, 0);
    let first = tokens.iter().enumerate().find(|(at, token)| !is_salutation(token, tokens.get(at + 1)));
    first.map_or(0, |(_, token)| token.range.start)
}

/// Returns whether a word behind a name is an academic degree.
pub(crate) fn is_degree_behind_name(word: &str) -> bool {
    SUFFIX_DEGREES.contains(&bare_key(word).as_str()) && word.chars().filter(|c| c.is_uppercase()).count() > 1
}

/// Returns where the text goes on behind a name and the brackets behind it, as in `Anna Muster (she/her), Buyer`.
pub(crate) fn behind_brackets(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    let trimmed = rest.trim_start();
    if trimmed.starts_with('(')
        && let Some(close) = rest.find(')')
    {
        return from + close + 1;
    }
    from
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a test that cuts a character in two should fail")]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, name: &str, given: &str, family: &str, degree: &str) {
        let found = parse_name(text, 0).unwrap_or_else(|| panic!("no name in {text}"));
        assert_eq!(found.name, name);
        assert_eq!(found.given.map(|range| &text[range]), Some(given), "given name of {text}");
        assert_eq!(found.family.map(|range| &text[range]), Some(family), "family name of {text}");
        let degrees: Vec<&str> = found.degrees.iter().map(|range| &text[range.clone()]).collect();
        assert_eq!(degrees.join(", "), degree, "degree of {text}");
    }

    #[test]
    fn names_are_split_into_their_parts() {
        check("Anna Muster", "Anna Muster", "Anna", "Muster", "");
        check("Odile van der Eyck", "Odile van der Eyck", "Odile", "van der Eyck", "");
        check("Bartosz E. Haavisto", "Bartosz E. Haavisto", "Bartosz E.", "Haavisto", "");
        check("Saoirse O’Brien-Byrne", "Saoirse O’Brien-Byrne", "Saoirse", "O’Brien-Byrne", "");
        check("Fergus McDonald Jr.", "Fergus McDonald Jr.", "Fergus", "McDonald", "");
        check("Jean DUPONT", "Jean DUPONT", "Jean", "DUPONT", "");
    }

    #[test]
    fn degrees_are_kept_and_salutations_are_not() {
        check("Herr Dipl.-Ing. Uwe Mantzel", "Uwe Mantzel", "Uwe", "Mantzel", "Dipl.-Ing.");
        check(
            "Prof. Dr. rer. nat. Ruprecht Hallstein",
            "Ruprecht Hallstein",
            "Ruprecht",
            "Hallstein",
            "Prof. Dr. rer. nat.",
        );
        check("Mag. Leopold Hrdlicka-Stein", "Leopold Hrdlicka-Stein", "Leopold", "Hrdlicka-Stein", "Mag.");
        check("DI Clemens Wurzinger", "Clemens Wurzinger", "Clemens", "Wurzinger", "DI");
        check("Desmond Achterberg, PhD", "Desmond Achterberg", "Desmond", "Achterberg", "PhD");
        check("Dr. Anna Muster, LL.M.", "Anna Muster", "Anna", "Muster", "Dr., LL.M.");
        check("M. Thibault Escarguel", "Thibault Escarguel", "Thibault", "Escarguel", "");
        check("Mrs Siobhan Kearsley", "Siobhan Kearsley", "Siobhan", "Kearsley", "");
    }

    #[test]
    fn a_family_name_first_is_turned_around() {
        check("Müller, Anna", "Anna Müller", "Anna", "Müller", "");
        check("von der Heide, Dr. Karl", "Karl von der Heide", "Karl", "von der Heide", "Dr.");
        assert!(parse_name("Müller, Anna", 0).unwrap().reversed);
    }

    #[test]
    fn what_follows_a_name_is_left_to_the_caller() {
        let text = "Anna Muster (she/her), Head of Sales";
        let found = parse_name(text, 0).unwrap();
        assert_eq!(&text[behind_brackets(text, found.rest)..], ", Head of Sales");
        assert_eq!(parse_name("Anna Muster: Einkauf", 0).unwrap().rest, 11);
        assert!(!parse_name("Anna Muster, Einkauf", 0).unwrap().reversed);
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in [
            "Unser Team",
            "Contact us",
            "Head Office",
            "Head of Sales",
            "Sr. Sales Engineer",
            "Supply Chain Analyst",
            "Nordwind GmbH",
            "Data Protection",
            "Anna",
            "Vertrieb Süd",
            "Investor Relations",
            "Leiterin Einkauf",
            "People & Culture",
            "Königstraße 12",
            "HRB 999731",
            "IT Service",
            "OpenOffice Writer",
            "",
            "Geschäftsführer",
            "UX Lead",
            "anna muster",
            "Dr.",
            "Unternehmensführung Heute",
            "Impressum Datenschutz",
            "Product Manager",
            "General Terms",
            "Technical University",
            "Mit der S-Bahn",
            "Anna der Muster",
        ] {
            assert_eq!(parse_name(text, 0), None, "{text}");
        }
    }
}
