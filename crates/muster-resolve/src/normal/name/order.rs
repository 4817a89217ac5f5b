//! Which words are the given name and which the family name.
//!
//! In this order: a comma, capitals, particles, initials, and the table of given names. What none of them tells is read
//! given name first, and is not certain.
//!
//! Invariant: every word of the reading is in exactly one part of the name.

use super::particles::{SAINTS, is_connector, is_particle, opens};
use super::words::Word;
use super::{PersonName, Reading, Token, is_role};

/// What a name was cut into.
struct Parts {
    given: Vec<Word>,
    family: Vec<Word>,
    certain: bool,
}

/// Double given names with an article: `María del Carmen`, `María de los Ángeles`.
const BEHIND_MARIA: &[&str] = &[
    "carmen",
    "pilar",
    "mar",
    "rosario",
    "angeles",
    "mercedes",
    "dolores",
    "luz",
    "concepcion",
    "rocio",
    "jesus",
    "lourdes",
    "fatima",
    "carmo",
    "ceu",
    "nieves",
    "consuelo",
    "amparo",
    "socorro",
    "refugio",
    "milagros",
    "remedios",
    "graca",
    "conceicao",
    "soledad",
    "rosa",
];

/// Returns the name of a whole reading.
pub(super) fn whole(reading: Reading) -> PersonName {
    let Reading { words, nicknames, former, generation } = reading;
    let parts = by_comma(words).unwrap_or_else(natural);
    finish(parts, nicknames, former, generation)
}

/// Returns the name of two readings, of a given and a family column.
pub(super) fn columns(first: Reading, last: Reading) -> PersonName {
    let former = if first.former.is_empty() { last.former } else { first.former };
    let generation = last.generation.or(first.generation);
    let mut nicknames = first.nicknames;
    nicknames.extend(last.nicknames);
    let (mut given, mut family) = (first.words, last.words);
    let is_among = |word: &Word, others: &[Word]| others.iter().any(|other| other.text == word.text);
    if given.len() > 1 && given.len() == family.len() && given.iter().all(|word| is_among(word, &family)) {
        // The whole name in both columns.
        let mut parts = by_comma(given).unwrap_or_else(natural);
        parts.certain = false;
        return finish(parts, nicknames, former, generation);
    }
    if given.len() > family.len() && family.iter().all(|word| is_among(word, &given)) {
        given.retain(|word| !is_among(word, &family));
    } else if family.len() > given.len()
        && given.iter().all(|word| is_among(word, &family))
        && !given.iter().all(Word::is_initial)
    {
        family.retain(|word| !is_among(word, &given));
    }
    let strength = |words: &[Word]| words.iter().map(|word| word.known.strength()).max().unwrap_or(0);
    let is_swapped = strength(&given) == 0
        && family.first().is_some_and(|word| word.known.strength() == 2)
        && !given.iter().all(Word::is_initial)
        && family.len() <= 2;
    let parts = if is_swapped {
        Parts { given: family, family: given, certain: false }
    } else {
        Parts { given, family, certain: true }
    };
    finish(parts, nicknames, former, generation)
}

/// Returns the name where only the column of given names is filled: given names, or the whole name in it.
pub(super) fn lone_given(reading: Reading) -> PersonName {
    let is_whole =
        reading.words.len() > 1 && !reading.words.iter().all(|word| word.known.is_given || word.is_initial());
    let Reading { words, nicknames, former, generation } = reading;
    let parts = if is_whole {
        let parts = by_comma(words).unwrap_or_else(natural);
        Parts { certain: false, ..parts }
    } else {
        Parts { given: words, family: Vec::new(), certain: true }
    };
    finish(parts, nicknames, former, generation)
}

/// Returns the name where only the column of family names is filled: a family name, or the whole name in it.
pub(super) fn lone_family(reading: Reading) -> PersonName {
    let is_whole = reading.words.iter().any(|word| word.segment > 0)
        || (reading.words.len() > 1
            && (reading.words.first().is_some_and(|word| word.known.strength() == 2 || word.is_initial())
                != reading.words.last().is_some_and(|word| word.known.strength() == 2 || word.is_initial())));
    let Reading { words, nicknames, former, generation } = reading;
    let parts = if is_whole {
        let parts = by_comma(words).unwrap_or_else(natural);
        Parts { certain: false, ..parts }
    } else {
        Parts { given: Vec::new(), family: words, certain: true }
    };
    finish(parts, nicknames, former, generation)
}

