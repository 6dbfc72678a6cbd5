import type { HospitalId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import type { Seal, SealPlace } from '../../platform/seal.ts'
import type { HospitalTables } from './tables.ts'

/**
 * What an adapter has to know again and the port does not say: that bill 17 is of card 88, that our lock is the
 * hospital's number 5. Names hold nothing personal; values are JSON, sealed.
 */
export type SystemMemory = {
  /** Those that are known; the others are missing. */
  recall(names: readonly string[]): Promise<Record<string, unknown>>
  remember(values: Readonly<Record<string, unknown>>): Promise<void>
}

/** The memory of one hospital's system. Errors: those of the database. */
export function createSystemMemory(
  { db, seal, clock }: { db: Db; seal: Seal; clock: Clock },
  hospitalId: HospitalId,
): SystemMemory {
  const placeOf = (name: string) => memoryPlace(hospitalId, name)
  return { recall, remember }

  async function recall(names: readonly string[]) {
    if (names.length === 0) return {}
    const rows = await inHospital(db, hospitalId, (tx) =>
      tx
        .withTables<HospitalTables>()
        .selectFrom('hospitals.system_memory')
        .select(['name', 'value_sealed'])
        .where('hospital_id', '=', hospitalId)
        .where('name', 'in', names)
        .execute(),
    )
    return Object.fromEntries(
      rows.map((row) => [
        row.name,
        JSON.parse(seal.open(placeOf(row.name), row.value_sealed)) as unknown,
      ]),
    )
  }

  async function remember(values: Readonly<Record<string, unknown>>) {
    const rows = Object.entries(values).map(([name, value]) => ({
      hospital_id: hospitalId,
      name,
      value_sealed: seal.seal(placeOf(name), JSON.stringify(value ?? null)),
      at: clock.now(),
    }))
    if (rows.length === 0) return
    await inHospital(db, hospitalId, (tx) =>
      tx
        .withTables<HospitalTables>()
        .insertInto('hospitals.system_memory')
        .values(rows.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
        .onConflict((conflict) =>
          conflict.columns(['hospital_id', 'name']).doUpdateSet((eb) => ({
            value_sealed: eb.ref('excluded.value_sealed'),
            at: eb.ref('excluded.at'),
          })),
        )
        .execute(),
    )
  }
}

export const memoryPlace = (hospitalId: HospitalId, name: string): SealPlace => ({
  purpose: `hospitals.system_memory.${hospitalId}`,
  owner: hospitalId,
  row: name,
})

/** A memory of this process alone, for a dry run and for tests. */
export function createOwnMemory(): SystemMemory {
  const kept = new Map<string, string>()
  return {
    recall: (names) =>
      Promise.resolve(
        Object.fromEntries(
          names.flatMap((name) => {
            const value = kept.get(name)
            return value === undefined ? [] : [[name, JSON.parse(value) as unknown]]
          }),
        ),
      ),
    remember(values) {
      for (const [name, value] of Object.entries(values)) {
        kept.set(name, JSON.stringify(value ?? null))
      }
      return Promise.resolve()
    },
  }
}
