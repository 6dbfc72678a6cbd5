import { execFile } from 'node:child_process'
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { parseDocument, stringify } from 'yaml'

import { hospitalCommand } from '../../../apps/cli/hospital/index.ts'
import { DEMO_PASSWORD, secondItLogin, staffLogin } from '../../../apps/cli/sandbox/seed.ts'
import { createApiClient } from '../../../apps/cli/simulate/api-client.ts'
import { payAtChannel } from '../../../apps/cli/simulate/payer.ts'
import { assert } from '../../../kernel/assert.ts'
import { seededRandom } from '../../../kernel/random.ts'
import { KEY, openStage, PARAMS, patients } from './stage.ts'

// docs/interface/onboarding.md, as it stands: its commands bring a hospital live whose product only this folder knows, and
// somebody pays there.

const ROOT = join(import.meta.dirname, '../../..')
const FILE = 'hospital-1.yaml'

let stage: Awaited<ReturnType<typeof openStage>>
beforeAll(async () => {
  stage = await openStage()
  copyFileSync(join(import.meta.dirname, 'product.yaml'), join(stage.folder, 'product.yaml'))
  put('patient.yaml', known[0] ?? {})
  put('fixtures.yaml', { patients: known, hands: { url: stage.handsUrl } })
}, 240_000)
afterAll(() => stage?.stop())

const known = patients.slice(0, 2).map(({ idCardNo, name }) => ({ idCardNo, name }))

/** The commands of the page in their order. */
const commands = [
  ...readFileSync(join(ROOT, 'docs/interface/onboarding.md'), 'utf8').matchAll(
    /^(?:[A-Z_]+=\S+ )?bin\/yiqiao hospital .+$/gm,
  ),
].map(([line]) => line)

const put = (name: string, value: object) =>
  writeFileSync(join(stage.folder, name), stringify(value))

type Ran = { code: number; out: string; errors: string }

/** Runs a line of the page in the folder, as the first of the hospital's IT unless it says otherwise. */
async function run(line: string): Promise<Ran> {
  const [, login = staffLogin(stage.hospital.id, 'it'), rest = ''] =
    /^(?:YIQIAO_LOGIN=(\S+) )?bin\/yiqiao hospital (.+)$/.exec(line) ?? []
  vi.stubEnv('INIT_CWD', stage.folder)
  vi.stubEnv('YIQIAO_HUB_URL', stage.hubUrl)
  vi.stubEnv('YIQIAO_LOGIN', login)
  vi.stubEnv('YIQIAO_PASSWORD', DEMO_PASSWORD)
  const ran: Ran = { code: 0, out: '', errors: '' }
  const hear = (to: 'out' | 'errors') => (text: string | Uint8Array) =>
    Boolean((ran[to] += String(text)))
  const heard = [
    vi.spyOn(process.stdout, 'write').mockImplementation(hear('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(hear('errors')),
  ]
  try {
    process.exitCode = undefined
    await hospitalCommand().parseAsync(await wordsOf(rest), { from: 'user' })
    return { ...ran, code: Number(process.exitCode ?? 0) }
  } finally {
    process.exitCode = undefined
    for (const each of heard) each.mockRestore()
    vi.unstubAllEnvs()
  }
}

/** The words of a line as the shell has them. */
async function wordsOf(line: string): Promise<string[]> {
  const { stdout } = await shell('bash', [
    '-c',
    `printf '%s\\0' ${line.replace('<', '').replace('>', '')}`,
  ])
  return stdout.split('\0').slice(0, -1)
}

const shell = promisify(execFile)

function fillIn(group: 'params' | 'departments', values: Readonly<Record<string, string>>): void {
  const path = join(stage.folder, FILE)
  const document = parseDocument(readFileSync(path, 'utf8'))
  for (const [name, value] of Object.entries(values)) document.setIn([group, name], value)
  writeFileSync(path, document.toString({ lineWidth: 0 }))
}

it('[H2] no line of the system knows the product', () => {
  const folders = ['adapters', 'modules', 'apps', 'platform', 'kernel', 'contract']
  const files = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes('/dist'))
      .map((entry) => join(entry.parentPath, entry.name)),
  )
  expect(files.length).toBeGreaterThan(500)
  const isKnown = /ruihe|瑞禾|rhcgi/i
  expect(files.filter((file) => isKnown.test(file + readFileSync(file, 'utf8')))).toEqual([])
})

it('[H2] the commands are those of bin/yiqiao', async () => {
  const asked = await shell(join(ROOT, 'bin/yiqiao'), ['hospital', '--help'])
  expect(asked.stdout).toMatch(/init[^]*check[^]*conformance[^]*enable/)
}, 120_000)

