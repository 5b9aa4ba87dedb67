"""From words to paper: tickets, their queue, printers and agents."""
