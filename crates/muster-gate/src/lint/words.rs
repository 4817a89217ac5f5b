//! The words by which a notice's items are recognized, by language.
//!
//! Patterns only; what follows from a word being there or not is said in `content` and `form`.
//!
//! Invariant: every pattern ignores case and is compiled once.

use std::sync::LazyLock;

use regex::Regex;

static ENGLISH: LazyLock<Words> = LazyLock::new(english);
static GERMAN: LazyLock<Words> = LazyLock::new(german);

/// A right with its item, name, word and article.
#[derive(Debug)]
pub(super) struct Right {
    pub item: &'static str,
    pub name: &'static str,
    pub word: Regex,
    pub article: Regex,
}

/// The words of one language.
#[derive(Debug)]
pub(super) struct Words {
    pub lang: &'static str,
    /// Says no.
    pub negation: Regex,
    pub representative: Regex,
    pub dpo: Regex,
    pub vague_purpose: Regex,
    /// Article 6(1)(f) and 6(1)(a).
    pub basis_f: Regex,
    pub basis_a: Regex,
    pub legitimate_interest: Regex,
    pub passes_on: Regex,
    pub adequacy: Regex,
    pub copy: Regex,
    /// A number of months or years: `n`, `months` or `years`.
    pub period: Regex,
    pub keeping: Regex,
    pub open_ended: Regex,
    pub restarted: Regex,
    pub rights: [Right; 6],
    /// Says that somebody may do something.
    pub may: Regex,
    pub right_to: Regex,
    pub withdraw: Regex,
    pub complain: Regex,
    pub public: Regex,
    pub not_public: Regex,
    pub automated: Regex,
    pub automated_logic: Regex,
    pub automated_effect: Regex,
    pub marketing: Regex,
    pub object: Regex,
    pub other_right: Regex,
    pub free: Regex,
    pub reply: Regex,
    pub one_month: Regex,
    pub collected: Regex,
    pub hurdle: Regex,
    pub advertising: Regex,
    pub empty_word: Regex,
    pub salutation: Regex,
    pub silence: Regex,
    pub no_sharing: Regex,
    /// Limits a "no": before, other than, without.
    pub limited: Regex,
}

impl Words {
    /// Returns the words of a language, if there are rules for it.
    pub(super) fn of(lang: &str) -> Option<&'static Self> {
        match lang {
            "en" => Some(&ENGLISH),
            "de" => Some(&GERMAN),
            _ => None,
        }
    }
}

fn re(pattern: &str) -> Regex {
    Regex::new(&format!("(?i){pattern}")).expect("the pattern is part of the source, and a test compiles it")
}

fn right(item: &'static str, name: &'static str, word: &str, number: u8) -> Right {
    Right { item, name, word: re(word), article: re(&format!(r"\bart(?:icle|ikel|\.)?\s*{number}\b")) }
}

