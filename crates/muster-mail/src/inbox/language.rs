//! The language of a short text.
//!
//! Learned from the labelled sentences that people write to us, and from the small words of each language, so that
//! "Bel niet" and "Basta" are told too. Texts in other languages are told by their letters (whatlang).
//!
//! Invariant: `None` where it is not clear, which is honest and harmless.

use std::iter::empty;
use std::sync::LazyLock;

use super::intent::linear::{Linear, features};
use super::phrases::fold;

/// The languages that are learned, ISO 639-1.
const LANGUAGES: [&str; 7] = ["de", "en", "es", "fr", "it", "nl", "pl"];

/// Text that is looked at.
const TEXT_CHARS_MAX: usize = 400;

/// A text is foreign to us where no language scores as much.
const SCORE_MIN: f32 = -0.35;

/// A text that scores less may be in a language akin to ours.
const SCORE_KNOWN: f32 = 0.3;

/// The lead that the likeliest language needs.
const LEAD_MIN: f32 = 0.12;

/// The same for a single word.
const WORD_LEAD_MIN: f32 = 0.35;

/// Shortest text whose language is told by its letters alone.
const FOREIGN_CHARS_MIN: usize = 40;

static MODEL: LazyLock<Linear<7>> = LazyLock::new(|| {
    Linear::from_bytes(include_bytes!("language.bin")).expect("the shipped weights are whole: a test makes them")
});

/// Returns the language of a text, ISO 639-1, if it is clear.
pub(crate) fn language_of(text: &str) -> Option<&'static str> {
    let head: String = text.chars().take(TEXT_CHARS_MAX).collect();
    let folded = fold(&head);
    let letters = folded.chars().filter(|c| c.is_alphabetic()).count();
    let latin = folded.bytes().filter(u8::is_ascii_alphabetic).count();
    if latin * 2 <= letters {
        return foreign(&head);
    }
    let scores = MODEL.score(&features(&folded, false, empty()));
    let (mut best, mut second, mut language) = (f32::MIN, f32::MIN, None);
    for (known, score) in LANGUAGES.iter().zip(scores) {
        if score > best {
            (best, second, language) = (score, best, Some(*known));
        } else if score > second {
            second = score;
        }
    }
    let is_word = !folded.contains(' ');
    if best < SCORE_MIN || best - second < if is_word { WORD_LEAD_MIN } else { LEAD_MIN } {
        return foreign(&head);
    }
    if best < SCORE_KNOWN { foreign(&head).or(language) } else { language }
}

/// The language of a text that is in none of ours, or not clearly in one.
fn foreign(text: &str) -> Option<&'static str> {
    if text.chars().count() < FOREIGN_CHARS_MIN {
        return None;
    }
    let told = whatlang::detect(text).filter(whatlang::Info::is_reliable)?;
    let code = told.lang().code();
    LETTERS.iter().find(|(three, _)| *three == code).map(|(_, two)| *two)
}

