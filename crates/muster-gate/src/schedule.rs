//! Whether everybody can be told in time under the caps of the mailing, and who goes on which day.
//!
//! It plans; what is sent is decided again at the moment of sending. Days are runs: today's run at this instant, then
//! one each calendar day at the same local time.
//!
//! Invariant: a schedule that is returned as feasible names a day for everybody, keeps both caps on each day and puts
//! nobody behind their own last instant; it is a proof, not an estimate.

use std::collections::BTreeMap;

use jiff::Span;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use muster_model::Timestamp;

/// A notice that has not gone out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting<'a> {
    /// The last instant at which it may go out; none for what the law sets no date for.
    pub send_by: Option<Timestamp>,
    /// Domain of its address; empty for a letter, which no domain's cap holds back.
    pub domain: &'a str,
}

/// How many notices may leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caps {
    /// On one day.
    pub per_day: usize,
    /// On one day to one domain.
    pub per_domain: usize,
    /// Gone out on the first day already.
    pub gone_today: usize,
    /// The same by domain.
    pub gone_today_by_domain: BTreeMap<String, usize>,
}

/// One day of a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScheduledDay {
    /// The day, local.
    pub day: Date,
    /// Notices that leave on it.
    pub count: usize,
}

/// What a plan of the mailing comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The run of each notice in the order they were given, 0 for today's; none for what cannot leave in time.
    pub run: Vec<Option<usize>>,
    /// The days on which something leaves, in order.
    pub days: Vec<ScheduledDay>,
    /// The first day on which the caps, or the clock itself, leave somebody untold who had to be told by then.
    pub first_missed: Option<Date>,
}

impl Schedule {
    /// Returns whether everybody is told in time.
    pub fn is_feasible(&self) -> bool {
        self.first_missed.is_none()
    }
}

/// Longest plan; the law's month is shorter, so what lies beyond is fixed only as far as this.
const RUNS_MAX: usize = 400;

