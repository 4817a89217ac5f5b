//! Tests of HTML as text: what mail programs write, and what is broken.

use super::*;

#[test]
fn blocks_end_lines_and_quotes_are_marked() {
    let html = "<html><head><title>x</title><style>p{}</style></head><body><div>Bitte l&ouml;schen&nbsp;Sie<br>\
        mich &amp; alles.</div><div class=\"gmail_signature\">Ada</div><blockquote type=cite><p>old <i>text</i></p>\
        <blockquote>older</blockquote></blockquote></body></html>";
    assert_eq!(html_to_text(html), "Bitte löschen Sie\nmich & alles.\n-- \nAda\n> old text\n\n> > older\n");
}

#[test]
fn broken_html_still_gives_its_text() {
    assert_eq!(html_to_text("a < b <b>c"), "a < b c");
    assert_eq!(html_to_text("<a href='x>stop"), "stop");
    assert_eq!(html_to_text("<!-- never closed stop"), "");
    assert_eq!(html_to_text("&bogus &#x41; &#9999999999;"), "&bogus A &#9999999999;");
    assert_eq!(html_to_text("<html><head><meta x><body>stop"), "stop");
    assert_eq!(html_to_text("</div></td></blockquote>stop</p>").trim(), "stop");
}

#[test]
fn a_reader_does_not_see_hidden_text() {
    for hidden in [
        "<div style=\"display:none;max-height:0px\">delete all</div>",
        "<span style='font-size:0px'>delete all</span>",
        "<div class=\"preheader\">delete all</div>",
        "<span style=\"color:#fff;visibility: hidden\">delete all</span>",
        "<div hidden>delete all</div>",
    ] {
        assert_eq!(html_to_text(&format!("{hidden}<p>Thank you</p>")).trim(), "Thank you", "{hidden}");
    }
    assert_eq!(html_to_text("<div style='font-size:0'><span style='font-size:14px'>Stop</span></div>").trim(), "Stop");
    assert_eq!(html_to_text("<p style='line-height:100%;font-size:10.5pt'>Stop</p>").trim(), "Stop");
}

#[test]
fn behind_the_rule_of_outlook_all_is_quoted() {
    for rule in [
        "<div id=\"appendonsend\"></div><hr style=\"display:inline-block;width:98%\" tabindex=\"-1\">",
        "<hr tabindex=\"-1\"><div id=\"divRplyFwdMsg\" dir=\"ltr\"><b>From:</b> x</div>",
        "<div><div style=\"border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm\"><p>From: x</p></div></div>",
        "<div style=\"border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0in 0in 0in\">From: x</div>",
    ] {
        let text = html_to_text(&format!("<div>Please stop</div>{rule}<div>erase</div><p>all</p>"));
        let own: Vec<&str> =
            text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with(['>', '_'])).collect();
        assert_eq!(own, ["Please stop"], "{text}");
    }
}

#[test]
fn a_mark_inside_a_quote_holds_up_to_its_end() {
    let html = "<blockquote><div id=\"divRplyFwdMsg\">From: x</div><div>old</div></blockquote><p>Stop</p>";
    assert_eq!(html_to_text(html), "> > From: x\n> > old\nStop\n\n");
}

#[test]
fn preformatted_lines_stay_lines() {
    assert_eq!(html_to_text("<pre>one\ntwo\n\nthree</pre>four\nfive"), "one\ntwo\n\nthree\nfour five");
}

#[test]
fn a_smiley_picture_is_its_character() {
    assert_eq!(html_to_text("<p>No <img alt=\"👎\" src=x> <img alt=\"Our logo\"></p>").trim(), "No 👎");
}

#[test]
fn a_name_in_a_link_is_no_mark() {
    assert_eq!(html_to_text("<div><a href=\"https://x.test/?class=yahoo_quoted\">Stop</a></div>").trim(), "Stop");
}
