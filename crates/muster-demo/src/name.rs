//! A person's name, and the ways in which it is written.
//!
//! Invariant: a name is a function of its seeds; how it is written depends on the row only.

use crate::country::Country;
use crate::rng::Rng;
use crate::spelling::ascii;

const NICKNAMES: &str = include_str!("../data/nicknames.txt");

/// A person's full name.
#[derive(Debug, Clone)]
pub(crate) struct Name {
    pub(crate) female: bool,
    pub(crate) given: String,
    /// Second given name, initial with a point, or nothing.
    pub(crate) middle: String,
    /// With particles; both surnames where there are two.
    pub(crate) family: String,
    /// The first surname where there are two.
    pub(crate) short_family: Option<String>,
    /// Academic degree in front, or nothing.
    pub(crate) degree: &'static str,
    /// Degree or license behind, or nothing.
    pub(crate) letters: &'static str,
}

/// A name's two halves as a row's columns have them, and whole.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) full: String,
    pub(crate) first: String,
    pub(crate) last: String,
}

/// How one row writes a name.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a habit of its own, and any may go with any")]
pub(crate) struct Habit {
    pub(crate) nickname: bool,
    pub(crate) initial: bool,
    pub(crate) middle: bool,
    pub(crate) degree: bool,
    pub(crate) family_first: bool,
    /// Family name first without a comma.
    pub(crate) no_comma: bool,
    pub(crate) second_family: bool,
}

impl Name {
    /// The name of these seeds: `family_seed` gives the family name and `given_seed` the rest.
    pub(crate) fn of(country: &Country, given_seed: u64, family_seed: u64) -> Self {
        let (mut rng, mut family_rng) = (Rng::of(given_seed, 11, 0), Rng::of(family_seed, 12, 0));
        let female = rng.chance(0.38);
        let mut given = country.given(female, &mut rng).to_owned();
        let double = match country.code {
            "de" | "se" if rng.chance(0.04) => "-",
            "fr" if rng.chance(0.05) => "-",
            "es" | "pt" if rng.chance(0.12) => " ",
            _ => "",
        };
        if !double.is_empty() && !given.contains([' ', '-']) {
            let other = country.given(female, &mut rng);
            if other != given && !other.contains([' ', '-']) {
                given = format!("{given}{double}{other}");
            }
        }
        if country.code == "in" && rng.chance(0.08) {
            // In the south a father's name stands as an initial in front of the own one.
            given = format!("{} {given}", initial_of(country.given(false, &mut rng)));
        }
        let middle = middle(country, female, &mut rng);
        let (family, short_family) = families(country, female, &mut family_rng);
        let degree = if country.german() && rng.chance(0.10) {
            *rng.pick(&["Dr.", "Dr.", "Dr.", "Prof. Dr.", "Dipl.-Ing.", "Dr.-Ing.", "Mag."])
        } else if country.german() || !rng.chance(0.04) {
            ""
        } else {
            match country.code {
                "it" => *rng.pick(&["Dott.", "Ing.", "Avv."]),
                "pl" => *rng.pick(&["dr", "mgr inż.", "inż."]),
                "cz" => *rng.pick(&["Ing.", "Mgr."]),
                "pt" => *rng.pick(&["Eng.", "Dr."]),
                "nl" => *rng.pick(&["drs.", "ir.", "mr."]),
                "es" => *rng.pick(&["D.", "Dr."]),
                _ => "Dr.",
            }
        };
        let letters = if rng.chance(0.03) { *rng.pick(&["MBA", "PhD", "CPA", "M.Sc.", "LL.M."]) } else { "" };
        Self { female, given, middle, family, short_family, degree, letters }
    }

    /// The family name that the person bears after a change: the `other` one, or both.
    pub(crate) fn changed(&self, country: &Country, seed: u64) -> String {
        let mut rng = Rng::of(seed, 13, 0);
        let (other, _) = families(country, self.female, &mut rng);
        match rng.below(10) {
            0..=6 => other,
            7 | 8 => format!("{}-{other}", self.family),
            _ => format!("{other}-{}", self.family),
        }
    }

    /// The name as a row of this habit has it.
    pub(crate) fn write(&self, family: &str, habit: Habit, rng: &mut Rng) -> Written {
        let mut first = self.given.clone();
        if habit.nickname
            && let Some(nick) = nickname(&self.given, rng)
        {
            nick.clone_into(&mut first);
        }
        if habit.initial {
            first = initials(&self.given, rng);
        } else if habit.middle && !self.middle.is_empty() {
            first = format!("{first} {}", self.middle);
        }
        let mut last = family.to_owned();
        if !habit.second_family
            && let Some(short) = &self.short_family
            && family == self.family
        {
            last.clone_from(short);
        }
        let degree = if habit.degree { self.degree } else { "" };
        let gap = if degree.is_empty() { "" } else { " " };
        let letters =
            if habit.degree && !self.letters.is_empty() { format!(", {}", self.letters) } else { String::new() };
        let full = match (habit.family_first, habit.no_comma) {
            (true, false) => format!("{last}, {degree}{gap}{first}"),
            (true, true) => format!("{last} {first}"),
            (false, _) => format!("{degree}{gap}{first} {last}{letters}"),
        };
        Written { full, first, last }
    }

