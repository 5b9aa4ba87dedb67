"""Opening, closing and deciding for a service day."""
