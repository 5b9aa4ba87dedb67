"""Who may come: the member list and the cards."""
