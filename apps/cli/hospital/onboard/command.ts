import { existsSync, writeFileSync } from 'node:fs'

import { Command, InvalidArgumentError, Option } from 'commander'

import {
  readProduct,
  shippedProduct,
  shippedProducts,
} from '../../../../adapters/hospitals/declarative/index.ts'
import { conformancePage, readFixtures } from '../../../../modules/hospitals/index.ts'
import { pathOf, readText, Unusable, writeNew } from '../../channel/files.ts'
import { formatProblems } from '../../channel/format.ts'
import { progressBar, say, step } from '../../progress.ts'
import { finish } from '../finish.ts'
import { formatReport } from '../format.ts'
import { readObject } from '../subject.ts'
import { checkReview, type CheckOptions } from './check.ts'
import { type DeskOptions, openDesk, withDesk } from './desk.ts'
import { readReview, secretsOf, starterOf } from './review.ts'
import { reportOf } from './show.ts'

/**
 * `bin/yiqiao hospital`: brings a hospital live from the terminal, by one file that people review. Ends with 1 when it is
 * done and something is not as it must be, with 2 when it could not be done.
 */
export const hospitalCommand = (): Command =>
  new Command('hospital')
    .description('bring a hospital live by a described product / 以产品描述接入医院')
    .addCommand(initCommand())
    .addCommand(checkCommand())
    .addCommand(conformanceOfDraft())
    .addCommand(enableCommand())

const initCommand = (): Command =>
  new Command('init')
    .description('write a commented file to fill in, and one for its secrets / 生成接入文件')
    .argument(
      '<product>',
      `a descriptor in YAML, or one that comes with the system: ${shippedProducts().join(', ')}`,
    )
    .requiredOption(
      '--out <file>',
      'the reviewable file; its secrets go beside it, into <file>.secrets',
    )
    .action((product: string, { out }: { out: string }) =>
      finish(async () => {
        const text = descriptorOf(product)
        const secrets = secretsOf(text)
        const secretsFile = `${out}.secrets`
        if (secrets !== null && existsSync(pathOf(secretsFile)))
          throw new Unusable(`${secretsFile} is there already`)
        writeNew(out, starterOf(text))
        print(`wrote ${out}`)
        if (secrets !== null) {
          writeFileSync(pathOf(secretsFile), secrets, { mode: 0o600 })
          print(`wrote ${secretsFile}`)
        }
        return 0
      }),
    )

/** The text of a descriptor that can be read. Errors: Unusable with every problem by its line. */
function descriptorOf(product: string): string {
  const text = shippedProducts().includes(product) ? shippedProduct(product) : readText(product)
  const read = readProduct(text)
  if (read.outcome === 'read') return text
  throw new Unusable(formatProblems(product, read.problems))
}

const checkCommand = (): Command =>
  withDesk(
    new Command('check')
      .description(
        'look at the file; with a hospital, keep it at the hub and try the system with it / 检查并试连',
      )
      .argument('<file>', 'the reviewable file')
      .addOption(secretsOption())
      .option('--replace-secrets', 'save those of --secrets in place of what the hub keeps')
      .option('--patient <file>', 'a test patient for the dry run: idCardNo and name')
      .option(
        '--accept-proposals',
        'write the first proposal for each unmapped department into the file',
      )
      .option('--json', 'for machines'),
  ).action((file: string, options: CheckOptions) => finish(() => checkReview(file, options)))

const secretsOption = () =>
  new Option('--secrets <file>', 'a text for each secret; left out, those that the hub keeps stay')

type ConformanceOptions = DeskOptions & { fixtures: string; html?: string; json?: boolean }

