"""The fast model: two bidirectional LSTM layers over tokens, taught by the accurate one.

``python -m training.fast soft …`` lets the accurate model read every training text and keeps what it says of each window;
``python -m training.fast train …`` teaches the small network that, beside the gold marks; ``python -m training.fast write …`` makes its files in models/.
"""
import argparse
import dataclasses
import json
import os
import pickle
import random

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from . import calibrate, corpora, evaluate, export, fixtures, score, student
from .make import held_out
from .model import ALL, MAX_DISTANCE, MiniLM, Model
from .text import FEATURES, WordPiece, windows
from .train import Schedule, collate, distances, example, fit, keep_memory

KEY = 64            # width of its link and arc vectors
PIECE = 128         # width of a piece's embedding
HIDDEN = 128        # of one direction of one layer
WINDOW, STRIDE = 512, .85      # as it is served
BEST = 4            # targets that are kept of each token's link and arc


class Recurrent(nn.Module):
    """A token is the sum of its pieces' embeddings and one for its features; two bidirectional LSTM layers read the tokens of a window.

    Tokens, not pieces, are steps: [CLS] is the first, [SEP] has none.
    """
    vocab = 30522

    def __init__(self, hidden=HIDDEN, dropout=.2):
        super().__init__()
        self.width = 2 * hidden
        self.piece = nn.Embedding(self.vocab, PIECE)
        self.feature = nn.Embedding(FEATURES, PIECE)
        nn.init.zeros_(self.feature.weight)
        # One module a direction, the second fed backwards: packed sequences are ten times slower on CPU.
        self.lstm = nn.ModuleList([nn.ModuleList([nn.LSTM(n, hidden, batch_first=True) for _ in range(2)]) for n in (PIECE, 2 * hidden)])
        self.drop, self.words = nn.Dropout(dropout), .05

    def start(self, weights):
        """Piece embeddings of all-MiniLM-L6-v2, their first principal components, at unit variance."""
        from safetensors.torch import load_file
        w = load_file(weights)['embeddings.word_embeddings.weight'].double()
        w = w - w.mean(0)
        axes = torch.linalg.eigh(w.T @ w)[1][:, -PIECE:]
        x = w @ axes
        self.piece.weight.data.copy_(x / x.std())

    def freeze(self):
        """all of it learns"""

    def forward(self, ids, feat, mask, first):
        """ids, feat, mask, first [B, L]; first is True at [CLS] and at the first piece of each token -> [B, L, D], right where first is"""
        step = first.long().cumsum(1) - 1
        count = first.sum(1)
        inside = mask & (ids != 102)
        x = self.piece(ids) * inside[..., None]
        if self.training and self.words:
            x = x * (torch.rand(ids.shape, device=x.device) >= self.words)[..., None]
        tokens = x.new_zeros(len(ids), int(count.max()), PIECE)
        tokens.scatter_add_(1, step[..., None].expand_as(x), x)
        f = self.feature(feat) * first[..., None]
        tokens.scatter_add_(1, step[..., None].expand_as(f), f)
        x = self.drop(tokens)
        i = torch.arange(x.shape[1], device=x.device)[None]
        back = torch.where(i < count[:, None], count[:, None] - 1 - i, i)
        turn = lambda x: x.gather(1, back[..., None].expand_as(x))
        for forward, backward in self.lstm:
            x = self.drop(torch.cat([forward(x)[0], turn(backward(turn(x))[0])], -1))
        return x.gather(1, step[..., None].expand(-1, -1, x.shape[-1]))


HEADS = dict(ALL, link_dep=KEY, link_head=KEY, arc_dep=KEY, arc_head=KEY)


# -- what the accurate model says ------------------------------------------------------------------------------------------

def documents(data, pieces, silver_file, held_out):
    """everything that may be learned from, marked or not"""
    d = student.load(data, pieces, silver_file, held_out)
    return d['attribution'] + d['news'] + d['syntax']


