//! Delivery to an SMTP submission server, one connection after another's mail.
//!
//! The conversation is held command by command, because only so can it be told on which side of `DATA` it broke:
//! before the text has begun to leave nothing was sent, for sure; after it, only a reply settles the matter
//! (RFC 5321, 4.5.3.2.6, 6.1).
//!
//! Invariant: [`Delivery::InDoubt`] is the answer whenever the text had begun to leave and no reply code came.

use std::error::Error as _;
use std::net::IpAddr;

use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{Error, response::Response};
use muster_model::{EmailAddress, Guarded};

use super::{Delivery, SendError, SmtpConfig, SmtpTls};
use crate::inbox::{BounceClass, BounceKind, bounce_of_reply, enhanced_code};
use crate::notice::Letter;

/// A submission server with the connection to it.
pub(super) struct SmtpMailer {
    config: SmtpConfig,
    connection: Option<SmtpConnection>,
}

/// Where a conversation broke before the text began to leave.
enum Before {
    /// The connection is gone; a fresh one may work.
    Broken(Error),
    /// The server answered no.
    Refused(Delivery),
    /// The server does not take mail from us.
    Rejected(String),
}

impl SmtpMailer {
    /// Connects and logs in.
    pub(super) fn open(config: SmtpConfig) -> Result<Self, SendError> {
        let mut mailer = Self { config, connection: None };
        mailer.connection = Some(mailer.connect()?);
        Ok(mailer)
    }

    /// Sends a letter.
    pub(super) fn deliver(&mut self, letter: &Letter) -> Result<Delivery, SendError> {
        self.deliver_message(Some(letter.mail_from()), letter.rcpt_to(), letter.message())
    }

    /// Sends a message; without a sender, the return path is the null one (RFC 5321, 4.5.5).
    pub(super) fn deliver_message(
        &mut self,
        mail_from: Option<&EmailAddress>,
        rcpt_to: &EmailAddress,
        message: &[u8],
    ) -> Result<Delivery, SendError> {
        let from = mail_from.map(|from| from.as_str().parse::<Address>()).transpose();
        let (Ok(from), Ok(to)) = (from, rcpt_to.as_str().parse::<Address>()) else {
            return Ok(Delivery::Failed { permanent: true, status_code: Some("5.1.3".to_owned()) });
        };
        // A server may have closed a connection that stood idle; until the text leaves, trying again is safe.
        let reused = self.connection.is_some();
        let mut result = self.envelope(from.as_ref(), &to)?;
        if reused && matches!(&result, Err(Before::Broken(_))) {
            self.connection = None;
            result = self.envelope(from.as_ref(), &to)?;
        }
        match result {
            Ok(()) => Ok(self.text(message)),
            Err(Before::Refused(delivery)) => {
                self.reset();
                Ok(delivery)
            }
            Err(Before::Broken(error)) => {
                self.connection = None;
                Err(SendError::Unreachable { server: self.server(), detail: detail(&error) })
            }
            Err(Before::Rejected(detail)) => {
                self.connection = None;
                Err(SendError::Rejected { server: self.server(), detail })
            }
        }
    }

