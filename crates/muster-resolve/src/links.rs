//! Links that others decided: a steward's file of decisions, and cluster files of Splink, Zingg, dedupe or our own.
//!
//! It reads rows that are already cells; files are the binary's. A cluster of n mentions gives n - 1 must-links, from
//! its first mention to each of the others: must-links carry through.
//!
//! Invariant: a row either gives its links, is undecided, or is a fault; none is passed over in silence.

use std::collections::HashMap;
use std::fmt;

use muster_model::{LinkDecision, LinkKind, MentionId};

/// Names of the column of mention ids in a cluster file, the surest first.
const ID_COLUMNS: &[&str] = &["mention_id", "unique_id", "id", "rec_id", "record_id", "recid", "row_id", "uid"];

/// What a file of links is, told from its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkFormat {
    /// Columns `left`, `right`, `decision`.
    Decisions,
    /// Columns `mention_id` and `cluster_id`, as `muster resolve` writes them.
    Clusters,
    /// Splink's clusters: `cluster_id` and `unique_id`.
    Splink,
    /// Zingg's output: `z_cluster` and an id.
    Zingg,
    /// dedupe's output: `Cluster ID` and an id.
    Dedupe,
}

impl LinkFormat {
    /// Returns the name in messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Decisions => "decisions",
            Self::Clusters => "clusters",
            Self::Splink => "Splink clusters",
            Self::Zingg => "Zingg clusters",
            Self::Dedupe => "dedupe clusters",
        }
    }
}

/// Why a header is not that of a file of links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownLinks {
    /// The columns that it has.
    pub columns: Vec<String>,
}

impl fmt::Display for UnknownLinks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "no columns `left,right,decision`, `mention_id,cluster_id`, `unique_id,cluster_id` (Splink), `z_cluster` and an id \
             (Zingg) or `Cluster ID` and an id (dedupe) among `{}`",
            self.columns.join("`, `")
        )
    }
}

impl std::error::Error for UnknownLinks {}

/// Why a row of links cannot be taken; it names the column and never the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkFault {
    /// A side of the pair, or the mention of a cluster row, is empty.
    NoId,
    /// Both sides are one mention.
    SelfPair,
    /// The decision is none of the known words.
    UnknownDecision,
}

impl fmt::Display for LinkFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoId => "a mention id is empty",
            Self::SelfPair => "left and right are the same mention",
            Self::UnknownDecision => "decision: is neither `same` nor `different`",
        })
    }
}

/// Where in a row its parts stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parts {
    Decision { left: usize, right: usize, decision: usize },
    Member { id: usize, cluster: usize },
}

/// Takes the rows of a file of links.
#[derive(Debug, Clone)]
pub struct LinkReader {
    format: LinkFormat,
    parts: Parts,
    first_of: HashMap<String, MentionId>,
    links: Vec<LinkDecision>,
    undecided_count: usize,
}

impl LinkReader {
    /// Tells the format from the header.
    ///
    /// # Errors
    ///
    /// [`UnknownLinks`] where it is none of the known ones.
    ///
    /// # Examples
    ///
    /// ```
    /// use muster_resolve::{LinkFormat, LinkReader};
    /// let reader = LinkReader::new(&["cluster_id", "unique_id"]).unwrap();
    /// assert_eq!(reader.format(), LinkFormat::Splink);
    /// ```
    pub fn new(header: &[&str]) -> Result<Self, UnknownLinks> {
        let names: Vec<String> = header.iter().map(|name| name.trim().to_lowercase()).collect();
        let at = |wanted: &str| names.iter().position(|name| name == wanted);
        let named_id = || ID_COLUMNS.iter().find_map(|name| at(name));
        // Zingg keeps the user's own columns, the id first, behind its own.
        let zingg_id = || named_id().or_else(|| names.iter().position(|name| !name.starts_with("z_")));
        let decision = match (at("left"), at("right"), at("decision")) {
            (Some(left), Some(right), Some(decision)) => Some(Parts::Decision { left, right, decision }),
            (_, _, _) => None,
        };
        let members = |cluster: Option<usize>, id: Option<usize>| match (cluster, id) {
            (Some(cluster), Some(id)) => Some(Parts::Member { id, cluster }),
            (_, _) => None,
        };
        let own = if at("mention_id").is_some() { LinkFormat::Clusters } else { LinkFormat::Splink };
        let found = decision.map(|parts| (LinkFormat::Decisions, parts));
        let found = found.or_else(|| members(at("z_cluster"), zingg_id()).map(|parts| (LinkFormat::Zingg, parts)));
        let found = found.or_else(|| members(at("cluster id"), named_id()).map(|parts| (LinkFormat::Dedupe, parts)));
        let found = found.or_else(|| members(at("cluster_id"), named_id()).map(|parts| (own, parts)));
        let (format, parts) = found
            .ok_or_else(|| UnknownLinks { columns: header.iter().map(|name| name.trim().to_owned()).collect() })?;
        Ok(Self { format, parts, first_of: HashMap::new(), links: Vec::new(), undecided_count: 0 })
    }

    /// Returns what the file is.
    pub const fn format(&self) -> LinkFormat {
        self.format
    }

