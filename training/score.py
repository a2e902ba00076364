"""Attribution scores, the same as the project's scorer: full, strict, content-linked and recall by type (see docs/evaluation.md)."""
import collections
import re

from .text import tokenize

ROLES = ('source', 'cue', 'content')


class _Doc:
    def __init__(self, text):
        self.tokens = tokenize(text)
        self.at = [-1] * len(text)
        for i, (b, e) in enumerate(self.tokens):
            self.at[b:e] = [i] * (e - b)
        self.quoted, inside, last = [], False, 0
        for b, e in self.tokens:
            if '\n' in text[last:b]:
                inside = False
            last, c = e, text[b:e]
            if c in '“«„':
                inside = True
                self.quoted.append(True)
            elif c in '”»':
                self.quoted.append(True)
                inside = False
            elif c == '"':
                self.quoted.append(True)
                inside = not inside
            else:
                self.quoted.append(inside)
        self.word = [bool(re.match(r'\w', text[b:e])) for b, e in self.tokens]

    def sets(self, attributions):
        return [{r: frozenset(i for b, e in a[r] for i in self.at[b:e] if i >= 0) for r in ROLES} for a in attributions]

    def kind(self, content):
        words = [i for i in content if self.word[i]] or list(content)
        inside = sum(self.quoted[i] for i in words)
        return 'indirect' if not inside else 'direct' if len(words) - inside <= .1 * len(words) else 'mixed'


def dice(a, b):
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 1.0


def _match(pairs):
    used_g, used_p, out = set(), set(), []
    for _, i, j in sorted(pairs, key=lambda p: (-p[0], p[1], p[2])):
        if i not in used_g and j not in used_p:
            used_g.add(i)
            used_p.add(j)
            out.append((i, j))
    return out


_CACHE = {}


def matches(gold, predicted):
    """One document each -> (gold sets, predicted sets, {'full'|'content'|'strict'|'cue': [(i, j)]}, kinds of gold)."""
    doc = _CACHE.get(gold['text'])
    if doc is None:
        d = _Doc(gold['text'])
        g = d.sets(gold['attributions'])
        doc = _CACHE[gold['text']] = (d, g, [d.kind(x['content']) for x in g])
    d, g, kinds = doc
    p = d.sets(predicted)
    pairs = collections.defaultdict(list)
    for i, x in enumerate(g):
        for j, y in enumerate(p):
            if x['cue'] & y['cue'] or not (x['cue'] or y['cue']):
                c, s = dice(x['content'], y['content']), dice(x['source'], y['source'])
                total = c + s + dice(x['cue'], y['cue'])
                pairs['cue'].append((total, i, j))
                if c >= .5:
                    pairs['content'].append((total, i, j))
                    if s >= .5:
                        pairs['full'].append((total, i, j))
            if all(x[r] == y[r] for r in ROLES):
                pairs['strict'].append((3, i, j))
    return g, p, {k: _match(pairs[k]) for k in ('full', 'content', 'strict', 'cue')}, kinds


def score(gold, predictions):
    """gold: documents; predictions: {id: attributions}.  -> {name: F1 or recall, in 0..1}"""
    n = collections.Counter()
    for doc in gold:
        g, p, m, kinds = matches(doc, predictions.get(doc['id'], []))
        n['gold'] += len(g)
        n['pred'] += len(p)
        for k, v in m.items():
            n[k] += len(v)
        for k in kinds:
            n['all', k] += 1
        for i, _ in m['full']:
            n['got', kinds[i]] += 1
    out = {k: 2 * n[k] / max(1, n['gold'] + n['pred']) for k in ('full', 'strict', 'content', 'cue')}
    out.update(P=n['full'] / max(1, n['pred']), R=n['full'] / max(1, n['gold']))
    out.update({k: n['got', k] / max(1, n['all', k]) for k in ('direct', 'mixed', 'indirect')})
    return out


def line(s):
    return ' '.join('%s %.3f' % kv for kv in s.items())
