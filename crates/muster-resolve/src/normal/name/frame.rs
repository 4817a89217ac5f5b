//! What stands around a name and is no part of it: salutations, degrees, marks of a generation, former names.
//!
//! Salutations and degrees are dropped and used for nothing. A surname that looks like a degree (`Jack Ma`) is kept,
//! because a name is never emptied for the sake of a degree.
//!
//! Invariant: what is left are words of the name, in their order.

use std::sync::LazyLock;

use crate::normal::lookup::WordTable;

use super::words::Word;

/// How a word of the frame is told from a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// Never a name.
    Always,
    /// A form of address: only before the name.
    Address,
    /// Also a name or part of one: only with a dot, in small letters, far enough from the end, or behind a comma.
    Dotted,
    /// Only behind another title: `Dr. med.`, `Dr. phil.`
    Behind,
    /// Letters behind a name.
    Letters,
}

/// The frame, by kind.
const FRAME: &[(Kind, &str)] = &[
    (
        Kind::Always,
        "dr dra prof professor professorin profesor professeur dipl diplom dipling diplkfm diplvw diplinform dott dottssa dottore \
         dottoressa phdr judr mudr mvdr rndr paeddr thdr thlic icdr phmr bca mgr mgra inz doz privatdozent lekt drs univprof \
         hochschulprof magister ingenieur ingeniero ingegnere inzynier avv avvocato geom docteur mgst dphil mbbs drhc drmed dring drjur \
         drrernat drphil excmo excma ilmo ilma kfm lcdo lcda licdo engr",
    ),
    (
        Kind::Address,
        "herr herrn frau hr fr mr mrs ms miss mx mme mlle monsieur madame mademoiselle mm sig sigra signor signora signore sr sra srta \
         senor senora senorita senhor senhora don dona dhr mevr mevrouw mw meneer heer pan pani panu panstwo p shri sri smt kum kumari \
         domnul doamna dl dna hra rouva fru herra fru sir dame lord lady madam master sayin bay ur gospodin gospoda g gdja kyrios kyria",
    ),
    (
        Kind::Dotted,
        "eng exc ing mag doc lic arch ir cav rag ec rev hon bc priv akad mont vet dkfm dd mst pd comm hab adv cmdr capt col gen maj lt sgt",
    ),
    (
        Kind::Behind,
        "rer nat a in oec pol med jur phil habil hc h c e mult univ techn soc agr theol iur sc math dent vet forest paed psych fh tu th \
         pharm biol hum troph sportwiss ssa ra",
    ),
    (
        Kind::Letters,
        "mba phd msc bsc ma ba llm llb bba emba mpa mph mphil med edd dba jd md dds dvm rn cpa cfa cma cisa cissp cism pmp acca \
         aca fca fcca cima acma fcma frcs frics mrics facs cipd mcipd fcipd esq esquire pe csc cfp chfc cpcu cpim phr sphr sse csm \
         psm itil togaf mmath meng beng bcom mcom btech mtech bca mca pgdm ca acs fcs bs ms mds frsa obe mbe cbe kbe qc kc jp mp mep \
         mdl csci ceng miet mcim fcim frgs fhea shrm shrmcp ccp ctp cams cfe msw lcsw rd ret retd psyd drph dnp mfa fh hons",
    ),
];

static TABLE: LazyLock<WordTable<[bool; 5]>> = LazyLock::new(|| {
    let mut table: WordTable<[bool; 5]> = WordTable::default();
    for (kind, words) in FRAME {
        for word in words.split_whitespace() {
            let kinds = table.entry(word.into()).or_default();
            if let Some(flag) = kinds.get_mut(*kind as usize) {
                *flag = true;
            }
        }
    }
    table
});

fn is_kind(text: &str, kind: Kind) -> bool {
    text.len() <= 14 && TABLE.get(text).is_some_and(|kinds| kinds.get(kind as usize).copied().unwrap_or_default())
}

/// The generation that a name is marked with; it keeps father and son apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Generation {
    /// `Jr.`, `Junior`, `Filho`.
    Junior,
    /// `Sr.`, `Senior`.
    Senior,
    /// `II`, `2nd`.
    Second,
    /// `III`, `3rd`.
    Third,
    /// `IV`, `4th`.
    Fourth,
    /// `Neto`: a grandson of the same name.
    Grandson,
    /// `Sobrinho`: a nephew of the same name.
    Nephew,
}

fn generation_of(word: &Word, is_far: bool) -> Option<Generation> {
    match word.text.as_str() {
        "jr" | "jnr" | "jun" => Some(Generation::Junior),
        "junior" if is_far || word.segment > 0 => Some(Generation::Junior),
        "filho" if is_far => Some(Generation::Junior),
        "sr" | "snr" | "sen" => Some(Generation::Senior),
        "senior" if is_far || word.segment > 0 => Some(Generation::Senior),
        "neto" if is_far => Some(Generation::Grandson),
        "sobrinho" if is_far => Some(Generation::Nephew),
        "ii" | "2nd" => Some(Generation::Second),
        "iii" | "3rd" => Some(Generation::Third),
        "iv" | "4th" => Some(Generation::Fourth),
        _ => None,
    }
}

