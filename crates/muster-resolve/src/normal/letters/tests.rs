//! Folding and skeletons, by example and by property.

use proptest::prelude::*;

use super::*;

fn folded(text: &str) -> String {
    let mut out = String::new();
    fold(text, &mut out);
    out
}

fn bones(text: &str) -> String {
    let mut out = String::new();
    skeleton(text, &mut out);
    out
}

#[test]
fn marks_capitals_and_umlauts_are_folded() {
    for (text, expected) in [
        ("Müller", "mueller"),
        ("MU\u{308}LLER", "mueller"),
        ("Øyvind Åsheim", "oeyvind aasheim"),
        ("Größe", "groesse"),
        ("STRAẞE", "strasse"),
        ("José María Núñez", "jose maria nunez"),
        ("Łukasz Żółć", "lukasz zolc"),
        ("François-Xavier", "francois xavier"),
        ("O’Brien", "obrien"),
        ("D'Angelo", "dangelo"),
        ("İbrahim Işık", "ibrahim isik"),
        ("Ștefan Țîrlea", "stefan tirlea"),
        ("Þórður Æsir", "thordur aesir"),
        ("Đorđević", "dordevic"),
        ("Ａｎｎａ　Ｂｅｒｇ", "anna berg"),
        ("An\u{ad}na\u{200b} Berg", "anna berg"),
        ("Jean\u{2010}Pierre \u{2013} Dupont", "jean pierre dupont"),
        ("Nguyễn Văn Đức", "nguyen van duc"),
        ("ﬁnn", "finn"),
        ("  a  b  ", "a b"),
        ("...", ""),
        ("", ""),
    ] {
        assert_eq!(folded(text), expected, "{text}");
    }
}

#[test]
fn cyrillic_and_greek_are_written_in_latin_letters() {
    for (text, expected) in [
        ("Сергей Жуков", "sergey zhukov"),
        ("Юлия Щербакова", "yuliya shcherbakova"),
        ("Дмитрий Хрущёв", "dmitriy khrushchev"),
        ("Михаил Цветаев", "mikhail tsvetaev"),
        ("Ђорђе Љубичић", "djordje ljubichic"),
        ("Γιώργος Παπαδόπουλος", "giorgos papadopoulos"),
        ("Ευάγγελος", "evangelos"),
        ("ΧΡΙΣΤΟΣ", "christos"),
    ] {
        assert_eq!(folded(text), expected, "{text}");
    }
}

#[test]
fn other_scripts_are_left_as_they_are() {
    for text in ["山田太郎", "김철수", "राम कुमार", "محمد علي"] {
        assert_eq!(folded(text), text);
    }
}

#[test]
fn spellings_of_one_name_have_one_skeleton() {
    for row in [
        &["Müller", "Mueller", "Muller", "MULLER", "MÜLLER"][..],
        &["Jürgen", "Juergen", "Jurgen"],
        &["Sørensen", "Soerensen", "Sorensen", "Sörensen"],
        &["Weiß", "Weiss"],
        &["Åberg", "Aaberg", "Aberg"],
        &["Määttä", "Maatta"],
        &["Hartmann", "Hartman"],
        &["Kjær", "Kjaer", "Kjar"],
    ] {
        let first = bones(row.first().unwrap());
        for name in row {
            assert_eq!(bones(name), first, "{name}");
        }
    }
    assert_ne!(bones("Müller"), bones("Miller"));
    assert_eq!(bones("Room 1100"), "rom 1100");
}

proptest! {
    #[test]
    fn folding_a_folded_text_changes_nothing(text in "\\PC{0,24}") {
        let once = folded(&text);
        prop_assert_eq!(folded(&once), once.clone());
        prop_assert_eq!(bones(&once), bones(&text));
        prop_assert_eq!(bones(&bones(&text)), bones(&text));
    }

    #[test]
    fn folding_latin_text_gives_words_of_ascii(text in "[ a-zA-ZÀ-žǍ-ǜș-ț'’.,-]{0,24}") {
        let once = folded(&text);
        prop_assert!(once.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b' '), "{}", once);
        prop_assert!(!once.contains("  ") && once.trim() == once);
    }

    #[test]
    fn words_with_one_skeleton_have_one_sound(word in "[a-z]{1,12}") {
        prop_assert_eq!(sound(&word), sound(&bones(&word)));
    }
}
