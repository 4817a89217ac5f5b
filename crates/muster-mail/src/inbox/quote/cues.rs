//! The words by which closing formulas, footers, warnings and advertisements are told, in seven languages and more.
//!
//! They are matched on folded text (lower case, `ä` as `ae`, no accents, no punctuation).
//!
//! Invariant: data only; how cues are weighed is in [`super::tail`].

use std::sync::LazyLock;

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

/// Room for the states of an automaton, in bytes; with less they are built again and again.
const AUTOMATON_BYTES_MAX: usize = 16 << 20;

/// Writes a pattern for folded text, which is ASCII in our languages: the automaton stays small.
fn folded(pattern: &str) -> String {
    pattern.replace(r"\w", "[0-9a-z_]").replace(r"\b", r"(?-u:\b)").replace(".{", "[ -~]{").replace(".*", "[ -~]*")
}

fn compiled(pattern: &str) -> Regex {
    let mut builder = RegexBuilder::new(&folded(pattern));
    builder.dfa_size_limit(AUTOMATON_BYTES_MAX).build().expect("constant patterns compile: a test runs them")
}

/// Joins alternatives; each stands for whole words.
fn words(alternatives: &[&str]) -> Regex {
    compiled(&format!(r"\b(?:{})\b", alternatives.join("|")))
}

/// Joins alternatives; each stands for the whole text.
fn whole(alternatives: &[&str]) -> Regex {
    compiled(&format!(r"^(?:{})$", alternatives.join("|")))
}

/// A line that holds only a picture or a link in brackets.
pub(super) static PICTURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(\[(cid:|image\b|inline image|bild\b|logo\b|https?:|data:)[^\]]*\]\s*(<[^>]*>)?\s*)+$")
        .expect("a constant pattern compiles")
});

