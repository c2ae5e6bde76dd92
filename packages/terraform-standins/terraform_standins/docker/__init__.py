"""The stand-in for kreuzwerker/docker 4.5.0."""
