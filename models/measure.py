"""Figures of sentence vectors on public pairs. These sets measure only; nothing of them trains the table."""

import json
import os

import numpy as np
from scipy.stats import spearmanr


def read_rows(path):
    """Rows of a JSON Lines file."""
    with open(path, encoding="utf8") as file:
        return [json.loads(line) for line in file if line.strip()]


def sts_sets(data):
    """The STS pairs by year and set: {(year, set): rows with a, b, score}."""
    sets = {}
    for row in read_rows(os.path.join(data, "sts", "sts_2012_2014.jsonl")):
        sets.setdefault(f"{row['year']}/{row['set']}", []).append(row)
    return sets


def cosines(encode, rows):
    """Cosine of each pair; `encode` gives unit rows for texts."""
    a, b = encode([row["a"] for row in rows]), encode([row["b"] for row in rows])
    return np.sum(a * b, axis=1)


def sts_spearman(encode, data):
    """Spearman's rank correlation of cosine and human score for every set, and the mean of the sets."""
    scores = {}
    for name, rows in sorted(sts_sets(data).items()):
        scores[name] = float(spearmanr(cosines(encode, rows), [row["score"] for row in rows]).statistic)
    return {"mean": float(np.mean(list(scores.values()))), "sets": scores}


def area_under_curve(similarities, labels):
    """Probability that a pair of label 1 is more similar than one of label 0 (area under the ROC curve)."""
    order = np.argsort(similarities, kind="stable")
    ranks = np.empty(len(order))
    ranks[order] = np.arange(1, len(order) + 1)
    labels = np.asarray(labels)
    positive = labels.sum()
    negative = len(labels) - positive
    return float((ranks[labels == 1].sum() - positive * (positive + 1) / 2) / (positive * negative))


def qqp_area(encode, data):
    """Area under the ROC curve of cosine on the question pairs."""
    rows = read_rows(os.path.join(data, "qqp_gptcache", "pairs.jsonl"))
    return area_under_curve(cosines(encode, rows), [row["label"] for row in rows])
