//! The table of common given names: at which end of a name the given name stands.
//!
//! Nothing else is read from it. Invariant: an unknown name is no evidence either way.

use std::sync::LazyLock;

use crate::normal::letters::{fold, skeleton, squeeze};
use crate::normal::lookup::WordTable;

/// The names, in sections by the language of the lists they are on.
const NAMES: &str = include_str!("given_names.txt");

/// Family names that are usual in countries where people bear two of them.
const TWO_FAMILY_NAMES: &str = "garcia gonzalez rodriguez fernandez lopez martinez sanchez perez gomez jimenez ruiz hernandez diaz moreno \
    alvarez romero alonso gutierrez navarro torres dominguez vazquez ramos gil ramirez serrano blanco molina morales suarez ortega delgado \
    castro ortiz rubio sanz iglesias nunez medina garrido cortes castillo santos guerrero lozano cano prieto mendez cruz calvo gallego vidal \
    herrera marquez leon pena flores cabrera campos vega fuentes carrasco diez reyes caballero nieto aguilar pascual herrero santana lorenzo \
    hidalgo montero ibanez gimenez ferrer duran vargas rojas silva pereira ferreira oliveira costa rodrigues martins sousa souza fernandes \
    goncalves gomes lopes marques alves almeida ribeiro pinto carvalho teixeira moreira correia mendes nunes soares vieira monteiro cardoso \
    rocha neves coelho cunha pires ramalho barbosa araujo lima barros freitas machado melo miranda nogueira azevedo batista cavalcanti dias \
    guimaraes henriques matos moura nascimento pacheco tavares mora soto rios salazar contreras espinoza munoz sepulveda";

/// What the table says of one word.
#[expect(clippy::struct_excessive_bools, reason = "independent facts of the lists, each read by one rule")]
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Known {
    /// A common given name.
    pub(super) is_given: bool,
    /// As common as a family name somewhere: no evidence by itself.
    pub(super) is_also_family: bool,
    /// Usual only where people bear two family names.
    pub(super) has_two_families: bool,
    /// A family name of such places.
    pub(super) is_one_of_two: bool,
    /// On the lists of India, where initials stand for a father's name or a place.
    pub(super) has_initials: bool,
}

impl Known {
    /// Returns the strength as a given name: 2 for one that is hardly a family name, 1 for one that is both, 0 else.
    pub(super) fn strength(self) -> u8 {
        u8::from(self.is_given) + u8::from(self.is_given && !self.is_also_family)
    }
}

/// Sections whose people bear two family names.
const TWO_FAMILIES: &[&str] = &["[es]", "[pt]"];

/// Sections that say nothing about that: their names are borne there and elsewhere.
const NEUTRAL: &[&str] = &["[it]", "[ro]", "[other]"];

static TABLE: LazyLock<WordTable<Known>> = LazyLock::new(|| {
    let mut table: WordTable<Known> = WordTable::default();
    let mut section = "";
    for line in NAMES.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with('[') {
            section = line;
            continue;
        }
        for word in line.split_whitespace() {
            let mut bones = String::new();
            skeleton(word.trim_end_matches('*'), &mut bones);
            let is_first = !table.contains_key(bones.as_str());
            let known = table.entry(bones.into_boxed_str()).or_default();
            known.is_given = true;
            known.is_also_family |= word.ends_with('*');
            known.has_initials |= section == "[in]";
            if TWO_FAMILIES.contains(&section) {
                known.has_two_families |= is_first;
            } else if !NEUTRAL.contains(&section) {
                known.has_two_families = false;
            }
        }
    }
    for name in TWO_FAMILY_NAMES.split_whitespace() {
        let mut folded = String::new();
        fold(name, &mut folded);
        let mut bones = String::new();
        squeeze(&folded, &mut bones);
        table.entry(bones.into_boxed_str()).or_default().is_one_of_two = true;
    }
    table
});

/// Returns what is known of a folded word.
pub(super) fn known(folded: &str, buffer: &mut String) -> Known {
    buffer.clear();
    squeeze(folded, buffer);
    TABLE.get(buffer.as_str()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_tells_given_names_from_those_that_are_both() {
        let strength = |name: &str| known(name, &mut String::new()).strength();
        assert_eq!((strength("anna"), strength("juergen"), strength("jurgen"), strength("istvan")), (2, 2, 2, 2));
        assert_eq!((strength("werner"), strength("thomas"), strength("martin")), (1, 1, 1));
        assert_eq!((strength("mueller"), strength("kovacs"), strength("rossi"), strength("")), (0, 0, 0, 0));
    }

    #[test]
    fn names_of_two_family_countries_are_told_only_where_they_are_not_borne_elsewhere() {
        let two = |name: &str| known(name, &mut String::new()).has_two_families;
        assert!(two("javier") && two("joao") && two("pilar"));
        assert!(!two("david") && !two("daniel") && !two("paolo"));
        assert!(known("garcia", &mut String::new()).is_one_of_two);
    }

    #[test]
    fn every_section_is_closed_and_every_word_is_a_name() {
        let sections = NAMES.lines().filter(|line| line.starts_with('[')).count();
        assert!(sections >= 15);
        for word in NAMES.lines().filter(|line| !line.starts_with(['#', '['])).flat_map(str::split_whitespace) {
            assert!(word.trim_end_matches('*').chars().all(char::is_alphabetic), "{word}");
        }
    }
}
