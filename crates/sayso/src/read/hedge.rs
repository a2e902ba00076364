//! Words that weaken a statement, and whose they are.