/// Reads `Müller, Anna`; gives the words back where the comma stands for something else.
fn by_comma(mut words: Vec<Word>) -> Result<Parts, Vec<Word>> {
    let Some(segment) = words.first().map(|word| word.segment) else { return Err(words) };
    let Some(at) = words.iter().position(|word| word.segment != segment) else {
        if segment > 0 && words.iter().all(|word| word.segment > 0) {
            // `, Anna`: the family name is missing.
            return Ok(Parts { given: words, family: Vec::new(), certain: true });
        }
        return Err(words);
    };
    let next = words.get(at).map(|word| word.segment);
    let end =
        words.iter().position(|word| word.segment != segment && Some(word.segment) != next).unwrap_or(words.len());
    words.truncate(end);
    let given = words.split_off(at);
    let strength = |word: Option<&Word>| word.map_or(0, |word| word.known.strength());
    // `Anna Müller, Berlin`, `Anna Müller, CEO`, `Müller, Sales`: a name, then something else.
    let is_open = strength(given.first()) == 0 && !given.first().is_some_and(Word::is_initial);
    let is_whole = is_open
        && ((words.len() > 1 && strength(words.first()) == 2 && strength(words.last()) == 0) || is_role_of(&given));
    if is_whole { Err(words) } else { Ok(Parts { given, family: words, certain: true }) }
}

/// Whether words behind a comma are a job title; short ones (`Ai`, `Si`) are given names as well.
fn is_role_of(words: &[Word]) -> bool {
    let text = words.iter().map(|word| word.text.as_str()).collect::<Vec<&str>>().join(" ");
    text.len() > 2 && is_role(&text)
}

/// Reads words without a comma between them.
fn natural(words: Vec<Word>) -> Parts {
    if words.len() < 2 {
        let is_given = words.first().is_some_and(|word| word.known.strength() == 2);
        let (given, family) = if is_given { (words, Vec::new()) } else { (Vec::new(), words) };
        return Parts { given, family, certain: false };
    }
    by_capitals(words).or_else(by_trailing_initials).or_else(by_particles).unwrap_or_else(by_table)
}

/// Reads `MÜLLER Anna` and `Anna MÜLLER`.
fn by_capitals(words: Vec<Word>) -> Result<Parts, Vec<Word>> {
    let is_pair = |at: usize, word: &Word| {
        // `JP Dupont`: two initials written together.
        at == 0
            && word.text.len() == 2
            && !word.known.is_given
            && (word.text.ends_with('j') || !word.text.contains(['a', 'e', 'i', 'o', 'u', 'y']))
    };
    let is_family = |at: usize, word: &Word| word.is_upper && !is_pair(at, word);
    let Some(start) = words.iter().enumerate().position(|(at, word)| is_family(at, word)) else { return Err(words) };
    let end = words.iter().enumerate().rposition(|(at, word)| is_family(at, word)).map_or(start, |at| at + 1);
    let is_gapless = words
        .iter()
        .enumerate()
        .take(end)
        .skip(start)
        .all(|(at, word)| is_family(at, word) || is_particle(&word.text) || word.text.len() == 1);
    let has_given =
        words.iter().enumerate().any(|(at, word)| !(start..end).contains(&at) && !word.is_upper && word.text.len() > 1)
            || words.first().is_some_and(|word| is_pair(0, word));
    // `ANNA Müller` is no family name of Anna.
    let is_given = words.iter().take(end).skip(start).all(|word| word.known.strength() == 2);
    if !is_gapless || !has_given || is_given || (start > 0 && end < words.len()) {
        return Err(words);
    }
    let mut start = start;
    while start > 1 && words.get(start - 1).is_some_and(|word| is_particle(&word.text)) {
        start -= 1;
    }
    if start == 1 && words.first().is_some_and(opens) && end < words.len() {
        start = 0;
    }
    let (given, family) = cut(words, start, end);
    Ok(Parts { given, family, certain: true })
}

