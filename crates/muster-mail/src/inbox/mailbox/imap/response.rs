//! What a server says, as far as it is asked for: status lines, a folder's numbers, items of `FETCH`.
//!
//! Everything else is passed over, so that an extension, or an odd remark, never stops a reading. Nothing recurses.
//!
//! Invariant: any bytes are taken; what is not understood says nothing.

use super::wire::Fault;

/// Longest piece of a server's text that a message repeats.
const TEXT_CHARS_MAX: usize = 200;

/// A piece of a response.
enum Piece {
    Text(Vec<u8>),
    Literal(Vec<u8>),
}

/// One response: text, and literals between.
#[derive(Default)]
pub(super) struct Response {
    pieces: Vec<Piece>,
}

/// The tagged end of a command.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reply {
    Ok,
    No { text: String },
    Bad { text: String },
}

/// Reasons of a `NO` that pass by themselves (RFC 5530). `SERVERBUG` is none: a damaged mail brings it every time.
const PASSING: &[&str] = &["[UNAVAILABLE]", "[INUSE]", "[LIMIT]"];

impl Reply {
    /// Whether it is a refusal that passes by itself.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Ok | Self::Bad { .. } => false,
            Self::No { text } => PASSING.iter().any(|code| starts_with_word(text.as_bytes(), code)),
        }
    }

    /// Returns what a refusal means for whoever attempted `action`.
    pub(super) fn into_fault(self, action: String) -> Fault {
        let is_passing = self.is_passing();
        match self {
            Self::Ok => Fault::Garbled("it agrees and does not do what it was asked for"),
            Self::No { text } if is_passing => Fault::Lost(format!("the server cannot {action} now: {text}")),
            Self::No { text } | Self::Bad { text } => Fault::Refused { action, detail: text },
        }
    }
}

impl Response {
    /// Takes a line; returns the length of the literal that it announces at its end.
    pub(super) fn push_line(&mut self, line: Vec<u8>) -> Option<u64> {
        // A remark is text to its end, whatever it looks like.
        let is_remark = self.pieces.is_empty() && (!line.starts_with(b"* ") || status(&line).is_some());
        let length = if is_remark { None } else { announced(&line) };
        self.pieces.push(Piece::Text(line));
        length
    }

    pub(super) fn push_literal(&mut self, literal: Vec<u8>) {
        self.pieces.push(Piece::Literal(literal));
    }

    pub(super) fn literal_count(&self) -> usize {
        self.pieces.iter().filter(|piece| matches!(piece, Piece::Literal(_))).count()
    }

    pub(super) fn byte_count(&self) -> u64 {
        let length = |piece: &Piece| match piece {
            Piece::Text(bytes) | Piece::Literal(bytes) => bytes.len() as u64,
        };
        self.pieces.iter().map(length).sum()
    }

    /// The text before the first literal.
    fn line(&self) -> &[u8] {
        match self.pieces.first() {
            Some(Piece::Text(line)) => line,
            Some(Piece::Literal(_)) | None => &[],
        }
    }

    /// Returns the answer to the command with this tag, if this is it.
    pub(super) fn reply_to(&self, tag: &str) -> Option<Reply> {
        let rest = self.line().strip_prefix(tag.as_bytes())?.strip_prefix(b" ")?;
        let (word, text) = split_word(rest);
        let text = shown(text);
        match word.to_ascii_uppercase().as_slice() {
            b"OK" => Some(Reply::Ok),
            b"NO" => Some(Reply::No { text }),
            // A tagged answer of another kind is none that we could go on from.
            _ => Some(Reply::Bad { text }),
        }
    }

    /// Returns the text of a `* BYE`.
    pub(super) fn bye(&self) -> Option<String> {
        status(self.line()).filter(|(word, _)| *word == "BYE").map(|(_, text)| shown(text))
    }

