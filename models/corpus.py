"""The sentences that train the table: permitted public data and sentences made from it by rule.

Every set read here may be shipped (README.md lists licences and attribution). Sets that may only be
measured on (sts, sick, mrpc, qqp, hwu64, squad, nq, locomo, loghub, logchunks) are never opened here.
"""

import json
import os
import random
import re

from measure import read_rows

MOST_WORDS = 40
LEAST_WORDS = 3
STOP_WORDS = frozenset(
    "a an the this that these those some any each every all both no not nor only own same so than too very "
    "i me my we our us you your he him his she her it its they them their who whom whose which what when "
    "where why how be am is are was were been being do does did doing have has had having will would shall "
    "should can could may might must of in on at by for with about against between into through during "
    "before after above below to from up down out off over under again further then once here there and or "
    "but if because as until while just also please there's let get got s t d ll re ve m don didn doesn isn "
    "aren wasn weren won wouldn shouldn couldn can't cannot".split()
)

# Frames written for this table. W stands for any word: they give every word of the vocabulary company.
FRAMES = [
    "what is W?", "what does W mean?", "how does W work?", "W and W", "the W of the W", "a W for W",
    "how do i W a W?", "W is a kind of W.", "W is not W.", "the W W was W.", "why is W so W?",
    "where can i find W?", "a man with a W and a W", "W W W", "W in W", "the W said that W was W.",
    "tell me about W and W.", "difference between W and W", "which W is better, W or W?", "W, W and W",
    "best W for a W", "W near W", "news: W and W in W", "who made the W?", "a W standing next to a W",
    "the act of W", "something that is W or W", "to W with a W", "can i W without W?", "my W is W",
    "two W are in the W", "W after W", "when did W W?", "is it W to W?", "W wins W", "no W in W",
]  # fmt: skip

SPLIT = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'])|[\r\n]+")
WORD = re.compile(r"[A-Za-z]+")


def strings_in(value):
    """All texts in a JSON value, those of JSON inside texts included."""
    if isinstance(value, str):
        if value[:1] in "{[":
            try:
                yield from strings_in(json.loads(value))
                return
            except ValueError:
                pass
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings_in(item)


def sentences_of(text):
    """The parts of a text that read as sentences: some words, mostly ASCII letters."""
    for part in SPLIT.split(text):
        part = " ".join(part.split())
        words = part.split(" ")
        if not LEAST_WORDS <= len(words) <= MOST_WORDS or len(part) > 300:
            continue
        letters = sum(char.isascii() and (char.isalpha() or char == " ") for char in part)
        if letters >= 0.8 * len(part) and max(map(len, words)) <= 30:
            yield part


def permitted_files(data):
    """Every JSON file of the sets that may train what ships, set by set."""
    for name in [
        "banking77", "clinc150", "gptcache_mock", "metatool", "sealtools", "livemcp", "bfcl",
        "bfcl_memory", "gsm8k", "tau_bench", "swe_agent", "pytorch_ci",
    ]:  # fmt: skip
        folder = os.path.join(data, name)
        for file in sorted(os.listdir(folder)):
            if file.endswith((".json", ".jsonl")):
                yield name, os.path.join(folder, file)


def natural_sentences(data):
    """Distinct sentences of the permitted sets as (text, set), in the order of the files."""
    seen = {}
    for name, path in permitted_files(data):
        if path.endswith(".jsonl"):
            rows = read_rows(path)
        else:
            with open(path, encoding="utf8") as file:
                rows = json.load(file)
        for text in strings_in(rows):
            for sentence in sentences_of(text):
                seen.setdefault(sentence, name)
    return list(seen.items())


def made_sentences(natural, words, neighbours, counts, seed, omitted=0.0):
    """Sentences by rule: frames filled with words, and natural sentences with words exchanged.

    `words` is the list of whole words of the vocabulary, `neighbours[word]` the words of near meaning,
    `counts` = (frames, exchanged), `omitted` the share of changes that leave the word out. Every word is
    used before any is used again. Returns the filled frames, and pairs (place of the natural sentence,
    changed sentence).
    """
    rng = random.Random(seed)
    pool = []

    def next_word():
        if not pool:
            pool.extend(words)
            rng.shuffle(pool)
        return pool.pop()

    frames = []
    for _ in range(counts[0]):
        frame = rng.choice(FRAMES)
        frames.append(re.sub(r"\bW\b", lambda _: next_word(), frame))
    exchanged = []
    while len(exchanged) < counts[1]:
        at = rng.randrange(len(natural))
        text = natural[at]
        places = [m for m in WORD.finditer(text) if m[0].lower() not in STOP_WORDS and len(m[0]) > 2]
        if not places:
            continue
        chosen = rng.sample(places, min(len(places), rng.choice([1, 1, 2, 3])))
        for place in sorted(chosen, key=lambda m: -m.start()):
            near = neighbours.get(place[0].lower())
            if omitted > 0 and rng.random() < omitted:
                text = text[: place.start()] + text[place.end() :].lstrip()
                continue
            word = rng.choice(near) if near and rng.random() < 0.3 else next_word()
            text = text[: place.start()] + word + text[place.end() :]
        exchanged.append((at, text))
    return frames, exchanged
