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


def predict(docs, prepared, constants):
    return {d['id']: decode(*x, constants) for d, x in zip(docs, prepared)}


def figures(docs, prepared, constants):
    got = predict(docs, prepared, constants)
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