/// Takes the mark of a generation off the end of a name, or off the end of the family name before a comma.
pub(super) fn take_generation(words: &mut Vec<Word>) -> Option<Generation> {
    let count = words.len();
    let at = (1..count).find(|&at| {
        let is_end = words.get(at + 1).map(|next| next.segment) != words.get(at).map(|word| word.segment);
        let is_word = words.get(at).is_some_and(|word| word.text.len() > 3 && word.segment > 0 && count == 2);
        is_end && !is_word && words.get(at).is_some_and(|word| generation_of(word, count > 2).is_some())
    })?;
    generation_of(&words.remove(at), count > 2)
}

/// Returns whether a former name stands behind a word.
fn is_former_mark(text: &str) -> bool {
    matches!(
        text,
        "geb"
            | "gebor"
            | "geborene"
            | "geborener"
            | "geboren"
            | "nee"
            | "ne"
            | "roz"
            | "rozena"
            | "rodena"
            | "zdomu"
            | "fodt"
            | "foedt"
            | "fodd"
            | "foedd"
            | "szul"
            | "szuletett"
            | "nata"
            | "nacida"
            | "nascida"
            | "nascuta"
            | "formerly"
            | "vormals"
            | "frueher"
            | "maiden"
    )
}

/// Takes the former name out of a name: `Anna Schmidt geb. Müller`, `Anna Schmidt (née Müller)`, `z domu Nowak`.
pub(super) fn take_former(words: &mut Vec<Word>) -> Vec<Word> {
    let mut skip = 1;
    let at = words.iter().enumerate().skip(1).position(|(index, word)| {
        let two = word.text == "z" && words.get(index + 1).is_some_and(|next| next.text == "domu");
        skip = if two { 2 } else { 1 };
        // `Né` is a mark in brackets or in small letters only: it is a family name as well.
        two || (is_former_mark(&word.text) && (word.text.len() > 3 || word.is_lower || word.is_aside || word.has_dot))
    });
    let Some(at) = at.map(|at| at + 1) else { return Vec::new() };
    let is_aside = words.get(at).is_some_and(|word| word.is_aside);
    let segment = words.get(at).map(|word| word.segment);
    let end = words
        .iter()
        .enumerate()
        .skip(at)
        .find(|(_, word)| word.is_aside != is_aside || Some(word.segment) != segment)
        .map_or(words.len(), |(end, _)| end);
    let mut former: Vec<Word> = words.drain(at..end).collect();
    if former.len() <= skip {
        return Vec::new();
    }
    former.drain(..skip);
    former
}

/// Drops salutations and degrees.
pub(super) fn strip(words: &mut Vec<Word>) {
    let mut dropped = [false; super::words::WORDS_MAX];
    let mut kept = 0;
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let run = 1 + words.iter().skip(at + 1).take_while(|next| next.is_tight && !next.is_joined).count();
        let count = if run > 1 && is_degree_run(words, at, run, kept) {
            run
        } else {
            let is_behind_title = at.checked_sub(1).is_some_and(|before| {
                dropped.get(before).copied().unwrap_or_default()
                    && words.get(before).is_some_and(|word| !is_kind(&word.text, Kind::Address) || word.text == "sig")
            });
            usize::from(is_frame(words, at, kept, is_behind_title))
        };
        for flag in dropped.iter_mut().skip(at).take(count) {
            *flag = true;
        }
        kept += usize::from(count == 0 && !word.is_aside);
        at += count.max(1);
    }
    let mut index = 0;
    words.retain(|_| {
        index += 1;
        !dropped.get(index - 1).copied().unwrap_or_default()
    });
}

/// Whether a dotted run is a degree (`Ph.D.`, `M.Sc.`) and not initials (`M.A. Smith`).
fn is_degree_run(words: &[Word], at: usize, run: usize, kept: usize) -> bool {
    let letters: String = words.iter().skip(at).take(run).map(|word| word.text.as_str()).collect();
    if !is_kind(&letters, Kind::Letters) {
        return false;
    }
    let is_last = words.get(at + run).is_none_or(|next| next.segment != words.get(at).map_or(0, |word| word.segment));
    let is_initials = words.iter().skip(at).take(run).all(Word::is_initial);
    (is_last && kept > 0) || !is_initials
}

/// Forms of address that are names as well, so that one more word behind them is not enough.
const ADDRESS_OR_NAME: &[&str] = &[
    "don", "dona", "pan", "pani", "sig", "bay", "ur", "fr", "hr", "lord", "lady", "sir", "dame", "kum", "dl", "hra",
    "master", "miss", "shri", "sri",
];

/// Titles that stand without a dot as well, before two more words.
const TITLE_WITHOUT_DOT: &[&str] = &["ing", "mag", "bc", "lic", "arch", "doc", "ir"];