/// Closing formulas, as whole lines.
pub(super) static CLOSING: LazyLock<Regex> = LazyLock::new(|| {
    whole(&[
        // English
        r"(with )?(my |our )?(very |the )?(kind|kindest|best|warm|warmest|many|friendly|sincere|cordial)( personal)? (regards|wishes|greetings)( from .{1,30})?",
        r"regards|all the best|best|all best|cheers|greetings|greets|(yours )?(very )?(sincerely|faithfully|truly)( yours)?|yours|respectfully( yours)?",
        r"rgds|brgds|br|kr|thx|tnx|ty|tia|take care|many thanks|have a (nice|good|great|lovely) (day|weekend|evening|week)",
        r"(many |much )?thanks( and .{1,30}| in advance| again| a lot| so much)?|(with )?thank(ing)? you( and .{1,30}| in advance| very much| so much| again| for your .{1,40})?",
        // German
        r"(mit )?(den )?(freundliche[nm]?|freundl|beste[nm]?|viele[nm]?|herzliche[nm]?|liebe[nm]?|schoene[nm]?|sonnige[nm]?|kollegiale[nm]?)( und .{3,15})? gr(ue|u)(ss|s)e?n?( (aus|von|nach|und|vom) .{1,30})?",
        r"mfg|m f g|lg|vg|bg|hg|mbg|mvg|glg|gr(ue|u)sse?|hochachtungsvoll|es gruesst( sie)?( .{1,30})?|mit hochachtung",
        r"(danke|dankeschoen)( und .{1,30}| im voraus| vorab| schon mal| vielmals| ihnen)?|(vielen|besten|herzlichen|lieben|schoenen) dank( und .{1,30}| im voraus| vorab| fuer (ihre|die|eure) .{1,30})?",
        r"(einen |noch )*(schoene[nsr]?|guten?) (tag|abend|woche|wochenende)( noch)?",
        // French
        r"(bien |tres |tres )?(cordialement|sincerement|amicalement|respectueusement)( votre| a vous)?|(bien )?(a vous|votre)|cdlt|cdt|bav|slts",
        r"((mes|nos|avec mes|avec nos|recevez mes|sinceres|meilleures|cordiales|respectueuses|bonnes) )*salutations( distinguees| cordiales| respectueuses| les meilleures)?",
        r"(avec (mes|tous mes) )?(remerciements)|(un grand )?merci( d ?avance| beaucoup| par avance| bien| et .{1,30}| de votre .{1,30}| pour votre .{1,30})?|bonne (journee|soiree|reception|fin de journee)( a vous)?",
        r"(veuillez|je vous prie|nous vous prions|recevez|dans lattente|en vous remerciant|vous remerciant).{0,140}",
        // Spanish
        r"(reciba[ns]? |recibe |le mando )?(un |unos )?((muy )?(cordial|cordiales|atento|atentos|fuerte|afectuoso|buen) )?(saludo|saludos|abrazo)( cordial(es)?| atentos?| de .{1,30}| y .{1,30})?",
        r"(muy |le saluda |les saluda )?(atentamente|cordialmente)|atte|(muchas |muchisimas |mil )?gracias( por .{1,40}| de antemano| y .{1,30})?|quedo a la espera.{0,60}|sin otro particular.{0,80}|que (tenga|tengan) .{0,20} dia",
        // Italian
        r"((i miei|piu|porgo|porgiamo|con i miei|con|tanti) )*(cordiali|distinti|migliori|cari) saluti|(tanti |i miei )?saluti|un (cordiale |caro )?saluto|cordialmente|distintamente|in fede|cordialita|con (stima|osservanza|cordialita)",
        r"(molte |tante )?grazie( mille| in anticipo| tante| e .{1,30}| per .{1,30})?|buona (giornata|serata)|buon (lavoro|pomeriggio)|(la |vi )?ringrazi(o|ando)( .{0,40})?|in attesa di .{1,60}",
        // Dutch
        r"(met )?(een )?(vriendelijke|hartelijke|beste|warme|zonnige|hoogachtende) (groet|groeten|groetjes|groeten uit .{1,20})( uit .{1,20})?|groet(en|jes)?( uit .{1,20})?|mvg|m vr gr|mvrgr|vr gr|gr|hoogachtend",
        r"(alvast )?(hartelijk |heel erg )?(bedankt|dank)( voor .{1,30}| alvast| en .{1,20}| bij voorbaat)?|dank (u|je)( ?wel)?( voor .{1,30})?|dankuwel|(nog een )?fijne (dag|avond|weekend|dag verder)( verder)?|fijn weekend",
        // Polish
        r"(z )?(wyrazami |wyraz )?(powazaniem|szacunku|szacunkiem|pozdrowieniami)|(serdecznie |z gory )?pozdrawia(m|my)( serdecznie| cieplo)?( .{1,30})?|(serdeczne |cieple )?pozdrowienia|pozdr|lacze wyrazy szacunku",
        r"(z gory |bardzo |serdecznie )?dzieku(je|jemy)( z gory| bardzo| za .{1,30}| i .{1,30})?|(zycze |zyczymy )?(milego|dobrego) (dnia|weekendu|wieczoru)",
        // Others
        r"(com os )?(melhores |meus )?cumprimentos|atenciosamente|att|obrigad[oa]|abracos?|(med )?(vaenliga|vennlig|venlig|baesta|beste|hjertelig|de bedste) (haelsning(ar)?|hilsen|hilsner)|hilsen|haelsningar|mvh|(ystaevaellisin |parhain )?terveisin|terv|s pozdravem|dekuj(i|eme)",
    ])
});

/// What mail programs and telephones add of themselves, as whole lines.
pub(super) static MOBILE: LazyLock<Regex> = LazyLock::new(|| {
    whole(&[
        r"((this|the) (e ?mail|message|mail) (was|has been) )?sent (from|via|with|using|by|through|on) .{2,80}|from my (iphone|ipad|android|phone|mobile|samsung|galaxy).{0,40}|get outlook for .{2,40}|sent with proton.{0,40}|typed .{0,20} (thumb|phone|mobile).{0,40}|(please )?(excuse|forgive|pardon) .{0,20}(typos|brevity).{0,60}|download (outlook|the .{0,20} app).{0,40}",
        r"vo[nm] (meine[mr] )?.{2,60} (gesendet|geschickt|versendet|geschrieben|verschickt)|vo[nm] meine[mr] .{2,40}|gesendet (mit|von|ueber|aus|via) .{2,80}|mobil gesendet|outlook fuer .{2,20} (beziehen|herunterladen|holen)|(holen|laden) sie (sich )?outlook .{2,40}|(diese|die) (nachricht|e ?mail|mail) wurde (von|mit) .{2,80} (gesendet|verfasst|geschrieben)|(verfasst|unterwegs geschrieben|gesendet) (auf|am|mit) .{2,40}",
        r"envoye (de|depuis|a partir de|par|avec|via|du|a laide de) .{2,80}|telecharge[rz] outlook pour .{2,30}|obtenez outlook pour .{2,30}|provenance (courrier|:).{0,40}",
        r"enviad[oa] (desde|con|a traves de|mediante|por) .{2,80}|obten(er|ga) outlook para .{2,30}|descarg(ar|ue|a) outlook .{0,40}|enviado do meu .{2,40}",
        r"inviat[oa] (da|dal|dalla|dallapp|con|tramite|via|col) .{1,80}|(ottieni|scarica) outlook per .{2,30}",
        r"(verzonden|verstuurd|gestuurd) (vanaf|met|van|via|vanuit|door) .{2,80}|(download|krijg|haal|ontvang) outlook voor .{2,30}|outlook voor .{2,20} (downloaden|ophalen)",
        r"wyslan[eoay]( wiadomosc)? (z|ze|za pomoca|przez|od|przy uzyciu|poprzez) .{2,80}|(pobierz|uzyskaj|zainstaluj) (aplikacje )?(program )?outlook .{2,30}|wiadomosc wyslana z .{2,40}",
        r"sendt fra .{2,40}|skickat (fran|med|via) .{2,40}|laehetetty .{2,40}|odeslano (z|ze) .{2,40}",
        r"(garanti |e ?mail )?(virus ?free|virenfrei|virusvrij|sans virus|libre de virus|privo di virus|bez wirusow|woln[ea] od wirusow|nie zawiera wirusow)( ?www (avast|avg) .{2,40}|( checked| geprueft)?)",
    ])
});

