//! Killed, wounded, missing, captured, displaced, lost: numbers, of whom, by whose count.