/// Takes the words from `start` to `end` out.
fn cut(words: Vec<Word>, start: usize, end: usize) -> (Vec<Word>, Vec<Word>) {
    let mut given = words;
    let mut family = given.split_off(start);
    given.extend(family.split_off(end.saturating_sub(start).min(family.len())));
    (given, family)
}

/// Reads initials at the end: `Ramanathan S`, `Suresh Kumar R.`, `Anna M.`, `Müller Anna M.`
fn by_trailing_initials(words: Vec<Word>) -> Result<Parts, Vec<Word>> {
    let whole_count = words.iter().rposition(|word| !word.is_initial()).map_or(0, |at| at + 1);
    if whole_count == 0 || whole_count == words.len() || words.first().is_some_and(Word::is_initial) {
        return Err(words);
    }
    let strength = |at: usize| words.get(at).map_or(0, |word| word.known.strength());
    let has_initials = words.iter().any(|word| word.known.has_initials);
    if whole_count > 1 && strength(0) == 0 && strength(1) == 2 && !has_initials {
        let (given, family) = cut(words, 0, 1);
        return Ok(Parts { given, family, certain: false });
    }
    let all_given = words.iter().take(whole_count).all(|word| word.known.strength() == 2);
    if all_given && !has_initials {
        let (given, family) = cut(words, whole_count, usize::MAX);
        return Ok(Parts { given, family, certain: false });
    }
    let mut rotated = words;
    rotated.rotate_left(whole_count);
    let last = rotated.len() - 1;
    let (given, family) = cut(rotated, last, usize::MAX);
    Ok(Parts { given, family, certain: false })
}

/// Reads `Karl von der Heide`, `Luis García de la Torre`, `van der Berg Anna`.
fn by_particles(words: Vec<Word>) -> Result<Parts, Vec<Word>> {
    let count = words.len();
    if words.first().is_some_and(opens) {
        let from_end = words.iter().rev().take_while(|word| word.known.strength() == 2 || word.is_initial()).count();
        let start = if from_end > 0 && from_end + 1 < count { count - from_end } else { count };
        let (given, family) = cut(words, 0, start);
        return Ok(Parts { certain: !given.is_empty(), given, family });
    }
    let mut at = 1;
    while at + 1 < count {
        let Some(word) = words.get(at) else { break };
        let run = words.iter().skip(at).take_while(|word| is_particle(&word.text)).count();
        let behind = words.get(at + run);
        let is_double_given = words.get(at - 1).is_some_and(|before| matches!(before.text.as_str(), "maria" | "jose"))
            && behind.is_some_and(|behind| BEHIND_MARIA.contains(&behind.text.as_str()))
            && at + run + 1 < count;
        if is_double_given {
            at += run + 1;
            continue;
        }
        if (run > 0 && at + run < count && !word.has_dot) || (at > 1 && is_connector(word)) {
            let start = family_start(&words, at, run == 0);
            let (given, family) = cut(words, start, usize::MAX);
            return Ok(Parts { given, family, certain: true });
        }
        at += 1;
    }
    Err(words)
}

/// Where the family name begins whose particle stands at `at`.
fn family_start(words: &[Word], at: usize, is_connected: bool) -> usize {
    let has_two = words.first().is_some_and(|word| word.known.has_two_families)
        || words.iter().any(|word| word.known.is_one_of_two);
    let mut start = if is_connected { at - 1 } else { at };
    while has_two && start > 1 {
        let is_family = words.get(start - 1).is_some_and(|word| word.known.strength() < 2 && !word.is_initial());
        if !is_family {
            break;
        }
        start -= 1;
    }
    while start > 1 && words.get(start).is_some_and(|word| word.is_joined) {
        start -= 1;
    }
    start
}

