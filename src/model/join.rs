//! Joins lists that may be large.

/// Adds `more` to `all`. If `all` is empty nothing is copied, so that a large list is not in memory
/// twice.
pub fn join<T>(all: &mut Vec<T>, mut more: Vec<T>) {
    if all.is_empty() {
        *all = more;
    } else {
        all.append(&mut more);
    }
}
