import { timingSafeEqual } from 'node:crypto'

import type { Selectable } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import { inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { QueueDependencies } from './dependencies.ts'
import { queueErrors } from './errors.ts'
import type { LineKind, ScreenId } from './lines.ts'
import type { QueueTables } from './tables.ts'

// Screens on walls: nobody signs in at them.

export type Screen = Omit<Selectable<QueueTables['queue.screen']>, 'token_digest'>

export type NewScreen = {
  hospitalId: HospitalId
  id: ScreenId
  name: string
  lineKind: LineKind
  departmentCode: string
}

const TOKEN_BYTES = 32
const PURPOSE = 'queue.screen'

/** The token is told this once; only its digest is kept. */
export async function addScreen(
  { db, clock, random, seal, audit }: QueueDependencies,
  { hospitalId, id, name, lineKind, departmentCode }: NewScreen,
  actor: Actor,
): Promise<{ screen: Screen; token: string }> {
  const token = Buffer.from(random.bytes(TOKEN_BYTES)).toString('base64url')
  const screen: Screen = {
    hospital_id: hospitalId,
    id,
    name,
    line_kind: lineKind,
    department_code: departmentCode,
    created_by: actor.name,
    created_at: clock.now(),
    revoked_at: null,
  }
  await inHospital(db, hospitalId, async (tx) => {
    const token_digest = seal.blindIndex(PURPOSE, token)
    await tx
      .withTables<QueueTables>()
      .insertInto('queue.screen')
      .values({ ...screen, token_digest })
      .onConflict((conflict) =>
        conflict.columns(['hospital_id', 'id']).doUpdateSet({ token_digest }),
      )
      .execute()
    await audit(tx, hospitalId, actor, { action: 'queue.add_screen', subject: `screen:${id}` })
  })
  return { screen, token }
}

/** The screen shows nothing from now on. Again, it answers the same. Errors: screen_not_found. */
export async function revokeScreen(
  { db, clock, audit }: QueueDependencies,
  { hospitalId, id }: { hospitalId: HospitalId; id: ScreenId },
  actor: Actor,
): Promise<void> {
  await inHospital(db, hospitalId, async (tx) => {
    const { numUpdatedRows } = await tx
      .withTables<QueueTables>()
      .updateTable('queue.screen')
      .set({ revoked_at: clock.now() })
      .where('hospital_id', '=', hospitalId)
      .where('id', '=', id)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) throw queueErrors.screen_not_found({ id })
    await audit(tx, hospitalId, actor, { action: 'queue.revoke_screen', subject: `screen:${id}` })
  })
}

export const listScreens = (
  { db }: QueueDependencies,
  hospitalId: HospitalId,
  { after, limit }: { after?: ScreenId | undefined; limit: number },
): Promise<Screen[]> =>
  inHospital(db, hospitalId, (tx) => {
    const screens = tx
      .withTables<QueueTables>()
      .selectFrom('queue.screen')
      .select([
        'hospital_id',
        'id',
        'name',
        'line_kind',
        'department_code',
        'created_by',
        'created_at',
        'revoked_at',
      ])
      .where('hospital_id', '=', hospitalId)
    return (after ? screens.where('id', '>', after) : screens).orderBy('id').limit(limit).execute()
  })

/** The screen that proves itself by its token. Errors: screen_unknown, whatever is wrong with it. */
export async function screenBy(
  { db, seal }: QueueDependencies,
  { hospitalId, id, token }: { hospitalId: HospitalId; id: ScreenId; token: string },
): Promise<Screen> {
  const row = await inHospital(db, hospitalId, (tx) =>
    tx
      .withTables<QueueTables>()
      .selectFrom('queue.screen')
      .selectAll()
      .where('hospital_id', '=', hospitalId)
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .executeTakeFirst(),
  )
  const [given, kept] = [seal.blindIndex(PURPOSE, token), row?.token_digest ?? '']
  const isSame =
    given.length === kept.length && timingSafeEqual(Buffer.from(given), Buffer.from(kept))
  if (!row || !isSame) throw queueErrors.screen_unknown()
  const { token_digest: _digest, ...screen } = row
  return screen
}
