"""Score a model on articles: predictions, decode, figures."""
import json

import numpy as np

from . import corpora
from .decode import Constants, decode, inputs, to_characters
from .model import KEY
from .predict import run
from .score import line, matches, score


def bias(model):
    return model.link.distance.weight.detach().float().cpu().numpy()[:, 0]


def prepare(model, docs, pieces, forward=None):
    """-> [arguments of decode()] for documents"""
    got = run(model, docs, pieces, forward, names=['tag', 'link_dep', 'link_head', 'link_bias'])
    return [inputs(d, p, bias(model), KEY ** -.5) for d, p in zip(docs, got)]


def predict(docs, prepared, constants, weights=None):
    return {d['id']: decode(*x, constants, weights) for d, x in zip(docs, prepared)}


def figures(docs, prepared, constants, weights=None):
    got = predict(docs, prepared, constants, weights)
    return score(docs, {d['id']: to_characters(d, got[d['id']]) for d in docs})


def tune(docs, prepared, start=Constants(), grid=None, log=print):
    """One constant after the other, twice round, keeping what gives the best full F1 (a tenth of strict breaks ties)."""
    import dataclasses
    grid = grid or dict(o_bias=[0, .2, .4, .6, .8], source_least=[.05, .1, .15, .25, 2], source_grow=[.05, .1, .2],
                        drop_sourceless=[0, .6, .7, .8, .85, .9, .95], drop=[0, .3, .4, .5, .6], share=[True, False])
    value = lambda c: (lambda s: s['full'] + .1 * s['strict'])(figures(docs, prepared, c))
    best, top = start, value(start)
    for _ in range(2):
        for name, options in grid.items():
            for o in options:
                c = dataclasses.replace(best, **{name: o})
                v = value(c)
                if v > top + 1e-9:
                    best, top = c, v
    return best


# -- the other heads -------------------------------------------------------------------------------------------------------

def _names(labels, names):
    """BIO labels of one document -> {(kind, first, after)}; an I without its B opens a name"""
    out, open_ = set(), None
    for i, x in enumerate(list(labels) + [0]):
        name = names[x] if x >= 0 else 'O'
        if open_ and (name == 'O' or name[0] == 'B' or name[2:] != open_[0]):
            out.add((open_[0], open_[1], i))
            open_ = None
        if name != 'O' and open_ is None:
            open_ = (name[2:], i)
    return out


def other_heads(model, docs, pieces, forward=None):
    """Parts of speech, arcs (best head within the sentence, one by one), relations, names, on documents that have them.
    -> {'upos', 'uas', 'las', 'entity', 'entity LOC', ...}, F1 for names"""
    from .labels import LABELS
    got = run(model, docs, pieces, forward, names=['upos', 'deprel', 'entity', 'arc_dep', 'arc_head', 'arc_bias'])
    away = model.arc.distance.weight.detach().float().cpu().numpy()[:, 0]
    half = (len(away) - 1) // 2
    n = {k: 0 for k in ('tokens', 'upos', 'uas', 'las')}
    names = {}
    for d, p in zip(docs, got):
        place = np.cumsum([0] + [len(x) for x in d['pieces']])[:-1]
        for a, b in d.get('sentences', []):
            i = np.arange(a, b)
            s = p.parts['arc_dep'][a:b] @ p.parts['arc_head'][a:b].T * KEY ** -.5 + p.parts['arc_bias'][a:b, 0][None]
            s = s + away[np.clip(place[i][None] - place[i][:, None], -half, half) + half]
            np.fill_diagonal(s, -1e9)
            start = place[p.window[a:b, 0]]
            root = (p.parts['arc_dep'][a:b] * p.cls['arc_head'][a:b]).sum(1) * KEY ** -.5 + p.cls['arc_bias'][a:b, 0] + away[np.clip(start - place[i] - 1, -half, half) + half]
            best = np.concatenate([root[:, None], s], 1).argmax(1)
            for t in range(a, b):
                if d['head'][t] == -100:
                    continue
                head = -1 if best[t - a] == 0 else a + best[t - a] - 1
                right = head == d['head'][t]
                n['tokens'] += 1
                n['upos'] += p.parts['upos'][t].argmax() == d['upos'][t]
                n['uas'] += right
                n['las'] += right and p.parts['deprel'][t].argmax() == d['deprel'][t]
        if 'entity' in d:
            g, q = _names(d['entity'], LABELS['entity']), _names(p.parts['entity'].argmax(1), LABELS['entity'])
            for kind in {x[0] for x in g | q} | {'all'}:
                pick = lambda s: {x for x in s if kind in ('all', x[0])}
                c = names.setdefault(kind, [0, 0, 0])
                c[0] += len(pick(g) & pick(q))
                c[1] += len(pick(q))
                c[2] += len(pick(g))
    out = {k: v / max(1, n['tokens']) for k, v in n.items() if k != 'tokens'}
    out.update({'names ' + k: 2 * a / max(1, b + c) for k, (a, b, c) in sorted(names.items())})
    return out
