"""From the model's numbers to attributions.  Reference for the Rust port: plain loops, no tricks; every constant is in Constants.

Input of one report with n tokens (regex TOKEN), each token's numbers from the window where it stands farthest from an edge:
    tag[n][7]   log-probabilities (log-softmax of slice "tag")
    dep[n][128]     slice "link_dep"
    window[n][2]    first token of that window, token after its last
    heads[window]   slices "link_head" [128] and "link_bias" of all tokens of each window: the other end of a link, see Links
    piece[n]    place of the token's first piece in the report, counted over all pieces of all tokens
    end[n]      True where a sentence or paragraph ends after the token (see sentence_ends)
Output: list of Attribution with token ranges.
"""
import dataclasses
import math

import numpy as np

from .labels import TAGS

O, BS, IS, BC, IC, BX, IX = range(7)
SOURCE, CUE, CONTENT = 1, 2, 3
FLOOR = -12.0       # log-probability of a link is not counted lower


@dataclasses.dataclass
class Constants:
    """Tuned on articles held out of training and checked on dev (training/RESULTS.md)."""
    o_bias: float = .3              # taken from O: the tagger is shy, a missed tag costs a whole attribution
    cue_bias: float = 0.            # given to the tags of cues beside that
    source_reach: int = 60          # tokens from its cue that a source is looked for in
    source_least: float = .15       # P(source) of a token that may become the source of a cue that has none
    source_grow: float = .1         # P(source) of the tokens beside it that belong to it
    drop_sourceless: float = .85    # attributions without source need this mean P(cue)
    drop: float = 0.                # attributions with source need this
    least_confidence: float = 0.    # attributions less likely to be right than this are left out
    share: bool = True              # "he told X ..., adding that ...": the second cue takes the first one's source


@dataclasses.dataclass
class Attribution:
    cue: tuple                      # (first token, token after the last)
    source: list                    # [(first, after)], at most one
    content: list                   # [(first, after)], in order
    shared: bool = False            # the source stands at another cue
    features: tuple = ()            # see confidence()


ABBREVIATIONS = frozenset('mr mrs ms dr st jr sr sen rep gov gen lt col sgt capt maj prof rev hon no vs inc corp co ltd jan feb mar apr jun jul aug sep sept oct nov dec'.split())


def sentence_ends(text, tokens):
    """True at tokens after which a sentence may end: a line break follows; or the token is . ! ? or a mark that closes after one of those,
    white space and no lower-case letter follow, and the . does not belong to an abbreviation or an initial."""
    word = [text[b:e] for b, e in tokens]
    out = []
    for i, (b, e) in enumerate(tokens):
        after = text[e:tokens[i + 1][0]] if i + 1 < len(tokens) else '\n'
        stop = i - 1 if i and word[i] in ('”', '»', '"', '’', "'", ')') else i
        ends = word[stop] in ('.', '!', '?') and after != '' and not (i + 1 < len(tokens) and word[i + 1][0].islower())
        if ends and stop == i and word[i] == '.' and i and tokens[i - 1][1] == b:
            ends = not (word[i - 1].lower() in ABBREVIATIONS or (len(word[i - 1]) == 1 and word[i - 1].isalpha()))
        out.append('\n' in after or ends)
    return out


def viterbi(tag, o_bias, cue_bias=0.):
    """The best tags of a report: an I must follow a B or I of its role.  tag [n][7] -> [n]"""
    n = len(tag)
    extra = [-o_bias, 0., 0., cue_bias, cue_bias, 0., 0.]
    best = [tag[0][t] + extra[t] if t not in (IS, IC, IX) else -math.inf for t in range(7)]
    back = []
    for i in range(1, n):
        now, came = [0.0] * 7, [0] * 7
        top = max(range(7), key=lambda t: best[t])
        for t in range(7):
            if t in (IS, IC, IX):
                came[t] = t - 1 if best[t - 1] >= best[t] else t
            else:
                came[t] = top
            now[t] = best[came[t]] + tag[i][t] + extra[t]
        best = now
        back.append(came)
    t = max(range(7), key=lambda t: best[t])
    path = [t]
    for came in reversed(back):
        t = came[t]
        path.append(t)
    return path[::-1]