/// What a lawyer or a mail filter writes below a mail; one cue is enough.
pub(super) static LEGAL: LazyLock<Regex> = LazyLock::new(|| {
    words(&[
        // English
        r"intended recipient\w*|intended (solely|only|exclusively) for|addressee only|(sole|exclusive) use of the (individual|addressee|intended|person|named|recipient)|legally privileged|(e ?mail|legal) disclaimer|received (this|it) (\w+ )?(in error|by mistake)|registered (in england|office|number|in scotland|in ireland)|company (registration )?(no|number|reg)|vat (no|number|reg)|before printing|before you print|consider the environment|(scanned|checked) (by|for)( \w+)? (virus\w*|malware|mimecast|mailscanner|avast|avg|spam)|has been scanned",
        r"you (are receiving|receive|received) this (e ?mail|message|newsletter|mailing) (because|as)|unsubscribe (here|link|from our)|(to|if you .{0,40}) unsubscribe .{0,60}(click|visit|follow|link|http\w*|here|reply)|(click|tap) (here|below|the link|on the link|this link) to (unsubscribe|opt out|manage|update)|if you (do not|dont|no longer|would prefer not to|would rather not) (wish |want )?(to )?(receive|hear).{0,60}(from us|our|click|let us know|contact|reply|unsubscribe)|(manage|update) your (e ?mail )?(preferences|subscription\w*)|(privacy|data protection) (policy|notice|statement) (at|can be|is available|http|www|here|on our)|(how|find out how) we (process|use|handle|collect) (your )?(personal )?(data|information)|we (process|hold|store|use|handle|collect) (your )?(personal )?(data|information|details)|you (may|can|have the right to) (ask|request|exercise|object|opt out|withdraw|unsubscribe).{0,80}|(to )?exercise your rights?|your (data protection |privacy )?rights|opt out (of|from) (our|any of our).{0,60}|think before (you )?print\w*|please (do not|dont) print",
        // German
        r"irrtuemlich (erhalten|zugesandt|bekommen)|nicht der (richtige|beabsichtigte|vorgesehene|bestimmungsgemaesse|adressat|empfaenger)|registergericht|handelsregister\w*|hr ?[ab] \d+|ust ?id\w*( nr)?|umsatzsteuer ?id\w*|steuer ?(nr|nummer)|geschaeftsfuehr(er|ung|erin|ende|ender)(innen)? (ist|sind|[a-z]+ [a-z]+)|sitz der gesellschaft|firmensitz|(nicht|bevor sie).{0,40} ausdrucken|an die umwelt|auf viren|virenfrei|sie erhalten diese (e ?mail|nachricht|mail)|hier (abmelden|abbestellen)|newsletter (hier )?(abmelden|abbestellen)|(abmelden|abmeldung|abbestellen|austragen).{0,60}(klick\w*|link|http\w*|hier)|(klick\w*|link).{0,40}(abmelden|abbestellen|austragen)|wenn sie (keine|diesen|unseren).{0,60}(erhalten|beziehen|bekommen) (moechten|wollen)|datenschutz(hinweise|erklaerung|information\w*|bestimmungen)? (finden|unter|http\w*|www|nach|gem|koennen|auf unserer|auf www)|(informationen|hinweise) (zum datenschutz|zur verarbeitung|zu unserem datenschutz|zur datenverarbeitung)|wir (verarbeiten|speichern|nutzen|verwenden|erheben) (ihre|personenbezogene).{0,40}daten|sie (koennen|haben das recht|haben jederzeit).{0,120}(widersprechen|widerspruch|loeschung|auskunft|widerrufen)|(zur )?ausuebung ihrer (betroffenen)?rechte|ihre (betroffenen)?rechte|ihre daten (werden|verarbeiten)|nicht (jede )?(e ?mail )?(aus)?drucken|der umwelt zuliebe|(enthaelt|enthalten) vertrauliche|ausschliesslich fuer (den|die).{0,30}(adressat\w*|empfaenger\w*|person)",
        // French
        r"destinataire (prevu|vise|designe|indique)|netes pas (le|la) (bon |veritable )?destinataire|recu (ce|cet|cette) (message|courriel|e ?mail|courrier|mail|communication)( \w+)? par erreur|usage exclusif|exclusivement (a|aux|au) (lattention|destinataires?|ses)|(imprim\w+ (ce|cet|que)|pensez a lenvironnement|avant dimprimer)|(desinscri\w+|desabonn\w+).{0,60}(cliqu\w+|lien|ici|http\w*)|si vous ne (souhaitez|desirez|voulez) plus recevoir.{0,80}|vous recevez (ce|cet|cette) (message|e ?mail|courriel|newsletter|mail) (car|parce|en)|politique de (confidentialite|protection)|rcs [a-z]+|siret|siren|tva (intra\w*|fr)|au capital (social )?de|nous (traitons|conservons|utilisons|collectons) (vos|les).{0,40}|vous (disposez|beneficiez|pouvez).{0,60}(droits?|exercer|opposer|desinscrire|retirer)|(pour )?exercer (votre|vos) droits?|(votre|vos) droits? (dacces|dopposition|deffacement|de)|limitez les impressions|nimprimez",
        // Spanish
        r"destinatario (indicado|previsto|final)|si (usted )?no es (el|su) destinatario|recibido (este|el presente|esta) (mensaje|correo|e ?mail|comunicacion)( \w+)? por error|dirigid[oa] (exclusivamente|unicamente)|aviso legal|antes de imprimir|(darse de baja|cancelar (la|su) suscripcion).{0,60}(clic|pulse|enlace|aqui|haga|http\w*)|si no desea (seguir )?recibi\w*.{0,80}|politica de privacidad|responsable del tratamiento|(puede|podra) ejerc\w+ (sus|los)|(ejercer|ejercitar) (sus|los) derechos|le informamos (de )?que sus datos|inscrit[oa] en el registro mercantil|(tratamos|conservamos|utilizamos) sus datos|sus datos (seran|son|personales seran|personales son).{0,40}|para ejercer (su|sus)|(sus|su) derechos? de|no imprima|tiene (usted )?derecho a",
        // Processing as such, in the words of any controller
        r"(personal )?(data|information) (is|are|will be) (processed|stored|held) (by|in)|daten werden (von|durch|bei) (uns|unser\w*).{0,20}(verarbeitet|gespeichert)?|donnees (personnelles )?sont (traitees|conservees) par|datos (personales )?(son|seran) tratados por|dati (personali )?(sono|saranno|vengono) trattati (da|dal|dalla)|gegevens worden (door|bij) (ons|onze).{0,20}(verwerkt|bewaard)?|dane (osobowe )?(sa|beda) przetwarzane przez|puo chiedern\w+|vous pouvez en demander|puede solicitar (su|la)",
        // Italian
        r"destinatari[oi] (indicat\w|previst\w|del presente)|se (non siete|lei non e|non e|non sei) (il|i|gli|lei).{0,20}destinatari\w|ricevut[oa] (\w+ ){0,3}per errore|esclusivamente (al|ai|alle) (destinatari\w|person\w)|prima di stampare|(cancellar\w*|disiscriver\w*|annullare liscrizione).{0,60}(clic\w*|link|qui|http\w*)|se non (desidera|desiderate|vuole|volete|vuoi) (piu )?ricevere.{0,80}|informativa (sulla )?privacy|p ?iva \d+|partita iva|capitale sociale|(puo|potra|potete) esercitare (i|in|gli).{0,80}|(trattiamo|conserviamo|utilizziamo) (i|le) (suoi|vostri|sue|vostre).{0,30}|(i )?(suoi|vostri) dati (sono|saranno|personali).{0,40}|(per )?esercitare (i|il) (suoi|vostri|suo|vostro|propri)|(suoi|vostri) diritti|non stampi\w*|non stampare",
        // Dutch
        r"niet de (beoogde|bedoelde|geadresseerde|juiste)|(uitsluitend|alleen|enkel) (bestemd|bedoeld) voor|bestemd voor de geadresseerde|abusievelijk|ten onrechte (hebt|heeft|ontvangen)|(per|bij) (vergissing|abuis) (hebt|heeft|ontvangen)|kvk( ?nummer| nr)? \d+|btw (nr|nummer|id)|denk aan het milieu|voordat u deze .{0,20} print|(uitschrijven|afmelden|uit te schrijven|af te melden).{0,60}(klik\w*|link|hier|http\w*)|u ontvangt (deze|dit) (e ?mail|nieuwsbrief|bericht) omdat|als u geen .{0,40} (meer )?(wilt|wenst te) ontvangen|privacy ?(verklaring|beleid|statement) (op|vindt|kunt|staat|http|www)|geen rechten (worden|kunnen) (worden )?ontleend|(aan|op) (dit bericht|deze e ?mail) kunnen geen rechten|wij (verwerken|bewaren|gebruiken) (uw|de|persoons).{0,30}|u (kunt|heeft|hebt) (het recht|altijd|te allen tijde|bezwaar|ons vragen|om|uw).{0,80}|uw (rechten|recht op|gegevens worden|privacyrechten).{0,40}|print (deze|dit) .{0,20}niet|niet printen|denk aan het milieu",
        // Polish
        r"nie (jestes|jest|sa) (\w+ ){0,3}(adresatem|odbiorca|adresatami)|przeznaczon\w+ (jest )?(wylacznie|jedynie) dla|wylacznie dla (adresata|osob)|(przez|w wyniku) (pomylk\w+|omylk\w+)|omylkowo|krs (nr )?\d+|nip (nr )?\d+|regon (nr )?\d+|kapital zakladowy|sad rejonowy|(zanim|przed) wydruk\w+|(wypisac|zrezygnowac|rezygnacj\w+|wypisanie).{0,60}(klikn\w+|link\w*|http\w*|tutaj)|otrzymuj\w+ (te|ta) (wiadomosc|mail|newsletter),? (poniewaz|bo|gdyz)|jesli nie chc\w+ (\w+ )?(otrzymywac|dostawac).{0,60}|administratorem (danych|panstwa|pani)|klauzula (informacyjna|poufnosci|rodo)|polityk\w+ prywatnosci|przysluguje (pani|panu|panstwu) prawo|przetwarzamy (panstwa|pani|pana|twoje|dane).{0,30}|(panstwa|pani|pana|twoje) dane (osobowe )?(sa|beda|przetwarza\w+).{0,30}|(maja panstwo|ma pani|ma pan|masz|panstwo maja) prawo|informacj\w+ (rodo|o przetwarzaniu)|o prawie (sprzeciwu|do)|nie drukuj|dbaj o srodowisko|prawo (dostepu|sprzeciwu|do usuniecia).{0,40}(danych|administrator\w*)",
    ])
});

