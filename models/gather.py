"""What the table is learned from: sentences and tokens with the teacher's vectors, kept in a work folder."""

import hashlib
import os
import random
import sys
import time

import numpy as np

import corpus
from teacher import Teacher
from vocabulary import kept_tokens

SEED = 20240607
MOST_OF_A_SET = 14_000
# (frames, exchanged, share of words left out) of each round of made sentences.
ROUNDS = [(40_000, 60_000, 0.0), (50_000, 60_000, 0.4)]
CLS, SEP = 101, 102


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


class Vectors:
    """The teacher's vectors, each list of texts calculated once: later runs read them from `work`."""

    def __init__(self, teacher_folder, work):
        self.folder = teacher_folder
        self.work = work
        self._teacher = None
        os.makedirs(work, exist_ok=True)

    def of(self, name, rows):
        """Vectors of texts, or of rows of the teacher's token ids; float16, rows x 384."""
        key = hashlib.sha256(repr(rows).encode()).hexdigest()[:16]
        path = os.path.join(self.work, f"{name}-{key}.npy")
        if not os.path.exists(path):
            self._teacher = self._teacher or Teacher(self.folder)
            say(f"teacher: {len(rows)} {name}")
            encode = self._teacher.encode if isinstance(rows[0], str) else self._teacher.encode_ids
            vectors = encode(rows, progress=lambda done, of: say(f"  {done} of {of}"))
            np.save(path, vectors.astype(np.float16))
        return np.load(path)


def near_words(words, vectors, most=8, least=0.45):
    """For each word the words of nearest vectors: {word: words}."""
    vectors = vectors.astype(np.float32)
    near = {}
    for start in range(0, len(words), 1000):
        cosines = vectors[start : start + 1000] @ vectors.T
        best = np.argpartition(-cosines, most + 1, axis=1)[:, : most + 1]
        for row, columns in enumerate(best):
            at = start + row
            near[words[at]] = [words[c] for c in columns if c != at and cosines[row, c] >= least]
    return near


def gather(data, vectors):
    """Tokens, sentences and their vectors: the whole material of the training, as a dictionary.

    The natural sentences come first in `texts`; `twins` are places of (changed, natural) sentences.
    """
    tokens = kept_tokens(vectors.folder)
    token_vectors = vectors.of("tokens", [[CLS, at, SEP] for _, at in tokens])
    whole = [(at, token) for at, (token, _) in enumerate(tokens) if token.isalpha() and len(token) > 2]
    words = [token for _, token in whole if token not in corpus.STOP_WORDS]
    places = [at for at, token in whole if token not in corpus.STOP_WORDS]
    near = near_words(words, token_vectors[places])
    rng = random.Random(SEED)
    by_set = {}
    for text, name in corpus.natural_sentences(data):
        by_set.setdefault(name, []).append(text)
    natural = []
    for texts in by_set.values():
        natural.extend(texts if len(texts) <= MOST_OF_A_SET else rng.sample(texts, MOST_OF_A_SET))
    say(f"{len(tokens)} tokens, {len(words)} words, {len(natural)} natural sentences")
    parts = [("natural", natural)]
    twins = []
    for number, (frame_count, changed_count, omitted) in enumerate(ROUNDS):
        made = (natural, words, near, (frame_count, changed_count), SEED + number, omitted)
        frames, changed = corpus.made_sentences(*made)
        start = sum(len(texts) for _, texts in parts) + len(frames)
        parts += [("frames", frames), ("exchanged", [text for _, text in changed])]
        twins += [(start + at, of) for at, (of, _) in enumerate(changed)]
    return {
        "tokens": [token for token, _ in tokens],
        "token_vectors": token_vectors,
        "natural_count": len(natural),
        "texts": [text for _, texts in parts for text in texts],
        "vectors": np.concatenate([vectors.of(name, texts) for name, texts in parts]),
        "is_frame": np.concatenate([np.full(len(texts), name == "frames") for name, texts in parts]),
        "twins": np.array(twins),
    }
