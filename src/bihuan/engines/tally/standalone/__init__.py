"""The one-file verifier that readers download with a bundle. It imports nothing of this package."""
