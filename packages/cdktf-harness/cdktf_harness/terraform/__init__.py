"""Terraform: the program, plans, applies, states, and hints to its errors."""
