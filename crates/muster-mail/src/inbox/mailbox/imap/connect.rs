//! Connecting and logging in.
//!
//! Invariant: a secret leaves only over TLS whose certificate names the host, or unprotected to a loopback address, or
//! where somebody said that it may; it stands in no message.

use std::fs;
use std::io;
use std::net::{TcpStream, ToSocketAddrs};
use std::path::Path;
use std::sync::Arc;

use muster_model::Guarded;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::super::{ImapAccount, ImapSecret, ImapTls, ReadError};
use super::response::{Reply, Response, quote, shown};
use super::wire::{Channel, Fault, Socket, Wire};

/// Lines that a server may send before a greeting or between the steps of a log-in.
const CHATTER_LINES_MAX: usize = 100;

/// Connects, protects the connection and logs in.
pub(super) fn connect(account: &ImapAccount) -> Result<Wire, Fault> {
    let socket = dial(account)?;
    let (mut wire, is_known) = match account.tls {
        ImapTls::Implicit => greet(Wire::new(upgrade(account, socket)?))?,
        ImapTls::None => greet(Wire::new(Channel::Plain(socket)))?,
        ImapTls::StartTls => (start_tls(account, greet(Wire::new(Channel::Plain(socket)))?)?, false),
    };
    if !is_known {
        log_in(&mut wire, account)?;
    }
    Ok(wire)
}

fn dial(account: &ImapAccount) -> Result<Socket, Fault> {
    let mut last = Fault::Lost("the host name has no address".to_owned());
    for address in (account.host.as_str(), account.port).to_socket_addrs()? {
        if account.tls == ImapTls::None && !account.is_unprotected_allowed && !address.ip().is_loopback() {
            return Err(Fault::Unprotected);
        }
        match TcpStream::connect_timeout(&address, account.timeout) {
            Ok(stream) => return Ok(Socket::new(stream, account.timeout)?),
            Err(error) => last = error.into(),
        }
    }
    Err(last)
}

/// Waits for the greeting; returns whether the server knows us already.
fn greet(mut wire: Wire) -> Result<(Wire, bool), Fault> {
    match wire.response()?.status_word() {
        Some("OK") => Ok((wire, false)),
        Some("PREAUTH") => Ok((wire, true)),
        Some("BYE") => Err(Fault::Lost("the server turns us away".to_owned())),
        Some(_) | None => Err(Fault::Garbled("it greets in no way that IMAP knows")),
    }
}

/// RFC 9051, 6.2.1 and 11.1: whatever the server said before TLS is forgotten, and one that claims to know us already
/// cannot be upgraded: somebody may stand between.
fn start_tls(account: &ImapAccount, (mut wire, is_known): (Wire, bool)) -> Result<Wire, Fault> {
    let refused = |detail: &str| Fault::Refused { action: "use STARTTLS".to_owned(), detail: detail.to_owned() };
    if is_known {
        return Err(refused("it greets as if we had logged in"));
    }
    match wire.command("STARTTLS", 0, &mut |_| Ok(()))? {
        Reply::Ok => {}
        refusal @ (Reply::No { .. } | Reply::Bad { .. }) => return Err(refusal.into_fault("use STARTTLS".to_owned())),
    }
    let socket = wire.into_socket().ok_or_else(|| refused("it goes on unprotected"))?;
    Ok(Wire::new(upgrade(account, socket)?))
}

fn upgrade(account: &ImapAccount, mut socket: Socket) -> Result<Channel, Fault> {
    let refused = |detail: String| Fault::Refused { action: "make a protected connection".to_owned(), detail };
    let name = ServerName::try_from(account.host.clone()).map_err(|error| refused(error.to_string()))?;
    let config = ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .map_err(|error| refused(error.to_string()))?
        .with_root_certificates(roots(account.ca_file.as_deref())?)
        .with_no_client_auth();
    let mut tls = ClientConnection::new(Arc::new(config), name).map_err(|error| refused(error.to_string()))?;
    while tls.is_handshaking() {
        tls.complete_io(&mut socket).map_err(|error| match certificate_fault(&error) {
            Some(detail) => refused(detail),
            None => error.into(),
        })?;
    }
    Ok(Channel::Tls(Box::new(StreamOwned::new(tls, socket))))
}

/// What is wrong with the server's certificate, if that is what broke the handshake.
fn certificate_fault(error: &io::Error) -> Option<String> {
    let fault = error.get_ref()?.downcast_ref::<rustls::Error>()?;
    let is_certificate = matches!(fault, rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented);
    is_certificate.then(|| fault.to_string())
}

