"""The model that ships: MiniLM with all heads, from gold marks, the teacher's opinion and silver names, in mixed batches."""
import math
import os
import random
import re

import numpy as np
import torch
import torch.nn.functional as F

from . import corpora
from .model import ALL, ATTRIBUTION, KEY, MAX_DISTANCE, MiniLM, Model, MPNet
from .predict import run_team
from .train import DEVICE, Schedule, batches, distances, fit

TEMPERATURE = 1.5


# -- data -----------------------------------------------------------------------------------------------------------------

def silver(path):
    return {d['id']: d['names'] for d in corpora.jsonl(path)} if path and os.path.exists(path) else {}


def texts(data):
    """-> [(id, text)] of all that silver names are wanted for"""
    p = lambda *x: os.path.join(data, *x)
    plain = lambda w: [0]
    out = [(d['id'], d['text']) for d in corpora.jsonl(p('attribution', 'polnear-train.jsonl')) + corpora.jsonl(p('incidents', 'ecbplus-train.jsonl'))]
    out += [('ewt:' + d['id'], d['text']) for d in corpora.conllu(p('syntax', 'ewt-train.conllu'), plain)]
    out += [('gum:' + d['id'], d['text']) for d in corpora.conllu(p('syntax', 'gum-free-train.conllu'), plain)]
    return out + [('re3d:' + d['id'], d['text']) for d in corpora.jsonl(p('events', 're3d-dev.jsonl')) if 'NC' not in d['license']]


def settle(gold, other):
    """names that people marked, and the others that don't touch them"""
    return gold + [x for x in other if all(x[1] <= b or e <= x[0] for b, e, _ in gold)]


def ecb(path, pieces, names):
    """ECB+ marks some sentences of each text: its names, and silver ones elsewhere."""
    kinds = dict(HUMAN_PART_PER='PER', HUMAN_PART_ORG='ORG', HUMAN_PART_GPE='LOC', LOC_GEO='LOC', LOC_FAC='LOC', LOC_OTHER='LOC')
    out = []
    for d in corpora.jsonl(path):
        doc, text, gold = corpora.document(d['id'], d['text'], pieces), d['text'], []
        for m in d['mentions']:
            words = [text[b:e] for b, e in m['spans']]
            if m['type'] in kinds and all(w[:1].isupper() or w in ('of', 'the', 'and', '-', '&') or w.isdigit() for w in words) and words[0][:1].isupper():
                if re.split("['’]", words[0].lower())[0] in ('he', 'she', 'they', 'i', 'we', 'his', 'her', 'their', 'the', 'a', 'it', 'who', 'police', 'you', 'my', 'our', 'its', 'an'):
                    continue
                gold.append([m['spans'][0][0], m['spans'][-1][1], kinds[m['type']]])
        out.append(corpora.spans(doc, settle(gold, names.get(d['id'], []))))
    return out


def re3d(path, pieces, names):
    """Syria and Iraq reporting; documents that forbid commercial use stay out.  A name that is both place and organisation is a place."""
    kinds = dict(Person='PER', Organisation='ORG', Location='LOC', Nationality='NORP')
    out = []
    for d in corpora.jsonl(path):
        if 'NC' in d['license']:
            continue
        gold = {}
        for m in d['entities']:
            b, e = m['b'], m['e']
            if m['type'] not in kinds or m['confidence'] < .5:
                continue
            if d['text'][b:e].lower().startswith('the '):
                b += 4
            words = d['text'][b:e].split()
            if words and words[0].lower() not in ('it', 'its', 'he', 'she', 'they', 'we', 'his', 'i') and words[0][:1].isupper() and words[-1][:1].isupper() and len(words) < 8:
                kind = kinds[m['type']]
                gold[b, e] = 'LOC' if 'LOC' in (kind, gold.get((b, e))) else kind
        gold = [[b, e, k] for (b, e), k in gold.items()]
        doc = corpora.document('re3d:' + d['id'], d['text'], pieces)
        out.append(corpora.spans(doc, settle(gold, names.get(doc['id'], []))))
    return out


def load(data, pieces, silver_file=None, holdout=None, attributions=None):
    """-> {'attribution', 'news', 'syntax': [document]}.  holdout(i): articles to leave out.  attributions: another file of articles, or [] for none."""
    p = lambda *x: os.path.join(data, *x)
    names = silver(silver_file)
    articles = corpora.polnear(attributions or p('attribution', 'polnear-train.jsonl'), pieces) if attributions != [] else []
    articles = [d for i, d in enumerate(articles) if not (holdout and holdout(i))]
    for d in articles:
        if d['id'] in names:
            corpora.spans(d, names[d['id']])
    news = ecb(p('incidents', 'ecbplus-train.jsonl'), pieces, names) + re3d(p('events', 're3d-dev.jsonl'), pieces, names)
    ewt = corpora.conllu(p('syntax', 'ewt-train.conllu'), pieces)
    for d in ewt:
        d['id'] = 'ewt:' + d['id']
        if d['id'] in names:
            corpora.spans(d, names[d['id']])
    gum = corpora.conllu(p('syntax', 'gum-free-train.conllu'), pieces, entities=True)
    for d in gum:       # its gold names leave adjectives ("Afghan") out
        for b, e, kind in names.get('gum:' + d['id'], []):
            i = [k for k, (x, y) in enumerate(d['tokens']) if x < e and y > b]
            if kind in ('NORP', 'LOC') and i and not any(d['entity'][k] for k in i):
                corpora.mark(d, i[0], i[-1], kind)
    return dict(attribution=articles, news=news, syntax=ewt + gum)