/// ISO 639-3 and ISO 639-1 of the languages of Europe.
const LETTERS: &[(&str, &str)] = &[
    ("bul", "bg"),
    ("cat", "ca"),
    ("ces", "cs"),
    ("dan", "da"),
    ("deu", "de"),
    ("ell", "el"),
    ("eng", "en"),
    ("est", "et"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("hrv", "hr"),
    ("hun", "hu"),
    ("ita", "it"),
    ("lav", "lv"),
    ("lit", "lt"),
    ("nld", "nl"),
    ("nob", "nb"),
    ("pol", "pl"),
    ("por", "pt"),
    ("ron", "ro"),
    ("rus", "ru"),
    ("slk", "sk"),
    ("slv", "sl"),
    ("spa", "es"),
    ("swe", "sv"),
    ("tur", "tr"),
    ("ukr", "uk"),
];

#[cfg(test)]
mod tests {
    use super::super::intent::linear::train::{Sample, check_shipped};
    use super::super::intent::said::said;
    use super::*;

    /// Small words, salutations and closings, in the order of [`LANGUAGES`].
    const SMALL_WORDS: [&str; 7] = [
        "aber als am an auch auf aus bei bin bitte bis da damit danke das dass dem den der des die dies diese dieser durch ein eine einem einen einer er es euch fuer gegen geehrte geehrter damen herren frau herr gruesse gruessen guten habe haben hallo hat hiermit ich ihr ihre ihrem ihren ihrer im in ist ja kann kein keine keinen keinerlei mehr mein meine meinem meinen meiner mich mir mit nach nehmen nein nicht noch oder ohne schon sehr sein sich sie sind so stopp tag ueber um und uns unsere unter vielen vom von vor war was weiteren wenn werden wie wir wird wurde zu zum zur abmelden abmeldung werbung widerspruch widerspreche entfernen daten verteiler loeschen abwesend wieder buero urlaub mfg schluss anrufen sofort raus basst moin servus nix weg damit",
        "a about all am an and any are as at be been but by can could data dear delete do dont for from give has have hello hereby hi how i if in is it list longer mail me more my no not of off on or our out please regards remove send stop take thank thanks that the their them there these this to unsubscribe until us want was we what which will with would you your object call calls contact again office back kind best yours sincerely sir madam who where why enough nope cheers sent away holiday quit already never still",
        "a al algo como con de del desde dejen el ella en es esta este estoy favor fue gracias ha han hay he hola la las le les lo los mas me mi mis muy nada no nos nuestra nuestro o para pero por porque que quien quiero saludos se senor senora ser si sin sobre son su sus tambien te tengo tiene un una usted ustedes y ya yo baja borren borrar datos correo correos lista buenos dias tardes estimado estimada cordial atentamente basta solicito oposicion llamen llamar eliminen dejad quitad oficina vacaciones cuanto donde ninguna ningun",
        "a alors au aucun aucune aux avec bien bonjour bonsoir ce cela ces cet cette comme cordialement dans de des du elle en est et etre fait il ils je jai la le les leur lui ma madame mais me merci mes moi mon monsieur ne nest non nos notre nous on ou par pas plus pour pourquoi quand que quel qui sa sans se ses si sil son sont suis sur svp tout toutes tres un une veuillez vos votre vous vouloir desinscription desabonnement supprimer supprimez donnees arretez stop opposition courriel adresse salutations distinguees bureau conge absence retirez dou sera serait ca marche bonne journee desinscrire desabonner desabonnez effacez cessez appelez adieu assez",
        "a ad al alla alle anche avete buongiorno buonasera che chi ci come con cordiali cosa da dal dalla dei del della delle di dove e ed egregi era fare gentile gentili gli grazie ha hanno ho i il in io la le lei lo loro ma me mi mia miei mio molto ne nel nella nessun nessuna no noi non nostra nostro o ogni per perche piu prego puo quale quando quanto questa questo qui saluti salve sono spett se si sia senza su sua sul tutti tutto un una uno vi vostra vostri vostro cancellami cancellatemi cancellare dati basta disiscrivetemi disiscrivimi opposizione chiamate chiamatemi smettete rimuovere ufficio ferie distinti disiscrizione togliete toglietemi",
        "aan aangaande af alle als alstublieft anders bedankt beste bij bel bellen ben bent dag dan dat de deze die dit door een en er geachte geen gegevens goed goedemorgen graag groet groeten had hallo heb hebben heeft heer het hier hoe hun ik in is ja jij je jullie kan kunt kunnen maar mag me meer met mevrouw mij mijn moet naar niet niets nog nooit nu of om ons onze ook op over per stop te tot u uit uw van vanaf vandaan verwijder verwijderen voor vriendelijke waar wanneer was wat we wel wie wij wil wilt worden wordt zal ze zijn zonder zou uitschrijven afmelden bezwaar mailinglijst stoppen afwezig kantoor vakantie hartelijke mvg gr gelieve dank schrijf inzage adres",
        "a ale albo bardzo bez bo brak by byc byl chce chcialbym chcialabym co czy dla do dobry dzien dziekuje dzwonic gdy gdzie i ich informacje innych ja jak jako jest jestem jesli juz kiedy kim ktora ktore ktory lub mam mi mnie moich moje moj mojego moja na nas nasz nie niz o od on oraz pan pana pani panstwa panstwo po pod poniewaz poprosze pozdrawiam prosze przez sa sie skad sobie sprzeciw szanowni ta tak taki tego ten to tu tylko w wam was wiecej wiadomosci wasze z za ze zeby zostac usuniecie usuncie usunac wypisz wypisac danych dane osobowych rezygnuje dosc powazaniem prosba nigdy zadnych firmy biurze urlopie zadam zgody cofam przestancie maili telefonow",
    ];

    /// Rounds over the sentences: languages lie further apart than wishes.
    const ROUNDS: u8 = 8;

    #[test]
    fn the_shipped_weights_are_those_of_the_sentences() {
        let marks = |language: &str| LANGUAGES.map(|known| known == language);
        let of = |text: &str, language: &str| Sample {
            features: features(&fold(text), false, empty()),
            marks: marks(language),
        };
        let small = LANGUAGES.iter().zip(SMALL_WORDS);
        let small = small.flat_map(|(language, words)| words.split(' ').map(move |word| (word, *language)));
        let sentences = said().map(|said| (said.sentence, said.language));
        let samples = small.chain(sentences).map(|(text, language)| of(text, language)).collect();
        check_shipped(&Linear::train(samples, ROUNDS), include_bytes!("language.bin"), "language.bin");
    }

    #[test]
    fn seven_languages_are_told_by_a_few_words() {
        for (text, language) in [
            ("Please remove me from your list", "en"),
            ("Bitte nehmen Sie mich aus dem Verteiler", "de"),
            ("Stopp", "de"),
            ("Bel niet", "nl"),
            ("Nie dzwonić", "pl"),
            ("Ne m'appelez plus", "fr"),
            ("No me llamen más, por favor", "es"),
            ("Basta, cancellatemi", "it"),
        ] {
            assert_eq!(language_of(text), Some(language), "{text}");
        }
    }

    #[test]
    fn other_languages_are_told_by_their_letters_or_left_open() {
        assert_eq!(language_of("Привет"), None);
        assert_eq!(language_of("12345"), None);
        let danish =
            "Vær venlig at fjerne mig fra jeres mailingliste, jeg ønsker ikke at modtage flere beskeder fra jer.";
        assert_eq!(language_of(danish), Some("da"));
    }
}
