//! How far the telling of a person has come: planned, sent, delivered, bounced, unreachable.
//!
//! It names states; what is sent next is the contact wall's, and who is erased is the clock's.
//!
//! Invariant: with nothing new happening, a state changes with time only from sent to delivered.

use jiff::SignedDuration;
use muster_model::Timestamp;

use crate::Policy;

/// The state of a person's notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeliveryState {
    /// Something is to be told, and there is a way to tell it.
    Planned,
    /// The last notice was taken, and may still come back.
    Sent,
    /// The last notice was taken and did not come back in time.
    Delivered,
    /// The last notice came back; the next way is tried.
    Bounced,
    /// There is no way left: what is not told by the due date is erased then.
    Unreachable,
}

impl DeliveryState {
    /// Returns the name used in tables and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Bounced => "bounced",
            Self::Unreachable => "unreachable",
        }
    }
}

/// By which way a notice goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoticeWay {
    /// E-mail.
    Mail,
    /// A letter on paper.
    Paper,
}

impl NoticeWay {
    /// Returns the name used in tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Paper => "paper",
        }
    }

    /// Returns how long a notice may come back before it counts as delivered.
    ///
    /// # Law
    ///
    /// Rule NT-6 sets 72 hours for mail. Post comes back later than mail; how long is the controller's policy.
    pub fn delivered_after(self, policy: &Policy) -> SignedDuration {
        let hours = match self {
            Self::Mail => policy.delivered_after_hours,
            Self::Paper => policy.paper_delivered_after_hours,
        };
        SignedDuration::from_hours(i64::from(hours))
    }
}

/// A notice that was taken: by the remote server, or by the post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Taken {
    /// When.
    pub at: Timestamp,
    /// By which way it went.
    pub way: NoticeWay,
}

impl Taken {
    /// Returns the instant from which it counts as delivered, where it does not come back.
    pub fn delivered_at(self, policy: &Policy) -> Timestamp {
        self.at.checked_add(self.way.delivered_after(policy)).unwrap_or(Timestamp::MAX)
    }
}

/// What became of the last notice to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastNotice {
    /// It was taken.
    Taken(Taken),
    /// It came back, or was refused, for good.
    CameBack,
}

/// Returns the state of a person's notice.
///
/// `untold` says whether something is still to be told, `way_left` whether the contact wall knows a way for it.
///
/// # Law
///
/// Rule NT-6: delivered is accepted by the remote server and no bounce within 72 hours; after a bounce the next
/// channel before the due date, else erased.
pub fn delivery_state(
    last: Option<LastNotice>,
    untold: bool,
    way_left: bool,
    now: Timestamp,
    policy: &Policy,
) -> DeliveryState {
    match last {
        Some(LastNotice::CameBack) if way_left => DeliveryState::Bounced,
        Some(LastNotice::Taken(_)) | None if untold && way_left => DeliveryState::Planned,
        Some(LastNotice::CameBack) | None => DeliveryState::Unreachable,
        Some(LastNotice::Taken(_)) if untold => DeliveryState::Unreachable,
        Some(LastNotice::Taken(taken)) if now < taken.delivered_at(policy) => DeliveryState::Sent,
        Some(LastNotice::Taken(_)) => DeliveryState::Delivered,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, policy};

    fn state(last: Option<LastNotice>, untold: bool, way_left: bool, now: &str) -> DeliveryState {
        delivery_state(last, untold, way_left, at(now), &policy())
    }

    fn taken(way: NoticeWay) -> LastNotice {
        LastNotice::Taken(Taken { at: at("2026-03-02T08:00:00Z"), way })
    }

    #[test]
    fn nt_6_a_notice_counts_as_delivered_after_72_hours_without_a_bounce() {
        assert_eq!(state(Some(taken(NoticeWay::Mail)), false, false, "2026-03-05T07:59:59Z"), DeliveryState::Sent);
        assert_eq!(state(Some(taken(NoticeWay::Mail)), false, false, "2026-03-05T08:00:00Z"), DeliveryState::Delivered);
    }

    #[test]
    fn a_letter_takes_longer_to_come_back_than_a_mail() {
        assert_eq!(state(Some(taken(NoticeWay::Paper)), false, true, "2026-03-05T08:00:00Z"), DeliveryState::Sent);
        assert_eq!(state(Some(taken(NoticeWay::Paper)), false, true, "2026-03-09T08:00:00Z"), DeliveryState::Delivered);
    }

    #[test]
    fn nt_6_after_a_bounce_comes_the_next_way_or_none() {
        let back = Some(LastNotice::CameBack);
        assert_eq!(state(back, true, true, "2026-03-05T08:00:00Z"), DeliveryState::Bounced);
        assert_eq!(state(back, true, false, "2026-03-05T08:00:00Z"), DeliveryState::Unreachable);
    }

    #[test]
    fn what_is_new_is_planned_again_and_nobody_without_a_way_is() {
        assert_eq!(state(None, true, true, "2026-03-05T08:00:00Z"), DeliveryState::Planned);
        assert_eq!(state(None, true, false, "2026-03-05T08:00:00Z"), DeliveryState::Unreachable);
        assert_eq!(state(Some(taken(NoticeWay::Mail)), true, true, "2026-03-05T08:00:00Z"), DeliveryState::Planned);
        assert_eq!(
            state(Some(taken(NoticeWay::Mail)), true, false, "2026-03-09T08:00:00Z"),
            DeliveryState::Unreachable
        );
    }
}
