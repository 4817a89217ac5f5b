//! Tests of handing over: exactly one file, and every way in which a conversation can end.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::thread::{self, JoinHandle};

use muster_gate::manual_entry;
use muster_model::{EntityKind, MentionRecord, SuppressionReason, Timestamp};

use super::*;
use crate::notice::letter_for_tests;

const TOKEN: &str = "abcdefghij234567klmnopqrst";
const EMAIL: &str = "kim.beispiel@werft.example";

fn letter() -> Letter {
    letter_for_tests(EMAIL, "en", TOKEN)
}

fn send(mailer: &mut Mailer, letter: &Letter) -> Result<Delivery, SendError> {
    mailer.send(letter, &SuppressionList::default(), &SecretKey::storeless())
}

fn count(dir: &Path) -> usize {
    fs::read_dir(dir).unwrap().count()
}

#[test]
fn a_maildir_gets_exactly_one_file_of_a_token() {
    let dir = tempfile::tempdir().unwrap();
    let transport = Transport::Maildir { path: dir.path().join("out") };
    let mut mailer = transport.open().unwrap();
    let token = NoticeToken::new(TOKEN);
    assert_eq!(mailer.already_sent(&token).unwrap(), Some(false));
    assert_eq!(send(&mut mailer, &letter()).unwrap(), Delivery::Sent);
    assert_eq!(mailer.already_sent(&token).unwrap(), Some(true));
    assert_eq!(send(&mut mailer, &letter()).unwrap(), Delivery::AlreadySent);
    let (new, cur) = (dir.path().join("out/new"), dir.path().join("out/cur"));
    assert_eq!(count(&new), 1);
    let file = fs::read_dir(&new).unwrap().next().unwrap().unwrap().path();
    assert_eq!(fs::read(&file).unwrap(), letter().message());
    // A mail reader moves it and marks it as seen.
    fs::rename(&file, cur.join(format!("{}:2,S", file.file_name().unwrap().to_string_lossy()))).unwrap();
    assert_eq!(send(&mut transport.open().unwrap(), &letter()).unwrap(), Delivery::AlreadySent);
    assert_eq!((count(&new), count(&cur)), (0, 1));
}

#[test]
fn what_a_kill_left_aside_counts_as_not_sent() {
    let dir = tempfile::tempdir().unwrap();
    let mut mailer = Transport::Maildir { path: dir.path().to_owned() }.open().unwrap();
    fs::write(dir.path().join("tmp").join(format!("{TOKEN}.muster")), "half a let").unwrap();
    assert_eq!(mailer.already_sent(&NoticeToken::new(TOKEN)).unwrap(), Some(false));
    assert_eq!(send(&mut mailer, &letter()).unwrap(), Delivery::Sent);
    assert_eq!((count(&dir.path().join("tmp")), count(&dir.path().join("new"))), (0, 1));
}

#[test]
fn a_folder_of_eml_gets_exactly_one_file_of_a_token() {
    let dir = tempfile::tempdir().unwrap();
    let mut mailer = Transport::EmlFolder { path: dir.path().to_owned() }.open().unwrap();
    assert_eq!(send(&mut mailer, &letter()).unwrap(), Delivery::Sent);
    assert_eq!(send(&mut mailer, &letter()).unwrap(), Delivery::AlreadySent);
    assert_eq!(fs::read(dir.path().join(format!("{TOKEN}.eml"))).unwrap(), letter().message());
    assert_eq!(count(dir.path()), 1);
}

#[test]
fn an_erasure_reaches_the_outbox() {
    let dir = tempfile::tempdir().unwrap();
    for transport in
        [Transport::Maildir { path: dir.path().join("m") }, Transport::EmlFolder { path: dir.path().join("e") }]
    {
        let mut mailer = transport.open().unwrap();
        send(&mut mailer, &letter()).unwrap();
        assert!(mailer.retract(&NoticeToken::new(TOKEN)).unwrap());
        assert!(!mailer.retract(&NoticeToken::new(TOKEN)).unwrap());
        assert_eq!(mailer.already_sent(&NoticeToken::new(TOKEN)).unwrap(), Some(false));
    }
    assert!(matches!(
        Transport::EmlFolder { path: dir.path().join("e") }.open().unwrap().retract(&NoticeToken::new("../x")),
        Err(SendError::Token)
    ));
}

