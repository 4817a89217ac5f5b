//! `muster init`: a commented project that runs as it is.

use std::path::Path;

use crate::cli::InitArgs;
use crate::command_error::CommandError;
use crate::exit_code::Exit;
use crate::session::make_key;
use crate::talk::Talk;

/// The files of a new project: path and content.
const FILES: &[(&str, &str)] = &[
    ("pipelines/main.toml", include_str!("init/main.toml")),
    ("policy/lia-directory.toml", include_str!("init/lia-directory.toml")),
    ("imports/contacts.csv", include_str!("init/contacts.csv")),
    (".gitignore", include_str!("init/gitignore")),
];

/// Makes a project; nothing that exists is overwritten.
///
/// # Errors
///
/// A usage error where a file of the project exists; an output error that names the file.
pub(crate) fn init(args: &InitArgs, talk: &Talk) -> Result<Exit, CommandError> {
    let key = args.folder.join("muster.key");
    for path in FILES.iter().map(|(name, _)| args.folder.join(name)).chain([key.clone()]) {
        if path.exists() {
            return Err(CommandError::usage(format!("failed to make a project: `{}` exists", path.display()))
                .hint("choose another folder; nothing is overwritten"));
        }
    }
    for (name, text) in FILES {
        write(&args.folder.join(name), text)?;
    }
    for folder in ["cur", "new", "tmp"] {
        let folder = args.folder.join("state/inbox").join(folder);
        std::fs::create_dir_all(&folder)
            .map_err(|error| CommandError::io(format!("failed to make `{}`: {error}", folder.display())))?;
    }
    make_key(&key)?;
    let shown = args.folder.display();
    talk.say("init", &format!("Made a project in `{shown}` with its key `{}`", key.display()));
    talk.say(
        "init.next",
        &format!("Next: `cd {shown} && muster check && muster run`; sending is off until you turn it on"),
    );
    Ok(Exit::Done)
}

fn write(path: &Path, text: &str) -> Result<(), CommandError> {
    let failed = |error: std::io::Error| CommandError::io(format!("failed to write `{}`: {error}", path.display()));
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    std::fs::write(path, text).map_err(failed)
}
