import { createHash, createHmac } from 'node:crypto'

import { request } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { createDirectInsurer, readDirectParams } from '../../adapters/insurers/direct/index.ts'
import { startDirectInsurer } from '../../apps/simulators/commercial/index.ts'
import { seededRandom } from '../../kernel/random.ts'
import { MINUTE_MS } from '../../kernel/time.ts'
import { describeInsurer } from './describe-insurer.ts'
import { HOLDERS, type InsurerBench, openInsurerBench } from './insurer-bench.ts'

const CLIENT = { appId: 'yiqiao-1', secret: 'd41d8cd98f00b204e980', hospitalCode: 'H0001' }

const open = (refundsParts: boolean) => () =>
  openInsurerBench(`direct ${refundsParts}`, async ({ options, clock }) => {
    const simulator = await startDirectInsurer({
      ...options,
      clients: [CLIENT],
      partialRefunds: refundsParts,
    })
    return {
      simulator,
      hospitalCode: CLIENT.hospitalCode,
      secrets: [CLIENT.secret],
      insurerAt: (url, { timeoutMs, wrongSecret }) =>
        createDirectInsurer(
          readDirectParams({
            code: 'huiminbao',
            name: '惠民保',
            baseUrl: url,
            ...CLIENT,
            ...(wrongSecret ? { secret: 'another-secret-0001' } : {}),
            refundsParts,
          }),
          { clock, random: seededRandom(`nonces ${url} ${timeoutMs} ${wrongSecret}`), timeoutMs },
        ),
    }
  })

describeInsurer('direct billing, whole returns', open(false))
describeInsurer('direct billing, returns in part', open(true))

describe('the signature of direct billing', () => {
  let bench: InsurerBench
  beforeEach(async () => void (bench = await open(false)()))
  afterEach(() => bench.close())

  it('refuses a request that is sent again, byte by byte', async () => {
    const once = signed(bench, 'n'.repeat(32))
    expect([await send(bench, once), await send(bench, once)]).toEqual(['0000', '2003'])
  })

  it('refuses another body under the same signature, and an old time', async () => {
    const changed = { ...signed(bench, 'a'.repeat(32)), body: '{"hospitalCode":"H0001"}' }
    expect(await send(bench, changed)).toBe('2001')
    const old = signed(bench, 'b'.repeat(32), 6 * MINUTE_MS)
    expect(await send(bench, old)).toBe('2002')
  })
})

const PATH = '/hospitalDirect/policy/query'

function signed({ clock }: InsurerBench, nonce: string, ageMs = 0) {
  const { name, idCardNo } = HOLDERS.insured
  const body = JSON.stringify({ hospitalCode: CLIENT.hospitalCode, certNo: idCardNo, name })
  const timestamp = String(clock.now().getTime() - ageMs)
  const digest = createHash('sha256').update(body).digest('hex')
  const text = ['POST', PATH, timestamp, nonce, digest].join('\n')
  const headers = {
    'x-hd-appid': CLIENT.appId,
    'x-hd-timestamp': timestamp,
    'x-hd-nonce': nonce,
    'x-hd-signature': createHmac('sha256', CLIENT.secret).update(text).digest('hex'),
  }
  return { body, headers }
}

async function send({ simulator }: InsurerBench, sent: ReturnType<typeof signed>) {
  const response = await request(simulator.url + PATH, { method: 'POST', ...sent })
  const { code } = (await response.body.json()) as { code: string }
  return code
}
