# Daily habits. `just check` is what CI runs.

# The quick tests: every crate's own, without the whole-flow ones.
unit:
    cargo test --workspace --lib

# Everything.
test:
    cargo test --workspace

check:
    .ci/run

demo:
    cargo run -- run pipelines/demo.toml

fmt:
    cargo fmt --all

lint:
    cargo clippy --workspace --all-targets -- -D warnings
