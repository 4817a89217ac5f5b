//! Compares mentions of people: which level of each comparison a pair is on.
//!
//! What a level weighs is the model's.
//!
//! Invariant: comparing is symmetric and reads nothing but the two records and the tables of words.

use crate::levels::{
    EmailLevel, EmployerLevel, FamilyLevel, GivenLevel, NamesakeLevel, PageLevel, PersonComparison as Of, PhoneLevel,
    PlaceLevel, ProfileLevel, TitleLevel,
};
use crate::normal::title::{TitleAgreement, similar};
use crate::pattern::Pattern;
use crate::person::{More, People, Person};
use crate::read;

/// Two mentions seen further apart than this may well show a change of jobs, in days.
const YEAR_DAYS: i32 = 365;
/// A phone that more people than this have is a switchboard.
const FEW: u8 = 3;

impl People {
    /// Returns the levels that a pair is on.
    pub(super) fn compare(&self, left: u32, right: u32) -> Pattern {
        let (a, b) = (&self.persons[left as usize], &self.persons[right as usize]);
        let (family, mut given) = self.names(a, b);
        let mut email = self.email(a, b);
        if email == EmailLevel::OtherForm && !is_one_name(family, given) {
            email = EmailLevel::OtherMailbox;
        }
        let is_colleague = a.group != 0 && a.group == b.group;
        let differ = given == GivenLevel::Different
            || (family == FamilyLevel::Different && given != GivenLevel::Exact && given != GivenLevel::Variant);
        if email == EmailLevel::SameMailbox && differ {
            email = EmailLevel::SameMailboxOtherName;
        }
        if given == GivenLevel::Initial && (a.is_initial_shared || b.is_initial_shared) && is_colleague {
            given = GivenLevel::InitialAmbiguous;
        }
        let is_family = family == FamilyLevel::Exact && matches!(given, GivenLevel::Different | GivenLevel::Missing);
        let namesakes = match (is_one_name(family, given), a.namesakes | b.namesakes != 0) {
            _ if !is_colleague => NamesakeLevel::Missing,
            (false, _) => {
                if is_family {
                    NamesakeLevel::Kin
                } else {
                    NamesakeLevel::Missing
                }
            }
            (true, false) => NamesakeLevel::None,
            (true, true) => NamesakeLevel::Several,
        };
        let same_box = matches!(email, EmailLevel::SameMailbox | EmailLevel::SameMailboxOtherName);
        let profile = self.profile(a, b);
        let known_one = same_box || profile == ProfileLevel::Same;
        Pattern::default()
            .with(Of::Family as usize, family as u8)
            .with(Of::Given as usize, given as u8)
            .with(Of::Email as usize, email as u8)
            .with(Of::Employer as usize, employer(a, b) as u8)
            .with(Of::Phone as usize, self.phone(a, b, is_colleague, differ) as u8)
            .with(Of::Profile as usize, profile as u8)
            .with(Of::Title as usize, self.title(a, b) as u8)
            .with(Of::Place as usize, place(a, b, is_colleague) as u8)
            .with(Of::Namesakes as usize, if known_one { 0 } else { namesakes as u8 })
            .with(Of::Page as usize, if known_one { 0 } else { page(a, b, family, given) as u8 })
    }

    fn names(&self, a: &Person, b: &Person) -> (FamilyLevel, GivenLevel) {
        let family = self.family(a, b);
        let given = self.given(a, b);
        if family == FamilyLevel::Different && (!a.is_certain || !b.is_certain) && a.given != 0 {
            // One mention says the family name first, and neither says so.
            if a.given == b.family && b.given == a.family {
                return (FamilyLevel::Exact, GivenLevel::Exact);
            }
        }
        (family, given)
    }

    fn family(&self, a: &Person, b: &Person) -> FamilyLevel {
        if a.family == 0 || b.family == 0 {
            return FamilyLevel::Missing;
        }
        if a.family == b.family {
            return FamilyLevel::Exact;
        }
        let holds = |whole: &Person, part: u32| {
            part != 0 && (whole.parts.contains(&part) || whole.former == part || whole.family == part)
        };
        let (parts_a, parts_b) =
            ([a.family, a.parts[0], a.parts[1], a.former], [b.family, b.parts[0], b.parts[1], b.former]);
        if parts_a.iter().any(|&part| holds(b, part)) || parts_b.iter().any(|&part| holds(a, part)) {
            return FamilyLevel::Part;
        }
        // Spanish names: the first family name may have been read as a further given name.
        if (!a.is_certain && a.second != 0 && holds(b, a.second))
            || (!b.is_certain && b.second != 0 && holds(a, b.second))
        {
            return FamilyLevel::Part;
        }
        let (x, y) = (self.word(a.family), self.word(b.family));
        if (x.is_initial || y.is_initial) && x.initial == y.initial {
            return FamilyLevel::Initial;
        }
        if x.sound == y.sound || self.is_one_slip(a.family, b.family) {
            FamilyLevel::Close
        } else {
            FamilyLevel::Different
        }
    }

