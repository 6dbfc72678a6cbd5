import { createSeal } from '../../../../platform/seal.ts'
import type { PaymentsWorld } from '../../testing/world.ts'
import type { createWorlds } from '../../testing/worlds.ts'
import { createStatements } from '../statements.ts'

export type Region = ReturnType<typeof newRegion>

/** Two hospitals of one region, new ones for each test, and the statements over both. */
export function newRegion(worlds: Awaited<ReturnType<typeof createWorlds>>) {
  const first = worlds.newWorld({ seed: 'first', sharePercent: 61 })
  const second = worlds.newWorld({ seed: 'second', sharePercent: 100 })
  const hospitals: [PaymentsWorld, PaymentsWorld] = [first, second]
  const statements = createStatements({
    db: worlds.db,
    clock: first.clock,
    identity: {
      hospitalsOf: async () => hospitals.map(({ hospitalId }) => ({ hospitalId })),
      personView: async () => ({ name: '王小明', idCardNo: '3****************3' }),
    },
    hospitals: {
      list: async () => [
        { id: first.hospitalId, name: '市立医院' },
        { id: second.hospitalId, name: '中医院' },
      ],
    },
    seal: createSeal(new Uint8Array(32).fill(7), first.random),
  })
  return { first, second, hospitals, statements }
}
