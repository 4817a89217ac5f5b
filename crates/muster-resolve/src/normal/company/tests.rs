//! Tests of companies' names: many spellings, few functions.

use super::*;
use proptest::prelude::*;

fn core(name: &str) -> String {
    parse(name).core.join(" ")
}

fn form(name: &str) -> Option<&'static str> {
    parse(name).legal_form.map(FormId::name)
}

/// A core, a legal form, and spellings of both.
type Spellings = (&'static str, &'static str, &'static [&'static str]);

const SPELLINGS: &[Spellings] = &[
    (
        "nordwind logistik",
        "GmbH",
        &[
            "Nordwind Logistik GmbH",
            "NORDWIND LOGISTIK GMBH",
            "Nordwind Logistik G.m.b.H.",
            "Nordwind Logistik Gesellschaft mit beschränkter Haftung",
            "Nordwind-Logistik Ges.m.b.H.",
            "Nordwind Logistik Ges. m. b. H.",
            "Firma Nordwind Logistik GmbH",
            "Nordwind Logistik GmbH i.L.",
            "nordwind logistik gmbh, hamburg",
            "Nordwind Logistik Deutschland GmbH",
            "Nordwind Logistik GmbH Niederlassung Hamburg",
            "Nordwind Logistics GmbH",
        ],
    ),
    (
        "petersen sohne hafentechnik",
        "GmbH & Co. KG",
        &[
            "Petersen & Söhne Hafentechnik GmbH & Co. KG",
            "Petersen und Soehne Hafentechnik GmbH & Co.KG",
            "PETERSEN + SOEHNE HAFENTECHNIK GMBH CO KG",
            "Petersen u. Söhne Hafentechnik GmbH & Co. Kommanditgesellschaft",
        ],
    ),
    ("bella via", "SpA", &["Bella Via S.p.A.", "BELLA VIA SPA", "Bella Via S. p. A.", "Bella Via Società per azioni"]),
    ("bella via", "SRL", &["Bella Via S.r.l.", "BELLA VIA SRL", "Bella Via Italia Srl", "Bella Via s.r.l. (Milano)"]),
    (
        "alfa beton",
        "Sp. z o.o.",
        &[
            "Alfa Beton Sp. z o.o.",
            "ALFA BETON SP Z O O",
            "Alfa Beton spółka z ograniczoną odpowiedzialnością",
            "Sp. z o.o. Alfa Beton",
        ],
    ),
    ("nuage clair", "SARL", &["Nuage Clair SARL", "Nuage Clair S.à r.l.", "SARL Nuage Clair", "NUAGE CLAIR SÀRL"]),
    ("blu heron", "Ltd", &["Blue Heron Ltd", "The Blue Heron Limited", "BLUE HERON LTD.", "Blue Heron (UK) Ltd"]),
    (
        "kanchan exports",
        "Pvt Ltd",
        &[
            "Kanchan Exports Pvt. Ltd.",
            "KANCHAN EXPORTS PRIVATE LIMITED",
            "M/s Kanchan Exports (P) Ltd",
            "Kanchan Exports (India) Pvt Ltd",
        ],
    ),
    ("havnegard", "a.s.", &["Havnegård A/S", "HAVNEGARD AS", "Havnegård Aktieselskab"]),
    ("severnyy veter", "OOO", &["ООО «Северный Ветер»", "OOO Severnyy Veter"]),
    ("alfa", "SRL", &["S.C. Alfa S.R.L.", "SC ALFA SRL", "Alfa SRL"]),
    ("vejas", "UAB", &["UAB Vėjas", "Vėjas, UAB"]),
    ("lumisaha", "Oy", &["Lumisaha Oy", "Oy Lumisaha Ab", "LUMISAHA OY AB"]),
    (
        "hernandez hijos",
        "SL",
        &["Hernández y Hijos, S.L.", "HERNANDEZ & HIJOS SL", "Hernández e Hijos Sociedad Limitada"],
    ),
    ("molen", "BV", &["Molen B.V.", "MOLEN BV", "B.V. Molen", "Molen Besloten Vennootschap"]),
    ("sakura denki", "KK", &["Sakura Denki K.K.", "Kabushiki Kaisha Sakura Denki", "Sakura Denki Kabushiki Kaisha"]),
    ("yildiz makina", "Ltd Şti", &["Yıldız Makina Ltd. Şti.", "YILDIZ MAKINA SAN. VE TIC. LTD. STI."]),
    ("mubleria del sur", "SA de CV", &["Mueblería del Sur, S.A. de C.V.", "MUEBLERIA DEL SUR SA DE CV"]),
    ("acougu", "Ltda", &["Açougue Ltda.", "AÇOUGUE LIMITADA"]),
    ("cedar point", "LLC", &["Cedar Point LLC", "Cedar Point, L.L.C."]),
    ("pannonia gep", "Kft", &["Pannónia Gép Kft.", "PANNONIA GEP KORLÁTOLT FELELŐSSÉGŰ TÁRSASÁG"]),
    ("strojirna", "s.r.o.", &["Strojírna s.r.o.", "STROJIRNA SPOL. S R.O.", "Strojírna, spol. s r. o."]),
];

