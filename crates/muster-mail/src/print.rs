//! A letter on paper: one PDF of A4 pages whose address shows in the window of an envelope.
//!
//! It sets plain text as it stands: lines in capitals are headings, lines that begin with a dash are items. What the
//! text says is the template's; who gets it on paper is the contact wall's.
//!
//! Invariant: what is printed is the text that was checked, character by character; a character that the font lacks is
//! an error, never a box.

use std::ops::Range;
use std::sync::LazyLock;

use krilla::Document;
use krilla::geom::Point;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

/// Liberation Sans 2.1.5, under the SIL Open Font License: Latin with all its accents, Greek and Cyrillic.
static REGULAR: LazyLock<Face> = LazyLock::new(|| Face::read(include_bytes!("../fonts/LiberationSans-Regular.ttf")));
static BOLD: LazyLock<Face> = LazyLock::new(|| Face::read(include_bytes!("../fonts/LiberationSans-Bold.ttf")));

/// On which side the window of the envelope is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// As DIN 5008 form B and BS 4264 have it: 20 mm from the left edge.
    Left,
    /// As NF Z 11-001 has it: 110 mm from the left edge.
    Right,
}

impl Window {
    /// Finds the window of that name.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "left" => Some(Self::Left),
            "right" => Some(Self::Right),
            _ => None,
        }
    }

    const fn left_mm(self) -> f32 {
        match self {
            Self::Left => 25.0,
            Self::Right => 115.0,
        }
    }
}

/// What stands on the paper.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sheet<'a> {
    /// The sender on one line, above the address.
    pub sender: &'a str,
    /// The address, line by line, at most [`ADDRESS_LINES_MAX`].
    pub address: &'a [String],
    /// Stands at the right, such as a date and a reference.
    pub aside: &'a [String],
    /// The subject line.
    pub subject_line: &'a str,
    /// The text.
    pub text: &'a str,
    /// Language of the text, ISO 639-1.
    pub lang: &'a str,
    /// Where the window is.
    pub window: Window,
}

/// What was printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Printed {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// How many pages it has.
    pub page_count: usize,
}

/// Why nothing was printed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// The font has no sign for a character, so the name or text would not be readable.
    #[error("the font has no sign for the character U+{code:04X}")]
    NoGlyph {
        /// The character's code point.
        code: u32,
    },
    /// The address does not fit into the window.
    #[error("the address has {lines} lines; the window of an envelope shows {ADDRESS_LINES_MAX}")]
    Address {
        /// Its lines.
        lines: usize,
    },
    /// The page cannot be written.
    #[error("failed to write the page: {detail}")]
    Page {
        /// What the PDF writer said.
        detail: String,
    },
}

/// The window of an envelope shows so many lines.
pub(crate) const ADDRESS_LINES_MAX: usize = 6;

const POINTS_PER_MM: f32 = 72.0 / 25.4;
const PAGE_WIDTH_MM: f32 = 210.0;
const PAGE_HEIGHT_MM: f32 = 297.0;
const LEFT_MM: f32 = 25.0;
const RIGHT_MM: f32 = 190.0;
/// Where the line with the sender stands, above the window's address.
const SENDER_MM: f32 = 48.0;
const ADDRESS_MM: f32 = 55.0;
const ADDRESS_WIDTH_MM: f32 = 80.0;
/// Beside a window on the left the date stands on the right, and the other way round.
const ASIDE_MM: f32 = 55.0;
const TEXT_FIRST_MM: f32 = 100.0;
const TEXT_NEXT_MM: f32 = 25.0;
const TEXT_END_MM: f32 = 272.0;
const FOOT_MM: f32 = 284.0;
const SIZE: f32 = 10.0;
const SMALL_SIZE: f32 = 7.0;
const LEADING_MM: f32 = 4.7;
const INDENT_MM: f32 = 4.0;

