//! The crawler against a real server on loopback: every rule of the crate where it meets the wire.

mod follow;
mod limits;
mod manners;
mod memory;
mod revisit;
mod server;
