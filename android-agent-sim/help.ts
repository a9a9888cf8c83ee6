export const HELP = `agent-sim: simulates Android phones that send text messages, or is a real one.
Registers with a gateway, leases messages, asks before it sends each one, and reports the results.

Usage: npm run agent-sim -- [options]

The server and the phones
  --url URL                 the gateway, with its path prefix if any   (http://127.0.0.1:8000)
  --secret TEXT             registration secret                        (AGENT_REGISTRATION_SECRET)
  --tenant SLUG             the tenant that owns the phones            (the server's default)
  --device PREFIX           device ids are PREFIX-1, PREFIX-2, ...     (sim)
  --phones N                how many phones                            (1)
  --sims N                  SIM cards per phone; each sends one text at a time (1)
  --token TOKEN             an existing agent token instead of registering; one phone
  --limit N                 messages per lease, 1 to 200               (50)
  --wait SECONDS            long-poll, 0 to 30                         (25)
  --heartbeat SECONDS       between heartbeats                         (30)
  --no-pace                 ignore the server's rate_limit_per_min
  --journal DIR             keep a journal file per phone here         (in memory)

A real phone (README.md says how to set it up)
  --modem NAME              simulated; termux sends for real, on a phone with Termux:API;
                            gammu by a USB stick                       (simulated)
  --device NAME             the phone's id, which no other phone has; --sims says how many cards are in it
  --journal DIR             (~/.agent-journal)
  --gammu-config FILE       gammu's configuration                      (~/.gammurc)
  --send-timeout SECONDS    how long a text may take to be handed over (30)
  --inbox-every SECONDS     how often it looks for received texts      (10)
  --old-texts               at its first start, upload the texts that it has already

What happens to the simulated texts (MS is 300 or 200-800; RATE is a share from 0 to 1)
  --latency MS              how long the radio takes per text          (200-800)
  --failure RATE            share of texts the radio fails to send     (0)
  --delivery RATE           share of sent texts with a delivery report (1)
  --delivery-latency MS     time until the delivery report comes       (500-2000)
  --inbound RATE            share of delivered texts that are answered (0)
  --inbound-text TEXT       the answer                                 (OK)
  --seed N                  the same seed gives the same random events (1)

What goes wrong
  --crash RATE              share of sends after which the app crashes and keeps only its journal (0)
  --crash-seconds SECONDS   time until the app restarts                (5)
  --offline RATE            share of sends after which the network is lost (0)
  --offline-seconds SECONDS time until the network is back             (10)
  --dishonest               send without asking: ASSIGNED straight to SENT

When to stop and what to show
  --duration SECONDS        stop after this time
  --until N                 stop when N messages have reached a final status
  --json                    one JSON line per event on stdout
  --quiet                   print only errors
  -h, --help                this text

Ctrl-C sends the remaining reports within a few seconds and exits; a second Ctrl-C exits at once.
Exit status: 0 success; 1 the server refuses the registration or the token; 2 a mistake in the options.

Examples
  npm run agent-sim -- --url http://127.0.0.1:8000/sms --secret s3cret-s3cret
  npm run agent-sim -- --phones 20 --latency 50-150 --failure 0.02 --delivery 0.9 --no-pace
  npm run agent-sim -- --crash 0.05 --crash-seconds 3 --offline 0.05 --journal ./journals --seed 7
  npm run agent-sim -- --until 100 --json > events.jsonl
  node main.js --modem termux --device anna-1 --url https://sms.example.com --secret s3cret-s3cret
`;
