"""What makes the weights in ``models/``.  Start with README.md; ``python -m training.make -h`` runs all of it."""
