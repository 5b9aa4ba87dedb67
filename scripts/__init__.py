"""Tools of the house: building, checking and looking at Riwaq. Nothing here is installed or imported by it."""