/// Whether one word belongs to the frame; `kept` words of the name stand before it.
fn is_frame(words: &[Word], at: usize, kept: usize, is_behind_frame: bool) -> bool {
    let Some(word) = words.get(at) else { return false };
    let text = word.text.as_str();
    if text.len() > 14 || !TABLE.contains_key(text) {
        return false;
    }
    let behind = words.iter().skip(at + 1).filter(|next| next.segment == word.segment && !next.is_aside).count();
    let is_small = word.is_lower && words.iter().any(|other| !other.is_lower);
    let is_marked = word.has_dot || is_small;
    let is_behind_comma = word.segment > 0 && kept > 0;
    if is_kind(text, Kind::Always) {
        return true;
    }
    if is_kind(text, Kind::Address) && kept == 0 {
        let is_before_name = (is_marked && behind > 0) || behind > 1 || !ADDRESS_OR_NAME.contains(&text);
        return if word.is_initial() { is_small && behind > 0 } else { is_before_name };
    }
    if is_kind(text, Kind::Behind) && is_behind_frame {
        let is_title = is_marked || !matches!(text, "phil" | "ra" | "in");
        return if word.is_initial() { word.is_lower && behind > 0 } else { is_title };
    }
    if is_kind(text, Kind::Dotted) && kept + behind > 0 {
        let is_before = kept == 0 && (is_marked || (behind >= 2 && TITLE_WITHOUT_DOT.contains(&text)));
        if is_before || (behind == 0 && word.has_dot) || (is_behind_comma && (is_marked || word.is_upper)) {
            return true;
        }
    }
    let is_mixed = words.iter().any(|other| !other.is_upper && other.text.len() > 1);
    is_kind(text, Kind::Letters)
        && match text.len() {
            0..=2 => is_behind_comma || (kept >= 2 && word.is_upper && is_mixed),
            3.. => is_behind_comma || kept >= 2,
        }
}

/// Legal forms that no person bears.
fn is_legal_form(text: &str) -> bool {
    matches!(
        text,
        "gmbh"
            | "mbh"
            | "ohg"
            | "gbr"
            | "kgaa"
            | "ltd"
            | "limited"
            | "llc"
            | "llp"
            | "inc"
            | "incorporated"
            | "corp"
            | "corporation"
            | "plc"
            | "sarl"
            | "sasu"
            | "srl"
            | "aps"
            | "sro"
            | "kft"
            | "doo"
            | "gesmbh"
            | "holding"
            | "verein"
    )
}

/// Words of companies, departments and mailboxes that no person bears.
pub(super) fn is_company_word(text: &str) -> bool {
    matches!(
        text,
        "group"
            | "gruppe"
            | "sales"
            | "info"
            | "support"
            | "services"
            | "kundenservice"
            | "vertrieb"
            | "marketing"
            | "buchhaltung"
            | "department"
            | "abteilung"
            | "sekretariat"
            | "empfang"
            | "reception"
            | "zentrale"
            | "helpdesk"
            | "hotline"
            | "webmaster"
            | "administrator"
            | "noreply"
            | "newsletter"
            | "unbekannt"
            | "inconnu"
            | "desconocido"
            | "company"
            | "firma"
            | "university"
            | "universitaet"
            | "solutions"
            | "consulting"
            | "international"
            | "technologies"
            | "logistik"
    )
}

/// Returns whether the words name no person: a company, a role, a gap in the data.
pub(super) fn is_no_person(words: &[Word]) -> bool {
    let segment = words.first().map(|word| word.segment);
    let is_company = |word: &Word| {
        !word.is_aside && (is_legal_form(&word.text) || (Some(word.segment) == segment && is_company_word(&word.text)))
    };
    if words.iter().any(is_company) {
        return true;
    }
    let Some(last) = words.last() else { return false };
    let text = last.text.as_str();
    if words.len() == 1 {
        // Gaps and roles in one word; `Null` and `Na` are family names beside a given name.
        return matches!(
            text,
            "null"
                | "none"
                | "nil"
                | "na"
                | "nn"
                | "tbd"
                | "tba"
                | "test"
                | "unknown"
                | "anonymous"
                | "customer"
                | "team"
                | "office"
                | "service"
                | "admin"
                | "dept"
        );
    }
    // `Ag` and `Spa` are family names in mixed letters; the short legal forms are capitals behind a name.
    let is_short_form = last.is_upper
        && matches!(text, "ag" | "kg" | "ug" | "ab" | "oy" | "bv" | "nv" | "spa" | "sas" | "se")
        && words.iter().any(|word| !word.is_upper);
    let letters = words.iter().rev().take_while(|word| word.is_initial()).count();
    let is_dotted_form = letters >= 3 && {
        let form: String = words.iter().skip(words.len() - letters).map(|word| word.text.as_str()).collect();
        form.ends_with("srl") || form.ends_with("spa") || form.ends_with("zoo")
    };
    is_short_form || is_dotted_form
}
