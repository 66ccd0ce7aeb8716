"""The weather as Open-Meteo tells it."""
