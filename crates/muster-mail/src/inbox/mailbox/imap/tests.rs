//! The reader against a server of a few lines that does what a test wants, on a loopback port.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use muster_model::Guarded;

use super::super::{ImapSecret, ImapTls, MailSource, ReadSummary, read_source};
use super::*;

const PASSWORD: &str = "geheim-4711";

/// A mailbox that a test may spoil.
#[derive(Clone)]
struct Fake {
    uid_validity: u32,
    mails: BTreeMap<u32, String>,
    /// Mails that are listed and then gone; listed and not given; at which the server dies.
    gone: Vec<u32>,
    withheld: Vec<u32>,
    deadly: Vec<u32>,
    /// The connection is cut after so many bytes.
    cut_after: Option<usize>,
    capabilities: &'static str,
}

impl Fake {
    fn new(count: u32) -> Self {
        let mails = (1..=count).map(|uid| (uid * 10, format!("Subject: mail {uid}\r\n\r\n{}\r\n", "x".repeat(500))));
        Self {
            uid_validity: 7,
            mails: mails.collect(),
            gone: Vec::new(),
            withheld: Vec::new(),
            deadly: Vec::new(),
            cut_after: None,
            capabilities: "IMAP4rev1 AUTH=PLAIN SASL-IR",
        }
    }
}

/// Serves a mailbox; returns the port, and what the clients said.
fn serve(fake: Fake) -> (u16, Arc<Mutex<Vec<String>>>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let said = Arc::clone(&heard);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that hangs up is no failure of the server.
            drop(converse(&fake, stream, &said));
        }
    });
    (port, heard)
}

fn converse(fake: &Fake, mut out: TcpStream, heard: &Mutex<Vec<String>>) -> std::io::Result<()> {
    out.set_nodelay(true)?;
    let lines = BufReader::new(out.try_clone()?).lines();
    let mut left = fake.cut_after.unwrap_or(usize::MAX);
    let mut send = move |text: String| {
        let bytes = text.as_bytes();
        out.write_all(&bytes[..bytes.len().min(left)])?;
        left = left.saturating_sub(bytes.len());
        if left == 0 { Err(std::io::Error::other("cut")) } else { Ok(()) }
    };
    send("* OK [ALERT]é {5}\r\n".into())?;
    for line in lines {
        let line = line?;
        heard.lock().unwrap().push(line.clone());
        let (tag, command) = line.split_once(' ').unwrap_or((&line, ""));
        let words: Vec<&str> = command.split(' ').collect();
        match words.as_slice() {
            ["CAPABILITY"] => send(format!("* CAPABILITY {}\r\n", fake.capabilities))?,
            ["EXAMINE", "\"INBOX\""] => {
                let (exists, validity) = (fake.mails.len(), fake.uid_validity);
                send(format!("* FLAGS (\\Seen)\r\n* {exists} EXISTS\r\n* OK [UIDVALIDITY {validity}] ok\r\n"))?;
            }
            ["EXAMINE", _] => {
                send(format!("{tag} NO [NONEXISTENT] no such mailbox\r\n"))?;
                continue;
            }
            ["AUTHENTICATE" | "LOGIN", ..] if !command.contains("AGFubmEAZ2VoZWltLTQ3MTE=") => {
                send(format!("{tag} NO [AUTHENTICATIONFAILED] not {command} {PASSWORD}\r\n"))?;
                continue;
            }
            ["UID", "FETCH", set, items @ ..] => {
                let wanted = fake.mails.iter().filter(|(uid, _)| is_in(**uid, set, fake));
                for (at, (uid, text)) in wanted.enumerate() {
                    if items.iter().any(|item| item.starts_with("BODY.PEEK[]")) {
                        if fake.deadly.contains(uid) {
                            return Ok(());
                        }
                        if !fake.gone.contains(uid) && !fake.withheld.contains(uid) {
                            send(format!("* {at} FETCH (UID {uid} BODY[] {{{}}}\r\n{text})\r\n", text.len()))?;
                        }
                    } else if items.contains(&"RFC822.SIZE)") || !fake.gone.contains(uid) {
                        send(format!("* {at} FETCH (UID {uid} RFC822.SIZE {})\r\n", text.len()))?;
                    }
                }
            }
            _ => {}
        }
        send(format!("{tag} OK done\r\n"))?;
    }
    Ok(())
}

