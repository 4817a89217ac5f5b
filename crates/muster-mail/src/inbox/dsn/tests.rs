//! Reports of every make, shortened to what they are known by.

use super::*;
use crate::inbox::{InboxHints, MailVerdict, classify};
