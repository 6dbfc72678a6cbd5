import { Argument, Command, InvalidArgumentError } from 'commander'

import { benchBooking } from './booking/booking.ts'
import { benchCatalogue } from './catalogue/catalogue.ts'
import { benchDraws } from './draws/draws.ts'
import { benchEndurance } from './endurance/endurance.ts'
import { benchHl7 } from './hl7/hl7.ts'
import { benchIsolation } from './isolation/isolation.ts'
import { benchBalances } from './ledger/balances.ts'
import { benchLedger } from './ledger/ledger.ts'
import { benchLoans } from './loans/loans.ts'
import { benchMapping } from './mapping/mapping.ts'
import { benchNotices } from './notices/notices.ts'
import { benchPayments } from './payments/payments.ts'
import { benchPersons } from './persons/persons.ts'
import { benchQueue } from './queue/queue.ts'
import { benchQuotes } from './quotes/quotes.ts'
import { benchReconciliation } from './reconciliation/reconciliation.ts'
import { type BenchResult, formatResult } from './result.ts'
import { benchRouting } from './routing/routing.ts'
import { benchSealing } from './sealing/sealing.ts'
import { benchStatements } from './statements/statements.ts'

type Options = { seconds: number; concurrency: number; rounds: number; rows?: number }
type Given = Partial<Options> & { json?: boolean }

/** What each measures, and for how long unless told otherwise. */
const BENCHES: Record<string, Options & { run: (options: Options) => Promise<BenchResult> }> = {
  payments: { run: benchPayments, seconds: 10, concurrency: 8, rounds: 3 },
  routing: { run: benchRouting, seconds: 10, concurrency: 1, rounds: 3 },
  notices: { run: benchNotices, seconds: 4, concurrency: 8, rounds: 3 },
  quotes: { run: benchQuotes, seconds: 4, concurrency: 4, rounds: 3 },
  booking: { run: benchBooking, seconds: 2, concurrency: 1, rounds: 3, rows: 10_000 },
  queue: { run: benchQueue, seconds: 1, concurrency: 1, rounds: 3 },
  catalogue: { run: benchCatalogue, seconds: 3, concurrency: 1, rounds: 3 },
  ledger: { run: benchLedger, seconds: 5, concurrency: 2, rounds: 3 },
  balances: { run: benchBalances, seconds: 1, concurrency: 1, rounds: 1, rows: 10_000_000 },
  loans: { run: benchLoans, seconds: 1, concurrency: 1, rounds: 2, rows: 1_000_000 },
  draws: { run: benchDraws, seconds: 1, concurrency: 1, rounds: 5 },
  persons: { run: benchPersons, seconds: 1, concurrency: 1, rounds: 3, rows: 200_000 },
  sealing: { run: benchSealing, seconds: 1, concurrency: 1, rounds: 3, rows: 500_000 },
  reconciliation: {
    run: benchReconciliation,
    seconds: 1,
    concurrency: 1,
    rounds: 3,
    rows: 1_000_000,
  },
  endurance: { run: benchEndurance, seconds: 1_800, concurrency: 4, rounds: 1 },
  statements: { run: benchStatements, seconds: 1, concurrency: 1, rounds: 3 },
  mapping: { run: benchMapping, seconds: 1, concurrency: 1, rounds: 3 },
  hl7: { run: benchHl7, seconds: 4, concurrency: 32, rounds: 3 },
  isolation: { run: benchIsolation, seconds: 4, concurrency: 4, rounds: 3 },
}

/** `bin/yiqiao bench <name>`: figures of ours beside a limit or a peer, taken in the same run. */
export const benchCommand = (): Command =>
  new Command('bench')
    .description('measure, and print each figure beside a peer taken in the same run / 性能测试')
    .addArgument(new Argument('<name>', 'what to measure').choices(Object.keys(BENCHES)))
    .option('--seconds <n>', 'how long each side works in each round', wholeNumber(1, 7_200))
    .option('--concurrency <n>', 'how many work at once', wholeNumber(1, 64))
    .option('--rounds <n>', 'how often the two sides take turns', wholeNumber(1, 20))
    .option(
      '--rows <n>',
      'booking: how many tries at once; loans: how many instalments are open; sealing, balances: how many entries; reconciliation: how many rows a side',
      wholeNumber(1_000, 10_000_000),
    )
    .option('--json', 'print the figures as JSON')
    .action(async (name: string, { json, ...given }: Given) => {
      const bench = BENCHES[name]
      if (!bench) return
      const { run, ...usual } = bench
      const result = await run({ ...usual, ...given })
      process.stdout.write(`${json ? JSON.stringify(result, null, 2) : formatResult(result)}\n`)
    })

const wholeNumber = (least: number, most: number) => (text: string) => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new InvalidArgumentError(`Not a whole number from ${least} to ${most}.`)
  }
  return value
}
