//! Ids through new mentions, merges, splits and erasures.

use proptest::prelude::*;

use super::*;
use crate::testing::{mentions, person};

fn cluster(members: &[&str]) -> Cluster {
    let mut members: Vec<MentionId> = members.iter().map(|&id| MentionId::new(id)).collect();
    members.sort();
    Cluster { kind: EntityKind::Person, members }
}

/// Assigns ids to clusters of mentions named `a` to `z`; `a` is the oldest.
fn assign(clusters: &[&[&str]], previous: &IdAssignment) -> IdAssignment {
    let drafts: Vec<_> = (b'a'..=b'z')
        .map(|letter| person(&char::from(letter).to_string(), "Ada Example").seen(i64::from(letter)))
        .collect();
    let clusters = clusters.iter().map(|members| cluster(members)).collect();
    assign_ids(clusters, &mentions(&drafts), &by_mention(previous), &SecretKey::storeless())
}

fn by_mention(assignment: &IdAssignment) -> BTreeMap<MentionId, ClusterId> {
    let pairs = assignment
        .clusters
        .iter()
        .flat_map(|(id, cluster)| cluster.members.iter().map(move |m| (m.clone(), id.clone())));
    pairs.collect()
}

fn id_of<'a>(assignment: &'a IdAssignment, mention: &str) -> &'a ClusterId {
    let holds = |cluster: &Cluster| cluster.members.iter().any(|member| member.as_str() == mention);
    &assignment.clusters.iter().find(|(_, cluster)| holds(cluster)).unwrap().0
}

#[test]
fn a_second_run_changes_nothing() {
    let first = assign(&[&["a", "b"], &["c"]], &IdAssignment::default());
    assert_eq!(first.changed.len(), 3);
    assert!(id_of(&first, "a").as_str().starts_with("p-") && id_of(&first, "a").as_str().len() == 22);
    let second = assign(&[&["c"], &["a", "b"]], &first);
    assert_eq!(second.clusters, first.clusters);
    assert!(second.changed.is_empty() && second.merged.is_empty());
}

#[test]
fn new_mentions_join_an_old_id_even_where_they_are_older() {
    let first = assign(&[&["b", "c"]], &IdAssignment::default());
    let second = assign(&[&["a", "b", "c"], &["d"]], &first);
    assert_eq!(id_of(&second, "a"), id_of(&first, "b"));
    let moved: Vec<&str> = second.changed.iter().map(|assignment| assignment.mention_id.as_str()).collect();
    assert_eq!(moved, ["a", "d"]);
}

#[test]
fn a_merge_keeps_the_older_id_and_a_split_restores_both() {
    let apart = assign(&[&["a", "d"], &["b", "c"]], &IdAssignment::default());
    let merged = assign(&[&["a", "b", "c", "d"]], &apart);
    assert_eq!(id_of(&merged, "c"), id_of(&apart, "a"));
    assert_eq!(merged.merged, [(id_of(&apart, "b").clone(), id_of(&apart, "a").clone())]);
    let split = assign(&[&["a", "d"], &["b", "c"]], &merged);
    assert_eq!(split.clusters, apart.clusters);
}

#[test]
fn an_id_outlives_the_mention_that_founded_it() {
    let first = assign(&[&["a", "b", "c"]], &IdAssignment::default());
    let erased = assign(&[&["b", "c"]], &first);
    assert_eq!(id_of(&erased, "b"), id_of(&first, "a"));
    let split = assign(&[&["b"], &["c"]], &erased);
    assert_eq!(id_of(&split, "b"), id_of(&first, "a"));
    assert_ne!(id_of(&split, "c"), id_of(&first, "a"));
}

#[test]
fn a_fresh_id_never_takes_one_that_is_in_use() {
    // `b` founds an id, the older `a` joins and leaves with it: `b` alone would derive the same id again.
    let first = assign(&[&["b"]], &IdAssignment::default());
    let joined = assign(&[&["a", "b"]], &first);
    let split = assign(&[&["a"], &["b"]], &joined);
    assert_eq!(id_of(&split, "a"), id_of(&first, "b"));
    assert_ne!(id_of(&split, "b"), id_of(&first, "b"));
    assert_eq!(assign(&[&["a"], &["b"]], &split).clusters, split.clusters);
}

fn partition() -> impl Strategy<Value = Vec<Vec<String>>> {
    prop::collection::vec(0_usize..5, 12).prop_map(|numbers| {
        let mut clusters: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for (letter, number) in (b'a'..).zip(numbers) {
            clusters.entry(number).or_default().push(char::from(letter).to_string());
        }
        clusters.into_values().collect()
    })
}

fn run(partition: &[Vec<String>], previous: &IdAssignment) -> IdAssignment {
    let borrowed: Vec<Vec<&str>> =
        partition.iter().map(|members| members.iter().map(String::as_str).collect()).collect();
    let borrowed: Vec<&[&str]> = borrowed.iter().map(Vec::as_slice).collect();
    assign(&borrowed, previous)
}

proptest! {
    #[test]
    fn ids_are_unique_stable_and_say_what_changed(before in partition(), after in partition()) {
        let first = run(&before, &IdAssignment::default());
        let second = run(&after, &first);
        let ids: BTreeSet<&ClusterId> = second.clusters.iter().map(|(id, _)| id).collect();
        prop_assert_eq!(ids.len(), second.clusters.len());
        let (old, new) = (by_mention(&first), by_mention(&second));
        for (mention, id) in &new {
            let is_changed = second.changed.iter().any(|assignment| &assignment.mention_id == mention);
            prop_assert_eq!(is_changed, old.get(mention) != Some(id));
        }
        // An old id is either alive with one of its own mentions, or merged into a living one.
        for (id, cluster) in &first.clusters {
            let alive = second.clusters.iter().find(|(other, _)| other == id);
            match alive {
                Some((_, now)) => prop_assert!(now.members.iter().any(|member| cluster.members.contains(member))),
                None => prop_assert!(second.merged.iter().any(|(from, into)| from == id && ids.contains(into))),
            }
        }
        prop_assert!(run(&after, &second).changed.is_empty());
    }
}
