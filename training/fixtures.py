"""models/fixtures/golden.jsonl: short texts written for this project, with what every stage makes of them."""
import json
import os

import numpy as np
import torch

from . import corpora, evaluate, export
from .decode import FEATURES, confidence, decode
from .predict import run
from .train import collate, example

TEXTS = [
    'The ministry said on Monday that its forces had taken the village of Bereznya, according to the state agency.\n'
    '“We did not leave anyone behind,” said the brigade’s spokesman, Oleh Marchenko. “The bridge is ours.”\n',
    'Governor denies strike on depot\n\nAsked about the fire, Governor Ruth Okafor told Channel 9 she "saw no missile", adding that a '
    'short circuit was to blame.\nTwo residents, however, said they had heard an explosion at about 04:30.\n',
    'Q: Who gave the order?\nMbeki: Nobody did. I don\'t know.\nThe court\'s clerk — a 61-year-old ex-teacher — declined to comment; the U.S. embassy '
    'in Nairobi couldn\'t be reached.\n',
    'CAPITAL SHAKEN BY BLAST, POLICE SAY\nEl alcalde Íñigo Núñez wrote on Telegram: «Estamos a salvo». Naïve façades cost €3.5bn, the café owner joked. '
    'The file name was sabotage_unit_07.txt, and 東京 was written on the box ½ full.\n',
    'Reuters cited a diplomat as saying the talks "could resume" next week. It was reported that Moscow had not been told. '
    '"There will be no deal," he warned.\n\nThe claim could not be independently verified.\n',
]


def write(model, pieces, int8_graph, path, constants, weights=None):
    """int8_graph: the ONNX file that the shipped one was made from.  One JSON object a text:

    tokens [[b, e]] in code points; feat, pieces one a token; window: ids and feat of its only window, [CLS] and [SEP] counted;
    positions; out: all columns there, in 32-bit floats; out_int8: the same, as the quantised graph gives in ONNX Runtime (another runtime
    rounds in another order: expect agreement to about 0.1, and the same best labels nearly always);
    attributions: decoded from the quantised graph, as token ranges, with their confidence and its features.
    """
    forward = export.Runner(int8_graph)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8') as f:
        for k, text in enumerate(TEXTS):
            doc = corpora.document('golden-%d' % (k + 1), text, pieces)
            x = example(doc, 0, len(doc['tokens']), pieces)
            b = collate([x], 'cpu')
            n = len(x['ids'])
            with torch.no_grad():
                full = model(b['ids'][:, :n], b['feat'][:, :n])[0].numpy()
            small = forward(b['ids'], b['feat'], b['mask'])[0]
            at = [0, 1, n // 2, n - 1]
            got = run(model, [doc], pieces, forward)[0]
            args = evaluate.inputs(doc, got, evaluate.bias(model), model.link.scale)
            found = decode(*args, constants, weights)
            rounded = lambda a: [[round(float(v), 4) for v in r] for r in a]
            f.write(json.dumps(dict(
                id=doc['id'], text=text, tokens=doc['tokens'], pieces=doc['pieces'], feat=doc['feat'], window=dict(ids=x['ids'], feat=x['feat']),
                positions=at, out=rounded(full[at]), out_int8=rounded(small[at]), best_tags=[int(i) for i in got.parts['tag'].argmax(1)],
                attributions=[dict(cue=a.cue, source=a.source, content=a.content, shared=a.shared, features=[round(v, 4) for v in a.features],
                                   **(dict(confidence=round(confidence(a.features, weights), 4)) if weights else {})) for a in found]),
                ensure_ascii=False, separators=(',', ':')) + '\n')
