"""How a network's people part: what owners decide about its closing, what members are told, and taking it back."""