    /// Returns the status word of an untagged status line: `OK`, `NO`, `BAD`, `BYE`, `PREAUTH`.
    pub(super) fn status_word(&self) -> Option<&'static str> {
        status(self.line()).map(|(word, _)| word)
    }

    /// Whether the server waits for more of a command (`+`).
    pub(super) fn is_continuation(&self) -> bool {
        self.line() == b"+" || self.line().starts_with(b"+ ")
    }

    /// Returns how many mails there are, if this says so.
    pub(super) fn exists(&self) -> Option<u32> {
        let (number, rest) = split_word(self.line().strip_prefix(b"* ")?);
        rest.trim_ascii().eq_ignore_ascii_case(b"EXISTS").then(|| number_of(number)).flatten()
    }

    /// Returns the number in a response code such as `[UIDVALIDITY 7]`.
    pub(super) fn code_number(&self, name: &str) -> Option<u32> {
        let (_, text) = status(self.line())?;
        let code = text.strip_prefix(b"[")?.split(|byte| *byte == b']').next()?;
        let (word, number) = split_word(code);
        word.eq_ignore_ascii_case(name.as_bytes()).then(|| number_of(number.trim_ascii())).flatten()
    }

    /// Returns the words of a `* CAPABILITY` line in upper case; none where it is another.
    pub(super) fn capabilities(&self) -> Vec<String> {
        let Some(rest) = self.line().strip_prefix(b"* ") else { return Vec::new() };
        let (word, rest) = split_word(rest);
        if !word.eq_ignore_ascii_case(b"CAPABILITY") {
            return Vec::new();
        }
        String::from_utf8_lossy(rest).split_ascii_whitespace().map(str::to_ascii_uppercase).collect()
    }
}

/// The word and the text of an untagged status line.
fn status(line: &[u8]) -> Option<(&'static str, &[u8])> {
    let (word, text) = split_word(line.strip_prefix(b"* ")?);
    let known = ["OK", "NO", "BAD", "BYE", "PREAUTH"];
    known.into_iter().find(|known| word.eq_ignore_ascii_case(known.as_bytes())).map(|word| (word, text))
}

fn starts_with_word(text: &[u8], word: &str) -> bool {
    text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes()))
}

fn split_word(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b' ').unwrap_or(bytes.len());
    (bytes.get(..end).unwrap_or_default(), bytes.get(end + 1..).unwrap_or_default())
}

fn number_of(digits: &[u8]) -> Option<u32> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// `{12}`, `{12+}` or `~{12}` at a line's end.
fn announced(line: &[u8]) -> Option<u64> {
    let inner = line.strip_suffix(b"}")?;
    let start = inner.iter().rposition(|byte| *byte == b'{')? + 1;
    let digits = inner.get(start..)?;
    let digits = digits.strip_suffix(b"+").unwrap_or(digits);
    // A number that is too long for us is too long for any mail.
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    is_number.then(|| std::str::from_utf8(digits).ok()?.parse().ok()).map(|number| number.unwrap_or(u64::MAX))
}

/// A server's text as a message may repeat it: one line, printable, short.
pub(super) fn shown(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    clean.take(TEXT_CHARS_MAX).collect::<String>().trim().to_owned()
}

/// What a `FETCH` response says of a mail.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) uid: Option<u32>,
    pub(super) size: Option<u64>,
    pub(super) body: Option<Vec<u8>>,
}

/// A token of a `FETCH` response.
enum Token<'a> {
    Open,
    Close,
    Atom(&'a [u8]),
    Quoted(Vec<u8>),
    /// The literal at this place among the pieces.
    Literal(usize),
}

/// Reads a `FETCH` response; the mail's text is taken out of it. `None` for any other.
pub(super) fn items(response: &mut Response) -> Option<Item> {
    let (_, rest) = split_word(response.line().strip_prefix(b"* ")?);
    let (word, _) = split_word(rest);
    if !word.eq_ignore_ascii_case(b"FETCH") {
        return None;
    }
    let mut item = Item::default();
    let mut body = None;
    let (mut depth, mut name) = (0_usize, None::<Vec<u8>>);
    for token in tokens(response) {
        let value = match token {
            Token::Open => {
                depth += 1;
                continue;
            }
            Token::Close => {
                depth = depth.saturating_sub(1);
                // A list was the value of the item that stood before it.
                if depth == 1 {
                    name = None;
                }
                continue;
            }
            value @ (Token::Atom(_) | Token::Quoted(_) | Token::Literal(_)) => value,
        };
        if depth != 1 {
            continue;
        }
        let Some(known) = name.take() else {
            name = if let Token::Atom(atom) = value { Some(atom.to_ascii_uppercase()) } else { None };
            continue;
        };
        match (known.as_slice(), value) {
            (b"UID", Token::Atom(number)) => item.uid = number_of(number),
            (b"RFC822.SIZE", Token::Atom(number)) => {
                item.size = std::str::from_utf8(number).ok().and_then(|number| number.parse().ok());
            }
            (name, Token::Literal(at)) if name.starts_with(b"BODY[]") => body = Some(at),
            (name, Token::Quoted(text)) if name.starts_with(b"BODY[]") => item.body = Some(text),
            (_, Token::Atom(_) | Token::Quoted(_) | Token::Literal(_) | Token::Open | Token::Close) => {}
        }
    }
    if let Some(Piece::Literal(literal)) = body.and_then(|at| response.pieces.get_mut(at)) {
        item.body = Some(std::mem::take(literal));
    }
    Some(item)
}

