"""What reaches people, and what may happen: stimuli, pictures, interventions and their effects."""
