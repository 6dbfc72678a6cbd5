import { readFile } from 'node:fs/promises'

import type { HospitalId } from '../../../kernel/id.ts'
import {
  type FiledHeads,
  type LogReport,
  readFiledHeads,
  sealedBooks,
  type TrustedKey,
  verifyLog,
} from '../../../modules/sealing/index.ts'
import type { Db } from '../../../platform/db.ts'
import { sealedLogs } from '../../hub/sealed-logs.ts'
import { progressBar, say } from '../progress.ts'

type VerifyGiven = {
  hospitalId: HospitalId | null
  headsFile: string | null
  keysFile: string | null
  asJson: boolean
}

/** Recomputes every log of every book, and prints what is found. 1 when anything is. */
export async function verify(db: Db, given: VerifyGiven): Promise<0 | 1> {
  const { hospitalId, headsFile, keysFile, asJson } = given
  const filed = headsFile === null ? null : await readFiledHeads(headsFile)
  const trusted = keysFile === null ? null : await readKeys(keysFile)
  if (!filed) say('without --heads: a log that was cut off at its end cannot be told')
  if (!trusted) say('without --keys: whether the heads were signed by the right key is not checked')
  const reports: LogReport[] = []
  for (const book of hospitalId === null ? await booksOf(db, filed) : [hospitalId]) {
    for (const log of sealedLogs) {
      const bar = progressBar(`hospital ${book} ${log.name}`)
      const onProgress = (done: number, total: number) => bar.show(done, total)
      const report = await verifyLog({ db, trusted, filed, onProgress }, book, log)
      bar.end()
      if (report.heads > 0 || report.waiting > 0 || report.findings.length > 0) reports.push(report)
    }
  }
  const damage = filed ? damageOf(filed) : []
  if (asJson) process.stdout.write(`${JSON.stringify({ reports, damage }, null, 2)}\n`)
  else process.stdout.write(`${[...reports.flatMap(linesOf), ...damage].join('\n')}\n`)
  return damage.length === 0 && reports.every(({ findings }) => findings.length === 0) ? 0 : 1
}

/** Those of the database, and those that only the file still tells of. */
async function booksOf(db: Db, filed: FiledHeads | null): Promise<HospitalId[]> {
  const named = filed?.logs().map(({ hospitalId }) => hospitalId) ?? []
  return [...new Set([...(await sealedBooks(db)), ...named])].toSorted((a, b) => a - b)
}

async function readKeys(path: string): Promise<TrustedKey[]> {
  const { items } = JSON.parse(await readFile(path, 'utf8')) as { items?: TrustedKey[] }
  if (!Array.isArray(items)) throw new Error(`${path} is no answer of GET /v1/partner-keys`)
  return items
}

const damageOf = ({ unreadable, contradictions }: FiledHeads): string[] => [
  ...unreadable.map((lineNo) => `the file of heads: line ${lineNo} cannot be read`),
  ...contradictions.map(
    ({ hospitalId, log, size }) =>
      `the file of heads: two of hospital ${hospitalId} ${log} ${size}`,
  ),
]

function linesOf({ hospitalId, log, heads, items, waiting, findings, unnamed }: LogReport) {
  const name = `hospital ${hospitalId} ${log}`
  const verdict = findings.length === 0 ? 'sound' : `${findings.length + unnamed} findings`
  return [
    `${name}: ${items} items under ${heads} heads, ${waiting} waiting to be sealed: ${verdict}`,
    ...findings.map(({ kind, subject }) => `${name}: ${kind}: ${subject}`),
    ...(unnamed > 0 ? [`${name}: and ${unnamed} more`] : []),
  ]
}
