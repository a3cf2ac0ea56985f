"""Learns the table: rows for tokens and for pairs of tokens whose sums have the teacher's cosines.

Start: each token through the teacher, rotated by principal components, weighted by how rare it is (smooth
inverse frequency, Arora et al. 2017; the idea of model2vec). Then the rows are fitted so that the cosines
of sums of rows are the teacher's cosines on sentences (the idea of tokenlearn, with a loss on similarities).
"""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

from gather import say
from vocabulary import tokenizer_of


@dataclass(frozen=True)
class Settings:
    """How the table is learned."""

    dimensions: int = 256
    # Rows for pairs of tokens: fitted, and kept.
    pair_candidates: int = 24_000
    pairs: int = 2_000
    steps: int = 3500
    rate: float = 0.003
    batch: int = 512
    # Median length of a row at the start: against it the rate counts.
    row_length: float = 1.5
    # Weight of the pair's own cosine, and of the distance from the teacher's vector, against all cosines.
    pair_weight: float = 6.0
    regression: float = 0.3
    # What is left of the rows of pairs after the fit, and of the start in the rows of tokens: the sentences
    # are of few fields, and both keep the table from following them too far.
    pair_share: float = 0.5
    start_share: float = 0.2
    # The constant of smooth inverse frequency.
    rarity: float = 3e-4
    seed: int = 20240607


def bags(tokenizer, unknown, texts):
    """Token ids of each text, unknown words left out."""
    return [
        np.array([at for at in encoding.ids if at != unknown], dtype=np.int64)
        for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False)
    ]


def pair_keys(ids):
    """Neighbouring tokens as one number each."""
    return ids[:-1] * 65_536 + ids[1:]


def frequent_pairs(rows, most, least=5):
    """The pairs of neighbouring tokens that most rows hold, as sorted keys."""
    keys, counts = np.unique(np.concatenate([np.unique(pair_keys(ids)) for ids in rows]), return_counts=True)
    keys, counts = keys[counts >= least], counts[counts >= least]
    return np.sort(keys[np.argsort(-counts, kind="stable")[:most]])


def features(ids, pairs, first):
    """Rows of the table for a text: its tokens, and its known pairs (row `first` + place in `pairs`)."""
    if len(ids) < 2 or len(pairs) == 0:
        return ids
    keys = pair_keys(ids)
    at = np.searchsorted(pairs, keys)
    at[at == len(pairs)] = 0
    known = pairs[at] == keys
    return np.concatenate([ids, first + at[known]])


class Rows:
    """Texts as bags of rows in one flat array, cut out batch by batch."""

    def __init__(self, lists):
        self.sizes = np.array([len(row) for row in lists])
        self.starts = np.concatenate([[0], np.cumsum(self.sizes)[:-1]])
        self.flat = np.concatenate(lists)

    def of(self, places):
        """Flat row numbers and offsets of the texts at these places, for `embedding_bag`."""
        sizes = self.sizes[places]
        offsets = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        flat = np.repeat(self.starts[places] - offsets, sizes) + np.arange(sizes.sum())
        return torch.from_numpy(self.flat[flat]), torch.from_numpy(offsets)


def start_table(token_vectors, sentence_vectors, settings):
    """Token vectors by principal components of sentences, weighted by rarity; and the components.

    The teacher's vocabulary is in the order of frequency, so by Zipf's law the probability of a token is
    about 1 / rank.
    """
    vectors = torch.from_numpy(token_vectors.astype(np.float32))
    centred = sentence_vectors - sentence_vectors.mean(0)
    _, _, components = torch.linalg.svd(centred, full_matrices=False)
    components = components[: settings.dimensions].T.contiguous()
    probability = 1 / torch.arange(1, len(vectors) + 1, dtype=torch.float32)
    probability /= probability.sum()
    table = (vectors - vectors.mean(0)) @ components
    table *= (settings.rarity / (settings.rarity + probability))[:, None]
    return table * (settings.row_length / table.norm(dim=1).median()), components


def sums(table, rows, places):
    """Sums of the rows of the texts at these places."""
    flat, offsets = rows.of(places)
    return F.embedding_bag(flat, table, offsets, mode="sum", sparse=table.requires_grad)


def fit(table, rows, teacher, pairs_of, settings, components):
    """A fitted copy of the table. `teacher`: unit rows; `pairs_of`: places of texts that stand side by side."""
    rng = np.random.default_rng(settings.seed)
    steps, rate = settings.steps, settings.rate
    table = table.clone().requires_grad_(True)
    optimizer = torch.optim.SparseAdam([table], lr=rate)
    half = settings.batch // 2
    average = None
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1.0, (1 - step / steps) * 1.25, (step + 1) / 50)
        chosen = pairs_of[rng.integers(0, len(pairs_of), half)]
        places = np.concatenate([chosen[:, 0], chosen[:, 1]])
        truth = teacher[places]
        made = F.normalize(sums(table, rows, places), dim=1, eps=1e-6)
        wrong = made @ made.T - truth @ truth.T
        loss = wrong.square().mean()
        loss = loss + settings.pair_weight * wrong[:half, half:].diagonal().square().mean()
        target = F.normalize(truth @ components, dim=1)
        loss = loss + settings.regression * (1 - (made * target).sum(1)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        average = loss.item() if average is None else 0.98 * average + 0.02 * loss.item()
        if step % 500 == 499:
            say(f"  step {step + 1} of {steps}: loss {average:.5f}")
    return table.detach()


def learn(material, teacher, pairs_of, settings):
    """The fitted rows of tokens and of all candidate pairs, the start, the pairs' keys, and how often each
    pair stands in a sentence."""
    tokens = material["tokens"]
    ids = bags(tokenizer_of(tokens), len(tokens), material["texts"])
    keys = frequent_pairs(ids, settings.pair_candidates)
    natural = teacher[: material["natural_count"]]
    start, components = start_table(material["token_vectors"], natural, settings)
    table = torch.cat([start, torch.zeros(len(keys), settings.dimensions)])
    say(f"fit of {len(tokens)} tokens and {len(keys)} pairs")
    lists = [features(row, keys, len(tokens)) for row in ids]
    table = fit(table, Rows(lists), teacher, pairs_of, settings, components).numpy()
    used = np.bincount(np.concatenate(lists), minlength=len(table))[len(tokens) :]
    return {"table": table, "start": start.numpy(), "keys": keys, "used": used}


def settle(learned, settings):
    """The table that ships (rows of tokens, then of the pairs kept; float32) and the sorted keys of its pairs."""
    count = len(learned["start"])
    tokens, pairs = learned["table"][:count], learned["table"][count:] * settings.pair_share
    # What a pair changes: how often it stands in a sentence, and how far it moves the sum.
    change = learned["used"] * (pairs**2).sum(1)
    kept = np.sort(np.argsort(-change, kind="stable")[: settings.pairs])
    tokens = tokens * (1 - settings.start_share) + learned["start"] * settings.start_share
    return np.concatenate([tokens, pairs[kept]]), learned["keys"][kept]
