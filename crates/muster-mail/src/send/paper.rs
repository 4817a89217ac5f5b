//! Letters on paper for a printing office: a folder with one PDF for each person and one table.
//!
//! The file name is the token. A letter is handed over when its PDF and its row in the table are both on disk; a PDF
//! without a row was cut short by a kill, counts as not handed over and is written again.
//!
//! Invariant: at most one PDF and one row of a token; the table on disk is always whole.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use muster_gate::SuppressionList;
use muster_model::{NoticeToken, SecretKey};

use super::SendError;
use super::folder::{failed, sync_folder};
use crate::notice::PaperLetter;
use crate::print::ADDRESS_LINES_MAX;

/// The table for the printing office.
const TABLE: &str = "letters.csv";

/// What a file in the making ends with.
const ASIDE: &str = ".tmp";

/// The columns of the table.
const COLUMNS: [&str; 12] =
    ["file", "token", "pages", "line_1", "line_2", "line_3", "line_4", "line_5", "line_6", "country", "lang", "date"];

/// What became of a letter on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperDelivery {
    /// It lies in the folder now.
    Written,
    /// It lay there already; nothing was written.
    AlreadyThere,
    /// The person was put on the suppression list after the letter was made; nothing was written.
    Suppressed,
}

/// An open folder of letters.
#[derive(Debug)]
pub struct LetterFolder {
    path: PathBuf,
    /// The rows of the table by token.
    rows: BTreeMap<String, Vec<String>>,
}

impl LetterFolder {
    /// Opens a folder and makes it where it is missing; what a kill left in the making is deleted.
    ///
    /// # Errors
    ///
    /// [`SendError::Folder`] where it cannot be read or its table is not one of ours.
    pub fn open(path: &Path) -> Result<Self, SendError> {
        fs::create_dir_all(path).map_err(failed("create folder", path))?;
        for entry in fs::read_dir(path).map_err(failed("read folder", path))? {
            let file = entry.map_err(failed("read folder", path))?.path();
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if name.starts_with('.') && name.ends_with(ASIDE) {
                fs::remove_file(&file).map_err(failed("delete", &file))?;
            }
        }
        let rows = read_table(&path.join(TABLE))?;
        Ok(Self { path: path.to_owned(), rows })
    }

    /// Returns whether the letter of a token has been handed over.
    ///
    /// # Errors
    ///
    /// [`SendError::Folder`] where the folder cannot be read.
    pub fn holds(&self, token: &NoticeToken) -> Result<bool, SendError> {
        let file = self.path.join(file_name(token)?);
        Ok(self.rows.contains_key(token.as_str()) && file.try_exists().map_err(failed("look for", &file))?)
    }

    /// Hands letters over: each PDF, then the table with all of their rows. Returns what became of each, in order.
    ///
    /// # Law
    ///
    /// GDPR 21(3): the list is asked once more here, by everything that the person can be recognized by; an objection
    /// that came in after the contact wall wins.
    ///
    /// # Errors
    ///
    /// [`SendError`] where the folder fails: none of them counts as handed over.
    pub fn deliver(
        &mut self,
        letters: &[&PaperLetter],
        list: &SuppressionList,
        key: &SecretKey,
    ) -> Result<Vec<PaperDelivery>, SendError> {
        let mut outcomes = Vec::new();
        let mut changed = false;
        let mut rows = self.rows.clone();
        for letter in letters {
            let token = letter.token();
            if letter.is_suppressed(list, key) {
                outcomes.push(PaperDelivery::Suppressed);
                continue;
            }
            if self.holds(token)? {
                outcomes.push(PaperDelivery::AlreadyThere);
                continue;
            }
            let name = file_name(token)?;
            self.write(&name, letter.pdf())?;
            rows.insert(token.as_str().to_owned(), row_of(letter, name));
            changed = true;
            outcomes.push(PaperDelivery::Written);
        }
        if changed {
            sync_folder(&self.path)?;
            self.write_table(&rows)?;
            self.rows = rows;
        }
        Ok(outcomes)
    }

