//! A proof for another purpose is no proof for a notice.

use muster_gate::sensitive::Screen;
use muster_gate::{Cleared, NoticeOrder, Release};
use muster_mail::{Composed, Sender, Templates, compose};

fn forged(order: Cleared<NoticeOrder, Release>, templates: &Templates, sender: &Sender, screen: &Screen) -> Composed {
    compose(order, templates, sender, screen).unwrap()
}

fn main() {}
