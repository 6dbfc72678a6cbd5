import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import type { RunChecks } from '../../../adapters/channels/declarative/bench.ts'
import type { Problem } from '../../../adapters/channels/declarative/check.ts'
import { shippedDescriptor } from '../../../adapters/channels/declarative/shipped.ts'
import { channelChecks, runChannelCheck } from '../../../modules/channels/suite/checks.ts'
import { channelCommand, type ChannelConnection } from './command.ts'
import { openSandbox, type Sandbox } from './sandbox.ts'

let folder: string
let out: string
let errors: string
let saved: ChannelConnection[]
let sandbox: Sandbox | null

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'channel-'))
  vi.stubEnv('INIT_CWD', folder)
  out = ''
  errors = ''
  saved = []
  sandbox = null
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((out += String(text))))
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((errors += String(text))))
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  process.exitCode = undefined
  await sandbox?.stop()
  rmSync(folder, { recursive: true })
})

const SHORT = new Set([
  'channel.face',
  'charge.answer',
  'query.confirmed',
  'refund.full',
  'notice.charge',
])

/** A few of the suite's checks: all of them are run by the tests of the bench. */
const runSomeChecks: RunChecks = async (open, onStep) => {
  for (const check of channelChecks.filter(({ id }) => SHORT.has(id))) {
    onStep({ at: 'begun' })
    onStep({ at: 'done', result: await runChannelCheck(check, open) })
  }
}

async function run(...args: string[]): Promise<number> {
  out = ''
  errors = ''
  process.exitCode = undefined
  const command = channelCommand({
    runChecks: runSomeChecks,
    saveConnection: (connection) => Promise.resolve(void saved.push(connection)),
  })
  await command.parseAsync(args, { from: 'user' })
  return Number(process.exitCode ?? 0)
}

const put = (name: string, text: string) => writeFileSync(join(folder, name), text)
const got = (name: string) => readFileSync(join(folder, name), 'utf8')

it('begins a channel that has no problems, and never writes over a file', async () => {
  expect(await run('init', 'city-wallet')).toBe(0)
  expect(got('city-wallet.yaml')).toContain('city_wallet')
  expect(await run('check', 'city-wallet.yaml')).toBe(0)
  expect(out).toBe('city-wallet.yaml: no problems\n')
  expect(await run('init', 'city-wallet')).toBe(2)
  expect(errors).toBe('city-wallet.yaml is there already\n')
})

it('tells what is wrong by line and column, in both languages', async () => {
  await run('init', 'city-wallet')
  const lines = got('city-wallet.yaml').split('\n')
  const line = lines.findIndex((text) => text.includes('{ code: ORDER_PAID, means: paid'))
  lines[line] = (lines[line] ?? '').replace('means: paid', 'means: settled')
  put('city-wallet.yaml', lines.join('\n'))
  expect(await run('check', 'city-wallet.yaml')).toBe(1)
  expect(out).toContain(`city-wallet.yaml:${line + 1}:`)
  expect(out).toContain('/charge/qr_code/answer/errors/0/means  只能是')
  expect(await run('check', 'city-wallet.yaml', '--json')).toBe(1)
  const problems = JSON.parse(out) as Problem[]
  expect(problems).toMatchObject([{ line: line + 1, code: 'not_a_choice' }])
})

it('tests a descriptor against a sandbox, and fails where the channel does', async () => {
  sandbox = await openSandbox('cross-border-wallet', 0)
  put('wallet.yaml', shippedDescriptor('cross-border-wallet'))
  put('params.json', JSON.stringify(sandbox.params))
  const args = ['test', 'wallet.yaml', '--params', 'params.json', '--sandbox', sandbox.url]
  expect(await run(...args)).toBe(0)
  expect(out).toContain('5 passed, 0 failed, 0 not applicable')
  expect(out).toContain('✓ refund.full')

  put('wallet.yaml', got('wallet.yaml').replace('PENDING: pending', 'PENDING: declined'))
  expect(await run(...args)).toBe(1)
  expect(out).toContain('✗ refund.full')
  expect(out).toContain('refund reading: ')
  expect(out).not.toContain(sandbox.params['partnerSecret'])

  expect(await run(...args, '--json')).toBe(1)
  const results = JSON.parse(out) as { id: string; outcome: string; steps: unknown[] }[]
  const refund = results.find(({ id }) => id === 'refund.full')
  expect(refund?.outcome).toBe('failed')
  expect(refund?.steps.length).toBeGreaterThan(5)
}, 60_000)

it('says by what params it cannot be tested, without their values', async () => {
  sandbox = await openSandbox('digital-rmb', 0)
  put('wallet.yaml', shippedDescriptor('digital-rmb'))
  put('params.yaml', 'merchantNo: "880100000001"\nsm4Key: not-a-key\n')
  expect(
    await run('test', 'wallet.yaml', '--params', 'params.yaml', '--sandbox', sandbox.url),
  ).toBe(2)
  expect(errors).toContain('declarative.params_invalid')
  expect(errors).not.toContain('not-a-key')
})

it('switches a channel on, a specimen only when that is accepted', async () => {
  sandbox = await openSandbox('digital-rmb', 0)
  put('wallet.yaml', shippedDescriptor('digital-rmb'))
  put('params.json', JSON.stringify(sandbox.params))
  const args = ['enable', 'wallet.yaml', '--params', 'params.json', '--hospital', '7']
  expect(await run(...args)).toBe(2)
  expect(errors).toContain('样例')
  expect(saved).toEqual([])
  expect(await run(...args, '--accept-specimen')).toBe(0)
  expect(saved).toMatchObject([{ hospitalId: 7, name: 'digital-rmb', params: sandbox.params }])
  expect(saved[0]?.descriptor).toBe(shippedDescriptor('digital-rmb'))

  put('params.json', JSON.stringify({ ...sandbox.params, surplus: 'x' }))
  expect(await run(...args, '--accept-specimen')).toBe(2)
  expect(errors).toContain('/surplus')
  expect(saved.length).toBe(1)
})

it('never hides a file that is not there or holds no params', async () => {
  expect(await run('check', 'nowhere.yaml')).toBe(2)
  expect(errors).toBe('cannot read nowhere.yaml\n')
  put('wallet.yaml', shippedDescriptor('digital-rmb'))
  put('params.yaml', 'merchantNo: 880100000001\n')
  expect(await run('enable', 'wallet.yaml', '--params', 'params.yaml', '--hospital', '1')).toBe(2)
  expect(errors).toContain('put numbers in quotes')
})
