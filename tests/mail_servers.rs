//! Reading a mailbox on a real IMAP server: nothing is changed, nothing is lost, nothing comes twice.
//!
//! Dovecot is brought up for each test; where it is not installed, a test says so and is over.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering;
use std::time::Duration;

use muster_mail::{ImapAccount, ImapCursors, ImapSecret, ImapTls, MailSource, ReadSummary, SourceError, read_source};
use muster_model::Guarded;

use crate::harness::mail_servers::{ACCOUNT, MailServers, PASSWORD};
use crate::harness::tcp_proxy::TcpProxy;

fn account(servers: &MailServers) -> ImapAccount {
    let secret = ImapSecret::Password(Guarded::new(PASSWORD.to_owned()));
    ImapAccount {
        port: servers.imap_port,
        tls: ImapTls::None,
        timeout: Duration::from_secs(10),
        retry_wait: Duration::from_millis(10),
        ..ImapAccount::new("localhost", ACCOUNT, secret)
    }
}

fn mail(number: usize) -> Vec<u8> {
    format!("From: a@x.test\r\nSubject: mail {number:03}\r\n\r\n{}\r\n.\r\nFrom here on\r\n", "text ".repeat(number))
        .into()
}

/// Reads all that lies behind the cursors, and moves them as a caller does.
fn read(account: &ImapAccount, cursors: &mut ImapCursors) -> (Vec<Vec<u8>>, Result<ReadSummary, SourceError>) {
    let (mut mails, mut moved) = (Vec::new(), cursors.clone());
    let summary = read_source(&MailSource::Imap(Box::new(account.clone())), cursors, &mut |mail| {
        let mail = mail.unwrap();
        let (folder, cursor) = mail.place.cursor().unwrap();
        moved.insert(folder.to_owned(), cursor);
        mails.push(mail.raw);
        ControlFlow::Continue(())
    });
    *cursors = moved;
    (mails, summary)
}

#[test]
fn a_read_leaves_flags_and_counts_as_they_were_and_a_second_one_fetches_nothing() {
    let Some(servers) = MailServers::dovecot() else { return };
    let mut probe = servers.probe();
    let written: Vec<Vec<u8>> = (0..30).map(mail).collect();
    for raw in &written {
        probe.append("INBOX", raw);
    }
    probe.say("SELECT INBOX");
    probe.say("STORE 1:5 +FLAGS (\\Seen \\Flagged)");
    probe.say("STORE 6 +FLAGS (\\Answered)");
    probe.say("UNSELECT");
    let before = servers.probe().state("INBOX");
    assert!(before.contains("UNSEEN 25") && before.contains("\\Flagged"), "{before}");
    let mut cursors = ImapCursors::new();
    let (mails, summary) = read(&account(&servers), &mut cursors);
    assert_eq!(mails, written, "byte for byte, in order");
    assert_eq!(summary.unwrap(), ReadSummary { mail_count: 30, ..ReadSummary::default() });
    assert_eq!(servers.probe().state("INBOX"), before);
    let (mails, _) = read(&account(&servers), &mut cursors);
    assert!(mails.is_empty());
    servers.probe().append("INBOX", &mail(30));
    assert_eq!(read(&account(&servers), &mut cursors).0, [mail(30)]);
}

#[test]
fn a_mailbox_made_anew_is_read_from_the_start_and_expunged_mails_are_no_fault() {
    let Some(servers) = MailServers::dovecot() else { return };
    let mut probe = servers.probe();
    probe.say("CREATE \"Antworten &- mehr\"");
    let account = ImapAccount { folders: vec!["Antworten & mehr".to_owned(), "INBOX".to_owned()], ..account(&servers) };
    (0..6).for_each(|number| probe.append("Antworten &- mehr", &mail(number)));
    let mut cursors = ImapCursors::new();
    assert_eq!(read(&account, &mut cursors).0.len(), 6);
    // Some go, one comes: the numbering goes on.
    probe.say("SELECT \"Antworten &- mehr\"");
    probe.say("STORE 2:4 +FLAGS (\\Deleted)");
    probe.say("EXPUNGE");
    probe.append("Antworten &- mehr", &mail(6));
    assert_eq!(read(&account, &mut cursors).0, [mail(6)]);
    probe.say("UNSELECT");
    probe.say("DELETE \"Antworten &- mehr\"");
    probe.say("CREATE \"Antworten &- mehr\"");
    (7..9).for_each(|number| probe.append("Antworten &- mehr", &mail(number)));
    let (mails, summary) = read(&account, &mut cursors);
    assert_eq!(mails, [mail(7), mail(8)]);
    assert_eq!(summary.unwrap().renumbered, ["Antworten & mehr"]);
    let unknown = ImapAccount { folders: vec!["Nirgends".to_owned()], ..account };
    let error = read(&unknown, &mut cursors).1.unwrap_err();
    assert!(error.is_configuration() && error.to_string().contains("`Nirgends`"), "{error}");
}

