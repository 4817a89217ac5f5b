//! Articles of the GDPR as the seven languages cite them.
//!
//! Invariant: what is read is folded text; a language's words for "letter" stand here together, because a notice
//! may cite in the manner of another country.

use std::sync::LazyLock;

use regex::bytes::{Regex, RegexBuilder};

const LETTER: &str = r"(?:literas?|lit|let|letra|lettera|lett|lettre|points?|punto|punt|pkt|onderdeel|onder|sub|buchstabe|buchst|bst|letter|al|alinea|point)";
const ARTICLE: &str = r"\bart(?:icles?|ikels?|icolo|icoli|iculos?|igo|ykul\w*|\b\.?)";

/// Article 6, then the letter: `Art. 6 Abs. 1 lit. f`, `article 6(1)(f)`, `artículo 6.1.f`.
static FORWARD: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(r#"{ARTICLE} ?6\b[^:;]{{0,60}}?(?:[(")'.] ?|, ?1,? |\b{LETTER}\b\.?,? ?[("']?)([a-f])\b"#))
});
/// The letter with a parenthesis behind it: `artículo 6.1 f)`, `article 6, paragraphe 1, f)`.
static CLOSED: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"{ARTICLE} ?6\b[^:;]{{0,60}}?[ ,]([a-f])\)")));
/// Without the word article: `6(1)(f)`, `6.1.f`.
static BARE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"\b6 ?(?:\( ?1 ?\)|[.-]1|par\.? ?1|abs\.? ?1) ?[.-]?,? ?\(?([a-f])\b"));
/// The letter, then article 6: `letter f of Article 6(1)`, `lettera f) dell'art. 6`.
static BACKWARD: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(r#"\b{LETTER}\b\.? ?[("']?([a-f])[)"']?,?(?: [a-z0-9',.()]+){{0,6}}? ?{ARTICLE} ?6\b"#))
});
/// The letter behind the paragraph's number alone: `art. 6 lid 1 f AVG`.
static PLAIN: LazyLock<Regex> =
    LazyLock::new(|| regex(&format!(r"{ARTICLE} ?6\b[^:;]{{0,20}}?\b1,? ([bcdf]|a (?:gdpr|dsgvo|rgpd|avg|rodo))\b")));
static LAW: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        r"{ARTICLE} ?\d+[a-z]?\b[^:;,]{{0,40}}?\b(?:gdpr|dsgvo|ds-gvo|rgpd|avg|rodo|regulation|verordnung)\b|\([^)]*\d[^)]*\)"
    ))
});
static RIGHTS_RANGE: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"{ARTICLE} ?(\d\d?)\b")));

fn regex(pattern: &str) -> Regex {
    RegexBuilder::new(pattern)
        .unicode(false)
        .build()
        .expect("the pattern is part of the source, and every test of the linter compiles it")
}

/// Returns the letters of article 6(1) that a folded text cites, in order.
pub(super) fn letters(low: &str) -> Vec<char> {
    let mut found: Vec<(usize, char)> = Vec::new();
    for regex in [&*FORWARD, &*CLOSED, &*BARE, &*BACKWARD, &*PLAIN] {
        for captures in regex.captures_iter(low.as_bytes()) {
            if let Some(letter) = captures.get(1).and_then(|letter| letter.as_bytes().first()) {
                found.push((captures.get(0).map_or(0, |whole| whole.start()), char::from(*letter)));
            }
        }
    }
    found.sort_unstable();
    found.dedup_by_key(|(_, letter)| *letter);
    found.into_iter().map(|(_, letter)| letter).collect()
}

/// Returns whether a folded text cites an article by its number.
pub(super) fn cites(low: &str, number: u8) -> bool {
    RIGHTS_RANGE.captures_iter(low.as_bytes()).any(|captures| {
        let digits = captures.get(1).and_then(|digits| std::str::from_utf8(digits.as_bytes()).ok());
        digits.and_then(|digits| digits.parse::<u8>().ok()) == Some(number)
    })
}

/// Takes citations and what stands in parentheses with a number out of a folded text.
pub(super) fn without_law(low: &str) -> String {
    String::from_utf8_lossy(&LAW.replace_all(low.as_bytes(), &b" "[..])).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::fold::fold;
    use super::*;

    #[test]
    fn the_basis_is_recognized_as_it_is_commonly_cited() {
        for text in [
            "Article 6(1)(f) GDPR",
            "Art. 6 (1) f",
            "article 6(1), point (f)",
            "Art. 6(1) lit. f GDPR",
            "point (f) of Article 6(1)",
            "GDPR 6(1)(f)",
            "Art. 6 Abs. 1 lit. f DSGVO",
            "Artikel 6 Absatz 1 Buchstabe f",
            "Art. 6 Abs. 1 S. 1 lit. f",
            "Art. 6 Abs. 1 UAbs. 1 Buchst. f DSGVO",
            "Artikel 6 Absatz 1 Satz 1 Buchstabe f) der Datenschutz-Grundverordnung",
            "article 6, paragraphe 1, point f), du RGPD",
            "l'article 6.1.f du RGPD",
            "article 6, §1, f) RGPD",
            "artículo 6.1.f) del RGPD",
            "artículo 6, apartado 1, letra f)",
            "letra f) del artículo 6.1",
            "art. 6, par. 1, lett. f), del GDPR",
            "articolo 6, paragrafo 1, lettera f)",
            "lettera f) dell'articolo 6, paragrafo 1",
            "artikel 6, lid 1, onder f, AVG",
            "artikel 6 lid 1 sub f AVG",
            "artikel 6, eerste lid, aanhef en onderdeel f",
            "art. 6 ust. 1 lit. f RODO",
            "artykuł 6 ust. 1 litera f",
            "L'article 6, paragraphe 1, f) du RGPD",
            "artículo 6.1 f) RGPD",
            "art. 6 ust. 1 pkt f",
            "art. 6 lid 1 f AVG",
            "art. 6-1-f du RGPD",
        ] {
            assert_eq!(letters(&fold(text)), ['f'], "{text}");
        }
        assert_eq!(letters(&fold("Art. 6 Abs. 1 lit. a DSGVO")), ['a']);
        assert_eq!(letters(&fold("Article 6(1)(f) and Article 6(1)(a) GDPR")), ['f', 'a']);
        assert!(letters(&fold("Article 14 and the 6 months of a year")).is_empty());
    }

    #[test]
    fn an_article_is_told_by_its_number() {
        assert!(cites(&fold("Art. 15 DSGVO"), 15) && cites(&fold("artículo 21"), 21) && cites(&fold("(art. 18)"), 18));
        assert!(!cites(&fold("Art. 150"), 15) && !cites(&fold("15 days"), 15));
    }
}