/// The certificates that are trusted: those of the file, else the machine's, else those that come with us.
fn roots(ca_file: Option<&Path>) -> Result<RootCertStore, Fault> {
    let mut roots = RootCertStore::empty();
    if let Some(path) = ca_file {
        let failed = |source| Fault::Roots(ReadError { action: "read certificates", path: path.to_owned(), source });
        let pem = fs::read(path).map_err(failed)?;
        for certificate in CertificateDer::pem_slice_iter(&pem) {
            let added = certificate.map_err(|error| failed(io::Error::other(error.to_string())))?;
            roots.add(added).map_err(|error| failed(io::Error::other(error)))?;
        }
        if roots.is_empty() {
            return Err(failed(io::Error::other("there is no certificate in it")));
        }
        return Ok(roots);
    }
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    Ok(roots)
}

fn log_in(wire: &mut Wire, account: &ImapAccount) -> Result<(), Fault> {
    let mut offered = Vec::new();
    wire.command("CAPABILITY", 0, &mut |response| {
        offered.extend(response.capabilities());
        Ok(())
    })?;
    let offers = |name: &str| offered.iter().any(|word| word == name);
    let refused = |detail: &str| Fault::Refused { action: "log in".to_owned(), detail: detail.to_owned() };
    let secret = exposed(&account.secret);
    if account.user.contains(['\r', '\n', '\0']) || secret.contains(['\r', '\n', '\0']) {
        return Err(refused("user name and password must be one line each"));
    }
    let user = account.user.as_str();
    let sasl = match &account.secret {
        ImapSecret::AccessToken(_) => Some(("XOAUTH2", format!("user={user}\u{1}auth=Bearer {secret}\u{1}\u{1}"))),
        ImapSecret::Password(_) if offers("AUTH=PLAIN") => Some(("PLAIN", format!("\0{user}\0{secret}"))),
        ImapSecret::Password(_) if offers("LOGINDISABLED") => {
            return Err(refused("it takes no password over this connection"));
        }
        ImapSecret::Password(_) => None,
    };
    let reply = match sasl {
        Some((mechanism, message)) => authenticate(wire, mechanism, &message, offers("SASL-IR"))?,
        None => wire.command(&format!("LOGIN {} {}", quote(user), quote(secret)), 0, &mut |_| Ok(()))?,
    };
    // Some servers repeat what they got.
    let hidden = |text: String| if secret.is_empty() { text } else { text.replace(secret, "...") };
    match reply {
        Reply::Ok => Ok(()),
        Reply::No { text } => Err(Reply::No { text: hidden(text) }.into_fault(log_in_as(user))),
        Reply::Bad { text } => Err(Reply::Bad { text: hidden(text) }.into_fault(log_in_as(user))),
    }
}

fn log_in_as(user: &str) -> String {
    format!("log in `{}`", shown(user.as_bytes()))
}

#[expect(clippy::disallowed_methods, reason = "a secret of our own leaves for the server that it is for")]
fn exposed(secret: &ImapSecret) -> &str {
    let guarded: &Guarded<String> = match secret {
        ImapSecret::Password(secret) | ImapSecret::AccessToken(secret) => secret,
    };
    guarded.expose()
}

/// `AUTHENTICATE` with one message of ours (RFC 9051, 6.2.2; RFC 4959). A server that asks on has an error to tell, and
/// gets an empty line.
fn authenticate(wire: &mut Wire, mechanism: &str, message: &str, at_once: bool) -> Result<Reply, Fault> {
    let encoded = data_encoding::BASE64.encode(message.as_bytes());
    let mut unsaid = (!at_once).then_some(encoded.as_str());
    let initial = if at_once { format!(" {encoded}") } else { String::new() };
    let tag = wire.send_command(&format!("AUTHENTICATE {mechanism}{initial}"))?;
    for _ in 0..CHATTER_LINES_MAX {
        let response: Response = wire.response()?;
        if let Some(reply) = response.reply_to(&tag) {
            return Ok(reply);
        }
        if let Some(text) = response.bye() {
            return Err(Fault::Lost(format!("the server says good-bye: {text}")));
        }
        if response.is_continuation() {
            wire.send_line(unsaid.take().unwrap_or_default())?;
        }
    }
    Err(Fault::Garbled("it never ends the log-in"))
}
