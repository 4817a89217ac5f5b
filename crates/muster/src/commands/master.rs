//! `muster master`: look at the MASTER.

use muster_gate::NoticeWay;
use muster_model::{EntityKind, Field, LedgerEvent, LinkDecision, LinkKind, MentionId};
use serde_json::json;

use super::Call;
use crate::cli::{Entity, Format, MasterVerb};
use crate::command_error::CommandError;
use crate::exit_code::Exit;
use crate::session::Session;
use crate::show;
use crate::stages::notice::state_of;
use crate::stages::people::{Notices, seen_instants, untold};
use crate::stages::resolve::resolve_all;
use crate::table::Table;
use crate::talk::{Talk, print, print_line};

/// Runs the verb.
///
/// # Errors
///
/// A usage error where the id is unknown; a store or output error.
pub(crate) fn master(verb: MasterVerb, call: &Call, talk: &Talk) -> Result<Exit, CommandError> {
    match verb {
        MasterVerb::List { format, entity } => {
            let session = call.reading()?;
            list(&session, format, entity)?;
            Ok(session.exit)
        }
        MasterVerb::Show { id, format } => {
            let session = call.reading()?;
            show_one(&session, &id, format)?;
            Ok(session.exit)
        }
        MasterVerb::Link { left, right } => decide(call, (left, right), LinkKind::MustLink, talk),
        MasterVerb::Split { left, right } => decide(call, (left, right), LinkKind::CannotLink, talk),
    }
}

/// Records what a steward says about two mentions and derives the MASTER anew.
fn decide(call: &Call, (left, right): (String, String), kind: LinkKind, talk: &Talk) -> Result<Exit, CommandError> {
    let mut session = call.writing(talk)?;
    let (left, right) = (MentionId::new(left), MentionId::new(right));
    for id in [&left, &right] {
        if !session.store.contains_mention(id)? {
            return Err(CommandError::usage(format!("failed to find a mention `{id}`"))
                .hint("`muster master show` names the mentions of a record"));
        }
    }
    if left == right {
        return Err(CommandError::usage("failed to decide: both are the same mention"));
    }
    session.store.commit(vec![LedgerEvent::LinkDecided { decision: LinkDecision { left, right, kind } }])?;
    resolve_all(&mut session, talk)?;
    Ok(session.exit)
}

fn list(session: &Session, format: Format, entity: Option<Entity>) -> Result<(), CommandError> {
    let wanted = entity.map(|entity| match entity {
        Entity::Person => EntityKind::Person,
        Entity::Company => EntityKind::Company,
    });
    let mut table =
        Table::new(&["cluster_id", "kind", "name", "job_title", "company", "emails", "mentions", "obtained_at"]);
    for master in session.store.masters()? {
        if wanted.is_some_and(|kind| kind != master.kind()) {
            continue;
        }
        table.row(vec![
            master.cluster_id().to_string(),
            master.kind().as_str().to_owned(),
            show::first(&master, Field::Name),
            show::first(&master, Field::JobTitle),
            show::first(&master, Field::Company),
            show::joined(&master, Field::Emails),
            master.members().len().to_string(),
            master.obtained_at().to_string(),
        ]);
    }
    table.print(format)
}

/// The state of a person's notice in words and as data.
struct NoticeView {
    told: usize,
    untold: usize,
    due_at: Option<String>,
    why: Option<String>,
    state: &'static str,
    delivery: &'static str,
    way: Option<&'static str>,
}

fn notice_view(session: &Session, master: &muster_model::Master) -> Result<NoticeView, CommandError> {
    let notices = Notices::read(session)?;
    let told = notices.of(master.cluster_id());
    let seen = seen_instants(&session.store)?;
    let untold = untold(master, &told, &seen, &session.config)?;
    let state = match (&untold, told.at.is_empty(), told.bounced, told.in_doubt) {
        (_, _, _, true) => "in doubt",
        (_, _, true, _) => "bounced",
        (None, ..) => "told",
        (Some(untold), false, ..) if untold.clock.is_none() => "told, but for a purpose",
        (Some(_), true, ..) => "not told",
        (Some(_), false, ..) => "told in part",
    };
    let (delivery, way) = state_of(session, master)?;
    let clock = untold.as_ref().and_then(|untold| untold.clock.as_ref());
    Ok(NoticeView {
        told: told.at.len(),
        untold: untold.as_ref().map_or(0, |untold| untold.mentions.len()),
        due_at: clock.map(|clock| clock.due_at.to_string()),
        why: clock.map(|clock| clock.why(way.unwrap_or(NoticeWay::Mail)).to_owned()),
        state,
        delivery: delivery.as_str(),
        way: way.map(NoticeWay::as_str),
    })
}

fn show_one(session: &Session, id: &str, format: Format) -> Result<(), CommandError> {
    let master = session.master(id)?;
    let person = master.kind() == EntityKind::Person;
    let notice = if person { Some(notice_view(session, &master)?) } else { None };
    match format {
        Format::Json | Format::Jsonl => {
            let mut value = show::json(&master);
            if let (Some(object), Some(notice)) = (value.as_object_mut(), notice) {
                let view = json!({
                    "state": notice.state, "mentions_told": notice.told, "mentions_untold": notice.untold,
                    "due_at": notice.due_at, "why": notice.why, "delivery": notice.delivery, "way": notice.way,
                });
                object.insert("notice".into(), view);
            }
            print_line(&value.to_string())
        }
        Format::Table | Format::Csv => {
            let mut text = show::text(&master);
            if let Some(notice) = notice {
                let due = notice.due_at.map(|due| format!(", due {due}")).unwrap_or_default();
                let why = notice.why.map(|why| format!("\n    {why}")).unwrap_or_default();
                let way = notice.way.map(|way| format!(" by {way}")).unwrap_or_default();
                text.push_str(&format!("  notice: {} ({}{way}){due}{why}\n", notice.state, notice.delivery));
            }
            print(&text)
        }
    }
}
