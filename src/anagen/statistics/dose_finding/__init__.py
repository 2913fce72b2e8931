"""Dose finding by MCP-Mod: is there a dose-response, which shape has it, and which dose gives the wanted effect?"""