    fn is_one_slip(&self, left: u32, right: u32) -> bool {
        read::is_one_slip(self.words.get(left), self.words.get(right))
    }

    fn given(&self, a: &Person, b: &Person) -> GivenLevel {
        if a.given == 0 || b.given == 0 {
            return GivenLevel::Missing;
        }
        let (x, y) = (self.word(a.given), self.word(b.given));
        if a.given == b.given && !x.is_initial {
            return if self.second_differs(a, b) { GivenLevel::SecondDiffers } else { GivenLevel::Exact };
        }
        if a.given_joined == b.given_joined && !x.is_initial {
            return GivenLevel::Exact;
        }
        if x.is_initial || y.is_initial {
            if x.initial == y.initial {
                return if self.second_differs(a, b) { GivenLevel::Different } else { GivenLevel::Initial };
            }
            let further = self.word(a.second).initial == y.initial && a.second != 0
                || self.word(b.second).initial == x.initial && b.second != 0;
            return if further { GivenLevel::Further } else { GivenLevel::Different };
        }
        if x.is_form_of(y) {
            return GivenLevel::Variant;
        }
        if a.second != 0 && a.second == b.given || b.second != 0 && b.second == a.given {
            return GivenLevel::Further;
        }
        // Two known names that no row ties are two, however near their letters are: `Christian` and `Christina`.
        let are_two = x.is_known() && y.is_known();
        if x.sound == y.sound && !are_two {
            return GivenLevel::Variant;
        }
        if !are_two && self.is_one_slip(a.given, b.given) { GivenLevel::Close } else { GivenLevel::Different }
    }

    /// Whether both have a second given name and the two cannot be one.
    fn second_differs(&self, a: &Person, b: &Person) -> bool {
        if a.second == 0 || b.second == 0 || a.second == b.second {
            return false;
        }
        let (x, y) = (self.word(a.second), self.word(b.second));
        let agree = (x.is_initial || y.is_initial) && x.initial == y.initial || x.is_form_of(y);
        !agree
    }

    fn email(&self, a: &Person, b: &Person) -> EmailLevel {
        if a.more | b.more != 0 && self.shares(a, b, mailboxes) {
            return EmailLevel::SameMailbox;
        }
        if a.mailbox != 0 && a.mailbox == b.mailbox {
            return EmailLevel::SameMailbox;
        }
        let same_role = a.role_mailbox != 0 && a.role_mailbox == b.role_mailbox;
        let role = if same_role { EmailLevel::SameRole } else { EmailLevel::Missing };
        if a.mailbox == 0 || b.mailbox == 0 {
            return role;
        }
        if a.mail_domain == b.mail_domain {
            if a.local == b.local && a.mail_number == b.mail_number {
                return EmailLevel::Alias;
            }
            if a.is_free_mail {
                return if same_role { role } else { EmailLevel::OtherDomain };
            }
            let two_forms =
                a.local != b.local && a.is_mail_of_name && b.is_mail_of_name && a.mail_number == b.mail_number;
            return if two_forms { EmailLevel::OtherForm } else { EmailLevel::OtherMailbox };
        }
        if a.local == b.local && !a.is_mail_of_name && !b.is_mail_of_name {
            return EmailLevel::SameLocalPart;
        }
        if same_role { role } else { EmailLevel::OtherDomain }
    }

    /// Whether two mentions have one of several values in common.
    fn shares(&self, a: &Person, b: &Person, values: fn(&Person, Option<&More>) -> Vec<u32>) -> bool {
        let theirs = values(b, self.more(b));
        values(a, self.more(a)).iter().any(|value| theirs.contains(value))
    }

    fn phone(&self, a: &Person, b: &Person, is_colleague: bool, differ: bool) -> PhoneLevel {
        if a.phone == 0 || b.phone == 0 {
            return PhoneLevel::Missing;
        }
        let shared = a.phone == b.phone || (a.more | b.more != 0 && self.shares(a, b, phones));
        match (shared, is_colleague) {
            (true, true) if a.phone_sharers <= 1 => PhoneLevel::SameDirect,
            (true, true) if a.phone_sharers <= FEW => PhoneLevel::SameShared,
            (true, true) => PhoneLevel::SameSwitchboard,
            (false, true) if a.exchange == b.exchange => PhoneLevel::SameExchange,
            (false, true) => PhoneLevel::Different,
            (true, false) if a.phone_sharers <= 2 && !differ => PhoneLevel::SameElsewhere,
            (true, false) => PhoneLevel::SharedElsewhere,
            (false, false) => PhoneLevel::DifferentElsewhere,
        }
    }