/// Cues of which two show a footer.
pub(super) static LEGAL_WEAK: LazyLock<RegexSet> = LazyLock::new(|| {
    let patterns = [
        r"\b(confidential\w*|vertraulich\w*|confidenti\w+|riservat\w+|vertrouwelijk\w*|poufn\w+)\b",
        r"\b(privileged|unauthori[sz]ed|unbefugt\w*|non autoris\w+|no autorizad\w+|non autorizzat\w+|ongeoorloofd|onbevoegd\w*|nieupowaznion\w+|nieuprawnion\w+)\b",
        r"\b(notify the sender|inform the sender|absender|lexpediteur|remitente|mittente|afzender|nadawc\w+)\b",
        r"\b(virus\w*|viren|malware|wirus\w*)\b",
        r"\b(liab\w+|haftung|responsabil\w+|aansprakelijk\w*|odpowiedzialnosc\w*)\b",
        r"\b(attachments?|anhang|anhaenge\w*|anlagen|pieces jointes|adjuntos?|allegat\w|bijlagen?|zalaczni\w+)\b",
        r"\b(disclaimer|haftungsausschluss|disclosure|copying|distribution|vervielfaeltig\w*|weitergabe|divulg\w+|diffusion|difusion|diffusione|verspreid\w*|rozpowszechni\w+|kopiowani\w+)\b",
        r"\b(delete|destroy) (it|this|the|all)|\bloeschen sie (diese|die|bitte diese)|\bvernicht\w+|\bdetrui\w+|\bdetruire|\bdestru\w+|\bdistrugg\w+|\bverwijder\w* (dit|deze)|\busun\w+ (te|ta|ja)|\bsupprim\w+ (ce|cet|le)|\belimin\w+ (este|questo|el|il)\b",
        r"\b(datenschutz\w*|privacy|gdpr|rgpd|dsgvo|rodo|lopd\w*|proteccion de datos|protection des donnees|protezione dei dati|ai sensi|en cumplimiento|conformement|overeenkomstig)\b",
        r"\b(https?|www|click here|klicken sie hier|cliquez ici|haga clic|clicca qui|klik hier|kliknij)\b|\b\w+ (example|test|com|de|org|net|fr|es|it|nl|pl|eu)$",
        r"\b(recipients?|addressees?|empfaengers?|adressat\w*|destinataires?|destinatari\w+|geadresseerde\w*|ontvanger\w*|adresat\w*|odbiorc\w+)\b",
        r"\b(copyright|all rights reserved|alle rechte vorbehalten|tous droits reserves)\b",
        r"\b(vorstand|aufsichtsrat|geschaeftsfuehr\w+|vorsitzende\w*|amtsgericht|prokura|managing director|chairman)\b",
    ];
    let mut builder = RegexSetBuilder::new(patterns.map(folded));
    builder.dfa_size_limit(AUTOMATON_BYTES_MAX).build().expect("constant patterns compile: a test runs them")
});

