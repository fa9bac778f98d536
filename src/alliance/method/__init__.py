"""How the evidence is made up."""
