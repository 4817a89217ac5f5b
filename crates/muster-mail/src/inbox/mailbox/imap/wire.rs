//! The connection: commands out, responses in, all of it bounded in bytes and in time.
//!
//! Invariant: no answer makes us hold more than [`LINE_BYTES_MAX`] of text and [`LITERAL_BYTES_MAX`] of a literal, and
//! memory is taken as bytes come, not as they are announced. A server that stays silent, or only drips, is given up.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use rustls::{ClientConnection, StreamOwned};

use super::super::{MAIL_BYTES_MAX, ReadError};
use super::response::{Reply, Response};

/// Longest text of a response, literals apart.
const LINE_BYTES_MAX: usize = 64 << 10;

/// Longest literal: more than is asked for, because a server may not know the size of a mail before it reads it.
pub(super) const LITERAL_BYTES_MAX: usize = 2 * MAIL_BYTES_MAX;

/// Literals of one response.
const LITERALS_MAX: usize = 32;

/// What a command may bring beside what it asks for: remarks, flags, news of other mails.
const CHATTER_BYTES_MAX: u64 = 4 << 20;

/// The slowest server that is waited for, in bytes per second, once it has begun to answer.
const RATE_MIN: u64 = 4 << 10;

/// Why a conversation ended.
#[derive(Debug)]
pub(super) enum Fault {
    /// The connection is gone, or cannot be made now; a fresh one may work.
    Lost(String),
    /// The server says no, for a reason that will not go away by itself.
    Refused { action: String, detail: String },
    /// A secret would go out unprotected.
    Unprotected,
    /// What comes is no IMAP, or too much.
    Garbled(&'static str),
    /// The certificates to trust cannot be read.
    Roots(ReadError),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        let is_late = matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut);
        Self::Lost(if is_late {
            "no answer in time".to_owned()
        } else if error.kind() == io::ErrorKind::UnexpectedEof {
            "the server closed the connection".to_owned()
        } else {
            error.to_string()
        })
    }
}

/// A socket that reads no longer than the server earns by answering.
pub(super) struct Socket {
    stream: TcpStream,
    timeout: Duration,
    begun: Instant,
    received: u64,
}

impl Socket {
    pub(super) fn new(stream: TcpStream, timeout: Duration) -> io::Result<Self> {
        // A read timeout of zero would mean none.
        let timeout = timeout.max(Duration::from_millis(1));
        stream.set_write_timeout(Some(timeout))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, timeout, begun: now(), received: 0 })
    }

    /// The clock starts again: a command goes out.
    fn restart(&mut self) {
        (self.begun, self.received) = (now(), 0);
    }
}

#[expect(clippy::disallowed_methods, reason = "how long a server is waited for; no result depends on it")]
fn now() -> Instant {
    Instant::now()
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let earned = Duration::from_secs(self.received / RATE_MIN);
        let left = (self.timeout + earned).saturating_sub(self.begun.elapsed()).min(self.timeout);
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left))?;
        let count = self.stream.read(buffer)?;
        self.received += count as u64;
        Ok(count)
    }
}

impl Write for Socket {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.stream.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// The bytes, protected or not.
pub(super) enum Channel {
    Plain(Socket),
    Tls(Box<StreamOwned<ClientConnection, Socket>>),
}

impl Channel {
    fn socket(&mut self) -> &mut Socket {
        match self {
            Self::Plain(socket) => socket,
            Self::Tls(stream) => &mut stream.sock,
        }
    }

    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(buffer),
            Self::Tls(stream) => stream.read(buffer),
        }
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(socket) => socket.write_all(bytes),
            Self::Tls(stream) => stream.write_all(bytes).and_then(|()| stream.flush()),
        }
    }
}

/// A conversation with a server.
pub(super) struct Wire {
    channel: Channel,
    /// What came and was not looked at yet: from `start` on.
    buffer: Vec<u8>,
    start: usize,
    tag_count: u32,
}

impl Wire {
    pub(super) const fn new(channel: Channel) -> Self {
        Self { channel, buffer: Vec::new(), start: 0, tag_count: 0 }
    }

    /// Gives the socket back for the upgrade to TLS. Whatever came unprotected behind the server's consent is not the
    /// server's word (RFC 9051, 11.1): `None` where something did.
    pub(super) fn into_socket(self) -> Option<Socket> {
        match self.channel {
            Channel::Plain(socket) if self.start == self.buffer.len() => Some(socket),
            Channel::Plain(_) | Channel::Tls(_) => None,
        }
    }

