"""From data to weights: ``python -m training.make --data DIR --small DIR --large DIR --out models``.

Stages, each kept in --work and skipped where its result is there: silver names, teacher, its opinion, student, constants and confidence, export.
"""
