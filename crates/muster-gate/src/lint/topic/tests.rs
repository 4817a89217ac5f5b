//! How far the classifier carries over to an author it has not read.

use super::*;

/// The labelled sentences of one author: item or other topic, and sentence.
fn sentences_of(text: &'static str, author: &str) -> Vec<(&'static str, &'static str)> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[') {
            inside = name.trim_end_matches(']') == author;
        } else if let Some((labels, sentence)) = line.split_once('|').filter(|_| inside) {
            found.push((labels, sentence));
        }
    }
    found
}

const FILES: [(&str, &str); 7] = [
    ("de", include_str!("../topics/de.txt")),
    ("en", include_str!("../topics/en.txt")),
    ("es", include_str!("../topics/es.txt")),
    ("fr", include_str!("../topics/fr.txt")),
    ("it", include_str!("../topics/it.txt")),
    ("nl", include_str!("../topics/nl.txt")),
    ("pl", include_str!("../topics/pl.txt")),
];

/// Items that are looked for by elimination in whole sentences.
const ITEMS: [&str; 13] = ["A03", "A04", "A05", "A07", "A08", "A09", "A11", "A12", "A20", "A21", "A22", "B02", "B03"];

#[test]
fn nt_1_an_item_in_the_words_of_an_author_who_was_not_read_is_mostly_seen() {
    let (mut seen, mut all, mut mistaken, mut others) = (0, 0, 0, 0);
    for (lang, text) in FILES {
        let words = Words::of(lang).unwrap();
        for author in ["bank", "third", "fourth"] {
            let topics = Topics::train(lang, text, author);
            for (labels, sentence) in sentences_of(text, author) {
                if labels.starts_with("H ") {
                    continue;
                }
                for item in ITEMS {
                    let topic = TOPICS.iter().position(|topic| *topic == item).unwrap();
                    let pieces = split_sentences(sentence);
                    let could = pieces.iter().any(|piece| topics.could_be(topic, piece, words, &[-0.5; WIDTH]));
                    if labels.split(' ').any(|label| label == item) {
                        all += 1;
                        seen += usize::from(could);
                    } else {
                        others += 1;
                        mistaken += usize::from(could);
                    }
                }
            }
        }
    }
    assert!(all > 1000 && seen * 100 >= all * SEEN_PERCENT_MIN, "{seen} of {all}");
    assert!(mistaken * 100 <= others * MISTAKEN_PERCENT_MAX, "{mistaken} of {others}");
}

/// What was measured, rounded down and up.
const SEEN_PERCENT_MIN: usize = 80;
const MISTAKEN_PERCENT_MAX: usize = 3;

#[test]
fn the_same_sentences_give_the_same_weights() {
    let (_, text) = FILES[0];
    let once = Topics::train("de", text, "");
    assert_eq!(once.weights, Topics::train("de", text, "").weights);
}

#[test]
fn every_label_is_a_topic() {
    for (lang, text) in FILES {
        for line in text.lines().filter(|line| !line.starts_with('[')) {
            let labels = line.split_once('|').unwrap().0;
            let known =
                labels.split(' ').all(|label| TOPICS.contains(&label) || ["-", "H", "B02", "OBJ"].contains(&label));
            assert!(known, "{lang}: {line}");
        }
    }
}
