//! Compares two mentions: which level of each comparison the pair is on.
//!
//! What a level weighs is the model's. Values that many share (a switchboard, a mailbox that several names use) are
//! found by looking at all mentions once; a pair is then compared by itself.
//!
//! Invariant: comparing is symmetric, and evidence that says one thing twice (the surname in the mailbox) is marked.

use strsim::jaro_winkler;

use crate::levels::{
    CompanyEmailLevel, CompanyNameLevel, CompanyPhoneLevel, CompanyPlaceLevel, DomainLevel, EmailLevel, EmployerLevel,
    FamilyLevel, GivenLevel, LegalFormLevel, PageLevel, PhoneLevel, PlaceLevel, ProfileLevel, RegisterLevel,
    TitleLevel, VatLevel,
};
use crate::name::{Name, sound};
use crate::nickname::are_variants;
use crate::normalize::{Mailbox, Person, Place};
use crate::population::{Companies, People};
use crate::weigh::{Outcome, Outcomes};

/// From this similarity on two family names are close; shorter ones than `CLOSE_LETTERS_MIN` never are.
const FAMILY_CLOSE: f64 = 0.93;
/// The same for given names.
const GIVEN_CLOSE: f64 = 0.92;
/// The same for companies.
const COMPANY_CLOSE: f64 = 0.93;
/// Shortest name that may be close to another.
const CLOSE_LETTERS_MIN: usize = 5;
/// From this similarity on two titles are similar.
const TITLE_SIMILAR: f64 = 0.88;
/// Shortest single word that names a company distinctively.
const DISTINCTIVE_LETTERS_MIN: usize = 10;
/// Two readings of a page within this time count as one, where the page's hash is not known.
const SAME_READING_SECONDS: i64 = 24 * 60 * 60;

/// Compares two people.
pub(crate) fn people(all: &People, left: usize, right: usize) -> Outcomes {
    let (a, b) = (&all.persons[left], &all.persons[right]);
    let (mut family, mut given) = names(all, left, right);
    let mut email = email(a, b);
    if email.is(EmailLevel::SameMailbox as usize) && given.is(GivenLevel::Different as usize) {
        email = Outcome::on(EmailLevel::SameMailboxOtherName as usize);
    }
    let mut employer = employer(all, left, right);
    let mut place = person_place(&a.place, &b.place);
    if let Some(mailbox) = shared_mailbox(a, b) {
        family.already_said = a.name.family.iter().any(|part| mailbox.local.contains(part.as_str()));
        given.already_said = !a.name.first().is_empty() && mailbox.local.contains(a.name.first());
        employer.already_said = mailbox.is_company;
    }
    place.already_said = employer.is(EmployerLevel::Same as usize);
    [family, given, email, employer, phone(all, left, right), profile(a, b), title(a, b), place, page(a, b)]
}

fn names(all: &People, left: usize, right: usize) -> (Outcome, Outcome) {
    let (a, b) = (&all.persons[left].name, &all.persons[right].name);
    let family_count = all.family_count[left].max(all.family_count[right]);
    let given_count = all.given_count[left].max(all.given_count[right]);
    let family = family_level(a, b);
    if family == Some(FamilyLevel::Different) && is_swapped(a, b) {
        return (
            Outcome::shared(FamilyLevel::Exact as usize, family_count),
            Outcome::shared(GivenLevel::Exact as usize, given_count),
        );
    }
    let family = match family {
        None => Outcome::MISSING,
        Some(FamilyLevel::Exact) => Outcome::shared(FamilyLevel::Exact as usize, family_count),
        Some(level) => Outcome::on(level as usize),
    };
    let given = match given_level(a, b) {
        None => Outcome::MISSING,
        Some(GivenLevel::Exact) => Outcome::shared(GivenLevel::Exact as usize, given_count),
        Some(GivenLevel::Initial) if all.initial_is_shared[left] || all.initial_is_shared[right] => {
            Outcome::on(GivenLevel::InitialAmbiguous as usize)
        }
        Some(level) => Outcome::on(level as usize),
    };
    (family, given)
}

