"""The training loop, for the teacher and for the student: documents with any mixture of targets, one sum of losses."""
import ctypes
import os
import random
import time

import torch
import torch.nn.functional as F

from .text import windows

DEVICE = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
UNKNOWN = -100


def example(doc, a, b, pieces):
    """Tokens a..b of a document as one window.  -> dict of lists, one entry a piece; targets only on first pieces."""
    pos, ids, feat = [], [pieces.cls], [0]
    for i in range(a, b):
        pos.append(len(ids))
        ids += doc['pieces'][i]
        feat += [doc['feat'][i]] * len(doc['pieces'][i])
    ids.append(pieces.sep)
    feat.append(0)
    x = dict(ids=ids, feat=feat, pos=pos, doc=doc, a=a, b=b)
    for k in ('tag', 'upos', 'deprel', 'entity'):
        if k in doc:
            x[k] = doc[k][a:b]
    if 'link' in doc:       # a cue outside the window is [CLS]
        x['link'] = [UNKNOWN if j == UNKNOWN else pos[j - a] if a <= j < b else 0 for j in doc['link'][a:b]]
    if 'head' in doc:       # the root hangs on [CLS]; an arc out of the window is left out
        x['arc'] = [UNKNOWN if j == UNKNOWN else 0 if j == -1 else pos[j - a] if a <= j < b else UNKNOWN for j in doc['head'][a:b]]
    return x


def recase(x, rng):
    """Change the letter case that a stretch of a window appears to have (pieces are uncased; only the shape feature sees it): headlines
    come in Capitals, CAPITALS and without."""
    n = len(x['pos'])
    a = rng.randrange(n)
    b = n if rng.random() < .3 else min(n, a + rng.randint(6, 60))
    a = 0 if rng.random() < .3 else a
    to = rng.choice((1, 1, 2, 3, 3))
    end = x['pos'][b] if b < n else len(x['feat']) - 1
    for i in range(x['pos'][a], end):
        if x['feat'][i] >> 3 in (1, 2, 3, 4):
            x['feat'][i] = to * 8 + (x['feat'][i] & 7)
    return x


