"""The simulated Uplynk: its state and rules, its signed HTTP face, faults on demand."""
