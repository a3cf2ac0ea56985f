"""The peer of bench/tools-classify.ts: scikit-learn's LinearSVC over TF-IDF of words, pairs of words and runs of characters.

Reads {"train": [{"text", "label"}], "test": ["text"]} a line and writes the labels of the tests as one JSON line each.
"""
import json
import sys

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

for line in sys.stdin:
    task = json.loads(line)
    model = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True),
        ),
        LinearSVC(C=0.5),
    )
    model.fit([row["text"] for row in task["train"]], [row["label"] for row in task["train"]])
    print(json.dumps(list(model.predict(task["test"]))), flush=True)
