import { afterAll, beforeAll, expect, it } from 'vitest'

import { staffLogin } from '../../apps/cli/sandbox/seed.ts'
import type { Session } from '../../apps/cli/simulate/api-client.ts'
import { assert } from '../../kernel/assert.ts'
import { FIXTURES, HOSPITAL, openOnboarding, SECOND_IT } from './stage.ts'

// A hospital goes live over the hub's interface, from its product to a bill: tried with its own answers and with the whole
// kit, by two of its IT.

const ROOT = `/v1/hospitals/${HOSPITAL}/onboarding`

let bed: Awaited<ReturnType<typeof openOnboarding>>
let one: Session
let other: Session
beforeAll(async () => {
  bed = await openOnboarding(null)
  one = await bed.signIn(staffLogin(HOSPITAL, 'it'))
  other = await bed.signIn(SECOND_IT)
}, 120_000)
afterAll(() => bed?.stop())

type Step = { kind: string; isGood: boolean; detail: { sha256?: string; report?: Report } }
type Report = { isConformant: boolean; checks: { id: string; outcome: string }[] }
type Mapped = { code: string; mappedTo: string | null; proposals: { subjectCode: string }[] }
type State = { steps: Step[]; lacking: { code: string }[]; running: object | null }

async function done<T>(answering: Promise<{ ok: true; body: T } | { ok: false; code: string }>) {
  const answer = await answering
  expect(answer).toMatchObject({ ok: true })
  assert(answer.ok, 'it is done')
  return answer.body
}

it('[H4] is refused to all but IT', async () => {
  const finance = await bed.signIn(staffLogin(HOSPITAL, 'finance'))
  expect(await finance.get(ROOT)).toMatchObject({ ok: false, status: 403 })
})

it('[H2] [H4] goes from the product to the switch, with a real run of the kit', async () => {
  const content = { productName: 'guangzhou', product: null, params: bed.params, codes: {} }
  await done(one.send(ROOT, { ...content, departments: {}, after: 0 }))
  await done(one.send<Step>(`${ROOT}/probe`, { version: 1 }))
  const { items } = await done(one.get<{ items: Mapped[] }>(`${ROOT}/departments`))
  expect(items.filter(({ mappedTo }) => mappedTo !== null)).toEqual([])
  const chosen = items.map(({ code, proposals }) => [code, proposals[0]?.subjectCode ?? '03'])
  const departments = Object.fromEntries(chosen) as Record<string, string>
  await done(one.send(ROOT, { ...content, departments, after: 1 }))

  const probed = await done(one.send<Step>(`${ROOT}/probe`, { version: 2 }))
  expect(probed).toMatchObject({ kind: 'probe', isGood: true })
  const [patient] = FIXTURES.patients
  const dry = await done(
    one.send<Step>(`${ROOT}/dry-run`, { version: 2, patient: patient ?? null }),
  )
  expect(dry).toMatchObject({ kind: 'dry_run', isGood: true })
  const early = one.send(`${ROOT}/put-forward`, { version: 2, ...TERMS })
  expect(await early).toMatchObject({ ok: false, code: 'hospitals.onboarding_not_ready' })

  const fixtures = { ...FIXTURES, hands: { url: bed.handsUrl } }
  await done(one.send(`${ROOT}/conformance`, { version: 2, fixtures }))
  const twice = await one.send(`${ROOT}/conformance`, { version: 2, fixtures })
  expect(twice).toMatchObject({ ok: false, code: 'hospitals.onboarding_running' })
  await bed.hub.onboarding.conformanceSettled(HOSPITAL)
  const state = await done(one.get<State>(ROOT))
  const tried = state.steps.find(({ kind }) => kind === 'conformance')
  expect(tried?.detail.report?.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([])
  expect(tried?.isGood).toBe(true)
  expect(state).toMatchObject({ running: null, lacking: [] })

  const put = await done(one.send<Step>(`${ROOT}/put-forward`, { version: 2, ...TERMS }))
  const { sha256 } = put.detail
  const alone = await one.send(`${ROOT}/go-live`, { version: 2, sha256 })
  expect(alone).toMatchObject({ ok: false, code: 'hospitals.onboarding_same_person' })
  const live = await done(other.send<Step>(`${ROOT}/go-live`, { version: 2, sha256 }))
  expect(live).toMatchObject({ kind: 'live', isGood: true })
  const system = await bed.hub.connections.his.of(HOSPITAL)
  expect(await system?.heartbeat({ trace: () => undefined })).toMatchObject({ outcome: 'ok' })
}, 240_000)

it('[H4] says what a product wants, and nothing of a secret', async () => {
  const { items } = await done(one.get<{ items: { name: string }[] }>(`${ROOT}/products`))
  expect(items.map(({ name }) => name)).toEqual(['guangzhou', 'hl7-fhir', 'soap', 'yuantu'])
  const file = await done(one.get<{ yaml: string }>(`${ROOT}/file`))
  expect(file.yaml).toContain('guangzhou')
})

const TERMS = {
  stage: 'pilot',
  scenes: ['payment'],
  departments: null,
  note: '试点缴费',
  after: 0,
} as const
