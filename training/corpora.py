"""Corpora to training documents.

A document is a dict: id, text, tokens [(b, e)], pieces [[id]], feat [row], and any of these targets, one per token (-100: unknown):
tag (TAGS), link (token of the first cue of its attribution, itself for that token; -100 outside attributions),
upos, head (token, or -1 for the root), deprel, entity.
"""
import collections
import json
import os

from .labels import INDEX, TAGS
from .text import features, tokenize

UNKNOWN = -100


def jsonl(path):
    return [json.loads(x) for x in open(path, encoding='utf-8') if x.strip()]


def document(id, text, pieces, **more):
    tokens = tokenize(text)
    return dict(id=id, text=text, tokens=tokens, pieces=[pieces(text[b:e]) for b, e in tokens], feat=features(text, tokens), **more)


def owner(text_length, tokens):
    """character -> token, -1 in gaps"""
    at = [-1] * text_length
    for i, (b, e) in enumerate(tokens):
        at[b:e] = [i] * (e - b)
    return at


# -- attributions ---------------------------------------------------------------------------------------------------------

def attributions(doc, gold):
    """PolNeAR's spans to tags and links.  They don't meet, but that one in seventeen attributions has the source of the one before it
    ("X said ... and called ..."): such a source links to the first of its cues, and decode.py gives it to the others."""
    n = len(doc['tokens'])
    at = owner(len(doc['text']), doc['tokens'])
    role, which = [0] * n, [-1] * n
    for k, a in sorted(enumerate(gold), key=lambda x: -min([b for b, _ in x[1]['cue']], default=0)):
        for r, name in ((3, 'content'), (1, 'source'), (2, 'cue')):
            for b, e in a[name]:
                for i in set(at[b:e]) - {-1}:
                    role[i], which[i] = r, k
    doc['tag'] = [0] * n
    first = {}
    for i in range(n):
        if role[i]:
            inside = i > 0 and role[i - 1] == role[i] and which[i - 1] == which[i]
            doc['tag'][i] = 2 * role[i] - 1 + inside
            if role[i] == 2:
                first.setdefault(which[i], i)
    doc['link'] = [first.get(which[i], UNKNOWN) if role[i] else UNKNOWN for i in range(n)]
    doc['attributions'] = gold
    return doc


def polnear(path, pieces):
    return [attributions(document(d['id'], d['text'], pieces), d['attributions']) for d in jsonl(path)]


# -- syntax ---------------------------------------------------------------------------------------------------------------

def conllu(path, pieces, entities=False):
    """Universal Dependencies, each file's documents rebuilt as running text (a blank line between paragraphs)."""
    docs, sentences, new_paragraph = [], [], True
    rows, text, name, license = [], '', '', ''

    def close():
        if sentences:
            docs.append(_join(name, sentences, pieces, entities, license))
        sentences.clear()

    for line in open(path, encoding='utf-8'):
        line = line.rstrip('\n')
        if line.startswith('# license'):
            close()
            license = line.split('=', 1)[1].strip()
        elif line.startswith('# newdoc'):
            close()
            name, new_paragraph = line.split('=')[-1].strip(), True
        elif line.startswith('# newpar'):
            new_paragraph = True
        elif line.startswith('# text ='):
            text = line[8:].strip()
        elif line and line[0] != '#':
            rows.append(line.split('\t'))
        elif not line and rows:
            sentences.append((text, rows, new_paragraph))
            rows, new_paragraph = [], False
    close()
    return docs


def _join(name, sentences, pieces, entities, license):
    text, base = '', []
    for s, _, paragraph in sentences:
        text += ('\n' if paragraph else ' ') * bool(text)
        base.append(len(text))
        text += s
    doc = document(name, text, pieces, license=license)
    n, at = len(doc['tokens']), owner(len(text), doc['tokens'])
    doc['upos'], doc['head'], doc['deprel'] = [UNKNOWN] * n, [UNKNOWN] * n, [UNKNOWN] * n
    doc['sentences'] = []
    if entities:
        doc['entity'] = [0] * n
    for start, (s, rows, _) in zip(base, sentences):
        _sentence(doc, at, start, s, rows)
        if entities:
            _gum_entities(doc, rows)
    return doc


