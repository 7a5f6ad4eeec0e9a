"""Finding everything of one network that its members may see."""
