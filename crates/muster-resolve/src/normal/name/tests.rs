//! Names as sources write them, and properties of all names.

use proptest::prelude::*;

use super::*;

/// The parts of a name in one line: given names, a slash, family names; joined tokens by a hyphen.
fn shown(name: &PersonName) -> String {
    let list = |tokens: &[Token]| {
        let mut out = String::new();
        for token in tokens {
            if !out.is_empty() {
                out.push(if token.is_joined { '-' } else { ' ' });
            }
            out.push_str(&token.text);
        }
        out
    };
    format!("{}/{}", list(&name.given), list(&name.family))
}

fn check(rows: &[(&str, &str)]) {
    let faults: Vec<String> = rows
        .iter()
        .map(|(text, expected)| (text, expected, shown(&parse(text, "", ""))))
        .filter(|(_, expected, found)| *expected != found)
        .map(|(text, expected, found)| format!("{text}: {found}, not {expected}"))
        .collect();
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn names_are_read_as_they_are_written() {
    check(&[
        ("Anna Müller", "anna/mueller"),
        ("anna müller", "anna/mueller"),
        ("ANNA MÜLLER", "anna/mueller"),
        ("Müller, Anna", "anna/mueller"),
        ("Müller , Anna-Maria", "anna-maria/mueller"),
        ("MÜLLER Anna", "anna/mueller"),
        ("Anna MÜLLER", "anna/mueller"),
        ("DUPONT Jean-Pierre", "jean-pierre/dupont"),
        ("Jean-Pierre DUPONT-MOREL", "jean-pierre/dupont-morel"),
        ("Anna Müller-Schmidt", "anna/mueller-schmidt"),
        ("Müller Anna", "anna/mueller"),
        ("Nagy István", "istvan/nagy"),
        ("Kovács Anna Mária", "anna maria/kovacs"),
        ("J.P. Example", "j p/example"),
        ("J. P. Example", "j p/example"),
        ("JP Example", "j p/example"),
        ("J.-P. Dupont", "j-p/dupont"),
        ("John F. Kennedale", "john f/kennedale"),
        ("Example, John F.", "john f/example"),
        ("Robert (Bob) Smith", "robert bob/smith"),
        ("William \"Bill\" Jones", "william bill/jones"),
        ("Anna Müller (she/her)", "anna/mueller"),
        ("Anna Müller | Head of Sales", "anna/mueller"),
        ("Anna Müller - Vertrieb", "anna/mueller"),
        ("Anna Müller, Berlin", "anna/mueller"),
        ("LI Wei", "wei/li"),
        ("Müller, Sales", "/mueller"),
        ("Li, Ai", "ai/li"),
        ("Xilon Zyrbe, Head of Sales", "xilon/zyrbe"),
        ("Zyrbe, Xilon", "xilon/zyrbe"),
        ("García López, Xilon", "xilon/garcia lopez"),
        ("Smith John", "john/smith"),
        ("Szabó Péter", "peter/szabo"),
        ("Peter (Vertrieb) Müller", "peter/mueller"),
        ("Anna Müller & Peter Schmidt", "anna/mueller"),
        ("Anna Müller <anna@firma.example>", "anna/mueller"),
        ("Max Lang-von Berg", "max/lang berg"),
        ("Γιώργος Παπαδόπουλος", "giorgos/papadopoulos"),
        ("Петров Иван", "ivan/petrov"),
        ("Sean O'Brien", "sean/obrien"),
        ("Sean O’ Brien", "sean/obrien"),
        ("Sean O Brien", "sean/obrien"),
        ("Ian McDONALD", "ian/mcdonald"),
        ("Ian Mc Donald", "ian/mcdonald"),
        ("D’Angelo Marco", "marco/dangelo"),
        ("Susan St. John", "susan/st john"),
        ("Müller", "/mueller"),
        ("Anna", "anna/"),
        ("", "/"),
        ("...", "/"),
    ]);
}

#[test]
fn particles_stand_beside_the_family_name() {
    check(&[
        ("Karl von der Heide", "karl/heide"),
        ("von der Heide, Karl", "karl/heide"),
        ("Heide, Karl von der", "karl/heide"),
        ("Jan van den Berg", "jan/berg"),
        ("Jan Van Den Berg", "jan/berg"),
        ("Jan Vandenberg", "jan/berg"),
        ("Vanderberg, Jan", "jan/berg"),
        ("Jan VAN DER BERG", "jan/berg"),
        ("VAN DER BERG Jan", "jan/berg"),
        ("van der Berg Anna", "anna/berg"),
        ("Juan de la Cruz", "juan/cruz"),
        ("DE LA CRUZ Juan", "juan/cruz"),
        ("Khalid Al-Hassan", "khalid/hassan"),
        ("Ali Ben Salem", "ali/salem"),
        ("Ben Example", "ben/example"),
        ("Van Morrison", "van/morrison"),
        ("Ludwig van Example", "ludwig/example"),
        ("Maria del Carmen García López", "maria del carmen/garcia lopez"),
        ("Vincent Jan van Gogher", "vincent jan/gogher"),
    ]);
    let name = parse("Jan van der Berg", "", "");
    assert_eq!(name.particles, ["van", "der"]);
    assert_eq!(parse("Jan Vanderberg", "", "").particles.concat(), "vander");
}

#[test]
fn titles_and_salutations_are_dropped() {
    check(&[
        ("Dr. Anna Müller", "anna/mueller"),
        ("Prof. Dr. med. Anna Müller", "anna/mueller"),
        ("Prof. Dr.-Ing. habil. Karl Weber", "karl/weber"),
        ("Dr. rer. nat. Karl Weber", "karl/weber"),
        ("Dr.rer.nat. Karl Weber", "karl/weber"),
        ("Dr. h. c. Karl Weber", "karl/weber"),
        ("Dr. phil. Anna Weber", "anna/weber"),
        ("Dr. Phil Collinson", "phil/collinson"),
        ("Dipl.-Ing. Anna Müller", "anna/mueller"),
        ("Dipl.-Kfm. (FH) Anna Müller", "anna/mueller"),
        ("Müller, Dr. Anna", "anna/mueller"),
        ("Anna Müller, MBA", "anna/mueller"),
        ("Anna Müller, Ph.D., CPA", "anna/mueller"),
        ("Anna Müller MBA", "anna/mueller"),
        ("Anna Müller M.Sc.", "anna/mueller"),
        ("Anna Müller, M.A.", "anna/mueller"),
        ("M.A. Smith", "m a/smith"),
        ("Jack Ma", "jack/ma"),
        ("Mag. Karl Huber", "karl/huber"),
        ("Ing. Jan Novák, CSc.", "jan/novak"),
        ("mgr inż. Jan Kowalski", "jan/kowalski"),
        ("Dott.ssa Giulia Rossi", "giulia/rossi"),
        ("Lic. Juan Pérez", "juan/perez"),
        ("Frau Anna Müller", "anna/mueller"),
        ("Herr Müller", "/mueller"),
        ("Mr John Smith", "john/smith"),
        ("Mme Claire Dupont", "claire/dupont"),
        ("M. Jean Dupont", "jean/dupont"),
        ("D. José García", "jose/garcia"),
        ("Excmo. Sr. Luis Vega", "luis/vega"),
        ("mr. drs. J.H. van der Laan", "j h/laan"),
        ("Sig. Marco Rossi", "marco/rossi"),
        ("Pan Jan Novák", "jan/novak"),
        ("pani Anna Nowak", "anna/nowak"),
        ("Sr. Juan Pérez", "juan/perez"),
        ("Don Draperson", "don/draperson"),
        ("Shri Ramesh Gupta", "ramesh/gupta"),
        ("Herrn Dr. Karl Weber", "karl/weber"),
        ("Wei Eng", "wei/eng"),
        ("Mr. Pol Garcia", "pol/garcia"),
        ("Anna Maria Null", "anna maria/null"),
        ("Mag.a Anna Huber", "anna/huber"),
        ("Dr.in Anna Huber", "anna/huber"),
        ("Mrs Anna Müller FCCA", "anna/mueller"),
        ("Anna Müller, Dipl.-Ing. (FH), MBA", "anna/mueller"),
        ("Dr", "/"),
        ("Dr.", "/"),
        ("Mrs.", "/"),
    ]);
}

#[test]
fn names_of_two_families_and_of_initials_are_cut_where_they_are_used_to() {
    check(&[
        ("José Luis García López", "jose luis/garcia lopez"),
        ("Ana García López", "ana/garcia lopez"),
        ("Carlos Alberto Gómez", "carlos alberto/gomez"),
        ("García López, José Luis", "jose luis/garcia lopez"),
        ("Juan García y Vega", "juan/garcia vega"),
        ("João Silva dos Santos", "joao/silva santos"),
        ("Ana Sofia Pereira da Costa", "ana sofia/pereira costa"),
        ("Luis García de la Torre", "luis/garcia torre"),
        ("John Michael Harrison", "john michael/harrison"),
        ("S. Ramanathan", "s/ramanathan"),
        ("Ramanathan S", "s/ramanathan"),
        ("Ramanathan S.", "s/ramanathan"),
        ("K. V. Subramanian", "k v/subramanian"),
        ("K.V. Subramanian", "k v/subramanian"),
        ("Subramanian K. V.", "k v/subramanian"),
        ("Suresh Kumar R", "r suresh/kumar"),
        ("R. Suresh Kumar", "r suresh/kumar"),
        ("Anna M.", "anna/m"),
        ("Müller Anna M.", "anna m/mueller"),
    ]);
}

#[test]
fn generations_and_former_names_are_taken_off() {
    let name = parse("Ben Example Jr.", "", "");
    assert_eq!((shown(&name).as_str(), name.generation), ("ben/example", Some(Generation::Junior)));
    for (text, generation) in [
        ("Ben Example III", Generation::Third),
        ("Example, Ben, Jr.", Generation::Junior),
        ("Example Jr., Ben", Generation::Junior),
        ("Ben Example, Sr.", Generation::Senior),
        ("João Silva Filho", Generation::Junior),
        ("Ben Example 2nd", Generation::Second),
    ] {
        let name = parse(text, "", "");
        assert_eq!((name.generation, name.family.len()), (Some(generation), 1), "{text} {}", shown(&name));
    }
    for (text, expected, former) in [
        ("Anna Schmidt geb. Müller", "anna/schmidt", "mueller"),
        ("Anna Schmidt (geb. Müller)", "anna/schmidt", "mueller"),
        ("Anna Schmidt, geb. Müller", "anna/schmidt", "mueller"),
        ("Claire Dupont née Martin", "claire/dupont", "martin"),
        ("Claire Dupont (née Martin)", "claire/dupont", "martin"),
        ("Anna Nowak z domu Kowalska", "anna/nowak", "kowalska"),
        ("Jana Nováková, roz. Svobodová", "jana/novakova", "svobodova"),
        ("Anna Schmidt geborene von Berg", "anna/schmidt", "berg"),
    ] {
        let name = parse(text, "", "");
        let old: Vec<&str> = name.former.iter().map(|token| token.text.as_str()).collect();
        assert_eq!((shown(&name).as_str(), old.join(" ").as_str()), (expected, former), "{text}");
    }
}

#[test]
fn what_is_no_person_has_no_name() {
    for text in [
        "anna@firma.example",
        "Nordwind GmbH",
        "Nordwind AG",
        "Rossi S.p.A.",
        "Nowak Sp. z o.o.",
        "Blue Heron Ltd.",
        "Vertrieb",
        "Sales Team",
        "info",
        "n/a",
        "N.N.",
        "unknown",
        "https://firma.example/",
        "+49 30 1234567",
        "12345",
        "-",
        "null",
    ] {
        assert_eq!(shown(&parse(text, "", "")), "/", "{text}");
    }
}

#[test]
fn columns_go_before_the_whole_name_and_are_read_for_what_they_hold() {
    for (full, given, family, expected, certain) in [
        ("", "Anna", "Müller", "anna/mueller", true),
        ("Müller Anna", "Anna", "Müller", "anna/mueller", true),
        ("", "Anna Müller", "Müller", "anna/mueller", true),
        ("", "Anna", "Anna Müller", "anna/mueller", true),
        ("", "Anna Müller", "Anna Müller", "anna/mueller", false),
        ("", "Anna Müller", "", "anna/mueller", false),
        ("", "", "Anna Müller", "anna/mueller", false),
        ("", "Anna Maria", "", "anna maria/", true),
        ("", "", "Müller", "/mueller", true),
        ("", "", "García López", "/garcia lopez", true),
        ("", "", "van der Berg", "/berg", true),
        ("", "Müller", "Anna", "anna/mueller", false),
        ("", "Karl", "von der Heide", "karl/heide", true),
        ("", "Karl von der", "Heide", "karl/heide", true),
        ("", "Dr. Anna", "Müller", "anna/mueller", true),
        ("Ruiz Anna", "", "Ruiz", "anna/ruiz", true),
        ("Ruiz Anna", "Anna", "", "anna/ruiz", true),
        ("", "J.P.", "Example", "j p/example", true),
        ("", "Thomas", "Martin", "thomas/martin", true),
        ("", "anna@firma.example", "Müller", "/mueller", true),
    ] {
        let name = parse(full, given, family);
        assert_eq!((shown(&name).as_str(), name.certain), (expected, certain), "{full}|{given}|{family}");
    }
}

#[test]
fn order_is_certain_only_where_something_tells_it() {
    for text in ["Müller, Anna", "MÜLLER Anna", "Anna Müller", "Karl von der Heide"] {
        assert!(parse(text, "", "").certain, "{text}");
    }
    for text in ["Anna Maria", "Xilon Zyrbe", "Nagy István", "Ramanathan S", "Müller"] {
        assert!(!parse(text, "", "").certain, "{text}");
    }
}

#[test]
fn a_text_that_is_too_long_is_no_name_and_many_words_end() {
    assert_eq!(shown(&parse(&"Anna ".repeat(100), "", "")), "/");
    let name = parse(&"Xy ".repeat(80), "", "");
    assert!(name.given.len() + name.family.len() <= words::WORDS_MAX);
}

/// A name as it is printed for a reader: the parts in columns, as folded words.
fn columns_of(name: &PersonName) -> (String, String) {
    let shown = shown(name);
    let (given, family) = shown.split_once('/').unwrap();
    (given.to_owned(), format!("{} {family}", name.particles.join(" ")))
}

proptest! {
    #[test]
    fn a_name_read_again_from_its_parts_is_the_same(
        text in "(Dr\\. |Prof\\. |Frau |)(Anna|Karl|Jean-Pierre|José Luis|J\\.|K\\. V\\.|István|Xaro|ANNA)( von der| de la| van|)( Müller| Berg-Heide| O'Brien| García López| NOWAK| Zyrbe)( Jr\\.| MBA| \\(Bob\\)| geb\\. Lang|)"
    ) {
        let name = parse(&text, "", "");
        let (given, family) = columns_of(&name);
        let again = parse("", &given, &family);
        prop_assert_eq!((&again.given, &again.family, &again.particles), (&name.given, &name.family, &name.particles), "{}", text);
    }

    #[test]
    fn no_text_is_too_strange(full in "\\PC{0,40}", given in "\\PC{0,20}", family in "[ A-Za-zäöüß.,'()\"-]{0,30}") {
        let name = parse(&full, &given, &family);
        for token in name.given.iter().chain(&name.family).chain(&name.former) {
            prop_assert!(!token.text.is_empty());
            let mut folded = String::new();
            super::super::letters::fold(&token.text, &mut folded);
            // Marks of other scripts may change places among themselves when a text is decomposed once more.
            if !token.text.chars().any(unicode_normalization::char::is_combining_mark) {
                prop_assert_eq!(&folded, &token.text);
            }
        }
    }

    #[test]
    fn the_order_of_columns_does_not_lose_a_word(given in "[A-Z][a-z]{2,8}", family in "[A-Z][a-z]{5,9}x") {
        let name = parse("", &given, &family);
        prop_assert!(name.given.len() + name.family.len() + name.particles.len() <= 2);
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}
