//! The linter against whole notices: complete ones pass, and each planted defect is reported with its item alone.
//!
//! The notices in `cases/` are invented. Each has its facts on the first line; `⟦A11|…⟧` marks what says an item, so
//! that taking it out is a defect with a known answer.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// A notice of the corpus.
struct Case {
    name: String,
    lang: &'static str,
    context: NoticeContext,
    marked: String,
}

macro_rules! cases {
    ($($lang:literal: $($name:literal),*;)*) => {
        [$($(($lang, $name, include_str!(concat!("cases/", $lang, "/", $name, ".txt"))),)*)*]
    };
}

fn cases() -> Vec<Case> {
    cases![
        "en": "letter", "sections", "lines", "questions", "headed", "post", "examined1", "examined2", "examined3", "plain", "formal";
        "de": "brief", "abschnitte", "zeilen", "fragen", "kurz", "merkblatt", "examined1", "examined2", "examined3", "plain", "formal";
        "fr": "lettre", "sections", "lignes", "questions", "titres", "avis", "examined1", "examined2", "examined3", "plain", "formal";
        "es": "carta", "secciones", "lineas", "preguntas", "breve", "aviso", "examined1", "examined2", "examined3", "plain", "formal";
        "it": "lettera", "sezioni", "righe", "domande", "breve", "avviso", "examined1", "examined2", "examined3", "plain", "formal";
        "nl": "brief", "kopjes", "regels", "vragen", "kort", "jaarboek", "examined1", "examined2", "examined3", "plain", "formal";
        "pl": "list", "rozdzialy", "wiersze", "pytania", "krotko", "rocznik", "examined1", "examined2", "examined3", "plain", "formal";
    ]
    .into_iter()
    .map(|(lang, name, text)| {
        let (facts, marked) = text.split_once('\n').unwrap();
        let context = NoticeContext::read(&serde_json::from_str(facts).unwrap()).unwrap();
        Case { name: format!("{lang}/{name}"), lang, context, marked: marked.to_owned() }
    })
    .collect()
}

/// The marked pieces with their items; `skip` leaves out the pieces of one item.
fn unmark(marked: &str, skip: Option<&str>) -> String {
    let mut text = String::new();
    let mut rest = marked;
    while let Some((head, tail)) = rest.split_once('⟦') {
        let (items, tail) = tail.split_once('|').unwrap();
        let (body, tail) = tail.split_once('⟧').unwrap();
        text.push_str(head);
        if skip != Some(items) {
            text.push_str(body);
        }
        rest = tail;
    }
    text + rest
}

fn marks(marked: &str) -> BTreeSet<String> {
    marked.split('⟦').skip(1).filter_map(|piece| piece.split_once('|')).map(|(items, _)| items.to_owned()).collect()
}

fn found(text: &str, case: &Case) -> Vec<&'static str> {
    let mut items: Vec<&str> =
        lint_text(text, case.lang, &case.context, &Screen::new()).into_iter().map(|defect| defect.item).collect();
    items.dedup();
    items
}

