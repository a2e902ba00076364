"""Two encoders with the same inputs and heads: MiniLM (6 x 384) is shipped, MPNet (12 x 768) teaches it.

Shapes: B windows, L pieces a window, D encoder width, C columns of all heads together (see Heads.slices).
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from .labels import LABELS, TAGS
from .text import FEATURES

KEY = 128            # width of the link and arc vectors
MAX_DISTANCE = 160   # pieces; farther apart counts as this


class Layer(nn.Module):
    """Post-norm transformer layer, as in BERT.  Plain matmul + softmax: on CPU faster than the fused attention."""

    def __init__(self, width, heads, inner, eps):
        super().__init__()
        self.heads, self.scale = heads, (width // heads) ** -.5
        self.qkv, self.o = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)
        self.norm1, self.norm2 = nn.LayerNorm(width, eps=eps), nn.LayerNorm(width, eps=eps)

    def forward(self, x, bias):
        """x [B, L, D]; bias [1 or B, 1 or heads, L, L] added to the attention scores, or None"""
        B, L, D = x.shape
        q, k, v = self.qkv(x).view(B, L, 3, self.heads, D // self.heads).permute(2, 0, 3, 1, 4)
        w = torch.matmul(q * self.scale, k.transpose(-1, -2))
        if bias is not None:
            w = w + bias
        a = torch.matmul(w.softmax(-1).to(v.dtype), v).transpose(1, 2).reshape(B, L, D)
        x = self.norm1(x + self.o(a))
        return self.norm2(x + self.down(F.gelu(self.up(x))))


class Encoder(nn.Module):
    """Embeddings (piece + position + feature) and layers.  The feature table starts at zero.

    The first `frozen` layers stay as pre-trained and do no backward pass; the features then enter above them.
    """
    vocab, positions, offset, eps, frozen = 30522, 512, 0, 1e-12, 0

    def __init__(self, layers, width, dropout=.1):
        super().__init__()
        self.width = width
        self.piece = nn.Embedding(self.vocab, width)
        self.position = nn.Embedding(self.positions, width)
        self.feature = nn.Embedding(FEATURES, width)
        nn.init.zeros_(self.feature.weight)
        self.norm, self.drop = nn.LayerNorm(width, eps=self.eps), nn.Dropout(dropout)
        self.layers = nn.ModuleList([Layer(width, 12, 4 * width, self.eps) for _ in range(layers)])

    def relation(self, length):
        """attention bias of a layer that all share, or None"""
        return None

    def forward(self, ids, feat, mask=None, first=None):
        """ids, feat [B, L] integers; mask [B, L] True where there is a piece; first is for encoders that read tokens.  -> [B, L, D]"""
        L = ids.shape[1]
        x = self.piece(ids) + self.position.weight[self.offset:self.offset + L]
        if not self.frozen:
            x = x + self.feature(feat)
        x = self.drop(self.norm(x))
        bias = self.relation(L)
        if mask is not None:
            pad = (~mask[:, None, None, :]).to(x.dtype) * -1e4
            bias = pad if bias is None else bias + pad
        if torch.is_autocast_enabled(x.device.type):
            x = x.bfloat16()
            bias = None if bias is None else bias.bfloat16()
        for i, layer in enumerate(self.layers):
            if i < self.frozen:
                with torch.no_grad():
                    x = layer(x, bias)
                if i == self.frozen - 1:
                    x = x.detach() + self.feature(feat).to(x.dtype)
            else:
                x = layer(x, bias)
        return x

    def freeze(self):
        """what the frozen layers have, and the piece embeddings, no longer learns"""
        still = [self.piece] + ([self.position, self.norm, *self.layers[:self.frozen]] if self.frozen else [])
        for m in still:
            m.requires_grad_(False)

    def load_layers(self, w, names):
        for i, layer in enumerate(self.layers):
            for p in ('weight', 'bias'):
                get = lambda name: w['encoder.layer.%d.%s.%s' % (i, name, p)]
                getattr(layer.qkv, p).data.copy_(torch.cat([get(n) for n in names['qkv']]))
                for part in ('o', 'norm1', 'up', 'down', 'norm2'):
                    getattr(getattr(layer, part), p).data.copy_(get(names[part]))


class MiniLM(Encoder):
    """The small encoder: all-MiniLM-L6-v2."""

    def __init__(self, weights=None, dropout=.1):
        super().__init__(6, 384, dropout)
        if weights:
            from safetensors.torch import load_file
            w = load_file(weights)
            self.piece.weight.data.copy_(w['embeddings.word_embeddings.weight'])
            self.position.weight.data.copy_(w['embeddings.position_embeddings.weight'] + w['embeddings.token_type_embeddings.weight'][0])
            self.norm.weight.data.copy_(w['embeddings.LayerNorm.weight'])
            self.norm.bias.data.copy_(w['embeddings.LayerNorm.bias'])
            self.load_layers(w, dict(qkv=['attention.self.query', 'attention.self.key', 'attention.self.value'],
                                     o='attention.output.dense', norm1='attention.output.LayerNorm',
                                     up='intermediate.dense', down='output.dense', norm2='output.LayerNorm'))


class MPNet(Encoder):
    """The large encoder: all-mpnet-base-v2.  Its vocabulary is BERT's moved by 4; `ids` stay BERT's here too."""
    vocab, positions, offset, eps, frozen = 30527, 514, 2, 1e-5, 4

    def __init__(self, weights=None, dropout=.1):
        super().__init__(12, 768, dropout)
        self.relative = nn.Embedding(32, 12)
        self.buckets = {}
        if weights:
            from safetensors.torch import load_file
            w = load_file(weights)
            self.piece.weight.data.copy_(w['embeddings.word_embeddings.weight'])
            self.position.weight.data.copy_(w['embeddings.position_embeddings.weight'])
            self.relative.weight.data.copy_(w['encoder.relative_attention_bias.weight'])
            self.norm.weight.data.copy_(w['embeddings.LayerNorm.weight'])
            self.norm.bias.data.copy_(w['embeddings.LayerNorm.bias'])
            self.load_layers(w, dict(qkv=['attention.attn.q', 'attention.attn.k', 'attention.attn.v'], o='attention.attn.o',
                                     norm1='attention.LayerNorm', up='intermediate.dense', down='output.dense', norm2='output.LayerNorm'))

    def relation(self, length):
        """relative positions in 32 buckets, growing logarithmically up to 128 -> [1, heads, L, L]"""
        b = self.buckets.get(length)
        if b is None:
            i = torch.arange(length)
            n = i[:, None] - i[None]
            back, n = (n < 0).long() * 16, n.abs()
            far = 8 + (torch.log(n.clamp(min=1).float() / 8) / math.log(128 / 8) * 8).long()
            b = self.buckets[length] = (back + torch.where(n < 8, n, far.clamp(max=15))).to(self.relative.weight.device)
        return self.relative(b).permute(2, 0, 1)[None]

    def forward(self, ids, feat, mask=None, first=None):
        ids = torch.where(ids == 101, 0, torch.where(ids == 102, 2, torch.where(ids == 0, 1, ids + 4)))
        return super().forward(ids, feat, mask)


class Pairs(nn.Module):
    """Scores from every piece to every piece: dep_i . head_j / sqrt(key) + bias_j + distance_bias[j - i]."""

    def __init__(self, key=KEY):
        super().__init__()
        self.scale = key ** -.5
        self.distance = nn.Embedding(2 * MAX_DISTANCE + 1, 1)
        nn.init.zeros_(self.distance.weight)

    def forward(self, dep, head, bias):
        """dep, head [B, L, key], bias [B, L, 1] -> [B, L, L], row i scores its targets j"""
        i = torch.arange(dep.shape[1], device=dep.device)
        apart = (i[None] - i[:, None]).clamp(-MAX_DISTANCE, MAX_DISTANCE) + MAX_DISTANCE
        return dep @ head.transpose(1, 2) * self.scale + bias.transpose(1, 2) + self.distance(apart)[..., 0]


ATTRIBUTION = dict(tag=len(TAGS), link_dep=KEY, link_head=KEY, link_bias=1)
ALL = dict(ATTRIBUTION, upos=len(LABELS['upos']), arc_dep=KEY, arc_head=KEY, arc_bias=1, deprel=len(LABELS['deprel']), entity=len(LABELS['entity']))


class Model(nn.Module):
    """Encoder and one linear map to all heads side by side."""

    def __init__(self, encoder, heads=ALL, dropout=.1, key=KEY):
        super().__init__()
        self.encoder, self.drop = encoder, nn.Dropout(dropout)
        self.slices, at = {}, 0
        for name, n in heads.items():
            self.slices[name] = (at, at + n)
            at += n
        self.heads = nn.Linear(encoder.width, at)
        self.link = Pairs(key)
        if 'arc_dep' in heads:
            self.arc = Pairs(key)

    def forward(self, ids, feat, mask=None, first=None):
        """-> [B, L, C]"""
        return self.heads(self.drop(self.encoder(ids, feat, mask, first)))

    def part(self, out, name):
        a, b = self.slices[name]
        return out[..., a:b]

    def pairs(self, out, name):
        """name 'link' or 'arc' -> [B, L, L]"""
        return getattr(self, name)(*(self.part(out, name + x) for x in ('_dep', '_head', '_bias')))