#[test]
fn an_objection_that_came_in_between_wins() {
    let dir = tempfile::tempdir().unwrap();
    let key = SecretKey::storeless();
    let mut record = MentionRecord::new(EntityKind::Person);
    record.emails = vec![EMAIL.to_owned()];
    let entry = manual_entry(&record, &key, SuppressionReason::Objection, Timestamp::UNIX_EPOCH).unwrap();
    let list = SuppressionList::new(vec![entry], 1);
    let mut mailer = Transport::Maildir { path: dir.path().to_owned() }.open().unwrap();
    let error = mailer.send(&letter(), &list, &key).unwrap_err();
    assert!(matches!(&error, SendError::Suppressed { token } if token.as_str() == TOKEN));
    assert!(!error.to_string().contains("werft"));
    assert_eq!(count(&dir.path().join("new")) + count(&dir.path().join("tmp")), 0);
}

/// What the server of a test says at each point; `None` breaks the connection there.
#[derive(Clone, Copy)]
struct Script {
    mail: &'static str,
    rcpt: &'static str,
    data: Option<&'static str>,
    end: Option<&'static str>,
    /// Connections that are taken, one after the other.
    connections: usize,
}

const WILLING: Script = Script {
    mail: "250 2.1.0 ok",
    rcpt: "250 2.1.5 ok",
    data: Some("354 go on"),
    end: Some("250 2.0.0 taken"),
    connections: 1,
};

/// Starts a server on loopback; it returns the messages that it read to their end.
fn serve(script: Script) -> (u16, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let handle = thread::spawn(move || {
        let mut messages = Vec::new();
        for _ in 0..script.connections {
            let (stream, _) = listener.accept().unwrap();
            hold(stream, script, &mut messages);
        }
        messages
    });
    (port, handle)
}

fn hold(stream: TcpStream, script: Script, messages: &mut Vec<String>) {
    let mut writer = stream.try_clone().unwrap();
    let mut say = |line: &str| writer.write_all(format!("{line}\r\n").as_bytes());
    say("220 test").unwrap();
    let mut lines = BufReader::new(stream).lines();
    while let Some(Ok(line)) = lines.next() {
        let verb = line.split([' ', ':']).next().unwrap().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250 test",
            "MAIL" => script.mail,
            "RCPT" => script.rcpt,
            "DATA" => {
                let Some(answer) = script.data else { return };
                say(answer).unwrap();
                if !answer.starts_with('3') {
                    continue;
                }
                let mut message = String::new();
                for line in lines.by_ref().map_while(Result::ok).take_while(|line| line != ".") {
                    message.push_str(&line);
                    message.push_str("\r\n");
                }
                messages.push(message);
                match script.end {
                    Some(answer) => answer,
                    None => return,
                }
            }
            "QUIT" => {
                say("221 bye").ok();
                return;
            }
            _ => "250 ok",
        };
        if say(answer).is_err() || answer.starts_with("421") {
            return;
        }
    }
}

fn smtp(port: u16) -> Transport {
    Transport::Smtp(SmtpConfig {
        host: "127.0.0.1".into(),
        port,
        tls: SmtpTls::None,
        user: None,
        password: None,
        timeout: Duration::from_secs(10),
    })
}

#[track_caller]
fn check(script: Script, expected: &Delivery) {
    let (port, server) = serve(script);
    let mut mailer = smtp(port).open().unwrap();
    assert_eq!(mailer.already_sent(&NoticeToken::new(TOKEN)).unwrap(), None);
    assert_eq!(&send(&mut mailer, &letter()).unwrap(), expected);
    drop(mailer);
    server.join().unwrap();
}

