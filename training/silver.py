"""Names marked by a spaCy pipeline (MIT licence), for text that people have not marked.  Its labels are noisy: they add coverage."""
import json

KIND = dict(PERSON='PER', ORG='ORG', GPE='LOC', LOC='LOC', FAC='LOC', NORP='NORP', EVENT='MISC', PRODUCT='MISC', WORK_OF_ART='MISC', LAW='MISC', LANGUAGE='NORP')


def mark(texts, package, out):
    """texts: [(id, text)]; package: the folder or name of the pipeline -> JSONL of {"id", "names": [[b, e, kind]]}"""
    import spacy
    nlp = spacy.load(package, disable=['parser', 'tagger', 'lemmatizer', 'attribute_ruler', 'senter'])
    with open(out, 'w', encoding='utf-8') as f:
        for (id, text), doc in zip(texts, nlp.pipe((t for _, t in texts), batch_size=16)):
            names = []
            for x in doc.ents:
                b, e = x.start_char, x.end_char
                for lead in ('the ', 'The ', 'THE '):
                    if text.startswith(lead, b) and x.label_ != 'WORK_OF_ART':
                        b += len(lead)
                for tail in ('’s', "'s", '’', "'"):
                    if text[b:e].endswith(tail):
                        e -= len(tail)
                        break
                if x.label_ in KIND and b < e and '\n' not in text[b:e]:
                    names.append([b, e, KIND[x.label_]])
            f.write(json.dumps(dict(id=id, names=names)) + '\n')