/// Whether one mention gives the family name first and neither says so.
fn is_swapped(a: &Name, b: &Name) -> bool {
    let whole = |name: &Name| name.is_full() && name.given.len() == 1;
    (!a.certain || !b.certain)
        && whole(a)
        && whole(b)
        && a.first() == b.family_joined()
        && b.first() == a.family_joined()
}

fn family_level(a: &Name, b: &Name) -> Option<FamilyLevel> {
    if a.family.is_empty() || b.family.is_empty() || in_other_script(&a.family, &b.family) {
        return None;
    }
    let (joined_a, joined_b) = (a.family_joined(), b.family_joined());
    if joined_a == joined_b {
        return Some(FamilyLevel::Exact);
    }
    if shares_part(a, b) {
        return Some(FamilyLevel::Part);
    }
    let shortest = joined_a.chars().count().min(joined_b.chars().count());
    let is_close = shortest >= CLOSE_LETTERS_MIN
        && (sound(&joined_a) == sound(&joined_b) || jaro_winkler(&joined_a, &joined_b) >= FAMILY_CLOSE);
    Some(if is_close { FamilyLevel::Close } else { FamilyLevel::Different })
}

/// Whether only one of two names is in Latin letters, so that their letters say nothing of one another.
fn in_other_script(a: &[String], b: &[String]) -> bool {
    let is_latin = |name: &[String]| name.iter().any(|part| part.chars().any(|c| c.is_ascii_alphabetic()));
    is_latin(a) != is_latin(b)
}

/// Whether a part of one family name is the other's: double names, and Spanish ones whose first part reads as a
/// given name.
fn shares_part(a: &Name, b: &Name) -> bool {
    let long = |part: &&String| part.chars().count() >= 3;
    let holds = |name: &Name, part: &String| {
        name.family.contains(part) || (!name.certain && name.given.iter().skip(1).any(|given| given == part))
    };
    a.family.iter().filter(long).any(|part| holds(b, part)) || b.family.iter().filter(long).any(|part| holds(a, part))
}

fn given_level(a: &Name, b: &Name) -> Option<GivenLevel> {
    let (first_a, first_b) = (a.given.first()?, b.given.first()?);
    if in_other_script(&a.given, &b.given) {
        return None;
    }
    if first_a == first_b && first_a.chars().count() > 1 {
        return Some(if second_differs(a, b) { GivenLevel::SecondDiffers } else { GivenLevel::Exact });
    }
    if a.given.concat() == b.given.concat() && a.given.concat().chars().count() > 2 {
        return Some(GivenLevel::Exact);
    }
    let is_initial = |text: &str| text.chars().count() == 1;
    let begins = |whole: &str, initial: &str| is_initial(initial) && whole.starts_with(initial);
    if begins(first_a, first_b) || begins(first_b, first_a) {
        return Some(if second_differs(a, b) { GivenLevel::Different } else { GivenLevel::Initial });
    }
    if are_variants(first_a, first_b) || (first_a.len() >= 4 && sound(first_a) == sound(first_b)) {
        return Some(GivenLevel::Variant);
    }
    let holds = |name: &Name, part: &String| !is_initial(part) && name.given.contains(part);
    if holds(b, first_a) || holds(a, first_b) {
        return Some(GivenLevel::Middle);
    }
    let shortest = first_a.chars().count().min(first_b.chars().count());
    let is_close = shortest >= CLOSE_LETTERS_MIN && jaro_winkler(first_a, first_b) >= GIVEN_CLOSE;
    Some(if is_close { GivenLevel::Close } else { GivenLevel::Different })
}

/// Whether both have a second given name and the two cannot be one.
fn second_differs(a: &Name, b: &Name) -> bool {
    let (Some(second_a), Some(second_b)) = (a.given.get(1), b.given.get(1)) else { return false };
    let agree = second_a.starts_with(second_b.as_str())
        || second_b.starts_with(second_a.as_str())
        || are_variants(second_a, second_b)
        || a.family.contains(second_b)
        || b.family.contains(second_a);
    !agree
}

fn shared_mailbox<'a>(a: &'a Person, b: &Person) -> Option<&'a Mailbox> {
    a.mailboxes.iter().find(|mailbox| b.mailboxes.iter().any(|other| other.address == mailbox.address))
}

