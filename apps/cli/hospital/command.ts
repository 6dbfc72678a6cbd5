import { writeFileSync } from 'node:fs'

import { Command, InvalidArgumentError } from 'commander'

import {
  conformancePage,
  type ConformanceReport,
  type ConformanceStep,
  readFixtures,
  runConformance,
} from '../../../modules/hospitals/index.ts'
import { systemClock, systemRandom } from '../../../platform/system.ts'
import { openHttpHands } from '../../hub/http-hands.ts'
import { pathOf, Unusable } from '../channel/files.ts'
import { progressBar, say } from '../progress.ts'
import { followingClock } from './clock.ts'
import { finish } from './finish.ts'
import { formatReport, formatSelfTested } from './format.ts'
import { openListener } from './listener.ts'
import { runSelfTest } from './self-test.ts'
import { openSubject, readObject } from './subject.ts'

type Options = {
  params?: string
  fixtures?: string
  timeoutMs: number
  html?: string
  json?: boolean
  selfTest?: boolean
}

const BIG_DAY = 501

/** `bin/yiqiao conformance`: plays the hub against an implementation of the standard interface. Ends with 1 when it does not conform. */
export const conformanceCommand = (): Command =>
  new Command('conformance')
    .description("try a hospital's implementation of the standard interface / 医院接口符合性测试")
    .argument('[subject]', 'a URL of the standard interface, or a product descriptor in YAML')
    .option('--params <file>', "keys of the standard wire, or the descriptor's parameters")
    .option('--fixtures <file>', 'two test patients, and how the sandbox is moved')
    .option('--timeout-ms <n>', 'how long one answer may take', wholeNumber, 20_000)
    .option('--html <file>', 'write the report as a page as well')
    .option('--json', 'for machines')
    .option('--self-test', 'try the kit itself on the reference and on planted wrong ones')
    .action((subject: string | undefined, options: Options) =>
      finish(() => (options.selfTest ? selfTest(options) : conformance(subject, options))),
    )

async function conformance(subject: string | undefined, options: Options): Promise<number> {
  if (subject === undefined) throw new Unusable('name a URL or a descriptor, or --self-test')
  if (options.fixtures === undefined) throw new Unusable('--fixtures <file> is missing')
  const read = readFixtures(readObject(options.fixtures))
  if ('problem' in read) throw new Unusable(`${options.fixtures} ${read.problem}`)
  const { fixtures } = read
  const clock = followingClock(systemClock)
  const deps = { clock, random: systemRandom, timeoutMs: options.timeoutMs }
  const tried = openSubject(subject, options.params, deps)
  const hands = await openHttpHands(fixtures)
  const listener =
    fixtures.listener === undefined || tried.keys === null
      ? null
      : await openListener(fixtures.listener.port, { keys: tried.keys, clock })
  const bar = progressBar('conformance')
  try {
    const report = await runConformance(tried, fixtures, {
      clock,
      followTime: (now) => clock.follow(now),
      random: systemRandom,
      hands,
      listener,
      onStep: shownOn(bar),
    })
    bar.end()
    print(options.json ? JSON.stringify(report, null, 2) : formatReport(report))
    writePage(options.html, report, subject)
    return report.isConformant ? 0 : 1
  } finally {
    await listener?.close()
  }
}

async function selfTest({ json, html }: Options): Promise<number> {
  const bar = progressBar('self-test')
  const results = await runSelfTest({
    bigDay: BIG_DAY,
    onStep: shownOn(bar),
    onDone: (tested) => {
      bar.end()
      if (!json) print(formatSelfTested(tested))
    },
  })
  if (json)
    print(
      JSON.stringify(
        results.map(({ report: _report, ...line }) => line),
        null,
        2,
      ),
    )
  const [reference] = results
  if (reference) writePage(html, reference.report, 'reference')
  const wrong = results.filter(({ isRight }) => !isRight).length
  if (!json) print(`${results.length - wrong} of ${results.length} as they must be`)
  return wrong === 0 ? 0 : 1
}

const shownOn =
  (bar: ReturnType<typeof progressBar>) =>
  ({ at, number, count, id }: ConformanceStep): void => {
    if (at === 'begun') bar.show(number - 1, count, id)
    if (at === 'done' && number === count) bar.show(count, count)
  }

function writePage(file: string | undefined, report: ConformanceReport, subject: string): void {
  if (file === undefined) return
  writeFileSync(pathOf(file), conformancePage(report, subject))
  say(`wrote ${file}`)
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Not a whole number.')
  return Number(text)
}

const print = (text: string): void => void process.stdout.write(`${text}\n`)