const conformanceOfDraft = (): Command =>
  withDesk(
    new Command('conformance')
      .description(
        'run the conformance kit from the hub, with what check has kept there / 符合性测试',
      )
      .argument('<file>', 'the reviewable file, as it was checked')
      .requiredOption('--fixtures <file>', 'two test patients, and how the sandbox is moved')
      .option('--html <file>', 'write the report as a page as well')
      .option('--json', 'for machines'),
  ).action((file: string, options: ConformanceOptions) => finish(() => conformance(file, options)))

async function conformance(file: string, options: ConformanceOptions): Promise<number> {
  const { content } = readReview(file, undefined)
  const read = readFixtures(readObject(options.fixtures))
  if ('problem' in read) throw new Unusable(`${options.fixtures} ${read.problem}`)
  const desk = await openDesk(options)
  const version = await desk.mustBe(content)
  const bar = progressBar('conformance')
  const tried = await step(`conformance of version ${version}`, () =>
    desk.conformance(version, read.fixtures, ({ done, count, check }) =>
      bar.show(done, count, check),
    ),
  )
  const told = reportOf(tried)
  if ('problem' in told) throw new Unusable(`the kit could not be run: ${told.problem}`)
  print(options.json ? JSON.stringify(told.report, null, 2) : formatReport(told.report))
  if (options.html !== undefined) {
    writeFileSync(pathOf(options.html), conformancePage(told.report, content.productName))
    say(`wrote ${options.html}`)
  }
  return tried.isGood ? 0 : 1
}

const STAGES = ['pilot', 'expansion', 'optimisation'] as const
const SCENES = ['booking', 'queue', 'payment', 'refund', 'report', 'stay'] as const

type EnableOptions = DeskOptions & {
  stage: (typeof STAGES)[number]
  scenes: (typeof SCENES)[number][]
  departments?: string[]
  note?: string
  agree?: string
  json?: boolean
}

const enableCommand = (): Command =>
  withDesk(
    new Command('enable')
      .description(
        'put the file forward; another person agrees to it with --agree / 提请上线，另一人同意',
      )
      .argument('<file>', 'the reviewable file, as it was checked and conforms')
      .addOption(new Option('--stage <stage>', '试点, 推广, 优化').choices(STAGES).default('pilot'))
      .option('--scenes <list>', `with commas: ${SCENES.join(',')}`, scenesIn, ['payment'] as never)
      .option('--departments <codes>', 'with commas; all of them if left out', commas)
      .option('--note <text>', 'why, for the other person')
      .option('--agree <sha256>', 'as the second person: the hash that putting forward gave')
      .option('--json', 'for machines'),
  ).action((file: string, options: EnableOptions) => finish(() => enable(file, options)))

async function enable(file: string, options: EnableOptions): Promise<number> {
  const { content } = readReview(file, undefined)
  const { agree, note } = options
  if (agree === undefined && !note)
    throw new Unusable('--note <text> is missing: why it is to go live')
  const desk = await openDesk(options)
  const version = await desk.mustBe(content)
  if (agree !== undefined) {
    const live = await desk.goLive(version, agree)
    print(
      options.json
        ? JSON.stringify(live)
        : `已上线 live: hospital ${desk.hospital}, version ${version}`,
    )
    return 0
  }
  const { stage, scenes, departments = null } = options
  const put = await desk.putForward(version, { stage, scenes, departments, note: note ?? '' })
  const sha256 = String(put.detail['sha256'])
  print(
    options.json
      ? JSON.stringify(put)
      : `已提请 put forward: version ${version}\nsha256 ${sha256}\n另一人同意 another person agrees with: --agree ${sha256}`,
  )
  return 0
}

function scenesIn(text: string): EnableOptions['scenes'] {
  const known = SCENES.filter((scene) => commas(text).includes(scene))
  if (known.length > 0 && known.length === commas(text).length) return known
  throw new InvalidArgumentError(`Some of ${SCENES.join(', ')}, with commas between them.`)
}

const commas = (text: string): string[] => text.split(',').map((part) => part.trim())

const print = (text: string): void => void process.stdout.write(`${text}\n`)
