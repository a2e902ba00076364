//! Captures, readings and decisions of a case, kept for ever: SQLite by default.