#[expect(clippy::too_many_lines, reason = "a table, a line for each sentence")]
/// Sentences to plant, by language: what is wrong with them, and the sentence.
fn plants(lang: &str) -> &'static [(&'static str, &'static str)] {
    match lang {
        "en" => &[
            ("A11", "Some of the data are kept for as long as this is necessary."),
            ("A05", "We may also use your data to improve our services."),
            (
                "B01",
                "Wir speichern Ihre Daten nur so lange, wie Sie nicht widersprechen, und geben sie dann nicht mehr weiter.",
            ),
            ("B06", "Discover our new analytics suite and get 20 % off until Friday!"),
            ("B07", "For questions mention {{ case_id }}."),
            ("B07", "Your contact here is [NAME]."),
            ("B09", "If we do not hear from you, we will take this as your agreement."),
            ("B09", "We do not share your data with anyone."),
            ("A06", "You have given us your consent to this processing."),
        ],
        "de" => &[
            ("A11", "Einzelne Angaben speichern wir so lange, wie es nötig ist."),
            ("A05", "Außerdem verwenden wir die Daten zur Verbesserung unserer Dienste."),
            ("B01", "We keep your data only until you object, and after that we do not pass them on to anybody."),
            ("B06", "Entdecken Sie unser neues Analysepaket und sichern Sie sich 20 % Rabatt!"),
            ("B07", "Geben Sie bei Fragen ${vorgang} an."),
            ("B07", "Ihre Ansprechstelle ist [ABTEILUNG]."),
            ("B09", "Hören wir nichts von Ihnen, gilt dies als Zustimmung."),
            ("B09", "Ihre Daten geben wir an niemanden weiter."),
            ("A06", "Sie haben in diese Verarbeitung eingewilligt."),
        ],
        "fr" => &[
            ("A11", "Certaines données sont conservées aussi longtemps que nécessaire."),
            ("A05", "Nous pouvons également utiliser vos données pour améliorer nos services."),
            ("B01", "We keep your data only until you object, and after that we do not pass them on to anybody."),
            ("B06", "Découvrez notre nouvelle offre et profitez de 20 % de remise !"),
            ("B07", "Pour toute question, indiquez {{ dossier }}."),
            ("B07", "Votre interlocuteur est [NOM]."),
            ("B09", "Sans réponse de votre part, nous considérons que vous consentez."),
            ("B09", "Nous ne communiquons vos données à personne."),
            ("A06", "Vous avez consenti à ce traitement."),
        ],
        "es" => &[
            ("A11", "Algunos datos se conservan durante el tiempo que sea necesario."),
            ("A05", "También podemos utilizar sus datos para mejorar nuestros servicios."),
            ("B01", "We keep your data only until you object, and after that we do not pass them on to anybody."),
            ("B06", "¡Descubra nuestra nueva herramienta y obtenga un 20 % de descuento!"),
            ("B07", "Si tiene preguntas, indique ${expediente}."),
            ("B07", "Su interlocutor es [NOMBRE]."),
            ("B09", "Si no responde, entenderemos que acepta el tratamiento."),
            ("B09", "No cedemos sus datos a nadie."),
            ("A06", "Usted ha dado su consentimiento a este tratamiento."),
        ],
        "it" => &[
            ("A11", "Alcuni dati sono conservati per il tempo necessario."),
            ("A05", "Possiamo inoltre utilizzare i dati per migliorare i nostri servizi."),
            ("B01", "We keep your data only until you object, and after that we do not pass them on to anybody."),
            ("B06", "Scopra la nostra nuova soluzione e ottenga il 20 % di sconto!"),
            ("B07", "Per domande indichi {{ pratica }}."),
            ("B07", "Il Suo referente è [NOME]."),
            ("B09", "In assenza di risposta si intende prestato il consenso."),
            ("B09", "Non comunichiamo i Suoi dati a nessuno."),
            ("A06", "Lei ha prestato il consenso a questo trattamento."),
        ],
        "nl" => &[
            ("A11", "Sommige gegevens bewaren wij zolang dat nodig is."),
            ("A05", "Wij kunnen uw gegevens ook gebruiken om onze diensten te verbeteren."),
            ("B01", "We keep your data only until you object, and after that we do not pass them on to anybody."),
            ("B06", "Ontdek ons nieuwe pakket en krijg 20 % korting!"),
            ("B07", "Vermeld bij vragen ${dossier}."),
            ("B07", "Uw contactpersoon is [NAAM]."),
            ("B09", "Als wij niets horen, beschouwen wij dat als toestemming."),
            ("B09", "Wij delen uw gegevens met niemand."),
            ("A06", "U hebt toestemming gegeven voor deze verwerking."),
        ],
        "pl" => &[
            ("A11", "Niektóre dane przechowujemy tak długo, jak jest to niezbędne."),
            ("A05", "Możemy również wykorzystywać dane w celu ulepszania naszych usług."),
            ("B01", "We keep your data only until you object, and after that we do not pass them on to anybody."),
            ("B06", "Skorzystaj z naszej promocji i zyskaj 20 % rabatu!"),
            ("B07", "W razie pytań proszę podać {{ sprawa }}."),
            ("B07", "Osobą do kontaktu jest [NAZWISKO]."),
            ("B09", "Brak odpowiedzi uznamy za zgodę."),
            ("B09", "Nie udostępniamy Państwa danych nikomu."),
            ("A06", "Wyrazili Państwo zgodę na to przetwarzanie."),
        ],
        _ => &[],
    }
}