    fn profile(&self, a: &Person, b: &Person) -> ProfileLevel {
        if a.profile == 0 || b.profile == 0 {
            return ProfileLevel::Missing;
        }
        if a.profile == b.profile || (a.more | b.more != 0 && self.shares(a, b, profiles)) {
            return ProfileLevel::Same;
        }
        if a.profile_host == b.profile_host { ProfileLevel::OtherOnSameHost } else { ProfileLevel::Missing }
    }

    fn title(&self, a: &Person, b: &Person) -> TitleLevel {
        if a.title == 0 || b.title == 0 {
            return TitleLevel::Missing;
        }
        if a.title == b.title {
            return TitleLevel::Same;
        }
        match similar(&self.titles[a.title as usize], &self.titles[b.title as usize]) {
            TitleAgreement::Same => TitleLevel::Same,
            TitleAgreement::Translation => TitleLevel::Translation,
            TitleAgreement::SameDepartment => TitleLevel::SameDepartment,
            TitleAgreement::Related => TitleLevel::Related,
            TitleAgreement::Different => TitleLevel::Different,
        }
    }
}

/// Whether two names can be one person's and say as much.
fn is_one_name(family: FamilyLevel, given: GivenLevel) -> bool {
    let is_given = match given {
        GivenLevel::Exact | GivenLevel::Variant | GivenLevel::Initial | GivenLevel::InitialAmbiguous => true,
        GivenLevel::Missing
        | GivenLevel::Further
        | GivenLevel::Close
        | GivenLevel::SecondDiffers
        | GivenLevel::Different => false,
    };
    is_given && matches!(family, FamilyLevel::Exact | FamilyLevel::Part | FamilyLevel::Close)
}

fn mailboxes(person: &Person, more: Option<&More>) -> Vec<u32> {
    let first = Some(person.mailbox).filter(|&value| value != 0);
    first.into_iter().chain(more.into_iter().flat_map(|more| more.mailboxes.iter().map(|&(value, _)| value))).collect()
}

fn phones(person: &Person, more: Option<&More>) -> Vec<u32> {
    Some(person.phone).into_iter().chain(more.into_iter().flat_map(|more| more.phones.iter().copied())).collect()
}

fn profiles(person: &Person, more: Option<&More>) -> Vec<u32> {
    Some(person.profile)
        .into_iter()
        .chain(more.into_iter().flat_map(|more| more.profiles.iter().map(|&(key, _)| key)))
        .collect()
}

fn employer(a: &Person, b: &Person) -> EmployerLevel {
    if a.group == 0 || b.group == 0 {
        return EmployerLevel::Missing;
    }
    if a.entity == b.entity && a.entity != 0 {
        return EmployerLevel::Same;
    }
    if a.group == b.group {
        return EmployerLevel::SameGroup;
    }
    let apart = a.day != i32::MIN && b.day != i32::MIN && a.day.abs_diff(b.day) > YEAR_DAYS.unsigned_abs();
    if apart { EmployerLevel::DifferentLater } else { EmployerLevel::Different }
}

fn place(a: &Person, b: &Person, is_colleague: bool) -> PlaceLevel {
    let both = |x: u32, y: u32| (x != 0 && y != 0).then_some(x == y);
    let (street, postcode, city) = (both(a.street, b.street), both(a.postcode, b.postcode), both(a.city, b.city));
    let country = both(a.country, b.country);
    let near = postcode == Some(true) && country != Some(false) || street == Some(true) && city != Some(false);
    if is_colleague {
        return match (near || city == Some(true), street.or(postcode).or(city).or(country.filter(|&same| !same))) {
            (true, _) => PlaceLevel::SameSite,
            (false, Some(_)) => PlaceLevel::OtherSite,
            (false, None) => PlaceLevel::Missing,
        };
    }
    match (near, city, country) {
        (_, _, Some(false)) => PlaceLevel::OtherCountry,
        (true, ..) => PlaceLevel::SamePostcode,
        (false, Some(true), _) => PlaceLevel::SameCity,
        (false, Some(false), _) => PlaceLevel::Different,
        (false, None, _) => {
            if postcode == Some(false) {
                PlaceLevel::Different
            } else {
                PlaceLevel::Missing
            }
        }
    }
}

/// Whether one page, read once, lists these as two.
fn page(a: &Person, b: &Person, family: FamilyLevel, given: GivenLevel) -> PageLevel {
    if a.page == 0 || a.page != b.page || a.day.abs_diff(b.day) > 1 {
        return PageLevel::Missing;
    }
    let differs = |x: u32, y: u32| x != 0 && y != 0 && x != y;
    let says_more = family != FamilyLevel::Exact
        || given != GivenLevel::Exact
        || differs(a.title, b.title)
        || differs(a.phone, b.phone)
        || differs(a.mailbox, b.mailbox);
    if says_more { PageLevel::OtherContent } else { PageLevel::Missing }
}
