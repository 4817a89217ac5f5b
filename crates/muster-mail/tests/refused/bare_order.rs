//! An order that no gate cleared is no order.

use muster_gate::NoticeOrder;
use muster_gate::sensitive::Screen;
use muster_mail::{Composed, Sender, Templates, compose};

fn forged(order: NoticeOrder, templates: &Templates, sender: &Sender, screen: &Screen) -> Composed {
    compose(order, templates, sender, screen).unwrap()
}

fn main() {}
