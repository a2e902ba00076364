"""Text to model input: tokens, word pieces, features, windows.

This is the serving contract.  The Rust side does exactly the same; ``models/fixtures/golden.jsonl`` holds both to it.
All offsets are Unicode code points.  A *token* is a match of TOKEN in the text, a *piece* is a row of the word-piece vocabulary.
"""
import re
import unicodedata

import numpy as np

TOKEN = re.compile(r'\w+|[^\w\s]')
WINDOW = 256        # pieces in a window, [CLS] and [SEP] counted
STRIDE = 0.875      # of the window's room: how far the next window starts after this one
MAX_PIECES = 8      # of one token; what is longer is cut
FEATURES = 64       # shape (8) x in quotation (2) x paragraph start (2) x space before (2)


def tokenize(text):
    """-> [(begin, end)]"""
    return [m.span() for m in TOKEN.finditer(text)]


class WordPiece:
    """Uncased BERT word pieces of one token, by greedy longest match.

    Lower-casing strips accents (NFD without combining marks), as the pre-trained encoders expect.  ``_`` and CJK characters
    stand alone before matching.  A word that can't be covered is [UNK].
    """

    def __init__(self, vocab_file):
        self.names = [line.rstrip('\n') for line in open(vocab_file, encoding='utf-8')]
        self.ids = {w: i for i, w in enumerate(self.names)}
        self.unk, self.cls, self.sep = (self.ids[w] for w in ('[UNK]', '[CLS]', '[SEP]'))
        self.cache = {}

    def __call__(self, word):
        """-> piece ids of one token, 1 to MAX_PIECES of them"""
        got = self.cache.get(word)
        if got is None:
            got = self.cache[word] = self._pieces(word)[:MAX_PIECES] or [self.unk]
        return got

    def _pieces(self, word):
        plain = ''.join(c for c in unicodedata.normalize('NFD', word) if unicodedata.category(c) != 'Mn').lower()
        out = []
        for part in re.findall(r'[_\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ceaf]|[^_\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ceaf]+', plain):
            out += self._match(part)
        return out

    def _match(self, part):
        if len(part) > 100:
            return [self.unk]
        out, at = [], 0
        while at < len(part):
            for end in range(len(part), at, -1):
                piece = self.ids.get(('##' if at else '') + part[at:end])
                if piece is not None:
                    break
            else:
                return [self.unk]
            out.append(piece)
            at = end
        return out


def shape(word):
    """0 (never) 1 lower 2 Capital or one upper letter 3 UPPER 4 miXed or no case 5 digits 6 punctuation"""
    if word.isdigit():
        return 5
    if not (word[0].isalnum() or word[0] == '_'):
        return 6
    if word.islower():
        return 1
    if word.isupper():
        return 3 if len(word) > 1 else 2
    if word[0].isupper() and word[1:].islower():
        return 2
    return 4


def features(text, tokens):
    """-> one row number below FEATURES per token.  A quotation ends with its paragraph, whatever its marks."""
    out, inside, last = [], False, 0
    for b, e in tokens:
        gap = text[last:b]
        paragraph = '\n' in gap or last == 0
        if paragraph:
            inside = False
        word = text[b:e]
        quoted = inside
        if word in '“«„':
            inside = quoted = True
        elif word in '”»':
            inside, quoted = False, True
        elif word == '"':
            inside, quoted = not inside, True
        out.append(shape(word) * 8 + 4 * quoted + 2 * paragraph + (1 if gap else 0))
        last = e
    return out


def windows(lengths, stride=STRIDE, rng=None, room=WINDOW - 2):
    """Cut a document into windows of whole tokens.

    lengths: pieces of each token.  -> [(first token, token after the last)].
    stride 1 does not overlap.  With an rng the first window is shortened at random, so that no two epochs cut alike.
    """
    n, cum = len(lengths), np.concatenate([[0], np.cumsum(lengths)])
    out, a = [], 0
    while a < n:
        size = rng.randint(room // 3, room) if rng and not out and cum[-1] > room else room
        b = max(a + 1, int(np.searchsorted(cum, cum[a] + size, 'right')) - 1)
        out.append((a, b))
        if b >= n:
            break
        a = b if stride >= 1 else max(a + 1, int(np.searchsorted(cum, cum[a] + int(size * stride), 'right')) - 1)
    return out