/// Plans the mailing from `now` on.
///
/// Each notice first gets the last run on which it may leave so that the others of its domain still fit behind it;
/// then every run takes those whose last run is nearest, as far as the caps go.
///
/// # Law
///
/// GDPR 14(3)(a): the month does not wait for a mail provider's limits; rule DL-1 (own target, alarm and hard stop).
pub fn schedule(waiting: &[Waiting<'_>], caps: &Caps, now: Timestamp, zone: &TimeZone) -> Schedule {
    let runs = Runs::from(now, zone);
    let last: Vec<Option<usize>> = waiting
        .iter()
        .map(|notice| notice.send_by.map_or(Some(RUNS_MAX - 1), |send_by| runs.last_before(send_by)))
        .collect();
    let has_limit = |index: usize| waiting.get(index).is_some_and(|notice| notice.send_by.is_some());
    let (domain_of, gone) = domains(waiting, caps);
    let tight = tightened(&last, &domain_of, caps.per_domain);
    let mut open: Vec<usize> =
        (0..waiting.len()).filter(|&index| last.get(index).is_some_and(Option::is_some)).collect();
    open.sort_by_key(|&index| {
        (tight.get(index).copied().unwrap_or_default(), last.get(index).copied().flatten(), index)
    });
    let mut plan = Schedule { run: vec![None; waiting.len()], days: Vec::new(), first_missed: None };
    if open.len() < waiting.len() {
        plan.first_missed = runs.day(0);
    }
    for run in 0..RUNS_MAX {
        if open.is_empty() {
            break;
        }
        let mut by_domain = if run == 0 { gone.clone() } else { vec![0; gone.len()] };
        let mut room = caps.per_day.saturating_sub(if run == 0 { caps.gone_today } else { 0 });
        let mut count = 0;
        open.retain(|&index| {
            let domain = domain_of.get(index).copied().flatten();
            let used = domain.and_then(|domain| by_domain.get_mut(domain));
            let full = used.as_ref().is_some_and(|used| **used >= caps.per_domain);
            if room == 0 || full {
                return true;
            }
            if let Some(used) = used {
                *used += 1;
            }
            room -= 1;
            count += 1;
            if let Some(slot) = plan.run.get_mut(index) {
                *slot = Some(run);
            }
            false
        });
        if let Some(day) = runs.day(run) {
            plan.days.extend((count > 0).then_some(ScheduledDay { day, count }));
            let late = |index: usize| last.get(index).copied().flatten().is_some_and(|last| last <= run);
            let missed = open.iter().any(|&index| has_limit(index) && late(index));
            if missed {
                plan.first_missed = Some(plan.first_missed.map_or(day, |before| before.min(day)));
            }
        }
        // Whoever is late already stands in nobody's way.
        open.retain(|&index| last.get(index).copied().flatten().is_some_and(|last| last > run));
    }
    plan
}

/// The instants of the runs.
struct Runs {
    at: Vec<(Timestamp, Date)>,
}

impl Runs {
    fn from(now: Timestamp, zone: &TimeZone) -> Self {
        let first = now.to_zoned_datetime(zone.clone());
        let later = |days| Span::new().try_days(days).and_then(|span| first.checked_add(span)).ok();
        let runs = (0i64..).map_while(later).take(RUNS_MAX);
        Self { at: runs.map(|run| (run.timestamp(), run.date())).collect() }
    }

    /// The last run that is not behind an instant.
    fn last_before(&self, send_by: Timestamp) -> Option<usize> {
        self.at.partition_point(|(at, _)| *at <= send_by).checked_sub(1)
    }

    fn day(&self, run: usize) -> Option<Date> {
        self.at.get(run).map(|(_, day)| *day)
    }
}

/// The number of each notice's domain, and what went out to each domain today.
fn domains(waiting: &[Waiting<'_>], caps: &Caps) -> (Vec<Option<usize>>, Vec<usize>) {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut of = Vec::with_capacity(waiting.len());
    for notice in waiting {
        let next = numbers.len();
        of.push((!notice.domain.is_empty()).then(|| *numbers.entry(notice.domain).or_insert(next)));
    }
    let mut gone = vec![0; numbers.len()];
    for (domain, number) in numbers {
        if let Some(slot) = gone.get_mut(number) {
            *slot = caps.gone_today_by_domain.get(domain).copied().unwrap_or_default();
        }
    }
    (of, gone)
}

/// The last run of each notice on which it leaves room for the rest of its domain.
fn tightened(last: &[Option<usize>], domain_of: &[Option<usize>], per_domain: usize) -> Vec<usize> {
    let mut tight: Vec<usize> = last.iter().map(|last| last.unwrap_or_default()).collect();
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, domain) in domain_of.iter().enumerate() {
        if let (Some(domain), Some(Some(_))) = (domain, last.get(index)) {
            members.entry(*domain).or_default().push(index);
        }
    }
    for mut indexes in members.into_values() {
        indexes.sort_by_key(|&index| std::cmp::Reverse((tight.get(index).copied().unwrap_or_default(), index)));
        for place in 0..indexes.len() {
            let behind = place.checked_sub(per_domain.max(1)).and_then(|place| indexes.get(place));
            let limit = behind.and_then(|&index| tight.get(index)).map_or(usize::MAX, |run| run.saturating_sub(1));
            if let Some(slot) = indexes.get(place).and_then(|&index| tight.get_mut(index)) {
                *slot = (*slot).min(limit);
            }
        }
    }
    tight
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::at;

    const NOW: &str = "2026-03-02T08:00:00Z";

    fn caps(per_day: usize, per_domain: usize) -> Caps {
        Caps { per_day, per_domain, gone_today: 0, gone_today_by_domain: BTreeMap::new() }
    }

    fn plan(waiting: &[(i64, &str)], caps: &Caps) -> Schedule {
        let now = at(NOW);
        let waiting: Vec<Waiting<'_>> = waiting
            .iter()
            .map(|&(run, domain)| Waiting { send_by: Some(now + jiff::SignedDuration::from_hours(24 * run)), domain })
            .collect();
        schedule(&waiting, caps, now, &TimeZone::UTC)
    }

    #[test]
    fn dl_1_who_is_due_first_goes_first_and_the_caps_hold() {
        let plan = plan(&[(5, "a.example"), (0, "b.example"), (1, "c.example")], &caps(1, 1));
        assert_eq!(plan.run, [Some(2), Some(0), Some(1)]);
        assert!(plan.is_feasible());
        assert_eq!(plan.days.iter().map(|day| day.count).sum::<usize>(), 3);
    }

    #[test]
    fn the_first_day_that_cannot_be_met_is_named() {
        let three = [(1, "a.example"), (1, "a.example"), (1, "a.example")];
        let plan = plan(&three, &caps(10, 1));
        assert_eq!(plan.first_missed, Some("2026-03-03".parse().unwrap()));
        assert_eq!(plan.run.iter().flatten().count(), 2);
    }

    #[test]
    fn a_full_domain_goes_ahead_of_an_earlier_but_easier_one() {
        // `x` needs one place on each of three days; who only looks at the last day sends both `y` first.
        let waiting = [(1, "y.example"), (1, "z.example"), (2, "x.example"), (2, "x.example"), (2, "x.example")];
        let plan = plan(&waiting, &caps(2, 1));
        assert!(plan.is_feasible(), "{plan:?}");
    }

    #[test]
    fn what_went_out_today_counts_and_who_is_late_is_late_today() {
        let used =
            Caps { gone_today: 1, gone_today_by_domain: BTreeMap::from([("a.example".to_owned(), 1)]), ..caps(2, 1) };
        let plan = plan(&[(0, "b.example"), (3, "a.example")], &used);
        assert_eq!(plan.run, [Some(0), Some(1)]);
        let late = schedule(
            &[Waiting { send_by: Some(at("2026-03-01T08:00:00Z")), domain: "a.example" }],
            &caps(9, 9),
            at(NOW),
            &TimeZone::UTC,
        );
        assert_eq!(late.first_missed, Some("2026-03-02".parse().unwrap()));
    }

    #[test]
    fn what_the_law_sets_no_date_for_goes_last_and_misses_no_day() {
        let now = at(NOW);
        let waiting = [Waiting { send_by: None, domain: "" }, Waiting { send_by: Some(now), domain: "" }];
        let plan = schedule(&waiting, &caps(1, 1), now, &TimeZone::UTC);
        assert_eq!((plan.run.as_slice(), plan.first_missed), ([Some(1), Some(0)].as_slice(), None));
        let never = schedule(&waiting, &caps(0, 1), now, &TimeZone::UTC);
        assert_eq!(never.first_missed, Some("2026-03-02".parse().unwrap()), "of the one that has a date");
    }

    #[test]
    fn a_day_is_a_day_across_summer_time() {
        // The run of 29 March stands at 08:00 local time, an hour earlier in UTC.
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let waiting = [Waiting { send_by: Some(at("2026-03-29T06:00:00Z")), domain: "" }];
        let plan = schedule(&waiting, &caps(0, 0), at("2026-03-28T07:00:00Z"), &zone);
        assert_eq!(plan.first_missed, Some("2026-03-29".parse().unwrap()));
    }

    /// Whether some assignment keeps the caps and everybody's last run: augmenting paths over notices, domain-days and
    /// days.
    fn possible(waiting: &[(usize, usize)], per_day: usize, per_domain: usize, runs: usize) -> bool {
        fn place(
            index: usize,
            waiting: &[(usize, usize)],
            at: &mut Vec<Option<usize>>,
            seen: &mut std::collections::BTreeSet<usize>,
            (per_day, per_domain): (usize, usize),
        ) -> bool {
            let (last, domain) = waiting[index];
            for run in 0..=last {
                let here: Vec<usize> = (0..waiting.len()).filter(|&i| at[i] == Some(run)).collect();
                let same: Vec<usize> = here.iter().copied().filter(|&i| waiting[i].1 == domain).collect();
                let movable = if same.len() >= per_domain {
                    same
                } else if here.len() >= per_day {
                    here
                } else {
                    at[index] = Some(run);
                    return true;
                };
                for other in movable {
                    if !seen.insert(other) {
                        continue;
                    }
                    let before = at.clone();
                    at[other] = None;
                    at[index] = Some(run);
                    if place(other, waiting, at, seen, (per_day, per_domain)) {
                        return true;
                    }
                    *at = before;
                }
            }
            false
        }
        // Few enough notices to try every order of placing them.
        fn orders(left: &[usize]) -> Vec<Vec<usize>> {
            if left.is_empty() {
                return vec![Vec::new()];
            }
            let mut all = Vec::new();
            for (place, &first) in left.iter().enumerate() {
                let mut rest = left.to_vec();
                rest.remove(place);
                all.extend(orders(&rest).into_iter().map(|tail| [vec![first], tail].concat()));
            }
            all
        }
        assert!(waiting.iter().all(|(last, _)| *last < runs));
        orders(&(0..waiting.len()).collect::<Vec<_>>()).into_iter().any(|order| {
            let mut at = vec![None; waiting.len()];
            order.iter().all(|&index| {
                let mut seen = std::collections::BTreeSet::from([index]);
                place(index, waiting, &mut at, &mut seen, (per_day, per_domain))
            })
        })
    }

    #[test]
    fn a_plan_is_found_wherever_there_is_one() {
        // Linear congruential numbers (Knuth, MMIX): the same 3,000 small cases each time.
        let mut state: u64 = 2_026;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from((state >> 33) % below).unwrap()
        };
        let names = ["a.example", "b.example", "c.example"];
        let (mut feasible, mut infeasible) = (0, 0);
        for _ in 0..3_000 {
            let waiting: Vec<(usize, usize)> = (0..=random(6)).map(|_| (random(4), random(3))).collect();
            let (per_day, per_domain) = (1 + random(3), 1 + random(2));
            let named: Vec<(i64, &str)> =
                waiting.iter().map(|&(last, domain)| (i64::try_from(last).unwrap(), names[domain])).collect();
            let found = plan(&named, &caps(per_day, per_domain)).is_feasible();
            assert_eq!(found, possible(&waiting, per_day, per_domain, 4), "{waiting:?} {per_day} {per_domain}");
            if found { feasible += 1 } else { infeasible += 1 }
        }
        assert!(feasible > 500 && infeasible > 500, "{feasible} {infeasible}");
    }
}