/// Whether a UID is in a set; `*` is the last mail, which `N:*` names even where it lies before N.
fn is_in(uid: u32, set: &str, fake: &Fake) -> bool {
    set.split(',').any(|range| {
        let (first, last) = range.split_once(':').unwrap_or((range, range));
        let last_uid = *fake.mails.keys().last().unwrap();
        let end = if last == "*" { last_uid } else { last.parse().unwrap() };
        let first: u32 = first.parse().unwrap();
        (first.min(end)..=end.max(first)).contains(&uid)
    })
}

fn account(port: u16) -> ImapAccount {
    ImapAccount {
        port,
        tls: ImapTls::None,
        timeout: Duration::from_secs(5),
        retry_wait: Duration::from_millis(1),
        ..ImapAccount::new("127.0.0.1", "anna", ImapSecret::Password(Guarded::new(PASSWORD.into())))
    }
}

/// UIDs with `None` for what was unreadable.
type Seen = Vec<(ImapCursor, Option<Vec<u8>>)>;

fn read_from(account: ImapAccount, cursor: Option<ImapCursor>) -> (Seen, Result<ReadSummary, SourceError>) {
    let mut seen = Vec::new();
    let cursors = cursor.map(|cursor| ("INBOX".to_owned(), cursor)).into_iter().collect();
    let summary = read_source(&MailSource::Imap(Box::new(account)), &cursors, &mut |mail| {
        let (place, raw) = match mail {
            Ok(mail) => (mail.place, Some(mail.raw)),
            Err(mail) => (mail.place, None),
        };
        seen.push((place.cursor().unwrap().1, raw));
        ControlFlow::Continue(())
    });
    (seen, summary)
}

fn uids(seen: &Seen) -> Vec<u32> {
    seen.iter().map(|(cursor, _)| cursor.uid).collect()
}

#[test]
fn mails_come_in_order_byte_for_byte_and_no_command_changes_anything() {
    let fake = Fake::new(250);
    let (port, heard) = serve(fake.clone());
    let (seen, summary) = read_from(account(port), None);
    assert_eq!(summary.unwrap(), ReadSummary { mail_count: 250, ..ReadSummary::default() });
    let texts: BTreeMap<u32, String> =
        seen.into_iter().map(|(cursor, raw)| (cursor.uid, String::from_utf8(raw.unwrap()).unwrap())).collect();
    assert_eq!(texts, fake.mails);
    let heard = heard.lock().unwrap();
    let harmless = ["CAPABILITY", "AUTHENTICATE PLAIN", "EXAMINE", "UID FETCH", "LOGOUT"];
    let is_harmless = |line: &&String| harmless.iter().any(|word| line.split_once(' ').unwrap().1.starts_with(word));
    assert!(heard.iter().all(|line| is_harmless(&line) && !line.contains("BODY[")), "{heard:?}");
}

#[test]
fn what_lies_behind_the_cursor_is_not_fetched_again() {
    let (port, heard) = serve(Fake::new(4));
    let (seen, _) = read_from(account(port), Some(ImapCursor { uid_validity: 7, uid: 20 }));
    assert_eq!(uids(&seen), [30, 40]);
    let (seen, _) = read_from(account(port), Some(ImapCursor { uid_validity: 7, uid: 40 }));
    assert_eq!(uids(&seen), [0_u32; 0]);
    assert_eq!(heard.lock().unwrap().iter().filter(|line| line.contains("PEEK")).count(), 1);
}

#[test]
fn a_folder_that_was_numbered_anew_is_read_from_the_start() {
    let (port, _) = serve(Fake::new(2));
    let (seen, summary) = read_from(account(port), Some(ImapCursor { uid_validity: 6, uid: 900 }));
    assert_eq!(uids(&seen), [10, 20]);
    assert_eq!(summary.unwrap().renumbered, ["INBOX"]);
    assert!(seen.iter().all(|(cursor, _)| cursor.uid_validity == 7));
}