fn email(a: &Person, b: &Person) -> Outcome {
    if shared_mailbox(a, b).is_some() {
        return Outcome::on(EmailLevel::SameMailbox as usize);
    }
    let shares_role = a.role_mailboxes.iter().any(|role| b.role_mailboxes.contains(role));
    let role = if shares_role { Outcome::on(EmailLevel::SameRole as usize) } else { Outcome::MISSING };
    if a.mailboxes.is_empty() || b.mailboxes.is_empty() {
        return role;
    }
    let pairs = || a.mailboxes.iter().flat_map(|left| b.mailboxes.iter().map(move |right| (left, right)));
    if pairs().any(|(left, right)| left.domain == right.domain && left.local == right.local) {
        return Outcome::on(EmailLevel::Alias as usize);
    }
    if pairs().any(|(left, right)| left.is_company && left.domain == right.domain) {
        return Outcome::conflict(EmailLevel::OtherMailbox as usize);
    }
    let is_own = |mailbox: &Mailbox| !is_made_of(&mailbox.local, &a.name) && !is_made_of(&mailbox.local, &b.name);
    if pairs().any(|(left, right)| left.local == right.local && left.local.len() >= CLOSE_LETTERS_MIN && is_own(left)) {
        return Outcome::on(EmailLevel::SameLocalPart as usize);
    }
    if shares_role { role } else { Outcome::on(EmailLevel::OtherDomain as usize) }
}

/// Whether a mailbox's local part holds the family or the given name, so that its being the same says only that the
/// name is.
fn is_made_of(local: &str, name: &Name) -> bool {
    name.family.iter().chain(&name.given).any(|part| part.chars().count() >= 3 && local.contains(part.as_str()))
}

fn employer(all: &People, left: usize, right: usize) -> Outcome {
    let (a, b) = (&all.employers[left], &all.employers[right]);
    if a.is_empty() || b.is_empty() {
        return Outcome::MISSING;
    }
    let shared = |x: &[u32], y: &[u32]| x.iter().find(|id| y.contains(id)).copied();
    let pairs = [
        shared(&a.domains, &b.domains),
        shared(&a.names, &b.names),
        shared(&a.names, &b.domains),
        shared(&a.domains, &b.names),
    ];
    if let Some(id) = pairs.iter().flatten().next() {
        let other_domain = !a.domains.is_empty() && !b.domains.is_empty() && pairs[0].is_none();
        return if other_domain {
            Outcome::on(EmployerLevel::Similar as usize)
        } else {
            Outcome::shared(EmployerLevel::Same as usize, all.headcount[*id as usize])
        };
    }
    let cores = (&all.persons[left].company_core, &all.persons[right].company_core);
    let similar = matches!(cores, (Some(a), Some(b)) if holds_words(a, b) || is_close_company(a, b));
    Outcome::on(if similar { EmployerLevel::Similar } else { EmployerLevel::Different } as usize)
}

fn is_close_company(a: &str, b: &str) -> bool {
    a.len().min(b.len()) >= CLOSE_LETTERS_MIN && jaro_winkler(a, b) >= COMPANY_CLOSE
}

/// Whether the words of one name begin with all the words of the other.
fn holds_words(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    short.chars().count() >= 4 && long.strip_prefix(short).is_some_and(|rest| rest.starts_with(' '))
}

fn phone(all: &People, left: usize, right: usize) -> Outcome {
    let (a, b) = (&all.persons[left].phones, &all.persons[right].phones);
    if a.is_empty() || b.is_empty() {
        return Outcome::MISSING;
    }
    let sharers = a.iter().zip(&all.phone_sharers[left]).filter(|(phone, _)| b.contains(phone)).map(|(_, &n)| n).min();
    Outcome::on(match sharers {
        None => PhoneLevel::Different,
        Some(0 | 1) => PhoneLevel::SameDirect,
        Some(2) => PhoneLevel::SameShared,
        Some(_) => PhoneLevel::SameSwitchboard,
    } as usize)
}