def mixed(data, pieces, size, shares):
    """-> sampler for train.fit: batches of one kind each, drawn by their shares of the windows, each kind going round for ever"""
    def sampler(rng):
        kinds = [k for k in shares if data.get(k) and shares[k] > 0]
        queue = {k: [] for k in kinds}
        while True:
            k = rng.choices(kinds, [shares[x] for x in kinds])[0]
            if not queue[k]:
                queue[k] = batches(data[k], pieces, size, rng)
            yield queue[k].pop()
    return sampler


# -- what the teacher said --------------------------------------------------------------------------------------------------

class Opinion:
    """The teacher's outputs for documents: per token tag log-probabilities, and the vectors whose products are its link scores."""

    def __init__(self, teacher, docs, predictions):
        self.distance = teacher.link.distance.weight.detach().float().cpu()[:, 0]
        self.of = {}
        for d, p in zip(docs, predictions):
            tag = p.parts['tag'] - np.logaddexp.reduce(p.parts['tag'], -1, keepdims=True)
            outside = (p.parts['link_dep'] * p.cls['link_head']).sum(-1) / math.sqrt(KEY) + p.cls['link_bias'][:, 0]
            f = lambda x: torch.tensor(x).half()
            self.of[d['id']] = dict(tag=f(tag), dep=f(p.parts['link_dep']), head=f(p.parts['link_head']), bias=f(p.parts['link_bias'][:, 0]), outside=f(outside))

    def __contains__(self, doc):
        return doc['id'] in self.of


def ask(checkpoint, docs, pieces, workers=None, minutes=None):
    """The trained teacher's opinion of documents: windows side by side, without overlap, to save time.  With `minutes` it gives its opinion
    of as many as it can read in that time; the others go without."""
    model = Model(MPNet(), ATTRIBUTION)
    model.load_state_dict(torch.load(checkpoint, map_location='cpu'))
    docs = random.Random(1).sample(docs, len(docs))
    got = run_team(model.to(DEVICE), docs, pieces, workers, minutes=minutes, stride=1)
    read = [(d, p) for d, p in zip(docs, got) if p is not None]
    return Opinion(model, *zip(*read))


def distil(opinion):
    """-> extra loss of train.fit: how far the student's tags and links are from the teacher's, at TEMPERATURE"""
    half = (len(opinion.distance) - 1) // 2

    def loss(model, out, b, windows_):
        rows, cols, want_tag, link = [], [], [], []
        device = out.device
        scores = None
        for r, (doc, a, z) in enumerate(windows_):
            if doc not in opinion:
                continue
            o = opinion.of[doc['id']]
            pos = b['first'][r].nonzero()[1:, 0]
            rows.append(torch.full_like(pos, r))
            cols.append(pos)
            tag = o['tag'][a:z].float().to(device)
            want_tag.append(tag)
            active = (tag[:, 0].exp() < .7).nonzero()[:, 0]
            if len(active):
                if scores is None:
                    scores = model.pairs(out, 'link').masked_fill(~b['first'][:, None], -1e4)
                i, j = pos[active], pos
                apart = (j[None] - i[:, None]).clamp(-half, half) + half
                s = o['dep'][a:z].float().to(device)[active] @ o['head'][a:z].float().to(device).T / math.sqrt(KEY) + o['bias'][a:z].float().to(device) + opinion.distance.to(device)[apart]
                edge = o['outside'][a:z].float().to(device)[active][:, None] + opinion.distance[0]
                s = torch.cat([edge, s], 1) / TEMPERATURE
                got = scores[r][i][:, torch.cat([pos.new_zeros(1), pos])] / TEMPERATURE
                best = s.argmax(1)
                sure = (best > 0).float() * (1 - tag[active, 0].exp())
                if 'tag' in doc:        # where a source belongs is told by the gold marks
                    sure = sure * torch.tensor([doc['tag'][a + k] not in (1, 2) for k in active.tolist()]).float().to(device)
                kl = (s.softmax(1) * (s.log_softmax(1) - got.log_softmax(1))).sum(1)
                link.append((kl * sure, sure))
        if not rows:
            return {}
        got = model.part(out, 'tag')[torch.cat(rows), torch.cat(cols)] / TEMPERATURE
        want = torch.cat(want_tag) / TEMPERATURE
        res = dict(distil_tag=F.kl_div(got.log_softmax(-1), want.log_softmax(-1), log_target=True, reduction='batchmean') * TEMPERATURE ** 2)
        if link:
            k, w = (torch.cat(x) for x in zip(*link))
            res['distil_link'] = k.sum() / w.sum().clamp(min=1) * TEMPERATURE ** 2
        return res
    return loss


def train(weights, data, pieces, checkpoint, shares, minutes=None, steps=None, opinion=None, lr=2e-4, size=8, seed=1, log=print, start=None, ema=.0):
    model = Model(MiniLM(weights), ALL)
    if data['attribution']:
        model.link.distance.weight.data[:, 0] = distances(data['attribution'], 'link', MAX_DISTANCE)
    model.arc.distance.weight.data[:, 0] = distances(data['syntax'], 'head', MAX_DISTANCE)
    if start:
        model.load_state_dict(torch.load(start, map_location='cpu'))
    return fit(model, mixed(data, pieces, size, shares), pieces, Schedule(steps, minutes), lr, 1e-3, ema=ema,
               extra_loss=distil(opinion) if opinion else None, checkpoint=checkpoint, log=log, seed=seed, augment=.1)
