"""Checks of synthesized stacks and of Containerfiles by checkov, with the places of findings."""
