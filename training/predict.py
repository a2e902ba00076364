"""Run a model over whole documents: overlapping windows, each token from the window where it stands farthest from an edge."""
import concurrent.futures
import os
import time

import numpy as np
import torch

from .text import STRIDE, WINDOW, windows
from .train import DEVICE, collate, example, keep_memory


class Prediction:
    """What the model says of one document of n tokens.

    parts: {head name: [n, columns]} raw outputs (before softmax) of every head at the first piece of each token;
    cls: {name: [n, columns]} the same at [CLS] of the token's window; piece [n]: place of the first piece in the document.
    window [n, 2]: first token and token after the last of the window that the token was taken from.
    heads: {(a, b): (head vectors [b - a, KEY], biases [b - a])} of links, for all tokens of each window: see decode.Links.
    """

    def __init__(self, n):
        self.parts, self.cls, self.heads, self.window, self.margin = {}, {}, {}, np.zeros((n, 2), int), np.full(n, -1)
        self.n = n


def run(model, docs, pieces, forward=None, batch=8, names=None, stride=STRIDE, window=WINDOW):
    """-> [Prediction].  forward(ids, feat, mask) -> [B, L, C] numpy, by default the model in bf16."""
    names = names or list(model.slices)
    jobs, got = [], [Prediction(len(d['tokens'])) for d in docs]
    for k, d in enumerate(docs):
        jobs += [(k, a, b) for a, b in windows([len(p) for p in d['pieces']], stride, room=window - 2)]
    jobs.sort(key=lambda j: sum(map(len, docs[j[0]]['pieces'][j[1]:j[2]])))
    model.eval()
    for at in range(0, len(jobs), batch):
        part = jobs[at:at + batch]
        xs = [example(docs[k], a, b, pieces) for k, a, b in part]
        t = collate(xs)
        with torch.no_grad():
            if forward:
                out = forward(t['ids'], t['feat'], t['mask'])
            else:
                with torch.autocast(DEVICE.type, dtype=torch.bfloat16):
                    out = model(t['ids'], t['feat'], t['mask'], t['first'])
                out = out.float().cpu().numpy()
        for (k, a, b), x, o in zip(part, xs, out):
            _merge(got[k], model, names, a, b, x, o)
    return got


def run_team(model, docs, pieces, workers=None, minutes=None, **more):
    """run() by processes of one thread each, every one with its own documents.  What `minutes` don't suffice for is None."""
    workers = workers or (1 if DEVICE.type == 'cuda' else len(os.sched_getaffinity(0)))
    shares = [range(w, len(docs), workers) for w in range(workers)]
    if workers == 1:
        return _part(model, docs, pieces, minutes, more)
    with concurrent.futures.ProcessPoolExecutor(workers, torch.multiprocessing.get_context('fork'), _alone) as pool:
        parts = [pool.submit(_part, model, [docs[k] for k in share], pieces, minutes, more) for share in shares]
        got = {k: p for share, part in zip(shares, parts) for k, p in zip(share, part.result())}
    return [got[k] for k in range(len(docs))]


def _alone():
    os.setsid()
    torch.set_num_threads(1)
    keep_memory()


def _part(model, docs, pieces, minutes, more):
    start, out = time.time(), []
    for k in range(0, len(docs), 8):
        if minutes and time.time() - start > 60 * minutes:
            break
        out += run(model, docs[k:k + 8], pieces, **more)
    return out + [None] * (len(docs) - len(out))


def _merge(p, model, names, a, b, x, o):
    i = np.arange(a, b)
    left = np.where(a > 0, i - a, 10 ** 6)
    right = np.where(b < p.n, b - 1 - i, 10 ** 6)
    margin = np.minimum(left, right)
    if 'link_head' in names:
        at = lambda name: o[np.array(x['pos']), slice(*model.slices[name])].copy()
        p.heads[a, b] = at('link_head'), at('link_bias')[:, 0]
    better = margin > p.margin[a:b]
    i, pos = i[better], np.array(x['pos'])[better]
    p.margin[i] = margin[better]
    p.window[i] = a, b
    for name in names:
        s, e = model.slices[name]
        if name not in p.parts:
            p.parts[name] = np.zeros((p.n, e - s), np.float32)
            p.cls[name] = np.zeros((p.n, e - s), np.float32)
        p.parts[name][i] = o[pos, s:e]
        p.cls[name][i] = o[0, s:e]
