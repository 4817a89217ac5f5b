//! Layouts in many makes and seven languages: who is found with what, and that nobody else is.

use muster_extract::{ExtractContext, Extraction, extract_page};
use muster_model::{EntityKind, Page, SecretKey, SourceName, Timestamp};

fn read(url: &str, html: &str) -> Extraction {
    let key = SecretKey::storeless();
    let source = SourceName::new("web");
    let page =
        Page::new(url, Timestamp::UNIX_EPOCH, Some("text/html; charset=utf-8".to_owned()), html.as_bytes().to_vec());
    extract_page(&page, &ExtractContext { key: &key, source: Some(&source), public: true })
}

/// Checks the people of a page, each as `name | title | company | e-mails and phones`, absent parts left empty.
#[track_caller]
fn check(html: &str, expect: &[&str]) {
    let extraction = read("http://www.fern.example/team/", html);
    let people = extraction.mentions.iter().filter(|mention| mention.kind == EntityKind::Person);
    let found: Vec<String> = people
        .map(|mention| {
            let contacts: Vec<&str> = mention.emails.iter().chain(&mention.phones).map(String::as_str).collect();
            let text = |value: &Option<String>| value.clone().unwrap_or_default();
            format!(
                "{} | {} | {} | {}",
                text(&mention.name),
                text(&mention.job_title),
                text(&mention.company),
                contacts.join(" ")
            )
        })
        .collect();
    assert_eq!(found, expect, "{html}");
}

#[test]
fn a_contact_in_one_line() {
    check(
        "<html lang=en><title>Contact us</title><h1>Contact us</h1><p>Your contact: Jane Doherty, Sales Manager, +44 20 7946 0123, \
         <a href='mailto:jane.doherty@fern.example'>jane.doherty@fern.example</a></p><p>General enquiries: info@fern.example, 020 7946 0100</p>\
         <footer>Fern Trees Limited, 1 Fleet Street, London EC4A 1AA</footer>",
        &["Jane Doherty | Sales Manager | Fern Trees Limited | jane.doherty@fern.example +442079460123"],
    );
}

#[test]
fn two_people_in_a_row_of_a_table() {
    check(
        "<html lang=de><title>Team</title><table><tr><td><b>Anna Roth</b><br>Verkaufsleiterin<br><a href='mailto:roth@fern.example'>roth@fern.example</a></td>\
         <td><b>Bernd Kohl</b><br>Eismeister<br>Tel. 030 23125-11</td></tr><tr><td><b>Clara Stein</b><br>Azubi</td><td><b>Dirk Ebel</b><br>Monteur</td></tr></table>\
         <p>Fern GmbH, Hauptstr. 3, 10115 Berlin</p>",
        &[
            "Anna Roth | Verkaufsleiterin | Fern GmbH | roth@fern.example",
            "Bernd Kohl | Eismeister | Fern GmbH | +49302312511",
            "Clara Stein | Azubi | Fern GmbH | ",
            "Dirk Ebel | Monteur | Fern GmbH | ",
        ],
    );
}

#[test]
fn names_titles_and_stories_that_follow_each_other_without_an_element_around() {
    check(
        "<html lang=en><title>Our people</title><div><h2>Leadership</h2><h3>Ann Foley</h3><p>Chief Executive</p><p>Ann joined in 2001 and has led the firm.</p>\
         <p>ann.foley@fern.example</p><h3>Bob Quirke</h3><p>Finance Director</p><p>Tel: 020 7946 0111</p><h2>Values</h2><h3>Trust First</h3><p>We keep our word.</p></div>\
         <footer>© Fern Quirke LLP, 3 High Street, Leeds LS1 4AP</footer>",
        &[
            "Ann Foley | Chief Executive | Fern Quirke LLP | ann.foley@fern.example",
            "Bob Quirke | Finance Director | Fern Quirke LLP | +442079460111",
        ],
    );
}