/// How a footer begins; then it is one also at the top or within a paragraph.
pub(super) static LEGAL_START: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^((this|the\ (information|contents?)\ (\w+\ )?(in|of)\ this)\ (e\ ?mail|message|communication|transmission|mail)\b
            |(the\ )?(information|contents?)\ (contained\ )?in\ this\b|confidentiality|disclaimer|legal\ notice|if\ you\ (are\ not|have\ received)\b
            |diese\ (e\ ?mail|nachricht|mail)\ (und|kann|enthaelt|ist|einschl)|der\ inhalt\ dieser|haftungsausschluss|vertraulichkeit|sollten\ sie\ (nicht|diese)
            |(ce|cet|le\ present)\ (message|courriel|e\ ?mail|mail|courrier)\b|les\ informations\ contenues|avis\ de\ confid|si\ vous\ (netes|avez\ recu)
            |(este|el\ presente)\ (mensaje|correo|e\ ?mail|documento)\b|la\ informacion\ conten|aviso\ (legal|de)|si\ (usted\ no|ha\ recibido)
            |(questo|il\ presente|la\ presente|questa)\ (messaggio|e\ ?mail|mail|comunicazione)\b|le\ informazioni\ conten|avviso\ di
            |(dit|deze)\ (bericht|e\ ?mail|mail)\b|de\ (informatie|inhoud)\ (in|van)|vertrouwelijk|indien\ u|aan\ dit\ bericht
            |(ta|niniejsza|tresc\ tej|tresc\ niniejszej|informacje\ zawarte\ w)\ (wiadomosc\w*|korespondencja|e\ ?mail|tej|niniejszej)\b|klauzula|jezeli\ nie\ jest|jesli\ nie\ jest)",
    )
    .expect("a constant pattern compiles")
});