    /// Deletes the letters of these tokens and their rows: an erasure reaches the printing office's folder. Returns how
    /// many there were; what has been printed cannot be taken back.
    ///
    /// # Errors
    ///
    /// [`SendError::Folder`] where a file cannot be deleted.
    pub fn retract<'a>(&mut self, tokens: impl IntoIterator<Item = &'a NoticeToken>) -> Result<usize, SendError> {
        let mut rows = self.rows.clone();
        let mut count = 0;
        for token in tokens {
            let file = self.path.join(file_name(token)?);
            let there = file.try_exists().map_err(failed("look for", &file))?;
            if there {
                fs::remove_file(&file).map_err(failed("delete", &file))?;
            }
            let listed = rows.remove(token.as_str()).is_some();
            count += usize::from(there || listed);
        }
        if rows.len() < self.rows.len() {
            self.write_table(&rows)?;
            self.rows = rows;
        } else if count > 0 {
            sync_folder(&self.path)?;
        }
        Ok(count)
    }

    /// Writes a file aside, makes it durable and gives it its name.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), SendError> {
        let aside = self.path.join(format!(".{name}{ASIDE}"));
        let mut file = File::create(&aside).map_err(failed("create", &aside))?;
        file.write_all(bytes).map_err(failed("write", &aside))?;
        file.sync_all().map_err(failed("sync", &aside))?;
        drop(file);
        fs::rename(&aside, self.path.join(name)).map_err(failed("rename", &aside))
    }

    fn write_table(&self, rows: &BTreeMap<String, Vec<String>>) -> Result<(), SendError> {
        let path = self.path.join(TABLE);
        let mut writer = csv::Writer::from_writer(Vec::new());
        let records = std::iter::once(COLUMNS.map(str::to_owned).to_vec()).chain(rows.values().cloned());
        for record in records {
            writer.write_record(&record).map_err(|error| failed("write", &path)(io::Error::from(error)))?;
        }
        let bytes = writer.into_inner().map_err(|error| failed("write", &path)(io::Error::other(error.to_string())))?;
        self.write(TABLE, &bytes)?;
        sync_folder(&self.path)
    }
}

fn row_of(letter: &PaperLetter, name: String) -> Vec<String> {
    let mut row = vec![name, letter.token().as_str().to_owned(), letter.page_count().to_string()];
    let lines = letter.address_lines().iter().cloned().chain(std::iter::repeat(String::new()));
    row.extend(lines.take(ADDRESS_LINES_MAX));
    row.extend([letter.country().to_owned(), letter.lang().to_owned(), letter.date().to_string()]);
    row
}

/// The name of a letter's file. A token is letters and digits, so that it is a file name everywhere.
fn file_name(token: &NoticeToken) -> Result<String, SendError> {
    let text = token.as_str();
    let fits = !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if fits { Ok(format!("{text}.pdf")) } else { Err(SendError::Token) }
}

