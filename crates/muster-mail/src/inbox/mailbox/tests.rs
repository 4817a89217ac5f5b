//! What the sources hand out.

use std::fs;

use super::*;

fn read(path: &Path) -> (Vec<(String, Vec<u8>)>, ReadSummary) {
    let mut mails = Vec::new();
    let source = MailSource::Path(path.to_owned());
    let summary = read_source(&source, &ImapCursors::new(), &mut |mail| {
        let mail = mail.unwrap();
        mails.push((mail.place.to_string(), mail.raw));
        ControlFlow::Continue(())
    });
    (mails, summary.unwrap())
}

fn raws(mails: &[(String, Vec<u8>)]) -> Vec<&str> {
    mails.iter().map(|(_, raw)| std::str::from_utf8(raw).unwrap()).collect()
}

fn from_stream(bytes: &[u8]) -> Vec<(u64, String)> {
    let mut mails = Vec::new();
    read_stream(bytes, &mut |mail| {
        let mail = mail.unwrap();
        let MailPlace::StandardInput { offset } = mail.place else { panic!("{:?}", mail.place) };
        mails.push((offset, String::from_utf8_lossy(&mail.raw).into_owned()));
        ControlFlow::Continue(())
    })
    .unwrap();
    mails
}

#[test]
fn a_maildir_is_read_by_stable_names_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["new", "cur", "tmp"] {
        fs::create_dir(dir.path().join(name)).unwrap();
    }
    fs::write(dir.path().join("new/2.host"), "To: a@x.test\n\nb").unwrap();
    fs::write(dir.path().join("cur/1.host:2,S"), "To: a@x.test\n\na").unwrap();
    fs::write(dir.path().join("tmp/3.host"), "half").unwrap();
    let files = read_mailbox(dir.path()).unwrap();
    assert_eq!(files.iter().map(MailFile::name).collect::<Vec<_>>(), ["1.host", "2.host"]);
    assert_eq!(files.first().unwrap().read().unwrap(), b"To: a@x.test\n\na");
    let (mails, summary) = read(dir.path());
    assert_eq!(raws(&mails), ["To: a@x.test\n\na", "To: a@x.test\n\nb"]);
    assert_eq!((summary.mail_count, summary.unreadable_count), (2, 0));
    assert!(dir.path().join("new/2.host").exists() && dir.path().join("cur/1.host:2,S").exists());
}

#[test]
fn a_mail_that_a_reader_moves_while_we_read_is_found_and_one_that_it_deletes_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["new", "cur"] {
        fs::create_dir(dir.path().join(name)).unwrap();
    }
    for name in ["1.host", "2.host", "3.host"] {
        fs::write(dir.path().join("new").join(name), name).unwrap();
    }
    let mut mails = Vec::new();
    let source = MailSource::Path(dir.path().to_owned());
    let summary = read_source(&source, &ImapCursors::new(), &mut |mail| {
        if mails.is_empty() {
            fs::rename(dir.path().join("new/2.host"), dir.path().join("cur/2.host:2,S")).unwrap();
            fs::remove_file(dir.path().join("new/3.host")).unwrap();
        }
        mails.push(mail.unwrap().raw);
        ControlFlow::Continue(())
    });
    assert_eq!(mails, [b"1.host", b"2.host"]);
    assert_eq!(summary.unwrap().vanished_count, 1);
}

#[test]
fn a_mail_in_a_folder_that_cannot_be_read_is_handed_out_as_such() {
    let dir = tempfile::tempdir().unwrap();
    // A folder that is named like a mail is none; a link to nowhere is not there.
    fs::create_dir(dir.path().join("a.eml")).unwrap();
    std::os::unix::fs::symlink("/proc/self/mem", dir.path().join("b.eml")).unwrap();
    fs::write(dir.path().join("c.eml"), "x: y\n\n").unwrap();
    let mut seen = Vec::new();
    let source = MailSource::Path(dir.path().to_owned());
    let summary = read_source(&source, &ImapCursors::new(), &mut |mail| {
        seen.push(mail.map(|mail| mail.raw.len()).map_err(|mail| mail.place));
        ControlFlow::Continue(())
    });
    let summary = summary.unwrap();
    assert_eq!((summary.mail_count, summary.unreadable_count), (2, 1), "{seen:?}");
    assert!(matches!(seen.as_slice(), [Err(MailPlace::File { .. }), Ok(6)]), "{seen:?}");
}

#[test]
fn a_folder_and_a_single_file_are_mailboxes_too() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("b.eml"), "x: y\n\n").unwrap();
    fs::write(dir.path().join("a.EML"), "x: y\n\n").unwrap();
    fs::write(dir.path().join("notes.txt"), "").unwrap();
    fs::write(dir.path().join("empty.mbox"), "").unwrap();
    assert_eq!(read(dir.path()).0.len(), 2);
    assert_eq!(read_mailbox(&dir.path().join("b.eml")).unwrap().first().unwrap().name(), "b.eml");
    assert_eq!(read(&dir.path().join("b.eml")).0.len(), 1);
    assert!(read_mailbox(&dir.path().join("none")).is_err());
    let none = MailSource::Path(dir.path().join("none"));
    let error = read_source(&none, &ImapCursors::new(), &mut |_| ControlFlow::Continue(())).unwrap_err();
    assert!(matches!(&error, SourceError::Read(_)) && !error.is_configuration(), "{error}");
}

