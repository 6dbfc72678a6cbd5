import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { Argument, Command, InvalidArgumentError } from 'commander'

import {
  type BenchResult,
  checkDescriptor,
  type Descriptor,
  readDeclarativeParams,
  readDescriptor,
  type RunChecks,
  runBench,
} from '../../../adapters/channels/declarative/index.ts'
import { AppError } from '../../../kernel/error.ts'
import type { PayMethod } from '../../../modules/payments/index.ts'
import { systemClock, systemRandom } from '../../../platform/system.ts'
import { pathOf, readParams, readText, Unusable, writeNew } from './files.ts'
import { formatProblems, formatResults } from './format.ts'
import { SANDBOXES, type SandboxName, openSandbox } from './sandbox.ts'

export type ChannelCommandDeps = {
  /** runChannelChecks of modules/channels. */
  runChecks: RunChecks
  /** Keeps the channel for a hospital, sealed; throws an AppError when it cannot. */
  saveConnection: (connection: ChannelConnection) => Promise<void>
}

/** A channel by data alone: the descriptor's text as it was checked, and the hospital's params. */
export type ChannelConnection = {
  hospitalId: number
  descriptor: string
  name: string
  params: Readonly<Record<string, string>>
}

/** `bin/yiqiao channel`: a channel without code, from the first line to the hospital. Ends with 1 when something is wrong. */
export const channelCommand = (deps: ChannelCommandDeps): Command =>
  new Command('channel')
    .description('describe a payment channel instead of coding it / 免编码接入支付渠道')
    .addCommand(initCommand())
    .addCommand(checkCommand())
    .addCommand(testCommand(deps))
    .addCommand(enableCommand(deps))
    .addCommand(sandboxCommand())

const initCommand = (): Command =>
  new Command('init')
    .description('write a commented descriptor to begin from / 生成带注释的描述文件')
    .argument('<name>', 'of the channel: lower-case letters, digits, hyphens', channelName)
    .option('--json', 'for machines')
    .action((name: string, { json }: { json?: boolean }) =>
      finish(() => {
        const file = `${name}.yaml`
        writeNew(file, starterOf(name))
        print(json ? JSON.stringify({ file: pathOf(file) }) : `wrote ${file}`)
        return 0
      }),
    )

const checkCommand = (): Command =>
  new Command('check')
    .description('tell what is wrong with a descriptor, by line / 检查描述文件')
    .argument('<file>', 'YAML or JSON')
    .option('--json', 'for machines')
    .action((file: string, { json }: { json?: boolean }) =>
      finish(() => {
        const problems = checkDescriptor(readText(file))
        const words =
          problems.length === 0 ? `${file}: no problems` : formatProblems(file, problems)
        print(json ? JSON.stringify(problems, null, 2) : words)
        return problems.length === 0 ? 0 : 1
      }),
    )

type TestOptions = {
  params: string
  sandbox: string
  method?: PayMethod
  timeoutMs: number
  json?: boolean
}

const testCommand = ({ runChecks }: ChannelCommandDeps): Command =>
  new Command('test')
    .description("run every channel's checks against the provider's sandbox / 对接沙箱测试")
    .argument('<file>', 'YAML or JSON')
    .requiredOption('--params <file>', "the sandbox's contract: a text for each parameter")
    .requiredOption('--sandbox <url>', 'scheme and host', originOf)
    .option('--method <method>', 'how the payer pays; the first of the descriptor if left out')
    .option('--timeout-ms <n>', 'how long one answer may take', wholeNumber, 10_000)
    .option('--json', 'for machines, with every step of every call')
    .action((file: string, options: TestOptions) =>
      finish(async () => {
        const descriptor = descriptorOf(file)
        const params = readParams(options.params)
        const results = await runBench({
          descriptor,
          params,
          sandboxUrl: options.sandbox,
          ...(options.method === undefined ? {} : { method: methodOf(descriptor, options.method) }),
          clock: systemClock,
          random: systemRandom,
          timeoutMs: options.timeoutMs,
          runChecks,
        })
        print(options.json ? JSON.stringify(results, null, 2) : formatResults(results))
        return results.every(isFine) && results.length > 0 ? 0 : 1
      }),
    )

