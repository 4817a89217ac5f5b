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

# Us and, if installed in the Python that is named, Splink on the same files, as a table for docs/resolution-measured.md.
peers python="python3":
    cargo build --release -p muster
    tests/peers/compare.py --python {{python}}

# What resolving costs on one core.
bench:
    cargo bench -p muster-resolve --bench resolve
