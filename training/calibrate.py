"""Confidence: a logistic fit of "is this attribution right?" on articles that training left out, and how well it keeps on others."""
import numpy as np

from .decode import FEATURES, confidence, to_characters
from .score import matches


def cases(docs, decoded):
    """-> features [N, F], right [N] (the scorer's `full`)"""
    x, y = [], []
    for d in docs:
        got = decoded[d['id']]
        _, _, m, _ = matches(d, to_characters(d, got))
        hit = {j for _, j in m['full']}
        x += [a.features for a in got]
        y += [j in hit for j in range(len(got))]
    return np.array(x, float), np.array(y, float)


def fit(x, y, ridge=1.):
    """Logistic regression by Newton's method, with a small pull to zero.  -> [weight a feature..., constant]"""
    z = np.hstack([x, np.ones((len(x), 1))])
    w = np.zeros(z.shape[1])
    pull = ridge * np.eye(len(w))
    pull[-1, -1] = 0
    for _ in range(50):
        p = 1 / (1 + np.exp(-z @ w))
        step = np.linalg.solve((z * (p * (1 - p))[:, None]).T @ z + pull, z.T @ (y - p) - pull @ w)
        w += step
        if np.abs(step).max() < 1e-8:
            break
    return [round(float(v), 4) for v in w]


def reliability(x, y, w, bins=10):
    """-> (expected calibration error, [(from, to, number, mean confidence, share right)], Brier score)"""
    p = np.array([confidence(f, w) for f in x])
    rows, error = [], 0.
    for b in range(bins):
        m = (p >= b / bins) & ((p < (b + 1) / bins) | (b == bins - 1))
        if m.any():
            rows.append((b / bins, (b + 1) / bins, int(m.sum()), float(p[m].mean()), float(y[m].mean())))
            error += m.mean() * abs(p[m].mean() - y[m].mean())
    return error, rows, float(((p - y) ** 2).mean())


def describe(w):
    return dict(features=list(FEATURES), weights=w)
