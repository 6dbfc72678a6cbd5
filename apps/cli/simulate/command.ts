import { Command, InvalidArgumentError, Option } from 'commander'

import { CANARIES, type Canary } from '../../../platform/canary.ts'
import { progressBar, say } from '../progress.ts'
import { FAULT_LEVELS, type FaultLevel } from './fault-plans.ts'
import { type Ground, openGround } from './ground.ts'
import { CHANNEL_CHOICES, type ChannelChoices } from './payer.ts'
import { formatReport } from './report.ts'
import { share } from './shares.ts'
import { simulate, type SimulationOptions } from './simulate.ts'

type Options = {
  patients: number
  days: number
  seed: string
  seeds?: Seeds
  faults: FaultLevel
  channels: ChannelChoices
  insured?: number
  credit: number
  commercial: number
  crossRegion?: number
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
    .option('--seeds <from-to>', 'many seeds, one after the other: a line for each', seedRange)
    .addOption(
      new Option('--faults <level>', 'what goes wrong').choices(FAULT_LEVELS).default('none'),
    )
    .addOption(
      new Option('--channels <which>', 'by what people pay')
        .choices(CHANNEL_CHOICES)
        .default('wechat'),
    )
    .option('--insured <share>', 'how many are medically insured, 0 to 1', share)
    .option('--credit <share>', 'how many treat first and pay later', share, 0)
    .option('--commercial <share>', 'how many have policies of commercial insurers', share, 0)
    .option('--cross-region <share>', 'how many of the insured are from elsewhere', share)
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

async function run({ plant, json, seeds, ...rest }: Options): Promise<void> {
  const { insured, credit, commercial, crossRegion, ...options } = rest
  const shares = {
    insuredPpm: insured ?? null,
    creditPpm: credit,
    commercialPpm: commercial,
    elsewherePpm: crossRegion ?? null,
  }
  const ground = await openGround()
  try {
    const wished = { ...options, shares, canary: plant ?? null }
    if (seeds) await runSeeds(wished, seeds, ground)
    else await runOne(wished, json ?? false, ground)
  } finally {
    await ground.close()
  }
}

type Wished = Omit<SimulationOptions, 'onProgress'>

async function runOne(wished: Wished, json: boolean, ground: Ground): Promise<void> {
  const bar = progressBar('模拟')
  const onProgress = (share: number, what: string) => bar.show(Math.round(share * 100), 100, what)
  const report = await simulate({ ...wished, onProgress }, ground)
  bar.end()
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report))
  if (report.violations.length > 0) {
    say(`${report.violations.length} violations`)
    process.exitCode = 1
  }
}

/** A line for each seed, and at the end those that anything was wrong with. */
async function runSeeds(wished: Wished, { from, to }: Seeds, ground: Ground): Promise<void> {
  const bad: string[] = []
  for (let seed = from; seed <= to; seed++) {
    const options = { ...wished, seed: String(seed), onProgress: () => undefined }
    const { payments, violations } = await simulate(options, ground)
    const count = payments.reduce((sum, group) => sum + group.count, 0)
    process.stdout.write(`seed ${seed}: ${count} payments, ${violations.length} violations\n`)
    for (const violation of violations) process.stdout.write(`  ${violation}\n`)
    if (violations.length > 0) bad.push(String(seed))
  }
  const all = to - from + 1
  say(bad.length === 0 ? `${all} seeds, no violation` : `violations in seeds ${bad.join(', ')}`)
  if (bad.length > 0) process.exitCode = 1
}

type Seeds = { from: number; to: number }

function seedRange(text: string): Seeds {
  const [, from, to] = /^(\d{1,6})-(\d{1,6})$/.exec(text) ?? []
  const range = { from: Number(from), to: Number(to) }
  if (from === undefined || range.to < range.from) throw new InvalidArgumentError('like 1-200')
  return range
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