/// Salutations by gender, and some that address everybody.
const GENDERED: &[(&str, &[&str], &[&str])] = &[
    (
        "en",
        &["Dear Mr Sample,", "Dear Ms. Jones,", "Dear Madam,"],
        &["Dear Sir or Madam,", "Dear Kim Sample,", "Hello,"],
    ),
    (
        "de",
        &["Sehr geehrte Frau Muster,", "Sehr geehrter Herr Dr. Muster,"],
        &["Sehr geehrte Damen und Herren,", "Guten Tag Kim Muster,"],
    ),
    ("fr", &["Madame,", "Monsieur Modèle,", "Chère Madame Modèle,"], &["Madame, Monsieur,", "Bonjour Camille Modèle,"]),
    ("es", &["Estimado Sr. Modelo:", "Estimada señora Modelo:"], &["Estimado/a Noa Modelo:", "Hola, Noa:"]),
    ("it", &["Gentile Sig.ra Modello,", "Egregio Signor Modello,"], &["Buongiorno,", "Gentile Signora/Signore,"]),
    ("nl", &["Geachte heer Model,", "Beste mevrouw Model,"], &["Geachte heer/mevrouw,", "Beste Sam Model,"]),
    ("pl", &["Szanowna Pani,", "Szanowny Panie Robinie,"], &["Szanowni Państwo,", "Dzień dobry,"]),
];

/// A planted defect: what it is, the text, the items that have to be reported.
struct Planted {
    what: String,
    text: String,
    items: BTreeSet<String>,
}

fn planted(case: &Case) -> Vec<Planted> {
    let clean = unmark(&case.marked, None);
    let mut all = Vec::new();
    for items in marks(&case.marked) {
        let text = unmark(&case.marked, Some(&items));
        let mut expect: BTreeSet<String> = items.split(' ').map(str::to_owned).collect();
        // The block of the objection is a way to use it; where it goes, the item itself stays said elsewhere.
        expect.retain(|item| item.starts_with(['A', 'B']));
        all.push(Planted { what: format!("without {items}"), text, items: expect });
    }
    for (item, sentence) in plants(case.lang) {
        // Consent is no contradiction where it is the basis, nor where the basis is not known.
        let contradicts = match *item {
            "A06" => case.context.basis == Some('f'),
            "B09" => case.context.basis != Some('a') || sentence_denies(sentence),
            _ => true,
        };
        if !contradicts {
            continue;
        }
        // In front of the last paragraph, and behind the objection.
        let (head, tail) = clean.trim_end().rsplit_once("\n\n").or_else(|| clean.trim_end().rsplit_once('\n')).unwrap();
        let text = format!("{head}\n\n{sentence}\n\n{tail}\n");
        all.push(Planted { what: format!("with `{sentence}`"), text, items: BTreeSet::from([(*item).to_owned()]) });
    }
    for (_, gendered, _) in GENDERED.iter().filter(|(lang, ..)| *lang == case.lang) {
        for salutation in *gendered {
            let text = format!("{salutation}\n\n{clean}");
            all.push(Planted { what: format!("with `{salutation}`"), text, items: BTreeSet::from(["B08".to_owned()]) });
        }
    }
    all
}

fn sentence_denies(sentence: &str) -> bool {
    ["anyone", "niemanden", "personne", "nadie", "nessuno", "niemand", "nikomu"]
        .iter()
        .any(|word| sentence.contains(word))
}

#[test]
fn nt_1_a_complete_notice_of_any_layout_has_no_defect() {
    let mut wrong = Vec::new();
    for case in cases() {
        let clean = unmark(&case.marked, None);
        let defects = lint_text(&clean, case.lang, &case.context, &Screen::new());
        wrong.extend(defects.into_iter().map(|defect| format!("{}: {} {}", case.name, defect.item, defect.detail)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nt_5_a_salutation_that_addresses_everybody_passes() {
    for case in cases() {
        for (_, _, neutral) in GENDERED.iter().filter(|(lang, ..)| *lang == case.lang) {
            for salutation in *neutral {
                let text = format!("{salutation}\n\n{}", unmark(&case.marked, None));
                assert!(!found(&text, &case).contains(&"B08"), "{}: {salutation}", case.name);
            }
        }
    }
}

#[test]
fn nt_1_planted_defects_are_found_and_nothing_else_in_every_language() {
    let mut score: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    let mut misses = Vec::new();
    for case in cases() {
        let [right, missed, wrong] = score.entry(case.lang).or_default();
        for planted in planted(&case) {
            let found: BTreeSet<String> = found(&planted.text, &case).into_iter().map(str::to_owned).collect();
            *right += planted.items.intersection(&found).count();
            *missed += planted.items.difference(&found).count();
            *wrong += found.difference(&planted.items).count();
            if found != planted.items {
                misses.push(format!("{} {}: {found:?}", case.name, planted.what));
            }
        }
    }
    for (lang, [right, missed, wrong]) in score {
        let (recall, precision) = (right * 1000 / (right + missed), right * 1000 / (right + wrong));
        assert!(recall >= 990 && precision >= 980, "{lang}: {right}/{missed}/{wrong}\n{}", misses.join("\n"));
    }
}
