"""Was it fair: who overtook whom, from the event log and in rehearsals."""
