//! Tests of notices: whole texts against the linter, messages against a parser.

use std::collections::{BTreeMap, BTreeSet};

use muster_gate::{
    ContactContext, Controller, DataProtectionOfficer, NoticePurpose, Outcome, Policy, RecipientLine, Representative,
    SuppressionList, clear_contact,
};
use muster_model::{
    ClusterId, EntityKind, Field, Lineage, Master, MasterRecord, MasterValue, MentionId, Method, SecretKey, SourceName,
    SurvivorshipRule,
};

use jiff::civil::date;

use super::*;
use crate::print::Window;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Sentences by language, in the order of [`LANGUAGES`].
fn sentences(texts: [&str; 7]) -> BTreeMap<String, String> {
    LANGUAGES.iter().zip(texts).map(|((lang, _), text)| ((*lang).to_owned(), text.to_owned())).collect()
}

/// Each language with a country where it alone is official.
pub(crate) const LANGUAGES: [(&str, &str); 7] =
    [("en", "IE"), ("de", "DE"), ("fr", "FR"), ("es", "ES"), ("it", "IT"), ("nl", "NL"), ("pl", "PL")];

fn lineage(url: &str, seen_at: &str, public: bool) -> Lineage {
    Lineage {
        mention_id: MentionId::new("m-1"),
        source: SourceName::new("sites"),
        source_url: Some(url.to_owned()),
        seen_at: at(seen_at),
        method: Method::Card,
        quote: None,
        span: None,
        public,
    }
}

fn value(field: Field, text: &str) -> MasterValue {
    let lines = vec![
        lineage("https://www.werft.example/team", "2026-03-02T09:00:00Z", true),
        lineage("https://messe.example/speakers/", "2026-03-05T09:00:00Z", true),
    ];
    MasterValue { field, value: text.to_owned(), rule: SurvivorshipRule::Agreed, lineage: lines }
}

fn person(email: &str) -> Master {
    let mut values = vec![
        value(Field::Name, "Kim Beispiel-Çelik"),
        value(Field::JobTitle, "Leitung Einkauf"),
        value(Field::Company, "Werft Süd GmbH & Co. KG"),
        value(Field::Emails, email),
        value(Field::Phones, "+493023125000"),
        value(Field::Street, "Kaistraße 4"),
        value(Field::Postcode, "18055"),
        value(Field::City, "Rostock"),
    ];
    let listed = lineage("teilnehmer.csv#12", "2026-03-03T10:00:00Z", false);
    values.get_mut(1).unwrap().lineage.push(listed);
    Master::new(MasterRecord {
        cluster_id: ClusterId::new("p-1"),
        kind: EntityKind::Person,
        company_id: None,
        obtained_at: at("2026-03-02T09:00:00Z"),
        members: vec![MentionId::new("m-1")],
        values,
    })
}

pub(crate) fn base_facts() -> NoticeFacts {
    NoticeFacts {
        controller: Controller {
            legal_name: "Hafenregister Nord GmbH".into(),
            address: "Kaistraße 4, 18055 Rostock, Deutschland".into(),
            email: "privacy@hafenregister.example".into(),
            country: "DE".into(),
            privacy_url: None,
            dpo: None,
            representative: None,
            authorities: BTreeMap::from([
                ("*".to_owned(), "Landesbeauftragte Nord".to_owned()),
                ("AT".to_owned(), "Datenschutzbehörde Wien".to_owned()),
            ]),
        },
        purposes: vec![NoticePurpose {
            id: "directory".into(),
            sentence: sentences([
                "We keep a directory of business contacts in shipping and license it to suppliers for their sales.",
                "Wir führen ein Verzeichnis geschäftlicher Kontakte der Schifffahrt und lizenzieren es an Zulieferer.",
                "Nous tenons un annuaire de contacts professionnels du transport maritime et le proposons sous licence aux fournisseurs.",
                "Mantenemos un directorio de contactos profesionales del sector naval y lo licenciamos a proveedores.",
                "Teniamo un elenco di contatti professionali del settore navale e lo concediamo in licenza ai fornitori.",
                "Wij houden een register van zakelijke contacten in de scheepvaart bij en geven het in licentie aan leveranciers.",
                "Prowadzimy wykaz kontaktów służbowych z branży morskiej i udzielamy dostawcom licencji na jego używanie.",
            ]),
        }],
        basis: "6(1)(f)".into(),
        interest: sentences([
            "suppliers find the person in charge at a shipyard.",
            "Zulieferer sollen bei einer Werft die zuständige Person finden.",
            "les fournisseurs trouvent la bonne personne dans un chantier naval.",
            "que los proveedores encuentren a la persona competente en un astillero.",
            "i fornitori trovano la persona competente in un cantiere navale.",
            "leveranciers vinden de juiste persoon bij een scheepswerf.",
            "dostawcy mogą znaleźć w stoczni właściwą osobę.",
        ]),
        recipients: vec![RecipientLine {
            name: "Kranbau Ost AG".into(),
            country: "AT".into(),
            mechanism: "none".into(),
        }],
        retention_months: 24,
        automated_decisions: false,
        automated_explained: BTreeMap::new(),
        lang: String::new(),
        country: None,
        reference: String::new(),
        reply_to: String::new(),
        obtained_on: String::new(),
        values: Vec::new(),
    }
}

