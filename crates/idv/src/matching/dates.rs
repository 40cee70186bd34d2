//! Dates of birth.

use super::likeness::Likeness;

/// Compares two days, each as ISO 8601 writes it, or empty.
pub(super) fn compare(one: &str, other: &str) -> Likeness {
    let (Some(one), Some(other)) = (parts(one), parts(other)) else { return Likeness::Unknown };
    let same = one.iter().zip(other).filter(|(one, other)| **one == *other).count();
    let is_swapped = one[0] == other[0] && one[1] == other[2] && one[2] == other[1];
    match same {
        3 => Likeness::Match,
        2 => Likeness::Partial,
        _ if is_swapped => Likeness::Partial,
        _ => Likeness::Mismatch,
    }
}

/// Year, month and day.
fn parts(day: &str) -> Option<[&str; 3]> {
    let mut parts = day.splitn(3, '-');
    Some([parts.next()?, parts.next()?, parts.next()?])
}