#[expect(clippy::too_many_lines, reason = "a table, a line for each pattern")]
fn english() -> Words {
    Words {
        lang: "en",
        negation: re(r"\b(?:no|not|never|none|neither|without|cannot)\b|n't\b"),
        representative: re(r"\brepresentative\b[^.]*\b(?:article 27|union|EU|EEA)\b|\b(?:EU|EEA|our) representative\b"),
        dpo: re(r"\bdata protection officer\b|\bDPO\b"),
        vague_purpose: re(
            r"\bmay (?:also )?use\b|\bimprove (?:our|the) services?\b|\b(?:various|other|further|similar) purposes\b|\bfor (?:internal|business|research) purposes\b|\bdevelop(?:ing)? new services\b",
        ),
        basis_f: re(r"\bart(?:icle|\.)?\s*6\s*\(\s*1\s*\)\s*(?:,?\s*(?:lit\.?|point|letter)\s*)?\(?\s*f\b"),
        basis_a: re(r"\bart(?:icle|\.)?\s*6\s*\(\s*1\s*\)\s*(?:,?\s*(?:lit\.?|point|letter)\s*)?\(?\s*a\b"),
        legitimate_interest: re(r"\blegitimate interests?\b"),
        passes_on: re(
            r"\bwe (?:pass|share|disclose|sell|license|transfer|give)\b.*\b(?:third part|partner|customer|recipient|client)",
        ),
        adequacy: re(r"\badequacy\b|\badequate\b"),
        copy: re(r"\bcop(?:y|ies)\b"),
        period: re(
            r"\b(?P<n>\d{1,3}|one|two|three|four|five|six|twelve|eighteen|twenty-four|thirty-six)\s+(?:(?P<months>months?)|(?P<years>years?))\b",
        ),
        keeping: re(r"\b(?:keep|kept|stor(?:e|ed|age)|retain(?:ed)?|retention|delet(?:e|ed|ion)|eras(?:e|ed))\b"),
        open_ended: re(
            r"\b(?:as long as|for as long as|until)\b[^.]*\b(?:necessary|needed|required|useful|relevant)\b|\bindefinitely\b|\bfor a reasonable (?:time|period)\b|\bfor an appropriate (?:time|period)\b",
        ),
        restarted: re(
            r"\b(?:period|term|clock|time|months|years)\b[^.]*\b(?:starts? (?:again|anew|over)|begins? (?:again|anew)|restarts?|is (?:renewed|extended|reset))\b|\b(?:from|after|since) (?:the|each|every|your|its) (?:last|latest|most recent|next)? ?(?:update|change|visit|activity)\b",
        ),
        rights: [
            right("A13", "access", r"\baccess\b", 15),
            right("A14", "rectification", r"\brectif\w*|\bcorrect(?:ed|ion)?\b", 16),
            right("A15", "erasure", r"\beras(?:ure|e|ed)\b|\bdelet(?:e|ed|ion)\b|\bto be forgotten\b", 17),
            right("A16", "restriction", r"\brestrict\w*", 18),
            right("A17", "objection", r"\bobject(?:ion)?\b", 21),
            right("A18", "data portability", r"\bportab\w*", 20),
        ],
        may: re(r"\b(?:you (?:can|may|are entitled|have)|ask us|request|demand)\b"),
        right_to: re(r"\brights?\s+(?:to|of)\b|\byour rights\b|\bthe rights?\b|\bfollowing rights\b"),
        withdraw: re(r"\b(?:withdraw\w*|revoke\w*)\b"),
        complain: re(r"\b(?:complain(?:t|ts)?|lodge)\b"),
        public: re(r"\bpublic(?:ly)?\b"),
        not_public: re(r"\b(?:not|non)[- ]public(?:ly)?\b|\bnot (?:generally |freely )?accessible\b"),
        automated: re(r"\bautomat(?:ed|ic|ically)\b|\bprofiling\b"),
        automated_logic: re(r"\blogic\b"),
        automated_effect: re(r"\bconsequences?\b|\beffects?\b"),
        marketing: re(r"\b(?:direct |e-?mail |tele)?marketing\b|\badvertising\b"),
        object: re(r"\bobject(?:ion|ions|ing)?\b|\bopt(?:ing)?[- ]out\b"),
        other_right: re(
            r"\brights? (?:to|of) (?:access|rectif|eras|restrict|data portab|portab|complain|lodge|withdraw)|\brectification\b|\bdata portability\b|\brestriction of processing\b|\bsupervisory authority\b",
        ),
        free: re(
            r"\bfree of charge\b|\b(?:at|with) no (?:cost|charge)\b|\bwithout (?:any )?(?:cost|charge)\b|\bfor free\b|\bcosts? (?:you )?nothing\b|\bis free\b",
        ),
        reply: re(r"\b(?:reply|respond|answer this)\b"),
        one_month: re(
            r"\b(?:within|in|no later than|at the latest)\b[^.]*\b(?:one|a|1) month\b|\bone month at (?:the )?(?:most|latest)\b",
        ),
        collected: re(r"\b(?:collected|obtained|received) (?:by us )?on\b|\bdate of collection\b"),
        hurdle: re(
            r"\b(?:copy|scan|photo) of (?:your )?(?:id\b|identity|passport|driving)|\b(?:log|sign) ?in (?:to|at|on|with)\b|\bcreate an account\b|\bregister (?:an account|on our)\b",
        ),
        advertising: re(
            r"\bbuy now\b|\border (?:now|today)\b|\bspecial offers?\b|\b\d{1,3} ?% (?:off|discount)|\bdiscounts?\b|\bsubscribe (?:to our|now|today)\b|\bbook (?:a|your) (?:free )?(?:demo|call|meeting)\b|\bfree trial\b|\btry (?:it|our|us) (?:now|free|for free|today)\b|\blimited[- ]time\b|\bsign up (?:now|today|for our)\b|\bspecial price\b|\bdon't miss\b|\bcheck out our\b|\bdiscover (?:our|how)\b|\bcontact our sales\b|\bupgrade (?:now|today|your)\b|\bwebinar\b",
        ),
        empty_word: re(
            r"\b(?:null|nan|undefined|n/a)\b|[:,(]\s*none\b|^none[.,!]?$|\b(?:dear|on|from|at|by|to|hello) none\b",
        ),
        salutation: re(
            r"\b(?:dear|hello|hi|good (?:morning|day|afternoon)),?\s+(?:mr|mrs|ms|miss|mister|madame)\b|\bdear (?:sir|madam)\s*(?:,|$)|^\s*(?:mr|mrs|ms|miss)\.?\s",
        ),
        silence: re(
            r"\bby continuing\b|\byou (?:hereby |thereby |thus |also )?(?:consent|agree)\b|\b(?:deemed|taken|assumed|understood|counts?|treat\w*|regard\w*|consider\w*) (?:(?:to be|as|to have) )?(?:your |given |an? )?(?:consent\w*|agree\w*)\b|\b(?:silence|no (?:reply|answer|response))\b[^.]*\b(?:consent|agree|means)|\bif (?:we do not|we don't) hear (?:back )?from you\b|\bunless you (?:object|reply|respond|tell us)\b[^.]*\b(?:consent|agree)",
        ),
        no_sharing: re(
            r"\b(?:do not|don't|never|will not|won't|not)\b (?:\w+ ){0,2}(?:share|pass|disclose|sell|transfer|give|forward)\b|\b(?:not|never) (?:be )?(?:shared|passed on|disclosed|sold|transferred|forwarded)\b",
        ),
        limited: re(r"\b(?:before|until|unless|other|others|else|except|beyond|further|apart|sensitive|special)\b"),
    }
}

