//! Which law a jurisdiction has, and which of its clocks an event starts: the whole calendar behind one function.
//!
//! The clocks themselves are in `article14` and `rights`; the days are the calendar's. Who lives where is not found out
//! here.
//!
//! Invariant: the answer depends on the case alone; an unknown jurisdiction has the law of the EEA and no roll-over.

use muster_model::Timestamp;

use crate::rights::{
    UkRequest, ccpa_request_due, lgpd_request_due, rights_extended, swiss_request_due, uk_request_due,
    uk_request_extended,
};
use crate::{CalendarError, DueDate, Pause, Place, month_limit, notice_due};

/// A law with clocks of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Law {
    /// The GDPR, and whatever is not known.
    Gdpr,
    /// The UK GDPR.
    UkGdpr,
    /// The Swiss Federal Act on Data Protection.
    Fadp,
    /// The California Consumer Privacy Act.
    Ccpa,
    /// The Brazilian Lei Geral de Proteção de Dados.
    Lgpd,
}

impl Law {
    /// Returns the law of a jurisdiction, ISO 3166-1 or 3166-2.
    ///
    /// # Law
    ///
    /// Rules SC-2, SC-3: what is unknown or in doubt is treated as the EEA.
    pub fn of(jurisdiction: &str) -> Self {
        let country = jurisdiction.split_once('-').map_or(jurisdiction, |(country, _)| country);
        match (country, jurisdiction) {
            ("GB", _) => Self::UkGdpr,
            ("CH", _) => Self::Fadp,
            ("BR", _) => Self::Lgpd,
            (_, "US-CA") => Self::Ccpa,
            _ => Self::Gdpr,
        }
    }
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DutyEvent {
    /// Data were obtained from elsewhere.
    Obtained,
    /// They were, and the person was first communicated with.
    Contacted(Timestamp),
    /// They were, and were first disclosed to another recipient.
    Disclosed(Timestamp),
    /// A request arrived; the person proved who they are, where that had to be asked.
    Requested(Option<Timestamp>),
    /// A request arrived, and the person was told that its period is extended.
    RequestExtended(Timestamp),
}

/// One case for the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyCase {
    /// When the data were obtained, or the request received.
    pub obtained_at: Timestamp,
    /// Further mentions of the same person, or arrivals of the same request.
    pub other_mentions: Vec<Timestamp>,
    /// Clock and jurisdiction.
    pub place: Place,
    /// What happened.
    pub event: DutyEvent,
    /// Clarification questions, from question to answer.
    pub pauses: Vec<Pause>,
}

/// When a duty is due, if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deadline {
    /// By then.
    Due(DueDate),
    /// There is no such duty; the sentence says why.
    None {
        /// The reason.
        why: String,
    },
}

/// Returns when the duty of a case is due.
///
/// # Law
///
/// Rules DL-1 to DL-9. The earliest mention starts the clock (DL-2). Pauses and the proof of identity count under the
/// law of the United Kingdom only (DL-8); elsewhere they are passed over. How the laws meet an event that they do not
/// know is said in docs/decisions/0008-calendar-readings.md.
///
/// # Errors
///
/// [`CalendarError`] for an unknown zone and for a period that leaves the calendar.
///
/// # Examples
///
/// ```
/// use muster_gate::{Deadline, DutyCase, DutyEvent, Place, deadline};
/// let case = DutyCase {
///     obtained_at: "2025-02-01T20:00:00Z".parse()?,
///     other_mentions: Vec::new(),
///     place: Place { zone: "America/Los_Angeles".into(), region: "US-CA".into() },
///     event: DutyEvent::Obtained,
///     pauses: Vec::new(),
/// };
/// assert!(matches!(deadline(&case)?, Deadline::None { .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn deadline(case: &DutyCase) -> Result<Deadline, CalendarError> {
    let start = case.other_mentions.iter().copied().fold(case.obtained_at, Timestamp::min);
    let law = Law::of(&case.place.region);
    let due = match case.event {
        DutyEvent::Obtained => notice(law, start, None, None, &case.place)?,
        DutyEvent::Contacted(at) => notice(law, start, Some(at), None, &case.place)?,
        DutyEvent::Disclosed(at) => notice(law, start, None, Some(at), &case.place)?,
        DutyEvent::Requested(identity_at) => Deadline::Due(request(law, start, identity_at, case)?),
        DutyEvent::RequestExtended(told_at) => Deadline::Due(extended(law, start, told_at, case)?),
    };
    Ok(match due {
        Deadline::Due(due) if start < case.obtained_at => {
            Deadline::Due(DueDate { why: format!("{}; the earliest mention counts, {start}", due.why), ..due })
        }
        due @ (Deadline::Due(_) | Deadline::None { .. }) => due,
    })
}

