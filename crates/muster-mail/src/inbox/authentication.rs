//! Whether the domain in `From` sent a mail, as our own receiving server found out.
//!
//! Nothing is asked over the network: the server that took the mail has checked DKIM, SPF and DMARC and wrote down what
//! it found. Anybody can write such a header; so only the one of the server that the caller names is believed.
//!
//! # Law
//!
//! RFC 8601, 4.1 and 7.1: a result counts only with the authserv-id of a trusted server, above what came from outside.
//! RFC 7489, 3.1: a pass counts where its domain is that of `From`. GDPR 12(6): doubt about who asks.
//!
//! Invariant: what nobody we know has said is never [`Authentication::Pass`]; a bad word is heard from anybody.

use serde::Serialize;

use super::parse::Mail;

/// What is known about the domain of the sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Authentication {
    /// Our server found the domain in `From` to be the sender's.
    Pass,
    /// The domain in `From` disowns the mail.
    Fail,
    /// Nothing was checked, or the domain says nothing about its mail.
    #[default]
    None,
    /// Somebody found something, but it is not known who; a pass is worth nothing then.
    Unknown,
}

impl Authentication {
    /// Returns the name used in JSON and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::None => "none",
            Self::Unknown => "unknown",
        }
    }
}

/// Header fields that are looked at; every server on the way may add one.
const FIELDS_MAX: usize = 20;

/// Reads what our server found out about the sender. `authserv_id` is the name it signs its results with.
pub(crate) fn read(mail: &Mail, authserv_id: Option<&str>) -> Authentication {
    if let Some(ours) = authserv_id {
        return of_results(&trusted_results(mail, ours), mail);
    }
    let Some(topmost) = mail.header("authentication-results") else { return Authentication::None };
    match of_results(&results_of(topmost), mail) {
        Authentication::Fail => Authentication::Fail,
        Authentication::Pass | Authentication::None | Authentication::Unknown => Authentication::Unknown,
    }
}

/// One `method=result` with its properties, in lower case.
struct Found {
    method: String,
    result: String,
    properties: Vec<(String, String)>,
}

/// The results of our server: its own header fields from the top to the first `Received` below them, else those that
/// it put under a seal (ARC).
fn trusted_results(mail: &Mail, ours: &str) -> Vec<Found> {
    let mut found = Vec::new();
    let is_ours = |value: &str| authserv_id_of(value).eq_ignore_ascii_case(ours);
    for field in &mail.fields {
        match field.name.as_str() {
            "authentication-results" if is_ours(&field.value) => found.extend(results_of(&field.value)),
            "received" if !found.is_empty() => break,
            _ => {}
        }
    }
    if found.is_empty() {
        let sealed = mail.headers("arc-authentication-results").take(FIELDS_MAX).filter_map(|value| {
            let rest = value.split_once(';').filter(|(head, _)| head.trim().starts_with("i="))?.1;
            is_ours(rest).then(|| results_of(rest))
        });
        found.extend(sealed.into_iter().next().into_iter().flatten());
    }
    found
}

fn authserv_id_of(value: &str) -> &str {
    let head = value.split(';').next().unwrap_or_default();
    head.split('(').next().unwrap_or_default().split_whitespace().next().unwrap_or_default()
}

/// Reads `id; method=result (comment) property=value ...; ...`.
fn results_of(value: &str) -> Vec<Found> {
    let plain = without_comments(value);
    let read = |part: &str| {
        let mut words = part.split_whitespace();
        let (method, result) = words.next()?.split_once('=')?;
        let method = method.split('/').next().unwrap_or_default().to_owned();
        let properties =
            words.filter_map(|word| word.split_once('=')).map(|(name, value)| (name.to_owned(), value.to_owned()));
        Some(Found { method, result: result.to_owned(), properties: properties.collect() })
    };
    plain.split(';').skip(1).take(FIELDS_MAX).filter_map(read).collect()
}

/// Drops comments, which nest, and brings the rest into lower case.
fn without_comments(value: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c.to_ascii_lowercase()),
            _ => {}
        }
    }
    out.replace(" = ", "=").replace(['"'], "")
}

