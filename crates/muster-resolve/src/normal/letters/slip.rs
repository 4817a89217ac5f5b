//! Slips of the finger and of the scanner: whether two words differ by no more than one.
//!
//! It counts letters and knows no words: what a slip weighs is the caller's matter.
//!
//! Invariant: symmetric, and true for equal words.

/// Letters from which a word is long enough that two slips in it are still likely one word.
const LONG_WORD: usize = 8;

/// Returns whether two folded words are one but for a slip: one letter too much, too few, wrong, or two swapped; two
/// such slips if the shorter word has eight letters; or what a scanner confuses (`rn` and `m`, `l`, `1` and `i`, `0` and `o`).
///
/// Words that both have a number are one only where the number is: `Werk 1` is not `Werk 2`.
pub(crate) fn one_slip(left: &str, right: &str) -> bool {
    let digits = |word: &'_ str| -> Vec<u8> { word.bytes().filter(u8::is_ascii_digit).collect() };
    let (numbers_left, numbers_right) = (digits(left), digits(right));
    if !numbers_left.is_empty() && !numbers_right.is_empty() && numbers_left != numbers_right {
        return false;
    }
    if left.is_ascii() && right.is_ascii() {
        let slips_max = if left.len().min(right.len()) >= LONG_WORD { 2 } else { 1 };
        return is_within(left.as_bytes(), right.as_bytes(), slips_max) || scanned(left).eq(scanned(right));
    }
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let slips_max = if left.len().min(right.len()) >= LONG_WORD { 2 } else { 1 };
    is_within(&left, &right, slips_max)
}

/// Returns whether the optimal string alignment distance is at most `slips`.
fn is_within<T: PartialEq>(left: &[T], right: &[T], slips: usize) -> bool {
    if left.len().abs_diff(right.len()) > slips {
        return false;
    }
    let same = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let (left, right) = (left.get(same..).unwrap_or_default(), right.get(same..).unwrap_or_default());
    let ([a, left_rest @ ..], [b, right_rest @ ..]) = (left, right) else {
        return left.len().max(right.len()) <= slips;
    };
    let Some(fewer) = slips.checked_sub(1) else { return false };
    let is_swapped = match (left_rest, right_rest) {
        ([c, left_tail @ ..], [d, right_tail @ ..]) => a == d && b == c && is_within(left_tail, right_tail, fewer),
        _ => false,
    };
    is_swapped
        || is_within(left_rest, right_rest, fewer)
        || is_within(left_rest, right, fewer)
        || is_within(left, right_rest, fewer)
}

/// The word as a scanner tells its letters apart.
fn scanned(word: &str) -> impl Iterator<Item = u8> + '_ {
    let mut bytes = word.bytes().peekable();
    std::iter::from_fn(move || {
        let byte = bytes.next()?;
        Some(match (byte, bytes.peek()) {
            (b'r', Some(b'n')) => {
                bytes.next();
                b'm'
            }
            (b'v', Some(b'v')) => {
                bytes.next();
                b'w'
            }
            (b'l' | b'1' | b'i', _) => b'l',
            (b'0', _) => b'o',
            (b'5', _) => b's',
            (other, _) => other,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_slip_is_seen_and_another_word_is_not() {
        for (left, right) in [
            ("schmidt", "schmitt"),
            ("mueller", "meuller"),
            ("becker", "bekcer"),
            ("kowalski", "kowalksy"),
            ("kowalczyk", "kovalcyk"),
            ("hartmann", "hartman"),
            ("bergmann", "bergrnann"),
            ("hornung", "homung"),
            ("klein", "kiein"),
            ("rossi", "r0ssi"),
            ("anna", "anna"),
        ] {
            assert!(one_slip(left, right) && one_slip(right, left), "{left} {right}");
        }
        for (left, right) in
            [("anna", "peter"), ("schmidt", "schulz"), ("becker", "fischer"), ("maria", "marc"), ("novak", "nowaczyk")]
        {
            assert!(!one_slip(left, right), "{left} {right}");
        }
        assert!(one_slip("山田太郎", "山田太朗") && !one_slip("山田太郎", "鈴木一郎"));
    }

    proptest! {
        #[test]
        fn the_distance_is_that_of_strsim(left in "[abc]{0,10}", right in "[abc]{0,10}", slips in 0_usize..3) {
            let expected = strsim::osa_distance(&left, &right) <= slips;
            prop_assert_eq!(is_within(left.as_bytes(), right.as_bytes(), slips), expected);
            prop_assert_eq!(one_slip(&left, &right), one_slip(&right, &left));
        }
    }
}