def _spans(start, text, rows):
    """word id -> (begin, end); a multi-word token gives its span to its words by their forms where they fit"""
    out, at, skip = {}, 0, {}
    for r in rows:
        if '.' in r[0]:
            continue
        if '-' in r[0]:
            a, b = map(int, r[0].split('-'))
            begin = text.find(r[1], at)
            if begin < 0:
                return None
            skip = {k: (begin, begin + len(r[1])) for k in range(a, b + 1)}
            at = begin + len(r[1])
            cut = begin
            for k in range(a, b + 1):
                form = next(x[1] for x in rows if x[0] == str(k))
                if text.startswith(form, cut) and cut + len(form) <= at:
                    skip[k] = (cut, cut + len(form))
                    cut += len(form)
            continue
        k = int(r[0])
        if k in skip:
            out[k] = (start + skip[k][0], start + skip[k][1])
            continue
        begin = text.find(r[1], at)
        if begin < 0:
            return None
        at = begin + len(r[1])
        out[k] = (start + begin, start + at)
    return out


def _sentence(doc, at, start, text, rows):
    spans = _spans(start, text, rows)
    words = [r for r in rows if r[0].isdigit()]
    if spans is None:
        for r in words:
            r.append(None)
        return
    stand = {}      # word -> its token: the first that starts in it, else the one that covers it
    members = collections.defaultdict(list)
    for i in sorted({at[c] for b, e in spans.values() for c in range(b, e)} - {-1}):
        b = doc['tokens'][i][0]
        w = next((k for k, (x, y) in spans.items() if x <= b < y), None)
        if w is not None:
            members[w].append(i)
            stand.setdefault(w, i)
    for k, (b, e) in spans.items():
        if k not in stand and b < e:
            stand[k] = at[b]
    info = {int(r[0]): r for r in words}
    tokens = sorted(i for m in members.values() for i in m)
    if tokens:
        doc['sentences'].append((tokens[0], tokens[-1] + 1))
    for k, m in members.items():
        upos, rel = INDEX['upos'].get(info[k][3], UNKNOWN), info[k][7]
        head = int(info[k][6])
        while head and stand.get(head) == m[0]:     # the head lies in the same token: take the head's head
            rel, head = info[head][7], int(info[head][6])
        rel = INDEX['deprel'].get(rel, INDEX['deprel'].get(rel.split(':')[0], UNKNOWN))
        doc['upos'][m[0]], doc['deprel'][m[0]] = upos, INDEX['deprel']['root'] if not head else rel
        doc['head'][m[0]] = stand.get(head, UNKNOWN) if head else -1
        for i in m[1:]:
            doc['upos'][i], doc['deprel'][i], doc['head'][i] = upos, INDEX['deprel']['goeswith'], m[0]
    for r in words:
        r.append(members.get(int(r[0])))


# -- names ----------------------------------------------------------------------------------------------------------------

def mark(doc, first, last, kind):
    """set tokens first..last to one name"""
    doc['entity'][first] = INDEX['entity']['B-' + kind]
    for i in range(first + 1, last + 1):
        doc['entity'][i] = INDEX['entity']['I-' + kind]


GUM_KIND = dict(person='PER', organization='ORG', place='LOC', event='MISC', object='MISC', abstract='MISC')