fn failed(permanent: bool, status: Option<&str>) -> Delivery {
    Delivery::Failed { permanent, status_code: status.map(str::to_owned) }
}

#[test]
fn a_willing_server_gets_the_message_byte_for_byte_on_one_connection() {
    let (port, server) = serve(WILLING);
    let mut mailer = smtp(port).open().unwrap();
    assert_eq!(send(&mut mailer, &letter()).unwrap(), Delivery::Sent);
    assert_eq!(send(&mut mailer, &letter()).unwrap(), Delivery::Sent);
    drop(mailer);
    let messages = server.join().unwrap();
    assert_eq!(messages.len(), 2);
    assert_eq!(messages.first().unwrap().trim_end().as_bytes(), letter().message().trim_ascii_end());
}

#[test]
fn a_refusal_of_the_address_is_permanent_and_one_of_us_is_not() {
    check(Script { rcpt: "550 5.1.1 no such user", ..WILLING }, &failed(true, Some("5.1.1")));
    check(Script { rcpt: "550 no", ..WILLING }, &failed(true, None));
    check(Script { rcpt: "450 4.2.0 greylisted", ..WILLING }, &failed(false, Some("4.2.0")));
    check(Script { rcpt: "550 5.7.1 blocked using list.spamhaus.test", ..WILLING }, &failed(false, Some("5.7.1")));
    check(Script { mail: "421 4.7.0 closing", ..WILLING }, &failed(false, Some("4.7.0")));
}

#[test]
fn a_refusal_after_the_text_is_definite_too() {
    check(Script { end: Some("554 5.6.0 not that text"), ..WILLING }, &failed(false, Some("5.6.0")));
    check(Script { end: Some("550 5.1.1 user unknown"), ..WILLING }, &failed(true, Some("5.1.1")));
    check(Script { end: Some("451 4.3.0 later"), ..WILLING }, &failed(false, Some("4.3.0")));
    check(Script { end: Some("421 4.3.2 closing"), ..WILLING }, &failed(false, Some("4.3.2")));
}

#[test]
fn a_break_after_the_text_had_begun_to_leave_is_in_doubt() {
    check(Script { end: None, ..WILLING }, &Delivery::InDoubt);
}

#[test]
fn a_break_before_the_text_left_is_no_doubt() {
    let (port, server) = serve(Script { data: None, connections: 2, ..WILLING });
    let mut mailer = smtp(port).open().unwrap();
    // The connection may have been stale, so it is tried once more; then the server counts as not there.
    assert!(matches!(send(&mut mailer, &letter()), Err(SendError::Unreachable { .. })));
    drop(mailer);
    assert!(server.join().unwrap().is_empty());
}

#[test]
fn a_server_that_is_not_there_or_refuses_us_is_an_error_before_any_intent() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert!(matches!(smtp(port).open(), Err(SendError::Unreachable { .. })));
    let (port, server) = serve(Script { mail: "530 5.7.0 log in first", ..WILLING });
    let mut mailer = smtp(port).open().unwrap();
    let error = send(&mut mailer, &letter()).unwrap_err();
    assert!(error.to_string().ends_with("refuses to take mail from us: reply 530 5.7.0"), "{error}");
    drop(mailer);
    server.join().unwrap();
}

#[test]
fn a_password_does_not_cross_the_network_unprotected() {
    let config = SmtpConfig {
        host: "mail.firma.example".into(),
        port: 587,
        tls: SmtpTls::None,
        user: Some("u".into()),
        password: Some(Guarded::new("secret".into())),
        timeout: Duration::from_secs(1),
    };
    assert!(!format!("{config:?}").contains("secret"));
    assert!(matches!(Transport::Smtp(config).open(), Err(SendError::Unprotected { .. })));
}