@torch.no_grad()
def soft(model, docs, pieces, seed, batch=8):
    """The accurate model's opinion of windows cut with `seed`.  -> [dict(doc: index, a, b, and for its tokens: log-probabilities of `tag`, `upos`,
    `deprel`, `entity` (half floats), `link` and `arc`: places of the BEST likeliest targets in tokens of the window, [CLS] is 0, and their
    probabilities)]"""
    rng = random.Random(seed)
    jobs = [(k, a, b) for k, d in enumerate(docs) for a, b in windows([len(p) for p in d['pieces']], 1, rng if seed else None)]
    jobs.sort(key=lambda j: sum(map(len, docs[j[0]]['pieces'][j[1]:j[2]])))
    out = []
    for at in range(0, len(jobs), batch):
        part = jobs[at:at + batch]
        xs = [example(docs[k], a, b, pieces) for k, a, b in part]
        t = collate(xs)
        with torch.autocast('cpu', dtype=torch.bfloat16):
            y = model(t['ids'], t['feat'], t['mask'], t['first'])
        y = y.float()
        for (k, a, b), x, row, first in zip(part, xs, y, t['first']):
            pos = torch.tensor(x['pos'])
            got = dict(doc=k, a=a, b=b)
            for name in ('tag', 'upos', 'deprel', 'entity'):
                got[name] = model.part(row[pos], name).log_softmax(-1).half().numpy()
            own = torch.cat([pos.new_zeros(1), pos])
            for name in ('link', 'arc'):
                s = model.pairs(row[None], name)[0][pos][:, own].softmax(-1)
                p, i = s.topk(min(BEST, s.shape[1]), -1)
                got[name] = i.short().numpy(), p.half().numpy()
            out.append(got)
    return out


def _soft_part(args):
    checkpoint, docs, pieces, seed, indices = args
    os.setsid()
    torch.set_num_threads(1)
    keep_memory()
    model = Model(MiniLM(), ALL)
    model.load_state_dict(torch.load(checkpoint, map_location='cpu'))
    got = soft(model.eval(), [docs[i] for i in indices], pieces, seed)
    for g in got:
        g['doc'] = indices[g['doc']]
    return got


# -- learning --------------------------------------------------------------------------------------------------------------

def opinions(kept):
    """-> extra loss of train.fit: how far the student is from what was kept for the same windows"""
    def loss(model, out, b, windows_):
        B, L, _ = out.shape
        want, rows, cols = [], [], []
        for r, (doc, a, z) in enumerate(windows_):
            o = kept[doc['id'], a, z]
            pos = b['first'][r].nonzero()[:, 0]
            rows.append(torch.full((len(pos) - 1,), r))
            cols.append(pos[1:])
            want.append((o, pos))
        rows, cols = torch.cat(rows), torch.cat(cols)
        at = out[rows, cols]
        soft_ = {k: torch.from_numpy(np.concatenate([o[k] for o, _ in want])).float() for k in ('tag', 'upos', 'deprel', 'entity')}
        got = {'soft_' + k: F.kl_div(model.part(at, k).log_softmax(-1), v, log_target=True, reduction='batchmean') for k, v in soft_.items()}
        weight = dict(link=1 - soft_['tag'][:, 0].exp(), arc=torch.ones(len(rows)))
        for k in ('link', 'arc'):
            s = model.pairs(out, k).masked_fill(~b['first'][:, None], -1e4)[rows, cols].log_softmax(-1)
            place = torch.cat([pos[torch.from_numpy(o[k][0]).long()] for o, pos in want])
            p = torch.from_numpy(np.concatenate([o[k][1] for o, _ in want])).float()
            got['soft_' + k] = -((s.gather(1, place) * p).sum(1) * weight[k]).sum() / weight[k].sum().clamp(min=1)
        return got
    return loss


def sampler(docs, cuts, size):
    """-> sampler for train.fit: windows of like length together, each cutting in turn"""
    by = {d['id']: d for d in docs}
    def go(rng):
        while True:
            for cut in cuts:
                w = [(by[i], a, b) for i, a, b in cut]
                rng.shuffle(w)
                out = []
                for k in range(0, len(w), size * 16):
                    part = sorted(w[k:k + size * 16], key=lambda x: x[2] - x[1])
                    out += [part[j:j + size] for j in range(0, len(part), size)]
                rng.shuffle(out)
                yield from out
    return go


