//! Reading folders of an IMAP account.

use std::ops::ControlFlow;

use super::{Counted, ImapAccount, ImapCursors, SourceError};

/// Reads all folders of an account behind their cursors.
pub(super) fn read(
    account: &ImapAccount,
    _cursors: &ImapCursors,
    _counted: &mut Counted<'_, '_>,
) -> Result<ControlFlow<()>, SourceError> {
    Err(SourceError::Unreachable {
        server: account.server(),
        action: "connect".to_owned(),
        detail: "the connection comes with the next commit".to_owned(),
    })
}