def _gum_entities(doc, rows):
    """GUM marks all noun phrases; names are those whose head is a proper noun.  Only the name itself is kept: the run of proper
    nouns (and what joins them: "of the", "&", numbers) around the head.  The longest of overlapping names stays."""
    words = [r for r in rows if r[0].isdigit()]
    if not words or words[0][-1] is None:
        return
    open_, found = [], []
    for k, r in enumerate(words):
        for part in (x[7:] for x in r[9].split('|') if x.startswith('Entity=')):
            i = 0
            while i < len(part):
                if part[i] == '(':
                    j = i + 1
                    while j < len(part) and part[j] not in '()':
                        j += 1
                    f = part[i + 1:j].split('-')
                    open_.append((f[0], f[1] if len(f) > 1 else '', k))
                    if j < len(part) and part[j] == ')':
                        g, kind, b = open_.pop()
                        found.append((kind, b, k))
                        j += 1
                    i = j
                else:
                    j = i
                    while j < len(part) and part[j] not in '()':
                        j += 1
                    g = part[i:j]
                    for q in range(len(open_) - 1, -1, -1):
                        if open_[q][0] == g:
                            found.append((open_[q][1], open_[q][2], k))
                            del open_[q]
                            break
                    i = j + 1
    names = []
    for kind, b, e in found:
        kind = GUM_KIND.get(kind)
        inside = {words[k][0]: k for k in range(b, e + 1)}
        heads = [k for k in range(b, e + 1) if words[k][6] not in inside]
        if not kind or not heads:
            continue
        h = heads[0]
        if words[h][3] != 'PROPN':       # "student Ahmed Mohamed", "spokesman Fuad Basya"
            flat = [k for k in range(h + 1, e + 1) if words[k][6] == words[h][0] and words[k][7] in ('flat', 'appos') and words[k][3] == 'PROPN']
            if kind != 'PER' or not flat:
                continue
            h = flat[0]
        x, y = _around(words, h, b, e, kind)
        names.append((kind, x, y))
    taken = set()
    for kind, x, y in sorted(names, key=lambda n: n[1] - n[2]):
        tokens = [i for k in range(x, y + 1) for i in words[k][-1] or []]
        if tokens and not taken & set(range(x, y + 1)):
            taken |= set(range(x, y + 1))
            if kind == 'PER' and words[y][4] == 'NNPS':
                kind = 'NORP'
            mark(doc, min(tokens), max(tokens), kind)
    for r in words:      # nationalities, faiths, parties as adjectives
        if r[3] == 'ADJ' and r[1][:1].isupper() and r[4].startswith('JJ') and (r[1].endswith(DEMONYM)) and r[-1]:
            if all(doc['entity'][i] == 0 for i in r[-1]):
                mark(doc, r[-1][0], r[-1][-1], 'NORP')


TITLES = set("mr mrs ms dr sir lady lord president minister senator sen rep king queen prince princess general gen colonel col captain major lieutenant "
             "sergeant chairman governor gov mayor professor prof judge justice ambassador secretary chancellor ayatollah imam pope saint".split())


def _around(words, h, b, e, kind):
    """the name around the proper noun h, within words b..e -> (first, last)"""
    def named(k):
        return words[k][3] == 'PROPN' or (k > 0 and words[k][1][:1].isupper() and words[k][3] in ('ADJ', 'NOUN', 'NUM', 'VERB'))
    x = y = h
    while x > b and named(x - 1):
        x -= 1
    while y < e:
        if named(y + 1) or (words[y + 1][3] == 'NUM' and kind == 'MISC'):
            y += 1
            continue
        z = y + 1        # "University of the Arts", "Department for Work and Pensions"
        while z < e and words[z][1].lower() in ('of', 'the', 'for', 'and', '&', '-'):
            z += 1
        if z > y + 1 and words[z][3] == 'PROPN' and words[y + 1][1] in ('of', '-', '&', 'for') and kind != 'PER':
            y = z
            continue
        break
    if kind == 'PER':       # titles are not part of names
        for k in range(y, x - 1, -1):
            if words[k][1].lower().rstrip('.') in TITLES and k < y:
                x = k + 1
                break
    while x < y and words[x][1].lower() in ('the', 'a'):
        x += 1
    return x, y


DEMONYM = ('ian', 'ean', 'can', 'ese', 'ish', 'nch', 'ch', 'iss', 'aqi', 'ani', 'eli', 'emi', 'ari', 'uti', 'man', 'eek', 'ai', 'iot', 'ulu', 'ic', 'ist', 'tan', 'ban', 'Slavic', 'Arab')


def spans(doc, found):
    """found: [(begin, end, kind)] in characters; the longest win -> entity targets"""
    at = owner(len(doc['text']), doc['tokens'])
    doc['entity'] = [0] * len(doc['tokens'])
    for b, e, kind in sorted(found, key=lambda x: x[0] - x[1]):
        i = [t for t in at[b:e] if t >= 0]
        if i and all(doc['entity'][t] == 0 for t in range(min(i), max(i) + 1)):
            mark(doc, min(i), max(i), kind)
    return doc