def load_soft(paths, docs):
    kept, cuts = {}, []
    for path in paths:
        cut = []
        for g in pickle.load(open(path, 'rb')):
            if g['b'] - g['a'] < BEST:
                continue
            key = docs[g['doc']]['id'], g['a'], g['b']
            kept[key] = g
            cut.append(key)
        cuts.append(cut)
    return kept, cuts


# -- the files in models/ ---------------------------------------------------------------------------------------------------

def rounded(table, most, axis):
    """-> whole numbers -most..most, and the scale of each row (axis 1) or column (axis 0)"""
    scale = table.abs().amax(axis, keepdim=True).clamp(min=1e-8) / most
    return (table / scale).round().to(torch.int8), scale


def tensors(model):
    """What is served: {name: tensor}.  Maps are [inputs, outputs] of 7 bits with a scale an output (as in export.quantise), pieces 8 bits with a
    scale each; the bias of both maps of a layer is that of its input."""
    out = {}

    def put(name, weights, bias=None):
        w, scale = rounded(weights, 63, 0)
        out.update({name + '.weight': w.contiguous(), name + '.scale': scale[0].contiguous()})
        if bias is not None:
            out[name + '.bias'] = bias.contiguous()

    e = model.encoder
    w, scale = rounded(e.piece.weight.data, 127, 1)
    out.update({'piece.weight': w, 'piece.scale': scale[:, 0].contiguous(), 'feature.weight': e.feature.weight.data.clone()})
    for n, both in enumerate(e.lstm):
        put('layers.%d.input' % n, torch.cat([x.weight_ih_l0.data for x in both]).T, torch.cat([(x.bias_ih_l0 + x.bias_hh_l0).data for x in both]))
        for side, x in zip(('forward', 'backward'), both):
            put('layers.%d.%s' % (n, side), x.weight_hh_l0.data.T)
    put('heads', model.heads.weight.data.T, model.heads.bias.data)
    return out


def as_served(model):
    """gives a model the weights that are served, as floats"""
    t = tensors(model)
    get = lambda name: (t[name + '.weight'].float() * t[name + '.scale']).T
    e = model.encoder
    e.piece.weight.data = t['piece.weight'].float() * t['piece.scale'][:, None]
    for n, both in enumerate(e.lstm):
        for side, x, w in zip(('forward', 'backward'), both, get('layers.%d.input' % n).chunk(2)):
            x.weight_ih_l0.data.copy_(w)
            x.weight_hh_l0.data.copy_(get('layers.%d.%s' % (n, side)))
    model.heads.weight.data = get('heads')
    return model.eval()


def finish(model, data, out, pieces, version, say=print):
    """Constants and confidence as in make.finish; fast.safetensors, fast.json, fixtures/fast.jsonl."""
    from safetensors.torch import save_file
    p = lambda name: os.path.join(data, 'attribution', name)
    t = tensors(model)
    model = as_served(model)
    kept = [d for i, d in enumerate(corpora.polnear(p('polnear-train.jsonl'), pieces)) if held_out(i)]
    dev = corpora.polnear(p('polnear-dev.jsonl'), pieces)
    prepared = {k: evaluate.prepare(model, docs, pieces, window=WINDOW, stride=STRIDE) for k, docs in (('kept', kept), ('dev', dev))}
    constants, weights = evaluate.tune((kept, prepared['kept']), (dev, prepared['dev']), log=say)
    say(constants, weights)
    for k, docs in (('kept', kept), ('dev', dev)):
        say(k, score.line(evaluate.figures(docs, prepared[k], constants, weights)))
    file = os.path.join(out, 'fast.safetensors')
    save_file(t, file)
    decode = dict(dataclasses.asdict(constants), confidence=calibrate.describe(weights))
    with open(os.path.join(out, 'fast.json'), 'w', encoding='utf-8') as f:
        json.dump(export.describe(model, version, decode, file, WINDOW, STRIDE), f, ensure_ascii=False, separators=(',', ':'))
        f.write('\n')
    fixtures_(model, pieces, os.path.join(out, 'fixtures', 'fast.jsonl'))
    export.checksums(out)


