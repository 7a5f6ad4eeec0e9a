"""What a person wrote in a message, apart from what their mail program quoted and signed."""