/// Prints a letter.
///
/// The same sheet gives the same bytes.
///
/// # Errors
///
/// [`PrintError`] where a character has no sign or the address does not fit.
pub(crate) fn print(sheet: &Sheet<'_>) -> Result<Printed, PrintError> {
    let address = address_lines(sheet.address)?;
    let lines = lines_of(sheet)?;
    let pages = paginate(lines);
    let mut document = Document::new();
    let settings = PageSettings::from_wh(PAGE_WIDTH_MM * POINTS_PER_MM, PAGE_HEIGHT_MM * POINTS_PER_MM);
    let count = pages.len();
    for (index, page_lines) in pages.into_iter().enumerate() {
        let settings = settings.clone().ok_or(PrintError::Page { detail: "the size of the page".into() })?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        let mut set = |line: &Line, x_mm: f32, y_mm: f32| {
            let point = Point::from_xy(x_mm * POINTS_PER_MM, y_mm * POINTS_PER_MM);
            surface.draw_glyphs(point, &line.glyphs, line.face.font.clone(), &line.text, line.size, false);
        };
        if index == 0 {
            let left = sheet.window.left_mm();
            set(&fitted(&REGULAR, sheet.sender, SMALL_SIZE, ADDRESS_WIDTH_MM)?, left, SENDER_MM);
            for (line, y_mm) in address.iter().zip(steps(ADDRESS_MM)) {
                set(line, left, y_mm);
            }
            let aside_left = if sheet.window == Window::Left { 125.0 } else { LEFT_MM };
            for (text, y_mm) in sheet.aside.iter().zip(steps(ASIDE_MM)) {
                set(&fitted(&REGULAR, text, SIZE, RIGHT_MM - 125.0)?, aside_left, y_mm);
            }
        }
        let top = if index == 0 { TEXT_FIRST_MM } else { TEXT_NEXT_MM };
        for (line, y_mm) in page_lines.iter().zip(steps(top)) {
            if let Some(line) = line {
                set(line, LEFT_MM + line.indent_mm, y_mm);
            }
        }
        if count > 1 {
            set(&Line::set(&REGULAR, &format!("{} / {count}", index + 1), SMALL_SIZE)?, RIGHT_MM - 6.0, FOOT_MM);
        }
        surface.finish();
        page.finish();
    }
    document.set_metadata(Metadata::new().title(sheet.subject_line.to_owned()).language(sheet.lang.to_owned()));
    let pdf = document.finish().map_err(|error| PrintError::Page { detail: format!("{error:?}") })?;
    Ok(Printed { pdf, page_count: count })
}

fn steps(top_mm: f32) -> impl Iterator<Item = f32> {
    std::iter::successors(Some(top_mm), |y_mm| Some(y_mm + LEADING_MM))
}

fn address_lines(address: &[String]) -> Result<Vec<Line>, PrintError> {
    if address.len() > ADDRESS_LINES_MAX {
        return Err(PrintError::Address { lines: address.len() });
    }
    address.iter().map(|line| fitted(&REGULAR, line, SIZE, ADDRESS_WIDTH_MM)).collect()
}

/// A line in the largest size in which it fits.
fn fitted(face: &'static Face, text: &str, size: f32, width_mm: f32) -> Result<Line, PrintError> {
    let line = Line::set(face, text, size)?;
    let width = line.width();
    if width <= width_mm * POINTS_PER_MM {
        return Ok(line);
    }
    Line::set(face, text, size * width_mm * POINTS_PER_MM / width)
}

/// The lines of the text; none is an empty line.
type Lines = Vec<Option<Line>>;

fn lines_of(sheet: &Sheet<'_>) -> Result<Lines, PrintError> {
    let width_mm = RIGHT_MM - LEFT_MM;
    let mut lines: Lines = Vec::new();
    wrap(&BOLD, sheet.subject_line, (0.0, width_mm), &mut lines)?;
    lines.push(None);
    for text in sheet.text.trim_end().lines() {
        let words = text.trim_start();
        let depth = text.chars().take_while(|c| *c == ' ').count();
        if words.is_empty() {
            lines.push(None);
            continue;
        }
        let heading = words.chars().any(char::is_alphabetic) && !words.chars().any(char::is_lowercase);
        let face: &'static Face = if heading && depth == 0 { &BOLD } else { &REGULAR };
        let indent_mm = if depth > 0 { INDENT_MM } else { 0.0 };
        wrap(face, words, (indent_mm, width_mm - indent_mm), &mut lines)?;
    }
    Ok(lines)
}

