//! robots.txt (RFC 9309): what a host allows one product to fetch.
//!
//! It fetches nothing; what a status code means for a host is `site`'s business. The grammar is read as tolerantly as
//! Google's parser reads it (line endings, missing colons, frequent misspellings), since that is what sites are
//! written against. `Sitemap` lines are not read.
//!
//! Rules and URLs are compared in the normal form of RFC 9309 section 2.2.2, and literally. Widespread practice undoes
//! no needless escapes (`%62` for `b`) of a rule; where that and the RFC differ the safer reading wins, so a rule that
//! forbids has them undone and a rule that allows has not, and what is allowed must be asked for in ASCII.
//!
//! Invariant: any bytes parse, in time linear in their number.

use std::time::Duration;

use crate::pattern::Pattern;
use crate::percent::{is_unsafe, rewrite};

/// How much of a robots.txt is read: the least that RFC 9309 section 2.5 demands.
pub(crate) const ROBOTS_BYTES_MAX: usize = 500 * 1024;

/// How much of a line is read; what follows is a mistake or an attack.
const LINE_BYTES_MAX: usize = 8 * 2_083;

/// The misspellings of `disallow` that sites are known to make.
const DISALLOW_SPELLINGS: &[&str] =
    &["disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw", "desallow"];

/// The spellings of `user-agent` that begin a group all the same.
const USER_AGENT_SPELLINGS: &[&str] = &["user-agent", "useragent", "user agent", "useg-agent"];

/// Tells whether a robots.txt allows a product to fetch a URL.
///
/// The user agent is a product token or begins with one and a slash (`muster/0.1 (+…)`); any other text names no
/// product, so that only the groups for `*` speak to it.
///
/// # Examples
///
/// ```
/// use muster_crawl::robots_allowed;
/// let robots = b"user-agent: *\ndisallow: /intern/\nallow: /intern/presse$";
/// assert!(robots_allowed(robots, "muster/0.1", "https://firma.example/team"));
/// assert!(!robots_allowed(robots, "muster/0.1", "https://firma.example/intern/"));
/// assert!(robots_allowed(robots, "muster/0.1", "https://firma.example/intern/presse"));
/// ```
pub fn robots_allowed(robots_txt: &[u8], user_agent: &str, url: &str) -> bool {
    Rules::parse(robots_txt, user_agent).allow(url)
}

/// The rules of a robots.txt that speak to one product.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Rules {
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    allow: bool,
    /// The octets that count for the longest match.
    length: usize,
    literal: Pattern,
    canonical: Pattern,
}

impl Rules {
    /// Reads the groups that name the product, all merged, or those for `*` when none does.
    pub(crate) fn parse(robots_txt: &[u8], user_agent: &str) -> Self {
        let text = decoded(robots_txt);
        let mut groups = Groups { product: product_token(user_agent), ..Groups::default() };
        for line in lines(&text) {
            if let Some((key, value)) = key_and_value(line) {
                groups.take(key, value);
            }
        }
        groups.specific.unwrap_or(groups.global)
    }

    /// Tells whether a URL may be fetched: the longest matching rule decides, `allow` among equals.
    pub(crate) fn allow(&self, url: &str) -> bool {
        let target = Target::new(path_and_query(url));
        let longest = |allow: bool| {
            let matching = self.rules.iter().filter(|rule| rule.allow == allow && rule.matches(&target));
            matching.map(|rule| rule.length).max().unwrap_or(0)
        };
        longest(false) <= longest(true)
    }

    /// Returns the pause between requests that the host asks for (`Crawl-delay`, not part of the RFC).
    pub(crate) fn crawl_delay(&self) -> Option<Duration> {
        self.crawl_delay
    }
}

/// The state of the parser: which groups the current lines belong to.
#[derive(Default)]
struct Groups<'p> {
    product: Option<&'p str>,
    /// Nothing as long as no group names the product.
    specific: Option<Rules>,
    global: Rules,
    in_specific: bool,
    in_global: bool,
    /// Whether a rule was read since the last user-agent line, so that the next one begins a new group.
    rule_seen: bool,
}

impl Groups<'_> {
    fn take(&mut self, key: Key, value: &[u8]) {
        match key {
            Key::UserAgent => self.user_agent(value),
            Key::Allow => self.rule(true, value),
            Key::Disallow => self.rule(false, value),
            Key::CrawlDelay => self.crawl_delay(value),
        }
    }

    fn user_agent(&mut self, value: &[u8]) {
        if self.rule_seen {
            (self.in_specific, self.in_global, self.rule_seen) = (false, false, false);
        }
        let everyone = matches!(value, [b'*'] | [b'*', b' ' | b'\t', ..]);
        let named = value.split(|byte| !is_token_byte(*byte)).next().unwrap_or_default();
        if everyone {
            self.in_global = true;
        } else if self.product.is_some_and(|product| named.eq_ignore_ascii_case(product.as_bytes())) {
            self.in_specific = true;
            self.specific.get_or_insert_default();
        }
    }

    fn rule(&mut self, allow: bool, value: &[u8]) {
        if !(self.in_specific || self.in_global) {
            return;
        }
        self.rule_seen = true;
        // An empty value says nothing, but it ends the list of user agents.
        let Some(rule) = Rule::new(allow, value) else { return };
        for rules in self.current() {
            rules.rules.push(rule.clone());
        }
    }

    /// Takes a delay for the groups named so far; it is no rule, so it does not end the list of user agents.
    fn crawl_delay(&mut self, value: &[u8]) {
        let Some(delay) = seconds(value) else { return };
        for rules in self.current() {
            rules.crawl_delay = rules.crawl_delay.max(Some(delay));
        }
    }

    /// Returns the rules that the current lines belong to.
    fn current(&mut self) -> impl Iterator<Item = &mut Rules> {
        let specific = self.specific.as_mut().filter(|_| self.in_specific);
        specific.into_iter().chain(self.in_global.then_some(&mut self.global))
    }
}