fn tokens(response: &Response) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    for (at, piece) in response.pieces.iter().enumerate() {
        let text = match piece {
            Piece::Literal(_) => {
                tokens.push(Token::Literal(at));
                continue;
            }
            Piece::Text(text) => text,
        };
        // The announcement of the literal that follows is no token.
        let is_announcing = matches!(response.pieces.get(at + 1), Some(Piece::Literal(_)));
        let end = text.iter().rposition(|byte| *byte == b'{').filter(|_| is_announcing).unwrap_or(text.len());
        tokens_of_text(text.get(..end).unwrap_or_default(), &mut tokens);
    }
    tokens
}

fn tokens_of_text<'a>(text: &'a [u8], tokens: &mut Vec<Token<'a>>) {
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match byte {
            b'(' => tokens.push(Token::Open),
            b')' => tokens.push(Token::Close),
            b' ' => {}
            b'"' => {
                let (quoted, length) = quoted(text.get(at + 1..).unwrap_or_default());
                tokens.push(Token::Quoted(quoted));
                at += length;
            }
            _ => {
                let atom = atom(text.get(at..).unwrap_or_default());
                tokens.push(Token::Atom(atom));
                at += atom.len() - 1;
            }
        }
        at += 1;
    }
}

/// The text of a quoted string, and how long it was with its end.
fn quoted(rest: &[u8]) -> (Vec<u8>, usize) {
    let mut text = Vec::new();
    let mut at = 0;
    while let Some(byte) = rest.get(at) {
        match byte {
            b'"' => return (text, at + 1),
            b'\\' => {
                at += 1;
                text.extend(rest.get(at));
            }
            other => text.push(*other),
        }
        at += 1;
    }
    (text, rest.len())
}

/// At least one byte, up to a space or a bracket; `BODY[HEADER.FIELDS (X)]` is one atom.
fn atom(text: &[u8]) -> &[u8] {
    let mut is_section = false;
    let ends = |byte: &u8| {
        match byte {
            b'[' => is_section = true,
            b']' => is_section = false,
            _ => {}
        }
        !is_section && matches!(byte, b' ' | b'(' | b')' | b'"')
    };
    let end = text.iter().position(ends).unwrap_or(text.len()).max(1);
    text.get(..end).unwrap_or_default()
}

/// Writes a folder's name as the protocol wants it: modified UTF-7 (RFC 3501, 5.1.3), quoted; `None` where no folder can
/// have this name.
pub(super) fn folder_name(name: &str) -> Option<String> {
    if name.is_empty() || name.chars().any(char::is_control) {
        return None;
    }
    let mut encoded = String::new();
    let mut shifted = Vec::new();
    for c in name.chars().map(Some).chain([None]) {
        let plain = c.filter(char::is_ascii);
        if let Some(c) = c.filter(|_| plain.is_none()) {
            let mut units = [0; 2];
            shifted.extend(c.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()));
            continue;
        }
        if !shifted.is_empty() {
            let digits = data_encoding::BASE64_NOPAD.encode(&shifted).replace('/', ",");
            encoded.push_str(&format!("&{digits}-"));
            shifted.clear();
        }
        match plain {
            Some('&') => encoded.push_str("&-"),
            Some(c) => encoded.push(c),
            None => {}
        }
    }
    Some(quote(&encoded))
}

