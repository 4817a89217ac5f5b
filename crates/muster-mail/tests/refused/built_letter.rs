//! Only `compose` makes a letter.

use muster_mail::Letter;
use muster_model::{EmailAddress, NoticeToken};

fn forged(token: NoticeToken, rcpt_to: EmailAddress) -> Letter {
    Letter { token, rcpt_to }
}

fn main() {}