/// The notice under a law. The Swiss law knows no first communication; it is counted all the same, because the GDPR may
/// hold beside it and the stricter limit counts (SC-2).
fn notice(
    law: Law,
    start: Timestamp,
    first_contact: Option<Timestamp>,
    first_disclosure: Option<Timestamp>,
    place: &Place,
) -> Result<Deadline, CalendarError> {
    let none = |name: &str| {
        let why = format!("the {name} sets no date by which a person is told that data about them were obtained");
        Ok(Deadline::None { why })
    };
    match law {
        Law::Gdpr | Law::UkGdpr | Law::Fadp => {
            notice_due(start, first_contact, first_disclosure, place).map(Deadline::Due)
        }
        Law::Ccpa => none("CCPA"),
        Law::Lgpd => none("LGPD"),
    }
}

fn request(
    law: Law,
    start: Timestamp,
    identity_at: Option<Timestamp>,
    case: &DutyCase,
) -> Result<DueDate, CalendarError> {
    match law {
        Law::Gdpr => month_limit(start, 1, &case.place),
        Law::UkGdpr => uk_request_due(&uk_request(start, identity_at, case), &case.place),
        Law::Fadp => swiss_request_due(start, &case.place),
        Law::Ccpa => ccpa_request_due(start, None, &case.place),
        Law::Lgpd => lgpd_request_due(start, &case.place),
    }
}

/// A request whose extension was told. Where a law knows none, its first period stands.
fn extended(law: Law, start: Timestamp, told_at: Timestamp, case: &DutyCase) -> Result<DueDate, CalendarError> {
    let unextended = |due: DueDate| DueDate { why: format!("{}; this law sets no extension", due.why), ..due };
    match law {
        Law::Gdpr => rights_extended(start, told_at, &case.place),
        Law::UkGdpr => uk_request_extended(&uk_request(start, None, case), told_at, &case.place),
        Law::Fadp => swiss_request_due(start, &case.place).map(unextended),
        Law::Ccpa => ccpa_request_due(start, Some(told_at), &case.place),
        Law::Lgpd => lgpd_request_due(start, &case.place).map(unextended),
    }
}