#[test]
fn mails_that_go_while_they_are_read_are_counted_and_no_other_is_lost() {
    let Some(servers) = MailServers::dovecot() else { return };
    let mut probe = servers.probe();
    (0..250).for_each(|number| probe.append("INBOX", &mail(number)));
    probe.say("SELECT INBOX");
    let (mut mails, mut deleted) = (Vec::new(), false);
    let source = MailSource::Imap(Box::new(account(&servers)));
    let summary = read_source(&source, &ImapCursors::new(), &mut |mail| {
        // The first hundred are fetched; of those behind, some go before their turn.
        if !std::mem::replace(&mut deleted, true) {
            probe.say("STORE 50,120:129,250 +FLAGS.SILENT (\\Deleted)");
            probe.say("EXPUNGE");
        }
        mails.push(mail.unwrap().raw);
        ControlFlow::Continue(())
    });
    let expected: Vec<Vec<u8>> = (0..249).filter(|number| !(119..129).contains(number)).map(mail).collect();
    assert_eq!(mails, expected);
    assert_eq!(summary.unwrap().vanished_count, 11);
}

#[test]
fn a_connection_that_breaks_in_the_middle_of_a_fetch_is_made_anew_behind_the_last_mail() {
    let Some(servers) = MailServers::dovecot() else { return };
    let mut probe = servers.probe();
    let written: Vec<Vec<u8>> = (0..120).map(mail).collect();
    for raw in &written {
        probe.append("INBOX", raw);
    }
    let before = servers.probe().state("INBOX");
    // In the log-in, in the list, in the first and in the second batch; then it holds.
    let proxy = TcpProxy::start(servers.imap_port, vec![200, 2_000, 30_000, 40_050, 20_001]);
    let account = ImapAccount { port: proxy.port, attempts_max: 6, ..account(&servers) };
    let (mails, summary) = read(&account, &mut ImapCursors::new());
    assert_eq!(summary.unwrap().reconnect_count, 5);
    assert_eq!(proxy.connection_count.load(Ordering::SeqCst), 6);
    assert_eq!(mails, written);
    assert_eq!(servers.probe().state("INBOX"), before);
}

#[test]
fn tls_needs_a_certificate_that_is_trusted_and_names_the_host() {
    let Some(servers) = MailServers::dovecot() else { return };
    servers.probe().append("INBOX", &mail(1));
    let ca_file = Some(servers.ca_file());
    let implicit = ImapAccount { port: servers.imaps_port, tls: ImapTls::Implicit, ca_file, ..account(&servers) };
    let start_tls = ImapAccount { port: servers.imap_port, tls: ImapTls::StartTls, ..implicit.clone() };
    for account in [implicit.clone(), start_tls.clone()] {
        assert_eq!(read(&account, &mut ImapCursors::new()).0, [mail(1)]);
        let stranger = ImapAccount { ca_file: None, ..account };
        let error = read(&stranger, &mut ImapCursors::new()).1.unwrap_err();
        assert!(error.is_configuration() && error.to_string().contains("certificate"), "{error}");
    }
    let misnamed = ImapAccount { host: "127.0.0.1".to_owned(), ..implicit };
    let error = read(&misnamed, &mut ImapCursors::new()).1.unwrap_err();
    assert!(error.is_configuration() && error.to_string().contains("certificate"), "{error}");
    let wrong = ImapAccount { secret: ImapSecret::Password(Guarded::new("falsch-0815".to_owned())), ..start_tls };
    let error = read(&wrong, &mut ImapCursors::new()).1.unwrap_err();
    assert!(error.is_configuration() && error.to_string().contains("log in"), "{error}");
    assert!(!format!("{error} {error:?}").contains("falsch-0815"), "{error:?}");
}

#[test]
fn of_a_mail_larger_than_the_bound_the_beginning_is_fetched() {
    let Some(servers) = MailServers::dovecot() else { return };
    let mut large = b"Subject: large\r\n\r\n".to_vec();
    (0..27_u32 << 20 >> 6).for_each(|line| large.extend_from_slice(format!("{line:062}\r\n").as_bytes()));
    let mut probe = servers.probe();
    probe.append("INBOX", &large);
    probe.append("INBOX", &mail(1));
    let (mails, _) = read(&account(&servers), &mut ImapCursors::new());
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0].len(), 25 << 20);
    assert!(large.starts_with(&mails[0]));
    assert_eq!(mails[1], mail(1));
}

#[test]
fn what_a_test_started_is_stopped_also_when_it_panics() {
    let Some(servers) = MailServers::postfix() else { return };
    let (ports, folder) = ([servers.imap_port, servers.imaps_port, servers.smtp_port], servers.path(""));
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || {
        assert_eq!(servers.probe().exists("INBOX"), 1, "the mailbox is empty: this panics");
    }));
    assert!(panicked.is_err());
    for port in ports {
        assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err(), "port {port} still answers");
    }
    assert!(!folder.exists());
    let works_there = |entry: std::fs::DirEntry| {
        std::fs::read_link(entry.path().join("cwd")).is_ok_and(|cwd| cwd.starts_with(&folder))
    };
    let left = std::fs::read_dir("/proc").unwrap().flatten().filter(|entry| entry.path().join("cwd").exists());
    assert_eq!(left.map(works_there).filter(|left| *left).count(), 0);
}
