//! The merge wall: a cluster that holds a suppressed person does not become a MASTER record.
//!
//! It looks at the whole record, so that an alias that slipped in before the objection, or that only the merge ties
//! to the person, is recognized.
//!
//! Invariant: it takes no other wall's word for anything.

use muster_model::{EntityKind, Master, SecretKey};

use crate::suppression::{SuppressionHit, SuppressionList, person_keys};
use crate::{Cleared, Merge, Outcome};

/// Decides whether a merged record may become part of the MASTER.
///
/// # Law
///
/// GDPR 21(3): the objection follows the person through every alias.
pub fn clear_merge(master: Master, suppression: &SuppressionList, key: &SecretKey) -> Outcome<Master, Merge> {
    if master.kind() == EntityKind::Company {
        return Outcome::Pass(Cleared::new(master));
    }
    #[expect(clippy::disallowed_methods, reason = "the gate is one of the doors of DESIGN section 8")]
    let hit = suppression.check(&person_keys(master.record().expose(), key));
    match hit {
        SuppressionHit::Clear | SuppressionHit::PhoneOnly => Outcome::Pass(Cleared::new(master)),
        SuppressionHit::Doubtful(reason) => Outcome::Hold(master, vec![reason]),
        SuppressionHit::Suppressed(reason) => Outcome::Deny(vec![reason]),
    }
}
