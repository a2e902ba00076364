//! Sentences about checking: who checked what, how, with what outcome.
