//! Places: names in the text resolved to GeoNames ids and coordinates.
