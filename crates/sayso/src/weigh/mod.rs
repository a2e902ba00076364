//! Readings and decisions of a case to claims, origins, disputes and status.
//!
//! In: readings + decisions (+ as of when). Out: a weighing. A pure function.
