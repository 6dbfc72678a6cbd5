import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { shippedProduct } from '../../adapters/hospitals/declarative/index.ts'
import { followingClock } from '../../apps/cli/hospital/clock.ts'
import { conformanceCommand } from '../../apps/cli/hospital/index.ts'
import { newTrialKeys, openTrialHospital } from '../../apps/cli/hospital/trial-hospital.ts'
import { PLANTED } from '../../apps/simulators/his/planted/index.ts'
import type { ConformanceReport } from '../../modules/hospitals/index.ts'
import { systemClock } from '../../platform/system.ts'

let folder: string
let out: string
let errors: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'conformance-'))
  vi.stubEnv('INIT_CWD', folder)
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((out += String(text))))
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((errors += String(text))))
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  process.exitCode = undefined
  rmSync(folder, { recursive: true })
})

async function run(...args: string[]): Promise<number> {
  out = ''
  errors = ''
  process.exitCode = undefined
  await conformanceCommand().parseAsync(args, { from: 'user' })
  return Number(process.exitCode ?? 0)
}

const put = (name: string, value: object) =>
  writeFileSync(join(folder, name), JSON.stringify(value))

/** A trial hospital on the machine's time, with the files that a vendor would write. */
async function openVendor(name: string | null) {
  const keys = newTrialKeys()
  const planted = PLANTED.find((each) => each.name === name) ?? null
  const clock = followingClock(systemClock)
  const hospital = await openTrialHospital({ keys, planted, clock })
  put('keys.json', keys.params)
  put('fixtures.json', hospital.fixtures)
  return hospital
}

const FILES = ['--params', 'keys.json', '--fixtures', 'fixtures.json']

it('[H3] tries a vendor by its URL and ends with 0 where nothing fails', async () => {
  const vendor = await openVendor(null)
  try {
    const code = await run(vendor.params.baseUrl, ...FILES, '--html', 'report.html')
    expect(out).toContain('✓ bills.writeBack.repeated')
    expect(out).toContain(' 0 failed')
    expect(code).toBe(0)
    const page = readFileSync(join(folder, 'report.html'), 'utf8')
    expect(page).toContain('符合标准接口')
    expect(page).toContain('Conformant')
    // The sandbox stands on the next day now, and holds all that was left behind.
    expect(await run(vendor.params.baseUrl, ...FILES)).toBe(0)
  } finally {
    await vendor.close()
  }
}, 120_000)

it('[H3] needs nothing but two patients of a vendor whose clinics have a fee', async () => {
  const vendor = await openVendor(null)
  try {
    put('fixtures.json', { patients: vendor.fixtures.patients })
    const code = await run(vendor.params.baseUrl, ...FILES)
    expect(out).toContain(' 0 failed')
    expect(out).toContain('✓ refunds.complete.answer')
    expect(out).toContain('– bills.get.many-items')
    expect(code).toBe(0)
  } finally {
    await vendor.close()
  }
}, 120_000)

it('[H3] ends with 1 where something fails, and says what', async () => {
  const vendor = await openVendor('wrong-total-in-changed')
  try {
    expect(await run(vendor.params.baseUrl, ...FILES, '--json')).toBe(1)
    const report = JSON.parse(out) as ConformanceReport
    const failed = report.checks.filter(({ outcome }) => outcome === 'failed')
    expect(failed).toMatchObject([
      { id: 'bills.writeBack.changed', paragraph: '§2.1 bills.writeBack' },
    ])
    expect(out).not.toContain('PRIVATE KEY')
  } finally {
    await vendor.close()
  }
}, 120_000)

it('says what is wrong with its arguments, and never a value of them', async () => {
  put('keys.json', { hubKeyId: 'hub', hubPrivateKeyPem: 'a-secret' })
  put('fixtures.json', { patients: [] })
  expect(await run('http://127.0.0.1:1', ...FILES)).toBe(2)
  expect(errors).toContain('fixtures.json /patients')
  expect(await run('http://127.0.0.1:1', '--params', 'keys.json')).toBe(2)
  expect(errors).toContain('--fixtures')
  const person = { idCardNo: '110101199001010015', name: '测试甲' }
  put('fixtures.json', { patients: [person, person] })
  expect(await run('http://127.0.0.1:1', ...FILES)).toBe(2)
  expect(errors).toContain('connection_params_invalid')
  expect(errors).not.toContain('a-secret')
  expect(await run('nowhere.yaml', ...FILES)).toBe(2)
  expect(errors).toBe('cannot read nowhere.yaml\n')
})

it('tells of a vendor that does not answer, and tries nothing else', async () => {
  const keys = newTrialKeys()
  put('keys.json', keys.params)
  const person = { idCardNo: '110101199001010015', name: '测试甲' }
  put('fixtures.json', { patients: [person, person] })
  expect(await run('http://127.0.0.1:1', ...FILES)).toBe(1)
  expect(out).toContain('✗ heartbeat.signed')
  expect(out).toContain(' 1 failed')
})

it('tries a described system by its file, with the params it asks for', async () => {
  writeFileSync(join(folder, 'product.yaml'), shippedProduct('guangzhou'))
  const person = { idCardNo: '110101199001010015', name: '测试甲' }
  put('fixtures.json', { patients: [person, person] })
  put('keys.json', { surplus: 'a-secret' })
  expect(await run('product.yaml', ...FILES)).toBe(2)
  expect(errors).toContain('params_invalid')
  expect(errors).not.toContain('a-secret')

  const params = { hospitalId: '440188', files: folder, payMode: '9', medCode: '414' }
  put('keys.json', { params: { ...params, baseUrl: 'http://127.0.0.1:1' }, codes: {} })
  expect(await run('product.yaml', ...FILES)).toBe(1)
  expect(out).toContain('✗ patients.resolve.answer')
  expect(out).toContain('– heartbeat.signed')
  expect(out).not.toContain(person.idCardNo)
})