#[test]
fn a_connection_cut_anywhere_costs_no_mail_and_brings_none_twice() {
    for cut_after in [1_500, 1_703, 2_000, 3_001, 9_999] {
        let (port, _) = serve(Fake { cut_after: Some(cut_after), ..Fake::new(9) });
        let (seen, summary) = read_from(account(port), None);
        assert_eq!(uids(&seen), (1..=9).map(|uid| uid * 10).collect::<Vec<_>>(), "cut after {cut_after}");
        assert!(seen.iter().all(|(_, raw)| raw.is_some()), "cut after {cut_after}");
        assert_eq!(summary.unwrap().reconnect_count > 0, cut_after < 6_000);
    }
}

#[test]
fn a_server_that_is_gone_ends_the_reading_after_some_attempts() {
    let (port, heard) = serve(Fake { cut_after: Some(40), ..Fake::new(1) });
    let (seen, summary) = read_from(account(port), None);
    let error = summary.unwrap_err();
    assert!(matches!(&error, SourceError::Unreachable { .. }) && !error.is_configuration(), "{error}");
    assert!(error.to_string().contains(&format!("127.0.0.1:{port}")) && error.to_string().contains("`INBOX`"));
    assert_eq!((seen.len(), heard.lock().unwrap().len()), (0, 4));
}

#[test]
fn deleted_mails_are_counted_and_withheld_ones_are_handed_out_as_unreadable() {
    let fake = Fake { gone: vec![10, 40], withheld: vec![30], ..Fake::new(5) };
    let (port, _) = serve(fake);
    let (seen, summary) = read_from(account(port), None);
    assert_eq!(uids(&seen), [20, 30, 50]);
    assert_eq!(seen.iter().map(|(_, raw)| raw.is_some()).collect::<Vec<_>>(), [true, false, true]);
    let summary = summary.unwrap();
    assert_eq!((summary.vanished_count, summary.unreadable_count), (2, 1));
}

#[test]
fn a_mail_of_which_the_server_dies_every_time_does_not_hide_those_behind_it() {
    let (port, _) = serve(Fake { deadly: vec![20], ..Fake::new(4) });
    let (seen, summary) = read_from(account(port), None);
    assert_eq!(uids(&seen), [10, 20, 30, 40]);
    assert_eq!(seen.iter().filter(|(_, raw)| raw.is_none()).count(), 1);
    assert_eq!(summary.unwrap().unreadable_count, 1);
}

#[test]
fn a_wrong_password_or_folder_is_a_matter_of_configuration_and_no_message_holds_the_password() {
    let (port, heard) = serve(Fake::new(1));
    let wrong = ImapAccount { user: "bert".into(), ..account(port) };
    let error = read_from(wrong, None).1.unwrap_err();
    assert!(error.is_configuration(), "{error}");
    assert!(
        error.to_string().contains("log in `bert`") && !format!("{error} {error:?}").contains(PASSWORD),
        "{error:?}"
    );
    assert_eq!(heard.lock().unwrap().iter().filter(|line| line.contains("AUTHENTICATE")).count(), 1, "tried once");
    let folder = ImapAccount { folders: vec!["Nirgends".into()], ..account(port) };
    let error = read_from(folder, None).1.unwrap_err();
    assert!(error.is_configuration() && error.to_string().contains("`Nirgends`"), "{error}");
    let token = ImapSecret::AccessToken(Guarded::new(PASSWORD.into()));
    let error = read_from(ImapAccount { secret: token, ..account(port) }, None).1.unwrap_err();
    assert!(error.is_configuration() && !error.to_string().contains(PASSWORD), "{error}");
    let plain = serve(Fake { capabilities: "IMAP4rev1 LOGINDISABLED", ..Fake::new(1) });
    let error = read_from(account(plain.0), None).1.unwrap_err();
    assert!(error.is_configuration() && plain.1.lock().unwrap().iter().all(|line| !line.contains("LOGIN ")), "{error}");
}

