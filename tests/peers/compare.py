#!/usr/bin/env python3
"""Runs muster and, if installed, Splink on the same generated files and prints what both reach as a Markdown table.

    cargo build --release -p muster
    tests/peers/compare.py [--sizes 100000,1000000] [--seeds 1,2,3] [--alone 10000000] [--python PYTHON]

Quality is measured by `muster resolve evaluate` for both. CPU seconds are user and system time of the whole process and its
children, memory is its largest resident set, both as the kernel counts them. muster runs with its shipped settings; of
Splink's thresholds the one with the best pairwise F1 is taken, which needs the truth and is more than a user can do.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
NAMESAKES = "namesake_at_employer"
COLUMNS = ["precision", "recall", "f1", "bcubed_f1", "namesake_precision", "namesake_recall", "cpu_s", "peak_gb"]
TITLES = ["P", "R", "F1", "B-cubed F1", "namesakes P", "namesakes R", "CPU-s", "peak GB"]


def measured(command):
    """Runs a command; its standard output, CPU seconds and peak memory in GB."""
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen([str(part) for part in command], stdout=out)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read().decode()
    # 1 says that there is something for a person to look at.
    if child.returncode not in (0, 1):
        sys.exit(f"{command[0]} ended with {child.returncode}")
    return text, {"cpu_s": usage.ru_utime + usage.ru_stime, "peak_gb": usage.ru_maxrss * 1024 / 1e9}


def quality(muster, folder, clusters, entity):
    """What `muster resolve evaluate` says of a file of clusters."""
    command = [muster, "resolve", "evaluate", "--truth", folder / "truth.csv", "--clusters", clusters]
    text, _ = measured([*command, "--entity", entity, "--format", "json", "--quiet"])
    rows = {row["slice"]: row for row in json.loads(text)["rows"]}
    found = {**rows["all"]["pairwise"], "bcubed_f1": rows["all"]["bcubed"]["f1"]}
    if entity == "person" and NAMESAKES in rows:
        pairs = rows[NAMESAKES]["pairwise"]
        found.update(namesake_precision=pairs["precision"], namesake_recall=pairs["recall"])
    return found


def muster_row(muster, folder, entity):
    """muster with its shipped settings, from the file to the file."""
    clusters = folder / f"{entity}.csv"
    command = [muster, "resolve", folder / "mentions.csv", "--entity", entity, "--output", clusters, "--quiet"]
    _, cost = measured(command)
    return {**quality(muster, folder, clusters, entity), **cost}


def splink_row(muster, folder, python):
    """Splink at the threshold with the best pairwise F1; the cost is that of one threshold, without the choice."""
    text, _ = measured([python, HERE / "splink_contacts.py", folder / "mentions.csv", folder])
    cost = json.loads(text.splitlines()[-1])
    rows = [{**quality(muster, folder, file, "person"), **cost} for file in folder.glob("splink_*.csv")]
    for file in folder.glob("splink_*.csv"):
        file.unlink()
    return max(rows, key=lambda row: row["f1"])


def mean(rows):
    return {name: sum(row[name] for row in rows) / len(rows) for name in rows[0]}


def line(label, row):
    cells = [f"{row[name]:.1f}" if name == "cpu_s" else f"{row[name]:.3f}" if name in row else "" for name in COLUMNS]
    return f"| {label} | {' | '.join(cells)} |"


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    numbers = lambda text: [int(number) for number in text.split(",") if number]
    parser.add_argument("--muster", type=Path, default=ROOT / "target/release/muster")
    parser.add_argument("--python", default=sys.executable, help="one that has Splink; without Splink muster runs alone")
    parser.add_argument("--sizes", type=numbers, default=[100_000, 1_000_000], help="mentions of each comparison")
    parser.add_argument("--seeds", type=numbers, default=[1, 2, 3], help="of files up to 100,000 mentions; larger: the first")
    parser.add_argument("--alone", type=numbers, default=[10_000_000], help="sizes that only muster runs on, for growth")
    parser.add_argument("--profile", default="standard")
    return parser.parse_args()


def compare(args, size, seeds, with_splink):
    """The lines of one size."""
    rows = {}
    for seed in seeds:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            make = [args.muster, "demo", "generate", "--mentions", size, "--seed", seed, "--profile", args.profile]
            measured([*make, "--output", folder, "--quiet"])
            for entity, label in [("person", "people"), ("company", "companies"), ("group", "groups")]:
                rows.setdefault(f"muster, {label}", []).append(muster_row(args.muster, folder, entity))
            if with_splink:
                rows.setdefault("Splink, people", []).append(splink_row(args.muster, folder, args.python))
    note = f"{size:,}" if len(seeds) == 1 else f"{size:,} (mean of {len(seeds)})"
    for label in sorted(rows, key=lambda label: (not label.endswith("people"), label.startswith("Splink"))):
        print(line(f"{note} | {label}", mean(rows[label])), flush=True)


def main():
    args = options()
    version = subprocess.run([args.python, "-c", "import splink; print(splink.__version__)"], capture_output=True, text=True)
    has_splink = version.returncode == 0
    peer = f"Splink {version.stdout.strip()}" if has_splink else "Splink is not installed"
    print(f"{os.cpu_count()} cores, {platform.machine()}; profile `{args.profile}`, seeds {args.seeds}; {peer}\n")
    print(f"| mentions | run | {' | '.join(TITLES)} |\n|---|---|{'---|' * len(TITLES)}", flush=True)
    for size in args.sizes:
        compare(args, size, args.seeds if size <= 100_000 else args.seeds[:1], has_splink)
    for size in args.alone:
        compare(args, size, args.seeds[:1], False)


if __name__ == "__main__":
    main()