fn policy(lang: &str) -> Policy {
    Policy {
        policy_hash: "p".into(),
        retention_months: 24,
        zone: "Europe/Berlin".into(),
        holiday_region: "DE-MV".into(),
        languages: vec![lang.to_owned()],
        wait_days: 14,
        delivered_after_hours: 72,
        paper_delivered_after_hours: 168,
        target_days: 7,
        alarm_days: 14,
        hard_stop_days: 21,
        hold_days: 14,
    }
}

/// Makes the order of an invented person by the contact wall, for tests of this crate.
pub(crate) fn order_with(email: &str, lang: &str, token: &str, base: &NoticeFacts) -> Cleared<NoticeOrder, Contact> {
    let (list, key, told, dead) =
        (SuppressionList::default(), SecretKey::storeless(), BTreeSet::new(), BTreeSet::new());
    // The phone number would say Germany; the language under test decides here.
    let country = LANGUAGES.iter().find(|(known, _)| *known == lang).map_or("IE", |(_, country)| country);
    let (master, record_policy) = (living_in(&person(email), country), policy(lang));
    let context = ContactContext {
        suppression: &list,
        key: &key,
        told: &told,
        purposes_told: &BTreeSet::new(),
        in_doubt: false,
        dead_addresses: &dead,
        letters: true,
        employer: None,
        page_lang: None,
        policy: &record_policy,
    };
    match clear_contact(master, &context, Some(at("2026-04-02T21:59:59Z")), |_| NoticeToken::new(token), base) {
        Outcome::Pass(order) => order,
        other @ (Outcome::Hold(..) | Outcome::Deny(_)) => panic!("the contact wall refused: {other:?}"),
    }
}

fn living_in(master: &Master, country: &str) -> Master {
    #[expect(clippy::disallowed_methods, reason = "a test builds its own person")]
    let mut record = master.record().expose().clone();
    record.values.push(value(Field::Country, country));
    Master::new(record)
}

/// Makes an order with the plain facts.
fn order_for_tests(email: &str, lang: &str, token: &str) -> Cleared<NoticeOrder, Contact> {
    order_with(email, lang, token, &base_facts())
}

pub(crate) fn sender() -> Sender {
    Sender {
        from_name: "Hafenregister Nord GmbH".into(),
        from_email: EmailAddress::parse("privacy@hafenregister.example").unwrap(),
        return_path: None,
        date: at("2026-03-09T08:00:00Z"),
        html: false,
        unsubscribe_url: None,
        paper: PaperStyle { window: Window::Left, sender_line: None, date: date(2026, 3, 9) },
    }
}

/// Composes a letter for tests of other modules.
pub(crate) fn letter_for_tests(email: &str, lang: &str, token: &str) -> Letter {
    by_mail(compose(order_for_tests(email, lang, token), &Templates::shipped(), &sender(), &Screen::new()).unwrap())
}

fn by_mail(composed: Composed) -> Letter {
    match composed {
        Composed::Mail(letter) => letter,
        Composed::Paper(_) => panic!("on paper"),
    }
}

/// Composes a letter on paper for tests of other modules.
pub(crate) fn paper_for_tests(lang: &str, token: &str) -> PaperLetter {
    let order = order_with("info@werft.example", lang, token, &base_facts());
    match compose(order, &Templates::shipped(), &sender(), &Screen::new()).unwrap() {
        Composed::Paper(letter) => *letter,
        Composed::Mail(_) => panic!("by mail"),
    }
}

pub(crate) const TOKEN: &str = "abcdefghij234567klmnopqrst";

#[track_caller]
fn check_clean(name: &str, change: impl Fn(&mut NoticeFacts)) {
    for (lang, _) in LANGUAGES {
        let mut base = base_facts();
        change(&mut base);
        let order = order_with("kim.beispiel@werft.example", lang, TOKEN, &base);
        let on_paper = order_with("info@werft.example", lang, TOKEN, &base);
        for order in [order, on_paper] {
            match compose(order, &Templates::shipped(), &sender(), &Screen::new()) {
                Ok(letter) => assert_eq!(letter.lang(), lang),
                Err(error) => panic!("{name}, {lang}: {error:?}"),
            }
        }
    }
}

