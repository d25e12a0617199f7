"""How fast the bot is, as ratios against what its libraries can do by themselves.

``python -m bench`` starts the real bot and, beside it, *floors* built from the bare libraries,
measures them in turns (A B A B …) in one run, and prints a row for each goal: the bot's median and
99th percentile, the floor's, their ratio, the goal, and OK or MISSED. Absolute times depend on the
machine and on what else runs there; the ratios hold. It takes about two minutes, and its exit
status is 0 unless something could not be run at all. ``--soak MINUTES`` runs the soak alone,
``--only WORD`` the parts whose name holds the word.

The floors, each a process of its own with a simulated Slack and Uplynk of its own:

* *inline* (``floor_inline``): Bolt with ``process_before_response`` on waitress, the rest handed
  to a thread pool, ``slack_sdk``'s client over one urllib3 pool, one ``requests.Session``, one
  row of SQLite (WAL, ``synchronous=FULL``) before the acknowledgement, one GET, one PATCH.
* *bare commits* (``bare_commits``, in the process that measures): an INSERT of a record's text and
  its commit by the driver alone, ``sqlite3`` (WAL, ``synchronous=FULL``, ``BEGIN IMMEDIATE``) or
  ``psycopg`` on a real server with ``fsync``; a connection for each thread.
* *as it comes* (``floor_stock``): ``app.start()`` and the client that Bolt hands out.
* *the script* (``floor_script``): a fresh Python process that signs and sends one PATCH, as the
  vendor's sample does.

What is measured:

* Slash command → 200, and → ``views.open`` arrived, while Uplynk keeps its answers back (5 s, or
  until the samples are taken).
* Submitted form and typed ``now`` → PATCH arrived. The person is granted by user ID, so that both
  sides make the same calls; the row "granted by user group" has the live look-up on top and no
  goal. The floor starts at the same Slack request as the bot; the row "against the libraries
  without Bolt" has the same numbers over Session + GET + row + PATCH alone, and no goal.
* Record and outbox: every call to the store for one change until both its messages are out, on
  SQLite and on PostgreSQL, against as many bare commits as it makes; one at a time, and in eight
  threads. A change reads and updates besides, so only the row "one durable row" has a goal: what
  SQLAlchemy Core costs by itself.
* Commands a second, 32 at once on open connections: ``help``, and ``list`` and ``status`` from
  memory, against a listener that acknowledges with one line.
* Every acknowledgement while 50 changes hang in Uplynk: the slowest one counts.
* Connections opened per request, counted by the simulated servers after a warm-up.
* From process start to the first answered command; resident memory at rest.
* 10,000 groups: a list, a filter, a status, and type-ahead from memory; ``status GROUP`` contains
  one GET.
* Soak: 20 commands a second of every kind with 1 % faults in Slack and Uplynk; slopes of resident
  memory, threads and descriptors over the second half of the operations, per 1,000 of them.

How: one asyncio loop plays Slack's side that sends, Slack's Web API and Uplynk (``world``), so that
each latency is taken between two events in one process, on one clock. Connections to the bot stay
open, as a proxy's do. Everything is plain HTTP on 127.0.0.1: TLS would add the same to both sides
of a ratio, and to Bolt as it comes more than to the others.
"""
