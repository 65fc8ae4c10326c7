"""The demo: Ishøj in the spring of 2021 with invented people, taken through the real weekly cycle.

Nothing here writes a result. It makes citizens, files and a hidden intention for each listed citizen; lists,
plans, calls and figures come out of the same services that the pages use.
"""
