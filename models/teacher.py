"""The teacher, all-MiniLM-L6-v2, as plain tensor operations: text to unit sentence vectors.

The model is a BERT encoder (Devlin et al. 2018) with 6 layers, 12 heads and 384 dimensions, whose last
states are averaged over the tokens and scaled to length 1 (Reimers and Gurevych 2019).
"""

import json
import math
import os

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from tokenizers import Tokenizer

HEADS = 12
MOST_TOKENS = 256


class Teacher:
    """Loads the model from its folder. `fast` calculates in bfloat16 (error of a cosine about 0.001)."""

    def __init__(self, folder, fast=True):
        self.tokenizer = Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(MOST_TOKENS)
        weights = load_file(os.path.join(folder, "model.safetensors"))
        kind = torch.bfloat16 if fast else torch.float32
        self.weights = {name: value.to(kind) for name, value in weights.items() if value.is_floating_point()}
        with open(os.path.join(folder, "config.json"), encoding="utf8") as file:
            config = json.load(file)
        self.layers = config["num_hidden_layers"]
        self.epsilon = config["layer_norm_eps"]
        self.dimensions = config["hidden_size"]

    def _linear(self, x, name):
        return F.linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def _norm(self, x, name):
        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return F.layer_norm(x, (x.shape[-1],), weight, bias, self.epsilon)

    def _layer(self, x, mask, prefix):
        rows, length, size = x.shape

        def heads(name):
            projected = self._linear(x, f"{prefix}.attention.self.{name}")
            return projected.view(rows, length, HEADS, size // HEADS).transpose(1, 2)

        mixed = F.scaled_dot_product_attention(heads("query"), heads("key"), heads("value"), attn_mask=mask)
        mixed = mixed.transpose(1, 2).reshape(rows, length, size)
        mixed = self._linear(mixed, f"{prefix}.attention.output.dense")
        x = self._norm(x + mixed, f"{prefix}.attention.output.LayerNorm")
        inner = F.gelu(self._linear(x, f"{prefix}.intermediate.dense"))
        return self._norm(x + self._linear(inner, f"{prefix}.output.dense"), f"{prefix}.output.LayerNorm")

    @torch.no_grad()
    def _pool(self, ids):
        """Mean of the last states of each row of token ids (rows of any length), unit length."""
        longest = max(len(row) for row in ids)
        tokens = torch.zeros((len(ids), longest), dtype=torch.long)
        present = torch.zeros((len(ids), longest), dtype=torch.bool)
        for at, row in enumerate(ids):
            tokens[at, : len(row)] = torch.tensor(row)
            present[at, : len(row)] = True
        table = self.weights
        x = table["embeddings.word_embeddings.weight"][tokens]
        x = x + table["embeddings.position_embeddings.weight"][:longest]
        x = x + table["embeddings.token_type_embeddings.weight"][0]
        x = self._norm(x, "embeddings.LayerNorm")
        mask = present[:, None, None, :]
        for layer in range(self.layers):
            x = self._layer(x, mask, f"encoder.layer.{layer}")
        states = x.float() * present[:, :, None]
        return F.normalize(states.sum(1) / present.sum(1)[:, None], dim=1).numpy()

    def encode_ids(self, rows, tokens_a_batch=4096, progress=None):
        """Vectors of rows of token ids, [CLS] and [SEP] included; float32, rows x 384."""
        order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
        result = np.zeros((len(rows), self.dimensions), dtype=np.float32)
        start = 0
        while start < len(order):
            size = max(1, tokens_a_batch // max(1, len(rows[order[min(len(order) - 1, start + 64)]])))
            chosen = order[start : start + size]
            result[chosen] = self._pool([rows[at] for at in chosen])
            start += size
            if progress is not None and math.floor(start / 20_000) > math.floor((start - size) / 20_000):
                progress(start, len(order))
        return result

    def encode(self, texts, progress=None):
        """Vectors of texts; float32, texts x 384, unit length."""
        rows = [encoding.ids for encoding in self.tokenizer.encode_batch(list(texts))]
        return self.encode_ids(rows, progress=progress)
