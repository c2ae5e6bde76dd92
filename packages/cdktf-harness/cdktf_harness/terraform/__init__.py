"""The program, its plans and applies, the CDKTF command line that runs it, and its errors explained."""
