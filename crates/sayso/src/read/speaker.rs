//! To which actor each statement is attributed.