#[test]
fn an_mbox_is_told_by_its_first_line_whatever_it_is_called_and_its_mails_by_offset() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("replies");
    let text = "From a@x.test Tue Mar  3 09:00:00 2026\nSubject: 1\n\none\n\nFrom b@x.test Tue Mar  3 09:01:00 2026\nSubject: 2\n\ntwo\n";
    fs::write(&path, text).unwrap();
    let (mails, _) = read(&path);
    assert_eq!(raws(&mails), ["Subject: 1\n\none\n", "Subject: 2\n\ntwo\n"]);
    assert_eq!(mails.iter().map(|(place, _)| place.rsplit_once(':').unwrap().1).collect::<Vec<_>>(), ["0", "56"]);
    assert!(text.get(56..).unwrap().starts_with("From b@"));
}

#[test]
fn the_handler_may_break_off_after_any_mail() {
    let mails = b"From a@x.test Tue Mar  3 09:00:00 2026\na: b\n\nFrom a@x.test Tue Mar  3 09:00:00 2026\nc: d\n";
    let mut count = 0;
    let summary = read_stream(mails.as_slice(), &mut |_| {
        count += 1;
        ControlFlow::Break(())
    });
    assert_eq!((count, summary.unwrap().is_stopped), (1, true));
}

#[test]
fn quoted_from_lines_lose_one_mark_and_content_length_is_not_believed() {
    let mbox = "From - Tue Mar  3 09:00:00 2026\r\nContent-Length: 9999\r\n\r\n>From here\r\n>>From there\r\n> From you\r\n\r\n\
                From MAILER-DAEMON Tue Mar  3 09:01 2026 +0100\r\nb: c\r\n";
    let mails = from_stream(mbox.as_bytes());
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0].1, "Content-Length: 9999\r\n\r\nFrom here\r\n>From there\r\n> From you\r\n");
    assert_eq!(mails[1].1, "b: c\r\n");
}

#[test]
fn a_sentence_that_begins_with_from_starts_no_mail() {
    let mbox =
        "From a@x.test Tue Mar  3 09:00:00 2026\nSubject: 1\n\nFrom now on, leave me alone.\nFrom 2026 on too.\n";
    let mails = from_stream(mbox.as_bytes());
    assert_eq!(mails.len(), 1);
    assert!(mails[0].1.ends_with("From now on, leave me alone.\nFrom 2026 on too.\n"));
}

#[test]
fn a_stream_without_a_from_line_is_one_mail_byte_for_byte() {
    let mail = "Subject: x\n\nhello\n\n>From me\nFrom a@x.test Tue Mar  3 09:00:00 2026\n";
    assert_eq!(from_stream(mail.as_bytes()), [(0, mail.to_owned())]);
    assert_eq!(from_stream(b""), []);
}

#[test]
fn of_a_mail_longer_than_the_bound_the_beginning_is_kept_and_the_next_is_found() {
    let mut mbox = b"From a@x.test Tue Mar  3 09:00:00 2026\nSubject: long\n\n".to_vec();
    mbox.extend(std::iter::repeat_n(b'x', MAIL_BYTES_MAX + 5_000));
    mbox.extend_from_slice(b"\n\nFrom a@x.test Tue Mar  3 09:00:00 2026\nSubject: short\n");
    let mails = from_stream(&mbox);
    assert_eq!(mails.iter().map(|(_, raw)| raw.len()).collect::<Vec<_>>(), [MAIL_BYTES_MAX, 15]);
    assert_eq!(mails[1].1, "Subject: short\n");
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_and_none_is_invented(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..2_000)) {
        let mails = from_stream(&bytes);
        proptest::prop_assert!(mails.len() <= 1 + bytes.windows(6).filter(|at| *at == b"\nFrom ").count());
        proptest::prop_assert_eq!(mails.is_empty(), bytes.is_empty());
    }

    #[test]
    fn what_a_writer_quotes_comes_back(
        bodies in proptest::collection::vec("(>{0,2}From [a-z]{1,4} 12:00 2026|[a-z >]{0,12}|\r)(\n(>{0,2}From x|[a-z >]{0,12})){0,4}", 0..6),
        chunk in 1_usize..64,
    ) {
        let mut mbox = Vec::new();
        let mails: Vec<String> = bodies.iter().map(|body| format!("Subject: x\n\n{body}\n")).collect();
        for mail in &mails {
            mbox.extend_from_slice(b"From a@x.test Tue Mar  3 09:00:00 2026\n");
            for line in mail.lines() {
                let is_from = line.trim_start_matches('>').starts_with("From ");
                mbox.extend_from_slice(format!("{}{line}\n", if is_from { ">" } else { "" }).as_bytes());
            }
            mbox.push(b'\n');
        }
        let mut read = Vec::new();
        let reader = io::BufReader::with_capacity(chunk, mbox.as_slice());
        read_stream(reader, &mut |mail| {
            read.push(String::from_utf8(mail.unwrap().raw).unwrap());
            ControlFlow::Continue(())
        }).unwrap();
        // `lines` takes a carriage return at a line's end away: the writer here does, not the reader.
        let written: Vec<String> = mails.iter().map(|mail| mail.lines().map(|line| format!("{line}\n")).collect()).collect();
        proptest::prop_assert_eq!(read, written);
    }
}

#[test]
fn the_key_follows_content_not_name() {
    let key = SecretKey::storeless();
    assert_eq!(mail_key(&key, "replies", b"x"), mail_key(&key, "replies", b"x"));
    assert_ne!(mail_key(&key, "replies", b"x"), mail_key(&key, "other", b"x"));
}
