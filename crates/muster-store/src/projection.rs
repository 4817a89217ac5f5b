//! From events to rows: the one place that says what an event means for the index.
//!
//! Events are projected into an overlay over the index, which is then written in one transaction, so the projection
//! may read what an earlier event of the same batch wrote.
//!
//! Invariant: the rows depend on the events in their order and on nothing else.

mod apply;
mod mails;
mod notices;
mod overlay;

use muster_model::LedgerEntry;

use crate::Error;
use crate::index::{Index, MARK_KEY, Mark, PROJECTION_VERSION, Tree};

pub(crate) use apply::SNAPSHOT_KEY;
use apply::apply;
use overlay::Overlay;

/// Events per transaction, as DESIGN section 8 bounds it.
const EVENT_COUNT_MAX: usize = 1_000;

/// Rows from which a transaction is closed early; one event can write thousands.
const ROW_COUNT_MAX: usize = 5_000;

/// Writes entries into an index, transaction by transaction.
#[derive(Debug)]
pub(crate) struct Projector<'a> {
    overlay: Overlay<'a>,
    event_count: usize,
    mark: Option<Mark>,
}

impl<'a> Projector<'a> {
    /// Begins behind what the index holds.
    pub(crate) fn new(index: &'a dyn Index) -> Self {
        Self { overlay: Overlay::new(index), event_count: 0, mark: None }
    }

    /// Takes the next entry in.
    pub(crate) fn push(&mut self, entry: &LedgerEntry) -> Result<(), Error> {
        apply(entry, &mut self.overlay)?;
        self.event_count += 1;
        let (position, mac) = (entry.seq, entry.mac);
        self.mark = Some(Mark { projection_version: PROJECTION_VERSION, position, mac });
        if self.event_count >= EVENT_COUNT_MAX || self.overlay.row_count() >= ROW_COUNT_MAX {
            self.write()?;
        }
        Ok(())
    }

    fn write(&mut self) -> Result<(), Error> {
        let Some(mark) = self.mark.take() else { return Ok(()) };
        self.overlay.put_key(Tree::Meta, MARK_KEY.to_vec(), &mark)?;
        self.event_count = 0;
        self.overlay.write()
    }

    /// Writes what is left and makes all of it durable.
    pub(crate) fn finish(mut self) -> Result<(), Error> {
        self.write()?;
        self.overlay.index().persist()
    }
}

#[cfg(test)]
mod tests;
