"""Pure algorithms: plain values in, a plan out, no Django, no clock, no input or output.

Every family has the same shape: ``problem.py`` says what is asked and answered, ``solve.py`` answers,
``check.py`` is a witness that shares no code with the solver and is run on every plan before it is saved,
``improve.py`` spends a budget and ``bound.py`` says what no plan can beat, where one is known.

``solve(problem, budget=…, seed=…)`` gives the same plan for the same arguments. A budget is therefore not
measured on a clock: it is so many seconds of a reference machine, spent as a fixed number of attempts.
"""
