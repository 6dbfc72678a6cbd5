import { generateKeyPairSync, sign } from 'node:crypto'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'

import type pg from 'pg'

import { assert } from '../../../kernel/assert.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { ledgerLog } from '../../../modules/ledger/index.ts'
import {
  createSealing,
  growTree,
  headFileAt,
  inclusionRanges,
  leafHashInPlace,
  provesInclusion,
  rootsOf,
  type Sealing,
  type Signer,
  verifyLog,
} from '../../../modules/sealing/index.ts'
import { type Db, openDb } from '../../../platform/db.ts'
import { systemClock, systemRandom } from '../../../platform/system.ts'
import { onBed } from '../bed.ts'
import { type BenchResult, type Figure, rate, time } from '../result.ts'
import { median, percentile } from '../statistics.ts'
import { enterEntries, TRANSFERS_OF_ENTRY } from './books.ts'
import { processorTimeOf } from './processor-time.ts'
import { simulatedTree } from './simulated-tree.ts'

const HOSPITAL = 1 as HospitalId
const USUAL_ENTRIES = 500_000
const CONNECTIONS = 4
const STATEMENT_TIMEOUT_MS = 300_000

/** What is aimed at. The posting is the faster of the prototype's two, and was taken on this machine. */
const POSTED_PER_SECOND = 44_000
const VERIFIED_ROWS_PER_SECOND = 500_000
const PROOF_MS = 5
const SIMULATED_LEAVES = 100_000_000
const PROOFS = 2_000

type Options = { rounds: number; rows?: number }

/**
 * How fast entries are sealed, how fast all of it is verified again, and how long a proof takes, each beside what is
 * aimed at. Errors: throws when verification finds anything, or a proof does not hold.
 */
export async function benchSealing({
  rounds,
  rows = USUAL_ENTRIES,
}: Options): Promise<BenchResult> {
  const load = loadavg()[0] ?? 0
  return onBed({ hospitals: [], payerCount: 0 }, async (bed) => {
    await enterEntries(bed.client, HOSPITAL, rows)
    const db = openDb({
      url: bed.database.appUrl,
      role: 'yiqiao_app',
      maxConnections: CONNECTIONS,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    })
    const headFile = headFileAt(join(bed.folder, 'heads.jsonl'))
    try {
      const sealing = sealingOn(db, headFile)
      const sealed = await takenBy(bed.client, rows, () => sealAll(sealing, rows))
      await bed.client.query(`vacuum analyze sealing.leaf, sealing.node, sealing.head`)
      const rowsOfAll = rows * (1 + TRANSFERS_OF_ENTRY)
      const verified: Pace[] = []
      const hashed: number[] = []
      for (let round = 0; round < rounds; round++) {
        verified.push(await takenBy(bed.client, rowsOfAll, () => verifyAll(db, rows)))
        hashed.push(rateByCpu(rows, () => hashAll(rows)))
      }
      const simulated = await simulatedProofs()
      const stored = await storedProofs(sealing, rows)
      return {
        bench: 'sealing',
        figures: figuresOf({ sealed, verified, hashed, simulated, stored }),
        conditions: {
          entries: rows,
          'rows verified': `${rowsOfAll} of the journal, and as many leaves as entries beside them`,
          rounds,
          cores: cpus().length,
          'load before': load,
          'load after': loadavg()[0] ?? 0,
        },
      }
    } finally {
      await headFile.close()
      await db.destroy()
    }
  })
}

type Taken = {
  sealed: Pace
  verified: Pace[]
  hashed: number[]
  simulated: number[]
  stored: number[]
}

function figuresOf({ sealed, verified, hashed, simulated, stored }: Taken): Figure[] {
  const aim = (value: number) => ({ name: 'aimed at', value })
  const proofs = (name: string, took: number[]) => [
    time(`${name}, half within`, median(took), 'ms', aim(PROOF_MS)),
    time(`${name}, 99 % within`, percentile(took, 99), 'ms', aim(PROOF_MS)),
  ]
  const processor = (name: string, paces: readonly Pace[], perSecond: number) => {
    const ofServer = paces.map(({ databaseMicros }) => databaseMicros).filter(isSeen)
    const most = aim(1_000_000 / perSecond)
    return [
      time(`${name}, our processor`, median(paces.map((pace) => pace.oursMicros)), 'µs', most),
      ...(ofServer.length > 0
        ? [time(`${name}, the database's`, median(ofServer), 'µs', most)]
        : []),
    ]
  }
  const perSecond = median(verified.map((pace) => pace.perSecond))
  return [
    rate('entries sealed', sealed.perSecond, '/s', aim(POSTED_PER_SECOND)),
    ...processor('an entry sealed', [sealed], POSTED_PER_SECOND),
    rate('rows verified, all of it', perSecond, '/s', aim(VERIFIED_ROWS_PER_SECOND)),
    ...processor('a row verified', verified, VERIFIED_ROWS_PER_SECOND),
    rate('leaves hashed, by CPU time', median(hashed), '/s', aim(VERIFIED_ROWS_PER_SECOND)),
    ...proofs('a proof of 100 million leaves', simulated),
    ...proofs('a proof read from the database', stored),
  ]
}

