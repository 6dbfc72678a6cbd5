import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'

import { Argument, Command, InvalidArgumentError, Option } from 'commander'

import { AppError } from '../../../kernel/error.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { openDb } from '../../../platform/db.ts'
import { prove } from './prove.ts'
import { verify } from './verify.ts'

const SANDBOX_FILE = join(import.meta.dirname, '../../../.data/sandbox.json')
const STATEMENT_TIMEOUT_MS = 600_000
const CONNECTIONS = 4

/**
 * `bin/yiqiao ledger`: whether what was sealed is still there as it was, and a proof of one thing that anybody can
 * check. Ends with 1 when something was changed or cannot be proven, with 2 when the database cannot be read.
 */
export const ledgerCommand = (): Command =>
  new Command('ledger')
    .description('the sealed books: check them, prove what is in them / 账本封存：校验与举证')
    .addCommand(verifyCommand())
    .addCommand(proveCommand())

const databaseOption = () =>
  new Option('--database-url <url>', 'the database; that of the running demo if left out').env(
    'DATABASE_URL',
  )

const verifyCommand = (): Command =>
  new Command('verify')
    .description('recompute all that was sealed, and name each finding / 全量校验')
    .addOption(databaseOption())
    .option('--hospital <n>', 'only this one; all if left out', hospitalNumber)
    .option('--heads <file>', 'the file of heads outside the database: finds what was cut off')
    .option('--keys <file>', 'the saved answer of GET /v1/partner-keys: finds who else signed')
    .option('--json', 'print the reports as JSON')
    .action((options: VerifyGiven) =>
      onDatabase(options.databaseUrl, (db) =>
        verify(db, {
          hospitalId: options.hospital ?? null,
          headsFile: options.heads === undefined ? null : fromCaller(options.heads),
          keysFile: options.keys === undefined ? null : fromCaller(options.keys),
          asJson: options.json === true,
        }),
      ),
    )

const proveCommand = (): Command =>
  new Command('prove')
    .description('write a proof that anybody can check without us / 导出可离线核验的证明')
    .addArgument(new Argument('<number>', 'the payment number of a receipt, or the id of an entry'))
    .addOption(databaseOption())
    .option(
      '--hospital <n>',
      'whose entry it is; a payment number says it by itself',
      hospitalNumber,
    )
    .requiredOption('--out <file>', 'where the proof is written')
    .action((number: string, options: ProveGiven) =>
      onDatabase(options.databaseUrl, (db) =>
        prove(db, { number, hospitalId: options.hospital ?? null, out: fromCaller(options.out) }),
      ),
    )

type VerifyGiven = {
  databaseUrl?: string
  hospital?: HospitalId
  heads?: string
  keys?: string
  json?: boolean
}
type ProveGiven = { databaseUrl?: string; hospital?: HospitalId; out: string }

async function onDatabase(
  given: string | undefined,
  work: (db: ReturnType<typeof openDb>) => Promise<0 | 1>,
): Promise<void> {
  const url = given ?? sandboxUrl()
  if (url === null) {
    process.exitCode = unusable('no database: give --database-url, or start one with "yiqiao up"')
    return
  }
  const db = openDb({ url, maxConnections: CONNECTIONS, statementTimeoutMs: STATEMENT_TIMEOUT_MS })
  try {
    process.exitCode = await work(db)
  } catch (error) {
    if (error instanceof AppError) {
      process.stderr.write(`${error.message}\n`)
      process.exitCode = 1
    } else process.exitCode = unusable(error instanceof Error ? error.message : String(error))
  } finally {
    await db.destroy()
  }
}

/** Where the demo that runs on this machine keeps its database; null when there is none. */
function sandboxUrl(): string | null {
  if (!existsSync(SANDBOX_FILE)) return null
  const { databaseUrl } = JSON.parse(readFileSync(SANDBOX_FILE, 'utf8')) as { databaseUrl?: string }
  return databaseUrl ?? null
}

/** bin/yiqiao works in the project's folder; a file is named from where the caller stands. */
const fromCaller = (path: string): string =>
  isAbsolute(path) ? path : join(process.env['INIT_CWD'] ?? process.cwd(), path)

function hospitalNumber(text: string): HospitalId {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('Not a hospital’s number.')
  return value as HospitalId
}

function unusable(reason: string): 2 {
  process.stderr.write(`the books cannot be read: ${reason}\n`)
  return 2
}
