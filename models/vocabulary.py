"""The vocabulary of the table: the teacher's, without what plain text never needs, and its tokenizer."""

import os
import unicodedata

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

UNKNOWN = "[UNK]"
MOST_CHARS = 100


def is_kept(token):
    """True for tokens in ASCII, Latin letters and signs.

    Left out: special tokens, other scripts (the teacher learned from English; their words get hashed
    vectors at run time instead), and continuations that begin with a sign (signs are always split off).
    """
    if token.startswith("[") and token.endswith("]") and len(token) > 1:
        return False
    body = token[2:] if token.startswith("##") and len(token) > 2 else token
    if body != token and not unicodedata.category(body[0])[0] in "LN":
        return False
    return all(
        char.isascii() or unicodedata.name(char, "").startswith("LATIN") or unicodedata.category(char)[0] in "PS"
        for char in body
    )


def kept_tokens(teacher_folder):
    """Tokens of the table with their ids at the teacher, in the teacher's order (frequent ones first)."""
    with open(os.path.join(teacher_folder, "vocab.txt"), encoding="utf8") as file:
        tokens = file.read().split("\n")
    return [(token, at) for at, token in enumerate(tokens) if token and is_kept(token)]


def tokenizer_of(tokens):
    """A WordPiece tokenizer over `tokens`: lower case, no accents; id `len(tokens)` is the unknown word."""
    vocabulary = {token: at for at, token in enumerate(tokens)}
    vocabulary[UNKNOWN] = len(tokens)
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=UNKNOWN, max_input_chars_per_word=MOST_CHARS))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer
