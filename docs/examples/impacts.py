"""Prints what users felt, by fault and approach, from the tables of a campaign. Plain Python, no packages.

    python3 docs/examples/impacts.py results/NAME
"""
import csv
import sys
from collections import defaultdict
from pathlib import Path


def rows(folder, name):
    """Rows of a table as dictionaries of text."""
    with open(Path(folder) / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def main(folder):
    cells = defaultdict(list)
    for trial in rows(folder, "trials.csv"):
        if trial["outcome"] == "completed":
            cells[trial["fault"], trial["approach"]].append(trial)
    decided = defaultdict(list)
    for label in rows(folder, "impacts.csv"):
        if label["contrast"] == "user" and label["label"] == "yes":
            decided[label["trial_id"]].append(label)
    for (fault, approach), trials in sorted(cells.items()):
        felt = [trial for trial in trials if decided[trial["trial_id"]]]
        print(f"{fault:24} {approach:8} felt in {len(felt)} of {len(trials)}")
        for trial in felt:
            for label in decided[trial["trial_id"]]:
                print(
                    f"    {trial['trial_id']}: {label['impact']}:"
                    f" {label['figure_name']} {label['figure']}, bound {label['bound']}"
                )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
