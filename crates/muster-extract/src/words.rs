//! The word lists that rules share, in seven languages: what is no name, what is a role, what speaks of people.
//!
//! Lists hold folded words (lower case, no marks). They describe words of business pages, never persons.
//!
//! Invariant: folding is idempotent, and every list holds folded words only.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Folds a word: lower case, without marks; `ß` becomes `ss`.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|&c| !is_combining_mark(c)) {
        match c {
            'ß' | 'ẞ' => folded.push_str("ss"),
            'ø' | 'Ø' => folded.push('o'),
            'ł' | 'Ł' => folded.push('l'),
            'æ' | 'Æ' => folded.push_str("ae"),
            'œ' | 'Œ' => folded.push_str("oe"),
            '’' => folded.push('\''),
            c => folded.extend(c.to_lowercase()),
        }
    }
    folded
}

/// Folds a text and splits it into words of letters and digits.
pub(crate) fn folded_words(text: &str) -> Vec<String> {
    fold(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Words that no person's name holds: of menus, headings, departments, organisations, places, the calendar.
const NOT_NAME: &str = "\
aanbod ab about above academic academy access accessibility account accounts accueil acerca actualites address \
adhesion adresse agb agence agency agenda agentur aide aktualnosci aktuell aktuelles all alle allgemein \
allgemeine alliance alumni am america analytics and anfahrt anfrage anfragen angaben angebot angebote anreise \
anschrift ansprechpartner ansprechpartnerin ansprechpartnerinnen app application applications apply apps aps \
arbeit archive are area areas articles artikel associates association at atelier aufgaben aus australia austria \
auto automation avec aviso award awards azienda back bahn bank basic bedrijf bedrijven bei beirat belgium \
beratung bereich berlin berufe besuchen better big bij bis blog board book booking books branche brand brands \
broschure brothers browse bundesamt bureau buro bursary bus business by calidad call campaign campus canada \
capital card care career careers casa case cases catalogo center centre certificate chamber chancen chat chez \
cie city class client clientes clients cloud club code collection college comment commercial commission \
committee committees common community companies company compliance computing con condiciones conditions \
conference confidentialite connect conseil construction consulting contact contactgegevens contacto contacts \
contatti content contents cookie cookies coordonnees copyright corp corporate corporation council counter \
country courses credit credits culture customer customers cyber daily dans data dataset date datei daten \
datenschutz datum december decouvrir deep default delivery departement department departments des design designs \
detail details deutschland development dezember di diagnostics die diensten digital direction directions \
directory discover division divisions dla docs documentation documents donate donnees dove download downloads \
drive east editeur editorial education einkauf einstellungen email emails emeritus empleo emploi emplois \
employees empresa en energie energy engineering england english enquiries enterprise entreprise environment \
equipe equipo error espace espana et europe evenements event eventi events every excellence executive expertise \
explore external facebook facilities facts faculty family faq faqs fax features februar february federal \
feedback finance financial find firm firma firmie first folgen following for form formacion formation forms \
forum foundation founders france free freight friday from full function funktion future galerie gallery gegevens \
gemeinde general generales germany geschaftsfuhrung geschaftsleitung geschaftsstelle gesellschaft gestion get \
getting github global gmbh go google governance government great group gruppe guide guides haftung \
haftungsausschluss haltestelle hamburg hauptsitz head headquarters health hebergement hebergeur help here hier \
high highlights hilfe hinweise histoire historia history holding home hosting hotline hours house how human \
hybrid ihr ihre im image images important impressum imprint in inc index industrial industries industry info \
informatie information informationen infrastructure inicio initiative innovation innovations insights instagram \
institut institute institution instruments insurance integration intelligence interior international internet \
internship investment investor investors ireland is issues it italia italy januar january jetzt job jobs join \
journal juli july juni kanzlei kariera karriere kategorie kategorien key keynote kft kingdom klanten klienci \
know knowledge kontakt kontakte konzern kultur kunden kundenstimmen kurse la lab labor laboratories laboratory \
labs landesamt language last latest lavora leadership learn learning legal legales lehre leistungen leitbild \
leitung les lesson letter lettre library licence license licensing lieferung life limited linkedin links list \
live llc llp local location locations log login logistics logistik logout ltd mail main maintenance make making \
management manager managers manufacturing map market marketing markets materials mechanical medewerkers media \
mediathek medical medien medium meet meeting mehr mein meine member members membership mentions menu merger \
message messe met metiers ministere ministerium ministry mission mit mitarbeiter mitarbeiterinnen mitglied \
mitglieder mobil mobile mode modern monday montag more munchen museum nach nachhaltigkeit nachrichten name nas \
national navigation nederland netherlands network new news newsletter next nieuws night nord north nos nosotros \
nostra nostro not note notice noticias notizie notre nous nouveautes nouvelles november nuestra nuestro nuestros \
nur o ober objects october oder of oferta offene offer offers office offices official offres ohne oktober on one \
online onze open opening opennlp operations opinion option options or order orders organisation organization ost \
osterreich other our out outreach over overview oy oyj pages papers par para parking parkplatz part partenaires \
partner partners partnership pdf people performance personal personnel phone photo photos physical pictures plan \
planning plans platform plc please point poland policies policy politica politique polityka polska popular port \
portal portfolio posts pour pourquoi practice praxis premium present presentation press presse pressekontakt \
prices pricing privacidad privacy private procurement prodotti product producten production products produits \
produkte produktion produkty profil profile progetti program programm programme programs progress project \
projects projekt projekte projet projets property proyectos prywatnosci pty public publication publications \
publikationen publishing purchase purchasing qualitat quality questions qui quick quienes rates ready \
realisations recent recht rechtliches recrutement references referenzen region regional register registration \
reglement regulamin regulatory rejoindre related relations remote report reports republique research reseau \
reservation resource resources responsibility ressources results retail returns review reviews rights road room \
royal rss rufen s-bahn safety sales sans sarl saturday savoir schnell school schreiben schulung schulungen \
schweiz science sciences scientists scotland search secretariat section sector secure security sede see seit \
seite seiten sektion select self seminar seminare send senden september series server service services servicios \
servizi session sessions settings shared shipping shop show siamo sie sign sin site sitemap sites skills smart \
social societe societies society software sohne soluciones solution solutions soluzioni sommes somos sonntag \
sons source south sozial spain special specialist specials spenden spolka sponsoren sponsors sponsorship \
spotlight sprechzeiten srl stadt staff standard standards standort standorte start startseite startup state \
states statistics status steering stellen stellenangebote step steps stiftung store stores storia stories story \
strategic strategy street strona structure studio studios studium submit subscribe success suche sud suisse \
summary sunday super suppliers supply support sur surveyors sustainability svenska switzerland system systems \
table tags talk talks team teams technical technik technologie technologies technology telefon telefonzentrale \
telephone terms testimonials text that the their these this thursday tickets time times title today tools top \
topics tour tous toutes trabaja trade training transport travel treaty tuesday tutorial twitter u-bahn uber \
ubersicht umwelt und under union unit united universal universitat university unser unsere unternehmen upcoming \
update updates us use useful user users uslugi vacatures value values verein vereinigung verkauf versand vertrag \
vertrieb verwaltung via video videos vie view vision visit voir voor vor vorstand vos votre we wealth web \
webinar webinars website wednesday week wegbeschreibung weiter weitere welcome welkom welt werken werkstatt what \
when where white who why wien wij willkommen wir wissen with within without work working workplace works \
workshop workshops world write year years yes you your youtube zentrale zertifikate zertifizierung zespol ziele \
zonder zubehor zum zur zurich zusammenarbeit";

/// Whole words that name a role.
const ROLE_WORDS: &str = "\
abogada abogado accountmanager acheteur acheteuse actor actress actuary addetta addetto admin administrador \
administradora administrateur administrator administratorin administratrice adviser advisor adwokat agent \
analyst analystin animateur animator animatrice anwalt anwaltin apotheker apothekerin architect architecte \
architekt architektin archivar archivarin arzt arztin asesor asesora assistant assistante assistent assistentin \
assistenz associate asystent asystentka attache attorney auditor auszubildende auszubildender author autor \
autorin avocat avocate avvocata avvocato azubi backer backerin backoffice baker banker barrister bartender \
beauftragte beauftragter beekeeper beheerder berater beraterin bestuurder bestuurslid betriebsleiter \
betriebsleiterin betriebsrat bibliothekar bibliothekarin biologist boekhouder boekhoudster bookkeeper brewer \
broker buchhalter buchhalterin builder bursar bursary buyer cantor caretaker carpenter cco cdo ceo cfo chair \
chairman chairperson chairwoman chancellor charge chargee chargees charges chauffeur chef cheffe chemist \
chercheur chercheuse chief choreographer chro cio cleaner clerk cmo coach cofounder comercial commercialista \
commissioner committer committers composer comptable conseiller conseillere consejera consejero consulente \
consultant consultante contable contributor contributors controller controllerin conveyancer coo cook \
coordinador coordinadora coordinateur coordinator coordinators coordinatrice copywriter counsel counsellor \
courier cpo craftsman cro cso cto cuisinier curator dachdecker dancer dean dekan dekanin deputy designer \
designerin developer developers developpeur developpeuse diakon directeur director directora directors \
directrice direttore direttrice dirigent dispatcher disponent disponentin doctor doktorand doktorandin dottore \
dozent dozentin dramaturg dramaturgin driver dyrektor dyrektorka economist editor editors eigenaar einkaufer \
einkauferin ejecutivo electrician elektriker elektroniker empfangsdame encargada encargado engineer \
engineer-in-chief engineers enseignant enseignante entwickler entwicklerin erzieher erzieherin estimator \
executive expert experte expertin fachberater fachberaterin fachkraft facilitator fahrer fellow fellows fitter \
fliesenleger florist floristin fondateur fondatrice foreman formateur formatrice forscher forscherin fotograf \
fotografin founder founders founding friseur friseurin fundador fundadora gardener gartner gartnerin geologist \
geometra gerant gerante gerente geschaeftsfuehrer geschaeftsfuehrerin geschaftsfuhrende geschaftsfuhrender \
geschaftsfuhrer geschaftsfuhrerin geschaftsstellenleiter gesellschafter gesellschafterin gestionnaire gf \
goldschmied graduate graphiste griffier grunder grunderin guide handler handlowiec hausmeister head hebamme \
hoofd huissier illustrator impiegata impiegato infirmier infirmiere ingegnere ingeniera ingeniero ingenieur \
ingenieurin inhaber inhaberin inspector instructor intendant intendantin intern interpreter investigator \
inzynier jefa jefe joiner journalist journalistin jurist juriste juristin kantor kassenwart kassenwartin kassier \
kauffrau kaufmann kellner kellnerin kierowniczka kierownik koch kochin kommunikation konsultant koordinator \
koordinatorin ksiegowa ksiegowy kurator kuratorin lagerist lageristin lawyer lead leader lecturer lehrer \
lehrerin leitende leitender leiter leiterin leitung lektor lektorin librarian logistiker machinist magasinier \
magazynier magazziniere maintainer maintainers maitre manager managerin managers managing marketer mechanic \
mechaniker mechanikerin mechatroniker mechatronikerin medecin medewerker medewerkster mediengestalter \
mediengestalterin meister meisterin member metzger midwife mitarbeiter mitarbeiterin model moderator monteur \
musician notaire notar notarin notariusz nurse ober oberarzt oberarztin obfrau obmann officer operario operator \
optician optiker optikerin organiser organist organizer owner padagogin paralegal partner partnerin pedagoge \
pfarrer pharmacien pharmacienne pharmacist photographer physician physicist physiotherapeut physiotherapeutin \
pilot planer planerin planner plumber porter postdoc postdoctoral pracownik praktikant praktikantin prasident \
prasidentin president presidenta presidente presidential prezes principal processor producer professor \
professorin programmer programmierer programmiererin projectleider projektleiter projektleiterin projektleitung \
prokurist prokuristin proprietor provost psychologe psychologin publisher radca ragioniera ragioniere \
recepcionista receptionist rechtsanwalt rechtsanwaltin recruiter recruiterin redacteur redactrice redakteur \
redakteurin redattore referent referentin regisseur registrar rektor rektorin reporter representante \
representative researcher responsabile responsable reviewer rezeptionist rezeptionistin sachbearbeiter \
sachbearbeiterin sachbearbeitung sales salesman schatzmeister schatzmeisterin schlosser schreiner schriftfuhrer \
schriftfuhrerin schulleiter schulleiterin scientist secretaire secretaresse secretaria secretario secretary \
segretaria segretario sekretar sekretariat sekretarin sekretarka serveur serveuse servicetechniker \
servicetechnikerin singer socia socio solicitor sommelier speaker specialist specialista specjalista \
specjalistka spezialist spezialistin spokesman spokesperson spokeswoman sprecher sprecherin staatssekretar \
statiker statistician stellvertretende stellvertretender stellvertreter stellvertreterin steuerberater \
steuerberaterin steuerfachangestellte steward strategist student studentin stylist stylistin superintendent \
supervisor surgeon surveyor teacher teamlead teamleader teamleider teamleiter teamleiterin teamleitung \
technician technicien technicienne techniker technikerin technologist technologue tecnica tecnico tecnicos \
therapeut therapeutin therapist tierarzt tierarztin tischler titolare toezichthouder trader trainee trainer \
trainerin translator treasurer tresorier tresoriere trustee trustees tutor ubersetzer ubersetzerin \
undersecretary underwriter unternehmer unternehmerin valuer vendeur vendeuse verkaufer verkauferin vermesser \
vermesserin vertegenwoordiger vertriebler verwalter verwalterin veterinarian vice vicepresident vicepresidente \
videographer vizeprasident volontar volontarin voorzitter vorsitzende vorsitzender vorstand vorstande vorstandin \
vorstandsmitglied vorstandsvorsitzende vorstandsvorsitzender vp waiter waitress warden webmaster welder \
werkmeister werkstattleiter werkstudent werkstudentin wirtschaftsprufer wirtschaftspruferin wissenschaftler \
wissenschaftlerin wissenschaftliche wissenschaftlicher wlasciciel worker writer wspolnik zaakvoerder zahnarzt \
zahnarztin zarzadca zastepca zimmerer";

/// Words that name a role and are names of people as well.
const ROLE_AND_NAME: &str = "\
backer backerin baker brewer burmeister cantor carpenter clerk cook dachdecker dancer dean driver fahrer fellows \
fitter forscher gardener gartner goldschmied guide head hofmeister joiner kantor kaufmann koch meister metzger \
model ober organist pfarrer pilot plumber porter provost schlosser schreiner singer steward tischler trader \
waiter warden welder zimmerer";

/// Endings of German and Dutch compounds that name a role.
const ROLE_ENDINGS: &[&str] = &[
    "leiter",
    "leiterin",
    "leitung",
    "leitender",
    "fuhrer",
    "fuhrerin",
    "manager",
    "managerin",
    "berater",
    "beraterin",
    "entwickler",
    "entwicklerin",
    "techniker",
    "technikerin",
    "ingenieur",
    "ingenieurin",
    "meister",
    "meisterin",
    "referent",
    "referentin",
    "sprecher",
    "sprecherin",
    "assistent",
    "assistentin",
    "assistenz",
    "assistant",
    "bearbeiter",
    "bearbeiterin",
    "verantwortliche",
    "verantwortlicher",
    "beauftragte",
    "beauftragter",
    "vorsitzende",
    "vorsitzender",
    "trainer",
    "trainerin",
    "koordinator",
    "koordinatorin",
    "redakteur",
    "redakteurin",
    "kaufmann",
    "kauffrau",
    "monteur",
    "mechaniker",
    "mechanikerin",
    "designer",
    "designerin",
    "anwalt",
    "anwaltin",
    "architekt",
    "architektin",
    "spezialist",
    "spezialistin",
    "mitarbeiter",
    "mitarbeiterin",
    "kraft",
    "angestellte",
    "angestellter",
    "planer",
    "planerin",
    "controller",
    "verwalter",
    "verwalterin",
    "disponent",
    "disponentin",
    "prasident",
    "prasidentin",
    "direktor",
    "direktorin",
    "sekretar",
    "sekretarin",
    "wissenschaftler",
    "wissenschaftlerin",
    "medewerker",
    "adviseur",
    "directeur",
    "chef",
    "chefin",
    "grunder",
    "grunderin",
    "inhaber",
    "inhaberin",
    "partner",
    "engineer",
    "obmann",
];

/// Words of departments and fields that often stand alone as somebody's role.
const FIELD_WORDS: &str = "\
accounting achats acquisti administration amministrazione auftragsabwicklung auftragsannahme ausbildung \
aussendienst buchhaltung commercial commerciale communication communications compliance compras comptabilite \
customer design development direction disposition einkauf empfang engineering entwicklung finance finanzen \
fundraising geschaftsfuhrung geschaftsleitung hr human inkoop innendienst investor it kommunikation konstruktion \
ksiegowosc kundenbetreuung kundendienst kundenservice lager legal logistics logistik marketing media \
offentlichkeitsarbeit operations people personal personalwesen pr press presse procurement product produktion \
projektmanagement public purchasing qualitatssicherung quality reception recht recruiting relations sales \
sekretariat service sprzedaz support technik vendite ventas ventes verkauf verkoop versand vertrieb \
vertriebsinnendienst verwaltung werkstatt";

/// Words of a heading that announce people.
const PEOPLE_WORDS: &str = "\
advisors ansprechpartner ansprechpartnerin ansprechpartnerinnen aufsichtsrat authors autoren beirat bestuur \
board bureau coaches collaborateurs collaborators comite committee committers conseil consejo contributors \
coordinators council crew direction directors dirigeants dozenten editors employees equipe equipo experten \
experts faculty fellows founders geschaftsfuhrung geschaftsleitung geschaftsstelle grunder intervenants \
kontaktperson kontaktpersonen koordinatoren kopfe leadership lehrkrafte leitung maintainers management \
medewerkers members mitarbeiter mitarbeiterinnen mitglieder officers organisatoren organisers organizadores \
organizers partners people personen personnel ponentes prelegenci presidium prezydium redaktion referenten \
referentinnen relatori researchers rzad scientists speakers sprecher sprekers squadra staff team teams trustees \
volunteers vorstand vorstande who zarzad zespol";

/// Words that only announce people and say nothing of what they do.
const PLAIN_PEOPLE_WORDS: &str = "\
ansprechpartner ansprechpartnerin ansprechpartnerinnen collaborateurs crew employees equipe equipo experten \
experts intervenants kontaktperson kontaktpersonen kopfe medewerkers mitarbeiter mitarbeiterinnen people \
personen personnel ponentes referenten relatori speakers sprekers squadra staff team teams who zespol";

/// Words of a heading over people who are no longer there.
const FORMER_WORDS: &str = "emeritus emeriti former ehemalige ehemaliger past alumni anciens anciennes antiguos memoriam honorary verstorben retired voormalige byli";

/// Words by which an organisation without a legal form is known.
const ORGANIZATION_WORDS: &str = "\
academy agency agentur akademie amt associates association bank bibliothek brewery bundesamt bundesministerium \
centre chamber church city collective college company consulting cooperative corporation council department \
direction energie energy faculty federation fondation foods forschungszentrum forum foundation freight gemeinde \
genossenschaft group gruppe handwerkskammer hochschule holding hospital industries institut institute \
instruments journal kammer kanzlei klinik klinikum krankenhaus kreis laboratories labs landesamt landkreis \
landratsamt logistics logistik magazine media ministere ministerium ministry museum network office partners \
partnership pharmaceuticals polytechnic port praxis publishers republique school schule shipping societe society \
software solutions stadt stadtwerke stiftung studio studios systems technologies trust umwelt union universidad \
universita universitat universite universiteit university uniwersytet verband verbund verein verlag werke works";

/// Mailboxes of a function that RFC 2142 and the model's list do not hold.
const FUNCTION_MAILBOXES: &str = "\
abo abteilung academy accounts agentur aktion allgemein anmeldung annahme archiv atelier auftraege auftrag \
ausbildung ausstellung bank berlin bestellungen bewerbungen bibliothek board booking bookkeeping branch bureau \
cafe callcenter camp campus catering center chat church clinic club company concierge contracts corporate \
customer customercare customers customerservice demo design desk dev digital director direkt dispatch dispatcher \
dispo donate donations drucker edition editor editorial education einsatz elternbeirat enquire entwicklung event \
facility family farm feuerwehr filiale finanzen firma fleet foerderverein fortbildung forum fragen franchise \
frontdesk fundraising gallery gemeinde general geschaeftsfuehrung geschaeftsleitung geschaeftsstelle gf global \
group gruppe guestservices hausverwaltung helpline host hotel hotline ideas immobilien info2 inquiry inside \
institut international internet investor investors invoice invoices ir it kanzlei kasse klinik koordination \
kunden kundenbetreuung kundencenter kurse lab labor lager landesverband leads legal lehre leitung leser \
leserbriefe library listen lists literatur logistics logistik magazin mailing management manager market me \
member members membership messe metadata mitglieder mitgliederservice museum network newsroom notdienst notfall \
office2 ombudsmann online onlineshop operations ops orga organisation organizers outreach parking parts payroll \
people pflege photo planung platz point portal postfach pr praesidium pressestelle pressoffice privacyofficer \
production produkte produktion program programm project projekt projekte purchase qm qualitaet quality questions \
quote quotes rechnungen rechnungswesen referat register registration rental reparatur request research \
reservation reservations reservierung reservierungen returns room safety schule schulung science secretary \
sekretariat seminar seminare services shipping sicherheit site sommelier soporte spenden sponsoring sponsors \
stadt standort stellen stoerung stoerungen store storno studio studium success system tagungen talent teams \
techsupport telefon theater tickets tour tourismus trade training transport travel treasury uebersetzung umwelt \
unit university update user verband verein vermietung versand verwaltung video visit volunteer vorsitz vorstand \
warehouse web webadmin webinfo webshop website werbung wholesale wir wissenschaft work workshop world www \
zeitung zentral";

macro_rules! set {
    ($name:ident, $list:expr) => {
        fn $name() -> &'static BTreeSet<&'static str> {
            static WORDS: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| $list.split_whitespace().collect());
            &WORDS
        }
    };
}

set!(not_name, NOT_NAME);
set!(role_words, ROLE_WORDS);
set!(role_and_name, ROLE_AND_NAME);
set!(field_words, FIELD_WORDS);
set!(people_words, PEOPLE_WORDS);
set!(plain_people_words, PLAIN_PEOPLE_WORDS);
set!(former_words, FORMER_WORDS);
set!(organization_words, ORGANIZATION_WORDS);
set!(function_mailboxes, FUNCTION_MAILBOXES);

/// Returns whether a folded word cannot be part of a person's name.
pub(crate) fn is_no_name(word: &str) -> bool {
    let length = word.chars().count();
    let abstract_noun = (length >= 9 && (word.ends_with("ung") || word.ends_with("ungen")))
        || (length >= 8
            && ["schaft", "schaften", "tion", "tions", "tionen", "ment", "heit", "keit"]
                .iter()
                .any(|end| word.ends_with(end)));
    let role = is_role_word(word) && !role_and_name().contains(word);
    not_name().contains(word) || role || abstract_noun
}

/// Returns whether a folded word names a role.
pub(crate) fn is_role_word(word: &str) -> bool {
    if role_words().contains(word) || word.strip_suffix('s').is_some_and(|singular| role_words().contains(singular)) {
        return true;
    }
    // Who is said to be the one to ask has not been given a job by that.
    if word.starts_with("ansprechpartner") || word.starts_with("kontaktp") {
        return false;
    }
    // A compound needs something before its ending: `Leiter` is in the list, `Leiterer` is a name.
    ROLE_ENDINGS.iter().any(|ending| word.len() >= ending.len() + 3 && word.ends_with(ending))
}

/// Returns whether a folded word names a department or field of work.
pub(crate) fn is_field_word(word: &str) -> bool {
    field_words().contains(word)
}

/// Returns whether a heading announces people.
pub(crate) fn announces_people(text: &str) -> bool {
    folded_words(text).iter().any(|word| people_words().contains(word.as_str()) || is_group_word(word))
}

/// Returns whether a heading says what the people below it do, not only that they are there.
pub(crate) fn announces_role(text: &str) -> bool {
    let words = folded_words(text);
    let of_group = |word: &String| {
        (people_words().contains(word.as_str()) && !plain_people_words().contains(word.as_str())) || is_group_word(word)
    };
    words.iter().any(of_group) && !words.iter().any(|word| plain_people_words().contains(word.as_str()))
}

/// A role in the plural that may stand over a list.
fn is_group_word(word: &str) -> bool {
    word.strip_suffix('s').is_some_and(|singular| singular.len() > 3 && role_words().contains(singular))
}

/// Returns whether a heading is about people who have left.
pub(crate) fn announces_former(text: &str) -> bool {
    folded_words(text).iter().any(|word| former_words().contains(word.as_str()))
}

/// Returns whether a text holds a word by which organisations are known.
pub(crate) fn has_organization_word(text: &str) -> bool {
    folded_words(text).iter().any(|word| organization_words().contains(word.as_str()))
}

/// Returns whether the local part of an address names a function.
pub(crate) fn is_function_mailbox(local_part: &str) -> bool {
    let local = fold(local_part).replace("ae", "a").replace("oe", "o").replace("ue", "u");
    let known = |word: &str| {
        function_mailboxes().contains(word)
            || function_mailboxes()
                .iter()
                .any(|function| function.replace("ae", "a").replace("oe", "o").replace("ue", "u") == word)
    };
    // A word of menus and departments is nobody's name, so it is no person's mailbox.
    known(&local) || is_no_name(&fold(local_part)) || local.split(['.', '-', '_', '+']).next().is_some_and(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_hold_folded_words() {
        for list in
            [not_name(), field_words(), people_words(), former_words(), organization_words(), function_mailboxes()]
        {
            let unfolded: Vec<&&str> = list.iter().filter(|word| fold(word) != **word).collect();
            assert!(unfolded.is_empty(), "{unfolded:?}");
        }
    }

    #[test]
    fn compounds_name_roles_and_surnames_do_not() {
        for word in ["projektleiterin", "werkstattleiter", "geschaftsfuhrer", "director", "pressesprecherin"] {
            assert!(is_role_word(word), "{word}");
        }
        for word in ["berger", "hartung", "jung", "kessler", "petersen", "christian", "brandl", "park", "vale"] {
            assert!(!is_no_name(word), "{word}");
        }
        assert!(is_no_name("qualitatssicherung") && is_no_name("management"));
    }

    #[test]
    fn headings_are_told_apart() {
        assert!(announces_people("Unser Team") && announces_people("Core Package Contributors"));
        assert!(announces_role("Steering Council") && !announces_role("Our people") && !announces_role("Unser Team"));
        assert!(announces_former("Emeritus:") && !announces_former("Vorstand"));
        assert!(!announces_people("Our products"));
    }

    #[test]
    fn functions_are_told_from_people() {
        assert!(
            is_function_mailbox("ops") && is_function_mailbox("geschaeftsstelle") && is_function_mailbox("tickets")
        );
        assert!(!is_function_mailbox("o.quandel") && !is_function_mailbox("mueller"));
    }
}