fn uk_request(received_at: Timestamp, identity_at: Option<Timestamp>, case: &DutyCase) -> UkRequest {
    UkRequest { received_at, identity_at, pauses: case.pauses.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DueRule;
    use crate::testing::at;

    fn case(region: &str, zone: &str, event: DutyEvent) -> DutyCase {
        DutyCase {
            obtained_at: at("2026-03-02T12:00:00Z"),
            other_mentions: Vec::new(),
            place: Place { zone: zone.into(), region: region.into() },
            event,
            pauses: vec![Pause { from: at("2026-03-05T12:00:00Z"), to: at("2026-03-12T12:00:00Z") }],
        }
    }

    fn due(case: &DutyCase) -> (Timestamp, DueRule) {
        match deadline(case).unwrap() {
            Deadline::Due(due) => (due.due_at, due.rule),
            Deadline::None { why } => panic!("{why}"),
        }
    }

    #[test]
    fn sc_3_an_unknown_jurisdiction_has_the_law_of_the_eea() {
        for (jurisdiction, law) in [
            ("DE-BE", Law::Gdpr),
            ("GB", Law::UkGdpr),
            ("GB-SCT", Law::UkGdpr),
            ("CH-ZH", Law::Fadp),
            ("CH", Law::Fadp),
            ("US-CA", Law::Ccpa),
            ("US", Law::Gdpr),
            ("US-NY", Law::Gdpr),
            ("BR-SP", Law::Lgpd),
            ("AU", Law::Gdpr),
            ("", Law::Gdpr),
            ("GBX", Law::Gdpr),
        ] {
            assert_eq!(Law::of(jurisdiction), law, "{jurisdiction}");
        }
    }

    #[test]
    fn dl_2_the_earliest_mention_starts_the_clock() {
        let mut merged = case("FR", "Europe/Paris", DutyEvent::Obtained);
        merged.other_mentions =
            vec![at("2026-03-20T12:00:00Z"), at("2026-02-17T12:00:00Z"), at("2026-02-18T12:00:00Z")];
        assert_eq!(due(&merged), (at("2026-03-17T22:59:59Z"), DueRule::Month));
        let Deadline::Due(told) = deadline(&merged).unwrap() else { panic!("a notice is due") };
        assert!(told.why.contains("earliest mention"), "{}", told.why);
    }

    #[test]
    fn dl_8_identity_and_pauses_count_under_uk_law_only() {
        let identity = DutyEvent::Requested(Some(at("2026-03-04T12:00:00Z")));
        assert_eq!(due(&case("FR", "Europe/Paris", identity)), (at("2026-04-02T21:59:59Z"), DueRule::Month));
        // 4 April and eight days.
        let uk = case("GB-ENG", "Europe/London", identity);
        assert_eq!(due(&uk), (at("2026-04-13T22:59:59Z"), DueRule::Rolled));
        let notice = case("GB-ENG", "Europe/London", DutyEvent::Obtained);
        assert_eq!(due(&notice), (at("2026-04-02T22:59:59Z"), DueRule::Month));
    }

    #[test]
    fn dl_9_ccpa_and_lgpd_set_no_date_for_a_notice() {
        let at_event = at("2026-03-03T12:00:00Z");
        for event in [DutyEvent::Obtained, DutyEvent::Contacted(at_event), DutyEvent::Disclosed(at_event)] {
            for (region, zone) in [("US-CA", "America/Los_Angeles"), ("BR", "America/Sao_Paulo")] {
                assert!(matches!(deadline(&case(region, zone, event)), Ok(Deadline::None { .. })), "{region}");
            }
            let swiss = case("CH-ZH", "Europe/Zurich", event);
            let expect = if event == DutyEvent::Obtained { at("2026-04-02T21:59:59Z") } else { at_event };
            assert_eq!(due(&swiss).0, expect);
        }
    }

    #[test]
    fn dl_9_each_law_has_its_own_period_for_requests() {
        let told = at("2026-03-20T12:00:00Z");
        for (region, zone, asked, extended) in [
            ("FR", "Europe/Paris", "2026-04-02T21:59:59Z", "2026-06-02T21:59:59Z"),
            ("CH-ZH", "Europe/Zurich", "2026-04-01T21:59:59Z", "2026-04-01T21:59:59Z"),
            ("US-CA", "America/Los_Angeles", "2026-04-17T06:59:59Z", "2026-06-01T06:59:59Z"),
            ("BR", "America/Sao_Paulo", "2026-03-18T02:59:59Z", "2026-03-18T02:59:59Z"),
        ] {
            assert_eq!(due(&case(region, zone, DutyEvent::Requested(None))).0, at(asked), "{region}");
            assert_eq!(due(&case(region, zone, DutyEvent::RequestExtended(told))).0, at(extended), "{region}");
        }
    }
}