fn profile(a: &Person, b: &Person) -> Outcome {
    if a.profiles.iter().any(|profile| b.profiles.contains(profile)) {
        return Outcome::on(ProfileLevel::Same as usize);
    }
    // A company's own site may show one person on several pages; a platform gives a person one profile.
    let is_platform = |host: &String| !a.domains.contains(host) && !b.domains.contains(host);
    let clash = a.profiles.iter().any(|x| is_platform(&x.host) && b.profiles.iter().any(|y| y.host == x.host));
    if clash { Outcome::conflict(ProfileLevel::OtherOnSameHost as usize) } else { Outcome::MISSING }
}

fn title(a: &Person, b: &Person) -> Outcome {
    let (Some(left), Some(right)) = (&a.title, &b.title) else { return Outcome::MISSING };
    if left == right {
        return Outcome::on(TitleLevel::Same as usize);
    }
    let words = |text: &str| text.split(' ').filter(|word| word.len() > 3).map(str::to_owned).collect::<Vec<_>>();
    let (words_left, words_right) = (words(left), words(right));
    let common = words_left.iter().filter(|word| words_right.contains(word)).count();
    let half = 2 * common >= words_left.len().min(words_right.len()).max(1) && common > 0;
    let similar = half || jaro_winkler(left, right) >= TITLE_SIMILAR;
    Outcome::on(if similar { TitleLevel::Similar } else { TitleLevel::Different } as usize)
}

/// How near two addresses are, for people and companies alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nearness {
    Address,
    Postcode,
    City,
    Apart,
    OtherCountry,
}

fn nearness(a: &Place, b: &Place) -> Option<Nearness> {
    let both = |x: &Option<String>, y: &Option<String>| Some(x.as_ref()? == y.as_ref()?);
    let (street, postcode, city) = (both(&a.street, &b.street), both(&a.postcode, &b.postcode), both(&a.city, &b.city));
    if both(&a.country, &b.country) == Some(false) {
        return Some(Nearness::OtherCountry);
    }
    match (street, postcode, city) {
        (Some(true), Some(true), _) | (Some(true), None, Some(true)) => Some(Nearness::Address),
        (_, Some(true), _) => Some(Nearness::Postcode),
        (_, _, Some(true)) => Some(Nearness::City),
        (_, Some(false), _) | (_, None, Some(false)) => Some(Nearness::Apart),
        (_, None, None) => None,
    }
}

fn person_place(a: &Place, b: &Place) -> Outcome {
    nearness(a, b).map_or(Outcome::MISSING, |near| {
        Outcome::on(match near {
            Nearness::Address => PlaceLevel::SameAddress,
            Nearness::Postcode => PlaceLevel::SamePostcode,
            Nearness::City => PlaceLevel::SameCity,
            Nearness::Apart => PlaceLevel::Different,
            Nearness::OtherCountry => PlaceLevel::OtherCountry,
        } as usize)
    })
}

/// Whether one page lists these as two: both were read from it, and each says what the other does not.
fn page(a: &Person, b: &Person) -> Outcome {
    let (Some(left), Some(right)) = (&a.page, &b.page) else { return Outcome::MISSING };
    let same_reading = match (&left.hash, &right.hash) {
        (Some(x), Some(y)) => x == y,
        (Some(_) | None, _) => (left.second - right.second).abs() <= SAME_READING_SECONDS,
    };
    let one_person = shared_mailbox(a, b).is_some() || a.profiles.iter().any(|profile| b.profiles.contains(profile));
    if left.url != right.url || !same_reading || one_person || says_no_more(a, b) || says_no_more(b, a) {
        return Outcome::MISSING;
    }
    Outcome::conflict(PageLevel::OtherContent as usize)
}

/// Whether everything that the one mention says of the person stands in the other, too.
fn says_no_more(less: &Person, more: &Person) -> bool {
    fn within<T: PartialEq>(less: &[T], more: &[T]) -> bool {
        less.iter().all(|value| more.contains(value))
    }
    let name = less.name.family_joined() == more.name.family_joined() && within(&less.name.given, &more.name.given);
    name && within(&less.mailboxes, &more.mailboxes)
        && within(&less.phones, &more.phones)
        && within(&less.profiles, &more.profiles)
        && (less.title.is_none() || less.title == more.title)
}