    /// What decides whether two names are the same: folded given and family name.
    pub(crate) fn key(&self) -> String {
        ascii(&format!("{} {}", self.given, self.family), true).to_lowercase()
    }
}

fn middle(country: &Country, female: bool, rng: &mut Rng) -> String {
    let share = match country.code {
        "us" => 0.55,
        "gb" | "ie" | "pt" | "nl" | "in" => 0.25,
        _ => 0.12,
    };
    if !rng.chance(share) {
        return String::new();
    }
    let name = country.given(female, rng);
    if country.code == "us" && rng.chance(0.8) { initial_of(name) } else { name.to_owned() }
}

/// A family name as this sex bears it, and its first half where there are two surnames.
fn families(country: &Country, female: bool, rng: &mut Rng) -> (String, Option<String>) {
    let name = country.family(rng);
    match country.code {
        "es" | "pt" => {
            let second = country.family(rng);
            (format!("{name} {second}"), Some(name))
        }
        "pl" if female => (polish_woman(&name), None),
        "cz" if female => (czech_woman(&name), None),
        "de" | "fr" | "gb" | "ch" | "at" if rng.chance(0.035) && !name.contains('-') => {
            let second = country.family(rng);
            (format!("{name}-{second}"), None)
        }
        _ => (name, None),
    }
}

fn polish_woman(name: &str) -> String {
    match name.strip_suffix('i') {
        Some(stem) if stem.ends_with("sk") || stem.ends_with("ck") || stem.ends_with("dzk") => format!("{stem}a"),
        Some(_) | None => name.to_owned(),
    }
}

fn czech_woman(name: &str) -> String {
    if let Some(stem) = name.strip_suffix('ý') {
        format!("{stem}á")
    } else if name.ends_with('í') {
        name.to_owned()
    } else if let Some(stem) = name.strip_suffix("ek") {
        format!("{stem}ková")
    } else {
        format!("{}ová", name.strip_suffix('a').unwrap_or(name))
    }
}

fn initial_of(name: &str) -> String {
    name.chars().next().map(|c| format!("{c}.")).unwrap_or_default()
}

fn initials(given: &str, rng: &mut Rng) -> String {
    let both = rng.chance(0.5);
    let mut parts = given.split_inclusive([' ', '-']);
    let mut out = initial_of(parts.next().unwrap_or_default());
    if let Some(second) = parts.next().filter(|_| both) {
        if given.contains('-') {
            out.push('-');
        }
        out.push_str(&initial_of(second));
    }
    if rng.chance(0.1) { out.replace('.', "") } else { out }
}

/// A nickname of a given name, if there is one.
fn nickname(given: &str, rng: &mut Rng) -> Option<&'static str> {
    let line = table().binary_search_by(|(name, _)| (*name).cmp(given)).ok()?;
    let (_, list) = &table()[line];
    // The usual one more often than the others.
    Some(if rng.chance(0.6) { list[0] } else { *rng.pick::<&str>(list) })
}

/// A given name with its nicknames.
type Nicknames = (&'static str, Vec<&'static str>);

fn table() -> &'static [Nicknames] {
    static TABLE: std::sync::OnceLock<Vec<Nicknames>> = std::sync::OnceLock::new();
    TABLE.get_or_init(|| {
        let lines = NICKNAMES.lines().filter_map(|line| line.split_once(": "));
        let mut table: Vec<Nicknames> = lines.map(|(name, list)| (name, list.split(", ").collect())).collect();
        table.sort();
        table
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::country;

    fn of(code: &str) -> Country {
        country::all().into_iter().find(|country| country.code == code).unwrap()
    }

    #[test]
    fn one_seed_is_one_name() {
        let spain = of("es");
        assert_eq!(Name::of(&spain, 4, 5).key(), Name::of(&spain, 4, 5).key());
        assert!(Name::of(&spain, 4, 5).short_family.is_some());
    }

    #[test]
    fn women_bear_their_form_of_the_name() {
        assert_eq!(polish_woman("Kowalski"), "Kowalska");
        assert_eq!(polish_woman("Nowak"), "Nowak");
        assert_eq!(czech_woman("Novák"), "Nováková");
        assert_eq!(czech_woman("Černý"), "Černá");
        assert_eq!(czech_woman("Svoboda"), "Svobodová");
    }

    #[test]
    fn habits_decide_how_a_name_is_written() {
        let name = Name {
            female: false,
            given: "Hans-Peter".to_owned(),
            middle: String::new(),
            family: "Müller".to_owned(),
            short_family: None,
            degree: "Dr.",
            letters: "",
        };
        let write = |habit| name.write("Müller", habit, &mut Rng::new(2)).full;
        assert_eq!(write(Habit { degree: true, ..Habit::default() }), "Dr. Hans-Peter Müller");
        assert_eq!(write(Habit { family_first: true, ..Habit::default() }), "Müller, Hans-Peter");
        assert!(
            ["H. Müller", "H.-P. Müller", "H Müller", "H-P Müller"]
                .contains(&write(Habit { initial: true, ..Habit::default() }).as_str())
        );
        assert!(["HP Müller", "Hans Müller"].contains(&write(Habit { nickname: true, ..Habit::default() }).as_str()));
    }
}
