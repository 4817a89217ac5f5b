//! Files that a command writes: aside first, and under their names only when all of them are whole.
//!
//! Invariant: a name never shows half a file, and a command that fails leaves what was there before.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::command_error::CommandError;

/// A file that is being written.
#[derive(Debug)]
pub(crate) struct Output {
    path: PathBuf,
    sink: Sink,
}

#[derive(Debug)]
enum Sink {
    Stdout(BufWriter<io::Stdout>),
    /// A pipe or a device, which cannot be renamed into place.
    Direct(BufWriter<File>),
    Aside(Option<BufWriter<File>>, PathBuf),
}

impl Output {
    /// Starts a file; `-` is standard output.
    ///
    /// # Errors
    ///
    /// An output error.
    pub(crate) fn create(path: &Path) -> Result<Self, CommandError> {
        let failed = |error: io::Error| CommandError::io(format!("failed to write `{}`: {error}", path.display()));
        let sink = if path.as_os_str() == "-" {
            Sink::Stdout(BufWriter::new(io::stdout()))
        } else if path.exists() && !path.is_file() {
            Sink::Direct(BufWriter::new(File::options().write(true).open(path).map_err(failed)?))
        } else {
            if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
                std::fs::create_dir_all(parent).map_err(failed)?;
            }
            let mut name = path.file_name().unwrap_or_default().to_os_string();
            name.push(".tmp");
            let aside = path.with_file_name(name);
            Sink::Aside(Some(BufWriter::new(File::create(&aside).map_err(failed)?)), aside)
        };
        Ok(Self { path: path.to_owned(), sink })
    }

    /// Writes rows of CSV.
    ///
    /// # Errors
    ///
    /// An output error.
    pub(crate) fn write_csv<R, C>(&mut self, header: &[&str], rows: R) -> Result<(), CommandError>
    where
        R: Iterator<Item = C>,
        C: IntoIterator<Item: AsRef<[u8]>>,
    {
        let path = self.path.clone();
        let failed =
            |error: &dyn std::fmt::Display| CommandError::io(format!("failed to write `{}`: {error}", path.display()));
        let mut writer = csv::Writer::from_writer(&mut *self);
        writer.write_record(header).map_err(|error| failed(&error))?;
        for row in rows {
            writer.write_record(row).map_err(|error| failed(&error))?;
        }
        writer.flush().map_err(|error| failed(&error))
    }

    /// Writes a text.
    ///
    /// # Errors
    ///
    /// An output error.
    pub(crate) fn write_text(&mut self, text: &str) -> Result<(), CommandError> {
        self.write_all(text.as_bytes()).map_err(|error| self.failed(&error))
    }

    /// Makes the file durable and gives it its name.
    ///
    /// # Errors
    ///
    /// An output error.
    pub(crate) fn finish(mut self) -> Result<(), CommandError> {
        self.flush().map_err(|error| self.failed(&error))?;
        if let Sink::Aside(file, aside) = &mut self.sink
            && let Some(file) = file.take()
        {
            let done = file.into_inner().map_err(io::IntoInnerError::into_error);
            let done = done.and_then(|file| file.sync_all()).and_then(|()| std::fs::rename(&*aside, &self.path));
            let aside = aside.clone();
            done.map_err(|error| {
                // Best effort: the next run writes it anew.
                drop(std::fs::remove_file(&aside));
                self.failed(&error)
            })?;
        }
        Ok(())
    }

    fn failed(&self, error: &io::Error) -> CommandError {
        CommandError::io(format!("failed to write `{}`: {error}", self.path.display()))
    }

    fn writer(&mut self) -> Option<&mut dyn Write> {
        match &mut self.sink {
            Sink::Stdout(stdout) => Some(stdout),
            Sink::Direct(file) => Some(file),
            Sink::Aside(file, _) => file.as_mut().map(|file| file as &mut dyn Write),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(writer) = self.writer() else { return Ok(bytes.len()) };
        match writer.write(bytes) {
            // A reader that went away (`| head`) is no fault.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(bytes.len()),
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        let Some(writer) = self.writer() else { return Ok(()) };
        match writer.flush() {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            flushed => flushed,
        }
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if let Sink::Aside(file, aside) = &mut self.sink
            && file.take().is_some()
        {
            // Best effort: what stays is overwritten by the next run.
            drop(std::fs::remove_file(aside));
        }
    }
}

/// Checks that no two outputs, and no input, share a name.
///
/// # Errors
///
/// A usage error that names it.
pub(crate) fn refuse_same(inputs: &[&Path], outputs: &[&Path]) -> Result<(), CommandError> {
    // Of a file that is not there yet, the folder tells which one it is.
    let place = |path: &Path| {
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let named = || folder.canonicalize().map(|folder| folder.join(path.file_name().unwrap_or_default()));
        path.canonicalize().or_else(|_| named()).unwrap_or_else(|_| path.to_owned())
    };
    for (at, output) in outputs.iter().enumerate() {
        let is_regular = output.as_os_str() == "-" || !output.exists() || output.is_file();
        let before = inputs.iter().chain(outputs.iter().take(at));
        if is_regular && before.clone().any(|other| place(other) == place(output)) {
            let shown = output.display();
            return Err(CommandError::usage(format!(
                "failed to write `{shown}`: another file of this command has that name"
            )));
        }
    }
    Ok(())
}