#[test]
fn one_company_has_one_core_and_one_form_in_all_spellings() {
    for (expect, expect_form, names) in SPELLINGS {
        for name in *names {
            assert_eq!(core(name), *expect, "{name}");
            assert_eq!(form(name), Some(*expect_form), "{name}");
        }
    }
}

#[test]
fn a_name_is_never_emptied() {
    for (name, expect) in [
        ("Coop", "coop"),
        ("Co-op", "co op"),
        ("AMBA", "amba"),
        ("SE", "se"),
        ("AG", "ag"),
        ("& Co.", "co"),
        ("Müller & Co.", "muller"),
        ("Holding GmbH", "holding"),
        ("Deutschland GmbH", "deutschland"),
        ("The Group", "group"),
        ("Société Générale", "societe generale"),
        ("UK", "uk"),
        ("Bank Austria AG", "bank austria"),
        ("Air France SA", "air france"),
        ("Bank of India", "bank of india"),
        ("Stadtwerke Hamburg GmbH", "stadtwerke hamburg"),
        ("International Business Solutions Ltd", "international business"),
        ("3M", "3m"),
        ("E.ON SE", "e on"),
        ("(Nordwind)", "nordwind"),
        ("株式会社", "株式会社"),
    ] {
        assert_eq!(core(name), expect, "{name}");
    }
    for name in ["", " ", "&", "()", "—"] {
        assert_eq!(core(name), "", "{name}");
    }
}

#[test]
fn geography_and_generic_words_stand_apart() {
    for (name, expect, geography, generic) in [
        ("Nordwind Deutschland GmbH", "nordwind", &["DE"][..], &[][..]),
        ("Nordwind Germany GmbH", "nordwind", &["DE"], &[]),
        ("Nordwind (UK) Limited", "nordwind", &["GB"], &[]),
        ("Nordwind United Kingdom Ltd", "nordwind", &["GB"], &[]),
        ("Nordwind Österreich", "nordwind", &["AT"], &[]),
        ("Nordwind Iberia SL", "nordwind", &["iberia"], &[]),
        ("Nordwind Ibérica S.L.U.", "nordwind", &["iberia"], &[]),
        ("Nordwind Europe BV", "nordwind", &["europe"], &[]),
        ("Nordwind Köln", "nordwind", &["koln"], &[]),
        ("Nordwind Cologne GmbH", "nordwind", &["koln"], &[]),
        ("Nordwind (NL) B.V.", "nordwind", &["NL"], &[]),
        ("Nordwind Holding AG", "nordwind", &[], &["holding"]),
        ("Nordwind Gruppe", "nordwind", &[], &["group"]),
        ("Groupe Nordwind", "nordwind", &[], &["group"]),
        ("Nordwind Group International Ltd", "nordwind", &[], &["group", "international"]),
        ("Nordwind Services Deutschland GmbH", "nordwind", &["DE"], &["services"]),
        ("Nordwind Dienstleistungen GmbH", "nordwind", &[], &["services"]),
    ] {
        let parsed = parse(name);
        assert_eq!(parsed.core.join(" "), expect, "{name}");
        assert_eq!(parsed.geography, geography, "{name}");
        assert_eq!(parsed.generic, generic, "{name}");
    }
}

