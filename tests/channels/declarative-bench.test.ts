import { sm2 } from 'sm-crypto-v2'
import { afterAll, beforeAll, expect, it } from 'vitest'

import {
  type BenchResult,
  runBench,
  type RunChecks,
} from '../../adapters/channels/declarative/bench.ts'
import { readDescriptor } from '../../adapters/channels/declarative/check.ts'
import { shippedDescriptor } from '../../adapters/channels/declarative/shipped.ts'
import { benchClock, descriptorOf } from '../../adapters/channels/declarative/testing/bench-kit.ts'
import {
  type GenericWallet,
  startGenericWallet,
} from '../../apps/simulators/generic-wallet/index.ts'
import { seededRandom } from '../../kernel/random.ts'
import {
  channelChecks,
  runChannelCheck,
  runChannelChecks,
} from '../../modules/channels/suite/checks.ts'

const MERCHANT = '880100000001'
const SM4_KEY = '0123456789abcdeffedcba9876543210'
const walletKeys = sm2.generateKeyPairHex()
const merchantKeys = sm2.generateKeyPairHex()
const clock = benchClock()
let wallet: GenericWallet

beforeAll(async () => {
  wallet = await startGenericWallet({
    clock,
    random: seededRandom('bench wallet'),
    faults: () => null,
    databaseFile: ':memory:',
    port: 0,
    merchants: [{ merchantNo: MERCHANT, feePpm: 0 }],
    dialect: {
      kind: 'digital_rmb',
      keys: {
        privateKey: walletKeys.privateKey,
        merchants: { [MERCHANT]: { publicKey: merchantKeys.publicKey, sm4Key: SM4_KEY } },
      },
    },
    moveClock: { pass: clock.advance, endDay: () => clock.toNextDay('10:30:00') },
  })
})
afterAll(async () => {
  const problems = wallet.checkBooks()
  await wallet.stop()
  if (problems.length > 0) throw new Error(problems.join('; '))
})

const params = {
  merchantNo: MERCHANT,
  merchantPrivateKey: merchantKeys.privateKey,
  walletPublicKey: walletKeys.publicKey,
  sm4Key: SM4_KEY,
}

const FEW = new Set(['charge.answer', 'query.confirmed', 'refund.full', 'statement.lines'])

/** A few checks are enough to see one that fails. */
const runFewChecks: RunChecks = async (open, onStep) => {
  for (const check of channelChecks.filter(({ id }) => FEW.has(id))) {
    onStep({ at: 'begun' })
    onStep({ at: 'done', result: await runChannelCheck(check, open) })
  }
}

const benchOf = (
  descriptor = descriptorOf('digital-rmb'),
  given: Record<string, string> = params,
  runChecks: RunChecks = runFewChecks,
) =>
  runBench({
    descriptor,
    params: given,
    sandboxUrl: wallet.url,
    clock: { now: () => new Date('2026-01-01T00:00:00Z') }, // the sandbox has its own time
    random: seededRandom('bench'),
    timeoutMs: 5_000,
    runChecks,
  })

const complaints = (results: BenchResult[]) =>
  results.flatMap((result) =>
    result.outcome === 'failed' ? [`${result.id}: ${result.found}`] : [],
  )

it('passes the whole suite over the wire, and tells every step with its secrets masked', async () => {
  const results = await benchOf(undefined, undefined, runChannelChecks)
  expect(complaints(results)).toEqual([])
  expect(results.filter(({ outcome }) => outcome === 'passed').length).toBeGreaterThan(45)

  const refund = results.find(({ id }) => id === 'refund.full')
  const steps = new Set(refund?.steps.map(({ step }) => step))
  const expected = ['mapping', 'seal', 'envelope', 'signature', 'request', 'response', 'proof']
  expect(
    [...expected, 'open', 'reading', 'result'].filter((step) => !steps.has(step as never)),
  ).toEqual([])
  const signed = refund?.steps.find(({ step }) => step === 'signature')?.fields['text'] ?? ''
  expect(signed).toMatch(
    /^data=.+&iv=.+&merchantNo=880100000001&nonce=[0-9a-f]{32}&timestamp=\d{14}$/,
  )
  const said = JSON.stringify(results)
  expect(said).not.toContain(SM4_KEY)
  expect(said).not.toContain(merchantKeys.privateKey)
}, 240_000)

it('shows what is wrong with a descriptor that reads a state as another', async () => {
  const text = shippedDescriptor('digital-rmb').replace('CLOSED: closed }', 'CLOSED: pending }')
  const wrong = text.replace(
    'PAID: confirmed, WAITING: pending',
    'PAID: pending, WAITING: confirmed',
  )
  const read = readDescriptor(wrong)
  if (read.outcome !== 'read') throw new Error('it can be read')
  const failed = complaints(await benchOf(read.descriptor))
  expect(failed.join('\n')).toContain('query.confirmed')
}, 240_000)

it('says that nothing comes off with a key that is not the merchant’s', async () => {
  const strange = { ...params, merchantPrivateKey: sm2.generateKeyPairHex().privateKey }
  const results = await benchOf(undefined, strange)
  expect(complaints(results).length).toBe(FEW.size)
  const charge = results.find(({ id }) => id === 'charge.answer')
  expect(charge).toMatchObject({ outcome: 'failed' })
}, 240_000)
