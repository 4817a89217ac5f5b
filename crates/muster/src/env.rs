//! The environment variables that muster reads, and no others.
//!
//! * `MUSTER_PIPELINE`: the pipeline file, where `--pipeline` is not given.
//! * Whatever a secret of the pipeline file names as `${NAME}`.

/// Returns the pipeline file that the environment names.
pub(crate) fn pipeline() -> Option<String> {
    variable("MUSTER_PIPELINE")
}

/// Returns the value of a variable that a secret names.
pub(crate) fn secret(name: &str) -> Option<String> {
    variable(name)
}

fn variable(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the door to the environment")]
    let value = std::env::var(name);
    value.ok().filter(|value| !value.is_empty())
}
