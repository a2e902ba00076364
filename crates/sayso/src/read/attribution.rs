//! Who said what: source, cue and content spans, decoded from the heads.
