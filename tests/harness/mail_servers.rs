//! Real mail servers for a test: Dovecot for IMAP and LMTP, Postfix for SMTP and genuine delivery reports.
//!
//! They run on free loopback ports out of a temporary folder, without systemd and without touching the machine's own
//! configuration, and are stopped when the value goes, also when a test panics. Where a package is missing, or we are
//! not root (Postfix insists), the tests that need them say so in one line and are over.
//!
//! Invariant: nothing outlives the test; nothing is written outside of the folder; nothing but loopback is spoken to.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use tempfile::TempDir;

use super::imap_probe::ImapProbe;

/// Password of every account.
pub(crate) const PASSWORD: &str = "geheim-4711";

/// The account whose mailbox gets every mail to this domain, whatever stands before the `@`.
pub(crate) const ACCOUNT: &str = "privacy@hafenregister.example";

/// Who owns the mailboxes: `nobody`, as far as Debian is concerned.
const OWNER: u32 = 65_534;

/// How long a server may take to come up, or to deliver, in steps of [`STEP`].
const STEPS: u32 = 400;
const STEP: Duration = Duration::from_millis(50);

/// Files of a mail server that a test needs, with the Debian package that brings each.
const DOVECOT: &[(&str, &str)] = &[
    ("/usr/sbin/dovecot", "dovecot-core"),
    ("/usr/lib/dovecot/imap", "dovecot-imapd"),
    ("/usr/lib/dovecot/lmtp", "dovecot-lmtpd"),
    ("/usr/bin/openssl", "openssl"),
];
const POSTFIX: &[(&str, &str)] = &[("/usr/sbin/postfix", "postfix"), ("/usr/lib/postfix/sbin/master", "postfix")];

/// The running servers.
pub(crate) struct MailServers {
    /// IMAP in plain, with `STARTTLS`.
    pub(crate) imap_port: u16,
    /// IMAP over TLS.
    pub(crate) imaps_port: u16,
    /// SMTP, where Postfix runs.
    pub(crate) smtp_port: u16,
    /// Stopped before the folder goes: fields end in their order.
    running: Vec<Server>,
    folder: TempDir,
}

