//! Footage, photos, documents and other things that the report leans on.
