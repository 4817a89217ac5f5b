//! The whole binary, tried as a user would: one test program, one module per question.
//!
//! Every test makes a project of its own in a temporary folder and stops what it starts. The virtual clock is
//! `--now`; nothing here reads the wall clock but to wait for a process that is to be killed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking; the helpers outside of test functions as well")]

mod cli;
mod deadline;
mod deadline_command;
mod edges;
mod faults;
mod flow;
mod harness;
mod inbox;
mod inbox_kill;
mod inbox_world;
mod kill;
mod leak;
mod letters;
mod mail_servers;
mod notice_check;
mod real_pages;
mod resolution_quality;
mod resolve_command;
mod smtp;
mod suppression;
mod tidy;