/// Reads words by the table of given names alone.
fn by_table(words: Vec<Word>) -> Parts {
    let count = words.len();
    let strength = |at: usize| words.get(at).map_or(0, |word| word.known.strength());
    let first_whole = words.iter().position(|word| !word.is_initial()).unwrap_or(0);
    let (at_first, at_last) = (strength(first_whole), strength(count - 1));
    let is_joined = |at: usize| words.get(at).is_some_and(|word| word.is_joined);
    if at_last == 2 && at_first == 0 && first_whole == 0 {
        let mut end = 1;
        while end + 1 < count && (is_joined(end) || strength(end) == 0) && !words.get(end).is_some_and(Word::is_initial)
        {
            end += 1;
        }
        let (given, family) = cut(words, 0, end);
        return Parts { given, family, certain: false };
    }
    let mut start = count - 1;
    while start > 1 && is_joined(start) {
        start -= 1;
    }
    let before = words.get(start.saturating_sub(1));
    let is_saint = start > 1 && before.is_some_and(|word| SAINTS.contains(&word.text.as_str()));
    let has_two = start > 1
        && before.is_some_and(|word| {
            let is_usual = words.first().is_some_and(|first| first.known.has_two_families) || word.known.is_one_of_two;
            is_usual && word.known.strength() < 2 && !word.is_initial()
        });
    if is_saint || has_two {
        start -= 1;
        while start > 1 && is_joined(start) {
            start -= 1;
        }
    }
    let certain = (at_first > 0 && at_last == 0) || (at_first == 2 && at_last < 2);
    let (given, family) = cut(words, start, usize::MAX);
    Parts { given, family, certain }
}

/// Makes a name of its parts.
fn finish(parts: Parts, nicknames: Vec<Token>, former: Vec<Word>, generation: Option<super::Generation>) -> PersonName {
    let Parts { given, family, certain } = parts;
    let (family, particles) = without_particles(family);
    let (given, behind) = given_tokens(given, family.is_empty());
    let mut name = PersonName {
        given,
        family: tokens(family),
        particles: behind.into_iter().chain(particles).collect(),
        certain,
        generation,
        former: tokens(former),
    };
    for nickname in nicknames {
        if !name.given.iter().chain(&name.family).any(|token| token.text == nickname.text) {
            name.given.push(nickname);
        }
    }
    name
}

/// Splits a family name's particles off; the last word stays if all are particles.
fn without_particles(family: Vec<Word>) -> (Vec<Word>, Vec<String>) {
    let mut particles = Vec::new();
    let mut kept = Vec::with_capacity(family.len());
    let mut left = family.len();
    for word in family {
        left -= 1;
        let is_last_hope = left == 0 && kept.is_empty();
        if !is_last_hope && (is_particle(&word.text) || (!kept.is_empty() && left > 0 && is_connector(&word))) {
            particles.push(word.text);
        } else {
            kept.push(word);
        }
    }
    (kept, particles)
}

fn tokens(words: Vec<Word>) -> Vec<Token> {
    words
        .into_iter()
        .enumerate()
        .map(|(at, word)| Token { is_joined: word.is_joined && at > 0, text: word.text })
        .collect()
}

/// The given names, with initials written together taken apart, and the particles that stood behind them.
fn given_tokens(mut given: Vec<Word>, is_alone: bool) -> (Vec<Token>, Vec<String>) {
    let mut behind = Vec::new();
    while given.len() > 1 && !is_alone && given.last().is_some_and(|word| is_particle(&word.text)) {
        behind.extend(given.pop().map(|word| word.text));
    }
    behind.reverse();
    let mut tokens = Vec::with_capacity(given.len());
    for (at, word) in given.into_iter().enumerate() {
        let is_joined = word.is_joined && at > 0;
        let is_pair = word.is_upper
            && word.text.len() == 2
            && !word.known.is_given
            && (word.text.ends_with('j') || !word.text.contains(['a', 'e', 'i', 'o', 'u', 'y']));
        if is_pair {
            tokens.extend(word.text.chars().map(|letter| Token { text: letter.to_string(), is_joined: false }));
        } else {
            tokens.push(Token { text: word.text, is_joined });
        }
    }
    (tokens, behind)
}
