#!/usr/bin/python3
"""The architectures of the paper beside one another: trains each on the demo's videos, from the same seeds, for as
many steps, and prints the losses on videos that are held out as a Markdown table.

Needs Python 3.7 and Latte4J. Run:  docs/checks/comparison.py WORK-FOLDER [--seeds N] [--rounds N]
Half an hour on one core. Run it again with the same folder and it goes on where it was stopped. Step times are
taken at the end; on a machine that does other things they say nothing. What the table can show and what it cannot:
docs/comparison.md.
"""
import argparse
import csv
import glob
import json
import statistics
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parents[2]
BANDS = 4

# One setting differs from the first row in each. Variants 3 and 4 have one block less: theirs have 11/9 of the
# parameters, as the paper's 23 blocks stand for 28.
ROWS = [
    ("variant 1, uniform, S-AdaLN, absolute", {}),
    ("variant 2", {"model.variant": 2}),
    ("variant 3", {"model.variant": 3, "model.depth": 5}),
    ("variant 4", {"model.variant": 4, "model.depth": 5}),
    ("compression frames, stride 2", {"model.patch-embedding": "compression", "model.temporal-stride": 2}),
    ("AdaLN", {"model.conditioning": "adaln"}),
    ("all tokens", {"model.conditioning": "all-tokens"}),
    ("RoPE", {"model.temporal-position": "rope"}),
    ("joint with 4 images", {"train.images": 4}),
]

SETTINGS = {
    "model.depth": 6,
    "model.hidden-size": 96,
    "model.heads": 4,
    "model.patch-size": 2,
    "model.frames": 8,
    "train.local-steps": 25,
    "train.workers": 1,
    "train.batch-size": 8,
    "train.learning-rate": 1e-3,
    "train.warm-up-steps": 100,
    "train.schedule": "cosine",
    "train.clip-norm": 1,
    "train.ema-decay": 0.99,
    "train.ema-start": "warm-up",
    "train.frame-interval": 3,
    "train.checkpoint.every-rounds": 0,
    "train.tensorboard": "false",
    "train.validation.split": "test",
    "train.validation.clips": 64,
    "train.validation.bands": BANDS,
    "train.validation.weights": "[ema]",
    "spark.preflight": "off",
}


def latte(log, *arguments):
    with open(log, "ab") as out:
        done = subprocess.run([str(HOME / "bin/latte"), *map(str, arguments)], stdout=out, stderr=out)
    if done.returncode:
        sys.exit(f"bin/latte {arguments[0]} ended with status {done.returncode}; see {log}")


def options(settings):
    return [part for key, value in settings.items() for part in ("--set", f"{key}={value}")]


def encoded(work):
    """Shards of the demo's videos; the second excerpt of each class is held out."""
    shards = work / "shards"
    if not (shards / "_manifest.json").exists():
        videos = sorted((HOME / "conf/demo/excerpts").glob("*/*.mp4"))
        table = work / "videos.csv"
        with open(table, "w", newline="") as out:
            rows = csv.writer(out)
            rows.writerow(["path", "label", "split"])
            for i, video in enumerate(videos):
                rows.writerow([video, video.parent.name, "train" if i % 2 == 0 else "test"])
        latte(
            work / "encode.log", "encode", "--master", "local[2]", "--config", HOME / "conf/models/demo.conf",
            "--input", HOME / "conf/demo/excerpts", "--output", shards,
            *options({"source.layout": "list", "source.lists": table}))
    return shards


def trained(work, shards, row, seed, rounds):
    """The losses of the run's last validation, those of the bands of timesteps from the least noise on."""
    run = work / f"run-{row}-{seed}"
    if not any(e["finished-rounds"] == rounds for e in entries(run, "validation")):
        train(run, shards, row, {
            "train.rounds": rounds, "train.seed": seed, "train.validation.every-rounds": rounds})
    return [band["loss"] for band in entries(run, "validation")[-1]["bands"]]


def step_seconds(work, shards, row):
    """Seconds of a step of one worker on one core: the median of three rounds, after three of warming up."""
    run = work / f"time-{row}"
    if not entries(run, "round"):
        train(run, shards, row, {"train.rounds": 6})
    rounds = [e["phases"]["steps"] for e in entries(run, "round")]
    return statistics.median(rounds[-3:]) / SETTINGS["train.local-steps"]


def train(run, shards, row, settings):
    latte(f"{run}.log", "train", "--master", "local[1]", "--shards", shards, "--output", run,
          *options({**SETTINGS, **settings, **ROWS[row][1]}))


def entries(run, kind):
    """Entries of that kind in the run's history, in order."""
    found = []
    for file in sorted(glob.glob(f"{run}/metrics/*.jsonl")):
        with open(file) as lines:
            found += [e for e in map(json.loads, lines) if e["entry"] == kind]
    return sorted(found, key=lambda e: e["finished-rounds"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("work", type=Path)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=24)
    arguments = parser.parse_args()
    work = arguments.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    shards = encoded(work)
    losses = {}
    for seed in range(arguments.seeds):
        for row, (name, _) in enumerate(ROWS):
            losses[row, seed] = trained(work, shards, row, seed, arguments.rounds)
            print(f"{name}, seed {seed}: {statistics.mean(losses[row, seed]):.4f}", file=sys.stderr, flush=True)
    seeds = range(arguments.seeds)
    columns = [*(f"seed {s}" for s in seeds), *(f"t band {b + 1}" for b in range(BANDS)), "a step"]
    print("| | " + " | ".join(columns) + " |")
    print("|---" * (len(columns) + 1) + "|")
    for row, (name, _) in enumerate(ROWS):
        means = [statistics.mean(losses[row, s]) for s in seeds]
        bands = [statistics.mean(losses[row, s][b] for s in seeds) for b in range(BANDS)]
        cells = [f"{x:.4f}" for x in means + bands] + [f"{1000 * step_seconds(work, shards, row):.0f} ms"]
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
