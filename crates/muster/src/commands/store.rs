//! `muster store` and `muster audit`: the files of the store and the ledger's chain.

use muster_store::{Store, audit_verify, rebuild, verify_store};

use crate::cli::{AuditVerb, StoreVerb};
use crate::command_error::CommandError;
use crate::config::Config;
use crate::exit_code::Exit;
use crate::session::read_key;
use crate::talk::{Talk, print_line};

fn needs_store(config: &Config) -> Result<(), CommandError> {
    if Store::exists(&config.store) {
        return Ok(());
    }
    let shown = config.store.root.display();
    Err(CommandError::usage(format!("failed to open store `{shown}`: there is none yet")).hint("`muster run` makes it"))
}

/// Runs `muster store`.
///
/// # Errors
///
/// Whatever keeps the store from opening.
pub(crate) fn store(config: &Config, verb: &StoreVerb, talk: &Talk) -> Result<Exit, CommandError> {
    let key = read_key(config)?;
    needs_store(config)?;
    match verb {
        StoreVerb::Rebuild => {
            let report = rebuild(&config.store, &key)?;
            talk.say("store.rebuilt", &format!("Made the index again from {} ledger entries", report.entry_count));
            Ok(Exit::Done)
        }
        StoreVerb::Verify => {
            let report = verify_store(&config.store, &key)?;
            for fault in &report.faults {
                print_line(&fault.to_string())?;
            }
            Ok(verdict(
                report.faults.is_empty(),
                "store.verified",
                "Files, hashes and index agree with the ledger",
                talk,
            ))
        }
    }
}

/// Runs `muster audit`.
///
/// # Errors
///
/// An input error; faults of the chain are printed and end with 5.
pub(crate) fn audit(config: &Config, verb: &AuditVerb, talk: &Talk) -> Result<Exit, CommandError> {
    let key = read_key(config)?;
    needs_store(config)?;
    let AuditVerb::Verify = verb;
    let report = audit_verify(&config.store, &key)?;
    for fault in &report.faults {
        print_line(&fault.to_string())?;
    }
    let sentence = format!("The chain of {} ledger entries holds and meets its checkpoint", report.entries);
    Ok(verdict(report.faults.is_empty(), "audit.verified", &sentence, talk))
}

fn verdict(sound: bool, event: &str, sentence: &str, talk: &Talk) -> Exit {
    if sound {
        talk.say(event, sentence);
        return Exit::Done;
    }
    talk.warn("integrity", "Something is not as the ledger says: restore from the backup, or ask who changed it");
    Exit::Integrity
}