impl Rule {
    fn new(allow: bool, value: &[u8]) -> Option<Self> {
        let (text, anchored) = match value {
            [] => return None,
            [text @ .., b'$'] => (text, true),
            text => (text, false),
        };
        let literal = rewrite(text, false, |byte| !byte.is_ascii());
        let canonical = rewrite(text, !allow, |byte| is_unsafe(byte) || byte == b'$');
        Some(Self {
            allow,
            length: literal.len() + usize::from(anchored),
            literal: Pattern::new(&literal, anchored),
            canonical: Pattern::new(&canonical, anchored),
        })
    }

    fn matches(&self, target: &Target) -> bool {
        self.literal.matches(&target.given)
            || self.literal.matches(&target.decoded)
            || ((!self.allow || target.given.is_ascii()) && self.canonical.matches(&target.canonical))
    }
}

/// The path and query of a URL in the spellings that rules are compared with.
struct Target {
    given: Vec<u8>,
    decoded: Vec<u8>,
    canonical: Vec<u8>,
}

impl Target {
    fn new(path: String) -> Self {
        // A rule names these two by their escapes, since bare they mean something else in it.
        let special = |byte: u8| byte == b'*' || byte == b'$';
        let decoded = rewrite(path.as_bytes(), true, special);
        let canonical = rewrite(path.as_bytes(), true, |byte| is_unsafe(byte) || special(byte));
        Self { given: path.into_bytes(), decoded, canonical }
    }
}

/// The lines that mean something here.
#[derive(Debug, Clone, Copy)]
enum Key {
    UserAgent,
    Allow,
    Disallow,
    CrawlDelay,
}

fn key_and_value(line: &[u8]) -> Option<(Key, &[u8])> {
    let line = line.get(..LINE_BYTES_MAX).unwrap_or(line);
    let line = line.split(|byte| *byte == b'#').next().unwrap_or_default().trim_ascii();
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let (key, value) = if let Some(colon) = line.iter().position(|byte| *byte == b':') {
        (line.get(..colon)?, line.get(colon + 1..)?)
    } else {
        // Some forget the colon; two words alone are still clear enough.
        let blank = line.iter().position(is_blank)?;
        let value = line.get(blank..)?.trim_ascii();
        if value.iter().any(is_blank) {
            return None;
        }
        (line.get(..blank)?, value)
    };
    let key = String::from_utf8_lossy(key.trim_ascii()).to_ascii_lowercase();
    let is_one_of = |spellings: &[&str]| spellings.iter().any(|spelling| key.starts_with(spelling));
    let key = if is_one_of(USER_AGENT_SPELLINGS) {
        Key::UserAgent
    } else if is_one_of(&["allow"]) {
        Key::Allow
    } else if is_one_of(DISALLOW_SPELLINGS) {
        Key::Disallow
    } else if is_one_of(&["crawl-delay", "crawldelay", "crawl delay"]) {
        Key::CrawlDelay
    } else {
        return None;
    };
    Some((key, value.trim_ascii()))
}

/// Returns the text as bytes of UTF-8, without its mark, cut after the last whole line within the limit.
fn decoded(robots_txt: &[u8]) -> Vec<u8> {
    let kept = match robots_txt.get(..ROBOTS_BYTES_MAX) {
        // Half a line could say the opposite of the whole one.
        Some(head) if robots_txt.len() > ROBOTS_BYTES_MAX => {
            let end = head.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(0);
            head.get(..end).unwrap_or(head)
        }
        Some(_) | None => robots_txt,
    };
    let utf16 = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, _odd) = rest.as_chunks::<2>();
        let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
        String::from_utf16_lossy(&units).into_bytes()
    };
    match kept {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        text => {
            // A mark that lost its tail is still no part of the first line.
            let mark = text.iter().zip("\u{FEFF}".as_bytes()).take_while(|(found, wanted)| found == wanted).count();
            text.get(mark..).unwrap_or_default().to_vec()
        }
    }
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| matches!(byte, b'\n' | b'\r'))
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte == b'-'
}

/// Returns the product token that a user agent is, or begins with before a slash.
fn product_token(user_agent: &str) -> Option<&str> {
    let user_agent = user_agent.trim();
    let end = user_agent.bytes().position(|byte| !is_token_byte(byte)).unwrap_or(user_agent.len());
    let (token, rest) = user_agent.split_at_checked(end)?;
    (!token.is_empty() && (rest.is_empty() || rest.starts_with('/'))).then_some(token)
}

/// Reads a number of seconds, whole or not, whatever follows it.
fn seconds(value: &[u8]) -> Option<Duration> {
    let text = std::str::from_utf8(value).ok()?.replace(',', ".");
    let end = text.bytes().position(|byte| !byte.is_ascii_digit() && byte != b'.').unwrap_or(text.len());
    Duration::try_from_secs_f64(text.get(..end)?.parse().ok()?).ok()
}

/// Returns path and query of a URL as it is written, always with a slash in front; `/` when there is none.
fn path_and_query(url: &str) -> String {
    let url = url.split('#').next().unwrap_or_default();
    let after_scheme = match url.split_once("://") {
        // A `://` behind a path or query is part of it.
        Some((scheme, rest)) if !scheme.contains(['/', '?', ';']) => rest,
        Some(_) | None => url.strip_prefix("//").unwrap_or(url),
    };
    let Some(start) = after_scheme.find(['/', '?', ';']) else { return String::from("/") };
    let path = after_scheme.get(start..).unwrap_or_default();
    if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

#[cfg(test)]
mod tests;