/// Breaks a paragraph between words; a word longer than a line is broken where the line ends.
fn wrap(
    face: &'static Face,
    text: &str,
    (indent_mm, width_mm): (f32, f32),
    lines: &mut Lines,
) -> Result<(), PrintError> {
    let hanging_mm = if text.starts_with("- ") { INDENT_MM / 2.0 } else { 0.0 };
    let mut current = String::new();
    let mut first = true;
    let mut push = |text: &str, first: &mut bool| -> Result<(), PrintError> {
        let mut line = Line::set(face, text, SIZE)?;
        line.indent_mm = indent_mm + if *first { 0.0 } else { hanging_mm };
        *first = false;
        lines.push(Some(line));
        Ok(())
    };
    let room = (width_mm - hanging_mm) * POINTS_PER_MM;
    for word in text.split_whitespace() {
        let longer = if current.is_empty() { word.to_owned() } else { format!("{current} {word}") };
        if face.width(&longer, SIZE)? <= room {
            current = longer;
            continue;
        }
        if !current.is_empty() {
            push(&current, &mut first)?;
        }
        current = String::new();
        for c in word.chars() {
            current.push(c);
            if face.width(&current, SIZE)? > room {
                current.pop();
                push(&current, &mut first)?;
                current = c.to_string();
            }
        }
    }
    push(&current, &mut first)
}

/// Spreads the lines over pages; a heading goes with the two lines behind it.
fn paginate(lines: Lines) -> Vec<Lines> {
    let fits = |top_mm: f32| steps(top_mm).take_while(|y_mm| *y_mm <= TEXT_END_MM).count();
    let mut pages: Vec<Lines> = vec![Vec::new()];
    let mut lines = lines.into_iter().peekable();
    while let Some(line) = lines.next() {
        let count = pages.len();
        let room = fits(if count == 1 { TEXT_FIRST_MM } else { TEXT_NEXT_MM });
        let Some(page) = pages.last_mut() else { break };
        let needed = if line.as_ref().is_some_and(Line::is_heading) { 3 } else { 1 };
        if page.len() + needed > room && lines.peek().is_some() || page.len() >= room {
            // A page does not begin with an empty line.
            pages.push(line.map(Some).into_iter().collect());
        } else {
            page.push(line);
        }
    }
    pages
}

/// A font with what is needed to set words in it.
struct Face {
    font: Font,
    data: &'static [u8],
    bold: bool,
}

impl Face {
    fn read(data: &'static [u8]) -> Self {
        let font = Font::new(data.into(), 0).expect("the fonts are part of the binary and tested");
        let bold = std::ptr::eq(data, include_bytes!("../fonts/LiberationSans-Bold.ttf"));
        Self { font, data, bold }
    }

    fn glyphs(&self, text: &str) -> Result<Vec<KrillaGlyph>, PrintError> {
        let font = FontRef::new(self.data).expect("the fonts are part of the binary and tested");
        let (signs, metrics) = (font.charmap(), font.glyph_metrics(Size::new(1.0), LocationRef::default()));
        let glyph = |(at, c): (usize, char)| {
            let glyph = signs.map(c).ok_or(PrintError::NoGlyph { code: u32::from(c) })?;
            let advance = metrics.advance_width(glyph).unwrap_or_default();
            let range: Range<usize> = at..at + c.len_utf8();
            Ok(KrillaGlyph::new(GlyphId::new(glyph.to_u32()), advance, 0.0, 0.0, 0.0, range, None))
        };
        text.char_indices().map(glyph).collect()
    }

    fn width(&self, text: &str, size: f32) -> Result<f32, PrintError> {
        Ok(self.glyphs(text)?.iter().map(|glyph| glyph.x_advance * size).sum())
    }
}