#[test]
fn a_title_above_the_name_or_in_its_heading() {
    check(
        "<html lang=en><title>Team</title><div><div class=card><span>CEO</span><h5>Maria Lind</h5></div><div class=card><span>CTO</span><h5>Per Holm</h5></div></div>",
        &["Maria Lind | CEO |  | ", "Per Holm | CTO |  | "],
    );
    check(
        "<html lang=en><title>Staff</title><div><div><h4>Jane Doherty <small>Sales Manager</small></h4><p>jane@fern.example</p></div>\
         <div><h4>Tom Brill <small>Buyer</small></h4><p>tom@fern.example</p></div></div>",
        &["Jane Doherty | Sales Manager |  | jane@fern.example", "Tom Brill | Buyer |  | tom@fern.example"],
    );
}

#[test]
fn labels_and_values() {
    check(
        "<html lang=de><title>Kontakt</title><dl><dt>Ansprechpartner</dt><dd>Petra Vogel</dd><dt>Telefon</dt><dd>+49 30 23125-44</dd><dt>E-Mail</dt><dd>petra.vogel@fern.example</dd></dl>",
        &["Petra Vogel |  |  | petra.vogel@fern.example +49302312544"],
    );
    check(
        "<html lang=de><title>Ansprechpartner</title><table><tr><td>Geschäftsführung</td><td>Dr. Anna Roth</td><td>030 23125-11</td><td>roth@fern.example</td></tr>\
         <tr><td>Buchhaltung</td><td>Bernd Kohl</td><td>030 23125-12</td><td>kohl@fern.example</td></tr></table>",
        &[
            "Anna Roth | Geschäftsführung |  | roth@fern.example +49302312511",
            "Bernd Kohl | Buchhaltung |  | kohl@fern.example +49302312512",
        ],
    );
}

#[test]
fn tables_with_a_header_row() {
    check(
        "<html lang=de><title>Mitarbeiter</title><table><thead><tr><th>Nachname<th>Vorname<th>Telefon<th>Raum<th>E-Mail</thead><tr><td>Groß<td>Ute<td>030 23125-10<td>1.02<td>gross@fern.example\
         <tr><td>von Thun<td>Karl<td>030 23125-12<td>1.03<td>thun@fern.example</table>",
        &["Ute Groß |  |  | gross@fern.example +49302312510", "Karl von Thun |  |  | thun@fern.example +49302312512"],
    );
    check(
        "<html lang=en><title>Faculty</title><table><tr><th>Name<th>Position<th>Email<tr><td>Smith, Anna<td>Professor<td>a.smith [at] fern [dot] example\
         <tr><td>Jones, Dr. Bob<td>Lecturer<td>bob.jones@fern.example</table>",
        &["Anna Smith | Professor |  | a.smith@fern.example", "Bob Jones | Lecturer |  | bob.jones@fern.example"],
    );
}

#[test]
fn lists_in_other_languages() {
    check(
        "<html lang=pl><title>Zespół</title><h1>Nasz zespół</h1><ul><li><strong>Ewa Nowak</strong> – kierownik sprzedaży, tel. +48 22 123 45 67</li>\
         <li><strong>Jan Kowalski</strong> – prezes zarządu, jan.kowalski@fern.example</li></ul><footer>Fern Sp. z o.o., ul. Prosta 5, 00-123 Warszawa</footer>",
        &[
            "Ewa Nowak | kierownik sprzedaży | Fern Sp. z o.o. | +48221234567",
            "Jan Kowalski | prezes zarządu | Fern Sp. z o.o. | jan.kowalski@fern.example",
        ],
    );
    check(
        "<html lang=nl><title>Medewerkers</title><div><p><b>Jan de Vries</b><br>Hoofd verkoop<br>jan@fern.example</p><p><b>Els van den Berg</b><br>Secretaresse<br>020 123 4567</p></div>\
         <footer>Fern B.V., Keizersgracht 1, 1015 AB Amsterdam</footer>",
        &[
            "Jan de Vries | Hoofd verkoop | Fern B.V. | jan@fern.example",
            "Els van den Berg | Secretaresse | Fern B.V. | +31201234567",
        ],
    );
    check(
        "<html lang=it><title>Chi siamo</title><h1>Il nostro team</h1><div><div><h3>Giulia Bianchi</h3><p>Responsabile acquisti</p><p>giulia.bianchi@fern.example</p></div>\
         <div><h3>Luca Verdi</h3><p>Direttore tecnico</p><p>Tel. 02 1234 5678</p></div></div><footer>Fern S.r.l. - Via Roma 5, 20121 Milano</footer>",
        &[
            "Giulia Bianchi | Responsabile acquisti | Fern S.r.l. | giulia.bianchi@fern.example",
            "Luca Verdi | Direttore tecnico | Fern S.r.l. | +390212345678",
        ],
    );
    check(
        "<html lang=es><title>Equipo</title><div><div><h3>María García López</h3><p>Directora comercial</p></div><div><h3>José Ruiz</h3><p>Ingeniero de proyectos</p></div></div>\
         <footer>Obras Fern S.L., Calle Mayor 4, 28001 Madrid. Tel. 91 123 45 67</footer>",
        &[
            "María García López | Directora comercial | Obras Fern S.L. | ",
            "José Ruiz | Ingeniero de proyectos | Obras Fern S.L. | ",
        ],
    );
}