#[test]
fn names_beside_the_name_are_kept_apart() {
    for (name, expect, others) in [
        ("Nordwind GmbH (formerly Südwind AG)", "nordwind", &["sudwind"][..]),
        ("Nordwind GmbH, vormals Südwind Logistik GmbH", "nordwind", &["sudwindlogistik"]),
        ("Nordwind GmbH (ex Südwind)", "nordwind", &["sudwind"]),
        ("Ex Libris GmbH", "ex libris", &[]),
        ("Hafen Kontor Ltd t/a Blue Heron", "hafen kontor", &["bluheron"]),
        ("Hafen Kontor Ltd trading as Blue Heron Ltd", "hafen kontor", &["bluheron"]),
        ("Hafen Kontor LLC d/b/a Blue Heron", "hafen kontor", &["bluheron"]),
        ("Nordwind GmbH c/o Hafen Kontor", "nordwind", &[]),
        ("c/o Nordwind GmbH", "nordwind", &[]),
        ("Nordwind Logistik (NWL) GmbH", "nordwind logistik", &["nwl"]),
        ("Café Sonne, Inh. Peter Muster", "cafe sonne", &[]),
        ("NLS Nordwind Logistik Service GmbH", "nordwind logistik", &["nls"]),
        ("Nordwind AG - Werk Kleinstadt", "nordwind", &[]),
        ("Nordwind AG Wirtschaftsprüfungsgesellschaft", "nordwind", &[]),
        ("Alfa S.n.c. di Mario Rossi", "alfa", &[]),
    ] {
        let parsed = parse(name);
        assert_eq!(parsed.core.join(" "), expect, "{name}");
        assert_eq!(parsed.other_cores, others, "{name}");
    }
    for name in [
        "Nordwind GmbH Niederlassung Kleinstadt",
        "Nordwind Ltd, Irish Branch",
        "Nordwind AG Zweigniederlassung Wien",
        "Nordwind SA succursale de Lyon",
    ] {
        assert!(parse(name).is_branch, "{name}");
        assert!(core(name).starts_with("nordwind"), "{name}");
    }
    assert!(!parse("Nordwind GmbH").is_branch);
}

#[test]
fn a_form_tells_its_country_only_where_one_uses_it() {
    assert_eq!(parse("Alfa Sp. z o.o.").form_country, Some(*b"PL"));
    assert_eq!(parse("Alfa Kft.").form_country, Some(*b"HU"));
    assert_eq!(parse("Alfa GmbH & Co. KG").form_country, None);
    assert_eq!(parse("Alfa SA").form_country, None);
}

#[test]
fn acronyms_are_initials() {
    assert_eq!(parse("Nordwind Logistik Service GmbH").acronym, "nls");
    assert!(parse("NLS GmbH").is_acronym_like);
    assert!(!parse("Nordwind GmbH").is_acronym_like);
    assert!(!parse("Coop").is_acronym_like);
}

/// Names put together from words that mean much.
fn nasty() -> impl Strategy<Value = String> {
    let words = vec![
        "GmbH",
        "& Co. KG",
        "AG",
        "SE",
        "Co",
        "Ltd.",
        "(UK)",
        "Deutschland",
        "Hamburg",
        "Group",
        "Holding",
        "und",
        "y",
        "e",
        "The",
        "SARL",
        "OOO",
        "S.p.A.",
        "sp. z o.o.",
        "c/o",
        "vormals",
        "Niederlassung",
        "Nordwind",
        "Müller",
        "Bros",
        "Log.",
        "A",
        "b",
        "(",
        ")",
        ",",
        "of",
        "Bank",
        "Köln-",
        "i.L.",
        "3",
        "Ä.e.",
        "united",
        "kingdom",
        "t/a",
        "M/s",
        "Gebr.",
        "ooe",
    ];
    proptest::collection::vec(proptest::sample::select(words), 0..7).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn the_core_of_a_core_is_itself(name in nasty()) {
        let once = parse(&name).core.join(" ");
        prop_assert_eq!(parse(&once).core.join(" "), once);
    }

    #[test]
    fn a_core_is_empty_only_without_a_letter(name in "\\PC{0,30}") {
        let parsed = parse(&name);
        if name.chars().any(|c| c.is_ascii_alphanumeric()) {
            prop_assert!(!parsed.core.is_empty());
        }
        prop_assert_eq!(parsed.core.concat(), parsed.dense);
    }
}
