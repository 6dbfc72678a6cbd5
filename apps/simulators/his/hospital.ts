import type { Random } from '../../../kernel/random.ts'
import { type Clock, earliest } from '../../../kernel/time.ts'
import type { FaultPlan, Simulator } from '../kit/simulator.ts'
import type { CatalogueItem, WorldHospital, WorldPerson } from '../world/index.ts'
import type { His } from './context.ts'
import { createControls, type HisControls } from './controls.ts'
import { type Face, openHttp } from './http.ts'
import { createPanel } from './panel.ts'
import { recallNewcomers } from './patients.ts'
import { createRefundRequests, type HubClient } from './refund-requests.ts'
import { createRegistry } from './registry.ts'
import { openStore } from './store.ts'

/** One hospital's information system, behind whichever face it was opened with. */
export interface HisSimulator extends Simulator, HisControls {}

export type HospitalOptions = {
  clock: Clock
  /** For nonces, and for bills drawn on the panel; numbers and times owe nothing to it. */
  random: Random
  faults: FaultPlan
  /** The HIS's own file: made when it is not there, gone on with when it is. */
  databaseFile: string
  /** On 127.0.0.1; 0 takes any that is free. */
  port: number
  hospital: WorldHospital
  people: WorldPerson[]
  catalogue: CatalogueItem[]
}

/** What a face adds: how it is spoken to, and the hub that it asks for refunds, if its product does. */
export type Faced = {
  face: Face
  hub: HubClient | null
  /** What else the face does by the clock, as laying a day's file into its folder; how many things it did. */
  runDue?: () => Promise<number>
  nextDueAt?: () => Date | null
}

/** Opens the books and the door. Nothing is left open when one of them cannot be. */
export async function openHospital(
  options: HospitalOptions,
  putOn: (his: His) => Faced,
): Promise<HisSimulator> {
  const { clock, random, faults, hospital, people, catalogue } = options
  const store = openStore(options.databaseFile)
  try {
    const registry = createRegistry(hospital, people, catalogue)
    recallNewcomers(store, registry)
    const his = { clock, store, registry }
    const { face, hub, ...own } = putOn(his)
    const refundRequests = createRefundRequests(his, hub, faults)
    const controls = createControls(his, refundRequests)
    const panel = createPanel(his, controls, random)
    const server = await openHttp({ face, panel, port: options.port })
    return {
      ...controls,
      name: `HIS ${hospital.shortName}`,
      url: server.url,
      nextDueAt: () => earliest([refundRequests.nextDueAt(), own.nextDueAt?.() ?? null]),
      runDue: async () => (await refundRequests.sendDue()) + ((await own.runDue?.()) ?? 0),
      async stop() {
        await server.close()
        await refundRequests.stop()
        store.close()
      },
    }
  } catch (error) {
    store.close()
    throw error
  }
}
