//! `muster explain`: why two things are one or are not, or how one record came to be; from the store, or from any file
//! that `muster resolve` reads.

mod picture;

use muster_model::{ClusterId, Mention, MentionId};
use muster_resolve::{PairExplanation, explain_pair, explain_rows, waterfall};

use self::picture::waterfall_of;
use super::resolve::engine::{level, read_decisions, read_model};
use super::resolve::load::{Asked, load};
use crate::cli::{ExplainArgs, ExplainFormat};
use crate::command_error::CommandError;
use crate::exit_code::Exit;
use crate::session::Session;
use crate::talk::{Talk, print, print_line};

/// Pairs of one record that are printed in full; a record of many mentions is explained along its strongest ones.
const PAIRS_SHOWN_MAX: usize = 20;

/// Pairs between two records that are looked at for the strongest.
const PAIRS_EXPLAINED_MAX: usize = 10_000;

/// Explains one pair.
type Explain<'a> = dyn Fn(&Mention, &Mention) -> PairExplanation + 'a;

/// Runs the verb.
///
/// # Errors
///
/// A usage error where an id is unknown.
pub(crate) fn explain(session: &Session, args: &ExplainArgs) -> Result<Exit, CommandError> {
    let mentions = session.store.mentions()?;
    let decisions = session.store.link_decisions()?;
    let pair = |left: &Mention, right: &Mention| explain_pair(left, right, &mentions, &session.model, &decisions);
    let left = members(session, &mentions, &args.left)?;
    let pairs = match &args.right {
        Some(right) => {
            let right = members(session, &mentions, right)?;
            strongest(&pair, &left, &right)
        }
        None => within(&pair, &left),
    };
    if pairs.is_empty() {
        print_line("one mention: nothing was merged")?;
    }
    for pair in pairs {
        print_pair(&pair, args.format)?;
    }
    Ok(session.exit)
}

/// Explains two mentions of a file in the light of all its rows.
///
/// # Errors
///
/// A usage error where the file cannot be read or a mention is not in it.
pub(crate) fn explain_file(args: &ExplainArgs, talk: &Talk) -> Result<Exit, CommandError> {
    let (Some(path), Some(right)) = (&args.input, &args.right) else {
        return Err(CommandError::usage("failed to explain: a file and two mentions of it are needed"));
    };
    let model = read_model(args.matching.model.as_deref(), args.matching.threshold)?;
    let asked = Asked { path, map: &args.matching.map, entity: args.matching.entity };
    let loaded = load(asked, talk)?;
    let table = &loaded.table;
    let place = |id: &str| {
        (0..table.len())
            .find(|&row| table.mention_id(row) == id)
            .ok_or_else(|| CommandError::usage(format!("failed to find the mention `{id}` in `{}`", path.display())))
    };
    let rows = (place(&args.left)?, place(right)?);
    if rows.0 == rows.1 {
        return Err(CommandError::usage(format!("failed to explain: `{right}` is given twice")));
    }
    let decisions = read_decisions(&args.matching, table, talk)?;
    let pair = explain_rows(table, rows.0, rows.1, &decisions, &model, level(args.matching.entity));
    print_pair(&pair, args.format)?;
    Ok(if loaded.counts.faulty_row_count > 0 { Exit::PersonNeeded } else { Exit::Done })
}

fn print_pair(pair: &PairExplanation, format: ExplainFormat) -> Result<(), CommandError> {
    match format {
        ExplainFormat::Json => {
            print_line(&serde_json::to_string(pair).map_err(|error| CommandError::integrity(error.to_string()))?)
        }
        ExplainFormat::Table => print(&format!("{}\n", pair.to_text())),
        ExplainFormat::Svg => print(&waterfall(&waterfall_of(pair))),
    }
}

/// The mentions that an id stands for: itself, or the members of a record.
fn members<'a>(session: &Session, mentions: &'a [Mention], id: &str) -> Result<Vec<&'a Mention>, CommandError> {
    let one = MentionId::new(id);
    if let Some(mention) = mentions.iter().find(|mention| *mention.mention_id() == one) {
        return Ok(vec![mention]);
    }
    let cluster = session.store.resolve_redirect(&ClusterId::new(id))?;
    let assigned = session.store.assignments()?;
    let found: Vec<&Mention> =
        mentions.iter().filter(|mention| assigned.get(mention.mention_id()) == Some(&cluster)).collect();
    if found.is_empty() {
        return Err(CommandError::usage(format!("failed to find a mention or MASTER record `{id}`"))
            .hint("`muster master list` shows the ids"));
    }
    Ok(found)
}

/// The strongest pair between two records: the one by which they are one, or the nearest by which they are not.
fn strongest(explained: &Explain<'_>, left: &[&Mention], right: &[&Mention]) -> Vec<PairExplanation> {
    let pairs =
        left.iter().flat_map(|a| right.iter().map(move |b| (a, b))).filter(|(a, b)| a.mention_id() != b.mention_id());
    let explained = pairs.take(PAIRS_EXPLAINED_MAX).map(|(a, b)| explained(a, b));
    explained.max_by(|a, b| a.total.total_cmp(&b.total)).into_iter().collect()
}

/// Each mention of a record with the one of the others that it is tied to most strongly.
fn within(explained: &Explain<'_>, members: &[&Mention]) -> Vec<PairExplanation> {
    let mut pairs = Vec::new();
    for (index, mention) in members.iter().enumerate().skip(1).take(PAIRS_SHOWN_MAX) {
        let before = members.get(..index).unwrap_or_default();
        pairs.extend(strongest(explained, before, &[mention]));
    }
    pairs
}
