//! Through whom the words came: the links from the outlet back to the speaker.