pub(crate) fn transfer(name: &str, country: &str, mechanism: &str) -> RecipientLine {
    RecipientLine { name: name.into(), country: country.into(), mechanism: mechanism.into() }
}

/// What is decided and how, in each language.
pub(crate) fn automated_explained() -> BTreeMap<String, String> {
    sentences([
        "A score from the size of the fleet decides which price list is offered.",
        "Ein Punktwert aus der Größe der Flotte bestimmt, welche Preisliste angeboten wird.",
        "Une note calculée d'après la taille de la flotte détermine la grille tarifaire proposée.",
        "Una puntuación según el tamaño de la flota determina la lista de precios que se ofrece.",
        "Un punteggio basato sulla dimensione della flotta determina il listino prezzi proposto.",
        "Een score op basis van de grootte van de vloot bepaalt welke prijslijst wordt aangeboden.",
        "Punkty za wielkość floty decydują o tym, który cennik jest proponowany.",
    ])
}

#[test]
fn art14_the_shipped_templates_state_every_item_for_every_set_of_facts() {
    check_clean("plain", |_| {});
    check_clean("no recipients", |facts| facts.recipients.clear());
    check_clean("officer by office", |facts| {
        facts.controller.dpo = Some(DataProtectionOfficer { name: None, email: "dpo@hafenregister.example".into() });
    });
    check_clean("officer by name and a page", |facts| {
        facts.controller.dpo =
            Some(DataProtectionOfficer { name: Some("Toni Muster".into()), email: "dpo@hafenregister.example".into() });
        facts.controller.privacy_url = Some("https://hafenregister.example/privacy".into());
    });
    for (country, mechanism) in [("CH", "adequacy"), ("US", "scc"), ("IN", "bcr")] {
        check_clean(mechanism, |facts| facts.recipients.push(transfer("Far Cranes Ltd", country, mechanism)));
    }
    check_clean("two transfers", |facts| {
        facts.recipients = vec![transfer("Far Cranes Ltd", "US", "scc"), transfer("Alpenkran AG", "CH", "adequacy")];
    });
    check_clean("consent", |facts| {
        facts.basis = "6(1)(a)".into();
        facts.interest.clear();
    });
    check_clean("automated decisions", |facts| {
        facts.automated_decisions = true;
        facts.automated_explained = automated_explained();
    });
    check_clean("a controller far away", |facts| {
        facts.controller.country = "GB".into();
        facts.controller.representative =
            Some(Representative { name: "Vertretung West BV".into(), contact: "rep@west.example".into() });
    });
    check_clean("twelve months", |facts| facts.retention_months = 12);
}

#[test]
fn a_template_that_lacks_an_item_is_blocked() {
    let cuts = [
        ("You can object to the use of your data for direct marketing", "B02"),
        ("We keep the data for", "A11"),
        ("You can also complain to a supervisory authority", "A20"),
        ("To use these rights", "B03"),
        ("Address: ", "A02"),
    ];
    let (_, english) = super::super::SHIPPED.iter().find(|(lang, _)| *lang == "en").unwrap();
    for (cut, item) in cuts {
        let text: String = english.lines().filter(|line| !line.starts_with(cut)).collect::<Vec<_>>().join("\n");
        let templates = Templates::with_overrides(&BTreeMap::from([("en".to_owned(), text)])).unwrap();
        let order = order_for_tests("kim.beispiel@werft.example", "en", TOKEN);
        let made = compose(order, &templates, &sender(), &Screen::new());
        let Err(ComposeError::Blocked { defects }) = made else { panic!("{cut}: {made:?}") };
        assert!(defects.iter().any(|defect| defect.item == item), "{cut}: {defects:?}");
    }
}

#[test]
fn a_fact_that_the_pipeline_does_not_give_is_named() {
    let mut base = base_facts();
    base.purposes.first_mut().unwrap().sentence.remove("de");
    let order = order_with("kim.beispiel@werft.example", "de", TOKEN, &base);
    let error = compose(order, &Templates::shipped(), &sender(), &Screen::new()).unwrap_err();
    assert_eq!(error.to_string(), "the notice has no purpose `directory` in the language `de`");
    let facts = NoticeFacts { lang: "sv".into(), ..base_facts() };
    assert_eq!(
        render_text(&facts, NoticeWay::Mail, &Templates::shipped()).unwrap_err(),
        TemplateError::NoLanguage { lang: "sv".to_owned() }
    );
}

