import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { Command, InvalidArgumentError, Option } from 'commander'

import { systemClock } from '../../../platform/system.ts'
import { checkInvariants } from './check.ts'
import { formatInvariants } from './format.ts'

const SANDBOX_FILE = join(import.meta.dirname, '../../../.data/sandbox.json')

/**
 * `bin/yiqiao invariants`: whether a database holds to what the system promises. Ends with 1 when something
 * is broken, with 2 when the database cannot be read.
 */
export const invariantsCommand = (): Command =>
  new Command('invariants')
    .description('check what must always hold, in a running database / 检查不变量')
    .addOption(
      new Option('--database-url <url>', 'the database; that of the running demo if left out').env(
        'DATABASE_URL',
      ),
    )
    .option('--role <role>', 'the role to read in, such as yiqiao_app')
    .option('--now <instant>', 'what is overdue is so at this moment', readInstant)
    .option('--json', 'print the results as JSON')
    .action(async (options: Options) => {
      process.exitCode = await run(options)
    })

async function run({ databaseUrl, role, now, json }: Options): Promise<number> {
  const url = databaseUrl ?? sandboxUrl()
  if (url === null)
    return unusable('no database: give --database-url, or start one with "yiqiao up"')
  try {
    const results = await checkInvariants({
      url,
      ...(role === undefined ? {} : { role }),
      now: now ?? systemClock.now(),
    })
    const text = json ? JSON.stringify(results, null, 2) : formatInvariants(results)
    process.stdout.write(`${text}\n`)
    return results.some(({ state }) => state === 'broken') ? 1 : 0
  } catch (error) {
    return unusable(reasonOf(error))
  }
}

/** Where the demo that runs on this machine keeps its database; null when there is none. */
function sandboxUrl(): string | null {
  if (!existsSync(SANDBOX_FILE)) return null
  const { databaseUrl } = JSON.parse(readFileSync(SANDBOX_FILE, 'utf8')) as { databaseUrl?: string }
  return databaseUrl ?? null
}

function readInstant(text: string): Date {
  const instant = new Date(text)
  if (Number.isNaN(instant.getTime())) throw new InvalidArgumentError('Not an instant, RFC 3339.')
  return instant
}

function unusable(reason: string): 2 {
  process.stderr.write(`the database cannot be checked: ${reason}\n`)
  return 2
}

/** A refused connection to several addresses has its reasons inside. */
const reasonOf = (error: unknown): string =>
  error instanceof AggregateError
    ? error.errors.map((each) => reasonOf(each)).join('; ')
    : error instanceof Error
      ? error.message
      : String(error)

type Options = { databaseUrl?: string; role?: string; now?: Date; json?: boolean }