/// A quoted string.
pub(super) fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(pieces: &[(&str, Option<&str>)]) -> Response {
        let mut response = Response::default();
        for (line, literal) in pieces {
            let announced = response.push_line(line.as_bytes().to_vec());
            assert_eq!(announced, literal.map(|literal| literal.len() as u64), "{line}");
            if let Some(literal) = literal {
                response.push_literal(literal.as_bytes().to_vec());
            }
        }
        response
    }

    #[test]
    fn items_of_a_fetch_are_read_in_any_order_among_others() {
        let mut fetched = response(&[
            ("* 12 FETCH (FLAGS (\\Seen $x) BODY[HEADER.FIELDS (TO)] NIL UID 7 BODY[]<0> {5}", Some("a(\")b")),
            (" RFC822.SIZE 99 X-GM (1 (2 UID 9)) ENVELOPE (\"UID 8\" NIL))", None),
        ]);
        assert_eq!(items(&mut fetched), Some(Item { uid: Some(7), size: Some(99), body: Some(b"a(\")b".to_vec()) }));
        let mut quoted = response(&[("* 1 FETCH (BODY[] \"a \\\"b\\\\\" UID 3)", None)]);
        assert_eq!(items(&mut quoted), Some(Item { uid: Some(3), size: None, body: Some(b"a \"b\\".to_vec()) }));
        let mut none = response(&[("* 1 FETCH (UID 3 BODY[] NIL)", None)]);
        assert_eq!(items(&mut none), Some(Item { uid: Some(3), size: None, body: None }));
        assert_eq!(items(&mut response(&[("* 3 EXISTS", None)])), None);
    }

    #[test]
    fn a_remark_announces_no_literal_and_says_its_numbers() {
        let remark = response(&[("* OK [UIDVALIDITY 41] hello {5}", None)]);
        assert_eq!(remark.code_number("UIDVALIDITY"), Some(41));
        assert_eq!(remark.code_number("UIDNEXT"), None);
        assert_eq!(response(&[("* 17 exists", None)]).exists(), Some(17));
        let bye = response(&[("* BYE too many", None)]);
        assert_eq!(bye.bye().as_deref(), Some("too many"));
    }

    #[test]
    fn a_refusal_that_passes_by_itself_may_be_tried_again() {
        let answer = |line: &str| response(&[(line, None)]).reply_to("m1").unwrap().into_fault("log in".into());
        assert!(matches!(answer("m1 NO [UNAVAILABLE] busy"), Fault::Lost(_)));
        assert!(matches!(answer("m1 NO [AUTHENTICATIONFAILED] no"), Fault::Refused { .. }));
        assert!(matches!(answer("m1 BAD what"), Fault::Refused { .. }));
        assert_eq!(response(&[("m12 OK", None)]).reply_to("m1"), None);
        assert_eq!(response(&[("m1 OK done", None)]).reply_to("m1"), Some(Reply::Ok));
    }

    #[test]
    fn folder_names_are_written_as_the_protocol_wants_them() {
        assert_eq!(folder_name("INBOX").as_deref(), Some("\"INBOX\""));
        assert_eq!(folder_name("Gelöschte & \"alte\"").as_deref(), Some("\"Gel&APY-schte &- \\\"alte\\\"\""));
        assert_eq!(folder_name("~peter/mail/台北/日本語").as_deref(), Some("\"~peter/mail/&U,BTFw-/&ZeVnLIqe-\""));
        assert_eq!(folder_name("a\r\nb"), None);
        assert_eq!(folder_name(""), None);
    }

    proptest::proptest! {
        #[test]
        fn any_response_is_taken(lines in proptest::collection::vec("[ -~\u{e9}\u{0}]{0,40}", 1..4), start in 0_usize..5) {
            let mut response = Response::default();
            let starts = ["", "* ", "* OK [", "* 1 FETCH (", "m1 NO "];
            for (at, line) in lines.iter().enumerate() {
                let line = if at == 0 { format!("{}{line}", starts[start]) } else { line.clone() };
                if response.push_line(line.into_bytes()).is_some() {
                    response.push_literal(b"x".to_vec());
                }
            }
            proptest::prop_assert!(response.literal_count() <= lines.len());
            let said = (response.reply_to("m1"), response.bye(), response.exists(), response.code_number("UIDVALIDITY"));
            proptest::prop_assert_eq!(said.0.is_some(), response.line().starts_with(b"m1 "));
            let is_fetch = items(&mut response).is_some();
            proptest::prop_assert!(!is_fetch || said.1.is_none());
        }
    }
}
