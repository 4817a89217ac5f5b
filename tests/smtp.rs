//! Notices over SMTP: a small server on loopback that behaves as told.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::harness::Project;

const DAY_0: &str = "2026-03-02T09:00:00Z";

/// What the server does with a message.
#[derive(Clone, Copy)]
pub(crate) enum Manner {
    Accept,
    /// Refuse the recipient for good.
    Refuse,
    /// Take the message and hang up without a word.
    HangUp,
}

/// Starts a server; returns its port and the messages it took.
pub(crate) fn server(manner: Manner) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let taken = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&taken);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that goes away ends its own session only.
            drop(session(stream, manner, &kept));
        }
    });
    (port, taken)
}

fn session(stream: TcpStream, manner: Manner, taken: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut out = stream.try_clone()?;
    let mut lines = BufReader::new(stream).lines();
    out.write_all(b"220 mx.test ESMTP\r\n")?;
    while let Some(line) = lines.next() {
        let line = line?.to_ascii_uppercase();
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" | "HELO" => "250 mx.test",
            "RCPT" if matches!(manner, Manner::Refuse) => "550 5.1.1 no such user",
            "DATA" => {
                out.write_all(b"354 go on\r\n")?;
                let mut message = String::new();
                for line in lines.by_ref() {
                    let line = line?;
                    if line == "." {
                        break;
                    }
                    message.push_str(&line);
                    message.push('\n');
                }
                taken.lock().unwrap().push(message);
                if matches!(manner, Manner::HangUp) {
                    return Ok(());
                }
                "250 2.0.0 taken"
            }
            "QUIT" => {
                out.write_all(b"221 bye\r\n")?;
                return Ok(());
            }
            _ => "250 ok",
        };
        out.write_all(format!("{answer}\r\n").as_bytes())?;
    }
    Ok(())
}

fn project(port: u16) -> Project {
    let project = Project::init();
    let smtp =
        format!("transport = \"smtp\"\nhost = \"127.0.0.1\"\nport = {port}\ntls = \"none\"\ntimeout_ms = 5000\n#");
    project.edit("pipelines/main.toml", "transport = \"eml\"", &smtp);
    project.edit("pipelines/main.toml", "path = \"state/outbox\"", "# path = \"state/outbox\"");
    project.edit("pipelines/main.toml", "enabled = false", "enabled = true");
    project
}

#[test]
fn every_person_gets_one_notice_over_smtp_and_none_on_the_second_run() {
    let (port, taken) = server(Manner::Accept);
    let project = project(port);
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    assert_eq!(taken.lock().unwrap().len(), 2);
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    let taken = taken.lock().unwrap();
    assert_eq!(taken.len(), 2, "a second run sent again");
    assert!(taken.iter().all(|mail| mail.contains("List-Unsubscribe:") && mail.contains("Reply-To: ")), "{}", taken[0]);
}

#[test]
fn a_connection_that_breaks_behind_data_is_in_doubt_and_never_sent_again_by_itself() {
    let (port, taken) = server(Manner::HangUp);
    let project = project(port);
    let ran = project.run(&["run", "--now", DAY_0]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let first = taken.lock().unwrap().len();
    assert_eq!(first, 2);
    let review = project.run(&["review", "list", "--format", "csv"]).ended_with(0).stdout;
    assert_eq!(review.matches("notice.in_doubt").count(), 2, "{review}");
    project.run(&["run", "--now", "2026-03-03T09:00:00Z"]);
    assert_eq!(taken.lock().unwrap().len(), first, "sent again by itself");
    let id = review.lines().nth(1).unwrap().split(',').next().unwrap();
    project.write("decisions.csv", &format!("id,decision\n{id},not-sent\n"));
    project.run(&["review", "decide", "decisions.csv", "--now", "2026-03-04T09:00:00Z"]).ended_with(0);
    project.run(&["notice", "send", "--now", "2026-03-04T09:00:00Z"]);
    assert_eq!(taken.lock().unwrap().len(), first + 1, "a person decided that it had not gone out");
}

#[test]
fn an_address_that_the_server_refuses_counts_as_not_told() {
    let (port, taken) = server(Manner::Refuse);
    let project = project(port);
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    assert!(taken.lock().unwrap().is_empty());
    let plan = project.run(&["notice", "plan", "--now", DAY_0]).ended_with(0).stdout;
    assert_eq!(plan.matches("notice.no_address").count(), 2, "{plan}");
}

#[test]
fn an_unreachable_server_is_exit_3_and_everybody_is_told_once_it_is_back() {
    // A port that was free a moment ago and has nobody listening.
    let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let project = project(port);
    let ran = project.run(&["run", "--now", DAY_0]).ended_with(3);
    assert!(ran.stderr.contains("hint") || ran.stderr.contains("run again"), "{}", ran.stderr);
    let (back, taken) = server(Manner::Accept);
    project.edit("pipelines/main.toml", &format!("port = {port}"), &format!("port = {back}"));
    project.run(&["run", "--now", DAY_0]).ended_with(0);
    assert_eq!(taken.lock().unwrap().len(), 2);
}
