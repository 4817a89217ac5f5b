//! Given names and the short forms and spellings under which the same people appear.
//!
//! It is a plain table of equivalents, one file for each language of its sources. It says nothing about who bears a
//! name, and no language, origin or gender is derived from it.
//!
//! Invariant: a name may stand in several groups (`alex`), and two names are forms of one where they share a group;
//! two full names that colleagues bear side by side (`Jan` and `Hans`, `Anna` and `Anne`) never share one.

use std::sync::LazyLock;

use super::letters::{fold, skeleton};
use super::lookup::WordTable;

/// The reviewed rows: the head, then its short forms and spellings.
const FILES: &[&str] = &[
    include_str!("nicknames/cs.txt"),
    include_str!("nicknames/de.txt"),
    include_str!("nicknames/en.txt"),
    include_str!("nicknames/es.txt"),
    include_str!("nicknames/fr.txt"),
    include_str!("nicknames/hu.txt"),
    include_str!("nicknames/in.txt"),
    include_str!("nicknames/it.txt"),
    include_str!("nicknames/nl.txt"),
    include_str!("nicknames/nordic.txt"),
    include_str!("nicknames/pl.txt"),
    include_str!("nicknames/pt.txt"),
    include_str!("nicknames/ru.txt"),
];

fn rows() -> impl Iterator<Item = &'static str> {
    FILES.iter().flat_map(|file| file.lines()).filter(|row| !row.is_empty() && !row.starts_with('#'))
}

/// The letters by which a name is looked up: its skeleton, a double name in one word.
fn key(name: &str) -> String {
    let mut bones = String::with_capacity(name.len());
    skeleton(name, &mut bones);
    bones.retain(|c| c != ' ');
    bones
}

/// The letters of a name with its doubles, by which two names of one skeleton are told apart.
fn letters(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    fold(name, &mut folded);
    folded
}

static GROUPS: LazyLock<WordTable<Vec<u16>>> = LazyLock::new(|| {
    // A short form whose skeleton is that of another full name (`Áňa` of Andrea beside Anna) is that name.
    let full: WordTable<String> = rows()
        .filter_map(|row| row.split_whitespace().next())
        .map(|head| (key(head).into_boxed_str(), letters(head)))
        .collect();
    let mut groups: WordTable<Vec<u16>> = WordTable::default();
    for (index, row) in (0_u16..).zip(rows()) {
        for (place, name) in row.split_whitespace().enumerate() {
            let key = key(name).into_boxed_str();
            if place > 0 && full.get(&key).is_some_and(|head| *head != letters(name)) {
                continue;
            }
            let of_name = groups.entry(key).or_default();
            if of_name.last() != Some(&index) {
                of_name.push(index);
            }
        }
    }
    groups
});

/// Returns the groups in which a given name stands, ascending; empty for a name that is in none.
///
/// A double name is looked up in one word (`juan manuel` or `juanmanuel`, beside `juanma`). Group numbers hold within
/// one build only.
pub(crate) fn heads(token: &str) -> &'static [u16] {
    GROUPS.get(key(token).as_str()).map_or(&[], Vec::as_slice)
}

/// The first row of the full name that stands at the head of each row.
static HEADS: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let mut first: WordTable<u16> = WordTable::default();
    let heads = (0_u16..).zip(rows()).map(|(index, row)| {
        let head = row.split_whitespace().next().unwrap_or_default();
        *first.entry(key(head).into_boxed_str()).or_insert(index)
    });
    heads.collect()
});

