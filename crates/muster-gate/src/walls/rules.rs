//! A test for each gate rule G2 to G7 and for NT-9 that the four walls keep.

use super::*;

fn intake_of(change: &dyn Fn(&mut MentionRecord)) -> Said {
    let mut record = anna();
    change(&mut record);
    World::of(&[]).intake(record, &SuppressionList::default())
}

#[test]
fn g_2_what_is_sensitive_is_gone_before_anything_is_kept() {
    let mut record = anna();
    record.name = Some("Frau Anna Schmidt".into());
    record.job_title = Some("Leiterin Einkauf, Mitglied der SPD".into());
    let (world, secret, none) = (World::of(&[]), key(), SuppressionList::default());
    let admitted = admit(mention(record), &world.intake_context(&none, &secret));
    let Outcome::Pass(kept) = &admitted.outcome else { panic!("{:?}", said(&admitted.outcome)) };
    #[expect(clippy::disallowed_methods, reason = "the test looks at what would be written")]
    let record = kept.get().record().expose();
    assert_eq!(record.name.as_deref(), Some("Anna Schmidt"));
    assert_eq!(record.job_title.as_deref(), Some("Leiterin Einkauf"));
    assert!(!admitted.rejected.is_empty());
}

#[test]
fn g_3_a_suppressed_person_is_stopped_before_the_first_write() {
    let said = World::of(&[]).intake(anna(), &opted_out(&anna()));
    assert_eq!(said, Said::Deny(vec![Reason::SuppressedObjection]));
}

#[test]
fn g_4_a_value_without_lineage_is_not_stored() {
    assert_eq!(intake_of(&|_| {}), Said::Pass);
    assert_eq!(intake_of(&|it| it.source_url = None), Said::Deny(vec![Reason::LineageMissing]));
}

#[test]
fn g_5_no_approved_assessment_no_intake() {
    let denied = |change: &dyn Fn(&mut World)| {
        let mut world = World::of(&[]);
        change(&mut world);
        matches!(world.intake(anna(), &SuppressionList::default()), Said::Deny(_))
    };
    assert!(denied(&|world| world.source.basis = None));
    assert!(denied(&|world| world.source.assessment_id = None));
    assert!(denied(&|world| world.assessments.clear()));
    assert!(denied(&|world| world.now = at("2027-01-01T00:00:00Z")));
    assert!(!denied(&|_| {}));
}

#[test]
fn g_6_nothing_is_disclosed_before_the_notice_is_delivered() {
    let mentions = [mention(anna())];
    let mut world = World::of(&mentions);
    world.told_at.clear();
    let said = said(&world.release(&master(&mentions), &SuppressionList::default()));
    assert!(matches!(said, Said::Deny(reasons) if reasons == [Reason::NoticeNotSent]));
}

#[test]
fn g_7_the_release_is_checked_again_at_the_moment_of_disclosure() {
    let mentions = [mention(anna())];
    let whole = master(&mentions);
    let release = |change: &dyn Fn(&mut World), list: &SuppressionList| {
        let mut world = World::of(&mentions);
        change(&mut world);
        said(&world.release(&whole, list))
    };
    let none = SuppressionList::default();
    assert_eq!(release(&|_| {}, &none), Said::Pass);
    // An objection that came in after the last export wins.
    assert_eq!(release(&|_| {}, &opted_out(&anna())), Said::Deny(vec![Reason::SuppressedObjection]));
    assert_eq!(release(&|world| world.restricted = true, &none), Said::Deny(vec![Reason::Restricted]));
    assert_eq!(release(&|world| world.on_hold = true, &none), Said::Deny(vec![Reason::OnHold]));
    assert_eq!(release(&|world| world.bounced = true, &none), Said::Deny(vec![Reason::NoticeBounced]));
    assert!(matches!(release(&|world| world.now = at("2029-01-01T00:00:00Z"), &none), Said::Deny(reasons)
        if reasons.contains(&Reason::RetentionEnded)));
    assert_eq!(
        release(&|world| world.recipient.country = "US".into(), &none),
        Said::Deny(vec![Reason::RecipientCountry])
    );
}

#[test]
fn nt_9_the_first_export_waits_as_long_as_the_policy_says() {
    let mentions = [mention(anna())];
    let whole = master(&mentions);
    let release = |wait_days: i32, now: &str| {
        let mut world = World::of(&mentions);
        world.policy.wait_days = wait_days;
        world.now = at(now);
        said(&world.release(&whole, &SuppressionList::default()))
    };
    assert_eq!(release(0, "2026-03-06T10:00:00Z"), Said::Pass);
    assert_eq!(release(90, "2026-05-01T00:00:00Z"), Said::Deny(vec![Reason::WaitingTime]));
    assert_eq!(release(90, "2026-06-04T10:00:00Z"), Said::Pass);
}

#[test]
fn nt_7_no_exemption_opens_the_release() {
    // Nothing says that a person need not be told: whoever was not is withheld, from every source and for every basis.
    let mentions = [mention(anna())];
    let whole = master(&mentions);
    for kind in [SourceKind::Web, SourceKind::File, SourceKind::Manual] {
        for basis in ["6(1)(a)", "6(1)(f)"] {
            let mut world = World::of(&mentions);
            (world.source.kind, world.source.basis) = (kind, Some(basis.into()));
            world.told_at.clear();
            let said = said(&world.release(&whole, &SuppressionList::default()));
            assert_eq!(said, Said::Deny(vec![Reason::NoticeNotSent]));
            assert!(matches!(world.contact(whole.clone(), &SuppressionList::default()), Outcome::Pass(_)));
        }
    }
}