#[test]
fn speakers_keep_their_own_employers() {
    check(
        "<html lang=en><title>Speakers</title><h1>Speakers</h1><ul><li>Jane Doherty, Head of Data, Foxglove Ltd</li><li>Dr. Amir Khan, Senior Lecturer, University of Leeds</li>\
         <li>Lucia Perez, Founder, Greenloop</li></ul><footer>Fern Events Ltd, 1 Road Street, London EC1A 1AA</footer>",
        &[
            "Jane Doherty | Head of Data | Foxglove Ltd | ",
            "Amir Khan | Senior Lecturer | University of Leeds | ",
            "Lucia Perez | Founder | Greenloop | ",
        ],
    );
}

#[test]
fn a_press_contact_is_found_and_the_quoted_analyst_is_not() {
    check(
        "<html lang=en><title>Press release</title><p>London. Analyst Mark Tree of Bank Ltd disagreed with the plan.</p><h3>Media contact</h3>\
         <p>Tom Brill<br>Press Officer<br>Fern Ltd<br>T: +44 20 7946 0155<br>E: tom.brill@fern.example</p><h3>About Fern</h3><p>Fern Ltd grows ferns.</p>",
        &["Tom Brill | Press Officer | Fern Ltd | tom.brill@fern.example +442079460155"],
    );
}

#[test]
fn legal_pages_name_those_who_answer_and_not_the_host_or_the_authority() {
    check(
        "<html lang=fr><title>Mentions légales</title><p>Site édité par Fern SAS, 12 rue Neuve, 69001 Lyon. RCS Lyon 123 456 789. Directeur de la publication : Paul Martin, président.</p>\
         <p>Hébergeur : Nuage SAS, Jean Nuage, 2 rue Haute, 59100 Roubaix.</p>",
        &["Paul Martin | président | Fern SAS | "],
    );
    check(
        "<html lang=de><title>Datenschutz</title><h2>Verantwortlicher</h2><p>Fern GmbH<br>Hauptstr. 3<br>10115 Berlin</p><h2>Aufsichtsbehörde</h2><p>Beauftragte für Datenschutz<br>Maike Muster<br>Alt-Moabit 59<br>10555 Berlin</p>\
         <h2>Webdesign</h2><p>Pixel Agentur, Inhaber: Tom Pixel, tom@pixel.example</p>",
        &[],
    );
    check(
        "<html lang=de><title>Impressum</title><h1>Impressum</h1><p>Karla Fink<br>Hauptstr. 3<br>10115 Berlin<br>Telefon: 030 23125-10<br>E-Mail: karla.fink@fern.example</p>",
        &["Karla Fink |  |  | karla.fink@fern.example +49302312510"],
    );
}

