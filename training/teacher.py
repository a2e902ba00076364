"""The teacher: MPNet with the attribution heads, fine-tuned on PolNeAR."""
from .model import ATTRIBUTION, MAX_DISTANCE, Model, MPNet
from .train import Schedule, batches, distances, fit


def build(weights):
    return Model(MPNet(weights), ATTRIBUTION)


def train(weights, docs, pieces, checkpoint, minutes=None, steps=None, size=8, seed=1, log=print):
    def sampler(rng):
        while True:
            yield from batches(docs, pieces, size, rng)
    model = build(weights)
    model.link.distance.weight.data[:, 0] = distances(docs, 'link', MAX_DISTANCE)
    return fit(model, sampler, pieces, Schedule(steps, minutes), 8e-5, 1e-3, checkpoint=checkpoint, log=log, seed=seed)
