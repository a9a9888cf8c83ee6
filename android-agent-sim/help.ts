export const HELP = `agent-sim: Android phones that send text messages, without the phones.
Registers with a gateway, leases messages, asks before it sends, and reports what became of them.

Usage: npm run agent-sim -- [options]

The server and the phones
  --url URL                 the gateway, with its path prefix if any   (http://127.0.0.1:8000)
  --secret TEXT             registration secret                        (AGENT_REGISTRATION_SECRET)
  --tenant SLUG             whose phones these are                     (the server's default)
  --device PREFIX           device ids are PREFIX-1, PREFIX-2, ...     (sim)
  --phones N                how many phones                            (1)
  --sims N                  SIM cards per phone, one text each at once (1)
  --token TOKEN             an existing agent token instead of registering; one phone
  --limit N                 messages per lease, 1 to 200               (50)
  --wait SECONDS            long-poll, 0 to 30                         (25)
  --heartbeat SECONDS       between heartbeats                         (30)
  --no-pace                 ignore the server's rate_limit_per_min
  --journal DIR             keep a journal file per phone here         (in memory)

What happens to the texts (MS is 300 or 200-800; RATE is a share from 0 to 1)
  --latency MS              the radio's time per text                  (200-800)
  --failure RATE            share of texts the radio fails to send     (0)
  --delivery RATE           share of sent texts with a delivery report (1)
  --delivery-latency MS     until the delivery report comes            (500-2000)
  --inbound RATE            share of delivered texts that are answered (0)
  --inbound-text TEXT       the answer                                 (OK)
  --seed N                  the same seed draws the same fates         (1)

What goes wrong
  --crash RATE              after this share of sends the app crashes and loses all but its journal (0)
  --crash-seconds SECONDS   until it is back                           (5)
  --offline RATE            after this share of sends the network is lost (0)
  --offline-seconds SECONDS until it is back                           (10)
  --dishonest               send without asking: ASSIGNED straight to SENT

When to stop, what to show
  --duration SECONDS        stop after this time
  --until N                 stop when N messages have reached their end
  --json                    one JSON line per event on stdout
  --quiet                   nothing but errors
  -h, --help                this text

Ctrl-C finishes the reports within a few seconds and says goodbye; a second one ends at once.
Exit status: 0 a clean end; 1 the server refuses the registration or the token; 2 a mistake in the options.

Examples
  npm run agent-sim -- --url http://127.0.0.1:8000/sms --secret s3cret-s3cret
  npm run agent-sim -- --phones 20 --latency 50-150 --failure 0.02 --delivery 0.9 --no-pace
  npm run agent-sim -- --crash 0.05 --crash-seconds 3 --offline 0.05 --journal ./journals --seed 7
  npm run agent-sim -- --until 100 --json > events.jsonl
`;
