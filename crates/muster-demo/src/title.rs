//! Job titles: a function and a level, in the languages of the countries, whole and abbreviated.
//!
//! Invariant: a title's words come from `data/titles.txt`; who holds it is decided elsewhere.

use std::sync::OnceLock;

use crate::rng::Rng;

/// What a person does: the place of the function, and the level from 0 (assistant) to 5 (head of the company).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Job {
    function: usize,
    level: usize,
}

struct Words {
    /// By function, then by language.
    functions: Vec<Vec<&'static str>>,
    /// By level, then by language: patterns with `{}`.
    levels: Vec<Vec<Vec<&'static str>>>,
}

fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut words = Words { functions: Vec::new(), levels: Vec::new() };
        for line in include_str!("../data/titles.txt").lines() {
            let Some((key, list)) = line.split_once(": ") else { continue };
            let list = list.split('|').map(str::trim);
            if key == "function" {
                words.functions.push(list.collect());
            } else {
                words.levels.push(list.map(|patterns| patterns.split(';').map(str::trim).collect()).collect());
            }
        }
        words
    })
}

impl Job {
    /// A job at an entity of so many known people; `rank` 0 is who was known first there.
    pub(crate) fn draw(rank: usize, known: usize, rng: &mut Rng) -> Self {
        let level = if rank == 0 && (known < 60 || rng.chance(0.7)) {
            5
        } else {
            rng.weighted(&[0.14, 0.30, 0.30, 0.17, 0.07, if known < 20 { 0.08 } else { 0.004 }])
        };
        Self { function: rng.below(words().functions.len()), level }
    }

    /// The job after a promotion.
    pub(crate) fn promoted(self) -> Self {
        Self { level: if self.level < 4 { self.level + 1 } else { self.level }, ..self }
    }

    /// The title in a language (0 is English): `style` picks among the equivalent ones and stays with the person.
    pub(crate) fn write(self, language: usize, style: usize, female: bool, rng: &mut Rng) -> String {
        let words = words();
        let at = |list: &Vec<&'static str>| list.get(language).or_else(|| list.first()).copied().unwrap_or_default();
        let patterns = &words.levels[self.level];
        let patterns = patterns.get(language).unwrap_or(&patterns[0]);
        let pattern = if rng.chance(0.75) { patterns[style % patterns.len()] } else { rng.pick(patterns) };
        let mut title = pattern.replace("{}", at(&words.functions[self.function]));
        if language == 1 && female {
            for (he, she) in [
                ("Leiter ", "Leiterin "),
                ("Geschäftsführer", "Geschäftsführerin"),
                ("Inhaber", "Inhaberin"),
                ("leiter ", "leiterin "),
            ] {
                title = title.replace(he, she);
            }
        }
        if language == 2 && female {
            title = title.replace("Directeur", "Directrice").replace("Chargé", "Chargée");
        }
        title
    }
}

/// The title as a list with little room has it.
pub(crate) fn shorten(title: &str) -> String {
    let pairs = [
        ("Manager", "Mgr"),
        ("Director", "Dir."),
        ("Vice President", "VP"),
        ("Human Resources", "HR"),
        ("Business Development", "BD"),
        ("Research & Development", "R&D"),
        ("Senior", "Sr."),
        ("Geschäftsführer", "GF"),
        ("Assistant", "Asst."),
        ("Managing Director", "MD"),
        ("Key Account Management", "KAM"),
        ("Responsable", "Resp."),
        ("Marketing", "Mktg"),
    ];
    pairs.iter().fold(title.to_owned(), |title, (long, short)| title.replace(long, short))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_written_in_the_language_asked_for() {
        let job = Job { function: 0, level: 3 };
        let mut rng = Rng::new(1);
        assert!(job.write(0, 0, false, &mut rng).contains("Sales"));
        assert!(job.write(6, 0, true, &mut rng).contains("Sprzedaż"));
        assert_eq!(job.promoted().level, 4);
        assert_eq!(shorten("Human Resources Manager"), "HR Mgr");
    }
}