/// Words set in a row.
struct Line {
    face: &'static Face,
    text: String,
    glyphs: Vec<KrillaGlyph>,
    size: f32,
    indent_mm: f32,
}

impl Line {
    fn set(face: &'static Face, text: &str, size: f32) -> Result<Self, PrintError> {
        Ok(Self { face, text: text.to_owned(), glyphs: face.glyphs(text)?, size, indent_mm: 0.0 })
    }

    fn width(&self) -> f32 {
        self.glyphs.iter().map(|glyph| glyph.x_advance * self.size).sum()
    }

    fn is_heading(&self) -> bool {
        self.face.bold
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet<'a>(address: &'a [String], text: &'a str) -> Sheet<'a> {
        Sheet {
            sender: "Muster GmbH, Musterstraße 1, 10115 Berlin",
            address,
            aside: &[],
            subject_line: "Ihre geschäftlichen Kontaktdaten",
            text,
            lang: "de",
            window: Window::Left,
        }
    }

    fn lines_of_text(text: &str) -> Vec<String> {
        lines_of(&sheet(&[], text))
            .unwrap()
            .into_iter()
            .skip(2)
            .map(|line| line.map_or(String::new(), |l| l.text))
            .collect()
    }

    #[test]
    fn the_fonts_have_every_letter_of_the_seven_languages() {
        let letters =
            "äöüÄÖÜßéèêëàâçîïôùûüÿœæÉÈÀÇŒñÑáíóúÁÍÓÚ¿¡ºªìòÌÒëïĳąćęłńóśźżĄĆĘŁŃÓŚŹŻ„”“’«»–—…€§·•@ №řčšžőűășțåøæþðđħģķļņ";
        for face in [&REGULAR, &BOLD] {
            assert!(face.glyphs(letters).is_ok());
        }
    }

    #[test]
    fn every_word_of_the_text_is_on_the_paper_in_order() {
        let text = format!(
            "ÜBERSCHRIFT\n- ein Punkt, {} Ende\n\nhttps://{}.example/\n",
            "lange Wörter ".repeat(40),
            "a".repeat(200)
        );
        let printed = lines_of_text(&text);
        let squeezed = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(squeezed(&printed.concat()), squeezed(&text));
        let width = (RIGHT_MM - LEFT_MM) * POINTS_PER_MM;
        assert!(printed.iter().all(|line| REGULAR.width(line, SIZE).unwrap() <= width));
    }

    #[test]
    fn a_heading_does_not_stand_at_the_foot_of_a_page() {
        let text: String = (0..80)
            .map(|number| format!("HEADING {}\nsome words\nmore words\n\n", "I".repeat(number % 7 + 1)))
            .collect();
        let pages = paginate(lines_of(&sheet(&[], &text)).unwrap());
        assert!(pages.len() > 3);
        for page in &pages {
            assert!(!page.last().unwrap().as_ref().is_some_and(Line::is_heading));
            assert!(page.first().unwrap().is_some());
        }
    }

    #[test]
    fn what_cannot_be_printed_is_an_error() {
        let name = ["山田太郎".to_owned()];
        assert_eq!(print(&sheet(&name, "x")), Err(PrintError::NoGlyph { code: 0x5c71 }));
        let tall = vec!["a line".to_owned(); ADDRESS_LINES_MAX + 1];
        assert_eq!(print(&sheet(&tall, "x")), Err(PrintError::Address { lines: 7 }));
    }

    #[test]
    fn the_same_sheet_gives_the_same_bytes() {
        let address = ["Anna Muster".to_owned(), "Muster AG".to_owned()];
        let one = print(&sheet(&address, "Guten Tag,\n\nein Text.\n")).unwrap();
        assert_eq!(one, print(&sheet(&address, "Guten Tag,\n\nein Text.\n")).unwrap());
        assert!(one.pdf.starts_with(b"%PDF-") && one.page_count == 1);
    }
}
