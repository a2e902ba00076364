"""The label sets of the heads.  Order is part of the model: append only."""
TAGS = ['O', 'B-S', 'I-S', 'B-C', 'I-C', 'B-X', 'I-X']   # S source, C cue, X content

LABELS = {
    'tag': TAGS,
    'upos': 'ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X'.split(),
    # relations of Universal Dependencies; 'goeswith' also joins the tokens of one word that TOKEN cuts ("do|n|'|t")
    'deprel': ('root acl acl:relcl advcl advcl:relcl advmod amod appos aux aux:pass case cc cc:preconj ccomp compound compound:prt conj cop csubj '
               'csubj:pass dep det det:predet discourse dislocated expl fixed flat goeswith iobj list mark nmod nmod:desc nmod:poss '
               'nmod:unmarked nsubj nsubj:outer nsubj:pass nummod obj obl obl:agent obl:unmarked orphan parataxis punct reparandum vocative xcomp').split(),
    'entity': ['O'] + [p + t for t in ('PER', 'ORG', 'LOC', 'NORP', 'MISC') for p in ('B-', 'I-')],
}
INDEX = {k: {x: i for i, x in enumerate(v)} for k, v in LABELS.items()}
