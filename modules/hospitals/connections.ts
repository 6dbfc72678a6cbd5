import type { HospitalId } from '../../kernel/id.ts'
import { type Clock, SECOND_MS } from '../../kernel/time.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import type { Seal } from '../../platform/seal.ts'
import { hospitalErrors } from './errors.ts'
import type { ConnectionKind } from './hospital.ts'
import { type ConnectionRow, findConnection } from './store.ts'

// How long a changed connection may go unnoticed by a process that uses it.
const RECHECK_MS = 5 * SECOND_MS

/**
 * Finds, for a hospital, the outside system of one kind as its connection says: which adapter, with which
 * parameters. Null for a hospital that has none, or whose connection is switched off.
 *
 * An adapter is made once and kept until its connection is saved anew. `makers` holds, by the adapter's
 * name, what makes one of the opened parameters, and may throw for parameters it cannot read.
 * Errors: throws hospitals.adapter_unknown for a name that `makers` does not have.
 */
export function createConnections<T>({ db, clock, seal, kind, makers }: Dependencies<T>) {
  const made = new Map<HospitalId, { row: ConnectionRow; checkedAt: Date; system: T }>()
  return { of }

  async function of(hospitalId: HospitalId): Promise<T | null> {
    const now = clock.now()
    const known = made.get(hospitalId)
    if (known && isFresh(known.checkedAt, now)) return known.system

    const row = await inHospital(db, hospitalId, (tx) => findConnection(tx, hospitalId, kind))
    if (!row?.enabled) {
      made.delete(hospitalId)
      return null
    }
    const system = known && isSame(known.row, row) ? known.system : make(row)
    made.set(hospitalId, { row, checkedAt: now, system })
    return system
  }

  function make(row: ConnectionRow): T {
    const maker = Object.hasOwn(makers, row.adapter) ? makers[row.adapter] : undefined
    if (!maker) {
      throw hospitalErrors.adapter_unknown({
        kind,
        hospitalId: row.hospital_id,
        adapter: row.adapter,
      })
    }
    return maker(openParams(seal, row), row.hospital_id)
  }
}

export function sealParams(
  seal: Seal,
  hospitalId: HospitalId,
  kind: ConnectionKind,
  params: unknown,
): string {
  return seal.seal(purposeOf(hospitalId, kind), JSON.stringify(params))
}

const openParams = (seal: Seal, row: ConnectionRow): unknown =>
  JSON.parse(seal.open(purposeOf(row.hospital_id, row.kind), row.params_sealed))

// A key for each connection: the parameters of one, put into the row of another, do not open there.
const purposeOf = (hospitalId: HospitalId, kind: ConnectionKind) =>
  `hospitals.connection.${kind}.${hospitalId}`

// A clock that was set back must not keep an old connection for as long as it was set back by.
function isFresh(checkedAt: Date, now: Date): boolean {
  const ageMs = now.getTime() - checkedAt.getTime()
  return ageMs >= 0 && ageMs < RECHECK_MS
}

// The same parameters sealed again look different, so this also sees two savings at one instant.
const isSame = (a: ConnectionRow, b: ConnectionRow): boolean =>
  a.updated_at.getTime() === b.updated_at.getTime() && a.params_sealed === b.params_sealed

type Dependencies<T> = {
  db: Db
  clock: Clock
  seal: Seal
  kind: ConnectionKind
  makers: Readonly<Record<string, (params: unknown, hospitalId: HospitalId) => T>>
}
