import { writeFile } from 'node:fs/promises'

import type { HospitalId } from '../../../kernel/id.ts'
import { isId } from '../../../kernel/id.ts'
import { readTradeNo } from '../../../kernel/trade-no.ts'
import { journalAbout } from '../../../modules/ledger/index.ts'
import { buildProof, proofText } from '../../../modules/sealing/index.ts'
import { type Db, inHospital } from '../../../platform/db.ts'
import { sealedLogs } from '../../hub/sealed-logs.ts'
import { say } from '../progress.ts'

type ProveGiven = { number: string; hospitalId: HospitalId | null; out: string }

/** Writes the proof of one entry, or of all entries about a payment. 1 when there is nothing to prove. */
export async function prove(db: Db, { number, hospitalId, out }: ProveGiven): Promise<0 | 1> {
  const wanted = await entriesFor(db, number, hospitalId)
  if ('why' in wanted) {
    say(wanted.why)
    return 1
  }
  const of = { hospitalId: wanted.hospitalId, log: 'ledger' }
  const logs = sealedLogs.map((log) => ({ log }))
  const proof = await buildProof({ db, logs }, of, wanted.entryIds)
  await writeFile(out, proofText(proof))
  say(`${out}: ${wanted.entryIds.length} entries, to be checked with docs/proofs/check.html`)
  return 0
}

async function entriesFor(
  db: Db,
  number: string,
  given: HospitalId | null,
): Promise<{ hospitalId: HospitalId; entryIds: string[] } | { why: string }> {
  const payment = readTradeNo(number)
  if (payment) {
    const { hospitalId, id } = payment
    const lines = await inHospital(db, hospitalId, (tx) =>
      journalAbout(tx, hospitalId, `payment:${id}`),
    )
    const entryIds = [...new Set(lines.map(({ entryId }) => entryId))]
    return entryIds.length > 0
      ? { hospitalId, entryIds }
      : { why: `nothing was posted about payment ${number}` }
  }
  if (!isId(number)) return { why: `${number} is neither a payment number nor the id of an entry` }
  if (given === null)
    return { why: 'the id of an entry does not say its hospital: give --hospital' }
  return { hospitalId: given, entryIds: [number] }
}