#[expect(clippy::too_many_lines, reason = "a table, a line for each pattern")]
fn german() -> Words {
    Words {
        lang: "de",
        negation: re(r"\b(?:nicht|kein(?:e|en|er|es|em)?|nie|niemals|weder|ohne)\b"),
        representative: re(
            r"\bVertreter(?:in)?\b[^.]*(?:\bArt(?:ikel|\.)? ?27\b|\bUnion\b|\bEU\b|\bEWR\b)|\b(?:EU-|unser[e]? )Vertreter(?:in)?\b",
        ),
        dpo: re(r"\bDatenschutzbeauftragte\w*|\bDSB\b"),
        vague_purpose: re(
            r"\bVerbesserung unserer (?:Dienste|Dienstleistungen|Leistungen|Services)\b|\b(?:verschiedene|sonstige|weitere|andere|ähnliche)n? Zwecken?\b|\b(?:können|könnten|dürfen) (?:wir )?(?:Ihre |die |diese )?Daten (?:auch |ggf\. )?(?:nutzen|verwenden)\b|\b(?:geschäftliche|interne)n? Zwecken?\b",
        ),
        basis_f: re(
            r"\bArt(?:ikel|\.)?\s*6\s*(?:Abs(?:atz|\.)?\s*1|\(\s*1\s*\))\s*,?\s*(?:S(?:atz|\.)\s*1\s*)?(?:Unterabs(?:atz|\.)\s*1\s*)?(?:lit\.?|Buchst(?:abe|\.)|Bst\.)?\s*\(?\s*f\b",
        ),
        basis_a: re(
            r"\bArt(?:ikel|\.)?\s*6\s*(?:Abs(?:atz|\.)?\s*1|\(\s*1\s*\))\s*,?\s*(?:S(?:atz|\.)\s*1\s*)?(?:Unterabs(?:atz|\.)\s*1\s*)?(?:lit\.?|Buchst(?:abe|\.)|Bst\.)?\s*\(?\s*a\b",
        ),
        legitimate_interest: re(r"\bberechtigte[nrsm]? Interessen?\b"),
        passes_on: re(
            r"\b(?:geben|übermitteln|verkaufen|lizenzieren|teilen) wir\b.*\b(?:Dritte|Partner|Kunden|Empfänger)|\bwir (?:geben|übermitteln|verkaufen|lizenzieren|teilen)\b.*\b(?:Dritte|Partner|Kunden|Empfänger)",
        ),
        adequacy: re(r"\bAngemessenheit\w*|\bangemessene[sn]? Schutzniveau\b"),
        copy: re(r"\bKopien?\b|\bAbschrift\b"),
        period: re(
            r"\b(?P<n>\d{1,3}|einen?|zwei|drei|vier|fünf|sechs|zwölf|achtzehn|vierundzwanzig|sechsunddreißig)\s+(?:(?P<months>Monate?n?)|(?P<years>Jahre?n?))\b",
        ),
        keeping: re(r"\b(?:\w*speicher\w*|gelöscht|löschen|Löschung|aufbewahr\w*|Aufbewahrung\w*)\b"),
        open_ended: re(
            r"\b(?:so ?lange|bis)\b[^.]*\b(?:notwendig|nötig|erforderlich|benötigt|gebraucht|sinnvoll|relevant)\b|\bunbefristet\b|\bauf unbestimmte Zeit\b|\bfür (?:eine|einen) angemessenen? (?:Zeit|Zeitraum|Dauer)\b",
        ),
        restarted: re(
            r"\b(?:Frist|Zeitraum|Dauer|Monate|Jahre)\b[^.]*\b(?:beginnt (?:neu|von neuem|von vorn|erneut)|verlängert sich|(?:neu|erneut) zu laufen|startet neu)\b|\b(?:ab|seit|nach) (?:der|jeder|Ihrer) (?:letzten|jüngsten|nächsten)? ?(?:Aktualisierung|Änderung|Aktivität)\b",
        ),
        rights: [
            right("A13", "access", r"\bAuskunft\w*", 15),
            right("A14", "rectification", r"\bberichtig\w*|\bkorrigier\w*", 16),
            right("A15", "erasure", r"\blösch(?:ung|en)\b|\bgelöscht\b|\bVergessenwerden\b", 17),
            right("A16", "restriction", r"\beinschränk\w*|\beingeschränkt\b", 18),
            right("A17", "objection", r"\bwiderspr(?:uch|echen|ichst|icht)\w*", 21),
            right("A18", "data portability", r"\bDatenübertrag\w*|\bÜbertragbarkeit\b", 20),
        ],
        may: re(r"\b(?:Sie (?:können|dürfen|haben)|können Sie|dürfen Sie|haben Sie|verlangen|fordern)\b"),
        right_to: re(r"\bRechte? (?:auf|der|zur|zum)\b|\bIhre Rechte\b|\bfolgenden? Rechte\b|\bdas Recht\b"),
        withdraw: re(r"\bwiderruf\w*|\bzurückzieh\w*"),
        complain: re(r"\bbeschwer(?:de|den|en)\b|\bBeschwerderecht\b"),
        public: re(r"\böffentlich\w*"),
        not_public: re(
            r"\bnicht[- ](?:allgemein )?öffentlich\w*|\bnichtöffentlich\w*|\bnicht (?:frei |allgemein )?zugänglich\b",
        ),
        automated: re(r"\bautomatisiert\w*|\bautomatisch\w*|\bProfiling\b"),
        automated_logic: re(r"\bLogik\b"),
        automated_effect: re(r"\bFolgen?\b|\bAuswirkung(?:en)?\b|\bTragweite\b|\bWirkung(?:en)?\b"),
        marketing: re(r"\b(?:Direkt)?werbung\b|\bDirektmarketing\b|\bWerbezwecken?\b"),
        object: re(r"\bwiderspr(?:uch|echen|ichst|icht)\w*"),
        other_right: re(
            r"\bAuskunftsrecht\b|\bRecht auf (?:Auskunft|Berichtigung|Löschung|Einschränkung|Daten|Beschwerde)|\bBerichtigung\b|\bDatenübertragbarkeit\b|\bEinschränkung der Verarbeitung\b|\bAufsichtsbehörde\b",
        ),
        free: re(
            r"\bkostenlos\w*|\bkostenfrei\w*|\bunentgeltlich\w*|\bgebührenfrei\w*|\bgratis\b|\bohne Kosten\b|\bkostet (?:Sie )?nichts\b|\bkeine Kosten\b",
        ),
        reply: re(r"\bantwort\w*"),
        one_month: re(
            r"\b(?:innerhalb|binnen|in|spätestens)\b[^.]*\b(?:eine[sm]|1|ein) Monat(?:e?s)?\b|\bMonatsfrist\b",
        ),
        collected: re(
            r"\b(?:erhoben|erhalten|erfasst) am\b|\bam\b[^.]{0,30}\b(?:erhoben|erhalten|erfasst)\b|\bErhebungsdatum\b",
        ),
        hurdle: re(
            r"\b(?:Kopie|Scan|Foto) (?:Ihres|eines) (?:Personal)?(?:ausweis|reisepass|pass)\w*|\bAusweiskopie\b|\b(?:melden|loggen) Sie sich\b[^.]*\b(?:an|ein)\b|\bKonto an(?:legen|zulegen)\b|\beinloggen\b|\bregistrieren Sie sich\b",
        ),
        advertising: re(
            r"\bjetzt (?:kaufen|bestellen|buchen|testen|anmelden|sichern|registrieren)\b|\b(?:Sonder|Vorteils)angebot\w*|\bRabatt\w*|\b\d{1,3} ?% (?:Rabatt|Nachlass|günstiger|sparen)|\bNewsletter (?:abonnieren|anmelden)\b|\babonnieren Sie\b|\b(?:Demo|Termin|Beratungsgespräch) (?:vereinbaren|buchen)\b|\bkostenlos(?:e[nr]?)? (?:testen|Testversion|Demo|Probe\w*)\b|\bnur für kurze Zeit\b|\bVorzugspreis\b|\bentdecken Sie\b|\bunser(?:e|en)? (?:neue[ns]?|aktuelle[ns]?) (?:Angebote?|Produkte?|Katalog)\b|\bWebinar\b",
        ),
        empty_word: re(
            r"[:=,(]\s*(?:null|none)\b|^(?:null|none)[.,!]?$|\b(?:nan|undefined)\b|\b(?:am|von|bei|für|hallo|geehrter?|Tag) (?:null|none)\b",
        ),
        salutation: re(
            r"\b(?:sehr geehrte[rs]?|geehrte[rs]?|liebe[r]?|guten (?:tag|morgen|abend)|hallo|grüß gott),?\s+(?:herrn?|frau|fräulein)\b|^\s*(?:herrn?|frau)\s+\S",
        ),
        silence: re(
            r"\bstimmen Sie\b[^.]*\bzu\b|\bSie stimmen\b[^.]*\bzu\b|\bwilligen Sie\b[^.]*\bein\b|\bSie willigen\b[^.]*\bein\b|\bgilt\b[^.]*\b(?:als )?(?:Zustimmung|Einwilligung|Einverständnis|erteilt)\b|\bgehen wir (?:davon aus|von (?:Ihrem|Ihrer))\b[^.]*\b(?:einverstanden|Einverständnis|Zustimmung|Einwilligung|zustimmen)\b|\berklären Sie sich\b[^.]*\beinverstanden\b|\b(?:Schweigen|keine Antwort)\b[^.]*\b(?:Zustimmung|Einwilligung|Einverständnis)\b|\bdurch die weitere Nutzung\b",
        ),
        no_sharing: re(
            r"\b(?:geben|verkaufen|teilen|übermitteln|reichen)\b[^.]*\b(?:nicht|nie|niemals)\b|\b(?:nicht|nie|niemals|keine Daten) (?:an Dritte )?(?:weiter(?:gegeben|geleitet|gereicht)?|verkauft|geteilt|übermittelt)\b|\bkeine (?:Weitergabe|Übermittlung)\b",
        ),
        limited: re(
            r"\b(?:bevor|vor|erst|bis|außer|andere[nr]?|weitere[nr]?|sonst(?:ige[nr]?)?|darüber|sofern|solange|wenn|besondere[nr]?|sensible[nr]?)\b",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles_and_two_languages_have_rules() {
        for lang in ["en", "de"] {
            assert_eq!(Words::of(lang).map(|words| words.lang), Some(lang));
        }
        assert!(Words::of("fr").is_none());
    }

    #[test]
    fn the_basis_is_recognized_as_it_is_commonly_cited() {
        for text in ["Article 6(1)(f) GDPR", "Art. 6 (1) f", "article 6(1), point (f)", "Art. 6(1) lit. f GDPR"] {
            assert!(ENGLISH.basis_f.is_match(text), "{text}");
        }
        for text in [
            "Art. 6 Abs. 1 lit. f DSGVO",
            "Artikel 6 Absatz 1 Buchstabe f",
            "Art. 6 Abs. 1 S. 1 lit. f",
            "Art. 6 (1) (f) DSGVO",
            "Art. 6 Abs. 1 Satz 1 Buchst. f",
        ] {
            assert!(GERMAN.basis_f.is_match(text) && !GERMAN.basis_a.is_match(text), "{text}");
        }
        assert!(GERMAN.basis_a.is_match("Art. 6 Abs. 1 lit. a DSGVO"));
    }
}