    /// Takes a row.
    ///
    /// An empty or `undecided` decision, and a row without cluster, is counted as undecided.
    ///
    /// # Errors
    ///
    /// [`LinkFault`]; the row gave no link then.
    pub fn push<'r>(&mut self, cell: impl Fn(usize) -> &'r str) -> Result<(), LinkFault> {
        match self.parts {
            Parts::Decision { left, right, decision } => {
                let Some(kind) = decision_kind(cell(decision))? else {
                    self.undecided_count += 1;
                    return Ok(());
                };
                self.link(cell(left), cell(right), kind)
            }
            Parts::Member { id, cluster } => {
                let (id, cluster) = (cell(id), cell(cluster).trim());
                if id.is_empty() {
                    return Err(LinkFault::NoId);
                }
                if cluster.is_empty() {
                    self.undecided_count += 1;
                    return Ok(());
                }
                let Some(first) = self.first_of.get(cluster).cloned() else {
                    self.first_of.insert(cluster.to_owned(), MentionId::new(id));
                    return Ok(());
                };
                self.link(first.as_str(), id, LinkKind::MustLink)
            }
        }
    }

    fn link(&mut self, left: &str, right: &str, kind: LinkKind) -> Result<(), LinkFault> {
        if left.is_empty() || right.is_empty() {
            return Err(LinkFault::NoId);
        }
        if left == right {
            return Err(LinkFault::SelfPair);
        }
        self.links.push(LinkDecision { left: MentionId::new(left), right: MentionId::new(right), kind });
        Ok(())
    }

    /// Returns how many rows decided nothing.
    pub const fn undecided_count(&self) -> usize {
        self.undecided_count
    }

    /// Returns the links, in the order of the file.
    pub fn finish(self) -> Vec<LinkDecision> {
        self.links
    }
}

fn decision_kind(word: &str) -> Result<Option<LinkKind>, LinkFault> {
    match word.trim().to_lowercase().as_str() {
        "same" | "must-link" => Ok(Some(LinkKind::MustLink)),
        "different" | "cannot-link" => Ok(Some(LinkKind::CannotLink)),
        "" | "undecided" => Ok(None),
        _ => Err(LinkFault::UnknownDecision),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads rows of `|`-separated cells under such a header; the links as `a=b` or `a!b`.
    #[track_caller]
    fn check(header: &str, rows: &[&str], format: LinkFormat, expect: &[&str]) {
        let header: Vec<&str> = header.split('|').collect();
        let mut reader = LinkReader::new(&header).unwrap();
        assert_eq!(reader.format(), format);
        for row in rows {
            let cells: Vec<&str> = row.split('|').collect();
            reader.push(|at| cells.get(at).copied().unwrap_or_default()).unwrap();
        }
        let shown = |link: LinkDecision| {
            let mark = if link.kind == LinkKind::MustLink { '=' } else { '!' };
            format!("{}{mark}{}", link.left, link.right)
        };
        assert_eq!(reader.finish().into_iter().map(shown).collect::<Vec<_>>(), expect);
    }

    #[test]
    fn a_steward_decides_same_or_different_or_not_yet() {
        check(
            "left|right|decision|by|why",
            &["a|b|same|eva|", "a|c|Different||two mailboxes", "b|d|", "c|d|undecided"],
            LinkFormat::Decisions,
            &["a=b", "a!c"],
        );
        check("weight|decision|Right|Left", &["3.1|same|b|a"], LinkFormat::Decisions, &["a=b"]);
    }

    #[test]
    fn cluster_files_of_four_programs_tie_each_member_to_the_first() {
        check("mention_id|cluster_id", &["a|a", "b|b", "c|a", "d|a"], LinkFormat::Clusters, &["a=c", "a=d"]);
        check("cluster_id|unique_id|first_name", &["7|a|x", "7|b|y"], LinkFormat::Splink, &["a=b"]);
        check("z_minScore|z_maxScore|z_cluster|recId|fname", &["0|1|9|a|x", "0|1|9|b|x"], LinkFormat::Zingg, &["a=b"]);
        check("z_cluster|kunde|fname", &["9|a|x", "9|b|x"], LinkFormat::Zingg, &["a=b"]);
        check(
            "Cluster ID|confidence_score|Id|Name",
            &["1|0.9|a|x", "1|0.8|b|x", "|0|c|"],
            LinkFormat::Dedupe,
            &["a=b"],
        );
    }

    #[test]
    fn faults_are_told_apart() {
        let mut reader = LinkReader::new(&["left", "right", "decision"]).unwrap();
        let mut push = |cells: [&'static str; 3]| reader.push(|at| cells[at]);
        assert_eq!(push(["a", "", "same"]), Err(LinkFault::NoId));
        assert_eq!(push(["a", "a", "same"]), Err(LinkFault::SelfPair));
        assert_eq!(push(["a", "b", "perhaps"]), Err(LinkFault::UnknownDecision));
        assert_eq!(push(["a", "b", ""]), Ok(()));
        assert_eq!(reader.undecided_count(), 1);
        let unknown = LinkReader::new(&["left", "right"]).unwrap_err();
        assert!(unknown.to_string().ends_with("among `left`, `right`"), "{unknown}");
        assert!(LinkReader::new(&["cluster_id", "name"]).is_err());
    }
}
