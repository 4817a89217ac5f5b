//! Pages made to hurt: they end, in bounded time and memory, and nothing panics.

use muster_extract::{ExtractContext, Extraction, extract_page};
use muster_model::{Page, SecretKey, Timestamp};
use proptest::prelude::*;

fn read(body: Vec<u8>) -> Extraction {
    let key = SecretKey::storeless();
    let page = Page::new("http://firma.example/team/", Timestamp::UNIX_EPOCH, None, body);
    extract_page(&page, &ExtractContext { key: &key, source: None, public: true })
}

#[track_caller]
fn check(body: String) -> Extraction {
    read(body.into_bytes())
}

#[test]
fn nesting_beyond_the_limit_is_one_problem() {
    for unit in [
        "<div>",
        "<b>",
        "<table><tr><td>",
        "<ul><li>",
        "<font color=red><p>",
        "<svg><g>",
        "<template>",
        "<select><option>",
    ] {
        let extraction = check(unit.repeat(100_000 / unit.len() * 5));
        assert!(
            extraction.problems.iter().any(|problem| problem.kind.starts_with("page."))
                || extraction.mentions.is_empty(),
            "{unit}"
        );
    }
}

#[test]
fn a_page_of_fifty_megabytes_ends() {
    let extraction = check("<p>Anna Muster<br>anna@firma.example</p>\n".repeat(1_250_000));
    assert!(extraction.problems.iter().any(|problem| problem.kind == "page.too-long"));
    assert!(extraction.mentions.len() < 10_000);
}

#[test]
fn ten_thousand_signs_of_one_kind_end() {
    for unit in [
        "@",
        "a@b.example ",
        "(at)",
        " at x dot ",
        "Anna Muster ",
        "Anna Muster, ",
        "0301234567 ",
        "GmbH ",
        "Muster GmbH ",
        "&amp;",
        "&#x41",
        "<",
        "\"",
        "Tel: 1 ",
        "Dr. ",
        "von ",
    ] {
        let extraction = check(format!("<p>{}</p>", unit.repeat(10_000)));
        assert!(extraction.mentions.len() < 5_001, "{unit}");
    }
}

#[test]
fn many_cards_of_equal_names_end() {
    let extraction = check("<div class=person><h3>Anna Muster</h3><p>Buyer</p></div>".repeat(3_000));
    assert!(!extraction.mentions.is_empty());
}

#[test]
fn invalid_bytes_are_a_problem_and_the_rest_is_read() {
    let mut body = b"<meta charset=utf-8><div class=person><h3>Anna Muster</h3><p>Buyer</p><a href='mailto:anna@firma.example'>mail</a></div>".to_vec();
    body.extend([0xff, 0xfe, 0x00, 0xc3, 0x28]);
    let extraction = read(body);
    assert_eq!(extraction.mentions.len(), 1);
    assert!(!extraction.problems.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(body in prop::collection::vec(any::<u8>(), 0..2_000)) {
        read(body);
    }

    #[test]
    fn scrambled_pages_never_panic_and_repeat(parts in prop::collection::vec(prop::sample::select(PARTS), 0..60)) {
        let body = parts.concat();
        prop_assert_eq!(read(body.clone().into_bytes()), read(body.into_bytes()));
    }
}

/// Pieces of pages, whole and broken.
const PARTS: &[&str] = &[
    "<div class=person>",
    "</div>",
    "<h3>",
    "</h3>",
    "<p>",
    "<br>",
    "<table><tr><th>Name<th>Telefon",
    "<tr><td>",
    "<td>",
    "</table>",
    "<dl><dt>",
    "<dd>",
    "Anna Müller",
    "Müller, Dr. Anna",
    "Leiterin Einkauf",
    "Muster GmbH & Co. KG",
    "Musterstraße 5",
    "10115 Berlin",
    "Tel. 030 23125-120",
    "Fax: 030 23125-121",
    "<a href='mailto:anna@firma.example'>",
    "</a>",
    "anna [at] firma [dot] example",
    "<span data-cfemail='1b7c'>",
    "<script type='application/ld+json'>",
    "{\"@type\":\"Person\",\"name\":\"Anna Müller\",",
    "\"worksFor\":{\"@id\":\"#x\"}}",
    "</script>",
    "<i itemscope itemtype=Person itemprop=x>",
    "<b itemprop=name>",
    "<b class='h-card'>",
    "<b class='p-name fn'>",
    "Geschäftsführer: ",
    "Vertreten durch:",
    "HRB 999",
    "&amp;",
    "&ouml",
    "<blockquote>",
    "<nav>",
    "<!--",
    "-->",
    "\u{ad}",
    "\u{200b}",
    "©",
    ", ",
    " – ",
    "\0",
    "\r\n",
    "<template>",
    "</template>",
    "<a href=\"tel:+49",
    "\">",
];