const isSeen = (micros: number | null): micros is number => micros !== null

function sealingOn(db: Db, headFile: ReturnType<typeof headFileAt>): Sealing {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const signer: Signer = {
    algorithm: 'ed25519',
    keyId: 'bench',
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64'),
  }
  const logs = [{ log: ledgerLog, treeHash: 'sha256' as const }]
  return createSealing({ db, clock: systemClock, signer, logs, headFile, keysOf: async () => [] })
}

async function sealAll(sealing: Sealing, entries: number): Promise<void> {
  let sealed = 0
  while (sealed < entries) {
    const more = await sealing.sealNext(HOSPITAL)
    assert(more > 0, 'sealing comes to its end')
    sealed += more
  }
}

async function verifyAll(db: Db, entries: number): Promise<void> {
  const report = await verifyLog({ db, trusted: null, filed: null }, HOSPITAL, ledgerLog)
  assert(report.findings.length === 0, `all is sound: ${JSON.stringify(report.findings[0])}`)
  assert(report.items === entries, `all ${entries} were verified, not ${report.items}`)
}

const BYTES_OF_ENTRY = 330

/** As many bytes for each leaf as an entry has. */
function hashAll(entries: number): void {
  const page = Buffer.from(systemRandom.bytes(BYTES_OF_ENTRY + 1))
  const tree = growTree('sha256')
  for (let i = 0; i < entries; i++) {
    page.writeUInt32BE(i, 1)
    tree.add(leafHashInPlace('sha256', page, 1, page.length), () => undefined)
  }
  assert(tree.root().length > 0, 'the tree has a root')
}

async function simulatedProofs(): Promise<number[]> {
  const read = simulatedTree()
  const size = SIMULATED_LEAVES
  const [root = Buffer.alloc(0)] = await rootsOf('sha256', [{ start: 0, end: size }], read)
  const took: number[] = []
  for (let no = 0; no < PROOFS; no++) {
    // Spread over the tree; the last leaf, whose way up is the most ragged, is among them.
    const index = size - 1 - Math.floor((no * size) / PROOFS)
    const [leaf = Buffer.alloc(0)] = await read([{ level: 0, from: index, count: 1 }])
    const startedAt = performance.now()
    const path = await rootsOf('sha256', inclusionRanges(index, size), read)
    took.push(performance.now() - startedAt)
    const holds = provesInclusion({ algorithm: 'sha256', leaf, index, size, path, root })
    assert(holds, `the proof of leaf ${index} holds`)
  }
  return took
}

async function storedProofs(sealing: Sealing, entries: number): Promise<number[]> {
  const of = { hospitalId: HOSPITAL, log: ledgerLog.name }
  const took: number[] = []
  for (let no = 0; no < PROOFS; no++) {
    const leafIndex = entries - 1 - Math.floor((no * entries) / PROOFS)
    const startedAt = performance.now()
    const { leafHash, path, head } = await sealing.inclusion(of, { leafIndex })
    took.push(performance.now() - startedAt)
    const claim = { leaf: leafHash, index: leafIndex, size: head.size, path, root: head.root }
    assert(provesInclusion({ algorithm: head.treeHash, ...claim }), `proof ${leafIndex} holds`)
  }
  return took
}

type Pace = { perSecond: number; oursMicros: number; databaseMicros: number | null }

/** How many a second by the clock, and what one took of a processor, ours and the database's. */
async function takenBy(client: pg.Client, count: number, work: () => Promise<void>): Promise<Pace> {
  const startedAt = performance.now()
  const { oursMs, databaseMs } = await processorTimeOf(client, work)
  return {
    perSecond: (count * 1_000) / (performance.now() - startedAt),
    oursMicros: (oursMs * 1_000) / count,
    databaseMicros: databaseMs === null ? null : (databaseMs * 1_000) / count,
  }
}

/** By the processor's own time: on a machine that does other things too, a clock says how busy those were. */
function rateByCpu(count: number, work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (count * 1_000_000) / (user + system)
}
