"""The live page: a web server for one's own machine, and the catalogue as a static site.

app.py has the routes, guard.py what a request must be, pool.py the processes in which work is done, and tasks/ the
work, a file for each kind.
"""
