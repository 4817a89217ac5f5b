//! Only `compose` makes a letter on paper.

use muster_mail::PaperLetter;
use muster_model::NoticeToken;

fn forged(token: NoticeToken, pdf: Vec<u8>) -> PaperLetter {
    PaperLetter { token, pdf }
}

fn main() {}
