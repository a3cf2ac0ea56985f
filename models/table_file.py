"""Writes and reads the file of the table (README.md, "The file"), and the loss of its 4 bits."""

import struct
import zlib

import numpy as np

MAGIC = b"PAREVEC1"
LEVELS = 16
HEADER_BYTES = 128


def random_rotation(dimensions, seed):
    """A rotation that spreads what the first components hold over all numbers: cosines stay the same, and
    every number of a row then has about the same size, which 16 levels for all numbers need."""
    q, r = np.linalg.qr(np.random.default_rng(seed).standard_normal((dimensions, dimensions)))
    return q * np.sign(np.diag(r))


def fitted_levels(values, count, rounds=60):
    """Levels of least squared error for these numbers (Lloyd 1982), ascending."""
    levels = np.quantile(values, (np.arange(count) + 0.5) / count)
    for _ in range(rounds):
        nearest = np.searchsorted((levels[1:] + levels[:-1]) / 2, values)
        totals = np.bincount(nearest, values, count)
        counts = np.bincount(nearest, minlength=count)
        levels = np.where(counts > 0, totals / np.maximum(counts, 1), levels)
    return levels


def to_bfloat16(values):
    """float32 rounded to the 16 bits that keep its exponent."""
    bits = values.astype(np.float32).view(np.uint32)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16)


def from_bfloat16(bits):
    return (bits.astype(np.uint32) << 16).view(np.float32)


def quantize(table, count=LEVELS, seed=7):
    """Places of levels, scales (bfloat16 bits) and levels of a table of float rows."""
    size = np.sqrt((table**2).mean(1)) + 1e-12
    even = table / size[:, None]
    sample = np.random.default_rng(seed).choice(even.ravel(), min(even.size, 400_000), replace=False)
    levels = fitted_levels(sample, count).astype(np.float32)
    places = np.searchsorted((levels[1:] + levels[:-1]) / 2, even).astype(np.uint8)
    chosen = levels[places]
    scales = (table * chosen).sum(1) / np.maximum((chosen**2).sum(1), 1e-12)
    return places, to_bfloat16(scales), levels


def restored(places, scales, levels):
    """The rows that a reader of the file sees."""
    return levels[places] * from_bfloat16(scales)[:, None]


def write_table(path, tokens, pairs, table, version, hashed_length):
    """Writes the file, and returns its rows as a reader sees them. `version` is completed with the checksum."""
    places, scales, levels = quantize(table)
    texts = "\n".join(tokens).encode()
    keys = np.stack([pairs // 65_536, pairs % 65_536], axis=1).astype("<u2")
    packed = (places[:, 0::2] | (places[:, 1::2] << 4)).astype(np.uint8)
    body = texts + keys.tobytes() + scales.astype("<u2").tobytes() + packed.tobytes()
    checksum = zlib.crc32(body)
    full_version = f"{version}-{checksum:08x}"
    header = struct.pack(
        "<8s16sIIIIIf16x", MAGIC, full_version.encode(), table.shape[1], len(tokens), len(pairs), len(texts),
        checksum, hashed_length,
    )  # fmt: skip
    header += levels.astype("<f4").tobytes()
    with open(path, "wb") as file:
        file.write(header.ljust(HEADER_BYTES, b"\0") + body)
    return full_version, restored(places, scales, levels)
