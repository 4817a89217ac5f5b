//! A second mail client, as simple as can be: it says a line and returns what the server answers.
//!
//! It is not the reader under test: what a read left behind is seen through other eyes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};

/// A client that is logged in.
pub(crate) struct ImapProbe {
    reader: BufReader<TcpStream>,
    writer: TcpStream,
}

impl ImapProbe {
    pub(crate) fn log_in(port: u16, user: &str, password: &str) -> Self {
        let writer = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        writer.set_nodelay(true).unwrap();
        let mut probe = Self { reader: BufReader::new(writer.try_clone().unwrap()), writer };
        let mut greeting = String::new();
        probe.reader.read_line(&mut greeting).unwrap();
        probe.say(&format!("LOGIN \"{user}\" \"{password}\""));
        probe
    }

    /// Says a command and returns all that comes, which must end well.
    #[track_caller]
    pub(crate) fn say(&mut self, command: &str) -> String {
        self.writer.write_all(format!("p {command}\r\n").as_bytes()).unwrap();
        self.answer(command)
    }

    #[track_caller]
    fn answer(&mut self, command: &str) -> String {
        let mut said = String::new();
        loop {
            let mut line = String::new();
            assert!(self.reader.read_line(&mut line).unwrap() > 0, "the server hung up on `{command}`: {said}");
            if let Some(end) = line.strip_prefix("p ") {
                assert!(end.starts_with("OK"), "`{command}`: {end}");
                return said;
            }
            said.push_str(&line);
        }
    }

    /// Puts a mail into a folder; it has not been seen by anybody.
    #[track_caller]
    pub(crate) fn append(&mut self, folder: &str, raw: &[u8]) {
        self.writer.write_all(format!("p APPEND \"{folder}\" {{{}}}\r\n", raw.len()).as_bytes()).unwrap();
        let mut go_on = [0; 1];
        self.reader.read_exact(&mut go_on).unwrap();
        assert_eq!(go_on, *b"+");
        self.writer.write_all(raw).unwrap();
        self.writer.write_all(b"\r\n").unwrap();
        self.answer("APPEND");
    }

    /// How many mails a folder holds.
    pub(crate) fn exists(&mut self, folder: &str) -> usize {
        let said = self.say(&format!("STATUS \"{folder}\" (MESSAGES)"));
        said.split(|c: char| !c.is_ascii_digit()).find_map(|number| number.parse().ok()).unwrap()
    }

    /// All that a read could change, as the server tells it: counts, numbering, the flags of every mail.
    pub(crate) fn state(&mut self, folder: &str) -> String {
        let status = self.say(&format!("STATUS \"{folder}\" (MESSAGES RECENT UNSEEN UIDNEXT UIDVALIDITY)"));
        self.say(&format!("EXAMINE \"{folder}\""));
        let flags = self.say("UID FETCH 1:* (UID FLAGS RFC822.SIZE)");
        self.say("UNSELECT");
        status + &flags
    }
}