#[test]
fn the_message_carries_what_a_reply_needs() {
    let letter = letter_for_tests("kim.beispiel@werft.example", "de", TOKEN);
    let message = mail_parser::MessageParser::default().parse(letter.message()).unwrap();
    let header =
        |name: &'static str| message.header_raw(name).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(header("To"), "<kim.beispiel@werft.example>");
    assert_eq!(header("From"), "\"Hafenregister Nord GmbH\" <privacy@hafenregister.example>");
    assert!(header("Reply-To").ends_with(&format!("<privacy+{TOKEN}@hafenregister.example>")));
    assert_eq!(header("Message-ID"), format!("<notice.{TOKEN}@hafenregister.example>"));
    assert_eq!(
        header("List-Unsubscribe"),
        format!("<mailto:privacy+{TOKEN}@hafenregister.example?subject=unsubscribe>")
    );
    assert_eq!(header("Date"), "Mon, 09 Mar 2026 08:00:00 +0000");
    assert_eq!(header("Auto-Submitted"), "auto-generated");
    assert_eq!(header("Content-Language"), "de");
    assert_eq!(message.body_text(0).unwrap().replace("\r\n", "\n"), letter.text());
    assert_eq!(message.subject().unwrap(), letter.subject_line());
    assert_eq!(letter.mail_from().as_str(), format!("privacy+{TOKEN}@hafenregister.example"));
    let again = letter_for_tests("kim.beispiel@werft.example", "de", TOKEN);
    assert_eq!((letter.message(), letter.text_sha256()), (again.message(), again.text_sha256()));
}

#[test]
fn nt_5_html_stands_beside_the_text_and_says_the_same() {
    let order = order_for_tests("kim.beispiel@werft.example", "fr", TOKEN);
    let with_html = Sender { html: true, ..sender() };
    let letter = by_mail(compose(order, &Templates::shipped(), &with_html, &Screen::new()).unwrap());
    assert!(letter.message().is_ascii());
    let message = mail_parser::MessageParser::default().parse(letter.message()).unwrap();
    assert_eq!(message.body_text(0).unwrap().replace("\r\n", "\n").trim_end(), letter.text().trim_end());
    assert_eq!(message.body_html(0).unwrap().replace("\r\n", "\n").trim_end(), letter.html().trim_end());
    assert_eq!((message.attachment_count(), message.text_body_count(), message.html_body_count()), (0, 1, 1));
    let plain = letter_for_tests("kim.beispiel@werft.example", "fr", TOKEN);
    assert_eq!(letter.text_sha256(), plain.text_sha256(), "the ledger names the text, which both have");
}

#[test]
fn nt_5_one_click_is_offered_where_the_controller_has_a_page_for_it() {
    let order = order_for_tests("kim.beispiel@werft.example", "de", TOKEN);
    let page = Some("https://hafenregister.example/abmelden/{token}".to_owned());
    let sender = Sender { unsubscribe_url: page, ..sender() };
    let letter = by_mail(compose(order, &Templates::shipped(), &sender, &Screen::new()).unwrap());
    let message = mail_parser::MessageParser::default().parse(letter.message()).unwrap();
    let header =
        |name: &'static str| message.header_raw(name).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(
        header("List-Unsubscribe"),
        format!(
            "<https://hafenregister.example/abmelden/{TOKEN}>, \
             <mailto:privacy+{TOKEN}@hafenregister.example?subject=unsubscribe>"
        )
    );
    assert_eq!(header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
}

#[test]
fn nt_8_a_text_is_known_by_its_hash_by_whichever_way_it_goes() {
    let letter = letter_for_tests("kim.beispiel@werft.example", "en", TOKEN);
    assert_eq!(letter.text_sha256(), HEXLOWER.encode(&Sha256::digest(letter.text().as_bytes())));
    let paper = Composed::Paper(Box::new(paper_for_tests("en", TOKEN)));
    assert_eq!(paper.text_sha256(), HEXLOWER.encode(&Sha256::digest(paper.text().as_bytes())));
    assert_ne!(letter.text_sha256(), paper.text_sha256(), "a letter cannot be replied to");
}

#[test]
fn nt_5_a_letter_says_how_to_answer_by_post_and_by_mail_and_greets_nobody_by_gender() {
    for (lang, _) in LANGUAGES {
        let letter = paper_for_tests(lang, TOKEN);
        let text = letter.shown();
        let block = text.split("\n\n").find(|block| block.to_lowercase().contains("stop")).unwrap();
        assert!(
            block.contains("Kaistraße 4, 18055 Rostock") && block.contains(&format!("privacy+{TOKEN}@")),
            "{block}"
        );
        assert!(letter.pdf().starts_with(b"%PDF-") && (1..=3).contains(&letter.page_count()), "{lang}");
        assert!(!format!("{letter:?}").contains("Kim"));
    }
}

#[test]
fn a_letter_prints_nothing_of_the_person() {
    let letter = letter_for_tests("kim.beispiel@werft.example", "en", TOKEN);
    let shown = format!("{letter:?}");
    assert!(!shown.contains("kim") && !shown.contains("Beispiel"), "{shown}");
}