impl MailServers {
    /// Starts Dovecot; `None`, with a line that says why, where it cannot.
    pub(crate) fn dovecot() -> Option<Self> {
        if let Some(why) = cannot(DOVECOT) {
            say_skipped(&why);
            return None;
        }
        let folder = TempDir::new().unwrap();
        // The servers work as other users.
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        for name in ["mail", "dovecot", "tls"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        chown(folder.path().join("mail"), Some(OWNER), Some(OWNER)).unwrap();
        make_certificates(&folder.path().join("tls"));
        let (imap_port, imaps_port) = (free_port(), free_port());
        let config = folder.path().join("dovecot/dovecot.conf");
        fs::write(&config, dovecot_config(folder.path(), imap_port, imaps_port)).unwrap();
        let dovecot = Server::start(Command::new("/usr/sbin/dovecot").args(["-F", "-c"]).arg(&config));
        let servers = Self { folder, imap_port, imaps_port, smtp_port: 0, running: vec![dovecot] };
        servers.wait_for_greeting(imap_port, "* OK", "dovecot.log");
        servers.wait_until("LMTP answers", || servers.path("dovecot/lmtp").exists());
        Some(servers)
    }

    /// Starts Dovecot and Postfix.
    ///
    /// Mail for the domain of [`ACCOUNT`] is delivered to [`ACCOUNT`]. Mail for `refused.test` goes to a server that refuses as the
    /// local part says, so that Postfix writes a genuine report.
    pub(crate) fn postfix() -> Option<Self> {
        if let Some(why) = cannot(DOVECOT).or_else(|| cannot(POSTFIX)) {
            say_skipped(&why);
            return None;
        }
        let mut servers = Self::dovecot()?;
        servers.smtp_port = free_port();
        let root = servers.path("postfix");
        for name in ["etc", "queue", "data"] {
            fs::create_dir_all(root.join(name)).unwrap();
        }
        let owner = id_of("postfix");
        chown(root.join("data"), Some(owner), None).unwrap();
        fs::write(root.join("etc/main.cf"), postfix_config(servers.folder.path(), refusing_server())).unwrap();
        fs::write(root.join("etc/master.cf"), postfix_services(servers.smtp_port)).unwrap();
        // Makes the folders of the queue, and complains of what would not work.
        let checked = Command::new("/usr/sbin/postfix").arg("-c").arg(root.join("etc")).arg("check").output().unwrap();
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
        // Not by `postfix start-fg`: that is a shell, which would be stopped and leave the servers behind.
        let mut master = Command::new("/usr/lib/postfix/sbin/master");
        servers.running.push(Server::start(master.arg("-c").arg(root.join("etc")).arg("-s")));
        servers.wait_for_greeting(servers.smtp_port, "220 ", "postfix.log");
        Some(servers)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The certificate of the authority that signed the servers'; nobody else trusts it.
    pub(crate) fn ca_file(&self) -> PathBuf {
        self.path("tls/ca.pem")
    }

    /// A second client, logged in.
    pub(crate) fn probe(&self) -> ImapProbe {
        ImapProbe::log_in(self.imap_port, ACCOUNT, PASSWORD)
    }

    /// Begins a conversation with Postfix.
    pub(crate) fn smtp(&self) -> SmtpSession {
        SmtpSession::open(self.smtp_port)
    }

    /// Waits until something is so.
    #[track_caller]
    pub(crate) fn wait_until(&self, what: &str, so: impl Fn() -> bool) {
        for _ in 0..STEPS {
            if so() {
                return;
            }
            sleep(STEP);
        }
        assert!(so(), "waited in vain until {what}\n{}", self.logs());
    }

    /// Waits until the account holds that many mails.
    #[track_caller]
    pub(crate) fn wait_for_mails(&self, count: usize) {
        self.wait_until(&format!("{count} mails are there"), || self.probe().exists("INBOX") >= count);
    }

    #[track_caller]
    fn wait_for_greeting(&self, port: u16, greeting: &str, log: &str) {
        let greets = || {
            let Ok(stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else { return false };
            let mut line = String::new();
            BufReader::new(stream).read_line(&mut line).is_ok() && line.starts_with(greeting)
        };
        self.wait_until(&format!("the server of {log} greets"), greets);
    }

    /// The ends of the servers' logs, for whoever looks into a failed test.
    fn logs(&self) -> String {
        let end = |name: &str| {
            let text = fs::read_to_string(self.path(name)).unwrap_or_default();
            let lines: Vec<&str> = text.lines().collect();
            lines[lines.len().saturating_sub(30)..].join("\n")
        };
        format!("--- dovecot.log\n{}\n--- postfix.log\n{}", end("dovecot.log"), end("postfix.log"))
    }
}

/// A server that ends with us, however we end.
struct Server {
    server: Child,
    /// Waits for the end of what it reads from us, and then ends the server: so also where we are killed.
    watcher: Child,
}

impl Server {
    fn start(command: &mut Command) -> Self {
        let quiet = |command: &mut Command| command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let server = quiet(command.stdin(Stdio::null()));
        let watch = "cat > /dev/null; kill -TERM \"$1\"";
        let mut watcher = Command::new("sh");
        let watcher = quiet(watcher.args(["-c", watch, "sh", &server.id().to_string()]).stdin(Stdio::piped()));
        Self { server, watcher }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The watcher does the asking.
        drop(self.watcher.stdin.take());
        drop(self.watcher.wait());
        for _ in 0..STEPS {
            if !matches!(self.server.try_wait(), Ok(None)) {
                return;
            }
            sleep(STEP);
        }
        drop(self.server.kill());
        drop(self.server.wait());
    }
}

/// Past the test program's capture, so that it is read also where the tests pass.
fn say_skipped(why: &str) {
    std::io::stderr().write_all(format!("skipped, no mail servers: {why}\n").as_bytes()).unwrap();
}

/// Why the servers cannot run here.
fn cannot(needed: &[(&str, &str)]) -> Option<String> {
    if let Some((_, package)) = needed.iter().find(|(file, _)| !Path::new(file).exists()) {
        return Some(format!("the package `{package}` is not installed"));
    }
    if id_of("") != 0 {
        return Some("the mail servers of the tests need root".to_owned());
    }
    // The configuration language of 2.4 is another.
    let version = Command::new("/usr/sbin/dovecot").arg("--version").output().unwrap();
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    (!version.starts_with("2.3.")).then(|| format!("Dovecot is {}, the tests know 2.3", version.trim()))
}

/// The number of a user; of ourselves, where it has no name.
fn id_of(user: &str) -> u32 {
    let output = Command::new("id").arg("-u").args(Some(user).filter(|user| !user.is_empty())).output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap()
}

/// A port that nobody listens on.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// An authority of our own, and a certificate for `localhost` by it.
fn make_certificates(folder: &Path) {
    let config = "[req]\ndistinguished_name=name\n[name]\n[authority]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n\
                  [server]\nbasicConstraints=critical,CA:FALSE\nsubjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n";
    fs::write(folder.join("openssl.cnf"), config).unwrap();
    let make = |args: &str| {
        let common = "req -x509 -config openssl.cnf -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30";
        let args = common.split(' ').chain(args.split(' '));
        let output = Command::new("openssl").args(args).current_dir(folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    make("-subj /CN=test-authority -extensions authority -keyout ca.key -out ca.pem");
    make("-subj /CN=localhost -extensions server -CA ca.pem -CAkey ca.key -keyout key.pem -out cert.pem");
}

fn dovecot_config(folder: &Path, imap_port: u16, imaps_port: u16) -> String {
    let root = folder.display();
    format!(
        "protocols = imap lmtp
listen = 127.0.0.1
base_dir = {root}/dovecot/run
state_dir = {root}/dovecot/state
log_path = {root}/dovecot.log
ssl = yes
ssl_cert = <{root}/tls/cert.pem
ssl_key = <{root}/tls/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain
auth_username_chars =
auth_failure_delay = 0
first_valid_uid = 1
mail_max_userip_connections = 100
mail_location = maildir:~/Maildir
recipient_delimiter =
lmtp_save_to_detail_mailbox = no
lmtp_hdr_delivery_address = final
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={OWNER} gid={OWNER} home={root}/mail/%d allow_all_users=yes
}}
service lmtp {{
  unix_listener {root}/dovecot/lmtp {{
    mode = 0666
  }}
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap_port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {imaps_port}
    ssl = yes
  }}
}}
"
    )
}

fn postfix_config(folder: &Path, refusing_port: u16) -> String {
    let root = folder.display();
    format!(
        "compatibility_level = 3.6
queue_directory = {root}/postfix/queue
data_directory = {root}/postfix/data
maillog_file = {root}/postfix.log
maillog_file_prefixes = {root}
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.hafenregister.example
myorigin = mx.hafenregister.example
mydestination =
local_transport = error:no local delivery
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_peername_lookup = no
smtp_host_lookup = native
smtp_dns_support_level = disabled
recipient_delimiter =
local_header_rewrite_clients =
in_flow_delay = 0
notify_classes =
smtpd_reject_unlisted_recipient = no
smtpd_relay_restrictions = permit_mynetworks, reject
virtual_mailbox_domains = hafenregister.example
virtual_mailbox_maps = static:ok
virtual_transport = lmtp:unix:{root}/dovecot/lmtp
lmtp_destination_recipient_limit = 1
transport_maps = inline:{{ {{ refused.test = smtp:[127.0.0.1]:{refusing_port} }}, {{ nowhere.test = error:5.4.4 no such host }} }}
default_transport = error:5.7.1 nothing leaves this machine
"
    )
}

fn postfix_services(smtp_port: u16) -> String {
    format!(
        "127.0.0.1:{smtp_port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"
    )
}

/// A server that refuses every recipient, by what stands before the `@`; returns its port.
fn refusing_server() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || drop(refuse(stream)));
        }
    });
    port
}

