//! Pages and files to mentions and problems, pure.
//!
//! A page goes in as bytes; people and companies come out, each value with the words and the byte span it was read
//! from. The way is: `decode` the bytes, build a tree whose nodes know their place in the source (`dom`), lay its
//! text out in lines (`lines`), find mailboxes and numbers (`atoms`), read structured data (`jsonld`,
//! `microdata`, `hcard`; files of cards by `vcard`), legal pages (`imprint`), tables (`table`) and cards of people (`card`), and bring
//! what was said twice together (`assemble`). Nothing here decides what may be kept: that is the gate's.
//! Contact files, CSV and JSON lines, are read by `tabular`.
//!
//! Invariant: extraction cannot fail and never panics; what is wrong with a page is a counted problem.

mod address;
mod assemble;
mod atoms;
mod candidate;
mod card;
mod company_name;
mod decode;
mod dom;
mod draft;
mod hcard;
mod hidden_mail;
mod imprint;
mod item;
mod json;
mod jsonld;
mod lines;
mod microdata;
mod organization;
mod page;
mod person_name;
mod phone;
mod scan;
mod schema;
mod scope;
mod source_map;
mod table;
mod tabular;
mod text_encoding;
mod title;

mod vcard;
mod view;
mod words;
mod zones;

pub use page::{ExtractContext, Extraction, extract_page};
pub use phone::{find_phones, parse_phone};
pub use tabular::{
    ColumnUse, ImportContext, ImportError, Imported, ReadMentions, RejectedLine, TableFormat, TableSpec,
    count_line_ends, import_table, line_end, read_mentions, suggested_field,
};
