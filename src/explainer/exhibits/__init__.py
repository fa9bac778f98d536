"""What an exhibit is: its kit, its columns, its look, and the look-ups that exhibits share."""