@torch.no_grad()
def fixtures_(model, pieces, path):
    """The windows of golden.jsonl and what the weights as served, but with activations in floats, say at [CLS] and at each token."""
    with open(path, 'w', encoding='utf-8') as f:
        for k, text in enumerate(fixtures.TEXTS):
            doc = corpora.document('golden-%d' % (k + 1), text, pieces)
            x = example(doc, 0, len(doc['tokens']), pieces)
            b = collate([x], 'cpu')
            places = [0] + x['pos']
            y = model(b['ids'], b['feat'], b['mask'], b['first'])[0][places]
            f.write(json.dumps(dict(ids=x['ids'], feat=x['feat'], places=places, out=[[round(float(v), 3) for v in r] for r in y]), separators=(',', ':')) + '\n')


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('what', choices=('soft', 'train', 'write'))
    p.add_argument('--data', required=True)
    p.add_argument('--small', required=True, help='folder of all-MiniLM-L6-v2')
    p.add_argument('--work', default='training/work', help='where make.py left silver.jsonl and student.pt; what the accurate model says is kept here')
    p.add_argument('--cuts', type=int, default=2)
    p.add_argument('--minutes', type=float)
    p.add_argument('--steps', type=int)
    p.add_argument('--hidden', type=int, default=HIDDEN)
    p.add_argument('--rate', type=float, default=2e-3)
    p.add_argument('--size', type=int, default=32, help='windows a step')
    p.add_argument('--workers', type=int)
    p.add_argument('--name', default='fast.pt')
    p.add_argument('--start', help='a checkpoint in --work to go on from')
    p.add_argument('--out', default='models')
    p.add_argument('--version', default='fast-0.1.0')
    a = p.parse_args()
    torch.set_num_threads(1)
    at = lambda name: os.path.join(a.work, name)
    pieces = WordPiece(os.path.join(a.small, 'vocab.txt'))
    if a.what == 'write':
        model = Model(Recurrent(a.hidden), HEADS, key=KEY)
        model.load_state_dict(torch.load(at(a.name), map_location='cpu'))
        return finish(model.eval(), a.data, a.out, pieces, a.version)
    docs = documents(a.data, pieces, at('silver.jsonl'), held_out)
    if a.what == 'soft':
        import multiprocessing
        workers = a.workers or 2
        for seed in range(a.cuts):
            parts = [list(range(w, len(docs), workers)) for w in range(workers)]
            with multiprocessing.get_context('fork').Pool(workers) as pool:
                got = sum(pool.map(_soft_part, [(at('student.pt'), docs, pieces, seed, i) for i in parts]), [])
            pickle.dump(got, open(at('soft-%d.pkl' % seed), 'wb'))
            print('cut', seed, len(got), 'windows', flush=True)
        return
    kept, cuts = load_soft([at('soft-%d.pkl' % s) for s in range(a.cuts)], docs)
    model = Model(Recurrent(a.hidden), HEADS, key=KEY)
    model.encoder.start(os.path.join(a.small, 'model.safetensors'))
    model.link.distance.weight.data[:, 0] = distances(docs, 'link', MAX_DISTANCE)
    model.arc.distance.weight.data[:, 0] = distances(docs, 'head', MAX_DISTANCE)
    if a.start:
        model.load_state_dict(torch.load(at(a.start), map_location='cpu'))
    fit(model, sampler(docs, cuts, a.size), pieces, Schedule(a.steps, a.minutes), a.rate, a.rate, ema=.998, extra_loss=opinions(kept),
        checkpoint=at(a.name), log=lambda s: print(s, flush=True), every=50, augment=.1, workers=a.workers)


if __name__ == '__main__':
    main()
