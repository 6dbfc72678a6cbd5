import { Command, InvalidArgumentError, Option } from 'commander'

import { CANARIES, type Canary } from '../../../platform/canary.ts'
import { progressBar, say } from '../progress.ts'
import { FAULT_LEVELS, type FaultLevel } from './fault-plans.ts'
import { CHANNEL_CHOICES, type ChannelChoices } from './payer.ts'
import { formatReport } from './report.ts'
import { simulate } from './simulate.ts'

type Options = {
  patients: number
  days: number
  seed: string
  faults: FaultLevel
  channels: ChannelChoices
  crashes: number
  plant?: Canary
  json?: boolean
}

/** `bin/yiqiao simulate`: exit code 1 on any violation. */
export const simulateCommand = (): Command =>
  new Command('simulate')
    .description('run hospital days on a virtual clock against outside systems / 模拟医院的一天')
    .option('--patients <n>', 'how many people come', wholeNumber(1, 100_000), 300)
    .option('--days <n>', 'how many days', wholeNumber(1, 60), 1)
    .option('--seed <text>', 'the same seed gives the same report', '7')
    .addOption(
      new Option('--faults <level>', 'what goes wrong').choices(FAULT_LEVELS).default('none'),
    )
    .addOption(
      new Option('--channels <which>', 'by what people pay')
        .choices(CHANNEL_CHOICES)
        .default('wechat'),
    )
    .option(
      '--crashes <n>',
      'kill -9 api or worker so often, and start it again',
      wholeNumber(0, 1_000),
      0,
    )
    .addOption(
      new Option('--plant <bug>', 'a bug the run must fail on').choices(CANARIES).hideHelp(),
    )
    .option('--json', 'for machines')
    .action(run)

async function run({ plant, json, ...options }: Options): Promise<void> {
  const bar = progressBar('模拟')
  const report = await simulate({
    ...options,
    canary: plant ?? null,
    onProgress: (share, what) => bar.show(Math.round(share * 100), 100, what),
  })
  bar.end()
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report))
  if (report.violations.length > 0) {
    say(`${report.violations.length} violations`)
    process.exitCode = 1
  }
}

function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new InvalidArgumentError(`a whole number from ${least} to ${most}`)
    }
    return value
  }
}