/// Warnings that mail gateways put above or into a mail.
pub(super) static BANNER: LazyLock<Regex> = LazyLock::new(|| {
    words(&[
        r"^(external|extern|externe|esterno|externo|zewnetrzn[ya]|ext)( (e ?mail|sender|message|mail|absender|nachricht|expediteur|remitente|correo|mittente|afzender|bericht|nadawca|wiadomosc))?$",
        r"(this|the) (e ?mail|message|mail|sender) (was sent from|originated|originates|came|comes|is|has been sent)( from| by)? (an )?(outside|external)( \w+)*|originat\w+ (from )?outside|(from|sender) outside (of )?(the|our|your|this)|external (e ?mail|sender|message)|e ?mail from an external",
        r"externe[nrms]? (absender\w*|mail|e ?mail|nachricht|quelle)|(stammt|kommt|wurde) von (einem )?extern\w*|von ausserhalb (der|des|ihrer|unserer)?",
        r"expediteur externe|provient (dun|de l|dune|de lexterieur).{0,30}(extern\w+|exterieur\w*)|(e ?mail|message|courriel|mail) externe|exterieur (a|de) (lorganisation|lentreprise|votre|notre)",
        r"remitente externo|correo (electronico )?externo|(proviene|procede|originado) (de )?fuera|origen externo|fuera de (la|su|nuestra) (organizacion|empresa)",
        r"mittente esterno|(proviene|inviat\w) (dall ?|da )(esterno|un mittente esterno|allesterno)|dallesterno|(e ?mail|messaggio) estern[ao]|esterna (alla|all) (organizzazione|azienda)",
        r"externe (afzender|e ?mail|bron)|(van|afkomstig van) buiten (de|onze|uw)? ?\w*",
        r"nadawc\w+ zewnetrzn\w+|zewnetrzn\w+ (nadawc\w+|wiadomosc|e ?mail)|wiadomosc zewnetrzna|spoza (organizacji|firmy|naszej)",
        r"^(external|extern|externe|esterno|externo|zewnetrzn[ya]|ext) .*(absender\w*|sender|e ?mail|mail|afzender|mittente|expediteur|remitente|nadawc\w+|message|organi[sz]\w+|entreprise|azienda|bedrijf|firm\w+|attachments?|links?|anhaenge|bijlage\w*|allegati)",
        r"absender ausserhalb|(afzender|bericht|mail) buiten (de|onze)|(proveniente|provenient\w*) da (fuori|esterno)|hors de (lorganisation|lentreprise)|(de|desde) fuera de la (organizacion|empresa)",
        r"you dont often get e ?mail from|sie erhalten nicht (oft|haeufig) (eine )?e ?mails? von|vous nobtenez pas souvent|vous ne recevez pas souvent|no suele(s)? recibir correo|non (si ricevono|ricevi|riceve) spesso|(u|je) ontvangt? niet vaak|nie otrzymujesz czesto|nieczesto otrzymujesz",
        r"learn why this is important|erfahren sie warum dies wichtig|decouvrez pourquoi cest important|por que es importante|scopri perche e importante|meer informatie over waarom dit|dowiedz sie dlaczego jest to wazne|power(ed)? by mimecast",
    ])
});