#[test]
fn a_password_does_not_cross_a_network_without_tls() {
    let far = ImapAccount { host: "192.0.2.1".into(), ..account(143) };
    let error = read_from(far, None).1.unwrap_err();
    assert!(matches!(&error, SourceError::Unprotected { .. }) && error.is_configuration(), "{error}");
}

/// A server that says the same to every client and then reads what comes.
fn parrot(say: impl Fn(&mut TcpStream) -> std::io::Result<()> + Send + 'static) -> ImapAccount {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            if say(&mut stream).is_ok() {
                drop(stream.read_to_end(&mut Vec::new()));
            }
        }
    });
    ImapAccount { attempts_max: 2, ..account(port) }
}

#[test]
fn a_server_that_is_silent_or_only_drips_is_given_up_in_time() {
    let soon = |account| ImapAccount { timeout: Duration::from_millis(200), ..account };
    let silent = parrot(|_| Ok(()));
    let error = read_from(soon(silent), None).1.unwrap_err();
    assert!(error.to_string().contains("no answer in time"), "{error}");
    let dripping = parrot(|stream| {
        loop {
            stream.write_all(b"*")?;
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    let error = read_from(soon(dripping), None).1.unwrap_err();
    assert!(matches!(&error, SourceError::Unreachable { .. }), "{error}");
}

#[test]
fn a_server_that_floods_us_is_given_up_before_it_costs_memory() {
    let floods: [(&[u8], &[u8]); 4] = [
        (b"", b"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        (b"* OK\r\n", b"* OK and on and on and on and on and on and on and on and on\r\n"),
        (b"* OK\r\n", b"* 1 FETCH (BODY[] {4294967295}\r\n"),
        (b"* OK\r\n* 1 FETCH (", b"BODY[] {1}\r\nx {99999999999999999999999999}\r\n"),
    ];
    for (start, flood) in floods {
        let account = parrot(move |stream| {
            stream.write_all(start)?;
            loop {
                stream.write_all(&flood.repeat(64))?;
            }
        });
        let error = read_from(account, None).1.unwrap_err();
        assert!(matches!(&error, SourceError::Garbled { .. }), "{error}");
    }
}

#[test]
fn what_is_no_imap_is_said_to_be_none() {
    let web = parrot(|stream| stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n"));
    let error = read_from(web, None).1.unwrap_err();
    assert!(matches!(&error, SourceError::Garbled { .. }), "{error}");
    let tls = ImapAccount { tls: ImapTls::Implicit, ..parrot(|stream| stream.write_all(b"* OK hello, in plain\r\n")) };
    assert!(read_from(tls, None).1.is_err());
}

#[test]
fn an_upgrade_to_tls_is_never_left_out_and_nothing_said_before_it_counts() {
    let known = parrot(|stream| stream.write_all(b"* PREAUTH welcome back\r\n"));
    let unwilling = parrot(|stream| stream.write_all(b"* OK\r\nm1 BAD what\r\n"));
    let smuggling = parrot(|stream| stream.write_all(b"* OK\r\nm1 OK go\r\nm2 OK logged in\r\n"));
    for account in [known, unwilling, smuggling] {
        let error = read_from(ImapAccount { tls: ImapTls::StartTls, ..account }, None).1.unwrap_err();
        assert!(error.is_configuration() && error.to_string().contains("STARTTLS"), "{error}");
    }
}

#[test]
fn runs_of_uids_are_asked_for_as_ranges_and_large_mails_alone() {
    assert_eq!(uid_set(&[1, 2, 3, 7, 9, 10].into()), "1:3,7,9:10");
    assert_eq!(uid_set(&[u32::MAX].into()), u32::MAX.to_string());
    let big = PARTIAL_FROM_BYTES;
    let sizes = [(1, 10), (2, 10), (3, big), (4, 10), (5, u64::MAX), (6, BATCH_BYTES_MAX), (7, 1)];
    let parts: Vec<usize> = batches(&sizes, None).iter().map(Vec::len).collect();
    assert_eq!(parts, [2, 1, 1, 1, 1, 1]);
    assert_eq!(batches(&[(1, 1), (2, 1), (3, 1)], Some(1)).iter().map(Vec::len).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(batches(&vec![(1, 1); 250], None).len(), 3);
}