/// Returns the full names that a given name may stand for, as numbers: itself first where it is one, then the others in
/// the order of their rows. Several languages' rows of one full name are one number here.
pub(crate) fn full_names(token: &str) -> Vec<u16> {
    let mut found: Vec<u16> = Vec::new();
    for &row in heads(token) {
        let name = HEADS[usize::from(row)];
        if !found.contains(&name) {
            found.push(name);
        }
    }
    let own = key(token);
    let is_own = |&name: &u16| {
        rows().nth(usize::from(name)).is_some_and(|row| row.split(' ').next().map(key).as_ref() == Some(&own))
    };
    if let Some(place) = found.iter().position(is_own) {
        found[..=place].rotate_right(1);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Whether two given names are spellings of one skeleton, or in a group together.
    fn same_given(left: &str, right: &str) -> bool {
        let is_one = !key(left).is_empty() && key(left) == key(right);
        is_one || heads(left).iter().any(|group| heads(right).contains(group))
    }

    #[test]
    fn short_forms_and_spellings_meet_their_name() {
        for (left, right) in [
            ("bob", "Robert"),
            ("bill", "William"),
            ("peggy", "Margaret"),
            ("jack", "John"),
            ("dick", "richard"),
            ("hans", "Johannes"),
            ("Hannes", "Johannes"),
            ("sepp", "Josef"),
            ("Stefan", "Stephan"),
            ("gerd", "Gerhard"),
            ("Jürgen", "Juergen"),
            ("uschi", "Ursula"),
            ("Günter", "Günther"),
            ("Marcus", "Markus"),
            ("kathi", "Katharina"),
            ("Paco", "Francisco"),
            ("pepe", "José"),
            ("Nacho", "Ignacio"),
            ("kike", "Enrique"),
            ("Juanma", "Juan Manuel"),
            ("Beppe", "Giuseppe"),
            ("Gigi", "Luigi"),
            ("Sandro", "Alessandro"),
            ("Kees", "Cornelis"),
            ("wim", "Willem"),
            ("Gosia", "Małgorzata"),
            ("Kasia", "Katarzyna"),
            ("Zosia", "Zofia"),
            ("Krzysiek", "Krzysztof"),
            ("kuba", "Jakub"),
            ("Honza", "Jan"),
            ("Pepa", "Josef"),
            ("Jirka", "Jiří"),
            ("Pista", "István"),
            ("Zsuzsi", "Zsuzsanna"),
            ("Lasse", "Lars"),
            ("Kalle", "Karl"),
            ("Zé", "José"),
            ("Chico", "Francisco"),
            ("Misha", "Mikhail"),
            ("Sasha", "Aleksandr"),
            ("Sasha", "Aleksandra"),
            ("Sergei", "Sergey"),
            ("Dima", "Dmitry"),
            ("Katya", "Ekaterina"),
            ("Venky", "Venkatesh"),
            ("Dipak", "Deepak"),
            ("Laxmi", "Lakshmi"),
            ("Mohd", "Mohammed"),
            ("Titi", "Thierry"),
            ("Manu", "Emmanuel"),
            ("Fred", "Frédéric"),
            ("Mike", "Michael"),
            ("Mike", "Mickaël"),
            ("Liz", "Elizabeth"),
        ] {
            assert!(same_given(left, right) && same_given(right, left), "{left} {right}");
        }
    }

    #[test]
    fn full_names_that_are_borne_side_by_side_stay_apart() {
        for row in [
            "Jan Hans Ivan Juan Jean Giovanni",
            "Jan Johannes",
            "Marco Markus Marc",
            "Anna Anne Hanna",
            "Maria Marie Mary Miriam",
            "Christian Christine Christoph",
            "Christina Christine Christiane",
            "Katharina Katrin Katarzyna Katherine",
            "Sophia Sophie",
            "Julia Juliane Julie",
            "Stefan Steffen Steven",
            "Peter Pierre Pedro Piotr",
            "Paul Pablo Paolo Pavel",
            "Martin Marten Martina",
            "Andrea Andreas Andrew",
            "Michael Michel Miguel Michal",
            "Alexander Alexandra",
            "Daniel Daniela Danielle",
            "Karl Karsten Karin",
            "Gabriele Gabriela",
            "Thomas Tobias Timo",
            "Elisabeth Elise Elsa Isabel",
            "Klaus Nikolaus",
            "Luca Lukas Luke",
            "Matteo Matthias Matthew",
            "Nicola Nicole Nicolas",
            "Laura Lara",
            "Jörg Jürgen Georg",
            "Erik Henrik",
            "Heinz Hans Heiko",
            "Gerhard Gerald Gerard",
            "Robert Roberta Roland",
            "Anna Hanna Johanna",
            "Rajesh Rajiv Rajendra Raju",
            "Sunil Sunita",
            "Suresh Ramesh Mahesh",
            "Luis Luisa Louis",
            "Jose Josef",
            "Ulrich Ulrike Udo",
            "Sven Svenja",
            "Frank Franz",
            "Bernd Bernard",
            "Dieter Dirk",
            "Ralf Rolf",
            "Simon Simone",
            "Lars Laurence",
            "Olaf Ole Oliver",
            "Karen Karin",
            "Ingrid Inger",
        ] {
            let names: Vec<&str> = row.split(' ').collect();
            let pairs = names
                .iter()
                .enumerate()
                .flat_map(|(at, left)| names.iter().skip(at + 1).map(move |right| (left, right)));
            let met: Vec<(&&str, &&str)> = pairs.filter(|(left, right)| same_given(left, right)).collect();
            assert_eq!(met, [], "{row}");
        }
    }

    #[test]
    fn every_row_has_a_form_none_twice_and_there_are_many_pairs() {
        let mut pairs = 0;
        for row in rows() {
            let keys: Vec<String> = row.split_whitespace().map(key).collect();
            let distinct: BTreeSet<&String> = keys.iter().collect();
            assert!(keys.len() >= 2 && distinct.len() == keys.len() && !distinct.contains(&String::new()), "{row}");
            pairs += keys.len() - 1;
        }
        assert!(pairs >= 1500, "{pairs} pairs");
        assert!(rows().count() < usize::from(u16::MAX));
    }

    #[test]
    fn every_file_is_sorted_so_that_a_row_is_found_by_eye() {
        for file in FILES {
            let heads: Vec<String> = file
                .lines()
                .filter(|row| !row.starts_with('#'))
                .filter_map(|row| row.split(' ').next())
                .map(key)
                .collect();
            let distinct: BTreeSet<&String> = heads.iter().collect();
            assert_eq!(
                distinct.len(),
                heads.len(),
                "{:?}",
                heads.iter().find(|h| heads.iter().filter(|o| o == h).count() > 1)
            );
        }
    }

    #[test]
    fn groups_are_shared_by_forms_and_empty_for_the_unknown() {
        assert!(heads("bob").iter().any(|group| heads("Robert").contains(group)));
        assert!(heads("alex").len() > 1);
        assert_eq!(heads("zzyzx"), &[] as &[u16]);
        assert!(!same_given("", ""));
    }
}
