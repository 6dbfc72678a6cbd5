import { Argument, Command, InvalidArgumentError } from 'commander'

import { benchPayments } from './payments/payments.ts'
import { type BenchResult, formatResult } from './result.ts'
import { benchRouting } from './routing/routing.ts'

type Options = { seconds: number; concurrency: number; rounds: number; json?: boolean }

const BENCHES: Record<string, (options: Options) => Promise<BenchResult>> = {
  payments: benchPayments,
  routing: benchRouting,
}

/** `bin/yiqiao bench <name>`: figures of ours beside a limit or a peer, taken in the same run. */
export const benchCommand = (): Command =>
  new Command('bench')
    .description('measure, and print each figure beside a peer taken in the same run / 性能测试')
    .addArgument(new Argument('<name>', 'what to measure').choices(Object.keys(BENCHES)))
    .option('--seconds <n>', 'how long each side works in each round', wholeNumber(1, 600), 10)
    .option('--concurrency <n>', 'how many work at once', wholeNumber(1, 64), 8)
    .option('--rounds <n>', 'how often the two sides take turns', wholeNumber(1, 20), 3)
    .option('--json', 'print the figures as JSON')
    .action(async (name: string, options: Options) => {
      const result = await BENCHES[name]?.(options)
      if (!result) return
      process.stdout.write(
        `${options.json ? JSON.stringify(result, null, 2) : formatResult(result)}\n`,
      )
    })

const wholeNumber = (least: number, most: number) => (text: string) => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new InvalidArgumentError(`Not a whole number from ${least} to ${most}.`)
  }
  return value
}
