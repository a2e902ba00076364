//! What the speaker does: asserts, denies, admits, … , with negation.