/// How such a warning goes on.
pub(super) static BANNER_GOES_ON: LazyLock<Regex> = LazyLock::new(|| {
    words(&[
        r"(do not|dont) (click|open|reply|respond)|be (careful|cautious|wary)|(exercise|use) caution|(verify|recogni[sz]e|know|trust) the (sender|content)|content is safe|links or attachments",
        r"(klicken|oeffnen) sie (nicht|keine|nur|bitte)|keine (links|anhaenge)|seien sie vorsichtig|vorsicht|absender (kennen|vertrauen)",
        r"ne cliquez|nouvrez|soyez prudents?|prudence|pieces jointes",
        r"no (haga|hagas|abra) clic|no (haga|abra|abras|pulse)|tenga cuidado|precaucion",
        r"non (cliccare|aprire|fare clic)|(faccia|fate|fare|prestare) attenzione|allegati",
        r"klik niet|open geen|wees (voorzichtig|alert)|bijlagen",
        r"nie (klikaj|otwieraj)|zachowaj ostroznosc|zalacznik\w*",
    ])
});

/// Words that may ask for something; a line with one is not thrown away as a formula.
pub(super) static ASKS: LazyLock<Regex> = LazyLock::new(|| {
    words(&[
        r"stop\w*|unsubscri\w*|remov\w*|delet\w*|eras\w*|opt(ing)? ?out|opted out|do not|dont|no more|cease|forget me|object\w*|no longer|take me|leave me|copy of|rectif\w*|correct\w*|complain\w*|withdraw\w*|revoke\w*|access request|not interested|what data|which data",
        r"\w*loesch\w*|abmeld\w*|\w*austrag\w*|abbestell\w*|widerspr\w*|widerruf\w*|streich\w*|entfern\w*|nicht mehr|keine?|unterlass\w*|auskunft|sperr\w*|beschwer\w*|berichtig\w*|kein interesse|raus|weg",
        r"desinscri\w*|desabonn\w*|supprim\w*|retir\w*|effac\w*|oppos\w*|ne plus|ne me|arret\w*|plainte|rectifi\w*|acces|pas interesse\w*|plus de|radi\w*",
        r"baja|elimin\w*|borr\w*|suprim\w*|quit\w+|no (me|quiero|deseo|envi\w+|llam\w+|mas)|cancel\w*|dej\w+ de|opong\w*|oposicion|acceso|reclam\w*|rectific\w*",
        r"rimuov\w*|disiscri\w*|rimozione|non (voglio|desider\w*|scriv\w*|invi\w*|contatt\w*|chiam\w*)|basta|toglie\w*|cancell\w*|oppon\w*|opposizione|accesso|reclamo|rettific\w*|smett\w*",
        r"uitschr\w*|afmeld\w*|verwijder\w*|schrap\w*|geen|niet (meer|bellen)|wissen|wis|bezwaar|inzage|klacht|haal|stoppen|bel niet",
        r"wypis\w*|usun\w*|skasow\w*|rezygn\w*|nie (chc\w+|zycz\w+|wysyl\w+|pis\w+|dzwon\w+|kontakt\w+)|sprzeciw\w*|cof(am|niecie)|wykresl\w*|skarg\w*|dostep\w*|sprostow\w*|przesta\w*",
    ])
});

