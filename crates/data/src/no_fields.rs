//! Variants of settings that have no fields of their own.

use serde::{Deserialize, Deserializer};

/// For `deserialize_with` of the unit variants of a tagged enum: there serde passes over unknown fields, which it refuses
/// in the other variants.
///
/// # Errors
/// Names the field.
pub fn no_fields<'de, D: Deserializer<'de>>(variant: D) -> Result<(), D::Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct NoFields {}
    NoFields::deserialize(variant).map(|NoFields {}| ())
}