def spans(path):
    """tags -> [(role, first, after)]"""
    out = []
    for i, t in enumerate(path):
        if t in (BS, BC, BX):
            out.append([(t + 1) // 2, i, i + 1])
        elif t != O:
            out[-1][2] = i + 1
    return [tuple(x) for x in out]


class Links:
    """score(i, j): how well token i belongs to the attribution whose cue starts at token j.

    Both vectors come from one window, the one that token i was taken from: vectors know where in their window they stand, so that those of two
    windows don't fit (97 % of gold tokens find their cue within a window, 89 % across).  Cues outside that window are out of reach.
    """

    def __init__(self, dep, window, heads, piece, distance_bias, scale):
        """dep [n][128]; window [n][2]; heads {window: (head [tokens of the window][128], bias [the same])}"""
        self.dep, self.window, self.heads, self.piece = dep, window, heads, np.asarray(piece)
        self.distance_bias, self.half, self.scale = distance_bias, (len(distance_bias) - 1) // 2, scale
        self.members = {w: np.flatnonzero((window[:, 0] == w[0]) & (window[:, 1] == w[1])) for w in heads}
        self.columns = {}

    def column(self, j):
        """score(i, j) for all i, -inf where j is out of reach"""
        c = self.columns.get(j)
        if c is None:
            c = self.columns[j] = np.full(len(self.piece), -np.inf)
            for (a, b), (head, bias) in self.heads.items():
                if a <= j < b:
                    i = self.members[a, b]
                    apart = np.clip(self.piece[j] - self.piece[i], -self.half, self.half)
                    c[i] = self.dep[i] @ head[j - a] * self.scale + bias[j - a] + self.distance_bias[apart + self.half]
        return c

    def score(self, i, j):
        return self.column(j)[i]

    def near(self, i, j):
        """j lies in the window that i was taken from"""
        return self.window[i][0] <= j < self.window[i][1]

    def to(self, first, after, cues):
        """Mean over the tokens first..after of the log-probability that each belongs to each cue, among the cues near enough.
        -> one number a cue, -inf where no token is near"""
        s = np.stack([self.column(c[0])[first:after] for c in cues], 1)         # [tokens, cues]
        near = np.isfinite(s)
        some = near.any(1)
        s[some] -= np.logaddexp.reduce(s[some], -1, keepdims=True)
        total, seen = np.where(near, np.maximum(s, FLOOR), 0).sum(0), near.sum(0)
        return [float(t) / m if m else -math.inf for t, m in zip(total, seen)]


def decode(tag, links, end, k=Constants(), weights=None):
    """-> [Attribution], in order of their cues.  weights: of confidence(), needed for least_confidence"""
    n = len(tag)
    if n == 0:
        return []
    found = spans(viterbi(tag, k.o_bias, k.cue_bias))
    cues = [(b, e) for role, b, e in found if role == CUE]
    if not cues:
        return []
    content = [[] for _ in cues]        # per cue: (first, after, link)
    for role, b, e in found:
        if role == CONTENT:
            to = links.to(b, e, cues)
            best = max(range(len(cues)), key=lambda q: to[q])
            if to[best] > -math.inf:
                content[best].append((b, e, to[best]))
    # A source goes to a cue that has a content: one without can't become an attribution.
    live = [q for q in range(len(cues)) if content[q]]
    if not live:
        return []
    source = {q: None for q in live}    # (first, after, link)
    for role, b, e in found:
        if role == SOURCE:
            to = links.to(b, e, [cues[q] for q in live])
            best = max(range(len(live)), key=lambda x: to[x])
            if to[best] > -math.inf and (source[live[best]] is None or to[best] > source[live[best]][2]):
                source[live[best]] = (b, e, to[best])
    used = [False] * n
    for _, b, e in found:
        for i in range(b, e):
            used[i] = True
    is_source = [math.exp(t[BS]) + math.exp(t[IS]) for t in tag]
    shared = set()
    if k.share:
        for q in live:      # from left to right, so that a third cue gets it from the second
            if source[q] is None:
                source[q] = _shared_source(q, cues, live, source, end)
                if source[q] is not None:
                    shared.add(q)
    for q in live:
        if source[q] is None:
            source[q] = _weak_source(q, cues, live, links, is_source, used, k)
    out = []
    for q in live:
        s = source[q]
        b, e = cues[q]
        is_cue = sum(math.exp(tag[i][BC]) + math.exp(tag[i][IC]) for i in range(b, e)) / (e - b)
        if is_cue < (k.drop_sourceless if s is None else k.drop):
            continue
        a = Attribution(cues[q], [s[:2]] if s else [], [c[:2] for c in content[q]], q in shared)
        a.features = features(tag, a, s, content[q], is_cue)
        if weights is None or confidence(a.features, weights) >= k.least_confidence:
            out.append(a)
    return out


def _weak_source(q, cues, live, links, is_source, used, k):
    """The likeliest source token near cue q that no span has and that links to q sooner than to any other live cue; grown to its neighbours."""
    first, after = cues[q]
    best = None
    for i in range(max(0, first - k.source_reach), min(len(used), after + k.source_reach)):
        if not links.near(i, first) or used[i] or is_source[i] < k.source_least or (best is not None and is_source[i] <= is_source[best]):
            continue
        mine = links.score(i, first)
        if all(links.score(i, cues[x][0]) <= mine for x in live if links.near(i, cues[x][0])):
            best = i
    if best is None:
        return None
    b, e = best, best + 1
    while b > 0 and not used[b - 1] and is_source[b - 1] >= k.source_grow:
        b -= 1
    while e < len(used) and not used[e] and is_source[e] >= k.source_grow:
        e += 1
    for i in range(b, e):
        used[i] = True
    return (b, e, math.log(.5))


def _shared_source(q, cues, live, source, end):
    """The source of the live cue beside q in the same sentence, where it stands before q: "X said ..., adding that ...".  Of the articles'
    attributions 6 % share the source of the one before, 1 % have none although the one before has.  The cue after q is asked too, because the
    model may have linked the source to that one."""
    at = live.index(q)
    for beside in (at - 1, at + 1):
        if not 0 <= beside < len(live):
            continue
        p = live[beside]
        first, second = min(p, q), max(p, q)
        if source[p] is None or source[p][0] >= cues[q][0] or any(end[i] for i in range(cues[first][1] - 1, cues[second][0])):
            continue
        return source[p]
    return None


def features(tag, a, source, content, is_cue):
    """What the confidence is made of; all in log-odds or log-probabilities, so that a sum makes sense."""
    odds = lambda p: math.log(max(p, 1e-4) / max(1 - p, 1e-4))
    if source:
        b, e = source[:2]
        is_source = sum(math.exp(tag[i][BS]) + math.exp(tag[i][IS]) for i in range(b, e)) / (e - b)
        source_link = source[2]
    else:
        is_source, source_link = .5, 0.0
    tokens = sum(e - b for b, e in a.content)
    inside = sum(math.exp(tag[i][BX]) + math.exp(tag[i][IX]) for b, e in a.content for i in range(b, e)) / tokens
    # Does the content start and stop where it seems to?  B at its first token; not I at the token after its last.
    edges = []
    for b, e in a.content:
        edges.append(math.exp(tag[b][BX]))
        edges.append(1 - math.exp(tag[e][IX]) if e < len(tag) else 1.0)
    content_link = sum(c[2] * (c[1] - c[0]) for c in content) / tokens
    return (odds(is_cue), odds(is_source), source_link, odds(inside), odds(sum(edges) / len(edges)), content_link, 0.0 if source else 1.0, float(a.shared), float(len(a.content) > 1))


FEATURES = ('cue', 'source', 'source_link', 'content', 'content_edges', 'content_link', 'no_source', 'shared', 'pieces')


def confidence(features, weights):
    """weights: one a feature, and a constant last -> probability that the attribution is right (the scorer's `full`)"""
    return 1 / (1 + math.exp(-(weights[-1] + sum(w * x for w, x in zip(weights, features)))))


# -- from predictions ------------------------------------------------------------------------------------------------------

def inputs(doc, prediction, distance_bias, scale):
    """training.predict's Prediction of one document -> arguments of decode()"""
    raw = prediction.parts['tag'].astype(np.float64)
    tag = raw - np.logaddexp.reduce(raw, -1, keepdims=True)
    piece = np.cumsum([0] + [len(p) for p in doc['pieces']])[:-1]
    links = Links(prediction.parts['link_dep'], prediction.window, prediction.heads, piece, distance_bias, scale)
    return tag.tolist(), links, sentence_ends(doc['text'], doc['tokens'])


def to_characters(doc, attributions):
    """-> the project's JSON form"""
    t = doc['tokens']
    f = lambda r: [[t[b][0], t[e - 1][1]] for b, e in r]
    return [dict(source=f(a.source), cue=f([a.cue]), content=f(a.content)) for a in attributions]