it('[H2] [H3] [H4] goes live by the commands of the page, from a descriptor and its parameters', async () => {
  const [init, look, check, accept, conformance, enable, agree, expand, ...others] = commands
  assert(
    init && look && check && accept && conformance && enable && agree && expand,
    'the page has eight commands',
  )
  expect(others).toEqual([])

  expect(await run(init)).toMatchObject({ code: 0 })
  expect(await run(init)).toMatchObject({
    code: 2,
    errors: expect.stringContaining('is there already'),
  })
  const blank = await run(look)
  expect(blank).toMatchObject({ code: 2, errors: expect.stringContaining('/baseUrl') })

  fillIn('params', { ...PARAMS, baseUrl: 'http://127.0.0.1:1' })
  const open = await run(look)
  expect(open).toMatchObject({
    code: 0,
    out: expect.stringContaining('secrets not given: signKey'),
  })
  put(`${FILE}.secrets`, { signKey: 'of-another-sandbox' })
  expect(await run(look)).toMatchObject({
    code: 0,
    out: expect.stringContaining('ruihe 5.2, 13 operations'),
  })
  const nobody = await run(check)
  expect(nobody).toMatchObject({ code: 1, out: expect.stringMatching(/heartbeat +refused/) })
  fillIn('params', { baseUrl: stage.his.url })
  const wrongKey = await run(check)
  expect(wrongKey).toMatchObject({ code: 1, out: expect.stringMatching(/heartbeat +signature/) })
  put(`${FILE}.secrets`, { signKey: KEY })

  const unmapped = await run(`${check} --replace-secrets`)
  expect(unmapped).toMatchObject({ code: 1, out: expect.stringContaining('department_unmapped') })
  expect(unmapped.out).toMatch(/✓ patients.resolve/)
  const early = await run(enable)
  expect(early).toMatchObject({
    code: 2,
    errors: expect.stringContaining('hospitals.onboarding_not_ready'),
  })
  // For what nothing is proposed a person says what it is.
  const proposed = await run(accept)
  const left = [...proposed.out.matchAll(/^ {2}✗ (\S+) .+ → /gm)].flatMap(([, code = '']) => [code])
  fillIn('departments', Object.fromEntries(left.map((code) => [code, '05'])))
  const mapped = await run(accept)
  expect(mapped).toMatchObject({ code: 0, out: expect.stringContaining(', 0 unmapped') })

  const tried = await run(conformance)
  expect(tried).toMatchObject({ code: 0, out: expect.stringMatching(/\d+ passed, 0 failed/) })
  expect(readFileSync(join(stage.folder, 'report.html'), 'utf8')).toContain('bills.writeBack')
  stage.setClock()

  const putForward = await run(enable)
  const [, sha256 = ''] = /sha256 ([0-9a-f]{64})/.exec(putForward.out) ?? []
  expect(putForward.code).toBe(0)
  const second = agree
    .replace('itsecond1', secondItLogin(stage.hospital.id))
    .replace('<sha256>', sha256)
  const alone = await run(second.replace(/^\S+ /, ''))
  expect(alone).toMatchObject({
    code: 2,
    errors: expect.stringContaining('onboarding_same_person'),
  })
  expect(await run(second)).toMatchObject({ code: 0, out: expect.stringContaining('live') })

  const isOn = (scene: 'report' | 'payment' | 'booking') =>
    stage.hub.rollouts.isOn(stage.hospital.id, scene, null)
  expect([await isOn('payment'), await isOn('report')]).toEqual([true, false])
  expect(await run(expand)).toMatchObject({ code: 0, out: expect.stringContaining(sha256) })
  expect(await isOn('report')).toBe(false)
  expect(await run(second)).toMatchObject({ code: 0 })
  expect([await isOn('report'), await isOn('booking')]).toEqual([true, false])
}, 400_000)

it('[H2] takes a payment there, and the product has it in its own books', async () => {
  const [, , person] = patients
  assert(person, 'there is a third patient')
  const { billNo, totalFen } = stage.his.createRandomBill(seededRandom('a bill'), person.no)
  const client = createApiClient(stage.hubUrl, { duringOperation: (work) => work() })
  const session = await client.signIn('patient', person.phone, DEMO_PASSWORD)
  const hospitalId = stage.hospital.id
  const owed = await session.openBills(hospitalId)
  assert(owed.ok, `the bills are seen: ${JSON.stringify(owed)}`)
  const bill = owed.body.bills.find((each) => each.billNo === billNo)
  expect(bill).toMatchObject({ totalFen })
  const bills = [{ billNo, version: bill?.version ?? 0 }]
  const quoted = await session.quote(hospitalId, 'unseen', {
    channel: 'wechat',
    bills,
    useAccount: false,
  })
  assert(quoted.ok, `it is quoted: ${JSON.stringify(quoted)}`)
  const { id } = quoted.body
  const agreed = await session.confirm(hospitalId, id, 'unseen-yes', { payFen: totalFen })
  expect(agreed).toMatchObject({ ok: true })
  const stateOf = async () => {
    const answer = await session.payment(hospitalId, id)
    return answer.ok ? answer.body : null
  }
  const slowly = { timeout: 30_000, interval: 200 }
  await expect.poll(async () => (await stateOf())?.payerState, slowly).toBe('to_pay')
  const order = await stateOf()
  assert(order, 'the payment is there')
  await payAtChannel(stage.region, person, order)
  await expect.poll(async () => (await stateOf())?.status, slowly).toBe('succeeded')
  const [kept] = stage.his.bills({ personNo: person.no }).filter((each) => each.billNo === billNo)
  expect(kept).toMatchObject({ status: 'paid', totalFen, paymentNo: expect.stringMatching(/./) })
  expect(stage.his.checkBooks()).toEqual([])
}, 120_000)
