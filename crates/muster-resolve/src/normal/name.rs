//! People's names: what is given, what is family, however a source writes them.
//!
//! It reads order and parts and nothing more. Salutations and degrees are dropped, and nothing about a person (gender,
//! origin, religion) is concluded or kept: a table of common given names only tells at which end the given name stands.
//!
//! Invariant: every token is folded, none is empty, and a name read again from its own parts gives the same parts.

mod frame;
mod given;
mod order;
mod particles;
mod words;

use words::Word;

pub(crate) use frame::Generation;

/// One word of a name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Token {
    /// The folded letters; a single one is an initial.
    pub(crate) text: String,
    /// Joined to the token before it by a hyphen.
    pub(crate) is_joined: bool,
}

/// A person's name in its parts.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct PersonName {
    /// Given names, in their order; then short forms that stood in brackets.
    pub(crate) given: Vec<Token>,
    /// The family name's words, without particles.
    pub(crate) family: Vec<Token>,
    /// Particles of the family name, in their order: `van der`.
    pub(crate) particles: Vec<String>,
    /// Whether the source itself says which part is which; where not, both orders are possible.
    pub(crate) certain: bool,
    /// What keeps two bearers of one name in one family apart.
    pub(crate) generation: Option<Generation>,
    /// A former family name that the source states.
    pub(crate) former: Vec<Token>,
}

/// A text's words of a name, with what was taken off them.
#[derive(Default)]
struct Reading {
    words: Vec<Word>,
    /// Short forms from brackets.
    nicknames: Vec<Token>,
    former: Vec<Word>,
    generation: Option<Generation>,
}

/// Returns the parts of a name from the columns that hold it, any of them empty: the whole name, the given and the
/// family name.
///
/// Given and family columns go before the whole name; a whole name in one of them, or columns that are swapped, are
/// read for what they hold, and `certain` is false then.
pub(crate) fn parse(full: &str, given: &str, family: &str) -> PersonName {
    let mut first = read(given);
    let mut last = read(family);
    match (first.words.is_empty(), last.words.is_empty()) {
        (true, true) => order::whole(read(full)),
        (false, false) => {
            let is_longer = full.len() > given.len() + family.len() + 3;
            if is_longer && first.former.is_empty() && last.former.is_empty() {
                let whole = read(full);
                first.former = whole.former;
                first.generation = first.generation.or(whole.generation);
                first.nicknames.extend(whole.nicknames);
            }
            order::columns(first, last)
        }
        (false, true) => {
            let rest = minus(read(full), &first.words);
            if rest.words.is_empty() { order::lone_given(first) } else { order::columns(first, rest) }
        }
        (true, false) => {
            let rest = minus(read(full), &last.words);
            if rest.words.is_empty() {
                return order::lone_family(last);
            }
            last.former.extend(rest.former.iter().cloned());
            order::columns(rest, last)
        }
    }
}

/// A reading without words that stand in a column of their own.
fn minus(mut reading: Reading, other: &[Word]) -> Reading {
    reading.words.retain(|word| !other.iter().any(|known| known.text == word.text));
    if reading.words.iter().all(|word| particles::is_particle(&word.text)) {
        reading.words.clear();
    }
    reading
}

/// Reads a text: cuts it, takes off what is no name, looks each word up.
fn read(text: &str) -> Reading {
    if text.is_empty() {
        return Reading::default();
    }
    let mut words = words::words(text);
    let former = frame::take_former(&mut words);
    let had_frame = words.len();
    frame::strip(&mut words);
    let is_bare = words.len() == had_frame;
    if frame::is_no_person(&words) {
        return Reading::default();
    }
    let nicknames = take_asides(&mut words);
    words.retain(|word| {
        !word.text.bytes().any(|byte| byte.is_ascii_digit()) || matches!(word.text.as_str(), "2nd" | "3rd" | "4th")
    });
    let generation = frame::take_generation(&mut words);
    particles::glue(&mut words);
    let mut buffer = String::new();
    for word in &mut words {
        word.known = given::known(&word.text, &mut buffer);
    }
    drop_monsieur(&mut words, is_bare);
    let former = former.into_iter().filter(|word| !particles::is_particle(&word.text)).collect();
    Reading { words, nicknames, former, generation }
}

/// Drops the `M.` of `M. Jean Dupont` and the `D.` of `D. José García`; behind a title the letter is an initial.
fn drop_monsieur(words: &mut Vec<Word>, is_bare: bool) {
    let is_monsieur = match words.as_slice() {
        [first, second, _, ..] => {
            (first.text == "m" || (first.text == "d" && second.known.has_two_families))
                && first.has_dot
                && !second.is_tight
                && !second.is_initial()
                && second.known.strength() == 2
        }
        _ => false,
    };
    if is_monsieur && is_bare {
        words.remove(0);
    }
}

/// Returns whether a text is a job title or a department, which sources put beside names.
fn is_role(text: &str) -> bool {
    let title = super::title::parse(text);
    title.level != super::title::Level::Unknown || title.department.is_some()
}

/// Takes what stands in brackets or quotes: one word before the last of the name, or one that is a common given name,
/// is a short form; the rest (pronouns, places, remarks) is none of the name.
fn take_asides(words: &mut Vec<Word>) -> Vec<Token> {
    if !words.iter().any(|word| word.is_aside) {
        return Vec::new();
    }
    if words.iter().all(|word| word.is_aside) {
        for word in words {
            word.is_aside = false;
        }
        return Vec::new();
    }
    let mut nicknames = Vec::new();
    let mut buffer = String::new();
    for (at, word) in words.iter().enumerate().filter(|(_, word)| word.is_aside) {
        let is_name =
            |text: &str| text.chars().all(char::is_alphabetic) && !is_role(text) && !frame::is_company_word(text);
        let is_neighbor = |other: Option<&Word>| other.is_some_and(|other| other.is_aside);
        let is_one =
            !is_neighbor(at.checked_sub(1).and_then(|before| words.get(before))) && !is_neighbor(words.get(at + 1));
        let is_inside =
            words.iter().skip(at).any(|other| !other.is_aside) && words.iter().take(at).any(|other| !other.is_aside);
        let is_known = given::known(&word.text, &mut buffer).is_given || !super::nickname::heads(&word.text).is_empty();
        if is_one && word.text.len() > 1 && (is_inside || is_known) && is_name(&word.text) {
            nicknames.push(Token { text: word.text.clone(), is_joined: false });
        }
    }
    words.retain(|word| !word.is_aside);
    nicknames
}

#[cfg(test)]
mod tests;
