"""Streets from OpenStreetMap, GeoJSON and CSV, and back."""