const isFine = ({ outcome }: BenchResult): boolean => outcome !== 'failed'

type EnableOptions = { params: string; hospital: number; acceptSpecimen?: boolean; json?: boolean }

const enableCommand = ({ saveConnection }: ChannelCommandDeps): Command =>
  new Command('enable')
    .description('switch a described channel on for a hospital / 为医院启用渠道')
    .argument('<file>', 'YAML or JSON')
    .requiredOption('--params <file>', "the hospital's contract: a text for each parameter")
    .requiredOption('--hospital <id>', 'the number of the hospital', wholeNumber)
    .option('--accept-specimen', 'also a descriptor that says its facts are not certain')
    .option('--json', 'for machines')
    .action((file: string, options: EnableOptions) =>
      finish(async () => {
        const descriptor = descriptorOf(file)
        const params = readDeclarativeParams(descriptor, readParams(options.params))
        if (descriptor.specimen !== undefined && !options.acceptSpecimen) {
          const { zh, en } = descriptor.specimen
          throw new Unusable(`${zh} / ${en} (--accept-specimen)`)
        }
        const connection = { hospitalId: options.hospital, name: descriptor.name, params }
        await saveConnection({ ...connection, descriptor: readText(file) })
        const { name, titles } = descriptor
        const done = { hospitalId: options.hospital, name, provider: descriptor.provider }
        print(
          options.json
            ? JSON.stringify(done)
            : `${titles.zh} (${name}) is on for hospital ${options.hospital}`,
        )
        return 0
      }),
    )

type SandboxOptions = { port: number; paramsOut: string; json?: boolean }

const sandboxCommand = (): Command =>
  new Command('sandbox')
    .description('start a specimen wallet to test against, until it is stopped / 启动样例钱包沙箱')
    .addArgument(new Argument('<name>', 'a shipped descriptor').choices(SANDBOXES))
    .requiredOption('--params-out <file>', 'where to write the params that fit it')
    .option('--port <n>', '0 for any that is free', wholeNumber, 0)
    .option('--json', 'for machines')
    .action((name: SandboxName, options: SandboxOptions) =>
      finish(async () => {
        const sandbox = await openSandbox(name, options.port)
        try {
          writeNew(options.paramsOut, `${JSON.stringify(sandbox.params, null, 2)}\n`)
          const { url } = sandbox
          print(options.json ? JSON.stringify({ name, url }) : `${name} answers at ${url}`)
          await new Promise<void>((stop) => {
            for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop())
          })
        } finally {
          await sandbox.stop()
        }
        return 0
      }),
    )

/** The descriptor of a file. Throws with its problems when it has any. */
function descriptorOf(file: string): Descriptor {
  const read = readDescriptor(readText(file))
  if (read.outcome === 'wrong') throw new Unusable(formatProblems(file, read.problems))
  return read.descriptor
}

function methodOf({ charge }: Descriptor, method: PayMethod): PayMethod {
  if (Object.hasOwn(charge, method)) return method
  throw new Unusable(`the descriptor has no ${method}, but ${Object.keys(charge).join(', ')}`)
}

const STARTER = join(import.meta.dirname, 'starter.yaml')

const starterOf = (name: string): string =>
  readFileSync(STARTER, 'utf8')
    .replaceAll('@name@', name)
    .replaceAll('@provider@', name.replaceAll('-', '_').slice(0, 20))

/** Exit code 1: done, and something is wrong. 2: it could not be done. */
async function finish(work: () => number | Promise<number>): Promise<void> {
  try {
    process.exitCode = await work()
  } catch (error) {
    if (!(error instanceof Unusable) && !(error instanceof AppError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 2
  }
}

const print = (text: string): void => void process.stdout.write(`${text}\n`)

function channelName(text: string): string {
  if (/^[a-z][a-z0-9-]{1,39}$/.test(text)) return text
  throw new InvalidArgumentError('Lower-case letters, digits and hyphens, beginning with a letter.')
}

function originOf(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return new URL(text).origin
  throw new InvalidArgumentError('Scheme and host, like https://sandbox.example.')
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('A whole number.')
}