def collate(xs, device=DEVICE):
    """-> dict of tensors [B, L]; L a multiple of 8"""
    B, L = len(xs), -(-max(len(x['ids']) for x in xs) // 8) * 8
    out = {k: torch.zeros(B, L, dtype=torch.long) for k in ('ids', 'feat')}
    out.update(mask=torch.zeros(B, L, dtype=torch.bool), first=torch.zeros(B, L, dtype=torch.bool))
    for k in ('tag', 'upos', 'deprel', 'entity', 'link', 'arc'):
        if any(k in x for x in xs):
            out[k] = torch.full((B, L), UNKNOWN)
    for r, x in enumerate(xs):
        n, pos = len(x['ids']), torch.tensor(x['pos'])
        out['ids'][r, :n], out['feat'][r, :n], out['mask'][r, :n] = torch.tensor(x['ids']), torch.tensor(x['feat']), True
        out['first'][r, 0], out['first'][r, pos] = True, True
        for k in ('tag', 'upos', 'deprel', 'entity', 'link', 'arc'):
            if k in x:
                out[k][r, pos] = torch.tensor(x[k])
    return {k: v.to(device) for k, v in out.items()}


def cross_entropy(scores, target):
    """mean over known targets, 0 where there are none"""
    known = target != UNKNOWN
    return F.cross_entropy(scores[known], target[known]) if known.any() else scores.sum() * 0


def losses(model, out, b):
    """-> {name: loss} for the targets that the batch has"""
    got = {}
    for k in ('tag', 'upos', 'deprel', 'entity'):
        if k in b and k in model.slices:
            got[k] = cross_entropy(model.part(out, k), b[k])
    for k in ('link', 'arc'):
        if k in b and k + '_dep' in model.slices:
            rows = (b[k] != UNKNOWN)
            if rows.any():
                s = model.pairs(out, k).masked_fill(~b['first'][:, None], -1e4)
                got[k] = F.cross_entropy(s[rows], b[k][rows])
    return got


WEIGHTS = dict(tag=1., link=.5, upos=.15, arc=.3, deprel=.15, entity=.3, distil_tag=1., distil_link=.5,
               soft_tag=1., soft_link=.5, soft_upos=.15, soft_arc=.3, soft_deprel=.15, soft_entity=.3)


def batches(docs, pieces, size, rng):
    """One pass: every document cut anew, windows of similar length together, in random order."""
    w = [(d, a, b) for d in docs for a, b in windows([len(p) for p in d['pieces']], 1, rng)]
    rng.shuffle(w)
    out = []
    for i in range(0, len(w), size * 32):
        part = sorted(w[i:i + size * 32], key=lambda x: sum(map(len, x[0]['pieces'][x[1]:x[2]])))
        part = [part[j:j + size] for j in range(0, len(part), size)]
        rng.shuffle(part)
        out += part
    return out


def distances(docs, key, half):
    """Where targets usually stand: log-probability of each distance in pieces, -half..half, to start the distance bias from.  It would take
    it thousands of steps to get there alone, because every distance is a parameter of its own.  key: 'link' or 'head'"""
    count = torch.ones(2 * half + 1)
    for d in docs:
        place = [0]
        for p in d['pieces']:
            place.append(place[-1] + len(p))
        for i, j in enumerate(d.get(key, ())):
            if j >= 0:
                count[max(-half, min(half, place[j] - place[i])) + half] += 1
    smooth = F.avg_pool1d(F.pad(count[None, None], (2, 2), mode='replicate'), 5, 1)[0, 0]
    near = torch.arange(-half, half + 1).abs() <= 3     # close by, every place counts for itself
    log = torch.where(near, count, smooth).log()
    return (log - log.max()).clamp(min=-8)


class Schedule:
    """warm-up, then linear to zero.  By steps where `steps` is given (repeatable), else by minutes of training."""

    def __init__(self, steps=None, minutes=None, warm=.06):
        self.steps, self.minutes, self.warm, self.spent = steps, minutes, warm, 0.

    def done(self, step):
        return step / self.steps if self.steps else self.spent / (60 * self.minutes)

    def rate(self, step):
        f = min(1., self.done(step))
        return max(f, 1e-3) / self.warm if f < self.warm else max(.01, (1 - f) / (1 - self.warm))


class Flat:
    """All learning parameters in one tensor that worker processes share; every worker has its own gradient and updates its own share.

    Threads of one process wait for each other at every operation, so two of them lose half their time on a machine that does other
    work too.  Workers meet three times a step instead.
    """

    def __init__(self, groups, workers, ema):
        """groups: [[parameter]], one learning rate each"""
        sizes = [sum(p.numel() for p in g) for g in groups]
        device = groups[0][0].device
        make = lambda n: torch.zeros(n, device=device).share_memory_() if workers > 1 else torch.zeros(n, device=device)
        self.value, self.grad = make(sum(sizes)), [make(sum(sizes)) for _ in range(workers)]
        self.mean = make(sum(sizes)) if ema else None
        self.norm, self.spent = torch.zeros(workers).share_memory_(), torch.zeros(2).share_memory_()
        self.params, at = [p for g in groups for p in g], 0
        for p in self.params:
            view = self.value[at:at + p.numel()].view_as(p)
            view.copy_(p.data)
            p.data = view
            at += p.numel()
        self.edges, at = [], 0      # per worker and group, the part of `value` that it updates
        for n in sizes:
            cut = [at + n * w // workers for w in range(workers + 1)]
            self.edges.append(list(zip(cut, cut[1:])))
            at += n

    def own(self, worker):
        """Let backward() write into this worker's gradient."""
        at = 0
        for p in self.params:
            p.grad = self.grad[worker][at:at + p.numel()].view_as(p)
            at += p.numel()


def keep_memory():
    """Let the C library keep freed memory: giving it back and taking it again costs a fifth of the time on CPU."""
    try:
        libc = ctypes.CDLL(None)
        libc.mallopt(-4, 0)             # M_MMAP_MAX: no separate mappings
        libc.mallopt(-1, 2 ** 31 - 1)   # M_TRIM_THRESHOLD
        libc.mallopt(-2, 2 ** 26)       # M_TOP_PAD
    except (OSError, AttributeError):
        pass


def _work(worker, workers, meet, flat, model, sampler, pieces, schedule, rates, ema, extra_loss, checkpoint, log, every, seed, augment):
    if workers > 1:
        os.setsid()     # Linux shares CPU time by session first: one session each, or both get the time of one
        torch.set_num_threads(1)
    keep_memory()
    torch.manual_seed(seed * 1000 + worker)
    rng, own_rng = random.Random(seed), random.Random(seed * 1000 + worker)
    flat.own(worker)
    mine = [torch.nn.Parameter(flat.value[a:b]) for a, b in (e[worker] for e in flat.edges)]
    opt = torch.optim.AdamW([dict(params=[p], lr=r) for p, r in zip(mine, rates)], weight_decay=.01, fused=True)
    seen, step, amount = {}, 0, 0
    for xs in sampler(rng):
        schedule.spent = float(flat.spent[0])
        if schedule.done(step) >= 1:
            break
        t, rate = time.time(), schedule.rate(step)
        made = [example(*x, pieces) for x in xs[worker::workers]]
        flat.grad[worker].zero_()
        if made:
            b = collate([recase(x, own_rng) if own_rng.random() < augment else x for x in made])
            with torch.autocast(DEVICE.type, dtype=torch.bfloat16):
                out = model(b['ids'], b['feat'], b['mask'], b['first'])
            out = out.float()
            got = losses(model, out, b)
            if extra_loss:
                got.update(extra_loss(model, out, b, xs[worker::workers]))
            sum(WEIGHTS[k] * v for k, v in got.items()).backward()
            amount += int(b['mask'].sum())
            for k, v in got.items():
                a = seen.setdefault(k, [0., 0])
                a[0] += v.item()
                a[1] += 1
        meet()
        for p, (a, b) in zip(mine, (e[worker] for e in flat.edges)):
            p.grad = torch.stack([g[a:b] for g in flat.grad]).mean(0) if workers > 1 else flat.grad[0][a:b]
        flat.norm[worker] = sum(p.grad.double().pow(2).sum().item() for p in mine)
        meet()
        clip = min(1., 1. / (float(flat.norm.sum()) ** .5 + 1e-6))
        for p, g, r in zip(mine, opt.param_groups, rates):
            p.grad.mul_(clip)
            g['lr'] = r * rate
        opt.step()
        step += 1
        if ema and schedule.done(step) > .3:
            for p, (a, b) in zip(mine, (e[worker] for e in flat.edges)):
                if flat.spent[1] == 0:
                    flat.mean[a:b] = p.data
                else:
                    flat.mean[a:b].lerp_(p.data, 1 - ema)
        if worker == 0:
            flat.spent[0] += min(time.time() - t, 20)     # a process put to sleep meanwhile does not lose its steps
        meet()
        if ema and worker == 0 and schedule.done(step) > .3:
            flat.spent[1] = 1
        if worker == 0 and step % every == 0:
            log('step %d done %.3f %.1f min %d pieces/s  %s' % (step, schedule.done(step), float(flat.spent[0]) / 60, workers * amount / float(flat.spent[0]), ' '.join('%s %.4f' % (k, s / n) for k, (s, n) in seen.items())))
            seen.clear()
        if worker == 0 and checkpoint and step % 200 == 0:
            torch.save(model.state_dict(), checkpoint + '.part')


def fit(model, sampler, pieces, schedule, lr, head_lr=1e-3, ema=0., extra_loss=None, checkpoint=None, log=print, every=10, seed=1, augment=0., workers=None):
    """sampler(rng) yields lists of windows (doc, a, b) for ever.  Word-piece embeddings stay as they were pre-trained.

    workers: processes of one thread each that share every batch; by default one per CPU core, or one where there is a GPU.
    With a schedule in steps the same seed, data and number of workers give the same weights.
    """
    workers = workers or (1 if DEVICE.type == 'cuda' else len(os.sched_getaffinity(0)))
    model.to(DEVICE).train()
    model.encoder.freeze()
    named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    fresh = lambda n: not n.startswith('encoder.') or 'feature' in n
    flat = Flat([[p for n, p in named if not fresh(n)], [p for n, p in named if fresh(n)]], workers, ema)
    args = (flat, model, sampler, pieces, schedule, [lr, head_lr], ema, extra_loss, checkpoint, log, every, seed, augment)
    if workers == 1:
        _work(0, 1, lambda: None, *args)
    else:
        fork = torch.multiprocessing.get_context('fork')
        barrier = fork.Barrier(workers)
        team = [fork.Process(target=_work, args=(w, workers, barrier.wait, *args), daemon=True) for w in range(workers)]
        for p in team:
            p.start()
        for p in team:
            p.join()
        if any(p.exitcode for p in team):
            raise RuntimeError('a training process ended early')
    if ema and float(flat.spent[1]):
        flat.value.copy_(flat.mean)
    for p in flat.params:
        p.grad = None
    if checkpoint:
        torch.save(model.state_dict(), checkpoint)
    return model.eval()