fn refuse(stream: TcpStream) -> std::io::Result<()> {
    let mut out = stream.try_clone()?;
    out.write_all(b"220 mx.refused.test ESMTP\r\n")?;
    for line in BufReader::new(stream).lines() {
        let line = line?;
        let local = line.split(['<', '@']).nth(1).unwrap_or_default();
        let kind = local.split('.').next().unwrap_or_default();
        let answer = match line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase().as_str() {
            "RCPT" => match kind {
                "full" => "552 5.2.2 The mailbox is over its quota".to_owned(),
                "blocked" => "550 5.7.1 Your host is on a list of senders that we do not like".to_owned(),
                "large" => "552 5.3.4 The message is larger than we take".to_owned(),
                _ => format!("550 5.1.1 <{local}@refused.test>: no such user here"),
            },
            "QUIT" => "221 2.0.0 bye".to_owned(),
            _ => "250 2.0.0 ok".to_owned(),
        };
        out.write_all(format!("{answer}\r\n").as_bytes())?;
    }
    Ok(())
}

/// A conversation with Postfix.
pub(crate) struct SmtpSession {
    reader: BufReader<TcpStream>,
    writer: TcpStream,
}

impl SmtpSession {
    fn open(port: u16) -> Self {
        let writer = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        writer.set_nodelay(true).unwrap();
        let mut session = Self { reader: BufReader::new(writer.try_clone().unwrap()), writer };
        session.expect("220");
        session.say("EHLO client.test", "250");
        session
    }

    /// Sends one mail; an empty `mail_from` is a report's.
    pub(crate) fn send(&mut self, mail_from: &str, rcpt_to: &str, raw: &[u8]) {
        self.say(&format!("MAIL FROM:<{mail_from}>"), "250");
        self.say(&format!("RCPT TO:<{rcpt_to}>"), "250");
        self.say("DATA", "354");
        let mut text = Vec::with_capacity(raw.len() + 1_000);
        for line in raw.split(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if line.starts_with(b".") {
                text.push(b'.');
            }
            text.extend_from_slice(line);
            text.extend_from_slice(b"\r\n");
        }
        // The last line's end made an empty line more.
        if raw.ends_with(b"\n") {
            text.truncate(text.len() - 2);
        }
        text.extend_from_slice(b".\r\n");
        self.writer.write_all(&text).unwrap();
        self.expect("250");
    }

    #[track_caller]
    fn say(&mut self, line: &str, expected: &str) {
        self.writer.write_all(format!("{line}\r\n").as_bytes()).unwrap();
        self.expect(expected);
    }

    #[track_caller]
    fn expect(&mut self, expected: &str) {
        loop {
            let mut line = String::new();
            self.reader.read_line(&mut line).unwrap();
            assert!(line.starts_with(expected), "{line}");
            if line.as_bytes().get(3) == Some(&b' ') {
                return;
            }
        }
    }
}
