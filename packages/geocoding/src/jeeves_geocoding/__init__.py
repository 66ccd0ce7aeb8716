"""Which place a person means: see the package's README."""

from jeeves_geocoding.asked import Asked, parse
from jeeves_geocoding.geocoder import Geocoder, GeocodingError
from jeeves_geocoding.place import Found, Missed, Place

__all__ = ["Asked", "Found", "Geocoder", "GeocodingError", "Missed", "Place", "parse"]
