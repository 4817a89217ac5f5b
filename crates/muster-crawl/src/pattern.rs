//! Patterns with `*` for anything, as robots.txt rules and host overrides use them.
//!
//! It knows nothing of escapes; both sides come in the spelling they are to be compared in.
//!
//! Invariant: matching is one pass over the text per piece, whatever the pattern; there is no backtracking.

/// A text pattern: pieces that must follow each other, from the beginning, and to the end when anchored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    first: Vec<u8>,
    others: Vec<Vec<u8>>,
    anchored: bool,
}

impl Pattern {
    /// Makes a pattern of text in which `*` stands for any bytes; `anchored` demands that it reaches the end.
    pub(crate) fn new(text: &[u8], anchored: bool) -> Self {
        let mut pieces = text.split(|byte| *byte == b'*').map(<[u8]>::to_vec);
        let first = pieces.next().unwrap_or_default();
        Self { first, others: pieces.collect(), anchored }
    }

    /// Tells whether the text begins with the pattern, or is it as a whole when anchored.
    pub(crate) fn matches(&self, text: &[u8]) -> bool {
        let Some(mut rest) = text.strip_prefix(self.first.as_slice()) else { return false };
        let Some((last, middle)) = self.others.split_last() else { return !self.anchored || rest.is_empty() };
        // The leftmost place of each piece leaves the most room for those after it, so no other need be tried.
        for piece in middle {
            let Some(after) = after_first(rest, piece) else { return false };
            rest = after;
        }
        if self.anchored { rest.ends_with(last) } else { after_first(rest, last).is_some() }
    }
}

fn after_first<'t>(text: &'t [u8], piece: &[u8]) -> Option<&'t [u8]> {
    if piece.is_empty() {
        return Some(text);
    }
    let start = text.windows(piece.len()).position(|window| window == piece)?;
    text.get(start + piece.len()..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(pattern: &str, anchored: bool, text: &str, expected: bool) {
        let found = Pattern::new(pattern.as_bytes(), anchored).matches(text.as_bytes());
        assert_eq!(found, expected, "{pattern} {anchored} {text}");
    }

    #[test]
    fn pieces_follow_each_other_from_the_beginning() {
        check("/fish", false, "/fishheads", true);
        check("/fish", false, "/catfish", false);
        check("/fish*.php", false, "/fishheads/cat.php?x", true);
        check("/fish*.php", false, "/Fish.php", false);
        check("*", false, "", true);
        check("", false, "anything", true);
        check("/**/x", false, "/a/x", true);
    }

    #[test]
    fn an_anchored_pattern_reaches_the_end() {
        check("/a*b", true, "/acb", true);
        check("/a*b", true, "/acbc", false);
        check("/a*b", true, "/abxb", true);
        check("/ab*b", true, "/ab", false);
        check("*.example", true, "www.firma.example", true);
        check("*.example", true, "firma.example.test", false);
        check("", true, "", true);
        check("/*", true, "/x", true);
    }

    /// The textbook definition, exponential but plain.
    fn slow(pattern: &[u8], anchored: bool, text: &[u8]) -> bool {
        match (pattern.split_first(), text.split_first()) {
            (None, _) => !anchored || text.is_empty(),
            (Some((b'*', after)), None) => slow(after, anchored, text),
            (Some((b'*', after)), Some((_, tail))) => slow(after, anchored, text) || slow(pattern, anchored, tail),
            (Some((wanted, after)), Some((found, tail))) => wanted == found && slow(after, anchored, tail),
            (Some(_), None) => false,
        }
    }

    proptest! {
        #[test]
        fn it_agrees_with_the_textbook_definition(pattern in "[ab*]{0,7}", text in "[ab]{0,9}", anchored: bool) {
            let fast = Pattern::new(pattern.as_bytes(), anchored).matches(text.as_bytes());
            prop_assert_eq!(fast, slow(pattern.as_bytes(), anchored, text.as_bytes()));
        }
    }
}
