//! A letter is sent once: it cannot be copied.

use muster_mail::Letter;

fn twice(letter: &Letter) -> Letter {
    Letter::clone(letter)
}

fn main() {}