    /// Sends a command and hands every response to it to `take`, up to the tagged one.
    ///
    /// `bytes_max` is what the command asks for; more than that and some chatter is no honest answer.
    pub(super) fn command(
        &mut self,
        command: &str,
        bytes_max: u64,
        take: &mut dyn FnMut(&mut Response) -> Result<(), Fault>,
    ) -> Result<Reply, Fault> {
        let tag = self.send_command(command)?;
        let mut received = 0;
        loop {
            let mut response = self.response()?;
            received += response.byte_count();
            if received > bytes_max.saturating_add(CHATTER_BYTES_MAX) {
                return Err(Fault::Garbled("it sends more than was asked for"));
            }
            if let Some(reply) = response.reply_to(&tag) {
                return Ok(reply);
            }
            if let Some(text) = response.bye() {
                return Err(Fault::Lost(format!("the server says good-bye: {text}")));
            }
            take(&mut response)?;
        }
    }

    /// Sends a command and returns its tag.
    pub(super) fn send_command(&mut self, command: &str) -> Result<String, Fault> {
        self.tag_count += 1;
        let tag = format!("m{}", self.tag_count);
        self.send_line(&format!("{tag} {command}"))?;
        Ok(tag)
    }

    /// Sends a line.
    pub(super) fn send_line(&mut self, line: &str) -> Result<(), Fault> {
        self.channel.socket().restart();
        self.channel.send(format!("{line}\r\n").as_bytes())?;
        Ok(())
    }

    /// Reads one response: a line, and where it announces literals, these and what follows.
    pub(super) fn response(&mut self) -> Result<Response, Fault> {
        let mut response = Response::default();
        let mut room = LINE_BYTES_MAX;
        loop {
            let line = self.line(room)?;
            room -= line.len();
            let Some(length) = response.push_line(line) else { return Ok(response) };
            if length > LITERAL_BYTES_MAX as u64 || response.literal_count() >= LITERALS_MAX {
                return Err(Fault::Garbled("it announces a literal that is larger than any mail"));
            }
            let literal = self.literal(usize::try_from(length).unwrap_or(usize::MAX))?;
            response.push_literal(literal);
        }
    }

    /// Reads a line of at most that many bytes, without its end.
    fn line(&mut self, bytes_max: usize) -> Result<Vec<u8>, Fault> {
        let mut looked = self.start;
        loop {
            let fresh = self.buffer.get(looked..).unwrap_or_default();
            if let Some(at) = fresh.iter().position(|byte| *byte == b'\n') {
                let mut line = self.buffer.get(self.start..looked + at).unwrap_or_default().to_vec();
                self.start = looked + at + 1;
                if line.last() == Some(&b'\r') {
                    line.pop();
                }
                return if line.len() <= bytes_max { Ok(line) } else { Err(TOO_LONG) };
            }
            if self.buffer.len() - self.start > bytes_max {
                return Err(TOO_LONG);
            }
            looked = self.buffer.len() - self.start;
            self.fill()?;
        }
    }

    /// Reads exactly that many bytes.
    fn literal(&mut self, length: usize) -> Result<Vec<u8>, Fault> {
        let mut literal = Vec::new();
        loop {
            let there = self.buffer.get(self.start..).unwrap_or_default();
            let piece = there.get(..length - literal.len()).unwrap_or(there);
            literal.extend_from_slice(piece);
            self.start += piece.len();
            if literal.len() == length {
                return Ok(literal);
            }
            self.fill()?;
        }
    }

    /// Waits for more bytes; those that were looked at are dropped, so `start` is 0 afterwards.
    fn fill(&mut self) -> Result<(), Fault> {
        self.buffer.drain(..self.start);
        self.start = 0;
        let mut fresh = [0; 16 << 10];
        let count = loop {
            match self.channel.read(&mut fresh) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        if count == 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        self.buffer.extend_from_slice(fresh.get(..count).unwrap_or_default());
        Ok(())
    }

    /// Says good-bye; nothing depends on the answer.
    pub(super) fn log_out(&mut self) {
        let said = self.command("LOGOUT", 0, &mut |_| Ok(()));
        // The server closes either way; a half-closed socket must not linger.
        let closed = self.channel.socket().stream.shutdown(Shutdown::Both);
        drop((said, closed));
    }
}

const TOO_LONG: Fault = Fault::Garbled("it sends a line that is longer than any honest one");