fn of_results(found: &[Found], mail: &Mail) -> Authentication {
    let from = mail.from_text.rsplit('@').next().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase();
    let about_from = |value: &str| {
        let domain = value.rsplit('@').next().unwrap_or_default().trim_matches(['<', '>', '.', '@']);
        !domain.is_empty() && (domain == from || is_below(domain, &from) || is_below(&from, domain))
    };
    // A DMARC result about another domain than the one that is shown says nothing.
    let dmarc = found.iter().find(|it| it.method == "dmarc" && property(it, "header.from").is_none_or(about_from));
    match dmarc.map(|it| it.result.as_str()) {
        Some("pass" | "bestguesspass") => return Authentication::Pass,
        Some("fail") => return Authentication::Fail,
        Some(_) | None => {}
    }
    let aligned = |method: &str, names: &[&str]| {
        found
            .iter()
            .filter(|it| it.method == method && it.result == "pass")
            .any(|it| names.iter().filter_map(|name| property(it, name)).any(about_from))
    };
    let passes = aligned("dkim", &["header.d", "header.i"]) || aligned("spf", &["smtp.mailfrom", "smtp.mail"]);
    if passes { Authentication::Pass } else { Authentication::None }
}

/// Whether a domain lies below another that is no public suffix by itself (two labels at least).
fn is_below(domain: &str, above: &str) -> bool {
    above.contains('.') && domain.strip_suffix(above).is_some_and(|rest| rest.ends_with('.'))
}

fn property<'a>(found: &'a Found, name: &str) -> Option<&'a str> {
    found.properties.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headers: &str, authserv_id: Option<&str>, expect: Authentication) {
        let mail = Mail::parse(format!("{headers}From: Kim <kim@werft.example>\n\nx").as_bytes()).unwrap();
        assert_eq!(read(&mail, authserv_id), expect, "{headers}");
    }

    const OURS: Option<&str> = Some("mx.firma.example");

    #[test]
    fn rfc8601_only_our_server_is_believed() {
        let pass = "Authentication-Results: mx.firma.example; dkim=pass header.d=werft.example;\n dmarc=pass (p=none dis=none) header.from=werft.example\n";
        check(pass, OURS, Authentication::Pass);
        check(pass, None, Authentication::Unknown);
        check(pass, Some("mx.other.example"), Authentication::None);
        check("", OURS, Authentication::None);
        check("", None, Authentication::None);
    }

    #[test]
    fn a_forged_result_below_our_own_is_not_read() {
        let forged = "Authentication-Results: mx.firma.example; dmarc=fail header.from=werft.example\n\
            Received: from evil by mx.firma.example; now\n\
            Authentication-Results: mx.firma.example; dmarc=pass header.from=werft.example\n";
        check(forged, OURS, Authentication::Fail);
        let silent = "Authentication-Results: mx.firma.example 1; spf=none smtp.mailfrom=x.example\n\
            Received: from evil by mx.firma.example; now\n\
            Authentication-Results: mx.firma.example; dmarc=pass header.from=werft.example\n";
        check(silent, OURS, Authentication::None);
    }

    #[test]
    fn rfc7489_a_pass_of_another_domain_is_none() {
        let other = "Authentication-Results: mx.firma.example; dkim=pass header.d=mailer.example; spf=pass smtp.mailfrom=a@mailer.example\n";
        check(other, OURS, Authentication::None);
        let below = "Authentication-Results: mx.firma.example; dkim=pass header.d=mail.werft.example\n";
        check(below, OURS, Authentication::Pass);
        let sender =
            "Authentication-Results: mx.firma.example; spf=pass (ok; really) smtp.mailfrom=kim@werft.example\n";
        check(sender, OURS, Authentication::Pass);
        let suffix = "Authentication-Results: mx.firma.example; dkim=pass header.d=example\n";
        check(suffix, OURS, Authentication::None);
    }

    #[test]
    fn a_bad_word_is_heard_from_anybody() {
        let fail = "Authentication-Results: mx.whoever.example; dmarc=fail (p=REJECT) header.from=werft.example\n";
        check(fail, None, Authentication::Fail);
        check(fail, OURS, Authentication::None);
    }

    #[test]
    fn a_seal_of_ours_counts_where_there_is_no_other() {
        let sealed = "ARC-Authentication-Results: i=1; mx.firma.example; dmarc=pass header.from=werft.example\n";
        check(sealed, OURS, Authentication::Pass);
        check(
            "ARC-Authentication-Results: i=1; mx.evil.example; dmarc=pass header.from=werft.example\n",
            OURS,
            Authentication::None,
        );
    }
}
