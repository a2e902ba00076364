//! The last few things that were made, so that the next request need not make them again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// Things by what they were made of; the oldest give way.
pub(super) struct Kept<K, V> {
    made: Mutex<VecDeque<(K, Arc<V>)>>,
    most: usize,
}

impl<K: PartialEq, V> Kept<K, V> {
    pub(super) const fn new(most: usize) -> Self {
        Self { made: Mutex::new(VecDeque::new()), most }
    }

    /// The thing for a key. Two who ask at once may both make it.
    pub(super) fn get(&self, key: K, make: impl FnOnce() -> V) -> Arc<V> {
        let lock = || self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = lock().iter().find(|(known, _)| *known == key) {
            return known.clone();
        }
        let made = Arc::new(make());
        let mut all = lock();
        if all.len() >= self.most {
            all.pop_front();
        }
        all.push_back((key, made.clone()));
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_made_once_and_the_oldest_goes() {
        let kept = Kept::new(2);
        assert_eq!(*kept.get(1, || "a"), "a");
        assert_eq!(*kept.get(1, || "b"), "a");
        kept.get(2, || "c");
        kept.get(3, || "d");
        assert_eq!(*kept.get(1, || "e"), "e");
    }
}