    /// `MAIL`, `RCPT` and `DATA`, up to the point from which the text leaves.
    fn envelope(&mut self, from: Option<&Address>, to: &Address) -> Result<Result<(), Before>, SendError> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect()?,
        };
        let result = converse(&mut connection, from, to);
        if !matches!(&result, Err(Before::Broken(_))) {
            self.connection = Some(connection);
        }
        Ok(result)
    }

    fn text(&mut self, message: &[u8]) -> Delivery {
        let Some(mut connection) = self.connection.take() else { return Delivery::InDoubt };
        match connection.message(message) {
            Ok(_) => {
                self.connection = Some(connection);
                Delivery::Sent
            }
            Err(error) if error.is_permanent() || error.is_transient() => {
                if !is_closing(&error) {
                    self.connection = Some(connection);
                }
                refused(&error, false)
            }
            Err(_) => {
                connection.abort();
                Delivery::InDoubt
            }
        }
    }

    /// Clears a half-made transaction; a connection that does not obey is given up.
    fn reset(&mut self) {
        if let Some(mut connection) = self.connection.take()
            && connection.command("RSET\r\n").is_ok()
        {
            self.connection = Some(connection);
        }
    }

    fn server(&self) -> String {
        format!("{}:{}", self.config.host, self.config.port)
    }

    fn connect(&self) -> Result<SmtpConnection, SendError> {
        let config = &self.config;
        let unreachable = |error: &Error| match error.status() {
            Some(_) if error.is_permanent() => SendError::Rejected { server: self.server(), detail: detail(error) },
            _ => SendError::Unreachable { server: self.server(), detail: detail(error) },
        };
        if config.tls == SmtpTls::None && config.password.is_some() && !is_loopback(&config.host) {
            return Err(SendError::Unprotected { server: self.server() });
        }
        let hello = ClientId::default();
        let tls = match config.tls {
            SmtpTls::None => None,
            SmtpTls::StartTls | SmtpTls::Implicit => {
                Some(TlsParameters::new(config.host.clone()).map_err(|error| unreachable(&error))?)
            }
        };
        let first = if config.tls == SmtpTls::Implicit { tls.as_ref() } else { None };
        let server = (config.host.as_str(), config.port);
        let mut connection = SmtpConnection::connect(server, Some(config.timeout), &hello, first, None)
            .map_err(|error| unreachable(&error))?;
        if let (SmtpTls::StartTls, Some(tls)) = (config.tls, &tls) {
            connection
                .starttls(tls, &hello)
                .map_err(|error| SendError::Rejected { server: self.server(), detail: detail(&error) })?;
        }
        if let (Some(user), Some(password)) = (&config.user, &config.password) {
            let credentials = Credentials::new(user.clone(), secret(password));
            connection
                .auth(DEFAULT_MECHANISMS, &credentials)
                .map_err(|error| SendError::Rejected { server: self.server(), detail: detail(&error) })?;
        }
        Ok(connection)
    }
}

impl Drop for SmtpMailer {
    fn drop(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            connection.abort();
        }
    }
}

fn converse(connection: &mut SmtpConnection, from: Option<&Address>, to: &Address) -> Result<(), Before> {
    let done = |result: Result<Response, Error>, about_us: bool| match result {
        Ok(_) => Ok(()),
        Err(error) if error.is_permanent() && about_us => Err(Before::Rejected(detail(&error))),
        Err(error) if error.is_permanent() || error.is_transient() => Err(Before::Refused(refused(&error, true))),
        Err(error) => Err(Before::Broken(error)),
    };
    done(connection.command(Mail::new(from.cloned(), Vec::new())), true)?;
    done(connection.command(Rcpt::new(to.clone(), Vec::new())), false)?;
    done(connection.command(Data), false)
}

/// Reads a refusal: whether the address is the reason for good, and the status code.
fn refused(error: &Error, at_address: bool) -> Delivery {
    let reply = error.source().map(ToString::to_string).unwrap_or_default();
    let code = error.status().map(u16::from).unwrap_or_default();
    let status_code = enhanced_code(&reply);
    let (kind, class) = bounce_of_reply(code, &reply);
    // A refusal of the text that names no reason is about the text; one of the address, about the address.
    let unknown = class == BounceClass::Unknown;
    let permanent = error.is_permanent() && kind == BounceKind::Permanent && (at_address || !unknown);
    Delivery::Failed { permanent, status_code }
}

/// Whether the server said that it closes the connection (RFC 5321, 3.8).
fn is_closing(error: &Error) -> bool {
    error.status().map(u16::from) == Some(421)
}

/// Says what happened without the server's words, which may repeat an address.
fn detail(error: &Error) -> String {
    match error.status() {
        Some(code) => {
            let reply = error.source().map(ToString::to_string).unwrap_or_default();
            enhanced_code(&reply).map_or_else(|| format!("reply {code}"), |status| format!("reply {code} {status}"))
        }
        None if error.is_response() => "the reply cannot be read or is not whole".to_owned(),
        None => error.to_string(),
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn secret(password: &Guarded<String>) -> String {
    #[expect(clippy::disallowed_methods, reason = "the password goes to the server that it is for, and nowhere else")]
    let password = password.expose();
    password.clone()
}
