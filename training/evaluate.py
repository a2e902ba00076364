"""Score a model on articles: predictions, decode, figures."""
import concurrent.futures
import dataclasses
import math
import multiprocessing
import os

import numpy as np

from . import calibrate
from .decode import Constants, confidence, decode, inputs, to_characters
from .predict import run, run_team
from .score import line, score


def bias(model):
    return model.link.distance.weight.detach().float().cpu().numpy()[:, 0]


def prepare(model, docs, pieces, forward=None, **more):
    """-> [arguments of decode()] for documents; more: of predict.run"""
    got = run_team(model, docs, pieces, forward=forward, names=['tag', 'link_dep', 'link_head', 'link_bias'], **more)
    return [inputs(d, p, bias(model), model.link.scale) for d, p in zip(docs, got)]


def predict(docs, prepared, constants, weights=None):
    return {d['id']: decode(*x, constants, weights) for d, x in zip(docs, prepared)}


def figures(docs, prepared, constants, weights=None):
    got = predict(docs, prepared, constants, weights)
    return score(docs, {d['id']: to_characters(d, got[d['id']]) for d in docs})


def keep(attributions, constants, weights):
    """Attributions decoded with no lower limits -> those that the limits of `constants` leave"""
    def stays(a):
        is_cue = 1 / (1 + math.exp(-a.features[0]))
        return is_cue >= (constants.drop if a.source else constants.drop_sourceless) and confidence(a.features, weights) >= constants.least_confidence
    return [a for a in attributions if stays(a)]


def tune(kept, dev, start=Constants(), biases=(.2, .4, .6, .8, 1.), log=print):
    """kept, dev: (docs, prepared).  The confidence is fitted on `kept`; biases and limits are chosen by full F1 (with a tenth of strict) on both
    together.  The limits come last in decoding, so that they can be tried on what one decoding gave.  -> Constants, weights"""
    docs, prepared = kept[0] + dev[0], kept[1] + dev[1]
    best = (-1,)
    for o_bias in biases:
        c = dataclasses.replace(start, o_bias=o_bias, drop=0., drop_sourceless=0., least_confidence=0.)
        got = predict_team(docs, prepared, c)
        weights = calibrate.fit(*calibrate.cases(kept[0], got))
        for least in (0., .2, .25, .3, .35, .4, .45):
            for sourceless in (0., .8, .9) if least == 0 else (0.,):
                limits = dataclasses.replace(c, least_confidence=least, drop_sourceless=sourceless)
                s = score(docs, {d['id']: to_characters(d, keep(got[d['id']], limits, weights)) for d in docs})
                log('o_bias %.1f least %.2f sourceless %.2f  %s' % (o_bias, least, sourceless, line(s)))
                value = s['full'] + .1 * s['strict']
                if value > best[0]:
                    best = (value, limits, weights)
    return best[1:]


def _decode(docs, prepared, constants):
    return [decode(*x, constants) for x in prepared]


def predict_team(docs, prepared, constants, workers=None):
    """predict() by several processes"""
    workers = workers or len(os.sched_getaffinity(0))
    with concurrent.futures.ProcessPoolExecutor(workers, multiprocessing.get_context('fork'), os.setsid) as pool:
        parts = [pool.submit(_decode, docs[w::workers], prepared[w::workers], constants) for w in range(workers)]
        return {d['id']: a for w, p in enumerate(parts) for d, a in zip(docs[w::workers], p.result())}


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


def other_heads(model, docs, pieces, forward=None, **more):
    """Parts of speech, arcs (best head within the sentence, one by one), relations, names, on documents that have them.
    -> {'upos', 'uas', 'las', 'entity', 'entity LOC', ...}, F1 for names"""
    from .labels import LABELS
    got = run(model, docs, pieces, forward, names=['upos', 'deprel', 'entity', 'arc_dep', 'arc_head', 'arc_bias'], **more)
    away = model.arc.distance.weight.detach().float().cpu().numpy()[:, 0]
    half = (len(away) - 1) // 2
    n = {k: 0 for k in ('tokens', 'upos', 'uas', 'las')}
    names = {}
    for d, p in zip(docs, got):
        place = np.cumsum([0] + [len(x) for x in d['pieces']])[:-1]
        for a, b in d.get('sentences', []):
            i = np.arange(a, b)
            s = p.parts['arc_dep'][a:b] @ p.parts['arc_head'][a:b].T * model.arc.scale + p.parts['arc_bias'][a:b, 0][None]
            s = s + away[np.clip(place[i][None] - place[i][:, None], -half, half) + half]
            np.fill_diagonal(s, -1e9)
            start = place[p.window[a:b, 0]]
            root = (p.parts['arc_dep'][a:b] * p.cls['arc_head'][a:b]).sum(1) * model.arc.scale + p.cls['arc_bias'][a:b, 0] + away[np.clip(start - place[i] - 1, -half, half) + half]
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
