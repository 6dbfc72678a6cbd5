import type { Random } from '../../../kernel/random.ts'
import type { Clock } from '../../../kernel/time.ts'
import type { FaultPlan, Simulator } from '../kit/simulator.ts'
import type { CatalogueItem, WorldHospital, WorldPerson } from '../world/index.ts'
import { createControls, type HisControls } from './controls.ts'
import { createHubClient } from './hub-client.ts'
import { createPanel } from './panel.ts'
import { createRefundRequests } from './refund-requests.ts'
import { createRegistry } from './registry.ts'
import { openServer } from './server.ts'
import { createSigning, type HisKeys } from './signing.ts'
import { openStore } from './store.ts'

/** One hospital's information system, as docs/interface/hospital-standard.md describes it. */
export interface HisSimulator extends Simulator, HisControls {}

export type HisOptions = {
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
  keys: HisKeys
  /** Where its refund requests go: 'http://127.0.0.1:port'; null for a HIS that asks for none. */
  hubUrl: string | null
}

/** Errors: asserts on keys that are not RSA of 2048 bits; a port that is taken is the system's. */
export async function startHis(options: HisOptions): Promise<HisSimulator> {
  const { clock, random, faults, hospital, people, catalogue, hubUrl } = options
  const store = openStore(options.databaseFile)
  try {
    const his = { clock, store, registry: createRegistry(hospital, people, catalogue) }
    const signing = createSigning({ clock, random, store }, options.keys)
    const hub = hubUrl === null ? null : createHubClient(signing, hubUrl, hospital.id)
    const refundRequests = createRefundRequests(his, hub, faults)
    const controls = createControls(his, refundRequests)
    const panel = createPanel(his, controls, random)
    const server = await openServer({ his, signing, faults, panel, port: options.port })
    return {
      ...controls,
      name: `HIS ${hospital.shortName}`,
      url: server.url,
      nextDueAt: () => refundRequests.nextDueAt(),
      runDue: () => refundRequests.sendDue(),
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