/// Somebody who asks for themselves; a footer does not.
pub(super) static FIRST_PERSON: LazyLock<Regex> = LazyLock::new(|| {
    words(&[
        r"i (object|want|wish|would|request|hereby|demand|never|no longer|dont|do not|did not|am (not|writing|asking|no)|ask|expect|withdraw|opt|insist|refuse)|(remove|delete|erase|unsubscribe|exclude|forget|take|strike|cross|drop|get) (\w+ )?(me|my)|(remove|unsubscribe|exclude|forget|take|strike|cross) us|stop (\w+ ){0,3}(me|my|us)|(do not|dont|never|not to) (ever )?(contact|e ?mail|call|send|write|mail|phone|ring)( to)? (me|us)|leave (me|us) alone|my (data|details|e ?mail address|name|information|consent|personal|record|boss|client)|(about|on) me|(hold|have|store|stored) (\w+ ){0,2}(on|about) me",
        r"ich (\w+ ){0,3}(widerspreche|bitte|moechte|will|fordere|verlange|wuensche|widerrufe|habe|bin|lege|erwarte|beantrage|melde|verbitte)|(widerspreche|bitte|moechte|will|fordere|verlange|wuensche|widerrufe) ich|meine[rnms]? (daten|adresse|e ?mail\w*|mail\w*|einwilligung|person\w*|kontakt\w*|name\w*|nummer|telefon\w*|angaben)|meinen namen|mich (\w+ ){0,4}(aus|von|ab|loeschen|austragen|abmelden|streichen|entfernen)|unsere[rn]? (daten|adresse)|(ueber|an|zu) mich|mir (\w+ ){0,3}(keine|mit|bitte)",
        r"je (\w+ ){0,3}(souhaite|demande|veux|voudrais|exige|retire|moppose|desire|vous|refuse|soussign\w+)|mes (donnees|coordonnees|informations)|mon (adresse|nom|e ?mail|mail|consentement|numero|accord)|me (\w+ )?(concernant|retirer|desinscrire|supprimer|desabonner|rayer|contacter|ecrire|envoyer)|retirez moi|desinscrivez moi|supprimez moi|desabonnez moi|moppose|nos donnees",
        r"(yo )?(solicito|quiero|deseo|pido|exijo|ruego|retiro|revoco|ejerzo|me opongo|quisiera|solicitamos)|mis (datos|derechos)|mi (correo|direccion|nombre|consentimiento|numero|e ?mail|telefono)|(darme|denme|deme|borrenme|eliminenme|quitenme|me (den|borren|eliminen|quiten|escriban|envien|llamen))|nuestros datos",
        r"(chiedo|richiedo|desidero|voglio|vorrei|esigo|revoco|ritiro|mi oppongo|intendo|esercito|chiediamo)|(i )?miei dati|mio (indirizzo|nome|consenso|numero)|mia (e ?mail|mail|casella)|(cancellatemi|rimuovetemi|toglietemi|cancellarmi|rimuovermi|toglietemi|contattarmi|scrivermi|inviarmi|mandarmi)|i nostri dati",
        r"(wil|wens|verzoek|eis|vraag|maak|trek) ik|ik (\w+ ){0,2}(wil|wens|verzoek|maak|eis|vraag|trek|heb|ben|sta)|mijn (gegevens|adres|e ?mail\w*|naam|toestemming|persoonsgegevens|nummer|mail\w*)|(haal|schrijf|verwijder|meld) (mij|me)|mij (\w+ ){0,3}(uit|van|te verwijderen|uitschrijven|verwijderen|schrijven|mailen|bellen)|onze gegevens",
        r"(prosze|wnosze|zadam|zycze|chce|chcialbym|chcialabym|wycofuje|cofam|sprzeciwiam|skladam|rezygnuje|oczekuje|wzywam) (\w+ ){0,6}(mnie|moj\w*|mi|danych|o|sobie|sie|zgode|sprzeciw|dane)|moj\w* (dane|danych|adres\w*|imie|nazwisk\w+|zgod\w+|numer\w*|e ?mail\w*|mail\w*)|naszych danych|do mnie|mnie z",
    ])
});
