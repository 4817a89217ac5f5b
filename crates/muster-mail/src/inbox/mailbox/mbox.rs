//! The mbox reader: a stream of mails, each behind a `From ` line.
//!
//! `mail-parser` has one; it takes every line that begins with `From ` for a separator, also in a body whose writer did not
//! quote it, knows no offsets, and holds whole lines and mails of any length in memory. Here a separator has to look like
//! one (a time and a year stand in it), and no more than the beginning of a mail is held.
//!
//! Reads mboxo and mboxrd: `>From ` loses one `>`. `Content-Length` is not believed (mboxcl): where it is wrong, mails
//! would be swallowed. A stream that does not begin with a `From ` line is one mail.
//!
//! Invariant: every byte belongs to exactly one mail or one `From ` line; memory is bounded by the longest mail that is
//! parsed.

use std::io::{self, BufRead};

use super::MAIL_BYTES_MAX;

/// As much of a line as is looked at to tell a `From ` line.
const HEAD_BYTES_MAX: usize = 512;

/// A mail of an mbox.
pub(super) struct MboxMail {
    /// Offset of its `From ` line; of the first byte, where there is none.
    pub(super) offset: u64,
    /// Its bytes, unquoted; of one that is longer than 25 MiB, the beginning.
    pub(super) raw: Vec<u8>,
}

/// The mails of a stream.
pub(super) struct Mails<R> {
    reader: R,
    position: u64,
    /// Whether the stream has `From ` lines; known once the first line was seen.
    is_mbox: Option<bool>,
    /// Offset of a `From ` line that was read and whose mail has not been.
    pending: Option<u64>,
}

/// Tells whether bytes begin with a `From ` line.
pub(super) fn begins(bytes: &[u8]) -> bool {
    let head = bytes.get(..HEAD_BYTES_MAX).unwrap_or(bytes);
    is_from_line(head.split(|byte| *byte == b'\n').next().unwrap_or_default())
}

/// `From `, somebody, and a date as `asctime` writes it, give or take: `12:34` or `12:34:56`, and a year.
fn is_from_line(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ") else { return false };
    let mut words = rest.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let digits = |part: &[u8], lengths: &[usize]| lengths.contains(&part.len()) && part.iter().all(u8::is_ascii_digit);
    let is_time = |word: &[u8]| {
        let parts: Vec<&[u8]> = word.split(|byte| *byte == b':').collect();
        (2..=3).contains(&parts.len()) && parts.iter().all(|part| digits(part, &[1, 2]))
    };
    let is_year = |word: &[u8]| digits(word, &[4]) && (word.starts_with(b"19") || word.starts_with(b"2"));
    // Time zones and remarks of a remote host may follow, so no more is asked of the order.
    words.any(is_time) && rest.split(u8::is_ascii_whitespace).any(is_year)
}

impl<R: BufRead> Mails<R> {
    pub(super) const fn new(reader: R) -> Self {
        Self { reader, position: 0, is_mbox: None, pending: None }
    }

    /// Returns the next mail; `None` at the end.
    pub(super) fn next_mail(&mut self) -> io::Result<Option<MboxMail>> {
        let start = self.pending.take();
        let mut mail = start.map(|offset| MboxMail { offset, raw: Vec::new() });
        loop {
            let at = self.position;
            let Some(line) = self.next_line(mail.as_ref().map_or(0, |mail| mail.raw.len()))? else {
                return Ok(mail.map(without_gap(self.is_mbox)));
            };
            let is_mbox = *self.is_mbox.get_or_insert_with(|| begins(&line));
            if is_mbox && is_from_line(line.get(..HEAD_BYTES_MAX).unwrap_or(&line)) {
                if let Some(mail) = mail {
                    self.pending = Some(at);
                    return Ok(Some(without_gap(self.is_mbox)(mail)));
                }
                mail = Some(MboxMail { offset: at, raw: Vec::new() });
                continue;
            }
            let mail = mail.get_or_insert_with(|| MboxMail { offset: at, raw: Vec::new() });
            let line = if is_mbox { unquoted(&line) } else { &line };
            let room = MAIL_BYTES_MAX - mail.raw.len();
            mail.raw.extend_from_slice(line.get(..room).unwrap_or(line));
        }
    }

    /// Reads to the end of the line and keeps no more of it than is needed: what still fits the mail, or enough to
    /// tell a `From ` line.
    fn next_line(&mut self, mail_bytes: usize) -> io::Result<Option<Vec<u8>>> {
        let keep = (MAIL_BYTES_MAX - mail_bytes.min(MAIL_BYTES_MAX) + 1).max(HEAD_BYTES_MAX);
        let mut line = Vec::new();
        let start = self.position;
        loop {
            let buffer = match self.reader.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                buffer => buffer?,
            };
            if buffer.is_empty() {
                return Ok((self.position > start).then_some(line));
            }
            let end = buffer.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
            let piece = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or(buffer);
            let room = keep - line.len();
            line.extend_from_slice(piece.get(..room).unwrap_or(piece));
            let length = piece.len();
            self.reader.consume(length);
            self.position += length as u64;
            if end.is_some() {
                return Ok(Some(line));
            }
        }
    }
}

/// Takes one `>` from a quoted `From ` line.
fn unquoted(line: &[u8]) -> &[u8] {
    let quotes = line.iter().take_while(|byte| **byte == b'>').count();
    let is_quoted = quotes > 0 && line.get(quotes..).is_some_and(|rest| rest.starts_with(b"From "));
    if is_quoted { line.get(1..).unwrap_or(line) } else { line }
}

/// Takes the empty line that stands before the next `From ` line: it belongs to the format, not to the mail.
fn without_gap(is_mbox: Option<bool>) -> impl Fn(MboxMail) -> MboxMail {
    move |mut mail| {
        if is_mbox == Some(true) {
            for (gap, keep) in [(b"\r\n\r\n".as_slice(), 2), (b"\n\n".as_slice(), 1)] {
                if mail.raw.ends_with(gap) {
                    mail.raw.truncate(mail.raw.len() - gap.len() + keep);
                    break;
                }
            }
        }
        mail
    }
}
