//! Actors: every mention of a person, organisation, armed group, government or outlet, and which are one.