fn read_table(path: &Path) -> Result<BTreeMap<String, Vec<String>>, SendError> {
    let mut rows = BTreeMap::new();
    if !path.try_exists().map_err(failed("look for", path))? {
        return Ok(rows);
    }
    let bytes = fs::read(path).map_err(failed("read", path))?;
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let foreign = |detail: &str| failed("read", path)(io::Error::new(io::ErrorKind::InvalidData, detail));
    let headers = reader.headers().map_err(|error| foreign(&error.to_string()))?;
    if !headers.iter().eq(COLUMNS) {
        return Err(foreign("the columns are not those of a table of letters"));
    }
    for record in reader.records() {
        let record = record.map_err(|error| foreign(&error.to_string()))?;
        let row: Vec<String> = record.iter().map(str::to_owned).collect();
        if let Some(token) = row.get(1) {
            rows.insert(token.clone(), row);
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use muster_gate::manual_entry;
    use muster_model::{EntityKind, MentionRecord, SuppressionReason, Timestamp};

    use super::*;
    use crate::notice::paper_for_tests;

    const TOKEN: &str = "abcdefghij234567klmnopqrst";
    const OTHER: &str = "zzcdefghij234567klmnopqrst";

    fn deliver(folder: &mut LetterFolder, letters: &[&PaperLetter]) -> Vec<PaperDelivery> {
        folder.deliver(letters, &SuppressionList::default(), &SecretKey::storeless()).unwrap()
    }

    #[test]
    fn nt_6_a_letter_is_one_pdf_and_one_row_however_often_it_is_handed_over() {
        let dir = tempfile::tempdir().unwrap();
        let mut folder = LetterFolder::open(dir.path()).unwrap();
        let (one, two) = (paper_for_tests("de", TOKEN), paper_for_tests("fr", OTHER));
        assert_eq!(deliver(&mut folder, &[&two, &one]), [PaperDelivery::Written, PaperDelivery::Written]);
        assert_eq!(deliver(&mut folder, &[&one]), [PaperDelivery::AlreadyThere]);
        let mut again = LetterFolder::open(dir.path()).unwrap();
        assert!(again.holds(&NoticeToken::new(TOKEN)).unwrap());
        assert_eq!(deliver(&mut again, &[&one, &two]), [PaperDelivery::AlreadyThere, PaperDelivery::AlreadyThere]);
        assert_eq!(fs::read(dir.path().join(format!("{TOKEN}.pdf"))).unwrap(), one.pdf());
        let table = fs::read_to_string(dir.path().join(TABLE)).unwrap();
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.first(), Some(&COLUMNS.join(",").as_str()));
        assert_eq!(lines.len(), 3);
        assert_eq!(
            lines.get(1).copied(),
            Some(format!("{TOKEN}.pdf,{TOKEN},{},Kim Beispiel-Çelik,Werft Süd GmbH & Co. KG,Kaistraße 4,18055 Rostock,,,DE,de,2026-03-09", one.page_count()).as_str())
        );
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 3);
    }

    #[test]
    fn a_pdf_without_its_row_was_not_handed_over_and_is_written_again() {
        let dir = tempfile::tempdir().unwrap();
        let letter = paper_for_tests("de", TOKEN);
        fs::write(dir.path().join(format!("{TOKEN}.pdf")), "half").unwrap();
        fs::write(dir.path().join(format!(".{OTHER}.pdf.tmp")), "half").unwrap();
        let mut folder = LetterFolder::open(dir.path()).unwrap();
        assert!(!dir.path().join(format!(".{OTHER}.pdf.tmp")).exists());
        assert!(!folder.holds(&NoticeToken::new(TOKEN)).unwrap());
        assert_eq!(deliver(&mut folder, &[&letter]), [PaperDelivery::Written]);
        assert_eq!(fs::read(dir.path().join(format!("{TOKEN}.pdf"))).unwrap(), letter.pdf());
        // A row without its PDF is no letter either.
        fs::remove_file(dir.path().join(format!("{TOKEN}.pdf"))).unwrap();
        assert!(!LetterFolder::open(dir.path()).unwrap().holds(&NoticeToken::new(TOKEN)).unwrap());
    }

    #[test]
    fn an_erasure_takes_pdf_and_row_away() {
        let dir = tempfile::tempdir().unwrap();
        let mut folder = LetterFolder::open(dir.path()).unwrap();
        let (one, two) = (paper_for_tests("de", TOKEN), paper_for_tests("fr", OTHER));
        deliver(&mut folder, &[&one, &two]);
        assert_eq!(folder.retract([&NoticeToken::new(TOKEN), &NoticeToken::new("never2sent")]).unwrap(), 1);
        assert!(!folder.holds(&NoticeToken::new(TOKEN)).unwrap() && folder.holds(&NoticeToken::new(OTHER)).unwrap());
        let table = fs::read_to_string(dir.path().join(TABLE)).unwrap();
        assert!(!table.contains(TOKEN) && table.contains(OTHER), "{table}");
        assert!(!dir.path().join(format!("{TOKEN}.pdf")).exists());
    }

    #[test]
    fn su_3_who_objected_behind_the_contact_wall_gets_no_letter() {
        let dir = tempfile::tempdir().unwrap();
        let mut folder = LetterFolder::open(dir.path()).unwrap();
        let letter = paper_for_tests("de", TOKEN);
        // Known by name and employer alone: a letter has no mailbox to look for.
        let mut record = MentionRecord::new(EntityKind::Person);
        record.name = Some("Kim Beispiel-Çelik".into());
        record.company = Some("Werft Süd GmbH & Co. KG".into());
        let key = SecretKey::storeless();
        let entry = manual_entry(&record, &key, SuppressionReason::Objection, Timestamp::UNIX_EPOCH).unwrap();
        let list = SuppressionList::new(vec![entry], 1);
        let outcomes = folder.deliver(&[&letter], &list, &key).unwrap();
        assert_eq!(outcomes, [PaperDelivery::Suppressed]);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_table_that_is_not_ours_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(TABLE), "a,b\n1,2\n").unwrap();
        assert!(matches!(LetterFolder::open(dir.path()), Err(SendError::Folder { .. })));
        assert_eq!(fs::read_to_string(dir.path().join(TABLE)).unwrap(), "a,b\n1,2\n");
    }
}