#[test]
fn pages_without_people_give_none() {
    for html in [
        "<html lang=en><title>Products</title><div class=card><h3>Smart Widget</h3><p>Manager of all your things</p></div><div class=card><h3>Blue Heron</h3><p>Fast sorter</p></div>\
         <blockquote>Great! <cite>Anna Kunde, CEO, Other GmbH</cite></blockquote><div class=testimonials><h4>Carl Client</h4><p>Managing Director, Else Ltd</p></div>",
        "<html lang=de><title>Blog</title><h1>Neue Wege im Einkauf</h1><p>Die Firma Nord AG hat mit Geschäftsführer Max Frisch gesprochen.</p><ul><li><a>Grüne Woche</a><li><a>Lange Nacht</a></ul>",
        "<html lang=en><title>Contact</title><h1>Contact us</h1><h2>Head Office</h2><p>Berlin Mitte<br>info@fern.example</p><h2>Customer Service</h2><p>help@fern.example</p>",
        "<html lang=de><title>Kontakt</title><form><label>Ihr Name</label><input placeholder='Erika Mustermann'><button>Jetzt Senden</button></form>",
    ] {
        check(html, &[]);
    }
}

#[test]
fn structured_data_with_broken_commas_is_read_and_counted() {
    let html = r#"<script type="application/ld+json">{"@type":"Person","name":"Jane Doherty","jobTitle":"Head of Data",,"email":"mailto:jane@fox.example",
        "birthDate":"x","spouse":{"@type":"Person","name":"Never Named"},"worksFor":{"@type":"Organization","name":"Fox &amp; Co Ltd","url":"https://www.fox.example/"},}</script>"#;
    check(html, &["Jane Doherty | Head of Data | Fox & Co Ltd | jane@fox.example"]);
    let extraction = read("http://www.fern.example/", html);
    assert_eq!(extraction.problems.len(), 1);
    assert_eq!(extraction.problems[0].kind, "json-ld.syntax");
    assert_eq!(extraction.other_labels, ["birthDate", "spouse"]);
    assert_eq!(extraction.mentions[0].company_domain.as_deref(), Some("fox.example"));
}

#[test]
fn what_is_said_twice_is_one_mention_with_its_lineage() {
    let html = "<html lang=en><div class='h-card'><b class='p-name'>Jane Doherty</b> <i class='p-job-title'>Buyer</i></div><div class=staff><h3>Jane Doherty</h3><p>Buyer</p><p>jane.doherty@fern.example</p></div>";
    let extraction = read("http://www.fern.example/", html);
    assert_eq!(extraction.mentions.len(), 1);
    let mention = &extraction.mentions[0];
    assert_eq!(mention.source_url.as_deref(), Some("http://www.fern.example/"));
    assert_eq!((mention.public, mention.lang.as_deref()), (Some(true), Some("en")));
    assert!(mention.seen_at.is_some() && mention.page_hash.is_some() && mention.source.is_some());
    assert!(!mention.mention_id.as_str().is_empty());
}

#[test]
fn links_are_absolute_once_each_and_heed_nofollow() {
    let html = "<base href='/a/'><a href='b.html#x'>1</a><a href='b.html'>2</a><a rel='nofollow' href='c'>3</a><a href='mailto:x@fern.example'>4</a><a href='https://o.example'>5</a>";
    assert_eq!(
        read("http://www.fern.example/", html).links,
        ["http://www.fern.example/a/b.html", "https://o.example/"]
    );
    let closed = read("http://www.fern.example/", &format!("<meta name=robots content='index, nofollow'>{html}"));
    assert!(closed.links.is_empty() && !closed.reserved);
    for meta in [
        "<meta name=robots content=noindex>",
        "<meta name=tdm-reservation content=1>",
        "<meta name=robots content='noai, noimageai'>",
    ] {
        let reserved = read(
            "http://www.fern.example/",
            &format!("{meta}{html}<div class=staff><h3>Anna Roth</h3><p>Buyer</p></div>"),
        );
        assert!(reserved.reserved && reserved.links.is_empty() && reserved.mentions.is_empty(), "{meta}");
    }
}
