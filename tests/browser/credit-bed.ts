import { setTimeout as sleep } from 'node:timers/promises'

import { savePersonas } from '../../apps/cli/sandbox/personas.ts'
import { connectLenders, LEDGER_BANK, seedLenders } from '../../apps/cli/sandbox/seed-lenders.ts'
import { connectRegion, DEMO_PASSWORD, seedRegion } from '../../apps/cli/sandbox/seed.ts'
import { openBills, type SimulatedRegion } from '../../apps/simulators/region.ts'
import { createWorld, type World } from '../../apps/simulators/world/index.ts'
import { createWorker } from '../../apps/worker/worker.ts'
import { assert } from '../../kernel/assert.ts'
import { seededRandom } from '../../kernel/random.ts'
import type { Clock } from '../../kernel/time.ts'
import { systemClock } from '../../platform/system.ts'
import { openBed, startHub, startOutside } from './bed.ts'

// A region in one process, with the lenders of the demo: people have bills, and no limit yet. On real time, unless a
// test brings a clock of its own.

const PEOPLE = 20
const WORK_EVERY_MS = 200
const VISIT_LOOK_MS = 1_000
const MOST_SIGN_INS = 30

export type CreditBed = Awaited<ReturnType<typeof openCreditBed>>

type CreditBedOptions = {
  /** The machine's, unless a test brings one. */
  clock?: Clock
  /** All of the region, unless told. */
  channels?: readonly string[]
}

/** Starts everything. */
export const openCreditBed = (
  webRoot: string,
  { clock = systemClock, channels }: CreditBedOptions = {},
) =>
  openBed(async (stops) => {
    const world = createWorld('credit in the browser', { people: PEOPLE })
    const pause = (ms: number) => sleep(ms)
    const started = await startHub(stops, { webRoot, clock, logger: false, hub: { pause } })
    const { hub, hubUrl, platform } = started
    const { region, secrets, urls } = await startOutside(stops, world, started)
    openBills(region, world, seededRandom('bills of the credit bed'))
    await seedRegion(hub, world)
    await savePersonas(hub, world)
    await seedLenders(hub, world)
    await connectRegion(hub, world, secrets, urls, channels)
    await connectLenders(hub, world, secrets, urls)
    for (const { id } of world.hospitals) await hub.hospitals.syncDepartments(id)
    const worker = createWorker(hub, platform, { atOnce: 1, visitLookMs: VISIT_LOOK_MS })
    stops.push(workAlways(worker))
    return {
      hub,
      hubUrl,
      world,
      region,
      platform,
      bank: await bankAt(hubUrl),
      doctor: doctorIn(region, world),
    }
  })

/** Bills as they come up in the course of a visit, of a person without insurance. */
function doctorIn(region: SimulatedRegion, world: World) {
  const person = world.people.find(({ insurance }) => insurance === null)
  const [card] = person?.media.hospitalCards ?? []
  const hospital = world.hospitals.find(({ id }) => id === card?.hospitalId)
  const his = hospital && region.his.get(hospital.id)
  assert(person && hospital && his, 'somebody without insurance goes to a hospital')
  const random = seededRandom('what the doctor orders')
  return { hospital: hospital.name, order: () => his.createRandomBill(random, person.no) }
}

/** The staff of the bank that only wants the ledger: what they are to collect, and what they received of it. */
async function bankAt(hubUrl: string) {
  const lender = `${hubUrl}/v1/credit/lenders/${LEDGER_BANK}`
  const headers = { ...(await signIn(hubUrl)), 'content-type': 'application/json' }
  let receipts = 0
  const collections = async (): Promise<Asked[]> => {
    const response = await fetch(`${lender}/collections`, { headers })
    assert(response.ok, `the bank sees what it is to collect: ${response.status}`)
    return ((await response.json()) as { items: Asked[] }).items
  }
  return {
    collections,
    /** All that is waited for comes in, and is reported once each. */
    async receiveAll(): Promise<Asked[]> {
      const asked = await collections()
      for (const { number, amountFen } of asked) {
        const receivedAt = systemClock.now().toISOString()
        const reference = `LC-${++receipts}`
        const body = JSON.stringify({ reference, number, amountFen, receivedAt, payer: 'self' })
        const response = await fetch(`${lender}/received`, { method: 'POST', headers, body })
        assert(response.ok, `the receipt is booked: ${response.status} ${await response.text()}`)
      }
      return asked
    },
  }
}

type Asked = { number: string; visitId: string | null; source: string; amountFen: number }

/** A hub that is busy says so, and is asked again. */
async function signIn(hubUrl: string): Promise<{ cookie: string; 'x-yiqiao-app': string }> {
  for (let asked = 0; asked < MOST_SIGN_INS; asked++) {
    const response = await fetch(`${hubUrl}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ app: 'console', login: 'bank1', password: DEMO_PASSWORD }),
    })
    const [cookie] = (response.headers.getSetCookie()[0] ?? '').split(';')
    if (response.status === 201 && cookie) return { cookie, 'x-yiqiao-app': 'console' }
    assert(response.status === 503, `the bank signs in: ${response.status}`)
    await sleep(1_000)
  }
  throw new Error('the hub stays too busy for the bank to sign in')
}

/** Does what is due, over and over, until it is stopped. */
function workAlways(worker: ReturnType<typeof createWorker>): () => Promise<void> {
  const stopped = new AbortController()
  const running = (async () => {
    while (!stopped.signal.aborted) {
      await worker.workOffAll()
      await worker.workOffLenders()
      await worker.payVisitBills()
      await sleep(WORK_EVERY_MS)
    }
  })()
  return async () => {
    stopped.abort()
    await running
  }
}
