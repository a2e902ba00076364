"""From data to weights: ``python -m training.make --data DIR --small DIR --large DIR --out models``.

Stages, each kept in --work and skipped where its result is there already: silver names, teacher, its opinion, student, constants and
confidence, export.  With --teacher-minutes / --student-minutes instead of steps a run takes a known time, but gives other weights each time.
"""
import argparse
import dataclasses
import json
import os
import pickle

import torch

from . import calibrate, corpora, evaluate, export, fixtures, predict, score, silver, student, teacher
from .decode import Constants
from .model import ALL, ATTRIBUTION, MiniLM, Model, MPNet
from .text import WordPiece

HELD_OUT = 21       # every 21st PolNeAR article stays out of training: constants and confidence are fitted on those
SHARES = dict(attribution=.62, news=.13, syntax=.25)


def held_out(i):
    return i % HELD_OUT == 5


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--data', required=True, help='folder with attribution/, incidents/, events/, syntax/')
    p.add_argument('--small', required=True, help='folder of all-MiniLM-L6-v2')
    p.add_argument('--large', help='folder of all-mpnet-base-v2; without it there is no teacher')
    p.add_argument('--out', default='models')
    p.add_argument('--work', default='training/work', help='checkpoints and what lies between the stages')
    p.add_argument('--names', default='en_core_web_md', help='spaCy pipeline for silver names; "" for none')
    p.add_argument('--teacher-steps', type=int, default=1200, help='of 8 windows; 400 go once through PolNeAR')
    p.add_argument('--student-steps', type=int, default=3000)
    p.add_argument('--teacher-minutes', type=float)
    p.add_argument('--student-minutes', type=float)
    p.add_argument('--without-polnear', action='store_true', help='weights that owe nothing to PolNeAR; their attribution heads know nothing unless --attributions names other articles')
    p.add_argument('--attributions', help='JSON lines like attribution/polnear-train.jsonl, instead of it')
    p.add_argument('--opinion-minutes', type=float, help='how long the teacher may read')
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--version', default='0.1.0')
    return p.parse_args()


def say(*x):
    print(*x, flush=True)


def main():
    a = arguments()
    torch.set_num_threads(1)        # the workers of train.fit are forked: no threads before
    os.makedirs(a.work, exist_ok=True)
    at = lambda name: os.path.join(a.work, name)
    vocabulary = os.path.join(a.small, 'vocab.txt')
    pieces = WordPiece(vocabulary)

    if a.names and not os.path.exists(at('silver.jsonl')):
        silver.mark(student.texts(a.data), a.names, at('silver.jsonl'))
    data = student.load(a.data, pieces, at('silver.jsonl'), held_out, [] if a.without_polnear else a.attributions)

    opinion = None
    if a.large and data['attribution']:
        if not os.path.exists(at('teacher.pt')):
            teacher.train(os.path.join(a.large, 'model.safetensors'), data['attribution'], pieces, at('teacher.pt'),
                          a.teacher_minutes, a.teacher_steps, seed=a.seed, log=say)
        if not os.path.exists(at('opinion.pkl')):
            opinion = student.ask(at('teacher.pt'), data['attribution'] + data['news'], pieces, minutes=a.opinion_minutes)
            pickle.dump(opinion, open(at('opinion.pkl'), 'wb'))
        opinion = opinion or pickle.load(open(at('opinion.pkl'), 'rb'))

    if not os.path.exists(at('student.pt')):
        student.train(os.path.join(a.small, 'model.safetensors'), data, pieces, at('student.pt'), SHARES, a.student_minutes, a.student_steps,
                      opinion=opinion, seed=a.seed, log=say, ema=.995)
    model = Model(MiniLM(), ALL)
    model.load_state_dict(torch.load(at('student.pt'), map_location='cpu'))
    if not data['attribution']:
        return export.write(model.eval(), a.out, vocabulary, a.version, dataclasses.asdict(Constants()))
    finish(model.eval(), a.data, a.out, pieces, vocabulary, a.version, at)


def finish(model, data, out, pieces, vocabulary, version, at):
    """Constants and confidence on the held-out articles, figures on dev, as served (int8); all files but the card."""
    export.float_graph(model, at('full.onnx'))
    export.quantise(at('full.onnx'), at('int8.onnx'))
    p = lambda name: os.path.join(data, 'attribution', name)
    kept = [d for i, d in enumerate(corpora.polnear(p('polnear-train.jsonl'), pieces)) if held_out(i)]
    dev = corpora.polnear(p('polnear-dev.jsonl'), pieces)
    forward = export.Runner(at('int8.onnx'))
    prepared = {k: evaluate.prepare(model, docs, pieces, forward) for k, docs in (('kept', kept), ('dev', dev))}
    constants, weights = evaluate.tune((kept, prepared['kept']), (dev, prepared['dev']), log=say)
    say(constants, weights)
    for k, docs in (('kept', kept), ('dev', dev)):
        say(k, 'int8', score.line(evaluate.figures(docs, prepared[k], constants, weights)))
    x, y = calibrate.cases(dev, evaluate.predict(dev, prepared['dev'], dataclasses.replace(constants, least_confidence=0.)))
    say('confidence on dev: calibration error, table, Brier score', calibrate.reliability(x, y, weights))
    export.write(model, out, vocabulary, version, dict(dataclasses.asdict(constants), confidence=calibrate.describe(weights)))
    fixtures.write(model, pieces, at('int8.onnx'), os.path.join(out, 'fixtures', 'golden.jsonl'), constants, weights)
    export.checksums(out)


if __name__ == '__main__':
    main()
