"""The app host: every form of Jeeves, and the jeeves command."""