/// Compares two companies.
pub(crate) fn companies(all: &Companies, left: usize, right: usize) -> Outcomes {
    let (a, b) = (&all.forms[left], &all.forms[right]);
    let shares = |x: &[String], y: &[String]| x.iter().any(|value| y.contains(value));
    let yes_no = |x: &[String], y: &[String], yes: usize, no: usize| match (x.is_empty() || y.is_empty(), shares(x, y))
    {
        (true, _) => Outcome::MISSING,
        (false, true) => Outcome::on(yes),
        (false, false) => Outcome::on(no),
    };
    let domain = yes_no(&a.domains, &b.domains, DomainLevel::Same as usize, DomainLevel::Different as usize);
    let mut email = if shares(&a.mailboxes, &b.mailboxes) {
        Outcome::on(CompanyEmailLevel::Same as usize)
    } else {
        Outcome::MISSING
    };
    email.already_said = domain.is(DomainLevel::Same as usize);
    let number = |x: &Option<String>, y: &Option<String>, yes: usize, no: usize| match (x, y) {
        (Some(x), Some(y)) if x == y => Outcome::on(yes),
        (Some(_), Some(_)) => Outcome::conflict(no),
        (Some(_) | None, _) => Outcome::MISSING,
    };
    [
        company_name(all, left, right),
        legal_form(a.legal_form.as_deref(), b.legal_form.as_deref()),
        domain,
        number(&a.register, &b.register, RegisterLevel::Same as usize, RegisterLevel::Different as usize),
        number(&a.vat, &b.vat, VatLevel::Same as usize, VatLevel::Different as usize),
        company_phone(all, left, right),
        email,
        company_place(&a.place, &b.place),
        Outcome::MISSING,
    ]
}

fn company_name(all: &Companies, left: usize, right: usize) -> Outcome {
    let (a, b) = (&all.forms[left].core, &all.forms[right].core);
    if a.is_empty() || b.is_empty() {
        return Outcome::MISSING;
    }
    let dense = |name: &str| name.replace(' ', "");
    if dense(a) == dense(b) {
        let words = a.split(' ').count().max(b.split(' ').count());
        let is_long = words > 1 || dense(a).chars().count() >= DISTINCTIVE_LETTERS_MIN;
        let level = if is_long { CompanyNameLevel::ExactLong } else { CompanyNameLevel::ExactShort };
        return Outcome::shared(level as usize, all.name_count[left].max(all.name_count[right]));
    }
    Outcome::on(if holds_words(a, b) {
        CompanyNameLevel::Contains
    } else if is_close_company(a, b) {
        CompanyNameLevel::Close
    } else {
        CompanyNameLevel::Different
    } as usize)
}

fn legal_form(a: Option<&str>, b: Option<&str>) -> Outcome {
    let (Some(a), Some(b)) = (a, b) else { return Outcome::MISSING };
    let within = |x: &str, y: &str| x.split(' ').all(|word| y.split(' ').any(|other| other == word));
    Outcome::on(if a == b {
        LegalFormLevel::Same
    } else if within(a, b) || within(b, a) {
        LegalFormLevel::Part
    } else {
        LegalFormLevel::Different
    } as usize)
}

fn company_phone(all: &Companies, left: usize, right: usize) -> Outcome {
    let (a, b) = (&all.forms[left].phones, &all.forms[right].phones);
    if a.is_empty() || b.is_empty() {
        return Outcome::MISSING;
    }
    let sharers = a.iter().zip(&all.phone_sharers[left]).filter(|(phone, _)| b.contains(phone)).map(|(_, &n)| n).min();
    Outcome::on(match sharers {
        None => CompanyPhoneLevel::Different,
        Some(0..=2) => CompanyPhoneLevel::Same,
        Some(_) => CompanyPhoneLevel::SameShared,
    } as usize)
}

fn company_place(a: &Place, b: &Place) -> Outcome {
    nearness(a, b).map_or(Outcome::MISSING, |near| {
        Outcome::on(match near {
            Nearness::Address => CompanyPlaceLevel::SameAddress,
            Nearness::Postcode => CompanyPlaceLevel::SamePostcode,
            Nearness::City => CompanyPlaceLevel::SameCity,
            Nearness::Apart => CompanyPlaceLevel::Different,
            Nearness::OtherCountry => CompanyPlaceLevel::OtherCountry,
        } as usize)
    })
}
